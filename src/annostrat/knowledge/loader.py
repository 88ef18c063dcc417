"""Rule files become a `RuleSet`: from the cache where the same bytes were compiled before, else read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import InputError, in_order
from annostrat.knowledge import cache, files
from annostrat.knowledge.rule_set import RuleSet

if TYPE_CHECKING:
    from annostrat.knowledge.shapes import Compiled

DEFAULT = files.DEFAULT


def load_rules(selector: str = DEFAULT) -> RuleSet:
    """Return a rule set, named by its id, by the user's own folder or by a tree's file.

    What the user's own folder does not contain comes from the shipped knowledge.

    Raises:
        UsageError: There is no such rule set.
        InputError: A file is missing, malformed, or the tree cannot be walked; with every problem found.
    """
    contents = files.read(files.find(selector))
    compiled = _compiled(contents)
    other = compiled["second_opinion"]
    return RuleSet(compiled, _second(contents, other["rules"]) if other else None)


def _second(contents: files.Contents, tree: str) -> RuleSet | None:
    """Return the rule set that gives a second opinion; one that is broken gives none, and `rules check` says why."""
    try:
        return RuleSet(_compiled(files.with_tree(contents, tree)))
    except InputError:
        return None


def _compiled(contents: files.Contents) -> Compiled:
    compiled = cache.get(contents)
    if compiled is None:
        compiled = _compile(contents)
        cache.put(contents, compiled)
    return compiled


def _compile(contents: files.Contents) -> Compiled:
    from annostrat.knowledge.compiled import compile_rules
    from annostrat.knowledge.integrity import fatal_problems
    from annostrat.knowledge.parsed import parse_rules

    parsed = parse_rules(contents)
    problems = [*parsed.problems, *fatal_problems(parsed)]
    if problems or parsed.tree is None:
        raise InputError(in_order(problems))
    return compile_rules(parsed, parsed.tree)
