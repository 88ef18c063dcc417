import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from annostrat.annotations import BOX_DERIVED, ORIENTED
from annostrat.annotations.masks.brush import mask_of_brush
from annostrat.annotations.masks.rle import RunsError
from annostrat.annotations.readers.tools import label_studio
from annostrat.annotations.readers.tools.label_studio import PLUGIN


def region(kind, value, label="apple", **more):
    labels = {f"{kind}labels": [label]} if label else {}
    size = {"original_width": 640, "original_height": 480}
    return {"type": f"{kind}labels", "value": value | labels} | size | more


def task(*results, id_=1, **more):
    return {"id": id_, "data": {"image": f"fruit_{id_}.jpg"}, "annotations": [{"result": list(results)}]} | more


def read(tmp_path, document):
    path = tmp_path / "export.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    source = PLUGIN.open([str(path)], str(tmp_path))
    pieces = pickle.loads(pickle.dumps(source.pieces))  # noqa: S301 - our own
    (batch,) = [batch for piece in pieces for batch in source.read(piece)]
    return batch


def kinds(batch):
    return [(remark.kind, remark.times) for remark in batch.remarks]


RECTANGLE = {"x": 25, "y": 50, "width": 12.5, "height": 25, "rotation": 0}


def test_rectangles_are_in_pixels(tmp_path):
    """Percent of the image's width and height become pixels."""
    batch = read(tmp_path, [task(region("rectangle", RECTANGLE))])
    assert batch.boxes.tolist() == [[160, 240, 240, 360]]
    assert (batch.flags.tolist(), batch.part_object.tolist(), batch.remarks) == ([0], [], [])
    assert batch.images == [("fruit_1.jpg", 640, 480, "", "export.json")]


def test_turned_rectangles_are_upright_around_their_corner(tmp_path):
    """A rectangle turned by 90 degrees about its upper left corner lies to the left of it."""
    batch = read(tmp_path, [task(region("rectangle", RECTANGLE | {"rotation": 90}))])
    assert batch.boxes[0] == pytest.approx([160 - 120, 240, 160, 240 + 80])
    assert (batch.flags.tolist(), kinds(batch)) == ([ORIENTED], [("oriented_boxes", 1)])


@given(st.floats(1, 60), st.floats(1, 60), st.floats(1, 30), st.floats(1, 30), st.floats(0, 359))
def test_turned_rectangles_keep_their_corners(x, y, width, height, turn):
    """The upright box is that of the four corners that the tool's own converter calculates."""
    from annostrat.annotations import BatchBuilder, Image
    from annostrat.annotations.masks.regions import add, regions_of

    builder = BatchBuilder()
    image = builder.image(Image("a", 640, 480, "", ""))
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": turn}
    (shape,) = regions_of([region("rectangle", value)], builder, "")
    add(shape, builder, image, 1, "")
    radians = math.radians(turn)
    along = np.array([math.cos(radians), math.sin(radians)]) * width * 6.4
    across = np.array([-math.sin(radians), math.cos(radians)]) * height * 4.8
    corners = np.array([x * 6.4, y * 4.8]) + np.array([0 * along, along, across, along + across])
    assert builder.batch().boxes[0] == pytest.approx([*corners.min(axis=0), *corners.max(axis=0)])


def test_polygons_and_ellipses_have_outlines(tmp_path):
    """A polygon keeps its vertices; an ellipse has its axes at its centre."""
    polygon = {"points": [[0, 0], [50, 0], [50, 100]]}
    ellipse = {"x": 50, "y": 50, "radiusX": 10, "radiusY": 5, "rotation": 90}
    batch = read(tmp_path, [task(region("polygon", polygon), region("ellipse", ellipse))])
    assert batch.points[:3].tolist() == [[0, 0], [320, 0], [320, 480]]
    assert batch.flags.tolist() == [BOX_DERIVED, BOX_DERIVED]
    oval = batch.points[3:]
    assert len(oval) == 64
    assert [*oval.min(axis=0), *oval.max(axis=0)] == pytest.approx([320 - 24, 240 - 64, 320 + 24, 240 + 64])


def test_brushes_are_masks(tmp_path):
    """The bytes that the tool's converter writes for five by two pixels are those pixels again."""
    rle = [0, 0, 0, 40, 57, 27, 252, 96, 19, 255, 223, 0, 143, 254, 112, 0]
    brush = region("brush", {"format": "rle", "rle": rle}, original_width=5, original_height=2)
    batch = read(tmp_path, [task(brush)])
    mask = batch.masks[0]
    assert (mask.left, mask.top, mask.pixels.tolist()) == (1, 0, [[True, True], [False, True]])


@pytest.mark.parametrize(
    ("rle", "kind"),
    [
        ([0, 0, 0, 40], "mask_damaged"),
        ([0, 0, 0, 41] + [0] * 9, "mask_overruns"),
        ("abc", "mask_damaged"),
        ([300], "mask_damaged"),
        ([], "mask_overruns"),
    ],
)
def test_brushes_that_end_early_or_are_of_another_size_are_remarked(tmp_path, rle, kind):
    """Bytes that end early, or are of another image, are counted, and the rest is read."""
    brush = region("brush", {"format": "rle", "rle": rle}, original_width=5, original_height=2)
    batch = read(tmp_path, [task(brush, region("rectangle", RECTANGLE))])
    assert (kinds(batch), len(batch.ids)) == ([(kind, 1)], 1)


def packed(pixels, sizes=(3, 4, 8, 16)):
    """Return a mask as bytes, by the published description: runs where values repeat, literals in between."""
    values = np.repeat(pixels.ravel(), 4) * 255
    bits = f"{values.size:032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in sizes)
    start = 0
    while start < values.size:
        end = start + 1
        while end < values.size and values[end] == values[start] and end - start < 1 << sizes[-1]:
            end += 1
        size = next(index for index, size in enumerate(sizes) if end - start <= 1 << size)
        bits += f"1{size:02b}{end - start - 1:0{sizes[size]}b}{values[start]:08b}"
        start = end
        literals = values[start : start + 3]
        if literals.size and start % 3 == 0:
            bits += f"000{literals.size - 1:0{sizes[0]}b}" + "".join(f"{value:08b}" for value in literals)
            start += literals.size
    bits += "0" * (-len(bits) % 8)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=20), elements=st.integers(0, 1)))
def test_brushes_are_unpacked_exactly(pixels):
    """Runs and literals of any picture give back its pixels."""
    mask = mask_of_brush(packed(pixels), *pixels.shape)
    found = np.zeros(pixels.shape, bool)
    if mask is not None:
        height, width = mask.pixels.shape
        found[mask.top : mask.top + height, mask.left : mask.left + width] = mask.pixels
    assert (found == pixels).all()


@given(st.lists(st.integers(0, 255), max_size=40))
def test_nothing_but_runs_errors_escape_a_brush(rle):
    """Whatever bytes stand in a file, the outcome is a mask or the one error."""
    try:
        mask = mask_of_brush([0, 0, 0, 64, *rle], 4, 4)
    except RunsError:
        return
    assert mask is None or mask.pixels.any()


def test_the_first_annotation_that_is_not_cancelled_is_taken(tmp_path):
    """Of several annotators one is read, and that there were more is told; predictions are no labels."""
    annotations = [
        {"was_cancelled": True, "result": [region("rectangle", RECTANGLE, "cancelled")]},
        {"result": [region("rectangle", RECTANGLE, "first")]},
        {"result": [region("rectangle", RECTANGLE, "second")]},
    ]
    predictions = [{"result": [region("rectangle", RECTANGLE, "predicted")]}]
    batch = read(tmp_path, [task(annotations=annotations, predictions=predictions)])
    assert (batch.categories, kinds(batch)) == (["first"], [("several_annotations", 1)])


def test_tasks_that_nobody_annotated_are_no_images_without_objects(tmp_path):
    """A task without annotations, or with cancelled ones alone, is left out with a remark; an empty one is kept."""
    cancelled = [{"was_cancelled": True, "result": []}]
    batch = read(tmp_path, [task(annotations=[]), task(id_=2, annotations=cancelled), task(id_=3)])
    assert [image.name for image in batch.images] == ["fruit_3.jpg"]
    assert kinds(batch) == [("not_annotated", 1), ("not_annotated", 1)]


def test_old_exports_have_completions(tmp_path):
    """Exports of the first versions call annotations completions."""
    old = {"id": 1, "data": {"image": "a.jpg"}, "completions": [{"result": [region("rectangle", RECTANGLE)]}]}
    assert read(tmp_path, [old]).categories == ["apple"]


def test_a_single_task_is_read_too(tmp_path):
    """A file may hold one task instead of a list, as local storage writes them."""
    assert read(tmp_path, task(region("rectangle", RECTANGLE))).categories == ["apple"]


def test_records_of_json_min_are_read(tmp_path):
    """JSON-MIN has the regions beside the data; a second annotator's record is told of."""
    shape = RECTANGLE | {"rectanglelabels": ["apple"], "original_width": 640, "original_height": 480}
    record = {"image": "a.jpg", "id": 1, "label": [shape], "annotator": 1, "annotation_id": 7}
    batch = read(tmp_path, [record, record | {"annotator": 2}, record | {"id": 2}])
    assert batch.boxes.tolist() == [[160, 240, 240, 360]] * 2
    assert kinds(batch) == [("several_annotations", 1)]


def test_a_shape_and_its_label_may_stand_apart(tmp_path):
    """A rectangle drawn first and labelled then has two results of one id; a choice about it is no shape."""
    parts = [
        {"id": "a", "type": "rectangle", "value": RECTANGLE, "original_width": 640, "original_height": 480},
        {"id": "a", "type": "labels", "value": RECTANGLE | {"labels": ["apple"]}},
        {"id": "a", "type": "choices", "value": RECTANGLE | {"choices": ["ripe"]}},
    ]
    batch = read(tmp_path, [task(*parts)])
    assert (batch.categories, len(batch.ids), batch.remarks) == (["apple"], 1, [])


def test_what_cannot_be_measured_is_counted(tmp_path):
    """Keypoints and choices are told of by kind."""
    points = [region("keypoint", {"x": 1, "y": 1, "width": 0.3}) for _ in range(2)]
    batch = read(tmp_path, [task(*points, {"type": "choices", "value": {"choices": ["ripe"]}})])
    assert [(remark.detail, remark.times) for remark in batch.remarks] == [("choices", 1), ("keypoint", 2)]
    assert len(batch.images) == 1


def test_values_that_are_none_are_no_crash(tmp_path):
    """NaN, texts and missing fields become nan, unknown sizes leave parts of the image, and each is told of."""
    document = json.dumps([task({"type": "rectanglelabels", "value": RECTANGLE | {"x": math.nan, "y": "?"}})])
    batch = read(tmp_path, document)
    assert np.isnan(batch.boxes[0, [0, 1, 2]]).all()
    assert kinds(batch) == [("image_taken_as_square", 1), ("without_class", 1)]
    assert batch.images[0][1:3] == (1, 1)


@pytest.mark.parametrize(
    "results",
    [
        [None],
        [{"value": 1}],
        [region("rectangle", RECTANGLE | {"rotation": "x"})],
        [region("polygon", {"points": 5})],
        [region("polygon", {"points": [[1, 2], [3]]})],
    ],
)
def test_broken_regions_are_remarked(tmp_path, results):
    """A region that says nothing usable is counted, and the others are read."""
    batch = read(tmp_path, [task(*results, region("rectangle", RECTANGLE))])
    assert len(batch.ids) == 1
    assert kinds(batch)[0][0] in {"bad_value", "empty_outline"}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('[{"id": 1}', (1, 11), "ends in the middle"),
        ('[{"id": 1}]\n[{"id": 2}]', (2, 1), "second document"),
        ("", (None, None), "empty"),
        ("[" * 100_000, (None, None), "nested too deeply"),
        ("\ufeff[{]", (1, 3), "no JSON"),
    ],
)
def test_broken_files_are_problems_with_a_place(tmp_path, text, place, message):
    """A file that is torn off, doubled, empty or nested without end is told of, with line and column where known."""
    path = tmp_path / "export.json"
    path.write_text(text, encoding="utf-8")
    source = PLUGIN.open([str(path)], str(path))
    (batch,) = [batch for piece in source.pieces for batch in source.read(piece)]
    (problem,) = batch.problems
    assert message in problem.message
    assert problem.location[1:] == place


def test_one_bad_task_leaves_the_others(tmp_path):
    """A task that is no task is a problem that names it, and the next is read."""
    batch = read(tmp_path, [task(), 5, task(region("rectangle", RECTANGLE), id_=3)])
    assert [problem.message for problem in batch.problems] == ["task 2: expected 'object', got 'int'"]
    assert batch.categories == ["apple"]


def test_large_exports_are_read_in_parts(tmp_path, monkeypatch):
    """All parts together are the whole, in order."""
    path = tmp_path / "export.json"
    path.write_text(json.dumps([task(region("rectangle", RECTANGLE), id_=number) for number in range(1, 100)]))
    monkeypatch.setattr(label_studio, "PART_BYTES", 5_000)
    source = PLUGIN.open([str(path)], str(tmp_path))
    assert len(source.pieces) > 2
    ids = [id_ for piece in source.pieces for batch in source.read(piece) for id_ in batch.ids.tolist()]
    assert ids == list(range(1, 100))


@pytest.mark.parametrize(
    "head", [b"", b"\x89PNG", b"[", b'{"images": [], "annotations": [{"bbox": []}]}', b'["' * 30_000]
)
def test_other_files_do_not_look_like_exports(head):
    """Empty, binary and torn heads and COCO files are refused, with what is missing."""
    look = PLUGIN.look("a.json", head)
    assert (look.fits, bool(look.missing)) == (False, True)


def test_other_json_beside_an_export_is_left_alone(tmp_path):
    """A file of some other tool in the folder is no problem."""
    (tmp_path / "package.json").write_text('{"name": "fruit"}')
    source = PLUGIN.open([str(tmp_path / "package.json")], str(tmp_path))
    assert not source.pieces


@pytest.mark.slow
def test_the_tools_own_decoder_agrees():
    """Where Label Studio's converter is installed, both unpack its bytes alike."""
    brush = pytest.importorskip("label_studio_sdk.converter.brush")
    pixels = np.random.default_rng(0).random((20, 30)) < 0.3
    rle = brush.encode_rle(np.repeat(pixels.ravel() * 255, 4).astype(np.uint8))
    theirs = brush.decode_rle(rle).reshape(20, 30, 4)[:, :, 3] > 0
    mask = mask_of_brush(rle, 20, 30)
    ours = np.zeros((20, 30), bool)
    ours[mask.top : mask.top + mask.pixels.shape[0], mask.left : mask.left + mask.pixels.shape[1]] = mask.pixels
    assert (ours == theirs).all()


def test_lead_time_is_that_of_the_annotation_taken(tmp_path):
    """The clock of the first annotation that is not cancelled is known of its image; that of JSON-MIN, too."""
    done = {"result": [region("rectangle", RECTANGLE)], "lead_time": 7.5}
    cancelled = {"result": [], "was_cancelled": True, "lead_time": 100}
    tasks = [task(id_=1, annotations=[cancelled, done]), task(region("rectangle", RECTANGLE), id_=2)]
    assert read(tmp_path, tasks).seconds == {0: 7.5}
    record = {"id": 1, "image": "a.jpg", "annotation_id": 1, "annotator": 1, "lead_time": 3}
    label = {**RECTANGLE, "rectanglelabels": ["apple"], "original_width": 640, "original_height": 480}
    assert read(tmp_path, [{**record, "label": [label]}]).seconds == {0: 3.0}


@pytest.mark.parametrize("clocked", [None, 0, -1, "7 s", True, 86_401, [7]])
def test_lead_time_that_cannot_be_is_left_out(tmp_path, clocked):
    """No time, no number, and a clock that ran for more than a day say nothing of a pace."""
    done = {"result": [region("rectangle", RECTANGLE)], "lead_time": clocked}
    batch = read(tmp_path, [task(annotations=[done])])
    assert (batch.seconds, len(batch.ids)) == ({}, 1)


def test_an_annotation_of_a_storage_has_its_task(tmp_path):
    """What Label Studio synchronises to a cloud or a folder is an annotation a file, around its task."""
    annotation = {"id": 7, "result": [region("rectangle", RECTANGLE)], "lead_time": 3.5}
    document = json.dumps(annotation | {"task": {"id": 4, "data": {"image": "a.jpg"}}})
    assert PLUGIN.look("a.json", document.encode()).fits
    batch = read(tmp_path, document)
    assert (batch.images, batch.seconds) == ([("a.jpg", 640, 480, "", "export.json")], {0: 3.5})
    assert batch.boxes.tolist() == [[160, 240, 240, 360]]


def test_labels_may_be_under_another_key(tmp_path):
    """Converters write `labels` where the type says rectanglelabels."""
    batch = read(tmp_path, [task(region("rectangle", {**RECTANGLE, "labels": ["apple"]}, label=""))])
    assert (batch.categories, batch.remarks) == (["apple"], [])


def test_boxes_of_a_video_are_passed_over(tmp_path):
    """Its sequence of frames is no image."""
    batch = read(tmp_path, [task({"type": "videorectangle", "value": {"sequence": [], "labels": ["apple"]}})])
    assert kinds(batch) == [("video_passed_over", 1)]


def test_an_export_without_annotations_is_named():
    """A project is often exported before anybody labelled."""
    look = PLUGIN.look("a.json", b'[{"id": 1, "data": {"image": "a"}, "annotations": [], "total_annotations": 0}]')
    assert (look.found, look.missing) == ("Label Studio", "annotations: no task is annotated")
