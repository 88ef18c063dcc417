"""Supervisely: a JSON file an image, with rectangles, polygons and bitmaps in pixels.

A bitmap is a PNG that is compressed once more, with the place of its upper left corner. Source:
https://docs.supervisely.com/customization-and-integration/00_ann_format_navi, and `base64_2_data` in
`supervisely/geometry/bitmap.py` of https://github.com/supervisely/supervisely.
"""

from __future__ import annotations

import base64
import os
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from annostrat.annotations import MAX_PLACE, MIN_VERTICES, UNNAMED, Image, box_of_corners
from annostrat.annotations.files.image_files import size_near
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.left_out import LeftOut, UnusableError, not_measured
from annostrat.annotations.masks.png import unpacked
from annostrat.annotations.masks.runs import mask_of_pixels
from annostrat.annotations.reader import Reader, broken, inside, one_image_each
from annostrat.annotations.shapes.holes import with_holes
from annostrat.annotations.text.flags import flags_in
from annostrat.annotations.text.json import Sign, sought, told_by
from annostrat.annotations.text.values import label_id, side, text, vertices
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.reader import Source

    Points = NDArray[np.float64]

MAX_PNG_BYTES = 50_000_000
"""Bytes that a bitmap may unpack to; the result is still a compressed PNG."""
_SETTINGS = ("meta.json", "key_id_map.json", "obj_class_to_machine_color.json")
"""Files of a project that have no labels."""
_CORNERS = 2


class _SuperviselyFile(msgspec.Struct):
    size: Any = None
    objects: Any = None


_look = told_by(
    Sign("objects, framesCount", "Supervisely", "objects of images: those of videos are not read"),
    Sign("size.height, size.width, objects, tags", "size, and objects with classTitle"),
    Sign("size.height, size.width, objects[].classTitle", "size, and objects with classTitle"),
    Sign("objects[].classTitle", "Supervisely", "the keys size, tags, and objects with classTitle"),
    missing="the keys size, tags, and objects with classTitle",
)


def _open(files: Sequence[str], root: str) -> Source:
    labels = [path for path in files if os.path.basename(path) not in _SETTINGS]
    return one_image_each(labels, root, _read)


def _read(path: str, builder: BatchBuilder, root: str) -> None:
    where, named = inside(path, root), path == root
    file = sought(path, _SuperviselyFile, "objects", named=named)
    if file is None or (not named and (file.size is None or file.objects is None)):
        builder.remark("file_passed_over", where, "no size and objects")
        return
    if not isinstance(file.objects, list):
        raise broken(path, "there is no list of objects", hint="wanted: size, tags, objects")
    image = builder.image(_image(file.size, path, where, builder))
    left_out = LeftOut()
    for index, each in enumerate(file.objects):
        with left_out.at(f"{where}#{index}"):
            _add(each, image, index, builder)
            left_out.named(text(each.get("classTitle")), "an object without a classTitle", f"{where}#{index}")
    left_out.tell(builder)


def _image(size: Any, path: str, where: str, builder: BatchBuilder) -> Image:
    name = where.removesuffix(".json")
    stated = size if isinstance(size, dict) else {}
    width, height = side(stated.get("width")), side(stated.get("height"))
    if not (width and height):
        width, height = size_near(path, os.path.basename(name), ("../img", "")) or (0, 0)
        if not width:
            builder.remark("image_size_unknown", where, "no size, and no image near the labels")
    return Image(name, width, height, split_of_folder(where), where)


def _add(each: Any, image: int, index: int, builder: BatchBuilder) -> None:
    if not isinstance(each, dict):
        raise UnusableError("bad_value", "an entry that is not an object")
    label = text(each.get("classTitle")) or UNNAMED
    place, flags = (image, label, label_id(each.get("id"), index)), _flags(each.get("tags"))
    add = partial(builder.label, *place, flags=flags)
    kind = text(each.get("geometryType"))
    if kind in {"bitmap", "alpha_mask"}:
        add(mask=_mask(each.get("bitmap")))
    elif kind == "rectangle":
        corners, _ = _rings(each, kind, _CORNERS)
        box, backwards = box_of_corners(corners)
        builder.label(*place, box=box, flags=flags | backwards)
    elif kind == "polygon":
        add(outline=[with_holes(*_rings(each, kind, MIN_VERTICES))])
    else:
        raise not_measured(kind) if kind else UnusableError("bad_value", "an object without a geometryType")


def _flags(tags: Any) -> int:
    """Return the bits of the tags of an object; a tag without a value means yes."""
    named = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return flags_in({text(tag.get("name")): True if tag.get("value") is None else tag["value"] for tag in named})


def _rings(each: dict[str, Any], kind: str, fewest: int) -> tuple[Points, list[Points]]:
    """Return the outer ring of a shape, and its holes of three points or more."""
    geometry = each.get("geometry")
    stated = geometry.get("points") if isinstance(geometry, dict) else each.get("points")
    points = stated if isinstance(stated, dict) else {}
    inner = points.get("interior")
    outside, *holes = (
        np.array(vertices(ring), np.float64).reshape(-1, 2)
        for ring in [points.get("exterior"), *(inner if isinstance(inner, list) else [])]
    )
    if len(outside) < fewest:
        raise UnusableError("empty_outline", f"a {kind} of {len(outside)} points")
    return outside, [hole for hole in holes if len(hole) >= MIN_VERTICES]


def _mask(bitmap: Any) -> Any:
    """Return the pixels of a bitmap: of colours, those whose alpha is above 0."""
    packed = bitmap.get("data") if isinstance(bitmap, dict) else None
    place = vertices([bitmap.get("origin")])[0] if isinstance(bitmap, dict) else ()
    if not (isinstance(packed, str) and all(abs(each) < MAX_PLACE for each in place)):
        raise UnusableError("bad_value", "a bitmap without a place or without pixels")
    try:
        unpacker = zlib.decompressobj()
        png = unpacker.decompress(base64.b64decode(packed, validate=True), MAX_PNG_BYTES)
        if unpacker.unconsumed_tail:
            raise UnusableError("mask_too_large", f"a bitmap of more than {MAX_PNG_BYTES:,} bytes")
        pixels: Any = unpacked("a bitmap", png)
        mask = mask_of_pixels(pixels[:, :, -1] > 0 if pixels.ndim == len("yxc") else pixels > 0, *map(int, place))
    except (InputError, ValueError, zlib.error) as error:
        raise UnusableError("bad_value", "a bitmap whose PNG cannot be read") from error
    if mask is None:
        raise UnusableError("empty_outline", "a bitmap without a pixel")
    return mask


PLUGIN = Reader(
    "supervisely",
    "Supervisely",
    "a JSON file an image, with size, tags, and objects with a classTitle",
    (".json",),
    _look,
    _open,
    aliases=("sly",),
)
