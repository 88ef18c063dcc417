"""Puts the shipped rules into the wheel compiled and proved, so that no start has to read YAML."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface):
    """Compiles the rules beside this file with the code beside this file."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled rules to a wheel; an editable one uses those of the checkout."""
        if version == "editable":
            return
        sys.path.insert(0, os.path.join(self.root, "src"))
        try:
            from annostrat.knowledge.building import write
        finally:
            sys.path.pop(0)
        self._folder = tempfile.TemporaryDirectory()
        path = os.path.join(self._folder.name, "rules.json")
        write(path)
        build_data["force_include"][path] = "annostrat/knowledge/built/rules.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was compiled."""
        if version != "editable":
            self._folder.cleanup()
