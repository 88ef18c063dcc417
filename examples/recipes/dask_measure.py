"""Measure labels on a Dask cluster: every task measures one part of the data set, and the profiles add up.

    python examples/recipes/dask_measure.py labels --shards 64 --scheduler tcp://scheduler:8786 --profile labels.json

Without --scheduler, a cluster of processes on this machine is started. The workers must see the labels under the same
path. A task whose worker dies is done again by another one, and as a profile of a part is always the same, so is that
of the whole.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NamedTuple

from annostrat import measure_labels, measurement_of, merge_profiles, save_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client, Future

    from annostrat.errors import Problem
    from annostrat.measure.profile.profile import Profile


class Part(NamedTuple):
    """What a task sends back: some kilobytes, whatever it read."""

    profile: Profile
    problems: list[Problem]


def measure_shard(number: int, path: str, shards: int) -> Part:
    """Return the profile of one part of the labels under a path; this runs on a worker."""
    found = measure_labels(path, shard=(number, shards))
    return Part(found.profile, found.problems)


def measure_on(client: Client, path: str, shards: int) -> Part:
    """Return the profile of all labels under a path, measured by the workers of a cluster."""
    tasks = client.map(measure_shard, range(shards), path=path, shards=shards, pure=False)
    problems: list[Problem] = []
    profile = merge_profiles(_profiles(tasks, problems))
    return Part(profile, problems)


def _profiles(tasks: list[Future], problems: list[Problem]) -> Iterator[Profile]:
    """Yield the profiles as they are done, and forget each on the cluster, so that none waits in memory."""
    from distributed import as_completed

    for task in as_completed(tasks):
        part = task.result()
        task.release()
        problems += part.problems
        yield part.profile


def main() -> None:
    """Measure what the command line names, print the answers, and save the profile if that is wanted."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path")
    options.add_argument("--shards", type=int, default=64, help="parts; several a worker [64]")
    options.add_argument("--scheduler", help="its address; without it, processes on this machine")
    options.add_argument("--profile", help="save the profile there")
    given = options.parse_args()
    from distributed import Client

    # One thread a worker: measuring keeps a processor busy, and threads would wait for one another.
    with Client(given.scheduler) if given.scheduler else Client(processes=True, threads_per_worker=1) as client:
        whole = measure_on(client, given.path, given.shards)
    for problem in whole.problems:
        print(problem)
    for question, said in measurement_of(whole.profile, name=given.path)["answers"].items():
        print(f"{question}: {said['answer']}. {said['because']}")
    if given.profile:
        save_profile(whole.profile, given.profile)


if __name__ == "__main__":
    main()
