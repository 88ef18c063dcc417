"""Text for people at a terminal, laid out by rich; readable without colour, and in 40 columns."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from annostrat.engine import merged_paths
from annostrat.errors import printable
from annostrat.knowledge.rule_set import UNKNOWN
from annostrat.renderers._base import Page, Renderer
from annostrat.verdict import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import Architecture, Node, RuleSet
    from annostrat.recommendation import Alternative, OutcomeDocument, Recommendation
    from annostrat.verdict import Status, Verdict

NARROW = 64
"""Columns below which a table of architectures becomes a list."""

SOME, FEW = 6, 3
"""Variants shown of one tier: when only one is shown, and when all are."""

OVERTAKEN = {"superseded", "legacy"}
TIER_TITLES = {"edge": "for CPU or a small device", "gpu": "for one GPU", "server": "for a server or cluster"}
_MARKS: dict[Status, tuple[str, str]] = {
    "as_expected": ("ok", "green"),
    "differs": ("DIFFERS", "bold red"),
    "undecided": ("undecided", "yellow"),
    "no_expectation": ("no expectation", "dim"),
    "unreadable": ("UNREADABLE", "bold red"),
}


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the page of each recommendation, with a line between two."""
    for number, result in enumerate(results):
        if number:
            yield "\n" + "-" * min(page.width, 80) + "\n\n"
        yield draw(_recommendation(result, rules, page), page)


def draw(shown: RenderableType, page: Page) -> str:
    """Return what rich makes of a renderable, as text of the page's width."""
    console = Console(
        file=StringIO(),
        width=page.width,
        force_terminal=page.colour,
        no_color=not page.colour,
        color_system="standard" if page.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(shown)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()) if not page.colour else capture.get()


def _recommendation(result: Recommendation, rules: RuleSet, page: Page) -> Group:
    document = result.outcome.document
    parts = [Text(printable(result.name), "bold"), *_answer(result, rules)]
    parts += _section("Why", _path(document, rules))
    if document["candidates"]:
        parts += _section("What is still possible", _candidates(document, rules))
    parts += _section("Why not", _why_not(document, rules))
    parts += _section("What would change it", _alternatives(document, rules))
    parts += _architectures_of(document, rules, page)
    parts += _section("Take care", [_item(tip["text"], tip["sources"], "!") for tip in document["warnings"]])
    parts += _section("Tips", [_item(tip["text"], tip["sources"]) for tip in document["tips"]])
    parts += _section("Sources", _sources(document, rules))
    parts.append(Text(f"\nRules: {rules.id} {rules.version}, {rules.digest[:19]}", "dim"))
    return Group(*parts)


def _answer(result: Recommendation, rules: RuleSet) -> list[RenderableType]:
    strategy = result.strategy
    if strategy:
        said = Text.assemble(("=> ", "bold green"), (strategy["title"], "bold green"))
        shown = (f"Draw: {strategy['label']}", strategy["summary"], strategy["when_not"])
        return [Text(), said, *map(_indented, shown)]
    titles = " or ".join(rules.strategies[id_]["title"].lower() for id_ in result.candidates)
    parts: list[RenderableType] = [Text(), Text(f"=> Undecided: {titles}", "bold yellow")]
    document = result.outcome.document
    if document["ask_next"]:
        ask = document["ask_next"]
        question = rules.questions[ask["question"]]
        parts.append(_indented(f"Find out next: {question['ask']} ({ask['question']}) {ask['why']}"))
    if document["start_with"]:
        start = document["start_with"]
        title = rules.strategies[start["strategy"]]["title"].lower()
        parts.append(_indented(f"To start today: label for {title}, which can be turned into the rest. {start['why']}"))
    return parts


def _section(title: str, lines: list[RenderableType]) -> list[RenderableType]:
    return [Text(f"\n{title}", "bold"), *lines] if lines else []


def _indented(text: str, style: str = "") -> RenderableType:
    return Padding(Text(printable(text), style), (0, 0, 0, 2))


def _item(text: str, sources: Iterable[str] = (), mark: str = "-") -> RenderableType:
    """Return one point of a list, its second line under the first."""
    body = Text(printable(text))
    named = ", ".join(sources)
    if named:
        body.append(f" [{named}]", "dim")
    table = Table.grid(padding=(0, 1))
    table.add_row(Text(f"  {mark}"), body)
    return table


def _path(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    return [
        _item(
            f"{rules.questions[step['question']]['title']}: {step['answer']}. {step['because']}",
            mark=f"{number}.",
        )
        for number, step in enumerate(document["path"], start=1)
    ]


def _why_not(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    return [
        _item(f"{rules.strategies[entry['strategy']]['title']}: {_answers(entry['because'])}. {entry['text']}")
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
        lines.append(_item(f"{rules.strategies[strategy]['title']} with {ways}. {entries[0]['tradeoff']}"))
    return lines


def _changes(entries: list[Alternative]) -> str:
    by_question: dict[str, list[str]] = {}
    for entry in entries:
        for question, answer in entry["change"].items():
            by_question.setdefault(question, []).append(answer)
    return _ways(by_question).replace(", ", ", or ")


def _candidates(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    return [
        _item(f"{rules.strategies[strategy]['title']} if {_ways(answers)}")
        for answers, strategy in merged_paths(rules, document["answers"])
    ]


def _ways(answers: dict[str, list[str]]) -> str:
    return ", ".join(f"{question}={' or '.join(words)}" for question, words in answers.items())


def _answers(answers: dict[str, str]) -> str:
    return ", ".join(f"{question}={answer}" for question, answer in answers.items())


def _architectures_of(document: OutcomeDocument, rules: RuleSet, page: Page) -> list[RenderableType]:
    strategy = document["strategy"]
    if strategy is None:
        return []
    found = document["architectures"]
    tiers = list(dict.fromkeys(variant["tier"] for variant in found))
    current = [variant for variant in found if variant["status"] not in OVERTAKEN]
    lines = [line for tier in tiers for line in _best_of(tier, current, page, several=len(tiers) > 1)]
    named = [variant for variant in found if variant["named_by_article"] and variant not in current]
    if named:
        lines.append(_indented("Named in 2021 and since overtaken: " + "; ".join(map(_former, named)) + "."))
    gaps = rules.gaps(strategy["id"], document["answers"])
    lines += [
        _indented(f"{TIER_TITLES[tier][0].upper()}{TIER_TITLES[tier][1:]}: none known. {gap}")
        for tier, gap in gaps.items()
    ]
    return _section(f"Models {TIER_TITLES[tiers[0]]}" if len(tiers) == 1 else "Models", lines)


def _best_of(tier: str, current: list[Architecture], page: Page, *, several: bool) -> Iterator[RenderableType]:
    """Yield the first few variants of a tier, and how to see the rest."""
    variants = [variant for variant in current if variant["tier"] == tier]
    shown = variants[: FEW if several else SOME]
    if several and shown:
        yield _indented(f"{TIER_TITLES[tier]}:")
    if shown:
        yield _variants(shown, page)
    rest = len(variants) - len(shown)
    if rest:
        strategy = variants[0]["strategy"]
        yield _indented(f"and {rest} more: annostrat architectures -s {strategy} -t {tier}", "dim")


def _former(variant: Architecture) -> str:
    successors = ", ".join(variant["superseded_by"])
    return variant["title"] + (f" (now {successors})" if successors else "")


def _variants(variants: list[Architecture], page: Page) -> RenderableType:
    if page.width < NARROW:
        return Group(*(_item(f"{row[0]}: {', '.join(row[1:])}") for row in map(_row, variants)))
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("Model", ratio=3)
    for header in ("M params", "GFLOPs"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("Accuracy", ratio=4)
    table.add_column("Licence", ratio=2)
    for variant in variants:
        name, parameters, flops, accuracy, licence = _row(variant)
        table.add_row(*map(Text, (name, parameters.split()[0], flops.split()[0], accuracy, licence)))
    return Padding(table, (0, 0, 0, 2))


def _row(variant: Architecture) -> tuple[str, str, str, str, str]:
    metric, code, weights = variant["metric"], variant["code_licence"], variant["weights_licence"]
    accuracy = f"{metric['value']:g} {metric['name']}, {metric['dataset']}" if metric else "not published"
    licence = code if code == weights else f"{code}; weights {weights}"
    return (
        variant["title"],
        f"{variant['params_m']:.4g} M params" if variant["params_m"] else "? M params",
        f"{variant['gflops']:.4g} GFLOPs" if variant["gflops"] else "? GFLOPs",
        accuracy,
        licence,
    )


def _sources(document: OutcomeDocument, rules: RuleSet) -> list[RenderableType]:
    """Return the references that this page names; those behind the figures of models are in the other formats."""
    named = [source for part in (*document["warnings"], *document["tips"]) for source in part["sources"]]
    lines = []
    for id_ in dict.fromkeys([*rules.sources, *named]):
        reference = document["references"][id_]
        year = f" ({reference['year']})" if reference["year"] else ""
        lines.append(_item(f"{id_}: {reference['title']}{year}. {reference['url'] or reference['note'] or ''}"))
    if document["architectures"]:
        lines.append(_item("Those of the models' figures and licences: --format json"))
    return lines


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:
    """Yield one line for each use case as it is judged, and a summary."""
    seen = []
    for verdict in results:
        seen.append(verdict)
        word, style = _MARKS[verdict.status]
        mark = Style.parse(style).render(f"{word:9}") if page.colour else f"{word:9}"
        yield from (f"{mark} {line}\n" for line in _lines(verdict))
    yield f"{summarise(seen)}\n"


def _lines(verdict: Verdict) -> list[str]:
    if verdict.problems:
        return [str(problem) for problem in verdict.problems]
    return [printable(f"{verdict.location}: {verdict.name}: {verdict.message}")]


def problems(found: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one line for each problem, and a summary."""
    for problem in found:
        yield f"{problem}\n"
    if found:
        yield f"{len(found)} problem{'' if len(found) == 1 else 's'}\n"
    else:
        yield f"{', '.join(names)}: no problems\n"


def architectures(found: list[Architecture], rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield a table of variants for each strategy."""
    for strategy in dict.fromkeys(variant["strategy"] for variant in found):
        variants = [variant for variant in found if variant["strategy"] == strategy]
        title = Text(rules.strategies[strategy]["title"], "bold")
        tiers = dict.fromkeys(variant["tier"] for variant in variants)
        parts: list[RenderableType] = [title]
        for tier in tiers:
            parts += [
                _indented(f"{TIER_TITLES[tier]}:"),
                _variants([v for v in variants if v["tier"] == tier], page),
            ]
        yield draw(Group(*parts, Text()), page)
    yield f"{len(found)} architecture{'' if len(found) == 1 else 's'}\n"


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:
    """Yield the decision tree, drawn; the branches that answers take are marked with `*`."""
    root = Tree(Text(f"{rules.title} ({rules.id} {rules.version})", "bold"), guide_style="dim")
    _grow(root, rules.start, rules, walked, set(), on_path=bool(walked))
    yield draw(Group(root, *([Text("\n* the way that the answers take")] if walked else [])), page)


def _grow(parent: Tree, node: Node, rules: RuleSet, walked: dict[str, str], drawn: set[str], *, on_path: bool) -> None:
    """Add a node; where all its open ends go to one other node, that one follows at the same level."""
    question = rules.questions[node.question]
    if node.id in drawn:
        parent.add(Text(f"{question['title']} ({node.question}), as above", "dim"))
        return
    drawn.add(node.id)
    shown = parent.add(Text(f"{question['ask']} ({node.question})", "bold" if on_path else ""))
    branches = list(dict.fromkeys(node.branches.values()))
    targets = {branch.node.id: branch.node for branch in branches if branch.node}
    follows = False
    for branch in branches:
        answers = [answer for answer, other in node.branches.items() if other is branch]
        taken = on_path and walked.get(node.question, UNKNOWN) in answers
        ending = f" -> {rules.strategies[branch.strategy]['title']}" if branch.strategy else ""
        on = " -> next question" if branch.node and len(targets) == 1 else ""
        leaf = shown.add(
            Text(f"{'* ' if taken else ''}{' or '.join(answers)}{ending}{on}", "bold green" if taken else "")
        )
        if branch.node and not on:
            _grow(leaf, branch.node, rules, walked, drawn, on_path=taken)
        follows |= bool(on) and taken
    if len(targets) == 1:
        _grow(parent, next(iter(targets.values())), rules, walked, drawn, on_path=follows)


PLUGIN = Renderer(recommendations, verdicts, problems, architectures, tree)
