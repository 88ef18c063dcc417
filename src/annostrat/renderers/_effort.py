"""Labelling effort as a table with its notes: the recommendation first, then the alternatives."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.renderers._sections import Column, Figure, Part, Point, Section, Table, drawn, on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.contract import EffortDocument, Range, StrategyEffort
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation import Recommendation

_MONEY = {"list_price": "List price", "hourly_rate": "Wages", "unit_price": "Price"}


def effort(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on effort; empty where the use case does not say how many images there are."""
    found = result.own["effort"]
    if found is None:
        return Section("", [])
    shown = found["objects_per_image"]
    objects = "" if shown is None else f", {shown:g} object{'' if shown == 1 else 's'} each"
    images = f"{found['images']:,} image{'' if found['images'] == 1 else 's'}"
    title = f"What it takes ({images}{objects}; quality assurance included)"
    main = drawn(result)[:1]
    lines = sorted(found["strategies"], key=lambda line: line["strategy"] not in main)
    side_by_side = [line for line in lines if line["strategy"] in result.candidates]
    notes = [*_missing(lines, rules), *([] if found["assistance"] else _savings(side_by_side, rules))]
    table = _table(found, lines, len(side_by_side), rules)
    chart = [Figure(partial(_chart, lines, main, rules))] if any(line["hours"] for line in lines) else []
    return Section(title, [*chart, table, *notes, *_plan(found), *_prices(found, rules)])


def _chart(lines: list[StrategyEffort], main: list[str], rules: RuleSet) -> str:
    """Return the hours of every label that has an estimate, on one scale; the table says the same."""
    from annostrat.renderers._charts import Bar, interval_chart

    bars = [
        Bar(
            rules.strategies[line["strategy"]]["title"],
            hours["low"],
            hours["typical"],
            hours["high"],
            f"{on_one_line(amount(hours))} hours",
            line["strategy"] in main,
        )
        for line in lines
        if (hours := line["hours"])
    ]
    return interval_chart(bars)


def _table(found: EffortDocument, lines: list[StrategyEffort], side_by_side: int, rules: RuleSet) -> Table:
    """Return the strategies with hours, weeks and money; under those that are drawn, what they take together."""
    people = "1 annotator" if found["annotators"] == 1 else f"{found['annotators']:,} annotators"
    money = ", ".join(filter(None, [_MONEY[found["money_from"] or ""], found["currency"]]))
    columns = [Column("Label"), *(Column(head, number=True) for head in ("Hours", f"Weeks\n{people}", money))]
    rows = [
        [rules.strategies[line["strategy"]]["title"], *(amount(line[key]) for key in ("hours", "weeks", "money"))]
        for line in lines
    ]
    if found["total"]:
        rows.insert(side_by_side, ["Together", amount(found["total"]), "", ""])
    return Table(columns, rows)


def _missing(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Part]:
    """Yield why there is no estimate, for each label that has none."""
    for line in lines:
        if line["hours"] is None:
            why = line["note"] if line["units"] is not None else "Say how many objects an image shows for an estimate."
            yield Point(f"{rules.strategies[line['strategy']]['title']}: {why}")


def _savings(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Part]:
    """Yield what correcting would save, for each label that a figure was published for."""
    for line in lines:
        saved = line["hours_saved"]
        if saved and saved["high"] > 0:
            whose = f"{rules.strategies[line['strategy']]['title']}: correcting" if len(lines) > 1 else "Correcting"
            hours = on_one_line(amount(saved))
            yield Point(f"{whose} what a model draws would save about {hours} hours (assistance=yes).")


def _plan(found: EffortDocument) -> Iterator[Part]:
    plan = found["plan"]
    if plan and plan["hours"]:
        hours = on_one_line(amount(plan["hours"]))
        yield Point(f"On a smaller budget, {hours} hours: {plan['text']}", plan["sources"])


def _prices(found: EffortDocument, rules: RuleSet) -> Iterator[Part]:
    """Yield where list prices come from, if any is shown."""
    priced = [line["strategy"] for line in found["strategies"] if line["money"]]
    prices = [price for strategy in priced if (price := rules.effort["rates"][strategy]["price"])]
    if found["money_from"] == "list_price" and prices:
        named = list(dict.fromkeys(source for price in prices for source in price["sources"]))
        said = f"List prices are those of one vendor's public list ({', '.join(named)}) and independent of the hours."
        yield Point(said)


def amount(found: Range | None) -> str:
    """Return the typical value over its interval, to the precision that published figures bear."""
    if found is None:
        return "unknown"
    if found["low"] == found["high"]:
        return _number(found["typical"])
    return f"{_number(found['typical'])}\n{_number(found['low'])} to {_number(found['high'])}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004 - below ten a digit more is worth showing
