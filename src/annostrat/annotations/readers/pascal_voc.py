"""Pascal VOC: an XML file an image, with boxes in pixels; ImageNet, labelImg, roLabelImg and Roboflow write it too.

Boxes are taken as they are: whether the first pixel is 0 or 1 differs among the programs that write them.
Source: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html.
"""

from __future__ import annotations

import os
import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, ORIENTED, TRUNCATED, TRUNCATION_STATED, Image
from annostrat.annotations.files.image_files import size_of
from annostrat.annotations.files.splits import split_of_folder
from annostrat.annotations.reader import Look, Reader, inside, of_images, read_each
from annostrat.annotations.shapes.rotation import envelope
from annostrat.annotations.text.xml import root_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

    from annostrat.annotations import Batch, BatchBuilder
    from annostrat.annotations.reader import Source

_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*)*<annotation[\s>]", re.DOTALL)
_WORDS: dict[str | None, bool] = {
    "1": True,
    "true": True,
    "True": True,
    "yes": True,
    "0": False,
    "false": False,
    "False": False,
    "no": False,
}
_OCCLUDED = {word: OCCLUSION_STATED | OCCLUDED * said for word, said in _WORDS.items()}
_TRUNCATED = {word: TRUNCATION_STATED | TRUNCATED * said for word, said in _WORDS.items()}
"""What the words of a flag mean; the devkit's "Unspecified" states nothing."""
_SUFFIX = ".xml"
_EDGES = ("xmin", "ymin", "xmax", "ymax")
_LISTS = ("train", "val", "test")


Box = tuple[float, float, float, float]


class _VocFile(NamedTuple):
    """An XML file as it is found and shown; without a path, an image that a list names and that has no file."""

    path: str
    where: str
    stem: str
    split: str


def _look(_path: str, head: bytes) -> Look:
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe")
    if not _ROOT.match(text):
        return Look(fits=False, missing="an <annotation> element")
    if b"<bndbox>" not in text and any(tag in text for tag in (b"<polygon", b"<segm>", b"<imagesize")):
        return Look(fits=False, missing="<bndbox> elements; looks like the XML of LabelMe's web tool")
    found = next((tag for tag in (b"<bndbox>", b"<robndbox>", b"<size>", b"<filename>") if tag in text), b"")
    if not found:
        return Look(fits=False, missing="a <size>, and <object> elements with a <bndbox>")
    return Look(fits=True, found=f"<annotation> with {found.decode()}")


def _open(files: Sequence[str], root: str) -> Source:
    folders: dict[str, list[str]] = {}
    for path in files:
        folders.setdefault(os.path.dirname(path), []).append(path)
    found = [file for folder, paths in folders.items() for file in _files_of(folder, paths, root)]
    return of_images(found, _read, attrgetter("where"))


def _files_of(folder: str, paths: Sequence[str], root: str) -> list[_VocFile]:
    """Return the XML files of a folder with their splits, and what the lists in `ImageSets` name beside them."""
    listed = _listed_beside(folder)
    shown = inside(paths[0], root).removesuffix(os.path.basename(paths[0]))
    split = split_of_folder(shown)
    found = []
    for path in paths:
        name = os.path.basename(path)
        stem = name[: -len(_SUFFIX)]
        found.append(_VocFile(path, shown + name, stem, listed.pop(stem, split)))
    missing = [_VocFile("", stem, stem, split) for stem, split in listed.items()]
    return found + (missing if os.path.isdir(root) else [])


def _listed_beside(folder: str) -> dict[str, str]:
    """Return the split of each image that `ImageSets/Main` beside a folder lists."""
    listed: dict[str, str] = {}
    for split in _LISTS:
        path = os.path.join(os.path.dirname(os.path.abspath(folder)), "ImageSets", "Main", f"{split}.txt")
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                listed |= {line.split()[0]: split for line in file if line.strip()}
        except OSError:
            continue
    return listed


def _read(files: Sequence[_VocFile]) -> Iterator[Batch]:
    by_path = {file.path or file.stem: file for file in files}
    return read_each(by_path, lambda path, builder: _add(by_path[path], builder))


def _add(file: _VocFile, builder: BatchBuilder) -> None:
    if not file.path:
        builder.image(Image(file.stem, 0, 0, file.split, ""))
        builder.remark("missing_labels_file", file.where, f"listed for {file.split}, and has no XML file")
        return
    with open(file.path, "rb", buffering=0) as stream:
        data = stream.read()
    annotation = root_of(data, file.path)
    if annotation.tag != "annotation":
        return
    image = builder.image(_image(annotation, file, builder))
    objects = annotation.findall("object")
    if any(sign in data for sign in _UNUSUAL) or not _boxes(objects, image, builder):
        for number, element in enumerate(objects, 1):
            _label(element, image, number, file.where, builder)


_UNUSUAL = (b"\0", b"<part", b"<polygon")
"""What a file has where its objects are more than boxes, or where its text is not of bytes."""
_NUMBERS = msgspec.json.Decoder(list[float])


def _boxes(objects: Sequence[Element], image: int, builder: BatchBuilder) -> bool:
    """Add objects all of which have a name and a plain box, at once; say whether they are."""
    names = [(element.findtext("name") or "").strip() for element in objects]
    try:
        boxes: Any = [element.find("bndbox") for element in objects]
        sides = [box.findtext(edge) for box in boxes for edge in _EDGES]
        edges = _NUMBERS.decode(f"[{','.join(sides)}]")
    except (AttributeError, TypeError, msgspec.MsgspecError):
        return False
    if not all(names) or len(edges) != len(_EDGES) * len(names):
        return False
    flags = [
        _OCCLUDED.get(element.findtext("occluded"), 0) | _TRUNCATED.get(element.findtext("truncated"), 0)
        for element in objects
    ]
    builder.boxes(image, names, edges, flags)
    return True


def _image(annotation: Element, file: _VocFile, builder: BatchBuilder) -> Image:
    where = file.where
    name = (annotation.findtext("filename") or "").strip()
    if not name:
        builder.remark("image_without_name", where, "named after its XML file")
    try:
        size = annotation.find("size")
        width, height = (
            (float(size.findtext("width") or 0), float(size.findtext("height") or 0))
            if size is not None
            else (0.0, 0.0)
        )
    except ValueError:
        builder.remark("bad_value", where, "a size that is no number")
        width = height = 0.0
    if not (width > 0 and height > 0):
        width, height = _size_of_file(file.path, name) or (0, 0)
        if not width:
            builder.remark("image_size_unknown", where, "no <size>, and no image beside the labels")
    return Image(name or file.stem, width, height, file.split, where)


def _size_of_file(path: str, name: str) -> tuple[int, int] | None:
    folder = os.path.dirname(path)
    name = os.path.basename(name)
    tried = (os.path.join(folder, beside, name) for beside in ("", "../JPEGImages", "../images"))
    return next((size for image in tried if name and "\0" not in image and (size := size_of(image))), None)


def _label(element: Element, image: int, number: int, where: str, builder: BatchBuilder) -> None:
    name = (element.findtext("name") or "").strip()
    if not name:
        builder.remark("class_unnamed", f"{where}#{number}", "an object without a name")
    try:
        box, flags = _box_of(element)
        outline = () if element.find("polygon") is None else _outline_of(element)
    except (TypeError, ValueError):
        builder.remark("bad_value", f"{where}#{number}", "an object without a box that can be read")
        return
    flags |= _OCCLUDED.get(element.findtext("occluded"), 0) | _TRUNCATED.get(element.findtext("truncated"), 0)
    builder.label(image, name, number, box=box, outline=outline, flags=flags)
    if flags & ORIENTED:
        builder.remark("oriented_boxes", f"{where}#{number}", "measured on the upright box around it")
    if element.find("part") is not None:
        builder.remark("shape_not_measured", f"{where}#{number}", "boxes of parts", len(element.findall("part")))


def _box_of(element: Element) -> tuple[Box, int]:
    """Return the box of an object, and the flag of a turned one, whose angle is in radians.

    Raises:
        TypeError: An edge is missing.
        ValueError: An edge is no number.
    """
    box = element.find("bndbox")
    if box is not None:
        edges: Any = map(box.findtext, _EDGES)
        left, top, right, bottom = map(float, edges)
        return (left, top, right, bottom), 0
    side: Any = element.findtext
    x, y, width, height, angle = (float(side(f"robndbox/{key}")) for key in ("cx", "cy", "w", "h", "angle"))
    return envelope(x, y, width, height, angle), ORIENTED


def _outline_of(element: Element) -> list[NDArray[np.float64]]:
    """Return the outline that Roboflow writes beside the box: <x1>, <y1>, <x2> and so on."""
    return [np.array([float(corner.text or "") for corner in element.iterfind("polygon/*")]).reshape(-1, 2)]


PLUGIN = Reader(
    "pascal_voc",
    "Pascal VOC",
    "XML files with <annotation>, <object> and <bndbox>",
    (_SUFFIX,),
    _look,
    _open,
    aliases=("voc", "pascal"),
)
