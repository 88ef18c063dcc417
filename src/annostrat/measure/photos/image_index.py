"""Find the image files that labels refer to: below the folder of the labels, or in image folders next to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from annostrat.annotations.files.image_files import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES = 200_000
"""Maximum number of files searched; images beyond it are not found."""
_IMAGE_FOLDERS = ("images", "img", "jpegimages", "photos", "pictures", "leftimg8bit", "train", "val", "test")
"""Names of image folders, or prefixes of such names."""


class ImageIndex:
    """Index of image files, searched by the names used in labels.

    Args:
        path: The file or folder of the labels.
    """

    def __init__(self, path: str) -> None:
        self._by_stem: dict[str, list[str]] = {}
        base = path if os.path.isdir(path) else os.path.dirname(path) or "."
        for file in _images_near(base):
            stem = os.path.splitext(os.path.basename(file))[0]
            self._by_stem.setdefault(stem, []).append(file)

    def __len__(self) -> int:
        """Return the number of distinct image names."""
        return len(self._by_stem)

    def find(self, name: str) -> str | None:
        """Return the file of an image, or None if it is missing or ambiguous.

        If several files have the same name, the one sharing the most trailing folders with `name` is chosen.
        """
        *folders, last = name.replace("\\", "/").split("/")
        stem, suffix = os.path.splitext(last)
        stem = stem if suffix.lower() in SUFFIXES else last
        files = self._by_stem.get(stem, [])
        shared = [_shared_end(folders, file.split(os.sep)[:-1]) for file in files]
        best = [file for file, count in zip(files, shared, strict=True) if count == max(shared)]
        return best[0] if len(best) == 1 else None


def _images_near(base: str) -> Iterator[str]:
    """Yield the image files below a folder or, if there are none, below the image folders next to it."""
    left, some = MOST_FILES, False
    around = os.path.join(base, os.pardir)
    for folders in ([base], sorted(_folders_beside(around))):
        for folder in folders:
            for at, below, names in os.walk(folder):
                below.sort()
                left -= len(names)
                for name in sorted(names):
                    if name.lower().endswith(SUFFIXES):
                        some = True
                        yield os.path.join(at, name)
                if left < 0:
                    return
        if some:
            return


def _folders_beside(around: str) -> Iterator[str]:
    try:
        with os.scandir(around) as entries:
            yield from (one.path for one in entries if one.name.lower().startswith(_IMAGE_FOLDERS) and one.is_dir())
    except OSError:
        return


def _shared_end(one: list[str], other: list[str]) -> int:
    """Return the number of trailing components that two paths have in common."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count
