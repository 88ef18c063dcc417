"""Labelling effort as a table with its notes: the recommendation first, then what serves the same purpose."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from annostrat.recommendation.effort.words import (
    amount_in_words,
    hours_in_a_sentence,
    hours_in_words,
    reckoned_from,
    seconds_in_words,
    weeks_in_words,
)
from annostrat.render.sections.sections import (
    Column,
    Part,
    Picture,
    Point,
    Section,
    Table,
    on_one_line,
    titles,
    to_draw,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import EffortDocument, StrategyEffort
    from annostrat.recommendation.recommendation import Recommendation

_MONEY = {"hourly_rate": "Wages", "unit_price": "Price"}


def effort(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on effort; empty where the use case does not say how many images there are."""
    found = result.own["effort"]
    if found is None:
        return Section("", [])
    title = f"What it takes ({_workload(found)}; quality assurance included)"
    main = to_draw(result)[:1]
    lines = sorted(found["strategies"], key=lambda line: line["strategy"] not in main)
    side_by_side = [line for line in lines if line["strategy"] in result.candidates]
    notes = [
        *_pace(result, found, rules),
        *_open_ends(lines),
        *_missing(lines, rules),
        *(_by_hand(lines, rules) if found["assistance"] else _savings(side_by_side, rules)),
        *_enough(found),
        *_plan(found),
    ]
    chart = [Picture(partial(_chart, lines, main, rules))] if any(line["hours"] for line in lines) else []
    return Section(title, [*chart, _table(found, lines, len(side_by_side), rules), *notes])


def hours(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield what is drawn takes, then what another label would take; or how to be told."""
    found = result.own["effort"]
    if found is None:
        yield "told with --effort images=1000 --effort objects_per_image=5"
        return
    main = [line for line in found["strategies"] if line["strategy"] in result.candidates]
    whole = found["total"] or main[0]["hours"]
    if whole is None:
        yield from (part.whole for part in _missing(main[:1], rules))
        return
    money = None if found["total"] else main[0]["money"]
    price = f", {on_one_line(amount_in_words(money))} {found['currency'] or ''}".rstrip() if money else ""
    yield f"{hours_in_a_sentence(whole)}{price} for {_workload(found)}"
    others = ((line["strategy"], line["hours"]) for line in found["strategies"] if line not in main)
    known = (f"{titles([other], rules)}: {hours_in_a_sentence(took)}" for other, took in others if took)
    yield from islice(known, 1)


def saved_by_correcting(result: Recommendation) -> str:
    """Return the hours that correcting would save of the first label; nothing, where that is not known or too few."""
    found, main = result.own["effort"], to_draw(result)[:1]
    saved = [line["hours_saved"] for line in found["strategies"] if line["strategy"] in main] if found else []
    return hours_in_a_sentence(saved[0]) if saved and saved[0] and saved[0]["high"] >= 1 else ""


def _workload(found: EffortDocument) -> str:
    """Return how much there is to label."""
    shown = found["objects_per_image"]
    objects = "" if shown is None else f", {shown:g} object{'' if shown == 1 else 's'} each"
    return f"{found['images']:,} image{'' if found['images'] == 1 else 's'}{objects}"


def _enough(found: EffortDocument) -> Iterator[Part]:
    """Yield how many images a rule of thumb asks for."""
    if enough := found["enough"]:
        classes = "" if found["classes"] == 1 else f" of each of {found['classes']:,} classes"
        more = ", more than you have" if enough["images"] > found["images"] else ""
        yield Point(
            f"A rule of thumb: {enough['text']} So many{classes} are in some {enough['images']:,} images{more}.",
            enough["sources"],
        )


def _chart(lines: list[StrategyEffort], main: list[str], rules: RuleSet) -> str:
    """Return the hours of every label that has an estimate, on one scale; the table says the same."""
    from annostrat.render.charts.charts import Bar, interval_chart

    bars = [
        Bar(
            rules.strategies[line["strategy"]]["title"],
            hours["low"],
            hours["typical"],
            hours["high"],
            hours_in_a_sentence(hours),
            line["strategy"] in main,
        )
        for line in lines
        if (hours := line["hours"])
    ]
    return interval_chart(bars)


def _table(found: EffortDocument, lines: list[StrategyEffort], side_by_side: int, rules: RuleSet) -> Table:
    """Return the strategies with hours, weeks and any money; under those that are drawn, what they take together."""
    people = "1 annotator" if found["annotators"] == 1 else f"{found['annotators']:,} annotators"
    columns = [Column("Label"), Column("Hours", number=True), Column(f"Weeks\n{people}", number=True)]
    week = found["week_hours"]
    rows = [[_label(line, rules), hours_in_words(line["hours"]), weeks_in_words(line["weeks"], week)] for line in lines]
    if found["money_from"]:
        title = ", ".join(filter(None, [_MONEY[found["money_from"]], found["currency"]]))
        columns.append(Column(title, number=True))
        rows = [[*row, amount_in_words(line["money"])] for row, line in zip(rows, lines, strict=True)]
    if found["total"]:
        rows.insert(side_by_side, ["Together", hours_in_words(found["total"]), *([""] * (len(columns) - 2))])
    return Table(columns, rows)


def _label(line: StrategyEffort, rules: RuleSet) -> str:
    """Return a label's name over what its figures are reckoned from, where that needs saying."""
    title, basis = rules.strategies[line["strategy"]]["title"], reckoned_from(line)
    return f"{title}\n{basis}" if basis else title


def _pace(result: Recommendation, found: EffortDocument, rules: RuleSet) -> Iterator[Part]:
    """Yield what the user's own pace was taken for."""
    pace = found["pace"]
    if pace is None:
        if "seconds_per_label" in result.use_case.effort:
            yield Point("Your own pace counts as soon as one label is recommended: it is that of this label.")
        return
    unit = next(line["unit"] for line in found["strategies"] if line["strategy"] == pace["strategy"])
    times = f", {pace['ratio']:.2g} times the published time" if pace["ratio"] else ""
    others = "Nobody timed the other labels, so their published times are multiplied by it too."
    if not pace["ratio"]:
        others = "No time was published to set it against, so the other labels are as published."
    title = rules.strategies[pace["strategy"]]["title"]
    said = f"{title}: your own pace, {seconds_in_words(pace['seconds'])} seconds for each {unit}{times}."
    yield Point(f"{said} {others}" if len(found["strategies"]) > 1 else said)


def _open_ends(lines: list[StrategyEffort]) -> Iterator[Part]:
    if any(hours_in_words(line["hours"]).endswith("+") for line in lines):
        yield Point("A + means at least: the published figures end there, and harder images take longer.")


def _missing(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Point]:
    """Yield why there is no estimate, for each label that has none; and what its figures cannot say of others."""
    told = ("image_classification", "keypoints")
    for line in lines:
        title = rules.strategies[line["strategy"]]["title"]
        if line["hours"] is None:
            why = line["note"] if line["units"] is not None else "Say how many objects an image shows for an estimate."
            yield Point(f"{title}: {why}")
        elif line["strategy"] in told and line["note"] and not line["own_pace"]:
            yield Point(f"{title}: {line['note']}")


def _by_hand(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Part]:
    """Yield the labels whose hours are by hand although annotators have help."""
    unknown = [line["strategy"] for line in lines if line["hours"] and not line["assisted"] and not line["own_pace"]]
    if unknown:
        said = "No time for correcting what a model draws was published for"
        yield Point(f"{said} {titles(unknown, rules, ' and ')}, so that is by hand.")


def _savings(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Point]:
    """Yield what correcting would save, for each label that a figure was published for."""
    for line in lines:
        saved = line["hours_saved"]
        if saved and saved["high"] >= 1:
            whose = f"{rules.strategies[line['strategy']]['title']}: correcting" if len(lines) > 1 else "Correcting"
            yield Point(f"{whose} what a model draws would save about {hours_in_a_sentence(saved)} (assistance=yes).")


def _plan(found: EffortDocument) -> Iterator[Part]:
    plan = found["plan"]
    if plan:
        hours, whole = hours_in_a_sentence(plan["hours"]), hours_in_a_sentence(plan["instead_of"], interval=False)
        yield Point(f"On a smaller budget, {hours} instead of {whole}: {plan['text']}", plan["sources"])
