"""Questions at a terminal: a line in, a line out, on standard error; works over ssh, in dumb terminals, read aloud."""

from __future__ import annotations

import io
import os
import shlex
import sys
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING

from annostrat.cli._boundary import Quit
from annostrat.errors import printable, suggest
from annostrat.knowledge.files import DEFAULT
from annostrat.knowledge.rule_set import UNKNOWN
from annostrat.use_case_files import as_yaml
from annostrat.walks import missing_questions, open_questions, path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Question
    from annostrat.use_case import UseCase

HELP, BACK, QUIT = "?", "b", "q"
_WORDS = {"help": HELP, "h": HELP, "back": BACK, "quit": QUIT, "exit": QUIT, "u": UNKNOWN}


def ask(
    rules: RuleSet, known: dict[str, str], name: str | None, *, selector: str = DEFAULT, quiet: bool = False
) -> dict[str, str]:
    """Ask for every answer that still matters; return all answers.

    Args:
        rules: The rule set.
        known: The answers given so far.
        name: The use case that is asked about, if there is one.
        selector: What chose the rule set, for the command line that repeats the answers.
        quiet: Whether to ask without introduction and recap.

    Raises:
        Quit: The person quit, or the input ended.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    answers = dict(known)
    if not quiet:
        _say(f"\n{printable(name)}" if name else "\nHow should you annotate your images?")
        _say(_wrapped("Answer with a number or a word. ? explains, u is unknown, b goes back, q quits."))
    with _kept(answers, selector):
        _ask_all(rules, answers)
    return answers


@contextmanager
def _kept(answers: dict[str, str], selector: str) -> Iterator[None]:
    """Show the answers given so far to whoever leaves early, so that nothing is lost."""
    try:
        yield
    except (Quit, KeyboardInterrupt):
        _say("\nStopped." + (f" Your answers so far:\n  {_command(answers, selector)}" if answers else ""))
        raise Quit from None


def _ask_all(rules: RuleSet, answers: dict[str, str]) -> None:
    """Ask until nothing that matters is missing; `answers` grows with every reply."""
    asked: list[str] = []
    while missing := missing_questions(rules, answers):
        question = missing[0]
        settled = question == rules.tier_question and not open_questions(rules, answers)
        if settled:
            _say("\n" + _wrapped("The strategy is settled. One question more picks the models; Enter skips it."))
        reply = _ask_one(
            rules.questions[question], len(asked) + 1, len(missing), bool(asked), UNKNOWN if settled else None
        )
        if reply == BACK:
            del answers[asked.pop()]
        else:
            answers[question] = reply
            asked.append(question)


def ask_classes(rules: RuleSet, answers: dict[str, str], selector: str = DEFAULT) -> dict[str, dict[str, str]]:
    """Ask for classes that answer differently from the whole; return each with the answers that differ.

    Raises:
        Quit: The person quit, or the input ended.
    """
    classes: dict[str, dict[str, str]] = {}
    _say("\n" + _wrapped(_CLASSES))
    with _kept(answers, selector):
        while (name := _read()) not in {"", BACK}:
            if name == HELP:
                _say(_wrapped(_CLASSES_HELP, "  ", "  "))
                continue
            if name == QUIT:
                raise Quit
            own = _ask_class(rules, answers, name)
            if own is not None:
                classes[name] = own
            _say("Another class, or Enter.")
    return classes


_CLASSES = "Do some classes need other answers? Name one, for example soil beside wheat heads, or press Enter."
_CLASSES_HELP = (
    "A class that is not counted, or looks different, may need a label of its own: wheat heads are counted and get "
    "boxes, the soil around them is not and gets a region. A class that is not named answers as the whole does."
)


def _ask_class(rules: RuleSet, answers: dict[str, str], name: str) -> dict[str, str] | None:
    """Return the answers that a class gives differently; Enter keeps the whole's. None if the person goes back."""
    own: dict[str, str] = {}
    while missing := [question for question in _asked_of(rules, {**answers, **own}) if question not in own]:
        question = rules.questions[missing[0]]
        kept = answers.get(question["id"], UNKNOWN)
        offered = [*question["answers"], UNKNOWN]
        _say("\n" + _wrapped(f"{printable(name)}: {question['ask']} [{'/'.join(offered)}] (Enter keeps {kept})"))
        reply = _read_answer(question, offered, kept)
        if reply == BACK:
            return None
        own[question["id"]] = reply
    return {question: answer for question, answer in own.items() if answer != answers.get(question)}


def _asked_of(rules: RuleSet, answers: dict[str, str]) -> list[str]:
    """Return the questions on a class's way through the tree."""
    return [step["question"] for step in path(rules, answers, None)]


def recap(case: UseCase, selector: str) -> None:
    """Show the answers as a command line and as a use-case file, to repeat or share."""
    if not case.classes:
        _say(f"\nYour answers, to repeat or share:\n  {_command(case.answers, selector)}")
    _say(f"As a use-case file:\n{textwrap.indent(as_yaml(case), '  ')}")


def _command(answers: dict[str, str], selector: str) -> str:
    rules = "" if selector == DEFAULT else f" --rules {shlex.quote(selector)}"
    given = "".join(f" -a {question}={answer}" for question, answer in answers.items())
    return printable(f"annostrat recommend{rules}{given}")


def _ask_one(question: Question, number: int, left: int, can_go_back: bool, empty: str | None) -> str:
    """Return an answer, or BACK."""
    _show(question, number, left)
    while True:
        reply = _read_answer(question, [*question["answers"], UNKNOWN], empty)
        if reply != BACK or can_go_back:
            return reply
        _say("  This is the first question.")


def _read_answer(question: Question, offered: list[str], empty: str | None) -> str:
    """Return an answer, or BACK; an empty line is the answer `empty`, where there is one.

    Raises:
        Quit: The person quit, or the input ended.
    """
    while True:
        reply = _read()
        choice = _choice(reply, offered) if reply else empty
        if choice == QUIT:
            raise Quit
        if choice == HELP:
            _explain(question)
        elif choice is not None:
            return choice
        elif reply:
            _say(_wrapped(f"'{printable(reply[:40])}' is not an answer; {suggest(reply, offered)}", "  ", "  "))


def _choice(reply: str, offered: list[str]) -> str | None:
    word = _WORDS.get(reply.lower(), reply.lower())
    if word in {HELP, BACK, QUIT, *offered}:
        return word
    if word.isdecimal() and 1 <= int(word) < len(offered):
        return offered[int(word) - 1]
    starts = [answer for answer in offered if word and answer.startswith(word)]
    return starts[0] if len(starts) == 1 else None


def _show(question: Question, number: int, left: int) -> None:
    rest = "the last one" if left == 1 else f"at most {left - 1} more after it"
    _say(f"\nQuestion {number} ({rest})")
    _say(_wrapped(question["ask"]))
    width = max(map(len, [*question["answers"], UNKNOWN]))
    for index, (answer, text) in enumerate(question["answers"].items(), start=1):
        label = f"  {index}  {answer:{width}}  "
        _say(_wrapped(text["meaning"], label, " " * len(label)))
    _say(f"  u  {UNKNOWN}")


def _explain(question: Question) -> None:
    example = [f"For example: {question['example']}"] if question["example"] else []
    for text in (question["help"], f"Why it matters: {question['why']}", *example):
        _say(_wrapped(text, "  ", "  "))


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    width = max(30, min(_columns(), 100))
    return textwrap.fill(printable(text), width, initial_indent=first, subsequent_indent=rest)


def _columns() -> int:
    """Return the width of the screen that shows the questions, which standard output need not go to."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        return 80


def _read() -> str:
    """Return the line that the person types; the end of the input quits."""
    sys.stderr.write("> ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else QUIT


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
