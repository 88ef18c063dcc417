"""One screen: every example's answer is in sight when the prompt returns, whatever the width and the names."""

from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from rich.cells import cell_len

from annostrat.errors import printable
from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path
from annostrat.recommendation.comparison import compare
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.expectation import judge
from annostrat.recommendation.models import Catalogue, whole_catalogue
from annostrat.render.formats import terminal
from annostrat.render.page.card import card
from annostrat.render.renderer import Page
from annostrat.use_cases.files import read_use_cases
from annostrat.use_cases.use_case import UseCase

EXAMPLES = Path(__file__).parents[2] / "examples"
RULES = load_rules()
CASES = list(read_use_cases([str(EXAMPLES / "use_cases")], RULES))
LABELS = sorted([*(EXAMPLES / "annotations").iterdir(), EXAMPLES / "pilot" / "labels.json"])
SCREEN = Page(full=False)
PROJECT = {"purpose": "measure_objects", "count_matters": "yes"}
LONG = "word " * 60
NAMES = ["\x1b[31mred\x1b[0m", "[bold]x[/bold] [link=http://evil]y[/link]", "家畜の数え上げ 🌾 " * 9, LONG, "x" * 300]


def screen(*cases, **page):
    """Return what a terminal shows of use cases."""
    page = SCREEN._replace(several=lambda: len(cases) > 1, **page)
    return "".join(terminal.PLUGIN.recommendations(map(Recommender(RULES).recommend, cases), RULES, page))


@pytest.mark.parametrize(("width", "most"), [(80, 22), (60, 26)])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_story_fits_a_screen(case, width, most):
    """A story's answer, why, effort and how to go on are 22 lines at 80 columns, and 26 at 60."""
    shown = screen(case, width=width).splitlines()
    assert len(shown) <= most
    assert shown[0] == case.name
    assert shown[1].startswith("=> ")
    assert any(line.startswith("Why ") for line in shown)
    assert any(line.startswith("Next ") for line in shown)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_story_is_in_sight_on_a_low_terminal(case):
    """On 24 rows of 60 columns less is said, so that the answer is still there when the prompt returns."""
    shown = screen(case, width=60, lines=23).splitlines()
    assert len(shown) <= 23
    assert shown[1].startswith("=> ")
    assert any(line.startswith("Next ") for line in shown)


@pytest.mark.parametrize("width", [80, 60])
def test_several_stories_have_six_lines_each_and_are_counted(width):
    """Of several use cases each is a block of at most six lines, and the last line counts them by status."""
    *blocks, summary = screen(*CASES, width=width).split("\n\n")
    assert len(blocks) == len(CASES)
    assert max(len(block.splitlines()) for block in blocks) <= 6
    assert summary == "28 use cases: 26 decided, 1 provisional, 1 undecided\n"


ODD = {
    "four purposes": UseCase("A", {"purpose": "find_objects+map_surfaces+read_pose+trace_lines"}, images=9),
    "all purposes": UseCase("A", {"purpose": "+".join(RULES.questions["purpose"]["answers"])}, images=9),
    "thirty classes": UseCase(
        LONG[:120],
        {"purpose": "find_objects+trace_lines"},
        classes={
            f"a class with a longish name {index}": {"purpose": purpose}
            for index, purpose in enumerate([*RULES.questions["purpose"]["answers"]] * 4)
        },
        images=1000,
        objects_per_image=12,
        effort={"hourly_rate": 12, "currency": "EUR"},
    ),
}


@pytest.mark.parametrize(("width", "most"), [(80, 22), (60, 26)])
@pytest.mark.parametrize("case", ODD.values(), ids=ODD)
def test_odd_cases_fit_a_screen_too(case, width, most):
    """Many purposes, classes and labels have a screen, and six lines among several, all the same."""
    shown = screen(case, width=width).splitlines()
    assert len(shown) <= most
    rows = [line.split()[0] for line in shown if not line.startswith(" ") and line]
    assert {"Why", "Effort", "Models", "Next"} <= {*rows}
    assert width < 80 or "Changes" in rows
    assert len(screen(case, case, width=width).split("\n\n")[0].splitlines()) <= 6


STREET = UseCase(
    "Street",
    {"compute_budget": "limited"},
    classes={
        "kerb": {"purpose": "trace_lines", "count_matters": "yes"},
        "road": {"purpose": "map_surfaces"},
        "car": {"purpose": "find_objects", "orientation_matters": "no"},
        "lamp": {"purpose": "tag_images"},
    },
    images=4000,
    objects_per_image=7,
    effort={"hourly_rate": 20, "currency": "EUR"},
)


def test_screen_of_several_labels_says_whose_reason_it_is_and_sums_up_what_is_known():
    """Rows become shorter before they are dropped: classes, a change, hours and a model for each label stay."""
    shown = " ".join(screen(STREET).split())
    assert "with its class; 3 more. Experts: 134 of 175 such projects chose object detection; 3 more. Care" in shown
    assert "Classes polylines for kerb semantic segmentation for road; 2 more Why car: Nobody uses an angle" in shown
    assert "plus polylines, if orientation_matters=yes for car; 4 more Effort" in shown
    labels = "object detection plus semantic segmentation plus image classification"
    assert f"Effort {labels}: 1,012 hours (183 to 3,688 or more) and EUR 20,248 " in shown
    assert "Polylines: No published time was found. Models start with D-FINE-N (object detection), U-Net " in shown
    assert ", LINEA-N (polylines); 26 more Next" in shown


def test_screen_of_two_labels_says_how_many_experts_chose_each():
    """Purposes have precedents of their own; what covers them all, and nobody drew, has none."""
    shown = " ".join(screen(UseCase("A", BOTH)).split())
    two = "8 of 14 such projects chose object detection, 61 of 65 such projects chose semantic segmentation."
    assert f"Experts: {two} Why" in shown
    classes = {"tap": {"purpose": "measure_objects"}, "tile": {"purpose": "map_surfaces"}}
    assert "Experts" not in screen(UseCase("A", {"count_matters": "yes"}, classes=classes))


def test_several_stories_keep_the_hours_and_cut_a_name_only_if_need_be():
    """Where six lines do not hold all, hours come before reasons, but not before what is open; then a name is cut."""
    block = screen(STREET, STREET, width=60).split("\n\n")[0]
    assert "1,012 hours" in block
    assert "Nobody uses" not in block
    assert block.splitlines()[0] == "Street"
    long = UseCase(LONG, {"purpose": "find_objects"}, images=1000, objects_per_image=5)
    block = screen(long, long, width=60).split("\n\n")[0].splitlines()
    assert len(block) == 5
    assert block[0] == "word " * 11 + "wo..."
    assert block[2].startswith("  Ask next:")


@pytest.mark.parametrize(("width", "most"), [(80, 22), (60, 26)])
@pytest.mark.parametrize("answers", [{"purpose": "map_surfaces"}, {"purpose": "unknown"}, {"purpose": "read_pose"}])
def test_screen_holds_when_everything_is_long_at_once(answers, width, most):
    """A long name, two labels, an open question and warnings still leave the answer and the next commands in sight."""
    unclear = {"extent_visible": "no", "count_matters": "no", "occlusion": "high"}
    classes = {"a class": {"purpose": "find_objects"}, "another": {"purpose": "measure_objects"}}
    for named in (classes, {"a class": {"purpose": "find_objects"}}, {}):
        case = UseCase("x" * 300, answers | unclear, domain="microscopy", classes=named, images=10**6)
        shown = screen(case, width=width).splitlines()
        assert len(shown) <= most
        assert any(line.startswith("Next ") for line in shown)


def test_quiet_keeps_what_is_beside_the_answer_on_one_line():
    """A question too long for the line is named by its id, and a long contradiction is cut."""
    case = UseCase("A", {"purpose": "find_objects"})
    assert screen(case, quiet=True).splitlines()[1] == "  Ask next: orientation_matters"
    result = Recommender(RULES).recommend(case)
    labels = "occlusion is low, but the labels say at least moderate: covered objects 0.390 (0.319 to 0.462)"
    for texts, remark in (
        ([labels, "another"], "  occlusion is low, but the labels say at least moderate; 1 more"),
        (["word " * 30], f"  {'word ' * 15}..."),
    ):
        result.own = {**result.own, "evidence": {"contradictions": texts}}
        shown = "".join(terminal.PLUGIN.recommendations([result], RULES, SCREEN._replace(quiet=True)))
        assert shown.splitlines()[1:] == [remark]


def test_quiet_says_how_many_experts_whole_on_a_narrow_page():
    """Where the interval does not fit, it is left out rather than cut."""
    case = UseCase("A", PROJECT)
    assert screen(case, quiet=True).splitlines()[1] == "  Experts: 43 of 63 such projects chose this (68%, 56% to 78%)."
    assert screen(case, quiet=True, width=60).splitlines()[1] == "  Experts: 43 of 63 such projects chose this (68%)."


def test_quiet_is_two_lines_with_status_and_contradiction():
    """A quiet page keeps whether it is provisional or undecided, what would settle it, and a contradiction."""
    assert all(len(screen(case, quiet=True).splitlines()) == 2 for case in CASES[:5])
    open_, sure = UseCase("Open", {"count_matters": "yes"}), UseCase("Sure", PROJECT)
    assert screen(open_, quiet=True).splitlines() == [
        "Open: Undecided: 9 labels are still possible",
        "  Ask next: What will the result be used for? (purpose)",
    ]
    result = Recommender(RULES).recommend(sure)
    result.own = {
        **result.own,
        "evidence": {"contradictions": ["occlusion is low, but labels say high"], "findings": []},
    }
    shown = "".join(terminal.PLUGIN.recommendations([result], RULES, SCREEN._replace(quiet=True)))
    assert shown == "Sure: Instance segmentation\n  The labels disagree: occlusion is low, but labels say high.\n"


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("case", [*ODD.values(), UseCase("", {"count_matters": "yes"})], ids=[*ODD, "open"])
def test_quiet_is_two_lines_whatever_the_labels_and_the_name_are(case, name, width):
    """Of many labels the first is named, and a long name is cut; the status is kept."""
    answer, remark = screen(case._replace(name=name), quiet=True, width=width).splitlines()
    assert max(map(cell_len, (answer, remark))) <= width
    status = Recommender(RULES).recommend(case).status
    assert {"provisional": ", provisionally", "undecided": "are still possible", "decided": "more"}[status] in answer


def test_quiet_names_all_labels_that_fit_the_line():
    """Three labels are 80 columns with a name of five letters."""
    case = UseCase("Short", {"purpose": "find_objects+map_surfaces+trace_lines"})
    shown = screen(case, quiet=True).splitlines()[0]
    assert shown == "Short: Object detection plus semantic segmentation plus polylines, provisionally"
    shown = screen(case._replace(name="Shorter"), quiet=True).splitlines()[0]
    assert shown == "Shorter: Object detection plus 2 more, provisionally"


def test_screen_names_first_what_experts_chose_instead():
    """What would change the answer begins with the label that most experts chose instead, as on the card."""
    shown = screen(UseCase("Wheat", {"purpose": "count_objects", "extent_visible": "yes"}))
    assert "Changes  points, if extent_visible=no\n" in shown
    grips = UseCase("Grips", {"purpose": "find_objects+measure_objects", "count_matters": "yes"})
    result = Recommender(RULES).recommend(grips._replace(answers={**grips.answers, "orientation_matters": "yes"}))
    assert "Changes  object detection, if purpose=count_objects\n" in screen(result.use_case)
    assert "<dt>What would change it</dt><dd><strong>Object detection</strong>" in card(result, RULES)


def test_screen_names_only_projects_that_share_the_field_or_the_objects():
    """A wound is not near to rust; without a field and objects, projects with such answers are named."""
    rust = UseCase("A", {"purpose": "measure_objects", "count_matters": "no"}, domain="infrastructure")
    assert "Nearest" not in screen(rust)
    assert "Nearest  AZH / Foot ulcer wounds (semantic segmentation)" in screen(rust._replace(domain="medicine"))
    assert "Nearest" in screen(rust._replace(domain=None))


def test_screen_says_how_to_be_told_hours():
    """Without a number of images, a line says how to give it, and the objects of each unless they are known."""
    assert "Effort   unknown without --effort images=1000 --effort objects_per_image=5\n" in screen(
        UseCase("A", PROJECT)
    )
    assert "Effort   unknown without --effort images=1000\n" in screen(UseCase("A", PROJECT, objects_per_image=3))


def test_screen_says_where_every_pixel_is_counted():
    """The hours of a map rest on whole scenes until somebody says how much an image shows, which the page explains."""
    case = UseCase("Rust", {"purpose": "map_surfaces"}, images=800)
    assert "367 hours (63 to 1,200) for 800 images, every pixel counted" in screen(case)
    assert "surfaces=2 counts two outlines instead" in " ".join(screen(case, full=True).split())
    for known in (case._replace(effort={"surfaces": 2}), case._replace(objects_per_image=2)):
        assert "51 hours (29 to 60 or more) for 800 images" in screen(known)
        assert "every pixel counted" not in screen(known)


def test_headline_names_four_labels_as_check_does():
    """Up to four labels that are still possible are named, by the screen and by `check` alike."""
    classes = {"road": {"purpose": "map_surfaces"}, "sign": {"purpose": "find_objects", "orientation_matters": "yes"}}
    case = UseCase("Street", {"purpose": "unknown", "count_matters": "yes"}, classes={**classes, "car": {}})
    named = "Undecided: instance segmentation or object detection or semantic segmentation or oriented boxes"
    assert named in " ".join(screen(case).split())
    message = judge(Recommender(RULES).recommend(case)).message
    assert message.startswith("undecided between instance_segmentation, object_detection, semantic_segmentation and o")


def test_screen_counts_the_labels_of_a_class_that_may_be_any():
    """A class of which nothing is known needs no list of all labels."""
    shown = screen(UseCase("A", {}, classes={"moss": {"purpose": "map_surfaces"}, "tray": {}}))
    assert "Classes  semantic segmentation for moss\n         9 labels still possible for tray\n" in shown


def test_screen_says_of_which_class_an_answer_is_missing():
    """One class whose answer is open is named; several, or the whole, are not."""
    case = UseCase("Rust", {"purpose": "map_surfaces"}, classes={"rust": {}, "bolt": {"purpose": "count_objects"}})
    assert "Provisional: visible extent of bolt is not known." in screen(case)
    both = case._replace(classes={"bolt": {"purpose": "count_objects"}, "rivet": {"purpose": "count_objects"}})
    for other in (both, UseCase("Bolts", {"purpose": "count_objects"})):
        assert "Provisional: visible extent is not known." in screen(other)


def test_screen_ends_with_the_commands_to_run_next(tmp_path, monkeypatch):
    """An open question is answered first, then labelling is set up; what came through a pipe has no name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "open.yaml").write_text("answers: {occlusion: low}\n")
    (case,) = read_use_cases(["open.yaml"], RULES)
    assert "Next     annostrat recommend open.yaml -a purpose=ANSWER\n         annostrat measure" in screen(case)
    assert "Next     the same command with -a purpose=ANSWER\n" in screen(case._replace(document=None))
    provisional = case._replace(answers={"purpose": "find_objects"})
    assert "Next     annostrat recommend open.yaml -a orientation_matters=ANSWER\n" in screen(provisional)
    decided = case._replace(answers={"purpose": "map_surfaces"})
    assert "Next     annostrat scaffold label_studio open.yaml\n         annostrat measure" in screen(decided)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"answers: {purpose: map_surfaces}")))
    assert "Next     annostrat scaffold label_studio FILE\n" in screen(*read_use_cases(["-"], RULES))


def test_full_page_has_what_the_screen_leaves_out():
    """Reasons against, tips and sources are on the full page alone."""
    case = UseCase("A", PROJECT)
    assert all(title in screen(case, full=True) for title in ("\nWhy not\n", "\nTips\n", "\nSources\n"))
    assert not any(title in screen(case) for title in ("Why not", "Tips", "Sources"))


@pytest.mark.parametrize("width", [20, 40, 60, 80])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_screen_holds_whatever_a_name_is(name, width):
    """Long names, wide characters, escapes and markup keep within the page, and nothing is obeyed.

    Nothing is lost either, unless the name is one of several or the page is quiet.
    """
    case = UseCase(name, PROJECT, classes={name: {"purpose": "map_surfaces"}, "b": {}}, images=10)
    alone = screen(case, width=width)
    assert "".join(printable(name).split()) in "".join(alone.split())
    for shown in (alone, screen(case, case, width=width), screen(case, width=width, quiet=True)):
        assert "\x1b" not in shown
        assert max(map(cell_len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.name)
def test_every_measurement_fits_a_screen(path, width):
    """Answers, findings and how to go on are at most 30 lines, with findings before any figure."""
    found = measurement(measure_path(str(path)).profile, RULES, "labels", "labels.json")
    shown = "".join(terminal.PLUGIN.measurements(found, RULES, SCREEN._replace(width=width)))
    assert shown.count("\n") <= 30
    assert shown.index("\nFindings\n") < shown.index("\nWhat the labels say\n") < shown.index("\nHow to go on\n")


def test_check_shows_what_is_not_as_expected():
    """Of all stories a check names the two that are open, each with its place, and counts the others."""
    shown = "".join(terminal.PLUGIN.verdicts(map(judge, map(Recommender(RULES).recommend, CASES)), SCREEN))
    marked = [line.split()[0] for line in shown.splitlines()[:-1] if not line.startswith(" ")]
    assert marked == ["provisional", "undecided"]
    assert shown.endswith("28 use cases: 26 as expected, 1 undecided, 1 provisional\n")


def test_quiet_check_shows_only_what_fails_and_folds_its_summary():
    """What is open fails only under `--strict`; on a narrow page the summary is folded between words."""

    def check(*, strict, width=80):
        verdicts = [judge(result, strict=strict) for result in map(Recommender(RULES).recommend, CASES)]
        return "".join(terminal.PLUGIN.verdicts(verdicts, SCREEN._replace(quiet=True, width=width)))

    assert check(strict=False) == "28 use cases: 26 as expected, 1 undecided, 1 provisional\n"
    assert check(strict=True).startswith("provisional ")
    assert check(strict=False, width=40) == "28 use cases: 26 as expected, 1\nundecided, 1 provisional\n"


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("strategies", [["points", "object_detection"], []], ids=["two", "all"])
def test_comparison_fits_the_width(strategies, width):
    """Strategies stand side by side where they fit, else in rows; no line is wider than the page."""
    shown = "".join(terminal.PLUGIN.comparison(compare(RULES, strategies), RULES, SCREEN._replace(width=width)))
    assert max(map(cell_len, shown.splitlines())) <= width
    assert width < 60 or shown.count("\n") <= 30


def test_catalogue_begins_with_one_model_for_each_strategy_and_tier():
    """The whole catalogue is a table on one screen; of one strategy the first three of each tier are shown."""
    whole = Catalogue(whole_catalogue(RULES), RULES.assistants)
    shown = "".join(terminal.PLUGIN.architectures(whole, RULES, SCREEN))
    assert shown.count("\n") <= 30
    assert "Polylines" in shown
    boxes = [one for one in whole.architectures if one["strategy"] == "object_detection"]
    shown = "".join(terminal.PLUGIN.architectures(Catalogue(boxes, []), RULES, SCREEN))
    assert shown.count("\n") <= 30
    assert shown.count("start with") == 3


MAP = {"purpose": "map_surfaces"}
UNTIMED = {"purpose": "trace_lines+read_pose"}
BOTH = {"purpose": "map_surfaces+count_objects", "extent_visible": "yes"}


@pytest.mark.parametrize(
    ("answers", "setting", "wanted"),
    [
        (
            PROJECT,
            {"seconds_per_label": 9},
            "for 10 images, 2 objects each, at 9 seconds for each object",
        ),
        (MAP, {"seconds_per_label": 9}, "for 10 images, 2 objects each, at 9 seconds for each image Models"),
        (BOTH, {"seconds_per_label": 9}, ", at 9 seconds for each object of object detection"),
        (PROJECT, {"unit_price": 0.05, "currency": "EUR"}, "and EUR 1.0 (0.05 for each object) for 10 images"),
        (MAP, {"unit_price": 2}, "and 20 (2 for each image) for 10 images"),
        (BOTH, {"unit_price": 0.05}, "and 1.0 for object detection alone (0.05 for each object) for 10 images"),
        (UNTIMED, {"unit_price": 2}, "keypoints: under an hour and 40 (2 for each object) Polylines: No"),
        (UNTIMED, {"hourly_rate": 2, "currency": "EUR"}, "keypoints: under an hour and EUR 0.8 (0.5 to 1.1) Polylines"),
        (MAP, {"hourly_rate": 0.2, "currency": "EUR"}, "and under EUR 1 for 10 images"),
        (MAP, {"hourly_rate": 0.2}, "and under 1 for 10 images"),
        ({"purpose": "trace_lines"}, {"unit_price": 2}, "polylines: 40 (2 for each object) Polylines: No"),
    ],
)
def test_a_screen_says_of_which_label_the_pace_or_price_is(answers, setting, wanted):
    """The label of a map is a whole image; of labels drawn side by side, pace and price are those of the first."""
    shown = screen(UseCase("A", answers, images=10, objects_per_image=2, effort=setting), width=160)
    assert wanted in " ".join(shown.split())


def test_a_screen_says_what_a_smaller_budget_would_take():
    """Where masks or maps are recommended the plan that saves most stands below the hours, unless it is ruled out."""
    case = UseCase("A", PROJECT, images=1500, objects_per_image=14)
    plan = "or boxes for all images, masks for a part: 139 hours (52 to 421 or more)"
    assert plan in " ".join(screen(case).split())
    assert "boxes for all" not in screen(case._replace(answers={**PROJECT, "label_budget": "ample"}))
    assert "for a part" not in screen(STREET)


def test_models_of_several_labels_are_the_first_of_each_tier():
    """Two labels that may run anywhere have one table each, with a model for each tier; so they print on two sheets."""
    shown = screen(UseCase("A", {**BOTH}), full=True, width=100).partition("\nModels\n")[2].partition("\n\n")[0]
    assert shown.count("Model ") == 2
    boxes = [line.split("  ")[1] for line in shown.partition("Semantic segmentation:")[0].splitlines()[3:6]]
    assert boxes == ["D-FINE-N", "RF-DETR Medium", "DINO 5-scale Swin-L"]
    assert "and 54 more: annostrat architectures -s object_detection" in shown


def test_reasons_that_are_open_alike_are_one():
    """Who knows nothing is told so once, not for every question."""
    shown = " ".join(screen(UseCase("A", {}), full=True).split())
    assert "2. Count, occlusion, shape variance and compute budget: unknown. Not known yet" in shown


def test_a_page_says_of_which_label_the_price_is():
    """What the other labels cost is not known, and said."""
    shown = screen(
        UseCase("A", BOTH, images=10, objects_per_image=2, effort={"unit_price": 0.05}), full=True, width=160
    )
    assert "Object detection: your own price, 0.05 for each object. What the other labels cost is not known." in shown


def test_a_screen_says_where_the_most_accurate_model_runs_unless_the_answers_do():
    """Without a compute budget the models are the lightest tier's, so the tier is named; others only count."""
    boxes = {"purpose": "find_objects", "orientation_matters": "no"}
    shown = " ".join(screen(UseCase("A", boxes)).split())
    assert "Models for CPU or a small device: start with D-FINE-N (4.0 M, " in shown
    assert "; most accurate DEIM-D-FINE-N (4.0 M, 43.0 box AP, Apache-2.0); 55 more" in shown
    limited = " ".join(screen(UseCase("A", {**boxes, "compute_budget": "limited"})).split())
    assert "Models start with D-FINE-N (4.0 M, " in limited
