"""SA-1B: a JSON file an image, with masks in COCO's run lengths and no classes, drawn by Segment Anything.

Source: https://github.com/facebookresearch/segment-anything#dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from annostrat.annotations import UNNAMED, Image
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.left_out import LeftOut, UnusableError
from annostrat.annotations.masks.rle import mask_of_coco
from annostrat.annotations.reader import Reader, inside
from annostrat.annotations.text.json import Sign, content, decoded, one_image_each, told_by
from annostrat.annotations.text.values import label_id, numbers, side, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.reader import Source


class _Sa1bFile(msgspec.Struct):
    image: dict[str, Any]
    annotations: list[Any]


_look = told_by(
    Sign("image.image_id annotations", "image with image_id, and annotations"),
    missing="the keys image, with image_id, and annotations",
)


def _open(files: Sequence[str], root: str) -> Source:
    return one_image_each(files, root, _look, _read)


def _read(path: str, builder: BatchBuilder, root: str) -> None:
    where = inside(path, root)
    file = decoded(path, content(path), _Sa1bFile)
    size = side(file.image.get("width")), side(file.image.get("height"))
    name = text(file.image.get("file_name")) or where
    image = builder.image(Image(name, *size, split_of_folder(where), where))
    left_out = LeftOut()
    for index, annotation in enumerate(file.annotations):
        place = f"{where}#{index}"
        with left_out.at(place):
            if not isinstance(annotation, dict):
                raise UnusableError("bad_value", "an annotation that is no object")
            shape: dict[str, Any] = {}
            with left_out.at(place):
                shape["mask"] = mask_of_coco(annotation.get("segmentation"), *size)
            box = numbers(annotation.get("bbox"))
            if box is not None and len(box) == len("xywh"):
                shape["box"] = (box[0], box[1], box[0] + box[2], box[1] + box[3])
            else:
                left_out.add("bad_value", "a bbox that is not four numbers", place)
            builder.label(image, UNNAMED, label_id(annotation.get("id"), index), **shape)
    left_out.tell(builder)


PLUGIN = Reader(
    "sa_1b",
    "SA-1B",
    "JSON files with image and annotations, one an image",
    (".json",),
    _look,
    _open,
    aliases=("sam", "segment_anything"),
)
