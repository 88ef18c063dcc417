"""One scene, labelled in the way of each strategy: a harbour from above, with two boats side by side and one apart.

In it every label can be told from every other: upright boxes of boats overlap where turned ones do not, a map of
classes joins the two that touch, the pier is a line, and bow and stern can be named. The scene looks like a photograph,
so it is the same in light and in dark; it needs no style sheet. All lengths are of a picture of 120 by 80.
"""

from __future__ import annotations

from itertools import chain
from math import cos, radians, sin
from typing import TYPE_CHECKING

from annostrat.render.drawing.palette import hue

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH, HEIGHT = 120.0, 80.0
_BOATS = ((58.0, 25.0, 42.0), (69.6, 35.4, 42.0), (102.0, 51.0, -24.0))
"""The middle of each boat, and by how many degrees it is turned to the right."""
_BOX = "M-8.5-22h17v41h-17z"
_HULL = "M0-21C5-14 8-6 8 2L7 18H-7L-8 2C-8-6-5-14 0-21z"
_BOW, _PORT, _STARBOARD, _SIDES = (0.0, -21.0), (-7.0, 18.0), (7.0, 18.0), ((-8.0, 2.0), (8.0, 2.0))
_LAND = "M-4 44C12 40 20 50 24 60S34 70 35 84H-4z"
_PIER = "M20 61L42 53L64 69"
_PLACES = ((20.0, 61.0), (42.0, 53.0), (64.0, 69.0))
_PHOTO = (
    '<path fill="#a9cbdc" d="M0 0h120v80H0z"/>'
    f'<path fill="#b9c59a" stroke="#e9dcb4" stroke-width="4" d="{_LAND}"/>'
    f'<path fill="none" stroke="#8d7a63" stroke-width="5" stroke-linejoin="round" d="{_PIER}"/>'
)
_LINE = 'fill="none" stroke="currentColor" stroke-width="2.4" stroke-linejoin="round"'
_DOT = 'fill="currentColor" stroke="#fff" stroke-width="1.2"'


def _shape(x: float, y: float, turn: float, path: str, look: str = "") -> str:
    return f'<path transform="translate({x:g} {y:g})rotate({turn:g})" d="{path}"{look}/>'


def _hull(x: float, y: float, turn: float, look: str) -> str:
    return _shape(x, y, turn, _HULL, f" {look}")


def _at(boat: tuple[float, float, float], place: tuple[float, float]) -> tuple[float, float]:
    """Return a place on a boat in coordinates of the scene."""
    x, y, turn = boat
    cosine, sine = cos(radians(turn)), sin(radians(turn))
    return round(x + place[0] * cosine - place[1] * sine, 1), round(y + place[0] * sine + place[1] * cosine, 1)


def _upright(boat: tuple[float, float, float]) -> str:
    """Return the smallest upright rectangle around a boat, as a path."""
    xs, ys = zip(*(_at(boat, place) for place in (_BOW, _PORT, _STARBOARD, *_SIDES)), strict=True)
    return f"M{min(xs) - 1:g} {min(ys) - 1:g}H{max(xs) + 1:g}V{max(ys) + 1:g}H{min(xs) - 1:g}z"


def _dots(places: Iterable[tuple[float, float]], radius: float) -> str:
    return "".join(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"/>' for x, y in places)


def _tinted(shape: str, opacity: float) -> str:
    """Return a shape in a tint of the colour that hides everything below."""
    return f'<path fill="#fff" d="{shape}"/><path fill="currentColor" fill-opacity="{opacity}" d="{shape}"/>'


_SEEN = _PHOTO + "".join(_hull(*boat, 'fill="#f6f4ee" stroke="#6c7680" stroke-width="1.2"') for boat in _BOATS)
_REGIONS = _tinted("M0 0h120v80H0z", 0.2) + _tinted(_LAND, 0.5)
_MASKS = "".join(
    _hull(*boat, f'fill="currentColor" fill-opacity="{opacity}" stroke="#fff" stroke-width="1.6"')
    for boat, opacity in zip(_BOATS, (1, 0.55, 0.78), strict=True)
)
_NAMED = [[_at(boat, place) for place in (_PORT, _BOW, _STARBOARD)] for boat in _BOATS]
_POSES = "".join(f"M{'L'.join(f'{x:g} {y:g}' for x, y in places)}z" for places in _NAMED)
_TAG = (
    f'<path {_DOT} d="M22 50h40a5 5 0 0 1 5 5v14a5 5 0 0 1-5 5H22L9 62z"/><circle cx="18" cy="62" r="2.2" fill="#fff"/>'
    '<path fill="none" stroke="#fff" stroke-width="4" d="M34 62l7 7 14-15"/>'
)
_LABELLED = {
    "object_detection": f'{_SEEN}<path {_LINE} d="{"".join(map(_upright, _BOATS))}"/>',
    "instance_segmentation": _PHOTO + _MASKS,
    "semantic_segmentation": _REGIONS + "".join(_hull(*boat, 'fill="currentColor"') for boat in _BOATS),
    "image_classification": _SEEN + _TAG,
    "oriented_boxes": f"{_SEEN}<g {_LINE}>{''.join(_shape(*boat, _BOX) for boat in _BOATS)}</g>",
    "points": f"{_SEEN}<g {_DOT}>{_dots([boat[:2] for boat in _BOATS], 5)}</g>",
    "keypoints": f'{_SEEN}<path {_LINE} d="{_POSES}"/><g {_DOT}>{_dots(chain(*_NAMED), 3.4)}</g>',
    "polyline": f'{_SEEN}<path {_LINE} d="{_PIER}"/><g {_DOT}>{_dots(_PLACES, 4)}</g>',
    "panoptic_segmentation": _REGIONS + _MASKS,
}


def scene(strategy: str) -> str:
    """Return the labelled scene of a strategy as shapes; strategies of other rule sets have just a frame."""
    framed = f'{_SEEN}<path {_LINE} d="M2 2h116v76H2z"/>'
    return f'<g color="{hue(strategy)}">{_LABELLED.get(strategy, framed)}</g>'


def picture(strategy: str) -> str:
    """Return the labelled scene as an element for a page, where the text beside it describes it."""
    return f'<svg class="scene" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" aria-hidden="true">{scene(strategy)}</svg>'
