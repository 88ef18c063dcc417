"""Splits of a data set, from the names of its files and folders."""

from __future__ import annotations

import re

SPLITS = ("train", "val", "valid", "validate", "validation", "test")
_WORDS = re.compile(r"[^a-z]+")


def split_of(path: str) -> str:
    """Return the split that a relative path names: from its folders, or the first word of its name that is one."""
    *folders, name = path.lower().split("/")
    words = _WORDS.split(name.partition(".")[0])
    return next((word for word in [*reversed(folders), *words] if word in SPLITS), "")


def split_of_folder(path: str) -> str:
    """Return the split that the folders of a relative path name, the nearest first."""
    folders = path.lower().split("/")[:-1]
    return next((folder for folder in reversed(folders) if folder in SPLITS), "")
