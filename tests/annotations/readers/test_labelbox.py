import json

import pytest

from annostrat.annotations.readers.tools.labelbox import PLUGIN

BOX = {"name": "cat", "bounding_box": {"left": 1, "top": 2, "width": 3, "height": 4}}
CORNERS = [{"x": 1, "y": 1}, {"x": 9, "y": 1}, {"x": 9, "y": 9}]


def label(*objects, **more):
    return {"annotations": {"objects": list(objects)}, **more}


def row(*labels, **data_row):
    about = {"width": 100, "height": 50}
    return {"data_row": {"id": "1", **data_row}, "media_attributes": about, "projects": {"p": {"labels": list(labels)}}}


@pytest.fixture
def read_rows(read, tmp_path):
    """Read rows as an export of a line each."""

    def reading(*rows):
        (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, rows)))
        return read("labelbox", tmp_path)

    return reading


def test_boxes_and_polygons_are_read(read_rows):
    """A row is an image, named as its owner named it; what its address is, is never shown."""
    found = read_rows(
        row(label(BOX, {"name": "dog", "polygon": CORNERS}), external_id="a.jpg", row_data="https://x/secret")
    )
    assert [each[:2] for each in found.labels] == [("cat", (1, 2, 4, 6)), ("dog", None)]
    assert found.outlines == [[[[1, 1], [9, 1], [9, 9]]]]
    assert found.images == [("a.jpg", 100, 50, "", "a.ndjson")]
    assert not found.remarks


def test_masks_are_addresses_that_are_never_opened(read_rows):
    """They are counted with their place, and the address stands nowhere."""
    mask = {
        "name": "cat",
        "annotation_kind": "ImageSegmentationMask",
        "mask": {"url": "https://api.labelbox.com/secret"},
    }
    found = read_rows(row(label(mask, mask, BOX)))
    assert len(found.labels) == 1
    assert found.remarks == {"mask_elsewhere": 2}
    assert found.details == {"mask_elsewhere": ("a.ndjson#1", "the export has its address alone")}


def test_a_row_that_is_no_json_is_named_by_its_number(read, tmp_path):
    """The other rows are read."""
    (tmp_path / "a.ndjson").write_text(f"{json.dumps(row(label(BOX)))}\n\n{json.dumps(row(label(BOX)))[:-9]}\n")
    found = read("labelbox", tmp_path)
    assert len(found.labels) == 1
    (problem,) = found.problems
    assert "row 2: the file ends in the middle of a value" in problem


def test_first_of_several_labels_is_taken(read_rows):
    """The time that it took is that of the image."""
    clocked = {"performance_details": {"seconds_to_create": 12.5}}
    found = read_rows(row(label(BOX, **clocked), label(BOX, BOX)), row())
    assert len(found.labels) == 1
    assert found.batches[0].seconds == {0: 12.5}
    assert found.remarks == {"several_annotations": 1, "not_annotated": 1}


def test_list_and_single_row_are_read_as_lines_are(read, tmp_path):
    """An export may be one list, or one row printed on many lines."""
    (tmp_path / "a.json").write_text(json.dumps([row(label(BOX)), row(label(BOX))]))
    (tmp_path / "b.json").write_text(json.dumps(row(label(BOX)), indent=2))
    assert len(read("labelbox", tmp_path).labels) == 3


def test_broken_row_leaves_the_others(read_rows, tmp_path):
    """What is no row is a problem with its number."""
    found = read_rows(row(label(BOX)), {"data_row": 7}, row(label(BOX)))
    assert len(found.labels) == 2
    assert found.problems == ["a.ndjson: row 2 has no data_row"]


@pytest.mark.parametrize(
    ("each", "kind"),
    [
        ({"name": "a", "annotation_kind": "ImagePoint", "point": {"x": 1, "y": 1}}, "shape_not_measured"),
        ({"name": "a", "annotation_kind": "ImageCuboid"}, "shape_unknown"),
        ({"name": "a"}, "bad_value"),
        ("a", "bad_value"),
        ({"name": "a", "polygon": CORNERS[:2]}, "empty_outline"),
        ({"name": "a", "polygon": ["x", 1, None]}, "bad_value"),
    ],
)
def test_object_that_cannot_be_used_is_told(read_rows, each, kind):
    """The rest of its row is read."""
    found = read_rows(row(label(each, BOX)))
    assert found.labels[-1][0] == "cat"
    assert found.remarks == {kind: 1}


def test_rows_of_the_older_exporter_are_read(read_rows):
    """A box and a mask are called otherwise there, and a skipped image has an empty label."""
    objects = [
        {"title": "Cat", "value": "cat", "bbox": BOX["bounding_box"]},
        {"value": "dog", "polygon": CORNERS},
        {"value": "cow", "instanceURI": "https://x"},
    ]
    old = {"ID": "1", "Labeled Data": "https://x/secret", "External ID": "a.jpg", "Seconds to Label": 7}
    found = read_rows(old | {"Label": {"objects": objects}}, old | {"Label": {}})
    assert [each[:2] for each in found.labels] == [("cat", (1, 2, 4, 6)), ("dog", None)]
    assert [image[0] for image in found.images] == ["a.jpg"]
    assert found.batches[0].seconds == {0: 7}
    assert found.remarks == {"image_size_unknown": 1, "mask_elsewhere": 1, "not_annotated": 1}


def test_labels_of_a_video_are_passed_over(read_rows):
    """Its frames are no images of the export."""
    found = read_rows(row({"annotations": {"frames": {"1": {"objects": {}}}, "segments": {}}}), row(label(BOX)))
    assert len(found.images) == 1
    assert found.details["video_passed_over"][0] == "a.ndjson#1"


def test_an_object_without_a_name_is_kept(read_rows):
    """Its box is measured, and that it has no class is told."""
    found = read_rows(row(label(BOX | {"name": ""}, BOX)))
    assert [one[0] for one in found.labels] == ["object", "cat"]
    assert found.remarks == {"without_class": 1}


def test_rows_are_told_by_their_keys():
    """NDJSON of something else is not taken."""
    assert PLUGIN.look("a.ndjson", json.dumps(row(label(BOX))).encode()).fits
    assert PLUGIN.look("a.json", b'[{"ID": "1", "Labeled Data": "https://x", "Label": {"objects": []}}]').fits
    assert not PLUGIN.look("a.ndjson", b'{"source-ref": "s3://a"}').fits
