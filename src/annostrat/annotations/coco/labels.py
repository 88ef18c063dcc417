"""COCO labels, thousands at a time: only the needed fields are decoded, and all numbers parsed into one array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec.structs import astuple

from annostrat.annotations import BOX_DERIVED, CROWD, Batch, ReaderFinding
from annostrat.annotations.coco.ids import UnusualError
from annostrat.annotations.coco.outlines import parse_parts
from annostrat.annotations.coco.patient import EMPTY, ClassNames, Masks, Patient, damage, is_closed
from annostrat.annotations.keypoints import visibility_of
from annostrat.annotations.text.json_arrays import as_arrays
from annostrat.annotations.text.large_file import LargeFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from annostrat.annotations.coco.ids import CocoPiece, CocoSet
    from annostrat.annotations.coco.outlines import Parts

_NONE = msgspec.Raw(b"[]")


class CocoLabel(msgspec.Struct, gc=False):
    """The measured fields of an annotation."""

    image_id: int
    category_id: int
    id: int = -1
    bbox: msgspec.Raw = _NONE
    segmentation: msgspec.Raw = _NONE
    iscrowd: int = 0
    keypoints: msgspec.Raw = _NONE


def read(known: CocoSet, piece: CocoPiece) -> Iterator[Batch]:
    """Yield the labels of a piece."""
    keyed = piece.span.keyed
    with LargeFile(piece.path) as data:
        text = data.read(piece.span.start, piece.span.stop)
        for whole in as_arrays(text, last=piece.is_last, keyed=keyed):
            try:
                labels = list(_KEYED.decode(whole).values()) if keyed else _DECODER.decode(whole)
                batch = _quickly(labels, piece, known)
            except (msgspec.MsgspecError, UnicodeDecodeError, UnusualError, OverflowError):
                continue
            cut = piece.is_last and not is_closed(data)
            problems = [damage(data, piece.path, data.size, None, "last part")] if cut else []
            yield batch._replace(problems=problems)
            return
        yield Patient(piece, known).read(data)


_DECODER = msgspec.json.Decoder(list[CocoLabel])
_KEYED = msgspec.json.Decoder(dict[str, CocoLabel])


def _quickly(labels: list[CocoLabel], piece: CocoPiece, given: CocoSet) -> Batch:
    """Return the batch of labels in the form of nearly all files."""
    file = given.files[piece.file]
    fields = zip(*map(astuple, labels), strict=True) if labels else [()] * len(CocoLabel.__struct_fields__)
    image_ids, category_ids, label_ids, bboxes, segmentations, crowds, keypoints = fields
    image, category = file.images.look_up(image_ids), file.classes.look_up(category_ids)
    ids, crowd = np.array(label_ids, np.int64), np.array(crowds, np.int64)
    if (crowd >> 1).any():
        raise UnusualError
    outlines = list(segmentations)
    for number in [] if given.crowds else np.flatnonzero(crowd).tolist():
        outlines[number] = _NONE
    parts = parse_parts(bboxes, outlines)
    boxes = parts.boxes
    boxes[:, 2:] += boxes[:, :2]
    derived = np.isnan(boxes).all(axis=1)
    _refuse_unusual(parts, derived & (crowd == 0))
    known = image >= 0
    refused = parts.refused[known[parts.refused]]
    remarks = [
        ReaderFinding("unknown_image", f"{piece.name}#{ids[number]}", detail=f"image_id {image_ids[number]}")
        for number in np.flatnonzero(~known)
    ]
    remarks += [ReaderFinding("empty_outline", f"{piece.name}#{id_}", detail=EMPTY) for id_ in ids[refused].tolist()]
    extra = ClassNames(given.names)
    for number in np.flatnonzero(category < 0).tolist():
        id_ = category_ids[number]
        category[number] = extra.category(id_)
        if file.classes and known[number]:
            remarks.append(ReaderFinding("class_beyond_list", f"{piece.name}#{ids[number]}", detail=f"category {id_}"))
    masks = Masks(given.sizes, remarks)
    for number, runs in parts.masks.items():
        if known[number]:
            masks.add(number, msgspec.json.decode(runs), int(image[number]), f"{piece.name}#{ids[number]}")
    flags = crowd * CROWD + derived * BOX_DERIVED
    batch = Batch(
        (),
        extra.names,
        image,
        category,
        boxes,
        flags,
        ids,
        parts.points,
        parts.starts,
        parts.owner,
        masks.by_label,
        remarks,
        file=piece.path,
        ended=piece.is_last,
        visibility=_visibility(keypoints),
        keypoints=given.keypoints,
    )
    return batch if known.all() else batch.without(~known)


def _visibility(keypoints: Sequence[msgspec.Raw]) -> NDArray[np.uint64] | None:
    """Return which keypoints of each label are labelled and hidden; None if no label has any.

    Raises:
        MsgspecError, UnusualError: A label has another value in their place.
    """
    if keypoints.count(_NONE) == len(keypoints):
        return None
    found = np.zeros((len(keypoints), 2), np.uint64)
    for number, raw in enumerate(keypoints):
        values = _NUMBERS.decode(raw)
        if len(values) % len(("x", "y", "visibility")):
            raise UnusualError
        found[number] = visibility_of(values[2::3])
    return found


_NUMBERS = msgspec.json.Decoder(list[float])


def _refuse_unusual(parts: Parts, without_box: NDArray[np.bool_]) -> None:
    """Refuse labels that may have another value in place of a box, an outline or a mask."""
    drawn = np.zeros(len(without_box), bool)
    drawn[parts.owner] = drawn[list(parts.masks)] = True
    if (without_box & ~drawn).any() or not all(b'"counts"' in runs for runs in parts.masks.values()):
        raise UnusualError
