"""A file in a room is a plugin; nothing else needs to know about it."""

import sys
from importlib import import_module

import pytest

from annostrat.cli._output import formats
from annostrat.errors import UsageError
from annostrat.knowledge.plugins import names, pick
from annostrat.render import formats as renderers
from annostrat.render.renderer import Renderer


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A room with three plugins, one of them in a folder, something private and a text file."""
    folder = tmp_path / "little_room"
    (folder / "garden").mkdir(parents=True)
    files = {
        "__init__.py": "",
        "hammer.py": "PLUGIN = 'bang'\n",
        "axe.py": "PLUGIN = 'chop'\n",
        "_base.py": "raise AssertionError('nobody imports this')\n",
        "broken.py": "import no_such_module\n",
        "README.md": "",
        "garden/__init__.py": "",
        "garden/rake.py": "PLUGIN = 'scratch'\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield import_module("little_room")
    for name in [name for name in sys.modules if name.startswith("little_room")]:
        del sys.modules[name]


def test_names_are_the_files_of_the_room(room):
    """Every module that is not private is a plugin, in the order of the alphabet; none is imported to list them."""
    assert names(room) == ["axe", "broken", "hammer", "rake"]
    assert [name for name in sys.modules if name.startswith("little_room.")] == []


def test_pick_imports_only_the_one_that_is_wanted(room):
    """A plugin that is broken keeps nobody from using another."""
    assert pick(room, "hammer", "tool") == "bang"
    assert [name for name in sys.modules if name.startswith("little_room.")] == ["little_room.hammer"]


def test_a_plugin_may_be_in_a_folder_of_the_room(room):
    """A large room is divided into folders; the name of a plugin does not tell which."""
    assert pick(room, "rake", "tool") == "scratch"
    assert "little_room.garden.rake" in sys.modules


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("hamer", "did you mean 'hammer'?"),
        ("saw", "valid: axe, broken, hammer, rake"),
        ("_base", "valid: axe, broken, hammer, rake"),
        ("__init__", "valid: axe, broken, hammer, rake"),
        ("../little_room/axe", "valid: axe, broken, hammer, rake"),
        ("", "valid: axe, broken, hammer, rake"),
    ],
)
def test_pick_of_an_unknown_name_suggests_one(room, name, hint):
    """A misspelt plugin is a wrong usage; no path and nothing private can be picked."""
    with pytest.raises(UsageError) as raised:
        pick(room, name, "tool")
    (problem,) = raised.value.problems
    assert problem.message == f"no tool is called '{name}'"
    assert problem.hint == hint


@pytest.mark.parametrize("name", names(renderers))
def test_every_renderer_can_be_picked(name):
    """Each file among the renderers holds a plugin."""
    assert isinstance(pick(renderers, name, "format"), Renderer)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that brings a format, a reader that breaks, and a format of a name that is taken."""
    folder = tmp_path / "site"
    meta = folder / "other_package-1.0.dist-info"
    meta.mkdir(parents=True)
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: other-package\nVersion: 1.0\n", "utf-8")
    formats = ("shout = other_package:SHOUT", "broken = other_package_that_is_not:X", "json = other_package:SHOUT")
    points = "\n".join(["[annostrat.formats]", *formats, ""])
    (meta / "entry_points.txt").write_text(points, "utf-8")
    code = (
        "from annostrat.render.renderer import Renderer\n"
        "def recommendations(found, rules, page):\n"
        "    for one in found:\n"
        "        yield one.strategy['title'].upper() + '!\\n'\n"
        "SHOUT = Renderer(recommendations)\n"
    )
    (folder / "other_package.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    yield
    sys.modules.pop("other_package", None)


@pytest.mark.usefixtures("package")
def test_other_packages_add_to_a_room():
    """A format that another package brings is listed and found; one of our own is not replaced."""
    assert {"shout", "broken", "json"} <= {*names(renderers)}
    assert isinstance(pick(renderers, "shout", "format"), Renderer)
    assert pick(renderers, "json", "format") is import_module("annostrat.render.formats.json").PLUGIN


@pytest.mark.usefixtures("package")
def test_a_package_that_cannot_be_loaded_is_named():
    """What is wrong in another package is one message with its name, not a traceback."""
    with pytest.raises(UsageError) as refused:
        pick(renderers, "broken", "format")
    (problem,) = refused.value.problems
    assert problem.message.startswith("the format 'broken' of other-package cannot be loaded: No module named")


@pytest.mark.usefixtures("package")
def test_a_package_that_cannot_be_loaded_harms_nothing_else():
    """Formats are offered without the one that is broken, and with the one that works."""
    offered = formats("recommendations")
    assert {"shout", "json", "text"} <= {*offered}
    assert "broken" not in offered
