"""The measurements of a dataset in additive form: the profiles of its parts sum to the profile of the whole."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from annostrat.measure.shape.outlines import GRID
from annostrat.measure.tables.image_table import GROUPS, MAX_LEVEL, NAMES
from annostrat.measure.tables.intervals import Sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import ReaderFinding
    from annostrat.errors import Problem

_Key = TypeVar("_Key")
COVER = np.dtype(
    [
        ("image", "<u4"),
        ("object", "<u4"),
        ("covered", "<u4"),
        ("by", "<u4"),
        ("level", "u1"),
        ("objects", "<u4"),
        ("of_class", "<u4"),
    ]
)
"""One object covered by a class: index of the image in the profile, of the object in the image, both classes, level as
in `overlaps`, number of objects in the image, and how many of them are of the covered object's class. Rows are kept, as
only the whole dataset shows which classes are parts of others, and these do not count as covered."""
IMAGE = np.dtype([("name", "<u8"), ("split", "<u4")])
"""Hash of an image's name and size, and its split."""
SAMPLE = 2_048
"""Most images in which overlap is measured exactly; more add little."""
EXAMPLES = 5
"""Most places that are listed for a finding."""


class Found:
    """How often something was found, and a few places, selected by hash so that they do not depend on the order."""

    __slots__ = ("count", "examples")

    def __init__(self, count: int = 0, examples: Iterable[tuple[int, str]] = ()) -> None:
        self.count = count
        self.examples = sorted(set(examples))[:EXAMPLES]

    def plus(self, other: Found) -> Found:
        """Return the sum of both."""
        return Found(self.count + other.count, [*self.examples, *other.examples])


class Silhouettes:
    """Where the silhouettes of a class begin and end, summed by group of images."""

    __slots__ = ("counts", "crossings")

    def __init__(self) -> None:
        self.counts = np.zeros(GROUPS, np.int64)
        self.crossings: NDArray[np.int32] = np.zeros((GROUPS, GRID, GRID + 1), np.int32)

    def add(self, other: Silhouettes) -> None:
        """Add the silhouettes of another part."""
        self.counts += other.counts
        self.crossings += other.crossings


class Profile:
    """A mergeable summary of a dataset.

    Attributes:
        formats: Files read, by format.
        counts: Numbers of labels, crowds, regions, outlines, images and so on.
        classes: Index of each class name; tables refer to classes by index.
        splits: Index of each split name, likewise.
        by_class: Counts by class and kind.
        sums: By figure and class; class None is all objects.
        sampled: Sums of figures that are measured in a sample of images, by figure and level.
        levels: Number of images by level.
        objects: Number of images by the number of their objects.
        histograms: By figure, 64 bins from 0 to 1.
        silhouettes: By class.
        spreads: By figure and class, as `spread_sums` returns them.
        covers: Which class covers which object, as `COVER`; objects of an image are contiguous.
        images: The images, as `IMAGE`.
        names: Some image names by split, each with its hash.
        found: Findings by kind.
    """

    def __init__(self) -> None:
        self.formats: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.classes: dict[str, int] = {}
        self.splits: dict[str, int] = {}
        self.by_class: dict[str, Counter[str]] = {}
        self.sums: dict[tuple[str, str | None], Sums] = {}
        self.sampled: dict[tuple[str, int], Sums] = {}
        self.levels: NDArray[np.int64] = np.zeros(MAX_LEVEL + 1, np.int64)
        self.objects: Counter[int] = Counter()
        self.histograms: dict[str, NDArray[np.int64]] = {}
        self.silhouettes: dict[str, Silhouettes] = {}
        self.spreads: dict[tuple[str, str], NDArray[np.int64]] = {}
        self.covers: list[NDArray[np.void]] = []
        self.images: list[NDArray[np.void]] = []
        self.names: dict[str, list[tuple[int, str]]] = {}
        self.found: dict[str, Found] = {}

    def note(self, kind: str, count: int, examples: Iterable[tuple[int, str]] = ()) -> None:
        """Add a finding."""
        if count:
            self.found[kind] = self.found.get(kind, Found()).plus(Found(count, examples))

    def note_remarks(self, remarks: Sequence[ReaderFinding]) -> None:
        """Add the remarks of a reader."""
        by_kind: dict[str, list[ReaderFinding]] = {}
        for remark in remarks:
            by_kind.setdefault(remark.kind, []).append(remark)
        for kind, alike in by_kind.items():
            places = (f"{remark.where}: {remark.detail}" if remark.detail else remark.where for remark in alike)
            self.note(kind, sum(remark.times for remark in alike), map(_hashed, places))

    def note_problems(self, problems: Sequence[Problem]) -> None:
        """Add unreadable input as a finding, since it makes the measurement incomplete."""
        places = [_hashed(f"{problem.location}: {problem.message}") for problem in problems]
        self.note("unreadable", len(problems), places)

    def silhouettes_of(self, name: str) -> Silhouettes:
        """Return the silhouettes of a class, to add to."""
        if name not in self.silhouettes:
            self.silhouettes[name] = Silhouettes()
        return self.silhouettes[name]

    def add(self, other: Profile) -> None:
        """Add the profile of another part of the dataset; no image may be in both."""
        self._add_tables(other)
        for mine, theirs in ((self.formats, other.formats), (self.counts, other.counts), (self.objects, other.objects)):
            mine.update(theirs)  # type: ignore[arg-type]
        for name, counts in other.by_class.items():
            self.by_class.setdefault(name, Counter()).update(counts)
        add_sums(self.sums, other.sums)
        add_sums(self.sampled, other.sampled)
        self.levels = self.levels + other.levels
        for figure, bins in other.histograms.items():
            self.histograms[figure] = self.histograms.get(figure, 0) + bins
        for name, silhouettes in other.silhouettes.items():
            self.silhouettes_of(name).add(silhouettes)
        for key, sums in other.spreads.items():
            self.spreads[key] = self.spreads.get(key, 0) + sums
        for split, names in other.names.items():
            self.names[split] = sorted({*self.names.get(split, ()), *names})[:NAMES]
        for kind, found in other.found.items():
            self.note(kind, found.count, found.examples)
        self.forget_small_levels()

    def _add_tables(self, other: Profile) -> None:
        """Add the tables that refer to classes, splits and images by index; the other's images come last."""
        classes, splits = indices(self.classes, other.classes), indices(self.splits, other.splits)
        for covers in other.covers:
            moved = covers.copy()
            moved["image"] += self.counts["images"]
            moved["covered"], moved["by"] = classes[covers["covered"]], classes[covers["by"]]
            self.covers.append(moved)
        for images in other.images:
            moved = images.copy()
            moved["split"] = splits[images["split"]]
            self.images.append(moved)

    @property
    def level(self) -> int:
        """The lowest level that leaves at most `SAMPLE` images."""
        return sample_level(self.levels)

    def forget_small_levels(self) -> None:
        """Forget the figures of images that are no longer in the sample."""
        level = self.level
        self.sampled = {key: sums for key, sums in self.sampled.items() if key[1] >= level}

    def sample(self, figure: str) -> Sums:
        """Return the sums of a figure over the sample of images."""
        parts = [sums for (name, level), sums in self.sampled.items() if name == figure and level >= self.level]
        total = Sums()
        for part in parts:
            total = total.plus(part)
        return total


def _hashed(place: str) -> tuple[int, str]:
    """Return a place with the hash by which examples are selected."""
    digest = blake2b(place.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little"), place


def sample_level(levels: NDArray[np.int64]) -> int:
    """Return the lowest level that leaves at most `SAMPLE` images."""
    left = np.cumsum(levels[::-1])[::-1]
    return int(np.argmax(left <= SAMPLE)) if (left <= SAMPLE).any() else MAX_LEVEL


def add_sums(mine: dict[_Key, Sums], theirs: Mapping[_Key, Sums]) -> None:
    """Add sums to others, key by key."""
    for key, sums in theirs.items():
        mine[key] = mine[key].plus(sums) if key in mine else sums


def indices(mine: dict[str, int], theirs: Mapping[str, int]) -> NDArray[np.int64]:
    """Return the index of each name of `theirs` in `mine`, which grows as needed."""
    return np.array([mine.setdefault(name, len(mine)) for name in theirs], np.int64)
