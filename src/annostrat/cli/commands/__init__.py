"""Which module has which command; a command line imports just the module that runs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annostrat.cli.options import Command

HOMES = {
    "recommend": "recommend",
    "check": "check",
    "measure": "measure",
    "architectures": "architectures",
    "compare": "compare",
    "scaffold": "scaffold",
    "mcp": "mcp",
    "rules list": "rules",
    "rules show": "rules",
    "rules check": "rules",
    "rules test": "rules_test",
    "rules diff": "rules",
    "rules schema": "rules",
    "rules new": "rules",
}
"""The module of each command, in the order in which the help lists them."""


def load(name: str) -> Command:
    """Return a command, with its module imported."""
    command: Command = import_module(f"annostrat.cli.commands.{HOMES[name]}").COMMANDS[name]
    return command
