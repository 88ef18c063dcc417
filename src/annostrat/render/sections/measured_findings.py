"""What should be looked at in the labels, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.sections import Point, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.recommendation.contract import Finding

_MANY_EXAMPLES = 3


def findings(found: Sequence[Finding], examples: int = _MANY_EXAMPLES) -> Section:
    """Return the findings with how much they concern, what to do, and a few places."""
    return Section("Findings", [finding(each, examples) for each in found] or [Point("Nothing was found amiss.")])


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
