"""Text for people at a terminal: readable without colour, and in 40 columns.

A recommendation is shown on one screen, in full, as a block among several, or on two lines. Details omitted from the
screen are in the sections of the full page; each row of the screen summarises one such section.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

from annostrat.errors import printable, shortened
from annostrat.knowledge.tree import UNKNOWN
from annostrat.render.renderer import Renderer
from annostrat.render.sections.effort import hours
from annostrat.render.sections.measured_answers import in_short
from annostrat.render.sections.models import first_assistant, first_models
from annostrat.render.sections.recommendation import (
    DISAGREE,
    asked,
    changes,
    contradictions,
    evidence_of,
    experts,
    headline,
    leaning,
    nearest,
    opening,
    sections,
)
from annostrat.render.sections.sections import (
    Paragraph,
    Report,
    Section,
    amount,
    grouped,
    pairs,
    titles,
    ways,
)
from annostrat.render.terminal.layout import (
    LEAST_NAME,
    beside,
    columns_of,
    cut,
    full_text,
    hang,
    head_of,
    quiet_text,
    screen_text,
    text_of,
)
from annostrat.use_cases.files import STDIN_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.render.renderer import Page

LINES, LINES_OF_NARROW, WIDE = 22, 26, 80
"""Lines of a wide and of a narrow screen, and the number of columns from which a screen is wide."""
_LEFT_OUT = ("Nearest", "Assist", "Changes", "Models", "Classes", "Evidence")
"""Optional rows of a screen, in the order in which they are dropped."""
_STATUSES = ("decided", "provisional", "undecided")
_FEW, _NAMED, _NAME = 2, 3, 24
"""Maximum number of alternatives in a row, of classes per label, and of characters in a class's name."""
BLOCK = 6
"""Maximum number of lines for one of several use cases."""
_SENTENCE_END = r"(?<=[a-z0-9)\"])\. (?=[A-Z])"


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield each recommendation and, after several blocks, how many of them are decided."""
    statuses: Counter[str] = Counter()
    for result in results:
        if statuses and page.full and not page.quiet:
            yield "\n" + "-" * min(page.width, 80) + "\n\n"
        statuses[result.status] += 1
        yield _recommendation(result, rules, page)
    if statuses and page.several() and not page.full:
        counts = ", ".join(f"{statuses[status]} {status}" for status in _STATUSES if statuses[status])
        yield text_of(hang("", f"{amount(statuses.total(), 'use case')}: {counts}", page))


def _recommendation(result: Recommendation, rules: RuleSet, page: Page) -> str:
    report = Report(result.name, headline(result, rules), result.status, ())
    if page.quiet:
        room = page.width - min(columns_of(printable(result.name)), LEAST_NAME) - len(": ")
        answer = headline(result, rules, short=len(report.answer) > room)
        remark = cut(_essence(result, rules, page.width - len("  ")), page.width - len("  "))
        return quiet_text(report._replace(answer=answer, remark=remark), page)
    if page.full:
        lines = [*opening(result, rules)]
        return full_text(report._replace(opening=lines, sections=sections(result, rules)), rules, page)
    if page.several():
        effort = [next(hours(result, rules))] if result.estimate and result.strategy else []
        block = head_of(report._replace(opening=[_essence(result, rules, 2 * page.width), *effort]), page)
        return text_of([*(block if len(block) <= BLOCK else head_of(report, page)), ""])
    lines, rows = [*opening(result, rules, full=False)], _summary(result, rules, page)
    most = LINES if page.width >= WIDE else LINES_OF_NARROW
    return screen_text(report._replace(opening=lines, sections=rows), page, most, _LEFT_OUT, beside)


def _summary(result: Recommendation, rules: RuleSet, page: Page) -> list[Section]:
    """Return the rows of a screen, omitting those without parts."""
    outcome = result.outcome
    warnings = [re.split(_SENTENCE_END, tip["text"], maxsplit=1)[0].rstrip(".") for tip in outcome.warnings]
    known = [step["because"] for step in outcome.path if step["answer"] != UNKNOWN]
    near = nearest(outcome, rules, _FEW)
    candidates = [
        f"{titles([entry['strategy']], rules)}, if {ways(entry['when'], ' and ')}" for entry in outcome.candidates
    ]
    rows = {
        "Care": _few([*_contradictions(result), *warnings], 1),
        "Classes": _few([*_classes(result, rules)], 2 * _FEW),
        "Why": [*_joining(result), *known[-1:]][:1],
        "Evidence": [
            *_worst_error(result),
            *(
                part.text.removeprefix("Measured: ")
                for part in evidence_of(result, rules).parts[:1]
                if isinstance(part, Paragraph)
            ),
        ],
        "Nearest": [near] if near else [],
        "Possible": _few(candidates, 2 * _FEW),
        "Changes": _few([*_changes(result, rules)]),
        "Effort": _few([*hours(result, rules)], _NAMED) if result.strategy else [],
        "Models": [*first_models(result, rules)],
        "Assist": [*first_assistant(result)],
        "Next": [*_onward(result, page.saved)],
    }
    return [Section(title, [*map(Paragraph, lines)]) for title, lines in rows.items()]


def _onward(result: Recommendation, saved: str | None) -> Iterator[str]:
    """Yield the commands to run next: to answer the open question or else set up labelling, and then to measure."""
    document, ask = result.use_case.document, result.outcome.ask_next
    path = saved or (document.path if document and document.path != STDIN_NAME else None)
    file = shlex.quote(printable(path)) if path else None
    if result.strategy:
        yield f"annostrat scaffold label_studio {file or 'FILE'}"
    elif ask:
        yield f"{f'annostrat recommend {file}' if file else 'the same command with'} -a {ask['question']}=ANSWER"
    measure = "" if result.own["evidence"] else "annostrat measure LABELS after a pilot; "
    yield f"{measure}--full for more; --format html"


def _essence(result: Recommendation, rules: RuleSet, most: int) -> str:
    """Return the most important remark on the answer: a contradiction, the question that settles it, or the reason.

    It has at most `most` characters.
    """
    outcome, remarks = result.outcome, _contradictions(result)
    if remarks:
        whole, more = _few(remarks, 1)[0], f"; {len(remarks) - 1} more" if remarks[1:] else ""
        if len(whole) <= most:
            return whole
        bare = remarks[0].removeprefix(DISAGREE).strip()
        return shortened(bare.rpartition(": ")[0] or bare, most - len(more)) + more
    if ask := outcome.ask_next:
        whole = f"Ask next: {asked(ask, rules)}"
        return whole if len(whole) <= most else f"Ask next: {ask['question']}"
    reasons = [*_joining(result), *(step["because"] for step in reversed(outcome.path))]
    return shortened(next(chain(leaning(outcome, rules), experts(outcome, rules, 0), reasons), ""), most)


def _joining(result: Recommendation) -> Iterator[str]:
    """Yield the reason for a label that no single purpose needs but that covers them all."""
    covering, needed = result.own["covering"], [one["strategy"] for one in result.own["purposes"]]
    if covering and needed and not {*needed} & {*covering["strategies"]}:
        yield covering["because"]


def _contradictions(result: Recommendation) -> list[str]:
    """Return the evidence from labels, and from the better rules, against the answer."""
    second = result.outcome.second_opinion
    other = [second["text"]] if second and second["question"] is None else []
    return [*(point.whole for point in contradictions(result)), *other]


def _worst_error(result: Recommendation) -> list[str]:
    """Return the worst error in the labels, if any."""
    evidence = result.own["evidence"]
    worst = evidence["findings"][:1] if evidence else []
    return [f"Error: {in_short(each)}" for each in worst if each["severity"] == "error"]


def _few(lines: list[str], most: int = _FEW) -> list[str]:
    """Return the first few lines, with the number of omitted ones appended to the last."""
    rest = len(lines) - most
    return [*lines[: most - 1], f"{lines[most - 1].rstrip('.')}; {rest} more"] if rest > 0 else lines


def _changes(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield other strategies, each with a change that leads to it."""
    led_by = result.own["led_by"]
    whose = f" for {shortened(led_by)}" if led_by is not None else ""
    for label, entry in changes(result.outcome, rules):
        yield f"{'' if entry['certain'] else 'perhaps '}{label}, if {pairs(entry['change'])}{whose}"


def _classes(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield the classes that need each label, if their labels differ."""
    of_label = grouped(
        (
            titles(entry["candidates"], rules, " plus " if entry["strategies"] else " or "),
            shortened(entry["name"], _NAME),
        )
        for entry in result.own["classes"]
    )
    for label, names in of_label.items() if len(of_label) > 1 else ():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"{label} for {', '.join(names[:_NAMED])}{more}"


def _later(module: str, name: str) -> Callable[..., Iterator[str]]:
    """Return a function that defers its imports until it is called, since a command shows only one kind of result."""

    def render(*arguments: Any) -> Iterator[str]:
        renderer = getattr(import_module(f"annostrat.render.terminal.{module}"), name)
        pieces: Iterator[str] = renderer(*arguments)
        return pieces

    return render


PLUGIN = Renderer(
    recommendations,
    _later("verdicts", "verdicts"),
    _later("verdicts", "problems"),
    _later("catalogue", "architectures"),
    _later("tree", "tree"),
    _later("comparison", "comparison"),
    _later("agreement", "agreement"),
    _later("measurement", "measurements"),
    _later("label_agreement", "label_agreement"),
)
