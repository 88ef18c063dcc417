"""VIA, the VGG Image Annotator 2: a project or exported annotations as JSON or CSV, with regions of images in pixels.

VIA has no classes: an attribute with a name such as `class` counts, or else the first one with a value. These files
do not state the sizes of images, so images near them are opened; lines and points have no area. Source:
https://www.robots.ox.ac.uk/~vgg/software/via/docs/user_guide.html, and `via.js` of version 2.0.12.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from annostrat.annotations import UNNAMED, Image
from annostrat.annotations.files.image_files import size_near
from annostrat.annotations.files.regular import bytes_of
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.left_out import LeftOut, UnusableError, not_measured
from annostrat.annotations.reader import Look, Reader, Source, broken, inside, read_items, text_of
from annostrat.annotations.shapes.rotation import ellipse
from annostrat.annotations.text.flags import MEANINGS, flags_in
from annostrat.annotations.text.json import content, decoded, keys, many_images_each
from annostrat.annotations.text.values import number, side, text
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.annotations import Batch, BatchBuilder

_PROJECT = "_via_img_metadata"
_COLUMNS = ("filename", "file_attributes", "region_shape_attributes", "region_attributes")
_CLASS = ("class", "label", "name", "category", "type", "object")
"""Usual names of the attribute that holds the class; the first one present counts."""


def _look(path: str, head: bytes) -> Look:
    if path.lower().endswith(".csv"):
        line = head.partition(b"\n")[0].decode("utf-8-sig", "replace").lstrip("#").strip()
        if {*_COLUMNS} <= {*line.split(",")}:
            return Look(fits=True, found="the columns of VIA")
        other = {*_COLUMNS} <= {*re.split("[;\t]", line)}
        missing = "commas" if other else f"the columns {', '.join(_COLUMNS)}"
        return Look(False, "the columns of VIA" * other, f"{missing} (line 1)")
    found = keys(head)
    if _PROJECT in found:
        return Look(fits=True, found=_PROJECT)
    if any(key.endswith(".file_attributes") for key in found) and any(key.endswith(".filename") for key in found):
        return Look(fits=True, found="images with filename, regions and file_attributes")
    if {"project.vid_list", "config", "view"} <= found:
        return Look(fits=False, found="VIA 3", missing=f"{_PROJECT}: projects of VIA 3, for videos, are not read")
    return Look(fits=False, missing=f"{_PROJECT}, or images with filename, regions and file_attributes")


def _open(files: Sequence[str], root: str) -> Source:
    return many_images_each(files, root, _look, _read)


def _read(root: str, path: str) -> Iterator[Batch]:
    entries = _rows_by_image(path) if path.lower().endswith(".csv") else _images_in(path)
    return read_items(path, entries, partial(_add_image, path, inside(path, root)))


def _add_image(path: str, where: str, entry: Any, builder: BatchBuilder) -> None:
    regions = entry.get("regions") if isinstance(entry, dict) else None
    regions = [*regions.values()] if isinstance(regions, dict) else regions
    if not isinstance(regions, list):
        builder.remark("bad_value", where, "an image without a list of regions")
        return
    name = text(entry.get("filename"))
    if not name:
        builder.remark("image_without_name", where, "named after its file")
    place = f"{where}#{name}"
    image = builder.image(_image(entry, name, path, where, builder))
    left_out = LeftOut()
    for index, region in enumerate(regions):
        with left_out.at(place):
            _add(region, image, index, place, builder, left_out)
    left_out.tell(builder)


def _images_in(path: str) -> Iterator[Any]:
    data = content(path)
    if data.lstrip().startswith(b"["):
        yield from decoded(path, data, list[Any])
        return
    entries = decoded(path, data, dict[str, msgspec.Raw])
    if _PROJECT in entries:
        entries = decoded(path, entries[_PROJECT], dict[str, msgspec.Raw])
    for entry in entries.values():
        yield decoded(path, entry, Any)


def _rows_by_image(path: str) -> Iterator[Any]:
    """Yield the images of a CSV file as in JSON; a row is a region, or an image without any."""
    data, problems = text_of(path, bytes_of(path))
    rows = csv.DictReader(io.StringIO(data.lstrip("#"), newline=""))
    images: dict[str, dict[str, Any]] = {}
    try:
        if not {*_COLUMNS} <= {*(rows.fieldnames or ())}:
            raise broken(path, f"lacks the columns {', '.join(_COLUMNS)}", 1)
        for row in rows:
            name, about, shape, attributes = (row[column] or "" for column in _COLUMNS)
            known = images.setdefault(name, {"filename": name, "regions": [], "file_attributes": _parsed(about)})
            if shape.strip() != "{}":
                known["regions"].append(dict(zip(_OF_REGION, map(_parsed, (shape, attributes)), strict=True)))
    except csv.Error as error:
        raise broken(path, str(error), rows.line_num) from error
    yield from images.values()
    if problems:
        raise InputError(problems)


_OF_REGION = ("shape_attributes", "region_attributes")


def _parsed(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _image(entry: dict[str, Any], name: str, path: str, where: str, builder: BatchBuilder) -> Image:
    about = entry.get("file_attributes")
    width, height = (side(about.get(key)) if isinstance(about, dict) else 0 for key in ("width", "height"))
    if not (width and height):
        width, height = size_near(path, name) or (0, 0)
        if not width:
            builder.remark("image_size_unknown", f"{where}#{name}", "no such image near the labels")
    return Image(name or os.path.splitext(where)[0], width, height, split_of(where), where)


def _add(region: Any, image: int, id_: int, place: str, builder: BatchBuilder, told: LeftOut) -> None:
    shape = region.get("shape_attributes") if isinstance(region, dict) else None
    if not isinstance(shape, dict):
        raise UnusableError("bad_value", "a region without shape_attributes")
    box, outline = _shape_of(shape)
    attributes = region.get("region_attributes")
    named = _classes_of(attributes if isinstance(attributes, dict) else {})
    if not named:
        told.add("without_class", "a region without an attribute that has a value", place)
    if len(named) > 1:
        told.add("several_classes", ", ".join(named)[:80], place)
    builder.label(image, [*named, UNNAMED][0], id_, box=box, outline=outline, flags=flags_in(attributes))


def _shape_of(shape: dict[str, Any]) -> tuple[tuple[float, float, float, float] | None, list[Any]]:
    """Return the box or the outline of a region."""
    kind = shape.get("name")
    if kind == "rect":
        x, y, width, height = (number(shape.get(key)) for key in ("x", "y", "width", "height"))
        return (x, y, x + width, y + height), []
    if kind in ("circle", "ellipse"):
        radii = ("r", "r") if kind == "circle" else ("rx", "ry")
        x, y, wide, high = (number(shape.get(key)) for key in ("cx", "cy", *radii))
        return None, [ellipse(x, y, wide, high, number(shape.get("theta", 0)))]
    if kind == "polygon":
        xs, ys = shape.get("all_points_x"), shape.get("all_points_y")
        if not (isinstance(xs, list) and isinstance(ys, list) and len(xs) == len(ys)):
            raise UnusableError("bad_value", "a polygon without as many x as y")
        return None, [np.array([*map(number, xs), *map(number, ys)]).reshape(2, -1).T]
    raise not_measured(text(kind)) if text(kind) else UnusableError("bad_value", "a region without a shape")


def _classes_of(attributes: dict[str, Any]) -> list[str]:
    """Return the classes of a region: the value of one attribute, or the choices of a checkbox that are set."""
    values = {name: _values_of(value) for name, value in attributes.items() if name.lower() not in MEANINGS}
    by_name = {name.lower(): value for name, value in values.items()}
    ordered = [*(by_name.get(name, []) for name in _CLASS), *values.values()]
    return next((value for value in ordered if value), [])


def _values_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text(name) for name, is_set in value.items() if is_set]
    return [text(value)] if text(value).strip() else []


PLUGIN = Reader(
    "via",
    "VIA",
    f"a JSON file with {_PROJECT} or with images and their regions, or a CSV file with the column {_COLUMNS[2]}",
    (".json", ".csv"),
    _look,
    _open,
    aliases=("vgg", "vgg_image_annotator"),
)
