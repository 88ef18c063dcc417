"""Questions at a terminal: a line in, a line out, on standard error; works over ssh, in dumb terminals, read aloud."""

from __future__ import annotations

import io
import os
import shlex
import sys
import textwrap
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.cli._output import Quit
from annostrat.errors import InputError, nearest, printable
from annostrat.knowledge.files import DEFAULT
from annostrat.knowledge.tree import UNKNOWN
from annostrat.recommendation import engine
from annostrat.use_cases.fields import JOINT, ungrouped
from annostrat.use_cases.files import as_yaml
from annostrat.use_cases.use_case import MAX_OBJECTS, check_effort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annostrat.knowledge.contract import Question
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase

HELP, BACK, QUIT, DONE = "?", "b", "q", "d"
_WORDS = {"help": HELP, "h": HELP, "back": BACK, "quit": QUIT, "exit": QUIT, "done": DONE, "u": UNKNOWN}
_ENTER_SKIPS = "Enter skips it"


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
        name: Its name, if it has one.
        selector: The selector of the rule set, for the command line that repeats the answers.
        quiet: Whether to skip the introduction, and every question that cannot change the strategy.
        classes: Whether to ask for classes too.

    Raises:
        Quit: The person quit, or the input ended.
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if not quiet:
        _say(f"\n{printable(name)}" if name else "\nHow should you annotate your images?")
        _say(_wrapped("Answer with a number or a word. ? explains, u is unknown, b goes back, q quits."))
    interview = _Interview(rules, case, quiet=quiet, classes=classes)
    try:
        interview.run()
    except (Quit, KeyboardInterrupt):
        known = interview.case
        given = f" Your answers so far:\n  {_command(known, selector)}" if known.answers else ""
        _say(f"\nStopped.{given}")
        raise Quit from None
    _say("")
    return interview.case


class _State(NamedTuple):
    """The use case with all answers so far, and the class that is being asked about: empty while its name is asked for.

    Before and after the questions about classes it is None.
    """

    case: UseCase
    naming: str | None = None


class _Step(NamedTuple):
    """One question of the interview.

    Attributes:
        key: A unique key.
        text: The question as lines.
        help: What `?` says, in paragraphs.
        take: What a reply leads to, with the reply in words; or what is wrong with the reply.
        skipped: What an empty reply leads to; None where it leads nowhere.
        note: A remark beside the number of the question.
        rest: Whether this and all that follows may be skipped.
    """

    key: str
    text: str
    help: list[str]
    take: Callable[[str], tuple[_State, str] | str]
    skipped: _State | None = None
    note: str = _ENTER_SKIPS
    rest: bool = True


class _Interview:
    """Asks one question after another, each of which can be explained and gone back to; see `ask`."""

    def __init__(self, rules: RuleSet, case: UseCase, *, quiet: bool, classes: bool) -> None:
        self._rules, self._quiet, self._classes = rules, quiet, classes
        self._state = _State(case)
        self._asked: dict[str, _State] = {}
        """The steps that were answered, in order, each with what was known before."""
        self._words: dict[str, str] = {}
        """What was answered to each step, kept when the person goes back."""
        self._announced = False

    @property
    def case(self) -> UseCase:
        """The use case, with the answers given so far."""
        return self._state.case

    def run(self) -> None:
        """Ask until no question is left, or the person wants the result."""
        while (step := self._next()) is not None:
            if step.rest and not self._announced:
                status = engine.status_of(self._rules, engine.one_by_one(self._rules, self.case.answers))
                sure = "settled" if status == "decided" else f"{status} while an answer is unknown"
                _say("\n" + _wrapped(f"The strategy is {sure}. {_SHARPENING}"))
            self._announced = step.rest
            _say(f"\nQuestion {len(self._asked) + 1} ({step.note})\n{step.text}")
            if before := self._words.get(step.key):
                _say(f"  You answered {printable(before)} before.")
            reply = self._reply(step)
            if reply == DONE:
                return
            if isinstance(reply, str):
                _, self._state = self._asked.popitem()
            else:
                self._asked[step.key] = self._state
                self._state, self._words[step.key] = reply

    def _reply(self, step: _Step) -> tuple[_State, str] | str:
        """Return what a reply leads to, BACK or DONE."""
        while True:
            reply = _read()
            word = _WORDS.get(reply.lower(), reply.lower())
            if word == QUIT:
                raise Quit
            if (word == BACK and self._asked) or (word == DONE and step.rest):
                return word
            taken = self._taken(step, reply, word)
            if not isinstance(taken, list):
                return taken
            for text in taken:
                _say(_wrapped(text, "  ", "  "))
            if word == HELP:
                _say(f"\n{step.text}")

    def _taken(self, step: _Step, reply: str, word: str) -> tuple[_State, str] | list[str]:
        """Return what a reply leads to, or what to say before the question is asked again."""
        if word == HELP:
            return step.help
        if word == BACK:
            return ["This is the first question."]
        if not reply:
            return (step.skipped, "") if step.skipped else []
        taken = step.take(reply)
        return [taken] if isinstance(taken, str) else taken

    def _next(self) -> _Step | None:
        """Return the next question: first those that change the strategy, then those for better advice, then counts."""
        answers = self.case.answers
        if missing := engine.questions_to_ask(self._rules, answers):
            more = engine.most_to_ask(self._rules, answers) - 1
            note = "the last one that decides" if more <= 0 else f"at most {more} more to decide"
            return self._question(missing[0])._replace(note=note, skipped=None, rest=False)
        if self._quiet:
            return None
        left = [one for one in engine.sharpening_questions(self._rules, answers) if one not in self._asked]
        if left:
            return self._question(left[0])
        if self._state.naming is not None:
            return self._of_class(self._state.naming)
        return next((step for step in self._details() if step.key not in self._asked), None)

    def _question(self, id_: str) -> _Step:
        question = self._rules.questions[id_]

        def take(reply: str) -> tuple[_State, str] | str:
            answer = answer_in(reply, question)
            if answer is None:
                return _no_answer(reply, question)
            case = self.case._replace(answers={**self.case.answers, id_: answer})
            return self._state._replace(case=case), answer.replace(JOINT, ", ")

        return _Step(id_, _shown(question), _explained(question), take, self._state)

    def _details(self) -> Iterator[_Step]:
        """Yield questions that improve precedents, models and hours, where the use case does not answer them."""
        case = self.case
        if case.domain is None:
            yield self._detail("domain", self._domain, _FIELD.format(", ".join(self._rules.domains)), _FIELD_HELP)
        elif case.objects is None:
            yield self._detail("objects", lambda objects: {"objects": objects[:MAX_OBJECTS]}, _OBJECTS, _OBJECTS_HELP)
        if not case.images:
            yield self._detail("images", partial(self._number, "images"), _IMAGES, _IMAGES_HELP)
        elif case.objects_per_image is None:
            yield self._detail("objects_per_image", partial(self._number, "objects_per_image"), _NUMBER, _NUMBER_HELP)
        if self._classes:
            named, unnamed = (self._state._replace(naming=""), "yes"), (self._state, "no")
            replies = {"y": named, "yes": named, "n": unnamed, "no": unnamed}
            yield _Step(
                key="classes",
                text=_wrapped(_CLASSES),
                help=[_CLASSES_HELP],
                take=lambda reply: replies.get(reply.lower(), _CLASSES_HELP),
                skipped=self._state,
                note="Enter is no",
            )

    def _detail(self, key: str, read: Callable[[str], dict[str, Any] | str], text: str, help_: str) -> _Step:
        """Return a question for one detail of a use case; `read` returns it, or what is wrong with a reply."""

        def take(reply: str) -> tuple[_State, str] | str:
            if reply.lower() in (UNKNOWN, "u"):
                return self._state, ""
            found = read(reply)
            return found if isinstance(found, str) else (_State(self.case._replace(**found)), reply)

        return _Step(key, _wrapped(text), [help_], take, self._state)

    def _domain(self, reply: str) -> dict[str, Any] | str:
        if domain := self._rules.domain(reply):
            return {"domain": domain}
        return "; ".join(self._rules.no_domain(reply))

    def _number(self, key: str, reply: str) -> dict[str, Any] | str:
        try:
            number = check_effort({key: ungrouped(reply)}, self._rules)[key]
        except InputError as error:
            return error.problems[0].text()
        return {key: int(number) if key == "images" else number}

    def _of_class(self, name: str) -> _Step:
        """Return the question for the name of a class, or for an answer that may differ from the whole."""
        case = self.case
        own = case.classes.get(name, {})
        way = engine.questions_on_way(self._rules, {**case.answers, **own}) if name else []
        missing = [question for question in way if f"{name}: {question}" not in self._asked]
        if not missing:
            text = "Another class?" if case.classes else "What is the class called?"
            key = f"class {sum(key.startswith('class ') for key in self._asked) + 1}"
            end = self._state._replace(naming=None)
            return _Step(key, text, [_NAME_HELP], self._named, end, "Enter ends the list")
        question = self._rules.questions[missing[0]]
        kept = case.answers.get(question["id"], UNKNOWN)
        offered = ", ".join([*question["answers"], UNKNOWN])
        text = _wrapped(f"{printable(name)}: {question['ask']} [{offered}]")

        def take(reply: str) -> tuple[_State, str] | str:
            answer = answer_in(reply, question)
            if answer is None:
                return _no_answer(reply, question)
            differs = {} if answer == kept else {question["id"]: answer}
            classes = {**case.classes, name: {**own, **differs}}
            return self._state._replace(case=case._replace(classes=classes)), answer.replace(JOINT, ", ")

        note = f"Enter keeps {kept.replace(JOINT, ',')}"
        return _Step(f"{name}: {question['id']}", text, _explained(question), take, self._state, note)

    def _named(self, reply: str) -> tuple[_State, str] | str:
        if "," in reply:
            return "One class at a time: the next one is asked for after it."
        classes = self.case.classes
        return _State(self.case._replace(classes={**classes, reply: classes.get(reply, {})}), reply), reply


_SHARPENING = (
    "What follows sharpens models, hours and advice: Enter skips a question, d skips all of them and shows the result."
)
_FIELD = "Which field is it? One of {}."
_FIELD_HELP = (
    "Projects of the same field are shown as precedents, and models that were made for it come first. Words that "
    "people use for a field will do, such as histology."
)
_OBJECTS = "What are the labels on, in a few words, such as wheat heads?"
_OBJECTS_HELP = "Projects with labels on the same things are shown first among the precedents."
_IMAGES = "How many images are to be labelled?"
_IMAGES_HELP = "Hours and weeks are computed from it. A guess will do; --effort images=1000 changes it later."
_NUMBER = "How many objects of interest does an image show, on average?"
_NUMBER_HELP = (
    "Most labels are drawn one by one, so their hours depend on it. Count the objects in ten images or so and take "
    "the mean: 0.5 if every second image shows one."
)
_CLASSES = "Does a class need other answers, such as soil beside wheat heads? yes or no [no]"
_CLASSES_HELP = (
    "A class that serves another purpose may need a label of its own: wheat heads are found and get boxes, the soil "
    "around them is mapped and gets regions. A class that is not named answers as the whole does. Answer yes or no."
)
_NAME_HELP = "A class is one kind of thing that your labels name, such as soil."


def show_file(case: UseCase) -> None:
    """Show the use case as a file if a command line cannot express it."""
    if not _is_plain(case):
        narrow = textwrap.TextWrapper(
            max(30, _columns()),
            initial_indent="  ",
            subsequent_indent="      ",
            break_long_words=False,
            break_on_hyphens=False,
        )  # YAML reads a space in the place of such a break, in quotes too
        lines = [line for entry in as_yaml(case).splitlines() for line in narrow.wrap(entry)]
        _say("\n".join(["\nYour answers as a use-case file, to keep or share:", *lines, ""]))


def show_command(case: UseCase, selector: str) -> None:
    """Show the command line that repeats the answers, if it can express all of them."""
    if _is_plain(case):
        _say(f"\nTo repeat or share:\n  {_command(case, selector)}")


def _is_plain(case: UseCase) -> bool:
    return not (case.classes or case.domain or case.objects)


def _command(case: UseCase, selector: str) -> str:
    rules = "" if selector == DEFAULT else f" --rules {shlex.quote(selector)}"
    given = "".join(f" -a {question}={answer.replace(JOINT, ',')}" for question, answer in case.answers.items())
    counts = {"images": case.images, "objects_per_image": case.objects_per_image}
    effort = "".join(f" --effort {key}={value:.15g}" for key, value in counts.items() if value is not None)
    return printable(f"annostrat recommend{rules}{given}{effort}")


def _no_answer(reply: str, question: Question) -> str:
    offered = [*question["answers"], UNKNOWN]
    close = nearest(reply.lower(), offered)
    hint = f"did you mean '{close}'? " if close else ""
    return f"'{reply[:40]}' is not an answer; {hint}valid: 1 to {len(offered) - 1}, or {', '.join(offered)}"


def answer_in(reply: str, question: Question) -> str | None:
    """Return the answer that a reply means, or several joined if the question takes several; None for no answer."""
    titles = {answer: text["title"].lower() for answer, text in question["answers"].items()}
    whole = _choice(reply, {**titles, UNKNOWN: UNKNOWN})
    parts = [part for part in reply.replace(JOINT, ",").replace(" ", ",").split(",") if part]
    if whole or not question["several"] or len(parts) == 1:
        return whole
    chosen = [_choice(part, titles) for part in parts]
    return None if None in chosen else JOINT.join(dict.fromkeys(word for word in chosen if word))


def _choice(reply: str, titles: dict[str, str]) -> str | None:
    """Return the answer that a reply names by its number, or by the beginning of its word or title."""
    word = _WORDS.get(reply.lower(), reply.lower())
    if word in titles:
        return word
    answers = [answer for answer in titles if answer != UNKNOWN]
    if word.isdecimal() and 1 <= int(word) <= len(answers):
        return answers[int(word) - 1]
    starts = [one for one, title in titles.items() if word and any(text.startswith(word) for text in (one, title))]
    return starts[0] if len(starts) == 1 else None


def _shown(question: Question) -> str:
    """Return a question with its answers, each with its example, or else its meaning."""
    lines = [_wrapped(question["ask"])]
    exampled = all(text["example"] for text in question["answers"].values())
    names = {id_: text["title"] if exampled else id_ for id_, text in question["answers"].items()}
    width = max(map(len, [*names.values(), UNKNOWN]))
    for index, (answer, text) in enumerate(question["answers"].items(), start=1):
        label = f"  {index}  {names[answer]:{width}}  "
        if len(label) > _columns() * 0.6:
            lines.append(_wrapped(f"{names[answer]}: {text['example'] or text['meaning']}", f"  {index}  ", "     "))
        else:
            lines.append(_wrapped(text["example"] or text["meaning"], label, " " * len(label)))
    return "\n".join([*lines, "  u  unknown" + ("   (several: 2,5)" if question["several"] else "")])


def _explained(question: Question) -> list[str]:
    example = [f"For example: {question['example']}"] if question["example"] else []
    return [question["help"], f"Why it matters: {question['why']}", *example]


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    width = max(30, min(_columns(), 100))
    return textwrap.fill(printable(text), width, initial_indent=first, subsequent_indent=rest)


def _columns() -> int:
    """Return the width of the terminal that shows the questions, which may not be that of standard output."""
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
