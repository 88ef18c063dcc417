"""CVAT: the label specification that the `Raw` tab of a project takes."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from annostrat.export._base import Exporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.export._labelling_project import Label, LabellingProject
    from annostrat.knowledge.contract import AttributeText

_TYPES = {
    "image_classification": "tag",
    "object_detection": "rectangle",
    "oriented_boxes": "rectangle",  # CVAT turns any rectangle
    "instance_segmentation": "polygon",
    "semantic_segmentation": "mask",
    "panoptic_segmentation": "mask",
    "keypoints": "skeleton",
    "points": "points",
    "polyline": "polyline",
}
_LONGEST = 64
_BESIDE = " points"
_RADIUS = 40
"""Of the circle on which the points of a new skeleton are, to be moved into place; in percent of its drawing."""


def export(project: LabellingProject) -> str:
    """Return the JSON list of labels."""
    return json.dumps([entry for labels in project.by_class() for entry in _entries(labels)], indent=2) + "\n"


def _entries(labels: list[Label]) -> Iterator[dict[str, Any]]:
    """Yield the CVAT labels of a class: its shape, and a skeleton as well where points are wanted.

    A name may occur only once, so a class that is drawn in several ways accepts any shape.
    """
    shapes = [label for label in labels if _TYPES[label.strategy] != "skeleton"]
    if shapes:
        kinds = {_TYPES[label.strategy] for label in shapes}
        noted = {attribute["id"]: _attribute(attribute) for label in shapes for attribute in label.attributes}
        kind = kinds.pop() if len(kinds) == 1 else "any"
        yield {"name": shapes[0].name, "color": shapes[0].colour, "type": kind, "attributes": [*noted.values()]}
    for label in [label for label in labels if label.points][:1]:
        noted = {attribute["id"]: _attribute(attribute) for attribute in label.attributes}
        beside = bool(shapes)
        yield {
            "name": label.name[: _LONGEST - len(_BESIDE)] + _BESIDE if beside else label.name,
            "color": label.colour,
            "type": "skeleton",
            "attributes": [] if beside else [*noted.values()],
            "sublabels": [{"name": point, "type": "points", "attributes": []} for point in label.points],
            "svg": _drawing(label),
        }


def _attribute(attribute: AttributeText) -> dict[str, Any]:
    ticked = set(attribute["values"]) == {"no", "yes"}
    values = ["false"] if ticked else attribute["values"]
    return {
        "name": attribute["id"],
        "input_type": "checkbox" if ticked else "select",
        "mutable": True,
        "default_value": values[0],
        "values": values,
    }


def _drawing(label: Label) -> str:
    """Return the SVG elements that CVAT reads as points and lines."""
    angles = [2 * math.pi * number / len(label.points) for number in range(len(label.points))]
    places = [(round(50 + _RADIUS * math.sin(at), 2), round(50 - _RADIUS * math.cos(at), 2)) for at in angles]
    lines = [
        f'<line x1="{places[one][0]}" y1="{places[one][1]}" x2="{places[other][0]}" y2="{places[other][1]}" '
        f'data-type="edge" data-node-from="{one + 1}" data-node-to="{other + 1}"></line>'
        for one, other in label.edges
    ]
    circles = [
        f'<circle r="1.5" cx="{x}" cy="{y}" data-type="element node" data-element-id="{number}" '
        f'data-node-id="{number}" data-label-name={quoteattr(point)}></circle>'
        for number, ((x, y), point) in enumerate(zip(places, label.points, strict=True), start=1)
    ]
    return "".join([*lines, *circles])


PLUGIN = Exporter(
    "CVAT",
    "labels.json: paste it under Raw in the constructor of a project or task",
    frozenset(_TYPES),
    export,
    longest_name=_LONGEST,
)
