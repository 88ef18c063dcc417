"""Markdown: a decision record that fits a pull-request comment, and the rules as a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.agreement import percentage
from annostrat.comparison import rows
from annostrat.engine import merged_paths
from annostrat.errors import printable
from annostrat.renderers._base import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.contract import Agreement, Column, Comparison, OutcomeDocument
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Architecture
    from annostrat.recommendation import Recommendation

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~&@])")


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one record for each recommendation."""
    for number, result in enumerate(results):
        if number:
            yield "\n---\n\n"
        yield "\n".join(_record(result, rules)) + "\n"


def _record(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    document, strategy = result.outcome.document, result.strategy
    yield f"## {escape(result.name)}\n"
    if strategy:
        yield f"**{escape(strategy['title'])}**: {escape(strategy['label'])}\n\n{escape(strategy['summary'])}\n"
    else:
        yield f"**Undecided**: {_titles(result.candidates, rules)}\n"
        yield from _undecided(document, rules)
    yield from _list(
        "Why", [f"{_given({s['question']: s['answer']})}: {escape(s['because'])}" for s in document["path"]]
    )
    yield from _list(
        "Why not",
        [
            f"{_titles([entry['strategy']], rules)}, because {_given(entry['because'])}: {escape(entry['text'])}"
            for entry in document["why_not"]
        ],
    )
    yield from _list(
        "What would change it",
        [
            f"{_given(entry['change'])} {'would' if entry['certain'] else 'could'} give "
            f"{_titles([entry['strategy']], rules)}. {escape(entry['tradeoff'])}"
            for entry in document["alternatives"]
        ],
    )
    if document["second_opinion"]:
        yield from _list("A second opinion", [escape(document["second_opinion"]["text"])])
    if document["architectures"]:
        yield "### Architectures\n\n" + table(document["architectures"]) + "\n"
    yield from _list("Take care", [_sourced(tip["text"], tip["sources"], document) for tip in document["warnings"]])
    yield from _list("Tips", [_sourced(tip["text"], tip["sources"], document) for tip in document["tips"]])
    yield f"Rules: {escape(rules.id)} {rules.version}, `{rules.digest}`"


def _undecided(document: OutcomeDocument, rules: RuleSet) -> Iterator[str]:
    ask, start = document["ask_next"], document["start_with"]
    if ask:
        question = rules.questions[ask["question"]]["ask"]
        yield f"Find out next: {escape(question)} (`{ask['question']}`) {escape(ask['why'])}\n"
    if start:
        yield (
            f"To start today: label for {_titles([start['strategy']], rules)}, "
            f"which can be turned into the rest. {escape(start['why'])}\n"
        )
    yield from _list(
        "What is still possible",
        [
            f"{_titles([strategy], rules)} if {_given({q: ' or '.join(words) for q, words in answers.items()})}"
            for answers, strategy in merged_paths(rules, document["answers"])
        ],
    )


def _list(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"### {title}\n"
        yield from (f"- {line}" for line in lines)
        yield ""


def _titles(strategies: list[str], rules: RuleSet) -> str:
    return " or ".join(escape(rules.strategies[strategy]["title"].lower()) for strategy in strategies)


def _given(answers: dict[str, str]) -> str:
    return ", ".join(f"`{question}={answer}`" for question, answer in answers.items())


def _sourced(text: str, sources: list[str], document: OutcomeDocument) -> str:
    links = [_link(source, document["references"][source]["url"]) for source in sources]
    return f"{escape(text)} ({', '.join(links)})" if links else escape(text)


def _link(label: str, url: str | None) -> str:
    return f"[{escape(label)}](<{url}>)" if url else escape(label)


def architectures(found: list[Architecture], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a table of variants for each strategy."""
    for strategy in dict.fromkeys(variant["strategy"] for variant in found):
        variants = [variant for variant in found if variant["strategy"] == strategy]
        yield f"## {escape(rules.strategies[strategy]['title'])}\n\n{table(variants)}\n\n"


def table(variants: list[Architecture]) -> str:
    """Return variants as a Markdown table."""
    rows = [
        "| model | tier | year | M params | GFLOPs | accuracy | licence of code; weights |",
        "|---|---|---|---|---|---|---|",
    ]
    for variant in variants:
        metric = variant["metric"]
        cells = [
            variant["title"]
            + (f" (superseded by {', '.join(variant['superseded_by'])})" if variant["superseded_by"] else ""),
            variant["tier"],
            str(variant["year"]),
            f"{variant['params_m']:.4g}" if variant["params_m"] else "?",
            f"{variant['gflops']:.4g}" if variant["gflops"] else "?",
            f"{metric['value']:.4g} {metric['name']}, {metric['dataset']}" if metric else "not published",
            f"{variant['code_licence']}; {variant['weights_licence']}",
        ]
        rows.append("| " + " | ".join(map(escape, cells)) + " |")
    return "\n".join(rows)


def comparison(found: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a table with a column for each strategy."""
    columns = found["strategies"]
    yield f"## {escape(found['name'])}\n\n" if found["name"] else ""
    yield "| | " + " | ".join(_heading(column) for column in columns) + " |\n" + "|---" * (len(columns) + 1) + "|\n"
    for title, cells in rows(found, rules).items():
        yield f"| {title} | " + " | ".join("<br>".join(map(escape, cell)) for cell in cells) + " |\n"


def _heading(column: Column) -> str:
    return escape(column["strategy"]["title"]) + (" (recommended)" if column["recommended"] else "")


def agreement(found: list[Agreement], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a table with a row for each rule set, and a list of the disagreements of each."""
    yield "| rules | strict | lenient | core, strict | core, lenient | undecided |\n|---|---|---|---|---|---|\n"
    for measured in found:
        rules = f"{escape(measured['rules']['id'])} {measured['rules']['version']}"
        shares = [percentage(measured[key]) for key in ("strict", "lenient", "core", "core_lenient")]
        yield f"| {rules} | {' | '.join(shares)} | {measured['undecided']} |\n"
    for measured in found:
        yield f"\n### {escape(measured['rules']['id'])} disagrees\n\n"
        for entry in measured["disagreements"]:
            chosen, got = " or ".join(entry["expected"]), " or ".join(entry["recommended"])
            yield f"- {escape(entry['name'])}: `{chosen}` was chosen, not `{got}`\n"


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the tree as a table: a row for each path, which together are every combination of answers."""
    yield "| " + " | ".join([*(f"`{question}`" for question in rules.order), "strategy"]) + " |\n"
    yield "|---" * (len(rules.order) + 1) + "|\n"
    for answers, strategy in merged_paths(rules):
        cells = [" or ".join(answers[question]) if question in answers else "any" for question in rules.order]
        taken = walked and all(walked.get(question, "unknown") in words for question, words in answers.items())
        title = escape(rules.strategies[strategy]["title"])
        yield f"| {' | '.join(cells)} | {f'**{title}**' if taken else title} |\n"


def escape(text: str) -> str:
    """Return text in which nothing is Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", printable(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")


PLUGIN = Renderer(recommendations, architectures=architectures, tree=tree, comparison=comparison, agreement=agreement)
