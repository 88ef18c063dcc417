"""A world is a copy of the shipped rules, in which a test changes a few words."""

import shutil
from pathlib import Path

import pytest

from annostrat.errors import Location
from annostrat.knowledge import files, loader
from annostrat.knowledge.parsed import parse_rules

SHIPPED = Path(files.shipped_folder()).resolve()
HERE = "▶"
"""Stands in a replacement text before the place that a problem must point at; it is not written to the file."""


class World:
    """A copy of the shipped rules that Python takes for the shipped ones.

    Attributes:
        folder: Where the copy is.
        marked: The places that stood after `HERE`, in the order of the edits.
    """

    def __init__(self, folder):
        self.folder, self.marked = folder, []

    def edit(self, name, old, new):
        """Replace the first occurrence of a text in a file, and remember the place that is marked."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text, f"{name} does not say {old!r}"
        self.write(name, text.replace(old, new, 1))

    def append(self, name, new):
        """Add a text to the end of a file."""
        self.write(name, (self.folder / name).read_text(encoding="utf-8") + new)

    def write(self, name, text):
        """Write a file, and remember the place that is marked."""
        path = self.folder / name
        before, mark, after = text.partition(HERE)
        if mark:
            self.marked.append(Location(str(path), before.count("\n") + 1, len(before) - before.rfind("\n")))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(before + after, encoding="utf-8")

    def parsed(self, selector="infographic"):
        """Read a rule set of this world."""
        return parse_rules(files.read(files.find(selector)))

    def path(self, name):
        """Return the path of a file, as problems state it."""
        return str(self.folder / name)


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """Where the copy is for every test, so that a file which a test leaves as it is needs no second reading."""
    return shutil.copytree(SHIPPED, tmp_path_factory.mktemp("world") / "shipped")


@pytest.fixture(scope="session")
def shipped_stamps(place):
    """What tells whether a file of the copy was changed."""
    return stamps(place)


@pytest.fixture
def world(place, shipped_stamps, monkeypatch):
    """A copy of the shipped rules that Python takes for the shipped ones; what a test changes is put back."""
    monkeypatch.setattr(files, "shipped_folder", lambda: str(place))
    monkeypatch.setattr(loader, "_built", lambda: None)
    yield World(place)
    before, after = shipped_stamps, stamps(place)
    for path in [path for path in after if after[path] != before.get(path)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in [path for path in before if before[path] != after.get(path)]:
        shutil.copy2(SHIPPED / path.relative_to(place), path)


def stamps(folder):
    """Return what tells whether a file was changed, and the folders that only tests add."""
    paths = [path for room in (folder, *folder.iterdir()) if room.is_dir() for path in room.iterdir()]
    return {path: path.lstat().st_mtime_ns for path in paths if not (SHIPPED / path.relative_to(folder)).is_dir()}
