"""The measuring of labels for other Python programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.loader import load_rules

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.measure.profile.profile import Profile


class MeasuredLabels(NamedTuple):
    """What labels say.

    Attributes:
        measurement: Answers, figures and findings, as `annostrat measure --format json` prints them.
        profile: The sums they follow from; those of parts of a data set add up to that of the whole.
        problems: What could not be read; the rest was measured.
    """

    measurement: Measurement
    profile: Profile
    problems: list[Problem]


def measure_labels(
    path: str | os.PathLike[str],
    rules: RuleSet | None = None,
    *,
    format: str | None = None,
    jobs: int = 1,
    sample: int | None = None,
    seed: int = 0,
    shard: tuple[int, int] | None = None,
) -> MeasuredLabels:
    """Return what annotation files say to the questions that labels can answer.

    Args:
        path: A file or a folder.
        rules: The rule set whose levels are used; the default one where none is given.
        format: The annotation format, such as `coco`; found out where it is not given.
        jobs: Processes. More than one are started anew, so that a script needs `if __name__ == "__main__":` then.
        sample: Measure only so many images, picked by a hash of their names.
        seed: Another one picks other images.
        shard: Measure only one of several parts, such as `(0, 8)` for the first of eight: no image is in two, and
            `merge_profiles` makes of the profiles of all of them that of the whole, to the last bit.

    Raises:
        InputError: Nothing there can be read.
        UsageError: The format is not known or cannot be told, or `annostrat[measure]` is not installed.
        ValueError: There is no such part.
    """
    from annostrat.measure.requirements import check_installed

    check_installed()
    from annostrat.measure.measurement import measurement
    from annostrat.measure.reading import measure_path

    named = str(path)
    reading = measure_path(named, format, jobs=jobs, sample=sample, seed=seed, shard=shard)
    found = measurement(
        reading.profile,
        rules or load_rules(),
        named,
        named,
        reading.sampled,
        format=format,
        seed=seed,
    )
    return MeasuredLabels(found, reading.profile, reading.problems)


def measurement_of(
    profile: Profile, rules: RuleSet | None = None, name: str = "labels", *, sampled: int | None = None
) -> Measurement:
    """Return what a profile says: answers, figures and findings, as `annostrat measure --format json` prints them.

    Args:
        profile: What was measured.
        rules: The rule set whose levels are used; the default one where none is given.
        name: What was measured, to be shown.
        sampled: Images that were picked, to be shown; None where all were taken.
    """
    from annostrat.measure.measurement import measurement

    return measurement(profile, rules or load_rules(), name, name, sampled)


def merge_profiles(profiles: Iterable[Profile]) -> Profile:
    """Return the profile of a whole from those of its parts, in any order; the parts are left as they are.

    No image may be in two parts: all labels of an image must be in the same one.
    """
    from annostrat.measure.profile.profile import Profile

    whole = Profile()
    for profile in profiles:
        whole.add(profile)
    return whole


def load_profile(path: str | os.PathLike[str]) -> Profile:
    """Return the profile that `save_profile`, or `annostrat measure --profile`, wrote.

    Raises:
        InputError: The file cannot be read, or holds no profile.
        UsageError: `annostrat[measure]` is not installed.
    """
    from annostrat.measure.requirements import check_installed

    check_installed()
    from annostrat.measure.profile.files import read_profile

    return read_profile(str(path))


def save_profile(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write a profile to a file; equal profiles make equal files."""
    from annostrat.measure.profile.files import text_of

    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text_of(profile))
