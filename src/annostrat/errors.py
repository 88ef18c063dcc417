"""Problems as data (place, message, and what would be right), and the exceptions that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Location(NamedTuple):
    """A place in a file; lines and columns count from 1, and are absent for the whole file."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return `path:line:column`, or the known part of it."""
        return ":".join(str(part) for part in self if part is not None)


class Problem(NamedTuple):
    """Something wrong in a file.

    Attributes:
        message: What is wrong, in one sentence.
        hint: What would be right, if anything can be suggested.
        code: A stable word for the kind of problem, for filters and SARIF.
        witness: Answers or a cycle that show the problem, if the place alone does not.
    """

    location: Location
    message: str
    hint: str | None = None
    code: str = "invalid"
    witness: str | None = None

    def __str__(self) -> str:
        """Return the problem as one line, without control characters."""
        return printable(f"{self.location}: {self.text()}")

    def text(self) -> str:
        """Return the message, the witness and the hint, without the place."""
        witness = f" [{self.witness}]" if self.witness else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.message}{witness}{hint}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems sorted by place, without duplicates."""

    def place(problem: Problem) -> tuple[str, int, int, str]:
        path, line, column = problem.location
        return path, line or 0, column or 0, str(problem)

    return sorted(set(problems), key=place)


class AnnostratError(Exception):
    """Root of everything this package raises on purpose; carries the problems and prints nothing."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(AnnostratError):
    """A file that cannot be read or does not say what it should."""


class UsageError(AnnostratError):
    """A command, option or argument that is invalid."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__([Problem(Location("annostrat"), message, hint, "usage")])


def fault(path: str, error: Exception) -> Problem:
    """Return the problem of a file at which this program failed, for lack of memory or because of a bug."""
    if isinstance(error, MemoryError):
        return Problem(Location(path), "there is too little memory for it", "--jobs 1 needs less", "unreadable")
    from traceback import extract_tb

    frame = extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.replace(chr(92), '/').rpartition('/')[2]}:{frame.lineno}"
    message = f"annostrat failed at this file: {type(error).__name__} in {place}: {shortened(str(error))}"
    return Problem(Location(path), message, "this is a bug in annostrat: please report it with the file", "fault")


MAX_SHOWN = 100
"""Characters of a wrong word that a message repeats."""


def shortened(word: str, most: int = MAX_SHOWN) -> str:
    """Return a word, cut if it is too long to repeat."""
    return word if len(word) <= most else f"{word[: most - 3]}..."


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the valid word closest to a misspelt one, or None if none is close."""
    from difflib import get_close_matches

    if len(word) > MAX_SHOWN:
        return None
    words = list(words)
    close = [*get_close_matches(word, words, n=1, cutoff=0.6), *get_close_matches(word.lower(), words, n=1, cutoff=0.6)]
    return close[0] if close else None


MAX_SUGGESTED = 16
"""Valid words that a message lists if none is close."""


def suggest(word: str, words: Iterable[str]) -> str:
    """Return the valid words that could replace one: the nearest, or else all."""
    words = list(words)
    close = nearest(word, words)
    if close:
        return f"did you mean '{close}'?"
    more = f" and {len(words) - MAX_SUGGESTED} more" if len(words) > MAX_SUGGESTED else ""
    return f"valid: {', '.join(words[:MAX_SUGGESTED]) or 'none'}{more}"


_CONTROL = [*range(0x20), *range(0x7F, 0xA0)]
_INVISIBLE = [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)]
_INVISIBLE += [0xFEFF, 0xFFFE, 0xFFFF]
_ESCAPES = {code: f"\\x{code:02x}" for code in _CONTROL} | {code: f"\\u{code:04x}" for code in _INVISIBLE}
_ESCAPES |= {code: f"\\U{code:08x}" for code in range(0xE0000, 0xE0080)}
_ESCAPES |= {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}
_JOINERS = "\u200c\u200d"
"""Invisible characters that belong to emoji and to the words of some scripts, such as Persian, after a visible one."""


def printable(text: str) -> str:
    """Return text with control, direction and invisible characters escaped, so that no terminal obeys them."""
    if text.isascii() and text.isprintable():
        return text
    shown = (
        character if character in _JOINERS and _is_joined(before) else _ESCAPES.get(ord(character), character)
        for before, character in zip(f" {text}", text, strict=False)
    )
    return "".join(shown).encode("utf-8", "backslashreplace").decode()


def _is_joined(character: str) -> bool:
    """Return whether a joiner after this character belongs to it."""
    return not character.isascii() and ord(character) not in _ESCAPES
