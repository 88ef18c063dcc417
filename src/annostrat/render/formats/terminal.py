"""Text for people at a terminal: readable without colour, and in 40 columns.

A recommendation is shown on one screen, in full, as a block among several, or on two lines. Details omitted from the
screen are in the sections of the full page; each row of the screen summarises one such section.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from importlib import import_module
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from annostrat.errors import printable, shortened
from annostrat.knowledge.tree import UNKNOWN
from annostrat.render.renderer import Renderer
from annostrat.render.sections.effort import hours
from annostrat.render.sections.measured_answers import in_short
from annostrat.render.sections.models import first_assistant, first_models, models_in_brief
from annostrat.render.sections.recommendation import (
    DISAGREE,
    MOST_NAMED,
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
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.render.renderer import Page

LINES, LINES_OF_NARROW, WIDE = 22, 26, 80
"""Lines of a wide and of a narrow screen, and the number of columns from which a screen is wide."""
_SHORTENED = ("Nearest", "Assist", "Models", "Changes", "Effort", "Classes", "Effort", "Classes", "Evidence")
_LAST = ("Changes", "Models", "Possible", "Why")
"""Rows of a screen, in the order in which they are shortened; after its shortest version a row is dropped."""
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
        return text_of([*_block(result, rules, report, page), ""])
    report = report._replace(opening=[*opening(result, rules, full=False)])
    most = LINES if page.width >= WIDE else LINES_OF_NARROW
    return screen_text(report, page, most, _shorter(_summary(result, rules, page)), beside)


def _block(result: Recommendation, rules: RuleSet, report: Report, page: Page) -> list[str]:
    """Return a few lines, with a remark and the effort if there is room, under a name that is cut only if need be."""
    essence = _essence(result, rules, 2 * page.width)
    effort = [next(hours(result, rules))] if result.estimate and result.strategy else []
    short, block = cut(printable(report.name), page.width), []
    first = [essence] if _contradictions(result) or result.outcome.ask_next or not effort else effort
    for name, remarks in product((report.name, short), ([essence, *effort], first, [])):
        block = head_of(report._replace(name=name, opening=remarks), page)
        if len(block) <= BLOCK and (remarks or name == short):
            break
    return block


def _shorter(rows: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[list[Section]]:
    """Yield the rows of a screen, then again and again with one of them in its next shorter version."""
    version = dict.fromkeys(rows, 0)
    for title in (None, *_SHORTENED, *_LAST):
        if title:
            version[title] += 1
        yield [
            Section(row, [*map(Paragraph, line)])
            for row, lines in rows.items()
            for line in lines[version[row] : version[row] + 1]
        ]


def _summary(result: Recommendation, rules: RuleSet, page: Page) -> dict[str, list[list[str]]]:
    """Return the versions of each row of a screen, the longest first; rows without lines are not shown."""
    outcome = result.outcome
    warnings = [re.split(_SENTENCE_END, tip["text"], maxsplit=1)[0].rstrip(".") for tip in outcome.warnings]
    known = [_whose(result) + step["because"] for step in outcome.path if step["answer"] != UNKNOWN]
    near = nearest(result, rules, _FEW)
    candidates = [
        f"{titles([entry['strategy']], rules)}, if {ways(entry['when'], ' and ')}" for entry in outcome.candidates
    ]
    classes, change = [*_classes(result, rules)], [*_changes(result, rules)]
    effort = [*hours(result, rules)] if result.strategy else []
    evidence = [
        *_worst_error(result),
        *(
            part.text.removeprefix("Measured: ")
            for part in evidence_of(result, rules).parts[:1]
            if isinstance(part, Paragraph)
        ),
    ]
    return {
        "Care": [_few([*_contradictions(result), *warnings], 1)],
        "Classes": [_few(classes, 2 * _FEW), _few(classes)],
        "Why": [[*_joining(result), *known[-1:]][:1]],
        "Evidence": [evidence],
        "Nearest": [[near] if near else []],
        "Possible": [_few(candidates, 2 * _FEW), _few(candidates)],
        "Changes": [_few(change), _few(change, 1)],
        "Effort": [_few(effort, most) for most in (_NAMED, _FEW, 1)],
        "Models": [[*first_models(result, rules)], [*models_in_brief(result, rules)]],
        "Assist": [[*first_assistant(result)]],
        "Next": [[*_onward(result, page.saved)]],
    }


def _onward(result: Recommendation, saved: str | None) -> Iterator[str]:
    """Yield the commands to run next: to answer the open question or else set up labelling, and then to measure."""
    document, ask = result.use_case.document, result.outcome.ask_next
    path = saved or (document.path if document and document.path != STDIN_NAME else None)
    file = shlex.quote(printable(path)) if path else None
    if ask:
        yield f"{f'annostrat recommend {file}' if file else 'the same command with'} -a {ask['question']}=ANSWER"
    elif result.strategy:
        yield f"annostrat scaffold label_studio {file or 'FILE'}"
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
    reasons = [*_joining(result), *(_whose(result) + step["because"] for step in reversed(outcome.path))]
    versions = (
        chain(leaning(outcome, rules), experts(outcome, rules, 0, interval=whole), reasons) for whole in (True, False)
    )
    whole, bare = (next(version, "") for version in versions)
    return whole if len(whole) <= most else shortened(bare, most)


def _whose(result: Recommendation) -> str:
    """Return the class whose reasons are shown, if classes need different labels."""
    led_by = result.own["led_by"]
    return "" if led_by is None else f"{shortened(led_by, _NAME)}: "


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
            titles(entry["candidates"], rules, " plus " if entry["strategies"] else " or ")
            if len(entry["candidates"]) <= MOST_NAMED
            else f"{len(entry['candidates'])} labels still possible",
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
