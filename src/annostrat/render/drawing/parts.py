"""What drawings of a tree are made of: questions, pills, leaves and lines; every part says what it means.

Groups carry `data-node`, `data-question`, `data-answer` (words, one space between), `data-to` and `data-strategy`. A
script lights up a path by adding the class `met` to nodes, `taken` to ways, lines and their shapes, and `walked` to
all of it. Pictures on leaves are referred to by the names that `pictures` gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.drawing.scenes import HEIGHT, WIDTH, scene
from annostrat.render.drawing.shapes import attributes, group, number, paragraph, rectangle
from annostrat.render.drawing.style import ANSWER, ASK, CHIP, EXAMPLE, NUMBER, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from annostrat.render.drawing.outline import OutlineNode, Way

PAD = 13.0
BADGE = 22.0
PILL_PAD = 11.0
PILL_RIM = 5.0
CHIP_PAD = 7.0
PICTURE = (63.0, 42.0)
TIP = 7.0


def pictures(strategies: Iterable[str]) -> str:
    """Return the labelled scene of each strategy, for `picture_at` to refer to."""
    box = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
    return "".join(f'<symbol id="scene-{strategy}" {box}>{scene(strategy)}</symbol>' for strategy in strategies)


def picture_at(strategy: str, x: float, y: float, size: tuple[float, float] = PICTURE) -> str:
    """Return a picture of a size, with its left upper corner."""
    place = {"x": x, "y": y, "width": size[0], "height": size[1]}
    return f"<use{attributes(href=f'#scene-{strategy}', **place)}/>"


def question(node: OutlineNode, place: int, at: tuple[float, float], box: tuple[float, float], words: list[str]) -> str:
    """Return a question: its card of a size, its number, and its other parts, moved to a corner."""
    middle = PAD + TITLE.leading / 2
    pieces = [
        rectangle(0, 0, *box, 12, "card"),
        f"<circle{attributes(class_='badge', cx=PAD + BADGE / 2, cy=middle, r=BADGE / 2)}/>",
        paragraph([str(place)], NUMBER, PAD + BADGE / 2, middle - NUMBER.leading / 2, middle=True),
        *words,
    ]
    return group(
        pieces,
        id=f"annostrat-node-{node.id}",
        class_="node met" if node.met else "node",
        data_node=node.id,
        data_question=node.question,
        transform=f"translate({number(at[0])} {number(at[1])})",
    )


def question_words(title: list[str], ask: list[str]) -> list[str]:
    """Return the title of a question beside its number, and its words below."""
    return [paragraph(title, TITLE, PAD + BADGE + 8, PAD), paragraph(ask, ASK, PAD, ask_top(title))]


def ask_top(title: list[str]) -> float:
    """Return the top of a question's words, which are below its title."""
    return PAD + max(len(title) * TITLE.leading, BADGE) + 4


def pill(lines: list[str], left: float, top: float, width: float, example: Sequence[str] = ()) -> list[str]:
    """Return an answer in its pill, with lines of an example below; without an example it is centred."""
    place, middle = (left + PILL_PAD, False) if example else (left + width / 2, True)
    return [
        rectangle(left, top, width, pill_height(lines, example), 13, "pill"),
        paragraph(lines, ANSWER, place, top + PILL_RIM, middle=middle),
        *([paragraph([*example], EXAMPLE, place, top + PILL_RIM + len(lines) * ANSWER.leading)] if example else []),
    ]


def pill_height(lines: Sequence[str], example: Sequence[str] = ()) -> float:
    """Return the height of an answer's pill."""
    return len(lines) * ANSWER.leading + len(example) * EXAMPLE.leading + 2 * PILL_RIM


def leaf_under(way: Way, lines: list[str], x: float, top: float, width: float) -> list[str]:
    """Return the strategy that a way ends in: its picture above its name, centred at `x`."""
    return [
        rectangle(x - width / 2, top, width, leaf_height(lines), 8, "end"),
        picture_at(way.strategy or "", x - PICTURE[0] / 2, top + CHIP_PAD),
        paragraph(lines, CHIP, x, top + PICTURE[1] + 1.5 * CHIP_PAD, middle=True),
    ]


def leaf_height(lines: list[str]) -> float:
    """Return the height of a leaf with its picture above its name."""
    return PICTURE[1] + len(lines) * CHIP.leading + 2.5 * CHIP_PAD


def way(node: OutlineNode, index: int, pieces: list[str]) -> str:
    """Return the shapes of a way out of a question, as one group."""
    one = node.ways[index]
    class_ = f"way{_taken(one)}{f' hue-{one.strategy}' if one.strategy else ''}"
    return group(pieces, id=f"annostrat-way-{node.id}-{index}", class_=class_, **_data(node, one))


def _data(node: OutlineNode, way: Way) -> dict[str, str | None]:
    """Return the data of a way for scripts: its start, its answers, and its end."""
    return {
        "data_node": node.id,
        "data_question": node.question,
        "data_answer": " ".join(way.answers),
        "data_strategy": way.strategy,
        "data_to": way.node,
    }


def _taken(way: Way) -> str:
    return " taken" if way.taken else ""


def stub(way: Way, path: str) -> str:
    """Return the short line from a pill to its leaf."""
    return f'<path class="stub{_taken(way)}" d="{path}"/>'


def line(node: OutlineNode, index: int, path: str, end: tuple[float, float], *, down: bool = True) -> str:
    """Return the line of a way to the next question, with a tip where it ends, downwards or to the right."""
    way, (x, y) = node.ways[index], end
    half, long, back = number(TIP * 1.4), number(TIP), number(-TIP * 0.7)
    tip = f"M{number(x - TIP * 0.7)} {number(y - TIP - 1)}h{half}l{back} {long}z"
    if not down:
        tip = f"M{number(x - TIP - 1)} {number(y - TIP * 0.7)}v{half}l{long} {back}z"
    taken = _taken(way)
    shapes = [f'<path class="edge{taken}" d="{path}"/>', f'<path class="tip{taken}" d="{tip}"/>']
    return group(shapes, id=f"annostrat-edge-{node.id}-{index}", class_=f"line{taken}", **_data(node, way))


def curved(points: Sequence[tuple[float, float]]) -> str:
    """Return a path that is vertical at every point."""
    (x, y), *rest = points
    path = f"M{number(x)} {number(y)}"
    for next_x, next_y in rest:
        half, end = number((y + next_y) / 2), f"{number(next_x)} {number(next_y)}"
        path += f"V{number(next_y)}" if next_x == x else f"C{number(x)} {half} {number(next_x)} {half} {end}"
        x, y = next_x, next_y
    return path
