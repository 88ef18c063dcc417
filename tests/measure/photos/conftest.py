"""Tiny sets of labels with photos beside them."""

import json

import pytest
from PIL import Image

from annostrat import measure_labels
from annostrat.measure.photos.contact_sheet import contact_sheet


@pytest.fixture
def photographed(tmp_path):
    """Write a COCO file of images, each a list of boxes x, y, width, height, with a grey photo of each; measure it."""

    def write(images, names=None, folder="images"):
        names = names or [f"{number}.jpg" for number in range(len(images))]
        for name in names:
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (400, 300), "grey").save(path)
        document = {
            "images": [{"id": i, "file_name": name, "width": 400, "height": 300} for i, name in enumerate(names)],
            "annotations": [
                {"id": 10 * i + place, "image_id": i, "category_id": 1, "bbox": box}
                for i, boxes in enumerate(images)
                for place, box in enumerate(boxes)
            ],
            "categories": [{"id": 1, "name": "apple"}],
        }
        (tmp_path / "labels.json").write_text(json.dumps(document))
        return measure_labels(tmp_path / "labels.json").measurement

    return write


@pytest.fixture
def shown(photographed):
    """Return the photos of what was found in such labels."""
    return lambda *arguments, **named: contact_sheet(photographed(*arguments, **named))
