"""Tiny sets of labels by several annotators."""

import json

import pytest

from annostrat.annotations.reader import Source
from annostrat.measure.agreement.agreement import agreement_of
from annostrat.measure.agreement.labelled_set import set_of


@pytest.fixture(scope="session")
def labelled(batch):
    """Return the labels of one annotator: for each image a list of labels or boxes."""

    def make(images, path="anna", **sizes):
        return set_of(Source([None], lambda _: iter([batch(images, **sizes)])), path, "made_up")

    return make


@pytest.fixture(scope="session")
def compared(labelled, rules):
    """Compare what several annotators labelled, and return the document."""

    def compare(*annotators):
        names = ("anna", "ben", "carl")
        return agreement_of([labelled(*each) for each in zip(annotators, names, strict=False)], rules)

    return compare


@pytest.fixture
def coco_file(tmp_path):
    """Write a COCO file of images of 100 by 100 pixels, each a list of (class, x, y, width, height)."""

    def write(path, images):
        names = sorted({label[0] for labels in images.values() for label in labels})
        document = {
            "images": [{"id": i, "file_name": n, "width": 100, "height": 100} for i, n in enumerate(images, 1)],
            "annotations": [
                {"id": 10 * i + place, "image_id": i, "category_id": names.index(name) + 1, "bbox": box}
                for i, labels in enumerate(images.values(), 1)
                for place, (name, *box) in enumerate(labels)
            ],
            "categories": [{"id": i, "name": name} for i, name in enumerate(names, 1)],
        }
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(document))
        return str(target)

    return write
