"""Converts values of foreign files to the intended types: the only place where readers turn text into numbers.

Nothing here raises. An invalid number becomes nan, which the label checks find; any other unexpected value becomes
None or is left out, so that the caller can report its location.
"""

from __future__ import annotations

import math
from typing import Any

MOST_DIGITS = 64
"""Maximum length of a number that is written as text."""
MOST_SECONDS = 86_400
MAX_SIDE = 1e9
"""Length of an image's side, in pixels, from which it counts as a mistake."""


def number(value: Any) -> float:
    """Return a number, which may be written as text; nan for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return math.nan
    if isinstance(value, str) and (len(value) > MOST_DIGITS or "_" in value):
        return math.nan
    try:
        return float(value)
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf if value > 0 else -math.inf  # type: ignore[operator] # text does not overflow


def is_number(value: Any) -> bool:
    """Return whether a value is a number, which may be written as text."""
    return not math.isnan(number(value))


def numbers(value: Any) -> list[float] | None:
    """Return a list of numbers, or None if it is not a list or contains a non-number; Infinity and NaN are numbers."""
    if not isinstance(value, list):
        return None
    found = [number(each) for each in value]
    return found if all(map(_is_meant, value, found)) else None


def _is_meant(value: Any, read: float) -> bool:
    """Return whether a value was read as a number or states nan explicitly."""
    return not math.isnan(read) or type(value) is float or str(value).strip(" +-").lower() == "nan"


def side(value: Any) -> float:
    """Return the width or height of an image in pixels; 0, which means unknown, for an invalid value."""
    pixels = number(value)
    return pixels if 0 < pixels < MAX_SIDE else 0.0


def seconds(value: Any) -> float:
    """Return how long labelling took; 0 if unknown, or if above a day, as the clock was then left running."""
    took = number(value)
    return took if 0 < took <= MOST_SECONDS else 0.0


def identity(value: Any) -> int | str | None:
    """Return an id as a number or as text; a whole number that is written as 1.0 is that number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def label_id(value: Any, instead: int) -> int:
    """Return the id of a label if it fits into an array, or a number instead."""
    id_ = identity(value)
    return id_ if isinstance(id_, int) and -(1 << 63) <= id_ < 1 << 63 else instead


def text(value: Any) -> str:
    """Return a name; empty for anything other than text or a number. Bytes that are not UTF-8 become U+FFFD."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    if isinstance(value, int) and value.bit_length() > MOST_DIGITS:
        return ""
    return str(value).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def vertices(value: Any) -> list[tuple[float, float]]:
    """Return the x, y pairs of an outline; an invalid pair gets nan, and a value that is not a list gives no pairs."""
    pairs = value if isinstance(value, list) else ()
    return [(number(pair[0]), number(pair[1])) if _is_pair(pair) else (math.nan, math.nan) for pair in pairs]


def corners(value: Any) -> list[tuple[float, float]]:
    """Return the x, y pairs of an outline whose points are objects with x and y."""
    points = value if isinstance(value, list) else ()
    return [
        (number(each.get("x")), number(each.get("y"))) if isinstance(each, dict) else (math.nan, math.nan)
        for each in points
    ]


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1
