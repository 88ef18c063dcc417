"""COCO instances: one JSON file of images, annotations and categories; boxes as x, y, width, height in pixels.

The file is cut into pieces of some megabytes. Of each label only the needed fields are decoded; the numbers of all
outlines of a piece are parsed at once into one array. What the fast decoders refuse, such as `Infinity`, is read again
by the standard one.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import astuple

from annostrat.annotations import Image, ReaderFinding
from annostrat.annotations.coco.ids import CocoFile, CocoPiece, Index, is_id
from annostrat.annotations.coco.labels import read
from annostrat.annotations.coco.patient import damage
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.reader import Look, Reader, Source, inside, unreadable
from annostrat.annotations.text.json import keys, refuse_broken
from annostrat.annotations.text.json_arrays import Span, as_arrays, behind, in_spans, layout, one_by_one
from annostrat.annotations.text.large_file import LargeFile
from annostrat.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEYS = ("images", "annotations", "categories")
_LABEL_BYTES = 4_096


class _CocoImage(msgspec.Struct, gc=False):
    id: int | str
    width: float = 0
    height: float = 0
    file_name: str | None = ""


def look(path: str, head: bytes) -> Look:
    """Tell the format by its keys; that of the labels may stand far behind the images."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Look(False, "", "a JSON object, which begins with {")
    outermost = keys(head)
    found = [key for key in KEYS if key in outermost]
    if "annotations" not in found:
        labels = behind(path, "annotations", _LABEL_BYTES)
        if labels is not None:
            head, found = head + labels, [*found, "annotations"]
    missing = [key for key in ("annotations", "images") if key not in found]
    if b'"segments_info"' in head:
        return Look(False, "COCO panoptic", "labels with boxes; these have segments_info")
    said = f"JSON with {', '.join(found)}" if found else ""
    if b'"caption"' in head and not _has_shapes(head):
        return Look(False, said, "labels with bbox or segmentation; these have captions")
    if "annotations" not in found or not (b'"image_id"' in head or not missing):
        return Look(False, said, f"the key {' and the key '.join(missing or ['image_id'])}")
    return Look(True, said)


def _has_shapes(text: bytes) -> bool:
    return b'"bbox"' in text or b'"segmentation"' in text


def open_files(files: Sequence[str], root: str) -> Source:
    """Return the labels of COCO files, in pieces; images and classes are read first."""
    images: list[Image] = []
    categories: dict[str, int] = {}
    known: list[CocoFile] = []
    pieces: list[CocoPiece] = []
    remarks: list[ReaderFinding] = []
    problems: list[Problem] = []
    for path in files:
        opening = _Opening(path, inside(path, root), images, categories, remarks, problems)
        if opening.is_ours:
            last = opening.spans[-1]
            pieces += [CocoPiece(path, opening.name, span, len(known), span is last) for span in opening.spans]
            known.append(opening.file)
    names = list(categories)
    return Source(pieces, partial(read, known, names), False, images, remarks, problems)


class _Opening:
    """What is read of a file before its labels."""

    def __init__(
        self,
        path: str,
        name: str,
        images: list[Image],
        categories: dict[str, int],
        remarks: list[ReaderFinding],
        problems: list[Problem],
    ) -> None:
        self._path, self.name = path, name
        self._remarks, self._problems = remarks, problems
        self.spans: list[Span] = []
        self.is_ours = False
        self.file = CocoFile(Index(), Index())
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
            self._refuse_broken(data)
            return
        first = data.read(found.starts["annotations"], found.starts["annotations"] + _LABEL_BYTES)
        if b'"caption"' in first and not _has_shapes(first):
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
            self._remarks.append(ReaderFinding("class_unnamed", self.name, detail="the file has no categories"))
        self.spans = in_spans(data, found.span("annotations"), _is_label)

    def _refuse_broken(self, data: LargeFile) -> None:
        """Note that a file without labels is no JSON, so that they may be what it lost."""
        try:
            refuse_broken(self._path, data.read(0, data.size))
        except InputError as error:
            self._problems += error.problems

    def _second_document(self, data: LargeFile, stop: int) -> None:
        if data.read(stop, stop + (1 << 20)).strip():
            line, column = data.line_and_column(stop)
            message = "a second JSON document begins here, and only the first is read"
            place = Location(self._path, line, column)
            self._problems.append(Problem(place, message, "put it into a file of its own", "unreadable"))

    def _images(self, data: LargeFile, span: Span, images: list[Image]) -> None:
        found = self._different(list(self._elements(data, span)))
        if not found:
            return
        ids, widths, heights, names = zip(*map(astuple, found), strict=True)
        self.file.images.add(ids, len(images))
        if not all(names):
            nameless = [entry.id for entry in found if not entry.file_name]
            self._remarks += [ReaderFinding("image_without_name", f"{self.name}#{id_}") for id_ in nameless]
            names = tuple(entry.file_name or str(entry.id) for entry in found)
        splits, files = repeat(split_of(self.name)), repeat(self.name)
        images += map(Image._make, zip(names, widths, heights, splits, files, strict=False))

    def _different(self, found: list[_CocoImage]) -> list[_CocoImage]:
        """Return images without those whose id is that of an earlier one."""
        if len({entry.id for entry in found}) == len(found):
            return found
        first = {entry.id: entry for entry in reversed(found)}
        again = [entry.id for entry in found if first[entry.id] is not entry]
        self._remarks += [ReaderFinding("duplicate_image", f"{self.name}#{id_}") for id_ in again]
        return [entry for entry in found if first[entry.id] is entry]

    def _elements(self, data: LargeFile, span: Span) -> Iterator[_CocoImage]:
        """Yield the images, by the fast decoder where it takes them."""
        spans = in_spans(data, span, lambda value: isinstance(value, dict) and "id" in value)
        for piece in spans:
            quick = _decoded(data.read(*piece), last=piece is spans[-1])
            if quick is not None:
                yield from quick
                continue
            found = one_by_one(data, piece)
            for value in found.values:
                if isinstance(value, dict) and is_id(value.get("id")):
                    yield _image(value)
                else:
                    self._remarks.append(ReaderFinding("bad_value", self.name, detail="an image without an id"))
            if found.error:
                self._problems.append(damage(data, self._path, found.stop, found.error, "images"))
            if found.ended or found.error:
                return

    def _classes(self, data: LargeFile, span: Span, categories: dict[str, int]) -> None:
        for entry in one_by_one(data, span).values:
            if isinstance(entry, dict) and is_id(entry.get("id")):
                name = str(entry.get("name") or f"class {entry['id']}")
                self.file.classes[entry["id"]] = categories.setdefault(name, len(categories))
            else:
                self._remarks.append(ReaderFinding("bad_value", self.name, detail="a category without an id"))


def _is_label(value: Any) -> bool:
    return isinstance(value, dict) and "image_id" in value and len(_LABEL_KEYS & value.keys()) > 1


_LABEL_KEYS = {"id", "category_id", "bbox", "segmentation"}


def _decoded(text: bytes, *, last: bool) -> list[_CocoImage] | None:
    """Return the images of a span, or None where they must be looked at one by one."""
    for whole in as_arrays(text, last=last):
        try:
            return _IMAGES.decode(whole)
        except msgspec.MsgspecError:
            continue
    return None


def _image(value: dict[str, Any]) -> _CocoImage:
    name = value.get("file_name")
    return _CocoImage(
        value["id"], _size(value.get("width")), _size(value.get("height")), name if isinstance(name, str) else ""
    )


def _size(value: Any) -> float:
    """Return a size in pixels; 0, which means unknown, for what is none."""
    if isinstance(value, str):
        value = float(value) if value.isascii() and value.isdigit() else 0
    return float(value) if isinstance(value, (int, float)) and 0 < value < 1e9 else 0.0  # noqa: PLR2004 - nan is not between


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
