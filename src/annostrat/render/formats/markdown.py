"""Markdown: a decision record that fits a pull-request comment, and the rules as a table."""

from __future__ import annotations

from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from annostrat.errors import shortened
from annostrat.recommendation.comparison import rows
from annostrat.recommendation.engine import ways_of
from annostrat.recommendation.expectation import abridged, summarise
from annostrat.recommendation.experts.agreement import percentage
from annostrat.recommendation.paths import merged_paths, walk
from annostrat.render.renderer import Page, Renderer
from annostrat.render.sections.catalogue import catalogue_sections
from annostrat.render.sections.markdown_blocks import COMMENT, blocks, escape, sectioned, size, words
from annostrat.render.sections.recommendation import headline, opening, sections
from annostrat.render.sections.sections import Report, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.contract import Agreement, Comparison, Folds
    from annostrat.recommendation.expectation import Verdict
    from annostrat.recommendation.models import Catalogue
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.use_cases.use_case import UseCase

_BRANCH = itemgetter(2)
"""What a step of a walk takes; an assumed answer takes the branch of the usual one."""
MOST_PATHS = 2_000
"""Paths of a tree that are shown as a table."""
_MARKS = {
    "as_expected": "ok",
    "differs": "differs",
    "contradicted": "contradicted by labels",
    "disagreed": "annotators disagree",
    "faulty_labels": "errors in labels",
    "undecided": "undecided",
    "provisional": "provisional",
    "no_expectation": "nothing expected",
    "unreadable": "unreadable",
}
RECORDS = COMMENT - 12_000
"""What whole records may take of it; a line for each further use case takes the rest."""
MAX_DESCRIPTION = 2_000
_CLASSES = (20, 10, 4, 1)
"""How many classes the report of a measurement shows; fewer, where the more do not fit."""


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one record for each recommendation while they fit a comment, then a line for each, then a count."""
    written = unseen = 0
    whole = True
    for number, result in enumerate(results):
        if whole:
            text = ("\n---\n\n" if number else "") + _record(result, rules)
            whole = written + size(text) <= RECORDS
            if not whole:
                yield f"\n{_SHORTENED}\n\n"
        if not whole and not unseen:
            name, answers = escape(shortened(result.name)), words(pairs(result.outcome.answers))
            text = f"- **{name}**: {escape(headline(result, rules))} ({answers})\n"
        if unseen or written + size(text) > COMMENT - 2 * size(_SHORTENED):
            unseen += 1
            continue
        written += size(text)
        yield text
    if unseen:
        yield f"- and {unseen:,} more\n"


_SHORTENED = "From here on one line each, so that all fits a comment; the format html has everything."


def _record(result: Recommendation, rules: RuleSet) -> str:
    case = result.use_case
    answers = [f"Answers: {pairs(case.answers)}"] if case.answers else []
    lines = [*opening(result, rules), *answers]
    report = Report(result.name, headline(result, rules), result.status, lines, sections(result, rules))
    return _report(report, rules, shortened(case.description or "", MAX_DESCRIPTION))


def _report(report: Report, rules: RuleSet, description: str = "") -> str:
    lines = [
        f"## {escape(report.name)}",
        f"Use case: {escape(description)}" if description else "",
        f"**{escape(report.answer)}**",
        *map(words, report.opening),
        *sectioned(report.sections, rules),
        f"Rules: {escape(rules.id)} {rules.version}, `{rules.digest}`",
    ]
    return "\n\n".join(filter(None, lines)) + "\n"


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:
    """Yield a table with a row for each use case, and a summary; a quiet page shows only those that fail."""
    seen: list[Verdict] = []
    begun = False
    for verdict in abridged(results, seen):
        if page.quiet and not verdict.fails:
            continue
        yield "" if begun else "| | use case | place | |\n|---|---|---|---|\n"
        begun = True
        name = "" if verdict.problems else escape(verdict.name)
        mark = f"**{_MARKS[verdict.status]}**" if verdict.fails else _MARKS[verdict.status]
        lines = [(problem.location, problem.text()) for problem in verdict.problems]
        for place, message in lines or [(verdict.location, verdict.message)]:
            yield f"| {mark} | {name} | {escape(str(place))} | {words(message)} |\n"
    yield ("\n" if begun else "") + f"**{summarise(seen)}**\n"


def architectures(catalogue: Catalogue, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a table of variants for each strategy."""
    for section in catalogue_sections(catalogue, rules, whole=True):
        yield "\n\n".join(blocks(section, 2, rules)) + "\n\n"


def comparison(document: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a table with a column for each strategy."""
    columns = [
        escape(column["strategy"]["title"]) + (" (recommended)" if column["recommended"] else "")
        for column in document["strategies"]
    ]
    yield f"## {escape(document['name'])}\n\n" if document["name"] else ""
    yield f"| | {' | '.join(columns)} |\n{'|---' * (len(columns) + 1)}|\n"
    for title, cells in rows(document, rules).items():
        yield f"| {title} | " + " | ".join("<br>".join(map(escape, cell)) for cell in cells) + " |\n"


def agreement(documents: list[Agreement], folds: Folds | None, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a table with a row for each rule set and rater, a change part by part, and a list of disagreements."""
    yield "| rules | rater | strict | lenient | undecided |\n|---|---|---|---|---|\n"
    for document in documents:
        rules = f"{escape(document['rules']['id'])} {document['rules']['version']}"
        for rater in document["raters"]:
            shares = f"{percentage(rater['strict'])} | {percentage(rater['lenient'])}"
            yield f"| {rules} | {rater['rater']} | {shares} | {rater['undecided']} |\n"
    if folds:
        yield f"\n### From {escape(folds['before'])} to {escape(folds['after'])}\n\n"
        yield "| part | ratings | before | after | gained | lost |\n|---|---|---|---|---|---|\n"
        for part in folds["parts"]:
            counts = [part["part"], part["ratings"], part["before"], part["after"]]
            yield f"| {' | '.join(map(str, counts))} | {len(part['gained'])} | {len(part['lost'])} |\n"
    for document in documents:
        yield f"\n### {escape(document['rules']['id'])} disagrees\n\n"
        for entry in document["disagreements"]:
            chosen, got = " or ".join(entry["expected"]), " or ".join(entry["recommended"])
            yield f"- {escape(entry['name'])}: `{chosen}` was chosen, not `{got}`\n"


def tree(rules: RuleSet, case: UseCase, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the tree as a table: a row for each path, which together are every combination of answers.

    A tree of thirty questions has millions of paths; of more than `MOST_PATHS`, the first ones are shown.
    """
    yield "| " + " | ".join([*(f"`{question}`" for question in rules.order), "strategy"]) + " |\n"
    yield "|---" * (len(rules.order) + 1) + "|\n"
    paths, ways = merged_paths(rules), [walk(rules, answers) for answers in ways_of(rules, case)]
    for answers, strategy in islice(paths, MOST_PATHS):
        cells = [" or ".join(answers[question]) if question in answers else "any" for question in rules.order]
        _, steps = walk(rules, {question: words[0] for question, words in answers.items()})
        taken = any(end and [*map(_BRANCH, steps)] == [*map(_BRANCH, own)] for end, own in ways)
        title = escape(rules.strategies[strategy]["title"])
        yield f"| {' | '.join(cells)} | {f'**{title}**' if taken else title} |\n"
    if next(paths, None):
        yield f"\nThe tree has more than these {MOST_PATHS:,} paths.\n"


def measurements(measured: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the report of what was measured, with as many classes as fit a comment."""
    from annostrat.render.sections.measurement import report

    wholes = (report(measured, rules, most_classes=most, most_drawn=min(most, 6)) for most in _CLASSES)
    texts = [_report(whole._replace(name=shortened(whole.name)), rules) for whole in wholes]
    yield next((text for text in texts if size(text) <= COMMENT), texts[-1])


def label_agreement(found: LabelAgreement, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the report on the agreement of annotators."""
    from annostrat.render.sections.label_agreement import report

    whole = report(found, rules, most_classes=_CLASSES[0])
    yield _report(whole._replace(name=shortened(whole.name)), rules)


PLUGIN = Renderer(
    recommendations,
    verdicts,
    architectures=architectures,
    tree=tree,
    comparison=comparison,
    agreement=agreement,
    measurements=measurements,
    label_agreement=label_agreement,
)
