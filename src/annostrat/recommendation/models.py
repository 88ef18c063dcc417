"""Suggest models to train and models that assist labelling, those made for the field first.

Models to train begin with one to start with and the most accurate one. A larger budget can also run lighter models, so
a tier includes lighter models that are at least as good as its own. Models made for specific fields are offered only in
those fields.

An assistant is offered for the labels that it draws, and for labels that derive exactly from those, such as points from
the centres of boxes. An assistant that needs a point or a box for each object saves no work if a point or a box is all
that is required, so it is offered only for the labels that it draws directly. An assistant that detects objects does
not classify whole images, so it is offered for tags only if it produces them directly.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.knowledge.rule_set import (
    NOTHING_TO_LICENSE,
    OVERTAKEN,
    TIERS,
    accuracy,
    by_accuracy,
    comparable,
    yardstick,
)
from annostrat.use_cases.use_case import DATA_TERMS, PERMISSIVE_ONLY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.contract import Architecture, Assistant
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import SuitedAssistant


class Catalogue(NamedTuple):
    """The listed part of the catalogue.

    Attributes:
        architectures: Variants, ordered by strategy and tier.
        assistants: Models that assist labelling.
    """

    architectures: list[Architecture]
    assistants: list[Assistant]


START_WITH, MOST_ACCURATE = "start_with", "most_accurate"
"""The roles of a tier's first two models."""
NEARLY = 0.9
"""Fraction of a tier's best accuracy that a model to start with must reach, if no other reason favours it."""

_PROVEN = {"current", "frozen"}
_PIP = "pip install"
_FREEDOM = ("yes", "data_terms", "no")
_UNDER = {
    "yes": " under permissive licences",
    "data_terms": " under permissive licences, but for terms of the data behind it",
    "no": "",
}


def models_for(
    rules: RuleSet,
    strategy: str,
    tier: str | None = None,
    domain: str | None = None,
    wishes: Mapping[str, Any] | None = None,
    objects: str | None = None,
) -> list[Architecture]:
    """Return the variants to try for a strategy, by tier; the first ones have a role and its reason.

    Args:
        rules: The rule set with the catalogue.
        strategy: The strategy whose labels the models learn from.
        tier: The compute tier, which includes lighter variants that are as good; None for every tier's own variants.
        domain: The field; variants made for it come first, and those made for other fields are excluded.
        wishes: Requirements on models, with the keys of `MODELS`.
        objects: The labelled objects; variants made for them come first, and those made for others are excluded.
    """
    offered = [
        variant
        for variant in rules.architectures.get(strategy, [])
        if suits(variant["domains"], variant["made_for"], domain, objects)
    ]
    special = {one["id"] for one in offered if one["domains"] and (objects is not None or not one["made_for"])}
    variants: list[Architecture] = []
    for one in TIERS if tier is None else [tier]:
        own = [variant for variant in offered if variant["tier"] == one]
        inside = own if tier is None else own + _lighter(rules, offered, own, special, one)
        fit = [variant for variant in inside if satisfies(variant, wishes or {})]
        variants += _ordered(rules, fit, special, domain)
    return variants


def whole_catalogue(rules: RuleSet, domain: str | None = None) -> list[Architecture]:
    """Return every variant, by strategy and tier, with those suited to the field first in each strategy."""
    variants: list[Architecture] = []
    for strategy in rules.strategies:
        first = models_for(rules, strategy, None, domain)
        known = {variant["id"] for variant in first}
        variants += [*first, *(one for one in rules.architectures.get(strategy, []) if one["id"] not in known)]
    return variants


def plain(text: str) -> str:
    """Normalise a name for searching: lower case, no spaces or punctuation, and `yolov8` as `yolo8`."""
    return re.sub(r"yolov(?=\d)", "yolo", "".join(letter for letter in text.lower() if letter.isalnum()))


def is_called(entry: Architecture | Assistant, text: str) -> bool:
    """Return whether an entry's id, title or family contains a text."""
    name = plain(text)
    return bool(name) and any(name in plain(str(entry.get(key, ""))) for key in ("id", "title", "family"))


def satisfies(variant: Architecture, wishes: Mapping[str, Any]) -> bool:
    """Return whether a variant is known to satisfy every wish; an unpublished figure never satisfies a limit."""
    return all(_satisfies(variant, wish, wanted) for wish, wanted in wishes.items())


def is_free_enough(entry: Architecture | Assistant, wanted: list[str]) -> bool:
    """Return whether the licences of code and weights are accepted, by name or by `permissive` status."""
    if PERMISSIVE_ONLY in wanted and entry["permissive"] == "yes":
        return True
    if DATA_TERMS in wanted and entry["permissive"] in ("yes", "data_terms"):
        return True
    return {entry["code_licence"], entry["weights_licence"]} <= {*wanted, NOTHING_TO_LICENSE}


def _satisfies(variant: Architecture, wish: str, wanted: Any) -> bool:
    if wish == "licence":
        return is_free_enough(variant, wanted)
    memory = variant["train_memory"]
    known: dict[str, float | None] = {
        "max_params_m": variant["params_m"],
        "max_gflops": variant["gflops"],
        "max_latency_ms": min((one["ms"] for one in variant["latency"]), default=None),
        "max_train_memory_gb": memory["gb"] if memory else None,
    }
    figure = known[wish]
    return figure is not None and figure <= wanted


def _lighter(
    rules: RuleSet, offered: list[Architecture], own: list[Architecture], special: set[str], tier: str
) -> list[Architecture]:
    """Return lighter variants that match a proven variant of the tier, fit the field or are known starting points.

    If the tier has no proven variants, return all lighter ones that are not overtaken.
    """
    proven = [variant for variant in own if variant["status"] in _PROVEN]
    return [
        variant
        for variant in offered
        if TIERS.index(variant["tier"]) < TIERS.index(tier)
        and variant["status"] not in OVERTAKEN
        and (
            not proven
            or variant["id"] in special
            or variant["id"] in rules.start_with
            or any(comparable(variant, other) and accuracy(variant) >= accuracy(other) for other in proven)
        )
    ]


def _ordered(rules: RuleSet, inside: list[Architecture], special: set[str], domain: str | None) -> list[Architecture]:
    """Order the variants of a tier: the one to start with, the most accurate, then the others."""
    best = _most_accurate(inside)
    start = _start_with(rules, inside, special)
    first: dict[str, Architecture] = {}
    why_best = _why_best(rules, best, inside, domain) if best else ""
    if start:
        why = f"{_why_start(rules, start)}."
        if best and best["id"] == start["id"]:
            why = f"{why[:-1]}; also the most accurate: {why_best[:1].lower()}{why_best[1:]}"
        first[start["id"]] = {**start, "role": START_WITH, "why": why}
    if best and best["id"] not in first:
        first[best["id"]] = {**best, "role": MOST_ACCURATE, "why": why_best}
    measure = yardstick(best) if best else ("", "")
    rest = [variant for variant in inside if variant["id"] not in first]
    rest.sort(
        key=lambda v: (v["status"] in OVERTAKEN, v["id"] not in special, yardstick(v) != measure, *by_accuracy(v))
    )
    return [*first.values(), *rest]


def _most_accurate(inside: list[Architecture]) -> Architecture | None:
    """Return the most accurate proven variant by the most common yardstick, under permissive licences if possible.

    Terms of the training data do not exclude a variant, because users who train on their own images can start from
    other weights.
    """
    proven = [variant for variant in inside if variant["status"] in _PROVEN and variant["metric"]]
    fit = [variant for variant in proven if variant["permissive"] != "no"] or proven
    shared = Counter(yardstick(variant) for variant in inside if variant["metric"])
    for measure, _ in shared.most_common():
        measured = [variant for variant in fit if yardstick(variant) == measure]
        if measured:
            return max(measured, key=accuracy)
    return None


def _start_with(rules: RuleSet, inside: list[Architecture], special: set[str]) -> Architecture | None:
    """Return the variant to start with: one made for the field, a known starting point, or a light one.

    The light one is the lightest variant whose accuracy is close to the best, among those with the freest licences
    and, if there are any, those maintained and installable with pip.
    """
    proven = [variant for variant in inside if variant["status"] in _PROVEN]
    known = [variant for variant in proven if variant["id"] in special or variant["id"] in rules.start_with]
    free_known = [variant for variant in known if variant["permissive"] != "no"]
    if free_known or (known and len(known) == len(proven)):
        return min(free_known or known, key=lambda v: _known_first(rules, v, special))
    free = min((_FREEDOM.index(one["permissive"]) for one in proven if one["metric"]), default=0)
    free_ones = [one for one in proven if _FREEDOM.index(one["permissive"]) == free]
    handy = [one for one in free_ones if is_handy(one) and one["metric"]]
    handy = handy or free_ones
    best = _most_accurate(handy)
    near = [one for one in handy if best and comparable(one, best) and accuracy(one) >= NEARLY * accuracy(best)]
    return min(near, key=lambda one: (one["gflops"] is None, one["gflops"] or 0.0), default=None)


def _known_first(rules: RuleSet, variant: Architecture, special: set[str]) -> tuple[object, ...]:
    """Return a sort key: made for the field, known starting point, licence freedom, tier, accuracy."""
    return (
        variant["id"] not in special,
        variant["id"] not in rules.start_with,
        _FREEDOM.index(variant["permissive"]),
        -TIERS.index(variant["tier"]),
        -accuracy(variant),
    )


def _why_start(rules: RuleSet, start: Architecture) -> str:
    """Return the reason to start with a variant, without a final full stop."""
    if start["id"] in rules.start_with:
        return rules.start_with[start["id"]].rstrip(".")
    if start["domains"]:
        things = f": {', '.join(start['made_for'])}" if start["made_for"] else ""
        fields = " and ".join(rules.domains[domain]["title"].lower() for domain in start["domains"])
        return f"Made for {fields}{things}"
    of_those = (
        " that is maintained and installed by pip, near the best of such" if is_handy(start) else " near the best"
    )
    return (f"The lightest model{of_those}" if start["gflops"] else "Proven") + _UNDER[start["permissive"]]


def is_handy(variant: Architecture) -> bool:
    """Return whether a variant is maintained and can be installed with pip."""
    return variant["status"] == "current" and _PIP in (variant["handle"]["install"] or "")


def _why_best(rules: RuleSet, best: Architecture, inside: list[Architecture], domain: str | None) -> str:
    """Return why a variant counts as the most accurate, and its data set's content unless it matches the field."""
    name, dataset = yardstick(best)
    known = next((one for one in rules.datasets.values() if dataset.startswith(one["title"])), None)
    images = "" if known is None or domain in known["domains"] else f" ({known['shows']})"
    reason = f"Highest {name} on {dataset}{images} of what runs there"
    if best["permissive"] == "no":
        return f"{reason}; no proven one of them has permissive licences. Mind {_licences(best)}."
    better = [
        other
        for other in inside
        if other["status"] in _PROVEN and comparable(other, best) and accuracy(other) > accuracy(best)
    ]
    reason += f" among proven models{_UNDER[best['permissive']]}"
    if better:
        most = max(better, key=accuracy)
        reason += f"; {most['title']} reaches {accuracy(most):.4g}, under {_licences(most)}"
    return f"{reason}."


def _licences(variant: Architecture) -> str:
    return f"{variant['code_licence']} (weights {variant['weights_licence']})"


_FOR_ALL_OBJECTS = {"text", "example", "none"}
"""Prompts given once for all objects of a kind."""


def assistants_for(
    rules: RuleSet,
    strategy: str,
    domain: str | None = None,
    wishes: Mapping[str, Any] | None = None,
    objects: str | None = None,
) -> list[SuitedAssistant]:
    """Return the assistants for a strategy's label, best first.

    Assistants made for the field come first, then those that draw the label directly, then those with permissive
    licences, then by rank.

    Args:
        rules: The rule set with the assistants.
        strategy: The strategy whose label is needed.
        domain: The field.
        wishes: Requirements on models; only the licence applies to assistants.
        objects: The objects to label.
    """
    wanted = (wishes or {}).get("licence")
    suited: list[SuitedAssistant] = []
    for assistant in rules.assistants:
        drawn = _drawn_for(rules, assistant, strategy)
        if (
            drawn
            and suits(assistant["domains"], assistant["made_for"], domain, objects)
            and domain not in assistant["not_for"]
            and (wanted is None or is_free_enough(assistant, wanted))
        ):
            suited.append({**assistant, "strategy": strategy, "via": None if drawn == strategy else drawn})
    return sorted(suited, key=lambda one: (not one["domains"], one["via"] is not None, one["permissive"] == "no"))


def _drawn_for(rules: RuleSet, assistant: Assistant, strategy: str) -> str | None:
    """Return the label that an assistant should draw for a strategy: its own, or one that converts exactly to it."""
    if strategy in assistant["draws"]:
        return strategy
    places = bool(rules.strategies[strategy]["converts_to"])  # only tags, which have no location, convert to nothing
    if not places or _FOR_ALL_OBJECTS.isdisjoint(assistant["prompts"]):
        return None
    for drawn in assistant["draws"]:
        if any(one["strategy"] == strategy and one["exact"] for one in rules.strategies[drawn]["converts_to"]):
            return drawn
    return None


SHORTEST = 3
"""Minimum length of a significant word."""
_SAY_NOTHING = frozenset("all and each for from its many other over some that the their with".split())  # noqa: SIM905
"""Stop words."""


@lru_cache(maxsize=4096)  # called for every project and model, for every set of answers
def words(text: str | None) -> frozenset[str]:
    """Return the significant words of a description of objects, without a plural `s`."""
    bare = (word.strip(",.;:()") for word in (text or "").lower().replace("-", " ").split())
    return frozenset(word.removesuffix("s") for word in bare if len(word) >= SHORTEST and word not in _SAY_NOTHING)


def suits(domains: list[str], made_for: list[str], domain: str | None, objects: str | None) -> bool:
    """Return whether a model made for certain fields and objects suits the given ones.

    Args:
        domains: The fields that it was made for; empty for any.
        made_for: The objects that it was made for, each in a word or two; empty for any in its fields.
        domain: The given field.
        objects: The given objects; None matches any.
    """
    if domains and domain not in domains:
        return False
    return not made_for or objects is None or not words(objects).isdisjoint(words(" ".join(made_for)))
