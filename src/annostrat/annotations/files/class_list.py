"""Lists of classes beside masks, as labelling tools and data sets write them."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from annostrat.annotations.files.regular import open_regular
from annostrat.annotations.reader import text_of
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from annostrat.errors import Problem

LEVELS = 3
"""Number of folders above the masks that are searched for a list."""
BACKGROUND = frozenset({"background", "bg", "void", "unlabeled", "unlabelled", "ignore", "ignored", "none"})
MAX_BYTES = 1_000_000


class ClassList(NamedTuple):
    """Names of classes.

    Attributes:
        by_value: By pixel value: an index, or a colour as `#rrggbb` if the list has colours.
        by_colour: The same by colour; empty if the list has none.
        path: The file; empty if there is no list.
        problems: Problems with its text.
    """

    by_value: dict[int, str]
    by_colour: dict[int, str]
    path: str
    problems: Sequence[Problem] = ()


NONE = ClassList({}, {}, "")


def is_background(name: str) -> bool:
    """Return whether a class of a list means the unlabelled background."""
    return name.strip(" _").lower() in BACKGROUND


def class_list_near(path: str) -> ClassList:
    """Return the nearest list of classes in the folders above a mask."""
    folder = os.path.dirname(os.path.abspath(path))
    for _ in range(LEVELS):
        for name, parse in _LISTS.items():
            found = _read(os.path.join(folder, name), parse)
            if found:
                return found
        folder = os.path.dirname(folder)
    return NONE


def _read(path: str, parse: Callable[[str], Iterator[tuple[int, int | None, str]]]) -> ClassList | None:
    try:
        with open_regular(path) as file:
            text, problems = text_of(path, file.read(MAX_BYTES))
        rows = list(parse(text))
    except InputError as error:
        return ClassList({}, {}, path, error.problems)
    except (OSError, ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return None
    by_colour = {colour: name for _, colour, name in rows if colour is not None}
    return ClassList({index: name for index, _, name in rows}, by_colour, path, problems) if rows else None


def _lines(text: str) -> Iterator[tuple[int, int | None, str]]:
    """Parse one name per line, starting with class 0."""
    names = [line.strip() for line in text.splitlines()]
    yield from ((index, None, name) for index, name in enumerate(names) if name)


def _cvat(text: str) -> Iterator[tuple[int, int | None, str]]:
    """Parse CVAT's `name:r,g,b:parts:actions`."""
    lines = [line.split(":") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for index, (name, colour, *_) in enumerate(lines):
        yield index, _colour(colour.split(",")), name


def _colours(text: str) -> Iterator[tuple[int, int | None, str]]:
    """Parse `r g b name` of CamVid, and `name,r,g,b` of its copies, with or without a heading."""
    for index, line in enumerate(re.findall(r".*\d.*", text)):
        words = [word for word in re.split(r"[\s,]+", line) if word]
        numbers = [word for word in words if word.isdigit()]
        yield index, _colour(numbers[:3]), " ".join(word for word in words if not word.isdigit())


def _datumaro(text: str) -> Iterator[tuple[int, int | None, str]]:
    """Parse Datumaro's `dataset_meta.json`."""
    document = json.loads(text)
    names = document.get("label_map") or dict(enumerate(document["labels"]))
    colours = document.get("segmentation_colors") or []
    for position, (index, name) in enumerate(names.items()):
        colour = colours[position] if position < len(colours) else None
        yield int(index), _colour(colour) if colour else None, str(name)


def _colour(parts: list[str]) -> int | None:
    red, green, blue = (int(part) for part in parts)
    return red << 16 | green << 8 | blue


_LISTS = {
    "labelmap.txt": _cvat,
    "label_colors.txt": _colours,
    "class_dict.csv": _colours,
    "dataset_meta.json": _datumaro,
    "classes.txt": _lines,
    "class_names.txt": _lines,
    "labels.txt": _lines,
    "codes.txt": _lines,
}
"""File names of lists, the most specific first."""
