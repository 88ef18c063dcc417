"""Masks of objects: a PNG file an image, in which each pixel has the number of its object; or one file an object.

0 is background, and 255 the border in palette images. The class of an object is known in these cases: in
`*_instanceIds.png` of Cityscapes and in 16-bit files whose values all reach 1000, a value is class * 1000 + object; a
`SegmentationObject` has a `SegmentationClass` beside it; a list of classes has one name. Else all are objects of one
class. `annostrat.annotations.masks.kinds` says how masks of objects are told from masks of classes.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from annostrat.annotations import UNNAMED, Image, doubled
from annostrat.annotations.files.class_list import NONE, class_list_near
from annostrat.annotations.files.regular import head_of
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.masks.kinds import (
    ASK,
    OBJECT,
    UNCLEAR,
    VOC_BORDER,
    VOID,
    chosen,
    images_beside,
    is_object_file,
    kind_of,
    remark_on_size,
    soft_edges,
)
from annostrat.annotations.masks.object_classes import ENDING, classes_of
from annostrat.annotations.masks.png import PALETTE, header_of, masks_in, values_of
from annostrat.annotations.masks.runs import mask_of_pixels
from annostrat.annotations.reader import Look, Reader, Source, in_pieces, inside, problems_of, read_each
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.files.image_files import ImagePlaces

PIECE_FILES = 50


def look(path: str, head: bytes) -> Look:
    """Tell masks of objects from masks of classes and from pictures."""
    kind = kind_of(path, head)
    if kind.name == OBJECT:
        return Look(fits=True, found=kind.because)
    return Look(fits=False, missing=f"{kind.because}; {ASK}" if kind.name == UNCLEAR else kind.because)


def open_files(files: Sequence[str], root: str) -> Source:
    """Choose the masks, and cut them into pieces; the masks of single objects are read by the folder."""
    units: dict[str, None] = {}
    masks, passed_over = chosen(files, OBJECT, root)
    for path in masks:
        units[os.path.dirname(path) if is_object_file(path) else path] = None
    read = partial(read_each, read=partial(_read, root=root, places=images_beside(masks)))
    listed = class_list_near(masks[0]) if masks else NONE
    remarks = [*passed_over, *doubled(listed.by_value.values(), os.path.basename(listed.path))]
    return Source(in_pieces(units, PIECE_FILES), read, remarks=remarks, problems=listed.problems)


def _read(path: str, builder: BatchBuilder, root: str, places: Mapping[str, ImagePlaces]) -> None:
    if os.path.isdir(path):
        _read_folder(path, builder, root)
        return
    values = values_of(path)
    where = inside(path, root)
    masks = masks_in(path, values)
    if masks is None:
        builder.remark("not_a_mask", where, "neighbouring pixels differ, as in a photograph")
        return
    height, width = values.shape
    name = where.removesuffix(ENDING).removesuffix(".png").removesuffix("_gtFine")
    image = builder.image(Image(name, width, height, split_of_folder(where), where))
    remark_on_size(values, os.path.basename(name), places[os.path.dirname(path)], where, builder)
    left_out = _left_out(path)
    left_out |= soft_edges(masks.keys() - left_out, values, where, builder)
    objects = {value: mask for value, mask in masks.items() if value not in left_out}
    meaning_of = classes_of(path, values, objects)
    void = unnamed = 0
    for value, mask in objects.items():
        meaning = meaning_of(value, mask)
        unnamed += not (meaning.is_named or meaning.is_void)
        void += meaning.is_void
        if not meaning.is_void:
            builder.label(image, meaning.name, value, mask=mask, flags=meaning.flags)
    if void:
        builder.remark("void_region", where, "classes that are not to be judged", void)
    if unnamed:
        builder.remark("without_class", where, "masks of objects without classes", unnamed)


def _left_out(path: str) -> set[int]:
    header = header_of(head_of(path))
    return {0, VOC_BORDER, VOID} if header is not None and header.kind == PALETTE else {0, VOC_BORDER}


def _read_folder(folder: str, builder: BatchBuilder, root: str) -> None:
    """Read the masks of an image's objects, each of which has the image's size."""
    where = inside(folder, root)
    name = where.rpartition("/")[0] or os.path.basename(os.path.dirname(os.path.abspath(folder)))
    files = [file for file in sorted(os.listdir(folder)) if file.lower().endswith(".png")]
    read = ((file, _values(os.path.join(folder, file), builder)) for file in files)
    masks = ((file, values) for file, values in read if values is not None)
    image = -1
    shape: tuple[int, ...] = ()
    for id_, (file, values) in enumerate(masks, 1):
        if image < 0:
            shape = values.shape[0], values.shape[1]
            image = builder.image(Image(name, shape[1], shape[0], split_of_folder(where), where))
            builder.remark("without_class", where, "masks of objects without classes", len(files))
        soft = soft_edges(set(np.unique(values).tolist()) - {0}, values, f"{where}/{file}", builder)
        mask = mask_of_pixels((values != 0) & ~np.isin(values, list(soft)))
        if values.shape != shape:
            builder.remark("mask_overruns", f"{where}/{file}", "its size differs from that of the first mask")
        elif mask is None:
            builder.remark("empty_outline", f"{where}/{file}", "no pixel is set")
        else:
            builder.label(image, UNNAMED, id_, mask=mask)


def _values(path: str, builder: BatchBuilder) -> NDArray[np.generic] | None:
    try:
        return values_of(path)
    except (InputError, OSError) as error:
        builder.problems += problems_of(path, error)
        return None


PLUGIN = Reader(
    name="instance_masks",
    title="masks of objects",
    wants="a folder of PNG files with the number of an object a pixel, or folders of one PNG file an object",
    suffixes=(".png",),
    look=look,
    open=open_files,
    aliases=("object_masks", "mots"),
)
