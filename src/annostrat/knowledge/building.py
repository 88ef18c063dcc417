"""Compiles rule sets: the user's own at each start, and the shipped ones for the hook that builds the wheel.

In a checkout, `python -m annostrat.knowledge.building` writes the shipped ones beside the package, where they are used
until a rule or the code that compiles it changes.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from annostrat.errors import InputError, in_order
from annostrat.knowledge import files
from annostrat.knowledge.integrity import all_problems, fatal_problems
from annostrat.knowledge.loader import link
from annostrat.knowledge.parsed import parse_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.errors import Problem
    from annostrat.knowledge.contract import Compiled
    from annostrat.knowledge.parsed import Parsed


def compile_files(rule_files: files.RuleFiles, built: dict[str, Any] | None) -> Compiled:
    """Return a rule set; if the shipped files are already compiled, only the tree and the user's own files are read.

    Raises:
        InputError: Lists every problem of form, and every problem that prevents walking the tree.
    """
    contents = files.read(rule_files, only_own=built is not None)
    parsed = _checked(parse_rules(contents, built["dumps"] if built else None), fatal_problems)
    digests = {name: digest for name, digest in built["digests"].items() if name in rule_files.paths} if built else {}
    digest = files.digest(files.sha256(contents.tree), digests | contents.digests())
    return link(parsed.dumps, rule_files.tree, parsed.tree_entry.dump, digest)


def build() -> dict[str, Any]:
    """Return the contents of the shipped files, and their digests, for the wheel.

    Raises:
        InputError: `rules check` finds a problem in one of them.
    """
    dumps: dict[str, Any] = {}
    digests: dict[str, str] = {}
    for tree in files.shipped_trees():
        contents = files.read(files.find(tree))
        parsed = _checked(parse_rules(contents), all_problems)
        name = f"trees/{tree}.yaml"
        dumps |= {**parsed.dumps, name: parsed.tree_entry.dump}
        digests |= {**contents.digests(), name: files.sha256(contents.tree)}
    return {"dumps": dumps, "digests": digests}


def write(path: str) -> None:
    """Write the result of `build` to a file."""
    built = build()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        json.dump(built, file, separators=(",", ":"))


def _checked(parsed: Parsed, check: Callable[[Parsed], Iterable[Problem]]) -> Parsed:
    problems = [*parsed.problems, *check(parsed)]
    if problems:
        raise InputError(in_order(problems))
    return parsed


if __name__ == "__main__":
    write(files.compiled_file())
