"""Which PNG files number classes, which number objects, and which are pictures.

What the data set says counts first: the ending of a name (`_labelIds`, `_instanceIds`), then its folders
(`SegmentationClass`, `SegmentationObject`, one folder of masks an image), then a list of classes. Without these the
pixels are asked: classes come back in separate places and leave numbers out, objects are in one place each and are
numbered without gaps. Few values say neither, and then the user has to.
"""

from __future__ import annotations

import os
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.annotations import ReaderFinding
from annostrat.annotations.files.class_list import class_list_near
from annostrat.annotations.files.image_files import places_in, size_in
from annostrat.annotations.files.splits import SPLITS
from annostrat.annotations.masks.png import COLOUR, COLOUR_ALPHA, PngHeader, header_of, places_of, runs_of, values_of
from annostrat.annotations.reader import inside
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.files.image_files import ImagePlaces

CLASS, OBJECT, PICTURE, UNCLEAR = "class", "object", "picture", "unclear"
CLASS_ENDINGS = ("_labelids.png", "_labeltrainids.png")
OBJECT_ENDINGS = ("_instanceids.png",)
CLASS_FOLDERS = frozenset({"segmentationclass", "segmentationclassaug", "semantic", "semseg", "class_masks"})
OBJECT_FOLDERS = frozenset({"segmentationobject", "instances", "instance", "instance_masks", "instanceids"})
PICTURE_FOLDERS = frozenset({"images", "image", "imgs", "img", "jpegimages", "leftimg8bit", "rgb"})
MASKS = "masks"
"""Folder of one binary mask an object, inside a folder an image, as in the Data Science Bowl of 2018."""
CODED = 1000
"""Factor of the class in `class * 1000 + object`, as in Cityscapes and MOTS."""
VOID = 255
VOC_BORDER = 0xE0E0C0
"""Colour of borders in the masks of Pascal VOC."""
ASK = "--from class_masks or --from instance_masks decides"
SHOWN = 5
SOFT = 3
"""Fewest values without an inner pixel that are taken for soft edges: a thin class or two may have none."""
BETWEEN = 0.5
"""Share of their pixels that must lie between two others: measured 0.68 and more, and 0.3 of many tiny objects."""
_CLEAR_OBJECTS = 6
"""Objects numbered without gaps, each in one place, below which classes may look the same."""
_BROTHERS = 8
"""Sibling folders that are checked: they all have masks, or this is not a folder of one image."""
_LOOK_PIXELS = 60_000_000


class Kind(NamedTuple):
    """What a file seems to be, and why."""

    name: str
    because: str


def kind_of(path: str, head: bytes) -> Kind:
    """Return what the numbers in the pixels of a file mean."""
    header = header_of(head)
    if header is None:
        return Kind(PICTURE, "this is no PNG file")
    named = kind_by_name(path)
    if named:
        return named
    if header.kind in {COLOUR, COLOUR_ALPHA} and not class_list_near(path).by_colour:
        return Kind(PICTURE, "colours, and no list that names them such as labelmap.txt")
    return _by_pixels(path, header)


def kind_by_name(path: str) -> Kind | None:
    """Return what the name and folders of a file say it is, or None if they say nothing."""
    *folders, name = path.replace(os.sep, "/").lower().rsplit("/", 3)
    if name.endswith(OBJECT_ENDINGS):
        return Kind(OBJECT, "the name ends in _instanceIds")
    if name.endswith(CLASS_ENDINGS):
        return Kind(CLASS, "the name ends in _labelIds")
    for folder in reversed(folders):
        if folder in CLASS_FOLDERS:
            return Kind(CLASS, f"in a folder {folder}")
        if folder in OBJECT_FOLDERS:
            return Kind(OBJECT, f"in a folder {folder}")
        if folder in PICTURE_FOLDERS:
            return Kind(PICTURE, f"in a folder {folder}")
    return Kind(OBJECT, "a folder of masks for each image") if is_object_file(path) else None


def is_object_file(path: str) -> bool:
    """Return whether a file is the mask of one object, in a folder `masks` of its image."""
    folder = os.path.dirname(os.path.abspath(path))
    image = os.path.dirname(folder)
    if os.path.basename(folder).lower() != MASKS or os.path.basename(image).lower() in SPLITS:
        return False
    pictures = _names(os.path.join(image, "images"))
    if pictures:
        return [os.path.splitext(name)[0] for name in pictures] == [os.path.basename(image)]
    brothers = [name for name in _names(os.path.dirname(image)) if not os.path.splitext(name)[1]][:_BROTHERS]
    return len(brothers) > 1 and all(
        os.path.isdir(os.path.join(os.path.dirname(image), name, MASKS)) for name in brothers
    )


def images_beside(masks: Sequence[str]) -> dict[str, ImagePlaces]:
    """Return where the images of masks may be, by the folder of the masks."""
    return {folder: _places_beside(folder) for folder in {os.path.dirname(path) for path in masks}}


def _places_beside(folder: str) -> ImagePlaces:
    """Return the folders of pictures beside one of masks, or beside the one around it: images/train for masks/train."""
    above, own = os.path.split(os.path.abspath(folder))
    near = [(above, ""), (os.path.dirname(above), own)]
    pictures = ((place, name, inner) for place, inner in near for name in _names(place))
    named = [os.path.join(*parts) for parts in pictures if parts[1].lower() in PICTURE_FOLDERS]
    here = tuple(place for place in places_in([folder]) if place[1].lower() != ".png")
    return here + places_in(path for path in named if path.rstrip(os.sep) != os.path.join(above, own))


def remark_on_size(
    mask: NDArray[np.generic], stem: str, places: ImagePlaces, where: str, builder: BatchBuilder
) -> None:
    """Remark on a mask that differs in size from its image, if there is one."""
    size, (height, width) = size_in(stem, places), mask.shape
    if size not in (None, (width, height)):
        detail = f"{width} x {height} pixels, the image has {size[0]} x {size[1]}"
        builder.remark("mask_overruns", where, detail)


def soft_edges(found: set[int], values: NDArray[Any], where: str, builder: BatchBuilder) -> set[int]:
    """Return values that are only soft edges between others, as resizing and JPEG create them, and remark on them.

    Such a value has no pixel all of whose neighbours are alike, most of its pixels lie between a lower and a higher
    neighbour, and there are at least as many such values as others. Small objects have background around them instead.
    """
    if len(found) < SOFT or min(values.shape) < len("yxz"):
        return set()
    height, width = values.shape[0] - 2, values.shape[1] - 2
    near = [values[down : down + height, across : across + width] for down, across in product(range(3), repeat=2)]
    middle, lowest, highest = values[1:-1, 1:-1], reduce(np.minimum, near), reduce(np.maximum, near)
    soft = found - set(np.unique(middle[lowest == highest]).tolist())
    between = (np.less(lowest, middle) & np.less(middle, highest))[np.isin(middle, list(soft))]
    if len(soft) < max(SOFT, len(found) / 2) or between.mean() < BETWEEN:
        return set()
    builder.remark("soft_edges", where, f"value {', '.join(map(str, sorted(soft)[:SHOWN]))}")
    return soft


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _by_pixels(path: str, header: PngHeader) -> Kind:
    if header.width * header.height > _LOOK_PIXELS:
        return Kind(UNCLEAR, "too many pixels to look at")
    try:
        runs = runs_of(values_of(path))
    except (InputError, OSError):
        return Kind(UNCLEAR, "the pixels cannot be read")
    if runs is None:
        return Kind(PICTURE, "neighbours differ, as in a photograph")
    places = places_of(runs)
    if len(places) == 1:
        return Kind(UNCLEAR, "all pixels have the same value")
    if class_list_near(path).path:
        return Kind(CLASS, "a list of classes beside it")
    places.pop(0, None)
    return _by_places(places, header)


def _by_places(places: dict[int, int], header: PngHeader) -> Kind:
    values = list(places)
    single = sum(number == 1 for number in places.values())
    if values == [VOID] or (len(values) == 1 and not single):
        return Kind(CLASS, "one value beside 0")
    if header.depth > 8 and min(values) >= CODED:  # noqa: PLR2004 - bits of a byte
        return Kind(OBJECT, "all values are at least 1000, as class * 1000 + object")
    if len(values) >= _CLEAR_OBJECTS and values == list(range(1, len(values) + 1)) and single >= 0.8 * len(values):
        return Kind(OBJECT, f"values 1 to {len(values)} without gaps, each in one place")
    if single <= len(values) / 2:
        return Kind(CLASS, "values come back in separate places")
    return Kind(UNCLEAR, f"{len(values)} values, which may number classes or objects")


def chosen(files: Sequence[str], wanted: str, root: str) -> tuple[list[str], list[ReaderFinding]]:
    """Return the files of a data set to be read as masks of classes or of objects, and remarks on the others.

    Where names or folders say which files are wanted, these; else all but those that are known to be something else. A
    folder of pictures says so only where other files are not in one: some call the folder of their masks so.
    """
    found = _wanted(files, wanted)
    others = sorted(set(files) - set(found))
    remark = [ReaderFinding("file_passed_over", inside(others[0], root), len(others), "PNG files")] if others else []
    return found, remark


def _wanted(files: Sequence[str], wanted: str) -> list[str]:
    kinds = {path: kind_by_name(path) for path in files}
    endings = CLASS_ENDINGS if wanted == CLASS else OBJECT_ENDINGS
    for ending in endings:
        named = [path for path in files if path.lower().endswith(ending)]
        if named:
            return named
    sure = [path for path, kind in kinds.items() if kind and kind.name == wanted]
    unsaid = [path for path, kind in kinds.items() if kind is None]
    pictures = [path for path, kind in kinds.items() if kind and kind.name == PICTURE]
    return sure or (unsaid if len(unsaid) >= len(pictures) else []) or list(files)
