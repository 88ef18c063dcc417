"""The page of a recommendation: the strategy first, then why, why not, what would change it, and what to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from annostrat.engine import merged_paths
from annostrat.errors import printable
from annostrat.renderers._layout import draw, indented, item, pairs, section, ways
from annostrat.renderers._terminal_effort import effort_lines
from annostrat.renderers._terminal_models import architecture_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from annostrat.contract import Alternative, OutcomeDocument
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation import Recommendation
    from annostrat.renderers._base import Page


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page of each recommendation, with a line between two."""
    for number, result in enumerate(results):
        if number:
            yield "\n" + "-" * min(page.width, 80) + "\n\n"
        yield draw(_recommendation(result, rules, page), page)


def _recommendation(result: Recommendation, rules: RuleSet, page: Page) -> Group:
    document = result.outcome.document
    parts = [Text(printable(result.name), "bold"), *_answer(result, rules)]
    parts += section("Why", _path(document, rules))
    if document["candidates"]:
        parts += section("What is still possible", _candidates(document, rules))
    parts += section("Why not", _why_not(document, rules))
    parts += section("What would change it", _alternatives(document, rules))
    if document["second_opinion"]:
        parts += section("A second opinion", [item(document["second_opinion"]["text"])])
    parts += architecture_lines(document, rules, page)
    parts += section("Classes", _classes(result, rules))
    parts += effort_lines(result, rules, page)
    parts += section("Take care", [item(tip["text"], tip["sources"], "!") for tip in document["warnings"]])
    parts += section("Tips", [item(tip["text"], tip["sources"]) for tip in document["tips"]])
    parts += section("Sources", _sources(document, rules))
    parts.append(Text(f"\nRules: {rules.id} {rules.version}, {rules.digest[:19]}", "dim"))
    return Group(*parts)


def _answer(result: Recommendation, rules: RuleSet) -> list[RenderableType]:
    strategy = result.strategy
    if strategy:
        first, *more = [rules.strategies[id_]["title"] for id_ in result.candidates]
        said = Text(f"=> {' plus '.join([first, *map(str.lower, more)])}", "bold green")
        shown = (f"Draw: {strategy['label']}", strategy["summary"], strategy["when_not"])
        return [Text(), said, *map(indented, shown)]
    titles = " or ".join(rules.strategies[id_]["title"].lower() for id_ in result.candidates)
    parts: list[RenderableType] = [Text(), Text(f"=> Undecided: {titles}", "bold yellow")]
    document = result.outcome.document
    if document["ask_next"]:
        ask = document["ask_next"]
        question = rules.questions[ask["question"]]
        parts.append(indented(f"Find out next: {question['ask']} ({ask['question']}) {ask['why']}"))
    if document["start_with"]:
        start = document["start_with"]
        title = rules.strategies[start["strategy"]]["title"].lower()
        parts.append(indented(f"To start today: label for {title}, which can be turned into the rest. {start['why']}"))
    return parts


def _path(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    return [
        item(
            f"{rules.questions[step['question']]['title']}: {step['answer']}. {step['because']}",
            mark=f"{number}.",
        )
        for number, step in enumerate(document["path"], start=1)
    ]


def _why_not(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    return [
        item(f"{rules.strategies[entry['strategy']]['title']}: {pairs(entry['because'])}. {entry['text']}")
        for entry in document["why_not"]
    ]


def _alternatives(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    """Return one point for each strategy, with the changes that would give it."""
    by_strategy: dict[str, list[Alternative]] = {}
    for entry in document["alternatives"]:
        by_strategy.setdefault(entry["strategy"], []).append(entry)
    lines = []
    for strategy, entries in by_strategy.items():
        sure = _changes([entry for entry in entries if entry["certain"]])
        maybe = _changes([entry for entry in entries if not entry["certain"]])
        ways = "; ".join(filter(None, [sure, f"perhaps {maybe}" if maybe else ""]))
        lines.append(item(f"{rules.strategies[strategy]['title']} with {ways}. {entries[0]['tradeoff']}"))
    return lines


def _changes(entries: list[Alternative]) -> str:
    by_question: dict[str, list[str]] = {}
    for entry in entries:
        for question, answer in entry["change"].items():
            by_question.setdefault(question, []).append(answer)
    return ways(by_question).replace(", ", ", or ")


def _candidates(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    return [
        item(f"{rules.strategies[strategy]['title']} if {ways(answers)}")
        for answers, strategy in merged_paths(rules, document["answers"])
    ]


def _classes(result: Recommendation, rules: RuleSet) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for entry in result.own["classes"]:
        titles = " or ".join(rules.strategies[id_]["title"].lower() for id_ in entry["candidates"])
        given = f" ({pairs(entry['answers'])})" if entry["answers"] else ""
        lines.append(item(f"{entry['name']}: {titles if entry['decided'] else f'undecided, {titles}'}{given}"))
    covering = result.own["covering"]
    return [*lines, indented(covering["because"])] if covering else lines


def _sources(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    """Return the references that this page names; those behind the figures of models are in the other formats."""
    named = [source for part in (*document["warnings"], *document["tips"]) for source in part["sources"]]
    lines = []
    for id_ in dict.fromkeys([*rules.sources, *named]):
        reference = document["references"][id_]
        year = f" ({reference['year']})" if reference["year"] else ""
        lines.append(item(f"{id_}: {reference['title']}{year}. {reference['url'] or reference['note'] or ''}"))
    if document["architectures"]:
        lines.append(item("Those of the models' and the effort's figures: --format json, or rules show --references"))
    return lines
