"""Labelling effort as a table with notes: first the recommendation, then alternatives for the same purpose."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.recommendation.effort.estimate import (
    added,
    amount_in_words,
    hours_in_a_sentence,
    hours_in_words,
    money_in_a_sentence,
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
    amount,
    capital,
    grouped,
    titles,
    to_draw,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Amount, EffortDocument, Pace, StrategyEffort
    from annostrat.recommendation.effort.estimate import EffortEstimate
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.use_cases.use_case import UseCase

_NOTED = ("image_classification", "keypoints")
"""Labels whose figures omit something a reader should know."""
_MONEY = {"hourly_rate": "Wages", "unit_price": "Price"}


def effort(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on effort; empty if the use case gives no number of images."""
    document = result.effort
    if document is None:
        return Section("", [])
    main = to_draw(result)[:1]
    lines = sorted(document["strategies"], key=lambda line: line["strategy"] not in main)
    side_by_side = [line for line in lines if line["strategy"] in result.candidates]
    chart = [Picture(partial(_chart, lines, main, rules))] if any(line["hours"] for line in lines) else []
    notes = [
        *_pace(result, document, rules),
        *_price(result, document, rules),
        *_open_ends(lines),
        *_missing(lines, rules),
        *_uncounted(_without_surfaces(lines, result), rules),
        *_all_counted(_whole_scenes(side_by_side, result, rules), rules),
        *(_by_hand(lines, rules) if document["assistance"] else _savings(side_by_side, rules)),
        *_rule_of_thumb(document),
        *_plan(document),
    ]
    title = f"What it takes ({_workload(result.use_case)}; quality assurance included)"
    return Section(title, [*chart, _table(document, lines, len(side_by_side), rules), *notes])


def hours(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield the effort for the labels to draw, then for an alternative and a smaller budget; or how to get it.

    If the effort of some labels is unknown, the others are summed up.
    """
    estimate = result.estimate
    if estimate is None:
        objects = " --effort objects_per_image=5" if result.use_case.objects_per_image is None else ""
        yield f"unknown without --effort images=1000{objects}"
        return
    main, whole = estimate.lines(result.candidates), estimate.hours()
    if whole is None:
        timed, untimed = timed_lines(main)
        for lines in filter(None, [timed, *([line] for line in untimed)]):
            if spent := _spent(added([line["hours"] for line in lines]), lines, result, rules):
                yield f"{titles([line['strategy'] for line in lines], rules, ' plus ')}: {spent}"
        yield from (part.whole for part in _missing(untimed, rules))
        return
    spent, pace = _spent(whole, main, result, rules), _own_pace(estimate.pace, main, rules)
    unseen = ", surfaces not counted" if _without_surfaces(main, result) else ""
    scope = ", every pixel counted" if _whole_scenes(main, result, rules) else unseen
    yield f"{spent} for {_workload(result.use_case)}{scope}{pace}"
    yield from _otherwise(estimate, main, result, rules)


def _otherwise(
    estimate: EffortEstimate, main: list[StrategyEffort], result: Recommendation, rules: RuleSet
) -> Iterator[str]:
    """Yield the hours of a combined label drawn in parts, of the first alternative, and of a smaller budget."""
    if (sides := estimate.side_by_side()) and sides["hours"]:
        parts = titles(sides["strategies"], rules, " plus ")
        yield f"or {parts}: {hours_in_a_sentence(sides['hours'], interval=False)}"
    for strategies in result.outcome.comparable:
        if other := estimate.hours(strategies):
            yield f"{titles(strategies, rules, ' plus ')}: {hours_in_a_sentence(other)}"
            break
    if len(main) == 1 and result.effort and (plan := result.effort["plan"]):
        way = plan["text"].partition(". ")[0]
        yield f"or {way[0].lower()}{way[1:]}: {hours_in_a_sentence(plan['hours'])}"


def timed_lines(lines: list[StrategyEffort]) -> tuple[list[StrategyEffort], list[StrategyEffort]]:
    """Return the labels with an estimate, and those without."""
    return [line for line in lines if line["hours"]], [line for line in lines if not line["hours"]]


def _without_surfaces(lines: list[StrategyEffort], result: Recommendation) -> list[str]:
    """Return the maps estimated from their objects alone because no number of surfaces was given."""
    counted = "surfaces" in result.use_case.effort
    return [line["strategy"] for line in lines if line["basis"] == "outlines" and not counted]


def _whole_scenes(lines: list[StrategyEffort], result: Recommendation, rules: RuleSet) -> list[str]:
    """Return the maps whose pixels all count because no number of objects or surfaces was given."""
    case = result.use_case
    counts = (case.effort.get("surfaces"), case.objects_per_image)
    if case.effort.get("full_scene") or any(count is not None for count in counts):
        return []
    maps = [line["strategy"] for line in lines if line["basis"] == "full_scene"]
    return [strategy for strategy in maps if not rules.strategies[strategy]["tells_apart"]]


def _spent(hours: Amount | None, lines: list[StrategyEffort], result: Recommendation, rules: RuleSet) -> str:
    """Return the hours and cost of the given labels as a sentence; empty if neither is known."""
    money, whose = cost(lines, result, rules)
    figures = [hours_in_a_sentence(hours)] if hours else []
    if money:
        figures.append(money_in_a_sentence(money, result.use_case.effort.get("currency")) + whose)
    return " and ".join(figures)


def cost(lines: list[StrategyEffort], result: Recommendation, rules: RuleSet) -> tuple[Amount | None, str]:
    """Return the total cost of the given labels and, if the price is for one label, a note naming that label."""
    price = result.use_case.effort.get("unit_price")
    priced = lines if price is None else [line for line in lines if line["money"]]
    money = added([line["money"] for line in priced])
    if price is None or not money:
        return money, ""
    alone = f" for {titles([priced[0]['strategy']], rules)} alone" if len(lines) > 1 else ""
    return money, f"{alone} ({price:g} for each {priced[0]['unit']})"


def _own_pace(pace: Pace | None, main: list[StrategyEffort], rules: RuleSet) -> str:
    """Return the user's own pace and the label it applies to; empty if the published paces are used."""
    line = next((line for line in main if line["own_pace"]), None)
    if pace is None or line is None:
        return ""
    label = f" of {titles([line['strategy']], rules)}" if len(main) > 1 else ""
    return f", at {seconds_in_words(pace['seconds'])} seconds for each {line['unit']}{label}"


def hours_of(document: EffortDocument, strategies: Sequence[str]) -> Amount | None:
    """Return the hours for several labels drawn side by side; None if unknown."""
    hours = {line["strategy"]: line["hours"] for line in document["strategies"]}
    return added([hours.get(strategy) for strategy in strategies])


def saved_by_correcting(result: Recommendation) -> str:
    """Return the hours that correcting would save on the first label; empty if unknown or negligible."""
    saved = [line["hours_saved"] for line in result.estimate.lines(to_draw(result)[:1])] if result.estimate else []
    return hours_in_a_sentence(saved[0]) if saved and saved[0] and saved[0]["high"] >= 1 else ""


def _workload(case: UseCase) -> str:
    """Return the amount of labelling work."""
    count = case.objects_per_image
    objects = "" if count is None else f", {count:g} object{'' if count == 1 else 's'} each"
    return f"{amount(case.images or 0, 'image')}{objects}"


def _chart(lines: list[StrategyEffort], main: list[str], rules: RuleSet) -> str:
    """Return a chart of the hours of every label with an estimate, on one scale; the table has the same figures."""
    from annostrat.render.charts.charts import Bar, interval_chart

    bars = []
    for line in lines:
        if hours := line["hours"]:
            title, words = rules.strategies[line["strategy"]]["title"], hours_in_a_sentence(hours)
            bars.append(Bar(title, hours["low"], hours["typical"], hours["high"], words, line["strategy"] in main))
    return interval_chart(bars)


def _table(document: EffortDocument, lines: list[StrategyEffort], side_by_side: int, rules: RuleSet) -> Table:
    """Return the strategies with hours, weeks and any costs; a total follows the labels to draw."""
    people = "1 annotator" if document["annotators"] == 1 else f"{document['annotators']:,} annotators"
    columns = [Column("Label"), Column("Hours", number=True), Column(f"Weeks\n{people}", number=True)]
    paid = document["money_from"]
    if paid:
        columns.append(Column(", ".join(filter(None, [_MONEY[paid], document["currency"]])), number=True))
    rows = []
    for line in lines:
        label = "\n".join(filter(None, [rules.strategies[line["strategy"]]["title"], reckoned_from(line)]))
        weeks = weeks_in_words(line["weeks"], document["week_hours"])
        money = [amount_in_words(line["money"])] if paid else []
        rows.append([label, hours_in_words(line["hours"]), weeks, *money])
    if side_by_side > 1 and document["total"]:
        sides = lines[:side_by_side]
        weeks = weeks_in_words(added([line["weeks"] for line in sides]), document["week_hours"])
        money = [amount_in_words(added([line["money"] for line in sides]))] if paid else []
        rows.insert(side_by_side, ["Together", hours_in_words(document["total"]), weeks, *money])
    if parts := document["side_by_side"]:
        label = f"{titles(parts['strategies'], rules, ' plus ').capitalize()}\neach drawn by itself"
        weeks = weeks_in_words(parts["weeks"], document["week_hours"])
        money = [amount_in_words(parts["money"])] if paid else []
        rows.insert(side_by_side + bool(document["total"]), [label, hours_in_words(parts["hours"]), weeks, *money])
    return Table(columns, rows)


def _pace(result: Recommendation, document: EffortDocument, rules: RuleSet) -> Iterator[Part]:
    """Yield the label that the user's own pace applies to, and the consequences for the others."""
    pace = document["pace"]
    if pace is None:
        if "seconds_per_label" in result.use_case.effort:
            yield Point("Your own pace counts as soon as one label is recommended: it is the pace of that label.")
        return
    unit = next(line["unit"] for line in document["strategies"] if line["strategy"] == pace["strategy"])
    times = f", {pace['ratio']:.2g} times the published time" if pace["ratio"] else ""
    others = " Nobody timed the other labels, so their published times are multiplied by it too."
    if not pace["ratio"]:
        others = " No time was published to compare it with, so the other labels are as published."
    title, seconds = rules.strategies[pace["strategy"]]["title"], seconds_in_words(pace["seconds"])
    text = f"{title}: your own pace, {seconds} seconds for each {unit}{times}."
    yield Point(text + (others if len(document["strategies"]) > 1 else ""))


def _price(result: Recommendation, document: EffortDocument, rules: RuleSet) -> Iterator[Part]:
    """Yield the label that the price per label applies to."""
    if document["money_from"] != "unit_price":
        return
    priced = [line for line in document["strategies"] if line["money"]]
    for line in priced:
        title, price = rules.strategies[line["strategy"]]["title"], result.use_case.effort["unit_price"]
        others = " What the other labels cost is not known." if len(document["strategies"]) > 1 else ""
        yield Point(f"{title}: your own price, {price:g} for each {line['unit']}.{others}")
    if not priced and result.strategy is None:
        yield Point("Your own price counts as soon as one label is recommended: it is the price of that label.")


def _open_ends(lines: list[StrategyEffort]) -> Iterator[Part]:
    if any(hours_in_words(line["hours"]).endswith("+") for line in lines):
        yield Point("A + means at least: the published figures end there, and harder images take longer.")


def _uncounted(maps: list[str], rules: RuleSet) -> Iterator[Part]:
    if maps:
        text = "surfaces such as sky or road are not in these hours; say how many an image shows, as in"
        yield Point(f"{capital(titles(maps, rules, ' and '))}: {text} --effort surfaces=3.")


def _all_counted(maps: list[str], rules: RuleSet) -> Iterator[Part]:
    for strategy in maps:
        yield Point(
            f"{rules.strategies[strategy]['title']}: every pixel counts, since how many regions an image shows is not"
            " known. If only some are outlined, say how many on average: surfaces=2 counts two outlines instead."
        )


def _missing(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Point]:
    """Yield why labels without an estimate have none, and what the figures of some labels omit."""
    notes = []
    for line in lines:
        if line["hours"] is None and line["units"] is None:
            notes.append(("For an estimate, say how many objects an image shows.", line["strategy"]))
        elif line["hours"] is None or (line["strategy"] in _NOTED and not line["own_pace"]):
            notes.append((line["note"], line["strategy"]))
    for note, strategies in grouped(notes).items():
        yield Point(f"{capital(titles(strategies, rules, ', '))}: {note}")


def _by_hand(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Part]:
    """Yield the labels estimated as drawn by hand although annotators have help."""
    unknown = [line["strategy"] for line in lines if line["hours"] and not line["assisted"] and not line["own_pace"]]
    if unknown:
        text = "No time for correcting what a model draws was published for"
        yield Point(f"{text} {titles(unknown, rules, ' and ')}, so the hours given are for drawing by hand.")


def _savings(lines: list[StrategyEffort], rules: RuleSet) -> Iterator[Point]:
    """Yield the savings from correcting, for each label with a published figure."""
    for line in lines:
        saved = line["hours_saved"]
        if saved and saved["high"] >= 1:
            whose = f"{rules.strategies[line['strategy']]['title']}: with" if len(lines) > 1 else "With"
            saving = f"correcting what a model draws would save about {hours_in_a_sentence(saved)}"
            yield Point(f"{whose} assistance=yes, {saving}.")


def _rule_of_thumb(document: EffortDocument) -> Iterator[Part]:
    """Yield the number of images that a rule of thumb suggests."""
    if enough := document["enough"]:
        classes = "" if enough["classes"] == 1 else f" for {enough['classes']:,} classes"
        more = ", more than you have" if enough["images"] > document["images"] else ""
        images = f"That is about {amount(enough['images'], 'image')}{classes}{more}."
        yield Point(f"A rule of thumb: {enough['text']} {images}", enough["sources"])


def _plan(document: EffortDocument) -> Iterator[Part]:
    """Yield the effort for fewer labels, if there is a plan for a smaller budget."""
    if plan := document["plan"]:
        hours, whole = hours_in_a_sentence(plan["hours"]), hours_in_a_sentence(plan["instead_of"], interval=False)
        yield Point(f"On a smaller budget, {hours} instead of {whole}: {plan['text']}", plan["sources"])
