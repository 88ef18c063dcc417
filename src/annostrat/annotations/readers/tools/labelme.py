"""LabelMe: a JSON file an image, with polygons, rectangles, circles and masks in pixels; AnyLabeling's are the same.

The image itself, which such a file may hold in base64, is skipped and not decoded.
Source: `labelme/utils/shape.py` of https://github.com/wkentaro/labelme, and its `examples/instance_segmentation`, where
shapes of one label and one `group_id` are one object.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from annostrat.annotations import ORIENTED, Image
from annostrat.annotations.files.image_files import size_near
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.left_out import LeftOut
from annostrat.annotations.reader import Reader, broken, inside, one_image_each
from annostrat.annotations.shapes.labelme import label_of, other_shape, outline_of
from annostrat.annotations.text.flags import flags_in
from annostrat.annotations.text.json import Sign, sought, told_by
from annostrat.annotations.text.values import identity, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.reader import Source


class _LabelmeFile(msgspec.Struct):
    shapes: Any = None
    imagePath: Any = None  # noqa: N815 - the format's own names
    imageWidth: Any = None  # noqa: N815
    imageHeight: Any = None  # noqa: N815


_look = told_by(
    Sign("shapes[].points shapes[].label", "shapes with a label and points"),
    Sign("imagePath shapes", "imagePath and shapes"),
    Sign("imagePath imageData", "imagePath and shapes"),
    missing="the keys shapes and imagePath",
)


def _open(files: Sequence[str], root: str) -> Source:
    return one_image_each(files, root, _read)


def _read(path: str, builder: BatchBuilder, root: str) -> None:
    where, named = inside(path, root), path == root
    file = sought(path, _LabelmeFile, "shapes", named=named)
    if file is None or (file.shapes is None and not named):
        builder.remark("file_passed_over", where, "no shapes")
        return
    if not isinstance(file.shapes, list):
        raise broken(path, "there is no list of shapes", hint="wanted: shapes, imagePath, imageWidth, imageHeight")
    image = builder.image(_image(file, path, where, builder))
    _add_shapes(file.shapes, image, where, builder)


def _image(file: _LabelmeFile, path: str, where: str, builder: BatchBuilder) -> Image:
    name = file.imagePath.replace("\\", "/") if isinstance(file.imagePath, str) else ""
    if not name:
        builder.remark("image_without_name", where, "named after its JSON file")
    width, height = side(file.imageWidth), side(file.imageHeight)
    if not (width and height):
        width, height = size_near(path, name, ("",)) or (0, 0)
        if not width:
            builder.remark("image_size_unknown", where, "no imageWidth and imageHeight, and no image beside the labels")
    return Image(name or os.path.splitext(where)[0], width, height, split_of_folder(where), where)


def _add_shapes(shapes: Sequence[Any], image: int, where: str, builder: BatchBuilder) -> None:
    """Add the objects; shapes of one label and one group are parts of one."""
    left_out = LeftOut()
    grouped: dict[tuple[str, Any], tuple[int, int, list[NDArray[np.float64]]]] = {}
    for index, shape in enumerate(shapes):
        with left_out.at(f"{where}#{index}"):
            label, flags, outline = label_of(shape), flags_in(shape.get("flags")), outline_of(shape)
            box, own, mask = other_shape(shape) if outline is None else (None, 0, None)
            label = left_out.named(label, "a shape without a label", f"{where}#{index}")
            if outline is None:
                builder.label(image, label, index, box=box, mask=mask, flags=flags | own)
                if own & ORIENTED:
                    builder.remark("oriented_boxes", f"{where}#{index}", "measured on the upright box around it")
                continue
            group = identity(shape.get("group_id"))
            key = label, index if group is None else f"group {group}"
            first, known, parts = grouped.setdefault(key, (index, 0, []))
            parts.append(outline)
            grouped[key] = first, known | flags, parts
    for (label, _), (first, flags, parts) in grouped.items():
        builder.label(image, label, first, outline=parts, flags=flags)
    left_out.tell(builder)


PLUGIN = Reader("labelme", "LabelMe", "JSON files with shapes and imagePath, one an image", (".json",), _look, _open)
