"""What a data set is called, after where it lies."""

import pytest

from annostrat.measure.naming import data_set_name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("fruit.json", "fruit"),
        ("fruit/annotations/instances_train2017.json", "fruit"),
        ("fruit/train/_annotations.coco.json", "fruit"),
        ("fruit/labels", "fruit"),
        ("fruit/data/Annotations/", "fruit"),
        ("fruit/annotations_taco.json", "annotations_taco"),
        ("fruit/pilot.v2/labels.json", "pilot.v2"),
        ("fruit/2021-03.json", "fruit"),
        ("fruit/instance_masks", "instance_masks"),
        ("fruit/coco", "coco"),
    ],
)
def test_name_is_the_last_part_of_a_path_that_tells_something(tmp_path, monkeypatch, path, name):
    """`labels` and `train` stand in every data set; the folder around them has the name."""
    monkeypatch.chdir(tmp_path)
    place = tmp_path / path
    if place.suffix == ".json":
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    else:
        place.mkdir(parents=True)
    assert data_set_name(path) == name


def test_name_where_nothing_tells_anything():
    """A path that only says `labels` gives that."""
    assert data_set_name("/data/labels.json") == "labels"
