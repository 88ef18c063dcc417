"""Regions of Label Studio: results that share an id are one region, whose shape and labels may be separate."""

from __future__ import annotations

from collections import Counter
from math import cos, isfinite, radians, sin
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.annotations import MIN_VERTICES, ORIENTED, UNNAMED
from annostrat.annotations.left_out import UnusableError, not_measured
from annostrat.annotations.masks.brush import mask_of_brush
from annostrat.annotations.masks.runs import RunsError
from annostrat.annotations.shapes.rotation import ellipse, envelope
from annostrat.annotations.text.values import number, vertices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.annotations import BatchBuilder


class Region(NamedTuple):
    """A shape of an image.

    Attributes:
        kind: The type of the result without `labels`, such as `rectangle`.
        value: What the shape's result says of it.
        labels: Names of its classes.
        size: Width and height of the image in pixels, where the result says it.
        item: Number of the image, where the task has several.
    """

    kind: str
    value: dict[str, Any]
    labels: list[str]
    size: tuple[float, float] | None
    item: int


def regions_of(results: Iterable[Any], builder: BatchBuilder, where: str) -> Iterator[Region]:
    """Yield the shapes that can be measured; remark on everything else."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for index, result in enumerate(results):
        if isinstance(result, dict) and isinstance(result.get("value", {}), dict):
            id_ = result.get("id")
            groups.setdefault(id_ if isinstance(id_, str | int) else (index,), []).append(result)
        else:
            builder.remark("bad_value", where, "a result without a value")
    others: Counter[str] = Counter()
    for group in groups.values():
        shape = next((result for result in group if _kind(result) in _SHAPES), None)
        if shape is None:
            others.update(_kind(result) for result in group)
        else:
            yield _region(shape, group)
    for kind, times in sorted(others.items()):
        reason = not_measured(kind)
        builder.remark(reason.kind, where, reason.detail, times)


def size_of(result: dict[str, Any]) -> tuple[float, float] | None:
    """Return the size of the image in pixels that a result states, if any."""
    width, height = number(result.get("original_width")), number(result.get("original_height"))
    return (width, height) if 0 < width < float("inf") and 0 < height < float("inf") else None


def _kind(result: dict[str, Any]) -> str:
    kind = str(result.get("type")).lower()
    if kind == "labels" and {"x", "y", "width", "height"} <= result.get("value", {}).keys():
        return "rectangle"
    return kind.removesuffix("labels") or "labels"


def _region(shape: dict[str, Any], group: list[dict[str, Any]]) -> Region:
    values = ((result.get("value", {}), str(result.get("type"))) for result in group if _labels(result))
    listed = [value.get(kind, value.get("labels", ())) for value, kind in values]
    labels = [label for labels in listed if isinstance(labels, list) for label in labels if isinstance(label, str)]
    value = {"rotation": shape.get("rotation"), **shape.get("value", {})}
    item = shape.get("item_index")
    return Region(_kind(shape), value, labels, size_of(shape), item if isinstance(item, int) else 0)


def _labels(result: dict[str, Any]) -> bool:
    return str(result.get("type")).endswith("labels")


def add(region: Region, builder: BatchBuilder, image: int, id_: int, where: str) -> None:
    """Add a region in pixels, or in shares of the image if its size is unknown."""
    if len(region.labels) != 1:
        kind = "several_classes" if region.labels else "without_class"
        builder.remark(kind, where, ", ".join(region.labels) or f"a {region.kind} without a label")
    try:
        shape = _SHAPES[region.kind](region.value, region.size or (1.0, 1.0))
    except UnusableError as reason:
        builder.remark(reason.kind, where, reason.detail)
        return
    builder.label(image, [*region.labels, UNNAMED][0], id_, **shape)
    if shape.get("flags"):
        builder.remark("oriented_boxes", where, f"turned by {number(region.value.get('rotation')):g} degrees")


def _rectangle(value: dict[str, Any], size: tuple[float, float]) -> dict[str, Any]:
    x, width = (number(value.get(key)) * size[0] / 100 for key in ("x", "width"))
    y, height = (number(value.get(key)) * size[1] / 100 for key in ("y", "height"))
    turn = _turn(value)
    if turn % 360 == 0:
        return {"box": (x, y, x + width, y + height)}
    along, across = cos(radians(turn)) / 2, sin(radians(turn)) / 2  # about its upper left corner
    middle = x + width * along - height * across, y + width * across + height * along
    return {"box": envelope(*middle, width, height, radians(turn)), "flags": ORIENTED}


def _polygon(value: dict[str, Any], size: tuple[float, float]) -> dict[str, Any]:
    outline = vertices(value.get("points"))
    if len(outline) < MIN_VERTICES:
        raise UnusableError("empty_outline", f"{len(outline)} points")
    return {"outline": [np.array(outline) * size / 100]}


def _ellipse(value: dict[str, Any], size: tuple[float, float]) -> dict[str, Any]:
    x, radius_x = (number(value.get(key)) * size[0] / 100 for key in ("x", "radiusX"))
    y, radius_y = (number(value.get(key)) * size[1] / 100 for key in ("y", "radiusY"))
    return {"outline": [ellipse(x, y, radius_x, radius_y, radians(_turn(value)))]}


def _turn(value: dict[str, Any]) -> float:
    """Return the degrees by which a shape is turned; 0 if it states none."""
    stated = value.get("rotation")
    turn = 0.0 if stated in (None, "") else number(stated)
    if not isfinite(turn):
        raise UnusableError("bad_value", "a rotation that is no number")
    return turn


def _brush(value: dict[str, Any], size: tuple[float, float]) -> dict[str, Any]:
    try:
        mask = mask_of_brush(value.get("rle", ()), int(size[1]), int(size[0]))
    except RunsError as error:
        raise UnusableError(error.kind, str(error)) from error
    if mask is None:
        raise UnusableError("empty_outline", "a brush without a painted pixel")
    return {"mask": mask}


_SHAPES = {"rectangle": _rectangle, "polygon": _polygon, "ellipse": _ellipse, "brush": _brush, "magicwand": _brush}
