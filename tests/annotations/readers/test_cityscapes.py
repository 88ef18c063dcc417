import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.annotations import CROWD, OCCLUDED, OCCLUSION_STATED, STUFF
from annostrat.annotations.readers.datasets import cityscapes
from annostrat.annotations.readers.datasets.cityscapes import PLUGIN

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]


def read(tmp_path, *objects, name="munich_000001_000019_gtFine_polygons.json", **more):
    path = tmp_path / name
    path.write_text(json.dumps({"imgHeight": 1024, "imgWidth": 2048, "objects": list(objects)} | more))
    source = PLUGIN.open([str(path)], str(tmp_path))
    (batch,) = [batch for piece in source.pieces for batch in source.read(piece)]
    return batch


def polygon(label, **more):
    return {"label": label, "polygon": SQUARE} | more


def labels(batch):
    pairs = zip(batch.category.tolist(), batch.flags.tolist(), strict=True)
    return [(batch.categories[index], flags & (CROWD | STUFF)) for index, flags in pairs]


def test_things_are_objects_and_stuff_is_a_region(tmp_path):
    """Cars are counted, roads are not, a group is a crowd of its class, and what is unknown is an object."""
    batch = read(tmp_path, *map(polygon, ["car", "road", "persongroup", "polegroup", "mystery"]))
    assert labels(batch) == [("car", 0), ("road", STUFF), ("person", CROWD), ("polegroup", STUFF), ("mystery", 0)]
    assert batch.points[:4].tolist() == SQUARE
    assert batch.images[0][:3] == ("munich_000001_000019", 2048, 1024)


def test_what_is_deleted_or_out_of_sight_is_counted(tmp_path):
    """Deleted objects, and what the camera did not see, are left out with their number."""
    batch = read(tmp_path, polygon("car", deleted=1), polygon("out of roi"), polygon("ego vehicle"), polygon("car"))
    assert labels(batch) == [("car", 0)]
    assert [(remark.kind, remark.times) for remark in batch.remarks] == [("deleted_label", 1), ("void_region", 2)]


def test_boxes_of_persons_say_what_is_visible(tmp_path):
    """Of a person with a visible box, less than 65 % of it is occluded."""
    hidden = {"label": "pedestrian", "bbox": [10, 20, 40, 100], "bboxVis": [10, 20, 40, 50]}
    clear = {"label": "pedestrian", "bbox": [10, 20, 40, 100], "bboxVis": [10, 20, 40, 90]}
    batch = read(tmp_path, hidden, clear, {"label": "person group", "bbox": [0, 0, 1, 1]}, {"label": "ignore"})
    assert batch.boxes.tolist() == [[10, 20, 50, 120], [10, 20, 50, 120], [0, 0, 1, 1]]
    assert batch.flags.tolist() == [OCCLUSION_STATED | OCCLUDED, OCCLUSION_STATED, CROWD]


def test_boxes_of_vehicles_in_space_have_one_in_the_image(tmp_path):
    """Cityscapes 3D has the whole box and the visible one as x, y, width, height."""
    box = {"amodal": [10, 20, 10, 10], "modal": [10, 20, 10, 5]}
    batch = read(tmp_path, {"label": "car", "2d": box, "3d": {"center": [1, 2, 3]}}, {"label": "car", "2d": 7})
    assert batch.boxes.tolist() == [[10, 20, 20, 30]]
    assert batch.flags.tolist() == [OCCLUSION_STATED | OCCLUDED]
    assert [remark.kind for remark in batch.remarks] == ["bad_value"]


@given(st.lists(st.tuples(st.floats(-5, 3000), st.floats(-5, 3000)), min_size=3, max_size=9))
def test_vertices_are_as_the_file_says(vertices):
    """Whatever the vertices are, inside the image or not, they are kept."""
    found = cityscapes._object({"label": "car", "polygon": list(map(list, vertices))})  # noqa: SLF001
    assert found == {"category": "car", "flags": 0, "outline": [vertices]}


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (None, "bad_value"),
        ({"label": 5, "polygon": SQUARE}, "bad_value"),
        ({"label": "car"}, "bad_value"),
        ({"label": "car", "polygon": SQUARE[:2]}, "empty_outline"),
        ({"label": "car", "polygon": 7}, "empty_outline"),
    ],
)
def test_broken_objects_are_remarked(tmp_path, bad, kind):
    """An object that says nothing usable is counted, and the next is read."""
    batch = read(tmp_path, bad, polygon("car"))
    assert (labels(batch), [remark.kind for remark in batch.remarks]) == ([("car", 0)], [kind])


def test_sizes_that_no_image_has_are_unknown(tmp_path):
    """An image of no width keeps its labels, and has no size."""
    batch = read(tmp_path, polygon("car"), imgWidth=0)
    assert (batch.images[0][1:3], [remark.kind for remark in batch.remarks]) == ((0, 0), ["image_size_unknown"])


@pytest.mark.parametrize("text", ["", "{", '{"objects": 5}', "[]", '{"objects": []}{}', "\x00"])
def test_broken_files_are_problems(tmp_path, text):
    """A file of the format's name that is none is told of, and the next is read."""
    (tmp_path / "a_polygons.json").write_text(text)
    (tmp_path / "b_polygons.json").write_text(json.dumps({"objects": [], "imgWidth": 1, "imgHeight": 1}))
    (tmp_path / "package.json").write_text('{"name": "objects"}')
    source = PLUGIN.open(sorted(map(str, tmp_path.iterdir())), str(tmp_path))
    (batch,) = [batch for piece in source.pieces for batch in source.read(piece)]
    assert [image.name for image in batch.images] == ["b"]
    assert [problem.location.path for problem in batch.problems] == [str(tmp_path / "a_polygons.json")]


def test_the_split_is_that_of_the_folder(tmp_path):
    """Images below gtFine/val belong to val."""
    (tmp_path / "gtFine" / "val" / "munich").mkdir(parents=True)
    assert read(tmp_path, name="gtFine/val/munich/a_gtFine_polygons.json").images[0].split == "val"


def test_objects_may_come_before_the_size(tmp_path):
    """Of a scene of thousands of vertices, the size stands far behind."""
    batch = read(tmp_path, polygon("car", text="x" * 70_000), name="a.json")
    path = tmp_path / "a.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps({key: document[key] for key in ("objects", "imgWidth", "imgHeight")}))
    source = PLUGIN.open([str(path)], str(tmp_path))
    (again,) = [batch for piece in source.pieces for batch in source.read(piece)]
    assert (labels(again), again.images, again.remarks) == (labels(batch), batch.images, [])
