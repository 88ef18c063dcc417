"""Classes of numbered objects, if their values or the files beside them tell."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import CROWD, STUFF, UNNAMED
from annostrat.annotations.files.class_list import class_list_near, is_background
from annostrat.annotations.masks import streets as _streets
from annostrat.annotations.masks.kinds import CODED
from annostrat.annotations.masks.png import values_of
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from annostrat.annotations.files.class_list import ClassList
    from annostrat.annotations.masks.runs import Mask

ENDING = "_instanceIds.png"
IGNORED_CLASS = 10
"""Class of MOTS for regions to ignore."""


class Meaning(NamedTuple):
    """The class of an object, and whether a list or the format names it."""

    name: str
    flags: int = 0
    is_void: bool = False
    is_named: bool = True


def classes_of(path: str, values: NDArray[np.generic], objects: Mapping[int, Mask]) -> Callable[[int, Mask], Meaning]:
    """Return what tells the class of an object."""
    if path.endswith(ENDING):
        return _of_streets
    names = class_list_near(path)
    if objects and values.itemsize > 1 and min(objects) >= CODED and max(objects) < 1 << 16:
        return partial(_coded, names=_from_one(names.by_value))
    classes = _class_mask(path)
    if classes is not None and classes.shape == values.shape:
        return partial(_most, classes=classes, names={**names.by_value, **names.by_colour})
    return partial(_unnamed, name=_only_name(names))


def _from_one(names: dict[int, str]) -> dict[int, str]:
    """Return names by the class in a value; a list without a background begins with class 1."""
    if any(map(is_background, names.values())):
        return names
    return {value + 1: name for value, name in names.items()}


def _of_streets(value: int, _: Mask) -> Meaning:
    """Read Cityscapes' value: below 1000 it is a class whose objects nobody told apart."""
    is_object = value >= CODED
    id_ = value // CODED if is_object else value
    name = _streets.NAMES[id_] if id_ < len(_streets.NAMES) else f"class {id_}"
    if name in _streets.STUFF_CLASSES:
        return Meaning(name, STUFF)
    return Meaning(name, 0 if is_object else CROWD, name in _streets.VOID)


def _coded(value: int, _: Mask, names: dict[int, str]) -> Meaning:
    id_ = value // CODED
    if id_ in names:
        return Meaning(names[id_])
    return Meaning(f"class {id_}", is_void=id_ == IGNORED_CLASS, is_named=False)


def _most(_: int, mask: Mask, classes: NDArray[np.generic], names: dict[int, str]) -> Meaning:
    """Read the class that most of the object's pixels have in the mask of classes."""
    part = classes[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width]
    found, counts = np.unique(part[mask.pixels], return_counts=True)
    value = int(found[counts.argmax()])
    if value in names:
        return Meaning(names[value])
    return Meaning(f"#{value:06x}" if classes.dtype == np.uint32 else f"class {value}", is_named=False)


def _unnamed(_value: int, _mask: Mask, name: str) -> Meaning:
    return Meaning(name or UNNAMED, is_named=bool(name))


def _only_name(names: ClassList) -> str:
    classes = [name for name in names.by_value.values() if not is_background(name)]
    return classes[0] if len(classes) == 1 else ""


def _class_mask(path: str) -> NDArray[np.generic] | None:
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "SegmentationObject":
        return None
    try:
        return values_of(os.path.join(os.path.dirname(folder), "SegmentationClass", name))
    except (InputError, OSError):
        return None
