"""What drawings look like: typefaces, colours for light and dark, and the style sheet made of them."""

from __future__ import annotations

from typing import NamedTuple

from annostrat.render.drawing.palette import DARK, HUES, LIGHT

SCOPE = "annostrat-tree"
"""The class of a drawing, before every rule of its style sheet, so that a page that embeds it keeps its own style."""


class Face(NamedTuple):
    """How text is set; sizes in pixels."""

    name: str
    size: float
    leading: float
    weight: int
    colour: str

    @property
    def em(self) -> float:
        """The em to measure with: widths are known of bold letters, and lighter ones are a tenth narrower."""
        return self.size if self.weight >= BOLD else self.size * 0.9


BOLD = 600
"""The least weight that is measured as bold."""

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

FONTS = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def style_sheet() -> str:
    """Return the style sheet of a drawing: light, and dark where the reader's screen is."""
    faces = (f".{face.name}{{font-size:{face.size}px;font-weight:{face.weight}}}" for face in FACES)
    rules = [f"{{font-family:{FONTS}}}", *faces, *_SHAPES, *_coloured(LIGHT, [light for light, _ in HUES])]
    dark = "".join(_scoped(rule) for rule in _coloured(DARK, [dark for _, dark in HUES]))
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
    ".met .card,.met .frame{stroke-width:2.5}",
    ".pill,.end{stroke-width:1.25}",
    ".mark,.tick{fill:none;stroke-width:2;stroke-linejoin:round}",
    ".other{fill-opacity:.4}",
    ".ground{fill-opacity:.18}",
    ".one{stroke-width:1.5}",
    ".band{fill:none;stroke-width:9;stroke-linejoin:round}",
    ".taken .end{stroke-width:0}",
)


def _coloured(colours: dict[str, str], hues: list[str]) -> list[str]:
    paper, card, ink, line = (colours[name] for name in ("paper", "card", "ink", "line"))
    rules = [f".{face.name}{{fill:{colours[face.colour]}}}" for face in FACES]
    rules += [
        f".sheet{{fill:{paper}}}",
        f".card{{fill:{card};stroke:{line}}}",
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
        f".rule{{fill:{line}}}",
        f".frame{{fill:{card};stroke:{line}}}",
        f".met .card,.met .frame{{stroke:{ink}}}",
        f".thing{{fill:{line};stroke:{card}}}",
        f".band{{stroke:{line}}}",
        f".one{{stroke:{card}}}",
        f".tick{{stroke:{card}}}",
    ]
    for number, hue in enumerate(hues):
        rules += [
            f".hue{number} .end{{fill:{hue};stroke:{hue}}}",
            f".stripe.hue{number},.hue{number} .dot,.hue{number} .body{{fill:{hue}}}",
            f".hue{number} .mark{{stroke:{hue}}}",
            f".walked .way.hue{number}:not(.taken) .end{{fill:{card}}}",
            f".walked .way.hue{number}:not(.taken) .chip{{fill:{hue}}}",
        ]
    return rules
