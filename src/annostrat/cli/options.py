"""Declaration of a command's parameters, as the fields of its request, next to its code.

A field's annotation defines its form on the command line. From that follow typer's parsing, help and completion
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
    """A positional parameter.

    Attributes:
        metavar: Its placeholder in the usage.
        help: Its description.
        offers: The function of `completion` that lists possible values, or the values themselves.
    """

    metavar: str
    help: str | Callable[[], str]
    offers: str | Callable[[], list[str]] | None = None


class Option(NamedTuple):
    """A named parameter.

    Attributes:
        help: Its effect.
        metavar: The placeholder of its value in the help; None for a flag.
        short: Its short name.
        name: Its long name, if that does not follow from the field.
        offers: See `Argument`.
        least: The smallest number allowed.
        most: The largest number allowed.
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
        request: The type of its parameters, whose docstring is the help.
        run: The function that runs it and returns the exit code.
    """

    request: type
    run: Callable[[Any], int]


class Parameter(NamedTuple):
    """A field of a request, as the command line sees it.

    Attributes:
        field: The field's name.
        kind: The type of a value: text, an integer or a float; a flag is a bool.
        many: Whether it may be given several times.
        required: Whether it must be given.
        default: Its value if it is not given.
        declared: The declaration in the field's annotation.
    """

    field: str
    kind: type
    many: bool
    required: bool
    default: Any
    declared: Argument | Option

    def names(self) -> list[str]:
        """Return the names of an option, the long one first; none for an argument."""
        if isinstance(self.declared, Argument):
            return []
        long = self.declared.name or f"--{self.field.replace('_', '-')}"
        return [long, self.declared.short] if self.declared.short else [long]


def parameters(request: type) -> list[Parameter]:
    """Return the parameters of a request, in the order of its fields."""
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
    """Return words as a help text lists them: `text` first, then the others in order."""
    *most, last = sorted(words, key=lambda word: word != "text")
    return f"{', '.join(most)} or {last}." if most else f"{last}."


def shows(kind: str) -> Option:
    """Return the option `--format` for a kind of result: all formats that support it."""

    def offered() -> list[str]:
        from annostrat.cli._output import formats

        return formats(kind)

    return Option(lambda: spoken(offered()), "FORMAT", "-f", offers=offered)


def _readers() -> list[str]:
    from annostrat.annotations import readers
    from annostrat.knowledge.plugins import names

    return names(readers)


def text_or(*others: str) -> Option:
    """Return the option `--format` for a result that has text and a few other formats."""
    words = ["text", *others]
    return Option(spoken(words), "FORMAT", "-f", offers=lambda: words)


def chosen_rules(selector: str | None) -> str:
    """Return the selector of the rule set: from the option, else from the environment variable, else the default.

    Raises:
        UsageError: The variable names no known rule set.
    """
    return selector if selector is not None else rules_of_environment() or DEFAULT


def rules_of_environment() -> str | None:
    """Return the rule set selected by the environment variable, if any.

    Raises:
        UsageError: The rule set does not exist.
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
"""The environment variable that selects a rule set if `--rules` is not given."""
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
