"""All labels of one annotator, with outlines and masks, for comparison with another annotator's labels."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import STUFF, BatchBuilder, ReaderFinding
from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.reader import guarded
from annostrat.errors import InputError, Location, Problem
from annostrat.measure.agreement.likeness import as_polygon, polygon_of
from annostrat.measure.overlap.neighbours import Outlined, all_outlined, outlined
from annostrat.measure.profile.profile import Profile
from annostrat.measure.tables.group_by_image import note_duplicate_ids
from annostrat.measure.tables.image_table import MAX_LEVEL, table_of
from annostrat.measure.tables.label_table import LabelTable, described, drawn, joined
from annostrat.measure.tables.summary import ProfilePart, reduced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Image
    from annostrat.annotations.masks.runs import Mask
    from annostrat.annotations.reader import Source

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


DETAIL = 150
"""Inverse of the error allowed in a drawn outline, relative to the outline's longer side."""


class LabelledSet(NamedTuple):
    """The labels of one annotator.

    Attributes:
        path: The path as the user gave it.
        format: The name of the reader.
        images: The images, with unique names.
        classes: Names of the classes.
        rows: The labels; `image` and `category` are indices into `images` and `classes`.
        shapes: Their outlines and masks, by index of the label.
        problems: Input that could not be read.
        profile: The profile that `measure` computes, without figures that need outlines.
    """

    path: str
    format: str
    images: Sequence[Image]
    classes: Sequence[str]
    rows: LabelTable
    shapes: Outlined
    problems: Sequence[Problem]
    profile: Profile

    @property
    def is_region(self) -> NDArray[np.bool_]:
        """Whether a label is a region of some class, without separate objects."""
        return self.rows.flags & STUFF != 0

    def outlines_of(self, labels: Integers) -> NDArray[np.object_]:
        """Return the outlines of some labels as polygons; None for a label without one."""
        found = np.full(len(labels), None, object)
        place = np.searchsorted(self.shapes.with_outline, labels)
        for number in np.flatnonzero(np.isin(labels, self.shapes.with_outline)).tolist():
            found[number] = polygon_of(self.shapes.outlines, int(place[number]))
        return found

    def mask_of(self, label: int) -> Mask | None:
        """Return the mask of a label, if it has one."""
        return self.shapes.masks.get(label)

    def rings_of(self, label: int, scale: Floats | float = 1.0) -> list[list[list[float]]]:
        """Return the rings of a label's outline or mask, scaled and simplified for drawing; empty for a box."""
        mask = self.mask_of(label)
        shape = as_polygon(mask) if mask is not None else self.outlines_of(np.array([label]))[0]
        if shape is None or shape.is_empty:
            return []
        shapely = import_module("shapely")
        x1, y1, x2, y2 = shape.bounds
        simple = shape.simplify(max(x2 - x1, y2 - y1) / DETAIL)
        rings = [ring for part in shapely.get_parts(simple) for ring in (part.exterior, *part.interiors)]
        return [(shapely.get_coordinates(ring) * scale).round(2).tolist() for ring in rings]


def read_set(path: str, format: str | None = None) -> LabelledSet:
    """Read all labels under a path.

    Args:
        path: A file or a folder.
        format: The format; detected if not given.

    Raises:
        InputError: Nothing under the path can be read.
        UsageError: The format is unknown or cannot be detected.
    """
    opened = open_annotations(path, format)
    found = set_of(opened.source, path, opened.reader.name)
    if not found.images:
        hint = f"{opened.reader.title} needs {opened.reader.wants}"
        raise InputError(found.problems or [Problem(Location(path), "holds no image that could be read", hint)])
    return found


def set_of(source: Source, path: str, format: str) -> LabelledSet:
    """Return all labels of a source."""
    images: dict[str, tuple[int, Image]] = {}
    classes: dict[str, int] = {}
    rows, with_ids, shapes, problems = [], [], [], list(source.problems)
    profile = Profile()
    profile.note_remarks(source.remarks)
    times = Counter(image.name for image in source.images or ())
    count = 0
    for piece in source.pieces:
        for batch in guarded(source, piece):
            problems += batch.problems
            profile.note_remarks(batch.remarks)
            listed = batch.images if source.images is None else source.images
            times.update(image.name for image in batch.images if source.images is None)
            of_image = [images.setdefault(image.name, (len(images), image))[0] for image in listed]
            of_class = [classes.setdefault(name, len(classes)) for name in batch.categories]
            shown = drawn(batch)
            table = described(batch, shown)
            if len(table.ids):
                image, category = np.array(of_image, np.int64), np.array(of_class, np.int64)
                table = table._replace(image=image[table.image], category=category[table.category])
            rows.append(table)
            with_ids += [table] if batch.file else []
            own = outlined(shown, np.ones(len(table.ids), bool), count)
            masks = {number + count: mask for number, mask in batch.masks.items()}  # including regions
            shapes.append(own._replace(masks=masks))
            count += len(table.ids)
    if not rows:
        nothing = BatchBuilder().batch()
        rows = [described(nothing, drawn(nothing))]
    whole, listed, problems = joined(rows), [image for _, image in images.values()], list(dict.fromkeys(problems))
    table_of_images = table_of(listed)
    in_order = whole.pick(np.argsort(whole.image, kind="stable"))
    profile.add(reduced(ProfilePart(in_order, table_of_images, list(classes), all_outlined([]), {}, {}), MAX_LEVEL + 1))
    note_duplicate_ids(profile, with_ids, table_of_images)
    profile.note_remarks([ReaderFinding("repeated_image", name) for name, often in times.items() if often > 1])
    profile.note_problems(problems)
    return LabelledSet(path, format, listed, list(classes), whole, all_outlined(shapes), problems, profile)
