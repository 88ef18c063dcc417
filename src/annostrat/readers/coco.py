"""COCO instances: one JSON file of images, annotations and categories; boxes as x, y, width, height in pixels.

The file is cut into pieces of some megabytes. Of each label only the needed fields are decoded; the numbers of all
outlines of a piece are parsed at once into one array. What the fast decoders refuse, such as `Infinity`, is read again
by the standard one.
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from annostrat.annotations import BOX_DERIVED, CROWD, Batch, BatchBuilder, Image, Mask, Remark
from annostrat.errors import Location, Problem
from annostrat.readers._base import Look, Reader, Source, inside, unreadable
from annostrat.readers._coco_outlines import MIN_VERTICES, Parts, UnusualError, parse_parts
from annostrat.readers._json_arrays import (
    Span,
    behind,
    closed,
    in_spans,
    layout,
    one_by_one,
)
from annostrat.readers._large_file import LargeFile
from annostrat.readers._rle import RunsError, mask_of_rle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

KEYS = ("images", "annotations", "categories")
_SPLIT = re.compile(r"(?<![a-z])(train|val|valid|validation|test)(?![a-z])", re.IGNORECASE)
_NONE = msgspec.Raw(b"[]")


class _Label(msgspec.Struct, gc=False):
    image_id: int
    category_id: int
    id: int = -1
    bbox: msgspec.Raw = _NONE
    segmentation: msgspec.Raw = _NONE
    iscrowd: int = 0


class _Image(msgspec.Struct, gc=False):
    id: int | str
    width: float = 0
    height: float = 0
    file_name: str | None = ""


class _Piece(NamedTuple):
    """Some labels of a file; `name` is the file's as it is shown, `offset` the index of its first image."""

    path: str
    name: str
    span: Span
    file: int


class _Index:
    """Indices by id, where ids are numbers nearly always, and text sometimes."""

    def __init__(self) -> None:
        self._of: dict[Any, int] = {}
        self._numbers = self._indices = np.empty(0, np.int64)

    def __contains__(self, id_: Any) -> bool:
        return id_ in self._of

    def __len__(self) -> int:
        return len(self._of)

    def __setitem__(self, id_: Any, index: int) -> None:
        self._of[id_] = index

    def look_up(self, ids: list[int]) -> NDArray[np.int64]:
        """Return the indices of some ids; -1 where there is none."""
        if len(self._numbers) == 0:
            known = sorted((id_, index) for id_, index in self._of.items() if type(id_) is int and abs(id_) < 1 << 62)
            known = known or [(0, -1)]
            self._numbers, self._indices = np.array(known, np.int64).T
        wanted = np.array(ids, np.int64)
        place = np.minimum(np.searchsorted(self._numbers, wanted), len(self._numbers) - 1)
        return np.where(self._numbers[place] == wanted, self._indices[place], -1)

    def find(self, id_: Any) -> int | None:
        """Return the index of an id; one that is a number here and text there is found too."""
        if isinstance(id_, float) and id_.is_integer():
            id_ = int(id_)
        if not _is_id(id_):
            return None
        index = self._of.get(id_)
        if index is None and isinstance(id_, int):
            return self._of.get(str(id_))
        if index is None and id_.isascii() and id_.isdigit() and len(id_) < 19:  # noqa: PLR2004 - int64
            return self._of.get(int(id_))
        return index


class _File(NamedTuple):
    """What the labels of a file refer to: indices of its images and its classes, by id."""

    images: _Index
    classes: _Index


def look(path: str, head: bytes) -> Look:
    """Tell the format by its keys; that of the labels may stand far behind the images."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Look(False, "", "a JSON object, which begins with {")
    found = [key for key in KEYS if f'"{key}"'.encode() in head]
    if "annotations" not in found:
        labels = behind(path, "annotations", 4_096)
        if labels is not None:
            head, found = head + labels, [*found, "annotations"]
    missing = [key for key in ("annotations", "images") if key not in found]
    if b'"segments_info"' in head:
        return Look(False, "COCO panoptic", "labels with boxes; these have segments_info")
    said = f"JSON with {', '.join(found)}" if found else "JSON"
    if "annotations" not in found or not (b'"image_id"' in head or not missing):
        return Look(False, said, f"the keys {' and '.join(missing or ['image_id'])}")
    return Look(True, said)


def open_files(files: Sequence[str], root: str) -> Source:
    """Return the labels of COCO files, in pieces; images and classes are read first."""
    images: list[Image] = []
    categories: dict[str, int] = {}
    known: list[_File] = []
    pieces: list[_Piece] = []
    remarks: list[Remark] = []
    problems: list[Problem] = []
    for path in files:
        opening = _Opening(path, inside(path, root), images, categories, remarks, problems)
        if opening.is_ours:
            pieces += [_Piece(path, opening.name, span, len(known)) for span in opening.spans]
            known.append(opening.file)
    names = list(categories)
    return Source(pieces, partial(_read, known, names), False, images, remarks, problems)


class _Opening:
    """What is read of a file before its labels."""

    def __init__(
        self,
        path: str,
        name: str,
        images: list[Image],
        categories: dict[str, int],
        remarks: list[Remark],
        problems: list[Problem],
    ) -> None:
        self._path, self.name = path, name
        self._remarks, self._problems = remarks, problems
        self.spans: list[Span] = []
        self.is_ours = False
        self.file = _File(_Index(), _Index())
        try:
            data = LargeFile(path)
        except OSError as error:
            problems.append(unreadable(path, error))
            return
        with data:
            self._read(data, images, categories)

    def _read(self, data: LargeFile, images: list[Image], categories: dict[str, int]) -> None:
        found = layout(data, KEYS)
        if "annotations" not in found.starts:
            return
        self.is_ours = True
        self._second_document(data, found.stop)
        if "images" in found.starts:
            self._images(data, found.span("images"), images)
        else:
            self._problems.append(Problem(Location(self._path), "has no images", "add the key images", "unreadable"))
        if "categories" in found.starts:
            self._classes(data, found.span("categories"), categories)
        else:
            self._remarks.append(Remark("class_unnamed", self.name, detail="the file has no categories"))
        self.spans = in_spans(data, found.span("annotations"), _is_label)

    def _second_document(self, data: LargeFile, stop: int) -> None:
        if data.read(stop, stop + (1 << 20)).strip():
            line, column = data.line_and_column(stop)
            message = "a second JSON document begins here, and only the first is read"
            place = Location(self._path, line, column)
            self._problems.append(Problem(place, message, "put it into a file of its own", "unreadable"))

    def _images(self, data: LargeFile, span: Span, images: list[Image]) -> None:
        split = match.group().lower() if (match := _SPLIT.search(os.path.basename(self.name))) else ""
        index = self.file.images
        for entry in self._elements(data, span):
            if entry.id in index:
                self._remarks.append(Remark("duplicate_image", f"{self.name}#{entry.id}"))
                continue
            if not entry.file_name:
                self._remarks.append(Remark("image_without_name", f"{self.name}#{entry.id}"))
            index[entry.id] = len(images)
            images.append(Image(entry.file_name or str(entry.id), entry.width, entry.height, split, self.name))

    def _elements(self, data: LargeFile, span: Span) -> Iterator[_Image]:
        """Yield the images, by the fast decoder where it takes them."""
        for piece in in_spans(data, span, lambda value: isinstance(value, dict) and "id" in value):
            try:
                yield from _IMAGES.decode(closed(data.read(*piece)))
                continue
            except msgspec.MsgspecError:
                found = one_by_one(data, piece)
            for value in found.values:
                if isinstance(value, dict) and _is_id(value.get("id")):
                    yield _image(value)
                else:
                    self._remarks.append(Remark("bad_value", self.name, detail="an image without an id"))
            if found.error:
                self._problems.append(_damage(data, self._path, found.stop, found.error, "images"))
            if found.ended or found.error:
                return

    def _classes(self, data: LargeFile, span: Span, categories: dict[str, int]) -> None:
        for entry in one_by_one(data, span).values:
            if isinstance(entry, dict) and _is_id(entry.get("id")):
                name = str(entry.get("name") or f"class {entry['id']}")
                self.file.classes[entry["id"]] = categories.setdefault(name, len(categories))
            else:
                self._remarks.append(Remark("bad_value", self.name, detail="a category without an id"))


def _damage(data: LargeFile, path: str, stop: int, error: str, what: str) -> Problem:
    """Return the problem of text that is broken at some byte."""
    line, column = data.line_and_column(stop)
    cut = stop >= data.size - 1 or not data.read(stop, data.size).strip()
    message = (
        f"the file ends within its {what}: it was cut off" if cut else f"the {what} go on as no JSON does: {error}"
    )
    return Problem(Location(path, line, column), message, "what stands before it was read", "unreadable")


def _is_id(value: Any) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool)


def _is_label(value: Any) -> bool:
    return isinstance(value, dict) and "image_id" in value and not value.keys().isdisjoint(_LABEL_KEYS)


_LABEL_KEYS = {"category_id", "bbox", "segmentation"}


def _image(value: dict[str, Any]) -> _Image:
    name = value.get("file_name")
    return _Image(
        value["id"], _size(value.get("width")), _size(value.get("height")), name if isinstance(name, str) else ""
    )


def _size(value: Any) -> float:
    """Return a size in pixels; 0, which means unknown, for what is none."""
    if isinstance(value, str):
        value = float(value) if value.isascii() and value.isdigit() else 0
    return float(value) if isinstance(value, (int, float)) and 0 < value < 1e9 else 0.0  # noqa: PLR2004 - nan is not between


_IMAGES = msgspec.json.Decoder(list[_Image])


def _read(known: list[_File], names: list[str], piece: _Piece) -> Iterator[Batch]:
    """Yield the labels of a piece."""
    file = known[piece.file]
    with LargeFile(piece.path) as data:
        try:
            text = closed(data.read(*piece.span))
            labels = _DECODER.decode(text.translate(None, b"\n\r") if b"\n" in text else text)
            outlines = [_NONE if label.iscrowd else label.segmentation for label in labels]
            parts = parse_parts([label.bbox for label in labels], outlines)
        except (msgspec.MsgspecError, UnusualError):
            labels = None
        if labels is None:
            yield _Patient(piece, file, names).read(data)
        else:
            yield _quickly(labels, parts, piece, file, names)


_DECODER = msgspec.json.Decoder(list[_Label])


def _quickly(labels: list[_Label], parts: Parts, piece: _Piece, file: _File, names: list[str]) -> Batch:
    """Return the batch of labels that are what nearly all files hold."""
    ids = np.array([label.id for label in labels], np.int64)
    image = file.images.look_up([label.image_id for label in labels])
    category = file.classes.look_up([label.category_id for label in labels])
    crowd = np.array([label.iscrowd for label in labels]) != 0
    boxes = parts.boxes.copy()
    boxes[:, 2:] += boxes[:, :2]
    derived = np.isnan(boxes).all(axis=1)
    remarks = [*_remarks("unknown_image", ids[image < 0], piece), *_remarks("empty_outline", ids[parts.refused], piece)]
    extra = _Extra(names)
    for number in np.flatnonzero(category < 0).tolist():
        category[number] = extra.category(labels[number].category_id)
    remarks += _remarks("class_beyond_list", ids[category >= len(names)], piece) if file.classes else []
    masks: dict[int, Mask] = {}
    for number, runs in parts.masks.items():
        _add_mask(masks, number, msgspec.json.decode(runs), remarks, f"{piece.name}#{ids[number]}")
    flags = crowd * CROWD + derived * BOX_DERIVED
    batch = Batch(
        (), extra.names, image, category, boxes, flags, ids, parts.points, parts.starts, parts.owner, masks, remarks
    )
    batch = batch._replace(file=piece.path)
    return batch if (image >= 0).all() else batch.without(image < 0)


class _Extra:
    """Names of classes, those of unlisted ids too."""

    def __init__(self, names: list[str]) -> None:
        self.names = list(names)
        self._index: dict[Any, int] = {}

    def category(self, id_: Any) -> int:
        """Return the index of a class that the file does not list."""
        if id_ not in self._index:
            self._index[id_] = len(self.names)
            self.names.append(f"class {id_}")
        return self._index[id_]


def _remarks(kind: str, ids: NDArray[np.int64], piece: _Piece) -> list[Remark]:
    """Return remarks on labels: a place for each of the first few, and one for how many more there are."""
    shown = ids[:MAX_PLACES].tolist()
    found = [Remark(kind, f"{piece.name}#{id_}") for id_ in shown]
    more = len(ids) - len(shown)
    return [*found, Remark(kind, f"{piece.name}#{ids[-1]}", more)] if more else found


MAX_PLACES = 20
"""Places of one kind that a piece names; the others are counted."""


def _add_mask(masks: dict[int, Mask], number: int, runs: Any, remarks: list[Remark], where: str) -> None:
    try:
        height, width = runs["size"]
        mask = mask_of_rle(runs["counts"], int(height), int(width))
    except RunsError as error:
        remarks.append(Remark("mask_overruns", where, detail=str(error)))
        return
    except (KeyError, TypeError, ValueError):
        remarks.append(Remark("bad_value", where, detail="the segmentation is no run-length mask"))
        return
    if mask is not None:
        masks[number] = mask


class _Patient:
    """Reads a piece label by label, and says of each what is unusual."""

    def __init__(self, piece: _Piece, file: _File, names: list[str]) -> None:
        self._piece, self._file = piece, file
        self._extra = _Extra(names)
        self._builder = BatchBuilder(names)

    def read(self, data: LargeFile) -> Batch:
        found = one_by_one(data, self._piece.span)
        for value in found.values:
            if isinstance(value, dict):
                self._label(value)
            else:
                self._builder.remark("bad_value", self._piece.name, "a label that is no object")
        if found.error:
            self._builder.problems.append(_damage(data, self._piece.path, found.stop, found.error, "annotations"))
        return self._builder.batch()._replace(
            images=(), file=self._piece.path, ended=found.ended or found.error is not None
        )

    def _label(self, value: dict[str, Any]) -> None:
        id_ = value.get("id")
        where = f"{self._piece.name}#{id_}"
        image = self._file.images.find(value.get("image_id"))
        if image is None:
            self._builder.remark("unknown_image", where)
            return
        category = self._category(value.get("category_id"), where)
        crowd = CROWD if value.get("iscrowd") in (1, True, "1") else 0
        number = id_ if isinstance(id_, int) and abs(id_) < 1 << 62 else -1
        outline, mask = self._shape(value.get("segmentation"), where, crowd)
        self._builder.label(
            image, category, number, box=self._box(value.get("bbox"), where), outline=outline, mask=mask, flags=crowd
        )

    def _category(self, id_: Any, where: str) -> str:
        index = self._file.classes.find(id_)
        if index is not None:
            return self._extra.names[index]
        if self._file.classes:
            self._builder.remark("class_beyond_list", where, f"category {id_}")
        return f"class {id_}"

    def _box(self, value: Any, where: str) -> tuple[float, float, float, float] | None:
        if value is None or value == []:
            return None
        if not _is_numbers(value) or len(value) != 4:  # noqa: PLR2004 - x, y, width, height
            self._builder.remark("bad_value", where, "the bbox is not four numbers")
            return None
        x, y, width, height = map(float, value)
        if not np.isfinite([x, y, width, height]).all():
            self._builder.remark("not_json_number", where, "Infinity or NaN, which JSON does not have")
        return x, y, x + width, y + height

    def _shape(self, value: Any, where: str, crowd: int) -> tuple[list[NDArray[np.float64]], Mask | None]:
        if isinstance(value, dict):
            masks: dict[int, Mask] = {}
            if not crowd:
                _add_mask(masks, 0, value, self._builder.remarks, where)
            return [], masks.get(0)
        if value is None:
            return [], None
        parts = [value] if _is_numbers(value) and value else value
        if not isinstance(parts, list) or not all(map(_is_numbers, parts)):
            self._builder.remark("bad_value", where, "the segmentation is no list of numbers")
            return [], None
        return [part for part in map(np.array, parts) if self._is_outline(part, where)], None

    def _is_outline(self, part: NDArray[np.float64], where: str) -> bool:
        if len(part) < 2 * MIN_VERTICES or len(part) % 2:
            self._builder.remark("empty_outline", where)
        elif not np.isfinite(part.astype(float)).all():
            self._builder.remark("bad_value", where, "an outline with Infinity or NaN")
        else:
            return True
        return False


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(type(part) in (int, float) for part in value)


PLUGIN = Reader(
    "coco",
    "COCO instances",
    "a JSON object with images, annotations (image_id, bbox, segmentation) and categories",
    (".json",),
    look,
    open_files,
)
