"""Label Studio's run lengths of brush strokes: bits, most significant first, of an image of four channels.

Source: `decode` in `packages/rle-pack/src/index.ts` of https://github.com/thi-ng/umbrella, and `decode_rle` in
`label_studio_sdk/converter/brush.py` of https://github.com/HumanSignal/label-studio-sdk: the number of values (32
bits), the bits of a value less one (5), four sizes of run lengths less one (4 each); then, up to that number, whether
one value repeats (1), which size the length has (2), the length less one, and the value, or as many as the length.
The last channel says which pixels are painted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annostrat.annotations.masks.runs import RunsError, mask_of_rows
from annostrat.annotations.reader import MAX_PIXELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations.masks.runs import Mask

_CHANNELS = 4
_BYTE = 8


class _Bits:
    """Reads numbers of some bits; beyond the end there are zeros, and `left` is negative."""

    def __init__(self, data: bytes) -> None:
        self.left = len(data) * _BYTE
        self._at = 0
        self._data = data + bytes(8)

    def read(self, size: int) -> int:
        start, end = self._at >> 3, (self._at + size + 7) >> 3
        self._at += size
        self.left -= size
        return int.from_bytes(self._data[start:end]) >> (end * _BYTE - self._at) & ((1 << size) - 1)


def mask_of_brush(rle: Sequence[int], height: int, width: int) -> Mask | None:
    """Return the crop of the painted pixels, or None where none is painted.

    Args:
        rle: Label Studio's bytes.
        height: Of the image, in pixels.
        width: Of the image, in pixels.

    Raises:
        RunsError: The bytes do not encode an image of that size.
    """
    try:
        bits = _Bits(bytes(rle))
    except (TypeError, ValueError) as error:
        raise RunsError("the brush's runs are not a list of bytes") from error
    values = bits.read(32)
    if width < 1 or height < 1 or width * height > MAX_PIXELS or values != width * height * _CHANNELS:
        message = f"the brush's runs fill {values // _CHANNELS} pixels, the image has {width} x {height}"
        raise RunsError(message, "mask_overruns")
    painted = _painted(bits, values)
    begins, ends = np.array(painted, np.int64).reshape(-1, 2).T
    return mask_of_rows(begins, ends, width)


def _painted(bits: _Bits, values: int) -> list[tuple[int, int]]:
    """Return the stretches of pixels whose last channel is above zero, as their first pixel and the one after them.

    The last channel of pixel k is value 4 k + 3; of the values from `at` to before `end`, these are the last channels
    of the pixels from `at // 4` to before `end // 4`.
    """
    value_bits = bits.read(5) + 1
    sizes = [bits.read(4) + 1 for _ in range(4)]
    painted: list[tuple[int, int]] = []
    at = 0
    while at < values and bits.left > 0:
        repeats = bits.read(1)
        end = at + 1 + bits.read(sizes[bits.read(2)])
        if repeats:
            if bits.read(value_bits):
                painted.append((at // _CHANNELS, end // _CHANNELS))
        else:
            read = [bits.read(value_bits) for _ in range(end - at)]
            first = at // _CHANNELS
            last_channels = read[_CHANNELS - 1 - at % _CHANNELS :: _CHANNELS]
            painted += [(pixel, pixel + 1) for pixel, value in enumerate(last_channels, first) if value]
        at = end
    if at != values or bits.left < 0:
        raise RunsError("the brush's runs end too early" if bits.left < 0 or at < values else "a run goes too far")
    return painted
