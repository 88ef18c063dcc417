"""Valid beginnings of the files that people add, filled in from `rules/templates/`."""

from __future__ import annotations

import os
import re

from annostrat.errors import UsageError, suggest
from annostrat.knowledge import files

HOMES = {
    "question": "questions",
    "strategy": "strategies",
    "architecture": "architectures",
    "assistant": "assistants",
    "tip": "tips",
    "tree": "trees",
    "expert_decision": files.DECISIONS,
    "use_case": "",
}
"""The folder of each kind in a rules folder; a use case belongs to none."""
_ID = re.compile(r"[a-z][a-z0-9_-]{0,60}")


def beginning(kind: str, id_: str) -> tuple[str, str]:
    """Return where a new file of a kind belongs in a rules folder, and what it holds.

    Raises:
        UsageError: The kind is unknown, or the id is malformed.
    """
    if kind not in HOMES:
        raise UsageError(f"there is no template for '{kind}'", suggest(kind, HOMES))
    if not _ID.fullmatch(id_):
        raise UsageError(f"'{id_}' is not an id", "an id has small letters, digits, - and _, a letter first")
    with open(os.path.join(files.shipped_folder(), "templates", f"{kind}.yaml"), encoding="utf-8") as file:
        text = file.read()
    title = id_.replace("_", " ").replace("-", " ").capitalize()
    return os.path.join(HOMES[kind], f"{id_}.yaml"), text.replace("{id}", id_).replace("{title}", title)
