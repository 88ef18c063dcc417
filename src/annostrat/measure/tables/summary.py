"""Reduce tables of labels and images to a profile: the summed figures of all objects and images."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import CROWD, OCCLUDED, OCCLUSION_STATED, STUFF, TRUNCATED, TRUNCATION_STATED
from annostrat.annotations.reader import broken
from annostrat.measure.findings.label_checks import OVERFULL, check_labels
from annostrat.measure.overlap.neighbours import boxes_met, foreign
from annostrat.measure.overlap.overlaps import overlaps
from annostrat.measure.profile.profile import COVER, IMAGE, Profile, indices, sample_level
from annostrat.measure.shape.keypoints import keypoint_figures
from annostrat.measure.shape.shape_variance import SPREADS, spread_sums
from annostrat.measure.tables.image_table import NAMES
from annostrat.measure.tables.intervals import cells_of, sums_by
from annostrat.measure.tables.label_table import RECTANGLE, SEVERAL_PARTS, WITH_MASK, WITH_OUTLINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from annostrat.measure.overlap.neighbours import Outlined
    from annostrat.measure.overlap.overlaps import Overlaps
    from annostrat.measure.tables.image_table import ImageTable
    from annostrat.measure.tables.label_table import LabelTable

    Bits = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

BINS = 64
MOST_CLASSES = 100_000
"""Most classes that are measured: time and memory grow with their number, and Visual Genome names 80,000."""


class ProfilePart(NamedTuple):
    """Labels and images that belong together: every label has its image, and every image all its labels.

    Attributes:
        rows: The labels, sorted by image and, within an image, in file order.
        images: The images.
        categories: Names of the classes.
        outlined: Outlines of the objects in sampled images.
        names: Names of some images, by split, with their hashes.
        keypoints: Names of the keypoints by class.
    """

    rows: LabelTable
    images: ImageTable
    categories: Sequence[str]
    outlined: Outlined
    names: dict[str, list[tuple[int, str]]]
    keypoints: Mapping[str, Sequence[str]]


def reduced(part: ProfilePart, level: int = 0) -> Profile:
    """Return the profile of a part.

    Args:
        part: Labels with their images.
        level: The lowest level of the images in the sample.

    Raises:
        InputError: There are more than `MOST_CLASSES` classes.
    """
    if len(part.categories) > MOST_CLASSES:
        message = f"names {len(part.categories):,} classes, of which at most {MOST_CLASSES:,} are measured"
        raise broken(", ".join(part.images.files[:3]), message, hint="are these names of objects rather than classes?")
    part = part._replace(rows=part.rows.widened())
    profile = Profile()
    indices(profile.classes, dict.fromkeys(part.categories, 0))
    whole = part.rows
    objects = np.flatnonzero(whole.is_object)
    rows = whole.pick(objects)
    overlapping = overlaps(rows.image, rows.category, rows.boxes, len(part.categories))
    _count(profile, part, rows)
    _add_images(profile, part, rows)
    _add_sums(profile, part, rows, overlapping)
    _add_covers(profile, part, rows, overlapping)
    _add_sample(profile, part, rows, objects, overlapping.max_iou > 0, max(level, sample_level(profile.levels)))
    check_labels(profile, part.rows, part.images, part.categories, objects, overlapping.duplicate)
    return profile


def _count(profile: Profile, part: ProfilePart, objects: LabelTable) -> None:
    """Count labels by kind and class."""
    rows = part.rows
    crowd, region = rows.flags & CROWD != 0, (rows.flags & (STUFF | CROWD)) == STUFF
    kinds = {
        "labels": np.ones(len(rows.ids), bool),
        "crowds": crowd,
        "regions": region,
        "outlines": rows.traits & WITH_OUTLINE != 0,
        "masks": rows.traits & WITH_MASK != 0,
    }
    profile.counts.update({kind: int(mask.sum()) for kind, mask in kinds.items()})
    profile.counts.update(objects=len(objects.ids), images=len(part.images.key))
    by_class = {kind: np.bincount(rows.category[mask], minlength=len(part.categories)) for kind, mask in kinds.items()}
    by_class["objects"] = np.bincount(objects.category, minlength=len(part.categories))
    cell = np.unique(rows.image * max(len(part.categories), 1) + rows.category)
    by_class["images"] = np.bincount(cell % max(len(part.categories), 1), minlength=len(part.categories))
    for number, name in enumerate(part.categories):
        there = profile.by_class.setdefault(name, type(profile.counts)())
        there.update({kind: int(counts[number]) for kind, counts in by_class.items() if counts[number]})


def _add_images(profile: Profile, part: ProfilePart, objects: LabelTable) -> None:
    images = part.images
    splits = indices(profile.splits, dict.fromkeys(images.splits, 0))
    table = np.empty(len(images.key), IMAGE)
    table["name"] = images.name
    table["split"] = splits[images.split] if len(splits) else 0
    profile.images.append(table)
    profile.levels = np.bincount(images.level, minlength=len(profile.levels))
    shown = np.bincount(objects.image, minlength=len(images.key))
    number, times = np.unique(shown, return_counts=True)
    profile.objects.update(dict(zip(number.tolist(), times.tolist(), strict=True)))
    labelled = np.bincount(part.rows.image, minlength=len(images.key)) > 0
    profile.counts.update(
        images_labelled=int(labelled.sum()), images_sized=int(((images.width > 1) & (images.height > 1)).sum())
    )
    profile.names = {split: sorted(set(names))[:NAMES] for split, names in part.names.items()}


def _figures(part: ProfilePart, rows: LabelTable, found: Overlaps) -> dict[str, Floats]:
    """Return the figures of every object; NaN if unknown."""
    size = rows.boxes[:, 2:] - rows.boxes[:, :2]
    box_area = size[:, 0] * size[:, 1]
    image_area = part.images.width * part.images.height
    image_area = np.where(image_area > 0, image_area, np.nan)[rows.image]
    shaped = (rows.traits & (WITH_OUTLINE | WITH_MASK) != 0) & (rows.traits & RECTANGLE == 0)
    return {
        "max_iou": found.max_iou,
        "max_iou_same": found.max_iou_same,
        "pairs": found.pairs,
        "flag_occluded": _flag(rows, OCCLUDED, OCCLUSION_STATED),
        "flag_truncated": _flag(rows, TRUNCATED, TRUNCATION_STATED),
        "touch_border": _touches(part.images, rows),
        "multi_part": np.where(shaped, (rows.traits & SEVERAL_PARTS != 0).astype(np.float64), np.nan),
        "fill": np.where(rows.area <= OVERFULL * box_area, rows.area.astype(np.float64) / box_area, np.nan),
        "elongation": rows.elongation.astype(np.float64),
        "circularity": rows.circularity.astype(np.float64),
        "solidity": rows.solidity.astype(np.float64),
        "image_share": np.minimum(box_area / image_area, 1),
        "log_aspect": np.log(size[:, 0] / size[:, 1]),
        "log_size": np.log(box_area) / 2,
        **keypoint_figures(rows, part.categories, part.keypoints),
    }


def _flag(rows: LabelTable, flag: int, stated: int) -> Floats:
    return np.where(rows.flags & stated != 0, (rows.flags & flag != 0).astype(np.float64), np.nan)


BORDER_PX, BORDER_SHARE = 1.0, 0.002


def _touches(images: ImageTable, rows: LabelTable) -> Floats:
    """Return whether a box touches the border of its image; NaN if the image's size is unknown."""
    width, height = images.width[rows.image], images.height[rows.image]
    near_x, near_y = (np.where(side > 1, BORDER_PX, BORDER_SHARE) for side in (width, height))
    x1, y1, x2, y2 = rows.boxes.T
    touching = (x1 <= near_x) | (y1 <= near_y) | (x2 >= width - near_x) | (y2 >= height - near_y)
    return np.where((width > 0) & (height > 0), touching.astype(np.float64), np.nan)


ONLY_SPREAD = {"log_aspect", "log_size"}
"""Figures whose mean is meaningless."""
HISTOGRAMS = ("max_iou", "fill", "elongation", "circularity", "solidity")


def _add_sums(profile: Profile, part: ProfilePart, rows: LabelTable, found: Overlaps) -> None:
    """Sum every figure by image, over all objects and over each class."""
    figures = _figures(part, rows, found)
    _add_spreads(profile, part, rows, figures)
    classes = max(len(part.categories), 1)
    key = rows.image * classes + rows.category
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    cell = key[order][starts]
    image_starts = np.flatnonzero(np.diff(cell // classes, prepend=-1))
    for figure in figures.keys() - ONLY_SPREAD:
        if np.isnan(figures[figure]).all():
            continue
        cells = cells_of(figures[figure][order], starts)
        gathered = cells.gathered(image_starts)
        of_class = sums_by(cells, cell % classes, classes)
        of_all = sums_by(gathered, np.zeros(len(gathered.c), np.int64), 1)
        named = zip([*part.categories[:classes], None], [*of_class[: len(part.categories)], *of_all], strict=True)
        profile.sums.update({(figure, name): sums for name, sums in named if sums.c})


def _add_spreads(profile: Profile, part: ProfilePart, rows: LabelTable, figures: dict[str, Floats]) -> None:
    """Sum the figures whose spread is measured, by class and group of images, and fill the histograms."""
    classes = max(len(part.categories), 1)
    for figure in SPREADS:
        sums = spread_sums(figures[figure], rows.category, part.images.group[rows.image], classes)
        for number in np.flatnonzero(sums[:, :, 0].any(axis=1)).tolist():
            profile.spreads[figure, part.categories[number]] = sums[number]
    for figure in HISTOGRAMS:
        there = figures[figure][~np.isnan(figures[figure])]
        bins = np.minimum((np.clip(there, 0, 1) * BINS).astype(np.int64), BINS - 1)
        profile.histograms[figure] = np.bincount(bins, minlength=BINS)


def _add_covers(profile: Profile, part: ProfilePart, rows: LabelTable, found: Overlaps) -> None:
    number, by, level = found.covers.astype(np.int64).T
    image, category = rows.image[number], rows.category[number]
    classes = max(len(part.categories), 1)
    key = rows.image * classes + rows.category
    keys, counts = np.unique(key, return_counts=True)
    first = np.searchsorted(rows.image, image)
    table = np.empty(len(number), COVER)
    table["image"], table["object"] = image, number - first
    table["covered"], table["by"], table["level"] = category, by, level
    table["objects"] = np.searchsorted(rows.image, image, side="right") - first
    table["of_class"] = counts[np.searchsorted(keys, key[number])] if len(keys) else 0
    profile.covers.append(table)


def _add_sample(
    profile: Profile, part: ProfilePart, rows: LabelTable, objects: Integers, meets: Bits, level: int
) -> None:
    """Measure how boxes fill each other, in images of at least `level`; `meets` marks boxes that touch another."""
    levels = part.images.level
    chosen = np.flatnonzero(levels >= level)
    if not len(chosen):
        return
    bounds = [np.searchsorted(rows.image, edge) for edge in (chosen, chosen + 1)]
    met = boxes_met(rows.boxes, meets, bounds)
    share = foreign(rows, meets, bounds, part.outlined, objects)
    size = rows.boxes[:, 2:] - rows.boxes[:, :2]
    background = np.clip(1 - rows.area / size.prod(axis=1) - share, 0, 1)
    for figure, values, image in (
        ("bor", met, chosen),
        ("foreign", np.minimum(share, 1), rows.image),
        ("background", background, rows.image),
    ):
        there = ~np.isnan(values)
        picked, of = values[there], image[there]
        starts = np.flatnonzero(np.diff(of, prepend=-1))
        cells = cells_of(picked, starts)
        at = levels[of[starts]]
        for number, sums in enumerate(sums_by(cells, at, len(profile.levels))):
            if sums.c:
                profile.sampled[figure, number] = sums
