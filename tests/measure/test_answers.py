"""From figures to answers, and from answers to what they say of those that were given."""

import pytest

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED
from annostrat.measure.answers import answer, answer_all, measured_questions, rounded_up
from annostrat.measure.evidence import as_use_case, remarks, supported
from annostrat.measure.measurement import measurement
from annostrat.use_cases.use_case import UseCase

APART = [(5, 5, 15, 15), (40, 40, 55, 55)]
TOGETHER = [(5, 5, 15, 15), (10, 5, 20, 15)]
HEXAGON = [(10, 25), (20, 10), (40, 10), (50, 25), (40, 40), (20, 40)]


@pytest.fixture(scope="module")
def documents(measured, rules):
    """Measure images, and return what is shown of them."""
    return lambda *images, **sizes: measurement(measured(*images, **sizes).profile, rules, "a", "labels")


def measure(figure, levels, **more):
    defaults = {"complete": True, "calibrated": "by hand", "note": None, "lower_bound": False, "needs_event": False}
    return {"figure": figure, "levels": levels, "sources": [], **defaults, **more}


LEVELS = {"low": [0, 0.12], "moderate": [0.12, 0.6], "high": [0.6, 1]}


def mixture(share, images=200):
    """Return images, a share of which has objects that cover each other."""
    together = round(share * images)
    return [TOGETHER] * together + [APART] * (images - together)


@pytest.mark.parametrize(
    ("share", "images", "said"),
    [
        (0, 200, "low"),
        (0, 20, "unknown"),
        (0.02, 200, "low"),
        (0.12, 200, "unknown"),
        (0.3, 200, "moderate"),
        (0.6, 200, "unknown"),
        (0.9, 200, "high"),
        (1, 19, "unknown"),
        (1, 20, "high"),
    ],
)
def test_an_answer_takes_a_whole_interval_in_one_level(measured, rules, share, images, said):
    """Occlusion is answered where the interval of covered objects lies within a level of the rules, else unknown."""
    found = answer_all(rules, measured(*mixture(share, images)))["occlusion"]
    assert found["answer"] == said
    assert found["figure"] == "covered_share"
    assert found["levels"] == LEVELS
    assert (found["more_images"] is None) is (said != "unknown" or share in {0.12, 0.6})
    if found["low"] is not None:
        assert found["low"] <= found["value"] <= found["high"]


def test_an_answer_says_why(measured, rules):
    """The sentence has the figure, its value and interval, and the border that it reaches over."""
    sure = answer_all(rules, measured(*mixture(0.3)))["occlusion"]
    assert sure["because"] == f"Covered objects 0.300 ({sure['low']:.3f} to {sure['high']:.3f})"
    open_ = answer_all(rules, measured(*mixture(0.1)))["occlusion"]
    assert open_["because"].endswith(", which crosses the border at 0.12")
    few = answer_all(rules, measured(TOGETHER, APART))["occlusion"]
    assert few["because"] == "Covered objects 0.500, in 2 images, which are too few for an interval"
    assert few["more_images"] == 18


def test_what_boxes_do_not_tell_is_unknown(measured, rules):
    """Boxes say nothing of shape; neither do ever so many."""
    found = answer_all(rules, measured(*mixture(0, 300)))["shape_variance"]
    assert found["answer"] == "unknown"
    assert found["figure"] is None
    assert found["more_images"] is None
    assert found["because"].startswith("The labels cannot say: ")


def test_outlines_that_are_all_alike_vary_little(measured, rules, label):
    """One shape in all images is low variance, by the agreement of silhouettes."""
    found = answer_all(rules, measured(*[[label(outline=[HEXAGON])]] * 120))
    assert found["shape_variance"]["answer"] == "low"
    assert found["shape_variance"]["figure"] == "silhouette_agreement"


def test_outlines_that_differ_vary_much(measured, rules, label):
    """Needles, discs and crosses in one class are high variance, by the spread of shapes."""
    needle = [(0, 0), (60, 1), (60, 3), (0, 2.5)]
    cross = [(0, 20), (20, 20), (20, 0), (24, 0), (24, 20), (44, 20), (44, 24), (24, 24), (24, 44), (20, 44), (20, 24)]
    shapes = [needle, HEXAGON, [*cross, (0, 24)]]
    found = answer_all(rules, measured(*[[label(outline=[shapes[i % 3]])] for i in range(150)]))
    assert found["shape_variance"]["answer"] == "high"
    assert found["shape_variance"]["figure"] == "shape_spread"


def test_only_questions_that_labels_can_answer_are_answered(rules, documents):
    """What the result is for, and where the model runs, cannot be read from labels."""
    assert measured_questions(rules) == ["occlusion", "shape_variance"]
    assert set(documents(APART)["not_measured"]) == {"count_matters", "compute_budget"}


def test_flags_go_before_overlap(measured, rules, label):
    """Where files say which objects are occluded, that counts, though no boxes overlap."""
    flags = [OCCLUSION_STATED | OCCLUDED, OCCLUSION_STATED]
    images = [[label((5, 5, 15, 15), flags=flags[i % 2]), label((40, 40, 50, 50), flags=flags[0])] for i in range(100)]
    found = answer_all(rules, measured(*images))["occlusion"]
    assert (found["answer"], found["figure"], found["value"]) == ("high", "flag_occluded", 0.75)
    assert found["lower_bound"] is False


def test_flags_that_nobody_ever_set_say_nothing(measured, rules, label):
    """A tool that writes occluded=0 for all has asked nobody: then overlap is measured."""
    images = [[label(box, flags=OCCLUSION_STATED) for box in TOGETHER]] * 100
    found = answer_all(rules, measured(*images))["occlusion"]
    assert (found["answer"], found["figure"]) == ("high", "covered_share")


def test_the_first_sure_measure_answers(measured, rules):
    """Measures are asked in the order of the rules; one that is not sure gives way to one that is."""
    figures = measured(*mixture(0.12))
    unsure = measure("covered_share", LEVELS)
    sure = measure("half_covered_share", LEVELS)
    assert answer([unsure, sure], figures, rules.figures)["figure"] == "half_covered_share"
    assert answer([unsure], figures, rules.figures)["answer"] == "unknown"
    missing = measure("fill", LEVELS)
    assert answer([missing, sure], figures, rules.figures)["answer"] == "low"
    assert answer([missing], figures, rules.figures)["because"].endswith(
        "filled part of the box cannot be measured from them"
    )


def test_a_level_that_no_answer_claims_says_nothing(measured, rules):
    """Rules may leave a gap: a figure that lies there answers nothing, and needs no further images."""
    figures = measured(*mixture(0.3))
    found = answer([measure("covered_share", {"high": [0.6, 1]}, complete=False)], figures, rules.figures)
    assert found["answer"] == "unknown"


def test_classes_are_answered_for_themselves(measured, rules, label):
    """Of two classes one stands apart and the other does not; the whole lies between."""
    image = [label((5, 5, 15, 15), "tree"), label((10, 5, 20, 15), "tree"), label((60, 60, 70, 70), "house")]
    figures = measured(*[image] * 100)
    assert answer_all(rules, figures, "tree")["occlusion"]["answer"] == "high"
    assert answer_all(rules, figures, "house")["occlusion"]["answer"] == "low"
    assert figures.classes == ["tree", "house"]


def test_swapped_boxes_answer_nothing(documents):
    """Where boxes hold corners in the place of sizes, no figure of theirs is believed."""
    swapped = [[(10 + i, 10 + i, 70 + 4 * i, 70 + 4 * i) for i in range(12)] for _ in range(40)]
    found = documents(*swapped)
    assert {finding["kind"] for finding in found["findings"]} >= {"swapped_format"}
    assert {said["answer"] for said in found["answers"].values()} == {"unknown"}
    assert "corners instead of sizes" in found["answers"]["occlusion"]["because"]
    assert {said["answer"] for said in found["classes"][0]["answers"].values()} == {"unknown"}


@pytest.mark.parametrize(
    ("given", "share", "agrees"),
    [
        ("low", 0.9, False),
        ("moderate", 0.9, False),
        ("high", 0.9, True),
        ("low", 0.3, False),
        ("moderate", 0.3, True),
        ("high", 0.3, None),
        ("low", 0, True),
        ("high", 0, None),
        ("low", 0.12, None),
        ("unknown", 0.9, None),
        (None, 0.9, None),
    ],
)
def test_a_lower_bound_refutes_smaller_answers_only(documents, rules, given, share, agrees):
    """Overlap of labels is less than occlusion: who says more may be right, who says less is not."""
    answers = {} if given is None else {"occlusion": given}
    found = supported(UseCase("a", answers), documents(*mixture(share)), rules).evidence
    assert found["answers"]["occlusion"]["agrees"] is agrees
    assert bool(found["contradictions"]) is (agrees is False)
    assert bool(found["undecided"]) is (agrees is None and given not in {None, "unknown"})


def test_evidence_adds_what_was_not_given_and_keeps_what_was(documents, rules):
    """Measured answers fill the gaps; a given one is kept, and what would follow from the labels is kept beside it."""
    found = documents(*mixture(0.9))
    case, _, refuted = supported(UseCase("a", {"count_matters": "yes"}), found, rules)
    assert refuted == {}
    assert case.answers == {"count_matters": "yes", "occlusion": "high"}
    case, evidence, refuted = supported(UseCase("a", {"occlusion": "low"}), found, rules)
    assert case.answers == {"occlusion": "low"}
    assert refuted == {"occlusion": "high"}
    assert evidence["contradictions"][0].startswith("occlusion is low, but the labels say high: covered objects 0.900")


def test_evidence_of_a_class_that_answers_for_itself(documents, rules, label):
    """A class with its own answer is compared with its own labels; one that the labels do not show is left alone."""
    image = [label((5, 5, 15, 15), "tree"), label((10, 5, 20, 15), "tree"), label((60, 60, 70, 70), "house")]
    case = UseCase("a", {}, classes={"tree": {"occlusion": "low"}, "house": {"occlusion": "low"}, "sky": {}})
    found = supported(case, documents(*[image] * 100), rules).evidence
    assert [sentence.split(":")[0] for sentence in found["contradictions"]] == ["tree"]
    assert set(found["classes"]) == {"tree", "house"}


def test_an_open_answer_says_what_would_settle_it(documents, rules):
    """Evidence that is not sure says how many more images would be, or how many an interval takes."""
    found = supported(UseCase("a", {"occlusion": "low"}), documents(*mixture(0.1)), rules).evidence
    assert "more labelled images would settle it" in found["undecided"][0]
    few = supported(UseCase("a", {"occlusion": "low"}), documents(APART, APART), rules).evidence
    assert few["undecided"][0].endswith("which are too few for an interval: that takes 18 more labelled images")


def test_a_use_case_is_made_of_measured_answers(documents, label):
    """It has the answers, `unknown` where nothing is sure, and those of classes that surely differ."""
    image = [label((5, 5, 15, 15), "tree"), label((10, 5, 20, 15), "tree"), label((60, 60, 70, 70), "house")]
    case = as_use_case(documents(*[image] * 100), UseCase("a", {}))
    assert case.answers == {"occlusion": "high", "shape_variance": "unknown"}
    assert case.classes == {"tree": {}, "house": {"occlusion": "low"}}
    assert case.objects_per_image == 3.0


@pytest.mark.parametrize(
    ("value", "rounded"), [(0.2, 1), (7.1, 8), (10, 10), (101, 110), (1234, 1300), (99_500, 100_000)]
)
def test_numbers_of_images_are_rounded_up(value, rounded):
    """Two digits are enough to plan with."""
    assert rounded_up(value) == rounded


def test_measurement_says_what_it_does_not_know(documents):
    """Figures that boxes do not tell are listed as unknown, and stand nowhere as a number."""
    found = documents(*mixture(0.3))
    assert {"fill", "foreign", "solidity", "silhouette_agreement", "shape_spread"} <= set(found["unknown_figures"])
    assert not {figure["id"] for figure in found["figures"]} & set(found["unknown_figures"])
    assert all(figure["value"] is not None for figure in found["figures"])
    assert set(found["references"]) >= {"coco-olac-2024", "annostrat-levels"}


def test_remarks_say_how_far_an_answer_goes(documents, rules):
    """What is written behind an answer is its bound, its figure, and on how few objects it rests."""
    found = documents(*mixture(0.3))
    said = remarks(found["answers"], found["counts"]["objects"])
    assert said["occlusion"].startswith("at least moderate: covered objects 0.300 (")
    assert said["occlusion"].endswith(")")
    assert said["shape_variance"].startswith("the labels cannot say: agreement of silhouettes and spread of shapes can")
    few = remarks(found["answers"], 10_000)
    assert few["occlusion"].endswith("; rests on 400 of 10,000 objects; the rest say nothing of it")
