"""Measure a path: detect the format, sample the images and read the labels."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from numbers import Integral
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.annotations import CROWD
from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.reader import guarded
from annostrat.errors import InputError, Location, Problem, shortened
from annostrat.measure.profile.files import refuse_profile
from annostrat.measure.profile.profile import Found
from annostrat.measure.run import measure_source
from annostrat.measure.workers import Workers, keep_freed_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from annostrat.annotations import Batch
    from annostrat.annotations.reader import Pick, Source
    from annostrat.measure.profile.profile import Profile

MOST_JOBS = 61
"""Maximum number of processes: Windows cannot wait for more."""
PIECES_A_JOB = 12
"""Minimum number of pieces per process; with fewer, another process costs more than it saves."""


class Reading(NamedTuple):
    """The result of measuring a path.

    Attributes:
        profile: The profile of the labels.
        problems: Problems found while reading.
        format: The name of the reader.
        sampled: How many images were sampled; None if all were read.
    """

    profile: Profile
    problems: list[Problem]
    format: str
    sampled: int | None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Disable the garbage collector: reading allocates many objects and creates no reference cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_uncollected()
def measure_path(
    path: str,
    format: str | None = None,
    *,
    jobs: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    crowds: bool = False,
    shard: tuple[int, int] | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Reading:
    """Measure the annotations under a path.

    Args:
        path: A file or a folder.
        format: The format; detected if not given.
        jobs: Number of processes; by default, chosen by the available processors and the number of pieces.
        sample: Measure only this many images, picked by a hash of their names.
        seed: A different seed picks different images.
        crowds: Measure labels that are marked as crowds as single objects.
        shard: Measure only one of several disjoint parts, such as `(0, 8)` for the first of eight; see `sharded`.
        progress: Called with the completed share, from 0 to 1.

    Raises:
        InputError: Nothing there can be read, or the shard is invalid.
        UsageError: The format is unknown or cannot be detected.
    """
    _check_shard(shard)
    refuse_profile(path)
    keep_freed_memory()
    with Workers() as workers:
        if jobs:
            workers.start(jobs)  # as this takes about as long as opening a large file
        reader, source, files = open_annotations(path, format)
        source = without_crowds(source) if crowds else source
        source = source if sample is None else sampled(source, partial(_lowest, sample, seed))
        source = source._replace(some=None)  # not needed by the worker processes
        first = shard is None or shard[0] == 0
        if shard is not None:
            source = sharded(source, *shard)
        if not jobs:
            workers.start(_jobs(source))
        measured = measure_source(source, workers, progress)
    passed_over = measured.profile.found.get("file_passed_over", Found()).count
    measured.profile.formats[reader.name] += files - passed_over if first else 0
    taken = min(sample, measured.profile.counts["images"]) if sample is not None else None
    problems = [*dict.fromkeys(measured.problems)]  # detection may already have reported an unreadable file
    if not measured.profile.counts["images"] and not problems and shard is None:
        hint = f"{reader.title} needs {reader.wants}"
        problems.append(Problem(Location(path), "holds no image that could be read", hint, "unreadable"))
    measured.profile.note_problems(problems)
    return Reading(measured.profile, problems, reader.name, taken)


def _check_shard(shard: Any) -> None:
    """Check that a shard is valid.

    Raises:
        InputError: The shard is invalid.
    """
    if shard is None:
        return
    kinds = [isinstance(each, Integral) for each in shard] if isinstance(shard, list | tuple) else []
    if kinds != [True, True]:
        message = f"shard is two whole numbers, not {shortened(repr(shard))}"
        raise InputError([Problem(Location("shard"), message, "give (0, 8) for the first of eight")])
    number, of = shard
    if not 0 <= number < of:
        raise InputError([Problem(Location("shard"), f"there is no shard {number} among {of}", "they count from 0")])


def _jobs(source: Source) -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, MOST_JOBS, len(source.pieces) // PIECES_A_JOB))


def _lowest(count: int, seed: int, names: Iterable[str]) -> set[str]:
    """Return the `count` names with the lowest hashes under a seed."""
    salt = blake2b(str(seed).encode(), digest_size=16).digest()
    ordered = sorted(set(names), key=lambda name: blake2b(name.encode("utf-8", "surrogatepass"), salt=salt).digest())
    return set(ordered[:count])


def without_crowds(source: Source) -> Source:
    """Return a source in which labels marked as crowds are treated as single objects."""
    some = source.some
    picked = None if some is None else lambda pick: without_crowds(some(pick))
    return source._replace(read=partial(_without_crowds, source.read_crowds or source.read), some=picked)


def _without_crowds(read: Callable[[Any], Iterator[Batch]], piece: object) -> Iterator[Batch]:
    return (batch._replace(flags=batch.flags & ~CROWD) for batch in read(piece))


def sampled(source: Source, pick: Pick) -> Source:
    """Restrict a source to images picked by name; a source without a list of images is read twice."""
    if source.some is not None:
        return source.some(pick)._replace(problems=source.problems)
    if source.images is not None:
        names = pick(image.name for image in source.images)
        kept = np.array([image.name in names for image in source.images], bool)
        images = [image for image, keep in zip(source.images, kept, strict=True) if keep]
        return source._replace(images=images, read=partial(_of_listed, source.read, kept))
    names = pick(image.name for piece in source.pieces for batch in guarded(source, piece) for image in batch.images)
    return source._replace(read=partial(_of_named, source.read, names))


def sharded(source: Source, number: int, of: int) -> Source:
    """Return one of several disjoint parts of a source; their profiles add up to the profile of the whole.

    If the pieces of the source contain all labels of their images, each is read by one part only. Otherwise, every part
    reads all pieces and keeps the labels of its own images; ids repeated across parts are then not detected. Problems,
    and everything else unrelated to a kept label, are reported by the first part only.
    """
    told = source if number == 0 else source._replace(remarks=(), problems=())
    if source.whole or source.images is None:
        return told._replace(pieces=source.pieces[number::of])
    kept = np.arange(len(source.images)) % of == number
    read = source.read if number == 0 else partial(_untold, source.read)
    return told._replace(images=source.images[number::of], read=partial(_of_listed, read, kept))


def _untold(read: Callable[[Any], Iterator[Batch]], piece: object) -> Iterator[Batch]:
    for batch in read(piece):
        yield batch._replace(remarks=(), problems=())


def _of_listed(read: Callable[[Any], Iterator[Batch]], kept: np.ndarray[Any, Any], piece: object) -> Iterator[Batch]:
    index = np.cumsum(kept) - 1
    for batch in read(piece):
        fewer = batch.without(~kept[batch.image])
        yield fewer._replace(image=index[fewer.image])


def _of_named(read: Callable[[Any], Iterator[Batch]], names: set[str], piece: object) -> Iterator[Batch]:
    for batch in read(piece):
        kept = np.array([image.name in names for image in batch.images], bool)
        fewer = batch.without(~kept[batch.image] if len(batch.image) else np.zeros(0, bool))
        index = np.cumsum(kept) - 1
        images = [image for image, keep in zip(batch.images, kept, strict=True) if keep]
        seconds = {int(index[image]): seconds for image, seconds in batch.seconds.items() if kept[image]}
        image = index[fewer.image] if len(fewer.image) else fewer.image
        yield fewer._replace(images=images, image=image, seconds=seconds)
