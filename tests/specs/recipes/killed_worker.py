"""A task that dies with its worker, once; a module of its own, so that workers can import it."""

import os
import signal

from dask_measure import measure_shard


def measure_shard_once_killed(number, path, shards, marker):
    """Measure a shard; but the worker that is given the sixth one dies the first time, with all that it holds."""
    if number == 5 and not os.path.exists(marker):
        with open(marker, "x", encoding="utf-8"):
            os.kill(os.getpid(), signal.SIGKILL)
    return measure_shard(number, path, shards)
