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
    from collections.abc import Iterator, Sequence

_SUFFIX = ".txt"
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
    for path in files if any(_is_label(path) for path in files) else _named_by(files, root):
        folder, name = os.path.split(path)
        if _is_label(name):
            folders.setdefault(folder, []).append(name)
    groups: dict[str, tuple[DataSet, list[YoloFile]]] = {}
    for folder, names in folders.items():
        near = data_set_near(folder, root)
        data_set, members = groups.setdefault(near.named_in or repr(near.problems), (near, []))
        members += _files_of(folder, names, data_set, root)
    return list(groups.values())


def _is_label(path: str) -> bool:
    name = path.rpartition(os.sep)[2].lower()
    return not name.endswith(YAML_SUFFIXES) and not name.startswith(_PROSE)


def _named_by(configs: Sequence[str], root: str) -> Iterator[str]:
    """Yield the text files in the folders that a `data.yaml` names."""
    data_sets = (read_config(path, root) for path in configs)
    for named in sorted({folder for data_set in data_sets if data_set for folder in data_set.folders}):
        folder = named if os.path.isabs(root) else os.path.relpath(named)
        tree = ((above, name) for above, _, names in os.walk(folder) for name in names)
        yield from sorted(os.path.join(above, name) for above, name in tree if name.lower().endswith(_SUFFIX))


def _files_of(folder: str, names: Sequence[str], data_set: DataSet, root: str) -> list[YoloFile]:
    images = images_in(swapped(folder, "labels", "images")) or images_in(folder)
    shown = inside(os.path.join(folder, names[0]), root).removesuffix(names[0])
    within, split = LabelFolder(os.path.join(folder, ""), shown), _split_of(folder, data_set) or split_of_folder(shown)
    listed, known = data_set.listed, len(images)
    found = []
    for name in names:
        stem, suffix = name[: -len(_SUFFIX)], sys.intern(name[-len(_SUFFIX) :])
        found.append(YoloFile(within, stem, suffix, images.pop(stem, ""), listed.get(stem) or split))
    if len(images) < known:
        found += (YoloFile(within, stem, "", image, listed.get(stem) or split) for stem, image in images.items())
    return sorted(found, key=attrgetter("stem"))


def _split_of(folder: str, data_set: DataSet) -> str:
    """Return the split that `data.yaml` gives a folder or the nearest around it."""
    above = os.path.abspath(folder)
    while above not in data_set.folders and above != os.path.dirname(above):
        above = os.path.dirname(above)
    return data_set.folders.get(above, "")
