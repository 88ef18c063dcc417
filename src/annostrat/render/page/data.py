"""What the interactive page knows of a rule set: the tree itself, and of the texts and figures what it shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from annostrat.errors import printable
from annostrat.knowledge.rule_set import OVERTAKEN
from annostrat.knowledge.tree import EVERY, answers_by_branch, reach
from annostrat.recommendation.models import models_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from annostrat.knowledge.contract import Architecture, CompiledTip, Question, Strategy
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.tree import Node


def page_data(rules: RuleSet) -> dict[str, Any]:
    """Return a rule set as plain values for the page's scripts, with what cannot be seen spelt out."""
    offered, sources = rules.offered, dict[str, int]()
    plans = [plan for plan in rules.effort["plans"] if plan["for_"] in offered]
    outlines = [rate["outlines"] for id_, rate in rules.effort["rates"].items() if id_ in offered]
    asked = [*rules.relevant, *(question for plan in plans for question in plan["unless"])]
    known = {
        **_walkable(rules),
        "version": rules.version,
        "relevant": rules.relevant,
        "tier_question": rules.tier_question,
        "questions": {id_: _question(rules.questions[id_]) for id_ in dict.fromkeys(asked)},
        "strategies": {id_: _strategy(text, id_ in offered) for id_, text in rules.strategies.items()},
        "architectures": _packed(rules, sources),
        "tips": [_tip(entry) for entry in rules.tips if _may_apply(entry, offered)],
        "effort": {
            "rates": {id_: rate for id_, rate in rules.effort["rates"].items() if id_ in {*offered, *outlines}},
            "quality_share": rules.effort["quality_share"],
            "week_hours": rules.effort["week_hours"],
            "plans": plans,
        },
        "sources": rules.sources,
    }
    claims = (
        source
        for id_ in offered
        for claim in (*rules.strategies[id_]["benefits"], *rules.strategies[id_]["drawbacks"])
        for source in claim["sources"]
    )
    for id_ in (*claims, *_named(known)):
        sources.setdefault(id_, len(sources))
    known["references"] = [[id_, rules.references[id_]["url"]] for id_ in sources]
    return {key: _plain(value) for key, value in known.items()}


def _walkable(rules: RuleSet) -> dict[str, Any]:
    nodes = {node: place for place, node in enumerate(reach(rules.start, EVERY).nodes)}
    return {
        "id": rules.id,
        "offered": rules.offered,
        "order": rules.order,
        "nodes": [_node(node, nodes) for node in nodes],
    }


def _node(node: Node, places: dict[Node, int]) -> dict[str, Any]:
    """Return a node; its branches are rows of answers, reason, strategy and the next node's place."""
    branches = [
        [answers, branch.because, branch.strategy, places[branch.node] if branch.node else None]
        for branch, answers in answers_by_branch(node.branches.items()).items()
    ]
    return {"id": node.id, "ask": node.question, "branches": branches}


def _question(text: Question) -> dict[str, Any]:
    answers = [[id_, answer["title"], answer["meaning"], answer["tier"]] for id_, answer in text["answers"].items()]
    return {**{key: text[key] for key in ("title", "ask", "why", "help", "example")}, "answers": answers}


def _strategy(text: Strategy, offered: bool) -> dict[str, Any]:
    """Return a strategy; of one that the tree cannot end in, only its name, for what labels can be turned into."""
    if not offered:
        return {"title": text["title"]}
    return {
        **{
            key: text[key] for key in ("title", "label", "summary", "gives", "costs", "when_not", "tells_apart", "gaps")
        },
        "combines": text["combines"],
        "benefits": [[claim["text"], *claim["sources"]] for claim in text["benefits"]],
        "drawbacks": [[claim["text"], *claim["sources"]] for claim in text["drawbacks"]],
        "converts_to": [[one["strategy"], one["how"], one["loses"]] for one in text["converts_to"]],
    }


def _packed(rules: RuleSet, sources: dict[str, int]) -> dict[str, Any]:
    """Return the catalogue as rows of `COLUMNS` by strategy; recurring texts and sources are places in lists."""
    texts: dict[str, int] = {}
    rows = {id_: [_row(variant, texts, sources) for variant in _best(rules, id_)] for id_ in rules.offered}
    return {"columns": COLUMNS, "texts": [*texts], "rows": rows}


def _best(rules: RuleSet, strategy: str) -> Iterator[Architecture]:
    """Yield the first few variants of each tier under each licence, and those that the article named."""
    seen: Counter[tuple[str, str]] = Counter()
    for variant in models_for(rules, strategy):
        seen[variant["tier"], variant["code_licence"]] += 1
        if seen[variant["tier"], variant["code_licence"]] <= FEW or variant["named_by_article"]:
            yield variant


FEW = 2
"""Variants of one tier under one licence that the page shows."""
COLUMNS = ("title", "tier", "year", "params_m", "gflops", "metric", "value", "code", "weights", "permissive",
           "overtaken", "note", "sources")  # fmt: skip
"""What it shows of a variant."""


def _row(variant: Architecture, texts: dict[str, int], sources: dict[str, int]) -> list[Any]:
    def place(text: str, places: dict[str, int] = texts) -> int:
        return places.setdefault(text, len(places))

    metric = variant["metric"]
    return [
        variant["title"],
        variant["tier"],
        variant["year"],
        variant["params_m"],
        variant["gflops"],
        place(f"{metric['name']}, {metric['dataset']}") if metric else None,
        metric["value"] if metric else None,
        place(variant["code_licence"]),
        place(variant["weights_licence"]),
        int(variant["permissive"] == "yes"),
        int(variant["status"] in OVERTAKEN),
        place(variant["licence_note"]) if variant["licence_note"] else None,
        [place(source, sources) for source in variant["sources"]],
    ]


def _may_apply(entry: CompiledTip, offered: Collection[str]) -> bool:
    """Return whether a tip can apply on the page, which knows no field, to one of the strategies offered."""
    when = entry["when"]
    return not when["domains"] and (not when["strategies"] or not {*when["strategies"]}.isdisjoint(offered))


def _tip(entry: CompiledTip) -> dict[str, Any]:
    """Return a tip with the conditions that it has."""
    when = {key: value for key, value in entry["when"].items() if value}
    unless = {"answers": entry["unless"]["answers"]} if entry["unless"]["answers"] else None
    warning = True if entry["warning"] else None
    tip = {"text": entry["tip"]["text"], "sources": entry["tip"]["sources"], "warning": warning}
    return {**tip, "when": when or None, "unless": unless}


def _named(value: object) -> Iterable[str]:
    """Yield the ids in every `sources` of a value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from part if key == "sources" else _named(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _named(part)


def _plain(value: object) -> object:
    """Return a value in which every text can be seen; members that hold nothing go."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
