"""Questions at a terminal: a line in, a line out, on standard error; works over ssh, in dumb terminals, read aloud."""

from __future__ import annotations

import io
import shlex
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from annostrat.cli._boundary import Quit
from annostrat.engine import missing_questions, path
from annostrat.errors import printable, suggest
from annostrat.knowledge.files import DEFAULT
from annostrat.knowledge.rule_set import UNKNOWN
from annostrat.use_case_files import as_yaml

if TYPE_CHECKING:
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
    asked: list[str] = []
    if not quiet:
        _say(f"\n{printable(name)}" if name else "\nHow should you annotate your images?")
        _say(_wrapped("Answer with a number or a word. ? explains, u is unknown, b goes back, q quits."))
    while missing := missing_questions(rules, answers):
        question = missing[0]
        reply = _ask_one(rules.questions[question], len(asked) + 1, len(missing), can_go_back=bool(asked))
        if reply == BACK:
            del answers[asked.pop()]
        elif reply == QUIT:
            _say("\nStopped." + (f" Your answers so far:\n  {_command(answers, selector)}" if asked else ""))
            raise Quit
        else:
            answers[question] = reply
            asked.append(question)
    return answers


def ask_classes(rules: RuleSet, answers: dict[str, str]) -> dict[str, dict[str, str]]:
    """Ask for classes that answer differently from the whole; return each with the answers that differ.

    Raises:
        Quit: The person quit, or the input ended.
    """
    classes: dict[str, dict[str, str]] = {}
    _say(
        "\n" + _wrapped("Do some classes need other answers, as soil and heads in wheat do? Name one, or press Enter.")
    )
    while name := _read():
        if name == QUIT:
            raise Quit
        classes[name] = _ask_class(rules, answers, name)
        _say("Another class, or Enter.")
    return classes


def _ask_class(rules: RuleSet, answers: dict[str, str], name: str) -> dict[str, str]:
    """Return the answers that a class gives differently; an empty line keeps the answer of the whole."""
    own: dict[str, str] = {}
    while missing := [question for question in _asked_of(rules, {**answers, **own}) if question not in own]:
        question = rules.questions[missing[0]]
        kept = answers.get(question["id"], UNKNOWN)
        _say("\n" + _wrapped(f"{printable(name)}: {question['ask']} (Enter keeps {kept})"))
        reply = _read_answer(question, [*question["answers"], UNKNOWN], empty=kept)
        if reply == BACK:
            own = {}
        elif reply == QUIT:
            raise Quit
        else:
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


def _ask_one(question: Question, number: int, left: int, *, can_go_back: bool) -> str:
    """Return an answer, or BACK or QUIT."""
    _show(question, number, left)
    while True:
        reply = _read_answer(question, [*question["answers"], UNKNOWN])
        if reply != BACK or can_go_back:
            return reply
        _say("  This is the first question.")


def _read_answer(question: Question, offered: list[str], empty: str | None = None) -> str:
    """Return an answer, or BACK or QUIT; an empty line is the answer `empty`, where there is one."""
    while True:
        reply = _read()
        choice = _choice(reply, offered) if reply else empty
        if choice == HELP:
            _explain(question)
        elif choice is not None:
            return choice
        elif reply:
            _say(f"  '{printable(reply[:40])}' is not an answer; {suggest(reply, offered)}")


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
    width = max(30, min(shutil.get_terminal_size((80, 24)).columns, 100))
    return textwrap.fill(printable(text), width, initial_indent=first, subsequent_indent=rest)


def _read() -> str:
    """Return the line that the person types; the end of the input quits."""
    sys.stderr.write("> ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else QUIT


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
