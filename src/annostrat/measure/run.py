"""Compute the profile of an annotation source, reading it in pieces, with several processes if that is faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations.reader import guarded, problems_of
from annostrat.measure.overlap.neighbours import by_image, outlined, renumbered
from annostrat.measure.profile.profile import Profile, sample_level
from annostrat.measure.shape.mean_shape_sums import SilhouetteSums
from annostrat.measure.tables.group_by_image import measure_scattered
from annostrat.measure.tables.image_table import MAX_LEVEL, names_of, table_of
from annostrat.measure.tables.intervals import PACE, cells_of, sums_by
from annostrat.measure.tables.label_table import described, drawn
from annostrat.measure.tables.summary import ProfilePart, reduced
from annostrat.measure.workers import Context, Workers, tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from annostrat.annotations import Batch
    from annostrat.annotations.reader import Source
    from annostrat.errors import Problem


class ReadLabels(NamedTuple):
    """The result of reading a source."""

    profile: Profile
    problems: list[Problem]


def measure_source(source: Source, workers: Workers, progress: Callable[[float], None] = lambda _: None) -> ReadLabels:
    """Read a source and return its profile and problems.

    Args:
        source: The source, as opened by a reader.
        workers: The processes that share the work.
        progress: Called with the completed share, from 0 to 1.
    """
    measured = ReadLabels(Profile(), list(source.problems))
    measured.profile.note_remarks(source.remarks)
    if source.whole:
        _measure_whole(source, workers, measured, progress)
    else:
        measure_scattered(source, workers, measured.profile, measured.problems, progress)
    return measured


def _measure_whole(source: Source, workers: Workers, measured: ReadLabels, progress: Callable[[float], None]) -> None:
    """Measure a source whose pieces contain all labels of their images."""
    context = Context(source._replace(pieces=()), np.empty(0, np.int64), np.empty(0, bool))
    workers.share(context)
    runs = tasks(source.pieces, workers.jobs)
    # The level is read when a run is dispatched; images below it will not be in the sample.
    levelled = (_Reading(pieces, measured.profile.level) for pieces in runs)
    for done, part in enumerate(workers.map(_whole_pieces, levelled), start=1):
        measured.profile.add(part.profile)
        measured.problems.extend(part.problems)
        progress(done / len(runs))


class _Reading(NamedTuple):
    """Pieces to read, and the lowest level of images in the sample."""

    pieces: Sequence[object]
    level: int


def _whole_pieces(context: Context, run: _Reading) -> ReadLabels:
    """Return the profile of pieces that contain all labels of their images."""
    measured = ReadLabels(Profile(), [])
    silhouettes = SilhouetteSums(measured.profile)
    for piece in run.pieces:
        for batch in guarded(context.source, piece):
            level = max(run.level, measured.profile.level)
            measured.problems.extend(batch.problems)
            try:
                measured.profile.add(whole_batch(batch, silhouettes, level))
            except Exception as error:  # noqa: BLE001 - one bad file must not stop the others
                files = sorted({image.labelled_in for image in batch.images})
                measured.problems.extend(problems_of(", ".join(files[:3]), error))
    silhouettes.flush()
    return measured


def whole_batch(batch: Batch, silhouettes: SilhouetteSums, level: int = 0) -> Profile:
    """Return the profile of a batch with all labels of its images, and add its silhouettes to `silhouettes`."""
    images = table_of(batch.images)
    shown = drawn(batch)
    rows = described(batch, shown)
    profile = Profile()
    silhouettes.add(batch, shown, images.group)
    levels = images.level
    kept = levels[batch.image] >= max(level, sample_level(np.bincount(levels, minlength=MAX_LEVEL + 1)))
    order, number = by_image(rows.image)
    places = renumbered(outlined(shown, kept), number)
    part = ProfilePart(
        rows.pick(order), images, batch.categories, places, names_of(batch.images, images), batch.keypoints
    )
    profile.add(reduced(part, level))
    _add_pace(profile, batch)
    profile.note_remarks(batch.remarks)
    return profile


def _add_pace(profile: Profile, batch: Batch) -> None:
    """Add the labelling time in seconds and the number of labels, summed over images for which both are known."""
    labels = np.bincount(batch.image, minlength=len(batch.images)).astype(np.float64)
    timed = [image for image in batch.seconds if labels[image]]
    if timed:
        seconds = np.array([batch.seconds[image] for image in timed])
        one_cell_each = cells_of(seconds, np.arange(len(timed)))._replace(c=labels[timed])
        (profile.sums[PACE, None],) = sums_by(one_cell_each, np.zeros(len(timed), np.int64), 1)
