import json

import numpy as np
import pytest

mask = pytest.importorskip("pycocotools.mask")


def annotation(**changed):
    pixels = np.zeros((50, 100), np.uint8, order="F")
    pixels[10:20, 30:60] = 1
    counts = mask.encode(pixels)["counts"].decode()
    return {"id": 5, "bbox": [30, 10, 30, 10], "segmentation": {"size": [50, 100], "counts": counts}, **changed}


def test_masks_are_objects_without_a_class(read, tmp_path):
    """A file is an image with packed run lengths."""
    image = {"image_id": 1, "file_name": "sa_1.jpg", "width": 100, "height": 50}
    (tmp_path / "sa_1.json").write_text(json.dumps({"image": image, "annotations": [annotation()]}))
    found = read("sa_1b", tmp_path)
    assert found.labels == [("object", (30, 10, 60, 20), 0, 5)]
    assert [(each.extents, each.area) for each in found.masks] == [((30, 10, 60, 20), 300)]
    assert found.images == [("sa_1.jpg", 100, 50, "", "sa_1.json")]
    assert not found.remarks


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"segmentation": {"size": [100, 50], "counts": "0"}}, "mask_exchanged"),
        ({"segmentation": {"size": [100, 51], "counts": "0"}}, "mask_overruns"),
        ({"segmentation": {"size": [50, 100], "counts": "~~"}}, "mask_damaged"),
        ({"segmentation": []}, "bad_value"),
        ({"bbox": [1, 2]}, "bad_value"),
    ],
)
def test_what_is_wrong_with_a_mask_is_told(read, tmp_path, changed, kind):
    """The label is kept with what else it has."""
    image = {"image_id": 1, "file_name": "sa_1.jpg", "width": 100, "height": 50}
    (tmp_path / "a.json").write_text(json.dumps({"image": image, "annotations": [annotation(**changed), 7]}))
    found = read("sa_1b", tmp_path)
    assert len(found.labels) == 1
    assert found.remarks[kind] == 1 + (kind == "bad_value")
    assert found.details[kind][0] == "a.json#0"


def test_an_image_without_masks_is_an_image(read, tmp_path):
    """Nothing was found in it; it is no file of another format."""
    image = {"image_id": 1, "file_name": "sa_1.jpg", "width": 100, "height": 50}
    for name, annotations in {"a.json": [annotation()], "b.json": []}.items():
        (tmp_path / name).write_text(json.dumps({"image": image, "annotations": annotations}))
    found = read("sa_1b", tmp_path)
    assert (len(found.images), len(found.labels), dict(found.remarks)) == (2, 1, {})
