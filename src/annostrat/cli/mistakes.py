"""What a command line most likely meant that names no command, or an option or a value that there is not."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from annostrat.cli import commands
from annostrat.cli.options import parameters
from annostrat.errors import UsageError, nearest
from annostrat.knowledge.loader import load_rules
from annostrat.use_cases.use_case import EFFORT_WORDS, FIELDS, MODELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from annostrat.cli.options import Parameter
    from annostrat.errors import AnnostratError, Problem


_OWN = ("--version", "--help", "--install-completion", "--show-completion")
"""The options of the program itself."""


def refuse(words: list[str]) -> int:
    """Refuse a command line for which a right one is near; return 0 for others, which are left to typer.

    Raises:
        UsageError: With the right command line, ready to paste.
    """
    name = commands.named(words)
    if name is not None:
        _refuse_option(name, words)
        _refuse_missing(name, words)
    elif words:
        _refuse_command(words)
    return 0


def _refuse_command(words: list[str]) -> None:
    first, rest = words[0], words[1:]
    groups = {name.split()[0] for name in commands.HOMES if " " in name}
    alone = {name.split()[-1]: name.split() for name in sorted(commands.HOMES, key=lambda name: -name.count(" "))}
    message = f"there is no command '{first}'"
    if first == "help":
        raise _meant(message, [*rest, "--help"])
    if first.startswith("-"):
        _refuse_leading_option(first, rest)
    if first in groups:
        within = [name.split()[1] for name in commands.HOMES if name.startswith(f"{first} ")]
        if rest and (close := nearest(rest[0], within)):
            raise _meant(f"there is no command '{first} {rest[0]}'", [first, close, *rest[1:]])
    elif os.path.exists(first) or any(mark in first for mark in "./*"):
        raise _meant(message, ["recommend", *words])
    elif close := nearest(first.lower(), [*groups, *alone]):
        raise _meant(message, [*alone.get(close, [close]), *rest])


def _refuse_leading_option(word: str, rest: list[str]) -> None:
    (option, equals, value), known = word.partition("="), [*_options_of("recommend")]
    if option in known:
        raise _meant(f"{option} is an option of recommend", ["recommend", word, *rest])
    if option.startswith("--") and option not in _OWN and (close := nearest(option, [*_OWN, *known])):
        command = [] if close in _OWN else ["recommend"]
        raise _meant(f"there is no option {option}", [*command, close + equals + value, *rest])


def _refuse_option(name: str, words: list[str]) -> None:
    known = [*_options_of(name), "--help"]
    for index, word in enumerate(words):
        option = word.partition("=")[0]
        if word == "--":
            return
        if word.startswith("--") and option not in known:
            message, key = f"{name} has no option {option}", option.removeprefix("--")
            if right := _right_words(name, known, word, words[index + 1 :]):
                raise _meant(message, [*words[:index], *right])
            if key in FIELDS and "--answer" in known:
                raise UsageError(message, f"write `{key}` in the file of a use case")


def _right_words(name: str, known: list[str], word: str, after: list[str]) -> list[str] | None:
    """Return what an unknown option and the words after it were meant to be, or None if nothing is near."""
    option, equals, value = word.removeprefix("--").partition("=")
    key = option.replace("-", "_")
    if holder := next((one for one, keys in _holders().items() if one in known and key in keys), None):
        if not equals and after and not after[0].startswith("-"):
            value, *after = after
        return [holder, f"{key}={value or 'yes'}", *after]
    if key in _formats_of(name):
        return ["--format", key, *after]
    if key in FIELDS:
        return None
    close = nearest(option, [one.removeprefix("--") for one in known if one.startswith("--")])
    return [f"--{close}{equals}{value}", *after] if close else None


def _formats_of(name: str) -> list[str]:
    offered = [one.declared.offers for one in parameters(commands.load(name).request) if "--format" in one.names()]
    return [word for offers in offered if callable(offers) for word in offers()]


def _holders() -> dict[str, Collection[str]]:
    """Return the options that take KEY=VALUE, with their keys."""
    return {"--answer": load_rules().questions, "--effort": EFFORT_WORDS, "--model": MODELS}


def _refuse_missing(name: str, words: list[str]) -> None:
    if required := commands.missing(name, words):
        takes = " ".join(one.declared.metavar or "" for one in required)
        raise UsageError(f"{name} takes {takes}; one is missing", "; ".join(map(_said, required)))


def _said(one: Parameter) -> str:
    text = one.declared.help
    return f"{one.declared.metavar}: {(text if isinstance(text, str) else text()).rstrip('.')}"


def _options_of(name: str) -> Iterable[str]:
    return [option for one in parameters(commands.load(name).request) for option in one.names()]


def with_command(error: AnnostratError, words: list[str]) -> AnnostratError:
    """Return an error whose hint, if it names the word that was meant, gives the whole command line with that word.

    For example, `there is no format 'jsn'; did you mean 'json'?` after `annostrat check cases -f jsn` becomes
    `there is no format 'jsn'; did you mean `annostrat check cases -f json`?`.
    """
    error.problems = tuple(
        problem._replace(hint=_hint(problem, words))
        if isinstance(error, UsageError) or problem.location.path.startswith("--")
        else problem
        for problem in error.problems
    )
    return error


_MEANT = re.compile(r"did you mean '([^']+)'\?")


def _hint(problem: Problem, words: list[str]) -> str | None:
    meant, quoted = _MEANT.search(problem.hint or ""), re.findall(r"'([^']+)'", problem.message)
    if problem.hint is None or meant is None or not quoted:
        return problem.hint
    wrong = nearest(meant[1], quoted) or quoted[0]
    place = re.compile(rf"(^|^-\w|[=,]){re.escape(wrong)}(?=$|[=,])")
    at = next((at for at, word in enumerate(words) if place.search(word)), None)
    if at is None:
        return problem.hint
    right = place.sub(lambda found: found[1] + meant[1], words[at], count=1)
    return problem.hint.replace(meant[0], _question([*words[:at], right, *words[at + 1 :]]))


def _meant(message: str, words: list[str]) -> UsageError:
    return UsageError(message, _question(words))


def _question(words: list[str]) -> str:
    return f"did you mean `{shlex.join(['annostrat', *words])}`?"
