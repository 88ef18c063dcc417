"""The documents' pictures show what the program draws and prints today."""

import importlib.util
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "pictures"
PAGES = [(ROOT / page).read_text("utf-8") for page in ("README.md", "docs/questions.md")]


@pytest.fixture(scope="module")
def pictures():
    """Return the script that draws them."""
    spec = importlib.util.spec_from_file_location("draw", FOLDER / "draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts(picture):
    """Return what stands in a picture, piece by piece."""
    root = ET.fromstring(picture)  # noqa: S314 - our own
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


def test_picture_of_the_tree_is_up_to_date(pictures):
    """The poster in the documents is the one that `annostrat rules show --format svg` draws."""
    assert (FOLDER / "infographic.svg").read_text("utf-8") == pictures.tree(), "run: just pictures"


def test_picture_of_the_terminal_is_up_to_date(pictures):
    """The terminal in the README shows what `annostrat recommend` prints, word for word."""
    shown = texts((FOLDER / "recommend.svg").read_text("utf-8"))
    assert shown == texts(pictures.screen()), "run: just pictures"
    printed = pictures.annostrat(*pictures.COMMAND, COLUMNS=str(pictures.COLUMNS)).splitlines()[: pictures.ROWS]
    words = " ".join(shown).replace("\xa0", " ").split()
    assert words == ["$", "annostrat", *pictures.COMMAND, *" ".join(printed).split(), "\u2026"]


def test_every_picture_is_shown_and_none_needs_the_network(pictures):
    """Each picture is on a page, in light and dark, and loads nothing from anywhere."""
    assert {path.name for path in FOLDER.glob("*.svg")} == set(pictures.PICTURES)
    for name in pictures.PICTURES:
        picture = (FOLDER / name).read_text("utf-8")
        assert any(re.search(rf"!\[[^\]]+\]\((?:\.\./)?examples/pictures/{name}\)", page) for page in PAGES)
        assert "prefers-color-scheme" in picture
        assert not re.search(r'@import|@font-face|url\((?!#)|href=(?!"#)|<script', picture)


def test_pictures_are_drawn_by_one_recipe():
    """`just pictures` runs the script that these tests run."""
    recipe = (ROOT / "justfile").read_text("utf-8")
    assert re.search(r"^pictures:\n +\.venv/bin/python examples/pictures/draw\.py$", recipe, re.MULTILINE)
