"""Programs that start others: what they take, and how much memory they need together."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from threading import Event, Thread
from typing import TYPE_CHECKING

from _measure import Run, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def annostrat(path: str, jobs: int) -> Callable[[], Run]:
    """Return what runs `annostrat measure`, and watches it."""
    name = program("annostrat") or sys.exit("annostrat is not installed: pip install -e '.[measure]'")
    return watched([name, "measure", path, "--jobs", str(jobs), "--format", "json", "--quiet"])


def attempted(words: Sequence[str]) -> Run | None:
    """Run a peer once; None where it fails."""
    try:
        return watched(words)()
    except SystemExit:
        return None


def watched(words: Sequence[str]) -> Callable[[], Run]:
    """Return what runs a program, and watches how much memory it and the processes that it starts need together."""

    def run() -> Run:
        before, start = os.times(), time.perf_counter()
        with subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            ended, peak = Event(), [0]
            watcher = Thread(target=_watch, args=(process.pid, ended, peak))
            watcher.start()
            code = process.wait()
            wall, after = time.perf_counter() - start, os.times()
            ended.set()
            watcher.join()
        if code:
            raise SystemExit(f"{' '.join(words)} ended with {code}")
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return Run(wall, cpu, peak[0])

    return run


def _watch(pid: int, ended: Event, peak: list[int]) -> None:
    """Keep the most memory that a process and its descendants had together."""
    while not ended.wait(0.05):
        peak[0] = max(peak[0], sum(map(_memory, _family(pid))))


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = file.read().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _memory(pid: int) -> int:
    """Return the bytes that a process has for itself, and its part of those that it shares."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0
