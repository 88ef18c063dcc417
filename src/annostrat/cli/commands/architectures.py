"""`annostrat architectures`: the catalogue, searched and filtered."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from annostrat.cli import _output
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli.commands._named import check_strategies
from annostrat.cli.options import Argument, Command, Full, Option, Output, Rules, chosen_rules, shows, spoken
from annostrat.errors import UsageError, nearest, suggest
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.rule_set import TIERS
from annostrat.recommendation.models import Catalogue, is_called, is_free_enough, plain, whole_catalogue
from annostrat.use_cases.fields import licences
from annostrat.use_cases.use_case import DATA_TERMS, PERMISSIVE_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.knowledge.contract import Architecture, Assistant
    from annostrat.knowledge.rule_set import RuleSet


Tier = Annotated[str | None, Option(f"Only this tier: {spoken([*TIERS])}", "TIER", "-t", offers=lambda: [*TIERS])]
Sort = Annotated[str | None, Option(lambda: spoken([*ORDERS]), "ORDER", offers=lambda: [*ORDERS])]


class ArchitecturesRequest(NamedTuple):
    """List and search the catalogue of models."""

    text: Annotated[str | None, Argument("TEXT", "Only what has this in its name, such as yolov8.")] = None
    strategy: Annotated[str | None, Option("Only for this strategy.", "STRATEGY", "-s", offers="strategies")] = None
    tier: Tier = None
    licence: Annotated[str | None, Option("Only this licence, or all that are permissive.", "LICENCE", "-l")] = None
    year: Annotated[int | None, Option("Only from this year on.", "YEAR")] = None
    max_params: Annotated[float | None, Option("At most so many million parameters.", "MILLIONS")] = None
    domain: Annotated[str | None, Option("Only what is made for this field.", "FIELD", offers="domains")] = None
    sort: Sort = None
    rules: Rules = None
    format: Annotated[str, shows("architectures")] = "text"
    output: Output = None
    full: Full = False


def run(request: ArchitecturesRequest) -> int:
    """List what passes every filter; return the exit code."""
    renderer = pick_renderer(request.format, "architectures")
    rules = load_rules(chosen_rules(request.rules))
    catalogue = choose(rules, request)
    if not any(catalogue):
        _output.note(_why_none(rules, request))
    if renderer.architectures is not None:
        write(renderer.architectures(catalogue, rules, page(request.output, full=request.full)), request.output)
    return 0


def choose(rules: RuleSet, request: ArchitecturesRequest) -> Catalogue:
    """Return what passes the filters: variants by strategy and tier, those to try first, or as asked; and assistants.

    Assistants have no tier and several sizes, so a filter by these is for variants alone.

    Raises:
        UsageError: A filter or the order names nothing that the catalogue has.
    """
    if request.strategy is not None:
        check_strategies([request.strategy], rules)
    _known("tier", request.tier, TIERS)
    _known("licence", request.licence, [PERMISSIVE_ONLY, DATA_TERMS, *sorted(licences(rules))])
    domain = _domain(rules, request.domain)
    if request.sort is not None and request.sort not in ORDERS:
        raise UsageError(f"architectures cannot be sorted by '{request.sort}'", suggest(request.sort, ORDERS))
    passes = [passed for _, passed in _filters(request, domain).values()]
    variants = [variant for variant in whole_catalogue(rules, domain) if all(passed(variant) for passed in passes)]
    if request.sort:
        variants.sort(key=ORDERS[request.sort])
    for_variants = (request.tier, request.max_params)
    shared = [(of_both, passed) for of_both, passed in _filters(request, domain).values() if of_both]
    assistants = [one for one in rules.assistants if all(passed(one) for _, passed in shared)]
    return Catalogue(variants, [] if any(given is not None for given in for_variants) else assistants)


def _filters(request: ArchitecturesRequest, domain: str | None) -> dict[str, tuple[bool, Callable[[Any], bool]]]:
    """Return the filters that were asked for by their words: whether it is for assistants too, and what passes."""
    filters: dict[str, tuple[object, bool, Callable[[Any], bool]]] = {
        "": (request.text, True, lambda one: is_called(one, request.text or "")),
        "--strategy ": (request.strategy, True, lambda one: request.strategy in _drawn(one)),
        "--tier ": (request.tier, False, lambda one: one["tier"] == request.tier),
        "--licence ": (request.licence, True, lambda one: _is_under(one, request.licence or "")),
        "--year ": (request.year, True, lambda one: one["year"] >= (request.year or 0)),
        "--max-params ": (request.max_params, False, lambda one: (one["params_m"] or inf) <= (request.max_params or 0)),
        "--domain ": (domain, True, lambda one: domain in one["domains"]),
    }
    given = {option: entry for option, entry in filters.items() if entry[0] is not None}
    return {f"{option}{value}": (both, passed) for option, (value, both, passed) in given.items()}


def _drawn(entry: Any) -> list[str]:
    """Return the strategies whose labels a variant learns from, or an assistant draws."""
    return list(entry["draws"]) if "draws" in entry else [entry["strategy"]]


def _is_under(entry: Architecture | Assistant, licence: str) -> bool:
    """Return whether code or weights are under a licence, or both let anyone ship a closed product."""
    return is_free_enough(entry, [licence]) or licence in (entry["code_licence"], entry["weights_licence"])


def _domain(rules: RuleSet, word: str | None) -> str | None:
    """Return the field that a word names.

    Raises:
        UsageError: There is no such field.
    """
    if word is None:
        return None
    known = rules.domain(word)
    if known is None:
        raise UsageError(*rules.no_domain(word))
    return known


def _why_none(rules: RuleSet, request: ArchitecturesRequest) -> str:
    """Return which filter nothing passes, or that nothing passes all of them; for a name, the nearest that is known."""
    everything: list[Architecture | Assistant] = [*whole_catalogue(rules)]
    filters = _filters(request, _domain(rules, request.domain))
    alone = [words for words, (_, passed) in filters.items() if not any(map(passed, everything))]
    message = f"no architecture passes {' nor '.join(alone) or 'all of ' + ', '.join(filters)}"
    named = request.text is not None and any(is_called(one, request.text) for one in rules.assistants)
    if request.text is None or request.text not in alone or named:
        return message
    names = {plain(one["title"]): one["title"] for one in [*everything, *rules.assistants]}
    close = nearest(plain(request.text), names)
    return f"nothing in the catalogue is called '{request.text}'" + (f"; did you mean {names[close]}?" if close else "")


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


COMMANDS = {"architectures": Command(ArchitecturesRequest, run)}
