"""Precedents: projects with a known expert choice whose answers follow the same path through the tree.

A project counts if it takes the use case's branch at every question on the path that the use case answers. A use case
that does not state its purpose is thus compared with all projects with similar images, and the share of them that chose
the recommended label shows how little that indicates.

For example, `purpose=count_objects, extent_visible=no` leads to points. Some of the other projects that count objects
without a visible extent drew boxes nevertheless; the share shows how many.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from heapq import nlargest
from math import sqrt
from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.recommendation.models import words
from annostrat.recommendation.paths import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.contract import ExpertDecision
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.tree import Branch, Node
    from annostrat.recommendation.contract import FieldPrecedents, SimilarProject, Tally

MOST_SIMILAR = 5
"""Maximum number of similar projects to list."""
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution
LEAST_IN_FIELD, LEANING = 4, 2 / 3
"""A field leans to another label if it has at least this many precedents, and at least this share chose it."""


def tally(rules: RuleSet, answers: Mapping[str, str], chosen: str) -> Tally | None:
    """Count how many precedents chose a strategy, or return None if there are no precedents.

    Args:
        rules: The rule set with the projects.
        answers: Answers, one per question.
        chosen: The strategy that the answers lead to.
    """
    return _tally(_taking(rules, _branches(rules, answers)), chosen)


@lru_cache(maxsize=1024)
def _tally(taking: _Taking, chosen: str) -> Tally | None:
    agree, n = taking.counts[chosen], taking.counts.total()
    if not n:
        return None
    low, high = wilson(agree, n)
    return {
        "n": n,
        "agree": agree,
        "share": round(agree / n, 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "chosen": [{"strategy": strategy, "n": n} for strategy, n in taking.counts.most_common()],
    }


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion (Wilson 1927)."""
    proportion, square = hits / trials, _Z * _Z
    middle = (proportion + square / (2 * trials)) / (1 + square / trials)
    half = _Z * sqrt(proportion * (1 - proportion) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def same_way(rules: RuleSet, answers: Mapping[str, str]) -> list[ExpertDecision]:
    """Return the projects that take the same branch at every answered question on the path."""
    return _taking(rules, _branches(rules, answers)).projects


class _Taking:
    """The projects that take some branches, their answers as sets of pairs, and the counts of their choices."""

    def __init__(self, projects: list[ExpertDecision]) -> None:
        self.projects = projects
        self.answers = [frozenset(project["answers"].items()) for project in projects]
        self.counts = Counter(project["expect"] for project in projects)


_Branches = tuple[tuple["Node", "Branch"], ...]


def _branches(rules: RuleSet, answers: Mapping[str, str]) -> _Branches:
    """Return the branches taken by an explicit answer, each with its node."""
    _, steps = walk(rules, answers)
    nodes = [rules.start, *(branch.node for _, _, branch in steps)]
    taken = zip(nodes, steps, strict=False)
    return tuple((node, branch) for node, (_, answer, branch) in taken if node and answer != UNKNOWN)


@lru_cache(maxsize=1024)
def _taking(rules: RuleSet, branches: _Branches) -> _Taking:
    """Return the projects that take the given branches; many answers share a result."""
    alike = rules.decisions if branches else []
    for node, branch in branches:
        same = {answer for answer, other in node.branches.items() if other == branch}
        alike = [project for project in alike if project["answers"].get(node.question, UNKNOWN) in same]
    return _Taking(alike)


def similar(
    rules: RuleSet, answers: Mapping[str, str], field: str | None = None, objects: str | None = None
) -> list[SimilarProject]:
    """Return the precedents that are most similar in objects, field and answers."""
    things, given = words(objects), frozenset(answers.items())
    alike = _taking(rules, _branches(rules, answers))

    def likeness(one: tuple[ExpertDecision, frozenset[tuple[str, str]]]) -> tuple[float, int]:
        project, same = one[0], len(given & one[1])
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
        for project, _ in nlargest(MOST_SIMILAR, zip(alike.projects, alike.answers, strict=True), key=likeness)
    ]


def field_of(alike: list[ExpertDecision], field: str, chosen: str) -> FieldPrecedents | None:
    """Count the choices of one field's precedents, and determine whether they lean clearly to another label."""
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
