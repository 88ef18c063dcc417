"""The documents do not lie: their console blocks and Python are run, their tables are true, their links lead somewhere.

A page's commands run from top to bottom in a folder of their own, where `examples` and `rules` are those of the
project. annostrat runs in this process where it begins a command, which saves a start for each; the rest in a shell.
"""

import io
import json
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

from annostrat.__main__ import main
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.version import __version__
from annostrat.recommendation.paths import walk
from annostrat.use_cases.use_case import read_use_case

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMAND = re.compile(r"^\$ ([^\n]*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def blocks(page, language):
    """Return the code blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def examples(page):
    """Return each command of a page's console blocks, with the output printed under it."""
    return [found.groups() for block in blocks(page, "console") for found in COMMAND.finditer(block)]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command of a page; returns what it prints, in an 80-column pipe."""
    folder, programs = tmp_path / "here", tmp_path / "programs"
    folder.mkdir()
    programs.mkdir()
    for name in ("examples", "rules"):
        (folder / name).symlink_to(ROOT / name)
    (programs / "annostrat").write_text(f'#!/bin/sh\nexec {sys.executable} -m annostrat "$@"\n', "utf-8")
    (programs / "annostrat").chmod(0o755)
    monkeypatch.chdir(folder)
    for name, value in (("COLUMNS", "80"), ("NO_COLOR", "1"), ("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")):
        monkeypatch.setenv(name, value)

    def in_shell(command, text=""):
        done = subprocess.run(command, shell=True, input=text, capture_output=True, text=True, check=False)  # noqa: S602
        return done.stdout + done.stderr

    def here(command):
        monkeypatch.setattr("sys.argv", shlex.split(command))
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        with pytest.raises(SystemExit):
            main()
        return "".join(capsys.readouterr())

    def run(command):
        start, _, filters = command.partition(" | ")
        if not re.fullmatch(r"annostrat [^|<>&;$*]*", start):
            return in_shell(command)
        return in_shell(filters, here(start)) if filters else here(start)

    return run


def matches(printed, shown):
    """Return whether output is as shown; a line `...` stands for any lines."""
    parts = map(re.escape, shown.split("...\n"))
    return re.fullmatch("(?:.*\n)*?".join(parts), printed) is not None


@pytest.mark.parametrize(
    "page",
    [page if page == README else pytest.param(page, marks=pytest.mark.slow) for page in PAGES if examples(page)],
    ids=lambda page: page.name,
)
def test_page_shows_what_is_printed(page, run):
    """What a page prints under a command is what the command prints."""
    for command, shown in examples(page):
        printed = run(command)
        assert matches(printed, shown), f"$ {command}\n{printed}"


def test_readme_has_examples_of_the_main_commands():
    """The README shows recommend, check, measure and scaffold at work."""
    shown = {word for command, _ in examples(README) for word in command.split()}
    assert {"recommend", "check", "measure", "scaffold"} <= shown


def test_readme_is_short():
    """The README is an entrance: what takes longer than 150 lines to say is a page under docs."""
    assert len(README.read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "yaml")], ids=lambda page: page.name)
def test_page_use_cases_are_valid(page):
    """A YAML block with answers is a use case that annostrat accepts."""
    rules = load_rules()
    for block in blocks(page, "yaml"):
        if re.search("^answers:", block, re.MULTILINE):
            for document in yaml_source.parse(block, page.name):
                read_use_case(document, rules, page.name)


def test_table_of_the_infographic_holds_every_combination_once():
    """Each of the 54 combinations of answers fits exactly one row of the table, with its strategy."""
    rules = load_rules("infographic")
    text = (ROOT / "docs" / "questions.md").read_text("utf-8")
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


def test_limits_are_those_of_the_code():
    """Each limit in the table of limits is the constant that its row names."""
    text = (ROOT / "docs" / "limits.md").read_text("utf-8")
    rows = re.findall(r"^\|.*\| ([\d,]+) \|.*\| `([\w.]+)` \|$", text, re.MULTILINE)
    assert len(rows) >= 10
    for stated, name in rows:
        module, _, constant = f"annostrat.{name}".rpartition(".")
        assert getattr(import_module(module), constant) == int(stated.replace(",", "")), name


def test_python_of_the_pages_runs(capsys, monkeypatch):
    """The Python examples print what the text around them says."""
    monkeypatch.chdir(ROOT)
    short, long, labels, shards, annotators = python_blocks()
    exec(short, {})  # noqa: S102 - the page's own code
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
    shown = "<MeasuredLabels of 'yolo': 2 images, 4 objects; occlusion unknown, "
    first, second = capsys.readouterr().out.splitlines()
    assert (first.startswith(shown), second) == (True, "unknown []")
    exec(shards, {})  # noqa: S102 - as above
    assert capsys.readouterr().out == "4\n"
    exec(annotators, {})  # noqa: S102 - as above
    assert capsys.readouterr().out.startswith("{'agreement': 0.942, 'located': 0.962,")


@pytest.mark.slow
def test_python_of_the_pages_is_typed(tmp_path):
    """A strict type checker has nothing to say about the Python of the pages, nor about the recipe's."""
    api = pytest.importorskip("mypy.api", reason="mypy is not installed: pip install annostrat[dev]")
    paths = [str(ROOT / "examples" / "recipes" / "hours.py")]
    for number, block in enumerate(python_blocks()):
        path = tmp_path / f"block_{number}.py"
        path.write_text(block, "utf-8")
        paths.append(str(path))
    out, err, code = api.run(["--strict", "--config-file", "", "--cache-dir", str(tmp_path / "cache"), *paths])
    assert (code, err) == (0, ""), out


def python_blocks():
    """Return the Python examples of all pages."""
    return [block for page in PAGES for block in blocks(page, "python")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """In a checkout, every relative link names a file that exists, and a heading that its page has."""
    for target, heading in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", page.read_text("utf-8")):
        if "://" not in target:
            path = page.parent / target if target else page
            assert path.exists(), target
            assert not heading or heading in headings(path), f"{target}#{heading}"


def headings(page):
    """Return the anchors of a page's headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def test_pages_need_nothing_that_only_the_site_has():
    """Whoever reads them in a checkout sees no instructions to the tool that makes the site."""
    markup = re.compile(r"--8<--|^!!! |^=== \"|\{:? ?[#.]\w+ ?\}$", re.MULTILINE)
    assert [page.name for page in PAGES if markup.search(page.read_text("utf-8"))] == []


def test_examples_for_ci_are_shown_as_they_are():
    """What the page on CI shows of a file is that file."""
    shown = blocks(ROOT / "docs" / "ci.md", "yaml")
    for path in (ROOT / "examples" / "ci").glob("*.y*ml"):
        assert path.read_text("utf-8") in shown, path.name


def test_citation_names_the_version():
    """Who cites annostrat as CITATION.cff says names the version that this is."""
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_catalogue_entry_names_schemas_that_are_there():
    """Each entry for SchemaStore is a schema of the package, with a placeholder for the address to come."""
    catalogue = json.loads((ROOT / "integrations" / "schemastore" / "catalog.json").read_text("utf-8"))
    for entry in catalogue["schemas"]:
        address, _, name = entry["url"].partition("/")
        assert (address, (ROOT / "rules" / "schemas" / name).exists()) == ("URL", True)
