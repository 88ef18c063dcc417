"""Which labels of several annotators are one object: units, matched image by image whatever the classes.

The objects of the first annotator are the first units. Those of each further one join the unit that they are most like,
one to one, or begin units of their own:

    image 1       anna           ben            carl              units
                  car 1          car 7          -                 (1, 7, -)
                  person 2       -              person 4          (2, -, 4)
                  -              dog 8          cat 5             (-, 8, 5)

Boxes decide who can belong together, as all formats have them: from an IoU of `SAME` on, with the mean over the
members of a unit. Where an object is like several, outlines and masks decide, then classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.errors import InputError, Location, Problem
from annostrat.measure.agreement.assignment import assigned
from annostrat.measure.agreement.likeness import as_polygon, box_iou, mask_iou, outline_iou

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from annostrat.measure.agreement.labelled_set import LabelledSet

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

SAME = 0.5
"""IoU of boxes from which on two labels can be of one object, as COCO has it."""
_OF_CLASS = 1e-6
"""What an equal class adds to the likeness: it decides between equals only."""
MOST_OBJECTS = 5_000
"""Labels of an image above which it is left aside: all are compared with all."""
NONE = -1
"""In the place of a label that an annotator did not draw."""


class Shared(NamedTuple):
    """n images that every annotator has.

    Attributes:
        names: Their names, as the first set has them, in order.
        positions: Of each annotator, the index of the image among its own, of shape (sets, n).
        sizes: Width and height in pixels, of shape (n, 2); 0 where nobody knows them.
        scales: By which coordinates of each annotator are multiplied to be pixels of this size, (sets, n, 2): 1 unless
            somebody labelled a copy of another size, or the format has shares and no image beside it.
    """

    names: list[str]
    positions: Integers
    sizes: Floats
    scales: Floats


def shared_images(sets: Sequence[LabelledSet]) -> Shared:
    """Return the images that all sets have, by name: the whole, else its last part, else that without its ending.

    Raises:
        InputError: There are none.
    """
    crowded = [np.bincount(one.rows.image, minlength=len(one.images)) > MOST_OBJECTS for one in sets]
    best: dict[str, list[int]] = {}
    for form in _FORMS:
        by_name = [_by_name(one, form, left) for one, left in zip(sets, crowded, strict=True)]
        common = set.intersection(*map(set, by_name))
        if len(common) > len(best):
            best = {name: [known[name] for known in by_name] for name in sorted(common)}
    if not best:
        named = [f"such as {one.images[0].name}" for one in sets]
        said = f"has no image of {sets[0].path} ({named[0]}; here {named[1]})"
        hint = "agreement compares labels of the same images, by their names"
        raise InputError([Problem(Location(sets[1].path), said, hint, "unreadable")])
    index = np.array([*best.values()], np.int64).T
    own = np.array([[one.images[i][1:3] for i in of_set] for one, of_set in zip(sets, index.tolist(), strict=True)])
    own = np.where((own > 0) & np.isfinite(own), own, 0.0)
    sizes = own.max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        scales = np.where(own > 0, sizes / own, 1.0)
    return Shared([sets[0].images[i].name for i in index[0].tolist()], index, sizes, scales)


_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda name: name.rpartition("/")[2],
    lambda name: name.rpartition("/")[2].rpartition(".")[0] or name.rpartition("/")[2],
)


def _by_name(one: LabelledSet, form: Callable[[str], str], left_aside: NDArray[np.bool_]) -> dict[str, int]:
    """Return the index of each image by a form of its name; without names that several have, and what is left aside."""
    found: dict[str, int] = {}
    several: set[str] = set()
    for number, image in enumerate(one.images):
        name = form(image.name)
        if found.setdefault(name, number) != number:
            several.add(name)
    return {name: number for name, number in found.items() if name not in several and not left_aside[number]}


class Units(NamedTuple):
    """n objects, each as one or more annotators labelled it.

    Attributes:
        image: Index of the image among the shared ones, ascending, of shape (n,).
        members: Index of each annotator's label, or `NONE`, of shape (n, sets).
        boxes: Their boxes in pixels of the shared images, of shape (n, sets, 4); nan where there is none.
        classes: Index of each label's class in `names`, or `NONE`, of shape (n, sets).
        names: Names of the classes of all annotators.
    """

    image: Integers
    members: Integers
    boxes: Floats
    classes: Integers
    names: list[str]


class Matcher:
    """Matches the objects of several sets, and compares the outlines of those that belong together."""

    def __init__(self, sets: Sequence[LabelledSet], shared: Shared) -> None:
        self.sets, self.shared = sets, shared
        self.names = list(dict.fromkeys(name for one in sets for name in one.classes))
        place = {name: number for number, name in enumerate(self.names)}
        self._class = [np.array([place[name] for name in one.classes], np.int64) for one in sets]
        self._is_scaled = (shared.scales != 1).any(axis=2)

    def units(self) -> Units:
        """Return all units, by image."""
        of_set = [self._objects(number) for number in range(len(self.sets))]
        parts = [self._of_image(labels, image) for image, labels in enumerate(zip(*of_set, strict=True))]
        image = np.repeat(np.arange(len(parts)), [len(members) for members in parts])
        members = np.concatenate(parts)
        boxes, classes = np.full((*members.shape, 4), np.nan), np.full(members.shape, NONE)
        for number, one in enumerate(self.sets):
            there = members[:, number] != NONE
            label = members[there, number]
            boxes[there, number] = self._boxes(number, label, image[there])
            classes[there, number] = self._class[number][one.rows.category[label]]
        return Units(image, members, boxes, classes, self.names)

    def none(self) -> Units:
        """Return no unit."""
        count = len(self.sets)
        none = np.empty((0, count), np.int64)
        return Units(none[:, 0], none, np.empty((0, count, 4)), none, self.names)

    def _objects(self, number: int) -> list[Integers]:
        """Return the objects of a set in each shared image."""
        rows, index = self.sets[number].rows, self.shared.positions[number]
        place = np.full(len(self.sets[number].images), NONE)
        place[index] = np.arange(len(index))
        objects = np.flatnonzero(rows.is_object & (place[rows.image] != NONE))
        order = np.argsort(place[rows.image[objects]], kind="stable")
        objects = objects[order]
        return np.split(objects, np.searchsorted(place[rows.image[objects]], np.arange(1, len(index))))

    def _boxes(self, number: int, labels: Integers, image: Integers | int) -> Floats:
        return self.sets[number].rows.boxes[labels] * np.tile(self.shared.scales[number, image], 2)

    def _of_image(self, labels: Sequence[Integers], image: int) -> Integers:
        """Return the units of an image: each annotator's label, of shape (n, sets)."""
        count = len(self.sets)
        members = np.full((len(labels[0]), count), NONE)
        members[:, 0] = labels[0]
        for number in range(1, count):
            new = labels[number]
            likeness = self._likeness(members[:, :number], number, new, image)
            rows, columns = assigned(likeness)
            members[rows, number] = new[columns]
            alone = np.setdiff1d(np.arange(len(new)), columns)
            begun = np.full((len(alone), count), NONE)
            begun[:, number] = new[alone]
            members = np.concatenate([members, begun])
        return members

    def _likeness(self, members: Integers, number: int, new: Integers, image: int) -> Floats:
        """Return how alike units and labels are, from 0, where they cannot be one, of shape (units, labels)."""
        shape = (len(members), len(new))
        if not len(members) or not len(new):
            return np.zeros(shape)
        own, own_class = self._boxes(number, new, image), self._class[number][self.sets[number].rows.category[new]]
        total, known, equal = np.zeros(shape), np.zeros((len(members), 1)), np.zeros(shape, bool)
        for other in range(members.shape[1]):
            there = np.flatnonzero(members[:, other] != NONE)
            label = members[there, other]
            total[there] += box_iou(self._boxes(other, label, image)[:, None], own)
            known[there] += 1
            equal[there] |= self._class[other][self.sets[other].rows.category[label]][:, None] == own_class
        likeness = total / known
        possible = likeness >= SAME
        likeness = np.where(possible, likeness, 0)
        contested = possible & ((possible.sum(axis=1, keepdims=True) > 1) | (possible.sum(axis=0) > 1))
        for other in range(members.shape[1] if contested.any() else 0):
            rows, columns = np.nonzero(contested & (members[:, other] != NONE)[:, None])
            seen = self.shape_iou((other, members[rows, other]), (number, new[columns]), np.full(len(rows), image))
            drawn = ~np.isnan(seen)
            likeness[rows[drawn], columns[drawn]] = np.maximum(seen[drawn], _OF_CLASS)
        return np.where(possible, likeness + _OF_CLASS * equal, 0)

    def shape_iou(self, one: tuple[int, Integers], other: tuple[int, Integers], image: Integers) -> Floats:
        """Return the IoU of what two sets drew around objects, pair by pair; nan where one has a box only.

        Args:
            one: The number of a set, and labels of it.
            other: The number of another set, and as many labels of it.
            image: The shared image of each pair. Those of other sizes are left out.
        """
        found = np.full(len(image), np.nan)
        same_size = ~(self._is_scaled[one[0], image] | self._is_scaled[other[0], image])
        pairs = np.flatnonzero(same_size)
        masks = [[self.sets[number].mask_of(int(label)) for label in labels[pairs]] for number, labels in (one, other)]
        shapes = [self.sets[number].outlines_of(labels[pairs]) for number, labels in (one, other)]
        for place, (mask, against) in enumerate(zip(*masks, strict=True)):
            if mask is not None and against is not None:
                found[pairs[place]] = mask_iou(mask, against)
            elif mask is not None and shapes[1][place] is not None:
                shapes[0][place] = as_polygon(mask)
            elif against is not None and shapes[0][place] is not None:
                shapes[1][place] = as_polygon(against)
        drawn = np.array([a is not None and b is not None for a, b in zip(*shapes, strict=True)], bool)
        drawn &= np.isnan(found[pairs])
        if drawn.any():
            found[pairs[drawn]] = outline_iou(shapes[0][drawn], shapes[1][drawn])
        return found
