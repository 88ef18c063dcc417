"""One tree in four engines: decisions per second in one thread, each engine first checked on every input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from _measure import Row, complete_answers, function, rounds, skipped, table

from annostrat import UseCase, load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.paths import merged_paths, walk
from annostrat.recommendation.recommendation import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat import RuleSet
    from annostrat.knowledge.tree import Node

    Decide = Callable[[dict[str, str]], object]

WALKS = 300_000
"""Walks with path that a second must allow."""

OURS = "annostrat, walk with path"


def main() -> None:
    """Check every engine on every input, then measure and print."""
    rules = load_rules("infographic")
    inputs = complete_answers(rules)
    print(f"{len(inputs)} complete answers; every engine agrees on all of them before it is timed")
    engines = _ours(rules)
    for name, build in PEERS.items():
        try:
            engines |= build(rules)
        except ImportError:
            skipped(name)
    expected = [walk(rules, answers)[0] for answers in inputs]
    for name, (call, strategy) in engines.items():
        if [strategy(call(answers)) for answers in inputs] != expected:
            raise SystemExit(f"{name} decides otherwise")
    timed = {name: function(_over(call, inputs), times=5) for name, (call, _) in engines.items()}
    rate = {name: len(inputs) / run.cpu for name, run in rounds(timed).items()}
    table(
        "Decisions per second of CPU time, and how many times those that annostrat's walk makes",
        [Row(name, f"{found:,.0f}/s", found / rate[OURS], OURS) for name, found in rate.items()],
    )
    verdict = "kept" if rate[OURS] >= WALKS else "MISSED"
    print(f"\n{OURS}: {rate[OURS]:,.0f}/s (at least {WALKS:,}: {verdict})")


def _over(call: Decide, inputs: list[dict[str, str]]) -> Callable[[], None]:
    def run() -> None:
        for answers in inputs:
            call(answers)

    return run


Engines = dict[str, tuple["Decide", "Callable[[Any], object]"]]
"""Name to what is timed, and what finds the strategy in its result."""


def _ours(rules: RuleSet) -> Engines:
    recommender = Recommender(rules)

    def chosen(document: Any) -> str:
        return str(document["strategy"]["id"])

    return {
        OURS: (lambda answers: walk(rules, answers), lambda result: result[0]),
        "annostrat, recommend (answers met before)": (
            lambda answers: recommender.recommend(UseCase("case", answers)),
            lambda result: result.strategy["id"],
        ),
        "annostrat, every part of an outcome, computed again": (
            lambda answers: Outcome(rules, answers),
            lambda result: chosen(result.document),
        ),
    }


def _zen(rules: RuleSet) -> Engines:
    import zen

    expression = zen.compile_expression(_ternaries(rules.start))
    decision = zen.ZenEngine().create_decision(json.dumps(_decision_table(rules)))
    return {
        "zen-engine, compiled expression": (expression.evaluate, lambda result: result),
        "zen-engine, decision table": (decision.evaluate, lambda result: result["result"]["strategy"]),
        "zen-engine, decision table with trace": (
            lambda answers: decision.evaluate(answers, {"trace": True}),
            lambda result: result["result"]["strategy"],
        ),
    }


def _branches(node: Node) -> list[tuple[list[str], Any]]:
    """Return what follows at a node, each with the answers that lead there."""
    return [
        ([answer for answer, other in node.branches.items() if other is branch], branch.node or branch.strategy)
        for branch in dict.fromkeys(node.branches.values())
    ]


def _ternaries(target: Any) -> str:
    if isinstance(target, str):
        return f"'{target}'"
    *some, (_, last) = _branches(target)
    text = _ternaries(last)
    for words, then in reversed(some):
        offered = ", ".join(f"'{word}'" for word in words)
        test = f"{target.question} == {offered}" if len(words) == 1 else f"{target.question} in [{offered}]"
        text = f"({test} ? {_ternaries(then)} : {text})"
    return text


def _decision_table(rules: RuleSet) -> dict[str, Any]:
    inputs = [{"id": question, "name": question, "field": question} for question in rules.order]
    rows = [
        {
            "_id": f"row{number}",
            **{question: ", ".join(f'"{word}"' for word in given.get(question, [])) for question in rules.order},
            "strategy": f'"{strategy}"',
        }
        for number, (given, strategy) in enumerate(merged_paths(rules))
    ]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "strategy", "name": "strategy", "field": "strategy"}],
        "rules": rows,
    }
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "e2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }


def _json_logic(rules: RuleSet) -> Engines:
    from json_logic import jsonLogic

    logic = _ifs(rules.start)
    return {"json-logic (panzi-json-logic)": (lambda answers: jsonLogic(logic, answers), lambda result: result)}


def _ifs(target: Any) -> Any:
    if isinstance(target, str):
        return target
    parts: list[Any] = []
    *some, (_, last) = _branches(target)
    for words, then in some:
        asked = {"var": target.question}
        parts += [{"==": [asked, words[0]]} if len(words) == 1 else {"in": [asked, words]}, _ifs(then)]
    return {"if": [*parts, _ifs(last)]}


def _business_rules(rules: RuleSet) -> Engines:
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import BaseVariables, string_rule_variable

    class Answers(BaseVariables):  # type: ignore[misc]
        def __init__(self, answers: dict[str, str]) -> None:
            self.answers = answers

    for question in rules.order:
        variable = eval(f"lambda self: self.answers[{question!r}]")  # noqa: S307 - business-rules reads __name__
        variable.__name__ = question
        setattr(Answers, question, string_rule_variable()(variable))

    class Found(BaseActions):  # type: ignore[misc]
        strategy: str | None = None

        @rule_action(params={"strategy": FIELD_TEXT})
        def choose(self, strategy: str) -> None:
            self.strategy = strategy

    stated = [
        {
            "conditions": {"all": [_condition(question, words) for question, words in given.items()]},
            "actions": [{"name": "choose", "params": {"strategy": strategy}}],
        }
        for given, strategy in merged_paths(rules)
    ]

    def decided(answers: dict[str, str]) -> str | None:
        found = Found()
        run_all(stated, Answers(answers), found, stop_on_first_trigger=True)
        return found.strategy

    return {"business-rules": (decided, lambda result: result)}


def _condition(question: str, words: list[str]) -> dict[str, Any]:
    tests = [{"name": question, "operator": "equal_to", "value": word} for word in words]
    return tests[0] if len(tests) == 1 else {"any": tests}


PEERS: dict[str, Callable[[RuleSet], Engines]] = {
    "zen-engine": _zen,
    "panzi-json-logic": _json_logic,
    "business-rules": _business_rules,
}


if __name__ == "__main__":
    main()
