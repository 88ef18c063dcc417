"""YOLO, as Ultralytics trains it: the data.yaml of a dataset, for the task of the strategy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.export._base import Exporter
from annostrat.use_cases.yaml_text import flow, modeline, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.export._labelling_project import Label, LabellingProject

_TASKS = {
    "object_detection": "detect",
    "instance_segmentation": "segment",
    "oriented_boxes": "obb",
    "keypoints": "pose",
    "semantic_segmentation": "semantic",
}
_SIDES = {"left": "right", "right": "left"}
_SIDE = re.compile("(?<![a-z])(left|right)(?![a-z])")


def export(project: LabellingProject) -> str:
    """Return the YAML of the dataset, with the folders in which training looks for images."""
    (strategy,) = project.drawn
    return "".join(_lines(project, strategy))


def _lines(project: LabellingProject, strategy: str) -> Iterator[str]:
    yield modeline("yolo_data")
    yield f"# Train with: yolo {_TASKS[strategy]} train data=data.yaml\n"
    yield "train: images/train\nval: images/val\n"
    if strategy == "semantic_segmentation":
        yield "masks_dir: masks\n"
    if strategy == "keypoints":
        yield from _points(project.labels)
    yield "names:\n"
    yield from (f"  {number}: {quoted(label.name)}\n" for number, label in enumerate(project.labels))


def _points(labels: list[Label]) -> Iterator[str]:
    """Yield the points; all classes of a dataset have the same number, so shorter lists leave some unset."""
    longest = max((label.points for label in labels), key=len)
    yield f"kpt_shape: {flow([len(longest), 3])}\n"
    if any(label.points != longest for label in labels):
        yield "# Every class has this many points; the ones that a class does not use are 0 0 0 in its labels.\n"
    else:
        yield f"flip_idx: {flow(mirrored(longest))}\n"
    yield "kpt_names:\n"
    for number, label in enumerate(labels):
        yield f"  {number}: [{', '.join(map(quoted, label.points))}]\n"


def mirrored(points: tuple[str, ...]) -> list[int]:
    """Return for each point the index of its mirror image: left and right swap."""
    at = {point: number for number, point in enumerate(points)}
    return [at.get(_SIDE.sub(lambda side: _SIDES[side[1]], point), number) for point, number in at.items()]


PLUGIN = Exporter("YOLO", "data.yaml: beside the folders images/ and labels/", frozenset(_TASKS), export, whole=True)
