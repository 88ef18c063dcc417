"""What other Python programs call: answers or a use case in, a recommendation out that can show itself."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from annostrat.errors import InputError, Location, Problem
from annostrat.knowledge.loader import rules_of
from annostrat.recommendation import recommendation
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.fields import kind
from annostrat.use_cases.use_case import UseCase, check_use_case

if TYPE_CHECKING:
    import os

    from annostrat.knowledge.rule_set import RuleSet


class Recommendation(recommendation.Recommendation):
    """A recommendation that knows its rules, so that a notebook can show it.

    Attributes:
        rules: The rule set that gave it.
    """

    __slots__ = ("rules",)

    def __init__(self, found: recommendation.Recommendation, rules: RuleSet) -> None:
        super().__init__(found.use_case, found.outcome, found.own, found.estimate)
        self.rules = rules

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON output has; it is the caller's own, to be changed at will."""
        return copy.deepcopy({**self.document()})

    def __repr__(self) -> str:
        """Return the name, the answer, and how many projects agree."""
        from annostrat.render.sections.recommendation import headline

        found = self.outcome.tally
        agree = f"; {found['agree']} of {found['n']} projects agree" if found else ""
        return f"<Recommendation for {self.name!r}: {headline(self, self.rules)}{agree}>"

    def _repr_html_(self) -> str:
        from annostrat.render.page.card import card

        return card(self, self.rules)

    def _repr_markdown_(self) -> str:
        from annostrat.render.formats import markdown
        from annostrat.render.renderer import Page

        return "".join(markdown.recommendations([self], self.rules, Page()))


def recommend(
    use_case: UseCase | Mapping[str, str | bool | list[str]], rules: RuleSet | str | os.PathLike[str] | None = None
) -> Recommendation:
    """Return the recommendation for a use case, or for bare answers.

    Args:
        use_case: A `UseCase`, or a mapping of question to answer; yes and no may be given as booleans, and several
            purposes as a list.
        rules: The rule set, its name, or the path of its folder; the default one where none is given.

    Raises:
        InputError: There is no such rule set, or the use case says something that a file could not.
    """
    known = rules_of(rules)
    if isinstance(use_case, Mapping) and "answers" in use_case:
        message = "bare answers have a question as each key, and `answers` is none"
        hint = "for a whole use case, give UseCase(answers={...}), or read it with read_use_cases"
        raise InputError([Problem(Location("use_case"), message, hint)])
    if isinstance(use_case, Mapping):
        use_case = UseCase(answers=dict(use_case))  # type: ignore[arg-type]  # it is checked next
    elif not isinstance(use_case, UseCase):
        message = f"a use case is a `UseCase`, or a mapping of question to answer, not {kind(use_case)}"
        raise InputError([Problem(Location("use_case"), message, 'for example: {"count_matters": "no"}')])
    return Recommendation(Recommender(known).recommend(check_use_case(use_case, known)), known)
