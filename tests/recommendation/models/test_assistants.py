"""Assistants: the right ones for a label and a field, with licences, and told in a few lines."""

import json

import pytest
from markdown_it import MarkdownIt

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.models import assistants_for
from annostrat.render.formats import html, markdown, terminal
from annostrat.render.formats.json import Record
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import UseCase

RULES = load_rules()
FIND = {"purpose": "find_objects", "orientation_matters": "no"}
MEASURE = {"purpose": "measure_objects", "count_matters": "yes"}


def ids(strategy, domain=None, objects=None, *, free=False):
    """Return the ids of the assistants for a strategy."""
    wishes = {"licence": ["permissive"]} if free else {}
    return [one["id"] for one in assistants_for(RULES, strategy, domain, wishes, objects)]


def recommended(answers, **rest):
    """Return the recommendation for some answers."""
    return Recommender(RULES).recommend(UseCase("A project", answers, **rest))


@pytest.mark.parametrize(
    ("strategy", "domain", "first"),
    [
        ("object_detection", "wildlife", "megadetector"),
        ("object_detection", "forestry", "deepforest"),
        ("instance_segmentation", "microscopy", "cellpose-sam"),
        ("instance_segmentation", "medicine", "medsam"),
        ("keypoints", "sports", "rtmpose"),
        ("object_detection", None, "mm-grounding-dino"),
        ("instance_segmentation", None, "sam-2.1"),
        ("semantic_segmentation", "driving", "sam-2.1"),
    ],
)
def test_a_specialist_comes_first_in_its_field(strategy, domain, first):
    """What was made for the field is tried first; without a field, what is made for any."""
    assert ids(strategy, domain)[0] == first


def test_a_specialist_of_a_field_is_offered_for_its_own_things_alone():
    """DeepForest knows crowns and birds: nobody is sent there with parked cars."""
    assert ids("object_detection", "remote_sensing", "tree crowns")[0] == "deepforest"
    assert "deepforest" not in ids("object_detection", "remote_sensing", "parked cars")
    assert "deepforest" in ids("object_detection", "remote_sensing")


@pytest.mark.parametrize("strategy", RULES.offered)
def test_a_specialist_comes_nowhere_else(strategy):
    """Nobody is offered MegaDetector for a shelf, or Cellpose for a street."""
    for domain in (None, *RULES.domains):
        for one in assistants_for(RULES, strategy, domain):
            assert not one["domains"] or domain in one["domains"], one["id"]
            assert domain not in one["not_for"], one["id"]


def test_models_that_know_the_web_are_not_offered_for_medical_images():
    """Detectors told in words fail on medical images, so nobody is sent there."""
    assert "grounding-dino" in ids("object_detection")
    assert "grounding-dino" not in ids("object_detection", "medicine")


def test_permissive_licences_come_first_and_can_be_asked_for():
    """Whoever ships a product sees first what binds it to nothing, and can leave out the rest."""
    of_any = assistants_for(RULES, "object_detection")
    bound = [one["permissive"] == "no" for one in of_any if one["via"] is None]
    assert bound == sorted(bound)
    assert "yoloe" in ids("object_detection")
    assert "yoloe" not in ids("object_detection", free=True)
    assert "sam-3" not in ids("instance_segmentation", free=True)


def test_labels_that_become_the_wanted_one_help_too():
    """Boxes become points; but nothing is offered where the label must be guessed, or where a click is all."""
    found = {one["id"]: one["via"] for one in assistants_for(RULES, "points")}
    assert found["mm-grounding-dino"] == "object_detection"
    assert "sam-2.1" not in found
    assert "rtmpose" not in ids("object_detection", "sports")
    assert ids("polyline") == []
    assert ids("image_classification", "medicine") == []


@pytest.mark.parametrize("assistant", RULES.assistants, ids=lambda one: one["id"])
def test_every_assistant_says_what_a_user_must_know(assistant):
    """Each has licences, a handle to paste, where it fails and how to check it, and sources that resolve."""
    assert assistant["code_licence"]
    assert assistant["weights_licence"]
    assert assistant["handle"]["call"]
    assert assistant["fails"]
    assert len(assistant["check"].split()) >= 8
    assert set(assistant["sources"]) <= RULES.references.keys()
    if assistant["code_licence"] == "AGPL-3.0":
        assert "source code" in assistant["licence_note"]
    if not assistant["permissive"]:
        assert assistant["licence_note"]


def test_recommendation_names_assistants_and_their_references():
    """JSON has them in the order to try them in, with references that resolve; while undecided there are none."""
    found = json.loads(Record().of(recommended(FIND, domain="wildlife")))
    assert found["assistants"][0]["id"] == "megadetector"
    assert found["assistants"][0]["strategy"] == "object_detection"
    assert {source for one in found["assistants"] for source in one["sources"]} <= found["references"].keys()
    assert json.loads(Record().of(recommended({})))["assistants"] == []


def test_assistants_of_one_field_do_not_reach_another():
    """What is remembered of some answers in one field is not said in another."""
    recommender = Recommender(RULES)
    first = [recommender.recommend(UseCase("A", FIND, domain=domain)) for domain in ("wildlife", "forestry", None)]
    named = [json.loads(Record().of(result))["assistants"][0]["id"] for result in first]
    assert named == ["megadetector", "deepforest", "mm-grounding-dino"]


def test_classes_with_different_labels_get_assistants_for_each():
    """A project that draws two labels sees for each what helps with it."""
    answers = {"purpose": "find_objects", "orientation_matters": "no"}
    classes = {"soil": {"purpose": "map_surfaces"}, "head": {}}
    found = recommended(answers, classes=classes).outcome.document["assistants"]
    assert {one["strategy"] for one in found} == {"object_detection", "semantic_segmentation"}


def test_text_says_to_try_one_on_fifty_images_first_and_how_to_check_it():
    """The section begins with the advice, then has a few lines: name, how it is told what to draw, size, licence."""
    page = "".join(terminal.PLUGIN.recommendations([recommended(MEASURE)], RULES, Page()))
    section = page.partition("\nAssistants\n")[2].partition("\n\n")[0]
    lines = " ".join(section.split())
    assert lines.startswith("Before drawing by hand, let one of these label fifty images, and correct them.")
    assert "Count the clicks that a good mask takes" in lines
    assert "SAM 2.1: needs a click on each object or a box around each object; from 38.9 M parameters" in lines
    assert "Also: YOLOE." in lines
    assert len(section.splitlines()) <= 20


def test_markdown_and_html_have_the_section_and_html_the_failures():
    """A record for a team has the section, and a page folds what each does well and where it fails."""
    result = recommended(MEASURE, domain="microscopy")
    text = "".join(markdown.PLUGIN.recommendations([result], RULES, Page()))
    assert "### Assistants" in text
    assert "Cellpose-SAM" in MarkdownIt("commonmark").render(text)
    page = "".join(html.PLUGIN.recommendations([result], RULES, Page()))
    assert "<h2>Assistants</h2>" in page
    assert "Thin, branching shapes" in page


def test_a_label_without_assistants_has_no_section():
    """Nothing is promised for lines, where none is known."""
    page = "".join(terminal.PLUGIN.recommendations([recommended({"purpose": "trace_lines"})], RULES, Page()))
    assert "Assistants" not in page
