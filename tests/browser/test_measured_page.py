"""The report of a measurement as people open it: on a phone, at night, printed, and with odd names."""

import copy
from pathlib import Path

import pytest

from annostrat.errors import printable
from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path
from annostrat.render.formats import html
from annostrat.render.renderer import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
RULES = load_rules()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PILOT = measurement(measure_path(str(ROOT / "examples/pilot/labels.json")).profile, RULES, "Trays", "labels.json")
HOSTILE = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\u202egnp.exe 家畜 🌾", "x" * 300]


@pytest.fixture
def visit(page, tmp_path):
    """Return a function that opens a report from a file; nothing else may be fetched."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    def go(found=PILOT):
        path = tmp_path / "report.html"
        path.write_text("".join(html.PLUGIN.measurements(found, RULES, Page())), encoding="utf-8")
        page.goto(path.as_uri())
        return page

    yield go
    assert [url for url in asked if not url.startswith("file:")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_report_keeps_to_wcag_and_scrolls_downwards_only(visit, node_module, scheme):
    """axe-core finds nothing against WCAG 2.2 AA, and nothing is wider than a phone, by day and by night."""
    page = visit()
    page.emulate_media(color_scheme=scheme)
    page.evaluate(node_module("axe-core", "axe.min.js").read_text("utf-8"))
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_class_is_text_wherever_it_is_named(visit, name):
    """A class may be called like a script: its name is shown in the table and under its silhouette, and never run."""
    found = copy.deepcopy(PILOT)
    found["name"] = found["source"]["path"] = found["classes"][0]["name"] = name
    found["part_of"] = [{"part": name, "whole": name, "share": 0.9, "objects": 3}]
    page = visit(found)
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.locator("script, img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("h1").text_content() == page.locator(".silhouette p").first.text_content() == printable(name)
    assert printable(name) in page.locator("tbody th").all_text_contents()


def test_interval_stands_where_the_figure_is(visit):
    """The dot of the first scale stands at its share of the width, within the band of the answer."""
    page = visit()
    dot = page.locator(".levels circle").first.bounding_box()
    band = page.locator(".levels .given").first.bounding_box()
    scale = page.locator(".levels").first.bounding_box()
    middle = dot["x"] + dot["width"] / 2
    assert band["x"] < middle < band["x"] + band["width"]
    assert abs((middle - scale["x"]) / scale["width"] - (0.01 + 0.98 * 0.390)) < 0.005


def test_silhouette_of_a_round_thing_is_round(visit):
    """The middle of an apple's picture is covered, its corner is not."""
    page = visit()
    covers = """point => [...document.querySelector('.silhouette svg').querySelectorAll('path')]
        .filter(path => path.isPointInFill(new DOMPoint(...point))).length"""
    assert page.evaluate(covers, [16, 16]) == 9
    assert page.evaluate(covers, [0.5, 0.5]) == 0


def test_report_prints_without_cutting_charts(visit):
    """On paper the report has a few pages, and no chart is wider than one."""
    page = visit()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})
    wide = "[...document.querySelectorAll('figure')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate(wide) == 0
