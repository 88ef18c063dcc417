"""The fast lane is typer's command line without typer: the same result for everything that it accepts."""

import io
import json
import sys

import pytest
import typer

from annostrat.cli import fast_lane
from annostrat.cli.app import app

ACCEPTED = [
    "recommend case.yaml",
    "recommend case.yaml --format json",
    "recommend --format=json case.yaml",
    "recommend -f jsonl case.yaml open.yaml",
    "recommend -f json -f text case.yaml",
    "recommend case.yaml -a occlusion=high --answer shape_variance=low --answer=compute_budget=ample",
    "recommend -a count_matters=no",
    "recommend -a count_matters",
    "recommend -a occlusion=hihg",
    "recommend --answer=",
    "recommend case.yaml --effort images=10 --effort objects_per_image=2 -f json",
    "recommend case.yaml --effort imges=10",
    "recommend case.yaml --effort=images",
    "recommend",
    "recommend -",
    "recommend - case.yaml -f github",
    "recommend --strict open.yaml",
    "recommend --no-input open.yaml -q",
    "recommend --quiet --strict case.yaml",
    "recommend --rules purpose_first case.yaml -f markdown",
    "recommend --rules=nope case.yaml",
    "recommend missing.yaml case.yaml",
    "recommend case.yaml -o no/such/folder",
    "recommend case.yaml --output=",
    "recommend case.yaml -o - -q",
    "recommend case.yaml -f sarif",
    "check case.yaml",
    "check case.yaml open.yaml --strict -q",
    "check case.yaml --format=github --rules infographic",
    "check case.yaml --report=junit=/dev/null --report json=/dev/null",
    "check case.yaml --report junit",
    "check",
    "check folder",
    "check *.yaml",
]
HANDED_ON = [
    "",
    "--version",
    "-h",
    "rules list",
    "architectures",
    "recommend --help",
    "recommend -h",
    "recommend case.yaml --formt json",
    "recommend case.yaml -fjson",
    "recommend case.yaml -qf json",
    "recommend case.yaml --format",
    "recommend --answer -x",
    "recommend -- case.yaml",
    "recommend --strict=1 case.yaml",
    "recommend case.yaml --write saved.yaml",
    "recommend case.yaml --force",
    "check --no-input case.yaml",
    "check case.yaml --answer a=b",
    "chek case.yaml",
]


@pytest.fixture
def _cases(save):
    save("case.yaml", "answers: {count_matters: yes, occlusion: low, shape_variance: low}\nexpect: object_detection\n")
    save("open.yaml", "answers: {count_matters: yes}\n")
    save("folder/case.yaml", "answers: {count_matters: no}\nexpect: object_detection\n")


@pytest.fixture
def both(monkeypatch, capsys):
    """Run a command line through the fast lane and through typer, and return what each left behind."""

    def run(line):
        results = []
        for lane in (fast_lane.run, _through_typer):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"answers: {count_matters: no}\n")))
            code = lane(line.split())
            results.append((code, *capsys.readouterr()))
        return results

    return run


def _through_typer(arguments):
    with pytest.raises(SystemExit) as ended:
        app(arguments, prog_name="annostrat")
    return ended.value.code


@pytest.mark.parametrize("line", ACCEPTED)
@pytest.mark.usefixtures("_cases")
def test_fast_lane_gives_what_typer_gives(both, line):
    """Exit code, standard output and standard error are the same on both ways."""
    fast, slow = both(line)
    assert fast[0] is not None
    assert fast == slow


@pytest.mark.parametrize("line", HANDED_ON)
def test_fast_lane_hands_on_what_is_not_plain(line):
    """Help, other commands, misspelt or bundled options are typer's to read."""
    assert fast_lane.run(line.split()) is None


@pytest.mark.parametrize("command", ["recommend", "check"])
def test_fast_lane_knows_only_options_that_typer_knows(command):
    """Every option of the fast lane is one of typer's, takes a value where that does, and fills the same field."""
    typed = {
        name: (parameter.name, getattr(parameter, "is_flag", False))
        for parameter in typer.main.get_command(app).commands[command].params
        for name in parameter.opts
    }
    flags = {name: field for name, field in fast_lane.FLAGS.items() if command == "recommend" or field != "no_input"}
    fast = {name: (field, False) for name, field in fast_lane.VALUES[command].items()}
    fast |= {name: (field, True) for name, field in flags.items()}
    assert fast == {name: typed[name] for name in fast}


def test_fast_lane_is_what_the_program_uses(annostrat, save, monkeypatch):
    """The installed command takes the fast lane: it works where typer cannot even be imported."""
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "annostrat.cli.app")
    result = annostrat("recommend", save("case.yaml", "answers: {count_matters: no}\n"), "-f", "json")
    assert json.loads(result.out)["strategy"]["id"] == "semantic_segmentation"
