"""Tiny data sets, written down as labels of images, and what is measured of them."""

import json
from typing import NamedTuple

import numpy as np
import pytest

from annostrat.annotations import BatchBuilder, Image
from annostrat.annotations.masks.runs import mask_of_pixels
from annostrat.annotations.reader import Source
from annostrat.knowledge.loader import load_rules
from annostrat.measure.figures import Figures
from annostrat.measure.run import measure_source
from annostrat.measure.workers import Workers


class Label(NamedTuple):
    """One label; without a box, that of its outline or mask counts."""

    box: tuple | None = None
    name: str = "thing"
    outline: tuple = ()
    mask: object = None
    flags: int = 0


def batch_of(images, width=100, height=100, split=""):
    """Return the labels of images, each a list of them, as a reader hands them on."""
    builder = BatchBuilder()
    for number, labels in enumerate(images):
        image = builder.image(Image(f"{number}.jpg", width, height, split, f"{number}.txt"))
        for id_, label in enumerate(labels, 1):
            box, name, outline, mask, flags = label if isinstance(label, Label) else Label(label)
            pixels = None if mask is None else mask_of_pixels(np.asarray(mask, bool))
            builder.label(image, name, id_, box=box, outline=outline, mask=pixels, flags=flags)
    return builder.batch()


@pytest.fixture(scope="session")
def label():
    """Make a label."""
    return Label


@pytest.fixture(scope="session")
def batch():
    """Make a batch of images, each a list of labels or boxes."""
    return batch_of


@pytest.fixture(scope="session")
def measured():
    """Measure images, each a list of labels or boxes."""

    def measure(*images, **sizes):
        source = Source([batch_of(images, **sizes)], lambda batch: iter([batch]))
        return Figures(measure_source(source, Workers()).profile)

    return measure


def coco_of(images, labels, classes):
    """Return a COCO file as text; of labels only what is given."""
    document = {
        "images": [{"id": id_, "file_name": f"{id_}.jpg", "width": 100, "height": 100} for id_ in images],
        "annotations": [{"id": number, **entry} for number, entry in enumerate(labels, 1)],
        "categories": [{"id": number, "name": name} for number, name in enumerate(classes, 1)],
    }
    return json.dumps(document)


@pytest.fixture(scope="session")
def rules():
    """The rules that figures are named and judged by."""
    return load_rules("infographic")


@pytest.fixture(scope="session")
def coco():
    """Write a COCO file as text."""
    return coco_of
