"""Figures as the reference values were made, where annostrat makes them otherwise; from the same labels, by hand.

The reference took the hull of 32 extreme vertices for the convex hull, divided variances by n, left classes of fewer
than five objects out of what differs within classes, counted crowds as objects, kept parts of other classes among what
is covered, and took an outline that crosses itself for all that it winds around.
"""

from __future__ import annotations

import glob
import json
import os
import tempfile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from annostrat.annotations import CROWD
from annostrat.annotations.files.detection import open_annotations
from annostrat.measure.shape.mean_shape import agreement
from annostrat.measure.shape.outlines import GRID, add_crossings, covered
from annostrat.measure.tables.label_table import described, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from annostrat.annotations import Batch

    Floats = NDArray[np.float64]

DIRECTIONS, FEW = 32, 5


class Objects(NamedTuple):
    """Objects of a data set, crowds too; nan where a figure is not known.

    Attributes:
        images: How many images there are.
        image: Number of the image of each object.
        name: Class.
        boxes: x1, y1, x2, y2.
        crowd: Whether it is a crowd.
        area: Of the outline or mask.
        hull: Area of the convex hull, exact.
        hull_32: Area of the hull of the vertices that are extreme in one of 32 directions.
        elongation: As annostrat has it.
        silhouette: Pixels of 32 x 32 that the outline winds around; none without outline.
    """

    images: int
    image: NDArray[np.int64]
    name: NDArray[np.str_]
    boxes: Floats
    crowd: NDArray[np.bool_]
    area: Floats
    hull: Floats
    hull_32: Floats
    elongation: Floats
    silhouette: NDArray[np.bool_]

    def pick(self, kept: NDArray[np.bool_]) -> Objects:
        """Return some of the objects."""
        return Objects(self.images, *(column[kept] for column in self[1:]))


def read(path: str) -> Objects:
    """Return the objects of annotation files, crowds with their masks too, in the order in which they stand there."""
    with tempfile.TemporaryDirectory() as folder:
        single = _without_crowds(path, folder)
        pairs = list(zip(_batches(path), _batches(single), strict=True))
    parts, images = [], 0
    for (listed, batch), (_, same) in pairs:
        parts.append(_objects(same, batch.flags & CROWD != 0, 0 if listed else images))
        images = listed or images + len(batch.images)
    columns = (np.concatenate(column) for column in list(zip(*parts, strict=True))[1:])
    found = Objects(images, *columns)
    with np.errstate(invalid="ignore"):
        sound = np.isfinite(found.boxes).all(axis=1) & (found.boxes[:, 2:] > found.boxes[:, :2]).all(axis=1)
    return found.pick(sound)


def _batches(path: str) -> Iterator[tuple[int, Batch]]:
    """Yield how many images are listed beforehand, with each batch."""
    source = open_annotations(path).source
    for piece in source.pieces:
        for batch in source.read(piece):
            yield len(source.images or ()), batch


def _without_crowds(path: str, folder: str) -> str:
    """Write COCO files anew in which no label is a crowd, so that the masks of crowds are read; return their folder."""
    files = sorted(glob.glob(os.path.join(path, "*.json"))) if os.path.isdir(path) else [path]
    files = [file for file in files if file.endswith(".json")]
    for file in files:
        with open(file, encoding="utf-8") as opened:
            document = json.load(opened)
        for label in document["annotations"]:
            label["iscrowd"] = 0
        with open(os.path.join(folder, os.path.basename(file)), "w", encoding="utf-8") as written:
            json.dump(document, written)
    return folder if files else path


def _objects(batch: Batch, crowd: NDArray[np.bool_], first: int) -> Objects:
    shown = drawn(batch)
    rows = described(batch, shown)
    hull, hull_32 = np.full((2, len(rows.ids)), np.nan)
    silhouette = np.zeros((len(rows.ids), 32, 32), bool)
    outlines, where = shown.outlines, shown.with_outline
    if len(where):
        owner = np.repeat(np.arange(len(where)), np.diff(outlines.first_point))
        hull[where] = shapely.area(shapely.convex_hull(shapely.multipoints(outlines.points, indices=owner)))
        pairs = zip(outlines.first_point, outlines.first_point[1:], strict=False)
        hull_32[where] = [_hull_32(outlines.points[start:stop]) for start, stop in pairs]
        sums = np.zeros((len(where), GRID, GRID + 1), np.int32)
        add_crossings(sums, np.arange(len(where)), shown.traced)
        silhouette[where] = covered(sums) != 0
    names = np.array(batch.categories or [""])[batch.category]
    return Objects(
        0,
        batch.image + first,
        names,
        rows.boxes,
        crowd,
        rows.area,
        hull,
        hull_32,
        rows.elongation.astype(np.float64),
        silhouette,
    )


def _hull_32(points: Floats) -> float:
    """Return the area of the polygon of extreme vertices, looked for where the vertices spread alike on all sides."""
    away = points - points.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov(away.T))
    angle = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
    round_ = away @ axes / np.sqrt(np.maximum(values, 1e-12))
    x, y = away[(round_ @ [np.cos(angle), np.sin(angle)]).argmax(axis=0)].T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _by_image(objects: Objects) -> Iterator[Objects]:
    for number in range(objects.images):
        yield objects.pick(objects.image == number)


def _common(objects: Objects) -> Floats:
    """Return the area that each two boxes share; 0 on the diagonal."""
    low, high = objects.boxes[:, :2], objects.boxes[:, 2:]
    sides = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    common = np.asarray(sides.clip(0).prod(axis=-1))
    np.fill_diagonal(common, 0)
    return common


def half_covered_share(objects: Objects) -> float:
    """Return the share of objects of whose box more than a half lies under another box of the image."""
    count = 0
    for shown in _by_image(objects):
        if len(shown.image) > 1:
            area = (shown.boxes[:, 2:] - shown.boxes[:, :2]).prod(axis=1)
            count += int((_common(shown).max(axis=1) > 0.5 * area).sum())
    return count / len(objects.image)


def mean(values: Floats) -> float:
    """Return the mean of what is known."""
    return float(np.nanmean(values))


def fill(objects: Objects) -> float:
    """Return the mean share of its box that an outline or a crowd fills."""
    return mean(objects.area / (objects.boxes[:, 2:] - objects.boxes[:, :2]).prod(axis=1))


def solidity_32(objects: Objects) -> Floats:
    """Return the solidity of each object, by 32 extreme vertices."""
    return _over(objects.area, objects.hull_32)


def solidity(objects: Objects) -> Floats:
    """Return the solidity of each object, exactly, by shapely."""
    return _over(objects.area, objects.hull)


def _over(area: Floats, hull: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(area > 0, np.minimum(area / hull, 1), np.nan)


def log_aspect(objects: Objects) -> Floats:
    """Return the logarithm of width over height of each box."""
    width, height = (objects.boxes[:, 2:] - objects.boxes[:, :2]).T
    return np.asarray(np.log(width / height))


def spread(objects: Objects, values: Floats) -> float:
    """Return the standard deviation within classes of five objects or more, divided by n, weighted by objects."""
    there = ~np.isnan(values)
    return _weighted(objects.pick(there), lambda own: float(values[there][own].std()))


def silhouettes(objects: Objects) -> float:
    """Return the agreement of silhouettes within classes of five objects or more."""
    drawn_ = objects.pick(objects.silhouette.any(axis=(1, 2)))
    return _weighted(drawn_, lambda own: _agreement(drawn_.silhouette[own]))


def silhouettes_of_all(objects: Objects) -> float:
    """Return the agreement of silhouettes of whatever class."""
    names, counts = np.unique(objects.name, return_counts=True)
    several = np.isin(objects.name, names[counts >= FEW])
    return _agreement(objects.silhouette[several & objects.silhouette.any(axis=(1, 2))])


def _agreement(silhouettes: NDArray[np.bool_]) -> float:
    found = agreement(silhouettes.sum(axis=0)[None], np.array([len(silhouettes)]))
    return float(np.nan_to_num(found)[0])


def _weighted(objects: Objects, figure: Callable[[NDArray[np.bool_]], float]) -> float:
    """Return the mean of a figure of classes, each weighted by its objects."""
    names, counts = np.unique(objects.name, return_counts=True)
    several = counts >= FEW
    found = [figure(objects.name == name) for name in names[several]]
    return float(np.average(found, weights=counts[several]))
