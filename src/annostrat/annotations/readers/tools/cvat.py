"""CVAT for images 1.1: one XML file of a task or a project, with boxes, polygons, ellipses and masks in pixels.

Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.annotations import Image
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.left_out import LeftOut
from annostrat.annotations.reader import Look, Reader, Source, inside, read_items
from annostrat.annotations.shapes.cvat import add_shape, kinds_in
from annostrat.annotations.text.values import side
from annostrat.annotations.text.xml import children_of, of_root, root_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from annostrat.annotations import Batch, BatchBuilder

_ROOT = "annotations"
_NO_SUBSET = ("", "default")


def _look(path: str, head: bytes) -> Look:
    if root_tag(head) != _ROOT:
        return Look(fits=False, missing="an <annotations> element")
    there = kinds_in(path, head)
    if "image" in there:
        return Look(fits=True, found="<annotations> with <image> elements")
    if there:
        return Look(fits=False, missing="<image> elements; tracks are those of CVAT for video")
    if b"<meta" in head.replace(b"\0", b"").lower():
        return Look(fits=True, found="<annotations> with the <meta> of CVAT")
    return Look(fits=False, missing="<image> elements")


def _open(files: Sequence[str], root: str) -> Source:
    found, passed_over = of_root(files, root, _ROOT)
    return Source(found, partial(_read, root), remarks=passed_over)


def _read(root: str, path: str) -> Iterator[Batch]:
    return read_items(path, children_of(path), partial(_add, inside(path, root)))


def _add(where: str, element: Element, builder: BatchBuilder) -> None:
    if element.tag == "image":
        _add_image(element, where, builder)
    elif element.tag == "track":
        builder.remark("video_passed_over", f"{where}#{element.get('id')}", "a track", max(len(element), 1))


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
    left_out = LeftOut()
    for number, shape in enumerate(element, 1):
        with left_out.at(place):
            add_shape(shape.tag, shape.attrib, shape.get("label") or "", image, number, place, builder)
    left_out.tell(builder)


PLUGIN = Reader("cvat", "CVAT for images", "an annotations.xml with <image> elements", (".xml",), _look, _open)
