"""A pool of processes that share the work on one source, including the calling process, which may be the only one."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections import deque
from contextlib import contextmanager
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

import numpy as np

from annostrat.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor, Future, ProcessPoolExecutor
    from multiprocessing.queues import Queue

    from numpy.typing import NDArray

    from annostrat.annotations.reader import Source

_T = TypeVar("_T")


class Context(NamedTuple):
    """Data shared by all processes: the source and, for images known in advance, their groups and sampling mask."""

    source: Source
    group: NDArray[np.int64]
    sampled: NDArray[np.bool_]


def tasks(pieces: Sequence[Any], jobs: int) -> list[Sequence[Any]]:
    """Split pieces into runs, each of which is processed as one task.

    Runs start long, to limit the overhead, and get shorter, so that all processes finish at about the same time.
    """
    runs, start = [], 0
    while start < len(pieces):
        size = max(1, min(MOST_PIECES, (len(pieces) - start) // (2 * jobs)))
        runs.append(pieces[start : start + size])
        start += size
    return runs


MOST_PIECES = 20


class Workers:
    """A pool of processes with the same context, including the calling process."""

    _context: Context

    def __init__(self) -> None:
        self._others = 0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Shut down the processes without waiting for them, and cancel pending work."""
        if self._pool is not None:
            # A thread waits, and so keeps the queue, without which a process that is still starting would fail.
            Thread(target=self._pool.shutdown, kwargs={"cancel_futures": True}).start()

    @property
    def jobs(self) -> int:
        """Number of processes."""
        return self._others + 1

    def start(self, jobs: int) -> None:
        """Start all processes but this one; while they import what they need, the context may still be unknown."""
        self._others = jobs - 1
        if not self._others:
            return
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        spawning = get_context("spawn")
        # A queue sends the context from a thread; as an argument, it would block until the new process reads it.
        self._contexts = spawning.Queue()
        self._contexts.cancel_join_thread()  # a killed process never reads its copy
        self._pool = ProcessPoolExecutor(self._others, spawning, _start, (self._contexts,))
        with _unheard():
            for _ in range(self._others):
                self._pool.submit(_nothing)

    def share(self, context: Context) -> None:
        """Hand all processes their context, before any work."""
        self._context = context
        if self._others:
            pickled = pickle.dumps(context, pickle.HIGHEST_PROTOCOL)  # here, as the queue's thread would hide an error
            for _ in range(self._others):
                self._contexts.put(pickled)

    def map(self, work: Callable[[Context, Any], _T], pieces: Iterable[Any]) -> Iterator[_T]:
        """Yield `work(context, piece)` for each piece, in order.

        Raises:
            InputError: A process was killed before it finished.
        """
        if self._pool is None:
            for piece in pieces:
                yield work(self._context, piece)
            return
        from concurrent.futures import BrokenExecutor

        try:
            yield from self._shared(self._pool, work, pieces)
        except BrokenExecutor as error:
            hint = "there may be too little memory; --jobs 1 needs less"
            raise InputError([Problem(Location("annostrat"), "a process that read labels was killed", hint)]) from error

    def _shared(self, pool: Executor, work: Callable[[Context, Any], _T], pieces: Iterable[Any]) -> Iterator[_T]:
        """Yield the results in order; while the other processes are busy, process pieces in this one."""
        waiting: deque[Future[_T]] = deque()
        for piece in pieces:
            if sum(not future.done() for future in waiting) < 2 * self._others:
                with _unheard():
                    waiting.append(pool.submit(_work, work, piece))
            else:
                waiting.append(_done(work(self._context, piece)))
            while waiting and waiting[0].done():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep processes started in this context from receiving Ctrl-C, which the calling process handles."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _done(result: _T) -> Future[_T]:
    from concurrent.futures import Future

    future: Future[_T] = Future()
    future.set_result(result)
    return future


def keep_freed_memory() -> None:
    """Keep freed memory for the next arrays: by default, glibc returns it to the system and fetches it again each time.

    It stops doing so for sizes up to the largest that was ever freed, so a block that is never written to is freed.
    """
    np.empty(KEPT_BYTES, np.uint8)


KEPT_BYTES = 4_000_000
"""Size of blocks that are kept: more keeps memory that nothing uses."""


_CONTEXTS: list[Queue[bytes]] = []


def _start(contexts: Queue[bytes]) -> None:
    """Initialize a process: import what measures, and make sure that the process does not outlive its parent."""
    gc.disable()  # reading creates no reference cycles
    keep_freed_memory()
    Thread(target=_end_with_parent, daemon=True).start()
    _CONTEXTS[:] = [contexts]
    import annostrat.measure.run  # noqa: F401 - which imports this module


def _nothing() -> None:
    """Do what starts a process."""


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@lru_cache(maxsize=1)
def _context() -> Context:
    return pickle.loads(_CONTEXTS[0].get())  # noqa: S301 - pickled by the parent process


def _work(work: Callable[[Context, Any], _T], piece: Any) -> _T:
    return work(_context(), piece)
