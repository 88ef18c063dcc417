"""Hugging Face: datasets for object detection, as `metadata.jsonl` beside images, or as parquet files.

A row is an image with `objects`, which have a `bbox` of x, y, width, height in pixels and a category. Of a parquet
file, which needs pyarrow, only the needed columns are read, some rows at a time; of images in it, the header. Source:
https://huggingface.co/docs/datasets/image_dataset and https://huggingface.co/docs/datasets/object_detection.
"""

from __future__ import annotations

import json
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from annostrat.annotations import UNNAMED, Image
from annostrat.annotations.files.image_files import size_near, size_of
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.left_out import LeftOut, UnusableError
from annostrat.annotations.reader import Look, Reader, Source, broken, inside, read_items
from annostrat.annotations.text.json import content, decoded, keys, many_images_each
from annostrat.annotations.text.values import identity, numbers, side, text
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from annostrat.annotations import Batch, BatchBuilder

_INSTALL = "pip install 'annostrat[parquet]'"
_OBJECTS = ("objects", "annotations")
_BOXES = ("bbox", "bboxes")
_CATEGORIES = ("category", "categories", "category_id", "label", "labels", "class", "classes", "class_name", "name")
_ROWS = 64
"""Rows of a parquet file held in memory at once: each may contain its image."""


def _look(path: str, head: bytes) -> Look:
    if path.lower().endswith(".parquet"):
        if not head.startswith(b"PAR1"):
            return Look(fits=False, missing="the beginning of a parquet file")
        if find_spec("pyarrow") is None:
            return Look(False, "parquet", f"pyarrow: {_INSTALL}")
        found = {".".join(_levels(name)) for name in _columns(path)}
    else:
        found = {name.replace("[]", "") for name in keys(head)}
    if found & {f"{objects}.{box}" for objects in _OBJECTS for box in _BOXES}:
        return Look(fits=True, found="rows with objects and their bbox")
    return Look(fits=False, missing="rows with objects and their bbox")


def _columns(path: str) -> list[str]:
    """Return the columns of a parquet file, such as `objects.list.element.bbox.list.element`."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            return [file.schema.column(number).path for number in range(len(file.schema))]
    except ArrowException as error:
        raise broken(path, f"cannot be read as parquet: {str(error)[:200]}") from error


def _levels(column: str) -> list[str]:
    """Return the names that a column is nested in, without the levels of lists."""
    return [name for name in column.split(".") if name not in {"list", "element", "item", "array"}]


def _open(files: Sequence[str], root: str) -> Source:
    return many_images_each(files, root, _look, _read)


def _read(root: str, path: str) -> Iterator[Batch]:
    rows = _parquet_rows(path) if path.lower().endswith(".parquet") else _lines(path)
    return read_items(path, rows, partial(_add_row, path, inside(path, root)))


def _lines(path: str) -> Iterator[tuple[int, Any, Sequence[str]]]:
    for number, line in enumerate(content(path).split(b"\n"), 1):
        if line.strip():
            yield number, line, ()


def _parquet_rows(path: str) -> Iterator[tuple[int, Any, Sequence[str]]]:
    """Yield number and content of each row, and the names of the classes."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            columns = _columns(path)
            sized = {"width", "height"} <= {*columns}
            wanted = [name for name in columns if _is_wanted(_levels(name)) and not (sized and name == "image.bytes")]
            names = _names(file.schema_arrow.metadata or {})
            number = 0
            for batch in file.iter_batches(_ROWS, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row, names
    except ArrowException as error:
        raise broken(path, f"cannot be read as parquet: {str(error)[:200]}") from error


def _is_wanted(levels: list[str]) -> bool:
    if levels[0] in _OBJECTS:
        return levels[-1] in {*_BOXES, *_CATEGORIES}
    return levels[0] in {"file_name", "image_id", "image", "width", "height"}


def _names(metadata: dict[bytes, bytes]) -> Sequence[str]:
    """Return the names of the classes that `datasets` writes into a parquet file, wherever they are nested."""
    try:
        waiting = [json.loads(metadata[b"huggingface"])]
    except (KeyError, ValueError, RecursionError):
        return ()
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and value.get("_type") == "ClassLabel" and isinstance(value.get("names"), list):
            return [text(name) for name in value["names"]]
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ()


def _add_row(path: str, where: str, numbered: tuple[int, Any, Sequence[str]], builder: BatchBuilder) -> None:
    number, row, names = numbered
    place = f"{where}#{number}"
    if isinstance(row, bytes):
        try:
            row = decoded(path, row, Any)
        except InputError as error:
            raise broken(path, error.problems[0].message, number, hint=error.problems[0].hint or "") from error
    if not isinstance(row, dict):
        raise broken(path, "is no row with file_name and objects", number)
    found = next((row[name] for name in _OBJECTS if name in row), None)
    left_out = LeftOut()
    image = builder.image(_image(row, path, where, place, builder))
    for index, (box, category) in enumerate(_objects(found, place, builder)):
        with left_out.at(place):
            values = numbers(box)
            if values is None or len(values) != len("xywh"):
                raise UnusableError("bad_value", "a bbox that is not four numbers")
            x, y, width, height = values
            class_ = _class(category, names, place, left_out)
            builder.label(image, class_, index, box=(x, y, x + width, y + height))
    left_out.tell(builder)


def _image(row: dict[str, Any], path: str, where: str, place: str, builder: BatchBuilder) -> Image:
    stored = row["image"] if isinstance(row.get("image"), dict) else {}
    name = text(row.get("file_name")) or text(stored.get("path")) or text(row.get("image_id")) or place
    size = (side(row.get("width")), side(row.get("height")))
    if not all(size):
        inside_row = stored.get("bytes")
        size = (size_of(BytesIO(inside_row)) if isinstance(inside_row, bytes) else size_near(path, name, [""])) or (
            0,
            0,
        )
    if not all(size):
        builder.remark("image_size_unknown", place, "no image beside the labels, or none that can be read")
    return Image(name, *size, split_of(where), where)


def _objects(value: Any, place: str, builder: BatchBuilder) -> Iterable[tuple[Any, Any]]:
    """Return box and category of each object: of a list of objects, or of an object of lists."""
    if isinstance(value, list):
        every = [each if isinstance(each, dict) else {} for each in value]
        return [(_first(each, _BOXES), _first(each, _CATEGORIES)) for each in every]
    boxes = _first(value, _BOXES) if isinstance(value, dict) else None
    if not isinstance(boxes, list):
        builder.remark("bad_value", place, "a row without a list of boxes")
        return []
    categories = _first(value, _CATEGORIES)
    if isinstance(categories, list) and len(categories) == len(boxes):
        return zip(boxes, categories, strict=True)
    if categories is not None:
        builder.remark("bad_value", place, "not as many categories as boxes")
    return [(box, None) for box in boxes]


def _first(value: dict[str, Any], names: Sequence[str]) -> Any:
    return next((value[name] for name in names if name in value), None)


def _class(category: Any, names: Sequence[str], place: str, told: LeftOut) -> str:
    id_ = identity(category)
    if id_ is None or id_ == "":
        told.add("without_class", "an object without a category", place)
        return UNNAMED
    if isinstance(id_, str):
        return text(id_)
    if 0 <= id_ < len(names):
        return names[id_]
    if names:
        told.add("class_beyond_list", f"category {text(id_)}, and {len(names)} are named", place)
    else:
        told.add("class_unnamed", "a category that is a number, and no names of classes in the features", place)
    return f"class {text(id_)}"


PLUGIN = Reader(
    "hugging_face",
    "Hugging Face",
    "metadata.jsonl beside images, or parquet files, with objects that have a bbox",
    (".jsonl", ".parquet"),
    _look,
    _open,
    aliases=("imagefolder", "datasets", "huggingface"),
)
