"""A room is a package folder with one plugin per file, named by the file's stem; a large room groups them in folders.

Other packages add to a room by an entry point with the plugin's name, which refers to its record:

    [project.entry-points."annostrat.formats"]
    csv = "my_package.csv:PLUGIN"
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import UsageError, suggest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from types import ModuleType


class _Room(NamedTuple):
    """A room's interface to other packages: the group of entry points, and where the record is defined."""

    group: str
    home: str
    record: str


ROOMS = {
    "annostrat.annotations.readers": _Room("annostrat.readers", "annostrat.annotations.reader", "Reader"),
    "annostrat.render.formats": _Room("annostrat.formats", "annostrat.render.renderer", "Renderer"),
    "annostrat.export": _Room("annostrat.exporters", "annostrat.export._base", "Exporter"),
}


def names(room: ModuleType) -> list[str]:
    """Return the sorted names of a room's plugins, including other packages', without importing any."""
    return sorted({*_own(room), *_foreign(room)})


def find(room: ModuleType, name: str, kind: str) -> object | None:
    """Import one plugin of a room and return its record, or None; own plugins take precedence over other packages'.

    Raises:
        UsageError: It cannot be imported from its package.
    """
    if module := _own(room).get(name):
        plugin: object = import_module(module).PLUGIN
        return plugin
    foreign = _foreign(room).get(name)
    if foreign is None:
        return None
    try:
        loaded: object = foreign.load()
        wanted = ROOMS[room.__name__]
        record: type = getattr(import_module(wanted.home), wanted.record)
        if not isinstance(loaded, record):
            raise TypeError(f"{foreign.value} is no {wanted.record}")  # noqa: TRY301 - one message, whatever is wrong
    except Exception as error:
        package = foreign.dist.name if foreign.dist else foreign.value
        raise UsageError(f"the {kind} '{name}' of {package} cannot be loaded: {error}") from error
    return loaded


def pick(room: ModuleType, name: str, kind: str) -> object:
    """Return the record of a plugin.

    Raises:
        UsageError: No plugin of the room has that name, or it cannot be imported from its package.
    """
    plugin = find(room, name, kind)
    if plugin is None:
        raise UsageError(f"no {kind} is called '{name}'", suggest(name, names(room)))
    return plugin


def working(room: ModuleType, kind: str) -> dict[str, object]:
    """Return the records of a room's plugins by name, skipping plugins that cannot be loaded.

    A skipped plugin does not affect the others; `pick` reports why it cannot be loaded.
    """
    plugins: dict[str, object] = {}
    for name in names(room):
        with suppress(UsageError):
            plugins[name] = pick(room, name, kind)
    return plugins


@lru_cache
def _own(room: ModuleType) -> dict[str, str]:
    """Return the module of each plugin by its name."""
    modules = {}
    for root in room.__path__:
        for folder, _, files in os.walk(root):
            package = ".".join([room.__name__, *folder[len(root) :].split(os.sep)[1:]])
            stems = (file.removesuffix(".py") for file in files if file.endswith(".py") and not file.startswith("_"))
            modules.update({stem: f"{package}.{stem}" for stem in stems})
    return modules


def _foreign(room: ModuleType) -> dict[str, EntryPoint]:
    known = ROOMS.get(room.__name__)
    return _entry_points(known.group, tuple(sys.path)) if known else {}


@lru_cache
def _entry_points(group: str, path: tuple[str, ...]) -> dict[str, EntryPoint]:
    if not any(map(partial(_may_declare, group), path)):
        return {}
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=group)}


def _may_declare(group: str, place: str) -> bool:
    """Return whether a package in a place that Python imports from may declare entry points of a group.

    Usually none does, and querying `importlib.metadata` takes longer than the rest of the start-up.
    """
    try:
        entries = os.listdir(place or os.curdir)
    except NotADirectoryError:
        return True  # an archive
    except OSError:
        return False
    for entry in entries:
        if entry.lower().endswith("-info"):
            with suppress(OSError), open(os.path.join(place, entry, "entry_points.txt"), "rb") as file:
                if group.encode() in file.read():
                    return True
    return False
