"""Boxes, outlines and masks of a dataset as flat arrays: in pixels, the origin at the top left, x to the right.

A reader turns a format into batches and does not know what is measured; measuring does not know any format.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations.keypoints import visibility_of
from annostrat.annotations.masks.runs import MOST_RUNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask
    from annostrat.errors import Problem

CROWD = 1
"""The label marks a group of objects, not one."""
STUFF = 2
"""The label is a region of some class that does not separate objects."""
OCCLUDED = 4
TRUNCATED = 8
OCCLUSION_STATED = 16
"""The file states whether this object is occluded."""
TRUNCATION_STATED = 32
"""The file states whether the border of the image cuts this object off."""
BOX_DERIVED = 64
"""The file has no box of this object; it is derived from the outline or mask."""
ORIENTED = 128
"""The file has a rotated rectangle: the box is the upright one around it, and the outline is unknown."""
BACKWARDS = 256
"""The second corner of the box is before its first in x or y, which the format allows."""


class Image(NamedTuple):
    """One image of a dataset.

    Attributes:
        name: Its file name, or its id where the file has no name for it; the same in every reading.
        width: In pixels; 0 where it is not known.
        height: In pixels; 0 where it is not known.
        split: The split that it belongs to, such as `train`; empty where there is none.
        labelled_in: The file with its labels.
    """

    name: str
    width: float
    height: float
    split: str
    labelled_in: str


class ReaderFinding(NamedTuple):
    """Something in a file that the format does not allow, or that users should know.

    Attributes:
        kind: A kind of finding, such as `class_beyond_list`.
        where: What to look at: a path with a line, or an id.
        times: How many labels, lines or files it concerns.
        detail: A few words on the cause.
    """

    kind: str
    where: str
    times: int = 1
    detail: str = ""


def doubled(names: Iterable[str], where: str) -> list[ReaderFinding]:
    """Return remarks on names that a list of classes repeats: their ids become one class."""
    several = {name: times for name, times in Counter(filter(None, names)).items() if times > 1}
    return [
        ReaderFinding("duplicate_class", where, 1, f"{times} ids are called {name}") for name, times in several.items()
    ]


class Batch(NamedTuple):
    """Some labels of some images.

    Attributes:
        images: The images of the batch, including images without labels.
        categories: Names of the classes.
        image: Index into `images`, of shape (n,).
        category: Index into `categories`, of shape (n,).
        boxes: x1, y1, x2, y2 as the file states them, right or wrong, of shape (n, 4); nan where `BOX_DERIVED`.
        flags: Bits as above, of shape (n,).
        ids: The id of a label in its file, or its line, of shape (n,).
        points: Vertices x, y of all outlines, of shape (m, 2).
        part_starts: Index of the first vertex of each part of an outline, and m; of shape (p + 1,).
        part_object: Index of the label that a part belongs to, ascending; of shape (p,).
        masks: Masks by index of their label.
        remarks: Findings of the reader.
        problems: Parts that could not be read.
        file: The file with the labels, if pieces of it are read separately.
        ended: Whether the document in that file ends here, so later pieces must be ignored.
        seconds: How long labelling took, by the clock of the labelling tool: by index into `images`, where it is known.
        visibility: Which keypoints of each label are labelled, and which of these are hidden, as bits, of shape (n, 2);
            None where no label has keypoints.
        keypoints: Names of the keypoints by class, where they are known.
    """

    images: Sequence[Image]
    categories: Sequence[str]
    image: NDArray[np.int64]
    category: NDArray[np.int64]
    boxes: NDArray[np.float64]
    flags: NDArray[np.int64]
    ids: NDArray[np.int64]
    points: NDArray[np.float64]
    part_starts: NDArray[np.int64]
    part_object: NDArray[np.int64]
    masks: dict[int, Mask]
    remarks: Sequence[ReaderFinding] = ()
    problems: Sequence[Problem] = ()
    file: str = ""
    ended: bool = False
    seconds: Mapping[int, float] = {}
    visibility: NDArray[np.uint64] | None = None
    keypoints: Mapping[str, Sequence[str]] = {}

    def without(self, dropped: NDArray[np.bool_]) -> Batch:
        """Return the batch without some of its labels."""
        kept = ~dropped
        index = np.cumsum(kept) - 1
        part_kept = kept[self.part_object]
        lengths = np.diff(self.part_starts)
        return self._replace(
            image=self.image[kept],
            category=self.category[kept],
            boxes=self.boxes[kept],
            flags=self.flags[kept],
            ids=self.ids[kept],
            points=self.points[np.repeat(part_kept, lengths)],
            part_starts=np.concatenate([[0], np.cumsum(lengths[part_kept])]),
            part_object=index[self.part_object[part_kept]],
            masks={int(index[number]): mask for number, mask in self.masks.items() if kept[number]},
            visibility=None if self.visibility is None else self.visibility[kept],
        )


UNNAMED = "object"
"""Class of an object that has none."""
_NO_BOX = (np.nan, np.nan, np.nan, np.nan)


MIN_VERTICES = 3
"""Fewest vertices that enclose an area."""
MAX_PLACE = 1e7
"""Pixels beyond which a coordinate must be a mistake."""


def fault_of(points: NDArray[np.float64]) -> str:
    """Return the kind of finding for a part of an outline, empty if it is sound."""
    if len(points) < MIN_VERTICES:
        return "empty_outline"
    return "" if (np.abs(points) < MAX_PLACE).all() else "bad_value"


def box_of_corners(points: NDArray[np.float64]) -> tuple[tuple[float, float, float, float], int]:
    """Return the box around two opposite corners in any order, or around more vertices, and its flags."""
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    is_backwards = len(points) == 2 and (points[1] < points[0]).any()  # noqa: PLR2004 - else a corner is not the other's
    return (left, top, right, bottom), BACKWARDS if is_backwards else 0


class BatchBuilder:
    """Collects labels one by one, for formats of many small files.

    Args:
        categories: Names of classes that are known before the labels.
        images: Images that are known before the labels.
    """

    def __init__(self, categories: Sequence[str] = (), images: Sequence[Image] = ()) -> None:
        self._categories = {name: index for index, name in enumerate(dict.fromkeys(categories))}
        self._images = [*images]
        self._known = len(images)
        self._image: list[int] = []
        self._category: list[int] = []
        self._boxes = array("d")
        self._flags: list[int] = []
        self._ids: list[int] = []
        self._points: list[NDArray[np.float64]] = []
        self._part_object: list[int] = []
        self._masks: dict[int, Mask] = {}
        self.runs = 0
        self._visibility: dict[int, tuple[int, int]] = {}
        self.keypoints: dict[str, Sequence[str]] = {}
        self.seconds: dict[int, float] = {}
        self.remarks: list[ReaderFinding] = []
        self.problems: list[Problem] = []

    def __len__(self) -> int:
        """Return how many labels and images were added."""
        return len(self._ids) + len(self._images) - self._known

    def image(self, image: Image) -> int:
        """Add an image; return its index for `label`."""
        self._images.append(image)
        return len(self._images) - 1

    def label(
        self,
        image: int,
        category: str,
        id_: int,
        *,
        box: tuple[float, float, float, float] | None = None,
        outline: Sequence[Sequence[tuple[float, float]] | NDArray[np.float64]] = (),
        mask: Mask | None = None,
        flags: int = 0,
        visibility: Sequence[float] = (),
    ) -> None:
        """Add a label, unless nothing but an outline is known of it and that cannot be measured.

        Args:
            image: What `image` returned.
            category: Name of the class.
            id_: The label's id in its file, or its line.
            box: x1, y1, x2, y2 as the file states them; without it, the box of the outline or mask.
            outline: Parts, each a sequence of vertices x, y; they are closed without repeating the first.
            mask: The pixels, where the format stores pixels.
            flags: Bits such as `CROWD`.
            visibility: Of each keypoint: 0 where it is not labelled, 1 where it is hidden, 2 where it is in sight.
        """
        number = len(self._ids)
        parts = []
        for part in outline:
            points = np.asarray(part, np.float64).reshape(-1, 2)
            if fault := fault_of(points):
                self.remark(fault, self._place(image, id_), "an outline that cannot be measured")
            else:
                parts.append(points)
        if outline and not parts and box is None and mask is None:
            return
        if mask is not None and self.runs + len(mask.rows) > MOST_RUNS:
            self.remark(
                "mask_too_large", self._place(image, id_), f"the masks of its image have more than {MOST_RUNS:,} runs"
            )
            box, mask = box or mask.extents, None
        self._image.append(image)
        self._category.append(self._categories.setdefault(category, len(self._categories)))
        self._boxes.extend(box or _NO_BOX)
        self._flags.append(flags if box else flags | BOX_DERIVED)
        self._ids.append(id_)
        if any(visibility):
            self._visibility[number] = visibility_of(visibility)
        self._points += parts
        self._part_object += [number] * len(parts)
        if mask is not None:
            self._masks[number] = mask
            self.runs += len(mask.rows)

    def _place(self, image: int, id_: int) -> str:
        return f"{self._images[image].labelled_in}#{id_}"

    def boxes(
        self, image: int, categories: Sequence[str], boxes: Sequence[float], flags: Sequence[int], ids: Iterable[int]
    ) -> None:
        """Add labels that are only boxes, all at once.

        Args:
            image: What `image` returned.
            categories: Names of the classes of n labels.
            boxes: x1, y1, x2, y2 of each, one after the other, 4 n in all.
            flags: Bits of each.
            ids: Ids of each.
        """
        index = self._categories
        self._category += [index.setdefault(category, len(index)) for category in categories]
        self._image += [image] * len(categories)
        self._boxes.extend(boxes)
        self._flags += flags
        self._ids += ids

    def remark(self, kind: str, where: str, detail: str = "", times: int = 1) -> None:
        """Add a remark."""
        self.remarks.append(ReaderFinding(kind, where, times, detail))

    def batch(self) -> Batch:
        """Return what was collected."""
        lengths = [len(part) for part in self._points]
        visibility = np.zeros((len(self._ids), 2), np.uint64)
        for number, bits in self._visibility.items():
            visibility[number] = bits
        return Batch(
            self._images,
            list(self._categories),
            np.array(self._image, np.int64),
            np.array(self._category, np.int64),
            np.array(self._boxes, np.float64).reshape(-1, 4),
            np.array(self._flags, np.int64),
            np.array(self._ids, np.int64),
            np.concatenate(self._points) if self._points else np.empty((0, 2)),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            np.array(self._part_object, np.int64),
            self._masks,
            self.remarks,
            self.problems,
            seconds=self.seconds,
            visibility=visibility if self._visibility else None,
            keypoints=self.keypoints,
        )
