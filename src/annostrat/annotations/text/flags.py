"""Flags that annotators set on an object, by the words that formats use for them."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, TRUNCATED, TRUNCATION_STATED

if TYPE_CHECKING:
    from collections.abc import Mapping

_YES: tuple[str | None, ...] = ("1", "true", "True", "yes")
_NO: tuple[str | None, ...] = ("0", "false", "False", "no")
OCCLUSION = dict.fromkeys(_NO, OCCLUSION_STATED) | dict.fromkeys(_YES, OCCLUSION_STATED | OCCLUDED)
TRUNCATION = dict.fromkeys(_NO, TRUNCATION_STATED) | dict.fromkeys(_YES, TRUNCATION_STATED | TRUNCATED)
"""Bits by word; other words, such as VOC's "Unspecified", state nothing."""
MEANINGS = {"occluded": OCCLUSION, "truncated": TRUNCATION}


def flags_in(attributes: Any) -> int:
    """Return the bits of freely named attributes: a mapping of names to words, numbers or booleans."""
    stated: Mapping[Any, Any] = attributes if isinstance(attributes, dict) else {}
    named = ((str(name).lower(), value) for name, value in stated.items() if isinstance(value, str | int))
    return reduce(or_, (MEANINGS[name].get(str(value), 0) for name, value in named if name in MEANINGS), 0)
