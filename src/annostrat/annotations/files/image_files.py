"""Image files beside labels, and their sizes."""

from __future__ import annotations

import os
import struct
import warnings
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".ppm", ".pgm", ".jp2", ".heic", ".avif")
_ORIENTATION = 0x0112
_LYING = 5
"""The first of the EXIF orientations that rotate an image by 90 degrees."""


def images_in(folder: str) -> dict[str, str]:
    """Return the image files of a folder by stem, sorted; empty if the folder cannot be read."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.lower().endswith(SUFFIXES))
    except OSError:
        return {}
    parts = ((name, *os.path.splitext(name)) for name in names)
    return {stem: os.path.join(folder, name) for name, stem, suffix in parts if suffix.lower() in SUFFIXES}


ImagePlaces = tuple[tuple[str, str], ...]
"""Folders that contain images, each with an extension of their names."""


def places_in(folders: Iterable[str]) -> ImagePlaces:
    """Return the folders that contain images, judging by a sample of their files."""
    return tuple((folder, suffix) for folder in dict.fromkeys(folders) for suffix in _suffixes_in(folder))


def _suffixes_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder or ".") as entries:
            endings = {os.path.splitext(entry.name)[1] for entry in islice(entries, _SAMPLE)}
    except OSError:
        return []
    return sorted(ending for ending in endings if ending.lower() in SUFFIXES)


_SAMPLE = 1000
"""Number of files of a folder that are sampled to find the extensions of its images."""


def size_in(name: str, places: ImagePlaces) -> tuple[int, int] | None:
    """Return the size of an image by name, with or without extension; None if it is in none of the places."""
    tried = (os.path.join(folder, name.removesuffix(suffix) + suffix) for folder, suffix in places)
    return next((size for path in tried if os.path.isfile(path) and (size := size_of(path))), None)


def size_near(path: str, name: str, folders: Sequence[str] = ("", "images", "../images")) -> tuple[int, int] | None:
    """Return the size of an image in one of the folders, given relative to a file's folder; None if not found."""
    if not name or "\0" in name:
        return None
    tried = (os.path.join(os.path.dirname(path), folder, name) for folder in folders)
    return next((size for image in tried if (size := size_of(image))), None)


def size_of(source: str | BinaryIO) -> tuple[int, int] | None:
    """Return an image's displayed width and height, from its header; None if the header cannot be read."""
    if isinstance(source, str) and not os.path.isfile(source):  # reading a pipe would block forever
        return None
    from PIL import Image

    unreadable = (OSError, ValueError, SyntaxError, OverflowError, struct.error, Image.DecompressionBombError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(source) as image:
                turned = "exif" in image.info and image.getexif().get(_ORIENTATION, 1) >= _LYING
                return (image.height, image.width) if turned else image.size
    except unreadable:
        return None
