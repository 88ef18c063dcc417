"""Questions at a terminal: a line in, a line out, on standard error; works over ssh, in dumb terminals, read aloud."""

from __future__ import annotations

import io
import os
import shlex
import sys
import textwrap
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from annostrat.cli._output import Quit
from annostrat.errors import InputError, nearest, printable, shortened, suggest
from annostrat.knowledge.files import DEFAULT
from annostrat.knowledge.tree import UNKNOWN
from annostrat.recommendation.engine import most_to_ask, questions_on_way, questions_to_ask, sharpening_questions
from annostrat.use_cases.fields import JOINT
from annostrat.use_cases.files import as_yaml
from annostrat.use_cases.use_case import MAX_OBJECTS, check_effort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.contract import Question
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase

HELP, BACK, QUIT, DONE, SKIPPED = "?", "b", "q", "d", ""
_WORDS = {"help": HELP, "h": HELP, "back": BACK, "quit": QUIT, "exit": QUIT, "done": DONE, "u": UNKNOWN}


class _Done(Exception):  # noqa: N818 - no error: the result is wanted
    """What may be skipped is skipped from here on."""


def ask(
    rules: RuleSet,
    case: UseCase,
    name: str | None,
    *,
    selector: str = DEFAULT,
    quiet: bool = False,
    classes: bool = False,
) -> UseCase:
    """Ask for every answer that still matters, then for what sharpens the advice; return the use case with them.

    Args:
        rules: The rule set.
        case: The use case, with the answers given so far.
        name: What to call it, if it has a name.
        selector: What chose the rule set, for the command line that repeats the answers.
        quiet: Whether to ask without introduction, and only what can change the strategy.
        classes: Whether to ask for classes, too.

    Raises:
        Quit: The person quit, or the input ended.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    answers = dict(case.answers)
    if not quiet:
        _say(f"\n{printable(name)}" if name else "\nHow should you annotate your images?")
        _say(_wrapped("Answer with a number or a word. ? explains, u is unknown, b goes back, q quits."))
    optional = (_with_domain, _with_objects, _with_images, _with_number, *([_with_classes] if classes else []))
    case = case._replace(answers=answers)  # it grows with every reply
    with _kept(answers, selector), suppress(_Done):
        _Interview(rules, answers, sharpen=not quiet).run()
        for step in () if quiet else optional:
            case = step(rules, case)
    _say("")
    return case


@contextmanager
def _kept(answers: dict[str, str], selector: str) -> Iterator[None]:
    """Show the answers given so far to whoever leaves early, so that nothing is lost."""
    try:
        yield
    except (Quit, KeyboardInterrupt):
        _say("\nStopped." + (f" Your answers so far:\n  {_command(answers, selector)}" if answers else ""))
        raise Quit from None


class _Interview:
    """Asks one question after another; `answers` grows with every reply, and shrinks when the person goes back.

    Args:
        rules: The rule set.
        answers: The answers given so far.
        sharpen: Whether to go on, once the strategy is settled, with questions that sharpen models and advice.
    """

    def __init__(self, rules: RuleSet, answers: dict[str, str], *, sharpen: bool) -> None:
        self._rules, self._answers, self._sharpen = rules, answers, sharpen
        self._asked: list[str] = []
        self._settled = False

    def run(self) -> None:
        """Ask until nothing is left to ask."""
        before: dict[str, str] = {}
        while (question := self._next()) is not None:
            optional = self._settled
            reply = self._ask_one(question, before.get(question), optional=optional)
            if reply == BACK:
                last = self._asked.pop()
                before[last] = self._answers.pop(last, UNKNOWN)
                self._settled = False
            else:
                self._asked.append(question)
                if reply != SKIPPED:
                    self._answers[question] = reply

    def _next(self) -> str | None:
        """Return the next question; what changes the strategy comes before what sharpens the advice."""
        missing = questions_to_ask(self._rules, self._answers)
        if missing:
            return missing[0]
        left = [one for one in sharpening_questions(self._rules, self._answers) if one not in self._asked]
        if not left or not self._sharpen:
            return None
        if not self._settled:
            self._settled = True
            _say("\n" + _wrapped(_SETTLED))
        return left[0]

    def _ask_one(self, id_: str, before: str | None, *, optional: bool) -> str:
        """Return an answer, BACK or SKIPPED."""
        question = self._rules.questions[id_]
        rest = "Enter skips it" if optional else _bound(most_to_ask(self._rules, self._answers) - 1)
        _say(f"\nQuestion {len(self._asked) + 1} ({rest})")
        _show(question)
        if before:
            _say(f"  You answered {before.replace(JOINT, ', ')} before.")
        while True:
            reply = _read_answer(question, [*question["answers"], UNKNOWN], SKIPPED if optional else None)
            if reply != BACK or self._asked:
                return reply
            _say("  This is the first question.")


_SETTLED = (
    "The strategy is settled. What follows sharpens models, hours and advice: Enter skips a question, d skips all of "
    "them and shows the result."
)


def _bound(more: int) -> str:
    return "the last one that decides" if more <= 0 else f"at most {more} more decide"


def _with_domain(rules: RuleSet, case: UseCase) -> UseCase:
    """Return the use case with the field that the person names, for nearer precedents and models."""
    if case.domain is not None:
        return case
    _say("\n" + _wrapped(f"Which field is it? Enter skips it. One of {', '.join(rules.domains)}."))
    while (reply := _read_words()) and (domain := rules.domain(reply)) is None:
        message = f"no domain is called '{shortened(reply)}'; {suggest(reply.lower(), rules.domains)}"
        _say(_wrapped(message, "  ", "  "))
    return case._replace(domain=domain) if reply else case


def _with_objects(rules: RuleSet, case: UseCase) -> UseCase:  # noqa: ARG001
    """Return the use case with the things that the person names, which a field makes sense of."""
    if case.domain is None or case.objects is not None:
        return case
    _say("\n" + _wrapped("What are the labels on, in a few words, such as wheat heads? Enter skips it."))
    return case._replace(objects=_read_words()[:MAX_OBJECTS] or None)


def _read_words() -> str:
    """Return what the person writes where nothing need be; nothing for an empty line or `b`.

    Raises:
        Quit: The person quit.
        _Done: The person wants the result.
    """
    reply = _read()
    meant = _WORDS.get(reply.lower(), reply.lower())
    if meant == QUIT:
        raise Quit
    if meant == DONE:
        raise _Done
    return "" if meant == BACK else reply


def _with_images(rules: RuleSet, case: UseCase) -> UseCase:
    """Return the use case with the images that the person counts, if any, so that hours can be told."""
    if case.images:
        return case
    images = _read_number(rules, "How many images are to be labelled? Enter skips it.", "images")
    return case._replace(images=None if images is None else int(images))


def _with_number(rules: RuleSet, case: UseCase) -> UseCase:
    """Return the use case with the objects of an image, without which most labels have no hours."""
    if not case.images or case.objects_per_image is not None:
        return case
    question = "How many objects of interest does an image show, on average? Enter skips it."
    return case._replace(objects_per_image=_read_number(rules, question, "objects_per_image"))


def _read_number(rules: RuleSet, text: str, key: str) -> float | None:
    """Return a number within its bounds; None for an empty line."""
    _say("\n" + _wrapped(text))
    while reply := _read_words():
        try:
            number: float = check_effort({key: reply.replace(",", "")}, rules)[key]
        except InputError as error:
            _say(_wrapped(f"{error.problems[0].text()}", "  ", "  "))
        else:
            return number
    return None


def _with_classes(rules: RuleSet, case: UseCase) -> UseCase:
    """Return the use case with the classes that answer differently from the whole; of each only what differs."""
    classes: dict[str, dict[str, str]] = {}
    _say("\n" + _wrapped(_CLASSES))
    while (reply := _read_words().lower()) not in {"y", "yes"}:
        if reply in {"", "n", "no"}:
            return case
        _say(_wrapped(_CLASSES_HELP, "  ", "  "))
    _say("The class's name?")
    while name := _read_words():
        own = _ask_class(rules, case.answers, name)
        if own is not None:
            classes[name] = own
        _say("Another class, or Enter.")
    return case._replace(classes=classes)


_CLASSES = "Does a class need other answers, such as soil beside wheat heads? yes or no [no]"
_CLASSES_HELP = (
    "A class that serves another purpose may need a label of its own: wheat heads are found and get boxes, the soil "
    "around them is mapped and gets regions. A class that is not named answers as the whole does. Answer yes or no."
)


def _ask_class(rules: RuleSet, answers: dict[str, str], name: str) -> dict[str, str] | None:
    """Return the answers that a class gives differently; Enter keeps the whole's. None if the person goes back."""
    own: dict[str, str] = {}
    while missing := [question for question in questions_on_way(rules, {**answers, **own}) if question not in own]:
        question = rules.questions[missing[0]]
        kept = answers.get(question["id"], UNKNOWN)
        offered = [*question["answers"], UNKNOWN]
        _say("\n" + _wrapped(f"{printable(name)}: {question['ask']} [{'/'.join(offered)}] (Enter keeps {kept})"))
        reply = _read_answer(question, offered, kept)
        if reply == BACK:
            return None
        own[question["id"]] = reply
    return {question: answer for question, answer in own.items() if answer != answers.get(question)}


def show_file(case: UseCase) -> None:
    """Show the use case as a file, where no command line can say all of it."""
    if not _is_plain(case):
        _say(f"\nYour answers as a use-case file, to keep or share:\n{textwrap.indent(as_yaml(case), '  ')}")


def show_command(case: UseCase, selector: str) -> None:
    """Show the command line that repeats the answers, where one can say all of them."""
    if _is_plain(case):
        counts = {"images": case.images, "objects_per_image": case.objects_per_image}
        effort = "".join(f" --effort {key}={value:.15g}" for key, value in counts.items() if value is not None)
        _say(f"\nTo repeat or share:\n  {_command(case.answers, selector)}{effort}")


def _is_plain(case: UseCase) -> bool:
    return not (case.classes or case.domain or case.objects)


def _command(answers: dict[str, str], selector: str) -> str:
    rules = "" if selector == DEFAULT else f" --rules {shlex.quote(selector)}"
    given = "".join(f" -a {question}={answer.replace(JOINT, ',')}" for question, answer in answers.items())
    return printable(f"annostrat recommend{rules}{given}")


def _read_answer(question: Question, offered: list[str], empty: str | None) -> str:
    """Return an answer, or BACK; an empty line is the answer `empty`, where there is one.

    Raises:
        Quit: The person quit, or the input ended.
        _Done: The person skips what may be skipped.
    """
    while True:
        reply = _read()
        choice = _choices(reply, offered, several=question["several"]) if reply else empty
        if choice == QUIT:
            raise Quit
        if choice == DONE and empty == SKIPPED:
            raise _Done
        if choice == HELP:
            _explain(question)
        elif choice not in (None, DONE):
            return choice
        elif reply:
            numbered = f"1 to {len(offered) - 1}, or {', '.join(offered)}"
            close = nearest(reply.lower(), offered)
            hint = f"did you mean '{close}'? " if close else ""
            _say(_wrapped(f"'{printable(reply[:40])}' is not an answer; {hint}valid: {numbered}", "  ", "  "))


def _choices(reply: str, offered: list[str], *, several: bool) -> str | None:
    """Return what a reply means: one answer, or where a question takes several, all of them joined."""
    parts = [part for part in reply.replace(JOINT, ",").replace(" ", ",").split(",") if part]
    if not several or len(parts) == 1:
        return _choice(reply, offered)
    chosen = [_choice(part, offered[:-1]) for part in parts]
    if all(word in offered for word in chosen):
        return JOINT.join(dict.fromkeys(word for word in chosen if word))
    return None


def _choice(reply: str, offered: list[str]) -> str | None:
    word = _WORDS.get(reply.lower(), reply.lower())
    if word in {HELP, BACK, QUIT, DONE, *offered}:
        return word
    answers = [answer for answer in offered if answer != UNKNOWN]
    if word.isdecimal() and 1 <= int(word) <= len(answers):
        return answers[int(word) - 1]
    starts = [answer for answer in offered if word and answer.startswith(word)]
    return starts[0] if len(starts) == 1 else None


def _show(question: Question) -> None:
    """Show a question with its answers: each with an example where it has one, else with what it means."""
    _say(_wrapped(question["ask"]))
    exampled = all(text["example"] for text in question["answers"].values())
    names = {id_: text["title"] if exampled else id_ for id_, text in question["answers"].items()}
    width = max(map(len, [*names.values(), UNKNOWN]))
    for index, (answer, text) in enumerate(question["answers"].items(), start=1):
        label = f"  {index}  {names[answer]:{width}}  "
        if len(label) > _columns() * 0.6:
            _say(_wrapped(f"{names[answer]}: {text['example'] or text['meaning']}", f"  {index}  ", "     "))
        else:
            _say(_wrapped(text["example"] or text["meaning"], label, " " * len(label)))
    _say("  u  unknown" + ("   (several: 2,5)" if question["several"] else ""))


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
