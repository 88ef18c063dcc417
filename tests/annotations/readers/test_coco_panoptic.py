import json
import pickle

import numpy as np
import pytest
from PIL import Image

from annostrat.annotations import BOX_DERIVED, CROWD, STUFF
from annostrat.annotations.readers.datasets.coco_panoptic import PLUGIN

CATEGORIES = [{"id": 1, "name": "apple", "isthing": 1}, {"id": 7, "name": "grass", "isthing": 0}]
SEGMENTS = [
    {"id": 70_000, "category_id": 1, "iscrowd": 0, "bbox": [1, 0, 2, 2], "area": 3},
    {"id": 300, "category_id": 1, "iscrowd": 1},
    {"id": 5, "category_id": 7, "iscrowd": 0, "bbox": []},
]
IDS = [[5, 70_000, 70_000, 300], [5, 70_000, 0, 300], [5, 5, 5, 5]]


def write(tmp_path, segments=SEGMENTS, ids=IDS, folder="panoptic_val", **more):
    values = np.array(ids)
    pixels = np.stack([values % 256, values // 256 % 256, values // 65536], axis=-1).astype(np.uint8)
    (tmp_path / folder).mkdir(exist_ok=True)
    Image.fromarray(pixels).save(tmp_path / folder / "a.png")
    document = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 4, "height": 3}],
        "annotations": [{"image_id": 1, "file_name": "a.png", "segments_info": segments}],
        "categories": CATEGORIES,
    }
    path = tmp_path / "panoptic_val.json"
    path.write_text(json.dumps(document | more))
    return path


def read(path):
    source = PLUGIN.open([str(path)], str(path.parent))
    pieces = pickle.loads(pickle.dumps(source.pieces))  # noqa: S301 - our own
    return [batch for piece in pieces for batch in source.read(piece)], source.problems


def only(path):
    (batch,), problems = read(path)
    assert not problems
    return batch


def kinds(batch):
    return [(remark.kind, remark.times) for remark in batch.remarks]


def test_segments_are_the_pixels_of_their_colour(tmp_path):
    """An id is red + 256 green + 65536 blue; things are objects, stuff is a region, a crowd is a crowd."""
    batch = only(write(tmp_path))
    assert [batch.categories[index] for index in batch.category] == ["apple", "apple", "grass"]
    assert batch.flags.tolist() == [0, CROWD | BOX_DERIVED, STUFF | BOX_DERIVED]
    assert batch.boxes[0].tolist() == [1, 0, 3, 2]
    apple = batch.masks[0]
    assert (apple.left, apple.top, apple.pixels.tolist()) == (1, 0, [[True, True], [True, False]])
    assert (batch.images[0][:4], batch.remarks) == (("a.jpg", 4, 3, "val"), [])


@pytest.mark.parametrize("folder", ["panoptic_val", "val", "."])
def test_the_png_files_may_be_beside_the_json_or_in_its_folder(tmp_path, folder):
    """The folder has the JSON file's name, with or without `panoptic_`, or is the same."""
    assert len(only(write(tmp_path, folder=folder)).masks) == 3


def test_boxes_are_used_where_the_png_is_missing(tmp_path):
    """Without the PNG file a segment with a box is still a label; one without is told of."""
    path = write(tmp_path)
    (tmp_path / "panoptic_val" / "a.png").unlink()
    batch = only(path)
    assert (batch.boxes.tolist(), batch.masks) == ([[1, 0, 3, 2]], {})
    assert kinds(batch) == [("missing_mask", 1), ("bad_value", 1), ("bad_value", 1)]


def test_a_damaged_png_is_a_problem_and_boxes_are_used(tmp_path):
    """A torn PNG file is told of, and the boxes still count."""
    path = write(tmp_path)
    png = tmp_path / "panoptic_val" / "a.png"
    png.write_bytes(png.read_bytes()[:60])
    batch = only(path)
    assert (len(batch.ids), [problem.location.path for problem in batch.problems]) == (1, [str(png)])


@pytest.mark.parametrize("name", ["/etc/a.png", "../a.png", "a\0.png", 5, None])
def test_png_files_outside_the_folders_are_none(tmp_path, name):
    """A name that leads out of the data set, or is none, counts as missing."""
    (tmp_path.parent / "a.png").write_bytes(b"")
    annotation = {"image_id": 1, "file_name": name, "segments_info": SEGMENTS[:1]}
    assert kinds(only(write(tmp_path, annotations=[annotation]))) == [("missing_mask", 1)]


def test_what_json_and_png_do_not_share_is_remarked(tmp_path):
    """Segments without pixels, pixels without a segment, doubled ids and unknown classes are counted."""
    segments = [SEGMENTS[0], SEGMENTS[0], {"id": 9, "category_id": 3, "bbox": [0, 0, 1, 1]}]
    batch = only(write(tmp_path, segments=segments))
    assert kinds(batch) == [
        ("duplicate_id", 1),
        ("class_beyond_list", 1),
        ("segment_without_pixels", 1),
        ("pixels_without_segment", 2),
    ]
    assert batch.categories == ["apple", "class 3"]


def test_ids_and_names_that_are_used_twice_are_remarked(tmp_path):
    """Two images of one id, and two ids of one class, are what joining files makes of them."""
    images = [{"id": 1, "file_name": name, "width": 4, "height": 3} for name in ("a.jpg", "b.jpg")]
    path = write(tmp_path, images=images, categories=[*CATEGORIES, {"id": 9, "name": CATEGORIES[0]["name"]}])
    remarks = PLUGIN.open([str(path)], str(tmp_path)).remarks
    assert [(remark.kind, remark.detail) for remark in remarks] == [
        ("merged_images", "a.jpg and b.jpg have the id 1"),
        ("duplicate_class", "2 ids are called apple"),
    ]


def test_ids_may_be_written_as_text_or_as_floats(tmp_path):
    """Some writers put quotes around numbers, and pandas writes 1.0."""
    segments = [{**each, "category_id": str(each["category_id"])} for each in SEGMENTS]
    categories = [{**each, "id": float(each["id"])} for each in CATEGORIES]
    annotations = [{"image_id": "1", "file_name": "a.png", "segments_info": segments}]
    batch = only(write(tmp_path, categories=categories, annotations=annotations))
    assert [batch.categories[index] for index in batch.category] == ["apple", "apple", "grass"]
    assert (batch.images[0][:3], batch.remarks) == (("a.jpg", 4, 3), [])


def test_an_id_of_two_classes_is_remarked(tmp_path):
    """Nobody knows which of the two a segment is; the last counts, as in other COCO files."""
    path = write(tmp_path, categories=[*CATEGORIES, {"id": 1, "name": "pear", "isthing": 1}])
    source = PLUGIN.open([str(path)], str(tmp_path))
    (remark,) = source.remarks
    assert (remark.kind, remark.detail) == ("duplicate_class", "id 1 is apple and pear")
    assert source.pieces[0].categories[1] == ("pear", True)


def test_a_png_of_another_size_is_not_used(tmp_path):
    """Masks that do not fit the image's size are left out with a remark; boxes remain."""
    batch = only(write(tmp_path, ids=[[5, 300]]))
    assert (kinds(batch)[0], batch.masks, len(batch.ids)) == (("mask_overruns", 1), {}, 1)


def test_images_without_annotation_are_images(tmp_path):
    """A listed image without segments counts as an image, and an unlisted one is told of."""
    images = [{"id": 2, "file_name": "b.jpg", "width": 4, "height": 3}]
    batches, _ = read(write(tmp_path, images=images))
    assert [image.name for batch in batches for image in batch.images] == ["b.jpg"]
    assert [len(batch.ids) for batch in batches] == [0, 0]
    assert kinds(batches[0]) == [("unknown_image", len(SEGMENTS))]


def test_ids_of_segments_may_be_text(tmp_path):
    """They are those of the pixels all the same."""
    as_text = [{**segment, "id": str(segment["id"])} for segment in SEGMENTS]
    batch = only(write(tmp_path, annotations=[{"image_id": 1, "file_name": "a.png", "segments_info": as_text}]))
    assert len(batch.ids) == len(SEGMENTS)
    assert kinds(batch) == []


def test_one_broken_annotation_leaves_the_others(tmp_path):
    """An annotation without segments is a problem that names it; NaN and huge ids in another are no crash."""
    segments = [SEGMENTS[0] | {"bbox": [float("nan"), 0, 1, 1]}, {"id": 10**30, "category_id": 1}, {"id": "x"}]
    good = {"image_id": 1, "file_name": "a.png", "segments_info": segments}
    batch = only(write(tmp_path, annotations=[{"image_id": 1}, good]))
    assert ["annotation 1:" in problem.message for problem in batch.problems] == [True]
    assert np.isnan(batch.boxes[0, 0])
    assert kinds(batch)[:2] == [("bad_value", 1), ("bad_value", 1)]


@pytest.mark.parametrize("text", ["", '{"annotations": [{"segments_info": [', '{"annotations": 5}', "{}{}"])
def test_broken_files_are_problems(tmp_path, text):
    """A file that the user named and that is none of the format is told of."""
    path = tmp_path / "panoptic.json"
    path.write_text(text)
    assert len(PLUGIN.open([str(path)], str(path)).problems) == 1


def test_segments_after_a_long_list_of_images_are_found(tmp_path):
    """The format is told even where the images fill the beginning of the file; detection files are refused."""
    images = [{"id": number, "file_name": "a" * 100, "width": 4, "height": 3} for number in range(1000)]
    panoptic = write(tmp_path, images=images)
    assert PLUGIN.look(str(panoptic), panoptic.read_bytes()[:65_536]).fits
    boxes = tmp_path / "boxes.json"
    boxes.write_text(json.dumps({"images": images, "annotations": [{"bbox": [0, 0, 1, 1]}]}))
    assert not PLUGIN.look(str(boxes), boxes.read_bytes()[:65_536]).fits


def test_a_category_that_is_neither_thing_nor_stuff_is_a_problem(tmp_path):
    """Of `isthing`, 0 and 1 can be read; for anything else it is told what to write, and the segments are kept."""
    odd = [CATEGORIES[0] | {"isthing": []}, CATEGORIES[1]]
    (batch,), (problem,) = read(write(tmp_path, categories=odd))
    assert problem.message == "isthing of the category apple is neither 0 nor 1; it is taken for a thing"
    assert problem.hint == "write 1 for things, 0 for stuff"
    assert len(batch.ids) == 3
