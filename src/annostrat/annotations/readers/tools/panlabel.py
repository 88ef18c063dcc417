"""Boxes through panlabel: formats of boxes that panlabel converts to COCO, among them VoTT, CreateML and TFRecord.

Each file is converted once, into a folder that is removed when the program ends, and read as COCO; outlines are lost.
Which formats these are, `annotations/files/other_formats.yaml` says. Source: https://github.com/strickvl/panlabel.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from annostrat.annotations import ReaderFinding, readers
from annostrat.annotations.files.other_formats import OtherFormat, other_format
from annostrat.annotations.files.regular import head_of
from annostrat.annotations.reader import Look, Reader, broken, inside, problems_of
from annostrat.knowledge.files import sha256
from annostrat.knowledge.plugins import pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations.reader import Source
    from annostrat.errors import Problem

_INSTALL = "pip install 'annostrat[convert]'"
_MOST_SECONDS = 600


def _look(path: str, head: bytes) -> Look:
    other = other_format(path, head)
    if other is None or not other.panlabel:
        return Look(fits=False, missing="a format of boxes that panlabel converts")
    if find_spec("panlabel") is None:
        return Look(False, other.title, f"panlabel: {_INSTALL}")
    return Look(fits=True, found=other.title)


def _open(files: Sequence[str], root: str) -> Source:
    if find_spec("panlabel") is None:
        raise broken(root, "needs panlabel, which is not installed", hint=_INSTALL)
    folder = os.path.join(_temporary(), sha256(os.path.abspath(root).encode("utf-8", "surrogateescape")))
    converted: list[str] = []
    remarks: list[ReaderFinding] = []
    problems: list[Problem] = []
    for path in files:
        where = inside(path, root)
        try:
            other = other_format(path, head_of(path))
            if other is not None and other.panlabel:
                converted.append(_converted(path, other, os.path.join(folder, where)))
                remarks.append(ReaderFinding("boxes_alone", where, detail=f"{other.title}, converted by panlabel"))
            elif path == root:
                problems += broken(path, "is in no format that panlabel converts").problems
        except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
            problems += problems_of(path, error)
    source = cast("Reader", pick(readers, "coco", "annotation format")).open(converted, folder)
    return source._replace(remarks=[*remarks, *source.remarks], problems=[*problems, *source.problems])


@cache
def _temporary() -> str:
    """Return a folder that is removed when the program ends."""
    import atexit
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="annostrat-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _converted(path: str, other: OtherFormat, target: str) -> str:
    """Convert a file; return the COCO file.

    Raises:
        InputError: panlabel cannot read it, for instance as an image beside it is missing.
    """
    import subprocess

    os.makedirs(os.path.dirname(target), exist_ok=True)
    command = [sys.executable, "-m", "panlabel", "convert", "--from", other.panlabel, "--to", "coco"]
    command += ["--input", os.path.abspath(path), "--output", target, "--allow-lossy", "--no-validate"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_MOST_SECONDS, check=False)
    if done.returncode:
        message = done.stderr.strip().rpartition("\n")[2].removeprefix("Error: ")
        raise broken(path, f"panlabel cannot convert this file, {other.title}: {message or 'it does not say why'}")
    return target


PLUGIN = Reader(
    "panlabel",
    "boxes through panlabel",
    "a file of a format that panlabel converts, such as VoTT or CreateML; some need the images beside it",
    (".json", ".jsonl", ".manifest", ".csv", ".txt", ".xml", ".tfrecord", ".tfrecords", ".record", ".labels"),
    _look,
    _open,
)
