"""What people say of an object, by the words that formats have for it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, TRUNCATED, TRUNCATION_STATED

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS: dict[str | None, bool] = {
    "1": True,
    "true": True,
    "True": True,
    "yes": True,
    "0": False,
    "false": False,
    "False": False,
    "no": False,
}
OCCLUSION = {word: OCCLUSION_STATED | OCCLUDED * said for word, said in _WORDS.items()}
TRUNCATION = {word: TRUNCATION_STATED | TRUNCATED * said for word, said in _WORDS.items()}
"""Bits by word; others, such as VOC's "Unspecified", state nothing."""
MEANINGS = {"occluded": OCCLUSION, "truncated": TRUNCATION}


def flags_in(attributes: Any) -> int:
    """Return the bits of attributes that people name as they like: a mapping of names to words, numbers or booleans."""
    stated: Mapping[Any, Any] = attributes if isinstance(attributes, dict) else {}
    named = ((str(name).lower(), value) for name, value in stated.items() if isinstance(value, str | int))
    return reduce(or_, (MEANINGS[name].get(str(value), 0) for name, value in named if name in MEANINGS), 0)
