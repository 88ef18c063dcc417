"""Shapes of CVAT's XML as boxes, outlines and masks in pixels.

Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/. The runs of a mask go along the rows of its own rectangle
and begin with pixels that are not set.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import MIN_VERTICES, OCCLUDED, OCCLUSION_STATED, ORIENTED, UNNAMED
from annostrat.annotations.left_out import UnusableError, not_measured
from annostrat.annotations.masks.rle import mask_of_row_runs
from annostrat.annotations.masks.runs import RunsError
from annostrat.annotations.shapes.rotation import ellipse, envelope
from annostrat.annotations.text.json import is_cut
from annostrat.annotations.text.xml import children_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from annostrat.annotations import BatchBuilder

    Attributes = Mapping[str, str]

_KINDS = re.compile(rb"<(?:[\w.-]{1,99}:)?(image|track)[\s>]")


def kinds_in(path: str, head: bytes) -> set[str]:
    """Return which of `image` and `track` the beginning of a file has, or which is first after a long <meta>."""
    found = {kind.decode() for kind in _KINDS.findall(head.replace(b"\0", b"").lower())}
    if found or not is_cut(head):
        return found
    return {next((element.tag for element in children_of(path) if element.tag in {"image", "track"}), "")} - {""}


_OCCLUDED = {"0": OCCLUSION_STATED, "1": OCCLUSION_STATED | OCCLUDED}


def add_shape(
    tag: str, attributes: Attributes, label: str, image: int, number: int, place: str, builder: BatchBuilder
) -> None:
    """Add a shape to a builder.

    Args:
        tag: Of its element.
        attributes: Of its element.
        label: The class.
        image: What the builder calls the image.
        number: The label's id.
        place: Where the shape is, for remarks.
        builder: Takes the label.

    Raises:
        UnusableError: It is left out.
    """
    arguments_of = _SHAPES.get(tag)
    if arguments_of is None:
        raise not_measured(tag)
    if not label:
        builder.remark("without_class", place, f"a {tag} without a label")
    try:
        found = arguments_of(attributes)
    except RunsError as error:
        builder.remark(error.kind, place, "the rectangle of the mask alone is taken")
        found = {"box": _rectangle(attributes)}
    except (KeyError, ValueError, OverflowError) as error:
        raise UnusableError("bad_value", f"a {tag} whose numbers are missing or none") from error
    flags = found.pop("flags", 0) | _OCCLUDED.get(attributes.get("occluded", ""), 0)
    builder.label(image, label or UNNAMED, number, flags=flags, **found)
    if flags & ORIENTED:
        builder.remark("oriented_boxes", place, "measured on the upright box around it")


def _box(shape: Attributes) -> dict[str, Any]:
    left, top, right, bottom = (float(shape[side]) for side in ("xtl", "ytl", "xbr", "ybr"))
    angle = float(shape.get("rotation", 0))
    if not angle:
        return {"box": (left, top, right, bottom)}
    middle = (left + right) / 2, (top + bottom) / 2
    return {"box": envelope(*middle, right - left, bottom - top, math.radians(angle)), "flags": ORIENTED}


def _polygon(shape: Attributes) -> dict[str, Any]:
    numbers = shape["points"].replace(";", ",").split(",")
    points = np.array(list(map(float, numbers))).reshape(-1, 2)
    if len(points) < MIN_VERTICES:
        raise UnusableError("empty_outline", f"a polygon of {len(points)} points")
    return {"outline": [points]}


def _ellipse(shape: Attributes) -> dict[str, Any]:
    x, y, x_radius, y_radius = (float(shape[key]) for key in ("cx", "cy", "rx", "ry"))
    return {"outline": [ellipse(x, y, x_radius, y_radius, math.radians(float(shape.get("rotation", 0))))]}


def _mask(shape: Attributes) -> dict[str, Any]:
    """Return the pixels of a mask, whose runs go along the rows of its rectangle."""
    left, top, width, height = (int(float(shape[key])) for key in ("left", "top", "width", "height"))
    mask = mask_of_row_runs([int(run) for run in shape["rle"].split(",")], height, width)
    if mask is None:
        raise UnusableError("empty_outline", "a mask without a pixel")
    return {"mask": mask._replace(left=left + mask.left, top=top + mask.top)}


def _rectangle(mask: Attributes) -> tuple[float, float, float, float]:
    left, top, width, height = (float(mask[key]) for key in ("left", "top", "width", "height"))
    return left, top, left + width, top + height


_SHAPES: dict[str, Callable[[Attributes], dict[str, Any]]]
_SHAPES = {"box": _box, "polygon": _polygon, "ellipse": _ellipse, "mask": _mask}

_LINEAR = {"box": ("xtl", "ytl", "xbr", "ybr"), "ellipse": ("cx", "cy", "rx", "ry")}
"""Attributes that change linearly from one keyframe to the next."""


def between(tag: str, first: Attributes, last: Attributes, share: float) -> dict[str, str]:
    """Return the attributes of a box or an ellipse at a share of the way between two keyframes.

    As in CVAT, it turns the shorter way round, and the rest is as in the first keyframe. Source: `interpolate` in
    `cvat/apps/dataset_manager/annotation.py` of https://github.com/cvat-ai/cvat.

    Raises:
        UnusableError: It is another shape, or its numbers are missing or none.
    """
    if tag not in _LINEAR:
        raise UnusableError("between_keyframes", f"a {tag[:40]} that moves")
    try:
        moved = {key: float(first[key]) + (float(last[key]) - float(first[key])) * share for key in _LINEAR[tag]}
        angle, last_angle = (float(shape.get("rotation", 0)) for shape in (first, last))
    except (KeyError, ValueError, OverflowError) as error:
        raise UnusableError("bad_value", f"a {tag} whose numbers are missing or none") from error
    moved["rotation"] = (angle + ((last_angle - angle + 180) % 360 - 180) * share) % 360
    return {**first, **{key: repr(value) for key, value in moved.items()}}
