"""COCO instances: one JSON file of images, annotations and categories; boxes as x, y, width, height in pixels.

The file is cut into pieces of some megabytes. Of each label only the needed fields are decoded; the numbers of all
outlines of a piece are parsed at once into one array. Whatever the fast decoders refuse, such as `Infinity`,
the standard one reads again.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from msgspec.structs import astuple

from annostrat.annotations import Image, ReaderFinding
from annostrat.annotations.coco.ids import CocoFile, CocoPiece, CocoSet, Index
from annostrat.annotations.coco.labels import read
from annostrat.annotations.coco.patient import damage
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.reader import Look, Reader, Source, inside, problems_of
from annostrat.annotations.text.json import keys, refuse_broken
from annostrat.annotations.text.json_arrays import Elements, Span, as_arrays, behind, in_spans, layout, one_by_one
from annostrat.annotations.text.large_file import LargeFile
from annostrat.annotations.text.values import identity, side, text
from annostrat.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

KEYS = ("images", "annotations", "categories")
_LABEL_BYTES = 4_096


class _CocoImage(msgspec.Struct, gc=False):
    id: int | str
    width: float = 0
    height: float = 0
    file_name: str | None = ""
    coco_url: str | None = ""


def look(path: str, head: bytes) -> Look:
    """Tell the format by its keys; the key of the labels may follow long after the images."""
    outermost = keys(head)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Look(False, "", "a JSON object, which begins with {")
    found = [key for key in KEYS if key in outermost]
    if "annotations" not in found:
        labels = behind(path, "annotations", _LABEL_BYTES)
        if labels is not None:
            head, found = head + labels, [*found, "annotations"]
    missing = [key for key in ("annotations", "images") if key not in found]
    if not missing and b'"segments_info"' not in head and (b'"caption"' not in head or _has_shapes(head)):
        return Look(True, f"JSON with {', '.join(found)}")
    return Look(False, f"JSON with {', '.join(found)}" if found else "", _lacking(head, missing))


def _lacking(head: bytes, missing: Sequence[str]) -> str:
    if b'"segments_info"' in head:
        return "labels with boxes; these have segments_info"
    if b'"caption"' in head and not _has_shapes(head):
        return "labels with bbox or segmentation; these have captions"
    return f"the key {' and the key '.join(missing)}"


def _has_shapes(head: bytes) -> bool:
    return b'"bbox"' in head or b'"segmentation"' in head


def open_files(files: Sequence[str], root: str) -> Source:
    """Return the labels of COCO files, in pieces; images and classes are read first."""
    everything = _Opened()
    pieces: list[CocoPiece] = []
    for path in files:
        try:
            pieces += _Opening(path, inside(path, root), everything).pieces()
        except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
            everything.problems += problems_of(path, error)
    sizes = np.concatenate(everything.sizes)
    known = CocoSet(everything.files, list(everything.categories), sizes, everything.keypoints)
    source = Source(pieces, partial(read, known), False, everything.images, everything.remarks, everything.problems)
    return source._replace(read_crowds=partial(read, known._replace(crowds=True)))


class _Opened:
    """What was read of all files before their labels."""

    def __init__(self) -> None:
        self.images: list[Image] = []
        self.sizes: list[NDArray[np.float64]] = [np.empty((0, 2))]
        self.categories: dict[str, int] = {}
        self.keypoints: dict[str, Sequence[str]] = {}
        self.files: list[CocoFile] = []
        self.remarks: list[ReaderFinding] = []
        self.problems: list[Problem] = []


class _Opening:
    """Reads a file's images and classes, and finds its labels."""

    def __init__(self, path: str, name: str, everything: _Opened) -> None:
        self._path, self._name, self._all = path, name, everything
        self._file = CocoFile(Index(), Index())
        self._is_utf8 = True

    def pieces(self) -> list[CocoPiece]:
        """Return the labels of the file; none of one that has none."""
        with LargeFile(self._path) as data:
            found = layout(data, KEYS)
            if "annotations" not in found.starts:
                refuse_broken(self._path, data.read(0, data.size))
                return self._passed_over("no annotations")
            start = found.starts["annotations"]
            first = data.read(start, start + _LABEL_BYTES)
            if b'"caption"' in first and not _has_shapes(first):
                return self._passed_over("captions")
            self._second_document(data, found.stop)
            if "images" in found.starts:
                self._images(data, found.span("images"))
            else:
                self._problem(Location(self._path), "has no images", "add the key images")
            if "categories" in found.starts:
                self._classes(data, found.span("categories"))
                if not (self._file.classes or first.lstrip(b"[ \t\r\n").startswith(b"]")):
                    self._remark("class_unnamed", detail="categories has none with an id")
            else:
                self._remark("class_unnamed", detail="the file has no categories")
            spans = in_spans(data, found.span("annotations"), _is_label)
        self._all.files.append(self._file)
        number = len(self._all.files) - 1
        return [CocoPiece(self._path, self._name, span, number, span is spans[-1]) for span in spans]

    def _passed_over(self, detail: str) -> list[CocoPiece]:
        self._remark("file_passed_over", detail=detail)
        return []

    def _remark(self, kind: str, id_: Any = None, detail: str = "") -> None:
        where = self._name if id_ is None else f"{self._name}#{id_}"
        self._all.remarks.append(ReaderFinding(kind, where, detail=detail))

    def _problem(self, place: Location, message: str, hint: str) -> None:
        self._all.problems.append(Problem(place, message, hint, "unreadable"))

    def _second_document(self, data: LargeFile, stop: int) -> None:
        if data.read(stop, stop + (1 << 20)).strip():
            place = Location(self._path, *data.line_and_column(stop))
            message = "a second JSON document begins here, and only the first is read"
            self._problem(place, message, "put it into a file of its own")

    def _images(self, data: LargeFile, span: Span) -> None:
        found = self._different(list(self._elements(data, span)))
        if not found:
            return
        ids, widths, heights, names, urls = zip(*map(astuple, found), strict=True)
        self._file.images.add(ids, len(self._all.images))
        if not all(names):
            names = tuple(name or (url or "").rpartition("/")[2] for name, url in zip(names, urls, strict=True))
            for id_, name in zip(ids, names, strict=True):
                if not name:
                    self._remark("image_without_name", id_)
            names = tuple(name or str(id_) for name, id_ in zip(names, ids, strict=True))
        splits, files = repeat(split_of(self._name)), repeat(self._name)
        self._all.sizes.append(np.array([widths, heights], np.float64).T)
        self._all.images += map(partial(tuple.__new__, Image), zip(names, widths, heights, splits, files, strict=False))

    def _different(self, found: list[_CocoImage]) -> list[_CocoImage]:
        """Return the images without any that repeat the id of an earlier one."""
        if len({entry.id for entry in found}) == len(found):
            return found
        first = {entry.id: entry for entry in reversed(found)}
        for entry in found:
            if first[entry.id] is not entry:
                same = entry.file_name == first[entry.id].file_name
                self._remark(
                    "duplicate_image" if same else "merged_images", entry.id, "" if same else _names(entry, first)
                )
        return [entry for entry in found if first[entry.id] is entry]

    def _elements(self, data: LargeFile, span: Span) -> Iterator[_CocoImage]:
        """Yield the images, by the fast decoder where it takes them."""
        spans = in_spans(data, span, lambda value: isinstance(value, dict) and "id" in value)
        for piece in spans:
            quick = None if piece.keyed else _decoded(data.read(piece.start, piece.stop), last=piece is spans[-1])
            if quick is not None:
                yield from quick
                continue
            found = self._one_by_one(data, piece)
            for value in found.values:
                if isinstance(value, dict) and identity(value.get("id")) is not None:
                    yield _image(value)
                else:
                    self._remark("bad_value", detail="an image without an id")
            if found.error:
                self._all.problems.append(damage(data, self._path, found.stop, found.error, "images"))
            if found.ended or found.error:
                return

    def _one_by_one(self, data: LargeFile, span: Span) -> Elements:
        found = one_by_one(data, span)
        if found.foreign is not None and self._is_utf8:
            self._is_utf8 = False
            byte = data.read(found.foreign, found.foreign + 1)[0]
            place = Location(self._path, *data.line_and_column(found.foreign))
            self._problem(place, f"byte 0x{byte:02x} is not UTF-8", "save it as UTF-8")
        return found

    def _classes(self, data: LargeFile, span: Span) -> None:
        by_name: dict[str, Any] = {}
        by_id: dict[Any, str] = {}
        found = self._one_by_one(data, span)
        for entry in found.values:
            id_ = identity(entry.get("id")) if isinstance(entry, dict) else None
            if id_ is None:
                self._remark("bad_value", detail="a category that is no object with an id")
                continue
            named = text(entry.get("name"))
            name = named or f"class {id_}"
            if not named:
                self._remark("class_unnamed", id_, "a category without a name")
            if by_id.setdefault(id_, name) != name:
                self._remark("duplicate_class", detail=f"id {id_} is {by_id[id_]} and {name}")
            elif by_name.setdefault(name, id_) != id_:
                self._remark("duplicate_class", detail=f"{name} has the ids {by_name[name]} and {id_}")
            if isinstance(entry.get("keypoints"), list):
                self._all.keypoints.setdefault(name, [text(each) for each in entry["keypoints"]])
            self._file.classes[id_] = self._all.categories.setdefault(name, len(self._all.categories))


def _names(entry: _CocoImage, first: dict[Any, _CocoImage]) -> str:
    return f"{first[entry.id].file_name} and {entry.file_name}"


def _is_label(value: Any) -> bool:
    return isinstance(value, dict) and "image_id" in value and len(_LABEL_KEYS & value.keys()) > 1


_LABEL_KEYS = {"id", "category_id", "bbox", "segmentation"}


def _decoded(content: bytes, *, last: bool) -> list[_CocoImage] | None:
    """Return the images of a span, or None where they must be looked at one by one."""
    for whole in as_arrays(content, last=last):
        try:
            return _IMAGES.decode(whole)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
    return None


def _image(value: dict[str, Any]) -> _CocoImage:
    names = (value.get(key) for key in ("file_name", "coco_url"))
    name, url = (text(name) if isinstance(name, str) else "" for name in names)
    return _CocoImage(identity(value["id"]) or 0, side(value.get("width")), side(value.get("height")), name, url)


_IMAGES = msgspec.json.Decoder(list[_CocoImage])


PLUGIN = Reader(
    "coco",
    "COCO instances",
    "a JSON object with images, annotations (image_id, bbox, segmentation) and categories",
    (".json",),
    look,
    open_files,
    aliases=("ms_coco", "detectron2"),
)
