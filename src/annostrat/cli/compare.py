"""`annostrat compare`: strategies side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli._strategies import check_strategies
from annostrat.comparison import compare
from annostrat.engine import Recommender
from annostrat.errors import InputError, UsageError
from annostrat.knowledge.loader import DEFAULT, load_rules
from annostrat.use_case_files import read_use_cases

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation import Recommendation


class Request(NamedTuple):
    """What the command line asked for."""

    strategies: tuple[str, ...] = ()
    case: str | None = None
    rules: str = DEFAULT
    format: str = "text"
    output: str | None = None


def run(request: Request) -> int:
    """Compare strategies; return the exit code."""
    renderer = pick_renderer(request.format, "comparison")
    rules = load_rules(request.rules)
    check_strategies(request.strategies, rules)
    result = _read(request.case, rules) if request.case else None
    found = compare(rules, list(request.strategies), result)
    if renderer.comparison is not None:
        write(renderer.comparison(found, rules, page(request.output)), request.output)
    return 0


def _read(path: str, rules: RuleSet) -> Recommendation:
    cases = list(read_use_cases([path], rules))
    for case in cases:
        if isinstance(case, InputError):
            raise case
    if len(cases) != 1:
        raise UsageError(f"{path} holds {len(cases)} use cases", "compare takes one")
    return Recommender(rules).recommend(cases[0])  # type: ignore[arg-type]
