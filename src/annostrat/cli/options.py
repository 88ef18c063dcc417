"""How a command declares what it takes: once, in the fields of its request, beside its code.

A field's annotation says how it is written on the command line. From that follow typer's parsing, help and completion
(`app`) and the reader of plain command lines that starts without typer (`commands`). The docstring is the help:

    class Request(NamedTuple):
        '''Compare strategies.'''

        strategies: Annotated[tuple[str, ...], Argument("STRATEGY", "Strategies, by id.")] = ()
        quiet: Annotated[bool, Option("Print only the essential.", short="-q")] = False
        jobs: Annotated[int | None, Option("Processes.", "N", least=1)] = None
"""

from __future__ import annotations

import os
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from annostrat.errors import UsageError
from annostrat.knowledge.files import DEFAULT, find

if TYPE_CHECKING:
    from collections.abc import Callable


class Argument(NamedTuple):
    """What is given by its place.

    Attributes:
        metavar: Its placeholder in the usage.
        help: What it is.
        offers: The function of `completion` that lists what could be given, or the words themselves.
    """

    metavar: str
    help: str | Callable[[], str]
    offers: str | Callable[[], list[str]] | None = None


class Option(NamedTuple):
    """What is given by its name.

    Attributes:
        help: What it does.
        metavar: The placeholder of its value in the help; None for a flag.
        short: Its short name.
        name: Its name, where that is not the field's.
        offers: See `Argument`.
        least: The least number that it takes.
        most: The greatest number that it takes.
    """

    help: str | Callable[[], str]
    metavar: str | None = None
    short: str | None = None
    name: str | None = None
    offers: str | Callable[[], list[str]] | None = None
    least: int | None = None
    most: int | None = None


class Command(NamedTuple):
    """A command.

    Attributes:
        request: What it takes; its docstring is the help.
        run: What it does; returns the exit code.
    """

    request: type
    run: Callable[[Any], int]


class Parameter(NamedTuple):
    """A field of a request, as the command line sees it.

    Attributes:
        field: The field's name.
        kind: What a value is: text, a whole number, a number; a flag is a bool.
        many: Whether it may be given several times.
        required: Whether it must be given.
        default: What holds where it is not.
        declared: What the field says of itself.
    """

    field: str
    kind: type
    many: bool
    required: bool
    default: Any
    declared: Argument | Option

    def names(self) -> list[str]:
        """Return how an option is called, the long name first."""
        if isinstance(self.declared, Argument):
            return []
        long = self.declared.name or f"--{self.field.replace('_', '-')}"
        return [long, self.declared.short] if self.declared.short else [long]


def parameters(request: type) -> list[Parameter]:
    """Return what a request takes, in the order of its fields."""
    hints = get_type_hints(request, include_extras=True)
    defaults: dict[str, Any] = request._field_defaults  # type: ignore[attr-defined]
    fields = []
    for field in request._fields:  # type: ignore[attr-defined]
        kind, declared = get_args(hints[field])[:2]
        if get_origin(kind) in (Union, UnionType):
            (kind,) = (one for one in get_args(kind) if one is not NoneType)
        many = get_origin(kind) is tuple
        needed = field not in defaults
        fields.append(Parameter(field, str if many else kind, many, needed, defaults.get(field), declared))
    return fields


def spoken(words: list[str]) -> str:
    """Return words as a help lists them: text first, then the others in their order."""
    *most, last = sorted(words, key=lambda word: word != "text")
    return f"{', '.join(most)} or {last}." if most else f"{last}."


def shows(kind: str) -> Option:
    """Return the option `--format` of what a kind of result can be shown as: all formats of the room that can."""

    def offered() -> list[str]:
        from annostrat.cli._output import formats

        return formats(kind)

    return Option(lambda: spoken(offered()), "FORMAT", "-f", offers=offered)


def _readers() -> list[str]:
    from annostrat.annotations import readers
    from annostrat.knowledge.plugins import names

    return names(readers)


def text_or(*others: str) -> Option:
    """Return the option `--format` of what can be shown as text, and in a few other ways."""
    words = ["text", *others]
    return Option(spoken(words), "FORMAT", "-f", offers=lambda: words)


def chosen_rules(selector: str | None) -> str:
    """Return what selects the rule set: the option, else the variable, else the default.

    Raises:
        UsageError: The variable names no rule set.
    """
    return selector if selector is not None else rules_of_environment() or DEFAULT


def rules_of_environment() -> str | None:
    """Return the rule set that the variable selects, if it does.

    Raises:
        UsageError: There is no such rule set.
    """
    named = os.environ.get(RULES_VARIABLE)
    if not named:
        return None
    try:
        find(named)
    except UsageError as error:
        problem = error.problems[0]
        raise UsageError(f"{RULES_VARIABLE} in the environment: {problem.message}", problem.hint) from None
    return named


Files = Annotated[tuple[str, ...], Argument("FILE", "Files, folders, globs, or - for standard input.")]
RULES_VARIABLE = "ANNOSTRAT_RULES"
"""The variable of the environment that names a rule set where `--rules` does not."""
Rules = Annotated[
    str | None,
    Option(
        f"A shipped rule set, or your own folder; if not given, ${RULES_VARIABLE}, or else {DEFAULT}.",
        "NAME_OR_PATH",
        offers="rule_sets",
    ),
]
SameRules = Annotated[
    str | None, Option("The same as NAME_OR_PATH.", "NAME_OR_PATH", name="--rules", offers="rule_sets")
]
Output = Annotated[str | None, Option("Write to this file, completely or not at all.", "FILE", "-o")]
Quiet = Annotated[bool, Option("Print only the essential.", short="-q")]
Full = Annotated[bool, Option("Show everything, not just what fits a screen.")]
Strict = Annotated[bool, Option("Exit 1 when a use case is undecided or provisional.")]
Answers = Annotated[
    tuple[str, ...],
    Option(
        "Answer a question; may be repeated, also with another purpose.",
        "QUESTION=ANSWER",
        "-a",
        "--answer",
        offers="answers",
    ),
]
From = Annotated[
    str | None,
    Option("Format of the annotation files; detected if not given.", "FORMAT", name="--from", offers=_readers),
]
Sample = Annotated[int | None, Option("Only N of the images, chosen by hash.", "N")]
Seed = Annotated[int, Option("Another seed chooses other images.", "S")]
Crowds = Annotated[bool, Option("Labels marked as crowds (iscrowd) are single objects.")]
