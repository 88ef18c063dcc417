"""PNG files whose pixels are numbers of classes or objects, and the areas of equal pixels in them."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import Mask
from annostrat.annotations.reader import HEAD_BYTES, MAX_PIXELS, broken

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">8s4x4sIIBB")
GRAY, COLOUR, PALETTE, GRAY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
"""Kinds of pixels, as the header numbers them."""


_PHOTO_SHARE = 0.5
"""Share of neighbours that differ: natural pictures are above, masks far below."""
_TINY = 4096
"""Pixels below which that share says nothing."""


class PngHeader(NamedTuple):
    """What a PNG file says of itself."""

    width: int
    height: int
    depth: int
    kind: int


class Area(NamedTuple):
    """All pixels of one value, by their bounds."""

    value: int
    left: int
    top: int
    right: int
    bottom: int


def header_of(head: bytes) -> PngHeader | None:
    """Return the header of a PNG file, or None where it is none."""
    if len(head) < _HEADER.size:
        return None
    signature, chunk, width, height, depth, kind = _HEADER.unpack_from(head)
    return PngHeader(width, height, depth, kind) if signature == _SIGNATURE and chunk == b"IHDR" else None


def head_of(path: str) -> bytes:
    """Return the beginning of a file."""
    with open(path, "rb") as file:
        return file.read(HEAD_BYTES)


def is_black(head: bytes) -> bool:
    """Return whether a palette paints the first of its numbers black."""
    start = head.find(b"PLTE")
    return start >= 0 and head[start + 4 : start + 7] == bytes(3)


def values_of(path: str, *, red_is_low: bool = False) -> NDArray[np.generic]:
    """Return the numbers in the pixels, of shape (height, width): of a palette, the index; of colours, `#rrggbb`.

    Args:
        path: Of a PNG file.
        red_is_low: Whether colours are `#bbggrr` instead.

    Raises:
        InputError: It is no PNG file, is torn off, or has more pixels than can be unpacked.
    """
    with open(path, "rb") as file:
        data = file.read()
    header = header_of(data)
    if header is None:
        raise broken(path, "this is no PNG file")
    if not 0 < header.width * header.height <= MAX_PIXELS:
        raise broken(path, f"{header.width} x {header.height} pixels cannot be unpacked", hint=f"at most {MAX_PIXELS}")
    pixels = _unpacked(path, data)
    if pixels.ndim == 2:  # noqa: PLR2004 - height and width
        return pixels
    if pixels.shape[2] < 3:  # noqa: PLR2004 - gray and alpha
        return pixels[:, :, 0]
    high, middle, low = (
        pixels[:, :, channel].astype(np.uint32) for channel in ((2, 1, 0) if red_is_low else (0, 1, 2))
    )
    return high << 16 | middle << 8 | low


def _unpacked(path: str, data: bytes) -> NDArray[np.generic]:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=("PNG",)) as image:
                return np.asarray(image)
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError) as error:
        raise broken(path, f"the PNG file is damaged: {str(error).lower()}") from error


class Runs(NamedTuple):
    """Equal pixels side by side in a row, in reading order; there are far fewer than pixels.

    Attributes:
        starts: Index of the first pixel, counted row by row.
        values: What the pixels are.
        shape: Height and width.
    """

    starts: NDArray[np.intp]
    values: NDArray[np.int64]
    shape: tuple[int, int]


def runs_of(values: NDArray[np.generic]) -> Runs | None:
    """Return the runs of a mask, or None where neighbours differ as often as in a photograph."""
    height, width = values.shape
    begins = np.ones((height, width), np.bool_)
    np.not_equal(values[:, 1:], values[:, :-1], out=begins[:, 1:])
    starts = np.flatnonzero(begins)
    if values.size > _TINY and starts.size - height > _PHOTO_SHARE * (values.size - height):
        return None
    found = values.ravel()[starts].astype(np.int64)
    return Runs(starts, found, (height, width))


def areas_of(runs: Runs) -> list[Area]:
    """Return the areas by value, ascending."""
    height, width = runs.shape
    rows, lefts = np.divmod(runs.starts, width)
    rights = lefts + np.diff(runs.starts, append=height * width)
    order = np.argsort(runs.values, kind="stable")
    found, rows, lefts, rights = runs.values[order], rows[order], lefts[order], rights[order]
    firsts = np.flatnonzero(np.diff(found, prepend=found[0] - 1))
    lasts = np.append(firsts[1:], found.size) - 1
    bounds = np.minimum.reduceat(lefts, firsts), rows[firsts], np.maximum.reduceat(rights, firsts), rows[lasts] + 1
    columns = (column.tolist() for column in (found[firsts], *bounds))
    return [Area(*numbers) for numbers in zip(*columns, strict=True)]


def places_of(runs: Runs) -> dict[int, int]:
    """Return in how many separate places each value is; pixels hang together by their sides."""
    left, right = _touching(runs)
    first = np.arange(runs.starts.size)
    while (first[left] != first[right]).any():
        one, two = first[left], first[right]
        np.minimum.at(first, np.maximum(one, two), np.minimum(one, two))
        while (first[first] != first).any():
            first = first[first]
    values, places = np.unique(runs.values[np.unique(first)], return_counts=True)
    return dict(zip(values.tolist(), places.tolist(), strict=True))


def _touching(runs: Runs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of equal runs one above the other; of two that touch, one's start touches the other."""
    height, width = runs.shape
    pairs = []
    for shifted in (runs.starts + width, runs.starts - width):
        one = np.flatnonzero((shifted >= 0) & (shifted < width * height))
        two = np.searchsorted(runs.starts, shifted[one], "right") - 1
        same = runs.values[one] == runs.values[two]
        pairs.append(np.stack([one[same], two[same]]))
    left, right = np.concatenate(pairs, axis=1)
    return left, right


def areas_in(values: NDArray[np.generic]) -> list[Area] | None:
    """Return the areas of a mask by value, ascending, or None where it is a picture."""
    runs = runs_of(values)
    return None if runs is None else areas_of(runs)


def mask_of(values: NDArray[np.generic], area: Area) -> Mask:
    """Return the pixels of an area."""
    return Mask(area.left, area.top, values[area.top : area.bottom, area.left : area.right] == area.value)
