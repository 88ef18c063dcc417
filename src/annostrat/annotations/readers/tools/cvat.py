"""CVAT for images 1.1: one XML file of a task or a project, with boxes, polygons, ellipses and masks in pixels.

Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.annotations import BatchBuilder, Image
from annostrat.annotations.files.regular import head_of
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.left_out import LeftOut
from annostrat.annotations.reader import Look, Reader, Source, inside, is_full, problems_of
from annostrat.annotations.shapes.cvat import add_shape
from annostrat.annotations.text.values import side
from annostrat.annotations.text.xml import children_of, root_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from annostrat.annotations import Batch

_ROOT = "annotations"
_NO_SUBSET = ("", "default")


def _look(_path: str, head: bytes) -> Look:
    text = head.replace(b"\0", b"").lower()
    if root_tag(head) != _ROOT:
        return Look(fits=False, missing="an <annotations> element")
    if b"image " in text:
        return Look(fits=True, found="<annotations> with <image> elements")
    if b"track " in text:
        return Look(fits=False, missing="<image> elements; tracks are those of CVAT for video")
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
        for element in children_of(path) if tag in ("", _ROOT) else ():
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
