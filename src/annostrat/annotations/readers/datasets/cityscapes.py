"""Cityscapes: one JSON file an image, with polygons of objects (`gtFine`), or boxes of persons or vehicles (`gtBbox`).

Source: `cityscapesscripts/helpers/annotation.py` of https://github.com/mcordts/cityscapesScripts. The visible share
below which CityPersons counts a person as occluded is from arXiv 1702.05693.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from annostrat.annotations import CROWD, MIN_VERTICES, OCCLUDED, OCCLUSION_STATED, STUFF, Image
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.left_out import LeftOut, UnusableError
from annostrat.annotations.masks.streets import STUFF_CLASSES, VOID
from annostrat.annotations.reader import Reader, broken, inside, one_image_each
from annostrat.annotations.text.json import Sign, sought, told_by
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


look = told_by(
    Sign("imgHeight imgWidth objects", "imgHeight, imgWidth and objects"),
    missing="the keys imgHeight, imgWidth and objects",
)


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
    left_out = LeftOut()
    for index, each in enumerate(file.objects):
        with left_out.at(where):
            builder.label(image, id_=index, **_object(each))
    left_out.tell(builder)


def _name(where: str) -> str:
    """Return the stem that the files of an image share."""
    ending = next((ending for ending in ENDINGS if where.endswith(ending)), "")
    return where.removesuffix(ending).removesuffix("_gtFine").removesuffix("_gtCoarse").removesuffix("_gtBbox")


def _object(each: Any) -> dict[str, Any]:
    """Return class, flags and shape of an object."""
    label = each.get("label") if isinstance(each, dict) else None
    if not isinstance(label, str):
        raise UnusableError("bad_value", _NO_OBJECT)
    if each.get("deleted"):
        raise UnusableError("deleted_label", "marked as deleted")
    if label in IGNORED:
        raise UnusableError("void_region", f"one of {', '.join(sorted(IGNORED))}")
    single = label.removesuffix(GROUP).rstrip()
    is_group = label not in STUFF_CLASSES and single not in {"", label}
    category, flags = (single, CROWD) if is_group else (label, STUFF * (label in STUFF_CLASSES))
    if "polygon" not in each:
        box, seen = _box(each)
        return {"category": category, "flags": flags | seen, "box": box}
    outline = vertices(each["polygon"])
    if len(outline) < MIN_VERTICES:
        raise UnusableError("empty_outline", f"fewer than {MIN_VERTICES} points")
    return {"category": category, "flags": flags, "outline": [outline]}


_NO_OBJECT = "an object without a label or a shape"


def _box(each: dict[str, Any]) -> tuple[tuple[float, float, float, float], int]:
    """Return a box, and bits for whether it is occluded where the file has its visible part."""
    seen = each["2d"] if isinstance(each.get("2d"), dict) else {}
    box, visible = numbers(each.get("bbox", seen.get("amodal"))), each.get("bboxVis", seen.get("modal"))
    if box is None or len(box) != len("xywh"):
        raise UnusableError("bad_value", _NO_OBJECT)
    x, y, width, height = box
    if not isinstance(visible, list) or len(visible) != len(box):
        return (x, y, x + width, y + height), 0
    is_hidden = number(visible[2]) * number(visible[3]) < VISIBLE_SHARE * width * height
    return (x, y, x + width, y + height), OCCLUSION_STATED | OCCLUDED * is_hidden


PLUGIN = Reader(
    name="cityscapes",
    title="Cityscapes",
    wants="a JSON file an image, such as *_gtFine_polygons.json",
    suffixes=(".json",),
    look=look,
    open=open_files,
)
