"""Whether advice can be shown at all: no answer on the way to its strategy refutes it, and some answer refutes a doubt.

A tip names strategies, answers that it waits for (`when`) and answers that refute it (`unless`). On the way to a
strategy some questions were answered already. For example, a warning for polylines that asks whether somebody uses
the width is pointless if `purpose=trace_lines` refutes it, since every way to polylines begins with that answer.

Tips are shared by all rule sets, and another tree may ask other questions. So a shipped tip is held to the shipped
default tree, and a user's own tip to whatever tree it is used with.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from annostrat.errors import Problem
from annostrat.knowledge import files
from annostrat.knowledge.integrity.parts import of_each_entry, parts
from annostrat.knowledge.integrity.tree import of_tree, start_of, witness
from annostrat.knowledge.models.rules import Conditional, TipFile
from annostrat.knowledge.tree import EVERY, asking_once, reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.models.rules import TreeFile
    from annostrat.knowledge.parsed import Entry, Parsed
    from annostrat.knowledge.tree import Node

_CHANGE = "change its `when` or `unless`, or remove it"


@of_tree
def refuted_advice(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Tips that the answers on every path to one of their strategies refute, or that nothing can ever show."""
    start = asking_once(start_of(tree))
    default = os.path.join(files.shipped_folder(), "trees", f"{files.DEFAULT}.yaml")
    for entry in parsed.tips.values():
        if entry.model is not None and (entry.own or parsed.tree_entry.document.path == default):
            yield from _refuted(entry, start)


def _refuted(entry: Entry, start: Node) -> Iterator[Problem]:
    """Yield the problems of a tip: strategies that no walk with the answers that it allows leads to."""
    tip: TipFile = entry.model
    every = reach(start, EVERY)
    shows = reach(start, lambda node: [way for way in EVERY(node) if _allows(tip, node.question, way[0])]).strategies
    if not _can_hold(tip):
        return
    named = [strategy for strategy in tip.when.strategies or every.strategies if strategy in every.strategies]
    refuted = [strategy for strategy in named if strategy and strategy not in shows]
    if named and len(refuted) == len(named):
        proof = _witness(tip, every.answers(refuted[0]))
        yield Problem(entry.document.locate(), "this tip can never be shown", _CHANGE, "tip-never-shown", proof)
        return
    for strategy in refuted if tip.when.strategies else ():
        place = ("when", "strategies", tip.when.strategies.index(strategy))
        message = f"every path to '{strategy}' refutes this tip"
        proof = _witness(tip, every.answers(strategy))
        yield Problem(entry.document.locate(*place), message, "remove the strategy", "refuted-tip", proof)


@of_each_entry
def contradictory_conditions(entry: Entry) -> Iterator[Problem]:
    """Advice of any kind whose `unless` excludes everything that its `when` requires."""
    for part in parts(entry):
        if isinstance(part.model, Conditional) and not _can_hold(part.model):
            message = "`unless` refutes all that `when` waits for"
            yield Problem(part.locate("unless"), message, _CHANGE, "contradictory-condition")


def _allows(advice: Conditional, question: str, answer: str) -> bool:
    accepted = advice.when.answers.get(question, (answer,))
    return answer in accepted and answer not in advice.unless.answers.get(question, ())


def _can_hold(advice: Conditional) -> bool:
    """Return whether some answers and some field satisfy the conditions of advice."""
    waits = advice.when.answers.items()
    fields = not advice.when.domains or bool({*advice.when.domains} - {*advice.unless.domains})
    return fields and all(any(_allows(advice, asked, answer) for answer in accepted) for asked, accepted in waits)


def _witness(advice: Conditional, walked: dict[str, str]) -> str:
    """Return the answers of a walk that advice names, or all of them if there are none."""
    met = {
        question: walked[question] for question in (*advice.when.answers, *advice.unless.answers) if question in walked
    }
    return witness(met or walked)


def irrefutable_warnings(parsed: Parsed) -> Iterator[Problem]:
    """Warnings that no answer calls for or rules out: doubts that nobody can settle."""
    for entry in parsed.tips.values():
        tip: TipFile | None = entry.model
        if tip is not None and tip.kind == "warning" and not (tip.when.answers or tip.unless.answers):
            message = "no answer can call for this warning or settle it"
            hint = "name answers under `when` or `unless`, or make it a tip"
            yield Problem(entry.document.locate("kind"), message, hint, "irrefutable-warning")
