"""The building blocks of a page, independent of the output format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Alternative
    from annostrat.recommendation.recommendation import Recommendation

Key = TypeVar("Key")
Value = TypeVar("Value")
_TYPED = (
    r"(`[^`]+`|\b[a-z][a-z0-9_]*=[a-z][a-z0-9_]*(?:,[a-z][a-z0-9_]*)*\b"
    r"|\bannostrat [a-z]+(?: [a-z]+)?(?: -{1,2}[a-z]+(?: [a-z_./][\w./-]*)?)+\b)"
)
"""Text that a reader may type: marked as code, an answer, or a command."""


def with_code(text: str, plain: Callable[[str], str], code: Callable[[str], str]) -> str:
    """Return text with `plain` applied to its plain parts and `code` to anything a reader may type."""
    parts = re.split(_TYPED, text)
    return "".join(code(part.strip("`")) if odd % 2 else plain(part) for odd, part in enumerate(parts))


class Point(NamedTuple):
    """One point of a list, with the ids of its references; the mark is `-`, `!` or a number.

    The lead states the topic; it comes before the text, and may be emphasised.
    """

    text: str
    sources: Sequence[str] = ()
    mark: str = "-"
    lead: str = ""

    @property
    def whole(self) -> str:
        """The lead and the text."""
        return f"{self.lead} {self.text}" if self.lead else self.text


class Paragraph(NamedTuple):
    """Text outside a list; an aside may be shown less prominently."""

    text: str
    aside: bool = False


class Link(NamedTuple):
    """One entry of a bibliography."""

    label: str
    text: str
    url: str | None


class Column(NamedTuple):
    """The header of a column, of one or two lines."""

    title: str
    number: bool = False


class Table(NamedTuple):
    """Rows that start with their name; a cell of two lines is a value and its interval."""

    columns: list[Column]
    rows: list[list[str]]


class Picture(NamedTuple):
    """A picture, as markup or as characters; without characters, the text beside it says the same.

    The markup is an element with escaped text; an empty alternative means that the parts beside it say the same.
    The characters are lines for a given number of columns, in plain ASCII if nothing else can be shown.
    """

    draw: Callable[[], str]
    alternative: str = ""
    characters: Callable[[int, bool], list[str]] | None = None


class More(NamedTuple):
    """Further parts under a line that describes them: pages fold them, other formats show only the line."""

    text: str
    parts: Sequence[Part]

    @property
    def alone(self) -> str:
        """The line shown instead of the parts."""
        return f"{self.text}; --format json has all."


Part = Point | Paragraph | Link | Table | Picture | More
MANY = 10
"""Maximum number of parts of a list before the rest are folded."""


class Section(NamedTuple):
    """Parts under a title; a section without parts is omitted."""

    title: str
    parts: Sequence[Part]


class Report(NamedTuple):
    """A page.

    Attributes:
        name: Its subject.
        answer: Its conclusion, in one line.
        status: `decided`, `error`, or anything in between.
        opening: The lines under the answer.
        sections: The sections of the page, or of a screen.
        remark: A note that must accompany the answer if there is no room for more.
    """

    name: str
    answer: str
    status: str
    opening: Sequence[str]
    sections: Sequence[Section] = ()
    remark: str = ""


def on_one_line(cell: str) -> str:
    """Return a cell or a column header with its second line in brackets."""
    first, _, second = cell.partition("\n")
    return f"{first} ({second})" if second else first


def to_draw(result: Recommendation) -> list[str]:
    """Return the ids of the strategies to draw; none while undecided."""
    return result.candidates if result.strategy else []


def capital(text: str) -> str:
    """Return a text with its first letter capitalised."""
    return text[:1].upper() + text[1:]


def amount(count: float, one: str, many: str = "") -> str:
    """Return a number with its unit, in the singular or plural."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def folded(parts: Sequence[Part], one: str, many: str = "") -> list[Part]:
    """Return a list of parts, with all but the first few folded."""
    rest = parts[MANY:]
    more = f"And {amount(len(rest), f'more {one}', many and f'more {many}')}"
    return [*parts[:MANY], More(more, rest)] if rest else [*parts]


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Return the values of each key, in the order of the pairs."""
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def titles(strategies: Sequence[str], rules: RuleSet, joint: str = " or ") -> str:
    """Return the titles of strategies, for the middle of a sentence."""
    return joint.join(rules.strategies[strategy]["title"].lower() for strategy in strategies)


def by_label(alternatives: Iterable[Alternative], rules: RuleSet) -> dict[str, list[Alternative]]:
    """Return the changes that lead to each label, or combination of labels, by title."""
    return grouped((titles([entry["strategy"], *entry["beside"]], rules, " plus "), entry) for entry in alternatives)


def pairs(answers: Mapping[str, str | list[str]]) -> str:
    """Return answers as typed on a command line; if a question has several answers, all of them."""
    words = {question: answer if isinstance(answer, str) else ",".join(answer) for question, answer in answers.items()}
    return ", ".join(f"{question}={answer.replace('+', ',')}" for question, answer in words.items())


def ways(answers: dict[str, list[str]], joint: str = ", ") -> str:
    """Return answers in one line, with alternatives for some of the questions."""
    return joint.join(f"{question}={' or '.join(words)}" for question, words in answers.items())
