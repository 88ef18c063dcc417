"""COCO results, the predictions of a model: a list whose entries refer to images and classes by another file's ids."""

from __future__ import annotations

import json
import math
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.annotations import BatchBuilder, Image
from annostrat.annotations.coco.ids import CocoPiece, Index
from annostrat.annotations.coco.patient import rings_of
from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.files.regular import bytes_of, head_of
from annostrat.annotations.masks.rle import mask_of_rle
from annostrat.annotations.masks.runs import RunsError
from annostrat.annotations.reader import Source, broken, problems_of
from annostrat.annotations.text.json import keys
from annostrat.annotations.text.values import identity, number, numbers, side, text
from annostrat.errors import InputError, Location, Problem
from annostrat.measure.agreement.labelled_set import LabelledSet, set_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.annotations import Batch

_START = b"\xef\xbb\xbf \t\r\n"


class _Named(NamedTuple):
    """The images and classes of the labels, with the index of each by its id."""

    images: list[Image]
    of_image: Index
    classes: list[str]
    of_class: Index


def are_results(path: str) -> bool:
    """Return whether a file contains COCO results, which may be none."""
    try:
        head = head_of(path).lstrip(_START)
    except OSError:
        return False
    return head.startswith(b"[") and ("[].image_id" in keys(head) or not head.strip(b"[] \t\r\n"))


def read_results(path: str, labelled_in: str, min_score: float) -> LabelledSet:
    """Read predictions.

    Args:
        path: The results.
        labelled_in: The COCO file whose ids they use, or a folder with one such file.
        min_score: Predictions with a lower score are left out.

    Raises:
        InputError: Either file cannot be read, the second is not COCO, or no prediction is left.
    """
    known = _known(_labels_file(labelled_in, path), path)
    found = _document(path)
    batch = _batch(path, known, found, min_score)
    if found and not len(batch.ids):
        message = f"none of {len(found):,} predictions scores {min_score:g} or more"
        low = Problem(Location(path), message, "--min-score sets another limit", "unreadable")
        raise InputError(batch.problems or [low])
    return set_of(Source([None], lambda _: iter([batch])), path, "coco_results")


def _labels_file(path: str, results: str) -> str:
    """Return a path, or the only COCO file in a folder.

    Raises:
        InputError: The folder has no such file, or several.
    """
    if not os.path.isdir(path):
        return path
    pieces = open_annotations(path).source.pieces
    files = list(dict.fromkeys(piece.path for piece in pieces if isinstance(piece, CocoPiece)))
    if len(files) != 1:
        raise _no_images(path, results, f"holds {len(files)} COCO files")
    return files[0]


def _no_images(path: str, results: str, message: str) -> InputError:
    hint = "name first the COCO file that the model was evaluated on"
    return InputError(
        [Problem(Location(path), f"{message}, by whose ids {results} names its images", hint, "unreadable")]
    )


def _known(path: str, results: str) -> _Named:
    document = _document(path)
    if not isinstance(document, dict) or not isinstance(document.get("images"), list):
        raise _no_images(path, results, "has no COCO images")
    known = _Named([], Index(), [], Index())
    for entry in _with_id(document["images"]):
        known.of_image[identity(entry["id"])] = len(known.images)
        name = text(entry.get("file_name")) or text(entry["id"])
        known.images.append(Image(name, side(entry.get("width")), side(entry.get("height")), "", results))
    for entry in _with_id(document.get("categories")):
        known.of_class[identity(entry["id"])] = len(known.classes)
        known.classes.append(text(entry.get("name")) or f"class {entry['id']}")
    return known


def _with_id(value: Any) -> Iterator[dict[str, Any]]:
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, dict) and identity(entry.get("id")) is not None:
            yield entry


def _document(path: str) -> Any:
    try:
        return json.loads(bytes_of(path))
    except OSError as error:
        raise InputError(problems_of(path, error)) from error
    except (ValueError, RecursionError) as error:
        place = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (None, None)
        raise broken(path, "is not valid JSON", *place) from error


def _batch(path: str, known: _Named, found: list[Any], min_score: float) -> Batch:
    builder = BatchBuilder()
    for image in known.images:
        builder.image(image)
    wrong: dict[str, list[int]] = {}
    for index, entry in enumerate(found):
        fault = _add(entry, index, known, builder, min_score)
        if fault:
            wrong.setdefault(fault, []).append(index)
    for fault, entries in wrong.items():
        first = entries[0]
        reason = f"the labels have no {fault} {text(found[first].get(fault))}" if fault.endswith("_id") else fault
        message = f"{len(entries):,} of {len(found):,} predictions cannot be used, such as number {first}: {reason}"
        hint = "each has image_id and category_id of the labels, and bbox or segmentation"
        builder.problems.append(Problem(Location(path), message, hint, "unreadable"))
    return builder.batch()


def _add(entry: Any, index: int, known: _Named, builder: BatchBuilder, min_score: float) -> str:
    """Add a prediction, unless it scores too low; return why it cannot be used, if so."""
    if not isinstance(entry, dict):
        return "it is no object"
    score = number(entry.get("score", 1))
    if math.isnan(score):
        return "its score is no number"
    image, category = known.of_image.find(entry.get("image_id")), known.of_class.find(entry.get("category_id"))
    if image is None or category is None:
        return "image_id" if image is None else "category_id"
    if score < min_score:
        return ""
    box, drawn = numbers(entry.get("bbox")) or [], entry.get("segmentation")
    corners = (box[0], box[1], box[0] + box[2], box[1] + box[3]) if len(box) == len("xywh") else None
    mask, outline = None, None if isinstance(drawn, dict) else rings_of(drawn)
    if isinstance(drawn, dict):
        try:
            stated = numbers(drawn.get("size")) or [known.images[image].height, known.images[image].width]
            height, width = map(int, stated)
            mask = mask_of_rle(drawn.get("counts"), height, width)
        except (RunsError, ValueError, OverflowError):
            mask = None
    rings = [ring for ring in outline or () if len(ring) % 2 == 0]
    if not (corners or mask or rings):
        return "it has neither a bbox of four numbers nor a segmentation"
    parts = [[*zip(ring[::2], ring[1::2], strict=True)] for ring in rings]
    builder.label(image, known.classes[category], index, box=corners, outline=parts, mask=mask)
    return ""
