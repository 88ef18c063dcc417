"""Files of Open Images: the tables of boxes, the names of classes beside them, and the images near them."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING, NamedTuple

from annostrat.annotations import Image, Remark
from annostrat.readers._base import inside
from annostrat.readers._csv_columns import Header
from annostrat.readers._csv_parts import names_of
from annostrat.readers._image_files import SUFFIXES, size_of
from annostrat.readers._splits import split_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORDS = ("ImageID", "LabelName")
NUMBERS = ("XMin", "YMin", "XMax", "YMax")
FLAGS = ("IsOccluded", "IsTruncated", "IsGroupOf")
_CLASSES = "class-descriptions"


class Table(NamedTuple):
    """A file of boxes.

    Attributes:
        path: Where it is.
        where: The same, as it is shown.
        header: Its columns: image, class and the flags; the edges of the box.
        flags: Names of the flags that it has.
        split: The split of its images.
        folders: Where images are.
    """

    path: str
    where: str
    header: Header
    flags: tuple[str, ...]
    split: str
    folders: tuple[str, ...]


def columns_in(line: bytes) -> list[str]:
    """Return the names of the columns that a first line states."""
    text = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\0", "").strip()
    return [name.strip() for name in text.replace('"', "").split(",")]


def table_of(path: str, root: str) -> Table:
    """Return what a file of boxes holds, of which the columns are known to be there."""
    with open(path, "rb") as file:
        names = columns_in(file.readline())
    flags = tuple(name for name in FLAGS if name in names)
    words = tuple(names.index(name) for name in (*WORDS, *flags))
    header = Header(len(names), words, tuple(names.index(name) for name in NUMBERS))
    where = inside(path, root)
    split = split_of(where)
    return Table(path, where, header, flags, split, _folders_near(path, split))


def _folders_near(path: str, split: str) -> tuple[str, ...]:
    """Return the folders with images beside a file of boxes, or beside its folder."""
    inner = dict.fromkeys(("", "images", split, os.path.join("images", split)))
    near = (os.path.join(os.path.dirname(path), above, folder) for above in ("", "..") for folder in inner)
    return tuple(dict.fromkeys(os.path.normpath(folder) for folder in near if _has_image(folder or ".")))


def _has_image(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.lower().endswith(SUFFIXES) for entry in entries)
    except OSError:
        return False


def classes_near(files: Sequence[str]) -> dict[str, str]:
    """Return the names of classes by identifier, from the files that are called after them."""
    folders = dict.fromkeys(os.path.dirname(path) or "." for path in files)
    paths = dict.fromkeys(os.path.join(folder, above) for folder in folders for above in ("", ".."))
    found: dict[str, str] = {}
    for folder in paths:
        for name in sorted(os.listdir(folder)):
            if _CLASSES in name and name.endswith(".csv"):
                found |= _classes_in(os.path.join(folder, name))
    return found


def _classes_in(path: str) -> dict[str, str]:
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        return {row[0]: row[1] for row in csv.reader(file) if len(row) > 1}


def image_of(name: bytes, table: Table) -> Image:
    """Return an image; its size is 1 x 1 where there is no such file, so that shares stay what they are."""
    text = name.decode("utf-8", "replace")
    file = os.path.basename(text)
    tried = (os.path.join(folder, file + suffix) for folder in table.folders for suffix in ("", *SUFFIXES))
    size = next((size for path in tried if os.path.isfile(path) and (size := size_of(path))), (1, 1))
    return Image(text, *size, table.split, table.where)


def sizes_unknown(images: Sequence[Image], where: str) -> list[Remark]:
    """Return the remark that images have no size."""
    unknown = [image.name for image in images if image.width == image.height == 1]
    detail = "no image of that name near the boxes"
    return [Remark("image_size_unknown", f"{where}#{unknown[0]}", len(unknown), detail)] if unknown else []


def images_of(tables: Iterable[Table]) -> tuple[dict[bytes, int], list[Image], list[Remark]]:
    """Return the images of files in which the rows of an image do not stand together, and their index by name."""
    index: dict[bytes, int] = {}
    images: list[Image] = []
    remarks: list[Remark] = []
    for table in tables:
        header = table.header._replace(words=table.header.words[:1], numbers=())
        new = [name for name in names_of(table.path, header) if name not in index]
        index |= {name: len(images) + number for number, name in enumerate(new)}
        added = [image_of(name, table) for name in new]
        images += added
        remarks += sizes_unknown(added, table.where)
    return index, images, remarks
