"""A room is a package folder with one plugin a file; its file stem is its name."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from annostrat.errors import UsageError, suggest

if TYPE_CHECKING:
    from types import ModuleType


def names(room: ModuleType) -> list[str]:
    """Return the names of a room's plugins, sorted, without importing any."""
    files = (name for folder in room.__path__ for name in os.listdir(folder))
    return sorted(name.removesuffix(".py") for name in files if name.endswith(".py") and not name.startswith("_"))


def pick(room: ModuleType, name: str, kind: str) -> object:
    """Import one plugin of a room and return its `PLUGIN` record.

    Raises:
        UsageError: No plugin of the room has that name.
    """
    available = names(room)
    if name not in available:
        raise UsageError(f"no {kind} is called '{name}'", suggest(name, available))
    plugin: object = import_module(f"{room.__name__}.{name}").PLUGIN
    return plugin
