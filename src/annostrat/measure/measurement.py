"""Build the document shown in reports from a profile: answers, figures, classes and findings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from annostrat.measure.answers import answer_all
from annostrat.measure.enough import enough
from annostrat.measure.figures import Figures
from annostrat.measure.findings.diagnoses import broken_by
from annostrat.measure.findings.findings import all_findings
from annostrat.measure.shape.keypoints import OF_ONE
from annostrat.measure.shape.mean_shape import digits
from annostrat.measure.tables.intervals import PACE

if TYPE_CHECKING:
    from annostrat.knowledge.contract import FigureKindText
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import MeasuredClass, MeasuredFigure, MeasuredKeypoint, Measurement
    from annostrat.measure.profile.profile import Profile
    from annostrat.recommendation.contract import MeasuredPace

SCHEMA_VERSION = 1
_COUNTS = ("images", "images_labelled", "labels", "objects", "crowds", "regions", "outlines", "masks")
_SURE_FIGURES = {"objects_per_image"}
"""Figures that are meaningful even if the boxes do not follow their format."""
_NOT_MEASURED = "Labels do not tell what the result is used for or where the model runs."


def measurement(
    profile: Profile,
    rules: RuleSet,
    name: str,
    path: str,
    sampled: int | None = None,
    profiles: int | None = None,
    *,
    format: str | None = None,
    seed: int = 0,
    crowds: bool = False,
) -> Measurement:
    """Return the measurement in the form shown in reports.

    Args:
        profile: The profile of the labels.
        rules: The rule set that defines the levels.
        name: The dataset's name.
        path: The path as the user gave it.
        sampled: How many images were sampled, if not all were read.
        profiles: How many profiles were merged, if no labels were read.
        format: The format given by the user; None if it was detected.
        seed: The seed of the sample.
        crowds: Whether labels marked as crowds were measured as objects.
    """
    figures = Figures(profile)
    broken = broken_by(profile)
    answers = answer_all(rules, figures, broken=broken)
    known = {
        id_: None if broken and id_ not in _SURE_FIGURES else _figure(id_, text, figures)
        for id_, text in rules.figures.items()
        if text["of"] == "labels"
    }
    amount = None if broken else enough(figures, answers, rules)
    sources = [source for each in answers.values() for source in each["sources"]]
    sources += amount["sources"] if amount else []
    return {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "source": {
            "path": path,
            "format": format,
            "formats": dict(sorted(profile.formats.items())),
            "sampled": sampled,
            "seed": None if sampled is None else seed,
            "crowds": crowds,
            "profiles": profiles,
        },
        "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "counts": {kind: profile.counts[kind] for kind in _COUNTS},  # type: ignore[typeddict-item]
        "answers": answers,
        "not_measured": {question: _NOT_MEASURED for question in rules.order if question not in answers},
        "figures": [figure for figure in known.values() if figure is not None],
        "unknown_figures": [id_ for id_, figure in known.items() if figure is None],
        "classes": [_class(class_, figures, rules, broken) for class_ in figures.classes],
        "keypoints": _keypoints(figures),
        "part_of": [part._asdict() for part in figures.coverage.parts],  # type: ignore[misc]
        "findings": all_findings(figures, rules.findings),
        "histograms": {figure: bins.tolist() for figure, bins in profile.histograms.items()},
        "pace": _pace(figures),
        "enough": amount,
        "objects_per_image": {str(count): times for count, times in sorted(profile.objects.items())},
        "references": {source: rules.references[source] for source in dict.fromkeys(sources)},
    }


def _pace(figures: Figures) -> MeasuredPace | None:
    """Return the labelling time per label; None if it is unknown or if most labels are regions, not objects."""
    value, low, high, images, labels = figures.estimate(PACE)
    counts = figures.profile.counts
    if value is None or 2 * counts["regions"] > counts["labels"]:
        return None
    drawn = 2 * (counts["outlines"] + counts["masks"]) > counts["objects"]
    return {
        "strategy": "instance_segmentation" if drawn else "object_detection",
        "seconds_per_label": value,
        "low": None if low is None else max(low, 0.0),
        "high": high,
        "images": images,
        "labels": labels,
    }


def _figure(id_: str, text: FigureKindText, figures: Figures, name: str | None = None) -> MeasuredFigure | None:
    value, low, high, images, objects = figures.estimate(id_, name)
    if value is None:
        return None
    most = 1.0 if text["kind"] == "share" else math.inf
    return {
        "id": id_,
        "title": text["title"],
        "kind": text["kind"],
        "value": value,
        "low": None if low is None else max(low, 0.0),
        "high": None if high is None else min(high, most),
        "images": images,
        "objects": objects,
        "meaning": text["meaning"],
    }


def _keypoints(figures: Figures) -> list[MeasuredKeypoint]:
    """Return how often each keypoint of each class is hidden."""
    found: list[MeasuredKeypoint] = []
    for class_ in figures.classes:
        of_class: list[MeasuredKeypoint] = []
        for figure, name in sorted(
            key for key in figures.profile.sums if key[1] == class_ and key[0].startswith(OF_ONE)
        ):
            value, low, high, images, objects = figures.estimate(figure, name)
            shares = {"value": value or 0.0, "low": low, "high": high, "images": images, "objects": objects}
            of_class.append({"of_class": class_, "name": figure.removeprefix(OF_ONE), **shares})  # type: ignore[typeddict-item]
        found += sorted(of_class, key=lambda each: -each["value"])
    return found


def _class(name: str, figures: Figures, rules: RuleSet, broken: str) -> MeasuredClass:
    counted = figures.profile.by_class[name]
    by_class = {id_: text for id_, text in rules.figures.items() if text["by_class"] and text["of"] == "labels"}
    found = (_figure(id_, text, figures, name) for id_, text in by_class.items() if not broken)
    return {
        "name": name,
        "labels": counted["labels"],
        "objects": counted["objects"],
        "images": counted["images"],
        "answers": answer_all(rules, figures, name, broken=broken),
        "figures": [figure for figure in found if figure is not None],
        "silhouette": digits(figures.profile.silhouettes[name]) if name in figures.profile.silhouettes else None,
    }
