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
from annostrat.knowledge.integrity._graph import ends, witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.integrity._graph import Assumed, End
    from annostrat.knowledge.models import TipFile
    from annostrat.knowledge.parsed import Entry, Parsed


def refuted_advice(parsed: Parsed) -> Iterator[Problem]:
    """Tips that the answers on every path to one of their strategies refute, or that nothing can ever show."""
    tree = parsed.tree
    if tree is None:
        return
    walks: dict[str, list[End]] = {strategy: [] for strategy in tree.strategies}
    for end in ends(tree, tree.nodes[0], {}):
        walks.setdefault(end.strategy, []).append(end)
    default = os.path.join(files.shipped_folder(), "trees", f"{files.DEFAULT}.yaml")
    for entry in parsed.tips.values():
        if entry.model is not None and (entry.own or parsed.tree_entry.document.path == default):
            yield from _refuted(entry, walks)


def _refuted(entry: Entry, walks: dict[str, list[End]]) -> Iterator[Problem]:
    tip: TipFile = entry.model
    named = [strategy for strategy in tip.when.strategies or walks if walks.get(strategy)]
    refuted = [strategy for strategy in named if not any(_may_stand(tip, end.answers) for end in walks[strategy])]
    if named and len(refuted) == len(named):
        shown = _witness(tip, walks[refuted[0]][0].answers)
        message, hint = "this tip can never be shown", "change its `when` or `unless`, or remove it"
        yield Problem(entry.document.locate(), message, hint, "tip-never-shown", shown)
        return
    for strategy in refuted:
        place = ("when", "strategies", tip.when.strategies.index(strategy)) if tip.when.strategies else ()
        message = f"every path to '{strategy}' refutes this tip"
        shown = _witness(tip, walks[strategy][0].answers)
        yield Problem(entry.document.locate(*place), message, "remove the strategy", "refuted-tip", shown)


def _may_stand(tip: TipFile, walked: Assumed) -> bool:
    """Return whether a tip can be shown at the end of a walk, whatever is answered to the questions not walked."""
    waits, refutes = tip.when.answers, tip.unless.answers
    if any(answer in refutes.get(question, ()) for question, answer in walked.items()):
        return False
    for question, accepted in waits.items():
        possible = {walked[question]} if question in walked else {*accepted}
        if not possible & {*accepted} - {*refutes.get(question, ())}:
            return False
    return not tip.when.domains or bool({*tip.when.domains} - {*tip.unless.domains})


def _witness(tip: TipFile, walked: Assumed) -> str:
    """Return the answers of a walk that a tip does not bear; all of them, where it contradicts itself."""
    met = {question: walked[question] for question in (*tip.when.answers, *tip.unless.answers) if question in walked}
    return witness(met or walked)


def irrefutable_warnings(parsed: Parsed) -> Iterator[Problem]:
    """Warnings that no answer calls for and none rules out: a doubt that nobody can settle."""
    for entry in parsed.tips.values():
        tip: TipFile | None = entry.model
        if tip is not None and tip.kind == "warning" and not (tip.when.answers or tip.unless.answers):
            message = "no answer can call for this warning or settle it"
            hint = "name answers under `when` or `unless`, or make it a tip"
            yield Problem(entry.document.locate("kind"), message, hint, "irrefutable-warning")
