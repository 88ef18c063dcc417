"""`annostrat compare`: strategies side by side."""

from __future__ import annotations

from typing import NamedTuple

from annostrat.cli._one_case import read_one_case
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli._strategies import check_strategies
from annostrat.comparison import compare
from annostrat.engine import Recommender
from annostrat.knowledge.loader import DEFAULT, load_rules


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
    result = Recommender(rules).recommend(read_one_case(request.case, rules, "compare")) if request.case else None
    found = compare(rules, list(request.strategies), result)
    if renderer.comparison is not None:
        write(renderer.comparison(found, rules, page(request.output)), request.output)
    return 0
