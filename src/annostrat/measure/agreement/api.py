"""The Python API for the agreement of annotators."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.errors import InputError, Location, Problem, UsageError, shortened
from annostrat.knowledge.loader import rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.measure.agreement.labelled_set import LabelledSet
    from annostrat.recommendation.contract import ReachedAgreement
    from annostrat.use_cases.use_case import LabelFiles

MIN_SCORE = 0.5
"""Score below which predictions are left out by default."""


class ComparedLabels(NamedTuple):
    """The result of comparing the labels of several annotators.

    Attributes:
        agreement: Figures, classes, findings and images to look at, as `annostrat agreement --format json` prints them.
        problems: Input that could not be read; everything else was compared.
    """

    agreement: LabelAgreement
    problems: list[Problem]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON output as a copy that the caller may modify."""
        return copy.deepcopy({**self.agreement})

    def __repr__(self) -> str:
        """Return the annotators, the main figures, and the number of findings and problems."""
        found = self.agreement
        figures = ", ".join(f"{one['id']}={one['value']:.2f}" for one in found["figures"] if one["value"] is not None)
        whose = " and ".join(repr(one["name"]) for one in found["sets"])
        amiss = f"findings: {len(found['findings'])}, problems: {len(self.problems)}"
        return f"<ComparedLabels of {whose}: {found['images']:,} images in common; {figures}; {amiss}>"


def agreement(
    paths: Sequence[str | os.PathLike[str]],
    rules: RuleSet | str | os.PathLike[str] | None = None,
    *,
    format: str | Sequence[str | None] | None = None,
    min_score: float = MIN_SCORE,
) -> ComparedLabels:
    """Return the agreement of two or more annotators, or of an annotator and a model, on the same images.

    Args:
        paths: Files or folders, one for each annotator; in any formats. COCO results, which are predictions without
            names, take their images and classes from the first path.
        rules: The rule set with the published figures of careful annotators, or its name; `purpose_first` by default.
        format: The annotation format of all paths, such as `coco`, or a list with one per path; detected if not given.
        min_score: Predictions of COCO results with a lower score are left out.

    Raises:
        InputError: A path cannot be read, the paths have no image in common, or `format` is not one per path.
        UsageError: There are fewer than two paths, a path is repeated, or `annostrat[measure]` is not installed.
    """
    named = [str(paths)] if isinstance(paths, str | os.PathLike) else [str(path) for path in paths]
    sets = _read(named, _one_for_each(named, format), min_score)
    from annostrat.measure.agreement.agreement import agreement_of

    problems = [problem for one in sets for problem in one.problems]
    return ComparedLabels(agreement_of(sets, rules_of(rules)), problems)


def _one_for_each(paths: list[str], format: str | Sequence[str | None] | None) -> Sequence[str | None]:
    """Return the format of each path.

    Raises:
        InputError: The number of formats is not the number of paths, or a format is not a string.
    """
    if format is None or isinstance(format, str):
        return [format] * len(paths)
    is_right = isinstance(format, list | tuple) and len(format) == len(paths)
    if not is_right or not all(each is None or isinstance(each, str) for each in format):
        message = f"format is text, or a list of {len(paths)} texts, one for each path, not {shortened(repr(format))}"
        raise InputError([Problem(Location("format"), message, "give None in the list for one to be detected")])
    return format


def _read(paths: list[str], formats: Sequence[str | None], min_score: float) -> list[LabelledSet]:
    """Return the labels of each annotator; refuses unsuitable paths before reading anything."""
    from annostrat.measure.requirements import check_installed

    _refuse_unsuited(paths)
    check_installed()
    from annostrat.measure.agreement.labelled_set import read_set
    from annostrat.measure.agreement.predictions import are_results, read_results

    for path in paths:
        outer = next((each for each in paths if _is_within(path, each)), None)
        if outer and not are_results(path):
            message = f"{path} is within {outer}, so that some labels would be compared with themselves"
            raise UsageError(message, "name the files or the folder of each annotator alone")
    return [
        read_results(path, paths[0], min_score) if number and are_results(path) else read_set(path, own_format)
        for number, (path, own_format) in enumerate(zip(paths, formats, strict=True))
    ]


def _is_within(path: str, folder: str) -> bool:
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def reached(files: LabelFiles, rules: RuleSet) -> tuple[ReachedAgreement | None, list[Problem]]:
    """Return the agreement with the second set of labels that a use case names, and the problems in reading that set.

    The agreement is None if the use case names no second set.

    Raises:
        InputError: Either set cannot be read, or they have no image in common.
        UsageError: Both sets are the same.
    """
    if files.agreement is None:
        return None, []
    other, at_least = files.agreement
    sets = _read([files.annotations, other], [files.format, None], MIN_SCORE)
    from annostrat.measure.agreement.agreement import agreement_of

    found = agreement_of(sets, rules)
    figures = {figure["id"]: figure for figure in found["figures"]}
    main = figures.get("agreement") or figures.get("pixel_agreement")
    whether: ReachedAgreement = {
        "annotations": other,
        "images": found["images"],
        "value": main and main["value"],
        "low": main and main["low"],
        "high": main and main["high"],
        "at_least": at_least,
        "reached": main is not None and main["value"] >= at_least,
        "withheld": None if main else found["withheld"] or _other_names(found),
    }
    return whether, [*sets[1].problems]


def _other_names(found: LabelAgreement) -> str | None:
    """Return a description of the classes whose names differ between the sets; None if no names differ."""
    differing = (one for one in found["findings"] if one["kind"] == "class_name_differs")
    return next((f"{one['text']}: {'; '.join(one['examples'])}" for one in differing), None)


def _refuse_unsuited(paths: Sequence[str]) -> None:
    """Refuse paths that cannot be compared.

    Raises:
        UsageError: There are fewer than two paths, or a path is repeated.
    """
    if len(paths) < 2:  # noqa: PLR2004 - it takes two
        message = f"agreement compares two sets of labels or more, not {len(paths)}"
        raise UsageError(message, "name one path for each annotator")
    seen: set[str] = set()
    for path in paths:
        real = os.path.realpath(path)
        if real in seen:
            message = f"{path} is named twice, and labels always agree with themselves"
            raise UsageError(message, "name another annotator's labels")
        seen.add(real)
