"""The report as a page: complete, in one file that nothing in it can turn into something else."""

import base64
import copy
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from annostrat.errors import printable
from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path
from annostrat.recommendation.engine import Recommender
from annostrat.render.charts.charts import Bar, interval_chart
from annostrat.render.formats import html
from annostrat.render.page.blocks import link, section
from annostrat.render.page.card import card, hue_rules
from annostrat.render.page.html import data, document
from annostrat.render.renderer import Page
from annostrat.render.sections.recommendation import sections
from annostrat.render.sections.sections import Link, Paragraph, Picture, Point, Section
from annostrat.use_cases.use_case import UseCase

RULES = load_rules()
WHEAT = UseCase(
    "Wheat heads",
    {"count_matters": "yes", "occlusion": "moderate", "shape_variance": "low", "compute_budget": "limited"},
    description="Count heads per square metre.",
    images=1200,
    objects_per_image=35,
)
VOID = {"meta", "br", "link", "input"}


class Outline(HTMLParser):
    """A page as its elements, texts and attributes; it complains about what is not closed in order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.headings, self.links, self.texts, self.attributes = [], [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        """Note an element that opens."""
        self.attributes += [(tag, *pair) for pair in attrs]
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append([int(tag[1]), ""])

    def handle_startendtag(self, tag, attrs):
        """Note an element that is closed at once."""
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        """Check that the last element that opened is closed."""
        assert self.open.pop() == tag

    def handle_data(self, text):
        """Note a text."""
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(text)
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            self.headings[-1][1] += text


def report(*cases):
    """Return the page of use cases."""
    recommender = Recommender(RULES)
    return "".join(html.PLUGIN.recommendations([recommender.recommend(case) for case in cases], RULES, Page()))


def test_report_is_one_well_formed_page():
    """Every element is closed in order, and the page states language, viewport and title."""
    page = report(WHEAT)
    outline = Outline(page)
    assert page.startswith('<!doctype html>\n<html lang="en">\n')
    assert ("meta", "name", "viewport") in outline.attributes
    assert "<title>Wheat heads</title>" in page


def test_report_has_what_the_terminal_has_and_every_source():
    """A reader without the command misses nothing: the text's sections, the answers, and the sources of the figures."""
    outline = Outline(report(WHEAT))
    headings = [title for _, title in outline.headings]
    result = Recommender(RULES).recommend(WHEAT)
    shown = {part.title for part in sections(result, RULES) if part.parts} - {"What would change it"}
    assert shown <= set(headings)
    assert headings[:3] == ["Wheat heads", "Why", "Alternatives"]
    assert headings[3].startswith("What it takes")
    assert headings[-1] == "Sources"
    effort = Recommender(RULES).recommend(WHEAT).effort
    addresses = {reference["url"] for reference in effort["references"].values()} - {None}
    assert addresses <= set(outline.links)
    assert "Count heads per square metre." in outline.texts
    assert RULES.digest in outline.texts


def test_report_has_one_first_heading_and_skips_no_level():
    """Headings nest, for one use case and for several."""
    for cases in ([WHEAT], [WHEAT, WHEAT._replace(name="Other")]):
        levels = [level for level, _ in Outline(report(*cases)).headings]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_report_speaks_in_words():
    """A lead reads what was answered, not the names that files use for it."""
    texts = " ".join(Outline(report(WHEAT)).texts)
    assert "Count: yes, each one." in texts
    assert "Occlusion: now and then." in texts
    assert not re.search(r"\b(count_matters|shape_variance|occlusion|purpose)\b[=)]", texts)


def test_report_says_who_decided_when(monkeypatch):
    """Owner, decision and version are at the top, and SOURCE_DATE_EPOCH makes the page the same at every run."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1611100800")
    page = report(WHEAT._replace(owner="Ada <Farm>", decided_by="the board"))
    signed = "Owner: Ada &lt;Farm&gt; &middot; Decided by: the board &middot; 20 January 2021 &middot; annostrat "
    assert signed in page
    assert page == report(WHEAT._replace(owner="Ada <Farm>", decided_by="the board"))


def test_first_screen_has_what_a_lead_asks_for():
    """Strategy, status, experts with their interval, hours, money and the open question are in the card."""
    asked = {"purpose": "count_objects", "extent_visible": "yes"}
    effort = {"hourly_rate": 12, "currency": "EUR"}
    texts = " ".join(
        Outline(card(Recommender(RULES).recommend(WHEAT._replace(answers=asked, effort=effort)), RULES)).texts
    )
    for text in (
        "Decided",
        "Object detection",
        "An upright box",
        "8 of 14",
        "57% (33 to 79%)",
        "211 hours",
        "(97 to 684)",
    ):
        assert text in texts
    for text in ("EUR 2,538", "(1,166 to 8,211)", "Points", "if visible extent: no"):
        assert text in texts


SIDE_BY_SIDE = {"purpose": "tag_images+map_surfaces", "compute_budget": "limited", "count_matters": "no"}
UNTIMED = {"purpose": "trace_lines+read_pose"}


@pytest.mark.parametrize(
    ("answers", "effort", "wanted"),
    [
        (SIDE_BY_SIDE, {"hourly_rate": 10, "currency": "EUR"}, ["<strong>EUR 1,616</strong> (796 to 1,999+)"]),
        (UNTIMED, {"unit_price": 2}, ["<strong>10,000</strong> for keypoints alone (2 for each object)"]),
        (UNTIMED, {"hourly_rate": 10}, ["<strong>1,007</strong> (661 to 1,417) without polylines"]),
    ],
)
def test_first_screen_has_the_money_for_all_labels_that_are_drawn(answers, effort, wanted):
    """The sum is that of the hours beside it; without one, the price of a label is named as its alone."""
    case = UseCase("A", answers, images=1000, objects_per_image=5, effort=effort)
    shown = card(Recommender(RULES).recommend(case), RULES)
    assert re.findall("<dt>Money</dt><dd>(.*?)</dd>", shown) == wanted


def test_first_screen_sums_up_the_hours_that_are_known():
    """A label without a published time is named beside the hours of the others."""
    case = UseCase("A", UNTIMED, images=1000, objects_per_image=5)
    shown = card(Recommender(RULES).recommend(case), RULES)
    hours = "<strong>101 hours</strong> (66 to 142), without polylines, quality assurance included"
    assert f"<dt>Labelling time</dt><dd>{hours}</dd>" in shown


def test_page_speaks_of_the_class_whose_way_is_shown():
    """Reasons, and what would change them, are those of one class; of an alternative only what is new is described."""
    boxes = {"purpose": "find_objects", "orientation_matters": "no"}
    page = report(UseCase("A", {}, classes={"car": boxes, "road": {"purpose": "map_surfaces"}}))
    assert "<h2>Why, for the class car</h2>" in page
    assert "if orientation: yes for car</dd>" in page
    row = page.partition("<span>Oriented boxes plus semantic segmentation</span>")[2].partition("</tr>")[0]
    assert '<td data-title="Gives">The angle, and a tight fit around long objects at a slant</td>' in row


def test_contents_count_the_warnings_of_each_use_case():
    """A list of several use cases says which of them to look at."""
    cracks = UseCase("Cracks", {"purpose": "trace_lines", "count_matters": "no"})
    page = report(cracks, UseCase("Fields", {"purpose": "map_surfaces"}))
    assert ">Cracks</a> <span>Semantic segmentation, 1 warning</span>" in page
    assert ">Fields</a> <span>Semantic segmentation</span>" in page


def test_long_name_is_set_smaller():
    """On a phone a name of three lines must not push the decision off the screen."""
    assert '<h1 class="long" dir="auto">' in report(UseCase("word " * 17, {}))
    assert '<h1 dir="auto">' in report(UseCase("word " * 16, {}))


def test_first_screen_says_how_many_experts_chose_each_of_several_labels():
    """Where the whole has no precedents, its labels have."""
    case = UseCase("A", {"purpose": "count_objects+map_surfaces", "extent_visible": "yes"})
    shown = card(Recommender(RULES).recommend(case), RULES)
    chose = "<strong>8 of 14</strong> such projects chose object detection; 61 of 65 semantic segmentation"
    assert f"<dt>Experts</dt><dd>{chose}</dd>" in shown


def test_first_screen_has_words_for_the_answers_that_settle():
    """A reader is shown the titles of answers, not their ids."""
    shown = card(Recommender(RULES).recommend(UseCase("A", {})), RULES)
    assert "The answers &quot;A verdict for the whole picture&quot;, &quot;What covers what&quot; and " in shown
    assert "tag_images" not in shown


def test_first_screen_names_all_that_would_be_drawn_after_a_change():
    """Who counts seedlings and maps moss would still map it, if points replaced the boxes."""
    answers = {"purpose": "count_objects", "extent_visible": "yes"}
    page = report(UseCase("Trays", answers, classes={"seedling": {}, "moss": {"purpose": "map_surfaces"}}))
    assert "<dt>What would change it</dt><dd><strong>Points plus semantic segmentation</strong>" in page


def test_first_screen_of_an_open_case_says_what_settles_it():
    """Where nothing is decided, the card has no colour of a strategy, the question to ask, and where to start."""
    open_card = card(
        Recommender(RULES).recommend(UseCase("Open", {"purpose": "unknown", "count_matters": "yes"})), RULES
    )
    assert '<div class="annostrat-card undecided">' in open_card
    texts = " ".join(Outline(open_card).texts)
    for text in ("What settles it", "How often do objects of interest", "To start today", "in 20 images"):
        assert text in texts


def test_card_is_safe_in_any_page():
    """A card loads nothing and runs nothing, and a rule set of one's own cannot put markup into it."""
    rules = copy.copy(RULES)
    hostile = "</style><script>alert(1)</script>"
    rules.strategies = {id_: {**text, "title": hostile, "label": hostile} for id_, text in rules.strategies.items()}
    outline = Outline(card(Recommender(rules).recommend(WHEAT), rules))
    assert not {tag for tag, *_ in outline.attributes} & {"script", "img", "link"}
    assert {attribute for _, attribute, _ in outline.attributes} & {"style", "onclick", "src", "href"} == set()
    assert hostile in outline.texts


def test_any_strategy_has_a_colour_on_a_page():
    """A strategy of one's own rules has a colour too, whatever its id holds."""
    assert hue_rules(["my.own-label"]).startswith(".hue-my\\.own-label{--hue:light-dark(#")


def test_several_use_cases_have_a_table_of_contents():
    """Each entry leads to a record on the page, and says what the use case comes to."""
    page = report(
        WHEAT,
        UseCase("Roads", {"count_matters": "no"}),
        UseCase("Open", {"purpose": "unknown", "count_matters": "yes"}),
    )
    outline = Outline(page)
    assert outline.links[:3] == ["#case-1", "#case-2", "#case-3"]
    assert {("article", "id", f"case-{number}") for number in (1, 2, 3)} <= set(outline.attributes)
    assert "Undecided: instance segmentation or object detection" in "".join(outline.texts)
    assert "<nav" not in report(WHEAT)


def test_nothing_at_all_is_no_page():
    """Where no use case could be read there is no page, so that a file keeps its old content."""
    assert report() == ""


def test_page_allows_only_what_it_was_made_with():
    """The policy forbids everything, and allows the style sheet by its digest; nothing has a style of its own."""
    page = report(WHEAT)
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    styles = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    assert policy == f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'"
    assert "<script" not in page
    assert {name for _, name, _ in Outline(page).attributes} & {"style", "onclick", "src"} == set()


@pytest.mark.parametrize(
    "name",
    ["</script><script>alert(1)</script>", "</style></title><b>x</b>", "\"'><img src=x onerror=alert(1)>", "x" * 300],
)
def test_names_are_text_everywhere(name):
    """A name of a use case, a description and a class are shown as they are typed, and open no element."""
    case = WHEAT._replace(name=name, description=name, classes={name: {"count_matters": "no"}})
    outline = Outline(report(case, WHEAT))
    assert not {tag for tag, *_ in outline.attributes} & {"script", "img", "b"}
    assert [text for text in outline.texts if name in text] != []
    assert printable("\u202e") in report(WHEAT._replace(name="a\u202eb"))


@pytest.mark.parametrize("name", ["labels", "</script><b>x</b>", "\"'><img src=x onerror=alert(1)>"])
def test_report_of_a_measurement_is_one_safe_page(name):
    """What was measured is a page like the others: well-formed, with nested headings, in which every name is text."""
    found = measured(name)
    page = "".join(html.PLUGIN.measurements(found, RULES, Page()))
    outline = Outline(page)
    levels = [level for level, _ in outline.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert not {tag for tag, *_ in outline.attributes} & {"script", "img", "b"}
    assert {attribute for _, attribute, _ in outline.attributes} & {"style", "onclick", "src"} == set()
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert outline.texts.count(printable(name)) >= 4


def test_report_of_a_measurement_explains_its_figures():
    """A reader finds the findings under the answers, and of each figure what it says."""
    outline = Outline("".join(html.PLUGIN.measurements(measured("labels"), RULES, Page())))
    headings = [title for _, title in outline.headings]
    assert headings[:4] == ["labels", "What the labels say", "What they cannot say", "Findings"]
    assert headings[-2:] == ["Sources", "How to go on"]
    assert "Area over that of the convex hull." in outline.texts


def measured(name):
    """Return what is measured in the smallest COCO file, in which every class bears a name."""
    path = Path(__file__).parents[3] / "examples" / "annotations" / "coco" / "instances.json"
    found = measurement(measure_path(str(path)).profile, RULES, name, name)
    for entry in found["classes"]:
        entry["name"] = name
    return found


def test_data_cannot_end_its_element():
    """A value for a script survives whole, and no text in it ends the element."""
    text = data({"</script>": "<!-- & \u2028 \x7f"}, "rules")
    assert text.startswith('<script type="application/json" id="rules">{')
    assert text.count("</") == 1
    assert text.isascii()
    assert "\x7f" not in text


def test_page_of_scripts_allows_just_these():
    """A page with a script names the digest of exactly what it runs."""
    page = document("t", "<p>x</p><style>p{}</style>", scripts=["../web/base.css"])
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert page.count("'sha256-") == 3


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", None, "JavaScript:alert(1)"])
def test_link_leads_to_the_web_or_nowhere(url):
    """An address of a user's own bibliography that is none of the web is only shown as text."""
    assert link("a <b>", url) == "a &lt;b&gt;"


def test_section_groups_points_and_shows_figures():
    """Points of a kind are one list; a figure has its alternative; a section without parts is left out."""
    parts = [
        Point("one", lead="Lead:"),
        Point("two `annostrat check` <x>`"),
        Point("step", mark="1."),
        Paragraph("x=y", aside=True),
        Link("a", "t", "https://example.org"),
        Picture(lambda: "<svg></svg>", "A picture of <x>"),
        Picture(lambda: "<svg></svg>"),
    ]
    assert section(Section("T", parts), 3, RULES).splitlines() == [
        "<section>",
        "<h3>T</h3>",
        '<ul class="points">',
        "<li><strong>Lead:</strong> one</li>",
        "<li>two <code>annostrat check</code> &lt;x&gt;`</li>",
        "</ul>",
        '<ol class="steps">',
        "<li>step</li>",
        "</ol>",
        '<p class="aside"><code>x=y</code></p>',
        '<ul class="sources">',
        '<li><a href="https://example.org">a</a>: t</li>',
        "</ul>",
        '<figure role="img" aria-label="A picture of &lt;x&gt;"><svg></svg></figure>',
        '<figure aria-hidden="true"><svg></svg></figure>',
        "</section>",
    ]
    assert section(Section("T", []), 3, RULES) == ""
    assert "<li><code>a</code> t</li>" in section(Section("Sources", [Link("a", "t", None)]), 3, RULES)


def test_record_links_the_nearest_projects_with_what_was_chosen():
    """A lead can look up what experts chose; of several purposes, each has its own projects."""
    answers = {"purpose": "find_objects", "orientation_matters": "no"}
    page = report(UseCase("Heads", answers, domain="agriculture", objects="wheat heads"))
    of_one = page.partition("<h2>Nearest projects</h2>")[2].partition("</section>")[0]
    assert re.search(r"<p>Chosen in \d+ projects with such answers: object detection \(\d+\), ", of_one)
    assert len(re.findall(r'<li><a href="https?://[^"]+">[^<]+</a>: [a-z ]+ \(\d{4}\)</li>', of_one)) == 5
    page = report(UseCase("Both", {"purpose": "find_objects+map_surfaces", "orientation_matters": "no"}))
    of_both = page.partition("<h2>Nearest projects</h2>")[2].partition("</section>")[0]
    assert "<p>Object detection: chosen in " in of_both
    assert "<p>Semantic segmentation: chosen in " in of_both


def test_report_states_the_use_case():
    """A lead reads what was answered, each of several purposes, in which field, on what, and who labels how."""
    case = UseCase(
        "Apples",
        {"purpose": "count_objects+measure_objects", "occlusion": "low", "count_matters": "unknown"},
        images=4000,
        objects_per_image=30.5,
        domain="agriculture",
        objects="apples on trees",
        effort={"hourly_rate": 1500, "currency": "EUR", "assistance": True},
    )
    rules = load_rules("infographic")
    page = "".join(html.PLUGIN.recommendations([Recommender(rules).recommend(case)], rules, Page()))
    (stated,) = re.findall("<h2>The use case</h2>(.*?)</section>", page, re.DOTALL)
    assert re.findall("<li>(.*?)</li>", stated) == [
        "<strong>Purpose:</strong> Only how many, or the spot of each; outline, area or size of each thing",
        "<strong>Occlusion:</strong> Rarely",
        "<strong>Count:</strong> Not known",
        "<strong>Field:</strong> Agriculture",
        "<strong>Objects:</strong> apples on trees",
        "<strong>Amount:</strong> 4,000 images, 30.5 objects of interest in each",
        "<strong>Effort:</strong> hourly rate 1,500, currency EUR, assistance yes",
    ]


@pytest.mark.parametrize("most", [0.0, 0.004, 0.9, 1.0, 7.0, 99.0, 1800.0, 123_456.0, 1e14])
def test_chart_holds_every_interval(most):
    """Whatever the amount, the scale starts at zero, ends above it, and has few marks."""
    svg = interval_chart([Bar("a <b>", 0.0, most / 2, most, "said")])
    places = [float(x) for x in re.findall(r'(?:x[12]|cx)="([\d.]+)%"', svg)]
    assert min(places) == 1.0
    assert max(places) <= 99.0
    assert 2 <= svg.count('class="grid"') <= 6
    assert "a &lt;b&gt;" in svg


@pytest.mark.parametrize("name", ["infographic", "purpose_first"])
def test_page_of_a_rule_set_is_one_light_file(name):
    """The interactive page is well-formed, weighs at most 175 kB, and allows just its own script and style."""
    rules = load_rules(name)
    page = "".join(html.PLUGIN.tree(rules, UseCase(""), Page()))
    assert len(page.encode()) <= 175_000
    outline = Outline(page)
    assert [title for level, title in outline.headings if level == 1] == ["Which label do your images need?"]
    assert {name for _, name, _ in outline.attributes} & {"style", "src", "onclick"} == set()
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_page_carries_the_rules_and_the_use_case():
    """What the page computes with is the tree itself, with all that can follow, and what the use case tells."""
    rules = load_rules("purpose_first")
    answers = {"count_matters": "no", "label_budget": "tight"}
    case = UseCase("Roads", answers, images=900, effort={"hourly_rate": 12, "assistance": True, "qa_share": 0.2})
    page = "".join(html.PLUGIN.tree(rules, case, Page()))
    (text,) = re.findall('<script type="application/json" id="rules">(.*?)</script>', page)
    known = json.loads(text)
    assert known["begins"] == {
        "answers": answers,
        "settings": {"images": 900, "hourly_rate": 12, "assistance": True},
        "name": "Roads",
    }
    assert {node["id"] for node in known["nodes"]} == set(rules.nodes)
    assert set(known["questions"]) == set(rules.relevant)
    assert known["offered"] == list(rules.offered)
    assert dict(known["references"])["hasty-2021"] == rules.references["hasty-2021"]["url"]
    named = {
        source for one in rules.offered for claim in rules.strategies[one]["benefits"] for source in claim["sources"]
    }
    assert named <= {id_ for id_, _ in known["references"]}
