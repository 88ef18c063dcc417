"""COCO: a data set without images yet, whose categories have ids, points and lines between them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annostrat.colours import rgb
from annostrat.exporters._base import Exporter

if TYPE_CHECKING:
    from annostrat.labels import Label, Project

_REGIONS = {"panoptic_segmentation", "semantic_segmentation"}
"""Strategies whose files say which category is a thing, and its colour."""


def export(project: Project) -> str:
    """Return the JSON of the data set; images and annotations are empty lists."""
    regions = bool(_REGIONS & {*project.drawn, *project.strategies()})
    head = {
        "info": {"description": project.result.name, "version": "1.0"},
        "licenses": [],
        "images": [],
        "annotations": [],
    }
    categories = [json.dumps(_category(id_, label, regions)) for id_, label in enumerate(project.labels, start=1)]
    listed = ",\n    ".join(categories)
    return f'{json.dumps(head, indent=2)[:-2]},\n  "categories": [\n    {listed}\n  ]\n}}\n'


def _category(id_: int, label: Label, regions: bool) -> dict[str, Any]:
    category: dict[str, Any] = {
        "id": id_,
        "name": label.name,
        "supercategory": "object" if label.thing else "surface",
    }
    if regions:
        category |= {"isthing": int(label.thing), "color": rgb(label.colour)}
    if label.points:
        category |= {"keypoints": list(label.points), "skeleton": [[one + 1, other + 1] for one, other in label.edges]}
    return category


PLUGIN = Exporter(
    "COCO",
    "categories.json: the start of a COCO data set, without images",
    frozenset(
        {
            "object_detection",
            "instance_segmentation",
            "keypoints",
            "panoptic_segmentation",
            "semantic_segmentation",
        }
    ),
    export,
)
