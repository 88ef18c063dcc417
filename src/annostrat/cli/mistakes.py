"""What a command line most likely meant that names no command, or an option that its command does not have."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from annostrat.cli import commands
from annostrat.cli.options import parameters
from annostrat.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable


def refuse(words: list[str]) -> int:
    """Refuse a command line for which a right one is near; return 0 for others, which are left to typer.

    Raises:
        UsageError: With the right command line, ready to paste.
    """
    name = next((name for name in (" ".join(words[:2]), *words[:1]) if name in commands.HOMES), None)
    if name is not None:
        _refuse_option(name, words)
    elif words:
        _refuse_command(words)
    return 0


def _refuse_command(words: list[str]) -> None:
    first, rest = words[0], words[1:]
    groups = {name.split()[0] for name in commands.HOMES if " " in name}
    alone = {name.split()[-1]: name.split() for name in commands.HOMES}
    said = f"there is no command '{first}'"
    if first == "help":
        raise _meant(said, [*rest, "--help"])
    if first in _options_of("recommend") or first.partition("=")[0] in _options_of("recommend"):
        raise _meant(f"{first.partition('=')[0]} is an option of recommend", ["recommend", *words])
    if first in groups:
        within = [name.split()[1] for name in commands.HOMES if name.startswith(f"{first} ")]
        if rest and (close := nearest(rest[0], within)):
            raise _meant(f"there is no command '{first} {rest[0]}'", [first, close, *rest[1:]])
    elif os.path.exists(first) or any(mark in first for mark in "./*"):
        raise _meant(said, ["recommend", *words])
    elif close := nearest(first.lower(), [*groups, *alone]):
        raise _meant(said, [*alone.get(close, [close]), *rest])


def _refuse_option(name: str, words: list[str]) -> None:
    known = [*_options_of(name), "--help"]
    for index, word in enumerate(words):
        option, equals, value = word.partition("=")
        if word == "--":
            return
        if word.startswith("--") and option not in known and (close := nearest(option, known)):
            meant = [*words[:index], f"{close}{equals}{value}", *words[index + 1 :]]
            raise _meant(f"{name} has no option {option}", meant)


def _options_of(name: str) -> Iterable[str]:
    return [option for one in parameters(commands.load(name).request) for option in one.names()]


def _meant(said: str, words: list[str]) -> UsageError:
    return UsageError(said, f"did you mean `{shlex.join(['annostrat', *words])}`?")
