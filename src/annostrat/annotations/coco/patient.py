"""Unusual COCO labels, read one by one, with a remark on each one's peculiarity."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import CROWD, ORIENTED, UNNAMED, BatchBuilder, ReaderFinding, fault_of
from annostrat.annotations.masks.rle import is_python_bytes, mask_of_rle
from annostrat.annotations.masks.runs import MOST_RUNS, Mask, RunsError
from annostrat.annotations.shapes.rotation import envelope
from annostrat.annotations.text.json_arrays import one_by_one
from annostrat.annotations.text.values import label_id, number, numbers, text
from annostrat.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Batch
    from annostrat.annotations.coco.ids import CocoPiece, CocoSet
    from annostrat.annotations.text.large_file import LargeFile

    Box = tuple[float, float, float, float]

_BOX, _ROTATED = 4, 5
"""Length of a box, and of detectron2's rotated box: centre, width, height, and degrees counter-clockwise."""


class ClassNames:
    """Names of classes, including unlisted ids."""

    def __init__(self, names: list[str]) -> None:
        self.names = list(names)
        self._index = {name: index for index, name in enumerate(names)}

    def category(self, id_: Any) -> int:
        """Return the index of a class that the file does not list; an existing class of that name is reused."""
        name = f"class {id_}"
        index = self._index.setdefault(name, len(self.names))
        if index == len(self.names):
            self.names.append(name)
        return index


class Masks:
    """Masks by label, with a remark on each that cannot be used."""

    def __init__(self, sizes: NDArray[np.float64], remarks: list[ReaderFinding]) -> None:
        self.by_label: dict[int, Mask] = {}
        self._sizes, self._remarks = sizes, remarks
        self._runs = 0

    def add(self, label: int, runs: Any, image: int, where: str) -> None:
        """Add the mask of run lengths, or a remark on why there is none."""
        try:
            mask = self._mask(runs, image, where)
        except RunsError as error:
            self._remarks.append(ReaderFinding(error.kind, where, detail=str(error)))
            return
        if mask is not None and self._runs + len(mask.rows) > MOST_RUNS:
            detail = f"the masks that stand together have more than {MOST_RUNS:,} runs"
            self._remarks.append(ReaderFinding("mask_too_large", where, detail=detail))
        elif mask is None:
            self._remarks.append(ReaderFinding("empty_outline", where, detail="a mask without a pixel"))
        else:
            self.by_label[label] = mask
            self._runs += len(mask.rows)

    def _mask(self, runs: Any, image: int, where: str) -> Mask | None:
        size = numbers(runs.get("size")) if isinstance(runs, dict) and "counts" in runs else None
        if size is None or len(size) != len(("height", "width")) or not all(0 < side < math.inf for side in size):
            raise RunsError("the segmentation is no run-length mask", "bad_value")
        height, width = map(int, size)
        stated = tuple(map(int, self._sizes[image])) if len(self._sizes) else (0, 0)
        if all(stated) and stated != (width, height):
            swapped = stated == (height, width)
            kind = "mask_exchanged" if swapped else "mask_overruns"
            raise RunsError(f"size is {height}, {width}; the image is {stated[0]} wide and {stated[1]} high", kind)
        if is_python_bytes(runs["counts"]):
            self._remarks.append(ReaderFinding("counts_as_bytes", where))
        return mask_of_rle(runs["counts"], height, width)


class Patient:
    """Reads a piece label by label, with a remark on anything unusual."""

    def __init__(self, piece: CocoPiece, known: CocoSet) -> None:
        self._piece, self._file = piece, known.files[piece.file]
        self._crowds, self._extra, self._names = known.crowds, ClassNames(known.names), {*known.names}
        self._builder = BatchBuilder(known.names)
        self._builder.keypoints = known.keypoints
        self._masks = Masks(known.sizes, self._builder.remarks)

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
        where = f"{self._piece.name}#{text(value.get('id'))}"
        image = self._file.images.find(value.get("image_id"))
        if image is None:
            self._builder.remark("unknown_image", where, f"image_id {text(value.get('image_id')) or 'is none'}")
            return
        category = self._category(value.get("category_id"), where)
        crowd = CROWD if value.get("iscrowd") in (1, True, "1") else 0
        box, flags = self._box(value.get("bbox"), where)
        is_drawn = self._crowds or not crowd
        outline, mask = self._shape(value.get("segmentation"), image, where) if is_drawn else ([], None)
        if value.get("keypoints") and not (box or outline or mask):
            self._builder.remark("shape_not_measured", where, "keypoints")
            return
        self._builder.label(
            image,
            category,
            label_id(value.get("id"), -1),
            box=box,
            outline=outline,
            mask=mask,
            flags=crowd | flags,
            visibility=self._visibility(value.get("keypoints"), where),
        )

    def _visibility(self, value: Any, where: str) -> list[float]:
        """Return the visibility of each keypoint, the last of its three numbers."""
        keypoints = [] if value is None else numbers(value)
        if keypoints is None or len(keypoints) % len(("x", "y", "visibility")):
            self._builder.remark("bad_value", where, "keypoints that are not three numbers each")
            return []
        return keypoints[2::3]

    def _category(self, id_: Any, where: str) -> str:
        index = self._file.classes.find(id_)
        if index is not None:
            return self._extra.names[index]
        if id_ is None:
            self._builder.remark("without_class", where, "a label without a class")
            return UNNAMED
        named = text(id_)
        if named in self._names:
            self._builder.remark("class_beyond_list", where, f"category {named}: a name in the place of an id")
            return named
        if self._file.classes:
            self._builder.remark("class_beyond_list", where, f"category {named or 'that is no id'}")
        return f"class {named}" if named else UNNAMED

    def _box(self, value: Any, where: str) -> tuple[Box | None, int]:
        """Return a box, and the flag of a rotated one."""
        if value is None or value == []:
            return None, 0
        box = numbers(value)
        if box is None or len(box) not in {_BOX, _ROTATED}:
            self._builder.remark("bad_value", where, "the bbox is not four numbers")
            return None, 0
        if any(isinstance(each, str) for each in value):
            self._builder.remark("number_as_text", where, "the bbox")
        if not np.isfinite(box).all():
            self._builder.remark("not_json_number", where, "Infinity or NaN, which JSON does not have")
        x, y, width, height, *angle = box
        if angle:
            self._builder.remark("oriented_boxes", where, "five numbers, as detectron2 rotates boxes")
            return envelope(x, y, width, height, math.radians(-number(angle[0]))), ORIENTED
        return (x, y, x + width, y + height), 0

    def _shape(self, value: Any, image: int, where: str) -> tuple[list[NDArray[np.float64]], Mask | None]:
        if isinstance(value, dict) and "exterior" not in value and "polygons" not in value:
            self._masks.by_label.clear()
            self._masks.add(0, value, image, where)
            return [], self._masks.by_label.get(0)
        if value is None:
            return [], None
        rings = rings_of(value)
        if rings is None:
            self._builder.remark("bad_value", where, "the segmentation is no list of numbers")
            return [], None
        return [np.array(ring, np.float64) for ring in rings if self._is_outline(ring, where)], None

    def _is_outline(self, ring: Sequence[float], where: str) -> bool:
        fault = "empty_outline" if len(ring) % 2 else fault_of(np.array(ring, np.float64).reshape(-1, 2))
        if fault:
            self._builder.remark(fault, where, _DETAILS.get(fault, ""))
        return not fault


EMPTY = "fewer than three pairs of x and y, or a number without a partner"
_DETAILS = {"bad_value": "an outline that is not finite, or millions of pixels away", "empty_outline": EMPTY}


def rings_of(value: Any) -> list[list[float]] | None:
    """Return the rings of a segmentation, each x, y, x, y and so on; None if it is anything else.

    Supports lists of numbers, of pairs of numbers, lists of such lists, and kwcoco's objects with an `exterior`.
    """
    if isinstance(value, dict):
        return rings_of(value.get("exterior", value.get("polygons")))
    ring = numbers(value)
    if ring:
        return [ring]
    if not isinstance(value, list):
        return None
    pairs = [numbers(each) for each in value]
    if len(pairs) > 1 and all(pair is not None and len(pair) == len("xy") for pair in pairs):
        return [[side for pair in pairs if pair for side in pair]]
    found = [[pair] if pair is not None else rings_of(each) for pair, each in zip(pairs, value, strict=True)]
    return None if None in found else [ring for rings in found if rings for ring in rings]


def damage(data: LargeFile, path: str, stop: int, error: str | None, what: str) -> Problem:
    """Return the problem of text that is broken at a byte, or of a file that ends too early."""
    cut = error is None or not is_closed(data)
    line, column = data.line_and_column(data.size if cut else stop)
    message = f"the file ends within its {what}: it was cut off" if cut else f"in its {what} it is no JSON: {error}"
    return Problem(Location(path, line, column), message, "what stands before it was read", "unreadable")


def is_closed(data: LargeFile) -> bool:
    """Return whether a file ends as a JSON object does."""
    return data.read(max(data.size - _TAIL, 0), data.size).rstrip().endswith(b"}")


_TAIL = 4_096
