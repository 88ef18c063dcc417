"""Thumbnails of images with the labels of each finding and the most covered objects, if the images are available.

A measurement contains only sums and a few examples, so the labels are read again unless there are too many.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat.measure.agreement.labelled_set import read_set
from annostrat.measure.agreement.likeness import shared_areas
from annostrat.measure.photos.image_index import ImageIndex
from annostrat.measure.photos.thumbnail import thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.measure.agreement.labelled_set import LabelledSet
    from annostrat.measure.contract import Measurement

    Integers = NDArray[np.int64]

MOST_LABELS = 300_000
"""Number of labels above which they are not read again for photos."""
MOST, OF_A_FINDING, COVERED = 30, 4, 8
"""Maximum number of photos in total, per kind of finding, and of covered objects."""
MOST_BYTES = 1_500_000
"""Maximum size of all photos together, in bytes."""
WHOLE_SIDE = 640
"""Longer side, in pixels, of an image shown as a whole."""
MOST_IN_IMAGE = 1_000
"""Number of objects in an image above which it is not searched for covered objects."""
BESIDE = 40
"""Maximum number of other labels drawn on a photo."""


class ShownLabel(NamedTuple):
    """A label on a photo.

    Attributes:
        name: Its class.
        box: x1, y1, x2, y2 in pixels of the image.
        outline: Rings of x, y vertices of its outline or mask; empty for a box.
        meant: Whether the photo is about this label.
    """

    name: str
    box: tuple[float, float, float, float]
    outline: list[list[list[float]]]
    meant: bool


class Photo(NamedTuple):
    """A part of an image with the labels in it.

    Attributes:
        kind: The kind of finding, `covered`, or `look_at` for an image where annotators differ.
        image: The image's name.
        jpeg: The JPEG data.
        part: x1, y1, x2, y2 of the part in pixels of the image.
        labels: The labels that overlap the part.
    """

    kind: str
    image: str
    jpeg: bytes
    part: tuple[float, float, float, float]
    labels: list[ShownLabel]


def contact_sheet(measurement: Measurement) -> list[Photo]:
    """Return photos for the findings of a measurement; empty if no images are available."""
    source = measurement["source"]
    if source["profiles"] is not None or not 0 < measurement["counts"]["labels"] <= MOST_LABELS:
        return []
    index = ImageIndex(source["path"])
    if not len(index):
        return []
    labelled = read_set(source["path"], source["format"])
    photos: list[Photo] = []
    left = MOST_BYTES
    for kind, image, label in _places(measurement, labelled):
        photo = _photo(kind, image, label, labelled, index)
        if photo is None or len(photo.jpeg) > left:
            continue
        left -= len(photo.jpeg)
        photos.append(photo)
        if len(photos) == MOST:
            break
    return photos


def whole_images(agreement: LabelAgreement) -> list[Photo]:
    """Return a photo, without labels, of each image to look at that can be found near the first annotator's labels."""
    index = ImageIndex(agreement["sets"][0]["path"])
    photos: list[Photo] = []
    for one in agreement["look_at"] if len(index) else ():
        path = index.find(one["name"])
        shown = thumbnail(path, (one["width"], one["height"]), None, WHOLE_SIDE) if path else None
        if shown is not None and sum(len(photo.jpeg) for photo in photos) + len(shown.jpeg) <= MOST_BYTES:
            photos.append(Photo("look_at", one["name"], shown.jpeg, shown.part, []))
    return photos


def _places(measurement: Measurement, labelled: LabelledSet) -> Iterator[tuple[str, int, int | None]]:
    """Yield a kind, an image index, and the index of the label to show, or None for the whole image."""
    rows = labelled.rows
    images = {image.name: number for number, image in enumerate(labelled.images)}
    files = [image.labelled_in for image in labelled.images]
    ids = zip(rows.image.tolist(), rows.ids.tolist(), strict=True)
    by_place = {(files[image], id_): label for label, (image, id_) in enumerate(ids)}
    for finding in measurement["findings"]:
        for example in finding["examples"][:OF_A_FINDING]:
            place = example.partition(" (")[0]
            file, _, id_ = place.replace(":", "#").rpartition("#")
            label = by_place.get((file, int(id_))) if id_.lstrip("-").isdecimal() else None
            if label is not None:
                yield finding["kind"], int(rows.image[label]), label
            elif place in images:
                yield finding["kind"], images[place], None
    if measurement["source"]["sampled"] is None:
        yield from (("covered", int(rows.image[label]), label) for label in _most_covered(measurement, labelled))


def _most_covered(measurement: Measurement, labelled: LabelledSet) -> list[int]:
    """Return the objects most covered by another box, at most one per image, ignoring parts covered by their whole."""
    rows = labelled.rows
    objects = np.flatnonzero(rows.is_object)
    objects = objects[np.argsort(rows.image[objects], kind="stable")]
    image, first = np.unique(rows.image[objects], return_index=True)
    place = {name: number for number, name in enumerate(labelled.classes)}
    parts = {(place[one["part"]], place[one["whole"]]) for one in measurement["part_of"]}
    found: list[tuple[float, int]] = []
    for own in np.split(objects, first[1:]) if len(image) else ():
        if 1 < len(own) <= MOST_IN_IMAGE:
            boxes, classes = rows.boxes[own], rows.category[own]
            share = shared_areas(boxes[:, None], boxes) / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)[:, None]
            np.fill_diagonal(share, 0)
            for part, whole in parts:
                share[np.ix_(classes == part, classes == whole)] = 0
            covered = share.max(axis=1)
            most = int(covered.argmax())
            found.append((float(covered[most]), int(own[most])))
    most_first = sorted(found, key=lambda each: (-each[0], each[1]))
    return [label for share, label in most_first[:COVERED] if share > 0]


def _photo(kind: str, image: int, label: int | None, labelled: LabelledSet, index: ImageIndex) -> Photo | None:
    """Return a photo, or None if the image is not available or cannot be read."""
    about, rows = labelled.images[image], labelled.rows
    path = index.find(about.name)
    if path and os.path.realpath(path) == os.path.realpath(os.path.join(labelled.path, about.labelled_in)):
        return None  # the file is the mask, not a photo
    meant = None if label is None or not np.isfinite(rows.boxes[label]).all() else tuple(rows.boxes[label].tolist())
    shown = thumbnail(path, (about.width, about.height), meant) if path else None
    if shown is None:
        return None
    own = np.flatnonzero((rows.image == image) & np.isfinite(rows.boxes).all(axis=1))
    sides = np.minimum(rows.boxes[own, 2:], shown.part[2:]) - np.maximum(rows.boxes[own, :2], shown.part[:2])
    near = own[(sides > 0).all(axis=1)][:BESIDE].tolist()
    near += [label] if label is not None and label not in near and meant else []
    labels = [
        ShownLabel(
            labelled.classes[int(rows.category[one])],
            tuple(rows.boxes[one].tolist()),
            labelled.rings_of(one),
            one == label,
        )
        for one in near
    ]
    return Photo(kind, about.name, shown.jpeg, shown.part, labels)
