"""LabelMe: a configuration with the labels, their colours, and the flags of images and objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.export._base import Exporter
from annostrat.export._colours import rgb
from annostrat.use_cases.yaml_text import flow, modeline, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.export._labelling_project import Label, LabellingProject

_SHAPES = {
    "image_classification": "nothing: tick the flags of the image",
    "object_detection": "Create Rectangle",
    "oriented_boxes": "Create Oriented Rectangle",
    "instance_segmentation": "Create Polygons; parts of one object share a group id",
    "semantic_segmentation": "Create Polygons",
    "panoptic_segmentation": "Create Polygons; parts of one object share a group id",
    "keypoints": "Create Rectangle around the object, then Create Point; all of one object share a group id",
    "points": "Create Point",
    "polyline": "Create LineStrip",
}


def export(project: LabellingProject) -> str:
    """Return the YAML of the configuration."""
    return "".join(_lines(project))


def _lines(project: LabellingProject) -> Iterator[str]:
    tagged = [label.name for label in project.labels if label.strategy == "image_classification"]
    drawn = [name for label in project.labels if label.name not in tagged for name in names(label, project.labels)]
    yield modeline("labelme_config")
    yield "# Start with: labelme FOLDER --config FILE\n"
    yield from (f"# {project.rules.strategies[one]['title']}: {_SHAPES[one]}.\n" for one in project.strategies())
    if tagged:
        yield f"flags: {_list(tagged)}\n"
    if drawn:
        yield f"labels: {_list(drawn)}\nvalidate_label: exact\nsort_labels: false\n"
        yield from _colours(project.labels)
    noting = [label for label in project.labels if label.attributes]
    yield "label_flags:\n" if noting else ""
    for name, label in {label.name: label for label in noting}.items():  # the name is read as a regular expression
        yield f"  {quoted(f'^{re.escape(name)}$')}: {_list(_flags(label))}\n"


def names(label: Label, labels: list[Label]) -> list[str]:
    """Return the labels of a class: its own, and one for each point, prefixed where other classes have points."""
    alone = sum(bool(other.points) for other in labels) == 1
    taken = {other.name for other in labels}
    return [label.name, *(p if alone and p not in taken else f"{label.name}: {p}" for p in label.points)]


def _colours(labels: list[Label]) -> Iterator[str]:
    yield "shape_color: manual\nlabel_colors:\n"
    for label in labels:
        if label.strategy != "image_classification":
            yield from (f"  {quoted(name)}: {flow(rgb(label.colour))}\n" for name in names(label, labels))


def _flags(label: Label) -> list[str]:
    """Return a flag for each value except the usual one."""
    return [
        attribute["id"] if value == "yes" else f"{attribute['id']}_{value}"
        for attribute in label.attributes
        for value in attribute["values"][1:]
    ]


def _list(words: list[str]) -> str:
    return f"[{', '.join(map(quoted, words))}]"


PLUGIN = Exporter("LabelMe", "labelme.yaml: start LabelMe with --config", frozenset(_SHAPES), export)
