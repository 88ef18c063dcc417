"""Label Studio's export: tasks with annotations in JSON, or one annotation a record in JSON-MIN or in a storage.

Values are percent of the image. A rectangle turns around its upper left corner, an ellipse around its centre. Source:
`converter/utils.py` of https://github.com/HumanSignal/label-studio-sdk, and https://labelstud.io/guide/task_format.
Of several annotations of a task, the first that is not cancelled is taken; predictions are ignored.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from annostrat.annotations import BatchBuilder, Image
from annostrat.annotations.files.image_files import SUFFIXES
from annostrat.annotations.masks.regions import add, regions_of, size_of
from annostrat.annotations.reader import Reader, Source, broken, inside, is_full, problems_of
from annostrat.annotations.text.json import Sign, content, decoded, fitting, told_by
from annostrat.annotations.text.values import label_id, seconds
from annostrat.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.annotations import Batch

PART_BYTES = 16_000_000
"""Bytes of a large export that one process turns into labels."""
MAX_PARTS = 16
"""Each part's process skims the whole file, at a gigabyte a second."""


class _TasksPiece(NamedTuple):
    path: str
    root: str
    part: int
    parts: int


class _Task(msgspec.Struct):
    """The needed fields of a task; a record of JSON-MIN has no annotations, and a storage nests the task instead."""

    id: Any = None
    data: Any = None
    annotations: Any = None
    completions: Any = None
    annotation_id: Any = None
    result: Any = None
    lead_time: Any = None
    task: Any = None


look = told_by(
    Sign("annotations[].result", "tasks with annotations and their results"),
    Sign("completions[].result", "tasks with annotations and their results"),
    Sign("annotation_id, annotator", "records with an annotator, as in JSON-MIN"),
    Sign("result[].value, task.data", "an annotation with its task, as in a storage of Label Studio"),
    Sign("predictions[].result", "Label Studio", "annotations; predictions are not labels"),
    Sign("data, annotations, total_annotations", "Label Studio", "annotations: no task is annotated"),
    Sign("data, annotations, id", "Label Studio", "annotations: no task is annotated"),
    missing="tasks with annotations[].result, or records with annotator and annotation_id",
    in_list=True,
)


def open_files(files: Sequence[str], root: str) -> Source:
    """Cut exports into parts."""
    pieces = []
    found, passed_over = fitting(files, root, look)
    for path in found:
        size = os.path.getsize(path) if os.path.isfile(path) else 0
        parts = min(MAX_PARTS, size // PART_BYTES + 1)
        pieces += [_TasksPiece(path, root, part, parts) for part in range(parts)]
    return Source(pieces, _read, remarks=passed_over)


def _read(piece: _TasksPiece) -> Iterator[Batch]:
    builder = BatchBuilder()
    try:
        tasks = _tasks(piece.path)
    except (InputError, OSError) as error:
        builder.problems += [] if piece.part else problems_of(piece.path, error)
        tasks = []
    start, end = (len(tasks) * part // piece.parts for part in (piece.part, piece.part + 1))
    for index in range(start, end):
        try:
            with np.errstate(all="ignore"):  # what overflows is infinite, and is found to be
                _add(tasks, index, piece, builder)
        except Exception as error:  # noqa: BLE001 - one task must not end the reading of the others
            builder.problems += problems_of(piece.path, error)
        if is_full(builder):
            yield builder.batch()
            builder = BatchBuilder()
    yield builder.batch()


def _tasks(path: str) -> list[msgspec.Raw]:
    data = content(path)
    if bytes(data[:4096]).lstrip()[:1] == b"{":
        return [msgspec.Raw(data)]
    return decoded(path, data, list[msgspec.Raw])


def _add(tasks: list[msgspec.Raw], index: int, piece: _TasksPiece, builder: BatchBuilder) -> None:
    task = _task(tasks[index], index, piece)
    where = f"{inside(piece.path, piece.root)}#{_id(task, index)}"
    if task.annotations is None and task.annotation_id is not None:
        if index and _task(tasks[index - 1], index - 1, piece).id == task.id is not None:
            builder.remark("several_annotations", where, "the first annotation is taken")
            return
        record = decoded(piece.path, tasks[index], dict[str, Any])
        results: Any = _of_minimal(record)
        clocked = record.get("lead_time")
    else:
        annotation = _annotation(task, where, builder)
        results, clocked = annotation.get("result"), annotation.get("lead_time")
    if isinstance(results, list):
        _add_regions(task, results, _id(task, index), where, builder, seconds(clocked))


def _task(raw: msgspec.Raw, index: int, piece: _TasksPiece) -> _Task:
    try:
        task = decoded(piece.path, raw, _Task)
    except InputError as error:
        (problem,) = error.problems
        raise broken(piece.path, f"task {index + 1}: {problem.message}", hint=problem.hint or "") from error
    if isinstance(task.task, dict) and task.annotations is None:
        about, annotation = task.task, {"result": task.result, "lead_time": task.lead_time}
        return _Task(about.get("id"), about.get("data"), [annotation])
    return task


def _id(task: _Task, index: int) -> int:
    return label_id(task.id, index + 1)


def _annotation(task: _Task, where: str, builder: BatchBuilder) -> dict[str, Any]:
    """Return the first annotation that is not cancelled; an empty one where the task is not annotated."""
    listed = task.completions if task.annotations is None else task.annotations
    annotations = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    done = [each for each in annotations if not (each.get("was_cancelled") or each.get("skipped"))]
    if not done:
        builder.remark("not_annotated", where, "cancelled" if annotations else "no annotation")
        return {}
    if len(done) > 1:
        builder.remark("several_annotations", where, f"the first of {len(done)} annotations is taken")
    if not isinstance(done[0].get("result"), list):
        builder.remark("bad_value", where, "an annotation without a list of results")
    return done[0]


def _of_minimal(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the results that a record of JSON-MIN was made from: their type is the key of their labels."""
    regions = [each for value in record.values() if isinstance(value, list) for each in value if isinstance(each, dict)]
    return [{**each, "type": _type(each), "value": each} for each in regions]


def _type(region: dict[str, Any]) -> str:
    return next((key for key in region if key.endswith("labels")), "rectangle" if "width" in region else "unknown")


def _add_regions(task: _Task, results: list[Any], id_: int, where: str, builder: BatchBuilder, took: float) -> None:
    sizes = (size_of(result) for result in results if isinstance(result, dict))
    size = next((stated for stated in sizes if stated), None) or _size_in_data(task.data)
    labelled_in = where.rpartition("#")[0]
    images: dict[int, int] = {}
    regions = list(regions_of(results, builder, where))
    took = 0.0 if any(region.item for region in regions) else took  # it is unknown which of several images took it

    def image(item: int, known: tuple[float, float] | None) -> int:
        if item not in images:
            name = _name(task, id_) + (f"[{item}]" if item else "")
            width, height = known or (0, 0)
            images[item] = builder.image(Image(name, width, height, "", labelled_in))
            if took:
                builder.seconds[images[item]] = took
        return images[item]

    if regions and not size:
        builder.remark("image_taken_as_square", where, "original_width and original_height are missing")
    for region in regions:
        sized = region._replace(size=region.size or size or (1.0, 1.0))
        add(sized, builder, image(region.item, sized.size), id_, where)
    if not regions:
        image(0, size)


def _size_in_data(data: Any) -> tuple[float, float] | None:
    stated = data if isinstance(data, dict) else {}
    return size_of({f"original_{key}": stated.get(key) for key in ("width", "height")})


def _name(task: _Task, id_: int) -> str:
    """Return the image that the data name; not the pixels themselves, where these are in the data."""
    texts = [value for value in task.data.values() if isinstance(value, str)] if isinstance(task.data, dict) else []
    named = [text for text in texts if text and not text.startswith("data:")]
    images = [text for text in named if text.lower().partition("?")[0].endswith(SUFFIXES)]
    return (images or named or [f"task {id_}"])[0]


PLUGIN = Reader(
    name="label_studio",
    title="Label Studio",
    wants="an export as JSON or JSON-MIN",
    suffixes=(".json",),
    look=look,
    open=open_files,
)
