"""PNG files whose pixels are numbers of classes or objects, and the areas of equal pixels in them."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations.files.regular import bytes_of
from annostrat.annotations.masks.runs import MOST_RUNS, RunsError, lowest_of_component, mask_of_runs
from annostrat.annotations.reader import MAX_PIXELS, broken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">8s4x4sIIBB")
GRAY, COLOUR, PALETTE, GRAY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
"""Colour types of PNG."""


_COLOUR_BYTES = 4
"""Bytes that each pixel of a picture in colours takes, with or without alpha."""
_PHOTO_SHARE = 0.5
"""Share of neighbours that differ: natural pictures are above, masks far below."""
_TINY = 4096
"""Pixels below which that share says nothing."""


class PngHeader(NamedTuple):
    """The header of a PNG file."""

    width: int
    height: int
    depth: int
    kind: int


def header_of(head: bytes) -> PngHeader | None:
    """Return the header of a PNG file, or None for anything else."""
    if len(head) < _HEADER.size:
        return None
    signature, chunk, width, height, depth, kind = _HEADER.unpack_from(head)
    return PngHeader(width, height, depth, kind) if signature == _SIGNATURE and chunk == b"IHDR" else None


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
        InputError: It is not a PNG file, is truncated, or has more pixels than can be unpacked.
    """
    data = bytes_of(path)
    pixels = unpacked(path, data)
    if pixels.ndim == 2:  # noqa: PLR2004 - height and width
        return pixels
    colours, alpha = pixels[:, :, :-1], pixels[:, :, -1]
    if pixels.shape[2] in {2, 4} and (colours == colours[:1, :1]).all() and alpha.min() < alpha.max():
        return alpha  # a stencil in one colour
    if pixels.shape[2] < 3:  # noqa: PLR2004 - gray and alpha
        return pixels[:, :, 0]
    values = np.zeros(pixels.shape[:2], np.uint32)
    for channel in (2, 1, 0) if red_is_low else (0, 1, 2):
        values <<= np.uint32(8)
        values |= pixels[:, :, channel]  # type: ignore[arg-type]
    return values


def unpacked(path: str, data: bytes) -> NDArray[np.generic]:
    """Return the pixels of a PNG file as it stores them: palette indices, gray values or channels.

    Raises:
        InputError: It is not a PNG file, is truncated, or has more pixels than can be unpacked.
    """
    from PIL import Image

    header = header_of(data)
    if header is None:
        raise broken(path, "this is no PNG file")
    most = MAX_PIXELS // (max(1, header.depth // 8) if header.kind in {GRAY, PALETTE} else _COLOUR_BYTES)
    if not 0 < header.width * header.height <= most:
        raise broken(path, f"{header.width} x {header.height} pixels cannot be unpacked", hint=f"at most {most:,}")
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
    count = np.count_nonzero(begins)
    if values.size > _TINY and count - height > _PHOTO_SHARE * (values.size - height):
        return None
    if count > MOST_RUNS:
        raise RunsError(f"the mask falls into more than {MOST_RUNS:,} runs", "mask_too_large")
    starts = np.flatnonzero(begins)
    return Runs(starts, values.ravel()[starts].astype(np.int64), (height, width))


def masks_by_value(runs: Runs) -> dict[int, Mask]:
    """Return the mask of each value, by value in ascending order."""
    height, width = runs.shape
    order = np.argsort(runs.values, kind="stable")
    values, begins = runs.values[order], runs.starts[order]
    rows, starts = np.divmod(begins, width)
    stops = starts + np.diff(runs.starts, append=height * width)[order]
    firsts = np.flatnonzero(np.diff(values, prepend=values[0] - 1)).tolist()
    bounds = zip(firsts, [*firsts[1:], len(values)], strict=True)
    found = (
        (int(values[first]), mask_of_runs(rows[first:end], starts[first:end], stops[first:end]))
        for first, end in bounds
    )
    return {value: mask for value, mask in found if mask is not None}


def places_of(runs: Runs) -> dict[int, int]:
    """Return in how many separate places each value is; pixels hang together by their sides."""
    first = lowest_of_component(runs.starts.size, *_touching(runs))
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


def masks_in(path: str, values: NDArray[np.generic]) -> dict[int, Mask] | None:
    """Return the mask of each value of a file's pixels, ascending, or None where it is a picture.

    Raises:
        InputError: There are too many runs of equal pixels.
    """
    try:
        runs = runs_of(values)
    except RunsError as error:
        raise broken(path, str(error), hint="are these pixels numbers of classes or objects?") from error
    return None if runs is None else masks_by_value(runs)
