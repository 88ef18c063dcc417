"""Drawings as a reader sees them: laid out by a real browser, with whatever fonts it has."""

import copy
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

from annostrat.errors import printable
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.plugins import pick
from annostrat.render import formats as renderers
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import UseCase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WALKED = {"count_matters": "yes", "occlusion": "moderate", "shape_variance": "low", "compute_budget": "limited"}
HOSTILE = {
    "markup": "</script></svg><b>x</b> <!-- ]]> &amp; & \" ' `",
    "mermaid": 'end graph subgraph click "x" --> y; ["a"] {b} (c) |d| %%{init: {}}%% #quot; 1. style a:#b; $$x$$',
    "markdown": "**bold** _thin_ `code` [a](https://example.org) ![i](x) # h | ~~s~~",
    "lists": "- a list",
    "numbers": "1. a list",
    "backslashes": "\\ \\n \\N \\G \\l",
    "right to left": "\u202eשלום עולם مرحبا بالعالم\u2069",  # noqa: RUF001
    "emoji": "🌾🐖👩‍🌾 家畜の数え上げ Ｗｉｄｅ ﷽",  # noqa: RUF001
    "cyrillic": "Сколько объектов видно целиком, Ширина ЩЩЩЩ Ǆ ŒŒŒ",
    "one word": "W" * 300,
    "many words": "word " * 60,
}


def written_by(text, name="infographic"):
    """Return shipped rules with a text wherever their author writes freely."""
    rules = copy.copy(load_rules(name))
    rules.title = rules.summary = rules.attribution = rules.licence = text
    rules.questions = {id_: {**one, "title": text, "ask": text} for id_, one in rules.questions.items()}
    rules.strategies = {id_: {**one, "title": text, "label": text} for id_, one in rules.strategies.items()}
    return rules


RULES = {
    "infographic": load_rules("infographic"),
    "purpose_first": load_rules("purpose_first"),
    **{kind: written_by(text) for kind, text in HOSTILE.items()},
}
every_tree = pytest.mark.parametrize("rules", RULES.values(), ids=RULES)


def drawn(format_, rules, walked=None):
    """Return a drawing of rules."""
    return "".join(pick(renderers, format_, "format").tree(rules, UseCase("", walked or {}), Page()))


OVERFLOWS = """() => {
  const out = [];
  const box = (shape) => shape.getBoundingClientRect();
  const holds = (outer, inner) => inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5 &&
                                  inner.top >= outer.top - 0.5 && inner.bottom <= outer.bottom + 0.5;
  const check = (text, holder) => {
    if (!holds(box(holder), box(text))) out.push([text.textContent, box(text).toJSON(), box(holder).toJSON()]);
  };
  for (const node of document.querySelectorAll('.node'))
    for (const text of node.querySelectorAll(':scope > text')) check(text, node.querySelector('.card'));
  for (const way of document.querySelectorAll('.way')) {
    check(way.querySelector('.answer'), way.querySelector('.pill'));
    if (way.querySelector('.chip')) check(way.querySelector('.chip'), way.querySelector('.end'));
  }
  for (const text of document.querySelectorAll('svg text')) check(text, document.querySelector('.sheet'));
  return out;
}"""
TOUCHES = """() => {
  const out = [];
  const texts = [...document.querySelectorAll('svg text')].map((text) => [text, text.getBoundingClientRect()]);
  for (const [index, [text, one]] of texts.entries())
    for (const [other, two] of texts.slice(index + 1))
      if (one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 2 && two.top < one.bottom - 2)
        out.push([text.textContent, other.textContent]);
  const svg = document.querySelector('svg').getBoundingClientRect();
  for (const edge of document.querySelectorAll('.edge')) {
    const end = edge.getTotalLength();
    for (let at = 0; at <= end; at += 2) {
      const point = edge.getPointAtLength(at).matrixTransform(edge.getScreenCTM());
      for (const [text, one] of texts)
        if (point.x > one.left && point.x < one.right && point.y > one.top && point.y < one.bottom)
          out.push([edge.parentNode.id, text.textContent]);
    }
  }
  return out;
}"""
FONTS = ["", "DejaVu Sans", "Liberation Sans", "Noto Sans", "Verdana"]


@every_tree
def test_svg_text_stays_in_its_box(page, rules):
    """Text fits what it stands in, whichever common font draws it; no text touches another, and no line a text."""
    page.set_content(drawn("svg", rules))
    for font in FONTS:
        page.evaluate("(font) => { document.querySelector('svg').style.fontFamily = font }", font)
        assert page.evaluate(OVERFLOWS) == [], font
        assert page.evaluate(TOUCHES) == [], font


@every_tree
def test_svg_shows_every_text_whole(page, rules):
    """Whatever stands in a title is shown as text, whole, and nothing of it becomes a part of the page."""
    page.set_content(drawn("svg", rules))
    shown = page.evaluate("[...document.querySelectorAll('.node .title')].map((text) => text.textContent)")
    titles = [rules.questions[node.question]["title"] for node in rules.nodes.values()]
    assert sorted(map(_joined, shown)) == sorted(map(_joined, titles))
    assert page.evaluate("document.querySelectorAll('script, svg b').length") == 0


def _joined(text):
    return "".join(printable(text.replace("\u2060", "")).split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("walked", [{}, WALKED], ids=["plain", "walked"])
def test_svg_text_has_contrast(browser, scheme, walked):
    """Every text has a contrast of 4.5 to 1 with what it stands on, in light and in dark, walked or not."""
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.set_content(drawn("svg", RULES["purpose_first"], {**walked, "purpose": "find_objects"} if walked else {}))
    pairs = page.evaluate(
        """() => {
        const fill = (shape) => getComputedStyle(shape).fill.match(/[0-9.]+/g).map(Number);
        const under = {answer: '.pill', example: '.pill', chip: '.end', number: '.badge', title: '.card', ask: '.card'};
        return [...document.querySelectorAll('svg text')].map((text) => {
          const holder = text.parentNode.querySelector(under[text.classList[0]] || 'none');
          return [text.classList[0], fill(text), fill(holder || document.querySelector('.sheet'))];
        });
    }"""
    )
    context.close()
    assert len(pairs) > 100
    assert [(kind, a, b) for kind, a, b in pairs if _contrast(a, b) < 4.5] == []


def _contrast(one, other):
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour):
    parts = [part / 255 for part in colour[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_svg_as_an_image_follows_the_scheme_of_the_screen(browser, tmp_path):
    """A README's picture is dark on a dark screen and light on a light one."""
    (tmp_path / "tree.svg").write_text(drawn("svg", RULES["infographic"]), "utf-8")
    corners = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 640})
        page = context.new_page()
        page.goto(f"file://{tmp_path}/tree.svg")
        corners[scheme] = page.evaluate("getComputedStyle(document.querySelector('.sheet')).fill")
        context.close()
    assert corners == {"light": "rgb(250, 248, 244)", "dark": "rgb(17, 22, 29)"}


@pytest.fixture(scope="module")
def mermaid(browser, node_module):
    """Render a flowchart with the real Mermaid, as strictly as GitHub does, and return what it shows."""
    page = browser.new_page()
    page.set_content("<div id=drawn></div>")
    page.add_script_tag(path=node_module("mermaid", "dist/mermaid.min.js"))

    def render(source):
        return page.evaluate(
            """async (source) => {
            mermaid.initialize({startOnLoad: false, securityLevel: 'strict'});
            const {svg} = await mermaid.render('it', source);
            document.getElementById('drawn').innerHTML = svg;
            const texts = (kind) => [...document.querySelectorAll(kind)].map((one) => one.textContent.trim());
            return {
                nodes: texts('.node'), labels: texts('g.edgeLabel').filter(Boolean),
                title: document.querySelector('.flowchartTitleText').textContent,
                edges: document.querySelectorAll('.edgePaths path').length,
                foreign: document.querySelectorAll('#drawn script, #drawn a, #drawn img').length,
            };
        }""",
            source,
        )

    yield render
    page.close()


@every_tree
@pytest.mark.parametrize("walked", [{}, WALKED], ids=["plain", "walked"])
def test_mermaid_renders_every_text_as_text(mermaid, rules, walked):
    """The real Mermaid draws each question once, each way once, and shows every text as it was written."""
    shown = mermaid(drawn("mermaid", rules, walked))
    ways = [way for node in rules.nodes.values() for way in _targets(node)]
    asked = [rules.questions[node.question] for node in rules.nodes.values()]
    ends = [rules.strategies[strategy]["title"] for strategy, _ in ways if strategy]
    expected = [_joined(text["title"] + " " + text["ask"]) for text in asked] + list(map(_joined, ends))
    assert sorted(map(_joined, shown["nodes"])) == sorted(expected)
    assert shown["edges"] == len(shown["labels"]) == len(ways)
    assert _joined(shown["title"]) == _joined(rules.title).translate(str.maketrans("<>&", "\u2039\u203a\uff06"))
    assert shown["foreign"] == 0


def _targets(node):
    return dict.fromkeys((branch.strategy, branch.node and branch.node.id) for branch in node.branches.values())


@every_tree
@pytest.mark.parametrize("walked", [{}, WALKED], ids=["plain", "walked"])
def test_graphviz_reads_every_text_as_text(rules, walked):
    """The real Graphviz draws each question and each way once, and shows every text as it was written."""
    dot = shutil.which("dot") or pytest.skip("no Graphviz: apt-get install graphviz")
    source = drawn("dot", rules, walked)
    done = subprocess.run([dot, "-Tplain"], input=source, capture_output=True, text=True, check=True)
    kinds = [line.split(" ", 1)[0] for line in done.stdout.splitlines()]
    ways = [way for node in rules.nodes.values() for way in _targets(node)]
    assert done.stderr == ""
    assert kinds.count("edge") == len(ways)
    assert kinds.count("node") == len(rules.nodes) + sum(strategy is not None for strategy, _ in ways)
    svg = subprocess.run([dot, "-Tsvg"], input=source, capture_output=True, text=True, check=True).stdout
    texts = [
        "".join(one.itertext())
        for one in ET.fromstring(svg).iter(  # noqa: S314 - our own
            "{http://www.w3.org/2000/svg}text"
        )
    ]
    for title in {rules.questions[node.question]["title"] for node in rules.nodes.values()}:
        assert _joined(title) in _joined("".join(texts))
