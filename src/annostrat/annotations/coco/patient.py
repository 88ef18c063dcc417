"""COCO labels that are not what nearly all files hold, read one by one, with a word on what is unusual about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import CROWD, BatchBuilder, ReaderFinding, fault_of
from annostrat.annotations.coco.ids import is_number
from annostrat.annotations.masks.rle import RunsError, mask_of_rle
from annostrat.annotations.text.json_arrays import one_by_one
from annostrat.errors import Location, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.annotations import Batch, Mask
    from annostrat.annotations.coco.ids import CocoFile, CocoPiece
    from annostrat.annotations.text.large_file import LargeFile


class Classes:
    """Names of classes, those of unlisted ids too."""

    def __init__(self, names: list[str]) -> None:
        self.names = list(names)
        self._index = {name: index for index, name in enumerate(names)}

    def category(self, id_: Any) -> int:
        """Return the index of a class that the file does not list; one that is called so is the same."""
        name = f"class {id_}"
        index = self._index.setdefault(name, len(self.names))
        if index == len(self.names):
            self.names.append(name)
        return index


class Patient:
    """Reads a piece label by label, and says of each what is unusual."""

    def __init__(self, piece: CocoPiece, file: CocoFile, names: list[str]) -> None:
        self._piece, self._file = piece, file
        self._extra = Classes(names)
        self._builder = BatchBuilder(names)

    def read(self, data: LargeFile) -> Batch:
        """Return the labels of the piece, one by one."""
        found = one_by_one(data, self._piece.span)
        for value in found.values:
            if isinstance(value, dict):
                self._label(value)
            else:
                self._builder.remark("bad_value", self._piece.name, "a label that is no object")
        if found.error or (self._piece.is_last and not found.ended):
            self._builder.problems.append(damage(data, self._piece.path, found.stop, found.error, "annotations"))
        elif found.ended and not is_closed(data):
            self._builder.problems.append(damage(data, self._piece.path, found.stop, None, "last part"))
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
        number = id_ if isinstance(id_, int) and is_number(id_) else -1
        outline, mask = ([], None) if crowd else self._shape(value.get("segmentation"), where)
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

    def _shape(self, value: Any, where: str) -> tuple[list[NDArray[np.float64]], Mask | None]:
        if isinstance(value, dict):
            masks: dict[int, Mask] = {}
            add_mask(masks, 0, value, self._builder.remarks, where)
            return [], masks.get(0)
        if value is None:
            return [], None
        parts = [value] if _is_numbers(value) and value else value
        if not isinstance(parts, list) or not all(map(_is_numbers, parts)):
            self._builder.remark("bad_value", where, "the segmentation is no list of numbers")
            return [], None
        return [np.array(part, np.float64) for part in parts if self._is_outline(part, where)], None

    def _is_outline(self, part: list[float], where: str) -> bool:
        fault = "empty_outline" if len(part) % 2 else fault_of(np.array(part, np.float64).reshape(-1, 2))
        if fault:
            self._builder.remark(fault, where, _DETAILS.get(fault, ""))
        return not fault


_DETAILS = {"bad_value": "an outline that is not finite, or millions of pixels away"}


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(
        type(part) is float or (type(part) is int and abs(part) < 1 << _MOST_BITS) for part in value
    )


_MOST_BITS = 1_000
"""Bits of a whole number that a float can still hold."""


def add_mask(masks: dict[int, Mask], number: int, runs: Any, remarks: list[ReaderFinding], where: str) -> None:
    """Add the mask of run lengths, or a remark on why there is none."""
    try:
        height, width = runs["size"]
        mask = mask_of_rle(runs["counts"], int(height), int(width))
    except RunsError as error:
        remarks.append(ReaderFinding("mask_overruns", where, detail=str(error)))
        return
    except (KeyError, TypeError, ValueError, OverflowError):
        remarks.append(ReaderFinding("bad_value", where, detail="the segmentation is no run-length mask"))
        return
    if mask is not None:
        masks[number] = mask


def damage(data: LargeFile, path: str, stop: int, error: str | None, what: str) -> Problem:
    """Return the problem of text that is broken at some byte, or of a file that ends too early."""
    cut = error is None or not is_closed(data)
    line, column = data.line_and_column(data.size if cut else stop)
    message = f"the file ends within its {what}: it was cut off" if cut else f"in its {what} it is no JSON: {error}"
    return Problem(Location(path, line, column), message, "what stands before it was read", "unreadable")


def is_closed(data: LargeFile) -> bool:
    """Return whether a file ends as a JSON object does."""
    return data.read(max(data.size - _TAIL, 0), data.size).rstrip().endswith(b"}")


_TAIL = 4_096
