"""`annostrat rules`: list, draw, verify and compare rule sets, and print the schemas."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from itertools import starmap
from typing import TYPE_CHECKING, Any

from annostrat.cli._one_case import read_one_case
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli.recommend import split_pairs
from annostrat.errors import UsageError, printable, suggest
from annostrat.knowledge import files
from annostrat.knowledge.loader import load_rules
from annostrat.use_case import check_answers
from annostrat.walks import differences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Reference

    Difference = tuple[dict[str, list[str]], str, str]

MAX_ROWS = 40
"""Rows that `rules diff` shows; those who want more have them as JSON."""


def list_rules(format_: str) -> int:
    """List the shipped rule sets."""
    found = [load_rules(tree) for tree in files.shipped_trees()]
    if format_ == "json":
        keys = ("id", "version", "title", "summary", "licence", "digest")
        _print_json([{key: getattr(rules, key) for key in keys} for rules in found])
        return 0
    _only_text(format_, "rules list")
    write((_listed(rules) for rules in found), None)
    return 0


def _listed(rules: RuleSet) -> str:
    summary = textwrap.fill(rules.summary, 78, initial_indent="  ", subsequent_indent="  ")
    return f"{rules.id} {rules.version}: {rules.title}\n{summary}\n"


def only_one(name: str | None, selected: str | None) -> str:
    """Return the rule set that an argument or the option names, the default one where none does.

    Raises:
        UsageError: They name two.
    """
    if name is not None and selected is not None and name != selected:
        raise UsageError(f"two rule sets are named, '{name}' and --rules {selected}", "show takes one")
    return name or selected or files.DEFAULT


def show(selector: str, case: str | None, words: tuple[str, ...], format_: str, output: str | None) -> int:
    """Draw a rule set's tree, with the way of a use case; answers given beside it come before its own."""
    renderer = pick_renderer(format_, "tree")
    rules = load_rules(selector)
    own = read_one_case(case, rules, "rules show").answers if case is not None else {}
    given = check_answers(split_pairs(words, "--answer", "count_matters=no"), rules, "--answer")
    if renderer.tree is not None:
        write(renderer.tree(rules, {**own, **given}, page(output)), output)
    return 0


def references(selector: str, format_: str, output: str | None) -> int:
    """Print the bibliography."""
    found = load_rules(selector).references
    if format_ == "json":
        write([json.dumps(found, indent=2) + "\n"], output)
        return 0
    _only_text(format_, "rules show --references")
    write((_entry(id_, reference) for id_, reference in sorted(found.items())), output)
    return 0


def _entry(id_: str, reference: Reference) -> str:
    who = f"{reference['authors'].rstrip('.')}. " if reference["authors"] else ""
    when = f" ({reference['year']})" if reference["year"] else ""
    parts = [f"{who}{reference['title']}{when}.", reference["url"], reference["note"]]
    lines = [
        textwrap.fill(part, 78, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
        for part in parts
        if part
    ]
    return "\n".join(map(printable, [line for part in (id_, *lines) for line in part.splitlines()])) + "\n"


def check(selectors: tuple[str, ...], format_: str, output: str | None) -> int:
    """Prove rule sets; return 1 if there is any problem."""
    from annostrat.knowledge.integrity import all_problems
    from annostrat.knowledge.parsed import parse_rules

    renderer = pick_renderer(format_, "problems")
    chosen = {selector: files.find(selector) for selector in selectors or files.shipped_trees()}
    found = dict.fromkeys(problem for one in chosen.values() for problem in all_problems(parse_rules(files.read(one))))
    names = [one.tree if given == one.tree else printable(f"{given} ({one.tree})") for given, one in chosen.items()]
    if renderer.problems is not None:
        write(renderer.problems(list(found), names, page(output)), output)
    return int(bool(found))


def diff(before: str, after: str, format_: str) -> int:
    """List the answers whose strategy differs; return 1 if there are any."""
    one, other = load_rules(before), load_rules(after)
    found = differences(one, other)
    if format_ == "json":
        _print_json([{"answers": answers, "before": was, "after": now} for answers, was, now in found])
    else:
        _only_text(format_, "rules diff")
        titles = f"{one.id} {one.version} -> {other.id} {other.version}"
        write([*_pairs(found), *_rows(found), f"{titles}: {_count(found)}\n"], None)
    return int(bool(found))


def _pairs(found: list[Difference]) -> Iterator[str]:
    """Yield how many rows each pair of strategies has, the most first."""
    for (was, now), rows in Counter((was, now) for _, was, now in found).most_common():
        yield f"{was} -> {now}: {rows} row{'' if rows == 1 else 's'}\n"


def _rows(found: list[Difference]) -> Iterator[str]:
    yield from starmap(_difference, found[:MAX_ROWS])
    if len(found) > MAX_ROWS:
        yield f"and {len(found) - MAX_ROWS} more: --format json\n"


def _count(found: list[Difference]) -> str:
    if not found:
        return "no differences in the strategies (tips, architectures and texts are not compared)"
    return f"{len(found)} difference{'' if len(found) == 1 else 's'}"


def _difference(answers: dict[str, list[str]], was: str, now: str) -> str:
    given = ", ".join(f"{question}={' or '.join(words)}" for question, words in answers.items())
    return printable(f"{was} -> {now}: {given or 'whatever the answers'}") + "\n"


def schema(kind: str | None, selector: str, output: str | None) -> int:
    """Print a JSON Schema, or all of them by kind."""
    from annostrat.schemas import KINDS, schema_of

    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no schema of '{kind}'", suggest(kind, KINDS))
    rules = load_rules(selector)
    found = schema_of(kind, rules) if kind else {name: schema_of(name, rules) for name in KINDS}
    write([json.dumps(found, indent=2) + "\n"], output)
    return 0


def _only_text(format_: str, command: str) -> None:
    if format_ != "text":
        raise UsageError(f"{command} has no format '{format_}'", suggest(format_, ("text", "json")))


def _print_json(value: Any) -> None:
    write([json.dumps(value, indent=2) + "\n"], None)
