"""What should be looked at in the labels, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.sections import Part, Point, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.recommendation.contract import Finding

_MANY_EXAMPLES = 3


def findings(found: Sequence[Finding], *, quiet: bool = False) -> Section:
    """Return the findings with how much they concern, what to do, and a few places; quietly, no notes."""
    shown = [finding(each, 1 if quiet else _MANY_EXAMPLES) for each in found if _is_heard(each, quiet=quiet)]
    nothing: list[Part] = [] if quiet else [Point("Nothing was found amiss.")]
    return Section("Findings", shown or nothing)


def _is_heard(found: Finding, *, quiet: bool) -> bool:
    return not quiet or found["severity"] != "note"


def finding(found: Finding, examples: int = 0) -> Point:
    """Return one finding."""
    share = f" ({_per_cent(found['share'])} of {found['of']:,})" if found["share"] is not None and found["of"] else ""
    places = f" For example {'; '.join(found['examples'][:examples])}." if found["examples"][:examples] else ""
    mark = "-" if found["severity"] == "note" else "!"
    text = f"{found['text']}{share}. {found['advice']}{places}"
    return Point(text, mark=mark, lead=f"{found['severity'].title()}:")


def _per_cent(share: float) -> str:
    """Return a share with as many digits as tell it from nothing, and never more than there is."""
    digits = 0 if share >= 0.1 or not share else 1 if share >= 0.001 else 2  # noqa: PLR2004 - tenths, thousandths
    return f"{share:.{digits}%}" if share >= 0.0001 or not share else "less than 0.01%"  # noqa: PLR2004
