"""COCO's run lengths of masks: down the columns, beginning with pixels that are not set.

pycocotools takes runs that fill too little of the image for a mask, and unpacks the whole image for a small object.
Here runs are summed first, and only the columns of the object are unpacked; the tests compare with pycocotools.
Source of the packed form: `rleToString` in `common/maskApi.c` of https://github.com/cocodataset/cocoapi.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.annotations import cropped
from annostrat.annotations.reader import MAX_PIXELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import Mask

_LONGEST = 7
"""Characters of five bits each that hold any run of an image of `MAX_PIXELS`, or a difference of two."""


class RunsError(ValueError):
    """Runs that are no mask of the size that is stated with them."""


def mask_of_rle(counts: str | bytes | Sequence[int], height: int, width: int) -> Mask | None:
    """Return the crop of a mask's set pixels, or None where none is set.

    Args:
        counts: The runs, as numbers or as COCO's packed text.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Raises:
        RunsError: The runs do not fill the image exactly, or are no runs at all.
    """
    if height < 1 or width < 1 or height * width > MAX_PIXELS:
        raise RunsError(f"a mask of {width} x {height} pixels cannot be unpacked")
    runs = _unpacked(counts) if isinstance(counts, str | bytes) else _listed(counts)
    _check_sum(runs, height, width)
    ends = np.cumsum(runs)
    is_set = np.flatnonzero(runs[1::2]) * 2 + 1
    if not is_set.size:
        return None
    left, right = int(ends[is_set[0] - 1]) // height, (int(ends[is_set[-1]]) - 1) // height + 1
    columns = _columns(ends, left * height, right * height).reshape(right - left, height).T
    return cropped(columns, left)


def _columns(ends: NDArray[np.int64], first: int, last: int) -> NDArray[np.bool_]:
    """Return whether the pixels from `first` to before `last` are set."""
    runs = np.diff(ends.clip(first, last), prepend=first)
    return np.repeat(np.arange(runs.size) % 2 == 1, runs)


def _check_sum(runs: NDArray[np.int64], height: int, width: int) -> None:
    if (runs < 0).any():
        raise RunsError(f"a run of {runs.min()} pixels")
    filled = sum(runs.tolist()) if runs.max(initial=0) > MAX_PIXELS else int(runs.sum())
    if filled != height * width:
        raise RunsError(f"the runs fill {filled} pixels, the image has {width} x {height} = {height * width}")


def _listed(counts: Sequence[int]) -> NDArray[np.int64]:
    try:
        runs = np.asarray(counts)
    except ValueError as error:
        raise RunsError("the runs are not a list of numbers") from error
    if runs.ndim != 1 or (runs.size and runs.dtype.kind not in "iu"):
        raise RunsError("the runs are not a list of whole numbers")
    return runs.astype(np.int64)


def _unpacked(counts: str | bytes) -> NDArray[np.int64]:
    """Return the runs of COCO's packed text: five bits a character, the sixth says that more follow."""
    packed = counts.encode("utf-8", "surrogatepass") if isinstance(counts, str) else counts
    bits = np.frombuffer(packed, np.uint8).astype(np.int64) - 48
    last = np.flatnonzero(bits & 32 == 0)
    if ((bits < 0) | (bits > 63)).any() or (bits.size and (not last.size or last[-1] != bits.size - 1)):  # noqa: PLR2004
        raise RunsError("the packed runs are damaged")
    lengths = np.diff(last, prepend=-1)
    if lengths.max(initial=0) > _LONGEST:
        raise RunsError("a packed run is longer than any image")
    starts = last - lengths + 1
    shifts = 5 * (np.arange(bits.size) - np.repeat(starts, lengths))
    values = np.add.reduceat((bits & 31) << shifts, starts) if bits.size else bits
    values -= np.where(bits[last] & 16, 1 << 5 * lengths, 0)
    values[1::2] = np.cumsum(values[1::2])  # from the fourth on, each is the difference to the one but last
    values[2::2] = np.cumsum(values[2::2])
    return values
