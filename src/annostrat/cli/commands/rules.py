"""`annostrat rules`: list, draw, verify and compare rule sets, and print the schemas."""

from __future__ import annotations

import json
import os
import textwrap
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from annostrat.cli import _output
from annostrat.cli._output import page, pick_renderer, refuse_to_overwrite, write
from annostrat.cli.beginnings import HOMES, beginning
from annostrat.cli.commands._named import read_one_case
from annostrat.cli.commands.recommend import given_answers
from annostrat.cli.options import (
    RULES_VARIABLE,
    Answers,
    Argument,
    Command,
    Option,
    Output,
    Rules,
    SameRules,
    chosen_rules,
    rules_of_environment,
    shows,
    spoken,
    text_or,
)
from annostrat.errors import UsageError, printable, suggest
from annostrat.knowledge import files
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.paths import differences
from annostrat.use_cases.use_case import UseCase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.contract import Reference

    Difference = tuple[dict[str, list[str]], str, str]

MAX_ROWS = 40
"""Rows that `rules diff` shows; those who want more have them as JSON."""
MOST_DIFFERENCES = 10_000
"""Rows that it counts and writes as JSON; large trees that have nothing in common differ in millions."""


class ListRequest(NamedTuple):
    """List the shipped rule sets."""

    format: Annotated[str, text_or("json")] = "text"


def list_rules(request: ListRequest) -> int:
    """List the shipped rule sets; return the exit code."""
    rule_sets = [load_rules(tree) for tree in files.shipped_trees()]
    if request.format == "json":
        keys = ("id", "version", "title", "summary", "licence", "digest")
        _print_json([{key: getattr(rules, key) for key in keys} for rules in rule_sets])
        return 0
    _only_text(request.format, "rules list")
    listed = (f"{rules.id} {rules.version}: {rules.title}\n{_indented(rules.summary)}\n" for rules in rule_sets)
    write(listed, None)
    return 0


def _indented(text: str) -> str:
    return textwrap.fill(text, 78, initial_indent="  ", subsequent_indent="  ", break_long_words=False)


class ShowRequest(NamedTuple):
    """Draw a decision tree, with the ways that some answers take."""

    name: Annotated[str | None, Argument("NAME_OR_PATH", "A shipped rule set, or your own.", "rule_sets")] = None
    selected: SameRules = None
    case: Annotated[str | None, Option("Mark the ways of this use case.", "FILE")] = None
    answers: Answers = ()
    references: Annotated[bool, Option("Show the bibliography instead.")] = False
    format: Annotated[str, shows("tree")] = "text"
    output: Output = None


def show(request: ShowRequest) -> int:
    """Draw a rule set's tree, with the ways of a use case; answers given beside it come before its own."""
    if request.name is not None and request.selected is not None and request.name != request.selected:
        message = f"two rule sets are named, '{request.name}' and --rules {request.selected}"
        raise UsageError(message, "show takes one")
    selector = request.name or chosen_rules(request.selected)
    if request.references:
        return _references(selector, request.format, request.output)
    renderer = pick_renderer(request.format, "tree", request.output)
    rules = load_rules(selector)
    case = read_one_case(request.case, rules, "rules show") if request.case is not None else UseCase(name="")
    case = case._replace(answers={**case.answers, **given_answers(request.answers, rules)})
    if renderer.tree is not None:
        write(renderer.tree(rules, case, page(request.output)), request.output)
    return 0


def _references(selector: str, format_: str, output: str | None) -> int:
    """Print the bibliography."""
    references = load_rules(selector).references
    if format_ == "json":
        write([json.dumps(references, indent=2) + "\n"], output)
        return 0
    _only_text(format_, "rules show --references")
    write((_entry(id_, reference) for id_, reference in sorted(references.items())), output)
    return 0


def _entry(id_: str, reference: Reference) -> str:
    who = f"{reference['authors'].rstrip('.')}. " if reference["authors"] else ""
    when = f" ({reference['year']})" if reference["year"] else ""
    parts = [f"{who}{reference['title']}{when}.", reference["url"], reference["note"]]
    lines = "\n".join([id_, *(_indented(part) for part in parts if part)]).splitlines()
    return "\n".join(map(printable, lines)) + "\n"


class RulesCheckRequest(NamedTuple):
    """Prove that rule sets are sound, or report every problem."""

    names: Annotated[
        tuple[str, ...],
        Argument("NAME_OR_PATH", f"Rule sets; if none, ${RULES_VARIABLE}, or all shipped ones.", "rule_sets"),
    ] = ()
    selected: SameRules = None
    format: Annotated[str, shows("problems")] = "text"
    output: Output = None


def check(request: RulesCheckRequest) -> int:
    """Prove rule sets; return 1 if there is any problem."""
    from annostrat.knowledge.integrity import all_problems
    from annostrat.knowledge.parsed import parse_rules

    renderer = pick_renderer(request.format, "problems", request.output)
    selectors = [*request.names, *([request.selected] if request.selected else ())]
    if not selectors and (named := rules_of_environment()):
        selectors = [named]
    chosen = {selector: files.find(selector) for selector in selectors or files.shipped_trees()}
    problems = dict.fromkeys(
        problem for one in chosen.values() for problem in all_problems(parse_rules(files.read(one)))
    )
    names = [one.tree if given == one.tree else printable(f"{given} ({one.tree})") for given, one in chosen.items()]
    if renderer.problems is not None:
        write(renderer.problems(list(problems), names, page(request.output)), request.output)
    return int(bool(problems))


class DiffRequest(NamedTuple):
    """List the answers whose strategy differs.

    Exit 1 if there are any. Tips, architectures and texts are not compared.
    """

    before: Annotated[str, Argument("BEFORE", "A rule set, by name or path.", "rule_sets")]
    after: Annotated[str, Argument("AFTER", "Another one.", "rule_sets")]
    format: Annotated[str, text_or("json")] = "text"


def diff(request: DiffRequest) -> int:
    """List the answers whose strategy differs; return 1 if there are any."""
    one, other = load_rules(request.before), load_rules(request.after)
    rows = differences(one, other)
    differing = [*islice(rows, MOST_DIFFERENCES)]
    if request.format == "json":
        _print_json([{"answers": answers, "before": was, "after": now} for answers, was, now in differing])
    else:
        _only_text(request.format, "rules diff")
        titles = f"{one.id} {one.version} -> {other.id} {other.version}"
        more = "more than " if next(rows, None) else ""
        count = f"{more}{len(differing):,} difference{'' if len(differing) == 1 else 's'}"
        none = "no differences in the strategies (tips, architectures and texts are not compared)"
        write([*_table(differing), f"{titles}: {count if differing else none}\n"], None)
    return int(bool(differing))


def _table(differing: list[Difference]) -> Iterator[str]:
    """Yield how many rows each pair of strategies has, the most first, and then the rows."""
    for (was, now), rows in Counter((was, now) for _, was, now in differing).most_common():
        yield f"{was} -> {now}: {rows} row{'' if rows == 1 else 's'}\n"
    for answers, was, now in differing[:MAX_ROWS]:
        given = ", ".join(f"{question}={' or '.join(words)}" for question, words in answers.items())
        yield printable(f"{was} -> {now}: {given or 'whatever the answers'}") + "\n"
    if len(differing) > MAX_ROWS:
        yield f"and {len(differing) - MAX_ROWS:,} more: --format json\n"


class SchemaRequest(NamedTuple):
    """Print the JSON Schema of a kind of file, or of the output.

    The schemas are of draft 2020-12.
    """

    kind: Annotated[
        str | None, Argument("KIND", "use_case, recommendation, tree, question, ...; all, if none.", "schemas")
    ] = None
    rules: Rules = None
    output: Output = None


def schema(request: SchemaRequest) -> int:
    """Print a JSON Schema, or all of them by kind."""
    from annostrat.cli.schemas import KINDS, schema_of

    if request.kind is not None and request.kind not in KINDS:
        raise UsageError(f"there is no schema for '{request.kind}'", suggest(request.kind, KINDS))
    rules = load_rules(chosen_rules(request.rules))
    schemas = schema_of(request.kind, rules) if request.kind else {name: schema_of(name, rules) for name in KINDS}
    write([json.dumps(schemas, indent=2) + "\n"], request.output)
    return 0


class NewRequest(NamedTuple):
    """Begin a question, tip, architecture or other file of your own.

    What is written is valid; fill it in, and let `rules check` say what is missing.
    """

    kind: Annotated[str, Argument("KIND", f"{spoken([*HOMES])[:-1]}.", "beginnings")]
    id: Annotated[str, Argument("ID", "Its id, which is the file's name.")]
    into: Annotated[str, Option("Your rules folder.", "FOLDER")] = "my_rules"
    force: Annotated[bool, Option("Replace a file.")] = False


def new(request: NewRequest) -> int:
    """Write the beginning of a file; return the exit code."""
    place, text = beginning(request.kind, request.id)
    path = os.path.join("" if request.kind == "use_case" else request.into, place)
    refuse_to_overwrite(path, force=request.force)
    if folder := os.path.dirname(path):
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be created: {(error.strerror or str(error)).lower()}") from error
    write([text], path)
    then = f"annostrat recommend {path}" if request.kind == "use_case" else f"annostrat rules check {request.into}"
    write([f"{path}\n"], None)
    _output.note(f"fill it in, then: {then}")
    return 0


def _only_text(format_: str, command: str) -> None:
    if format_ != "text":
        raise UsageError(f"{command} has no format '{format_}'", suggest(format_, ("text", "json")))


def _print_json(value: Any) -> None:
    write([json.dumps(value, indent=2) + "\n"], None)


COMMANDS = {
    "rules list": Command(ListRequest, list_rules),
    "rules show": Command(ShowRequest, show),
    "rules check": Command(RulesCheckRequest, check),
    "rules diff": Command(DiffRequest, diff),
    "rules schema": Command(SchemaRequest, schema),
    "rules new": Command(NewRequest, new),
}
