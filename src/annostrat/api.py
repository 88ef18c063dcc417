"""What other Python programs call: answers or a use case in, a recommendation out that can show itself."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation import recommendation
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.use_case import UseCase, check_answers

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        """Return the name, the answer, and how many experts agree."""
        from annostrat.render.sections.recommendation import headline

        found = self.outcome.document["precedents"]
        agree = f"; {found['agree']} of {found['n']} experts agree" if found else ""
        return f"<Recommendation for {self.name!r}: {headline(self, self.rules)}{agree}>"

    def _repr_html_(self) -> str:
        from annostrat.render.page.card import card

        return card(self, self.rules)

    def _repr_markdown_(self) -> str:
        from annostrat.render.formats import markdown
        from annostrat.render.renderer import Page

        return "".join(markdown.recommendations([self], self.rules, Page()))


def recommend(use_case: UseCase | Mapping[str, str | bool], rules: RuleSet | None = None) -> Recommendation:
    """Return the recommendation for a use case, or for bare answers.

    Args:
        use_case: A `UseCase`, or a mapping of question to answer; yes and no may be given as booleans.
        rules: The rule set; the default one where none is given.

    Raises:
        InputError: A question or an answer is not known to the rules.
    """
    rules = rules or load_rules()
    case = use_case if isinstance(use_case, UseCase) else UseCase("use case", dict(use_case))  # type: ignore[arg-type]
    classes = {name: check_answers(dict(answers), rules, name) for name, answers in case.classes.items()}
    checked = case._replace(answers=check_answers(dict(case.answers), rules), classes=classes)
    return Recommendation(Recommender(rules).recommend(checked), rules)
