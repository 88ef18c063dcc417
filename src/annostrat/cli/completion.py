"""What a shell offers when a person presses Tab: questions, answers, strategies, tools, formats and rule sets.

Typer keeps what starts with the word that is being typed, and asks the shell for file names where nothing is offered.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.knowledge.rule_set import RuleSet


MAX_TITLE = 40
"""Characters of the title next to a word."""


def answers(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """Offer the questions that are not answered yet; once only one fits, its answers.

    Each comes with a title, cut to one line: shells take a second line for another word.
    """
    rules = _rules(ctx)
    given = {word.partition("=")[0] for word in ctx.params.get("answers") or ()}
    name, equals, _ = incomplete.partition("=")
    fitting = [id_ for id_ in rules.relevant if (id_ == name if equals else id_.startswith(name) and id_ not in given)]
    if len(fitting) != 1:
        return [(f"{id_}=", _brief(rules.questions[id_]["title"])) for id_ in fitting]
    offered = {answer: _brief(text["title"]) for answer, text in rules.questions[fitting[0]]["answers"].items()}
    return [(f"{fitting[0]}={answer}", title) for answer, title in (offered | {"unknown": "Not known"}).items()]


def domains(ctx: Any) -> list[tuple[str, str]]:
    """Offer the fields of the rules."""
    return [(id_, _brief(text["meaning"])) for id_, text in _rules(ctx).domains.items()]


def strategies(ctx: Any) -> list[tuple[str, str]]:
    """Offer the strategies of the rules."""
    return [(id_, _brief(text["title"])) for id_, text in _rules(ctx).strategies.items()]


def rule_sets() -> list[str]:
    """Offer the shipped rule sets."""
    from annostrat.knowledge.files import shipped_trees

    return shipped_trees()


def beginnings() -> list[str]:
    """Offer the kinds of files that can be begun."""
    from annostrat.cli.beginnings import HOMES

    return list(HOMES)


def schemas() -> list[str]:
    """Offer the kinds of files that have a schema."""
    from annostrat.cli.schemas import KINDS

    return list(KINDS)


def json_keys() -> list[str]:
    """Offer the keys of a recommendation's JSON."""
    from typing import get_type_hints

    from annostrat.recommendation.contract import RecommendationDocument

    return list(get_type_hints(RecommendationDocument))


def _brief(text: str) -> str:
    return text if len(text) <= MAX_TITLE else f"{text[: MAX_TITLE - 3]}..."


def _rules(ctx: Any) -> RuleSet:
    """Return the rules that the line names so far; the default ones where these cannot be used."""
    from annostrat.cli.options import chosen_rules
    from annostrat.errors import AnnostratError
    from annostrat.knowledge.loader import load_rules

    try:
        return load_rules(chosen_rules(ctx.params.get("rules") or ctx.params.get("name")))
    except AnnostratError:
        return load_rules()


def wanted() -> str:
    """Return what a shell asks for: `complete_bash`, or `source_bash` for the script that makes it ask; or nothing."""
    return os.environ.get("_ANNOSTRAT_COMPLETE", "")


def script(shell: str) -> str:
    """Return the script that makes a shell ask; shells run it whenever they start, so nothing else is imported."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # under both names of its module

    return get_completion_script(prog_name="annostrat", complete_var="_ANNOSTRAT_COMPLETE", shell=shell)


def commands_to_declare() -> list[str]:
    """Return the commands that typer must know: where a shell completes the line of one, that one alone."""
    from annostrat.cli import commands

    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = line.split()[1:] if wanted() else []
    name = commands.named(words)
    return [name] if name and (len(words) > len(name.split()) or line[-1:].isspace()) else [*commands.HOMES]


def in_bash(run: Callable[[], object]) -> None:
    """Complete for bash, which cuts words at `=`: put them together first, and print only the part it asks for."""
    import contextlib
    import io

    text, number, kept = rejoined(os.environ.get("COMP_WORDS", ""), int(os.environ.get("COMP_CWORD") or 0))
    os.environ.update(COMP_WORDS=text, COMP_CWORD=str(number))
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            run()
    finally:
        print("\n".join(line.removeprefix(kept) for line in printed.getvalue().splitlines()))  # noqa: T201 - for bash


def rejoined(text: str, current: int) -> tuple[str, int, str]:
    """Return words that were cut at `=` put together, the number of the current one, and what bash keeps of it."""
    joined: list[str] = []
    number, kept, goes_on = 0, "", False
    for at, piece in enumerate(text.split("\n")):
        if joined and (piece == "=" or goes_on):
            joined[-1] += piece
        else:
            joined.append(piece)
        goes_on = piece == "="
        if at == current:
            number = len(joined) - 1
            kept = joined[-1] if goes_on else joined[-1].removesuffix(piece)
    if kept.startswith("--"):
        kept = kept.partition("=")[2]  # what is offered is the value alone
    return "\n".join(joined), number, kept
