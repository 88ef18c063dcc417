"""PNG files whose pixels are numbers of classes or objects, and the areas of equal pixels in them."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import Mask
from annostrat.readers._base import MAX_PIXELS, broken

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">8s4x4sIIBB")
GRAY, COLOUR, PALETTE, GRAY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
"""Kinds of pixels, as the header numbers them."""


class Header(NamedTuple):
    """What a PNG file says of itself."""

    width: int
    height: int
    depth: int
    kind: int


class Area(NamedTuple):
    """All pixels of one value: their bounds, and how many they are.

    Attributes:
        runs: Rows of equal pixels side by side; there are few where an area has a smooth border.
    """

    value: int
    left: int
    top: int
    right: int
    bottom: int
    pixels: int
    runs: int


def header_of(head: bytes) -> Header | None:
    """Return the header of a PNG file, or None where it is none."""
    if len(head) < _HEADER.size:
        return None
    signature, chunk, width, height, depth, kind = _HEADER.unpack_from(head)
    return Header(width, height, depth, kind) if signature == _SIGNATURE and chunk == b"IHDR" else None


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


def areas_of(values: NDArray[np.generic]) -> list[Area]:
    """Return the areas by value, ascending; found by runs, of which there are far fewer than pixels."""
    height, width = values.shape
    begins = np.ones((height, width), np.bool_)
    np.not_equal(values[:, 1:], values[:, :-1], out=begins[:, 1:])
    starts = np.flatnonzero(begins)
    found = values.ravel()[starts].astype(np.int64)
    rows, lefts = np.divmod(starts, width)
    lengths = np.diff(starts, append=height * width)
    order = np.argsort(found, kind="stable")
    found, rows, lefts, lengths = found[order], rows[order], lefts[order], lengths[order]
    firsts = np.flatnonzero(np.diff(found, prepend=found[0] - 1))
    lasts = np.append(firsts[1:], found.size) - 1
    columns = (
        found[firsts],
        np.minimum.reduceat(lefts, firsts),
        rows[firsts],
        np.maximum.reduceat(lefts + lengths, firsts),
        rows[lasts] + 1,
        np.add.reduceat(lengths, firsts),
        lasts - firsts + 1,
    )
    return [Area(*numbers) for numbers in zip(*(column.tolist() for column in columns), strict=True)]


def mask_of(values: NDArray[np.generic], area: Area) -> Mask:
    """Return the pixels of an area."""
    part = values[area.top : area.bottom, area.left : area.right] == area.value
    return Mask(area.left, area.top, part)
