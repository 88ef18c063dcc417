"""The catalogue of architectures and assistants: in full, by tier, or only the starting points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.models import (
    FEW,
    TIER_TITLES,
    labelled_table,
    licence_notes,
    licence_of,
    overtaken,
    roles,
    size_in_words,
    tier_label,
    tiers_of,
    variants_table,
    with_role,
)
from annostrat.render.sections.sections import Column, Paragraph, Part, Point, Section, Table, capital

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annostrat.knowledge.contract import Architecture, Assistant
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.models import Catalogue

DESCRIBED = 12
"""Length up to which a list of variants includes the notes on each."""


def catalogue_sections(catalogue: Catalogue, rules: RuleSet, *, whole: bool) -> Iterator[Section]:
    """Yield a section per strategy, with one table of tier and year or one per tier, and a section of assistants."""
    variants = catalogue.architectures
    for strategy in dict.fromkeys(variant["strategy"] for variant in variants):
        of_strategy = [variant for variant in variants if variant["strategy"] == strategy]
        parts: list[Part] = [variants_table(of_strategy, whole=True)] if whole else []
        for tier in [] if whole else tiers_of(of_strategy):
            of_tier = [variant for variant in of_strategy if variant["tier"] == tier]
            parts += [*labelled_table(of_tier, tier_label(TIER_TITLES[tier]), len(of_tier)), *roles(of_tier)]
        parts += licence_notes(of_strategy)
        if len(variants) <= DESCRIBED:
            parts += [Point(one["note"], lead=f"{one['title']}:") for one in of_strategy if one["note"]]
        yield Section(rules.strategies[strategy]["title"], [*parts, *overtaken(of_strategy, rules)])
    if catalogue.assistants:
        yield Section("Assistants", [_assistants_table(catalogue.assistants, rules)])


def catalogue_in_short(catalogue: Catalogue, rules: RuleSet) -> Iterator[Section]:
    """Yield the starting points for each strategy and tier, or the first variants of each tier of a single strategy."""
    strategies = list(dict.fromkeys(variant["strategy"] for variant in catalogue.architectures))
    if len(strategies) > 1:
        yield _first_of_each(catalogue.architectures, strategies, rules)
    elif strategies:
        yield _of_strategy(catalogue.architectures, rules.strategies[strategies[0]]["title"], rules)
    if catalogue.assistants:
        yield Section("Assistants", [Paragraph(", ".join(one["title"] for one in catalogue.assistants))])


def _first_of_each(variants: Sequence[Architecture], strategies: Iterable[str], rules: RuleSet) -> Section:
    """Return a table of the variant to start with, or else the first one, for each strategy and tier."""
    first: dict[tuple[str, str], str] = {(one["strategy"], one["tier"]): one["title"] for one in reversed(variants)}
    first |= {(one["strategy"], one["tier"]): one["title"] for one in reversed(variants) if one["role"] == "start_with"}
    tiers = tiers_of(variants)
    columns = [Column("Start with"), *(Column(capital(TIER_TITLES[tier].removeprefix("for "))) for tier in tiers)]
    rows = [
        [rules.strategies[strategy]["title"], *(first.get((strategy, tier), "") for tier in tiers)]
        for strategy in strategies
    ]
    hint = Paragraph("-s STRATEGY for its models, --full for all of them", aside=True)
    return Section("Models", [Table(columns, rows), hint])


def _of_strategy(variants: Sequence[Architecture], title: str, rules: RuleSet) -> Section:
    """Return the first variants of each tier of a strategy."""
    parts: list[Part] = []
    for tier in tiers_of(variants):
        of_tier = [variant for variant in variants if variant["tier"] == tier]
        parts += labelled_table(of_tier, tier_label(TIER_TITLES[tier]), FEW)
        names = Paragraph("; ".join(with_role(of_tier)), aside=True)
        parts += roles(of_tier) if len(variants) <= DESCRIBED else [names]
    parts += overtaken(variants, rules) if len(variants) <= DESCRIBED else ()
    hint = Paragraph("--full for all of them, and what to know of each and its licence", aside=True)
    return Section(title, [*parts, hint])


def _assistants_table(assistants: Iterable[Assistant], rules: RuleSet) -> Table:
    titles = ("Assistant", "Draws", "Needs", "M params", "Licence")
    columns = [Column(title, number=title == "M params") for title in titles]
    rows = [
        [
            one["title"],
            ", ".join(rules.strategies[strategy]["title"].lower() for strategy in one["draws"]),
            ", ".join(one["prompts"]),
            size_in_words(min((size["params_m"] for size in one["sizes"]), default=None)),
            licence_of(one),
        ]
        for one in assistants
    ]
    return Table(columns, rows)
