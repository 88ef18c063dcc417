"""Shapes of LabelMe as outlines, boxes and masks.

Source: `labelme/utils/shape.py` of https://github.com/wkentaro/labelme.
"""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import (
    MAX_PLACE,
    MIN_VERTICES,
    ORIENTED,
    box_of_corners,
)
from annostrat.annotations.left_out import UnusableError, not_measured
from annostrat.annotations.masks.png import unpacked
from annostrat.annotations.masks.runs import mask_of_pixels
from annostrat.annotations.shapes.rotation import ellipse
from annostrat.annotations.text.values import text, vertices
from annostrat.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask

_TURNED = ("rotation", "oriented_rectangle")
"""Names of rectangles with four corners, in X-AnyLabeling and in LabelMe."""
_VOID = "__ignore__"
"""Label of what is neither background nor object, by the convention of LabelMe's own converters."""
_POLYGONS = ("polygon", "quadrilateral")

Box = tuple[float, float, float, float]


def label_of(shape: Any) -> str:
    """Return the class of a shape, empty where it has none.

    Raises:
        UnusableError: It is not a shape, or not to be judged.
    """
    if not isinstance(shape, dict) or not isinstance(shape.get("points"), list):
        raise UnusableError("bad_value", "a shape without points")
    if shape.get("label") == _VOID:
        raise UnusableError("void_region", _VOID)
    return text(shape.get("label"))


def _kind_of(shape: dict[str, Any]) -> str:
    return str(shape.get("shape_type") or "polygon").lower()


def _points_of(shape: dict[str, Any], fewest: int) -> NDArray[np.float64]:
    points = np.array(vertices(shape["points"]), np.float64).reshape(-1, 2)
    if not all(isinstance(point, list) and len(point) == len("xy") for point in shape["points"]):
        raise UnusableError("bad_value", "points that are no pairs of numbers")
    if len(points) < fewest:
        raise UnusableError("empty_outline", f"a {_kind_of(shape)} of {len(points)} points")
    return points


def outline_of(shape: dict[str, Any]) -> NDArray[np.float64] | None:
    """Return the vertices of a shape, or None where it is of another kind."""
    kind = _kind_of(shape)
    if kind == "circle":
        (x, y), (edge_x, edge_y) = _points_of(shape, 2)[:2].tolist()
        radius = math.hypot(edge_x - x, edge_y - y)
        return ellipse(x, y, radius, radius)
    if kind == "ellipse":
        (left, top, right, bottom), _ = box_of_corners(_points_of(shape, 2))
        return ellipse((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2)
    return _points_of(shape, MIN_VERTICES) if kind in _POLYGONS else None


def other_shape(shape: dict[str, Any]) -> tuple[Box | None, int, Mask | None]:
    """Return box, flags and mask of a shape without an outline."""
    kind = _kind_of(shape)
    if kind == "rectangle":
        return *box_of_corners(_points_of(shape, 2)), None
    if kind in _TURNED:
        return box_of_corners(_points_of(shape, MIN_VERTICES))[0], ORIENTED, None
    if kind == "mask":
        mask = _mask_of(shape)
        if mask is None:
            raise UnusableError("empty_outline", "a mask without a pixel")
        return None, 0, mask
    raise not_measured(kind)


def _mask_of(shape: dict[str, Any]) -> Mask | None:
    """Return the pixels of a mask: a PNG file whose upper left corner is the first point."""
    left, top = _points_of(shape, 1)[0].tolist()
    packed = shape.get("mask")
    if not (abs(left) < MAX_PLACE and abs(top) < MAX_PLACE and isinstance(packed, str)):
        raise UnusableError("bad_value", "a mask without a place or without pixels")
    try:
        pixels: Any = unpacked("a mask", base64.b64decode(packed, validate=True))
        is_set = pixels > 0 if pixels.ndim == len("yx") else pixels[:, :, :3].any(axis=2)
        return mask_of_pixels(is_set, int(left), int(top))
    except (InputError, ValueError) as error:
        raise UnusableError("bad_value", "a mask whose PNG cannot be read") from error
