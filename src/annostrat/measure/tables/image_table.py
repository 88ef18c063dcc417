"""The images of a dataset as arrays, with hashes that select the same images in every run and on every machine."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import Image
from annostrat.annotations.files.splits import SPLITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NAMES = 256
"""How many image names are kept for each split (those with the lowest hashes), as examples if splits share images."""
GROUPS = 10
"""Groups of images for the jackknife, which leaves out one at a time."""
MAX_LEVEL = 24


class ImageTable(NamedTuple):
    """n images.

    Attributes:
        key: A hash of everything known about the image, of shape (n,); selects examples.
        name: A hash of name and size only, of shape (n,): equal for an image in two splits. Groups and samples are
            selected by it, so that they do not depend on how label files are split or named.
        width: In pixels; 0 if unknown.
        height: In pixels; 0 if unknown.
        split: Index into `splits`.
        file: Index into `files`.
        names: Their names.
        splits: Names of the splits.
        files: The files that contain the labels.
    """

    key: NDArray[np.uint64]
    name: NDArray[np.uint64]
    width: NDArray[np.float64]
    height: NDArray[np.float64]
    split: NDArray[np.int64]
    file: NDArray[np.int64]
    names: NDArray[np.object_]
    splits: list[str]
    files: list[str]

    def pick(self, kept: NDArray[np.generic] | slice) -> ImageTable:
        """Return some of the images, by index or by mask."""
        columns = (column[kept] for column in self[:7])
        return ImageTable._make([*columns, self.splits, self.files])

    @property
    def group(self) -> NDArray[np.int64]:
        """The group of each image, from 0 to GROUPS - 1."""
        return ((self.name >> np.uint64(32)) % np.uint64(GROUPS)).astype(np.int64)

    @property
    def level(self) -> NDArray[np.int64]:
        """The level of each image: half of all images have level 0, a quarter level 1, and so on up to MAX_LEVEL."""
        low = self.name & np.uint64((1 << MAX_LEVEL) - 1) | np.uint64(1 << MAX_LEVEL)
        lowest_bit = low & (~low + np.uint64(1))
        return np.log2(lowest_bit.astype(np.float64)).astype(np.int64)


def table_of(images: Sequence[Image]) -> ImageTable:
    """Return images as a table."""
    names, widths, heights, of_split, labelled_in = zip(*images, strict=True) if images else [()] * len(Image._fields)
    width, height = _sizes(widths), _sizes(heights)
    splits, split = _numbered(of_split)
    files, file = _numbered(labelled_in)
    plain = names if splits in ([], [""]) else [*map(_without_split, images)]
    name = mixed(_hashes(plain) ^ mixed(width.view(np.uint64)) ^ height.view(np.uint64))
    place = _hashes(splits)[split] ^ mixed(_hashes(files)[file])
    key = mixed(name ^ place)
    return ImageTable(key, name, width, height, split, file, np.array(names, object), splits, files)


def _without_split(image: Image) -> str:
    """Return an image's name without the folders that name its split."""
    if not image.split or "/" not in image.name:
        return image.name
    *folders, name = image.name.split("/")
    return "/".join([*(folder for folder in folders if folder.lower() not in SPLITS), name])


def _numbered(words: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct words, and the index of each word among them."""
    index = {word: number for number, word in enumerate(dict.fromkeys(words))}
    return list(index), np.array([index[word] for word in words], np.int64)


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    digests = [blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words]
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


def _sizes(values: Sequence[float]) -> NDArray[np.float64]:
    sizes = np.array(values, np.float64)
    return np.where((sizes >= 1) & np.isfinite(sizes), sizes, 0.0)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hash numbers with the finaliser of splitmix64."""
    with np.errstate(over="ignore"):
        z = values + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def names_of(images: Sequence[Image], table: ImageTable) -> dict[str, list[tuple[int, str]]]:
    """Return, for each split, the names of the images with the lowest hashes."""
    found = {}
    for number, split in enumerate(table.splits):
        of_split = np.flatnonzero(table.split == number)
        picked = of_split[lowest(table.name[of_split], NAMES)]
        found[split] = [(int(table.name[i]), images[i].name) for i in picked.tolist()]
    return found


def lowest(hashes: NDArray[np.uint64], most: int) -> NDArray[np.int64]:
    """Return the indices of the `most` lowest distinct hashes.

    A repeated hash gives all its indices: a single one would depend on the order, so on how a dataset is divided.
    """
    ordered = np.sort(hashes)
    different = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return np.flatnonzero(hashes <= different[:most].max(initial=0))
