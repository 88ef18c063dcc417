import os
from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest

from annostrat.annotations import BOX_DERIVED, readers
from annostrat.knowledge.plugins import pick


class Reading(NamedTuple):
    """What a reader made of a folder or file."""

    source: object
    batches: list
    images: list
    labels: list
    outlines: list
    masks: list
    remarks: Counter
    details: dict
    problems: list


def labels_in(batch):
    for number, (index, id_) in enumerate(zip(batch.category.tolist(), batch.ids.tolist(), strict=True)):
        flags = int(batch.flags[number])
        box = None if flags & BOX_DERIVED else tuple(batch.boxes[number].round(4).tolist())
        yield batch.categories[index], box, flags & ~BOX_DERIVED, id_


def outlines_in(batch):
    """Yield the parts of each label that has an outline, as lists of vertices."""
    parts = np.split(batch.points.round(4), batch.part_starts[1:-1])
    for number in dict.fromkeys(batch.part_object.tolist()):
        yield [part.tolist() for part, owner in zip(parts, batch.part_object, strict=True) if owner == number]


def reading(name, root):
    plugin = pick(readers, name, "reader")
    tree = ((above, file) for above, _, files in os.walk(root) for file in files)
    found = sorted(os.path.join(above, file) for above, file in tree if file.lower().endswith(plugin.suffixes))
    source = plugin.open(found or [str(root)], str(root))
    batches = [batch for piece in source.pieces for batch in source.read(piece)]
    every = [source, *batches]
    remarks = [remark for each in every for remark in each.remarks]
    times = Counter()
    for remark in remarks:
        times[remark.kind] += remark.times
    return Reading(
        source,
        batches,
        [tuple(image) for image in source.images or [image for batch in batches for image in batch.images]],
        [label for batch in batches for label in labels_in(batch)],
        [outline for batch in batches for outline in outlines_in(batch)],
        [mask for batch in batches for mask in batch.masks.values()],
        times,
        {remark.kind: (remark.where, remark.detail) for remark in reversed(remarks)},
        [str(problem).replace(f"{root}{os.sep}", "") for each in every for problem in each.problems],
    )


@pytest.fixture
def read():
    """Read a folder or file with a reader, by its name."""
    return reading
