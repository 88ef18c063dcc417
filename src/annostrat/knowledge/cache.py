"""Compiled rule sets, kept between runs so that start-up needs neither YAML nor pydantic.

A file is found by the digest of the rules, of the version and of the code that compiles them, and is believed only if
its own digest fits and it belongs to the user. A cache that is missing, broken, foreign or read-only costs time, not
correctness. `ANNOSTRAT_CACHE_DIR` moves it; set to nothing, it switches the cache off.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import TYPE_CHECKING, cast

from annostrat.version import __version__

if TYPE_CHECKING:
    from annostrat.knowledge.files import Contents
    from annostrat.knowledge.shapes import Compiled

_OWN = re.compile(r"[0-9a-f]{32}\.json")
KEPT = 16
"""Compiled rule sets kept; the oldest go first."""


def folder() -> str | None:
    """Return the folder of the cache, or None where there is to be none."""
    chosen = os.environ.get("ANNOSTRAT_CACHE_DIR")
    if chosen is not None:
        return chosen or None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "annostrat") if os.path.isabs(base) else None


def get(contents: Contents) -> Compiled | None:
    """Return what was compiled from the same bytes by the same code, if it is there and intact."""
    place = folder()
    if place is None:
        return None
    try:
        with open(_path(place, contents), "rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            digest, _, body = file.read().partition(b"\n")
        if digest.decode() != hashlib.sha256(body).hexdigest():
            return None
        return cast("Compiled", json.loads(body))
    except (OSError, ValueError):
        return None


def put(contents: Contents, compiled: Compiled) -> None:
    """Keep a compiled rule set; silently does nothing where it cannot be written."""
    place = folder()
    if place is None:
        return
    body = json.dumps(compiled, separators=(",", ":")).encode()
    path = _path(place, contents)
    try:
        os.makedirs(place, mode=0o700, exist_ok=True)
        _write_whole(place, path, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        _forget_oldest(place)
    except OSError:
        return


def _write_whole(place: str, path: str, data: bytes) -> None:
    from tempfile import mkstemp

    descriptor, temporary = mkstemp(dir=place)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def _forget_oldest(place: str) -> None:
    entries = [entry for entry in os.scandir(place) if _OWN.fullmatch(entry.name)]
    for entry in sorted(entries, key=lambda entry: entry.stat().st_mtime, reverse=True)[KEPT:]:
        os.unlink(entry.path)


def _path(place: str, contents: Contents) -> str:
    key = hashlib.sha256(f"{contents.digest} {contents.files.tree} {__version__} {_code()}".encode())
    return os.path.join(place, f"{key.hexdigest()[:32]}.json")


def _code() -> str:
    """Return what changes whenever the code that checks and compiles does: size and time of its modules."""
    here = os.path.dirname(os.path.abspath(__file__))
    folders = (here, os.path.join(here, "integrity"))
    modules = [os.path.join(folder, name) for folder in folders for name in os.listdir(folder) if name.endswith(".py")]
    marks = map(os.stat, sorted(modules))
    return " ".join(f"{mark.st_size}.{mark.st_mtime_ns}" for mark in marks)
