"""Which module has which command, and the reading of plain command lines; only the module that runs is imported.

Plain lines are read from the commands' own declarations without typer, whose import costs more than they do. One that
is not plain (a misspelt option, a missing value, a call for help) is left to typer, which says what is wrong; a test
holds the two to the same result.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from annostrat.cli.options import Argument, Option, Parameter, parameters

if TYPE_CHECKING:
    from annostrat.cli.options import Command

HOMES = {
    "recommend": "recommend",
    "check": "check",
    "measure": "measure",
    "agreement": "agreement",
    "architectures": "architectures",
    "compare": "compare",
    "scaffold": "scaffold",
    "mcp": "mcp",
    "rules list": "rules",
    "rules show": "rules",
    "rules check": "rules",
    "rules test": "rules_test",
    "rules diff": "rules",
    "rules schema": "rules",
    "rules new": "rules",
}
"""The module of each command, in the order in which the help lists them."""


def named(words: list[str]) -> str | None:
    """Return the command that a line of words begins with, if it does."""
    return next((name for name in (" ".join(words[:2]), *words[:1]) if name in HOMES), None)


def load(name: str) -> Command:
    """Return a command, with its module imported."""
    command: Command = import_module(f"annostrat.cli.commands.{HOMES[name]}").COMMANDS[name]
    return command


class _NotPlain(Exception):  # noqa: N818 - no error: typer goes on
    """The words are for typer to read."""


def read(words: list[str]) -> tuple[Command, Any] | None:
    """Return the command that some words name and its request; None where they are not plain."""
    name = named(words)
    if name is None:
        return None
    command = load(name)
    known = parameters(command.request)
    try:
        given = _CommandLine(words[len(name.split()) :], known).given
    except _NotPlain:
        return None
    if any(one.required and one.field not in given for one in known):
        return None
    used = [one for one in known if one.field in given]
    values = {one.field: tuple(given[one.field]) if one.many else given[one.field][-1] for one in used}
    return command, command.request(**values)


class _CommandLine:
    """A command line that is taken apart word by word.

    Attributes:
        given: What it gives for each field, in order; of an option that is not a list, the last one counts.
    """

    def __init__(self, words: list[str], known: list[Parameter]) -> None:
        self.given: dict[str, list[Any]] = {}
        self._rest = list(words)
        self._options = {name: one for one in known for name in one.names()}
        self._places = [one for one in known if isinstance(one.declared, Argument)]
        while self._rest:
            word = self._rest.pop(0)
            if word == "-" or not word.startswith("-"):
                self._take_place(word)
            else:
                self._take_option(word)

    def _take_place(self, word: str) -> None:
        if not self._places:
            raise _NotPlain
        self.given.setdefault(self._places[0].field, []).append(word)
        if not self._places[0].many:
            self._places.pop(0)

    def _take_option(self, word: str) -> None:
        name, attached = _parted(word)
        option = self._options.get(name)
        if option is None:
            raise _NotPlain
        if option.kind is bool:
            self._take_flag(option, word, attached)
        else:
            value = self._next_value() if attached is None else attached
            self.given.setdefault(option.field, []).append(_read_as(value, option))

    def _take_flag(self, option: Parameter, word: str, attached: str | None) -> None:
        """Take a flag; what is attached to a short one is another, as in `-qf json`."""
        if attached is not None and word.startswith("--"):
            raise _NotPlain
        if attached is not None:
            self._rest.insert(0, f"-{attached}")
        self.given[option.field] = [True]

    def _next_value(self) -> str:
        """Return the next word; a word that looks like an option is not a value."""
        if not self._rest or (self._rest[0].startswith("-") and self._rest[0] != "-"):
            raise _NotPlain
        return self._rest.pop(0)


def _parted(word: str) -> tuple[str, str | None]:
    """Return the name of an option, and what is attached to it, if anything is: `--format=json`, `-fjson`."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, value if equals else None
    return word[:2], word[2:] or None


def _read_as(text: str, option: Parameter) -> Any:
    """Return a value as its kind."""
    if option.kind is str:
        return text
    declared = option.declared
    low, high = (declared.least, declared.most) if isinstance(declared, Option) else (None, None)
    try:
        number = option.kind(text)
    except ValueError:
        raise _NotPlain from None
    if (low is not None and number < low) or (high is not None and number > high):
        raise _NotPlain
    return number
