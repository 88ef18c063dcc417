"""The figures over all objects: a table with intervals, and how their values are spread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.render.charts.histogram import Histogram, counted, drawn, lines
from annostrat.render.sections.sections import Column, Paragraph, Picture, Section, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.measure.contract import MeasuredFigure, MeasuredKeypoint, Measurement

_INTERVALS = (
    "Of 100 intervals made like these, 95 hold the figure that all images of the kind have. Images are taken to be"
    " picked by chance, not objects: those of one image are alike."
)


def figures(found: Measurement, *, meanings: bool) -> Section:
    """Return a table of the figures."""
    shown = found["figures"]
    if meanings:
        columns = [Column("Picture"), Column("Value\n95 % interval", number=True), Column("What it says")]
        rows = [[each["title"], f"{each['value']:.3f}\n{_interval(each)}", each["meaning"]] for each in shown]
    else:
        columns = [Column("Picture"), Column("Value", number=True), Column("95 % interval", number=True)]
        rows = [[each["title"], f"{each['value']:.3f}", _interval(each)] for each in shown]
    return Section("Figures", [Table(columns, rows), Paragraph(_INTERVALS, aside=True)] if rows else [])


def keypoints(found: Measurement) -> Section:
    """Return a table of how often each keypoint is hidden."""
    columns = [Column("Keypoint"), Column("Class"), Column("Hidden", number=True), Column("95 % interval", number=True)]
    rows = [[each["name"], each["of_class"], f"{each['value']:.3f}", _interval(each)] for each in found["keypoints"]]
    return Section("Hidden keypoints", [Table(columns, rows)] if rows else [])


def _interval(figure: MeasuredFigure | MeasuredKeypoint) -> str:
    if figure["low"] is None or figure["high"] is None:
        return f"too few images ({figure['images']:,})"
    return f"{figure['low']:.3f} to {figure['high']:.3f}"


def spreads(found: Measurement) -> Section:
    """Return histograms of how objects are spread over images, and the values of figures over objects."""
    titles = {figure["id"]: figure["title"] for figure in found["figures"]}
    charts = [counted("Objects in an image", found["objects_per_image"])] if found["objects_per_image"] else []
    charts += [Histogram(titles[id_], bins) for id_, bins in found["histograms"].items() if any(bins) and id_ in titles]
    figure = Picture(partial(drawn, charts), _told(charts), partial(lines, charts))
    return Section("How they are spread", [figure] if found["counts"]["objects"] else [])


def _told(charts: Sequence[Histogram]) -> str:
    """Return between which values the middle half lies."""
    return " ".join(f"{chart.title}: the middle half from {chart.middle_half()}." for chart in charts)
