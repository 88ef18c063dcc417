"""COCO: a dataset without images yet, whose categories have ids, keypoints and skeletons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annostrat.export._base import Exporter
from annostrat.export._colours import rgb

if TYPE_CHECKING:
    from annostrat.export._labelling_project import Label, LabellingProject

_REGIONS = {"panoptic_segmentation", "semantic_segmentation"}
"""Strategies whose files say which category is a thing, and its colour."""


def export(project: LabellingProject) -> str:
    """Return the JSON of the dataset; images and annotations are empty lists."""
    regions = bool(_REGIONS & {*project.drawn, *project.strategies()})
    info = {"description": project.result.name, "version": "1.0"}
    head = {"info": info, "licenses": [], "images": [], "annotations": []}
    categories = [json.dumps(_category(id_, own, regions)) for id_, own in enumerate(project.by_class(), start=1)]
    listed = ",\n    ".join(categories)
    return f'{json.dumps(head, indent=2)[:-2]},\n  "categories": [\n    {listed}\n  ]\n}}\n'


def _category(id_: int, labels: list[Label], regions: bool) -> dict[str, Any]:
    """Return the category of a class; a class with several labels is a thing if any of them tells its objects apart."""
    thing = any(label.thing for label in labels)
    category: dict[str, Any] = {"id": id_, "name": labels[0].name, "supercategory": "object" if thing else "surface"}
    if regions:
        category |= {"isthing": int(thing), "color": rgb(labels[0].colour)}
    label = next((label for label in labels if label.points), None)
    if label:
        category |= {"keypoints": list(label.points), "skeleton": [[one + 1, other + 1] for one, other in label.edges]}
    return category


PLUGIN = Exporter(
    "COCO",
    "categories.json: the start of a COCO dataset, without images",
    frozenset({"object_detection", "instance_segmentation", "keypoints", *_REGIONS}),
    export,
)
