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
    from collections.abc import Callable

    from annostrat.knowledge.contract import Architecture, Assistant
    from annostrat.knowledge.rule_set import RuleSet


Tier = Annotated[str | None, Option(f"Only this tier: {spoken([*TIERS])}", "TIER", "-t", offers=lambda: [*TIERS])]
Sort = Annotated[str | None, Option(lambda: spoken([*ORDERS]), "ORDER", offers=lambda: [*ORDERS])]


class ArchitecturesRequest(NamedTuple):
    """List and search the catalogue of models."""

    text: Annotated[str | None, Argument("TEXT", "Only models with this in their name, such as yolov8.")] = None
    strategy: Annotated[str | None, Option("Only for this strategy.", "STRATEGY", "-s", offers="strategies")] = None
    tier: Tier = None
    licence: Annotated[str | None, Option("Only this licence, or all permissive ones.", "LICENCE", "-l")] = None
    year: Annotated[int | None, Option("Only models of this year or later.", "YEAR")] = None
    max_params: Annotated[float | None, Option("At most this many million parameters.", "MILLIONS")] = None
    domain: Annotated[str | None, Option("Only models made for this field.", "FIELD", offers="domains")] = None
    sort: Sort = None
    rules: Rules = None
    format: Annotated[str, shows("architectures")] = "text"
    output: Output = None
    full: Full = False


def run(request: ArchitecturesRequest) -> int:
    """List the models that pass every filter; return the exit code."""
    renderer = pick_renderer(request.format, "architectures", request.output)
    rules = load_rules(chosen_rules(request.rules))
    request = _checked(request, rules)
    given = {key: value for key in FILTERS if (value := getattr(request, key)) is not None}
    catalogue = choose(rules, request, given)
    if not any(catalogue):
        _output.note(_why_none(rules, given))
    if renderer.architectures is not None:
        write(renderer.architectures(catalogue, rules, page(request.output, full=request.full)), request.output)
    return 0


def _checked(request: ArchitecturesRequest, rules: RuleSet) -> ArchitecturesRequest:
    """Return a request with the id of its field; raise a UsageError if it names anything that does not exist."""
    if request.strategy is not None:
        check_strategies([request.strategy], rules)
    all_licences = [PERMISSIVE_ONLY, DATA_TERMS, *sorted(licences(rules))]
    for key, word, words in (("tier", request.tier, [*TIERS]), ("licence", request.licence, all_licences)):
        if word is not None and word not in words:
            raise UsageError(f"no architecture has the {key} '{word}'", suggest(word, words))
    domain = rules.domain(request.domain) if request.domain is not None else None
    if request.domain is not None and domain is None:
        raise UsageError(*rules.no_domain(request.domain))
    if request.sort is not None and request.sort not in ORDERS:
        raise UsageError(f"architectures cannot be sorted by '{request.sort}'", suggest(request.sort, ORDERS))
    return request._replace(domain=domain)


def choose(rules: RuleSet, request: ArchitecturesRequest, given: dict[str, Any]) -> Catalogue:
    """Return the models that pass the filters: variants, by default those to try first, and assistants.

    Assistants have no tier and several sizes, so a filter by these is for variants alone.
    """

    def passes(entry: Architecture | Assistant) -> bool:
        return all(FILTERS[key](entry, value) for key, value in given.items())

    variants = [*filter(passes, whole_catalogue(rules, request.domain))]
    if request.sort:
        variants.sort(key=ORDERS[request.sort])
    return Catalogue(variants, [] if {"tier", "max_params"} & {*given} else [*filter(passes, rules.assistants)])


def _why_none(rules: RuleSet, given: dict[str, Any]) -> str:
    """Return the filters that exclude everything, alone or together; for a name, the nearest known one."""
    everything: list[Architecture | Assistant] = [*whole_catalogue(rules)]
    text: str = given.get("text", "")
    words = {key: text if key == "text" else f"--{key.replace('_', '-')} {value}" for key, value in given.items()}
    alone = [key for key, value in given.items() if not any(FILTERS[key](one, value) for one in everything)]
    if "text" not in alone or any(is_called(one, text) for one in rules.assistants):
        missing = " nor ".join(words[key] for key in alone) or f"all of {', '.join(words.values())}"
        return f"no architecture passes {missing}"
    names = {plain(one["title"]): one["title"] for one in [*everything, *rules.assistants]}
    close = nearest(plain(text), names)
    return f"nothing in the catalogue is called '{text}'" + (f"; did you mean {names[close]}?" if close else "")


def _is_under(entry: Architecture | Assistant, licence: str) -> bool:
    return is_free_enough(entry, [licence]) or licence in (entry["code_licence"], entry["weights_licence"])


FILTERS: dict[str, Callable[[Any, Any], bool]] = {
    "text": is_called,
    "strategy": lambda one, strategy: strategy in (one.get("draws") or [one["strategy"]]),
    "tier": lambda one, tier: one["tier"] == tier,
    "licence": _is_under,
    "year": lambda one, year: one["year"] >= year,
    "max_params": lambda one, most: (one["params_m"] or inf) <= most,
    "domain": lambda one, domain: domain in one["domains"],
}
"""What passes each filter, by the field of the request."""

ORDERS: dict[str, Callable[[Architecture], tuple[object, ...]]] = {
    "accuracy": lambda v: (
        (False, v["strategy"], v["metric"]["dataset"], -v["metric"]["value"]) if v["metric"] else (True, v["strategy"])
    ),
    "gflops": lambda v: (v["gflops"] or inf, v["id"]),
    "params": lambda v: (v["params_m"] or inf, v["id"]),
    "title": lambda v: (v["title"].lower(), v["id"]),
    "year": lambda v: (-v["year"], v["id"]),
}
"""Orders, each with its key; unknown figures come last, and accuracies are compared within one data set."""

COMMANDS = {"architectures": Command(ArchitecturesRequest, run)}
