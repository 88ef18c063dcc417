"""COCO panoptic: a JSON file with the segments of each image, and PNG files whose colours are the segments' ids.

Source: https://cocodataset.org/#format-data and `panopticapi/utils.py` of https://github.com/cocodataset/panopticapi:
an id is red + 256 x green + 65536 x blue, and 0 is nothing. The PNG files are in a folder named like the JSON file, or
beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from annostrat.annotations import BatchBuilder, Image, ReaderFinding, doubled
from annostrat.annotations.files.regular import HEAD_BYTES
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.masks.segments import Annotation, SegmentsPiece, add, id_of
from annostrat.annotations.reader import Look, Reader, Source, inside, is_full, problems_of
from annostrat.annotations.text.json import content, decoded, fitting, keys
from annostrat.annotations.text.json_arrays import behind
from annostrat.annotations.text.values import side, text
from annostrat.errors import InputError, Location, Problem, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.annotations import Batch

PIECE_IMAGES = 200


class _PanopticImage(msgspec.Struct):
    id: Any = None
    file_name: Any = None
    width: Any = None
    height: Any = None


class _Category(msgspec.Struct):
    id: Any = None
    name: Any = None
    isthing: Any = None


class _PanopticFile(msgspec.Struct):
    annotations: list[msgspec.Raw]
    images: list[_PanopticImage] = []
    categories: list[_Category] = []


def look(path: str, head: bytes) -> Look:
    """Tell panoptic segments from other COCO files; they may follow a long list of images."""
    found = keys(head)
    if "annotations[].segments_info" in found:
        return Look(fits=True, found="annotations with segments_info")
    if "images[].file_name" in found and "annotations" not in found and _has_segments(path):
        return Look(fits=True, found="annotations with segments_info, after the images")
    return Look(fits=False, missing="annotations with segments_info")


def _has_segments(path: str) -> bool:
    return b'"segments_info"' in (behind(path, "annotations", HEAD_BYTES) or b"")


def open_files(files: Sequence[str], root: str) -> Source:
    """Read the JSON files, and cut them into pieces of some images."""
    pieces: list[SegmentsPiece] = []
    problems: list[Problem] = []
    found, remarks = fitting(files, root, look)
    for path in found:
        try:
            pieces += _pieces(path, root, remarks, problems)
        except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
            problems += problems_of(path, error)
    return Source(pieces, _read, remarks=remarks, problems=problems)


def _pieces(path: str, root: str, remarks: list[ReaderFinding], problems: list[Problem]) -> Iterator[SegmentsPiece]:
    file = decoded(path, content(path), _PanopticFile)
    where = inside(path, root)
    images: dict[Any, Image] = {}
    for stated in file.images:
        image = _image(stated, where)
        first = images.setdefault(id_of(stated.id), image)
        if first.name != image.name:
            detail = f"{first.name} and {image.name} have the id {text(stated.id)}"
            remarks.append(ReaderFinding("merged_images", where, 1, detail))
    remarks += doubled([text(each.name) for each in file.categories], where)
    categories: dict[Any, tuple[str, bool]] = {}
    for each in file.categories:
        name = text(each.name) or f"class {text(each.id)}"
        if each.isthing not in (None, 0, 1):
            message = f"isthing of the category {shortened(name)} is neither 0 nor 1; it is taken for a thing"
            problems.append(Problem(Location(path), message, "write 1 for things, 0 for stuff", "unreadable"))
        known, _ = categories.get(id_of(each.id), (name, True))
        categories[id_of(each.id)] = (name, each.isthing != 0)
        if known != name:
            remarks.append(ReaderFinding("duplicate_class", where, 1, f"id {text(each.id)} is {known} and {name}"))
    ids = [_image_id(raw, path) for raw in file.annotations]
    for start in range(0, len(ids), PIECE_IMAGES):
        part = slice(start, start + PIECE_IMAGES)
        used = {id_: images[id_] for id_ in ids[part] if id_ in images}
        yield SegmentsPiece(path, root, start, tuple(map(bytes, file.annotations[part])), used, categories)
    unlabelled = {id_: images[id_] for id_ in images.keys() - set(ids)}
    if unlabelled:
        yield SegmentsPiece(path, root, len(ids), (), unlabelled, categories)


def _image(stated: _PanopticImage, where: str) -> Image:
    name = text(stated.file_name) or text(stated.id)
    return Image(name, side(stated.width), side(stated.height), split_of(where), where)


def _image_id(raw: msgspec.Raw, path: str) -> Any:
    try:
        return id_of(decoded(path, raw, Annotation).image_id)
    except InputError:
        return None


def _read(piece: SegmentsPiece) -> Iterator[Batch]:
    builder = BatchBuilder()
    if not piece.annotations:
        for image in sorted(piece.images.values()):
            builder.image(image)
    for index, raw in enumerate(piece.annotations, piece.start + 1):
        try:
            add(decoded(piece.path, raw, Annotation), index, piece, builder)
        except Exception as error:  # noqa: BLE001 - one annotation must not end the reading of the others
            found = problems_of(piece.path, error)
            builder.problems += [
                problem._replace(message=f"annotation {index}: {problem.message}") for problem in found
            ]
        if is_full(builder):
            yield builder.batch()
            builder = BatchBuilder()
    yield builder.batch()


PLUGIN = Reader(
    name="coco_panoptic",
    title="COCO panoptic",
    wants="a JSON file with segments_info, and a folder of PNG files of the same name",
    suffixes=(".json",),
    look=look,
    open=open_files,
    aliases=("panoptic",),
)
