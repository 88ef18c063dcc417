"""What should be looked at in the labels, the worst first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.render.charts.photo import sheet
from annostrat.render.sections.sections import Paragraph, Part, Picture, Point, Section, capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.measure.photos.contact_sheet import Photo
    from annostrat.recommendation.contract import Finding

FINDINGS = "Findings"
_MANY_EXAMPLES = 3


def findings(found: Sequence[Finding], examples: int = _MANY_EXAMPLES) -> Section:
    """Return the findings with how much they concern, what to do, and a few places."""
    return Section(FINDINGS, [finding(each, examples) for each in found] or [Point("Nothing was found amiss.")])


def on_photos(photos: Sequence[Photo], found: Sequence[Finding]) -> Section:
    """Return the labels behind findings, and the most covered objects, on photos."""
    titles = {one["kind"]: f"{capital(one['text'])}." for one in found} | {"covered": "Most covered objects."}
    parts: list[Part] = []
    for kind, title in titles.items():
        if own := [photo for photo in photos if photo.kind == kind]:
            images = ", ".join(dict.fromkeys(photo.image for photo in own))
            parts += [Paragraph(title), Picture(partial(sheet, own), f"{title} In {images}")]
    return Section("On photos", parts)


def finding(found: Finding, examples: int = 0) -> Point:
    """Return one finding."""
    places = f" For example {'; '.join(found['examples'][:examples])}." if found["examples"][:examples] else ""
    mark = "-" if found["severity"] == "note" else "!"
    return Point(f"{in_short(found)} {found['advice']}{places}", mark=mark, lead=f"{found['severity'].title()}:")


def in_short(found: Finding) -> str:
    """Return what was found, and how much of the labels it concerns."""
    share = f" ({_per_cent(found['share'])} of {found['of']:,})" if found["share"] is not None and found["of"] else ""
    return f"{found['text']}{share}."


def _per_cent(share: float) -> str:
    """Return a share with as many digits as tell it from nothing, and never more than there is."""
    digits = 0 if share >= 0.1 or not share else 1 if share >= 0.001 else 2  # noqa: PLR2004 - tenths, thousandths
    return f"{share:.{digits}%}" if share >= 0.0001 or not share else "less than 0.01%"  # noqa: PLR2004
