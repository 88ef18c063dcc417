"""The page of a measurement: what a reader of labels is told first, what is never guessed, and what is drawn."""

import copy
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from annostrat.knowledge.loader import load_rules
from annostrat.measure.evidence import supported
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.expectation import judge
from annostrat.render.charts.histogram import Histogram, characters, histogram_of_counts
from annostrat.render.charts.levels import LevelChart
from annostrat.render.charts.silhouettes import Silhouette
from annostrat.render.charts.silhouettes import characters as silhouette_characters
from annostrat.render.formats import github, html, markdown, terminal
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import UseCase

ROOT = Path(__file__).parents[3]
RULES = load_rules()
KINDS = RULES.findings
LEVELS = {"low": [0, 0.12], "moderate": [0.12, 0.6], "high": [0.6, 1]}
SPREAD = {"low": [0, 0.1], "moderate": [0.1, 0.2], "high": [0.2, 3]}
COMMENT = 65_536


def measured(path):
    """Return what is measured in a shipped example."""
    return measurement(measure_path(str(ROOT / "examples" / path)).profile, RULES, "labels", "labels.json")


PILOT = measured("pilot/labels.json")
BOXES = measured("annotations/pascal_voc")
FEW = measured("annotations/coco")


def text(found=PILOT, page=Page()):  # noqa: B008 - a page is never changed
    """Return the page at a terminal."""
    return "".join(terminal.PLUGIN.measurements(found, RULES, page))


def on_one_line(shown):
    """Return a page as one line, so that a sentence can be looked for."""
    return re.sub(r"\s+", " ", shown)


def headings(shown):
    return [line for line in shown.splitlines() if line and line[0] not in " =" and not line.startswith("Rules")]


def test_page_begins_with_the_answers_and_has_findings_before_figures():
    """The answers stand first, with the class that answers otherwise, and what is amiss before any figure."""
    shown = text()
    assert shown.splitlines()[1] == "=> Occlusion at least moderate; shape variance low (leaf: high)"
    assert headings(shown) == [
        "labels",
        "What the labels say",
        "What they cannot say",
        "Findings",
        "Is it enough?",
        "How they are spread",
        "Average silhouettes",
        "Classes",
        "Figures",
        "How the levels were set",
        "Sources",
        "How to go on",
    ]
    assert "annostrat recommend --evidence labels.json" in on_one_line(shown)


def test_screen_has_the_answers_and_findings_and_how_to_go_on():
    """What fits a screen leaves out how levels were set, sources and figures, which `--full` shows."""
    shown = text(page=Page(full=False))
    assert headings(shown) == ["labels", "Findings", "What the labels say", "Classes", "How to go on"]
    assert "Solidity" not in shown
    assert "--full for all figures" in shown


def test_quiet_page_is_the_answers_and_the_worst_finding():
    """A quiet page is two lines: the answers, and what is worst in the labels, or else how many these are."""
    assert text(FEW, Page(100, quiet=True)).splitlines() == [
        "labels: Occlusion unknown; shape variance unknown",
        "  1 outline has four vertices (25% of 4).",
    ]
    assert text(page=Page(100, quiet=True)).splitlines()[1:] == [
        "  30 images, 205 objects of 2 classes, all with an outline."
    ]


def test_error_stands_in_the_headline_and_hides_figures_that_it_spoils():
    """Where most labels are broken, the headline says so, and no figure that means nothing is shown on any page."""
    found = copy.deepcopy(PILOT)
    error = {"kind": "swapped_format", "severity": "error", "count": 205, "of": 205, "share": 1.0}
    found["findings"] = [error | {"text": "205 boxes hold x1, y1, x2, y2", "advice": "A.", "examples": []}]
    for page in (Page(), Page(full=False)):
        shown = text(found, page)
        assert shown.splitlines()[1] == "=> Error: 205 boxes hold x1, y1, x2, y2"
        assert headings(shown) == ["labels", "Findings", "How to go on"]
    found["findings"][0]["share"] = 0.1
    answers = "occlusion at least moderate; shape variance low (leaf: high)"
    assert f"=> Error: 205 boxes hold x1, y1, x2, y2; {answers} 30 images" in on_one_line(text(found))


def test_page_says_that_overlap_of_labels_is_a_lower_bound():
    """Whoever reads that occlusion is moderate also reads that it may be more."""
    assert "! Overlap of labelled boxes is a lower bound of occlusion" in on_one_line(text())


def test_boxes_say_nothing_of_shape():
    """From boxes alone, shape variance is unknown, the page says why, and no silhouette is drawn."""
    shown = on_one_line(text(BOXES))
    assert "Shape variance: unknown. The labels cannot say" in shown
    assert "Shapes: Boxes, also those drawn as outlines" in shown
    assert "Average silhouettes" not in shown


def test_labels_without_objects_say_so():
    """Masks of classes tell no objects apart: the page says so, and draws nothing of none."""
    shown = on_one_line(text(measured("annotations/class_masks")))
    assert "2 images, no single object. Besides, 3 regions." in shown
    assert "Objects: No label is a single object" in shown
    assert "How they are spread" not in shown


def test_few_images_give_no_interval_and_say_how_many_would():
    """Two images give no interval; the page says how many more would, and not that anything is low."""
    shown = on_one_line(text(FEW))
    assert "=> Occlusion unknown; shape variance unknown" in shown
    assert "in 2 images, which are too few for an interval" in shown
    assert "18 more labelled images would give an interval." in shown


def test_open_answer_says_how_many_images_would_settle_it():
    """An interval that reaches over a border leaves the answer open, with the images that would settle it."""
    found = copy.deepcopy(PILOT)
    found["answers"]["occlusion"] |= {"answer": "unknown", "more_images": 420}
    assert "About 420 more labelled images would settle it." in on_one_line(text(found))
    found["answers"]["occlusion"]["more_images"] = 1
    assert "About 1 more labelled image would settle it." in on_one_line(text(found))
    found["answers"]["occlusion"]["more_images"] = None
    assert "no reasonable number of images would settle it" in on_one_line(text(found))


def test_many_classes_are_summed_up():
    """The table shows ten classes, those with most objects; a line says how much the others hold."""
    found = copy.deepcopy(PILOT)
    found["classes"] = [{**found["classes"][1], "name": f"class {number}", "objects": 5} for number in range(12)]
    shown = text(found)
    assert "  class 9 " in shown
    assert "  class 10 " not in shown
    assert "And 2 more classes with 10 objects in all; --format json has all." in on_one_line(shown)


def test_a_page_folds_what_the_others_leave_out():
    """HTML holds every class, those behind the first folded; text and Markdown say how many more there are."""
    found = copy.deepcopy(PILOT)
    found["classes"] = [{**found["classes"][1], "name": f"class {number}"} for number in range(200)]
    page = "".join(html.PLUGIN.measurements(found, RULES, Page()))
    before, folds, inside = page.partition("<summary>And 180 more classes with 10,440 objects in all</summary>")
    assert folds
    assert "class 19<" in before
    assert "class 20<" not in before
    assert "class 199<" in inside.partition("</details>")[0]


@pytest.mark.parametrize("format_", [terminal, markdown, html])
def test_many_classes_of_a_use_case_are_folded(format_):
    """Of many classes those stand first that answer for themselves; the rest is a line, or folded."""
    found = copy.deepcopy(PILOT)
    found["classes"] = [{**found["classes"][0], "name": f"class {number}"} for number in range(30)]
    found["classes"].append({**PILOT["classes"][1], "name": "odd one"})
    case = UseCase("Many", {"count_matters": "yes", "compute_budget": "limited"})
    shown = "".join(format_.PLUGIN.recommendations([judged(case, found)], RULES, Page()))
    told = shown.partition("Classes<" if format_ is html else "Classes\n")[2]
    assert told.index("odd one") < told.index("class 0")
    assert "And 21 more classes" in told
    assert ("class 29" in told) is (format_ is html)
    assert ("format json has all" in told) is (format_ is not html)


def test_a_check_repeats_a_few_of_many_contradictions():
    """A line of `check` stays readable where the labels contradict many classes; JSON has every sentence."""
    found = copy.deepcopy(PILOT)
    found["classes"] = [{**found["classes"][0], "name": f"class {number}"} for number in range(30)]
    case = CASE._replace(classes={entry["name"]: {} for entry in found["classes"]})
    verdict = judge(judged(case, found))
    assert len(verdict.labels) == 31
    assert verdict.message.endswith("; and 27 more of what the labels say")
    page = recommended(case, found)
    assert "And 21 more contradictions; --format json has all." in page


def test_headline_that_rests_on_little_says_so():
    """Where most objects have no outline, or images no size, that stands under the headline and in the evidence."""
    found = copy.deepcopy(PILOT)
    found["answers"]["shape_variance"]["objects"] = 12
    square = {"kind": "image_taken_as_square", "severity": "warning", "count": 30, "of": 30, "share": 1.0}
    told = {"text": "30 images have no known size, and are measured as if square", "advice": "A.", "examples": []}
    found["findings"] = [square | told]
    shown = text(found).splitlines()
    assert shown[1:3] == [
        "=> Occlusion at least moderate; shape variance low (leaf: high)",
        "  But: shape variance rests on 12 of 205 objects; the rest say nothing of it.",
    ]
    assert (
        on_one_line(text(found)).count("But: 30 images have no known size, and are measured as if square, which") == 1
    )
    assert "That rests on 12 of 205 objects; the rest say nothing of it." in recommended(found=found)
    found["findings"][0]["share"] = 0.01
    found["answers"]["shape_variance"]["objects"] = 103
    assert "But:" not in text(found)


def test_a_class_that_looks_like_a_part_is_said_with_what_to_do():
    """Whether an object is a part of another one, labels cannot tell: the page says what it takes it for."""
    found = copy.deepcopy(PILOT)
    found["part_of"] = [
        {"part": "cup", "whole": "table", "share": 0.82, "objects": 17},
        {"part": "fork", "whole": "table", "share": 1.0, "objects": 1},
    ]
    shown = on_one_line(text(found))
    assert "cup: 82% of its 17 objects lie in boxes of table, so it looks like a part of it" in shown
    assert "fork: Its one object lies in boxes of table" in shown
    assert "If it is not a part, occlusion is more than measured here: answer it yourself." in shown
    assert KINDS["part_of"]["one"].startswith("class looks like a part of another")


def test_joined_profiles_are_no_evidence():
    """Profiles that were joined cannot be named as evidence, so the page does not offer it."""
    found = copy.deepcopy(PILOT)
    found["source"]["profiles"] = 2
    assert "--write case.yaml" in text(found)
    assert "--evidence" not in text(found)


def test_path_with_a_space_can_be_pasted():
    """The command that the page offers names the path as a shell takes it."""
    found = copy.deepcopy(PILOT)
    found["source"]["path"] = "my labels.json"
    assert "annostrat recommend --evidence 'my labels.json'" in on_one_line(text(found))


def test_findings_speak_of_one_in_the_singular():
    """One box extends beyond the image, two extend beyond it."""
    assert KINDS["out_of_bounds"]["one"] == "box extends beyond its image"
    assert KINDS["out_of_bounds"]["many"] == "boxes extend beyond their image"


@pytest.mark.parametrize(
    ("share", "said"), [(0.27, "27%"), (0.0134, "1.3%"), (0.0004, "0.04%"), (0.00001, "less than 0.01%")]
)
def test_share_of_a_finding_is_never_rounded_to_nothing(share, said):
    """Two boxes among many are more than 0 per cent of them."""
    finding = {
        "kind": "out_of_bounds",
        "severity": "warning",
        "count": 2,
        "of": 1000,
        "share": share,
        "text": "2 boxes extend beyond their image",
        "advice": "Clip.",
        "examples": ["a.json#1", "a.json#2", "a.json#3", "a.json#4"],
    }
    shown = on_one_line(text({**PILOT, "findings": [finding]}))
    assert f"! Warning: 2 boxes extend beyond their image ({said} of 1,000). Clip." in shown
    assert "For example a.json#1; a.json#2; a.json#3." in shown


def test_interval_is_drawn_among_the_levels():
    """The scale shows the levels and their borders, and the interval around the figure, over a border too."""
    assert LevelChart(LEVELS, 0.5, 0.3, 0.7).characters(43, False) == [
        "   low       moderate           high",
        "  ├────┼──────━━━━━━━━●━━━╋━━━━───────────┤",
        "  0  0.12                0.6              1",
    ]
    assert LevelChart(LEVELS, 0.5, 0.3, 0.7).characters(43, True)[1] == "  |----+------========O===#====-----------|"


def test_figure_without_an_interval_is_drawn_hollow():
    """Where there are too few images, a hollow mark stands where the figure is, and no interval."""
    assert (
        LevelChart(LEVELS, 0.05, None, None).characters(43, False)[1] == "  ├─○──┼──────────────────┼───────────────┤"
    )


def test_scale_without_an_end_is_cut_behind_the_last_border():
    """A spread can be 3, but levels that end at 0.2 are drawn so that they can be told apart."""
    assert LevelChart(SPREAD, 0.27, 0.26, 0.28).characters(43, False) == [
        "       low        moderate       high",
        "  ├────────────┼────────────┼───────━●━───>",
        "  0           0.1          0.2",
    ]
    assert LevelChart(SPREAD, 2.5, 2, 3).characters(43, False)[1].endswith("─━━━━━━●━━━━━━━")


def test_histogram_shows_what_is_rare():
    """A bin with one object of many shows something; an empty one shows nothing."""
    charts = [Histogram("Fill", [0, 1, 2, 4, 8, 16, 0, 1]), histogram_of_counts("Objects", {"0": 2, "3": 4, "90": 1})]
    assert characters(charts, 60, False) == [
        "Fill     0  ▁▁▂▄▇ ▁ 1",
        "Objects  0 ▄  ▇                           ▂ 31+",
    ]
    assert characters(charts[:1], 24, True) == ["Fill", "  0  ..:=# . 1"]


def test_silhouettes_stand_side_by_side_over_their_names():
    """Shades of characters show where how many objects are; a long name is cut, a wide one counted as such."""
    disc = Silhouette("disc", ["00099000", "00999900", "09999990", "99999999"])
    assert silhouette_characters([disc, disc._replace(name="家畜 a")], 20, False) == ["▒██▒   ▒██▒", "disc   ..."]
    assert silhouette_characters([disc], 4, True) == [":##:", "disc"]
    assert silhouette_characters([disc], 3, False) == []


HOSTILE = [
    "```\n# a heading",
    "<script>alert(1)</script>",
    "| a | cell |",
    "x" * 300,
    "\u202egnp.exe",
    "[a](javascript:b)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_takes_no_name_for_markup(name):
    """A class may be called like a fence, a tag or a link: the report shows it, and stays what it is."""
    found = copy.deepcopy(PILOT)
    for entry in found["classes"]:
        entry["name"] = name
    found["part_of"] = [{"part": name, "whole": name, "share": 0.9, "objects": 1}]
    usual, tokens = (
        MarkdownIt("commonmark").enable("table").parse("".join(markdown.PLUGIN.measurements(each, RULES, Page())))
        for each in ({**PILOT, "part_of": [{"part": "a", "whole": "b", "share": 0.9, "objects": 1}]}, found)
    )
    assert [token.type for token in tokens] == [token.type for token in usual]


def test_markdown_fits_a_comment():
    """However long the names and however many the classes, a report fits the comment of a pull request."""
    found = copy.deepcopy(PILOT)
    found["classes"] = [{**found["classes"][0], "name": f"{number}" + "<" * 2_000} for number in range(500)]
    shown = "".join(markdown.PLUGIN.measurements(found, RULES, Page()))
    assert len(shown.encode()) <= COMMENT
    assert "And 496 more classes" in shown


CASE = UseCase(
    "Trays",
    {"count_matters": "yes", "occlusion": "low", "compute_budget": "limited"},
    expect=("object_detection",),
    classes={"apple": {"shape_variance": "high"}, "leaf": {}},
)


def judged(case=CASE, found=PILOT):
    """Return the recommendation for a use case, beside what was measured, as the command makes it."""
    recommender = Recommender(RULES)
    beside = supported(case, found, RULES)
    instead = recommender.recommend(beside.case._replace(answers=beside.case.answers | beside.refuted))
    return recommender.recommend(beside.case).with_evidence(beside.evidence, instead)


def recommended(case=CASE, found=PILOT, format_=terminal):
    return on_one_line("".join(format_.PLUGIN.recommendations([judged(case, found)], RULES, Page())))


def test_recommendation_shows_the_evidence_beside_the_answers():
    """A given answer stands beside the measured one; one that was taken from the labels is called so."""
    shown = recommended()
    assert "Measured: 30 images and 205 objects in labels.json (coco)." in shown
    assert "Occlusion: low, but the labels say at least moderate. Covered objects 0.390 (0.319 to 0.462)." in shown
    assert "Shape variance: low, from the labels." in shown
    assert "apple: shape variance high, but the labels say low." in shown
    assert "leaf: by its labels shape variance is high, unlike the whole." in shown


def test_a_class_that_answers_as_the_whole_is_not_repeated():
    """Of a class only that is said which differs from the whole, or is refuted."""
    case = UseCase("Trays", {"occlusion": "moderate"}, classes={"apple": {}, "leaf": {"occlusion": "high"}})
    shown = recommended(case)
    assert "apple: occlusion" not in shown
    assert "leaf: occlusion high, of which the labels show at least moderate." in shown
    refuted = recommended(case._replace(answers={"occlusion": "low"}))
    assert "apple: occlusion low, but the labels say at least moderate." in refuted


def test_contradictions_of_the_labels_are_points_to_take_care_of():
    """What the labels contradict stands under what to take care of, in every format, and fails a check."""
    said = "occlusion is low, but the labels say at least moderate: covered objects 0.390 (0.319 to 0.462)"
    shown = recommended()
    assert shown.index("Take care") < shown.index(f"! The labels disagree: {said}.") < shown.index(" Why ")
    assert f"**The labels disagree:** {said}." in recommended(format_=markdown)
    verdict = judge(judged())
    assert said in verdict.message
    assert f"{said}" in "".join(github.PLUGIN.verdicts([verdict], Page()))


@pytest.mark.parametrize(
    ("answers", "found", "said"),
    [
        ({"occlusion": "moderate"}, PILOT, "Occlusion: moderate, and the labels say at least moderate."),
        ({"occlusion": "high"}, PILOT, "Occlusion: high, of which the labels show at least moderate."),
        ({"occlusion": "low"}, FEW, "Occlusion: low, which the labels do not settle."),
        ({}, FEW, "Occlusion: unknown, and the labels do not settle it."),
    ],
)
def test_evidence_says_how_it_stands_to_the_answer(answers, found, said):
    """Labels bear an answer out, show less than it, or settle nothing; each is said in so many words."""
    shown = recommended(UseCase("Trays", answers), found)
    assert said in shown
    assert "The labels disagree" not in shown


def test_evidence_names_the_worst_findings_only():
    """A recommendation names three findings and how many more there are, each without places."""
    finding = {"count": 2, "of": None, "share": None, "advice": "Repair.", "examples": ["a#1"], "severity": "error"}
    found = {**PILOT, "findings": [{**finding, "kind": f"k{n}", "text": f"{n} are wrong"} for n in range(5)]}
    shown = recommended(found=found)
    assert "! Error: 2 are wrong. Repair. - And 2 more findings, which annostrat measure lists." in shown
    assert "a#1" not in shown
