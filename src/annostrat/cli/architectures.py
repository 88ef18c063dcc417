"""`annostrat architectures`: the catalogue, filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.cli._output import page, pick_renderer, write
from annostrat.errors import UsageError, suggest
from annostrat.knowledge.loader import DEFAULT, load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annostrat.knowledge.rule_set import Architecture, RuleSet

TIERS = ("edge", "gpu", "server")


class Request(NamedTuple):
    """What the command line asked for."""

    strategy: str | None = None
    tier: str | None = None
    licence: str | None = None
    rules: str = DEFAULT
    format: str = "text"
    output: str | None = None


def run(request: Request) -> int:
    """List the architectures that pass every filter; return the exit code."""
    renderer = pick_renderer(request.format, "architectures")
    rules = load_rules(request.rules)
    found = choose(rules, request)
    if renderer.architectures is not None:
        write(renderer.architectures(found, rules, page()), request.output)
    return 0


def choose(rules: RuleSet, request: Request) -> list[Architecture]:
    """Return the variants that pass every filter, by strategy, tier and accuracy.

    Raises:
        UsageError: A filter names nothing that the catalogue has.
    """
    everything = [variant for strategy in rules.strategies for variant in rules.architectures.get(strategy, [])]
    wanted = {"strategy": request.strategy, "tier": request.tier, "code_licence": request.licence}
    _known("strategy", request.strategy, rules.strategies)
    _known("tier", request.tier, TIERS)
    _known("licence", request.licence, dict.fromkeys(variant["code_licence"] for variant in everything))
    return [
        variant
        for variant in everything
        if all(word in (None, variant[key]) for key, word in wanted.items())  # type: ignore[literal-required]
    ]


def _known(what: str, word: str | None, words: Iterable[str]) -> None:
    words = list(words)
    if word is not None and word not in words:
        raise UsageError(f"no architecture has the {what} '{word}'", suggest(word, words))
