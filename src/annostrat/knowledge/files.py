"""The files of a rule set: the shipped ones, overlaid with the user's own, and their digest."""

from __future__ import annotations

import glob
import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import InputError, Location, Problem, UsageError, nearest, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOMS = ("questions", "strategies", "architectures", "assistants", "tips")
"""Folders in which each file is one entry, named by its stem."""
REFERENCES = "references.yaml"
SHEETS = tuple(
    f"{name}.yaml" for name in ("references", "effort", "guideline", "domains", "datasets", "findings", "figures")
)
"""Single files beside the folders."""
DECISIONS = "expert_decisions"
"""The folder of projects whose expert's choice is known, many per file. Shipped ones are next to the rules in the
wheel, and under examples/ in a checkout, where they also serve to test the rules."""
OWN = "own "
"""Prefix of the user's own references.yaml, which adds to the shipped one instead of hiding it."""
DEFAULT = "purpose_first"


class RuleFiles(NamedTuple):
    """The files of one rule set.

    Attributes:
        tree: The id of its tree: the file's stem.
        tree_path: The path of the tree.
        paths: The path of each name such as `questions/occlusion.yaml`; a user's file hides a shipped one.
        own: The names that come from the user's folder.
    """

    tree: str
    tree_path: str
    paths: dict[str, str]
    own: frozenset[str]


def shipped_folder() -> str:
    """Return the folder of the shipped rules: inside the wheel, or beside `src` in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "rules")
    folder = inside if os.path.isdir(inside) else os.path.join(os.path.dirname(os.path.dirname(package)), "rules")
    try:
        here = os.getcwd() + os.sep
    except OSError:  # the folder was deleted under us
        return folder
    return folder.removeprefix(here)


def compiled_file() -> str:
    """Return the path of the compiled shipped files, written when the wheel was built or by a developer."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "built", "rules.json")


def is_stale(compiled: str) -> bool:
    """Return whether the compiled file of a checkout is older than a rule, or than the code that compiles the rules.

    A compiled file in a wheel never is: it was compiled from the rules beside it.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    if os.path.isdir(os.path.join(os.path.dirname(here), "rules")):
        return False
    compiled_ns = os.stat(compiled).st_mtime_ns
    code = glob.iglob(os.path.join(here, "**", "*.py"), recursive=True)
    trees = glob.iglob(os.path.join(shipped_folder(), "trees", "*.yaml"))
    return any(
        os.stat(path).st_mtime_ns > compiled_ns for path in (*_entries(shipped_folder()).values(), *trees, *code)
    )


def is_shipped(files: RuleFiles) -> bool:
    """Return whether a rule set contains no files of the user's own."""
    return not files.own and os.path.dirname(files.tree_path) == os.path.join(shipped_folder(), "trees")


def shipped_trees() -> list[str]:
    """Return the ids of the shipped rule sets, the default one first."""
    trees = _stems(os.path.join(shipped_folder(), "trees"))
    return sorted(trees, key=lambda tree: (tree != DEFAULT, tree))


def find(selector: str) -> RuleFiles:
    """Return the files of a rule set, given its id, its folder or its tree's file.

    Raises:
        UsageError: There is no such rule set, or a folder has several trees.
    """
    shipped = shipped_folder()
    if selector in shipped_trees():
        return _gather(selector, os.path.join(shipped, "trees", f"{selector}.yaml"), None)
    if os.path.isdir(selector):
        return _in_folder(selector)
    if os.path.isfile(selector):
        folder = os.path.dirname(os.path.abspath(selector))
        own = os.path.dirname(folder) if os.path.basename(folder) == "trees" else None
        return _gather(_stem(selector), selector, own)
    hint = suggest(selector, shipped_trees())
    raise UsageError(f"no rule set is called '{selector}', and there is no such folder or file", hint)


def _in_folder(folder: str) -> RuleFiles:
    trees = _stems(os.path.join(folder, "trees"))
    if len(trees) > 1:
        choices = " or ".join(os.path.join(folder, "trees", f"{tree}.yaml") for tree in trees)
        raise UsageError(f"{folder} holds {len(trees)} trees", f"name one of them: {choices}")
    if trees:
        return _gather(trees[0], os.path.join(folder, "trees", f"{trees[0]}.yaml"), folder)
    if not any(os.path.exists(os.path.join(folder, name)) for name in (*ROOMS, *SHEETS, DECISIONS)):
        _refuse_misspelt(folder)
        raise UsageError(f"{folder} is not a rules folder", f"it holds none of trees/, {'/, '.join(ROOMS)}/")
    return _gather(DEFAULT, os.path.join(shipped_folder(), "trees", f"{DEFAULT}.yaml"), folder)


def _refuse_misspelt(folder: str) -> None:
    """Refuse names that are close to the expected names of a rules folder: they would be silently ignored."""
    valid = ("trees", *ROOMS, *SHEETS, DECISIONS)
    for name in sorted(os.listdir(folder)):
        meant = nearest(name, valid)
        if name not in valid and meant:
            raise UsageError(f"{os.path.join(folder, name)} would not be read", f"did you mean '{meant}'?")
    for room in ("trees", *ROOMS, DECISIONS):
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), room, "*"))):
            if os.path.isdir(path) and glob.glob(os.path.join(glob.escape(path), "*.[yY]*")):
                raise UsageError(f"{path} would not be read", f"put its files into {os.path.join(folder, room)}")
            if _is_misnamed(os.path.basename(path)):
                raise UsageError(f"{path} would not be read", "rule files end in .yaml")


def _is_misnamed(name: str) -> bool:
    """Return whether a name looks like a rule file's, but with another extension or none."""
    suffix = os.path.splitext(name)[1]
    if suffix == ".yaml" or name.endswith("~"):
        return False
    return bool(nearest(suffix.lower(), (".yaml", ".yml", ".json"))) if suffix else not name.isupper()


def _gather(tree: str, tree_path: str, own_folder: str | None) -> RuleFiles:
    if own_folder:
        _refuse_misspelt(own_folder)
    paths = _entries(shipped_folder())
    own = _entries(own_folder) if own_folder else {}
    if REFERENCES in own:
        own[f"{OWN}{REFERENCES}"] = own.pop(REFERENCES)
    return RuleFiles(tree, tree_path, paths | own, frozenset(own))


def _entries(folder: str) -> dict[str, str]:
    entries = {}
    for room in (*ROOMS, DECISIONS):
        place = _decisions_folder(folder) if room == DECISIONS else os.path.join(folder, room)
        for stem in _stems(place):
            entries[f"{room}/{stem}.yaml"] = os.path.join(place, f"{stem}.yaml")
    for sheet in SHEETS:
        path = os.path.join(folder, sheet)
        if os.path.exists(path):
            entries[sheet] = path
    return entries


def _decisions_folder(folder: str) -> str:
    """Return the folder of projects for a rules folder: inside it, or under examples/ for the rules of a checkout."""
    inside = os.path.join(folder, DECISIONS)
    if os.path.isdir(inside) or folder != shipped_folder():
        return inside
    return os.path.join(os.path.dirname(folder), "examples", DECISIONS)


def _stems(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(_stem(name) for name in names if name.endswith(".yaml") and not name.startswith("."))


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


class Contents(NamedTuple):
    """The bytes of a rule set's files.

    Attributes:
        files: Which files they are.
        tree: The tree's bytes.
        rest: The bytes of all other files, by name; a shipped references.yaml is kept alongside the user's own.
    """

    files: RuleFiles
    tree: bytes
    rest: dict[str, bytes]

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each file except the tree, by name."""
        return {name: sha256(data) for name, data in self.rest.items()}


def read(files: RuleFiles, *, only_own: bool = False) -> Contents:
    """Read the files of a rule set: the tree, and all others or only the user's own.

    Raises:
        InputError: A file cannot be read.
    """
    problems: list[Problem] = []
    tree = _read_one(files.tree_path, problems)
    names = [name for name in files.paths if name in files.own or not only_own]
    rest = {name: _read_one(files.paths[name], problems) for name in names}
    if problems:
        raise InputError(problems)
    return Contents(files, tree, rest)


def trees_beside(tree_path: str) -> dict[str, str]:
    """Return the trees that a tree can refer to, by id: the ones in its own folder and the shipped ones."""
    folders = (os.path.join(shipped_folder(), "trees"), os.path.dirname(tree_path))
    return {tree: os.path.join(folder, f"{tree}.yaml") for folder in folders for tree in _stems(folder)}


def with_tree(files: RuleFiles, tree: str) -> RuleFiles:
    """Return the same knowledge under another tree: one beside it, or else a shipped one."""
    return files._replace(tree=tree, tree_path=trees_beside(files.tree_path).get(tree, f"{tree}.yaml"))


def digest(tree: str, others: Mapping[str, str]) -> str:
    """Return the digest of a rule set, computed from the digests of its tree and of its other files, by name."""
    text = "\n".join([tree, *(f"{name} {others[name]}" for name in sorted(others))])
    return f"sha256:{sha256(text.encode())}"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _read_one(path: str, problems: list[Problem]) -> bytes:
    from annostrat.knowledge.yaml_source import read_bytes

    data = read_bytes(path)
    if isinstance(data, Problem):
        problems.append(Problem(Location(path), data.message, data.hint, data.code))
        return b""
    return data
