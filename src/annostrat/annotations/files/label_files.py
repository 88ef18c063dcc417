"""Files of labels, one per image, matched to nearby images by stem, and text files with one row per object."""

from __future__ import annotations

import os
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from annostrat.annotations import Image
from annostrat.annotations.files.image_files import images_in, size_of
from annostrat.annotations.files.regular import bytes_of
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.reader import broken, inside, of_images, read_each, text_of
from annostrat.annotations.text.json import is_cut
from annostrat.errors import Location, Problem, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from annostrat.annotations import Batch, BatchBuilder
    from annostrat.annotations.reader import Source

LOOKED_AT = 20
"""Number of rows at the beginning of a file from which its format is detected."""


class LabelFile(NamedTuple):
    """A file of labels.

    Attributes:
        path: Its path.
        where: Its path as shown to the user.
        image: The path of its image; empty if there is none.
        named: Whether the user named this file.
    """

    path: str
    where: str
    image: str
    named: bool


class Row(NamedTuple):
    """The words of a line; lines are counted from 1."""

    line: int
    words: list[str]


def with_images(files: Iterable[str], root: str, folders: Sequence[str]) -> list[LabelFile]:
    """Return files with the images of the same stem in the folders, given relative to each file; the first counts."""
    near: dict[str, dict[str, str]] = {}
    found = []
    for path in files:
        folder, name = os.path.split(path)
        if folder not in near:
            images = (images_in(os.path.normpath(os.path.join(folder, each))) for each in reversed(folders))
            near[folder] = {stem: image for of_folder in images for stem, image in of_folder.items()}
        image = near[folder].get(os.path.splitext(name)[0], "")
        found.append(LabelFile(path, inside(path, root), image, path == root))
    return found


def source_of(
    files: Iterable[str], root: str, folders: Sequence[str], add: Callable[[LabelFile, BatchBuilder], None]
) -> Source:
    """Return the source of files that each have an image in one of the folders; `add` reads one file."""
    return of_images(with_images(files, root, folders), partial(_read, add), attrgetter("where"))


def _read(add: Callable[[LabelFile, BatchBuilder], None], files: Sequence[LabelFile]) -> Iterator[Batch]:
    by_path = {file.path: file for file in files}
    return read_each(by_path, lambda path, builder: add(by_path[path], builder))


def _rows_of(text: str) -> list[Row]:
    """Return the lines that contain words."""
    return [Row(number, words) for number, line in enumerate(text.split("\n"), 1) if (words := line.split())]


def first_rows(head: bytes) -> list[Row]:
    """Return the first rows of a file's head."""
    complete = head.rpartition(b"\n")[0] if is_cut(head) else head
    return _rows_of(complete.decode("utf-8-sig", "replace"))[:LOOKED_AT]


def begun(
    file: LabelFile, parse: Callable[[Row], Row | None], wanted: str, builder: BatchBuilder
) -> tuple[int, list[Row]] | None:
    """Add the image of a text file; return it and the parsed rows, or None if the file has no such rows.

    Args:
        file: The file.
        parse: Returns a row as parsed by the format, or None if it is invalid.
        wanted: Description of a valid row, for the problem that reports other rows.
        builder: Receives the image and the problem.

    Raises:
        InputError: The user named the file, and none of its rows contains an object, or it is UTF-16.
    """
    text, problems = text_of(file.path, bytes_of(file.path))
    parsed = [(row, parse(row)) for row in _rows_of(text)]
    good = [values for _, values in parsed if values is not None]
    bad = [row for row, values in parsed if values is None]
    wrong = f"a row of {len(bad[0].words)} words, {shortened(' '.join(bad[0].words))}" if bad else ""
    if bad and not good:
        if file.named:
            raise broken(file.path, wrong, bad[0].line, hint=f"wanted: {wanted}")
        builder.remark("file_passed_over", file.where, "no rows of objects")
        return None
    builder.problems += problems
    if bad:
        more = f" (in all, {len(bad):,} lines are wrong)" if len(bad) > 1 else ""
        place = Location(file.path, bad[0].line)
        builder.problems.append(Problem(place, f"{wrong}{more}", f"wanted: {wanted}", "unreadable"))
    size = size_of(file.image) if file.image else None
    if size is None:
        builder.remark("image_size_unknown", file.where, "no image beside the labels, or none that can be read")
    name = os.path.splitext(file.where)[0]
    return builder.image(Image(name, *(size or (0, 0)), split_of_folder(file.where), file.where)), good
