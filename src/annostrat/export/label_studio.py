"""Label Studio: the labelling configuration for a project's settings, as XML."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from annostrat.export._base import Exporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.export._labelling_project import Label, LabellingProject
    from annostrat.knowledge.contract import AttributeText

_CONTROLS = {
    "image_classification": ("Choices", {"choice": "multiple", "showInline": "true"}),
    "object_detection": ("RectangleLabels", {"canRotate": "false"}),
    "oriented_boxes": ("RectangleLabels", {"canRotate": "true"}),
    "instance_segmentation": ("PolygonLabels", {"opacity": "0.3"}),
    "semantic_segmentation": ("BrushLabels", {}),
    "panoptic_segmentation": ("BrushLabels", {}),
    "keypoints": ("RectangleLabels", {"canRotate": "false"}),
    "points": ("KeyPointLabels", {}),
    "polyline": ("VectorLabels", {"closable": "false", "minPoints": "2"}),
}


def export(project: LabellingProject) -> str:
    """Return the XML of the configuration; a task keeps its image under `image`."""
    return "\n".join(["<View>", *_parts(project), "</View>"]) + "\n"


def _parts(project: LabellingProject) -> Iterator[str]:
    yield f"  <Image {_attributes({'name': 'image', 'value': '$image', 'zoom': 'true', 'zoomControl': 'true'})}/>"
    for strategy in project.strategies():
        labels = [label for label in project.labels if label.strategy == strategy]
        yield f"  <Header {_attributes({'value': project.rules.strategies[strategy]['label']})}/>"
        yield from _control(strategy, labels)
        if any(label.points for label in labels):
            yield from _points(labels)
        for attribute in project.rules.guideline["attributes"]:
            if any(attribute in label.attributes for label in labels):
                yield from _noted(attribute, strategy, project)


def _control(strategy: str, labels: list[Label]) -> Iterator[str]:
    tag, options = _CONTROLS[strategy]
    item = "Choice" if tag == "Choices" else "Label"
    yield f"  <{tag} {_attributes({'name': strategy, 'toName': 'image', **options})}>"
    for label in labels:
        colour = {} if item == "Choice" else {"background": label.colour}
        key = {"hotkey": label.key} if label.key else {}
        yield f"    <{item} {_attributes({'value': label.name, **colour, **key})}/>"
    yield f"  </{tag}>"


def _points(labels: list[Label]) -> Iterator[str]:
    """Yield the points, placed inside the box of their object; with several classes, names include the class."""
    yield f"  <KeyPointLabels {_attributes({'name': 'named_points', 'toName': 'image', 'strokeWidth': '3'})}>"
    for label in labels:
        for point in label.points:
            name = point if len(labels) == 1 else f"{label.name}: {point}"
            yield f"    <Label {_attributes({'value': name, 'background': label.colour})}/>"
    yield "  </KeyPointLabels>"


def _noted(attribute: AttributeText, strategy: str, project: LabellingProject) -> Iterator[str]:
    """Yield the questions about a selected region; names must be unique in a configuration."""
    alone = len({label.strategy for label in project.labels if attribute in label.attributes}) == 1
    name = attribute["id"] if alone else f"{attribute['id']}_{strategy}"
    options = {"name": name, "toName": "image", "choice": "single-radio", "perRegion": "true"}
    of_control = [label for label in project.labels if label.strategy == strategy]
    asked = [label.name for label in of_control if attribute in label.attributes]
    only = {"whenLabelValue": ",".join(asked)} if len(asked) < len(of_control) else {}
    shown = {"visibleWhen": "region-selected", "whenTagName": strategy, **only, "showInline": "true"}
    yield f"  <Header {_attributes({'value': attribute['text'], 'size': '6'})}/>"
    yield f"  <Choices {_attributes({**options, **shown})}>"
    yield from (f"    <Choice {_attributes({'value': value})}/>" for value in attribute["values"])
    yield "  </Choices>"


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


PLUGIN = Exporter(
    "Label Studio",
    "label_config.xml: paste it under Settings, Labeling Interface, Code",
    frozenset(_CONTROLS),
    export,
)
