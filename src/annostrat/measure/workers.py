"""Processes that share the work on one source; without any, the work is done where it is asked for."""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from multiprocessing import parent_process
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from annostrat.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor

    import numpy as np
    from numpy.typing import NDArray

    from annostrat.readers._base import Source

_T = TypeVar("_T")


class Context(NamedTuple):
    """What every process knows: the source, and of images known beforehand their groups and which are sampled."""

    source: Source
    group: NDArray[np.int64]
    sampled: NDArray[np.bool_]


def tasks(pieces: Sequence[Any], jobs: int) -> list[Sequence[Any]]:
    """Return pieces in runs that one process does before it says what it found: few enough that this costs little."""
    size = max(1, min(MOST_PIECES, -(-len(pieces) // (TASKS_A_JOB * jobs))))
    return [pieces[start : start + size] for start in range(0, len(pieces), size)]


TASKS_A_JOB, MOST_PIECES = 8, 40


class Workers:
    """Processes that know the same source; without any, the work is done here."""

    def __init__(self, context: Context, jobs: int) -> None:
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

    def map(self, work: Callable[[Context, Any], _T], pieces: Iterable[Any]) -> Iterator[_T]:
        """Yield what some work makes of each piece, in their order; only a few wait at a time."""
        if self._pool is None:
            for piece in pieces:
                yield work(self._context, piece)
            return
        following = iter(pieces)
        waiting = deque(self._pool.submit(_work, work, piece) for piece in islice(following, 2 * self._jobs))
        while waiting:
            yield _result(waiting.popleft())
            waiting.extend(self._pool.submit(_work, work, piece) for piece in islice(following, 1))


def _result(future: Future[_T]) -> _T:
    """Return what a process found.

    Raises:
        InputError: The process ended before it was done.
    """
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool as error:
        hint = "there may be too little memory; --jobs 1 needs less"
        raise InputError([Problem(Location("annostrat"), "a process that read labels was ended", hint)]) from error


_CONTEXT: list[Context] = []


def _start(context: Context) -> None:
    """Remember the source, and see to it that this process does not outlive the one that asked for it."""
    _CONTEXT[:] = [context]
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(work: Callable[[Context, Any], _T], piece: Any) -> _T:
    return work(_CONTEXT[0], piece)
