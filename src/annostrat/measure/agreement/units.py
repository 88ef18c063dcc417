"""Match the labels of several annotators that show one object to units, image by image and regardless of class.

The objects of the first annotator are the first units. Each object of a further annotator joins the unit that it
resembles most, one to one, or starts a new unit:

    image 1       anna           ben            carl              units
                  car 1          car 7          -                 (1, 7, -)
                  person 2       -              person 4          (2, -, 4)
                  -              dog 8          cat 5             (-, 8, 5)

Boxes, which all formats have, decide which labels can match: the IoU, averaged over the members of a unit, must be at
least `SAME`. If an object resembles several units, outlines and masks decide, then classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.errors import InputError, Location, Problem
from annostrat.measure.agreement.assignment import Likeness, assigned
from annostrat.measure.agreement.likeness import CrowdedError, as_polygon, box_iou, close_pairs, mask_iou, outline_iou

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from annostrat.measure.agreement.labelled_set import LabelledSet

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

SAME = 0.5
"""Minimum IoU of two boxes of one object, as in COCO."""
_OF_CLASS = 1e-6
"""Added to the likeness of labels with the same class, to break ties."""
NONE = -1
"""Index where an annotator has no label."""


class Shared(NamedTuple):
    """The n images that all annotators have in common.

    Attributes:
        names: Their names, as the first set has them, in order.
        positions: Index of each image among each annotator's own images, of shape (sets, n).
        sizes: Width and height in pixels, of shape (n, 2); 0 if unknown.
        scales: Factors from each annotator's coordinates to pixels of this size, of shape (sets, n, 2): 1 unless an
            annotator labelled a copy of another size, or the format has shares and the image is missing.
        crowded: Names of further images, excluded for having too many labels in one place to match.
    """

    names: list[str]
    positions: Integers
    sizes: Floats
    scales: Floats
    crowded: tuple[str, ...] = ()

    def without(self, crowded: list[int]) -> Shared:
        """Return the images without some crowded ones."""
        kept = np.setdiff1d(np.arange(len(self.names)), crowded)
        names = (*self.crowded, *(self.names[i] for i in crowded))
        return Shared(
            [self.names[i] for i in kept], self.positions[:, kept], self.sizes[kept], self.scales[:, kept], names
        )


def shared_images(sets: Sequence[LabelledSet]) -> Shared:
    """Return the images that all sets have, by full name, else by its last part, else by that part without suffix.

    Raises:
        InputError: The sets have no image in common.
    """
    best: dict[str, list[int]] = {}
    for form in _FORMS:
        by_name = [_by_name(one, form) for one in sets]
        common = set.intersection(*map(set, by_name))
        if len(common) > len(best):
            best = {name: [known[name] for known in by_name] for name in sorted(common)}
    if not best:
        named = [f"such as {one.images[0].name}" for one in sets]
        message = f"has no image of {sets[0].path} ({named[0]}; here {named[1]})"
        hint = "agreement compares labels of the same images, by their names"
        raise InputError([Problem(Location(sets[1].path), message, hint, "unreadable")])
    index = np.array([*best.values()], np.int64).T
    own = np.array([[one.images[i][1:3] for i in of_set] for one, of_set in zip(sets, index.tolist(), strict=True)])
    own = np.where((own >= 1) & np.isfinite(own), own, 0.0)
    sizes = own.max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        scales = np.where(own > 0, sizes / own, 1.0)
    return Shared([sets[0].images[i].name for i in index[0].tolist()], index, sizes, scales)


_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda name: name.rpartition("/")[2],
    lambda name: name.rpartition("/")[2].rpartition(".")[0] or name.rpartition("/")[2],
)


def _by_name(one: LabelledSet, form: Callable[[str], str]) -> dict[str, int]:
    """Return the index of each image by a form of its name, without names that several images share."""
    found: dict[str, int] = {}
    several: set[str] = set()
    for number, image in enumerate(one.images):
        name = form(image.name.replace("\\", "/"))
        if found.setdefault(name, number) != number:
            several.add(name)
    return {name: number for name, number in found.items() if name not in several}


class Units(NamedTuple):
    """n objects, each labelled by one or more annotators.

    Attributes:
        image: Index of the image among the shared ones, ascending, of shape (n,).
        members: Index of each annotator's label, or `NONE`, of shape (n, sets).
        boxes: The labels' boxes in pixels of the shared images, of shape (n, sets, 4); nan for missing labels.
        classes: Index of each label's class in `names`, or `NONE`, of shape (n, sets).
        names: Names of the classes of all annotators.
    """

    image: Integers
    members: Integers
    boxes: Floats
    classes: Integers
    names: list[str]


class Matcher:
    """Matches the objects of several sets, and compares the outlines of matched labels."""

    def __init__(self, sets: Sequence[LabelledSet], shared: Shared) -> None:
        self.sets, self.shared = sets, shared
        self.names = list(dict.fromkeys(name for one in sets for name in one.classes))
        place = {name: number for number, name in enumerate(self.names)}
        self._class = [np.array([place[name] for name in one.classes], np.int64) for one in sets]
        self._is_scaled = (shared.scales != 1).any(axis=2)

    def units(self) -> Units:
        """Return all units, by image.

        Raises:
            CrowdedError: Images have too many labels in one place to match them.
        """
        image, labels = self._objects(0)
        members: Integers = np.full((len(labels), len(self.sets)), NONE)
        members[:, 0] = labels
        for number in range(1, len(self.sets)):
            of_new, new = self._objects(number)
            rows, columns = assigned(self._likeness(members[:, :number], image, number, new, of_new))
            members[rows, number] = new[columns]
            alone = np.setdiff1d(np.arange(len(new)), columns)
            begun = np.full((len(alone), len(self.sets)), NONE)
            begun[:, number] = new[alone]
            members, image = np.concatenate([members, begun]), np.concatenate([image, of_new[alone]])
        order = np.argsort(image, kind="stable")
        image, members = image[order], members[order]
        boxes, classes = np.full((*members.shape, 4), np.nan), np.full(members.shape, NONE)
        for number in range(len(self.sets)):
            there = members[:, number] != NONE
            boxes[there, number] = self._boxes(number, members[there, number], image[there])
            classes[there, number] = self._classes(number, members[there, number])
        return Units(image, members, boxes, classes, self.names)

    def none(self) -> Units:
        """Return an empty table of units."""
        count = len(self.sets)
        none = np.empty((0, count), np.int64)
        return Units(none[:, 0], none, np.empty((0, count, 4)), none, self.names)

    def _objects(self, number: int) -> tuple[Integers, Integers]:
        """Return the shared image and the index of a set's objects in shared images, ordered by image."""
        rows, index = self.sets[number].rows, self.shared.positions[number]
        place = np.full(len(self.sets[number].images), NONE)
        place[index] = np.arange(len(index))
        objects = np.flatnonzero(rows.is_object & (place[rows.image] != NONE))
        image = place[rows.image[objects]]
        order = np.argsort(image, kind="stable")
        return image[order], objects[order]

    def _boxes(self, number: int, labels: Integers, image: Integers) -> Floats:
        return self.sets[number].rows.boxes[labels] * np.tile(self.shared.scales[number, image], 2)

    def _classes(self, number: int, labels: Integers) -> Integers:
        return self._class[number][self.sets[number].rows.category[labels]]

    def _likeness(self, members: Integers, image: Integers, number: int, new: Integers, of_new: Integers) -> Likeness:
        """Return the likeness of units and the labels of a further set."""
        own, near = self._boxes(number, new, of_new), []
        for other in range(number):
            there = np.flatnonzero(members[:, other] != NONE)
            boxes = self._boxes(other, members[there, other], image[there])
            rows, columns = close_pairs((image[there], boxes), (of_new, own), SAME)
            near.append(there[rows] * len(new) + columns)
        rows, columns = np.divmod(np.unique(np.concatenate(near)), max(len(new), 1))
        total, known, equal = np.zeros(len(rows)), np.zeros(len(rows)), np.zeros(len(rows), bool)
        for other in range(number):
            there = np.flatnonzero(members[rows, other] != NONE)
            label, against = members[rows[there], other], columns[there]
            total[there] += box_iou(self._boxes(other, label, image[rows[there]]), own[against])
            known[there] += 1
            equal[there] |= self._classes(other, label) == self._classes(number, new[against])
        possible = total >= SAME * known
        likeness = Likeness(rows[possible], columns[possible], total[possible] / known[possible])
        contested = np.flatnonzero(likeness.contested)
        for other in range(number if len(contested) else 0):
            pairs = contested[members[likeness.row[contested], other] != NONE]
            row, column = likeness.row[pairs], likeness.column[pairs]
            drawn = self.shape_iou((other, members[row, other]), (number, new[column]), image[row])
            likeness.value[pairs] = np.where(np.isnan(drawn), likeness.value[pairs], np.maximum(drawn, _OF_CLASS))
        return likeness._replace(value=likeness.value + _OF_CLASS * equal[possible])

    def shape_iou(self, one: tuple[int, Integers], other: tuple[int, Integers], image: Integers) -> Floats:
        """Return the IoU of the outlines or masks of two sets, pair by pair; nan where a label has only a box.

        Args:
            one: The number of a set, and some of its labels.
            other: The number of another set, and as many of its labels.
            image: The shared image of each pair. Rescaled images are left out.
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


def matched(sets: Sequence[LabelledSet], shared: Shared) -> tuple[Matcher, Units]:
    """Return the matcher for all images that are not too crowded, and their units.

    Raises:
        InputError: All images are too crowded.
    """
    try:
        matcher = Matcher(sets, shared)
        return matcher, matcher.units()
    except CrowdedError as error:
        fewer = shared.without(error.images)
    if not fewer.names:
        message = f"has too many labels at one place of {fewer.crowded[0]} to match them, and of every other image"
        hint = "look for copies, which `annostrat measure` names"
        raise InputError([Problem(Location(sets[1].path), message, hint, "unreadable")])
    return matched(sets, fewer)
