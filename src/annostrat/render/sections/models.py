"""Architectures as tables: the first few of each strategy and tier, what speaks for two, and how to see the rest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from annostrat.knowledge.selection import NOTHING_TO_LICENSE, OVERTAKEN
from annostrat.recommendation.models.architectures import models_for, satisfies
from annostrat.render.sections.sections import Column, Paragraph, Part, Point, Section, Table, capital, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from annostrat.knowledge.contract import Architecture, Assistant, MetricText
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.models.architectures import Catalogue
    from annostrat.recommendation.recommendation import Recommendation

SOME, FEW = 6, 3
"""Variants shown of one tier: when only one is shown, and when several are."""
DESCRIBED = 12
"""Variants of which a list also says what is noted of each."""

TIER_TITLES = {"edge": "for CPU or a small device", "gpu": "for one GPU", "server": "for a server or cluster"}


def models(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on models, by strategy and tier."""
    found, chosen = result.outcome.document["architectures"], drawn(result)
    asked = {strategy: rules.asked_tier(_answers_of(result, strategy)) for strategy in chosen}
    shared = next(iter({*asked.values()})) if len({*asked.values()}) == 1 else None
    parts: list[Part] = []
    for strategy in chosen:
        of_strategy = [variant for variant in found if variant["strategy"] == strategy]
        current = [variant for variant in of_strategy if variant["status"] not in OVERTAKEN]
        title = rules.strategies[strategy]["title"] if len(chosen) > 1 else ""
        tiers = [tier] if (tier := asked[strategy]) else _tiers(found)
        for tier in tiers:
            label = _label(title, "" if shared else TIER_TITLES[tier])
            of_tier = [variant for variant in current if asked[strategy] or variant["tier"] == tier]
            parts += _best(of_tier, label, len(tiers))
        parts += _left_out(strategy, asked[strategy], of_strategy, result, rules)
        parts += overtaken([v for v in of_strategy if v["named_by_article"]], rules, "Named in 2021 and since")
        parts += _gaps(strategy, title, asked[strategy], current, rules)
    return Section(f"Models {TIER_TITLES[shared]}" if shared else "Models", parts)


def first_models(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield for each strategy the model to start with, the most accurate one, and how many more there are."""
    chosen = drawn(result)
    for strategy in chosen:
        found = [one for one in result.outcome.document["architectures"] if one["strategy"] == strategy]
        current = [variant for variant in found if variant["status"] not in OVERTAKEN]
        title = rules.strategies[strategy]["title"].lower() if len(chosen) > 1 else ""
        if not current:
            gaps = _gaps(strategy, title, rules.asked_tier(_answers_of(result, strategy)), current, rules)
            yield next(gaps).text
            continue
        said = "; ".join(_named(current, 1 if title else 2, _in_a_word))
        yield f"{title}: {said}" if title else said


def _named(
    variants: Sequence[Architecture], most: int = 2, named: Callable[[Architecture], str] = lambda one: one["title"]
) -> list[str]:
    """Return the first variants with a role, or else the first one, and how many more there are."""
    with_role = {variant["role"]: variant for variant in reversed(variants) if variant["role"]}
    first = [f"{title.lower()} {named(with_role[role])}" for role, title in ROLES.items() if role in with_role][:most]
    rest = len(variants) - max(len(first), 1)
    return [*(first or [named(variants[0])]), *([f"{rest} more"] if rest else [])]


def _in_a_word(variant: Architecture) -> str:
    """Return a model's name with its size, accuracy and licence."""
    metric = variant["metric"]
    size = f"{_size(variant['params_m'])} M" if variant["params_m"] else ""
    accuracy = f"{metric['value']:.1f} {metric['name']}" if metric else ""
    return f"{variant['title']} ({', '.join(filter(None, [size, accuracy, licence_of(variant)]))})"


def _answers_of(result: Recommendation, strategy: str) -> dict[str, str]:
    """Return the answers that led to a strategy: those of the first class that needs it, over those of the whole."""
    case = result.use_case
    own = next((entry["name"] for entry in result.own["classes"] if strategy in entry["strategies"]), None)
    return case.answers | case.classes.get(own or "", {})


def _left_out(
    strategy: str, tier: str | None, found: list[Architecture], result: Recommendation, rules: RuleSet
) -> Iterator[Part]:
    """Yield how many models do not satisfy what the use case asks of them, and which wish each of them fails."""
    wishes = result.use_case.models
    if not wishes:
        return
    asked = ", ".join(f"{wish} {_wanted(wanted)}" for wish, wanted in wishes.items())
    every = models_for(rules, strategy, tier, result.use_case.domain, None, result.use_case.objects)
    lost = [variant for variant in every if not satisfies(variant, wishes)]
    if not lost:
        said = "All models do."
    else:
        failed = {wish: sum(not satisfies(one, {wish: wanted}) for one in lost) for wish, wanted in wishes.items()}
        reasons = ", ".join(f"{count} by {wish}" for wish, count in failed.items() if count)
        said = f"{len(lost)} of {len(every)} models fail: {reasons}; a figure that nobody published satisfies no limit."
        if "licence" in failed and not found and any(one["permissive"] == "data_terms" for one in lost):
            said += " licence=data_terms admits those that are free but for the terms of the data behind them."
    yield Paragraph(f"Asked for: {asked}. {said}", aside=True)


def _wanted(wanted: object) -> str:
    return " or ".join(map(str, wanted)) if isinstance(wanted, list) else f"{wanted}"


def _tiers(variants: Iterable[Architecture]) -> list[str]:
    found = {variant["tier"] for variant in variants}
    return [tier for tier in TIER_TITLES if tier in found]


def _label(*words: str) -> str:
    return capital(", ".join(filter(None, words)))


def _brief(variants: list[Architecture], label: str, most: int) -> Iterator[Part]:
    """Yield the first few variants under their label."""
    if label and variants:
        yield Paragraph(f"{label}:")
    if variants:
        yield variants_table(variants[:most])


ROLES = {"start_with": "Start with", "most_accurate": "Most accurate"}


def _best(variants: list[Architecture], label: str, tiers: int) -> Iterator[Part]:
    """Yield the first few variants of a tier, what speaks for the first two, and how to see the rest."""
    most = FEW if tiers > 1 else SOME
    yield from _brief(variants, label, most)
    yield from roles(variants)
    yield from licence_notes(variants[:most])
    if len(variants) > most:
        command = f"annostrat architectures -s {variants[0]['strategy']}"
        yield Paragraph(f"and {len(variants) - most} more: {command}", aside=True)


def roles(variants: Iterable[Architecture]) -> Iterator[Part]:
    """Yield a line for each variant with a role: which, and why."""
    for variant in variants:
        if variant["role"] and variant["why"]:
            yield Point(variant["why"], lead=f"{ROLES[variant['role']]} {variant['title']}:")


def licence_notes(variants: Iterable[Architecture]) -> Iterator[Part]:
    """Yield what to watch out for in the licences, each note once with the variants that it holds for."""
    of_note: dict[str, list[str]] = {}
    for variant in variants:
        if variant["licence_note"]:
            of_note.setdefault(variant["licence_note"], []).append(variant["title"])
    for note, titles in of_note.items():
        yield Point(note, lead=f"Licence of {', '.join(titles)}:")


def overtaken(variants: Iterable[Architecture], rules: RuleSet, since: str = "Since") -> Iterator[Part]:
    """Yield a line on those variants that others have overtaken, each with what to take instead."""
    known = {variant["id"]: variant["title"] for suited in rules.architectures.values() for variant in suited}
    former = []
    for variant in variants:
        if variant["status"] in OVERTAKEN:
            successors = " or ".join(known.get(id_, id_) for id_ in variant["superseded_by"])
            former.append(variant["title"] + (f", now {successors}" if successors else ""))
    if former:
        yield Paragraph(f"{since} overtaken: {'; '.join(former)}.")


def _gaps(
    strategy: str, title: str, asked: str | None, current: list[Architecture], rules: RuleSet
) -> Iterator[Paragraph]:
    """Yield for which tiers no model is known, and why; a larger budget that runs lighter models lacks none."""
    for tier, why in rules.strategies[strategy]["gaps"].items():
        if asked in (None, tier) and not (asked and current):
            yield Paragraph(f"{_label(title, TIER_TITLES[tier])}: none known. {why}")
    if not current and asked not in rules.strategies[strategy]["gaps"]:
        yield Paragraph(f"{_label(title, 'none that was made for such things')}.")


def catalogue(found: Catalogue, rules: RuleSet, *, whole: bool) -> Iterator[Section]:
    """Yield a section for each strategy, one whole table with tier and year or one a tier, and one for assistants."""
    variants = found.architectures
    for strategy in dict.fromkeys(variant["strategy"] for variant in variants):
        of_strategy = [variant for variant in variants if variant["strategy"] == strategy]
        parts: list[Part] = [variants_table(of_strategy, whole=True)] if whole else []
        for tier in [] if whole else _tiers(of_strategy):
            of_tier = [variant for variant in of_strategy if variant["tier"] == tier]
            parts += [*_brief(of_tier, _label(TIER_TITLES[tier]), len(of_tier)), *roles(of_tier)]
        parts += licence_notes(of_strategy)
        if len(variants) <= DESCRIBED:
            parts += [Point(one["note"], lead=f"{one['title']}:") for one in of_strategy if one["note"]]
        yield Section(rules.strategies[strategy]["title"], [*parts, *overtaken(of_strategy, rules)])
    if found.assistants:
        yield Section("Assistants", [_assistants_table(found.assistants, rules)])


def catalogue_in_short(found: Catalogue, rules: RuleSet) -> Iterator[Section]:
    """Yield what to start with for each strategy and tier, or of one strategy the first variants of each tier."""
    variants = found.architectures
    strategies = list(dict.fromkeys(variant["strategy"] for variant in variants))
    if len(strategies) > 1:
        tiers = _tiers(variants)
        columns = [Column("Start with"), *(Column(capital(TIER_TITLES[tier].removeprefix("for "))) for tier in tiers)]
        cells = {strategy: [_first(variants, strategy, tier) for tier in tiers] for strategy in strategies}
        rows = [[rules.strategies[strategy]["title"], *cells[strategy]] for strategy in strategies]
        hint = Paragraph("-s STRATEGY for its models, --full for all of them", aside=True)
        yield Section("Models", [Table(columns, rows), hint])
    for strategy in strategies if len(strategies) == 1 else ():
        parts: list[Part] = []
        for tier in _tiers(variants):
            of_tier = [variant for variant in variants if variant["tier"] == tier]
            parts += _brief(of_tier, _label(TIER_TITLES[tier]), FEW)
            named = Paragraph("; ".join(_named(of_tier)), aside=True)
            parts += roles(of_tier) if len(variants) <= DESCRIBED else [named]
        parts += overtaken(variants, rules) if len(variants) <= DESCRIBED else ()
        whole = Paragraph("--full for all of them, and what to know of each and its licence", aside=True)
        yield Section(rules.strategies[strategy]["title"], [*parts, whole])
    if found.assistants:
        names = ", ".join(one["title"] for one in found.assistants)
        yield Section("Assistants", [Paragraph(names)])


def _first(variants: Sequence[Architecture], strategy: str, tier: str) -> str:
    """Return the variant to start with, or else the first one; nothing, where there is none."""
    suited = [one for one in variants if (one["strategy"], one["tier"]) == (strategy, tier)]
    first = next((one for one in suited if one["role"] == "start_with"), suited[0] if suited else None)
    return first["title"] if first else ""


def _assistants_table(assistants: Iterable[Assistant], rules: RuleSet) -> Table:
    columns = [
        Column("Assistant"),
        Column("Draws"),
        Column("Needs"),
        Column("M params", number=True),
        Column("Licence"),
    ]
    rows = [
        [
            one["title"],
            ", ".join(rules.strategies[strategy]["title"].lower() for strategy in one["draws"]),
            ", ".join(one["prompts"]),
            _size(min((size["params_m"] for size in one["sizes"]), default=None)),
            licence_of(one),
        ]
        for one in assistants
    ]
    return Table(columns, rows)


def variants_table(variants: Sequence[Architecture], *, whole: bool = False) -> Table:
    """Return variants as a table, whose head names what holds for all of them.

    Latencies are those of the hardware that most of them were measured on; where there are any, and the table is not
    whole, they stand instead of the operations.
    """
    measures = {(metric["name"], metric["dataset"]) for variant in variants if (metric := variant["metric"])}
    shared = "\n".join(*measures) if len(measures) == 1 else None
    hardware = _hardware(variants)
    tuned = next((variant["fine_tuning"] for variant in variants if variant["fine_tuning"]), None)
    cells: list[tuple[Column, Callable[[Architecture], str]]] = [(Column("Model"), lambda one: one["title"])]
    if whole:
        cells += [
            (Column("Tier"), lambda one: one["tier"]),
            (Column("Year", number=True), lambda one: str(one["year"])),
        ]
    cells.append((Column("M params", number=True), lambda one: _size(one["params_m"])))
    if whole or not hardware:
        cells.append((Column("GFLOPs", number=True), lambda one: _size(one["gflops"])))
    if hardware:
        cells.append((Column(f"ms\n{_short(hardware)}", number=True), lambda one: _size(_latency(one, hardware))))
    cells.append((Column(shared, number=True) if shared else Column("Accuracy"), lambda one: _accuracy(one, shared)))
    if tuned:
        name = f"{tuned['name']}\n{tuned['dataset']}"
        cells.append((Column(name, number=True), lambda one: _value(one["fine_tuning"])))
    cells.append((Column("Licence"), licence_of))
    return Table([column for column, _ in cells], [[cell(one) for _, cell in cells] for one in variants])


def _hardware(variants: Iterable[Architecture]) -> str | None:
    """Return the hardware that most of some variants were measured on; None where none was."""
    measured = Counter(one["hardware"] for variant in variants for one in variant["latency"])
    return max(measured, key=lambda name: (measured[name], name), default=None)


def _latency(variant: Architecture, hardware: str) -> float | None:
    return next((one["ms"] for one in variant["latency"] if one["hardware"] == hardware), None)


def _short(hardware: str) -> str:
    """Return the device alone: what runs on it stands in JSON, with the sources."""
    return hardware.partition(",")[0].partition(" (")[0].removeprefix("NVIDIA ")


def _value(metric: MetricText | None) -> str:
    return f"{metric['value']:.1f}" if metric else "?"


def _accuracy(variant: Architecture, shared: str | None) -> str:
    metric = variant["metric"]
    if metric is None:
        return "not published"
    return f"{metric['value']:.1f}" + ("" if shared else f" {metric['name']}, {metric['dataset']}")


def licence_of(variant: Architecture | Assistant) -> str:
    """Return the licence of the code, and that of the weights where it is another."""
    code, weights = variant["code_licence"], variant["weights_licence"]
    return code if weights in (code, NOTHING_TO_LICENSE) else f"{code}; weights {weights}"


def _size(value: float | None) -> str:
    """Return a size to three digits or one decimal, whichever is fewer."""
    if not value:
        return "?"
    if value < 1:
        return f"{value:.2g}"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"  # noqa: PLR2004 - from here on digits say enough
