"""Architectures as a table that fits 80 columns, or as a list where the page is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from annostrat.renderers._layout import NARROW, indented, item, section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from annostrat.contract import OutcomeDocument
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Architecture
    from annostrat.renderers._base import Page

SOME, FEW = 6, 3
"""Variants shown of one tier: when only one is shown, and when all are."""

OVERTAKEN = {"superseded", "legacy"}
TIER_TITLES = {"edge": "for CPU or a small device", "gpu": "for one GPU", "server": "for a server or cluster"}


def architecture_lines(document: OutcomeDocument, rules: RuleSet, page: Page) -> list[RenderableType]:
    strategy = document["strategy"]
    if strategy is None:
        return []
    found = document["architectures"]
    tiers = list(dict.fromkeys(variant["tier"] for variant in found))
    current = [variant for variant in found if variant["status"] not in OVERTAKEN]
    lines = [line for tier in tiers for line in _best_of(tier, current, page, several=len(tiers) > 1)]
    named = [variant for variant in found if variant["named_by_article"] and variant not in current]
    if named:
        lines.append(indented("Named in 2021 and since overtaken: " + "; ".join(map(_former, named)) + "."))
    gaps = rules.gaps(strategy["id"], document["answers"])
    lines += [
        indented(f"{TIER_TITLES[tier][0].upper()}{TIER_TITLES[tier][1:]}: none known. {gap}")
        for tier, gap in gaps.items()
    ]
    return section(f"Models {TIER_TITLES[tiers[0]]}" if len(tiers) == 1 else "Models", lines)


def _best_of(tier: str, current: list[Architecture], page: Page, *, several: bool) -> Iterator[RenderableType]:
    """Yield the first few variants of a tier, and how to see the rest."""
    variants = [variant for variant in current if variant["tier"] == tier]
    shown = variants[: FEW if several else SOME]
    if several and shown:
        yield indented(f"{TIER_TITLES[tier]}:")
    if shown:
        yield variants_table(shown, page)
    if shown and shown[0]["why"]:
        yield indented(f"{shown[0]['title']} comes first: {shown[0]['why'][0].lower()}{shown[0]['why'][1:]}", "dim")
    rest = len(variants) - len(shown)
    if rest:
        strategy = variants[0]["strategy"]
        yield indented(f"and {rest} more: annostrat architectures -s {strategy} -t {tier}", "dim")


def _former(variant: Architecture) -> str:
    successors = ", ".join(variant["superseded_by"])
    return variant["title"] + (f" (now {successors})" if successors else "")


def variants_table(variants: list[Architecture], page: Page) -> RenderableType:
    if page.width < NARROW:
        return Group(*(item(f"{row[0]}: {', '.join(row[1:])}") for row in map(_row, variants)))
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("Model", ratio=3)
    for header in ("M params", "GFLOPs"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("Accuracy", ratio=4)
    table.add_column("Licence", ratio=2)
    for variant in variants:
        name, parameters, flops, accuracy, licence = _row(variant)
        table.add_row(*map(Text, (name, parameters.split()[0], flops.split()[0], accuracy, licence)))
    return Padding(table, (0, 0, 0, 2))


def _row(variant: Architecture) -> tuple[str, str, str, str, str]:
    metric, code, weights = variant["metric"], variant["code_licence"], variant["weights_licence"]
    accuracy = f"{metric['value']:.4g} {metric['name']}, {metric['dataset']}" if metric else "not published"
    licence = code if code == weights else f"{code}; weights {weights}"
    return (
        variant["title"],
        f"{variant['params_m']:.4g} M params" if variant["params_m"] else "? M params",
        f"{variant['gflops']:.4g} GFLOPs" if variant["gflops"] else "? GFLOPs",
        accuracy,
        licence,
    )
