"""Cityscapes: one JSON file an image, with polygons of objects (`gtFine`), or boxes of persons or vehicles (`gtBbox`).

Source: `cityscapesscripts/helpers/annotation.py` of https://github.com/mcordts/cityscapesScripts. The visible share
below which CityPersons counts a person as occluded is from arXiv 1702.05693.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from annostrat.annotations import CROWD, MIN_VERTICES, OCCLUDED, OCCLUSION_STATED, STUFF, Image
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.masks.streets import STUFF_CLASSES, VOID
from annostrat.annotations.reader import Look, Reader, broken, inside, one_image_each
from annostrat.annotations.text.json import keys, sought
from annostrat.annotations.text.values import number, numbers, side, vertices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.reader import Source

GROUP = "group"
"""Ending of a label for several objects that the annotators did not separate."""
VISIBLE_SHARE = 0.65
IGNORED = VOID | {"ignore"}
ENDINGS = ("_polygons.json", "_bboxcityPersons.json", "_gtBbox3d.json", ".json")


class _SceneFile(msgspec.Struct):
    objects: Any = None
    imgWidth: Any = None  # noqa: N815 - the format's own names
    imgHeight: Any = None  # noqa: N815


def look(path: str, head: bytes) -> Look:
    """Tell Cityscapes from other JSON by its keys."""
    del path
    found = keys(head)
    if {"imgHeight", "imgWidth", "objects"} <= found:
        return Look(fits=True, found="imgHeight, imgWidth and objects")
    return Look(fits=False, missing="the keys imgHeight, imgWidth and objects")


def open_files(files: Sequence[str], root: str) -> Source:
    """Cut the files into pieces; files of other formats are noticed when they are read."""
    return one_image_each(files, root, _read)


def _read(path: str, builder: BatchBuilder, root: str) -> None:
    where, named = inside(path, root), path == root or path.endswith(ENDINGS[:-1])
    file = sought(path, _SceneFile, "objects", named=named)
    if file is None or not (named or (file.objects is not None and file.imgWidth is not None)):
        builder.remark("file_passed_over", where, "no objects, imgWidth and imgHeight")
        return
    if not isinstance(file.objects, list):
        raise broken(path, "there is no list of objects", hint="wanted: imgHeight, imgWidth, objects")
    width, height = side(file.imgWidth), side(file.imgHeight)
    if not (width and height):
        builder.remark("image_size_unknown", where, "imgWidth and imgHeight are not above 0")
        width = height = 0
    image = builder.image(Image(_name(where), width, height, split_of_folder(where), where))
    left_out: dict[str, int] = {}
    for number_, each in enumerate(file.objects):
        reason = _add(each, builder, image, number_) if isinstance(each, dict) else "bad_value"
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
    for reason, times in left_out.items():
        builder.remark(reason, where, _LEFT_OUT[reason], times)


_LEFT_OUT = {
    "bad_value": "an object without a label or a shape",
    "deleted_label": "marked as deleted",
    "void_region": f"one of {', '.join(sorted(IGNORED))}",
    "empty_outline": f"fewer than {MIN_VERTICES} points",
}


def _name(where: str) -> str:
    """Return the stem that the files of an image share."""
    ending = next((ending for ending in ENDINGS if where.endswith(ending)), "")
    return where.removesuffix(ending).removesuffix("_gtFine").removesuffix("_gtCoarse").removesuffix("_gtBbox")


def _add(each: dict[str, Any], builder: BatchBuilder, image: int, id_: int) -> str:
    """Add an object; return why it was left out, or nothing."""
    label = each.get("label")
    if not isinstance(label, str):
        return "bad_value"
    if each.get("deleted"):
        return "deleted_label"
    if label in IGNORED:
        return "void_region"
    if "polygon" in each:
        return _add_polygon(each["polygon"], label, builder, image, id_)
    return _add_box(each, label, builder, image, id_)


def _add_polygon(polygon: Any, label: str, builder: BatchBuilder, image: int, id_: int) -> str:
    outline = vertices(polygon)
    if len(outline) < MIN_VERTICES:
        return "empty_outline"
    category, flags = _meaning(label)
    builder.label(image, category, id_, outline=[outline], flags=flags)
    return ""


def _meaning(label: str) -> tuple[str, int]:
    if label in STUFF_CLASSES:
        return label, STUFF
    single = label.removesuffix(GROUP).rstrip()
    return (single, CROWD) if single and single != label else (label, 0)


def _add_box(each: dict[str, Any], label: str, builder: BatchBuilder, image: int, id_: int) -> str:
    seen = each["2d"] if isinstance(each.get("2d"), dict) else {}
    box = numbers(each.get("bbox", seen.get("amodal")))
    if box is None or len(box) != 4:  # noqa: PLR2004 - x, y, width, height
        return "bad_value"
    x, y, width, height = box
    category, flags = _meaning(label)
    visible = each.get("bboxVis", seen.get("modal"))
    if isinstance(visible, list) and len(visible) == len(box):
        flags |= OCCLUSION_STATED
        if number(visible[2]) * number(visible[3]) < VISIBLE_SHARE * width * height:
            flags |= OCCLUDED
    builder.label(image, category, id_, box=(x, y, x + width, y + height), flags=flags)
    return ""


PLUGIN = Reader(
    name="cityscapes",
    title="Cityscapes",
    wants="a JSON file an image, such as *_gtFine_polygons.json",
    suffixes=(".json",),
    look=look,
    open=open_files,
)
