"""Files of Open Images: the tables of boxes, the names of classes beside them, and the images near them."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING, NamedTuple

from annostrat.annotations import Image, ReaderFinding
from annostrat.annotations.files.image_files import ImagePlaces, places_in, size_in
from annostrat.annotations.files.regular import bytes_of, open_regular
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.reader import inside, text_of
from annostrat.annotations.text.csv_columns import CsvHeader
from annostrat.annotations.text.csv_parts import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annostrat.errors import Problem

WORDS = ("ImageID", "LabelName")
NUMBERS = ("XMin", "YMin", "XMax", "YMax")
FLAGS = ("IsOccluded", "IsTruncated", "IsGroupOf")
CLASSES = "class-descriptions"
_FIRST_LINE = 10_000
"""Number of bytes within which the column names must end."""


class CsvTable(NamedTuple):
    """A file of boxes.

    Attributes:
        path: Its path.
        where: Its path as shown to the user.
        header: Its columns: image, class and the flags; the edges of the box.
        flags: Names of its flags.
        split: The split of its images.
        images: Possible folders of its images.
    """

    path: str
    where: str
    header: CsvHeader
    flags: tuple[str, ...]
    split: str
    images: ImagePlaces


def columns_in(line: bytes) -> list[str]:
    """Return the column names in a first line."""
    text = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\0", "").strip()
    return [name.strip() for name in text.replace('"', "").split(",")]


def table_of(path: str, root: str) -> CsvTable:
    """Return the table of a file of boxes, whose columns are known to be present."""
    with open_regular(path) as file:
        names = columns_in(file.readline(_FIRST_LINE))
    flags = tuple(name for name in FLAGS if name in names)
    words = tuple(names.index(name) for name in (*WORDS, *flags))
    header = CsvHeader(len(names), words, tuple(names.index(name) for name in NUMBERS))
    where = inside(path, root)
    split = split_of(where)
    return CsvTable(path, where, header, flags, split, _images_near(path, split))


def _images_near(path: str, split: str) -> ImagePlaces:
    """Return the image folders beside a file of boxes, or beside its folder, with the images' extensions."""
    folder = os.path.dirname(path)
    named = ["images", *([split, os.path.join("images", split)] if split else [])]
    near = [folder, *(os.path.join(folder, above, inner) for above in ("", "..") for inner in named)]
    return places_in(map(os.path.normpath, near))


def classes_near(files: Sequence[str]) -> tuple[dict[str, str], list[Problem]]:
    """Return the names of classes by identifier, from the files that are named for them, and problems with these."""
    folders = dict.fromkeys(os.path.dirname(path) or "." for path in files)
    paths = dict.fromkeys(os.path.join(folder, above) for folder in folders for above in ("", ".."))
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for folder in paths:
        for name in sorted(os.listdir(folder)):
            if CLASSES in name and name.endswith(".csv"):
                path = os.path.join(folder, name)
                text, wrong = text_of(path, bytes_of(path))
                found |= {row[0]: row[1] for row in csv.reader(text.splitlines()) if len(row) > 1}
                problems += wrong
    return found, problems


def image_of(name: bytes, table: CsvTable) -> Image:
    """Return an image; its size is 1 x 1 if there is no such file, so that relative coordinates stay unchanged."""
    text = name.decode("utf-8", "replace")
    size = size_in(os.path.basename(text), table.images) if table.images else None
    return Image(text, *(size or (1, 1)), table.split, table.where)


def sizes_unknown(images: Sequence[Image], where: str) -> list[ReaderFinding]:
    """Return the remark that images have no size."""
    unknown = [image.name for image in images if image.width == image.height == 1]
    detail = "no image of that name near the boxes"
    return [ReaderFinding("image_taken_as_square", f"{where}#{unknown[0]}", len(unknown), detail)] if unknown else []


def images_of(tables: Iterable[CsvTable]) -> tuple[dict[bytes, int], list[Image], list[ReaderFinding]]:
    """Return the images of files whose rows are not contiguous by image, with their index by name."""
    index: dict[bytes, int] = {}
    images: list[Image] = []
    remarks: list[ReaderFinding] = []
    for table in tables:
        header = table.header._replace(words=table.header.words[:1], numbers=())
        new = [name for name in names_of(table.path, header) if name not in index]
        index |= {name: len(images) + number for number, name in enumerate(new)}
        added = [image_of(name, table) for name in new]
        images += added
        remarks += sizes_unknown(added, table.where)
    return index, images, remarks
