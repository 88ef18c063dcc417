"""JSON Lines: an object per use case, written as soon as it is read; unreadable use cases get an error object instead.

A line contains the keys that scripts usually need; `--fields` picks others, and the format json has everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import InputError
from annostrat.render.formats.json import Record, line
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation

LEAN = (
    "schema_version",
    "name",
    "rules.id",
    "rules.version",
    "answers",
    "status",
    "decided",
    "strategy.id",
    "strategy.title",
    "candidates.strategy",
    "assumed",
    "ask_next.question",
    "alternatives.strategy",
    "alternatives.change",
    "precedents.n",
    "precedents.agree",
    "warnings.id",
    "effort.hours",
    "classes.name",
    "classes.strategies",
    "covering.strategies",
    "evidence.contradictions",
)
"""The default keys of a line; a candidate reached in several ways is listed once."""


def recommendations(
    results: Iterable[Recommendation | InputError],
    rules: RuleSet,  # noqa: ARG001
    page: Page,
) -> Iterator[str]:
    """Yield one line per use case, including those that cannot be read."""
    record = Record(page.fields) if page.fields else Record(LEAN, distinct="candidates")
    for result in results:
        if isinstance(result, InputError):
            problem, *others = result.problems
            path, row, column = problem.location
            more = {"more": len(others)} if others else {}
            yield line({"error": problem.text(), "file": path, "line": row, "column": column, **more}) + "\n"
        else:
            yield record.of(result) + "\n"


PLUGIN = Renderer(recommendations, takes_errors=True)
