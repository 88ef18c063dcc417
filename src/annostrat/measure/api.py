"""Python API for measuring labels."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.errors import InputError, Location, Problem
from annostrat.knowledge.loader import rules_of
from annostrat.use_cases.use_case import LabelFiles, check_label_files

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.measure.profile.profile import Profile


class MeasuredLabels(NamedTuple):
    """The result of measuring labels.

    Attributes:
        measurement: Answers, figures and findings, as `annostrat measure --format json` prints them.
        profile: The underlying sums. The profiles of the parts of a dataset add up to the profile of the whole.
        problems: Problems with data that could not be read; everything else was measured.
    """

    measurement: Measurement
    profile: Profile
    problems: list[Problem]

    def to_dict(self) -> dict[str, Any]:
        """Return the contents of the JSON output as a deep copy, which the caller may modify."""
        return copy.deepcopy({**self.measurement})

    def __repr__(self) -> str:
        """Return a summary: counts, answers, and the number of findings and problems."""
        from annostrat.measure.evidence import bounded

        found, counts = self.measurement, self.measurement["counts"]
        objects = f"{counts['images']:,} images, {counts['objects']:,} objects"
        answers = ", ".join(f"{question} {bounded(one)}" for question, one in found["answers"].items())
        amiss = f"findings: {len(found['findings'])}, problems: {len(self.problems)}"
        return f"<MeasuredLabels of {found['name']!r}: {objects}; {answers}; {amiss}>"


def measure_labels(
    path: str | os.PathLike[str],
    rules: RuleSet | str | os.PathLike[str] | None = None,
    *,
    format: str | None = None,
    jobs: int = 1,
    sample: int | None = None,
    seed: int = 0,
    crowds: bool = False,
    shard: tuple[int, int] | None = None,
) -> MeasuredLabels:
    """Measure annotation files and answer the questions that labels can answer.

    Args:
        path: A file or a folder.
        rules: The rule set whose levels are used, or its name; by default `purpose_first`.
        format: The annotation format, such as `coco`; detected if not given.
        jobs: Number of processes. With more than one, a script needs `if __name__ == "__main__":`, as they are spawned.
        sample: Measure only this many images, picked by a hash of their names.
        seed: A different seed picks different images.
        crowds: Measure labels that are marked as crowds (`iscrowd`) as single objects.
        shard: Measure only one of several disjoint parts, such as `(0, 8)` for the first of eight. Merging all their
            profiles with `merge_profiles` gives exactly the profile of the whole dataset.

    Raises:
        InputError: Nothing there can be read, or an argument, such as the shard, is invalid.
        UsageError: The format is unknown or cannot be detected, or `annostrat[measure]` is not installed.
    """
    from annostrat.measure.requirements import check_installed

    check_installed()
    known = rules_of(rules)
    files = check_label_files(LabelFiles(str(path), format, sample, seed, crowds), known)
    if type(jobs) is not int or jobs < 1:
        message = f"jobs is a number of processes, not {jobs!r}"
        raise InputError([Problem(Location(files.annotations), message, "give 1")])
    return measure_label_files(files, known, jobs=jobs, shard=shard)


def measure_label_files(
    files: LabelFiles,
    rules: RuleSet,
    *,
    jobs: int | None,
    shard: tuple[int, int] | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> MeasuredLabels:
    """Measure the label files of a use case; `progress` is called with the completed share, from 0 to 1."""
    from annostrat.measure.measurement import measurement
    from annostrat.measure.naming import data_set_name
    from annostrat.measure.reading import measure_path

    path, format_, sample, seed, crowds, _ = files
    reading = measure_path(
        path, format_, jobs=jobs, sample=sample, seed=seed, crowds=crowds, shard=shard, progress=progress
    )
    name = data_set_name(path)
    found = measurement(reading.profile, rules, name, path, reading.sampled, format=format_, seed=seed, crowds=crowds)
    return MeasuredLabels(found, reading.profile, reading.problems)


def measurement_of(
    profile: Profile,
    rules: RuleSet | str | os.PathLike[str] | None = None,
    name: str = "labels",
    *,
    sampled: int | None = None,
) -> Measurement:
    """Return the answers, figures and findings of a profile, as `annostrat measure --format json` prints them.

    Args:
        profile: The profile of the labels.
        rules: The rule set whose levels are used, or its name; by default `purpose_first`.
        name: The dataset's name in reports.
        sampled: How many images were sampled; None if all were read.
    """
    from annostrat.measure.measurement import measurement

    return measurement(profile, rules_of(rules), name, name, sampled)


def merge_profiles(profiles: Iterable[Profile]) -> Profile:
    """Return the sum of the profiles of a dataset's parts, in any order; the parts are not modified.

    All labels of an image must be in the same part.
    """
    from annostrat.measure.profile.profile import Profile

    whole = Profile()
    for profile in profiles:
        whole.add(profile)
    return whole


def load_profile(path: str | os.PathLike[str]) -> Profile:
    """Load a profile written by `save_profile` or `annostrat measure --profile`.

    Raises:
        InputError: The file cannot be read or is not a profile.
        UsageError: `annostrat[measure]` is not installed.
    """
    from annostrat.measure.requirements import check_installed

    check_installed()
    from annostrat.measure.profile.files import read_profile

    return read_profile(str(path))


def save_profile(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write a profile to a file; equal profiles give identical files."""
    from annostrat.measure.profile.files import text_of

    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text_of(profile))
