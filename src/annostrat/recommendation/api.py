"""The engine for other Python programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.use_case import UseCase, check_answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation


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
    return Recommender(rules).recommend(checked)
