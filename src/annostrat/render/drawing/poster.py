"""A poster of a decision tree as SVG: its purpose, the tree, the strategies that it leads to, and its authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.drawing.legend import legend
from annostrat.render.drawing.parts import pictures
from annostrat.render.drawing.shapes import attributes, group, lines_of, number, paragraph, quoted, rectangle
from annostrat.render.drawing.style import HEADLINE, LEAD, NAME, RIGHTS, SCOPE, style_sheet
from annostrat.render.drawing.tree import drawing

if TYPE_CHECKING:
    from annostrat.render.drawing.outline import Outline
    from annostrat.render.drawing.style import Face
    from annostrat.render.drawing.tree import Drawing

QUESTION = "Which label do your images need?"
MARGIN = 20.0
LEAST_WIDTH = 500.0
STRIPE = 8.0


class _Sheet:
    """A poster, written from the top down."""

    def __init__(self, width: float) -> None:
        self.width, self.y = width, MARGIN
        self.pieces: list[str] = []

    def write(self, text: str, face: Face, after: float) -> None:
        """Add a paragraph over the whole width, followed by a space."""
        lines = lines_of(text, face, self.width)
        self.pieces.append(paragraph(lines, face, MARGIN, self.y) + "\n")
        self.y += len(lines) * face.leading + after

    def put(self, pieces: list[str], x: float, height: float, class_: str) -> None:
        """Add shapes of a height at the current position."""
        self.add(group(pieces, class_=class_, transform=f"translate({number(MARGIN + x)} {number(self.y)})"), height)

    def add(self, piece: str, height: float) -> None:
        """Add an element of a height."""
        self.pieces.append(piece)
        self.y += height


def poster(outline: Outline) -> str:
    """Return the poster of an outline as a whole SVG element."""
    tree = drawing(outline, wide=True)
    sheet = _Sheet(max(tree.width, LEAST_WIDTH))
    part = (sheet.width + 2 * MARGIN) / len(outline.ends)
    hues = (f"stripe hue-{end.strategy}" for end in outline.ends)
    stripes = [rectangle(at * part, 0, part, STRIPE, 0, class_) for at, class_ in enumerate(hues)]
    sheet.add(group(stripes), STRIPE)
    sheet.write(QUESTION, HEADLINE, 6)
    sheet.write(outline.summary, LEAD, 20)
    sheet.put(tree.shapes, (sheet.width - tree.width) / 2, tree.height + 26, "tree")
    sheet.write("What is drawn", NAME, 10)
    entries, height = legend(outline.ends, sheet.width)
    sheet.put(entries, 0, height, "legend")
    sheet.add(rectangle(MARGIN, sheet.y, sheet.width, 1, 0, "rule"), 10)
    *others, licence = outline.rights
    for line in (*others, f"{outline.title} ({outline.name}). {licence}"):
        sheet.write(line, RIGHTS, 2)
    sheet.y += MARGIN - 2
    return _whole(sheet, outline, tree)


def _whole(sheet: _Sheet, outline: Outline, tree: Drawing) -> str:
    width, height = sheet.width + 2 * MARGIN, sheet.y
    opening = attributes(
        xmlns="http://www.w3.org/2000/svg",
        class_=SCOPE,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        aria_labelledby="annostrat-title annostrat-desc",
    )
    strategies = [end.strategy for end in outline.ends]
    return (
        f"<svg{opening}>\n"
        f'<title id="annostrat-title">{quoted(f"{QUESTION} {outline.title}")}</title>\n'
        f'<desc id="annostrat-desc">{quoted(_described(outline, tree))}</desc>\n'
        f"<style>{style_sheet(strategies)}</style>\n<defs>{pictures(strategies)}</defs>\n"
        f"{rectangle(0, 0, width, height, 0, 'sheet')}\n"
        f"{group(sheet.pieces, id='annostrat-poster', class_='walked' if outline.walked else None)}</svg>\n"
    )


def _described(outline: Outline, tree: Drawing) -> str:
    """Return a description of the tree for people who cannot see it."""
    titles = {end.strategy: end.title for end in outline.ends}
    sentences = [outline.summary]
    for node in sorted(outline.nodes, key=lambda node: tree.numbers[node.id]):
        ways = [
            f"{way.title}: {titles[way.strategy] if way.strategy else f'question {tree.numbers[way.node or str()]}'}"
            + (" (taken)" if way.taken else "")
            for way in node.ways
        ]
        sentences.append(f"{tree.numbers[node.id]}. {node.ask} {'; '.join(ways)}.")
    return " ".join(sentences)
