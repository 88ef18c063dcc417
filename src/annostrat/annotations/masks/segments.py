"""Segments of COCO panoptic's images, and their pixels: an id is red + 256 x green + 65536 x blue, and 0 is nothing.

Source: `rgb2id` in `panopticapi/utils.py` of https://github.com/cocodataset/panopticapi.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from annostrat.annotations import CROWD, STUFF, Image
from annostrat.annotations.masks.png import masks_in, values_of
from annostrat.annotations.reader import inside, problems_of
from annostrat.annotations.text.values import identity, label_id, numbers, text
from annostrat.errors import InputError

if TYPE_CHECKING:
    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.masks.runs import Mask


class Annotation(msgspec.Struct):
    """The needed fields of an annotation, which is for one image."""

    segments_info: list[dict[str, Any]]
    image_id: Any = None
    file_name: Any = None


def id_of(value: Any) -> int | str | None:
    """Return an id of an image or a category; a number that is written as text is that number."""
    id_ = identity(value)
    return int(id_) if isinstance(id_, str) and id_.isascii() and id_.isdigit() and len(id_) <= MOST_DIGITS else id_


MOST_DIGITS = 18


class SegmentsPiece(NamedTuple):
    """Annotations as JSON, beginning with number `start`, and all images and classes by id."""

    path: str
    root: str
    start: int
    annotations: tuple[bytes, ...]
    images: dict[Any, Image]
    categories: dict[Any, tuple[str, bool]]


def add(annotation: Annotation, index: int, piece: SegmentsPiece, builder: BatchBuilder) -> None:
    """Add the image and the segments of an annotation."""
    where = f"{inside(piece.path, piece.root)}#{index}"
    image = piece.images.get(id_of(annotation.image_id))
    if image is None:
        builder.remark("unknown_image", where, f"image_id {text(annotation.image_id)}", len(annotation.segments_info))
        return
    masks = _masks(annotation, image, piece, builder, where)
    number_ = builder.image(image)
    seen: set[Any] = set()
    for segment in annotation.segments_info:
        id_ = id_of(segment.get("id"))
        if id_ is not None and id_ in seen:
            builder.remark("duplicate_id", where, f"segment {id_}")
        seen.add(id_)
        _add_segment(segment, piece, builder, number_, masks, where)
    strangers = len((masks or {}).keys() - seen - {0})
    if strangers:
        builder.remark("pixels_without_segment", where, "ids of the PNG file that segments_info lacks", strangers)


def _masks(
    annotation: Annotation, image: Image, piece: SegmentsPiece, builder: BatchBuilder, where: str
) -> dict[int, Mask] | None:
    """Return the masks by the segment's id, or None without a usable PNG file."""
    path = _png(annotation.file_name, piece.path)
    if path is None:
        builder.remark("missing_mask", where, f"no file {text(annotation.file_name)}")
        return None
    try:
        values = values_of(path, red_is_low=True)
        masks = masks_in(path, values)
    except (InputError, OSError) as error:
        builder.problems += problems_of(path, error)
        return None
    height, width = values.shape
    if image.width and (width, height) != (image.width, image.height):
        detail = f"{width} x {height} pixels, the image has {image.width:g} x {image.height:g}"
        builder.remark("mask_overruns", where, detail)
        return None
    if masks is None:
        builder.remark("not_a_mask", where, f"{annotation.file_name}: neighbouring pixels differ, as in a photograph")
    return masks


def _png(name: Any, path: str) -> str | None:
    """Return the PNG file of an annotation, which must be inside the folders of the dataset."""
    if not isinstance(name, str) or os.path.isabs(name) or ".." in name.split("/") or "\0" in name:
        return None
    stem = path.removesuffix(".json")
    folders = (stem, os.path.dirname(path), os.path.join(os.path.dirname(path), stem.rpartition("panoptic_")[2]))
    return next((found for folder in folders if os.path.isfile(found := os.path.join(folder, name))), None)


def _add_segment(
    segment: dict[str, Any],
    piece: SegmentsPiece,
    builder: BatchBuilder,
    image: int,
    masks: dict[int, Mask] | None,
    where: str,
) -> None:
    id_, category = label_id(id_of(segment.get("id")), -1), id_of(segment.get("category_id"))
    if id_ < 0:
        builder.remark("bad_value", where, f"segment id {text(segment.get('id'))}")
        return
    if category not in piece.categories:
        builder.remark("class_beyond_list", where, text(category))
    name, is_thing = piece.categories.get(category, (f"class {text(category)}", True))
    mask = (masks or {}).get(id_)
    if masks is not None and mask is None:
        builder.remark("segment_without_pixels", where, f"segment {id_}")
    box = _box(segment.get("bbox"))
    if mask is not None or box is not None:
        flags = (0 if is_thing else STUFF) | (CROWD if segment.get("iscrowd") else 0)
        builder.label(image, name, id_, box=box, mask=mask, flags=flags)
    else:
        builder.remark("bad_value", where, f"segment {id_} has neither a box nor pixels")


def _box(stated: Any) -> tuple[float, float, float, float] | None:
    box = numbers(stated)
    if box is None or len(box) != 4:  # noqa: PLR2004 - x, y, width, height
        return None
    x, y, width, height = box
    return x, y, x + width, y + height
