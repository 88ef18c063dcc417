"""`annostrat architectures`: the catalogue, filtered."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from annostrat.cli._output import page, pick_renderer, write
from annostrat.errors import UsageError, suggest
from annostrat.knowledge.loader import DEFAULT, load_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Architecture

TIERS = ("edge", "gpu", "server")


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
    if renderer.architectures is not None:
        write(renderer.architectures(found, rules, page(request.output)), request.output)
    return 0


def choose(rules: RuleSet, request: Request) -> list[Architecture]:
    """Return the variants that pass every filter, by strategy and tier with the choice first, or as asked.

    Raises:
        UsageError: A filter or the order names nothing that the catalogue has.
    """
    everything = [variant for strategy in rules.strategies for variant in rules.architectures.get(strategy, [])]
    wanted = {"strategy": request.strategy, "tier": request.tier, "code_licence": request.licence}
    _known("strategy", request.strategy, rules.strategies)
    _known("tier", request.tier, TIERS)
    _known("licence", request.licence, dict.fromkeys(variant["code_licence"] for variant in everything))
    if request.sort is not None and request.sort not in ORDERS:
        raise UsageError(f"architectures cannot be sorted by '{request.sort}'", suggest(request.sort, ORDERS))
    found = [
        variant
        for variant in everything
        if all(word in (None, variant[key]) for key, word in wanted.items())  # type: ignore[literal-required]
        and (request.year is None or variant["year"] >= request.year)
        and (request.max_params is None or (variant["params_m"] or inf) <= request.max_params)
    ]
    return sorted(found, key=ORDERS[request.sort]) if request.sort else found


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
