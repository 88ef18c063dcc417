"""Problems of paths without annotations of a known format: what the path is, and what would be right."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from annostrat.annotations.files.image_files import SUFFIXES
from annostrat.annotations.files.other_formats import other_format
from annostrat.annotations.files.regular import head_of
from annostrat.annotations.files.structure import structure_of
from annostrat.annotations.reader import refuse_utf_16
from annostrat.annotations.text.json import JSON, content, refuse_broken
from annostrat.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annostrat.annotations.reader import Look, Reader

MOST_ENDINGS, MOST_FORMATS = 5, 4
"""Maximum number of extensions, and of incomplete formats, named in a message."""
LOOKED_AT = 3
"""Number of files per extension that are checked for a format that is not read."""
_NOT_PNG = "; if these are masks, save them as PNG, as other formats blur or lose the numbers in their pixels"
_MASKS = "; PNG masks are read with --from class_masks or --from instance_masks"


def unrecognised(
    path: str,
    by_suffix: Mapping[str, Sequence[str]],
    looks: Mapping[str, tuple[str, Look]],
    readers: Mapping[str, Reader],
) -> Problem:
    """Return the problem of a path.

    Args:
        path: The path that the user named.
        by_suffix: The files there, by extension.
        looks: By format, one of the files and its reader's verdict on it.
        readers: All readers, by name.
    """
    other = next(filter(None, (_named(file) for files in by_suffix.values() for file in files[:LOOKED_AT])), None)
    if other:
        return other
    for file in by_suffix.get(".json", ())[:1]:
        try:
            if os.path.getsize(file):
                refuse_broken(file, content(file))
        except InputError as error:
            return error.problems[0]
        except OSError:
            continue
    misnamed = next(filter(None, (_misnamed(file) for files in by_suffix.values() for file in files[:1])), None)
    if misnamed:
        return misnamed
    message, hint = _said(path, by_suffix, looks, readers)
    return Problem(Location(path), message, hint, "unreadable")


def _named(file: str) -> Problem | None:
    """Return the problem of a file in UTF-16, or in a format that is known but not read."""
    try:
        head = head_of(file)
        refuse_utf_16(file, head)
        other = other_format(file, head)
        structure = structure_of(file, head) if other is None else None
        other = other_format(file, structure) if structure else other
    except InputError as error:
        return error.problems[0]
    except OSError:
        return None
    if other is None:
        return None
    boxes = other.panlabel and "pip install 'annostrat[convert]' to read its boxes, without outlines"
    advice = other.advice.replace("PATH", file)
    return Problem(
        Location(file),
        f"this format, {other.title}, is not read",
        "; ".join(filter(None, (boxes, advice))),
        "unreadable",
    )


def _misnamed(file: str) -> Problem | None:
    """Return the problem of JSON or XML in a file whose name says otherwise."""
    name, suffix = os.path.splitext(file)
    try:
        head = head_of(file).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError:
        return None
    for wanted, starts in _STARTS.items():
        if head.startswith(starts) and suffix.lower() not in {wanted, *JSON, *SUFFIXES}:
            message = f"holds {wanted[1:].upper()}, which its name does not say"
            better = os.path.basename(name).removesuffix(wanted) + wanted
            return Problem(Location(file), message, f"call it {better}", "unreadable")
    return None


_STARTS = {".json": (b'{"', b"{\n", b"{\r", b"{ ", b"[{", b"[\n", b"[\r", b"[ "), ".xml": (b"<?xml", b"<annotation")}
"""How text of JSON or XML begins."""


def _said(
    path: str,
    by_suffix: Mapping[str, Sequence[str]],
    looks: Mapping[str, tuple[str, Look]],
    readers: Mapping[str, Reader],
) -> tuple[str, str]:
    is_folder = os.path.isdir(path)
    if not by_suffix:
        return "is an empty folder", "name the file or folder that holds the annotations"
    if not is_folder and os.path.getsize(path) == 0:
        return "is an empty file", "name the file or folder that holds the annotations"
    if not any(map(os.path.getsize, (file for files in by_suffix.values() for file in files))):
        return f"holds nothing but empty files ({_endings(by_suffix)})", "name the folder that holds the annotations"
    if by_suffix.keys() <= set(SUFFIXES):
        masks = _MASKS if ".png" in by_suffix else _NOT_PNG
        if is_folder:
            return f"holds nothing but pictures ({_endings(by_suffix)})", f"name the folder of their labels{masks}"
        return "is a picture", f"name the file or folder of its labels{masks}"
    there = f"holds no annotations of a known format ({_endings(by_suffix)})" if is_folder else "is of no known format"
    known = f"known: {', '.join(readers[name].title for name in looks or readers)}"
    return there, _missing(looks, readers) or known


def _endings(by_suffix: Mapping[str, Sequence[str]]) -> str:
    counts = sorted(((len(files), suffix) for suffix, files in by_suffix.items()), reverse=True)
    return ", ".join(f"{count:,} {suffix or 'without ending'}" for count, suffix in counts[:MOST_ENDINGS])


def _missing(looks: Mapping[str, tuple[str, Look]], readers: Mapping[str, Reader]) -> str:
    """Return what partly matching formats lack; if there are none, what all formats lack, provided they are few."""
    likely = {name: each for name, each in looks.items() if each[1].found} or looks
    if likely is looks and len(looks) > MOST_FORMATS:
        return ""
    missing = [
        f"to be {readers[name].title}, {os.path.basename(file)} lacks {look.missing}"
        for name, (file, look) in sorted(likely.items())
        if look.missing
    ]
    return "; ".join(missing[:MOST_FORMATS])
