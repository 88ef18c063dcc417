"""Changes the code at one place at a time and counts how often the tests notice.

    python benchmarks/mutations.py src/annostrat/annotations/yolo/rows.py --tests tests/annotations/yolo --sample 40

In a mutant, one `<` became `<=`, one `and` became `or`, one 3 became 4, or one `not x` became `x`. Each runs the tests
in a forked process, in which importing the module gives the mutant. A mutant that fails no test is printed with its
line: either a test is missing, or the change makes no difference.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import signal
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import NamedTuple

import pytest

UNCHANGED = -1
TYPES = {"annotation", "returns"}
"""Fields of a node that say what a type checker reads, and change nothing."""
SECONDS = 300
"""After which a mutant that runs forever counts as noticed."""
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


class Mutator:
    """Counts the places of a module that can be changed, and changes the one that is wanted."""

    def __init__(self, wanted: int = UNCHANGED) -> None:
        self.wanted, self.places, self.line = wanted, 0, 0

    def visit(self, node: ast.AST) -> ast.AST:
        """Change the node, if it is the one that is wanted, or what is in it."""
        if self.places <= self.wanted:
            self.line = getattr(node, "lineno", self.line)
        changed = _changed(node)
        self.places += changed is not None
        if changed is not None and self.places == self.wanted + 1:
            return ast.copy_location(changed, node)
        for name, field in ast.iter_fields(node):
            if name not in TYPES:
                self._visit_field(node, name, field)
        return node

    def _visit_field(self, node: ast.AST, name: str, field: object) -> None:
        if isinstance(field, list):
            setattr(node, name, [self.visit(each) if isinstance(each, ast.AST) else each for each in field])
        elif isinstance(field, ast.AST):
            setattr(node, name, self.visit(field))


def _changed(node: ast.AST) -> ast.AST | None:
    if type(node) in SWAPPED:
        return SWAPPED[type(node)]()
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    if isinstance(node, ast.Constant) and type(node.value) in {bool, int}:
        return ast.Constant(not node.value if isinstance(node.value, bool) else node.value + 1)
    return None


class Mutant(NamedTuple):
    """A place of a module to change."""

    path: Path
    place: int

    def line(self) -> int:
        """Return the line of the place."""
        mutator = Mutator(self.place)
        mutator.visit(ast.parse(self.path.read_text("utf-8")))
        return mutator.line

    def survives(self, tests: list[str]) -> bool:
        """Return whether no test fails when the module is changed at the place."""
        child = os.fork()
        if not child:
            _run(self, tests)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _run(mutant: Mutant, tests: list[str]) -> None:
    """Run the tests of a mutant, and end the process."""
    tree = Mutator(mutant.place).visit(ast.parse(mutant.path.read_text("utf-8")))
    code, unchanged = compile(ast.fix_missing_locations(tree), mutant.path, "exec"), SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> object:
        return code if Path(loader.path).resolve() == mutant.path.resolve() else unchanged(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[assignment,method-assign]
    signal.alarm(SECONDS)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os._exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))


def main() -> None:
    """Test a sample of the mutants of some modules, and print those that survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="+", type=Path, help="files, or folders of them")
    parser.add_argument("--tests", nargs="+", required=True, help="what pytest runs")
    parser.add_argument("--sample", type=int, default=50, help="how many mutants to test")
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    paths = [
        path for module in options.modules for path in sorted(module.rglob("*.py") if module.is_dir() else [module])
    ]
    if not Mutant(paths[0], UNCHANGED).survives(options.tests):
        raise SystemExit("the tests fail without any change")
    mutants = []
    for path in paths:
        mutator = Mutator()
        mutator.visit(ast.parse(path.read_text("utf-8")))
        mutants += [Mutant(path, place) for place in range(mutator.places)]
    chosen = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))  # noqa: S311 - no secret
    survived = [mutant for mutant in sorted(chosen) if mutant.survives(options.tests)]
    for mutant in survived:
        print(f"{mutant.path}:{mutant.line()}: place {mutant.place} survives")
    killed = len(chosen) - len(survived)
    print(f"{killed} of {len(chosen)} mutants noticed, {killed / len(chosen):.0%} (of {len(mutants)} in all)")


if __name__ == "__main__":
    sys.path.insert(0, "src")
    main()
