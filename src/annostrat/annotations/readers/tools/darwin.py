"""Darwin: V7's JSON 2.0, a file an item, with boxes, polygons, ellipses and masks in pixels; version 1 is read as well.

A polygon of several paths is one object, and a path within another is a hole. The pixels of all masks of an item are in
one annotation, a raster layer: runs along the rows, each as the number of a mask and a length. Labels of videos are
passed over. Source: `darwin/utils/utils.py`, `darwin/exporter/formats/coco.py` and `mask.py` of
https://github.com/v7labs/darwin-py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from annostrat.annotations import UNNAMED, Image
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.left_out import LeftOut, UnusableError, not_measured
from annostrat.annotations.masks.runs import RunsError, mask_of_rows
from annostrat.annotations.reader import MAX_PIXELS, Reader, Source, broken, inside
from annostrat.annotations.shapes.holes import even_odd
from annostrat.annotations.shapes.rotation import ellipse
from annostrat.annotations.text.json import Sign, content, decoded, one_image_each, told_by
from annostrat.annotations.text.values import corners, number, numbers, side, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.masks.runs import Mask

    Masks = dict[str, tuple[Any, float]]


class _DarwinFile(msgspec.Struct):
    annotations: list[Any]
    item: dict[str, Any] = {}
    image: dict[str, Any] = {}


_look = told_by(
    Sign("item.name item.slots annotations", "an item with slots, and annotations"),
    Sign("image.filename annotations", "an image with filename, and annotations, as in version 1"),
    missing="the keys annotations, and item with name and slots",
)


def _open(files: Sequence[str], root: str) -> Source:
    return one_image_each(files, root, _look, _read)


def _read(path: str, builder: BatchBuilder, root: str) -> None:
    where = inside(path, root)
    file = decoded(path, content(path), _DarwinFile)
    item = file.item or {"name": file.image.get("filename"), "path": file.image.get("path"), "slots": [file.image]}
    stated = item.get("slots")
    slots = [slot for slot in stated if isinstance(slot, dict)] if isinstance(stated, list) else []
    if not any(slots):
        raise broken(path, "there is no list of slots", hint="wanted: item with name and slots, and annotations")
    if any(slot.get("type") == "video" or "frame_count" in slot for slot in slots):
        builder.remark("video_passed_over", where, times=max(len(file.annotations), 1))
        return
    images = {text(slot.get("slot_name")): _image(slot, item, where, builder, len(slots) > 1) for slot in slots}
    masks = _masks_of(file.annotations, {text(slot.get("slot_name")): slot for slot in slots})
    left_out = LeftOut()
    for index, annotation in enumerate(file.annotations):
        with left_out.at(f"{where}#{index}"):
            _add(annotation, index, images, masks, builder)
            if "raster_layer" not in annotation:
                left_out.named(text(annotation.get("name")).strip(), "an annotation without a name", f"{where}#{index}")
    left_out.tell(builder)


def _image(slot: dict[str, Any], item: dict[str, Any], where: str, builder: BatchBuilder, several: bool) -> int:
    name = f"{text(item.get('path')).strip('/')}/{text(item.get('name')) or where}".lstrip("/")
    size = side(slot.get("width")), side(slot.get("height"))
    if not all(size):
        builder.remark("image_size_unknown", where, "a slot without width and height")
    return builder.image(
        Image(f"{name}[{text(slot.get('slot_name'))}]" if several else name, *size, split_of_folder(where), where)
    )


def _slot_of(annotation: Any) -> str | None:
    """Return the name of the slot that an annotation is in; None where it does not say."""
    names = annotation.get("slot_names") if isinstance(annotation, dict) else None
    return text(names[0]) if isinstance(names, list) and names else None


def _masks_of(annotations: Sequence[Any], slots: dict[str, dict[str, Any]]) -> Masks:
    """Return, by the id of a mask, the raster layer that it is in, with the slot's width and height, and its number."""
    found: Masks = {}
    for annotation in annotations:
        layer = annotation.get("raster_layer") if isinstance(annotation, dict) else None
        mapping = layer.get("mask_annotation_ids_mapping") if isinstance(layer, dict) else None
        if isinstance(layer, dict) and isinstance(mapping, dict):
            slot = slots.get(_slot_of(annotation) or "", next(iter(slots.values())))
            runs = numbers(layer.get("dense_rle")), side(slot.get("width")), side(slot.get("height"))
            found |= {id_: (runs, number(value)) for id_, value in mapping.items()}
    return found


def _add(annotation: Any, index: int, images: dict[str, int], masks: Masks, builder: BatchBuilder) -> None:
    if not isinstance(annotation, dict):
        raise UnusableError("bad_value", "an entry that is not an object")
    if "raster_layer" in annotation:
        return
    slot = _slot_of(annotation)
    if slot not in images and slot is not None:
        raise UnusableError("unknown_image", "an annotation of a slot that the item does not list")
    image = images[slot] if slot is not None else next(iter(images.values()))
    box = annotation.get("bounding_box")
    edges = [number(box.get(key)) for key in "xywh"] if isinstance(box, dict) else []
    shape: dict[str, Any] = {"box": (edges[0], edges[1], edges[0] + edges[2], edges[1] + edges[3])} if edges else {}
    if isinstance(annotation.get("polygon"), dict):
        polygon = annotation["polygon"]
        more = polygon.get("additional_paths")
        paths = polygon.get("paths", [polygon.get("path"), *(more if isinstance(more, list) else [])])
        listed = [corners(path) for path in paths] if isinstance(paths, list) else [[]]
        shape["outline"] = even_odd([np.array(path, np.float64).reshape(-1, 2) for path in listed])
    elif isinstance(annotation.get("ellipse"), dict):
        shape["outline"] = [_ellipse(annotation["ellipse"])]
    elif "mask" in annotation:
        shape = {"mask": _mask(masks.get(text(annotation.get("id"))))}
    elif not edges:
        other = next((key for key in _OTHERS if key in annotation), "")
        raise not_measured(other) if other else UnusableError("bad_value", "an annotation without a shape")
    builder.label(image, text(annotation.get("name")).strip() or UNNAMED, index, **shape)


_OTHERS = ("tag", "line", "keypoint", "skeleton", "cuboid", "eye", "string", "graph", "table", "simple_table")


def _ellipse(value: dict[str, Any]) -> Any:
    centre, radius = value.get("center"), value.get("radius")
    (place,), (radii,) = corners([centre]), corners([radius])
    return ellipse(*place, *radii, number(value.get("angle", 0)))


def _mask(found: tuple[Any, float] | None) -> Mask:
    """Return the pixels of a mask.

    Raises:
        UnusableError: There are none, or its raster layer does not have the size of its image.
    """
    (runs, width, height), value = found or ((None, 0, 0), 0)
    if not runs or len(runs) % 2 or not 0 < width * height <= MAX_PIXELS:
        raise UnusableError("mask_damaged", "no raster layer has its pixels")
    pairs = np.array(runs).reshape(-1, 2)
    if not (pairs[:, 1] >= 0).all() or pairs[:, 1].sum() != width * height:
        raise UnusableError("mask_overruns", "the runs of the raster layer do not fill the image")
    ends = np.cumsum(pairs[:, 1]).astype(np.int64)
    own = pairs[:, 0] == value
    try:
        mask = mask_of_rows((ends - pairs[:, 1].astype(np.int64))[own], ends[own], int(width))
    except RunsError as error:
        raise UnusableError(error.kind, str(error)) from error
    if mask is None:
        raise UnusableError("empty_outline", "a mask without a pixel")
    return mask


PLUGIN = Reader(
    "darwin",
    "Darwin",
    "JSON files of V7, one an item, with item and annotations; in version 1, with image and annotations",
    (".json",),
    _look,
    _open,
    aliases=("v7", "v7_darwin"),
)
