"""Whether advice applies: what it waits for holds, and nothing that was answered refutes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.use_cases.fields import several

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.contract import ConditionText, ExclusionText


def applies(
    when: ConditionText,
    unless: ExclusionText,
    strategy: str | None,
    answers: Mapping[str, str],
    domain: str | None = None,
) -> bool:
    """Return whether advice applies to a strategy that some answers led to, in a field.

    A question that is not answered counts as `unknown`, which `when` may wait for.
    """

    def words(question: str) -> set[str]:
        return {*several(answers.get(question, UNKNOWN))}

    return (
        (not when["strategies"] or strategy in when["strategies"])
        and (not when["domains"] or domain in when["domains"])
        and not any(words(question).isdisjoint(accepted) for question, accepted in when["answers"].items())
        and domain not in unless["domains"]
        and all(words(question).isdisjoint(refuting) for question, refuting in unless["answers"].items())
    )
