"""Compiles and proves the shipped rule sets, for the hook that builds the wheel and for a checkout.

In a checkout, `python -m annostrat.knowledge.building` writes them beside the package, where they serve until a rule
or the code that compiles it changes.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from annostrat.errors import InputError, in_order
from annostrat.knowledge import files
from annostrat.knowledge.compiled import compile_rules
from annostrat.knowledge.integrity import all_problems, fatal_problems
from annostrat.knowledge.parsed import parse_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.errors import Problem
    from annostrat.knowledge.parsed import Parsed
    from annostrat.knowledge.shapes import Compiled


def compile_contents(contents: files.Contents, check: Callable[[Parsed], list[Problem]] = fatal_problems) -> Compiled:
    """Return a rule set compiled from its files' bytes.

    Raises:
        InputError: With every problem of form, and every one that the check finds.
    """
    parsed = parse_rules(contents)
    problems = [*parsed.problems, *check(parsed)]
    if problems or parsed.tree is None:
        raise InputError(in_order(dict.fromkeys(problems)))
    return compile_rules(parsed, parsed.tree)


def build(folder: str) -> list[str]:
    """Write each shipped rule set, compiled and proved, into a folder; return the files.

    Raises:
        InputError: `rules check` finds a problem in one of them.
    """
    os.makedirs(folder, exist_ok=True)
    written = []
    for tree in files.shipped_trees():
        compiled = compile_contents(files.read(files.find(tree)), all_problems)
        path = os.path.join(folder, f"{tree}.json")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            json.dump(compiled, file, separators=(",", ":"))
        written.append(path)
    return written


if __name__ == "__main__":
    print(*build(files.compiled_folder()), sep="\n")  # noqa: T201 - it is what a developer asked for
