"""LabelMe: a JSON file an image, with polygons, rectangles, circles and masks in pixels; AnyLabeling's are the same.

The image itself, which such a file may hold in base64, is skipped and not decoded.
Source: `labelme/utils/shape.py` of https://github.com/wkentaro/labelme, and its `examples/instance_segmentation`, where
shapes of one label and one `group_id` are one object.
"""

from __future__ import annotations

import base64
import io
import math
import os
import struct
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, ORIENTED, TRUNCATED, TRUNCATION_STATED, Image, cropped
from annostrat.readers._base import MAX_PIXELS, Look, Reader, Source, broken, in_pieces, inside, read_each
from annostrat.readers._image_files import size_of
from annostrat.readers._json import content, decoded, keys, number
from annostrat.readers._png import header_of
from annostrat.readers._rotation import ellipse
from annostrat.readers._splits import split_of_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import BatchBuilder, Mask

_FLAGS = {"occluded": (OCCLUDED, OCCLUSION_STATED), "truncated": (TRUNCATED, TRUNCATION_STATED)}
_POLYGONS = (None, "", "polygon", "quadrilateral")
_FEWEST = 3
"""Vertices of an outline."""


Box = tuple[float, float, float, float]


class _File(msgspec.Struct):
    shapes: Any = None
    imagePath: Any = None  # noqa: N815 - the format's own names
    imageWidth: Any = None  # noqa: N815
    imageHeight: Any = None  # noqa: N815


class _UnusableError(Exception):
    """A shape that is left out, with the kind of remark and its detail."""


def _look(_path: str, head: bytes) -> Look:
    found = keys(head)
    shapes = {"shapes[].points", "shapes[].label"} <= found
    if shapes or ("imagePath" in found and {"shapes", "imageData"} & found):
        return Look(fits=True, found="shapes with a label and points" if shapes else "imagePath and shapes")
    return Look(fits=False, missing="the keys shapes and imagePath")


def _open(files: Sequence[str], root: str) -> Source:
    return Source(in_pieces(files), partial(read_each, read=partial(_read, root=root)))


def _read(path: str, builder: BatchBuilder, root: str) -> None:
    data = bytes(content(path))
    if path != root and b'"shapes"' not in data:
        return
    file = decoded(path, data, _File)
    if not isinstance(file.shapes, list):
        raise broken(path, "there is no list of shapes", hint="wanted: shapes, imagePath, imageWidth, imageHeight")
    where = inside(path, root)
    image = builder.image(_image(file, path, where, builder))
    _add_shapes(file.shapes, image, where, builder)


def _image(file: _File, path: str, where: str, builder: BatchBuilder) -> Image:
    name = file.imagePath.replace("\\", "/") if isinstance(file.imagePath, str) else ""
    if not name:
        builder.remark("image_without_name", where, "named after its JSON file")
    width, height = number(file.imageWidth), number(file.imageHeight)
    if not (0 < width < math.inf and 0 < height < math.inf):
        beside = os.path.join(os.path.dirname(path), name)
        width, height = (name and "\0" not in name and size_of(beside)) or (0, 0)
        if not width:
            builder.remark("image_size_unknown", where, "no imageWidth and imageHeight, and no image beside the labels")
    return Image(name or os.path.splitext(where)[0], width, height, split_of_folder(where), where)


def _add_shapes(shapes: Sequence[Any], image: int, where: str, builder: BatchBuilder) -> None:
    """Add the objects; shapes of one label and one group are parts of one."""
    left_out: dict[tuple[str, str], list[int]] = {}
    grouped: dict[tuple[str, Any], tuple[int, int, list[NDArray[np.float64]]]] = {}
    for index, shape in enumerate(shapes):
        try:
            label, flags, outline = _label_of(shape), _flags_of(shape), _outline_of(shape)
            if outline is None:
                box, turned, mask = _other_shape(shape)
                builder.label(image, label, index, box=box, mask=mask, flags=flags | turned)
                if turned:
                    builder.remark("oriented_boxes", f"{where}#{index}", "measured on the upright box around it")
                continue
        except _UnusableError as reason:
            left_out.setdefault(reason.args, []).append(index)
            continue
        group = shape.get("group_id")
        key = label, index if group is None else f"group {group}"
        first, known, parts = grouped.setdefault(key, (index, 0, []))
        parts.append(outline)
        grouped[key] = first, known | flags, parts
    for (label, _), (first, flags, parts) in grouped.items():
        builder.label(image, label, first, outline=parts, flags=flags)
    for (kind, detail), indices in left_out.items():
        builder.remark(kind, f"{where}#{indices[0]}", detail, len(indices))


def _label_of(shape: Any) -> str:
    if not isinstance(shape, dict) or not isinstance(shape.get("points"), list):
        raise _UnusableError("bad_value", "a shape without points")
    label = shape.get("label")
    if not isinstance(label, str | int):
        raise _UnusableError("bad_value", "a shape without a label")
    return str(label)


def _flags_of(shape: dict[str, Any]) -> int:
    """Return the bits of what people flag a shape as: LabelMe lets them name flags as they like."""
    stated = shape.get("flags")
    if not isinstance(stated, dict):
        return 0
    bits = 0
    for name, said in stated.items():
        if name.lower() in _FLAGS and isinstance(said, bool):
            flag, known = _FLAGS[name.lower()]
            bits |= known | flag * said
    return bits


def _points_of(shape: dict[str, Any], fewest: int) -> NDArray[np.float64]:
    if not all(isinstance(point, list) and len(point) == len(("x", "y")) for point in shape["points"]):
        raise _UnusableError("bad_value", "points that are no pairs of numbers")
    points = np.array([(number(x), number(y)) for x, y in shape["points"]]).reshape(-1, 2)
    if len(points) < fewest:
        raise _UnusableError("empty_outline", f"a {shape.get('shape_type') or 'polygon'} of {len(points)} points")
    return points


def _outline_of(shape: dict[str, Any]) -> NDArray[np.float64] | None:
    """Return the vertices of a shape, or None where it is of another kind."""
    kind = shape.get("shape_type")
    if kind == "circle":
        (x, y), (edge_x, edge_y) = _points_of(shape, 2)[:2].tolist()
        radius = math.hypot(edge_x - x, edge_y - y)
        return ellipse(x, y, radius, radius)
    return _points_of(shape, _FEWEST) if kind in _POLYGONS else None


def _other_shape(shape: dict[str, Any]) -> tuple[Box | None, int, Mask | None]:
    """Return box, flags and mask of what is no outline."""
    kind = shape.get("shape_type")
    if kind == "rectangle":
        return _envelope(_points_of(shape, 2)), 0, None
    if kind == "rotation":
        return _envelope(_points_of(shape, _FEWEST)), ORIENTED, None
    if kind == "mask":
        mask = _mask_of(shape)
        if mask is None:
            raise _UnusableError("empty_outline", "a mask without a pixel")
        return None, 0, mask
    raise _UnusableError("shape_not_measured", str(kind)[:40])


def _envelope(points: NDArray[np.float64]) -> Box:
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return left, top, right, bottom


def _mask_of(shape: dict[str, Any]) -> Mask | None:
    """Return the pixels of a mask: a PNG file whose upper left corner is the first point."""
    left, top = _points_of(shape, 1)[0].tolist()
    text = shape.get("mask")
    if not (math.isfinite(left) and math.isfinite(top) and isinstance(text, str)):
        raise _UnusableError("bad_value", "a mask without a place or without pixels")
    try:
        pixels = _pixels_of(base64.b64decode(text, validate=True))
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise _UnusableError("bad_value", "a mask whose PNG cannot be read") from error
    return cropped(pixels, int(left), int(top))


def _pixels_of(data: bytes) -> NDArray[np.bool_]:
    from PIL import Image as Picture

    header = header_of(data)
    if header is None or header.width * header.height > MAX_PIXELS:
        raise ValueError("no PNG, or one too large to be unpacked")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Picture.DecompressionBombWarning)
        with Picture.open(io.BytesIO(data), formats=("PNG",)) as picture:
            return np.asarray(picture.convert("L")) > 0


PLUGIN = Reader("labelme", "LabelMe", "JSON files with shapes and imagePath, one an image", (".json",), _look, _open)
