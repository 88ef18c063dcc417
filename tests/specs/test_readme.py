"""The README does not lie: its console blocks are run, its table is the tree, its links and commands exist."""

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.paths import walk

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ([^\n]*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
COMMANDS = "recommend|check|measure|rules|compare|architectures|scaffold"


def examples(text):
    """Return each command of the console blocks with the output printed under it."""
    return [found.groups() for block in BLOCK.findall(text) for found in COMMAND.finditer(block)]


def run(command):
    """Return what a command of the README prints, in an 80-column pipe."""
    shell = re.sub(rf"\bannostrat (?={COMMANDS})", f"{sys.executable} -m annostrat ", command)
    done = subprocess.run(  # noqa: S602 - the README's own commands
        shell, shell=True, cwd=ROOT, capture_output=True, text=True, check=False, env=_environment()
    )
    return done.stdout + done.stderr


def _environment():
    import os

    return {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}


def matches(printed, shown):
    """Return whether output is as shown; a line `...` stands for any lines."""
    parts = map(re.escape, shown.split("...\n"))
    return re.fullmatch("(?:.*\n)*?".join(parts), printed) is not None


@pytest.mark.parametrize("example", examples(README.read_text("utf-8")), ids=lambda example: example[0])
def test_readme_shows_what_is_printed(example):
    """What stands under a command in the README is what the command prints."""
    command, shown = example
    printed = run(command)
    assert matches(printed, shown), printed


def test_readme_has_examples_of_the_main_commands():
    """The README shows recommend, check, measure and rules at work."""
    shown = {word for command, _ in examples(README.read_text("utf-8")) for word in command.split()}
    assert {"recommend", "check", "measure", "rules"} <= shown


def test_readme_table_holds_every_combination_once():
    """Each of the 54 combinations of answers fits exactly one row of the README's table, with its strategy."""
    rules = load_rules("infographic")
    text = README.read_text("utf-8")
    lines = text[text.index("| `count_matters` | `occlusion`") :].split("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    for combination in product(*(rules.questions[question]["answers"] for question in rules.order)):
        fits = [
            row[-1]
            for row in rows
            if all(
                cell == "any" or answer in cell.split(" or ") for cell, answer in zip(row, combination, strict=False)
            )
        ]
        strategy, _ = walk(rules, dict(zip(rules.order, combination, strict=True)))
        assert fits == [rules.strategies[strategy]["title"]]


def test_readme_python_runs(capsys, monkeypatch):
    """The README's Python examples print what the text around them says."""
    monkeypatch.chdir(ROOT)
    short, long, labels = python_blocks()
    exec(short, {})  # noqa: S102 - the README's own code
    assert capsys.readouterr().out == "semantic_segmentation\n"
    exec(long, {})  # noqa: S102 - as above
    assert capsys.readouterr().out.splitlines() == [
        "road semantic_segmentation",
        "car instance_segmentation",
        "decided ['panoptic_segmentation']",
        "Mussels on a sea floor is not decided",
        "Roofs seen by a drone is not decided",
    ]
    exec(labels, {})  # noqa: S102 - as above
    assert capsys.readouterr().out.splitlines() == ["unknown []", "4"]


def test_readme_python_is_typed(tmp_path):
    """A strict type checker has nothing to say about the README's Python, nor about the recipe's."""
    api = pytest.importorskip("mypy.api", reason="mypy is not installed: pip install annostrat[dev]")
    paths = [str(ROOT / "examples" / "recipes" / "hours.py")]
    for number, block in enumerate(python_blocks()):
        path = tmp_path / f"block_{number}.py"
        path.write_text(block, "utf-8")
        paths.append(str(path))
    out, err, code = api.run(["--strict", "--config-file", "", "--cache-dir", str(tmp_path / "cache"), *paths])
    assert (code, err) == (0, ""), out


def python_blocks():
    """Return the README's Python examples."""
    return re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_readme_links_lead_somewhere():
    """Every relative link of the root documents names a file that exists."""
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / name).read_text("utf-8")
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            assert "://" in target or (ROOT / target).exists(), f"{name} links to {target}"
