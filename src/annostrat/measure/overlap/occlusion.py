"""Which objects are covered by others, not counting parts of other objects and objects in front of surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.measure.profile.profile import COVER
from annostrat.measure.tables.intervals import Cells, Estimate, Sums, mean, per_image, sums_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.measure.profile.profile import Profile

PART_SHARE, PART_OBJECTS, PART_IMAGES = 0.8, 10, 3
"""Share of a class's objects inside boxes of another class from which they are its parts; how many objects that takes,
and in how many images, since in a single image it may be coincidence."""


SURROUNDINGS_SHARE = 0.25
"""Mean part of the image that a class's boxes take from which it is surroundings: road, facade, sky."""


class PartOf(NamedTuple):
    """A class whose objects are inside objects of another class, like windows in a facade, and do not hide them."""

    part: str
    whole: str
    share: float
    objects: int


class Coverage:
    """The covered objects of a data set."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._classes = list(profile.classes)
        table = np.concatenate(profile.covers) if profile.covers else np.empty(0, COVER)
        self._objects = {name: counts["objects"] for name, counts in profile.by_class.items()}
        self.parts = list(self._find_parts(table))
        size = max(len(self._classes), 1)
        aside = [profile.classes[part.part] * size + profile.classes[part.whole] for part in self.parts]
        pair = table["covered"].astype(np.int64) * size + table["by"]
        self.surroundings = self._find_surroundings(table)
        before = np.isin(table["by"], [profile.classes[name] for name in self.surroundings])
        self._table = table[~np.isin(pair, aside) & ~(before & (table["covered"] != table["by"]))]
        self._known: dict[int, dict[str | None, Sums]] = {}

    def _find_parts(self, table: NDArray[np.void]) -> list[PartOf]:
        inside = table[(table["level"] == 3) & (table["covered"] != table["by"])]  # noqa: PLR2004 - inside
        size = max(len(self._classes), 1)
        key = inside["covered"].astype(np.int64) * size + inside["by"]
        found = []
        for pair, count in zip(*(part.tolist() for part in np.unique(key, return_counts=True)), strict=True):
            part, whole = self._classes[pair // size], self._classes[pair % size]
            objects = self._objects.get(part, 0)
            if objects < PART_OBJECTS or count < PART_SHARE * objects:
                continue
            if len(np.unique(inside["image"][key == pair])) >= PART_IMAGES:
                found.append(PartOf(part, whole, count / objects, objects))
        return sorted(found)

    def _find_surroundings(self, table: NDArray[np.void]) -> list[str]:
        """Return the classes whose boxes take much of the image and surround objects of other classes.

        The box of a road is around the cars on it: it covers none of them. People who are as large in the image cover
        one another, which still counts.
        """
        others = table[table["covered"] != table["by"]]
        found = []
        for number in np.unique(others["by"]).tolist():
            name = self._classes[number]
            taken = mean(self._profile.sums.get(("image_share", name), Sums())).value or 0.0
            if taken < SURROUNDINGS_SHARE:
                continue
            if len(np.unique(others["image"][others["by"] == number])) >= PART_IMAGES:
                found.append(name)
        return sorted(found)

    def share(self, level: int, name: str | None = None) -> Estimate:
        """Return the share of objects covered to a level, of a class or of all.

        Args:
            level: 1 from a fifth of the box on, 2 from a half on.
            name: A class; all, if None.
        """
        return mean(self._sums(level, name), share=True)

    def per_image(self, level: int) -> Estimate:
        """Return how many objects of an image are covered, on average."""
        return per_image(self._sums(level, None), self._profile.counts["images"])

    def _sums(self, level: int, name: str | None) -> Sums:
        """Return the sums over all images, of which only those with covered objects are in the table."""
        if level not in self._known:
            self._known[level] = self._all_sums(level)
        found = self._known[level].get(name, Sums())
        base = self._profile.sums.get(("max_iou", name), Sums())
        return base._replace(y=found.y, cy=found.cy, yy=found.yy, events=found.events, full=found.full)

    def _all_sums(self, level: int) -> dict[str | None, Sums]:
        """Return the sums of the objects of each class, and of all, that are covered to a level."""
        rows = np.flatnonzero(self._table["level"] >= level)
        rows = rows[_is_new(self._table["image"][rows]) | _is_new(self._table["object"][rows])]  # whatever covers it
        image, covered, objects, of_class = (self._table[name][rows] for name in _COLUMNS)
        starts = np.flatnonzero(_is_new(image))
        (of_all,) = sums_by(_cells(objects, starts), np.zeros(len(starts), np.int64), 1)
        few_bits = covered.astype(np.min_scalar_type(len(self._classes)))  # are sorted by radix
        order = np.argsort(few_bits, kind="stable")
        image, covered, of_class = image[order], covered[order], of_class[order]
        starts = np.flatnonzero(_is_new(covered) | _is_new(image))
        by_class = sums_by(_cells(of_class, starts), covered[starts].astype(np.int64), len(self._classes))
        return {**dict(zip(self._classes, by_class, strict=True)), None: of_all}


_COLUMNS = ("image", "covered", "objects", "of_class")


def _cells(objects: NDArray[np.uint32], starts: NDArray[np.int64]) -> Cells:
    """Return, for each run of covered objects, how many objects its image or class has, and how many are covered."""
    covered = np.diff(starts, append=len(objects))
    return Cells(objects[starts].astype(np.float64), covered.astype(np.float64))


def _is_new(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return whether each value differs from the one before it."""
    return np.append(True, values[1:] != values[:-1])[: len(values)]
