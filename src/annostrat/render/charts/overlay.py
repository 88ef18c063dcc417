"""The labels of several annotators over one another, as SVG: agreement is faint, differences are strong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.page.html import embedded, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.measure.agreement.contract import ComparedImage, ComparedLabel, ComparedObject
    from annostrat.measure.photos.contact_sheet import Photo

MOST_HUES = 4
"""Annotators with a colour and dash of their own; further ones repeat them."""
LONGEST = 1_000
"""Units of the longer side of a drawing, so that lines and letters are equally large in all."""
MOST_NAMED = 12
"""Objects of an image whose classes are written beside them."""


def drawn(image: ComparedImage, names: Sequence[str], caption: str, photo: Photo | None = None) -> str:
    """Return an image's labels with a legend, on its photo if there is one; differences are drawn last."""
    corners = [label["box"] for one in image["objects"] for label in one["labels"]]
    width = image["width"] or max([1.0, *(box[2] for box in corners)])  # where its size is not known, the labels'
    height = image["height"] or max([1.0, *(box[3] for box in corners)])
    scale = LONGEST / max(width, height)
    shapes = "".join(
        f'<g class="{one["difference"] or "agreed"}">{"".join(_path(label, scale) for label in one["labels"])}</g>'
        for one in reversed(image["objects"])
    )
    differing = [one for one in image["objects"] if one["difference"]][:MOST_NAMED]
    words = "".join(_words(one, scale) for one in differing)
    sides = f'width="{width * scale:.0f}" height="{height * scale:.0f}"'
    frame = f'<image {embedded(photo.jpeg)} {sides} preserveAspectRatio="none"/>' if photo else ""
    frame += f'<rect class="frame" {sides}/>'
    box = f"0 0 {width * scale:.0f} {height * scale:.0f}"
    key = "".join(
        f'<span class="annotator{number % MOST_HUES}" dir="auto">{escape(name)}</span> '
        for number, name in enumerate(names)
    )
    return (
        f'<div class="overlay"><p><strong dir="auto">{escape(image["name"])}</strong> {escape(caption)}</p>'
        f'<svg viewBox="{box}">{frame}{shapes}{words}</svg><p class="key">{key}</p></div>'
    )


def _path(label: ComparedLabel, scale: float) -> str:
    x1, y1, x2, y2 = label["box"]
    rings = label["outline"] or [[[x1, y1], [x2, y1], [x2, y2], [x1, y2]]]
    path = "".join(f"M{'L'.join(f'{x * scale:.1f} {y * scale:.1f}' for x, y in ring)}Z" for ring in rings if ring)
    return f'<path class="annotator{label["set"] % MOST_HUES}" d="{path}"/>'


def _words(one: ComparedObject, scale: float) -> str:
    """Return the classes of an object above its first label, each once."""
    names = dict.fromkeys(label["name"] for label in one["labels"])
    x, y = (one["labels"][0]["box"][side] * scale for side in (0, 1))
    owner = one["labels"][0]["set"] % MOST_HUES if len(one["labels"]) == 1 else "s"
    place = f'x="{max(x, 2):.0f}" y="{max(y - 8, 26):.0f}"'
    return f'<text class="annotator{owner}" {place}>{escape(" / ".join(names))}</text>'
