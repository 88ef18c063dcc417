"""Rule files become a `RuleSet`: as they were compiled when the wheel was built, else read and checked."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from annostrat.errors import InputError
from annostrat.knowledge import files
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
    if selector in files.shipped_trees():
        compiled = _shipped(selector)
        other = compiled["second_opinion"]
        return RuleSet(compiled, RuleSet(_shipped(other["rules"])) if other else None)
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


@lru_cache
def _shipped(tree: str) -> Compiled:
    """Return a shipped rule set: as it was compiled, unless its files have changed since, and never twice a process."""
    path = os.path.join(files.compiled_folder(), f"{tree}.json")
    if os.path.exists(path) and not files.is_stale(path):
        with open(path, "rb") as file:
            return cast("Compiled", json.load(file))
    return _compiled(files.read(files.find(tree)))


def _compiled(contents: files.Contents) -> Compiled:
    from annostrat.knowledge.building import compile_contents

    return compile_contents(contents)
