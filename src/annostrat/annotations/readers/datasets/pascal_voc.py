"""Pascal VOC: an XML file an image, with boxes in pixels; ImageNet, labelImg, roLabelImg and Roboflow write it too.

Boxes are taken as they are: whether the first pixel is 0 or 1 differs among the programs that write them.
Source: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html.
"""

from __future__ import annotations

import math
import os
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from annostrat.annotations import ORIENTED, UNNAMED, Image
from annostrat.annotations.files.image_files import size_near
from annostrat.annotations.files.regular import bytes_of
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.reader import Look, Reader, inside, of_images, read_each
from annostrat.annotations.shapes.rotation import envelope
from annostrat.annotations.text.flags import OCCLUSION, TRUNCATION
from annostrat.annotations.text.values import number, numbers, side
from annostrat.annotations.text.xml import root_of, root_tag
from annostrat.errors import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from annostrat.annotations import Batch, BatchBuilder
    from annostrat.annotations.reader import Source

_ROOT = "annotation"
_SUFFIX = ".xml"
_EDGES = ("xmin", "ymin", "xmax", "ymax")
_TURNED = ("cx", "cy", "w", "h", "angle")
_IMAGES = ("", "../JPEGImages", "../images")
_LISTS = ("train", "val", "test")


class _VocFile(NamedTuple):
    """An XML file as it is found and shown; without a path, an image that a list names and that has no file."""

    path: str
    where: str
    stem: str
    split: str


def _look(_path: str, head: bytes) -> Look:
    if root_tag(head) != _ROOT:
        return Look(fits=False, missing="an <annotation> element")
    text = head.replace(b"\0", b"").lower()
    if b"bndbox>" not in text and any(tag in text for tag in (b"<polygon", b"<segm>", b"<imagesize")):
        return Look(fits=False, missing="<bndbox> elements")  # the XML of LabelMe's web tool
    found = next((tag for tag in (b"bndbox>", b"size>", b"filename>") if tag in text), b"")
    if not found:
        return Look(fits=False, missing="a <size>, and <object> elements with a <bndbox>")
    return Look(fits=True, found=f"<annotation> with <{found.decode()}")


def _open(files: Sequence[str], root: str) -> Source:
    folders: dict[str, list[str]] = {}
    for path in files:
        folder, name = os.path.split(path)
        folders.setdefault(folder, []).append(name)
    found = [file for folder, names in folders.items() for file in _files_of(folder, names, root)]
    return of_images(found, _read, attrgetter("where"))


def _files_of(folder: str, names: Sequence[str], root: str) -> list[_VocFile]:
    """Return the XML files of a folder with their splits, and what the lists in `ImageSets` name beside them."""
    listed, within = _listed_beside(folder), os.path.join(folder, "")
    shown = inside(within + names[0], root).removesuffix(names[0])
    split = split_of_folder(shown)
    stems = [name[: -len(_SUFFIX)] for name in names]
    found = [
        _VocFile(within + name, shown + name, stem, listed.pop(stem, split))
        for name, stem in zip(names, stems, strict=True)
    ]
    missing = [_VocFile("", stem, stem, split) for stem, split in listed.items()]
    return found + (missing if os.path.isdir(root) else [])


def _listed_beside(folder: str) -> dict[str, str]:
    """Return the split of each image that `ImageSets/Main` beside a folder lists."""
    listed: dict[str, str] = {}
    for split in _LISTS:
        path = os.path.join(os.path.dirname(os.path.abspath(folder)), "ImageSets", "Main", f"{split}.txt")
        try:
            lines = bytes_of(path).decode("utf-8", "replace").splitlines()
        except OSError:
            continue
        listed |= {line.split()[0]: split for line in lines if line.strip()}
    return listed


def _read(files: Sequence[_VocFile]) -> Iterator[Batch]:
    by_path = {file.path or file.stem: file for file in files}
    return read_each(by_path, lambda path, builder: _add(by_path[path], builder))


def _add(file: _VocFile, builder: BatchBuilder) -> None:
    if not file.path:
        builder.image(Image(file.stem, 0, 0, file.split, ""))
        builder.remark("missing_labels_file", file.where, f"listed for {file.split}, and has no XML file")
        return
    data = bytes_of(file.path)
    annotation, tags = root_of(data, file.path)
    if annotation.tag != _ROOT:
        builder.remark("file_passed_over", file.where, f"<{annotation.tag[:40]}>")
        return
    image = builder.image(_image(annotation, file, builder))
    objects = annotation.findall("object")
    are_all = data.count(b"<object") == data.count(b"<bndbox") == len(objects)
    if not (are_all and tags.isdisjoint(_UNUSUAL) and _boxes(objects, image, builder)):
        for number, element in enumerate(annotation.iter("object"), 1):
            _label(element, image, number, file.where, builder)


_UNUSUAL = {"part", "polygon"}
"""Elements of objects that are more than boxes."""
_NUMBERS = msgspec.json.Decoder(list[float])


def _boxes(objects: Sequence[Element], image: int, builder: BatchBuilder) -> bool:
    """Add objects at once if each has a name and a plain box; return whether they do."""
    try:
        names = [element.findtext("name").strip() for element in objects]  # type: ignore[union-attr]
        boxes: Any = [element.find("bndbox") for element in objects]
        edges = _NUMBERS.decode(f"[{','.join([box.findtext(edge) for box in boxes for edge in _EDGES])}]")
    except (AttributeError, TypeError, msgspec.MsgspecError):
        return False
    if not all(names) or len(edges) != len(_EDGES) * len(names):
        return False
    builder.boxes(image, names, edges, list(map(_flags, objects)), range(1, len(names) + 1))
    return True


def _flags(element: Element) -> int:
    return OCCLUSION.get(element.findtext("occluded"), 0) | TRUNCATION.get(element.findtext("truncated"), 0)


def _image(annotation: Element, file: _VocFile, builder: BatchBuilder) -> Image:
    where = file.where
    name = (annotation.findtext("filename") or "").strip()
    if not name:
        builder.remark("image_without_name", where, "named after its XML file")
    size = annotation.find("size")
    stated = ("", "") if size is None else (size.findtext("width"), size.findtext("height"))
    width, height = map(side, stated)
    if not (width and height) and any(value and math.isnan(number(value)) for value in stated):
        builder.remark("bad_value", where, "a size that is no number")
    if not (width and height):
        width, height = size_near(file.path, os.path.basename(name), _IMAGES) or (0, 0)
        if not width:
            builder.remark("image_size_unknown", where, "no <size>, and no image beside the labels")
    return Image(name or file.stem, width, height, file.split, where)


def _label(element: Element, image: int, id_: int, where: str, builder: BatchBuilder) -> None:
    """Add an object, of which each box counts as one; an angle is in radians."""
    place = f"{where}#{id_}"
    name = (element.findtext("name") or "").strip()
    if not name:
        builder.remark("without_class", place, "an object without a name")
    stated = [(numbers([box.findtext(edge) for edge in _EDGES]), 0) for box in element.findall("bndbox")]
    if not stated:
        turned = (numbers([box.findtext(key) for key in _TURNED]) for box in element.findall("robndbox"))
        stated = [(None if box is None else [*envelope(*box)], ORIENTED) for box in turned]
    boxes = [(box, turn) for box, turn in stated if box is not None]
    rings = [numbers([corner.text for corner in polygon]) for polygon in element.findall("polygon")]
    if len(boxes) < len(stated) or not boxes or None in rings:
        builder.remark("bad_value", place, _fault_of(element))
    outline = [np.array(ring[: len(ring) // 2 * 2]).reshape(-1, 2) for ring in rings if ring]
    flags = _flags(element)
    if len(boxes) > 1:
        builder.remark("several_boxes", place, f"{len(boxes)} <bndbox> in an <object>")
        outline = []
    for (left, top, right, bottom), turn in boxes:
        builder.label(image, name or UNNAMED, id_, box=(left, top, right, bottom), outline=outline, flags=flags | turn)
        if turn:
            builder.remark("oriented_boxes", place, "measured on the upright box around it")
    if parts := element.findall("part"):
        builder.remark("shape_not_measured", place, "boxes of parts", len(parts))


def _fault_of(element: Element) -> str:
    """Return why an object has no box, with what stands in the place of its edges."""
    box = next(element.iter("bndbox"), None)
    stated = ", ".join(f"{edge.tag} {(edge.text or '').strip() or 'of nothing'}" for edge in box or ())
    there = "an object without a box that can be read"
    return f"{there}: wanted {', '.join(_EDGES)}, and there is {shortened(stated)}" if stated else there


PLUGIN = Reader(
    "pascal_voc",
    "Pascal VOC",
    "XML files with <annotation>, <object> and <bndbox>",
    (_SUFFIX,),
    _look,
    _open,
    aliases=("voc", "pascal"),
)
