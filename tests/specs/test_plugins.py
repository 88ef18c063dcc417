"""Plug-ins as another package brings them: built, installed, and used by the real command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="needs what builds packages: pip install hatchling")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WHEAT = str(ROOT / "examples" / "use_cases" / "wheat_heads.yaml")
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "orchard-plugins"
version = "1.0"
[project.entry-points."annostrat.readers"]
orchard = "orchard_plugins.orchard:PLUGIN"
absent_reader = "orchard_plugins.absent:PLUGIN"
[project.entry-points."annostrat.formats"]
shout = "orchard_plugins.shout:PLUGIN"
absent_format = "orchard_plugins.shout:NOTHING"
[project.entry-points."annostrat.exporters"]
notes = "orchard_plugins.notes:PLUGIN"
absent_tool = "orchard_plugins.notes:export"
"""
ORCHARD = '''
"""Rows of class, left, upper, right and lower edge, a file for each picture of 100 x 100 pixels."""
import os
from functools import partial
from annostrat.annotations import Image
from annostrat.annotations.reader import Look, Reader, of_images, read_each

def look(path, head):
    fits = head.startswith(b"orchard\\n")
    return Look(fits, "the word orchard" if fits else "", "" if fits else "the word orchard")

def add(path, builder):
    image = builder.image(Image(os.path.basename(path), 100, 100, "", ""))
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().splitlines()[1:], start=2):
            name, *edges = line.split()
            builder.label(image, name, number, box=tuple(map(float, edges)))

def open_(files, root):
    return of_images(files, partial(read_each, read=add), os.path.basename)

PLUGIN = Reader("orchard", "Orchard rows", "files that end in .orchard", (".orchard",), look, open_)
'''
SHOUT = """
from annostrat.render.renderer import Renderer

def recommendations(found, rules, page):
    for one in found:
        yield one.strategy["title"].upper() + "!\\n"

PLUGIN = Renderer(recommendations)
"""
NOTES = """
from annostrat.export._base import Exporter

def export(project):
    return "".join(f"{label.name}\\n" for label in project.labels)

PLUGIN = Exporter("Notes", "notes.txt: a class a line", None, export)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder into which a package with three plug-ins that work and three that do not is installed."""
    source = tmp_path_factory.mktemp("orchard")
    package = source / "orchard_plugins"
    package.mkdir()
    (source / "pyproject.toml").write_text(PROJECT, "utf-8")
    for name, text in (("__init__", ""), ("orchard", ORCHARD), ("shout", SHOUT), ("notes", NOTES)):
        (package / f"{name}.py").write_text(text, "utf-8")
    site = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    pip += ["--disable-pip-version-check", "--root-user-action=ignore", "--target", str(site), str(source)]
    subprocess.run(pip, check=True)
    return site


@pytest.fixture
def annostrat(site, tmp_path):
    """Run the command line where the package is installed; return exit code and both streams."""

    def run(*words):
        path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "200"}
        command = [sys.executable, "-m", "annostrat", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def labels(tmp_path):
    """Two pictures in the package's format."""
    folder = tmp_path / "labels"
    folder.mkdir()
    (folder / "a.orchard").write_text("orchard\napple 10 10 40 40\npear 50 50 90 90\n")
    (folder / "b.orchard").write_text("orchard\napple 20 20 60 60\n")
    return "labels"


def test_a_reader_is_found_named_and_offered(annostrat, labels):
    """Its format is detected, can be named, and measures like one of our own."""
    for words in ([], ["--from", "orchard"]):
        code, out, err = annostrat("measure", labels, "--format", "json", *words)
        found = json.loads(out)
        assert (code, err) == (0, "")
        assert (found["source"]["formats"], found["counts"]["objects"]) == ({"orchard": 2}, 3)
        assert [one["name"] for one in found["classes"]] == ["apple", "pear"]


def test_a_format_shows_recommendations(annostrat):
    """Its name works with `--format`, and help lists it."""
    assert annostrat("recommend", WHEAT, "--format", "shout") == (0, "OBJECT DETECTION!\n", "")
    assert "shout" in annostrat("recommend", "--help")[1]


def test_an_exporter_writes_for_its_tool(annostrat):
    """Its name works with `scaffold`, and help lists it."""
    code, out, err = annostrat("scaffold", "notes", str(ROOT / "examples" / "use_cases" / "seedling_trays.yaml"))
    assert (code, err) == (0, "")
    assert out.splitlines() != []
    assert "notes" in annostrat("scaffold", "--help")[1]


@pytest.mark.parametrize(
    ("words", "plugin", "reason"),
    [
        (
            ["measure", "labels", "--from", "absent_reader"],
            "annotation format 'absent_reader'",
            "No module named 'orchard_plugins.absent'",
        ),
        (
            ["recommend", WHEAT, "--format", "absent_format"],
            "format 'absent_format'",
            "module 'orchard_plugins.shout' has no attribute 'NOTHING'",
        ),
        (["scaffold", "absent_tool", WHEAT], "tool 'absent_tool'", "orchard_plugins.notes:export is no Exporter"),
    ],
)
def test_one_that_cannot_be_loaded_is_named_with_its_reason(annostrat, labels, words, plugin, reason):
    """Whoever names it is told of which package it is, and why, in one line."""
    code, out, err = annostrat(*words)
    assert (code, out) == (2, "")
    assert err == f"annostrat: the {plugin} of orchard-plugins cannot be loaded: {reason}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["measure", str(ROOT / "examples" / "annotations" / "coco"), "--format", "json"],
        ["recommend", WHEAT, "--format", "json"],
        ["scaffold", "coco", str(ROOT / "examples" / "use_cases" / "seedling_trays.yaml")],
        ["check", WHEAT],
        ["--help"],
    ],
)
def test_those_that_cannot_be_loaded_harm_nothing_else(annostrat, words):
    """Every other format, tool and command works as if they were not there."""
    code, out, err = annostrat(*words)
    assert (code, err) == (0, "")
    assert out != ""
