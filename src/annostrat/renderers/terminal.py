"""Text for people at a terminal, laid out by rich; readable without colour, and in 40 columns."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from annostrat.agreement import percentage, wins
from annostrat.comparison import rows
from annostrat.engine import merged_paths
from annostrat.errors import printable
from annostrat.knowledge.rule_set import UNKNOWN
from annostrat.renderers._base import Page, Renderer
from annostrat.verdict import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from annostrat.agreement import Agreement, Disagreement
    from annostrat.comparison import Comparison
    from annostrat.effort import EffortDocument, Range
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
    parts += _section("Classes", _classes(result, rules))
    parts += _effort(result, rules, page)
    parts += _section("Take care", [_item(tip["text"], tip["sources"], "!") for tip in document["warnings"]])
    parts += _section("Tips", [_item(tip["text"], tip["sources"]) for tip in document["tips"]])
    parts += _section("Sources", _sources(document, rules, result.own["effort"]))
    parts.append(Text(f"\nRules: {rules.id} {rules.version}, {rules.digest[:19]}", "dim"))
    return Group(*parts)


def _answer(result: Recommendation, rules: RuleSet) -> list[RenderableType]:
    strategy = result.strategy
    if strategy:
        first, *more = [rules.strategies[id_]["title"] for id_ in result.candidates]
        said = Text(f"=> {' plus '.join([first, *map(str.lower, more)])}", "bold green")
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


def _classes(result: Recommendation, rules: RuleSet) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for entry in result.own["classes"]:
        titles = " or ".join(rules.strategies[id_]["title"].lower() for id_ in entry["candidates"])
        given = f" ({_answers(entry['answers'])})" if entry["answers"] else ""
        lines.append(_item(f"{entry['name']}: {titles if entry['decided'] else f'undecided, {titles}'}{given}"))
    covering = result.own["covering"]
    return [*lines, _indented(covering["because"])] if covering else lines


def _effort(result: Recommendation, rules: RuleSet, page: Page) -> list[RenderableType]:
    effort = result.own["effort"]
    if effort is None:
        return []
    objects = f", {effort['objects_per_image']:g} objects each" if effort["objects_per_image"] is not None else ""
    lines: list[RenderableType] = [_effort_table(effort, rules, page)]
    for line in effort["strategies"]:
        if line["hours"] is None:
            why = line["note"] if line["units"] is not None else "Say how many objects an image shows for an estimate."
            lines.append(_item(f"{rules.strategies[line['strategy']]['title']}: {why}"))
    first = effort["strategies"][0]["hours_saved"] if effort["strategies"] else None
    if first and first["high"] > 0 and not effort["assistance"]:
        lines.append(_item(f"Correcting what a model draws would save about {_amount(first)} hours (assistance=yes)."))
    if effort["plan"] and effort["plan"]["hours"]:
        plan = effort["plan"]
        lines.append(_item(f"On a smaller budget, {_amount(plan['hours'])} hours: {plan['text']}", plan["sources"]))
    return _section(f"What it takes ({effort['images']:,} images{objects}; quality assurance included)", lines)


def _effort_table(effort: EffortDocument, rules: RuleSet, page: Page) -> RenderableType:
    people = "1 annotator" if effort["annotators"] == 1 else f"{effort['annotators']:,} annotators"
    money = {"list_price": "USD, list price", "hourly_rate": "Wages", "unit_price": "Price"}[effort["money_from"] or ""]
    currency = f" in {effort['currency']}" if effort["currency"] and effort["money_from"] != "list_price" else ""
    headers = ("Hours", f"Weeks, {people}", f"{money}{currency}")
    rows = [
        (rules.strategies[line["strategy"]]["title"], *(_amount(line[key]) for key in ("hours", "weeks", "money")))
        for line in effort["strategies"]
    ]
    if page.width < NARROW:
        said = (
            f"{row[0]}: " + ", ".join(f"{h.lower()} {cell}" for h, cell in zip(headers, row[1:], strict=True))
            for row in rows
        )
        return Group(*map(_item, said))
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("Label")
    for header in headers:
        table.add_column(printable(header), justify="right")
    for row in rows:
        table.add_row(*map(Text, row))
    return Padding(table, (0, 0, 0, 2))


def _amount(amount: Range | None) -> str:
    """Return the typical value with the interval, to the precision that published figures bear."""
    if amount is None:
        return "unknown"
    if amount["low"] == amount["high"]:
        return _number(amount["typical"])
    return f"{_number(amount['typical'])} ({_number(amount['low'])} to {_number(amount['high'])})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004 - below ten a digit more is worth showing


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
    if shown and shown[0]["why"]:
        yield _indented(f"{shown[0]['title']} comes first: {shown[0]['why'][0].lower()}{shown[0]['why'][1:]}", "dim")
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
    accuracy = f"{metric['value']:.4g} {metric['name']}, {metric['dataset']}" if metric else "not published"
    licence = code if code == weights else f"{code}; weights {weights}"
    return (
        variant["title"],
        f"{variant['params_m']:.4g} M params" if variant["params_m"] else "? M params",
        f"{variant['gflops']:.4g} GFLOPs" if variant["gflops"] else "? GFLOPs",
        accuracy,
        licence,
    )


def _sources(document: OutcomeDocument, rules: RuleSet, effort: EffortDocument | None) -> list[RenderableType]:
    """Return the references that this page names; those behind the figures of models are in the other formats."""
    named = [source for part in (*document["warnings"], *document["tips"]) for source in part["sources"]]
    references = dict(document["references"])
    if effort:
        references |= effort["references"]
        named += effort["references"]
    lines = []
    for id_ in dict.fromkeys([*rules.sources, *named]):
        reference = references[id_]
        year = f" ({reference['year']})" if reference["year"] else ""
        lines.append(_item(f"{id_}: {reference['title']}{year}. {reference['url'] or reference['note'] or ''}"))
    if document["architectures"]:
        lines.append(_item("Those of the models' figures and licences: --format json"))
    return lines


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:
    """Yield one line for each use case as it is judged, and a summary; a quiet page shows only what is amiss."""
    seen = []
    for verdict in results:
        seen.append(verdict)
        if page.quiet and verdict.status == "as_expected":
            continue
        word, style = _MARKS[verdict.status]
        mark = Style.parse(style).render(f"{word:9}") if page.colour else f"{word:9}"
        yield from (f"{mark} {line}\n" for line in _lines(verdict))
    summary = summarise(seen)
    if not page.quiet or summary.as_expected < len(seen):
        yield f"{summary}\n"


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


def agreement(found: list[Agreement], page: Page) -> Iterator[str]:
    """Yield what was measured for each rule set; for two, which cases each wins."""
    for measured in found:
        yield draw(Group(*_agreement(measured)), page)
    if len(found) > 1:
        names = [measured["rules"]["id"] for measured in found]
        won = wins(*found)
        parts = _section(f"Only {names[0]} agrees on", [_item(name) for name in won["first_only"]])
        parts += _section(f"Only {names[1]} agrees on", [_item(name) for name in won["second_only"]])
        parts.append(Text(f"\nBoth agree on {len(won['both'])} cases, neither on {len(won['neither'])}."))
        yield draw(Group(*parts), page)


def _agreement(measured: Agreement) -> list[RenderableType]:
    rules, twins = measured["rules"], measured["twins"]
    parts: list[RenderableType] = [Text(f"{rules['id']} {rules['version']}, {measured['strict']['of']} cases", "bold")]
    table = Table.grid(padding=(0, 2))
    shares = {
        "strict: what was chosen": measured["strict"],
        "lenient: or another published layer": measured["lenient"],
        "strict, core strategies": measured["core"],
        "lenient, core strategies": measured["core_lenient"],
        **{f"recall of {strategy}": share for strategy, share in measured["recall"].items()},
        "twins that contradict each other": twins["strict"],
        "all but these twins": twins["others"],
    }
    for title, share in shares.items():
        table.add_row(f"  {title}", f"{share['agree']} of {share['of']}", percentage(share))
    parts += [table, _indented(f"{measured['undecided']} undecided")]
    confusion = [
        _item(f"{expected}: " + ", ".join(f"{count} {got}" for got, count in row.items()))
        for expected, row in measured["confusion"].items()
    ]
    parts += _section("Chosen, and what is recommended instead", confusion)
    return parts + _section("Disagreements", [_item(_disagreement(entry)) for entry in measured["disagreements"]])


def _disagreement(entry: Disagreement) -> str:
    marks = ["also published"] * entry["lenient"] + [f"twins: {entry['twin_group']}"] * bool(entry["twin_group"])
    marked = f" ({'; '.join(marks)})" if marks else ""
    walked = ", ".join(f"{step['question']}={step['answer']}" for step in entry["path"])
    said = f"{entry['name']}: {' or '.join(entry['expected'])} was chosen, not {' or '.join(entry['recommended'])}"
    return f"{said}{marked}: {walked}"


SIDE_BY_SIDE = 26
"""Columns that one strategy of a comparison needs to stand beside others."""


def comparison(found: Comparison, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield strategies side by side where the page is wide enough, else one below the other."""
    columns = found["strategies"]
    titles = [c["strategy"]["title"] + (" (recommended)" if c["recommended"] else "") for c in columns]
    if found["name"]:
        yield draw(Text(f"{printable(found['name'])}\n", "bold"), page)
    if len(columns) * SIDE_BY_SIDE > page.width:
        for index, title in enumerate(titles):
            parts: list[RenderableType] = [Text(title, "bold")]
            for heading, cells in rows(found, rules).items():
                parts += [_indented(f"{heading}:", "dim"), *map(_item, cells[index])]
            yield draw(Group(*parts, Text()), page)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), header_style="bold", expand=True)
    for title in titles:
        table.add_column(title, ratio=1)
    for heading, cells in rows(found, rules).items():
        table.add_row(*(Group(Text(f"{heading}:", "dim"), *map(_shown, lines)) for lines in cells))
    yield draw(table, page)


def _shown(line: str) -> Text:
    return Text(printable(line))


def tree(rules: RuleSet, walked: dict[str, str], page: Page) -> Iterator[str]:
    """Yield the decision tree, drawn; the branches that answers take are marked with `*`."""
    root = Tree(Text(f"{rules.title} ({rules.id} {rules.version})", "bold"), guide_style="dim")
    _grow(root, rules.start, rules, walked, set(), on_path=bool(walked))
    yield draw(Group(root, *([Text("\n* the way that the answers take")] if walked else [])), page)


def _grow(parent: Tree, node: Node, rules: RuleSet, walked: dict[str, str], drawn: set[str], *, on_path: bool) -> None:
    """Add a node; where most answers go on to one other node, that one follows at the same level."""
    question = rules.questions[node.question]
    if node.id in drawn:
        parent.add(Text(f"{question['title']} ({node.question}), as above", "dim"))
        return
    drawn.add(node.id)
    shown = parent.add(Text(f"{question['ask']} ({node.question})", "bold" if on_path else ""))
    branches = list(dict.fromkeys(node.branches.values()))
    following = _main_target(node)
    follows = False
    for branch in branches:
        answers = [answer for answer, other in node.branches.items() if other is branch]
        taken = on_path and walked.get(node.question, UNKNOWN) in answers
        ending = f" -> {rules.strategies[branch.strategy]['title']}" if branch.strategy else ""
        on = " -> next question" if branch.node and branch.node is following else ""
        leaf = shown.add(
            Text(f"{'* ' if taken else ''}{' or '.join(answers)}{ending}{on}", "bold green" if taken else "")
        )
        if branch.node and not on:
            _grow(leaf, branch.node, rules, walked, drawn, on_path=taken)
        follows |= bool(on) and taken
    if following:
        _grow(parent, following, rules, walked, drawn, on_path=follows)


def _main_target(node: Node) -> Node | None:
    """Return the node that more answers lead to than to any other, if there is one."""
    counts = Counter(branch.node for branch in node.branches.values() if branch.node).most_common(2)
    ties = len(counts) > 1 and counts[0][1] == counts[1][1]
    return None if ties or not counts else counts[0][0]


PLUGIN = Renderer(recommendations, verdicts, problems, architectures, tree, comparison, agreement)
