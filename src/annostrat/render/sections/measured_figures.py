"""The figures of a measurement: over all objects, their distributions, and class by class."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.render.charts import histogram, silhouettes
from annostrat.render.charts.histogram import Histogram, histogram_of_counts
from annostrat.render.charts.silhouettes import Silhouette
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
    from annostrat.measure.contract import MeasuredFigure, MeasuredKeypoint, Measurement
    from annostrat.recommendation.contract import MeasuredAnswer

_INTERVALS = (
    "Of 100 such intervals, 95 hold the figure of all images of the kind. Images, not objects, are assumed to be picked"
    " by chance: the objects of one image are alike."
)


def figures(measured: Measurement, *, meanings: bool) -> Section:
    """Return a table of the figures."""
    if meanings:
        columns = [Column("Figure"), Column("Value\n95 % interval", number=True), Column("What it says")]
        rows = [
            [figure["title"], f"{figure['value']:.3f}\n{_interval(figure)}", figure["meaning"]]
            for figure in measured["figures"]
        ]
    else:
        columns = [Column("Figure"), Column("Value", number=True), Column("95 % interval", number=True)]
        rows = [[figure["title"], f"{figure['value']:.3f}", _interval(figure)] for figure in measured["figures"]]
    return Section("Figures", [Table(columns, rows), Paragraph(_INTERVALS, aside=True)] if rows else [])


def keypoints(measured: Measurement) -> Section:
    """Return a table of how often each keypoint is hidden."""
    columns = [Column("Keypoint"), Column("Class"), Column("Hidden", number=True), Column("95 % interval", number=True)]
    rows = [[each["name"], each["of_class"], f"{each['value']:.3f}", _interval(each)] for each in measured["keypoints"]]
    return Section("Hidden keypoints", [Table(columns, rows)] if rows else [])


def _interval(figure: MeasuredFigure | MeasuredKeypoint) -> str:
    if figure["low"] is None or figure["high"] is None:
        return f"too few images ({figure['images']:,})"
    return f"{figure['low']:.3f} to {figure['high']:.3f}"


def spreads(measured: Measurement) -> Section:
    """Return histograms of the objects per image and of the values of figures over objects."""
    titles = {figure["id"]: figure["title"] for figure in measured["figures"]}
    counts, bins_of = measured["objects_per_image"], measured["histograms"]
    charts = [histogram_of_counts("Objects in an image", counts)] if counts else []
    charts += [Histogram(titles[id_], bins) for id_, bins in bins_of.items() if any(bins) and id_ in titles]
    alternative = " ".join(f"{chart.title}: the middle half from {chart.middle_half()}." for chart in charts)
    picture = Picture(partial(histogram.svg, charts), alternative, partial(histogram.characters, charts))
    return Section("How they are spread", [picture] if measured["counts"]["objects"] else [])


def classes(measured: Measurement, rules: RuleSet, most: int) -> Section:
    """Return a table of the largest classes, and the number of classes omitted."""
    asked = list(measured["answers"])
    columns = [Column("Class"), Column("Objects", number=True), Column("Images", number=True)]
    columns += [Column(rules.questions[question]["title"]) for question in asked]
    rows = [
        [one["name"], f"{one['objects']:,}", f"{one['images']:,}", *(_cell(one["answers"][each]) for each in asked)]
        for one in measured["classes"]
    ]
    parts: list[Part] = [Table(columns, rows[:most])] if rows[:most] else []
    if rest := measured["classes"][most:]:
        objects = amount(sum(entry["objects"] for entry in rest), "object")
        text = f"And {amount(len(rest), 'more class', 'more classes')} with {objects} in all"
        parts.append(More(text, [Table(columns, rows[most:])]))
    return Section("Classes", parts)


def _cell(answer: MeasuredAnswer) -> str:
    """Return an answer above its interval."""
    if answer["value"] is None:
        return f"{answer['answer']}\nnot told"
    if answer["low"] is None or answer["high"] is None:
        return f"{answer['answer']}\n{answer['value']:.2f}, few images"
    return f"{answer['answer']}\n{answer['low']:.2f} to {answer['high']:.2f}"


def silhouettes_of(measured: Measurement, most: int) -> Section:
    """Return the average silhouettes of the largest classes."""
    drawn = [Silhouette(entry["name"], entry["silhouette"]) for entry in measured["classes"] if entry["silhouette"]]
    first = drawn[:most]
    alternative = f"Average silhouettes of {', '.join(each.name for each in first)}."
    picture = Picture(partial(silhouettes.svg, first), alternative, partial(silhouettes.characters, first))
    legend = "Every object is stretched to the same square; the darker a place, the more of them cover it."
    return Section("Average silhouettes", [picture, Paragraph(legend, aside=True)] if first else [])


def parts_of_others(measured: Measurement) -> Section:
    """Return the classes that look like parts of others."""
    points = []
    for entry in measured["part_of"]:
        inside = f"{entry['share']:.0%} of its {entry['objects']:,} objects lie"
        inside = "Its one object lies" if entry["objects"] == 1 else inside
        text = (
            f"{inside} in boxes of {entry['whole']}, so it looks like a part of it, and is not counted as covered by"
            " it. If it is not a part, occlusion is more than measured here: answer it yourself."
        )
        points.append(Point(text, lead=f"{entry['part']}:"))
    return Section("What looks like parts of others", folded(points, "pair"))
