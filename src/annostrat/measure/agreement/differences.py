"""Differences between annotators, worded by rules/findings.yaml: each kind points to a line of the guideline."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.agreement.likeness import shared_areas
from annostrat.measure.agreement.units import NONE
from annostrat.measure.tables.intervals import student_t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from annostrat.knowledge.contract import FindingKindText
    from annostrat.measure.agreement.contract import Confusion
    from annostrat.measure.agreement.figures import Pairs
    from annostrat.measure.agreement.units import Shared, Units
    from annostrat.recommendation.contract import Finding

    Bits = NDArray[np.bool_]
    Floats = NDArray[np.float64]

APART = 0.75
"""IoU below which two labels of one object count as drawn very differently: COCO's strict threshold."""
SMALL = 0.25
"""Share of the objects labelled by everyone that counts as small."""
TELLING = 2.0
"""How many times more frequent a trait must be among left-out objects to explain why they were left out."""
FEW = 5
"""Number of objects below which a trait does not count as an explanation."""
INSIDE = 0.8
"""Share of an object that must be inside a label that covers several objects."""
LARGER = 1.1
"""Ratio of areas from which one annotator counts as drawing larger."""
BORDER = 0.005
"""Share of an image's side within which a box counts as touching the border."""
EXAMPLES = 5
ENOUGH = 10
"""Fewest objects of two annotators for which a complete lack of common classes is no coincidence."""
_RANK = {"error": 0, "warning": 1, "note": 2}


def _bare(name: str) -> str:
    """Return a class name without common variations in spelling: case, spaces, hyphens and underscores."""
    return "".join(letter for letter in name.casefold() if letter not in " -_")


class Differences:
    """Finds the differences between two or more annotators."""

    def __init__(self, units: Units, pairs: Pairs, shared: Shared, sets: Sequence[str]) -> None:
        self.units, self.pairs, self.shared, self.sets = units, pairs, shared, sets

    @cached_property
    def left_out(self) -> Bits:
        """Whether at least one annotator left an object out."""
        return (self.units.members == NONE).any(axis=1)

    @cached_property
    def class_differs(self) -> Bits:
        """Whether an object was given different classes."""
        return self._of_pairs(~self.pairs.same)

    @cached_property
    def without_common_class(self) -> list[tuple[int, int]]:
        """Pairs of annotators who labelled the same objects but share no class name: their lists of classes differ."""
        classes = [self.units.classes[:, number] for number in range(len(self.sets))]
        return [
            (one, other)
            for (one, other), count in self._pairs_of_sets()
            if count >= ENOUGH and not (set(classes[one].tolist()) & set(classes[other].tolist())) - {NONE}
        ]

    def _pairs_of_sets(self) -> Iterator[tuple[tuple[int, int], int]]:
        pairs, counts = np.unique(self.pairs.sets, axis=0, return_counts=True)
        yield from zip(map(tuple, pairs.tolist()), counts.tolist(), strict=True)

    def _other_names(self) -> list[str]:
        """Return the class names of two annotators that seem to mean the same class, judged by common objects.

        They differ only in case and spaces or, if the annotators share no name, most often label the same objects.
        """
        found = []
        for (one, other), _ in self._pairs_of_sets():
            own = (self.pairs.sets == (one, other)).all(axis=1)
            counted = Counter(map(tuple, self.pairs.classes[own].tolist()))
            names = {pair: (self.units.names[pair[0]], self.units.names[pair[1]]) for pair in counted}
            alike = [pair for pair in counted if pair[0] != pair[1] and len({*map(_bare, names[pair])}) == 1]
            meant = {pair[0]: pair for pair in reversed(alike)}
            if (one, other) in self.without_common_class:
                meant = {pair[0]: pair for pair, _ in reversed(counted.most_common())} | meant
            for pair in sorted(meant.values(), key=lambda pair: (-counted[pair], pair)):
                count = counted[pair]
                called = f"'{names[pair][0]}' of {self.sets[one]} is '{names[pair][1]}' of {self.sets[other]}"
                found.append(f"{called} ({count:,} object{'s' * (count > 1)})")
        return found

    @cached_property
    def drawn_apart(self) -> Bits:
        """Whether two labels of an object overlap little."""
        return self._of_pairs(self.pairs.iou < APART)

    def _of_pairs(self, which: Bits) -> Bits:
        found = np.zeros(len(self.units.image), bool)
        found[self.pairs.unit[which]] = True
        return found

    def findings(self, texts: Mapping[str, FindingKindText]) -> list[Finding]:
        """Return the findings, worst first: warnings before notes, then by the number of objects concerned."""
        found: list[Finding] = [
            {
                "kind": kind,
                "severity": texts[kind]["severity"],
                "count": count,
                "of": of,
                "share": count / of if of else None,
                "text": f"{count:,} {texts[kind]['one' if count == 1 else 'many']}",
                "advice": texts[kind]["advice"],
                "examples": examples[:EXAMPLES],
            }
            for kind, count, of, examples in self._kinds()
            if count
        ]
        return sorted(found, key=lambda one: (_RANK[one["severity"]], -one["count"], one["kind"]))

    def _kinds(self) -> Iterator[tuple[str, int, int | None, list[str]]]:
        """Yield each kind with its count, the total, and examples."""
        objects, pairs = len(self.units.image), len(self.pairs.unit)
        out = int(self.left_out.sum())
        yield "left_out", out, objects, self._places(self.left_out)
        small, size = self._small()
        yield "small_left_out", self._telling(small), out, [f"smaller than {size:.0f} pixels across"]
        yield "border_left_out", self._telling(self._at_border()), out, self._places(self._at_border() & self.left_out)
        several = self._several_as_one()
        yield "several_as_one", len(several), None, several
        apart = self.pairs.iou < APART
        yield "drawn_apart", int(apart.sum()), pairs, self._places(self.drawn_apart)
        confusions = [
            f"{' and '.join(one['classes'])} ({one['count']:,}), as in {one['examples'][0]}"
            for one in self.confusions()
        ]
        names = self._other_names()
        yield "class_name_differs", len(names), None, names
        if not self.without_common_class:
            yield "class_differs", int(self.class_differs.sum()), objects - out, confusions
        larger = self._drawn_larger()
        yield "drawn_larger", sum(count for count, _ in larger), pairs, [message for _, message in larger]
        empty = self._images_left_out()
        yield "image_left_out", len(empty), len(self.shared.names), empty
        yield "crowded_image", len(self.shared.crowded), None, [*self.shared.crowded]

    def _places(self, which: Bits) -> list[str]:
        """Return the images with the most selected objects, with the number, classes and annotators of these."""
        image, counts = np.unique(self.units.image[which], return_counts=True)
        shown = image[np.argsort(-counts, kind="stable")][:EXAMPLES].tolist()
        return [
            f"{self.shared.names[number]} ({self._labels(which & (self.units.image == number))})" for number in shown
        ]

    def _labels(self, which: Bits) -> str:
        """Return the classes of the selected objects, with the annotators if somebody left an object out."""
        counted: Counter[str] = Counter()
        for unit in np.flatnonzero(which).tolist():
            members = np.flatnonzero(self.units.members[unit] != NONE).tolist()
            who = "" if len(members) == len(self.sets) else f" only by {' and '.join(self.sets[n] for n in members)}"
            counted[self.units.names[self.units.classes[unit, members[0]]] + who] += 1
        most = [f"{name}{f' ({count})' if count > 1 else ''}" for name, count in counted.most_common(3)]
        return ", ".join([*most, *(["..."] if len(counted) > len(most) else [])])

    def _telling(self, which: Bits) -> int:
        """Return how many left-out objects have a trait; 0 unless it is far more frequent there than elsewhere."""
        out = which & self.left_out
        others = which[~self.left_out]
        if out.sum() < FEW or not len(others):
            return 0
        return int(out.sum()) if out.sum() / self.left_out.sum() >= TELLING * max(others.mean(), SMALL / TELLING) else 0

    @cached_property
    def _boxes(self) -> Floats:
        """The box of each object, averaged over its annotators."""
        there = ~np.isnan(self.units.boxes)
        return np.asarray(np.where(there, self.units.boxes, 0).sum(axis=1) / there.sum(axis=1).clip(1))

    def _small(self) -> tuple[Bits, float]:
        """Return which objects are smaller than the lower quartile of those labelled by all, and its size in pixels."""
        across = (self._boxes[:, 2:] - self._boxes[:, :2]).prod(axis=1) ** 0.5
        shared = across[~self.left_out]
        limit = float(np.quantile(shared, SMALL)) if len(shared) else 0.0
        return across < limit, limit

    def _at_border(self) -> Bits:
        size = self.shared.sizes[self.units.image]
        margin = size * BORDER
        near = (self._boxes[:, :2] <= margin) | (self._boxes[:, 2:] >= size - margin)
        return np.asarray(near.any(axis=1) & (size > 0).all(axis=1))

    def _several_as_one(self) -> list[str]:
        """Return the places of left-out labels that each cover several left-out objects of another annotator."""
        found = []
        for image in np.unique(self.units.image[self.left_out]).tolist():
            units = np.flatnonzero(self.left_out & (self.units.image == image))
            boxes, members = self._boxes[units], self.units.members[units]
            areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
            for row in range(len(units)):
                inside = shared_areas(boxes[row], boxes) >= INSIDE * areas
                others = inside & (areas < areas[row]) & ~((members != NONE) & (members[row] != NONE)).any(axis=1)
                by_set = (members[others] != NONE).sum(axis=0)
                if by_set.max(initial=0) > 1:
                    name = self.units.names[self.units.classes[units[row]].max()]
                    found.append(f"{self.shared.names[image]} ({name}, for {by_set.max()})")
        return found

    def _drawn_larger(self) -> list[tuple[int, str]]:
        """Return the number of common objects, and a description, where one annotator consistently draws larger."""
        found = []
        areas = (self.units.boxes[..., 2:] - self.units.boxes[..., :2]).prod(axis=-1)
        for sets in np.unique(self.pairs.sets, axis=0):
            own = (self.pairs.sets == sets).all(axis=1)
            unit = self.pairs.unit[own]
            image, position = np.unique(self.pairs.image[own], return_inverse=True)
            if len(image) <= FEW:
                continue
            ratios = np.log(areas[unit, sets[0]] / areas[unit, sets[1]])
            means = np.bincount(position, ratios) / np.bincount(position)
            half = student_t(len(means) - 1) * means.std(ddof=1) / len(means) ** 0.5
            if abs(means.mean()) - half > 0 and abs(means.mean()) >= np.log(LARGER):
                one, other = (self.sets[n] for n in (sets if means.mean() > 0 else sets[::-1]))
                more = f"{np.exp(abs(means.mean())) - 1:.0%}"
                found.append((len(unit), f"{one}'s boxes have {more} more area than {other}'s"))
        return found

    def _images_left_out(self) -> list[str]:
        shown = np.zeros((len(self.shared.names), len(self.sets)), bool)
        for number in range(len(self.sets)):
            shown[self.units.image[self.units.members[:, number] != NONE], number] = True
        found = []
        for image in np.flatnonzero(shown.any(axis=1) & ~shown.all(axis=1)).tolist():
            who = " and ".join(name for name, known in zip(self.sets, shown[image], strict=True) if not known)
            found.append(f"{self.shared.names[image]} (nothing by {who})")
        return found

    def confusions(self) -> list[Confusion]:
        """Return the pairs of classes given to the same objects, most frequent first."""
        differ = np.flatnonzero(~self.pairs.same)
        classes = np.sort(self.pairs.classes[differ], axis=1)
        kinds, which, counts = np.unique(classes, axis=0, return_inverse=True, return_counts=True)
        found: list[Confusion] = []
        for number in np.lexsort((kinds[:, 1], kinds[:, 0], -counts)).tolist():
            images = dict.fromkeys(self.pairs.image[differ[which.ravel() == number]].tolist())
            found.append(
                {
                    "classes": [self.units.names[class_] for class_ in kinds[number]],
                    "count": int(counts[number]),
                    "examples": [self.shared.names[image] for image in [*images][:EXAMPLES]],
                }
            )
        return found
