"""Labelbox: an export as NDJSON or JSON, a row an image, with boxes and polygons in pixels.

Of several labels of an image, the first is taken. The export holds only the addresses of masks, which the members of
the project may open; nothing is ever fetched, so masks are left out with a finding. Source:
https://docs.labelbox.com/reference/export-image-annotations.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from annostrat.annotations import Image
from annostrat.annotations.left_out import LeftOut, UnusableError, not_measured
from annostrat.annotations.reader import Reader, Source, broken, inside, read_items
from annostrat.annotations.text.json import Sign, content, decoded, many_images_each, told_by
from annostrat.annotations.text.values import corners, number, seconds, side, text
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.annotations import Batch, BatchBuilder


_look = told_by(
    Sign("data_row, projects", "rows with data_row and projects"),
    Sign("Labeled Data, Label", "rows with Labeled Data and Label"),
    missing="the keys data_row and projects",
    in_list=True,
)


def _open(files: Sequence[str], root: str) -> Source:
    return many_images_each(files, root, _look, _read)


def _read(root: str, path: str) -> Iterator[Batch]:
    return read_items(path, enumerate(_rows(path), 1), partial(_add_row, path, inside(path, root)))


def _rows(path: str) -> Iterator[msgspec.Raw | bytes]:
    """Yield the rows of a file: a line each, or members of one list."""
    data = content(path)
    if bytes(data[:4096]).lstrip().startswith(b"["):
        yield from decoded(path, data, list[msgspec.Raw])
    elif b"\n" not in bytes(data).strip() or not _is_row(data.partition(b"\n")[0]):
        yield data
    else:
        yield from filter(bytes.strip, data.split(b"\n"))


def _is_row(line: bytes) -> bool:
    """Return whether a line is JSON by itself, and not the beginning of a row that is printed on many."""
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _add_row(path: str, where: str, numbered: tuple[int, msgspec.Raw | bytes], builder: BatchBuilder) -> None:
    number_, raw = numbered
    row = _as_today(_decoded(path, number_, raw))
    if not isinstance(row, dict) or not isinstance(row.get("data_row"), dict):
        raise broken(path, f"row {number_} has no data_row")
    place = f"{where}#{number_}"
    labels = _labels(row.get("projects"))
    if not labels:
        builder.remark("not_annotated", place, "no label")
        return
    if len(labels) > 1:
        builder.remark("several_annotations", place, f"the first of {len(labels)} labels is taken")
    stated = labels[0].get("annotations")
    annotations = stated if isinstance(stated, dict) else {}
    if "frames" in annotations:
        builder.remark("video_passed_over", place)
        return
    image = builder.image(_image(row, place, where, builder))
    objects = annotations.get("objects")
    if not isinstance(objects, list):
        builder.remark("bad_value", place, "a label without a list of objects")
        return
    clocked = labels[0].get("performance_details")
    if took := seconds(clocked.get("seconds_to_create") if isinstance(clocked, dict) else None):
        builder.seconds[image] = took
    left_out = LeftOut()
    for index, each in enumerate(objects):
        with left_out.at(place):
            shape = _shape(each)
            name = left_out.named(text(each.get("name") or each.get("value")), "an object without a name", place)
            builder.label(image, name, index, **shape)
    left_out.tell(builder)


def _decoded(path: str, number_: int, raw: msgspec.Raw | bytes) -> Any:
    try:
        return decoded(path, raw, Any)
    except InputError as error:
        raise broken(path, f"row {number_}: {error.problems[0].message}", hint=error.problems[0].hint or "") from error


def _as_today(row: Any) -> Any:
    """Return a row as the present exporter of Labelbox writes it, also if it is of the first one."""
    if not isinstance(row, dict) or "Labeled Data" not in row:
        return row
    label, about = row.get("Label"), {"seconds_to_create": row.get("Seconds to Label")}
    labels = [{"annotations": label, "performance_details": about}] if isinstance(label, dict) and label else []
    data_row = {"external_id": row.get("External ID"), "id": row.get("DataRow ID")}
    return {"data_row": data_row, "media_attributes": row.get("Media Attributes"), "projects": {"": {"labels": labels}}}


def _labels(projects: Any) -> list[dict[str, Any]]:
    """Return the labels of all projects."""
    every = projects.values() if isinstance(projects, dict) else ()
    listed = [project.get("labels") for project in every if isinstance(project, dict)]
    return [label for labels in listed if isinstance(labels, list) for label in labels if isinstance(label, dict)]


def _image(row: dict[str, Any], place: str, where: str, builder: BatchBuilder) -> Image:
    """Return the image, never named by its address, which may be secret."""
    about = row.get("media_attributes")
    width, height = (side(about.get(key)) if isinstance(about, dict) else 0.0 for key in ("width", "height"))
    if not (width and height):
        builder.remark("image_size_unknown", place, "no media_attributes with width and height")
    names = (text(row["data_row"].get(key)) for key in ("external_id", "global_key", "id"))
    return Image(next(filter(None, names), place), width, height, "", where)


_MASKS = {"mask", "composite_mask", "instanceURI"}


def _shape(each: Any) -> dict[str, Any]:
    """Return the box or the outline of an object."""
    if not isinstance(each, dict):
        raise UnusableError("bad_value", "an entry that is not an object")
    stated = each.get("bounding_box", each.get("bbox"))
    if stated is not None:
        box = stated if isinstance(stated, dict) else {}
        left, top, width, height = (number(box.get(key)) for key in ("left", "top", "width", "height"))
        return {"box": (left, top, left + width, top + height)}
    if "polygon" in each:
        return {"outline": [corners(each["polygon"])]}
    if each.keys() & _MASKS:
        raise UnusableError("mask_elsewhere", "the export has its address alone")
    kind = text(each.get("annotation_kind"))
    raise not_measured(kind) if kind else UnusableError("bad_value", "an object without a shape")


PLUGIN = Reader(
    "labelbox",
    "Labelbox",
    "an export with a row an image, as NDJSON or JSON: with data_row and projects, or with Labeled Data and Label",
    (".ndjson", ".jsonl", ".json"),
    _look,
    _open,
)
