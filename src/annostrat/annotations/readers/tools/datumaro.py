"""Datumaro: a JSON file a subset, with boxes, polygons, ellipses and masks of items in pixels; Geti exports it too.

Polygons of one class and one group are parts of one object, and a single box of the group is its box, as in Datumaro's
own export to COCO. The order of shapes (`z_order`) is not used. Source: `plugins/data_formats/datumaro/base.py` of
https://github.com/openvinotoolkit/datumaro.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from annostrat.annotations import CROWD, MIN_VERTICES, UNNAMED, Image, doubled
from annostrat.annotations.files.image_files import size_near
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.left_out import LeftOut, UnusableError, not_measured
from annostrat.annotations.masks.rle import mask_of_coco
from annostrat.annotations.reader import Reader, Source, inside, read_items
from annostrat.annotations.shapes.rotation import ellipse
from annostrat.annotations.text.flags import flags_in
from annostrat.annotations.text.json import Sign, content, decoded, many_images_each, told_by
from annostrat.annotations.text.values import MOST_DIGITS, identity, label_id, numbers, side, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Batch, BatchBuilder, ReaderFinding
    from annostrat.annotations.masks.runs import Mask

_NO_SUBSET = "default"
_IMAGES = ("../images/{subset}", "../images", "")


class _DatumaroFile(msgspec.Struct):
    items: list[msgspec.Raw]
    categories: Any = None


class _Object(NamedTuple):
    """The boxes, parts of an outline, and masks of one object."""

    category: str
    id: int
    flags: list[int]
    box: list[tuple[float, float, float, float]]
    outline: list[NDArray[np.float64]]
    mask: list[Mask]


_look = told_by(
    Sign("dm_format_version, items", "dm_format_version and items"),
    Sign("items[].annotations, categories", "categories, and items with annotations"),
    missing="the keys categories, and items with annotations",
)


def _open(files: Sequence[str], root: str) -> Source:
    return many_images_each(files, root, _look, _read)


def _read(root: str, path: str) -> Iterator[Batch]:
    where = inside(path, root)
    return read_items(path, _items(path, where), partial(_add_item, path, where))


def _items(path: str, where: str) -> Iterator[tuple[list[str], list[ReaderFinding], msgspec.Raw]]:
    """Yield the items of a file with the names of the classes, the first also with remarks on these names."""
    file = decoded(path, content(path), _DatumaroFile)
    labels = file.categories.get("label") if isinstance(file.categories, dict) else None
    listed = labels.get("labels") if isinstance(labels, dict) else None
    named = listed if isinstance(listed, list) else []
    names = [text(each.get("name")) if isinstance(each, dict) else "" for each in named]
    remarks = doubled(names, where)
    for raw in file.items:
        yield names, remarks, raw
        remarks = []


def _add_item(
    path: str, where: str, named: tuple[list[str], list[ReaderFinding], msgspec.Raw], builder: BatchBuilder
) -> None:
    names, remarks, raw = named
    builder.remarks += remarks
    item: Any = decoded(path, raw, Any)
    annotations = item.get("annotations") if isinstance(item, dict) else None
    if not isinstance(annotations, list):
        builder.remark("bad_value", where, "an item without a list of annotations")
        return
    place = f"{where}#{text(item.get('id'))}"
    left_out = LeftOut()
    objects: dict[Any, _Object] = {}
    seen = _image(item, path, where, builder)
    for index, annotation in enumerate(annotations):
        with left_out.at(place):
            name, shape = _shape(annotation, seen)
            category = _category(annotation.get("label_id"), names, place, builder)
            getattr(_object_of(annotation, category, index, objects), name).append(shape)
    left_out.tell(builder)
    image = builder.image(seen)
    for category, id_, flags, boxes, outline, masks in objects.values():
        label = partial(builder.label, image, category, id_, flags=int(np.bitwise_or.reduce(flags)))
        if outline or len(masks) == 1:
            drawn = {"outline": outline} if outline else {"mask": masks.pop()}
            label(box=boxes.pop() if len(boxes) == 1 else None, **drawn)
        for box in boxes:
            label(box=box)
        for mask in masks:
            label(mask=mask)


def _image(item: dict[str, Any], path: str, where: str, builder: BatchBuilder) -> Image:
    stated = item.get("image") if isinstance(item.get("image"), dict) else item.get("media")
    about: dict[str, Any] = stated if isinstance(stated, dict) else {}
    name = text(about.get("path")) or text(item.get("id"))
    subset = os.path.splitext(os.path.basename(path))[0]
    size = about.get("size")
    height, width = map(side, size) if isinstance(size, list) and len(size) == len("hw") else (0, 0)
    if not (width and height):
        folders = [folder.format(subset=subset) for folder in _IMAGES]
        width, height = size_near(path, name, folders) or (0, 0)
    if not (width and height):
        builder.remark("image_size_unknown", f"{where}#{text(item.get('id'))}", "no size, and no image near the labels")
    split = split_of(where) if subset == _NO_SUBSET else subset
    return Image(name or f"{where}#", width, height, split, where)


def _object_of(annotation: dict[str, Any], category: str, index: int, objects: dict[Any, _Object]) -> _Object:
    """Return the object that an annotation is a part of: its group, or itself."""
    attributes = annotation.get("attributes")
    crowd = CROWD * (isinstance(attributes, dict) and attributes.get("is_crowd") in (True, 1))
    group = identity(annotation.get("group")) or f"annotation {index}"
    new = _Object(category, label_id(annotation.get("id"), index), [], [], [], [])
    known = objects.setdefault((category, group), new)
    known.flags.append(flags_in(attributes) | crowd)
    return known


def _category(id_: Any, names: list[str], place: str, builder: BatchBuilder) -> str:
    index = identity(int(id_) if isinstance(id_, str) and id_.isdecimal() and len(id_) <= MOST_DIGITS else id_)
    if index is None:
        builder.remark("without_class", place, "an annotation without a class")
        return UNNAMED
    if not (isinstance(index, int) and 0 <= index < len(names)):
        builder.remark("class_beyond_list", place, f"label_id {text(id_)}, and {len(names)} are named")
        return f"class {text(id_)}"
    return names[index] or f"class {index}"


def _shape(annotation: Any, image: Image) -> tuple[str, Any]:
    """Return the field of its object that an annotation fills, and its shape."""
    kind = annotation.get("type") if isinstance(annotation, dict) else None
    if not isinstance(kind, str):
        raise UnusableError("bad_value", "an annotation without a type")
    if kind == "mask":
        return "mask", mask_of_coco(annotation.get("rle"), image.width, image.height)
    if kind not in {"bbox", "polygon", "ellipse"}:
        raise not_measured(kind)
    values = numbers(annotation.get("bbox" if kind == "bbox" else "points"))
    if values is None or (kind != "polygon" and len(values) != len("xyxy")) or len(values) % 2:
        raise UnusableError("bad_value", f"a {kind} without its numbers")
    if kind == "polygon":
        if len(values) < 2 * MIN_VERTICES:
            raise UnusableError("empty_outline", f"a polygon of {len(values) // 2} points")
        return "outline", np.array(values).reshape(-1, 2)
    x1, y1, x2, y2 = values
    if kind == "bbox":
        return "box", (x1, y1, x1 + x2, y1 + y2)
    return "outline", ellipse((x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2)


PLUGIN = Reader(
    "datumaro",
    "Datumaro",
    "a JSON file with categories and with items, which have annotations",
    (".json",),
    _look,
    _open,
    aliases=("geti",),
)
