"""Precedents: projects whose answers lead the same way, how many chose alike, and the most similar ones."""

import pytest

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.experts.precedents import _taking, same_way, similar, tally, wilson
from annostrat.recommendation.recommendation import Outcome
from annostrat.use_cases.use_case import UseCase

RULES = load_rules()


def project(name, expect, domain="agriculture", objects="apples", **answers):
    """Return a project that chose something."""
    return {
        "name": name,
        "title": name.title(),
        "year": 2020,
        "domain": domain,
        "objects": objects,
        "answers": answers,
        "expect": expect,
        "source": f"https://example.org/{name}",
    }


COUNTED = {"purpose": "count_objects", "extent_visible": "no"}


@pytest.fixture
def known(monkeypatch):
    """Return a function that puts projects in place of the shipped ones."""

    def know(*projects):
        monkeypatch.setattr(RULES, "decisions", list(projects))
        _taking.cache_clear()

    return know


def test_only_projects_that_lead_the_same_way_count(known):
    """Another purpose, or another answer to the question that follows, is no precedent."""
    known(
        project("heads", "points", **COUNTED),
        project("trees", "object_detection", **COUNTED),
        project("sheep", "object_detection", purpose="count_objects", extent_visible="yes"),
        project("cars", "object_detection", purpose="find_objects", orientation_matters="no"),
    )
    found = tally(RULES, COUNTED, "points")
    assert (found["n"], found["agree"], found["share"]) == (2, 1, 0.5)
    assert (found["low"], found["high"]) == pytest.approx(wilson(1, 2), abs=0.001)
    assert {(entry["strategy"], entry["n"]) for entry in found["chosen"]} == {("points", 1), ("object_detection", 1)}


def test_without_the_purpose_projects_that_look_alike_count(known):
    """What a use case does not answer is not compared, so that the share says how little the look of images tells."""
    look = {"count_matters": "no"}
    known(
        project("land", "semantic_segmentation", purpose="map_surfaces", count_matters="no"),
        project("leaf", "image_classification", purpose="tag_images", count_matters="no"),
        project("cars", "object_detection", purpose="find_objects", count_matters="yes"),
    )
    assert [one["name"] for one in same_way(RULES, look)] == ["land", "leaf"]
    assert Outcome(RULES, look).document["precedents"]["share"] == 0.5


def test_undecided_has_no_precedents(known):
    """Where nothing is recommended, nobody chose it."""
    known(project("cars", "object_detection", purpose="find_objects"))
    assert Outcome(RULES, {}).document["precedents"] is None


def test_similar_projects_share_objects_then_field(known):
    """The nearest project has the same objects, the next the same field; singular and plural are the same."""
    known(
        project("elsewhere", "points", "people", "heads", **COUNTED),
        project("field", "points", "agriculture", "cows", **COUNTED),
        project("objects", "object_detection", "forestry", "ripe apple", **COUNTED),
    )
    found = similar(RULES, COUNTED, "agriculture", "apples")
    assert [one["title"] for one in found] == ["Objects", "Field", "Elsewhere"]
    assert found[0]["url"] == "https://example.org/objects"


def test_field_that_leans_elsewhere_is_said(known):
    """Of a field's projects a clear majority chose another label: that is named; three are too few."""
    cells = [project(f"cells {n}", "object_detection", "microscopy", "cells", **COUNTED) for n in range(4)]
    case = UseCase("A", COUNTED, domain="microscopy")
    known(*cells)
    field = Recommender(RULES).recommend(case).outcome.document["precedents"]["field"]
    assert (field["n"], field["agree"], field["leans_to"]) == (4, 0, "object_detection")
    known(*cells[:3])
    assert Recommender(RULES).recommend(case).outcome.document["precedents"]["field"]["leans_to"] is None
    known(
        *cells, project("more", "points", "microscopy", **COUNTED), project("most", "points", "microscopy", **COUNTED)
    )
    assert Recommender(RULES).recommend(case).outcome.document["precedents"]["field"]["leans_to"] == "object_detection"
    known(*cells, *(project(f"dots {n}", "points", "microscopy", **COUNTED) for n in range(3)))
    assert Recommender(RULES).recommend(case).outcome.document["precedents"]["field"]["leans_to"] is None


def test_shipped_projects_say_where_their_choice_can_be_read():
    """Every precedent has a title, a field of the list, and an address."""
    assert len(RULES.decisions) >= 156
    for one in RULES.decisions:
        assert one["title"]
        assert one["domain"] in RULES.domains
        assert one["source"].startswith("http")
        assert one["expect"] in RULES.strategies


def test_similar_projects_share_answers_where_field_and_objects_say_nothing(known):
    """The project with more of the same answers is nearer; of equals, the later one."""
    known(
        project("other look", "points", **COUNTED, occlusion="high"),
        project("same look", "points", **COUNTED, occlusion="low"),
        {**project("later look", "points", **COUNTED, occlusion="low"), "year": 2024},
        {**project("undated", "points", **COUNTED), "year": None},
    )
    found = similar(RULES, {**COUNTED, "occlusion": "low"})
    assert [one["title"] for one in found] == ["Later Look", "Same Look", "Other Look", "Undated"]


def test_field_outweighs_all_answers_and_an_object_outweighs_the_field(known):
    """A project of the field comes before one that answers alike, and one of the same objects before both."""
    known(
        project("answers", "points", "forestry", "trees", **COUNTED, occlusion="low"),
        project("field", "points", "agriculture", "cows", purpose="count_objects"),
        project("object", "points", "forestry", "egg", purpose="count_objects"),
    )
    found = similar(RULES, {"purpose": "count_objects", "occlusion": "low"}, "agriculture", "eggs")
    assert [one["title"] for one in found] == ["Object", "Field", "Answers"]
