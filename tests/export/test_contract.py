"""What every exporter promises, whoever adds one: names as they are, nothing a terminal obeys, the same every time."""

import json
import re
from functools import cache
from xml.etree import ElementTree as ET

import pytest
import yaml
from markdown_it import MarkdownIt
from tests.export.projects import ANSWERS, AWKWARD, PIG, project

from annostrat import export as exporters
from annostrat.errors import printable
from annostrat.knowledge.plugins import names, pick

TOOLS = {name: pick(exporters, name, "tool") for name in names(exporters)}
ABLE = [
    (tool, strategy)
    for tool, plugin in TOOLS.items()
    for strategy in ANSWERS
    if plugin.expresses is None or strategy in plugin.expresses
]
every_file = pytest.mark.parametrize(("tool", "strategy"), ABLE)
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@cache
def awkward(strategy):
    """Return the project of awkward names for a strategy, set up once."""
    return project(strategy, AWKWARD)


def text(tool, strategy):
    """Return the file that a tool gets for classes of one strategy."""
    return TOOLS[tool].export(awkward(strategy))


def classes_in(tool, written):
    """Return the classes that a file names, read as its tool reads it."""
    if tool == "label_studio":
        root = ET.fromstring(written)  # noqa: S314 - we wrote it
        first = (
            root.find("./*[@name]/Label/..") if root.find("./*[@name]/Label/..") is not None else root.find("Choices")
        )
        return [one.get("value") for one in first]
    if tool == "guideline":
        tokens = MarkdownIt("commonmark").enable("table").parse(written)
        cells = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "td_open"]
        inline = MarkdownIt("commonmark")
        first_table = cells[: 4 * written.split("## How to label")[0].count("\n| ") - 4]
        return ["".join(part.content for part in inline.parseInline(cell)[0].children) for cell in first_table[::4]]
    if tool == "yolo":
        return [yaml.safe_load(written)["names"][number] for number in range(len(AWKWARD))]
    if tool == "labelme":
        found = yaml.safe_load(written)
        return [name for name in found.get("labels") or found["flags"] if ": point_" not in name]
    found = json.loads(written)
    return [entry["name"] for entry in (found["categories"] if tool == "coco" else found)]


def test_room_has_the_promised_tools():
    """Label Studio, CVAT, LabelMe, COCO, YOLO and the guideline can be set up."""
    assert set(TOOLS) >= {"label_studio", "cvat", "labelme", "coco", "yolo", "guideline"}


@pytest.mark.parametrize("tool", TOOLS)
def test_tool_says_what_it_is(tool):
    """Every tool has a name, says what its file is for, and names strategies that exist."""
    plugin = TOOLS[tool]
    assert plugin.title
    assert ": " in plugin.file
    assert (plugin.expresses or set()) <= set(ANSWERS)


@every_file
def test_names_of_classes_arrive_as_they_are(tool, strategy):
    """Quotes, angle brackets, ampersands, YAML's own words and any script come out as they went in, in order."""
    expected = [printable(name) for name in AWKWARD] if tool == "guideline" else AWKWARD
    assert classes_in(tool, text(tool, strategy)) == expected


@every_file
def test_file_is_whole_and_the_same_every_time(tool, strategy):
    """The same project gives the same text, which ends its last line and holds nothing that a terminal obeys."""
    written = text(tool, strategy)
    assert written == text(tool, strategy)
    assert written.endswith("\n")
    assert OBEYED.findall(written) == []


@pytest.fixture(scope="module")
def many_boxes():
    """A project of 500 classes."""
    return project("object_detection", [f"class {number}" for number in range(500)])


@pytest.mark.parametrize("tool", TOOLS)
def test_five_hundred_classes_are_no_trouble(tool, many_boxes):
    """A file for 500 classes names each of them once, and gives no two the same colour."""
    written = TOOLS[tool].export(many_boxes)
    assert len({label.colour for label in many_boxes.labels}) == 500
    positions = [written.find(label.name) for label in many_boxes.labels]
    assert min(positions) > 0
    assert positions == sorted(positions)


@pytest.mark.parametrize("tool", TOOLS)
def test_points_of_keypoints_are_in_the_file(tool):
    """Where a tool can hold keypoints, the points that the use case names are in its file, in their order."""
    plugin = TOOLS[tool]
    if plugin.expresses is None or "keypoints" in plugin.expresses:
        written = plugin.export(project("keypoints", ["pig"], keypoints=PIG)).replace("\\_", "_")
        places = [written.find(point) for point in PIG["pig"]["points"]]
        assert min(places) > 0
        assert places == sorted(places)
        assert "point_1" not in written
