"""Proofs about a rule set, without running it: every problem at once, each with its place and a witness.

One check is one function of `Parsed`, in the module of its subject; `CHECKS` is the list that `rules check` runs.
The fatal ones are those without which the engine could not walk the tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import in_order
from annostrat.knowledge.integrity import advice, coverage, sources, tree, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annostrat.errors import Problem
    from annostrat.knowledge.parsed import Parsed

    Check = Callable[[Parsed], Iterator[Problem]]

FATAL: tuple[Check, ...] = (
    words.unknown_names,
    words.unlisted_strategies,
    words.unknown_metric_datasets,
    words.unknown_second_opinions,
    words.repeated_ids,
    tree.answers_without_branch,
    tree.answers_offered_twice,
    tree.cycles,
    tree.oversized_trees,
)
"""Checks that a rule set must pass before it is used at all."""

PROOFS: tuple[Check, ...] = (
    tree.unreached_nodes,
    tree.questions_asked_twice,
    tree.impossible_branches,
    tree.questions_without_effect,
    tree.unreached_strategies,
    tree.broken_orders,
    tree.orders_about_nothing,
    advice.refuted_advice,
    advice.contradictory_conditions,
    advice.irrefutable_warnings,
    coverage.tiers_without_architecture,
    coverage.strategies_without_rate,
    coverage.parts_dearer_than_the_whole,
    coverage.strategies_without_advice,
    coverage.unused_entries,
    coverage.circular_successors,
    coverage.levels_beyond_their_figure,
    words.malformed_entries,
    words.unknown_names_of_decisions,
    words.unknown_sources,
    words.self_names,
    words.repeated_words,
    words.repeated_things,
    words.names_of_files,
    sources.unused_references,
    sources.usurped_references,
    sources.claims_without_source,
    sources.figures_in_prose,
    sources.future_years,
)
"""Checks of whether a rule set that can be walked also makes sense."""

CHECKS = FATAL + PROOFS


def fatal_problems(parsed: Parsed) -> list[Problem]:
    """Return the problems that keep a rule set from being walked."""
    return [problem for check in FATAL for problem in check(parsed)]


def all_problems(parsed: Parsed) -> list[Problem]:
    """Return every problem of a rule set, sorted by place; proofs about walks need a tree that can be walked."""
    problems = [*parsed.problems, *fatal_problems(parsed)]
    walkable = parsed.tree is not None and not any(
        problem.location.path == parsed.tree_entry.document.path for problem in problems
    )
    for check in PROOFS:
        if walkable or not check.__module__.endswith((".tree", ".advice")):
            problems += check(parsed)
    return in_order(problems)
