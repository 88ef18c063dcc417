"""Build the agreement document for reports from several sets of labels: figures, differences, images to look at."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.agreement.differences import Differences
from annostrat.measure.agreement.figures import estimates, pairs_of
from annostrat.measure.agreement.pixels import pixel_agreement
from annostrat.measure.agreement.units import NONE, Matcher, matched, shared_images
from annostrat.measure.figures import Figures
from annostrat.measure.findings.diagnoses import diagnoses_of
from annostrat.measure.findings.findings import all_findings
from annostrat.measure.naming import data_set_name
from annostrat.measure.tables.intervals import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import (
        ComparedClass,
        ComparedImage,
        ComparedLabel,
        ComparedObject,
        ComparedSet,
        LabelAgreement,
        MeasuredAgreement,
        Published,
    )
    from annostrat.measure.agreement.figures import Pairs
    from annostrat.measure.agreement.labelled_set import LabelledSet
    from annostrat.measure.agreement.units import Units

SCHEMA_VERSION = 1
NOTHING = Estimate(None, None, None, 0, 0)
OF_CLASSES = {"agreement", "class_agreement", "alpha", "pixel_agreement"}
"""Figures that are meaningless if the annotators have no class in common."""
IMAGES, OBJECTS = 12, 100
"""Most images that are drawn, and most objects drawn per image."""


def agreement_of(sets: Sequence[LabelledSet], rules: RuleSet) -> LabelAgreement:
    """Return the agreement of several sets of labels, in the form that reports show.

    Nothing is compared if the coordinates of a set contradict its format.

    Raises:
        InputError: The sets have no image in common.
    """
    shared = shared_images(sets)
    names = names_of([one.path for one in sets])
    withheld = [
        f"{name}: {mistake}" for name, one in zip(names, sets, strict=True) if (mistake := _mistake_in(one, rules))
    ]
    matcher = Matcher(sets, shared)
    matcher, units = (matcher, matcher.none()) if withheld else matched(sets, shared)
    shared = matcher.shared
    pairs = pairs_of(units, matcher)
    differences = Differences(units, pairs, shared, names)
    found = {} if withheld else {**estimates(units, pairs), "pixel_agreement": pixel_agreement(sets, shared)}
    if differences.without_common_class:
        found = {id_: each for id_, each in found.items() if id_ not in OF_CLASSES}
    figures = _figures(found, rules)
    published = _published(figures, rules)
    sources = [source for each in published for source in each["sources"]]
    sources += [source for each in figures for source in rules.figures[each["id"]]["sources"]]
    return {
        "schema_version": SCHEMA_VERSION,
        "sets": [_set(sets, number, names[number], matcher, units, rules) for number in range(len(sets))],
        "images": len(shared.names),
        "withheld": "; ".join(withheld) or None,
        "objects": len(units.image),
        "agreed": int((~differences.left_out & ~differences.class_differs).sum()),
        "figures": figures,
        "published": published,
        "classes": _classes(units, pairs, rules),
        "confusions": differences.confusions(),
        "findings": differences.findings(rules.findings),
        "look_at": [*_look_at(differences, matcher)],
        "references": {source: rules.references[source] for source in dict.fromkeys(sources)},
    }


def _mistake_in(one: LabelledSet, rules: RuleSet) -> str:
    """Return the findings that explain why a set's labels cannot be compared; empty if they can."""
    kinds = {"all_crowds", *(diagnosis.kind for diagnosis in diagnoses_of(one.profile))}
    found = all_findings(Figures(one.profile), rules.findings)
    return "; ".join(each["text"] for each in found if each["kind"] in kinds)


def names_of(paths: Sequence[str]) -> list[str]:
    """Return a name for each annotator: the file name if all are in one folder, else the most telling part of the path.

    Annotators whose names would be equal get the whole path.
    """
    in_one = len({os.path.dirname(os.path.abspath(path)) for path in paths}) == 1
    names = [os.path.splitext(os.path.basename(path))[0] if in_one else data_set_name(path) for path in paths]
    return [name if names.count(name) == 1 else path for name, path in zip(names, paths, strict=True)]


def _set(
    sets: Sequence[LabelledSet], number: int, name: str, matcher: Matcher, units: Units, rules: RuleSet
) -> ComparedSet:
    one, there = sets[number], units.members != NONE
    own = there[:, number]
    in_shared = np.isin(one.rows.image, matcher.shared.positions[number])
    mapped = one.is_region & np.isin(np.arange(len(one.rows.ids)), [*one.shapes.masks])
    return {
        "name": name,
        "path": one.path,
        "format": one.format,
        "images": len(one.images),
        "images_alone": len(one.images) - len(matcher.shared.names) - len(matcher.shared.crowded),
        "objects": int(own.sum()),
        "left_out": int((~own).sum()),
        "alone": int((own & (there.sum(axis=1) == 1)).sum()),
        "not_compared": int((in_shared & ~one.rows.is_object & ~mapped).sum()),
        "findings": [each for each in all_findings(Figures(one.profile), rules.findings) if each["severity"] != "note"],
    }


def _figures(found: dict[str, Estimate], rules: RuleSet) -> list[MeasuredAgreement]:
    """Return the known figures, in the order of the rules."""
    figures: list[MeasuredAgreement] = []
    for id_, text in rules.figures.items():
        value, low, high, images, count = found.get(id_, NOTHING)
        if value is None or math.isnan(value):
            continue
        figures.append(
            {
                "id": id_,
                "title": text["title"],
                "value": value,
                "low": low,
                "high": high,
                "images": images,
                "count": count,
                "meaning": text["meaning"],
            }
        )
    return figures


def _published(figures: Iterable[MeasuredAgreement], rules: RuleSet) -> list[Published]:
    """Return the published values of careful annotators for the same figures."""
    measured = {figure["id"]: figure for figure in figures}
    found: list[Published] = []
    for one in rules.guideline["agreement"]:
        figure = measured.get(one["figure"] or "")
        if figure is None:
            continue
        low, high = one["low"] / 100, one["high"] / 100
        upper = figure["value"] if figure["high"] is None else figure["high"]
        verdict = "as_careful" if figure["value"] >= low else "below" if upper < low else "unclear"
        found.append(
            {
                "figure": figure["id"],
                "low": low,
                "high": high,
                "verdict": verdict,
                "text": one["text"],
                "sources": [*one["sources"]],
            }
        )
    return found


def _classes(units: Units, pairs: Pairs, rules: RuleSet) -> list[ComparedClass]:
    found: list[ComparedClass] = []
    for number, name in enumerate(units.names):
        labels = (units.classes == number).sum(axis=0)
        if labels.any():
            shared = int((pairs.same & (pairs.classes[:, 0] == number)).sum())
            figures = _figures(estimates(units, pairs, number), rules)
            found.append({"name": name, "labels": labels.tolist(), "shared": shared, "figures": figures})
    return sorted(found, key=lambda one: (-sum(one["labels"]), one["name"]))


def _look_at(differences: Differences, matcher: Matcher) -> Iterable[ComparedImage]:
    """Yield the images with the most differences: by left-out and confused objects, then by objects drawn apart."""
    units, shared = differences.units, differences.shared
    kinds = ("left_out", "class_differs", "drawn_apart")
    by_kind = {kind: getattr(differences, kind) for kind in kinds}
    if differences.without_common_class:
        by_kind["class_differs"] = np.zeros(len(units.image), bool)
    counts = np.array([np.bincount(units.image[which], minlength=len(shared.names)) for which in by_kind.values()])
    grave, slight = counts[:2].sum(axis=0), counts[2]
    order = np.lexsort((np.arange(len(grave)), -slight, -grave))
    for image in order[:IMAGES].tolist():
        if not counts[:, image].any():
            return
        own = np.flatnonzero(units.image == image)
        kind_of = {int(unit): next((kind for kind in kinds if by_kind[kind][unit]), None) for unit in own}
        own = own[np.argsort([kinds.index(kind) if (kind := kind_of[int(unit)]) else 3 for unit in own], kind="stable")]
        width, height = shared.sizes[image].tolist()
        yield {
            "name": shared.names[image],
            "width": width,
            "height": height,
            **{kind: int(counts[number, image]) for number, kind in enumerate(kinds)},  # type: ignore[typeddict-item]
            "objects": [_object(int(unit), kind_of[int(unit)], differences, matcher) for unit in own[:OBJECTS]],
        }


def _object(unit: int, difference: str | None, differences: Differences, matcher: Matcher) -> ComparedObject:
    units = differences.units
    own = differences.pairs.unit == unit
    there = np.flatnonzero(units.members[unit] != NONE).tolist()
    return {
        "difference": difference,
        "iou": float(differences.pairs.iou[own].min()) if own.any() else None,
        "labels": [_label(unit, number, units, matcher) for number in there],
    }


def _label(unit: int, number: int, units: Units, matcher: Matcher) -> ComparedLabel:
    label, one = units.members[unit, number], matcher.sets[number]
    return {
        "set": number,
        "name": units.names[units.classes[unit, number]],
        "id": int(one.rows.ids[label]),
        "box": [round(side, 2) for side in units.boxes[unit, number].tolist()],
        "outline": one.rings_of(int(label), matcher.shared.scales[number, units.image[unit]]),
    }
