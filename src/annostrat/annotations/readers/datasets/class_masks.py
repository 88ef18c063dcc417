"""Masks of classes: a PNG file an image, in which each pixel has the number, palette index or colour of its class.

A list of classes beside them (`labelmap.txt`, `label_colors.txt`, `class_dict.csv`, `dataset_meta.json`,
`classes.txt`, ...) names the classes. Values that the list calls background or void are left out; without a list, 255
(65535 in 16 bits) if there are other values too, and 0 if a palette paints it black or only one other value exists.
With neither a list nor a palette 0 is a class like any other. `annostrat.annotations.masks.kinds` explains how masks of
classes are told from masks of objects.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.annotations import STUFF, Image, doubled
from annostrat.annotations.files.class_list import NONE, class_list_near, is_background
from annostrat.annotations.files.regular import head_of
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.masks import streets as _streets
from annostrat.annotations.masks.kinds import (
    ASK,
    CLASS,
    SHOWN,
    UNCLEAR,
    VOC_BORDER,
    chosen,
    images_beside,
    kind_of,
    remark_on_size,
    soft_edges,
)
from annostrat.annotations.masks.png import is_black, masks_in, values_of
from annostrat.annotations.reader import Look, Reader, Source, in_pieces, inside, read_each
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.files.image_files import ImagePlaces

SAMPLE = 16
"""Masks that are looked at to know what 0 and 255 mean."""
VOIDS = frozenset({255, 65_535})
PIECE_FILES = 50
ENDINGS = ("_labelIds.png", "_labelTrainIds.png", ".png")


class _Meaning(NamedTuple):
    names: dict[int, str]
    left_out: frozenset[int]
    listed: bool
    colours: bool


def look(path: str, head: bytes) -> Look:
    """Tell masks of classes from masks of objects and from pictures."""
    kind = kind_of(path, head)
    better = _better(path) if kind.name == CLASS else ""
    if kind.name == CLASS and not better:
        return Look(fits=True, found=kind.because)
    missing = better or (f"{kind.because}; {ASK}" if kind.name == UNCLEAR else kind.because)
    return Look(fits=False, missing=missing)


def _better(path: str) -> str:
    """Return what tells objects apart beside a mask of classes, if anything does."""
    folder, name = os.path.split(path)
    stem = next((name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)), name)
    if os.path.isfile(os.path.join(folder, f"{stem}_polygons.json")):
        return f"{stem}_polygons.json beside it has the objects"
    if name != (instances := f"{stem}_instanceIds.png") and os.path.isfile(os.path.join(folder, instances)):
        return f"{instances} beside it has the objects"
    if os.path.isfile(os.path.join(os.path.dirname(folder), "SegmentationObject", name)):
        return "SegmentationObject beside it has the objects"
    return ""


def open_files(files: Sequence[str], root: str) -> Source:
    """Choose the masks, find out what their values mean, and cut them into pieces."""
    masks, passed_over = chosen(files, CLASS, root)
    read = partial(read_each, read=partial(_read, root=root, meaning=_meaning(masks), places=images_beside(masks)))
    listed = class_list_near(masks[0]) if masks else NONE
    remarks = [*passed_over, *doubled(listed.by_value.values(), os.path.basename(listed.path))]
    return Source(in_pieces(masks, PIECE_FILES), read, remarks=remarks, problems=listed.problems)


def _meaning(masks: Sequence[str]) -> _Meaning:
    seen = _seen(masks[:: max(1, len(masks) // SAMPLE)][:SAMPLE])
    streets = _of_streets(masks[0]) if masks else {}
    if streets:
        void = {value for value, name in streets.items() if name in _streets.VOID}
        return _Meaning(streets, frozenset({*VOIDS, *void}), listed=True, colours=False)
    found = class_list_near(masks[0]) if masks else NONE
    names = found.by_colour if seen.colours and found.by_colour else _shifted(found.by_value, seen.values)
    left_out = {value for value, name in names.items() if is_background(name)}
    classes = seen.values - VOIDS - {0}
    if classes:
        left_out |= (VOIDS | {VOC_BORDER}) - names.keys()
    if 0 not in names and (found.path or seen.colours or seen.black or len(classes or seen.values - {0}) == 1):
        left_out.add(0)
    return _Meaning(names, frozenset(left_out), bool(found.path), seen.colours)


class _Seen(NamedTuple):
    values: set[int]
    colours: bool
    black: bool


def _seen(sample: Sequence[str]) -> _Seen:
    """Return what some masks hold; coloured ones count only if there are no others, whatever a list says."""
    gray, colours, black = set[int](), set[int](), False
    for path in sample:
        try:
            values, head = values_of(path), head_of(path)
        except (InputError, OSError):
            continue
        (colours if values.dtype == np.uint32 else gray).update(masks_in(path, values) or ())
        black |= is_black(head)
    return _Seen(gray or colours, not gray, black)


def _shifted(names: dict[int, str], values: set[int]) -> dict[int, str]:
    """Return names by value; a list without the background begins with 1 if the values do."""
    if len(names) in values and not any(map(is_background, names.values())):
        return {value + 1: name for value, name in names.items()}
    return names


def _of_streets(path: str) -> dict[int, str]:
    if path.endswith(ENDINGS[0]):
        return dict(enumerate(_streets.NAMES))
    if path.endswith(ENDINGS[1]):
        return {index: _streets.NAMES[id_] for index, id_ in enumerate(_streets.TRAINED)}
    return {}


def _read(path: str, builder: BatchBuilder, root: str, meaning: _Meaning, places: Mapping[str, ImagePlaces]) -> None:
    values = values_of(path)
    where = inside(path, root)
    masks = masks_in(path, values)
    if masks is None or (values.dtype == np.uint32) != meaning.colours:
        detail = (
            "neighbouring pixels differ, as in a photograph" if masks is None else "colours, and others have numbers"
        )
        builder.remark("not_a_mask", where, detail)
        return
    height, width = values.shape
    ending = next(ending for ending in (*ENDINGS, "") if where.endswith(ending))
    name = where.removesuffix(ending).removesuffix("_gtFine")
    image = builder.image(Image(name, width, height, split_of_folder(where), where))
    remark_on_size(values, os.path.basename(name), places[os.path.dirname(path)], where, builder)
    soft = soft_edges(masks.keys() - meaning.left_out - meaning.names.keys(), values, where, builder)
    classes = {value: mask for value, mask in masks.items() if value not in meaning.left_out | soft}
    for value, mask in classes.items():
        builder.label(image, _name(value, meaning), value, mask=mask, flags=STUFF)
    unnamed = [str(value) for value in classes if value not in meaning.names]
    if unnamed:
        kind = "class_beyond_list" if meaning.listed else "class_unnamed"
        builder.remark(kind, where, f"value {', '.join(unnamed[:SHOWN])}", len(unnamed))


def _name(value: int, meaning: _Meaning) -> str:
    return meaning.names.get(value) or (f"#{value:06x}" if meaning.colours else f"class {value}")


PLUGIN = Reader(
    name="class_masks",
    title="masks of classes",
    wants="a folder of PNG files with a class a pixel, best with a list of classes such as labelmap.txt",
    suffixes=(".png",),
    look=look,
    open=open_files,
    aliases=("masks", "semantic_masks", "png"),
)
