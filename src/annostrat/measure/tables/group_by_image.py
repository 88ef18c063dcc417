"""Measure labels that a file does not group by image, as in COCO.

Overlap needs all labels of an image at once, but any piece of the file may contain some of them. So each piece is first
reduced to rows (with the shape figures of outlines, not the outlines themselves), which any process can do. The rows,
some 70 bytes per label, are then sorted by image and summed in parts of whole images.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import BatchBuilder
from annostrat.annotations.reader import guarded
from annostrat.measure.overlap.neighbours import (
    Outlined,
    all_outlined,
    between,
    by_image,
    outlined,
    renumbered,
    shifted,
)
from annostrat.measure.profile.profile import EXAMPLES, Profile, indices, sample_level
from annostrat.measure.shape.mean_shape_sums import SilhouetteSums
from annostrat.measure.tables.image_table import MAX_LEVEL, ImageTable, lowest, mixed, names_of, table_of
from annostrat.measure.tables.label_table import LabelTable, described, drawn, joined
from annostrat.measure.tables.summary import ProfilePart, reduced
from annostrat.measure.workers import Context, Workers, tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Image
    from annostrat.annotations.reader import Source
    from annostrat.errors import Problem

    Integers = NDArray[np.int64]

BLOCK_LABELS = 60_000
"""Most labels that are summed together."""


class _Described(NamedTuple):
    """Labels of images that may have more labels in other pieces."""

    rows: LabelTable
    categories: Sequence[str]
    keypoints: dict[str, Sequence[str]]
    outlined: Outlined
    profile: Profile | None
    problems: Sequence[Problem]
    files: set[str]
    ended: set[str]


def measure_scattered(
    source: Source, workers: Workers, profile: Profile, problems: list[Problem], progress: Callable[[float], None]
) -> None:
    """Measure pieces whose images may have labels in other pieces."""
    listed = source.images or ()
    images = table_of(listed)
    levels = images.level
    level = sample_level(np.bincount(levels, minlength=MAX_LEVEL + 1))
    context = Context(source._replace(images=None, pieces=()), images.group, levels >= level)
    described: list[_Described] = []
    workers.share(context)
    runs, ended = tasks(source.pieces, workers.jobs), set[str]()
    for done, part in enumerate(workers.map(_describe_pieces, runs), start=1):
        progress(DESCRIBED * done / len(runs))
        if part.files and part.files <= ended:
            continue
        if part.files & ended:
            part = _describe_pieces(context, runs[done - 1], ended)  # noqa: PLW2901 - without labels after the end
        ended |= part.ended
        profile.add(part.profile or Profile())
        problems.extend(part.problems)
        described.append(part._replace(profile=None))
    note_duplicate_ids(profile, [part.rows for part in described if any(part.files)], images)
    labels = left = sum(len(part.rows.ids) for part in described)
    size = min(BLOCK_LABELS, labels // (2 * workers.jobs) + 1) if workers.jobs > 1 else BLOCK_LABELS
    parts = _in_parts(described, images, listed, size)
    for reduced_part in workers.map(_reduce_part, ((part, level) for part in parts)):
        profile.add(reduced_part)
        left -= reduced_part.counts["labels"]
        progress(1 - (1 - DESCRIBED) * left / max(labels, 1))


DESCRIBED = 0.85
"""Share of the time that describing takes."""


def note_duplicate_ids(profile: Profile, of_files: Sequence[LabelTable], images: ImageTable) -> None:
    """Note labels that repeat the id of an earlier label of the same file; where no file is named, ids are lines."""
    ids = np.concatenate([np.empty(0, np.int64), *(rows.ids for rows in of_files)])
    if not (np.diff(np.sort(ids)) == 0).any():
        return
    image = np.concatenate([rows.image for rows in of_files])
    file = images.file[image]
    order = np.lexsort((ids, file))
    same = (np.diff(ids[order]) == 0) & (np.diff(file[order]) == 0) & (ids[order][1:] != NO_ID)
    again = order[1:][same]
    hashes = mixed(images.key[image[again]] ^ mixed(ids[again].astype(np.uint64)))
    picked = lowest(hashes, EXAMPLES).tolist()
    places = [(int(hashes[i]), f"{images.files[file[again[i]]]}#{ids[again[i]]}") for i in picked]
    profile.note("duplicate_id", len(again), places)


NO_ID = -1
"""Marks a missing id."""


def _reduce_part(_: Context, levelled: tuple[ProfilePart, int]) -> Profile:
    """Return the profile of a part, given with the lowest level of the images in the sample."""
    return reduced(*levelled)


def _describe_pieces(context: Context, pieces: Sequence[object], known: Collection[str] = ()) -> _Described:
    """Return the labels of pieces, skipping files that are known to have ended before them."""
    profile = Profile()
    silhouettes = SilhouetteSums(profile)
    found: list[_Described] = []
    ended = set(known)
    for piece in pieces:
        for batch in guarded(context.source, piece):
            if batch.file in ended:
                continue
            shown = drawn(batch)
            silhouettes.add(batch, shown, context.group)
            profile.note_remarks(batch.remarks)
            places = outlined(shown, context.sampled[batch.image])
            rows = described(batch, shown)
            ended |= {batch.file} if batch.ended else set()
            found.append(
                _Described(
                    rows, batch.categories, {**batch.keypoints}, places, None, batch.problems, {batch.file}, ended
                )
            )
    silhouettes.flush()
    return _together(found or [_describe_nothing()])._replace(profile=profile)


def _together(found: list[_Described]) -> _Described:
    """Return several parts as one, with the classes of all and without a profile; empties the list to free memory."""
    classes: dict[str, int] = {}
    keypoints: dict[str, Sequence[str]] = {}
    rows: list[LabelTable] = []
    outlines: list[Outlined] = []
    problems: list[Problem] = []
    files, ended, offset = set[str](), set[str](), 0
    found.reverse()
    while found:
        part = found.pop()
        of = indices(classes, dict.fromkeys(part.categories, 0)).astype(np.int32)
        rows.append(part.rows._replace(category=of[part.rows.category] if len(of) else part.rows.category))
        keypoints |= part.keypoints
        outlines.append(shifted(part.outlined, offset))
        offset += len(part.rows.ids)
        problems += part.problems
        files |= part.files
        ended |= part.ended
    del part
    return _Described(joined(rows), list(classes), keypoints, all_outlined(outlines), None, problems, files, ended)


def _in_parts(
    described: list[_Described], images: ImageTable, listed: Sequence[Image], size: int
) -> Iterator[ProfilePart]:
    """Yield parts that contain all labels of their images; empties the list of described labels to free memory."""
    whole = _together(described or [_describe_nothing()])
    order, number = by_image(whole.rows.image)
    image = whole.rows.image[order]
    places = renumbered(whole.outlined, number)
    names = names_of(listed, images)
    for first, last in pairwise(_bounds(image, len(images.key), size)):
        start, stop = np.searchsorted(image, [first, last])
        own = whole.rows.pick(order[start:stop])
        own = own._replace(image=own.image - first)
        outlines = between(places, start, stop)
        yield ProfilePart(own, images.pick(slice(first, last)), whole.categories, outlines, names, whole.keypoints)
        names = {}


def _bounds(image: Integers, count: int, size: int) -> list[int]:
    """Return where to cut the images so that each part has about `size` labels."""
    marks = image[size::size].tolist() if len(image) else []
    return [0, *sorted({mark for mark in marks if 0 < mark < count}), count]


def _describe_nothing() -> _Described:
    nothing = BatchBuilder().batch()
    shown = drawn(nothing)
    return _Described(described(nothing, shown), [], {}, outlined(shown, np.zeros(0, bool)), None, [], set(), set())
