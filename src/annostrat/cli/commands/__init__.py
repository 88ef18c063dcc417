"""The module of each command, and a reader of plain command lines that imports only the module that runs.

Plain lines are read by the commands' own declarations without typer, whose import takes longer than they do. Other
lines (a misspelt option, a missing value, a request for help) are left to typer, which reports the mistake; a test
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
    """Return the command at the beginning of a line of words, if there is one."""
    return next((name for name in (" ".join(words[:2]), *words[:1]) if name in HOMES), None)


def load(name: str) -> Command:
    """Import the module of a command, and return it."""
    command: Command = import_module(f"annostrat.cli.commands.{HOMES[name]}").COMMANDS[name]
    return command


def missing(name: str, words: list[str]) -> list[Parameter]:
    """Return the parameters that a command cannot do without, if a line of words lacks one of them."""
    required = [one for one in parameters(load(name).request) if one.required]
    try:
        given = _given(words[len(name.split()) :], parameters(load(name).request))
    except _NotPlain:
        return []
    return required if any(one.field not in given for one in required) else []


class _NotPlain(Exception):  # noqa: N818 - no error: typer goes on
    """The words are for typer to read."""


def read(words: list[str]) -> tuple[Command, Any] | None:
    """Return the command of a line of words and its request; None if the line is not plain."""
    name = named(words)
    if name is None:
        return None
    command = load(name)
    known = parameters(command.request)
    try:
        given = _given(words[len(name.split()) :], known)
    except _NotPlain:
        return None
    if any(one.required and one.field not in given for one in known):
        return None
    used = [one for one in known if one.field in given]
    values = {one.field: tuple(given[one.field]) if one.many else given[one.field][-1] for one in used}
    return command, command.request(**values)


def _given(words: list[str], known: list[Parameter]) -> dict[str, list[Any]]:
    """Return the values of each field, in order; of an option that is not a list, the last one counts."""
    given: dict[str, list[Any]] = {}
    options = {name: one for one in known for name in one.names()}
    places = [one for one in known if isinstance(one.declared, Argument)]
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if _is_option(word):
            one, value = _option(word, options, rest)
        elif places:
            one, value = places[0], word
            places = places if one.many else places[1:]
        else:
            raise _NotPlain
        given.setdefault(one.field, []).append(value)
    return given


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _option(word: str, options: dict[str, Parameter], rest: list[str]) -> tuple[Parameter, Any]:
    """Return an option and its value, which may be attached (`--format=json`, `-fjson`) or the next of the words."""
    long = word.startswith("--")
    name, attached, value = word.partition("=") if long else (word[:2], word[2:], word[2:])
    option = options.get(name)
    if option is None:
        raise _NotPlain
    if option.kind is bool:
        if attached and long:
            raise _NotPlain
        if attached:  # another short option, as in `-qf json`
            rest.insert(0, f"-{attached}")
        return option, True
    if not attached:
        if not rest or _is_option(rest[0]):
            raise _NotPlain
        value = rest.pop(0)
    return option, _read_as(value, option)


def _read_as(text: str, option: Parameter) -> Any:
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
