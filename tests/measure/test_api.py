"""Measuring labels from Python: what is measured, kept, joined, and refused."""

import os
from pathlib import Path

import pytest

import annostrat
from annostrat.errors import InputError, UsageError
from annostrat.measure.profile.files import text_of

FOLDER = str(Path(__file__).parents[2] / "examples" / "annotations")
PILOT = Path(__file__).parents[2] / "examples" / "pilot"
FORMATS = sorted(os.listdir(FOLDER))


def test_measure_labels_returns_what_the_command_prints():
    """From Python the same comes back as `annostrat measure --format json` prints."""
    found = annostrat.measure_labels(os.path.join(FOLDER, "coco"))
    assert found.problems == []
    assert found.measurement["counts"]["objects"] == 4
    assert found.measurement["source"]["formats"] == {"coco": 1}
    assert found.measurement["answers"]["occlusion"]["answer"] == "unknown"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sample": -1}, "labels.json: sample is a whole number from 1 to 1,000,000,000, not the number -1"),
        ({"sample": "5"}, "sample is a whole number from 1 to 1,000,000,000, not the text '5'"),
        ({"seed": -1}, "seed is a whole number from 0 to "),
        ({"format": 5}, "format is text, not the number 5"),
        ({"crowds": 5}, "crowds is yes or no, not the number 5"),
        ({"jobs": 0}, "jobs is a number of processes, not 0; give 1"),
        ({"rules": 5}, "a rule set is needed, not 5"),
        ({"shard": ("a", 4)}, "shard is two whole numbers, not ('a', 4); give (0, 8) for the first of eight"),
        ({"shard": (0, 2, 3)}, "shard is two whole numbers, not (0, 2, 3)"),
        ({"shard": 4}, "shard is two whole numbers, not 4"),
        ({"shard": (8, 8)}, "there is no shard 8 among 8; they count from 0"),
    ],
)
def test_measure_labels_refuses_what_no_file_could_say(given, said):
    """An argument of another kind, or out of range, is an error before anything is read."""
    with pytest.raises(InputError) as caught:
        annostrat.measure_labels("labels.json", **given)
    assert said in str(caught.value)


@pytest.mark.parametrize("format", [["coco"], ["coco", 5], 5])
def test_agreement_wants_one_format_for_all_or_one_for_each(format):
    """Formats of another number or kind are an error before anything is read."""
    with pytest.raises(InputError, match="format is text, or a list of 2 texts, one for each path, not "):
        annostrat.agreement(["anna.json", "ben.json"], format=format)


def test_measured_labels_show_themselves_in_a_line():
    """In a shell one sees what was measured, the answers and how much is amiss, rather than every figure."""
    shown = "<MeasuredLabels of 'pilot': 30 images, 205 objects; occlusion at least moderate, shape_variance low; "
    assert repr(annostrat.measure_labels(PILOT / "labels.json")) == shown + "findings: 0, problems: 0>"


def test_compared_labels_show_themselves_in_a_line():
    """In a shell one sees whose labels they are, the figures and how much is amiss."""
    shown = repr(annostrat.agreement([PILOT / "labels.json", PILOT / "second.json"]))
    assert shown.startswith("<ComparedLabels of 'labels' and 'second': 30 images in common; agreement=0.94, ")
    assert shown.endswith("; findings: 3, problems: 0>")


@pytest.mark.parametrize(
    "format",
    [
        name if name in {"coco", "pascal_voc", "yolo"} else pytest.param(name, marks=pytest.mark.slow)
        for name in FORMATS
    ],
)
def test_measure_labels_in_shards_is_the_whole(format):
    """Shards of a data set, joined in any order, have the profile of the whole to the last bit, in every format."""
    path = os.path.join(FOLDER, format)
    whole = annostrat.measure_labels(path).profile
    shards = [annostrat.measure_labels(path, shard=(number, 3)).profile for number in (2, 0, 1)]
    assert text_of(annostrat.merge_profiles(shards)) == text_of(whole)


def test_measure_labels_in_shards_tells_each_fault_once(tmp_path):
    """A label of an image that is not listed is counted once, though every shard of a COCO file meets it."""
    labels = tmp_path / "labels.json"
    labels.write_text(
        '{"images": [{"id": 1, "file_name": "a.jpg", "width": 9, "height": 9},'
        ' {"id": 2, "file_name": "b.jpg", "width": 9, "height": 9}], "categories": [{"id": 1, "name": "apple"}],'
        ' "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]},'
        ' {"id": 2, "image_id": 2, "category_id": 1, "bbox": [1, 1, 2, 2]},'
        ' {"id": 3, "image_id": 7, "category_id": 1, "bbox": [1, 1, 2, 2]}]}',
        "utf-8",
    )
    shards = [annostrat.measure_labels(labels, shard=(number, 2)).profile for number in (0, 1)]
    whole = annostrat.merge_profiles(shards)
    assert whole.found["unknown_image"].count == 1
    assert text_of(whole) == text_of(annostrat.measure_labels(labels).profile)


def test_profile_is_kept_and_says_the_same(tmp_path):
    """A saved profile is loaded as it was, and gives the same measurement."""
    found = annostrat.measure_labels(os.path.join(FOLDER, "yolo"))
    annostrat.save_profile(found.profile, tmp_path / "profile.json")
    loaded = annostrat.load_profile(tmp_path / "profile.json")
    again = annostrat.measurement_of(loaded, name="yolo")
    assert again == {**found.measurement, "source": {**found.measurement["source"], "path": "yolo"}}


def test_merging_leaves_its_parts_as_they_are():
    """Joining profiles changes none of them."""
    part = annostrat.measure_labels(os.path.join(FOLDER, "labelme")).profile
    before = text_of(part)
    annostrat.merge_profiles([part, part])
    assert text_of(part) == before


def test_measure_labels_says_what_cannot_be_read(tmp_path):
    """A path that is not there is an InputError, and a format that is not known a UsageError."""
    with pytest.raises(InputError, match="no such file or directory"):
        annostrat.measure_labels(tmp_path / "nothing")
    with pytest.raises(UsageError, match="kokko"):
        annostrat.measure_labels(os.path.join(FOLDER, "coco"), format="kokko")


def test_measure_labels_says_what_is_not_installed(monkeypatch):
    """Without the extra, one sentence says what to install."""
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="measuring needs libraries that are not installed: numpy") as caught:
        annostrat.measure_labels(FOLDER)
    assert "pip install 'annostrat[measure]'" in str(caught.value)
