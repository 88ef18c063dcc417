"""Label files of YOLO with their images and splits, in groups that share a list of classes."""

from __future__ import annotations

import os
import sys
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from annostrat.annotations.files.image_files import images_in
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.reader import inside
from annostrat.annotations.yolo.data import YAML_SUFFIXES, DataSet, data_set_near, read_config, swapped

if TYPE_CHECKING:
    from collections.abc import Sequence


_PROSE = ("readme", "license", "classes", "requirements", "changelog")
"""How the names of text files begin that are about the data; an empty one would else be an image without objects."""


class LabelFolder(NamedTuple):
    """A folder of label files: the beginning of their paths, and that of their paths as they are shown."""

    path: str
    shown: str


class YoloFile(NamedTuple):
    """A file of labels and its image; one of a million, so that it holds what its folder shares only once.

    Attributes:
        folder: The folder of the label file.
        stem: The name of the label file, and of the image, without its suffix.
        suffix: That of the label file; empty where an image has none.
        image: Path of the image; empty where there is none.
        split: The image's split.
    """

    folder: LabelFolder
    stem: str
    suffix: str
    image: str
    split: str

    @property
    def labels(self) -> str:
        """Path of the label file; empty where an image has none."""
        return self.folder.path + self.stem + self.suffix if self.suffix else ""

    @property
    def name(self) -> str:
        """The image's name: the label file's relative path without its suffix."""
        return self.folder.shown + self.stem


def groups_of(files: Sequence[str], root: str) -> list[tuple[DataSet, list[YoloFile]]]:
    """Return label files by the data set that they belong to, and the images that have none."""
    folders: dict[str, list[str]] = {}
    for path in _label_files(files, root):
        folders.setdefault(os.path.dirname(path), []).append(path)
    groups: dict[str, tuple[DataSet, list[YoloFile]]] = {}
    for folder, paths in folders.items():
        near = data_set_near(folder, root)
        data_set, members = groups.setdefault(near.named_in or repr(near.problems), (near, []))
        members += _files_of(folder, paths, data_set, root)
    return list(groups.values())


def _label_files(files: Sequence[str], root: str) -> list[str]:
    """Return text files; where there is none, those in the folders that a `data.yaml` names."""
    labels = [path for path in files if not path.lower().endswith(YAML_SUFFIXES) and not _is_prose(path)]
    configs = [read_config(path, root) for path in files] if not labels else []
    named = {folder for config in configs if config for folder in config.folders}
    return labels + [path for folder in sorted(named) for path in _text_below(folder, root)]


def _is_prose(path: str) -> bool:
    return os.path.basename(path).lower().startswith(_PROSE)


def _text_below(folder: str, root: str) -> list[str]:
    folder = folder if os.path.isabs(root) else os.path.relpath(folder)
    tree = ((above, name) for above, _, names in os.walk(folder) for name in names)
    return sorted(os.path.join(above, name) for above, name in tree if name.lower().endswith(".txt"))


def _files_of(folder: str, paths: Sequence[str], data_set: DataSet, root: str) -> list[YoloFile]:
    images = images_in(swapped(folder, "labels", "images")) or images_in(folder)
    shown = inside(paths[0], root).removesuffix(os.path.basename(paths[0]))
    within, split = LabelFolder(os.path.join(folder, ""), shown), _split_of(folder, data_set) or split_of_folder(shown)
    found = []
    for path in paths:
        stem, suffix = os.path.splitext(os.path.basename(path))
        own = data_set.listed.get(stem) or split
        found.append(YoloFile(within, stem, sys.intern(suffix), images.pop(stem, ""), own))
    if any(file.image for file in found):
        for stem, image in images.items():
            found.append(YoloFile(within, stem, "", image, data_set.listed.get(stem) or split))
    return sorted(found, key=attrgetter("stem"))


def _split_of(folder: str, data_set: DataSet) -> str:
    """Return the split that `data.yaml` gives a folder or the nearest around it."""
    above = os.path.abspath(folder)
    while above not in data_set.folders and above != os.path.dirname(above):
        above = os.path.dirname(above)
    return data_set.folders.get(above, "")
