"""Precedents: projects whose expert's choice is known and whose answers lead the same way through the tree.

A project counts if it takes the same branch at every question that both it and the use case answer. So a use
case that does not state its purpose is compared with all projects whose images look alike, and the share of them that
chose the recommended label shows how little that tells.

For example, `purpose=count_objects, extent_visible=no` leads to points. Some of the projects that also count objects
without a visible end drew boxes all the same: the share says how many.
"""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.recommendation.models.objects import words
from annostrat.recommendation.paths import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.contract import ExpertDecision
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import FieldPrecedents, Precedents, SimilarProject
    from annostrat.use_cases.use_case import UseCase

MOST_SIMILAR = 5
"""Projects that are named."""
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution
LEAST_IN_FIELD, LEANING = 4, 2 / 3
"""A field leans to another label if at least so many of its projects lead here, and at least this share chose it."""


def precedents(
    rules: RuleSet, answers: Mapping[str, str], chosen: str, use_case: UseCase | None = None
) -> Precedents | None:
    """Return what experts chose whose answers lead the same way; None where nothing is known of any.

    Args:
        rules: The rule set with the projects.
        answers: Answers of which each question has one.
        chosen: The strategy that they lead to.
        use_case: Whose field and objects make projects similar.
    """
    alike = same_way(rules, answers)
    if not alike:
        return None
    counts = Counter(project["expect"] for project in alike)
    agree = counts[chosen]
    low, high = wilson(agree, len(alike))
    field = use_case.domain if use_case else None
    return {
        "n": len(alike),
        "agree": agree,
        "share": round(agree / len(alike), 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "chosen": [{"strategy": strategy, "n": n} for strategy, n in counts.most_common()],
        "similar": _similar(alike, answers, use_case),
        "field": field_of(alike, field, chosen) if field else None,
    }


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion (Wilson 1927)."""
    proportion, square = hits / trials, _Z * _Z
    middle = (proportion + square / (2 * trials)) / (1 + square / trials)
    half = _Z * sqrt(proportion * (1 - proportion) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def same_way(rules: RuleSet, answers: Mapping[str, str]) -> list[ExpertDecision]:
    """Return the projects whose answers take the same branches where the same questions are answered."""
    _, steps = walk(rules, answers)
    nodes = [rules.start, *(branch.node for _, _, branch in steps)]
    known = [(node, branch) for node, (_, answer, branch) in zip(nodes, steps, strict=False) if answer != UNKNOWN]
    alike = rules.decisions if known else []
    for node, branch in known:
        if node is not None:
            same = {answer for answer, other in node.branches.items() if other == branch}
            alike = [project for project in alike if project["answers"].get(node.question, UNKNOWN) in same]
    return alike


def _similar(alike: list[ExpertDecision], answers: Mapping[str, str], use_case: UseCase | None) -> list[SimilarProject]:
    """Return the most similar projects: of the same field, with the same objects, with the same answers."""
    field, things = (use_case.domain, words(use_case.objects)) if use_case else (None, frozenset[str]())

    def likeness(project: ExpertDecision) -> tuple[float, int]:
        same = len(answers.items() & project["answers"].items())
        shared = len(things & words(project["objects"])) if things else 0
        in_field = field is not None and project["domain"] == field
        return 4.0 * shared + 2.0 * in_field + same / (len(answers) + 1), project["year"] or 0

    return [
        {
            "title": project["title"],
            "year": project["year"],
            "domain": project["domain"],
            "objects": project["objects"],
            "chosen": project["expect"],
            "url": project["source"],
        }
        for project in sorted(alike, key=likeness, reverse=True)[:MOST_SIMILAR]
    ]


def field_of(alike: list[ExpertDecision], field: str, chosen: str) -> FieldPrecedents | None:
    """Return what the projects of one field chose, and whether they lean clearly to another label."""
    counts = Counter(project["expect"] for project in alike if project["domain"] == field)
    if not counts:
        return None
    n = counts.total()
    favourite, most = counts.most_common(1)[0]
    leans = favourite != chosen and n >= LEAST_IN_FIELD and most >= LEANING * n
    return {
        "domain": field,
        "n": n,
        "agree": counts[chosen],
        "chosen": [{"strategy": strategy, "n": count} for strategy, count in counts.most_common()],
        "leans_to": favourite if leans else None,
    }
