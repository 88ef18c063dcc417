"""The recipes work: each is run as its reader would run it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "examples" / "recipes"
ANSWERS = "answers: {purpose: find_objects, orientation_matters: no}\n"
CASE = f"{ANSWERS}expect: object_detection\nclasses: {{head: {{}}}}\n"


@pytest.fixture
def environment(tmp_path):
    """The environment of a reader who has installed annostrat."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "annostrat"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m annostrat "$@"\n')
    command.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def run(words, environment, cwd):
    """Run a command; return its exit code and what it printed."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_every_recipe_is_described():
    """Each recipe is in the table, and the table names no other."""
    described = (RECIPES / "README.md").read_text("utf-8")
    assert [path.name for path in RECIPES.iterdir() if path.name != "README.md" and path.name not in described] == []


def test_open_questions_are_listed(environment, tmp_path):
    """With jq: the use cases that are undecided, each with the question to find out next."""
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    (tmp_path / "a.yaml").write_text("name: Wheat\nanswers: {count_matters: yes, shape_variance: low}\n")
    (tmp_path / "b.yaml").write_text(CASE)
    script = str(RECIPES / "open_questions.sh")
    code, out, err = run(["sh", script, "a.yaml", "b.yaml"], environment, tmp_path)
    assert (code, err) == (0, "")
    assert out == "Wheat\tundecided\tpurpose\n"


def test_hours_are_added_up(environment, tmp_path):
    """In Python: 100 boxes, 100 images to cover with a map and a case without counts."""
    (tmp_path / "a.yaml").write_text(f"{CASE}name: Boxes\nimages: 100\nobjects_per_image: 100\n")
    (tmp_path / "b.yaml").write_text("name: Map\nanswers: {purpose: map_surfaces}\nimages: 10\n")
    (tmp_path / "c.yaml").write_text("name: Open\nanswers: {count_matters: yes}\nimages: 10\n")
    (tmp_path / "d.yaml").write_text("nonsense\n")
    files = ["a.yaml", "b.yaml", "c.yaml"]
    code, out, err = run([sys.executable, str(RECIPES / "hours.py"), *files], environment, tmp_path)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Boxes: 50 (23 to 163)",
        "Map: 5 (1 to 15)",
        "Open: not known",
        "together: 55 hours (24 to 178)",
    ]
    code, out, err = run([sys.executable, str(RECIPES / "hours.py"), *files, "d.yaml"], environment, tmp_path)
    assert (code, out.splitlines()[-1]) == (2, "together: 55 hours (24 to 178)")
    assert err.startswith("d.yaml:1:1: a use case is a mapping")


@pytest.mark.slow
def test_make_writes_what_changed_and_stops_at_what_differs(environment, tmp_path):
    """With make: files are made from a use case, again when it changes, and not once it leads elsewhere."""
    shutil.copy(RECIPES / "Makefile", tmp_path)
    cases = tmp_path / "use_cases"
    cases.mkdir()
    case = cases / "wheat.yaml"
    case.write_text(CASE)
    config = cases / "wheat.label_studio.xml"
    assert run(["make", "-s"], environment, tmp_path)[0] == 0
    assert ET.parse(config).find("RectangleLabels/Label").get("value") == "head"  # noqa: S314 - we wrote it
    assert (cases / "wheat.guideline.md").read_text("utf-8").startswith("# Labelling guideline: wheat\n")
    assert run(["make", "-s", "check"], environment, tmp_path)[0] == 0
    before = config.read_bytes()
    case.write_text(CASE.replace("purpose: find_objects", "purpose: map_surfaces"))
    os.utime(case, (2_000_000_000, 2_000_000_000))
    code, _, err = run(["make", "-s"], environment, tmp_path)
    assert code == 2
    assert "Error 1" in err
    assert config.read_bytes() == before
    assert run(["make", "-s", "check"], environment, tmp_path)[0] == 2
