"""YOLO: a text file an image, a row an object: its class, and shares of the image's width and height.

Rows of boxes, outlines, oriented boxes and poses: https://docs.ultralytics.com/datasets/.
"""

from __future__ import annotations

import os
import pickle
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import ORIENTED, Image, ReaderFinding
from annostrat.annotations.files.image_files import SUFFIXES, size_of
from annostrat.annotations.files.regular import HEAD_BYTES, bytes_of
from annostrat.annotations.reader import Look, Reader, Source, broken, in_pieces, inside, read_each, refuse_utf_16
from annostrat.annotations.yolo.data import YAML_SUFFIXES
from annostrat.annotations.yolo.files import YoloFile, groups_of
from annostrat.annotations.yolo.rows import (
    BOX,
    PREDICTED,
    Row,
    RowLayout,
    YoloRows,
    fault_of,
    first_far,
    layout_of,
    rows_of,
)
from annostrat.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.annotations import Batch, BatchBuilder
    from annostrat.annotations.reader import Pick
    from annostrat.annotations.yolo.data import DataSet

JUST_BEYOND = 1.01
"""Up to which a share above 1 is rounding, or a border that was drawn a little outside."""
_ROWS = "rows of a class and shares of the image"
_SAMPLE = 200
"""Files sampled to learn what the rows of a dataset hold."""


class _RowsPiece(NamedTuple):
    """Some files of a dataset, pickled: a million tuples would take ten times the memory."""

    names: dict[int, str]
    named_in: str
    keypoint_names: dict[int, list[str]]
    layout: RowLayout
    files: bytes


def _look(path: str, head: bytes) -> Look:
    if path.lower().endswith(YAML_SUFFIXES):
        fits = b"names:" in head and (b"train:" in head or b"val:" in head)
        return Look(fits, "a data.yaml", "" if fits else "names, and a train or val folder")
    complete = head.rpartition(b"\n")[0] if len(head) >= HEAD_BYTES else head
    rows = rows_of(complete)
    fault = fault_of(rows)
    if fault:
        return Look(fits=False, missing=f"{_ROWS} ({fault})")
    return Look(fits=True, found=_ROWS)


def _open(files: Sequence[str], root: str) -> Source:
    root = root if os.path.isdir(root) else os.path.dirname(root) or "."
    return _source(groups_of(files, root), root)


def _source(groups: Sequence[tuple[DataSet, list[YoloFile]]], root: str) -> Source:
    pieces: list[_RowsPiece] = []
    remarks: list[ReaderFinding] = []
    problems: list[Problem] = []
    for data_set, members in groups:
        layout = layout_of(_sampled(members), data_set.keypoints)
        about = data_set.names, data_set.named_in, data_set.keypoint_names
        pieces += [_RowsPiece(*about, layout, pickle.dumps(group)) for group in in_pieces(members)]
        remarks += [*data_set.remarks, *_remarks_of(members, root)]
        problems += data_set.problems
    some = partial(_some, groups, root)
    return Source(pieces, _read, remarks=remarks, problems=problems, some=some)


def _some(groups: Sequence[tuple[DataSet, list[YoloFile]]], root: str, pick: Pick) -> Source:
    names = pick(file.name for _, members in groups for file in members)
    return _source([(data_set, [file for file in members if file.name in names]) for data_set, members in groups], root)


def _remarks_of(files: Sequence[YoloFile], root: str) -> list[ReaderFinding]:
    unlabelled = [file.image for file in files if not file.suffix]
    if not unlabelled:
        return []
    return [
        ReaderFinding(
            "missing_labels_file", inside(unlabelled[0], root), len(unlabelled), "no text file, so no objects"
        )
    ]


def _sampled(files: Sequence[YoloFile]) -> list[Row]:
    """Return the rows of a sample of the files."""
    rows: list[Row] = []
    labelled = [file for file in files if file.suffix]
    for file in labelled[:: max(1, len(labelled) // _SAMPLE)]:
        try:
            rows += rows_of(bytes_of(file.labels)).good
        except OSError:
            continue  # reading it becomes a problem later
    return rows


def _read(piece: _RowsPiece) -> Iterator[Batch]:
    names = [name for _, name in sorted(piece.names.items())]
    files = {file.labels or file.image: file for file in pickle.loads(piece.files)}  # noqa: S301 - our own
    return read_each(files, lambda path, builder: _add(path, files[path], piece, builder), names)


def _add(path: str, file: YoloFile, piece: _RowsPiece, builder: BatchBuilder) -> None:
    rows = _rows_in(path) if file.suffix else YoloRows([], [])
    if rows.foreign and _is_passed_over(path, file, builder):
        return
    if rows.bad and not rows.good:
        raise InputError([_problem(path, rows.bad)])
    where = file.name + file.suffix if file.suffix else ""
    size = size_of(file.image) if file.image else None
    if size is None:
        builder.remark(
            "image_taken_as_square", where or file.name, "no image beside the labels, or none that can be read"
        )
    width, height = size or (1, 1)
    image = builder.image(Image(file.name, width, height, file.split, where))
    notes: dict[tuple[str, str], list[int]] = {}
    for line, values in () if _plain(builder, image, piece, rows.good, size or (1, 1)) else rows.good:
        kind = piece.layout.kind(len(values))
        _label(builder, image, piece, (line, values), kind, size or (1, 1))
        for note in _notes_of(kind, values, piece):
            notes.setdefault(note, []).append(line)
    for (remark, detail), lines in notes.items():
        builder.remark(remark, f"{where}:{lines[0]}", detail, len(lines))
    if rows.bad:
        builder.problems.append(_problem(path, rows.bad))


def _is_passed_over(path: str, file: YoloFile, builder: BatchBuilder) -> bool:
    """Return whether other text is not in the place of labels; that is told, unless it is darknet's list of images."""
    if file.image or os.path.basename(os.path.dirname(path)) == "labels":
        return False
    first = bytes_of(path).partition(b"\n")[0].decode("utf-8", "replace")
    if not first.strip().lower().endswith(SUFFIXES):
        builder.remark("file_passed_over", file.name + file.suffix, "no rows of numbers")
    return True


def _rows_in(path: str) -> YoloRows:
    data = bytes_of(path)
    refuse_utf_16(path, data)
    rows = rows_of(data)
    far = first_far(rows)
    if far:
        hint = "wanted: class, then centre, width and height as shares of the image's sides; divide pixels by these"
        raise broken(path, far[1], far[0], hint=hint)
    return rows


def _plain(
    builder: BatchBuilder, image: int, piece: _RowsPiece, rows: Sequence[Row], size: tuple[float, float]
) -> bool:
    """Add rows of which nothing but a box is worth a word, at once; return whether they are."""
    if piece.layout.usual != "box" or piece.keypoint_names:
        return False
    width, height = size
    names: list[str] = []
    corners: list[float] = []
    for _, values in rows:
        number, *box = values
        if len(box) != BOX - 1 or max(box) > 1 or (piece.names and number not in piece.names):
            return False
        x, y, wide, high = box
        names.append(piece.names.get(int(number)) or f"class_{int(number)}")
        corners += (x - wide / 2) * width, (y - high / 2) * height, (x + wide / 2) * width, (y + high / 2) * height
    builder.boxes(image, names, corners, [0] * len(names), [line for line, _ in rows])
    return True


def _class(number: int, piece: _RowsPiece) -> str:
    """Return the name of a class, made of its number where it has none."""
    return piece.names.get(number) or f"class_{number}"


def _label(
    builder: BatchBuilder, image: int, piece: _RowsPiece, row: Row, kind: str, size: tuple[float, float]
) -> None:
    (line, values), (width, height) = row, size
    number, name = int(values[0]), _class(int(values[0]), piece)
    if number in piece.keypoint_names:
        builder.keypoints[name] = piece.keypoint_names[number]
    if kind in {"box", "pose"}:
        _, x, y, wide, high = values[:BOX]
        corners = (x - wide / 2) * width, (y - high / 2) * height, (x + wide / 2) * width, (y + high / 2) * height
        visible = values[BOX + 2 :: 3] if kind == "pose" and piece.layout.visible else ()
        builder.label(image, name, line, box=corners, visibility=visible)
    elif kind == "outline":
        builder.label(image, name, line, outline=[np.array(values[1:]).reshape(-1, 2) * (width, height)])
    elif kind == "oriented box":
        xs, ys = values[1::2], values[2::2]
        corners = min(xs) * width, min(ys) * height, max(xs) * width, max(ys) * height
        builder.label(image, name, line, box=corners, flags=ORIENTED)


def _notes_of(kind: str, values: Sequence[float], piece: _RowsPiece) -> Iterator[tuple[str, str]]:
    """Yield the kind and the detail of each remark on a row."""
    if piece.names and int(values[0]) not in piece.names:
        yield "class_beyond_list", f"class {int(values[0])}, and {piece.named_in} names {len(piece.names)}"
    if not kind:
        yield "bad_value", f"a row of {len(values)} columns is neither box nor outline nor pose"
    elif kind != piece.layout.usual:
        yield "mixed_rows", f"{kind} rows in a data set of {piece.layout.usual} rows"
    if kind == "pose" and not piece.layout.visible:
        yield "shape_not_measured", "keypoints without visibility"
    elif kind == "oriented box":
        yield "oriented_boxes", "measured on the upright boxes around them"
    elif len(values) == PREDICTED:
        kind = "angle_column" if piece.layout.angled else "confidence_ignored"
        yield kind, f"a sixth column, {values[BOX]:g}{_NO_CONFIDENCE if values[BOX] > 1 else ''}"
    if kind != "pose" and 1 < max(values[1:BOX]) <= JUST_BEYOND:
        yield "just_beyond_one", f"{max(values[1:BOX])!r}"


_NO_CONFIDENCE = ", which no confidence is: the number of a track, or an angle in degrees"


def _problem(path: str, bad: Sequence[tuple[int, str]]) -> Problem:
    line, wrong = bad[0]
    more = f" (in all, {len(bad):,} lines are wrong)" if len(bad) > 1 else ""
    return Problem(Location(path, line), f"{wrong}{more}", f"wanted: {_ROWS}", "unreadable")


PLUGIN = Reader(
    "yolo",
    "YOLO",
    "text files of rows `class x y width height` or `class x1 y1 x2 y2 ...`, as shares of the image; a data.yaml",
    (".txt", *YAML_SUFFIXES),
    _look,
    _open,
    aliases=("ultralytics", "darknet"),
)
