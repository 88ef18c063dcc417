"""Annotation files become a profile: read in pieces, by several processes where that pays."""

from __future__ import annotations

from collections import deque
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.annotations import BatchBuilder
from annostrat.measure.images import GROUPS, ImageTable, table_of
from annostrat.measure.masks import crossings as mask_crossings
from annostrat.measure.neighbours import Outlined, all_outlined, between, outlined, renumbered, shifted
from annostrat.measure.outlines import crossings as outline_crossings
from annostrat.measure.profile import NAMES, Profile, indices, sample_level
from annostrat.measure.reduction import Part, reduced
from annostrat.measure.rows import Rows, described, drawn, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Batch, Image, Remark
    from annostrat.errors import Problem
    from annostrat.measure.rows import Drawn
    from annostrat.readers._base import Source

    Integers = NDArray[np.int64]

BLOCK_LABELS = 200_000
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
    profile: Profile
    problems: Sequence[Problem]
    file: str
    ended: bool


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
    if source.whole:
        context = _Context(source, np.empty(0, np.int64), np.empty(0, bool))
        for done, part in enumerate(_each(_whole_piece, context, source.pieces, jobs), start=1):
            measured.profile.add(part.profile)
            measured.problems.extend(part.problems)
            progress(done / len(source.pieces))
        return measured
    images = table_of(source.images or ())
    levels = images.level
    level = sample_level(np.bincount(levels, minlength=25))
    context = _Context(source, images.group, levels >= level)
    described: list[_Described] = []
    for done, piece in enumerate(_each(_describe_piece, context, source.pieces, jobs), start=1):
        progress(0.9 * done / len(source.pieces))
        if any(other.ended and other.file == piece.file for other in described):
            continue
        described.append(piece)
        measured.profile.add(piece.profile)
        measured.problems.extend(piece.problems)
    for part in _in_parts(described, images, source.images or ()):
        measured.profile.add(reduced(part, level))
    progress(1.0)
    return measured


def _each(
    work: Callable[[_Context, object], object], context: _Context, pieces: Sequence[object], jobs: int
) -> Iterator[Any]:
    """Yield what some work makes of each piece, in their order."""
    if jobs <= 1 or len(pieces) <= 1:
        for piece in pieces:
            yield work(context, piece)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (context,)) as pool:
        waiting = deque(pool.submit(_work, work, piece) for piece in pieces[: 2 * jobs])
        following = iter(pieces[2 * jobs :])
        while waiting:
            yield waiting.popleft().result()
            for piece in islice(following, 1):
                waiting.append(pool.submit(_work, work, piece))


_CONTEXT: list[_Context] = []


def _start(context: _Context) -> None:
    _CONTEXT[:] = [context]


def _work(work: Callable[[_Context, object], object], piece: object) -> object:
    return work(_CONTEXT[0], piece)


def _whole_piece(context: _Context, piece: object) -> Measured:
    """Return the profile of a piece that has all labels of its images."""
    measured = Measured(Profile(), [])
    for batch in context.source.read(piece):
        measured.profile.add(whole_batch(batch, measured.profile.level))
        measured.problems.extend(batch.problems)
    return measured


def _describe_piece(context: _Context, piece: object) -> _Described:
    """Return the labels of a piece whose images may have labels elsewhere."""
    profile = Profile()
    found: list[_Described] = []
    for batch in context.source.read(piece):
        shown = drawn(batch)
        _add_silhouettes(profile, batch, shown, context.group)
        _note(profile, batch.remarks)
        places = outlined(shown, context.sampled[batch.image])
        rows = described(batch, shown)
        found.append(_Described(rows, batch.categories, places, profile, batch.problems, batch.file, batch.ended))
    return found[0] if len(found) == 1 else _together(found, profile)


def _together(found: Sequence[_Described], profile: Profile) -> _Described:
    """Return several parts as one, with the classes of all."""
    classes: dict[str, int] = {}
    rows, outlines, offset = [], [], 0
    for part in found:
        of = indices(classes, dict.fromkeys(part.categories, 0))
        rows.append(part.rows._replace(category=of[part.rows.category] if len(of) else part.rows.category))
        outlines.append(shifted(part.outlined, offset))
        offset += len(part.rows.ids)
    problems = [problem for part in found for problem in part.problems]
    return _Described(
        joined(rows), list(classes), all_outlined(outlines), profile, problems, "", any(part.ended for part in found)
    )


def _in_parts(found: Sequence[_Described], images: ImageTable, listed: Sequence[Image]) -> Iterator[Part]:
    """Yield labels in parts that have all labels of their images."""
    if not found:
        found = [_describe_nothing()]
    all_ = _together(found, Profile())
    order = np.argsort(all_.rows.image, kind="stable")
    inverse = np.empty(len(order), np.int64)
    inverse[order] = np.arange(len(order))
    rows = all_.rows.pick(order)
    places = renumbered(all_.outlined, inverse)
    names = names_of(listed, images)
    bounds = _bounds(rows.image, len(images.key))
    for first, last in pairwise(bounds):
        start, stop = np.searchsorted(rows.image, [first, last])
        part = rows.pick(slice(start, stop))
        yield Part(
            part._replace(image=part.image - first),
            images.pick(slice(first, last)),
            all_.categories,
            between(places, start, stop),
            names,
        )


def _bounds(image: Integers, count: int) -> list[int]:
    """Return where to cut the images so that parts have some `BLOCK_LABELS` labels each."""
    marks = image[BLOCK_LABELS::BLOCK_LABELS].tolist() if len(image) else []
    return [0, *sorted({mark for mark in marks if 0 < mark < count}), count]


def _describe_nothing() -> _Described:
    nothing = BatchBuilder().batch()
    shown = drawn(nothing)
    return _Described(described(nothing, shown), [], outlined(shown, np.zeros(0, bool)), Profile(), [], "", ended=False)


def whole_batch(batch: Batch, level: int) -> Profile:
    """Return the profile of a batch whose images have all their labels in it."""
    images = table_of(batch.images)
    shown = drawn(batch)
    rows = described(batch, shown)
    profile = Profile()
    _add_silhouettes(profile, batch, shown, images.group)
    levels = images.level
    kept = levels[batch.image] >= max(level, sample_level(np.bincount(levels, minlength=25)))
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


def _add_silhouettes(profile: Profile, batch: Batch, shown: Drawn, group: Integers) -> None:
    """Add the silhouettes of a batch to those of their classes and groups of images."""
    for with_shape, counts in ((shown.with_outline, ~shown.rectangle), (shown.with_mask, shown.with_mask >= 0)):
        key = batch.category[with_shape] * GROUPS + group[batch.image[with_shape]]
        used, cell = np.unique(key[counts], return_inverse=True)
        if not len(used):
            continue
        cells = np.full(len(key), len(used))  # the last one is for what does not count
        cells[counts] = cell
        if with_shape is shown.with_outline:
            found = outline_crossings(shown.traced, cells, len(used) + 1)
        else:
            found = mask_crossings(shown.masks, cells, len(used) + 1)
        for number, (key_, times) in enumerate(zip(used.tolist(), np.bincount(cell).tolist(), strict=True)):
            silhouettes = profile.silhouettes_of(batch.categories[key_ // GROUPS])
            silhouettes.counts[key_ % GROUPS] += times
            silhouettes.crossings[key_ % GROUPS] += found[number].astype(np.int32)


def _note(profile: Profile, remarks: Sequence[Remark]) -> None:
    from annostrat.measure.remarks import example

    for remark in remarks:
        profile.note(remark.kind, remark.times, [example(remark)])
