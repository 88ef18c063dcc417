"""Which models to try, to train and to label with: those made for the field before the others.

Of those to train, one to start with and the most accurate come first. A larger budget runs everything that is lighter,
so a tier also offers lighter models that are at least as good as its own. Models that were made for some fields appear
in these and nowhere else.

An assistant is offered for the labels that it draws, and for those that its labels become without guessing, such as
points that are the middles of boxes. One that needs a point or a box for each object spares nothing where a point or a
box is all that is wanted, so it is offered only for what it draws itself; and one that finds things gives no verdict on
a whole picture, so none is offered for tags unless it gives them itself.
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
    """What is listed of the catalogue.

    Attributes:
        architectures: Variants, by strategy and tier.
        assistants: Models that help labelling.
    """

    architectures: list[Architecture]
    assistants: list[Assistant]


START_WITH, MOST_ACCURATE = "start_with", "most_accurate"
"""The roles of a tier's first two models."""
NEARLY = 0.9
"""The part of the best accuracy of a tier that is enough to start with, where nothing else speaks for a model."""

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
    """Return the variants to try for a strategy, by tier, each with its role and why it has it.

    Args:
        rules: The rule set with the catalogue.
        strategy: The strategy whose labels they learn from.
        tier: Where they must run: that tier's, and lighter ones that are as good; None for every tier's own.
        domain: The field; variants made for it come first, those made for others are not offered.
        wishes: What a model must satisfy, by `MODELS` of use cases.
        objects: The things; variants made for others in the field are not offered, those made for them come first.
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
    """Return every variant, by strategy and tier: those to try in a field first, then those made for other fields."""
    variants: list[Architecture] = []
    for strategy in rules.strategies:
        first = models_for(rules, strategy, None, domain)
        known = {variant["id"] for variant in first}
        variants += [*first, *(one for one in rules.architectures.get(strategy, []) if one["id"] not in known)]
    return variants


def plain(text: str) -> str:
    """Return a name as it is searched for: lower case, without spaces and punctuation, and YOLOs without their v."""
    return re.sub(r"yolov(?=\d)", "yolo", "".join(letter for letter in text.lower() if letter.isalnum()))


def is_called(entry: Architecture | Assistant, text: str) -> bool:
    """Return whether a text is part of an entry's id, title or family."""
    name = plain(text)
    return bool(name) and any(name in plain(str(entry.get(key, ""))) for key in ("id", "title", "family"))


def satisfies(variant: Architecture, wishes: Mapping[str, Any]) -> bool:
    """Return whether a variant is known to satisfy every wish; a figure that nobody published satisfies none."""
    return all(_satisfies(variant, wish, wanted) for wish, wanted in wishes.items())


def is_free_enough(entry: Architecture | Assistant, wanted: list[str]) -> bool:
    """Return whether code and weights are under licences that are wanted, by their names or by what they permit."""
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
    """Return the variants of lighter tiers that are as accurate as some proven one of a tier, or known for a start.

    Where the tier has none of its own, all of them.
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
    """Return the variants of a tier: first the one to start with, then the most accurate, then the others."""
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
    """Return the most accurate proven variant, by the yardstick that most share, under the freest licences there are.

    Terms of the data that weights were trained on do not keep a variant from being it: whoever trains on pictures of
    their own may well start from other weights.
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
    """Return what a practitioner begins with: what was made for the field, what is known for it, or what is light.

    The light one is the lightest that comes near the most accurate, of those whose licences are the freest there are
    and which, if any of these are so, are maintained and installed by pip.
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
    """Sort what was made for the field first, then what is known for a start, then by freedom, tier and accuracy."""
    return (
        variant["id"] not in special,
        variant["id"] not in rules.start_with,
        _FREEDOM.index(variant["permissive"]),
        -TIERS.index(variant["tier"]),
        -accuracy(variant),
    )


def _why_start(rules: RuleSet, start: Architecture) -> str:
    """Return why a variant is the one to start with, without the full stop."""
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
    """Return whether a variant is maintained and installed by pip."""
    return variant["status"] == "current" and _PIP in (variant["handle"]["install"] or "")


def _why_best(rules: RuleSet, best: Architecture, inside: list[Architecture], domain: str | None) -> str:
    """Return why a variant is the most accurate, with what its data set shows unless that looks like the field's."""
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
"""What is said once for all objects of a kind."""


def assistants_for(
    rules: RuleSet,
    strategy: str,
    domain: str | None = None,
    wishes: Mapping[str, Any] | None = None,
    objects: str | None = None,
) -> list[SuitedAssistant]:
    """Return the assistants for a strategy's label, those to try first before the others.

    First come those that were made for the field, then those that draw the label itself, then those with permissive
    licences, then by rank.

    Args:
        rules: The rule set with the assistants.
        strategy: The strategy whose label is wanted.
        domain: The field.
        wishes: What a model must satisfy; of an assistant, only licences are asked.
        objects: The things to label.
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
    """Return the label to let an assistant draw for a strategy: that one, or one that can be turned into it."""
    if strategy in assistant["draws"]:
        return strategy
    places = bool(rules.strategies[strategy]["converts_to"])  # only tags, which say no place, become nothing else
    if not places or _FOR_ALL_OBJECTS.isdisjoint(assistant["prompts"]):
        return None
    for drawn in assistant["draws"]:
        if any(one["strategy"] == strategy and one["exact"] for one in rules.strategies[drawn]["converts_to"]):
            return drawn
    return None


SHORTEST = 3
"""Letters that a word needs to say anything."""
_SAY_NOTHING = frozenset("all and each for from its many other over some that the their with".split())  # noqa: SIM905
"""Words that are in the names of many things."""


@lru_cache(maxsize=4096)  # of every project and model, for every set of answers
def words(text: str | None) -> frozenset[str]:
    """Return the words of a few objects, without a plural `s`."""
    bare = (word.strip(",.;:()") for word in (text or "").lower().replace("-", " ").split())
    return frozenset(word.removesuffix("s") for word in bare if len(word) >= SHORTEST and word not in _SAY_NOTHING)


def suits(domains: list[str], made_for: list[str], domain: str | None, objects: str | None) -> bool:
    """Return whether what was made for some fields, and some things in them, is of use for others.

    Args:
        domains: The fields that it was made for; empty for any.
        made_for: The things that it was made for, each in a word or two; empty for any of its fields.
        domain: The field in question.
        objects: The things in question; where they are not known, any may be meant.
    """
    if domains and domain not in domains:
        return False
    return not made_for or objects is None or not words(objects).isdisjoint(words(" ".join(made_for)))
