"""`annostrat architectures`: the catalogue, filtered."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from annostrat.cli import _boundary
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli._strategies import check_strategies
from annostrat.errors import UsageError, suggest
from annostrat.knowledge.loader import DEFAULT, load_rules
from annostrat.knowledge.selection import TIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Architecture


class Request(NamedTuple):
    """What the command line asked for."""

    strategy: str | None = None
    tier: str | None = None
    licence: str | None = None
    year: int | None = None
    max_params: float | None = None
    sort: str | None = None
    rules: str = DEFAULT
    format: str = "text"
    output: str | None = None


def run(request: Request) -> int:
    """List the architectures that pass every filter; return the exit code."""
    renderer = pick_renderer(request.format, "architectures")
    rules = load_rules(request.rules)
    found = choose(rules, request)
    if not found:
        _boundary.note(_why_none(rules, request))
    if renderer.architectures is not None:
        write(renderer.architectures(found, rules, page(request.output)), request.output)
    return 0


def choose(rules: RuleSet, request: Request) -> list[Architecture]:
    """Return the variants that pass every filter, by strategy and tier with the choice first, or as asked.

    Raises:
        UsageError: A filter or the order names nothing that the catalogue has.
    """
    everything = _catalogue(rules)
    if request.strategy is not None:
        check_strategies([request.strategy], rules)
    _known("tier", request.tier, TIERS)
    _known("licence", request.licence, dict.fromkeys(variant["code_licence"] for variant in everything))
    if request.sort is not None and request.sort not in ORDERS:
        raise UsageError(f"architectures cannot be sorted by '{request.sort}'", suggest(request.sort, ORDERS))
    passes = _filters(request).values()
    found = [variant for variant in everything if all(passed(variant) for passed in passes)]
    return sorted(found, key=ORDERS[request.sort]) if request.sort else found


def _catalogue(rules: RuleSet) -> list[Architecture]:
    return [variant for strategy in rules.strategies for variant in rules.architectures.get(strategy, [])]


def _filters(request: Request) -> dict[str, Callable[[Architecture], bool]]:
    """Return the filters that were asked for, each by the words that ask for it."""
    strategy, tier, licence, year, max_params = request[:5]
    filters: dict[str, tuple[object, Callable[[Architecture], bool]]] = {
        "--strategy": (strategy, lambda variant: variant["strategy"] == strategy),
        "--tier": (tier, lambda variant: variant["tier"] == tier),
        "--licence": (licence, lambda variant: variant["code_licence"] == licence),
        "--year": (year, lambda variant: variant["year"] >= (year or 0)),
        "--max-params": (max_params, lambda variant: (variant["params_m"] or inf) <= (max_params or 0)),
    }
    return {f"{option} {value}": passed for option, (value, passed) in filters.items() if value is not None}


def _why_none(rules: RuleSet, request: Request) -> str:
    """Return which filter no architecture passes, or that none passes all of them."""
    filters = _filters(request)
    alone = [words for words, passed in filters.items() if not any(map(passed, _catalogue(rules)))]
    return f"no architecture passes {' nor '.join(alone) or 'all of ' + ', '.join(filters)}"


ORDERS: dict[str, Callable[[Architecture], tuple[object, ...]]] = {
    "accuracy": lambda v: (v["metric"] is None, v["strategy"], _dataset(v), -(v["metric"] or {"value": 0})["value"]),
    "gflops": lambda v: (v["gflops"] or inf, v["id"]),
    "params": lambda v: (v["params_m"] or inf, v["id"]),
    "title": lambda v: (v["title"].lower(), v["id"]),
    "year": lambda v: (-v["year"], v["id"]),
}
"""Orders, each with its key; unknown figures come last, and accuracies are compared within one data set."""


def _dataset(variant: Architecture) -> str:
    return variant["metric"]["dataset"] if variant["metric"] else ""


def _known(what: str, word: str | None, words: Iterable[str]) -> None:
    words = list(words)
    if word is not None and word not in words:
        raise UsageError(f"no architecture has the {what} '{word}'", suggest(word, words))
