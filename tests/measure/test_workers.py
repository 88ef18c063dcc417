"""Processes that share work: all of it is done once, in order, and none is lost without a word."""

import os
import pickle
import platform
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from multiprocessing import active_children, parent_process

import numpy as np
import pytest

from annostrat.errors import InputError
from annostrat.measure.workers import Context, Workers, tasks

CONTEXT = Context(None, np.empty(0, np.int64), np.empty(0, bool))


@contextmanager
def started(jobs):
    """Give a pool of some processes."""
    with Workers() as workers:
        workers.start(jobs)
        yield workers


def squared(_, number):
    return number, number * number


def killed(_, number):
    """Return a number here, and end any other process at once."""
    if parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("jobs", [1, 2, pytest.param(3, marks=pytest.mark.slow)])
def test_all_pieces_are_done_once_and_in_order(jobs):
    """However many processes there are, and whoever does a piece."""
    with started(jobs) as workers:
        workers.share(CONTEXT)
        assert list(workers.map(squared, range(200))) == [(number, number * number) for number in range(200)]
        assert list(workers.map(squared, [])) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_a_process_that_is_killed_is_an_error_and_no_missing_piece():
    """As a system does that runs out of memory; the other processes end, too."""
    with started(2) as workers:
        workers.share(CONTEXT)
        with pytest.raises(InputError, match="a process that read labels was killed"):
            list(workers.map(killed, range(10_000)))


def test_what_cannot_be_handed_over_is_an_error_at_once():
    """A reader that is no function of a module: nobody waits for a process that never knows its work."""
    with started(2) as workers, pytest.raises((AttributeError, pickle.PicklingError), match="local object"):
        workers.share(CONTEXT._replace(source=lambda: None))


@pytest.mark.parametrize("jobs", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_processes_that_get_no_work_end_in_silence(capfd, jobs):
    """As where the files cannot be opened, which is known while the processes are still starting."""
    with started(jobs):
        pass
    deadline = time.monotonic() + 30  # not joined here, as whoever shuts them down does that at the same time
    while active_children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not active_children()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("jobs", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 5, 243, 1_000])
def test_runs_hold_every_piece_once_and_end_short(count, jobs):
    """The last runs are short, so that no process waits long for another one."""
    runs = tasks(range(count), jobs)
    assert [piece for run in runs for piece in run] == list(range(count))
    assert all(len(run) == 1 for run in runs[-1:])


MANY_ARRAYS = """
from resource import RUSAGE_SELF, getrusage
import numpy as np
from annostrat.measure.workers import keep_freed_memory
keep_freed_memory()
for _ in range(100):
    three = [np.ones(250_000) for _ in range(3)]
    del three
print(getrusage(RUSAGE_SELF).ru_minflt)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told so")
def test_freed_memory_is_kept_for_the_next_arrays():
    """Arrays of two megabytes, made again and again, are not fetched from the system each time: 488 pages each."""
    told = subprocess.run([sys.executable, "-c", MANY_ARRAYS], capture_output=True, check=True, text=True).stdout
    assert int(told) < 100 * 3 * 488 / 2
