"""The look of drawings: typefaces, colours for light and dark, and their style sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.drawing.palette import DARK, LIGHT, hue, selector

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        """The em for measuring: the known widths are of bold letters, and lighter ones are a tenth narrower."""
        return self.size if self.weight >= BOLD else self.size * 0.9


BOLD = 600
"""The least weight that is measured as bold."""

HEADLINE = Face("headline", 30, 36, 800, "ink")
LEAD = Face("lead", 15, 22, 400, "muted")
TITLE = Face("title", 16, 20, 700, "ink")
ASK = Face("ask", 13, 17, 400, "muted")
ANSWER = Face("answer", 13, 16, 600, "ink")
EXAMPLE = Face("example", 12, 15, 400, "muted")
CHIP = Face("chip", 12.5, 15, 700, "paper")
NUMBER = Face("number", 12, 16, 700, "muted")
NAME = Face("name", 14, 18, 700, "ink")
NOTE = Face("note", 12.5, 17, 400, "muted")
RIGHTS = Face("rights", 11, 15, 400, "muted")
FACES = (HEADLINE, LEAD, TITLE, ASK, ANSWER, EXAMPLE, CHIP, NUMBER, NAME, NOTE, RIGHTS)

FONTS = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def style_sheet(strategies: Sequence[str]) -> str:
    """Return the style sheet of a drawing of some strategies: light, and dark on dark screens."""
    faces = (f".{face.name}{{font-size:{face.size}px;font-weight:{face.weight}}}" for face in FACES)
    light = [f"{{font-family:{FONTS}}}", *faces, *_SHAPES, *_coloured(LIGHT, strategies, dark=False)]
    dark = _coloured(DARK, strategies, dark=True)
    return f"{_scoped(light)}@media screen and (prefers-color-scheme:dark){{{_scoped(dark)}}}"


def _scoped(rules: Sequence[str]) -> str:
    parted = (rule.partition("{") for rule in rules)
    return "".join(
        ",".join(f".{SCOPE} {selector}".rstrip() for selector in selectors.split(",")) + brace + rest
        for selectors, brace, rest in parted
    )


_SHAPES = (
    ".headline{letter-spacing:-.02em}",
    ".edge,.stub{fill:none;stroke-width:1.75;stroke-linecap:round}",
    ".edge.taken,.stub.taken{stroke-width:4}",
    ".card,.pill{stroke-width:1.25}",
    ".met .card,.met .frame{stroke-width:2.5}",
    ".frame{fill:none}",
    ".end,.frame{stroke:currentColor;stroke-width:1.5}",
    ".end,.stripe{fill:currentColor}",
    ".walked .way:not(.taken) .chip{fill:currentColor}",
)


def _coloured(colours: dict[str, str], strategies: Sequence[str], *, dark: bool) -> list[str]:
    card, ink, line, pill, paper = (colours[name] for name in ("card", "ink", "line", "pill", "paper"))
    return [
        *(f".{face.name}{{fill:{colours[face.colour]}}}" for face in FACES),
        f".sheet{{fill:{paper}}}",
        f".card{{fill:{card};stroke:{line}}}",
        f".pill{{fill:{pill};stroke:{line}}}",
        f".badge{{fill:{pill}}}",
        f".edge,.stub{{stroke:{line}}}",
        f".tip,.rule{{fill:{line}}}",
        f".met .badge,.tip.taken{{fill:{ink}}}",
        f".taken .pill{{fill:{ink};stroke:{ink}}}",
        f".edge.taken,.stub.taken,.met .card{{stroke:{ink}}}",
        f".taken .answer,.taken .example,.met .number{{fill:{paper}}}",
        f".walked .way:not(.taken) .end{{fill:{card}}}",
        *(f"{selector(strategy)}{{color:{hue(strategy, dark=dark)}}}" for strategy in strategies),
    ]
