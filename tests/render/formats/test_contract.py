"""What every output format promises, whoever adds one: safe, stable, complete, and as early as it can be."""

import copy
import json
import re
from functools import cache
from itertools import product
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt
from rich.cells import cell_len

from annostrat.annotations import BatchBuilder, Image
from annostrat.annotations.reader import Source
from annostrat.errors import InputError, Location, Problem, printable
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.plugins import names, pick
from annostrat.measure.agreement.agreement import agreement_of
from annostrat.measure.agreement.labelled_set import set_of
from annostrat.measure.measurement import measurement
from annostrat.measure.profile.profile import Profile
from annostrat.measure.run import whole_batch
from annostrat.measure.shape.mean_shape_sums import SilhouetteSums
from annostrat.recommendation.comparison import compare
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.expectation import judge
from annostrat.recommendation.experts.agreement import Case, cross_validate, measure
from annostrat.recommendation.models import Catalogue
from annostrat.render import formats as renderers
from annostrat.render.renderer import Page, Renderer
from annostrat.use_cases.use_case import UseCase

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "a\nb\r\nc\td",
    "x\n::error::owned",
    "::error file=a,line=1::owned%0A::warning::",
    "[bold]x[/bold] [link=http://evil]y[/link]",
    "\u202egnp.exe \u2066hidden\u2069 \u200b\u00ad\U000e0041",
    "\x00\x07\x7f\x80\x9b31m\u2028\u2029\ufeff\uffff",
    "<script>alert(1)</script> <!-- --> ]]> &lt; &amp;",
    "[click](javascript:alert) ![i](x) **b** `c` # h | cell ~~s~~ <b>x</b> _e_",
    "\\",
    "# heading #",
    "half a surrogate \ud800",
    "家畜の数え上げ 🌾 é e\u0301",
    "word " * 40,
    "x" * 300,
]
RULES, DEFAULT = load_rules("infographic"), load_rules()
TERMINAL_OBEYS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
COMBINATIONS = [
    {question: answer for question, answer in zip(RULES.order, answers, strict=True) if answer is not None}
    for answers in product(*([*RULES.questions[question]["answers"], "unknown", None] for question in RULES.order))
]


def result(name="A name", answers=None):
    """Return a recommendation for a use case of some name."""
    return Recommender(RULES).recommend(UseCase(name, answers or {"count_matters": "no"}))


def of_default(name):
    """Return a provisional recommendation of the default rules, for two purposes, with precedents and a field."""
    answers = {"purpose": "find_objects+map_surfaces"}
    return Recommender(DEFAULT).recommend(UseCase(name, answers, domain="microscopy", objects=name))


def verdict(name, kind):
    """Return a verdict of some kind for a use case of some name."""
    problem = Problem(Location(name, 1, 2), f"'{name}' is wrong", name, "use_case", name)
    cases = {
        "as_expected": UseCase(name, {"count_matters": "no"}, expect=("semantic_segmentation",)),
        "differs": UseCase(name, {"count_matters": "no"}, expect=("object_detection",)),
        "undecided": UseCase(name, {"count_matters": "yes"}),
        "no_expectation": UseCase(name, {"count_matters": "no"}),
    }
    if kind == "provisional":
        found = judge(Recommender(DEFAULT).recommend(UseCase(name, {"count_matters": "no"})))
    else:
        found = judge(Recommender(RULES).recommend(cases[kind]) if kind in cases else InputError([problem]))
    assert found.status == kind
    return found


VERDICTS = ("as_expected", "differs", "undecided", "provisional", "no_expectation", "unreadable")
ARCHITECTURES = [variant for variants in RULES.architectures.values() for variant in variants]


def written_by(name):
    """Return the rules with a name wherever their author writes freely."""
    rules = copy.copy(RULES)
    rules.title = rules.summary = rules.attribution = rules.licence = name
    rules.questions = {id_: {**text, "title": name, "ask": name} for id_, text in RULES.questions.items()}
    rules.strategies = {id_: {**text, "title": name, "label": name} for id_, text in RULES.strategies.items()}
    return rules


@cache
def sample(kind, name="A name"):
    """Return the arguments of a kind of result, with a name wherever a user can put one."""
    problem = Problem(Location(name, 3, 4), f"'{name}' is wrong", name, "shape", name)
    cases = [UseCase(name, {"count_matters": answer}, expect=("object_detection",)) for answer in ("yes", "no")]
    return {
        "recommendations": lambda: ([result(name), result(name, {"count_matters": "yes"}), of_default(name)], RULES),
        "verdicts": lambda: ([verdict(name, kind) for kind in VERDICTS],),
        "problems": lambda: ([problem, problem._replace(hint=None)], [name]),
        "architectures": lambda: (Catalogue(ARCHITECTURES, RULES.assistants), RULES),
        "tree": lambda: (written_by(name), UseCase(name, {"count_matters": "yes", "occlusion": "low"})),
        "comparison": lambda: (compare(RULES, list(RULES.offered), result(name)), RULES),
        "measurements": lambda: (measured(name), RULES),
        "label_agreement": lambda: (compared(name), RULES),
        "agreement": lambda: (
            [measure([Case(case, second_rater={}) for case in cases], RULES)],
            cross_validate([Case(case) for case in cases], RULES, DEFAULT, 3),
        ),
    }[kind]()


def compared(name):
    """Return how two annotators agree on an image and its classes, all called by a name."""
    sets = []
    for box in ((0, 0, 10, 10), (0, 0, 10, 7)):
        builder = BatchBuilder()
        image = builder.image(Image(name, 100, 100, "", name))
        builder.label(image, name, 1, box=box)
        builder.label(image, f"{name} {box[3]}", 2, outline=[[(50, 50), (60, 50), (60, 60)]])
        builder.label(image, name, 3, box=(20 + box[3], 80, 25 + box[3], 85))
        sets.append(set_of(Source([builder.batch()], lambda batch: iter([batch])), f"{name} {box[3]}", name))
    return agreement_of(sets, RULES)


def measured(name):
    """Return what is measured of labels in which a name stands for a class, an image, a file and a data set."""
    builder = BatchBuilder()
    for number in range(30):
        image = builder.image(Image(f"{name} {number}", 640, 480, name, name))
        builder.label(image, name, 1, box=(0, 0, 40, 40), outline=[[(0, 0), (40, 0), (20, 40)]])
        builder.label(image, f"{name} 2", 2, box=(10, 10, 700, 400))
    builder.remark("bad_value", name, name)
    profile = Profile()
    silhouettes = SilhouetteSums(profile)
    profile.add(whole_batch(builder.batch(), silhouettes))
    silhouettes.flush()
    profile.formats[name] = 1
    return measurement(profile, RULES, name, name)


class Showing(NamedTuple):
    """One kind of result in one format."""

    format: str
    kind: str
    render: object

    def text(self, name="A name", page=Page()):  # noqa: B008 - a page is never changed
        """Return all that the format makes of results that bear a name wherever a user can put one."""
        return "".join(self.render(*sample(self.kind, name), page))


SHOWINGS = [
    Showing(name, kind, render)
    for name in names(renderers)
    for kind, render in pick(renderers, name, "format")._asdict().items()
    if callable(render)
]
every_showing = pytest.mark.parametrize("showing", SHOWINGS, ids=lambda one: f"{one.format}-{one.kind}")


def test_room_has_the_promised_formats():
    """Recommendations, checks and trees come in every format that users were promised."""
    kinds = {kind: {one.format for one in SHOWINGS if one.kind == kind} for kind in Renderer._fields}
    assert kinds["recommendations"] >= {"terminal", "json", "jsonl", "markdown", "html", "github"}
    assert kinds["verdicts"] >= {"terminal", "json", "markdown", "github", "junit", "sarif"}
    assert kinds["measurements"] >= {"terminal", "json", "markdown", "html"}
    assert kinds["tree"] >= {"terminal", "markdown", "html", "mermaid", "dot", "svg"}


@every_showing
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_format_leaves_nothing_that_a_terminal_obeys(showing, name):
    """Whatever stands in a name, no control, direction or invisible character leaves; the text ends its line."""
    text = showing.text(name)
    assert TERMINAL_OBEYS.findall(text) == []
    assert text.endswith("\n")
    text.encode("utf-8")


@every_showing
def test_format_is_deterministic(showing):
    """The same results give the same text."""
    assert showing.text() == showing.text()


@every_showing
def test_format_has_colour_only_where_the_page_has(showing):
    """Without colour there is no control sequence, on a page of any width."""
    for width in (20, 40, 80, 100):
        assert "\x1b" not in showing.text(page=Page(width))


@pytest.mark.parametrize("name", ["jsonl", "terminal", "markdown", "github"])
def test_format_shows_a_result_before_the_next_is_known(name):
    """The first result leaves before the second use case is read."""
    seen = []
    results = (seen.append(number) or result(f"case {number}") for number in range(3))
    pieces = pick(renderers, name, "format").recommendations(results, RULES, Page())
    assert "case 0" in next(pieces)
    assert seen == [0]


def test_json_list_leaves_piece_by_piece():
    """A JSON list begins as soon as it is known to be one, so that memory stays constant."""
    seen = []
    results = (seen.append(number) or result(f"case {number}") for number in range(5))
    pieces = pick(renderers, "json", "format").recommendations(results, RULES, Page())
    assert next(pieces).startswith("[\n")
    assert len(seen) == 2
    assert json.loads("[" + "".join(pieces).lstrip(",")) is not None


def test_text_verdicts_leave_one_by_one():
    """In the text of a check, a line leaves as soon as its use case is judged."""
    seen = []
    verdicts = (seen.append(kind) or verdict("x", kind) for kind in VERDICTS)
    assert next(pick(renderers, "terminal", "format").verdicts(verdicts, Page())).startswith("ok")
    assert seen == ["as_expected"]


@pytest.mark.parametrize("kind", ["recommendations", "verdicts", "problems", "architectures"])
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_json_stays_json_and_keeps_the_name(kind, name):
    """In JSON a name is whole, however strange, and the text is plain ASCII."""
    showing = next(one for one in SHOWINGS if (one.format, one.kind) == ("json", kind))
    text = showing.text(name)
    assert text.isascii()
    document = json.loads(text)
    if kind == "recommendations":
        assert [entry["name"] for entry in document] == [name, name, name]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_markdown_takes_nothing_in_a_name_for_markup(name):
    """A name is shown in Markdown as it is: no link, no emphasis, no HTML, no second line."""
    text = "".join(pick(renderers, "markdown", "format").recommendations([result(name)], RULES, Page()))
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    assert [token.tag for token in tokens[:3]] == ["h2", "", "h2"]
    inline = tokens[1].children
    assert {token.type for token in inline} <= {"text"}
    assert "".join(token.content for token in inline) == printable(name).strip()


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_markdown_verdicts_are_one_table_whatever_a_name_holds(name):
    """A job's summary stays a table with four columns and a line under it; no name adds a cell, a row or a link."""
    showing = next(one for one in SHOWINGS if (one.format, one.kind) == ("markdown", "verdicts"))
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(showing.text(name))
    kinds = [token.type for token in tokens]
    assert (kinds.count("table_open"), kinds.count("tr_open"), kinds.count("td_open")) == (1, 7, 24)
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "code_inline", "strong_open", "strong_close"}


def test_quiet_markdown_verdicts_show_only_what_fails():
    """`check --quiet --format markdown` shows only what fails, and no table where nothing does."""
    render = pick(renderers, "markdown", "format").verdicts
    good, bad = verdict("good", "as_expected"), verdict("bad", "differs")
    assert "good" not in "".join(render([good, bad], Page(quiet=True)))
    assert "".join(render([good], Page(quiet=True))) == "**1 use case: 1 as expected**\n"


def test_markdown_is_made_of_the_blocks_that_it_means():
    """A whole record is Markdown without stray HTML, with its tables as tables."""
    text = "".join(pick(renderers, "markdown", "format").recommendations([result()], RULES, Page()))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not {"html_inline", "code_block", "fence", "hr"} & kinds
    folds = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(r"<details><summary>[A-Za-z ,]+</summary>\n|</details>\n", fold) for fold in folds)
    assert len(folds) == 4
    assert {"heading_open", "bullet_list_open", "table_open", "link_open", "code_inline"} <= kinds


@pytest.mark.parametrize("kind", ["recommendations", "verdicts", "problems"])
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_github_takes_nothing_in_a_name_for_a_command(kind, name):
    """A name can neither end a workflow command, nor start one, nor add a property to it."""
    showing = next(one for one in SHOWINGS if (one.format, one.kind) == ("github", kind))
    command = re.compile(r"::(?:error|warning|notice) file=[^:,]*(?:,line=\d+,col=\d+)?,title=[^:,]*::.*")
    lines = showing.text(name).split("\n")
    summary = [
        "5 use cases: 1 as expected, 1 differs, 1 undecided, 1 provisional, 1 without expectation; 1 could not be read"
    ]
    commands = {"recommendations": 3, "verdicts": 5, "problems": 2}[kind]
    assert all(command.fullmatch(line) for line in lines[:commands])
    assert lines[commands:] == [*(summary if kind == "verdicts" else []), ""]


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("kind", ["recommendations", "architectures", "tree", "comparison", "measurements"])
def test_text_fits_the_page(kind, width):
    """No line of text is wider than the page or ends in a space, whatever the name and the answers."""
    showing = next(one for one in SHOWINGS if (one.format, one.kind) == ("terminal", kind))
    for name in HOSTILE if kind in {"recommendations", "measurements"} else ["A name"]:
        lines = showing.text(name, Page(width)).splitlines()
        assert [line for line in lines if cell_len(line) > width or line != line.rstrip()] == []


@pytest.mark.parametrize("width", [40, 80])
def test_text_fits_the_page_for_every_combination_of_answers(width):
    """Every answer that the rules can give is laid out within the page."""
    chosen = {json.dumps(found.outcome.document): found for found in map(_recommended, COMBINATIONS[::7])}
    pieces = pick(renderers, "terminal", "format").recommendations(chosen.values(), RULES, Page(width))
    lines = "".join(pieces).splitlines()
    assert [line for line in lines if cell_len(line) > width or line != line.rstrip()] == []


def _recommended(answers):
    return result("A name", answers)


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("kind", ["recommendations", "architectures", "tree", "comparison", "measurements"])
def test_text_is_ascii_where_nothing_else_can_be_shown(kind, width):
    """At a terminal without other characters trees and charts are drawn with ASCII."""
    showing = next(one for one in SHOWINGS if (one.format, one.kind) == ("terminal", kind))
    assert showing.text(page=Page(width, ascii=True)).isascii()


def test_text_with_colour_says_the_same():
    """Colour adds nothing but colour: without its codes the coloured page has the same words."""
    showing = next(one for one in SHOWINGS if (one.format, one.kind) == ("terminal", "recommendations"))
    plain, coloured = showing.text(page=Page(80)), showing.text(page=Page(80, colour=True))
    assert "\x1b[" in coloured
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()] == plain.splitlines()


def test_rich_markup_in_a_name_is_text():
    """`[bold]x[/bold]` in a name is shown as it is typed."""
    text = "".join(
        pick(renderers, "terminal", "format").recommendations([result("[bold]x[/bold] :tada:")], RULES, Page())
    )
    assert text.startswith("[bold]x[/bold] :tada:\n")


MIXED = UseCase(
    "Mixed",
    {"count_matters": "yes", "occlusion": "moderate", "shape_variance": "low", "compute_budget": "moderate"},
    classes={"soil": {"count_matters": "no"}, "heads": {}},
    images=500,
    objects_per_image=20,
)


def mixed(format_, page=Page()):  # noqa: B008 - a page is never changed
    """Return what a format says of a project whose classes need labels drawn side by side."""
    found = Recommender(RULES).recommend(MIXED)
    return "".join(pick(renderers, format_, "format").recommendations([found], RULES, page))


@pytest.mark.parametrize("format_", ["terminal", "markdown", "github"])
def test_labels_side_by_side_have_one_headline_in_every_format(format_):
    """Where classes need several labels, every format says the same, and none says that one of them will do."""
    assert "Instance segmentation plus semantic segmentation" in mixed(format_)


@pytest.mark.parametrize("format_", ["terminal", "markdown"])
def test_labels_side_by_side_are_each_drawn_modelled_and_added_up(format_):
    """Each label has its own line on what to draw and its own models, and their hours are added up."""
    text = mixed(format_)
    assert text.count("Draw: ") == 2
    for word in ("drawn side by side", "Together", "EfficientViT-Seg-L2", "RF-DETR-Seg 2XLarge"):
        assert word in text
    for strategy in ("semantic_segmentation", "instance_segmentation"):
        assert text.count(f"annostrat architectures -s {strategy}") == 1


def test_markdown_has_the_sections_of_the_text():
    """A record for a pull request leaves out nothing that the terminal says, in the same order."""
    headings = re.findall("^### (.*)$", mixed("markdown"), re.MULTILINE)
    lines = mixed("terminal", Page(100)).splitlines()
    assert headings == [line for line in lines if line in headings]
    assert {"Take care", "Classes", "Why, for the whole", "Why not, for the whole", "Tips", "Sources"} <= set(headings)


def test_quiet_text_is_two_lines():
    """A quiet page has the answer with its status, and what must be said beside it."""
    assert mixed("terminal", Page(120, quiet=True)).splitlines() == [
        "Mixed: Instance segmentation plus semantic segmentation",
        "  There is enough computing for masks, which cope with overlap and changing outlines better than boxes.",
    ]


@pytest.mark.parametrize("width", [40, 60, 64, 80, 100])
def test_text_loses_no_character_of_an_address_or_a_table(width):
    """On a narrow page an address folds, and a cell of a table wraps; neither is cut."""
    folded = re.sub(r"\s", "", mixed("terminal", Page(width)))
    assert "https://hasty.ai/content-hub/articles/how-to-nail-your-annotation-strategy" in folded
    assert "\u2026" not in folded
    showing = next(one for one in SHOWINGS if (one.format, one.kind) == ("terminal", "architectures"))
    stated = [one for one in [*ARCHITECTURES, *RULES.assistants] if one["weights_licence"] == "not stated"]
    assert stated
    assert showing.text(page=Page(width)).count("stated") == len(stated)


def test_tree_says_where_the_answers_end():
    """The way that answers take ends at a strategy, or says that it goes no further."""
    draw = pick(renderers, "terminal", "format").tree
    assert "* the answers given end here" in "".join(draw(RULES, UseCase("", {"count_matters": "yes"}), Page()))
    assert "the answers given" not in "".join(draw(RULES, UseCase("", {"count_matters": "no"}), Page()))
    low = {"count_matters": "yes", "occlusion": "low", "shape_variance": "moderate", "compute_budget": "limited"}
    assert "* compute_budget=limited -> Object detection" in "".join(draw(RULES, UseCase("", low), Page(100)))
