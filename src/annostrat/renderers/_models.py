"""Architectures as tables: the first few of each strategy and tier, why they come first, and how to see the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.knowledge.selection import OVERTAKEN
from annostrat.renderers._sections import Column, Paragraph, Part, Section, Table, capital, drawn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Architecture, Assistant
    from annostrat.recommendation import Recommendation

SOME, FEW = 6, 3
"""Variants shown of one tier: when only one is shown, and when several are."""

TIER_TITLES = {"edge": "for CPU or a small device", "gpu": "for one GPU", "server": "for a server or cluster"}


def models(result: Recommendation, rules: RuleSet, *, quiet: bool) -> Section:
    """Return the section on models, by strategy and tier; a quiet one has three models of each strategy."""
    found, chosen = result.outcome.document["architectures"], drawn(result)
    tiers = _tiers(found)
    parts: list[Part] = []
    for strategy in chosen:
        of_strategy = [variant for variant in found if variant["strategy"] == strategy]
        current = [variant for variant in of_strategy if variant["status"] not in OVERTAKEN]
        title = rules.strategies[strategy]["title"] if len(chosen) > 1 else ""
        for tier in tiers:
            label = _label(title, TIER_TITLES[tier] if len(tiers) > 1 else "")
            of_tier = [variant for variant in current if variant["tier"] == tier]
            parts += _brief(of_tier, label, FEW // len(tiers)) if quiet else _best(of_tier, label, len(tiers))
        if not quiet:
            parts += overtaken([v for v in of_strategy if v["named_by_article"]], rules, "Named in 2021 and since")
            parts += _gaps(strategy, title, result, rules)
    return Section(f"Models {TIER_TITLES[tiers[0]]}" if len(tiers) == 1 else "Models", parts)


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


def _best(variants: list[Architecture], label: str, tiers: int) -> Iterator[Part]:
    """Yield the first few variants of a tier, why the first comes first, and how to see the rest."""
    most = FEW if tiers > 1 else SOME
    yield from _brief(variants, label, most)
    if variants and variants[0]["why"]:
        why = variants[0]["why"]
        yield Paragraph(f"{variants[0]['title']} comes first: {why[0].lower()}{why[1:]}", aside=True)
    if len(variants) > most:
        command = f"annostrat architectures -s {variants[0]['strategy']} -t {variants[0]['tier']}"
        yield Paragraph(f"and {len(variants) - most} more: {command}", aside=True)


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


def _gaps(strategy: str, title: str, result: Recommendation, rules: RuleSet) -> Iterator[Part]:
    for tier, why in rules.gaps(strategy, result.use_case.answers).items():
        yield Paragraph(f"{_label(title, TIER_TITLES[tier])}: none known. {why}")


def catalogue(found: list[Architecture], rules: RuleSet, *, whole: bool) -> Iterator[Section]:
    """Yield a section for each strategy: one whole table with tier and year, or one table a tier."""
    for strategy in dict.fromkeys(variant["strategy"] for variant in found):
        variants = [variant for variant in found if variant["strategy"] == strategy]
        parts: list[Part] = [variants_table(variants, whole=True)] if whole else []
        for tier in [] if whole else _tiers(variants):
            of_tier = [variant for variant in variants if variant["tier"] == tier]
            parts += _brief(of_tier, _label(TIER_TITLES[tier]), len(of_tier))
        yield Section(rules.strategies[strategy]["title"], [*parts, *overtaken(variants, rules)])


def variants_table(variants: Sequence[Architecture], *, whole: bool = False) -> Table:
    """Return variants as a table, whose head names the metric and the data set where they are the same for all."""
    measures = {(metric["name"], metric["dataset"]) for variant in variants if (metric := variant["metric"])}
    shared = "\n".join(*measures) if len(measures) == 1 else None
    columns = [Column("Model"), *([Column("Tier"), Column("Year", number=True)] if whole else [])]
    columns += [Column("M params", number=True), Column("GFLOPs", number=True)]
    columns += [Column(shared, number=True) if shared else Column("Accuracy"), Column("Licence")]
    rows = [
        [
            variant["title"],
            *([variant["tier"], str(variant["year"])] if whole else []),
            _size(variant["params_m"]),
            _size(variant["gflops"]),
            _accuracy(variant, shared),
            licence_of(variant),
        ]
        for variant in variants
    ]
    return Table(columns, rows)


def _accuracy(variant: Architecture, shared: str | None) -> str:
    metric = variant["metric"]
    if metric is None:
        return "not published"
    return f"{metric['value']:.1f}" + ("" if shared else f" {metric['name']}, {metric['dataset']}")


def licence_of(variant: Architecture | Assistant) -> str:
    """Return the licence of the code, and that of the weights where it is another."""
    code, weights = variant["code_licence"], variant["weights_licence"]
    return code if code == weights else f"{code}; weights {weights}"


def _size(value: float | None) -> str:
    """Return a size to three digits or one decimal, whichever is fewer."""
    if not value:
        return "?"
    if value < 1:
        return f"{value:.2g}"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"  # noqa: PLR2004 - from here on digits say enough
