"""Thumbnails of parts of image files, which may be unreadable or too large."""

from __future__ import annotations

import io
import os
import struct
import warnings
from typing import NamedTuple

SIDE = 320
"""Default longer side of a thumbnail, in pixels."""
MOST_BYTES = 60_000
"""Maximum size of a thumbnail with this side, in bytes; the limit grows with the area of larger ones."""
MOST_PIXELS = 60_000_000
"""Maximum number of pixels of an image to open: 180 MB decoded."""
MARGIN, SMALLEST = 0.6, 96
"""Margin around a label, as a share of its longer side, and the minimum side of the part shown, in pixels."""
_QUALITY = (80, 60, 35)


class Thumbnail(NamedTuple):
    """A part of an image.

    Attributes:
        jpeg: The JPEG data.
        part: x1, y1, x2, y2 of the part in pixels of the image.
    """

    jpeg: bytes
    part: tuple[float, float, float, float]


def thumbnail(
    path: str, size: tuple[float, float], box: tuple[float, float, float, float] | None, side: int = SIDE
) -> Thumbnail | None:
    """Return a thumbnail of an image, or None if the image cannot be read or is too large.

    Args:
        path: The image file.
        size: Width and height of the image according to the labels; 0 if unknown.
        box: x1, y1, x2, y2 of the box to centre on; None for the whole image.
        side: Longer side of the thumbnail, in pixels.
    """
    if not os.path.isfile(path):  # reading a pipe would block forever
        return None
    from PIL import Image, ImageOps

    unreadable = (OSError, ValueError, SyntaxError, OverflowError, struct.error, Image.DecompressionBombError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as file:
                if file.width * file.height > MOST_PIXELS:
                    return None
                whole = ImageOps.exif_transpose(file).convert("RGB")
    except unreadable:
        return None
    scale = (whole.width / size[0], whole.height / size[1]) if min(size) > 1 else (1.0, 1.0)
    shown = _around(box, (whole.width / scale[0], whole.height / scale[1]))
    cut = whole.crop(tuple(round(end * scale[place % 2]) for place, end in enumerate(shown)))  # type: ignore[arg-type]
    cut.thumbnail((side, side))
    for quality in _QUALITY:
        packed = io.BytesIO()
        cut.save(packed, "JPEG", quality=quality, optimize=True)
        if packed.tell() <= MOST_BYTES * (side / SIDE) ** 2:
            return Thumbnail(packed.getvalue(), shown)
    return None


def _around(
    box: tuple[float, float, float, float] | None, size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Return the part of an image centred on a box, with a margin; the whole image if it contains no box."""
    if box is None or box[2] <= 0 or box[3] <= 0 or box[0] >= size[0] or box[1] >= size[1]:
        return (0.0, 0.0, *size)
    side = max(box[2] - box[0], box[3] - box[1])
    half = max(side * (0.5 + MARGIN), SMALLEST / 2)
    ends = []
    for low, high, whole in ((box[0], box[2], size[0]), (box[1], box[3], size[1])):
        middle = (max(low, 0) + min(high, whole)) / 2
        first = min(max(middle - half, 0), max(whole - 2 * half, 0))
        ends.append((first, min(first + 2 * half, whole)))
    (x1, x2), (y1, y2) = ends
    return x1, y1, x2, y2
