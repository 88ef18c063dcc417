"""Rule files become a `RuleSet`: the shipped ones as they were compiled before, the user's own read and checked."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from annostrat.errors import InputError
from annostrat.knowledge import files
from annostrat.knowledge.compiled import link
from annostrat.knowledge.rule_set import RuleSet

if TYPE_CHECKING:
    from annostrat.knowledge.contract import Compiled

DEFAULT = files.DEFAULT


def load_rules(selector: str = DEFAULT) -> RuleSet:
    """Return a rule set, named by its id, by the user's own folder or by a tree's file.

    What the user's own folder does not contain comes from the shipped knowledge. Of the user's own files the form, the
    names and the walk through the tree are checked; `rules check` proves the whole.

    Raises:
        UsageError: There is no such rule set.
        InputError: A file is missing, malformed, or the tree cannot be walked; with every problem found.
    """
    found = files.find(selector)
    compiled = _compiled(found)
    other = compiled["tree"]["second_opinion"]
    return RuleSet(compiled, _second(files.with_tree(found, other["rules"])) if other else None)


def _second(found: files.RuleFiles) -> RuleSet | None:
    """Return the rule set that gives a second opinion; one that is broken gives none, and `rules check` says why."""
    try:
        return RuleSet(_compiled(found))
    except InputError:
        return None


def _compiled(found: files.RuleFiles) -> Compiled:
    built = _built()
    if built is None or not files.is_shipped(found):
        from annostrat.knowledge.building import compile_files

        return compile_files(found, built)
    dumps, digests = built["dumps"], built["digests"]
    name = f"trees/{found.tree}.yaml"
    digest = files.digest(digests[name], {file: digests[file] for file in found.paths})
    return link(dumps, found.tree, dumps[name], digest)


@lru_cache
def _built() -> dict[str, Any] | None:
    """Return what was compiled of the shipped files, unless one has changed since; never read twice a process."""
    path = files.compiled_file()
    if not os.path.exists(path) or files.is_stale(path):
        return None
    with open(path, "rb") as file:
        built: dict[str, Any] = json.load(file)
    return built
