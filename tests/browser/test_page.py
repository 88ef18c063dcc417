"""The interactive page as people use it: by keyboard and by mouse, shared, printed, small, dark, and with odd names."""

import copy
import re
from itertools import product

import pytest

from annostrat.errors import printable
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.paths import merged_paths, possible
from annostrat.render.formats import html
from annostrat.render.page.card import card
from annostrat.render.renderer import Page
from annostrat.use_cases.files import as_yaml, read_use_cases
from annostrat.use_cases.use_case import UseCase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {name: load_rules(name) for name in ("infographic", "purpose_first")}
every_rule_set = pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
WHEAT = "#count_matters=yes&occlusion=moderate&shape_variance=low&compute_budget=limited"
COUNTS = "&.images=1200&.objects_per_image=35&.hourly_rate=12&.currency=EUR&.name=Wheat+heads"
PATHS = [
    ({question: words[0] for question, words in answers.items()}, strategy)
    for answers, strategy in merged_paths(RULES["infographic"])
]
HOSTILE = {
    "markup": "</script><script>alert(1)</script><b>x</b> <!-- ]]> &amp; ' \" `",
    "template": "${alert(1)} {{x}} \\u003c \\",
    "right to left": "\u202e\u05d2\u05d3\u2066 \u200b",
    "emoji": "🌾👩\u200d🌾 家畜",
    "long": "x" * 300,
}
EMPTY = "Answer the question, and the label to draw is shown here."
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def written(rules, answers=None):
    """Return the page of a rule set."""
    return "".join(html.PLUGIN.tree(rules, UseCase("", answers or {}), Page()))


@pytest.fixture
def visit(page, tmp_path):
    """Return a function that opens the page of a rule set, or any other, from a file; nothing else may be fetched."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    def go(content, fragment=""):
        path = tmp_path / f"page{len(asked)}.html"
        path.write_text(content if isinstance(content, str) else written(content), encoding="utf-8")
        page.goto(f"{path.as_uri()}{fragment}")
        return page

    yield go
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert len(asked) == len(set(tmp_path.glob("page*.html"))) + sum(url.startswith("blob:") for url in asked)


def answer_of(page):
    """Return what the page recommends."""
    return page.locator("#verdict .answer").inner_text()


def title_of(strategy):
    return RULES["purpose_first"].strategies[strategy]["title"]


def pieces_of(fragment):
    """Return a fragment's pairs."""
    return dict(pair.split("=") for pair in fragment.lstrip("#").split("&") if pair)


@pytest.mark.parametrize(("answers", "strategy"), PATHS, ids=[" ".join(answers.values()) for answers, _ in PATHS])
def test_every_answer_can_be_given_by_keyboard(visit, answers, strategy):
    """Whoever has no mouse answers every question with its number, and is told what that leads to."""
    page = visit(RULES["infographic"])
    for question, answer in answers.items():
        offered = [*RULES["infographic"].questions[question]["answers"]]
        page.keyboard.press(str(offered.index(answer) + 1))
    assert answer_of(page) == title_of(strategy)
    assert page.locator("#said").inner_text() == f"{title_of(strategy)}."
    assert pieces_of(page.evaluate("location.hash")) == answers
    assert page.evaluate("document.activeElement.id") == "asked"


@every_rule_set
def test_page_starts_empty_and_its_keys_work_at_once(visit, rules):
    """Nobody is told a strategy, a price or a warning before they answered, and the first key is an answer."""
    page = visit(rules)
    assert page.locator("#verdict").inner_text() == EMPTY
    assert page.locator("#reasons").inner_text() == ""
    for hidden in (".mine", ".takes", ".catalogue", ".keep"):
        assert page.locator(hidden).is_hidden()
    page.keyboard.press("1")
    first = rules.start.question
    assert pieces_of(page.evaluate("location.hash")) == {first: next(iter(rules.questions[first]["answers"]))}


def test_drawing_that_is_larger_than_its_frame_says_so(visit):
    """Where the drawing has to be scrolled, a line below says so; where it is whole, none does."""
    page = visit(RULES["infographic"])
    page.set_viewport_size({"width": 1280, "height": 2200})
    page.locator("#scrolls").wait_for(state="hidden")
    page.set_viewport_size({"width": 320, "height": 2200})
    page.locator("#scrolls").wait_for(state="visible")


@every_rule_set
def test_strategies_are_shown_with_their_label(visit, rules):
    """Each strategy side by side has a picture of its label that is drawn, in the colour that it has in the tree."""
    page = visit(rules, "#count_matters=no")
    for summary in page.locator("#strategies summary").all():
        summary.click()
    pictures = page.locator(".strategy .scene")
    assert pictures.count() == len(rules.offered)
    drawn = (
        "all => all.map(one => { const box = one.firstChild.getBBox(); return box.width > 100 && box.height > 60; })"
    )
    assert pictures.evaluate_all(drawn) == [True] * len(rules.offered)


@pytest.mark.parametrize(("answers", "strategy"), PATHS, ids=[" ".join(answers.values()) for answers, _ in PATHS])
def test_every_answer_can_be_given_by_mouse(visit, answers, strategy):
    """A click on an answer asks the next question, until nothing more matters."""
    page = visit(RULES["infographic"])
    for answer in answers.values():
        page.locator(f".choice[data-answer={answer}]").click()
    assert answer_of(page) == title_of(strategy)
    if "compute_budget" not in answers:
        page.locator(".choice").first.click()
    assert page.locator("#asked").inner_text() == "All that matters is answered."


def test_tab_and_enter_are_enough(visit):
    """Every control is reached with Tab and works with Enter, and the focus goes to the next question."""
    page = visit(RULES["infographic"])
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.dataset.answer ?? ''"))
        if seen[-1] == "no":
            break
    assert seen == ["yes", "no"]
    page.keyboard.press("Enter")
    assert answer_of(page) == "Semantic segmentation"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.answer") == "limited"


def test_every_control_can_be_reached_and_seen(visit):
    """Tab reaches every control that is shown, each with a visible ring."""
    page = visit(RULES["infographic"], WHEAT + COUNTS)
    selector = "button:enabled, input, select, summary, a[href], [tabindex='0']"
    shown = page.locator(selector).evaluate_all("all => all.filter(one => one.checkVisibility()).length")
    reached = 0
    for _ in range(shown + 5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        reached += 1
        ring = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert ring == ["solid", "3px"] or "auto" in ring[0]
    assert reached == shown


def test_going_back_takes_the_last_answer_back(visit):
    """Back asks the last question again, by button, by key and by the browser's own Back."""
    page = visit(RULES["infographic"])
    for answer in ("yes", "high"):
        page.locator(f".choice[data-answer={answer}]").click()
    first = RULES["infographic"].questions["occlusion"]["ask"]
    page.get_by_role("button", name="Back").click()
    assert page.locator("#asked").inner_text() == first
    assert pieces_of(page.evaluate("location.hash")) == {"count_matters": "yes"}
    page.keyboard.press("b")
    assert page.locator("#asked").inner_text() == RULES["infographic"].questions["count_matters"]["ask"]
    assert page.get_by_role("button", name="Back").is_disabled()
    page.go_back()
    assert pieces_of(page.evaluate("location.hash")) == {"count_matters": "yes"}
    page.go_back()
    assert answer_of(page) == "Instance segmentation"
    page.get_by_role("button", name="Start over").click()
    assert page.evaluate("location.hash") == ""
    assert page.locator("#verdict").inner_text() == EMPTY


def test_keys_do_nothing_outside_the_question(visit):
    """Whoever types a name or a number does not answer questions by it."""
    page = visit(RULES["infographic"], "#count_matters=no")
    page.locator("#name").press_sequentially("1 bub?")
    assert pieces_of(page.evaluate("location.hash"))["count_matters"] == "no"
    assert page.locator("#given .rows").first.inner_text().split("\n") == ["Count", "No, only what covers what"]


def test_unknown_keeps_what_is_possible_and_says_what_to_start_with(visit):
    """Saying unknown is an answer: what stays possible is listed, with the label that can be turned into the rest."""
    page = visit(RULES["infographic"])
    page.locator(".choice").first.focus()
    page.keyboard.press("1")
    for _ in range(3):
        page.keyboard.press("u")
    assert page.locator("#asked").inner_text() == "All that can be known is answered."
    assert answer_of(page) == "Undecided: object detection or instance segmentation"
    assert "label 20 images for instance segmentation" in page.locator("#verdict").inner_text()
    assert page.get_by_role("heading", name="What is still possible").is_visible()


def test_question_says_why_and_how_to_tell(visit):
    """The reason stands under the question; help and example are one key away."""
    page = visit(RULES["infographic"], "#count_matters=yes")
    asked = RULES["infographic"].questions["occlusion"]
    assert asked["why"] in page.locator("#asking").inner_text()
    assert not page.get_by_text(asked["help"]).is_visible()
    page.locator(".choice").first.focus()
    page.keyboard.press("?")
    assert page.get_by_text(asked["help"]).is_visible()
    assert page.get_by_text(asked["example"]).is_visible()
    for text in asked["answers"].values():
        assert page.get_by_text(text["meaning"]).is_visible()


@every_rule_set
def test_shared_link_shows_the_same_decision(visit, rules):
    """Whoever opens a link sees the answers, the counts and the decision of whoever copied it."""
    answers = {"count_matters": "yes", "purpose": "measure_objects", "occlusion": "low", "shape_variance": "unknown"}
    fragment = "#" + "&".join(f"{question}={answer}" for question, answer in answers.items()) + COUNTS
    page = visit(rules, fragment)
    remaining = possible(rules, answers)
    assert answer_of(page).lower().endswith(" or ".join(rules.strategies[one]["title"].lower() for one in remaining))
    assert page.locator("#images").input_value() == "1200"
    assert page.locator("#name").input_value() == "Wheat heads"
    assert page.locator("#project").inner_text() == "Wheat heads"
    assert page.locator("#refused").is_hidden()


def test_link_with_unknown_words_says_what_was_left_out(visit):
    """An answer that these rules do not offer is not guessed at, and what else the link holds is kept."""
    page = visit(
        RULES["infographic"], "#count_matters=no&occlusion=hihg&colour=red&.images=-3&__proto__=x&.constructor=1"
    )
    assert answer_of(page) == "Semantic segmentation"
    said = page.locator("#refused").inner_text()
    assert all(word in said for word in ("occlusion=hihg", "colour=red", ".images=-3", "__proto__=x", ".constructor=1"))


def test_page_starts_with_the_answers_it_was_made_with(visit):
    """`rules show --format html --answer ...` opens where the answers lead, until a link says otherwise."""
    page = visit(written(RULES["infographic"], {"count_matters": "no", "extent_visible": "yes"}))
    assert answer_of(page) == "Semantic segmentation"
    page.get_by_role("button", name="Start over").click()
    assert page.locator("#verdict").inner_text() == EMPTY


def test_page_starts_with_the_use_case_it_was_made_with(visit):
    """A project's name, amounts and prices are those of its file, on the page and in what it saves."""
    case = UseCase("Heads", {"purpose": "count_objects", "extent_visible": "yes"}, images=90, objects_per_image=4)
    page = visit("".join(html.PLUGIN.tree(RULES["purpose_first"], case, Page())))
    assert page.locator("#images").input_value() == "90"
    assert page.locator("#yaml").inner_text().splitlines()[0] == 'name: "Heads"'
    assert "objects_per_image: 4" in page.locator("#yaml").inner_text()


def test_way_through_the_drawing_lights_up(visit):
    """What is walked is marked in the drawing, what stays possible is kept, and the rest steps back."""
    page = visit(RULES["infographic"], "#count_matters=yes&occlusion=moderate")
    classes = "all => all.map(one => [one.dataset.node, one.classList.contains('met'), one.classList.contains('open')])"
    nodes = {node: (met, open_) for node, met, open_ in page.locator("#tree .node").evaluate_all(classes)}
    assert nodes == {
        "count": (True, True),
        "occlusion": (True, True),
        "shape_if_occluded": (True, True),
        "shape_if_free": (False, False),
        "compute": (False, True),
    }
    taken = "all => all.map(one => one.closest('.node').dataset.node + ' ' + one.dataset.answer)"
    assert page.locator("#tree .way.taken").evaluate_all(taken) == ["count yes", "occlusion moderate"]
    assert page.locator("#tree .node.here").get_attribute("data-node") == "shape_if_occluded"
    page.locator("#tree .node[data-node=count] .title").click()
    assert page.locator("#asked").inner_text() == RULES["infographic"].questions["count_matters"]["ask"]


def test_alternatives_can_be_tried(visit):
    """A click on what would change the decision changes it."""
    page = visit(RULES["infographic"], WHEAT)
    assert answer_of(page) == "Object detection"
    page.get_by_role("button", name="Occlusion: most of the time").click()
    assert answer_of(page) == "Instance segmentation"


def test_effort_follows_the_counts(visit):
    """Hours and money follow the counts at once, as the command would estimate them."""
    page = visit(RULES["infographic"], WHEAT)
    assert "Say how many images" in page.locator("#effort").inner_text()
    page.locator("#images").fill("1200")
    page.locator("#objects_per_image").fill("35")
    row = page.locator("#effort tbody tr").first
    assert row.inner_text().split() == [
        "Object",
        "detection",
        "211",
        "97",
        "to",
        "684",
        "5.3",
        "2.4",
        "to",
        "17",
    ]
    page.locator("#hourly_rate").fill("12")
    page.locator("#annotators").fill("2")
    assert "2,538" in row.inner_text()
    assert "2.6" in row.inner_text()
    bar = page.locator("#effort .bar").last
    before = bar.text_content()
    page.locator("#assistance").check()
    assert bar.text_content() != before
    page.locator("#images").fill("10")
    assert pieces_of(page.evaluate("location.hash"))[".images"] == "10"
    page.locator("#images").fill("-1")
    assert page.locator("#images").get_attribute("aria-invalid") == "true"
    assert pieces_of(page.evaluate("location.hash"))[".images"] == "10"


def test_effort_shows_the_parts_of_a_panoptic_label(visit):
    """Masks of the objects and a map of the surfaces are beside the panoptic label, with the shell's hours."""
    counts = "&.images=1000&.objects_per_image=10"
    page = visit(RULES["purpose_first"], f"#purpose=map_surfaces_and_objects&count_matters=yes{counts}")
    rows = [" ".join(row.split()) for row in page.locator("#effort tbody tr").all_inner_texts()]
    assert rows[0].startswith("Panoptic segmentation objects, and all surfaces 535 208 to 1,169+")
    assert rows[1].startswith(
        "Instance segmentation plus semantic segmentation each drawn by itself 535 208 to 1,169+ 13"
    )
    page = visit(RULES["purpose_first"], f"#purpose=map_surfaces_and_objects&count_matters=no{counts}")
    assert "surfaces such as sky or road are not in these hours" in page.locator("#effort").inner_text()
    page.locator("#surfaces").fill("3")
    assert "surfaces such as sky or road" not in page.locator("#effort").inner_text()


def test_models_follow_budget_and_licence(visit):
    """Models of the budget's tier are shown, and a licence leaves only those under it."""
    page = visit(RULES["infographic"], "#count_matters=no&compute_budget=limited")
    assert page.locator(".tier h3").all_inner_texts() == ["CPU or a small device"]
    page.locator("#licence").select_option("permissive")
    licences = page.locator(".tier tbody td:nth-child(6)").all_inner_texts()
    assert licences
    assert {re.split("[;\n]", licence)[0] for licence in licences} <= {
        "Apache-2.0",
        "MIT",
        "BSD-3-Clause",
        "BSD-2-Clause",
    }
    page.locator(".choice, .row").first.click()
    assert page.locator(".tier").count() >= 1


@every_rule_set
def test_strategies_stand_side_by_side(visit, rules):
    """Every strategy has a column with label, effort, reasons for and against, and what it can be turned into."""
    page = visit(rules, "#count_matters=no")
    for summary in page.locator("#strategies summary").all():
        summary.click()
    titles = page.locator(".strategy h3").all_inner_texts()
    assert {title.replace("recommended", "").strip() for title in titles} == {
        rules.strategies[one]["title"] for one in rules.offered
    }
    assert "recommended" in titles[0]
    assert page.locator(".strategy h4").count() == 6 * len(rules.offered)


NAMES = ["Wheat heads", "true", "null", "a: b # c", *HOSTILE.values(), "\x00\x1b[31m\ud800"]


def test_use_case_is_exported_as_the_command_writes_it(visit, tmp_path):
    """The file that the page saves is what `--write` would have written, and leads to the same strategy."""
    page = visit(RULES["infographic"], WHEAT + "&.images=1200&.objects_per_image=3.5&.assistance=yes")
    type_in = """name => { const field = document.getElementById('name'); field.value = name;
        field.dispatchEvent(new Event('input')); }"""
    path = tmp_path / "saved.yaml"
    for name in NAMES:
        page.evaluate(type_in, name)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Save it as a file").click()
        waiting.value.save_as(path)
        assert re.fullmatch(r"\w{1,60}\.yaml", waiting.value.suggested_filename)
        typed = page.locator("#name").input_value()
        effort = {"assistance": True}
        case = UseCase(typed, pieces_of(WHEAT), None, ("object_detection",), 1200, 3.5, effort=effort)
        assert path.read_text("utf-8") == as_yaml(case)
        (read,) = read_use_cases([str(path)], RULES["infographic"])
        assert Recommender(RULES["infographic"]).recommend(read).strategy["id"] == "object_detection"


def test_link_and_use_case_can_be_copied(visit):
    """One click puts the link, or the use case, on the clipboard, and says so."""
    page = visit(RULES["infographic"], "#count_matters=no")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("The link is copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith("#count_matters=no")
    page.get_by_role("button", name="Copy the use case").click()
    page.get_by_text("The use case is copied.").wait_for()
    assert "answers: {count_matters: no}" in page.evaluate("navigator.clipboard.readText()")


MUCH = "#purpose=measure_objects&label_budget=tight&occlusion=high&count_matters=yes&extent_visible=no"
TURNED = "#purpose=find_objects&orientation_matters=yes"
STATES = ["", "#count_matters=yes", WHEAT + COUNTS, TURNED + COUNTS, MUCH + COUNTS]


def smallest_print(page):
    """Return the size of the smallest text on paper, in points."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    px = page.evaluate("""() => Math.min(...[...document.querySelectorAll('body *')]
      .filter(one => one.checkVisibility() && !one.closest('svg'))
      .filter(one => [...one.childNodes].some(node => node.data?.trim()))
      .map(one => parseFloat(getComputedStyle(one).fontSize) * one.currentCSSZoom))""")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="null")
    return px * 0.75


@every_rule_set
def test_decision_prints_on_a_sheet_or_two(visit, rules):
    """The decision fits one sheet of A4 or Letter, or two if it could not be read; the screen stays as it was."""
    page = visit(rules)
    for fragment, paper in product(STATES, ("A4", "Letter")):
        page.evaluate("fragment => { location.hash = fragment; }", fragment)
        pdf = page.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) <= 1 + bool(fragment), (fragment, paper)
        assert smallest_print(page) >= 5.5
        assert page.evaluate("document.documentElement.scrollWidth") == 1280


@every_rule_set
@pytest.mark.parametrize(("width", "scale"), [(320, 1), (360, 3), (640, 2), (768, 1)])
def test_page_does_not_scroll_sideways(visit, rules, width, scale):
    """On a phone, and at 200 % and 400 % zoom of a screen, the page scrolls downwards only."""
    page = visit(rules)
    zoomed = page.context.browser.new_context(viewport={"width": width, "height": 700}, device_scale_factor=scale)
    try:
        phone = zoomed.new_page()
        for fragment in STATES:
            phone.goto(page.url.partition("#")[0] + fragment)
            phone.reload()
            assert phone.evaluate("document.documentElement.scrollWidth") == width
            assert phone.locator("#asked").is_visible()
    finally:
        zoomed.close()


def violations(page, node_module):
    """Return what axe-core finds against WCAG 2.2 AA, in a few words."""
    script = node_module("axe-core", "axe.min.js").read_text("utf-8")
    page.evaluate(script)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert len(found["passes"]) > 10
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("infographic", "light", 360),
        ("infographic", "dark", 1280),
        ("purpose_first", "dark", 360),
        ("purpose_first", "light", 1280),
    ],
)
def test_page_keeps_to_wcag(visit, node_module, name, scheme, width):
    """axe-core finds nothing against WCAG 2.2 AA, with no answer, some answers and all, by day and by night."""
    page = visit(RULES[name])
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for fragment in ("#x=y", *STATES[1:4]):
        page.evaluate("fragment => { location.hash = fragment; }", fragment)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert violations(page, node_module) == []


PROJECTS = ["wheat_heads", "seedling_trays", "mussel_beds", "roof_inspection", "colon_polyps", "harbour_ships"]


@pytest.mark.parametrize("name", PROJECTS)
def test_report_prints_on_two_pages(visit, name):
    """The record of a decision prints on a sheet, or a little more, and its sources on the second, A4 or Letter."""
    (case,) = read_use_cases([f"examples/use_cases/{name}.yaml"], RULES["purpose_first"])
    result = Recommender(RULES["purpose_first"]).recommend(case)
    page = visit("".join(html.PLUGIN.recommendations([result], RULES["purpose_first"], Page())))
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format=paper))) <= 2
    assert smallest_print(page) >= 5.75


def test_card_is_whole_in_a_page_of_its_own(visit):
    """In a notebook, where none of our other styles are, the card is as wide as its column and cuts nothing."""
    case = UseCase("Wheat", pieces_of(WHEAT), images=1200, objects_per_image=35)
    page = visit(
        "<!doctype html><body>" + card(Recommender(RULES["infographic"]).recommend(case), RULES["infographic"])
    )
    for width in (320, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.get_by_text("Object detection", exact=True).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_report_keeps_to_wcag(visit, node_module, scheme):
    """axe-core finds nothing against WCAG 2.2 AA in a report of several use cases either."""
    cases = [
        UseCase("Open", {"count_matters": "yes"}, "A farm."),
        UseCase(
            "Wheat", pieces_of(WHEAT), images=1200, objects_per_image=35, classes={"soil": {"count_matters": "no"}}
        ),
    ]
    recommender = Recommender(RULES["infographic"])
    report = html.PLUGIN.recommendations(map(recommender.recommend, cases), RULES["infographic"], Page())
    page = visit("".join(report))
    page.emulate_media(color_scheme=scheme)
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page, node_module) == []


def test_tree_can_be_read_without_scripts(visit):
    """Where scripts are switched off the page says so, shows the tree, and no control that would do nothing."""
    scripted = visit(RULES["infographic"])
    context = scripted.context.browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(scripted.url)
        assert page.get_by_text("JavaScript, which is switched off").is_visible()
        assert page.locator("#tree svg").is_visible()
        assert [one for one in page.locator("button, input, select").all() if one.is_visible()] == []
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_the_colours_of_the_readers_screen(page, visit, scheme):
    """By night the page is dark, the drawing and the forms too."""
    page.emulate_media(color_scheme=scheme)
    visit(RULES["infographic"], WHEAT)
    colours = [
        page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).{name}")
        for selector, name in (("body", "backgroundColor"), ("#tree .card", "fill"), ("#images", "backgroundColor"))
    ]
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) > 3 * 128 for colour in colours]
    assert light == [scheme == "light"] * 3


@every_rule_set
def test_page_is_light_and_ready_at_once(visit, rules):
    """The page weighs at most 175 kB and answers within 100 ms of its load."""
    assert len(written(rules).encode()) <= 175_000
    page = visit(rules)
    load, start, taken = page.evaluate(
        """(([{loadEventStart}], [{startTime, duration}]) => [loadEventStart, startTime, duration])(
            performance.getEntriesByType('navigation'), performance.getEntriesByName('annostrat'))"""
    )
    assert start + taken < load + 100


def hostile(text, name):
    """Return a shipped rule set with a text wherever its author writes freely."""
    rules = copy.copy(RULES[name])
    rules.title = rules.summary = rules.attribution = rules.licence = text
    meant = {"title": text, "meaning": text}
    told = {"title": text, "ask": text, "why": text, "help": text, "example": text}
    rules.questions = {
        id_: {
            **one,
            **told,
            "answers": {word: {**said, **meant} for word, said in one["answers"].items()},
        }
        for id_, one in rules.questions.items()
    }
    prose = dict.fromkeys(("title", "label", "summary", "gives", "costs", "when_not"), text)
    claims = {key: [{"text": text, "sources": ["hasty-2021"]}] for key in ("benefits", "drawbacks")}
    turned = [{"strategy": "points", "how": text, "loses": text}]
    rules.strategies = {id_: {**one, **prose, **claims, "converts_to": turned} for id_, one in rules.strategies.items()}
    return rules


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names_are_text_everywhere(visit, kind):
    """No text of a rule set is read as markup or script, or widens the page, whatever it holds."""
    text = HOSTILE[kind]
    page = visit(hostile(text, "purpose_first"))
    page.set_viewport_size({"width": 360, "height": 800})
    shown = re.sub(r"\s+", " ", printable(text)).strip()
    for fragment in ("", "#purpose=tag_images&.images=5", WHEAT):
        page.evaluate("fragment => { location.hash = fragment; }", fragment)
        assert page.locator("#asked").inner_text().strip() == shown or "answered" in page.locator("#asked").inner_text()
        assert page.evaluate("document.querySelectorAll('main b, main script, main img').length") == 0
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.title() == re.sub(r"\s+", " ", f"{printable(text)} - annostrat").strip()
    assert shown in page.locator(".strategy h3").first.text_content()


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names_of_use_cases_are_text_in_link_page_and_report(visit, kind):
    """A name from a link, or of a reported use case, is shown with what cannot be seen spelt out."""
    page = visit(RULES["infographic"])
    page.evaluate("name => { location.hash = new URLSearchParams({'.name': name, occlusion: name}); }", HOSTILE[kind])
    assert page.locator("#project b, #refused b").count() == 0
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page.locator("#project").text_content())
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page.locator("#refused").text_content())
    result = Recommender(RULES["infographic"]).recommend(UseCase(HOSTILE[kind], {}, HOSTILE[kind]))
    page = visit("".join(html.PLUGIN.recommendations([result], RULES["infographic"], Page())))
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.locator("h1").text_content() == printable(HOSTILE[kind])
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_effort_chart_cuts_no_words(visit):
    """On a phone as on a desk, all figures of the effort chart are inside it."""
    rules = RULES["purpose_first"]
    effort = {"hourly_rate": 15, "currency": "EUR", "assistance": True}
    case = UseCase("Apples", {"purpose": "measure_objects"}, images=400_000, objects_per_image=300, effort=effort)
    page = visit("".join(html.PLUGIN.recommendations([Recommender(rules).recommend(case)], rules, Page())))
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        outside = page.evaluate("""() => {
            const chart = document.querySelector('.chart'), outer = chart.getBoundingClientRect();
            const words = document.createRange();
            return [...chart.querySelectorAll('p, text')].filter((text) => {
              words.selectNodeContents(text);
              return [...words.getClientRects()].some((box) => box.left < outer.left || box.right > outer.right + 0.5);
            }).map((text) => text.textContent); }""")
        assert outside == [], width
        assert page.locator(".chart p").count() >= 2
