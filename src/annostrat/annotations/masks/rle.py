"""Run lengths of masks: COCO's down the columns, CVAT's along the rows, both beginning with pixels that are not set.

pycocotools accepts runs that do not fill the image; here they are summed first. The tests compare with it. Source of
the packed form: `rleToString` in `common/maskApi.c` of https://github.com/cocodataset/cocoapi.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations.left_out import UnusableError
from annostrat.annotations.masks.runs import RunsError, mask_of_columns, mask_of_rows
from annostrat.annotations.reader import MAX_PIXELS
from annostrat.annotations.text.values import numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annostrat.annotations.masks.runs import Mask

_LONGEST = 7
"""Characters of five bits each that hold any run of an image of `MAX_PIXELS`, or a difference of two."""
_PYTHON_BYTES = re.compile(r"""b(['"])(.*)\1""", re.DOTALL)
"""The result of `str()` on bytes, which some writers use instead of decoding them."""


def is_python_bytes(counts: Any) -> bool:
    """Return whether run lengths are packed text inside b'...'."""
    return isinstance(counts, str) and _PYTHON_BYTES.fullmatch(counts) is not None


def mask_of_rle(counts: Any, height: int, width: int) -> Mask | None:
    """Return the crop of a mask's set pixels, or None where none is set.

    Args:
        counts: The runs down the columns, as a list of numbers or as COCO's packed text.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Raises:
        RunsError: The runs do not fill the image exactly, or are not runs at all.
    """
    runs = _unpacked(counts) if isinstance(counts, str | bytes) else _listed(counts)
    return mask_of_columns(*_stretches(runs, height, width), height)


def mask_of_coco(runs: Any, width: float = 0, height: float = 0) -> Mask:
    """Return the mask of COCO's `{"size": [height, width], "counts": ...}`, checked against the image's size if known.

    Raises:
        UnusableError: They are damaged, or do not fit such an image.
    """
    size = numbers(runs.get("size")) if isinstance(runs, dict) else None
    if size is None or len(size) != len("hw") or not all(0 < side < math.inf for side in size):
        raise UnusableError("bad_value", "a mask without its runs and its size")
    if width and height and size != [height, width]:
        kind = "mask_exchanged" if size == [width, height] else "mask_overruns"
        raise UnusableError(kind, f"size is {size[0]:g}, {size[1]:g}; the image is {width:g} wide and {height:g} high")
    try:
        mask = mask_of_rle(runs.get("counts"), int(size[0]), int(size[1]))
    except RunsError as error:
        raise UnusableError(error.kind, str(error)) from error
    if mask is None:
        raise UnusableError("empty_outline", "a mask without a pixel")
    return mask


def mask_of_row_runs(counts: Any, height: int, width: int) -> Mask | None:
    """Return the same of runs along the rows."""
    return mask_of_rows(*_stretches(_listed(counts), height, width), width)


def _stretches(runs: NDArray[np.int64], height: int, width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the stretches of set pixels begin and end."""
    if height < 1 or width < 1 or height * width > MAX_PIXELS:
        raise RunsError(
            f"a mask of {width} x {height} pixels, of which at most {MAX_PIXELS:,} are read", "mask_too_large"
        )
    if (runs < 0).any():
        raise RunsError(f"a run of {runs.min()} pixels")
    filled = sum(runs.tolist()) if runs.max(initial=0) > MAX_PIXELS else int(runs.sum())
    if filled != height * width:
        message = f"the runs fill {filled} pixels, the image has {width} x {height} = {height * width}"
        raise RunsError(message, "mask_overruns")
    ends = np.cumsum(runs)
    return ends[: len(ends) - len(ends) % 2 : 2], ends[1::2]


def _listed(counts: Any) -> NDArray[np.int64]:
    try:
        runs = np.asarray(counts)
        if runs.dtype.kind == "f" and (np.floor(runs) == runs).all() and (runs <= MAX_PIXELS).all():
            runs = np.maximum(runs, -1).astype(np.int64)  # as MATLAB and pandas write whole numbers
        if runs.ndim == 1 and (not runs.size or runs.dtype.kind in "iu"):
            return runs.astype(np.int64)
    except (ValueError, TypeError, OverflowError) as error:
        raise RunsError("the runs are not a list of numbers") from error
    raise RunsError("the runs are not a list of whole numbers")


def _unpacked(counts: str | bytes) -> NDArray[np.int64]:
    """Return the runs of COCO's packed text: five bits a character, the sixth says that more follow."""
    quoted = _PYTHON_BYTES.fullmatch(counts) if isinstance(counts, str) else None
    text = quoted[2].replace("\\\\", "\\") if quoted else counts
    packed = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
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
