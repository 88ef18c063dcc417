"""Drawings of a tree: one outline, each question once, the walked way marked, and everything stated that must be."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.plugins import pick
from annostrat.render import formats as renderers
from annostrat.render.drawing.outline import outline
from annostrat.render.drawing.palette import DARK, HUES, LIGHT, OTHERS
from annostrat.render.drawing.text_metrics import balanced, width_px, wrap
from annostrat.render.drawing.tree_layout import Block, Port, place
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import UseCase

RULES = {name: load_rules(name) for name in ("infographic", "purpose_first")}
every_tree = pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
WALKED = {"count_matters": "yes", "occlusion": "moderate", "shape_variance": "low", "compute_budget": "limited"}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(format_, rules, walked=None):
    """Return a drawing of rules."""
    return "".join(pick(renderers, format_, "format").tree(rules, UseCase("", walked or {}), Page()))


def svg(rules, walked=None):
    """Return the parsed SVG of rules."""
    return ET.fromstring(drawn("svg", rules, walked))  # noqa: S314 - our own


@every_tree
def test_outline_has_every_node_once(rules):
    """Each node of the tree is in the outline once, below all nodes that lead to it."""
    found = outline(rules, ())
    assert sorted(node.id for node in found.nodes) == sorted(rules.nodes)
    layers = {node.id: node.layer for node in found.nodes}
    assert all(layers[node.id] < layers[way.node] for node in found.nodes for way in node.ways if way.node is not None)


@every_tree
def test_outline_has_every_answer_once(rules):
    """Each answer with a branch is on one way, and two ways of a question never lead to the same place."""
    for node in outline(rules, ()).nodes:
        answers = [answer for way in node.ways for answer in way.answers]
        assert sorted(answers) == sorted(rules.nodes[node.id].branches)
        assert len({(way.strategy, way.node) for way in node.ways}) == len(node.ways)


def test_outline_marks_the_way_that_answers_take():
    """The nodes and ways of a use case are marked from the first question to its strategy, and nothing else."""
    found = outline(RULES["infographic"], [WALKED])
    assert [node.id for node in found.nodes if node.met] == ["count", "occlusion", "shape_if_occluded", "compute"]
    taken = [way.words for node in found.nodes for way in node.ways if way.taken]
    assert taken == ["yes", "moderate", "low or moderate", "limited"]
    assert [end.strategy for end in found.ends if end.met] == ["object_detection"]


def test_outline_marks_where_the_answers_end():
    """A use case that is undecided marks the question that stays open, and no strategy."""
    found = outline(RULES["infographic"], [{"count_matters": "yes"}])
    assert [node.id for node in found.nodes if node.met] == ["count", "occlusion"]
    assert [end.strategy for end in found.ends if end.met] == []


def test_outline_without_answers_marks_nothing():
    """The bare tree has no way marked, although `unknown` has a branch of its own."""
    found = outline(RULES["purpose_first"], ())
    assert not found.walked
    assert not any(node.met or any(way.taken for way in node.ways) for node in found.nodes)


@every_tree
@pytest.mark.parametrize("format_", ["svg", "mermaid", "dot"])
def test_drawing_names_authors_and_licence(rules, format_):
    """Every drawing says whom the tree is by and under which licence it may be passed on."""
    text = re.sub(r"<[^>]*>|\\n", " ", drawn(format_, rules))
    assert "Hasty, 20" in text
    assert "CC-BY-SA-4.0" in text


@every_tree
def test_svg_is_understood_without_seeing_it(rules):
    """A screen reader is told that it is a picture, its title, and every question with where its answers lead."""
    root = svg(rules)
    title, description = root[0], root[1]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == f"Which label do your images need? {rules.title}"
    for node in (one for one in root.iter() if one.get("class") == "node"):
        number = node.find(f"{SVG}text")[0].text
        assert f"{number}. {rules.questions[node.get('data-question')]['ask']} " in description.text
    assert "A small device: Object detection; One GPU or a server: Instance segmentation." in description.text


@every_tree
def test_svg_stands_alone(rules):
    """The picture needs nothing from anywhere: no address but that of SVG itself, no script, no font, no image."""
    root = svg(rules)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        *("svg", "title", "desc", "style", "defs", "symbol", "use", "g", "rect", "path", "circle", "text", "tspan")
    }
    attributes = " ".join(value for one in root.iter() for value in one.attrib.values())
    assert not re.search(r"https?:|url\(|data:", attributes + root.find(f"{SVG}style").text)


@every_tree
def test_svg_parts_can_be_found_by_a_script(rules):
    """Every node and way has an id of its own and says what it stands for, so that a page can light up a path."""
    root = svg(rules)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    nodes = [one for one in root.iter() if one.get("class") == "node"]
    assert {one.get("data-node"): one.get("data-question") for one in nodes} == {
        node.id: node.question for node in rules.nodes.values()
    }
    for node in rules.nodes.values():
        ways = [one for one in root.iter() if one.get("data-answer") and one.get("data-node") == node.id]
        for answer, branch in node.branches.items():
            found = [one for one in ways if answer in one.get("data-answer").split()]
            targets = {(one.get("data-strategy"), one.get("data-to")) for one in found}
            assert (branch.strategy, branch.node.id if branch.node else None) in targets


def test_svg_marks_the_way_that_answers_take():
    """In the picture of a use case the walked nodes, ways and the strategy are marked, each once."""
    root = svg(RULES["infographic"], WALKED)
    classes = [one.get("class", "").split() for one in root.iter()]
    assert sum({"node", "met"} <= set(found) for found in classes) == 4
    assert sum({"way", "taken"} <= set(found) for found in classes) == 4
    assert sum({"line", "taken"} <= set(found) for found in classes) == 3
    assert sum({"strategy", "met"} <= set(found) for found in classes) == 1


def test_svg_of_the_infographic_suits_a_phone_and_a_sheet():
    """The infographic is at most 680 px wide, and on A4 its smallest answers are set in 7 points or more."""
    root = svg(RULES["infographic"])
    width, height = float(root.get("width")), float(root.get("height"))
    assert width <= 680
    assert min(794 / width, 1123 / height) * 12.5 * 0.75 >= 7


def test_colours_bear_text():
    """Every colour of a strategy has a contrast of 4.5 to 1 with the text on it, and with the page, in both schemes."""
    for index, scheme in enumerate((LIGHT, DARK)):
        for hue in (*HUES.values(), *OTHERS):
            for other in ("paper", "card"):
                assert contrast(hue[index], scheme[other]) >= 4.5, (hue[index], other)


def contrast(one, other):
    """Return the contrast of two colours, as WCAG defines it."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@given(st.text(), st.floats(20, 400))
def test_wrapped_text_is_whole_and_fits(text, most):
    """Wrapping loses no character; a line is too wide only where one character is."""
    for lines in (wrap(text, most, 16), balanced(text, most, 16)):
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(width_px(line, 16) <= most or len(line) == 1 for line in lines)
        assert all(lines)


def test_balanced_text_has_no_widow():
    """Lines are about as long as one another, and no more than needed."""
    text = "How much do the outlines of objects of the same class differ, leaving size and rotation aside?"
    greedy, even = wrap(text, 320, 13), balanced(text, 320, 13)
    assert len(greedy) == len(even)
    assert max(map(len, even)) - min(map(len, even)) < max(map(len, greedy)) - min(map(len, greedy))


def test_balanced_text_keeps_words_whole():
    """A word that fits its line is not broken to make lines alike."""
    assert balanced("Oriented boxes", width_px("Oriented ", 13), 13) == ["Oriented", "boxes"]


@st.composite
def trees(draw):
    """Draw blocks in layers, each with lines to blocks further down."""
    rows = [
        [f"{layer}_{index}" for index in range(draw(st.integers(1, 4)))] for layer in range(draw(st.integers(1, 6)))
    ]
    size = st.floats(20, 300)
    blocks = []
    for layer, row in enumerate(rows):
        below = [id_ for lower in rows[layer + 1 :] for id_ in lower]
        for id_ in row:
            width = draw(size)
            targets = draw(st.lists(st.sampled_from(below), max_size=3, unique=True)) if below else []
            ports = tuple(Port(width * (n + 1) / (len(targets) + 1), target) for n, target in enumerate(targets))
            blocks.append(Block(id_, layer, width, draw(size), ports))
    return blocks


@settings(deadline=None)
@given(trees())
def test_layout_keeps_blocks_and_lines_apart(blocks):
    """Whatever the tree: blocks lie within the drawing and apart, and a line that passes a layer touches no block."""
    placed = place(blocks)
    boxes = {
        block.id: (x, y, x + block.width, y + block.height) for block in blocks for x, y in [placed.corners[block.id]]
    }
    for x, y, right, bottom in boxes.values():
        assert x >= -0.01
        assert right <= placed.width + 0.01
        assert y >= 0
        assert bottom <= placed.height + 0.01
    for id_, (x, y, right, bottom) in boxes.items():
        for other, box in boxes.items():
            assert id_ == other or right < box[0] or box[2] < x or bottom < box[1] or box[3] < y
        for line in placed.lines:
            for (from_x, from_y), (_, to_y) in zip(line.points[1::2], line.points[2::2], strict=False):
                assert not (x < from_x < right and from_y < bottom and y < to_y)
    assert len(placed.lines) == sum(len(block.ports) for block in blocks)


@settings(deadline=None)
@given(trees())
def test_layout_is_the_same_for_the_same_tree(blocks):
    """A drawing does not change unless its tree does."""
    assert place(blocks) == place(blocks)


def test_mermaid_of_the_infographic_is_what_people_would_write():
    """The flowchart is plain enough to be read, and edited, as it stands."""
    lines = drawn("mermaid", RULES["infographic"]).splitlines()
    assert lines[:4] == ["---", 'title: "The infographic"', "---", "flowchart TD"]
    assert '  q1("<b>Count</b><br>Must single things be told<br>apart?")' in lines
    assert '  q1 -->|"no"| q1_1(["Semantic segmentation"]):::is_semantic_segmentation' in lines
    assert '  q1 -->|"yes"| q2' in lines
    assert '  q1 ==>|"yes"| q2' in drawn("mermaid", RULES["infographic"], WALKED).splitlines()
