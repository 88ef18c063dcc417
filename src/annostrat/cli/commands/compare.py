"""`annostrat compare`: strategies side by side."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli.commands._named import check_strategies, read_one_case
from annostrat.cli.options import Argument, Command, Full, Option, Output, Rules, chosen_rules, shows
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.comparison import compare
from annostrat.recommendation.engine import Recommender


class CompareRequest(NamedTuple):
    """Put strategies side by side.

    Shows what is drawn, when to use it, benefits, drawbacks, effort, and possible conversions.
    """

    strategies: Annotated[tuple[str, ...], Argument("STRATEGY", "Strategies, by id.", "strategies")] = ()
    case: Annotated[str | None, Option("For this use case.", "FILE")] = None
    rules: Rules = None
    format: Annotated[str, shows("comparison")] = "text"
    output: Output = None
    full: Full = False


def run(request: CompareRequest) -> int:
    """Compare strategies; return the exit code."""
    renderer = pick_renderer(request.format, "comparison", request.output)
    rules = load_rules(chosen_rules(request.rules))
    check_strategies(request.strategies, rules)
    result = Recommender(rules).recommend(read_one_case(request.case, rules, "compare")) if request.case else None
    comparison = compare(rules, list(request.strategies), result)
    if renderer.comparison is not None:
        write(renderer.comparison(comparison, rules, page(request.output, full=request.full)), request.output)
    return 0


COMMANDS = {"compare": Command(CompareRequest, run)}
