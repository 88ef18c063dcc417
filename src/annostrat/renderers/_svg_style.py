"""What drawings look like: typefaces, colours for light and dark, and the style sheet made of them."""

from __future__ import annotations

from typing import NamedTuple

SCOPE = "annostrat-tree"
"""The class of a drawing, before every rule of its style sheet, so that a page that embeds it keeps its own style."""


class Face(NamedTuple):
    """How text is set; sizes in pixels."""

    name: str
    size: float
    leading: float
    weight: int
    colour: str


KICKER = Face("kicker", 11.5, 16, 600, "muted")
HEADLINE = Face("headline", 30, 36, 800, "ink")
LEAD = Face("lead", 14, 20, 400, "muted")
TITLE = Face("title", 16, 20, 700, "ink")
ASK = Face("ask", 13, 17, 400, "muted")
ANSWER = Face("answer", 13, 16, 600, "ink")
CHIP = Face("chip", 12.5, 15, 700, "paper")
NUMBER = Face("number", 12, 16, 700, "muted")
NAME = Face("name", 14, 18, 700, "ink")
NOTE = Face("note", 12.5, 17, 400, "muted")
RIGHTS = Face("rights", 11, 15, 400, "muted")
FACES = (KICKER, HEADLINE, LEAD, TITLE, ASK, ANSWER, CHIP, NUMBER, NAME, NOTE, RIGHTS)

LIGHT = {
    "paper": "#faf8f4",
    "card": "#ffffff",
    "ink": "#1b2330",
    "muted": "#535e6e",
    "line": "#9aa3b0",
    "pill": "#eef0f3",
}
DARK = {
    "paper": "#11161d",
    "card": "#1b222c",
    "ink": "#f0f3f7",
    "muted": "#aab5c4",
    "line": "#66758a",
    "pill": "#2a3441",
}
HUES_LIGHT = "#1f5fcc #0a7468 #b3246b #a8500a #6a3fc4 #3d7317 #bb2f2f #4b5d78 #7c6300 #0b7290".split()
HUES_DARK = "#8db7ff #5bd0c0 #ff9bce #ffb573 #c4aaff #9ad874 #ff9c94 #b4c4da #e2cc5a #77d0ec".split()
"""A colour for each strategy, in the rule set's order; all bear text of the paper's colour (WCAG AA)."""
FONTS = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def style_sheet() -> str:
    """Return the style sheet of a drawing: light, and dark where the reader's screen is."""
    faces = (f".{face.name}{{font-size:{face.size}px;font-weight:{face.weight}}}" for face in FACES)
    rules = [f"{{font-family:{FONTS}}}", *faces, *_SHAPES, *_coloured(LIGHT, HUES_LIGHT)]
    dark = "".join(_scoped(rule) for rule in _coloured(DARK, HUES_DARK))
    return "".join(map(_scoped, rules)) + f"@media screen and (prefers-color-scheme:dark){{{dark}}}"


def _scoped(rule: str) -> str:
    selectors, brace, rest = rule.partition("{")
    return ",".join(f".{SCOPE} {selector}".rstrip() for selector in selectors.split(",")) + brace + rest


_SHAPES = (
    ".kicker{letter-spacing:.06em}",
    ".headline{letter-spacing:-.01em}",
    ".edge,.stub{fill:none;stroke-width:1.75;stroke-linecap:round}",
    ".edge.taken,.stub.taken{stroke-width:4}",
    ".card{stroke-width:1.25}",
    ".met .card{stroke-width:2.5}",
    ".pill,.end{stroke-width:1.25}",
    ".taken .end{stroke-width:0}",
)


def _coloured(colours: dict[str, str], hues: list[str]) -> list[str]:
    paper, card, ink, line = (colours[name] for name in ("paper", "card", "ink", "line"))
    rules = [f".{face.name}{{fill:{colours[face.colour]}}}" for face in FACES]
    rules += [
        f".sheet{{fill:{paper}}}",
        f".card{{fill:{card};stroke:{line}}}",
        f".met .card{{stroke:{ink}}}",
        f".pill{{fill:{colours['pill']};stroke:{line}}}",
        f".taken .pill{{fill:{ink};stroke:{ink}}}",
        f".taken .answer{{fill:{paper}}}",
        f".edge,.stub{{stroke:{line}}}",
        f".edge.taken,.stub.taken{{stroke:{ink}}}",
        f".tip{{fill:{line}}}",
        f".tip.taken{{fill:{ink}}}",
        f".badge{{fill:{colours['pill']}}}",
        f".met .badge{{fill:{ink}}}",
        f".met .number{{fill:{paper}}}",
        f".rule{{stroke:{line};stroke-width:1}}",
    ]
    for number, hue in enumerate(hues):
        rules += [
            f".hue{number} .end,.hue{number} .swatch{{fill:{hue};stroke:{hue}}}",
            f".walked .way.hue{number}:not(.taken) .end{{fill:{card}}}",
            f".walked .way.hue{number}:not(.taken) .chip{{fill:{hue}}}",
        ]
    return rules
