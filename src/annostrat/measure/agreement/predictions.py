"""COCO results, the predictions of a model: a list whose entries refer to images and classes by another file's ids."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from annostrat.annotations import BatchBuilder, Image
from annostrat.annotations.files.regular import bytes_of, head_of
from annostrat.annotations.masks.rle import mask_of_rle
from annostrat.annotations.masks.runs import RunsError
from annostrat.annotations.reader import Source, broken, problems_of
from annostrat.annotations.text.json import keys
from annostrat.errors import InputError, Location, Problem
from annostrat.measure.agreement.labelled_set import LabelledSet, set_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def are_results(path: str) -> bool:
    """Return whether a file contains COCO results."""
    try:
        head = head_of(path)
    except OSError:
        return False
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and "[].image_id" in keys(head)


def read_results(path: str, labelled_in: str, min_score: float) -> LabelledSet:
    """Read predictions.

    Args:
        path: The results.
        labelled_in: The COCO file whose ids they use.
        min_score: Predictions with a lower score are left out.

    Raises:
        InputError: Either file cannot be read, or the second is not COCO.
    """
    known = _document(labelled_in)
    if not isinstance(known, dict) or not isinstance(known.get("images"), list):
        hint = "name first the COCO file that the model was evaluated on"
        message = f"has no COCO images, by whose ids {path} names its own"
        raise InputError([Problem(Location(labelled_in), message, hint, "unreadable")])
    found = _document(path)
    source = Source([None], lambda _: _batches(path, known, found, min_score))
    return set_of(source, path, "coco_results")


def _document(path: str) -> Any:
    try:
        return json.loads(bytes_of(path))
    except OSError as error:
        raise InputError(problems_of(path, error)) from error
    except ValueError as error:
        place = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (None, None)
        raise broken(path, "is not valid JSON", *place) from error


def _batches(path: str, known: dict[str, Any], found: list[Any], min_score: float) -> Iterator[Any]:
    builder = BatchBuilder()
    images = {}
    for entry in known["images"]:
        name = entry.get("file_name") or str(entry["id"])
        width, height = entry.get("width") or 0, entry.get("height") or 0
        images[entry["id"]] = builder.image(Image(name, width, height, "", path)), int(height), int(width)
    names = {entry["id"]: entry["name"] for entry in known.get("categories", ())}
    wrong: list[int] = []
    for number, entry in enumerate(found):
        try:
            if entry.get("score", 1) >= min_score:
                _add(entry, number, images, names, builder)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            wrong.append(number)
    if wrong:
        message = f"{len(wrong):,} of {len(found):,} predictions cannot be used, such as number {wrong[0]}"
        hint = "each has image_id and category_id of the labels, and bbox or segmentation"
        builder.problems.append(Problem(Location(path), message, hint, "unreadable"))
    yield builder.batch()


def _add(
    entry: dict[str, Any],
    number: int,
    images: dict[Any, tuple[int, int, int]],
    names: dict[Any, str],
    builder: BatchBuilder,
) -> None:
    """Add one prediction.

    Raises:
        ValueError: It has neither a box nor an outline, or an invalid one; missing fields raise other errors.
    """
    image, height, width = images[entry["image_id"]]
    drawn, box, mask, outline = entry.get("segmentation"), None, None, []
    if isinstance(entry.get("bbox"), list) and entry["bbox"]:
        x, y, wide, high = map(float, entry["bbox"])
        box = x, y, x + wide, y + high
    if isinstance(drawn, dict):
        try:
            mask = mask_of_rle(drawn["counts"], *(drawn.get("size") or (height, width)))
        except RunsError:
            mask = None
    elif drawn:
        outline = [[*zip(part[::2], part[1::2], strict=True)] for part in drawn]
    if box is None and mask is None and not outline:
        raise ValueError(number)
    builder.label(image, names[entry["category_id"]], number, box=box, outline=outline, mask=mask)
