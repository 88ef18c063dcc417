"""Processes that share work: all of it is done once, in order, and none is lost without a word."""

import os
import pickle
import signal
from multiprocessing import parent_process

import numpy as np
import pytest

from annostrat.errors import InputError
from annostrat.measure.workers import Context, Workers, tasks

CONTEXT = Context(None, np.empty(0, np.int64), np.empty(0, bool))


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
    with Workers(CONTEXT, jobs) as workers:
        assert list(workers.map(squared, range(200))) == [(number, number * number) for number in range(200)]
        assert list(workers.map(squared, [])) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_a_process_that_is_killed_is_an_error_and_no_missing_piece():
    """As a system does that runs out of memory; the other processes end, too."""
    with Workers(CONTEXT, 2) as workers, pytest.raises(InputError, match="a process that read labels was killed"):
        list(workers.map(killed, range(10_000)))


def test_what_cannot_be_handed_over_is_an_error_at_once():
    """A reader that is no function of a module: nobody waits for a process that never knows its work."""
    with pytest.raises((AttributeError, pickle.PicklingError), match="local object"):
        Workers(CONTEXT._replace(source=lambda: None), 2)


@pytest.mark.parametrize("jobs", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 5, 243, 1_000])
def test_runs_hold_every_piece_once_and_end_short(count, jobs):
    """The last runs are short, so that no process waits long for another one."""
    runs = tasks(range(count), jobs)
    assert [piece for run in runs for piece in run] == list(range(count))
    assert all(len(run) == 1 for run in runs[-1:])
