"""COCO panoptic: a JSON file with the segments of each image, and PNG files whose colours are the segments' ids.

Source: https://cocodataset.org/#format-data and `panopticapi/utils.py` of https://github.com/cocodataset/panopticapi:
an id is red + 256 x green + 65536 x blue, and 0 is nothing. The PNG files are in a folder named like the JSON file, or
beside it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from annostrat.annotations import CROWD, REGION, BatchBuilder, Image
from annostrat.errors import InputError
from annostrat.readers._base import HEAD_BYTES, Look, Reader, Source, fitting, inside, is_full, unreadable
from annostrat.readers._json import content, decoded, keys, number
from annostrat.readers._png import areas_in, mask_of, values_of
from annostrat.readers._splits import split_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.annotations import Batch, Mask
    from annostrat.errors import Problem

PIECE_IMAGES = 200


class _Image(msgspec.Struct):
    id: Any = None
    file_name: Any = None
    width: Any = None
    height: Any = None


class _Category(msgspec.Struct):
    id: Any = None
    name: Any = None
    isthing: Any = None


class _File(msgspec.Struct):
    annotations: list[msgspec.Raw]
    images: list[_Image] = []
    categories: list[_Category] = []


class _Annotation(msgspec.Struct):
    segments_info: list[dict[str, Any]]
    image_id: Any = None
    file_name: Any = None


class _Piece(NamedTuple):
    """Annotations as JSON, beginning with number `start`, and all images and classes by id."""

    path: str
    root: str
    start: int
    annotations: tuple[bytes, ...]
    images: dict[Any, Image]
    categories: dict[Any, tuple[str, bool]]


def look(path: str, head: bytes) -> Look:
    """Tell panoptic segments from other COCO files; a long list of images may stand before them."""
    found = keys(head)
    if "annotations[].segments_info" in found:
        return Look(fits=True, found="annotations with segments_info")
    if "images[].file_name" in found and "annotations" not in found and _has_segments(path):
        return Look(fits=True, found="annotations with segments_info, after the images")
    return Look(fits=False, missing="annotations with segments_info")


def _has_segments(path: str) -> bool:
    try:
        data = content(path)
    except (OSError, InputError):
        return False
    start = re.search(rb'"annotations"', data)
    return (
        start is not None and re.search(rb'"segments_info"', data[start.end() : start.end() + HEAD_BYTES]) is not None
    )


def open_files(files: Sequence[str], root: str) -> Source:
    """Read the JSON files, and cut them into pieces of some images."""
    pieces: list[_Piece] = []
    problems: list[Problem] = []
    for path in fitting(files, root, look):
        try:
            pieces += _pieces(path, root)
        except InputError as error:
            problems += error.problems
        except OSError as error:
            problems.append(unreadable(path, error))
    return Source(pieces, _read, problems=problems)


def _pieces(path: str, root: str) -> Iterator[_Piece]:
    file = decoded(path, content(path), _File)
    where = inside(path, root)
    images = {_key(each.id): _image(each, where) for each in file.images}
    categories = {_key(each.id): (str(each.name), each.isthing in {None, 1}) for each in file.categories}
    ids = [_image_id(raw, path) for raw in file.annotations]
    for start in range(0, len(ids), PIECE_IMAGES):
        part = slice(start, start + PIECE_IMAGES)
        used = {id_: images[id_] for id_ in ids[part] if id_ in images}
        yield _Piece(path, root, start, tuple(map(bytes, file.annotations[part])), used, categories)
    unlabelled = {id_: images[id_] for id_ in images.keys() - set(ids)}
    if unlabelled:
        yield _Piece(path, root, len(ids), (), unlabelled, categories)


def _key(id_: Any) -> Any:
    """Return an id as it can be looked up: Mapillary's are texts, and a broken file has anything."""
    return id_ if isinstance(id_, int | str) else str(id_)


def _image(stated: _Image, where: str) -> Image:
    width, height = number(stated.width), number(stated.height)
    known = 0 < width < float("inf") and 0 < height < float("inf")
    name = str(stated.file_name or stated.id)
    return Image(name, width if known else 0, height if known else 0, split_of(where), where)


def _image_id(raw: msgspec.Raw, path: str) -> Any:
    try:
        return _key(decoded(path, raw, _Annotation).image_id)
    except InputError:
        return None


def _read(piece: _Piece) -> Iterator[Batch]:
    builder = BatchBuilder()
    if not piece.annotations:
        for image in sorted(piece.images.values()):
            builder.image(image)
    for index, raw in enumerate(piece.annotations, piece.start + 1):
        try:
            _add(decoded(piece.path, raw, _Annotation), index, piece, builder)
        except InputError as error:
            message = f"annotation {index}: {error.problems[0].message}"
            builder.problems.append(error.problems[0]._replace(message=message))
        if is_full(builder):
            yield builder.batch()
            builder = BatchBuilder()
    yield builder.batch()


def _add(annotation: _Annotation, index: int, piece: _Piece, builder: BatchBuilder) -> None:
    where = f"{inside(piece.path, piece.root)}#{index}"
    image = piece.images.get(_key(annotation.image_id))
    if image is None:
        builder.remark("unknown_image", where, str(annotation.image_id))
        image = Image(str(annotation.file_name or annotation.image_id), 0, 0, "", where.rpartition("#")[0])
    masks = _masks(annotation, image, piece, builder, where)
    number_ = builder.image(image)
    seen: set[Any] = set()
    for segment in annotation.segments_info:
        id_ = segment.get("id")
        if id_ in seen:
            builder.remark("duplicate_id", where, f"segment {id_}")
        seen.add(id_)
        _add_segment(segment, piece, builder, number_, masks, where)
    strangers = len((masks or {}).keys() - seen - {0})
    if strangers:
        builder.remark("pixels_without_segment", where, "ids of the PNG file that segments_info lacks", strangers)


def _masks(
    annotation: _Annotation, image: Image, piece: _Piece, builder: BatchBuilder, where: str
) -> dict[int, Mask] | None:
    """Return the masks by the segment's id, or None where there is no PNG file that could be used."""
    path = _png(annotation.file_name, piece.path)
    if path is None:
        builder.remark("missing_mask", where, f"no file {annotation.file_name}")
        return None
    try:
        values = values_of(path, red_is_low=True)
    except InputError as error:
        builder.problems += error.problems
        return None
    height, width = values.shape
    if image.width and (width, height) != (image.width, image.height):
        detail = f"{width} x {height} pixels, the image has {image.width:g} x {image.height:g}"
        builder.remark("mask_overruns", where, detail)
        return None
    areas = areas_in(values)
    if areas is None:
        builder.remark("not_a_mask", where, f"{annotation.file_name}: neighbouring pixels differ, as in a photograph")
        return None
    return {area.value: mask_of(values, area) for area in areas}


def _png(name: Any, path: str) -> str | None:
    """Return the PNG file of an annotation; one outside the data set's folders is none of its files."""
    if not isinstance(name, str) or os.path.isabs(name) or ".." in name.split("/") or "\0" in name:
        return None
    stem = path.removesuffix(".json")
    folders = (stem, os.path.dirname(path), os.path.join(os.path.dirname(path), stem.rpartition("panoptic_")[2]))
    return next((found for folder in folders if os.path.isfile(found := os.path.join(folder, name))), None)


def _add_segment(
    segment: dict[str, Any], piece: _Piece, builder: BatchBuilder, image: int, masks: dict[int, Mask] | None, where: str
) -> None:
    id_, category = segment.get("id"), segment.get("category_id")
    if not isinstance(id_, int) or id_.bit_length() > 63:  # noqa: PLR2004 - what an array holds
        builder.remark("bad_value", where, f"segment id {id_}")
        return
    if _key(category) not in piece.categories:
        builder.remark("class_beyond_list", where, str(category))
    name, is_thing = piece.categories.get(_key(category), (f"class {category}", True))
    mask = (masks or {}).get(id_)
    if masks is not None and mask is None:
        builder.remark("segment_without_pixels", where, f"segment {id_}")
    box = _box(segment.get("bbox"))
    if mask is not None or box is not None:
        flags = (0 if is_thing else REGION) | (CROWD if segment.get("iscrowd") else 0)
        builder.label(image, name, id_, box=box, mask=mask, flags=flags)
    else:
        builder.remark("bad_value", where, f"segment {id_} has neither a box nor pixels")


def _box(stated: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(stated, list) or len(stated) != 4:  # noqa: PLR2004 - x, y, width, height
        return None
    x, y, width, height = map(number, stated)
    return x, y, x + width, y + height


PLUGIN = Reader(
    name="coco_panoptic",
    title="COCO panoptic",
    wants="a JSON file with segments_info, and a folder of PNG files of the same name",
    suffixes=(".json",),
    look=look,
    open=open_files,
)
