"""Photos of labels, side by side: each a thumbnail with the labels drawn over it, as SVG that needs no other file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.page.html import embedded, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.measure.photos.contact_sheet import Photo, ShownLabel


def sheet(photos: Sequence[Photo]) -> str:
    """Return photos as a grid."""
    return f'<div class="charts sheet">{"".join(map(_photo, photos))}</div>'


def _photo(photo: Photo) -> str:
    x1, y1, x2, y2 = photo.part
    width, height = x2 - x1, y2 - y1
    place = f'x="{x1:.1f}" y="{y1:.1f}" width="{width:.1f}" height="{height:.1f}"'
    image = f'<image {embedded(photo.jpeg)} {place} preserveAspectRatio="none"/>'
    boxes = "".join(map(_label, sorted(photo.labels, key=lambda label: label.meant)))
    named = ", ".join(label.name for label in photo.labels if label.meant)
    return (
        f'<div class="photo"><svg viewBox="{x1:.1f} {y1:.1f} {width:.1f} {height:.1f}">{image}{boxes}</svg>'
        f'<p dir="auto">{f"<strong>{escape(named)}</strong> " if named else ""}{escape(photo.image)}</p></div>'
    )


def _label(label: ShownLabel) -> str:
    """Return the box of a label and its outline; an empty box is drawn one pixel large, so that it is visible."""
    (x1, x2), (y1, y2) = sorted(label.box[::2]), sorted(label.box[1::2])
    box = f"M{x1:.1f} {y1:.1f}H{max(x2, x1 + 1):.1f}V{max(y2, y1 + 1):.1f}H{x1:.1f}Z"
    outline = "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring)}Z" for ring in label.outline)
    drawn = f'<path d="{box}"/>' + (f'<path class="outline" d="{outline}"/>' if outline else "")
    return f'<g class="{"meant" if label.meant else "other"}"><title>{escape(label.name)}</title>{drawn}</g>'
