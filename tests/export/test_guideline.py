"""The guideline is made of the rules and the use case, and says where each rule comes from."""

import re

import pytest
from markdown_it import MarkdownIt
from tests.export.projects import ANSWERS, PIG, RULES, STREET, of, project

from annostrat.export import guideline
from annostrat.export._labelling_project import set_up
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.use_case import UseCase

HEADINGS = ["What this is", "Classes", "How to label", "To decide", "Pilot", "Quality", "Sources"]
COUNTED = {"images": 1200, "objects_per_image": 35}


def sections(made):
    """Return the text under each heading of the page."""
    parts = re.split(r"^#{2,3} (.*)$", guideline.export(made), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("strategy", ANSWERS)
def test_guideline_is_complete_for_every_strategy(strategy):
    """Whatever is drawn, the page says what for, how, what to decide, how to begin and how good is good enough."""
    made = project(strategy, **COUNTED)
    found = sections(made)
    assert [heading for heading in HEADINGS if heading not in found] == []
    assert RULES.strategies[strategy]["label"].split(",")[0] in found["What this is"]
    assert len(re.findall(r"^- ", "".join(found.values()), re.MULTILINE)) > 8


@pytest.mark.parametrize("strategy", ANSWERS)
def test_guideline_lists_every_source_that_it_names(strategy):
    """What stands in brackets after a rule is found under Sources, and nothing else is."""
    page = guideline.export(project(strategy))
    body, _, listed = page.partition("## Sources")
    named = set(re.findall(r"\[([a-z0-9.-]+)\]\(<", body)) | set(
        re.findall(r"\(([a-z]+-[a-z]+)\)$", body, re.MULTILINE)
    )
    cells = {id_ for id_ in RULES.references if re.search(rf"\| {re.escape(id_)}[ ,]", body)}
    entries = re.findall(r"^- \[?([a-z0-9.-]+)", listed, re.MULTILINE)
    assert set(entries) == named | cells | set(RULES.sources)
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize(
    ("strategy", "topics"),
    [
        ("object_detection", {"How tight a box is", "What others hide", "Crowds", "Very small objects"}),
        (
            "instance_segmentation",
            {"How exact an outline is", "Where the border runs", "Holes and things seen through others"},
        ),
        ("keypoints", {"Points and lines"}),
        ("oriented_boxes", {"How tight a box is"}),
    ],
)
def test_guideline_has_the_topics_of_its_strategy(strategy, topics):
    """Boxes are about tightness, outlines about precision, borders and holes, keypoints about points."""
    assert topics <= sections(project(strategy)).keys()


def test_guideline_leaves_out_what_does_not_apply():
    """Nobody who tags images reads about boxes, outlines or holes."""
    found = sections(project("image_classification"))
    assert not {"How tight a box is", "How exact an outline is", "Crowds", "What to note of each object"} & found.keys()


def test_guideline_says_for_which_classes_a_rule_is():
    """Where a surface is painted and an object boxed, a rule for one of them names it."""
    case = UseCase("Tray", ANSWERS["object_detection"], classes={"moss": {"purpose": "map_surfaces"}, "seedling": {}})
    found = sections(of(case, "object_detection", "semantic_segmentation"))
    assert "- Object detection: Leave out an object" in found["What to label, and what not"]
    assert "- Semantic segmentation: Give every pixel a class" in found["What to label, and what not"]


def test_guideline_says_which_class_of_a_combined_label_is_a_surface():
    """Road and car get one panoptic label, for the reason that `recommend` gives."""
    found = sections(of(UseCase("Street", ANSWERS["instance_segmentation"], classes=STREET), "panoptic_segmentation"))
    assert "| road | Panoptic segmentation: a surface |" in found["Classes"]
    assert "| car | Panoptic segmentation: a mask for each object |" in found["Classes"]
    assert "Classes need instance segmentation and semantic segmentation; one label holds them" in found["What this is"]


def test_guideline_tells_classes_of_one_strategy_apart():
    """If only one class is occluded, the rule on occlusion names that class."""
    answers = {**ANSWERS["object_detection"], "occlusion": "low"}
    case = UseCase("Shelf", answers, classes={"tin": {}, "bag": {"occlusion": "high"}})
    found = sections(of(case, "object_detection"))
    assert "- bag: Label the visible part" in found["What others hide"]


@pytest.mark.parametrize(
    ("counts", "first", "twice"),
    [
        ({}, "Label 50 images", "Label 30 images twice (or 2 per cent of all, whichever is more)"),
        ({"images": 1200, "objects_per_image": 35}, "Label 50 images", "Label 30 images twice"),
        ({"images": 5000, "objects_per_image": 1.5}, "Label 67 images", "Label 100 images twice"),
        ({"images": 5000, "objects_per_image": 0.1}, "Label 100 images", "Label 100 images twice"),
        ({"images": 12}, "Label 12 images", "Label 12 images twice (all that there are)"),
    ],
)
def test_guideline_sizes_the_pilot_and_the_double_labelling(counts, first, twice):
    """How many images come first and how many are done twice follows from the counts of the use case."""
    found = sections(project("object_detection", **counts))
    assert first in found["Pilot"]
    assert twice in found["Quality"]


def test_guideline_shows_published_agreement_beside_an_empty_target():
    """The team sees how far others agree, with the source, and fills in what it asks for."""
    row = (
        "| mean overlap (IoU) of two people's masks of one object | 85% to 91% "
        "| Reported for LVIS and Open Images. | segment-anything-2023 |  |"
    )
    assert row in sections(project("instance_segmentation"))["Quality"].replace("\\", "")
    assert "was not published" in sections(project("polyline"))["Quality"]


def test_guideline_leaves_room_for_decisions_and_pictures():
    """Every edge case has an empty cell for the decision and for a right and a wrong picture."""
    rows = sections(project("object_detection"))["To decide"].strip().splitlines()[2:]
    assert rows[0] == "| Case | Decision | Picture: right | Picture: wrong | Who, when |"
    cases = [row for row in rows[2:] if not row.startswith("|  |")]
    assert len(cases) > 4
    assert all(row.endswith("? |  |  |  |  |") for row in cases)
    assert rows[-1] == "|  |  |  |  |  |"


def test_guideline_names_the_points():
    """For keypoints the page lists the points in their order."""
    page = guideline.export(project("keypoints", ["pig"], keypoints=PIG)).replace("\\", "")
    assert "Points of pig, in this order: snout, left_ear, right_ear, tail." in page


def test_guideline_takes_nothing_in_a_text_for_markup():
    """A name or description with links, HTML or headings is shown as it is typed."""
    hostile = "<script>x</script> [a](javascript:b) **c** # d\n# e"
    case = UseCase(hostile, ANSWERS["object_detection"], hostile, classes={"<b>": {}})
    page = guideline.export(of(case, "object_detection"))
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    inline = [child for token in tokens for child in token.children or ()]
    assert not {"html_block", "html_inline", "strong_open", "fence"} & {token.type for token in (*tokens, *inline)}
    links = [child.attrGet("href") for child in inline if child.type == "link_open"]
    assert [link for link in links if not link.startswith(("http://", "https://"))] == []


def test_own_rules_change_the_guideline(tmp_path):
    """A team that puts a guideline.yaml of its own into its rules folder hands out its own rules."""
    from annostrat.export._labelling_project import set_up
    from annostrat.knowledge.loader import load_rules
    from annostrat.recommendation.engine import Recommender

    (tmp_path / "guideline.yaml").write_text(
        "topics: {what: What}\n"
        "rules: [{topic: what, text: Ask the grower., ours: true}]\n"
        "double_label: {at_least: 5, share: 0.5, text: Half., sources: hasty-2021}\n"
        "pilot: {at_least: 1, at_most: 2, objects: 3, text: Two., sources: hasty-2021}\n",
        "utf-8",
    )
    rules = load_rules(str(tmp_path))
    case = UseCase("Mine", {"count_matters": "no"}, classes={"weed": {}}, images=100)
    found = sections(set_up(Recommender(rules).recommend(case), rules))
    assert found["What"].strip() == "- Ask the grower."
    assert "Label 50 images twice" in found["Quality"]


def of_purpose(purpose, domain=None, **answers):
    """Return the sections of the guideline for a purpose, in a field."""
    case = UseCase("A project", {"purpose": purpose, **answers}, domain=domain, **COUNTED)
    return sections(set_up(Recommender(RULES).recommend(case), RULES))


def test_guideline_has_neither_hours_nor_money():
    """The page is for annotators; what it all costs is for whoever pays, and stands in the recommendation."""
    found = of_purpose("find_objects", orientation_matters="no")
    page = " ".join(f"{title} {text}" for title, text in found.items() if title != "Sources")
    assert "What it takes" not in page
    assert not re.search(r"\b(hours?|USD|weeks?|seconds)\b", page)


@pytest.mark.parametrize(("domain", "said"), [("retail", True), ("agriculture", False), (None, False)])
def test_guideline_speaks_of_posters_only_where_there_are_any(domain, said):
    """What VOC says of posters and of things behind glass does not fit a tray of seedlings."""
    found = of_purpose("find_objects", domain, orientation_matters="no")
    assert ("posters" in found.get("Unusual views", "")) is said
    assert ("seen through glass" in found.get("Holes and things seen through others", "")) is said


@pytest.mark.parametrize(
    ("purpose", "holes"),
    [("map_surfaces", "Cut out holes"), ("measure_objects", "Cut out holes")],
)
def test_guideline_cuts_out_holes_where_area_is_the_result(purpose, holes):
    """Where a share of cover or an area is measured, a hole would be counted as covered."""
    text = of_purpose(purpose)["Holes and things seen through others"]
    assert holes in text
    assert "Do not cut out holes" not in text


def test_guideline_leaves_holes_in_where_only_single_things_are_told_apart():
    """Where the purpose is not known, outlines without holes are quicker, and everybody draws them alike."""
    case = UseCase("A project", {"count_matters": "yes", "occlusion": "high"})
    found = sections(set_up(Recommender(RULES).recommend(case), RULES))
    assert "Do not cut out holes" in found["Holes and things seen through others"]
