"""How often rules choose what others chose: the intervals, the counting, and cases that say too little or too much."""

import pytest

from annostrat.errors import InputError
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.experts.agreement import cross_validate, measure, percentage, read_case
from annostrat.recommendation.experts.precedents import _taking, wilson
from annostrat.use_cases.use_case import LabelFiles

RULES = load_rules("infographic")
MAP, BOXES, OPEN = (
    "{count_matters: no}",
    "{count_matters: yes, occlusion: low, shape_variance: low}",
    "{count_matters: yes}",
)


def case(name, answers, expect, more=""):
    """Return a case that was read from a text."""
    text = f"name: {name}\nanswers: {answers}\nexpect: {expect}\n{more}"
    return read_case(next(yaml_source.parse(text, "cases.yaml")), RULES, "default")


CASES = [
    case("right", MAP, "semantic_segmentation"),
    case("also right", MAP, "[object_detection, semantic_segmentation]"),
    case("lenient", BOXES, "instance_segmentation", "also_published: [object_detection]"),
    case("wrong", BOXES, "semantic_segmentation"),
    case("undecided", OPEN, "object_detection", "also_published: [instance_segmentation]"),
    case("tags", MAP, "image_classification"),
]


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_is_that_of_the_literature(hits, trials, low, high):
    """The four worked examples of Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(hits, trials) == pytest.approx((low, high), abs=0.00005)


def test_wilson_interval_stays_within_nothing_and_all():
    """All of ten cases is at most everything, and mirrors none of ten."""
    low, high = wilson(10, 10)
    assert (low, high) == pytest.approx((1 - wilson(0, 10)[1], 1))
    assert high <= 1
    assert wilson(0, 10)[0] >= 0


def test_percentage_shows_the_interval_and_nothing_where_there_are_no_cases():
    """A share is printed as per cent with its interval; no cases have none."""
    share = {"agree": 81, "of": 263, "share": 81 / 263, "low": 0.2553, "high": 0.3662}
    assert percentage(share) == "31% (26% to 37%)"


def test_agreement_is_strict_or_lenient():
    """Strict takes what was chosen; lenient also what was published beside it."""
    (rater,) = measure(CASES, RULES)["raters"]
    assert (rater["strict"]["agree"], rater["strict"]["of"]) == (2, 6)
    assert (rater["lenient"]["agree"], rater["lenient"]["of"]) == (3, 6)
    assert (rater["strict"]["low"], rater["strict"]["high"]) == pytest.approx(wilson(2, 6))


def test_agreement_counts_undecided_cases_as_disagreeing():
    """A case that the answers leave open agrees neither strictly nor leniently, even if one candidate is right."""
    found = measure([CASES[4]], RULES)
    (rater,) = found["raters"]
    assert (rater["undecided"], rater["strict"]["agree"], rater["lenient"]["agree"]) == (1, 0, 0)
    assert found["confusion"] == {"object_detection": {"undecided": 1}}
    (entry,) = found["disagreements"]
    assert entry["recommended"] == ["object_detection", "instance_segmentation"]
    assert entry["lenient"] is False


def test_agreement_is_told_by_what_was_chosen_and_by_what_is_recommended():
    """For each strategy: how many of its cases are found, how often it is right, and what is confused with what."""
    found = measure(CASES, RULES)
    (rater,) = found["raters"]
    assert {name: (share["agree"], share["of"]) for name, share in rater["chosen"].items()} == {
        "object_detection": (1, 2),
        "semantic_segmentation": (1, 2),
        "instance_segmentation": (0, 1),
        "image_classification": (0, 1),
    }
    assert {name: (share["agree"], share["of"]) for name, share in rater["recommended"].items()} == {
        "object_detection": (0, 2),
        "semantic_segmentation": (2, 3),
    }
    assert found["confusion"]["semantic_segmentation"] == {"semantic_segmentation": 1, "object_detection": 1}
    assert sum(sum(row.values()) for row in found["confusion"].values()) == 6


def test_disagreements_say_where_and_how_they_came_about():
    """Each disagreement has its place in the file and the questions walked."""
    entry = measure(CASES, RULES)["disagreements"][0]
    assert (entry["name"], entry["location"], entry["lenient"]) == ("lenient", "cases.yaml:3:9", True)
    assert (entry["expected"], entry["recommended"]) == (["instance_segmentation"], ["object_detection"])
    assert [step["question"] for step in entry["path"]] == ["count_matters", "occlusion", "shape_variance"]


FOUND, COUNTED = "{purpose: find_objects, orientation_matters: no}", "{purpose: count_objects, extent_visible: yes}"


def test_second_rater_is_counted_on_the_answers_that_it_gave():
    """What the second rater answered differently is laid over the first one's answers; others were rated once."""
    rules = load_rules("purpose_first")
    more = "second_rater: {purpose: map_surfaces}\n"
    found = measure([case("A", FOUND, "object_detection", more), case("B", FOUND, "points")], rules)
    first, second = found["raters"]
    assert (first["strict"]["agree"], first["strict"]["of"]) == (1, 2)
    assert (second["strict"]["agree"], second["strict"]["of"]) == (0, 1)
    assert set(first["by_purpose"]) == {"find_objects"}
    assert set(second["by_purpose"]) == {"map_surfaces"}


def test_no_cases_agree_to_no_share():
    """Nothing measured is neither nought nor all."""
    (rater,) = measure([], RULES)["raters"]
    assert rater["strict"] == {"agree": 0, "of": 0, "share": None, "low": None, "high": None}
    assert percentage(rater["strict"]) == "-"


def test_change_is_compared_part_by_part():
    """Every rating falls into one part, the same each time, and what a change gains and loses is named there."""
    cases = [case(f"boxes {n}", FOUND, "object_detection", "second_rater: {}\n") for n in range(20)]
    cases += [case("map", MAP, "semantic_segmentation")]
    found = cross_validate(cases, RULES, load_rules("purpose_first"), 4)
    assert [part["part"] for part in found["parts"]] == [1, 2, 3, 4]
    assert sum(part["ratings"] for part in found["parts"]) == 41
    assert sum(len(part["gained"]) for part in found["parts"]) == found["net"] == 40
    assert (found["losing"], found["before"], found["after"]) == (0, "infographic", "purpose_first")
    again = cross_validate(cases[::-1], RULES, load_rules("purpose_first"), 4)
    assert [sorted(part["gained"]) for part in again["parts"]] == [sorted(part["gained"]) for part in found["parts"]]


def test_following_a_field_leaves_the_project_itself_out(monkeypatch):
    """A project is no precedent of its own: of four alike that chose points, each sees three, too few to follow."""
    rules = load_rules("purpose_first")
    known = [
        {
            "name": f"dots {n}",
            "domain": "microscopy",
            "answers": {"purpose": "count_objects", "extent_visible": "yes"},
            "expect": "points",
        }
        for n in range(5)
    ]
    cases = [case(f"dots {n}", COUNTED, "points", "domain: microscopy\n") for n in range(5)]
    monkeypatch.setattr(rules, "decisions", known)
    assert measure(cases, rules)["following"] == {
        "leaning": 5,
        "gained": [f"dots {n}" for n in range(5)],
        "lost": [],
    }
    monkeypatch.setattr(rules, "decisions", known[:4])
    _taking.cache_clear()
    assert measure(cases[:4], rules)["following"]["leaning"] == 0


def test_case_takes_what_is_said_of_a_published_data_set():
    """Title, year, field, source and evidence may stand beside the keys of a use case."""
    more = "title: Roads\nyear: 2018\ndomain: remote sensing\nsource: https://example.org\nevidence:\naim: Map roads.\n"
    found = case("A", MAP, "semantic_segmentation", more + "also_published: [points, 3d_boxes]\n")
    assert (found.use_case.domain, found.also_published) == ("remote_sensing", ("points", "3d_boxes"))
    assert case("A", MAP, "semantic_segmentation", "domain: something else\n").use_case.domain is None


def test_case_takes_measured_evidence_like_a_use_case():
    """Evidence may also be the annotation files of a use case."""
    found = case("A", MAP, "semantic_segmentation", "evidence: {annotations: labels.json}\n")
    assert found.use_case.evidence == LabelFiles("labels.json")


def test_case_without_expect_is_refused():
    """A case must say what was chosen; the message names it and shows how."""
    document = next(yaml_source.parse(f"name: Roads\nanswers: {MAP}\n", "cases.yaml"))
    with pytest.raises(
        InputError, match=r"cases\.yaml:1:1: the case 'Roads' has no `expect`; add .*expect: object_det"
    ):
        read_case(document, RULES, "default")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("year: soon", "cases.yaml:4:7: year is a year"),
        ("year: true", "cases.yaml:4:7: year is a year"),
        ("title: 3", "cases.yaml:4:8: title is text"),
        ("domain: [roads]", "cases.yaml:4:9: domain is text"),
        ("source: 3", "cases.yaml:4:9: source is text"),
        ("second_rater: [a]", "cases.yaml:4:15: second_rater is a mapping of question to answer"),
        ("second_rater: {purpose: fun}", "cases.yaml:4:15: 'fun' is not an answer to purpose"),
        ("evidence: 7", "cases.yaml:4:11: evidence is text"),
        ("twin_group: {a: b}", "cases.yaml:4:13: twin_group is text"),
        ("also_published: points", "cases.yaml:4:17: also_published is a list of words"),
        ("also_published: [points, 3]", "cases.yaml:4:17: also_published is a list of words"),
        ("yaer: 2018", "cases.yaml:4:1: 'yaer' is not a key of a use case"),
    ],
)
def test_case_with_a_wrong_value_is_refused_at_its_place(line, message):
    """What is said of a data set must be of the right kind."""
    with pytest.raises(InputError) as refused:
        case("A", MAP, "semantic_segmentation", line + "\n")
    assert str(refused.value).startswith(message)


def test_case_reports_all_that_is_wrong_with_it():
    """Problems of the extra keys and of the use case come together."""
    with pytest.raises(InputError) as refused:
        case("A", "{count_matters: maybe}", "polygons", "year: soon\n")
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "a: [\n"])
def test_case_that_is_no_mapping_is_refused(text):
    """A list, a word or broken YAML is no case."""
    with pytest.raises(InputError):
        read_case(next(yaml_source.parse(text, "cases.yaml")), RULES, "default")


def test_part_of_a_change_that_neither_gains_nor_loses_counts_as_neither():
    """A rule set compared with itself gains and loses nowhere; one that got worse loses in the part of the project."""
    cases = [case("boxes", FOUND, "object_detection")]
    same = cross_validate(cases, RULES, RULES, 2)
    assert (same["gaining"], same["losing"], same["net"]) == (0, 0, 0)
    worse = cross_validate(cases, load_rules("purpose_first"), RULES, 2)
    assert (worse["gaining"], worse["losing"], worse["net"]) == (0, 1, -1)
    assert [part["lost"] for part in worse["parts"] if part["ratings"]] == [["boxes (rater 1)"]]
