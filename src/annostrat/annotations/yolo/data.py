"""Names of classes, splits and keypoints from the files next to YOLO's labels: `data.yaml`, darknet's or labelImg's.

Source of the keys and of the path from images to labels: https://docs.ultralytics.com/datasets/detect/.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.annotations import ReaderFinding, doubled
from annostrat.annotations.files.splits import SPLITS
from annostrat.annotations.reader import inside
from annostrat.errors import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.errors import Problem
    from annostrat.knowledge.yaml_source import Document

YAML_SUFFIXES = (".yaml", ".yml")
_USUAL = ("data.yaml", "dataset.yaml", "data.yml", "dataset.yml", "classes.txt", "_darknet.labels")
_ABOVE = 3
"""Folders above the one that the user named in which the list of classes may be."""


class DataSet(NamedTuple):
    """Settings that apply to all label files of a dataset.

    Attributes:
        names: Names of classes by number.
        named_in: The file that lists them, as shown to users; empty if there is none.
        keypoints: Their number in a row, and the columns of each; (0, 0) if unknown.
        keypoint_names: Their names by the number of a class, if known.
        folders: The folders of its label files, absolute, with the split of each.
        listed: The split of an image by the stem of its name, from lists of images.
        remarks: Findings about these files.
        problems: Reasons why some of them could not be read.
    """

    names: dict[int, str]
    named_in: str
    keypoints: tuple[int, int]
    keypoint_names: dict[int, list[str]]
    folders: dict[str, str]
    listed: dict[str, str]
    remarks: tuple[ReaderFinding, ...]
    problems: tuple[Problem, ...]


NOTHING = DataSet({}, "", (0, 0), {}, {}, {}, (), ())
"""The dataset of label files without any such file."""


def swapped(folder: str, old: str, new: str) -> str:
    """Return an absolute path with its last component `old` replaced, as Ultralytics finds the labels of images."""
    parts = os.path.abspath(folder).split(os.sep)
    if old in parts:
        parts[len(parts) - 1 - parts[::-1].index(old)] = new
    return os.sep.join(parts)


def data_set_near(folder: str, root: str) -> DataSet:
    """Return the dataset of the nearest list of classes: in a folder of label files, or in one around it."""
    for around, within in _around(folder, root):
        found = _data_set_in(around, root, within=within)
        if found:
            return found
    detail = "no data.yaml, classes.txt or obj.names near the labels"
    return NOTHING._replace(remarks=(ReaderFinding("class_unnamed", inside(folder, root), 1, detail),))


def _around(folder: str, root: str) -> Iterator[tuple[str, bool]]:
    """Yield a folder and those around it, to some above the root, and whether each is within the root."""
    top = os.path.abspath(root if os.path.isdir(root) else os.path.dirname(root))
    above = 0
    while above <= _ABOVE:
        full = os.path.abspath(folder)
        within = full == top or full.startswith(os.path.join(top, ""))
        above += not within
        yield folder, within
        if full == os.path.dirname(full):
            return
        folder = os.path.normpath(os.path.join(folder, ".."))


def _data_set_in(folder: str, root: str, *, within: bool) -> DataSet | None:
    try:
        names = set(os.listdir(folder or "."))
    except OSError:
        return None
    usual = [name for name in _USUAL if name in names]
    darknet = sorted(name for name in names if name.endswith(".names"))
    others = sorted(name for name in names if within and name.lower().endswith(YAML_SUFFIXES) and name not in usual)
    for name in [*usual, *darknet, *others]:
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            continue
        found = read_config(path, root) if name.lower().endswith(YAML_SUFFIXES) else _read_names(path, root)
        if found:
            return found
    return None


def _read_names(path: str, root: str) -> DataSet:
    """Return the data set of a list of names, one a line; darknet's lists of images may be beside it."""
    from annostrat.knowledge.yaml_source import read_text

    text = read_text(path)
    if not isinstance(text, str):
        return NOTHING._replace(problems=(text,))
    names = {number: line.strip() for number, line in enumerate(text.rstrip().splitlines())}
    folder = os.path.dirname(path)
    lists = ((split, os.path.join(folder, f"{split}.txt")) for split in SPLITS)
    listed = {stem: split for split, file in lists for stem in _stems(file)}
    where = inside(path, root)
    return NOTHING._replace(names=names, named_in=where, listed=listed, remarks=(*doubled(names.values(), where),))


def read_config(path: str, root: str) -> DataSet | None:
    """Return the dataset of a `data.yaml`; None for other YAML files."""
    from annostrat.knowledge.yaml_source import read_file

    document = next(read_file(path), None)
    if document is None or document.problems:
        wanted = document is not None and os.path.basename(path) in _USUAL
        return NOTHING._replace(problems=tuple(document.problems)) if document and wanted else None
    if not isinstance(document.data, dict) or not {"names", "nc"} & document.data.keys():
        return None
    names, remarks = _names(document, root)
    folders, listed, missing = _splits(document, root)
    keypoints = _keypoints(document.data.get("kpt_shape"))
    named = _keypoint_names(document.data.get("kpt_names"))
    return DataSet(names, inside(path, root), keypoints, named, folders, listed, (*remarks, *missing), ())


def _names(document: Document, root: str) -> tuple[dict[int, str], list[ReaderFinding]]:
    stated, number = document.data.get("names"), document.data.get("nc")
    pairs = list(stated.items() if isinstance(stated, dict) else enumerate(stated) if isinstance(stated, list) else ())
    names = {int(key): str(name) for key, name in pairs if str(key).isdecimal() and len(str(key)) <= len("1000000")}
    remarks = doubled(names.values(), _where(document, root, "names"))
    if not names:
        detail = "it has no names" if stated is None else "its names are neither a list nor numbered"
        remarks.append(ReaderFinding("class_unnamed", inside(document.path, root), 1, detail))
    elif isinstance(number, int) and number != len(names):
        detail = f"nc is {number}, and names has {len(names)}"
        remarks.append(ReaderFinding("class_count_differs", _where(document, root, "nc"), 1, detail))
    return names, remarks


def _where(document: Document, root: str, *keys: str | int) -> str:
    return f"{inside(document.path, root)}:{document.locate(*keys).line}"


def _keypoints(shape: Any) -> tuple[int, int]:
    if isinstance(shape, list) and len(shape) == len(("number", "columns")):
        number, columns = shape
        if isinstance(number, int) and columns in (2, 3) and number > 0:
            return number, columns
    return 0, 0


def _keypoint_names(stated: Any) -> dict[int, list[str]]:
    pairs = stated.items() if isinstance(stated, dict) else ()
    return {
        int(key): [str(name) for name in names] for key, names in pairs if key.isdecimal() and isinstance(names, list)
    }


def _splits(document: Document, root: str) -> tuple[dict[str, str], dict[str, str], list[ReaderFinding]]:
    """Return the splits of folders of labels and of listed images, and findings about entries that do not exist."""
    folders: dict[str, str] = {}
    listed: dict[str, str] = {}
    missing = []
    for split in SPLITS:
        stated = document.data.get(split)
        for entry in stated if isinstance(stated, list) else [stated]:
            found = _found(entry, document) if isinstance(entry, str) and entry else None
            if found and os.path.isfile(found):
                listed |= dict.fromkeys(_stems(found), split)
            elif found:
                folders.setdefault(swapped(found, "images", "labels"), split)
            elif isinstance(entry, str) and entry:
                missing.append(
                    ReaderFinding("missing_list", _where(document, root, split), 1, f"{split}: {shortened(entry)}")
                )
    return folders, listed, missing


def _found(entry: str, document: Document) -> str | None:
    """Return the folder or list of an entry: below `path`, next to the file, or there without its `../`."""
    beside = os.path.dirname(document.path)
    path = document.data.get("path")
    bases = [os.path.join(beside, path), beside] if isinstance(path, str) else [beside]
    inner = entry.replace("\\", "/")
    while inner.startswith(("../", "./")):
        inner = inner.partition("/")[2]
    for base in bases:
        for tried in (os.path.join(base, entry), os.path.join(base, inner)):
            if "\0" not in tried and (os.path.exists(tried) or os.path.isdir(swapped(tried, "images", "labels"))):
                return os.path.normpath(tried)
    return None


def _stems(file: str) -> list[str]:
    """Return the stems of the images in a list with one path a line; empty if the file cannot be read."""
    from annostrat.knowledge.yaml_source import read_text

    text = read_text(file) if os.path.isfile(file) else ""
    lines = text.split("\n") if isinstance(text, str) else []
    return [os.path.splitext(line.strip().replace("\\", "/").rpartition("/")[2])[0] for line in lines if line.strip()]
