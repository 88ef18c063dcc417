"""Plain command lines are read without typer, and as typer would: both follow from the same declarations."""

import json
import random
import sys
from functools import cache

import pytest
import typer

from annostrat.cli import commands
from annostrat.cli.app import app
from annostrat.cli.options import Argument, parameters

REFUSAL = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
LINES = 400
"""Command lines that are tried of each command."""
VALUES = [
    "json",
    "text",
    "3",
    "0",
    "-1",
    "2.5",
    "nan",
    "",
    "-",
    "a=b",
    "a b",
    "x.yaml",
    "-x",
    "--",
    "=json",
    "ü",
    "101",
]


@cache
def typers_command(name):
    """Return typer's own command of a name."""
    group = typer.main.get_command(app)
    for part in name.split()[:-1]:
        group = group.commands[part]
    return group.commands[name.split()[-1]]


def typers(name, words):
    """Return what typer makes of a command's words, as a request; None where it refuses them or shows help."""
    try:
        context = typers_command(name).make_context(name, list(words))
    except (typer.Exit, REFUSAL):
        return None
    known = parameters(commands.load(name).request)
    values = {
        one.field: tuple(context.params[one.field] or ()) if one.many else context.params[one.field] for one in known
    }
    return commands.load(name).request(**values)


def words_by_chance(chance, known):
    """Return words of a command line: options in any spelling, misspelt ones too, values right and wrong, places."""
    options = [(name, one) for one in known for name in one.names()]
    flags = [name[1] for name, one in options if one.kind is bool and not name.startswith("--")]
    words = []
    for _ in range(chance.randint(0, 5)):
        name, one = chance.choice(options) if options else ("--nothing", None)
        value = chance.choice(VALUES)
        kind = chance.randint(0, 9)
        if kind == 0 or one is None:
            words.append(value)
        elif kind == 1:
            words.append(chance.choice([name[:-1], f"{name}x", "--help", "-h", "--nothing"]))
        elif one.kind is bool:
            words.append(chance.choice([name, f"{name}=1"] if kind == 2 else [name]))
        elif name.startswith("--"):
            written = [[name, value], [f"{name}={value}"]]
            words += chance.choice([*written, [name]] if kind == 2 else written)
        else:
            bundled = f"-{''.join(flags)}{name[1]}"
            words += chance.choice([[name, value], [f"{name}{value}"], [bundled, value], [f"{bundled}{value}"]])
    for one in known:
        if isinstance(one.declared, Argument) and chance.random() < 0.8:
            words.insert(chance.randint(0, len(words)), chance.choice(["x.yaml", "yolo", "-", "y"]))
    return words


@pytest.mark.parametrize(
    "name", [name if name == "recommend" else pytest.param(name, marks=pytest.mark.slow) for name in commands.HOMES]
)
def test_plain_lines_are_read_as_typer_reads_them(name):
    """Of thousands of lines, whatever is read is what typer would have read, and most of what typer takes is plain."""
    known = parameters(commands.load(name).request)
    chance = random.Random(name)  # noqa: S311 - a test's sample
    taken = plain = 0
    for _ in range(LINES):
        words = words_by_chance(chance, known)
        right, found = typers(name, words), commands.read([*name.split(), *words])
        if found is not None:
            assert found[0] is commands.load(name)
            assert repr(found[1]) == repr(right), words  # nan is not itself
        taken += right is not None
        plain += found is not None
    assert plain >= taken / 2
    assert plain > 0


@pytest.mark.parametrize(
    "line",
    [
        "recommend case.yaml",
        "recommend case.yaml -f json",
        "recommend case.yaml -fjson",
        "recommend case.yaml -qf json",
        "recommend -qfjson case.yaml",
        "recommend --format=json --answer=a=b -a c=d case.yaml -",
        "recommend --seed 3 --sample=5 --evidence labels --no-input",
        "check folder --strict --report junit=x.xml",
        "measure labels -j 2 -q",
        "architectures yolov8 -s object_detection --max-params 20",
        "compare points polyline",
        "scaffold yolo case.yaml --force",
        "rules list -fjson",
        "rules show --references",
        "rules check",
        "rules test cases --folds 5 --compare infographic",
        "rules diff a b",
        "rules schema use_case -o x.json",
    ],
)
def test_every_command_has_plain_lines(line):
    """Each command, in each spelling, starts without typer."""
    assert commands.read(line.split()) is not None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--version",
        "-h",
        "rules",
        "rules nothing",
        "recommend --help",
        "recommend case.yaml --formt json",
        "recommend case.yaml --format",
        "recommend --answer -x",
        "recommend -- case.yaml",
        "recommend --strict=1 case.yaml",
        "recommend --seed many",
        "measure labels -j 0",
        "rules test x --folds 1",
        "rules diff a",
        "rules diff a b c",
        "check --no-input case.yaml",
        "chek case.yaml",
    ],
)
def test_what_is_not_plain_is_left_to_typer(line):
    """Help, misspelt options, missing values and numbers out of bounds are typer's to answer."""
    assert commands.read(line.split()) is None


@pytest.mark.parametrize("spelling", [["-f", "json"], ["-fjson"], ["-qf", "json"], ["--format=json"]])
def test_plain_lines_work_where_typer_cannot_be_imported(annostrat, save, monkeypatch, spelling):
    """The installed command starts without typer, whatever the spelling."""
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "annostrat.cli.app")
    result = annostrat("recommend", save("case.yaml", "answers: {purpose: map_surfaces}\n"), *spelling)
    assert json.loads(result.out)["strategy"]["id"] == "semantic_segmentation"


def test_help_lists_the_formats_of_the_room(annostrat):
    """A format is in the help because its file is in the room."""
    said = " ".join(annostrat("check", "--help").out.split())
    assert "text, github, json, junit, markdown or sarif." in said
