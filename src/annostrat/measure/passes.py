"""Annotation files become a profile: read in pieces, by several processes where that pays."""

from __future__ import annotations

from collections import deque
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

import numpy as np

from annostrat.annotations import BatchBuilder
from annostrat.measure.images import MAX_LEVEL, ImageTable, table_of
from annostrat.measure.neighbours import Outlined, all_outlined, between, outlined, renumbered, shifted
from annostrat.measure.profile import NAMES, Profile, indices, sample_level
from annostrat.measure.reduction import Part, reduced
from annostrat.measure.rows import Rows, described, drawn, joined
from annostrat.measure.silhouette_sums import SilhouetteSums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import ProcessPoolExecutor

    from numpy.typing import NDArray

    from annostrat.annotations import Batch, Image, Remark
    from annostrat.errors import Problem
    from annostrat.readers._base import Source

    Integers = NDArray[np.int64]

_T = TypeVar("_T")
BLOCK_LABELS = 100_000
"""Labels that are summed together."""


class Measured(NamedTuple):
    """What reading came to."""

    profile: Profile
    problems: list[Problem]


class _Described(NamedTuple):
    """Labels of images whose other labels may stand elsewhere."""

    rows: Rows
    categories: Sequence[str]
    outlined: Outlined
    profile: Profile | None
    problems: Sequence[Problem]
    files: set[str]
    ended: set[str]


class _Context(NamedTuple):
    """What every process knows: the source, and of images known beforehand their groups and which are sampled."""

    source: Source
    group: Integers
    sampled: NDArray[np.bool_]


def measure_source(source: Source, jobs: int = 1, progress: Callable[[float], None] = lambda _: None) -> Measured:
    """Return the profile of a source.

    Args:
        source: What a reader opened.
        jobs: Processes that read at the same time.
        progress: Called with the part that is done, from 0 to 1.
    """
    measured = Measured(Profile(), list(source.problems))
    _note(measured.profile, source.remarks)
    measure = _measure_whole if source.whole else _measure_scattered
    measure(source, jobs, measured, progress)
    return measured


def _measure_whole(source: Source, jobs: int, measured: Measured, progress: Callable[[float], None]) -> None:
    """Measure pieces that have all labels of their images."""
    context = _Context(source, np.empty(0, np.int64), np.empty(0, bool))
    with Workers(context, jobs) as workers:
        tasks = _tasks(source.pieces, jobs)
        for done, part in enumerate(workers.map(_whole_pieces, tasks), start=1):
            measured.profile.add(part.profile)
            measured.problems.extend(part.problems)
            progress(done / len(tasks))


def _measure_scattered(source: Source, jobs: int, measured: Measured, progress: Callable[[float], None]) -> None:
    """Measure pieces whose images may have labels in others: described first, then brought together by image."""
    listed = source.images or ()
    images = table_of(listed)
    levels = images.level
    level = sample_level(np.bincount(levels, minlength=MAX_LEVEL + 1))
    context = _Context(source._replace(images=None), images.group, levels >= level)
    described: list[_Described] = []
    with Workers(context, jobs) as workers:
        tasks, ended = _tasks(source.pieces, jobs), set[str]()
        for done, part in enumerate(workers.map(_describe_pieces, tasks), start=1):
            progress(DESCRIBED * done / len(tasks))
            if part.files and part.files <= ended:
                continue
            ended |= part.ended
            measured.profile.add(part.profile or Profile())
            measured.problems.extend(part.problems)
            described.append(part._replace(profile=None))
        parts = list(_in_parts(described, images, listed, level))
        for done, profile in enumerate(workers.map(_reduce_part, parts), start=1):
            measured.profile.add(profile)
            progress(DESCRIBED + (1 - DESCRIBED) * done / len(parts))


DESCRIBED = 0.85
"""Part of the time that reading takes, of reading and summing."""


def _tasks(pieces: Sequence[Any], jobs: int) -> list[Sequence[Any]]:
    """Return pieces in runs that one process does before it says what it found: few enough that this costs little."""
    size = max(1, min(MOST_PIECES, -(-len(pieces) // (TASKS_A_JOB * jobs))))
    return [pieces[start : start + size] for start in range(0, len(pieces), size)]


TASKS_A_JOB, MOST_PIECES = 6, 20


class Workers:
    """Processes that know the same source; without any, the work is done here."""

    def __init__(self, context: _Context, jobs: int) -> None:
        self._context, self._jobs = context, jobs
        self._pool: ProcessPoolExecutor | None = None
        if jobs > 1:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            self._pool = ProcessPoolExecutor(jobs, get_context("spawn"), _start, (context,))

    def __enter__(self) -> Self:
        """Return what maps work."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes; what still waits is not begun."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, work: Callable[[_Context, Any], _T], pieces: Sequence[Any]) -> Iterator[_T]:
        """Yield what some work makes of each piece, in their order; only a few wait at a time."""
        if self._pool is None:
            for piece in pieces:
                yield work(self._context, piece)
            return
        following = iter(pieces)
        waiting = deque(self._pool.submit(_work, work, piece) for piece in islice(following, 2 * self._jobs))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(self._pool.submit(_work, work, piece) for piece in islice(following, 1))


_CONTEXT: list[_Context] = []


def _start(context: _Context) -> None:
    _CONTEXT[:] = [context]


def _work(work: Callable[[_Context, Any], _T], piece: Any) -> _T:
    return work(_CONTEXT[0], piece)


class _Levelled(NamedTuple):
    """A part, and the level of images from which on a sample is measured."""

    part: Part
    level: int


def _reduce_part(_: _Context, levelled: _Levelled) -> Profile:
    return reduced(levelled.part, levelled.level)


def _whole_pieces(context: _Context, pieces: Sequence[object]) -> Measured:
    """Return the profile of pieces that have all labels of their images."""
    measured = Measured(Profile(), [])
    silhouettes = SilhouetteSums(measured.profile)
    for piece in pieces:
        for batch in context.source.read(piece):
            measured.profile.add(whole_batch(batch, silhouettes, measured.profile.level))
            measured.problems.extend(batch.problems)
    silhouettes.flush()
    return measured


def _describe_pieces(context: _Context, pieces: Sequence[object]) -> _Described:
    """Return the labels of pieces whose images may have labels elsewhere."""
    profile = Profile()
    silhouettes = SilhouetteSums(profile)
    found: list[_Described] = []
    ended: set[str] = set()
    for piece in pieces:
        for batch in context.source.read(piece):
            if batch.file in ended:
                continue
            shown = drawn(batch)
            silhouettes.add(batch, shown, context.group)
            _note(profile, batch.remarks)
            places = outlined(shown, context.sampled[batch.image])
            rows = described(batch, shown)
            ended |= {batch.file} if batch.ended else set()
            found.append(_Described(rows, batch.categories, places, None, batch.problems, {batch.file}, ended))
    silhouettes.flush()
    return _together(found or [_describe_nothing()])._replace(profile=profile)


def _together(found: Sequence[_Described]) -> _Described:
    """Return several parts as one, with the classes of all, and without profile."""
    classes: dict[str, int] = {}
    rows, outlines, offset = [], [], 0
    for part in found:
        of = indices(classes, dict.fromkeys(part.categories, 0)).astype(np.int32)
        rows.append(part.rows._replace(category=of[part.rows.category] if len(of) else part.rows.category))
        outlines.append(shifted(part.outlined, offset))
        offset += len(part.rows.ids)
    problems = [problem for part in found for problem in part.problems]
    files, ended = (set().union(*sets) for sets in zip(*((part.files, part.ended) for part in found), strict=True))
    return _Described(joined(rows), list(classes), all_outlined(outlines), None, problems, files, ended)


def _in_parts(
    described: list[_Described], images: ImageTable, listed: Sequence[Image], level: int
) -> Iterator[_Levelled]:
    """Yield labels in parts that have all labels of their images; the list of the described ones is emptied."""
    whole = _together(described or [_describe_nothing()])
    described.clear()
    categories = whole.categories
    order = np.argsort(whole.rows.image, kind="stable")
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.arange(len(order))
    places = renumbered(whole.outlined, inverse)
    rows = whole.rows.pick(order)
    del whole
    names = names_of(listed, images)
    for first, last in pairwise(_bounds(rows.image, len(images.key))):
        start, stop = np.searchsorted(rows.image, [first, last])
        own = rows.pick(slice(start, stop))
        own = own._replace(image=own.image - first)
        part = Part(own, images.pick(slice(first, last)), categories, between(places, start, stop), names)
        yield _Levelled(part, level)
        names = {}


def _bounds(image: Integers, count: int) -> list[int]:
    """Return where to cut the images so that parts have some `BLOCK_LABELS` labels each."""
    marks = image[BLOCK_LABELS::BLOCK_LABELS].tolist() if len(image) else []
    return [0, *sorted({mark for mark in marks if 0 < mark < count}), count]


def _describe_nothing() -> _Described:
    nothing = BatchBuilder().batch()
    shown = drawn(nothing)
    return _Described(described(nothing, shown), [], outlined(shown, np.zeros(0, bool)), None, [], set(), set())


def whole_batch(batch: Batch, silhouettes: SilhouetteSums, level: int = 0) -> Profile:
    """Return the profile of a batch whose images have all their labels in it, but for its silhouettes."""
    images = table_of(batch.images)
    shown = drawn(batch)
    rows = described(batch, shown)
    profile = Profile()
    silhouettes.add(batch, shown, images.group)
    levels = images.level
    kept = levels[batch.image] >= max(level, sample_level(np.bincount(levels, minlength=MAX_LEVEL + 1)))
    order = np.argsort(rows.image, kind="stable")
    places = outlined(shown, kept)
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.arange(len(order))
    part = Part(rows.pick(order), images, batch.categories, renumbered(places, inverse), names_of(batch.images, images))
    profile.add(reduced(part, level))
    _note(profile, batch.remarks)
    return profile


def names_of(images: Sequence[Image], table: ImageTable) -> dict[str, list[tuple[int, str]]]:
    """Return, for each split, the names of the images with the lowest hashes."""
    found = {}
    for number, split in enumerate(table.splits):
        of_split = np.flatnonzero(table.split == number)
        lowest = of_split[np.argsort(table.name[of_split], kind="stable")[:NAMES]]
        found[split] = [(int(table.name[i]), images[i].name) for i in lowest.tolist()]
    return found


def _note(profile: Profile, remarks: Sequence[Remark]) -> None:
    from annostrat.measure.remarks import example

    for remark in remarks:
        profile.note(remark.kind, remark.times, [example(remark)])
