"""Colours of classes, derived from their names: a class keeps its colour in every tool, whatever is added later."""

from __future__ import annotations

import hashlib
from colorsys import hls_to_rgb
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HUES = 24
_SHADES = ((0.50, 0.85), (0.36, 0.75), (0.64, 0.65))
"""Lightness and saturation, the clearest first."""
_APART = (3, 2, 1)
"""Distance in hues between two colours of one shade, tried in this order as room runs out."""
_TRIES = 16


def colours(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each name, as `#rrggbb`; all differ, and a name added at the end changes no other."""
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        chosen[name] = _free(name, taken)
        taken.add(chosen[name])
    return chosen


def rgb(colour: str) -> list[int]:
    """Return a colour as three numbers from 0 to 255."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _free(name: str, taken: set[str]) -> str:
    """Return the first free colour of a name, with free neighbours if possible."""
    hues = [_digest(f"{number} {name}")[0] % _HUES for number in range(_TRIES)]
    for shade in _shades():
        for apart, hue in product(_APART, hues):
            if not any(shade[(hue + step) % _HUES] in taken for step in range(1 - apart, apart)):
                return shade[hue]
    number = int.from_bytes(_digest(name)[:3], "big")
    return next(colour for step in range(1 << 24) if (colour := f"#{(number + step) % (1 << 24):06x}") not in taken)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@cache
def _shades() -> list[list[str]]:
    """Return the colours of each shade, by hue."""

    def colour(hue: int, lightness: float, saturation: float) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in hls_to_rgb(hue / _HUES, lightness, saturation))

    return [[colour(hue, *shade) for hue in range(_HUES)] for shade in _SHADES]
