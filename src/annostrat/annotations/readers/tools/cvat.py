"""CVAT for images 1.1: one XML file of a task or a project, with boxes, polygons, ellipses and masks in pixels.

Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/. The runs of a mask go along the rows of its own rectangle
and begin with pixels that are not set.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations import MIN_VERTICES, OCCLUDED, OCCLUSION_STATED, ORIENTED, BatchBuilder, Image
from annostrat.annotations.files.regular import head_of
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.masks.rle import mask_of_row_runs
from annostrat.annotations.masks.runs import RunsError
from annostrat.annotations.reader import Look, Reader, Source, inside, is_full, problems_of
from annostrat.annotations.shapes.rotation import ellipse, envelope
from annostrat.annotations.text.values import side
from annostrat.annotations.text.xml import events_of, root_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    from annostrat.annotations import Batch

_ROOT = "annotations"
_NO_SUBSET = ("", "default")
_OCCLUDED = {"0": OCCLUSION_STATED, "1": OCCLUSION_STATED | OCCLUDED}


class _UnusableError(Exception):
    """An object that is left out, with the kind of remark and its detail."""


def _look(_path: str, head: bytes) -> Look:
    text = head.replace(b"\0", b"").lower()
    if root_tag(head) != _ROOT:
        return Look(fits=False, missing="an <annotations> element")
    if b"image " in text:
        return Look(fits=True, found="<annotations> with <image> elements")
    if b"track " in text:
        return Look(fits=False, missing="<image> elements; CVAT for video is not read: export as CVAT for images 1.1")
    if b"<meta" in text:
        return Look(fits=True, found="<annotations> with the <meta> of CVAT")
    return Look(fits=False, missing="<image> elements")


def _open(files: Sequence[str], root: str) -> Source:
    return Source(files, partial(_read, root))


def _read(root: str, path: str) -> Iterator[Batch]:
    """Yield the batches of a file; what comes before an error is kept."""
    builder = BatchBuilder()
    where = inside(path, root)
    try:
        tag = root_tag(head_of(path))
        if tag and tag != _ROOT:
            builder.remark("file_passed_over", where, f"<{tag[:40]}>")
        for element in _children(path) if tag in ("", _ROOT) else ():
            if element.tag == "image":
                _add_image(element, where, builder)
            elif element.tag == "track":
                builder.remark("shape_not_measured", f"{where}#{element.get('id')}", "a track of a video")
            if is_full(builder):
                yield builder.batch()
                builder = BatchBuilder()
    except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
        builder.problems += problems_of(path, error)
    yield builder.batch()


def _children(path: str) -> Iterator[Element]:
    """Yield the elements below the root, each taken out of memory before the next."""
    depth = 0
    root: Element | None = None
    for event, element in events_of(path):
        root = element if root is None else root
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 1:
            yield element
            root.clear()


def _add_image(element: Element, where: str, builder: BatchBuilder) -> None:
    name = element.get("name") or ""
    place = f"{where}#{name or element.get('id')}"
    if not name:
        builder.remark("image_without_name", place, "named after its id")
    width, height = side(element.get("width")), side(element.get("height"))
    if not (width and height):
        builder.remark("image_size_unknown", place, "no width and height")
        width = height = 0
    subset = element.get("subset", "")
    split = split_of(where) if subset in _NO_SUBSET else subset
    image = builder.image(Image(name or f"{element.get('id')}", width, height, split, where))
    left_out: Counter[tuple[str, str]] = Counter()
    for number, shape in enumerate(element, 1):
        try:
            _add_shape(shape, image, number, place, builder)
        except _UnusableError as reason:
            left_out[reason.args[0], reason.args[1]] += 1
    for (kind, detail), times in left_out.items():
        builder.remark(kind, place, detail, times)


def _add_shape(shape: Element, image: int, number: int, place: str, builder: BatchBuilder) -> None:
    add = _SHAPES.get(shape.tag)
    if add is None:
        raise _UnusableError("shape_not_measured", shape.tag[:40])
    label = shape.get("label") or ""
    if not label:
        builder.remark("class_unnamed", place, f"a {shape.tag} without a label")
    try:
        found = add(shape)
    except RunsError as error:
        builder.remark(error.kind, place, "the rectangle of the mask alone is taken")
        found = {"box": _rectangle(shape)}
    except (KeyError, ValueError, OverflowError) as error:
        raise _UnusableError("bad_value", f"a {shape.tag} whose numbers are missing or none") from error
    flags = found.pop("flags", 0) | _OCCLUDED.get(shape.get("occluded", ""), 0)
    builder.label(image, label, number, flags=flags, **found)
    if flags & ORIENTED:
        builder.remark("oriented_boxes", place, "measured on the upright box around it")


def _box(shape: Element) -> dict[str, Any]:
    left, top, right, bottom = (float(shape.attrib[side]) for side in ("xtl", "ytl", "xbr", "ybr"))
    angle = float(shape.get("rotation", 0))
    if not angle:
        return {"box": (left, top, right, bottom)}
    middle = (left + right) / 2, (top + bottom) / 2
    return {"box": envelope(*middle, right - left, bottom - top, math.radians(angle)), "flags": ORIENTED}


def _polygon(shape: Element) -> dict[str, Any]:
    numbers = shape.attrib["points"].replace(";", ",").split(",")
    points = np.array(list(map(float, numbers))).reshape(-1, 2)
    if len(points) < MIN_VERTICES:
        raise _UnusableError("empty_outline", f"a polygon of {len(points)} points")
    return {"outline": [points]}


def _ellipse(shape: Element) -> dict[str, Any]:
    x, y, x_radius, y_radius = (float(shape.attrib[key]) for key in ("cx", "cy", "rx", "ry"))
    return {"outline": [ellipse(x, y, x_radius, y_radius, math.radians(float(shape.get("rotation", 0))))]}


def _mask(shape: Element) -> dict[str, Any]:
    """Return the pixels of a mask, whose runs go along the rows of its rectangle."""
    left, top, width, height = (int(float(shape.attrib[key])) for key in ("left", "top", "width", "height"))
    mask = mask_of_row_runs([int(run) for run in shape.attrib["rle"].split(",")], height, width)
    if mask is None:
        raise _UnusableError("empty_outline", "a mask without a pixel")
    return {"mask": mask._replace(left=left + mask.left, top=top + mask.top)}


def _rectangle(mask: Element) -> tuple[float, float, float, float]:
    left, top, width, height = (float(mask.attrib[key]) for key in ("left", "top", "width", "height"))
    return left, top, left + width, top + height


_SHAPES: dict[str, Callable[[Element], dict[str, Any]]]
_SHAPES = {"box": _box, "polygon": _polygon, "ellipse": _ellipse, "mask": _mask}

PLUGIN = Reader("cvat", "CVAT for images", "an annotations.xml with <image> elements", (".xml",), _look, _open)
