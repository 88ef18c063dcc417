"""Recommended models, to train and to label with: the first few, their strengths, and how to see the rest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from annostrat.knowledge.rule_set import NOTHING_TO_LICENSE, OVERTAKEN
from annostrat.recommendation.models import models_for, satisfies
from annostrat.render.sections.effort import saved_by_correcting
from annostrat.render.sections.sections import (
    Column,
    More,
    Paragraph,
    Part,
    Point,
    Section,
    Table,
    capital,
    grouped,
    titles,
    to_draw,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from annostrat.knowledge.contract import Architecture, Assistant, MetricText
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import SuitedAssistant
    from annostrat.recommendation.recommendation import Recommendation

SOME, FEW = 6, 3
"""Number of variants shown per tier: if only one tier is shown, and if several are."""
SHOWN = 3
"""Number of assistants shown per label; the others are only named."""
TRIED = "fifty"
"""Number of images on which to try an assistant."""
TIER_TITLES = {"edge": "for CPU or a small device", "gpu": "for one GPU", "server": "for a server or cluster"}
ROLES = {"start_with": "Start with", "most_accurate": "Most accurate"}
_SAVES = "correcting what it draws would save"
_NEEDED = {
    "text": "a few words",
    "example": "an example image",
    "point": "a click on each object",
    "box": "a box around each object",
    "none": "nothing",
}


def models(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on models, by strategy and tier; for several strategies the first of each tier."""
    document, chosen = result.outcome.architectures, to_draw(result)
    asked = {strategy: rules.asked_tier(_answers_of(result, strategy)) for strategy in chosen}
    shared = next(iter({*asked.values()})) if len({*asked.values()}) == 1 else None
    parts: list[Part] = []
    for strategy in chosen:
        of_strategy = [variant for variant in document if variant["strategy"] == strategy]
        current = [variant for variant in of_strategy if variant["status"] not in OVERTAKEN]
        title = rules.strategies[strategy]["title"] if len(chosen) > 1 else ""
        tiers = [tier] if (tier := asked[strategy]) else tiers_of(document)
        if title and len(tiers) > 1:
            parts += _first_of_each(current, title, tiers)
            tiers = []
        for tier in tiers:
            label = tier_label(title, "" if shared else TIER_TITLES[tier])
            of_tier = [variant for variant in current if asked[strategy] or variant["tier"] == tier]
            parts += _best(of_tier, label, FEW if len(tiers) > 1 else SOME)
        parts += _left_out(strategy, asked[strategy], of_strategy, result, rules)
        parts += overtaken([v for v in of_strategy if v["named_by_article"]], rules, "Named in 2021 and since")
        parts += _gaps(strategy, title, current, result, rules)
    return Section(f"Models {TIER_TITLES[shared]}" if shared else "Models", parts)


def first_models(result: Recommendation, rules: RuleSet, most: int = 2) -> Iterator[str]:
    """Yield for each strategy the model to start with, the most accurate one, and the number of others.

    If the use case does not say where the model must run, they come from the lightest tier, which is named.
    """
    chosen = to_draw(result)
    for strategy in chosen:
        title = rules.strategies[strategy]["title"].lower() if len(chosen) > 1 else ""
        current, inside, tier = _first_tier(result, rules, strategy)
        if not current:
            yield next(_gaps(strategy, title, current, result, rules)).text
            continue
        line = "; ".join(with_role(inside, 1 if title else most, _in_short, len(current)))
        where = ", ".join(filter(None, [title, TIER_TITLES[tier] if tier else ""]))
        yield f"{where}: {line}" if where else line


def models_in_brief(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield the model to start with, for several strategies by name alone, and the number of others."""
    chosen = to_draw(result)
    if len(chosen) <= 1:
        yield from first_models(result, rules, 1)
        return
    starts, rest = [], 0
    for strategy in chosen:
        current, inside, _ = _first_tier(result, rules, strategy)
        ranked = sorted(inside, key=lambda one: one["role"] != "start_with")
        starts.append(f"{ranked[0]['title'] if ranked else 'none'} ({titles([strategy], rules)})")
        rest += max(len(current) - 1, 0)
    yield f"start with {', '.join(starts)}{f'; {rest} more' if rest else ''}"


def _first_tier(
    result: Recommendation, rules: RuleSet, strategy: str
) -> tuple[list[Architecture], list[Architecture], str | None]:
    """Return the current models of a strategy, those of the lightest tier, and that tier.

    If the use case says where the models must run, the second are all models, and the tier is None.
    """
    of_strategy = (one for one in result.outcome.architectures if one["strategy"] == strategy)
    current = [variant for variant in of_strategy if variant["status"] not in OVERTAKEN]
    if not current or rules.asked_tier(_answers_of(result, strategy)):
        return current, current, None
    tier = tiers_of(current)[0]
    return current, [variant for variant in current if variant["tier"] == tier], tier


def with_role(
    variants: Sequence[Architecture],
    most: int = 2,
    name: Callable[[Architecture], str] = lambda one: one["title"],
    total: int | None = None,
) -> list[str]:
    """Return the first variants with a role, or else the first one, and how many of the total are omitted."""
    by_role = {variant["role"]: variant for variant in reversed(variants) if variant["role"]}
    first = [f"{title.lower()} {name(by_role[role])}" for role, title in ROLES.items() if role in by_role][:most]
    rest = (total or len(variants)) - max(len(first), 1)
    return [*(first or [name(variants[0])]), *([f"{rest} more"] if rest else [])]


def _in_short(variant: Architecture) -> str:
    """Return a model's name, size, accuracy and licence."""
    metric = variant["metric"]
    size = f"{size_in_words(variant['params_m'])} M" if variant["params_m"] else ""
    accuracy = f"{metric['value']:.1f} {metric['name']}" if metric else ""
    return f"{variant['title']} ({', '.join(filter(None, [size, accuracy, licence_of(variant)]))})"


def _answers_of(result: Recommendation, strategy: str) -> dict[str, str]:
    """Return the answers that led to a strategy: those of the whole, overridden by the first class that needs it."""
    case = result.use_case
    own = next((entry["name"] for entry in result.own["classes"] if strategy in entry["strategies"]), None)
    return case.answers | case.classes.get(own or "", {})


def _left_out(
    strategy: str, tier: str | None, satisfying: list[Architecture], result: Recommendation, rules: RuleSet
) -> Iterator[Part]:
    """Yield how many models fail the requirements of the use case, and how many fail each requirement."""
    wishes = result.use_case.models
    if not wishes:
        return
    asked = ", ".join(
        f"{wish} {' or '.join(map(str, value)) if isinstance(value, list) else value}" for wish, value in wishes.items()
    )
    every = models_for(rules, strategy, tier, result.use_case.domain, None, result.use_case.objects)
    lost = [variant for variant in every if not satisfies(variant, wishes)]
    remark = "All models satisfy that."
    if lost:
        failed = {wish: sum(not satisfies(one, {wish: value}) for one in lost) for wish, value in wishes.items()}
        reasons = ", ".join(f"{count} because of {wish}" for wish, count in failed.items() if count)
        remark = (
            f"{len(lost)} of {len(every)} models do not: {reasons}; a figure that nobody published satisfies no limit."
        )
        if failed.get("licence") and not satisfying and any(one["permissive"] == "data_terms" for one in lost):
            remark += " licence=data_terms admits models that are free but for the terms of their training data."
    yield Paragraph(f"Asked for: {asked}. {remark}", aside=True)


def tiers_of(variants: Iterable[Architecture]) -> list[str]:
    """Return the tiers of the variants, smallest first."""
    tiers = {variant["tier"] for variant in variants}
    return [tier for tier in TIER_TITLES if tier in tiers]


def tier_label(*words: str) -> str:
    """Return the heading above the variants of a tier: a strategy, a tier or both."""
    return capital(", ".join(filter(None, words)))


def labelled_table(variants: list[Architecture], label: str, most: int) -> Iterator[Part]:
    """Yield the first few variants under their label."""
    if label and variants:
        yield Paragraph(f"{label}:")
    if variants:
        yield variants_table(variants[:most])


def _best(variants: list[Architecture], label: str, most: int) -> Iterator[Part]:
    """Yield the first few variants of a tier, the strengths of the first two, and how to see the rest."""
    yield from labelled_table(variants, label, most)
    yield from roles(variants)
    yield from licence_notes(variants[:most])
    yield from _rest(variants, most)


def _rest(variants: list[Architecture], most: int) -> Iterator[Part]:
    if len(variants) > most:
        command = f"annostrat architectures -s {variants[0]['strategy']}"
        yield Paragraph(f"and {len(variants) - most} more: {command}", aside=True)


def _first_of_each(variants: list[Architecture], label: str, tiers: list[str]) -> Iterator[Part]:
    """Yield the first variant of each tier as one table, why it is first, and how to see the rest."""
    first_of = {one["tier"]: one for one in reversed(variants)}
    first = [first_of[tier] for tier in tiers if tier in first_of]
    if first:
        yield Paragraph(f"{label}:")
        yield variants_table(first, tiers=True)
    yield from roles(first)
    yield from licence_notes(first)
    yield from _rest(variants, len(first))


def roles(variants: Iterable[Architecture]) -> Iterator[Part]:
    """Yield a line for each variant with a role: the role and the reason."""
    for variant in variants:
        if variant["role"] and variant["why"]:
            yield Point(variant["why"], lead=f"{ROLES[variant['role']]} {variant['title']}:")


def licence_notes(variants: Iterable[Architecture]) -> Iterator[Part]:
    """Yield the caveats of the licences, each once with the variants that it applies to."""
    noted = ((variant["licence_note"], variant["title"]) for variant in variants if variant["licence_note"])
    for note, names in grouped(noted).items():
        yield Point(note, lead=f"Licence of {', '.join(names)}:")


def overtaken(variants: Iterable[Architecture], rules: RuleSet, since: str = "Since") -> Iterator[Part]:
    """Yield a line on the variants that others have overtaken, each with its replacement."""
    known = {variant["id"]: variant["title"] for suited in rules.architectures.values() for variant in suited}
    former = []
    for variant in variants:
        if variant["status"] in OVERTAKEN:
            successors = " or ".join(known.get(id_, id_) for id_ in variant["superseded_by"])
            former.append(variant["title"] + (f", now {successors}" if successors else ""))
    if former:
        yield Paragraph(f"{since} overtaken: {'; '.join(former)}.")


def _gaps(
    strategy: str, title: str, current: list[Architecture], result: Recommendation, rules: RuleSet
) -> Iterator[Paragraph]:
    """Yield the tiers without a known model, and why; a larger budget that can run lighter models lacks none."""
    asked = rules.asked_tier(_answers_of(result, strategy))
    for tier, why in rules.strategies[strategy]["gaps"].items():
        if asked in (None, tier) and not (asked and current):
            yield Paragraph(f"{tier_label(title, TIER_TITLES[tier])}: none known. {why}")
    if not current and asked not in rules.strategies[strategy]["gaps"]:
        why = "no model satisfies what is asked for" if result.use_case.models else "no model was made for such things"
        yield Paragraph(f"{tier_label(title, why)}.")


def variants_table(variants: Sequence[Architecture], *, whole: bool = False, tiers: bool = False) -> Table:
    """Return the variants as a table, whose head states what they all share.

    Latencies are for the hardware that most variants were measured on; unless the table is whole, any latencies
    replace the operations.
    """
    measures = {(metric["name"], metric["dataset"]) for variant in variants if (metric := variant["metric"])}
    shared = "\n".join(*measures) if len(measures) == 1 else None
    hardware = _hardware(variants)
    tuned = next((variant["fine_tuning"] for variant in variants if variant["fine_tuning"]), None)
    cells: list[tuple[Column, Callable[[Architecture], str]]] = [(Column("Model"), lambda one: one["title"])]
    if whole or tiers:
        cells.append((Column("Tier"), lambda one: one["tier"]))
    if whole:
        cells.append((Column("Year", number=True), lambda one: str(one["year"])))
    cells.append((Column("M params", number=True), lambda one: size_in_words(one["params_m"])))
    if whole or not hardware:
        cells.append((Column("GFLOPs", number=True), lambda one: size_in_words(one["gflops"])))
    if hardware:
        device = hardware.partition(",")[0].partition(" (")[0].removeprefix("NVIDIA ")
        cells.append((Column(f"ms\n{device}", number=True), lambda one: size_in_words(_latency(one, hardware))))
    cells.append((Column(shared, number=True) if shared else Column("Accuracy"), lambda one: _accuracy(one, shared)))
    if tuned:
        name = f"{tuned['name']}\n{tuned['dataset']}"
        cells.append((Column(name, number=True), lambda one: _value(one["fine_tuning"])))
    cells.append((Column("Licence"), licence_of))
    return Table([column for column, _ in cells], [[cell(one) for _, cell in cells] for one in variants])


def _hardware(variants: Iterable[Architecture]) -> str | None:
    """Return the hardware that most of the variants were measured on; None if none were measured."""
    measured = Counter(one["hardware"] for variant in variants for one in variant["latency"])
    return max(measured, key=lambda name: (measured[name], name), default=None)


def _latency(variant: Architecture, hardware: str) -> float | None:
    return next((one["ms"] for one in variant["latency"] if one["hardware"] == hardware), None)


def _value(metric: MetricText | None) -> str:
    return f"{metric['value']:.1f}" if metric else "?"


def _accuracy(variant: Architecture, shared: str | None) -> str:
    metric = variant["metric"]
    if metric is None:
        return "not published"
    return _value(metric) + ("" if shared else f" {metric['name']}, {metric['dataset']}")


def licence_of(variant: Architecture | Assistant) -> str:
    """Return the licence of the code, and of the weights if it differs."""
    code, weights = variant["code_licence"], variant["weights_licence"]
    return code if weights in (code, NOTHING_TO_LICENSE) else f"{code}; weights {weights}"


def size_in_words(value: float | None) -> str:
    """Return a size to two significant digits below 1, one decimal place below 100, and none above; `?` if unknown."""
    if not value:
        return "?"
    if value < 1:
        return f"{value:.2g}"
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"  # noqa: PLR2004 - decimals add nothing from here on


def assistants(result: Recommendation, rules: RuleSet) -> Section:
    """Return which assistants to try on a few images first, how to check them, and the weaknesses of each."""
    suited = result.outcome.assistants
    if not suited:
        return Section("Assistants", [])
    check = suited[0]["check"]
    parts: list[Part] = [
        Paragraph(f"Before drawing by hand, let one of these label {TRIED} images, and correct them. {check}")
    ]
    strategies = to_draw(result)
    for strategy in strategies:
        of_strategy = [one for one in suited if one["strategy"] == strategy]
        label = f", for {titles([strategy], rules)}" if len(strategies) > 1 else ""
        parts += [_assistant(one, rules, label) for one in of_strategy[:SHOWN]]
        if len(of_strategy) > SHOWN:
            others = ", ".join(one["title"] for one in of_strategy[SHOWN:])
            parts.append(Paragraph(f"Also{label}: {others}.", aside=True))
    known = [point for one in {one["id"]: one for one in suited}.values() for point in _strengths(one)]
    return Section("Assistants", [*parts, More("What each does well, and where it is known to fail", known)])


def first_assistant(result: Recommendation) -> Iterator[str]:
    """Yield the assistant to try first, with the savings from correcting its labels."""
    for first in result.outcome.assistants[:1]:
        saved, assisted = saved_by_correcting(result), result.use_case.effort.get("assistance")
        saves = "the hours above are for correcting its labels, which saves" if assisted else _SAVES
        worth = f"; {saves} {saved}" if saved else ""
        yield f"try {first['title']} ({licence_of(first)}) on {TRIED} images{worth}"


def _assistant(one: SuitedAssistant, rules: RuleSet, label: str) -> Point:
    """Return an assistant's prompts, the label it draws instead, its smallest size and its licence."""
    *most, last = (_NEEDED[prompt] for prompt in one["prompts"])
    needs = f"needs {', '.join(most)} or {last}" if most else f"needs {last}"
    wanted = titles([one["strategy"]], rules)
    via = f", draws {titles([one['via']], rules)}, which becomes {wanted}" if one["via"] else ""
    smallest = min((size["params_m"] for size in one["sizes"]), default=None)
    size = f"; {'from ' if len(one['sizes']) > 1 else ''}{smallest:g} M parameters" if smallest else ""
    caution = f" {one['licence_note']}" if one["licence_note"] else ""
    text = f"{needs}{via}{label}{size}; {licence_of(one)}.{caution}"
    return Point(text, lead=f"{one['title']}:")


def _strengths(one: SuitedAssistant) -> Iterator[Point]:
    """Yield an assistant's strengths and weaknesses, the tools that include it, and how to call it."""
    for claim in one["strengths"]:
        yield Point(claim["text"], claim["sources"], lead=f"{one['title']}:")
    for claim in one["fails"]:
        yield Point(claim["text"], claim["sources"], lead=f"{one['title']}, where it fails:")
    if one["tools"]:
        tools = ", ".join(tool["tool"] for tool in one["tools"])
        sources = list(dict.fromkeys(source for tool in one["tools"] for source in tool["sources"]))
        yield Point(f"{tools}.", sources, lead=f"{one['title']}, built into:")
    handle = one["handle"]
    call = f"{handle['call']} ({handle['install'] or handle['library']})"
    yield Point(call, lead=f"{one['title']}, to paste:")
