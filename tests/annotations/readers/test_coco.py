import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.annotations.coco import labels as _coco_labels
from annostrat.annotations.coco.ids import Index, UnusualError
from annostrat.measure.reading import measure_path

from .conftest import outlines_in, reading

NUMBER = st.one_of(
    st.integers(0, 99), st.floats(0, 99).map(lambda value: round(value, 2)), st.sampled_from([1e-3, -2.5])
)
RING = st.lists(NUMBER, min_size=0, max_size=12)
SEGMENTATION = st.one_of(
    st.lists(RING, max_size=3),
    RING,
    st.just({"size": [10, 10], "counts": [3, 5, 92]}),
    st.just({"size": [10, 10], "counts": [3, 500]}),
    st.sampled_from([[[[1, 2, 3, 4, 5, 6]]], [5, [1, 2, 3, 4, 5, 6]], [[1, 2, 3, 4, 5, 6], 5, 6, [1, 2, 3, 4, 5, 6]]]),
    st.none(),
)
LABEL = st.fixed_dictionaries(
    {"image_id": st.sampled_from([1, 7, 10**12, 5, 1 << 62]), "category_id": st.integers(1, 3)},
    optional={
        "bbox": st.one_of(
            st.lists(NUMBER, min_size=4, max_size=4),
            st.lists(NUMBER, max_size=5),
            st.sampled_from([None, [[1, 2, 3, 4]], [1, 2, [3, 4]]]),
        ),
        "segmentation": SEGMENTATION,
        "iscrowd": st.integers(0, 2),
        "attributes": st.just({"note": "a [1, 2], b {"}),
    },
)
FORMS = st.sampled_from([{}, {"separators": (",", ":")}, {"indent": 1}, {"indent": 4}])


def what_is_read(path):
    """Return all that reading a file says, in plain values."""
    found = reading("coco", path)
    batches = []
    for batch in found.batches:
        categories = [batch.categories[index] for index in batch.category.tolist()]
        boxes = np.nan_to_num(batch.boxes, nan=-1).round(9).tolist()
        masks = {number: (mask.left, mask.top, mask.pixels.tolist()) for number, mask in batch.masks.items()}
        columns = (batch.image.tolist(), batch.flags.tolist(), batch.ids.tolist(), batch.part_object.tolist())
        batches.append((categories, boxes, masks, list(outlines_in(batch)), columns))
    remarks = Counter((remark.kind, remark.where) for batch in found.batches for remark in batch.remarks)
    return batches, remarks, found.problems


@given(st.lists(LABEL, max_size=6), FORMS)
def test_labels_are_the_same_whether_read_by_thousands_or_one_by_one(tmp_path_factory, labels, form):
    """What is quick must say what the patient reader says, of usual and of odd labels, however the JSON is set."""
    document = {
        "images": [
            {"id": id_, "file_name": f"{id_}.jpg", "width": 100, "height": 100} for id_ in (1, "7", 10**12, 1 << 62)
        ],
        "annotations": [{"id": number, **label} for number, label in enumerate(labels, start=1)],
        "categories": [{"id": 1, "name": "car"}, {"id": 3, "name": "bus"}],
    }
    path = tmp_path_factory.mktemp("set") / "labels.json"
    path.write_text(json.dumps(document, **form))
    quick = what_is_read(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_coco_labels, "_quickly", _refuse)
        assert what_is_read(path) == quick


def _refuse(*_):
    raise UnusualError


@given(
    st.dictionaries(st.one_of(st.integers(), st.integers(0, 40), st.text(max_size=2)), st.integers(0, 99)), st.data()
)
def test_ids_are_found_however_far_apart_they_lie(known, data):
    """Close together, they are looked up in a table, else among the sorted; what is not there has no index."""
    index = Index()
    for id_, place in known.items():
        index[id_] = place
    numbers = [id_ for id_ in known if isinstance(id_, int) and -(1 << 63) <= id_ < 1 << 63]
    near = [min(id_ + 1, (1 << 63) - 1) for id_ in numbers]
    wanted = data.draw(st.lists(st.sampled_from([0, -(1 << 63), (1 << 63) - 1, *numbers, *near])))
    found = [known.get(id_, -1) for id_ in wanted]
    if -1 in found and len(numbers) < len(known):  # it may be text that says the same number
        with pytest.raises(UnusualError):
            index.look_up(wanted)
    else:
        assert index.look_up(wanted).tolist() == found


@pytest.mark.parametrize("bbox", ["[\n 10\n 20,\n 30,\n 40,\n 50]", "[1 0, 20, 30, 40]"])
def test_white_space_parts_no_number_that_lacks_a_comma(tmp_path, bbox):
    """Indented JSON is read by thousands, too, and what is broken in it is broken."""
    path = tmp_path / "a.json"
    label = f'{{"id": 1, "image_id": 1,\n "category_id": 1, "bbox": {bbox}}}'
    path.write_text(f'{{"images": [{{"id": 1}}], "annotations": [{label}], "categories": [{{"id": 1, "name": "a"}}]}}')
    found = reading("coco", path)
    assert (found.labels, len(found.problems)) == ([], 1)


def test_a_class_that_is_not_listed_may_be_called_as_one_that_is(tmp_path):
    """What the file calls so and what we call so is one class, and no crash."""
    path = tmp_path / "a.json"
    labels = [{"id": n, "image_id": 1, "category_id": n, "bbox": [1, 2, 3, 4]} for n in (1, 7)]
    categories = [{"id": 1, "name": "class 7"}]
    path.write_text(json.dumps({"images": [{"id": 1}], "annotations": labels, "categories": categories}))
    assert [label[0] for label in reading("coco", path).labels] == ["class 7", "class 7"]
    assert measure_path(str(path)).profile.by_class["class 7"]["objects"] == 2


def file_of(labels, images=({"id": 1, "file_name": "a.jpg", "width": 100, "height": 80},)):
    return json.dumps({"images": list(images), "annotations": labels, "categories": [{"id": 1, "name": "a"}]})


SQUARE = [[10, 10], [30, 10], [30, 30], [10, 30]]
WAYS = {
    "pairs": SQUARE,
    "a list of pairs": [SQUARE],
    "kwcoco": [{"exterior": SQUARE, "interiors": []}],
    "an object": {"exterior": SQUARE},
    "polygons": {"polygons": [[10, 10, 30, 10, 30, 30, 10, 30]]},
    "text": [["10", "10", "30", "10", "30", "30", "10", "30"]],
}


@pytest.mark.parametrize("way", WAYS)
def test_outlines_are_read_however_they_are_nested(tmp_path, way):
    """Pairs, exteriors and numbers as text are the same outline."""
    path = tmp_path / "a.json"
    path.write_text(file_of([{"id": 1, "image_id": 1, "category_id": 1, "segmentation": WAYS[way]}]))
    assert reading("coco", path).outlines == [[[[10, 10], [30, 10], [30, 30], [10, 30]]]]


def test_labels_may_be_an_object_by_their_id(tmp_path):
    """LIVECell writes annotations so; a label among them that is unusual is read one by one."""
    labels = {str(n): {"id": n, "image_id": 1, "category_id": 1, "bbox": [n, 1, 5, 5]} for n in (1, 2)}
    for box in ([2, 1, 5, 5], ["2", 1, 5, 5]):
        labels["2"]["bbox"] = box
        path = tmp_path / "a.json"
        path.write_text(file_of(labels))
        found = reading("coco", path)
        assert [label[1] for label in found.labels] == [(1, 1, 6, 6), (2, 1, 7, 6)]
        assert not found.problems


def test_ids_may_be_written_as_fractions(tmp_path):
    """What pandas and MATLAB write as 1.0 is the id 1."""
    path = tmp_path / "a.json"
    label = {"id": 1.0, "image_id": 1.0, "category_id": 1.0, "bbox": [1, 1, 5, 5]}
    path.write_text(file_of([label], [{"id": 1.0, "file_name": "a.jpg", "width": 100, "height": 80}]))
    assert [(label[0], label[3]) for label in reading("coco", path).labels] == [("a", 1)]


@pytest.mark.parametrize(
    ("mask", "kind"),
    [
        ({"size": [80, 100], "counts": [0, 8000]}, None),
        ({"size": [100, 80], "counts": [0, 8000]}, "mask_exchanged"),
        ({"size": [40, 50], "counts": [0, 2000]}, "mask_overruns"),
        ({"size": [80, 100], "counts": [0, -1, 8001]}, "mask_damaged"),
        ({"size": [80, 100], "counts": "b'0PT1'"}, "counts_as_bytes"),
    ],
)
def test_masks_must_have_the_size_of_their_image(tmp_path, mask, kind):
    """A mask of another size, or packed as Python's bytes, is told; its box is kept."""
    path = tmp_path / "a.json"
    path.write_text(file_of([{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5], "segmentation": mask}]))
    found = reading("coco", path)
    assert set(found.remarks) - {"mask_overruns"} == {kind} - {"mask_overruns", None}
    assert len(found.labels) == 1
    assert bool(found.masks) == (kind is None or (kind == "counts_as_bytes" and not found.remarks["mask_overruns"]))


SQUARE_RUNS = {"size": [80, 100], "counts": [0, 20, 60, 20, 7900]}


@pytest.mark.parametrize("odd", [{}, {"image_id": "1"}], ids=["by thousands", "one by one"])
def test_crowds_are_measured_as_objects_where_asked(tmp_path, odd):
    """Masks that a tool marked as crowds, every one, are passed over as a rule, and measured on request."""
    path = tmp_path / "a.json"
    label = {"image_id": 1, "category_id": 1, "iscrowd": 1, "segmentation": SQUARE_RUNS}
    path.write_text(file_of([{"id": 1, **label, **odd}, {"id": 2, **label}]))
    passed_over, measured = (measure_path(str(path), crowds=crowds).profile for crowds in (False, True))
    assert (passed_over.counts["crowds"], passed_over.counts["objects"]) == (2, 0)
    assert (measured.counts["crowds"], measured.counts["objects"], measured.counts["masks"]) == (0, 2, 2)
    assert measure_path(str(path), crowds=True, sample=1).profile.counts["objects"] == 2
