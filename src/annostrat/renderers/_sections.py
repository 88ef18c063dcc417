"""What a page of a recommendation is made of, in no format yet: every format lays out the same parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation import Recommendation


class Point(NamedTuple):
    """One point of a list, with the ids of the references behind it; the mark is `-`, `!` or a number."""

    text: str
    sources: Sequence[str] = ()
    mark: str = "-"


class Paragraph(NamedTuple):
    """Text that is no point of a list; an aside may be shown less prominently."""

    text: str
    aside: bool = False


class Link(NamedTuple):
    """One entry of a bibliography."""

    label: str
    text: str
    url: str | None


class Column(NamedTuple):
    """The head of a column, of one line or two."""

    title: str
    number: bool = False


class Table(NamedTuple):
    """Rows whose first cell is their name; a cell of two lines is a value and its interval."""

    columns: list[Column]
    rows: list[list[str]]


Part = Point | Paragraph | Link | Table


class Section(NamedTuple):
    """Parts under a title; one without parts is left out."""

    title: str
    parts: Sequence[Part]


def on_one_line(cell: str) -> str:
    """Return a cell or the head of a column with its second line in brackets."""
    first, _, second = cell.partition("\n")
    return f"{first} ({second})" if second else first


def drawn(result: Recommendation) -> list[str]:
    """Return the ids of the strategies to draw, the main one first; none while undecided."""
    main = result.strategy
    if main is None or not result.decided:
        return []
    return sorted(result.candidates, key=lambda strategy: strategy != main["id"])


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def titles(strategies: Sequence[str], rules: RuleSet, joint: str = " or ") -> str:
    """Return the titles of strategies, to stand within a sentence."""
    return joint.join(rules.strategies[strategy]["title"].lower() for strategy in strategies)


def pairs(answers: dict[str, str]) -> str:
    return ", ".join(f"{question}={answer}" for question, answer in answers.items())


def ways(answers: dict[str, list[str]], joint: str = ", ") -> str:
    return joint.join(f"{question}={' or '.join(words)}" for question, words in answers.items())
