"""The classes of a measurement: their answers, their average silhouettes, and which are parts of others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.render.charts.silhouettes import Silhouette, drawn, lines
from annostrat.render.sections.sections import (
    Column,
    More,
    Paragraph,
    Part,
    Picture,
    Point,
    Section,
    Table,
    amount,
    folded,
)

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import MeasuredClass, Measurement, PartOfClass
    from annostrat.recommendation.contract import MeasuredAnswer


def classes(found: Measurement, rules: RuleSet, most: int) -> Section:
    """Return a table of the classes with most objects, and how many more there are."""
    shown, rest = found["classes"][:most], found["classes"][most:]
    asked = list(found["answers"])
    columns = [Column("Class"), Column("Objects", number=True), Column("Images", number=True)]
    columns += [Column(rules.questions[question]["title"]) for question in asked]
    parts: list[Part] = [Table(columns, [_row(entry, asked) for entry in shown])] if shown else []
    if rest:
        objects = amount(sum(entry["objects"] for entry in rest), "object")
        text = f"And {amount(len(rest), 'more class', 'more classes')} with {objects} in all"
        parts.append(More(text, [Table(columns, [_row(entry, asked) for entry in rest])]))
    return Section("Classes", parts)


def _row(entry: MeasuredClass, asked: list[str]) -> list[str]:
    answers = (_cell(entry["answers"][question]) for question in asked)
    return [entry["name"], f"{entry['objects']:,}", f"{entry['images']:,}", *answers]


def _cell(answer: MeasuredAnswer) -> str:
    """Return an answer over its interval."""
    if answer["value"] is None:
        return f"{answer['answer']}\nnot told"
    if answer["low"] is None or answer["high"] is None:
        return f"{answer['answer']}\n{answer['value']:.2f}, few images"
    return f"{answer['answer']}\n{answer['low']:.2f} to {answer['high']:.2f}"


def silhouettes(found: Measurement, most: int) -> Section:
    """Return the average silhouettes of the classes with most objects."""
    shown = [Silhouette(entry["name"], entry["silhouette"]) for entry in found["classes"] if entry["silhouette"]][:most]
    figure = Picture(
        partial(drawn, shown),
        f"Average silhouettes of {', '.join(each.name for each in shown)}.",
        partial(lines, shown),
    )
    legend = "Every object stretched to the same square; the stronger the shade, the more of them cover that place."
    return Section("Average silhouettes", [figure, Paragraph(legend, aside=True)] if shown else [])


def _inside(entry: PartOfClass) -> str:
    """Return how many objects of a class lie inside those of another."""
    if entry["objects"] == 1:
        return "Its one object lies"
    return f"{entry['share']:.0%} of its {entry['objects']:,} objects lie"


def parts(found: Measurement) -> Section:
    """Return which classes were found to be parts of others."""
    points: list[Part] = [
        Point(
            f"{_inside(entry)} in boxes of {entry['whole']}, so that it looks like a part of it, and is not taken to be"
            " covered by it. If it is no part, occlusion is more than measured here: answer it yourself.",
            lead=f"{entry['part']}:",
        )
        for entry in found["part_of"]
    ]
    return Section("What looks like parts of others", folded(points, "pair"))
