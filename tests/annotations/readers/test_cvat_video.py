"""CVAT for video: tracks of keyframes, and what is between them."""

import pytest

from annostrat.annotations import OCCLUDED, OCCLUSION_STATED, ORIENTED, reader
from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.readers.tools import cvat_video
from annostrat.annotations.readers.tools.cvat_video import PLUGIN
from annostrat.measure.reading import measure_path

REAL = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task>
      <id>7</id><name>crossing</name><size>4</size><mode>interpolation</mode><overlap>2</overlap>
      <start_frame>20</start_frame><stop_frame>35</stop_frame><frame_filter>step=5</frame_filter>
      <labels><label><name>car</name><attributes></attributes></label></labels>
      <segments><segment><id>3</id><start>0</start><stop>3</stop></segment></segments>
      <original_size><width>25</width><height>20</height></original_size>
    </task>
    <dumped>2024-01-01 09:05:02.335612+00:00</dumped>
    <source>t.mp4</source>
  </meta>
  <track id="4" label="car">
    <box frame="20" outside="0" occluded="1" keyframe="1" xtl="3.00" ytl="4.00" xbr="10.00" ybr="5.00" z_order="0">
    </box>
    <box frame="25" outside="1" occluded="0" keyframe="1" xtl="7.00" ytl="6.00" xbr="14.00" ybr="8.00" z_order="0">
    </box>
    <box frame="30" outside="1" occluded="0" keyframe="1" xtl="8.00" ytl="7.00" xbr="14.0" ybr="17.00" z_order="0">
    </box>
  </track>
  <track id="5" label="car">
    <points frame="20" outside="0" occluded="0" keyframe="1" points="21.95,8.00;2.55,15.09" z_order="0">
      <attribute name="colour">red</attribute>
    </points>
    <points frame="25" outside="1" occluded="0" keyframe="1" points="21.95,8.00;9.55,15.09" z_order="0">
    </points>
  </track>
</annotations>
"""
"""Shaped like the example of CVAT for video among Datumaro's test assets."""
SIZE = "<original_size><width>100</width><height>80</height></original_size>"


def write(tmp_path, text, name="annotations.xml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def video(*tracks, meta=f"<task><name>v</name><size>6</size>{SIZE}</task>"):
    return f"<annotations><meta>{meta}</meta>{''.join(tracks)}</annotations>"


def track(*shapes, more='id="3" label="cat"'):
    return f"<track {more}>{''.join(shapes)}</track>"


def box(frame, x=0, *, outside=0, more="", occluded=0):
    place = f'xtl="{x}" ytl="10" xbr="{x + 10}" ybr="30"'
    return f'<box frame="{frame}" outside="{outside}" occluded="{occluded}" keyframe="1" {place} {more}/>'


def by_frame(found):
    """Return number of the frame and box of each label."""
    (batch,) = found.batches
    return list(zip(batch.image.tolist(), [label[1] for label in found.labels], strict=True))


def test_a_real_export_is_read(read, tmp_path):
    """Frames are counted as the video counts them, each is an image, and what is outside is no label."""
    found = read("cvat_video", write(tmp_path, REAL))
    assert [image[:3] for image in found.images] == [
        (f"crossing/frame_0000{frame}", 25, 20) for frame in (20, 25, 30, 35)
    ]
    assert found.labels == [("car", (3, 4, 10, 5), OCCLUDED | OCCLUSION_STATED, 4)]
    assert found.remarks == {"shape_not_measured": 1}
    assert found.details["shape_not_measured"] == ("annotations.xml#5", "points")
    assert not found.problems


def test_boxes_move_between_keyframes(read, tmp_path):
    """As in CVAT, a box moves in a straight line to its next keyframe, with the flags of the first."""
    found = read("cvat_video", write(tmp_path, video(track(box(1, 0, occluded=1), box(4, 30), box(5, 90, outside=1)))))
    assert by_frame(found) == [
        (1, (0, 10, 10, 30)),
        (2, (10, 10, 20, 30)),
        (3, (20, 10, 30, 30)),
        (4, (30, 10, 40, 30)),
    ]
    assert [bool(label[2] & OCCLUDED) for label in found.labels] == [True, True, True, False]


def test_nothing_is_between_where_the_first_is_outside_and_nothing_follows_the_last(read, tmp_path):
    """A track pauses where its object is outside the image, and ends with what is listed."""
    found = read("cvat_video", write(tmp_path, video(track(box(0), box(1, outside=1), box(4, 40)))))
    assert by_frame(found) == [(0, (0, 10, 10, 30)), (4, (40, 10, 50, 30))]


def test_keyframes_may_be_in_any_order(read, tmp_path):
    """Frames count, not the order of the file."""
    found = read("cvat_video", write(tmp_path, video(track(box(2, 20), box(0, 0)))))
    assert by_frame(found) == [(0, (0, 10, 10, 30)), (1, (10, 10, 20, 30)), (2, (20, 10, 30, 30))]


def test_boxes_turn_the_shorter_way_round(read, tmp_path):
    """Between 350 and 10 degrees there is no angle at all."""
    shapes = box(0, more='rotation="350"'), box(2, more='rotation="10"')
    found = read("cvat_video", write(tmp_path, video(track(*shapes))))
    assert [label[2] & ORIENTED for label in found.labels] == [ORIENTED, 0, ORIENTED]
    assert found.labels[1][1] == (0, 10, 10, 30)
    assert found.remarks == {"oriented_boxes": 2}


def test_ellipses_move_too(read, tmp_path):
    """An ellipse half way has half the radius."""
    shapes = [
        f'<ellipse frame="{frame}" outside="0" cx="50" cy="40" rx="{rx}" ry="5"/>' for frame, rx in ((0, 10), (2, 20))
    ]
    found = read("cvat_video", write(tmp_path, video(track(*shapes))))
    assert [max(x for x, _ in outline[0]) for outline in found.outlines] == [60, 65, 70]


def test_polygons_between_keyframes_are_counted(read, tmp_path):
    """Vertices of two polygons have no order in common, so that what is between them is left out and told."""
    shapes = [f'<polygon frame="{frame}" outside="0" points="0,0;9,0;9,9"/>' for frame in (0, 3)]
    found = read("cvat_video", write(tmp_path, video(track(*shapes))))
    assert [label[2] for label in found.labels] == [0, 0]
    assert found.remarks == {"between_keyframes": 2}
    assert found.details["between_keyframes"] == ("annotations.xml#3", "a polygon that moves")


def test_frames_that_are_not_there_are_told(read, tmp_path):
    """A shape in a frame beyond the end, or in none, is counted."""
    shapes = box(0), box(6), box(-1), box("one")
    found = read("cvat_video", write(tmp_path, video(track(*shapes))))
    assert by_frame(found) == [(0, (0, 10, 10, 30))]
    assert found.remarks == {"unknown_image": 1, "bad_value": 2}


def test_without_a_size_the_tracks_tell_the_frames(read, tmp_path):
    """From the first frame with a shape to the last, each is an image, of unknown size."""
    found = read("cvat_video", write(tmp_path, video(track(box(7, outside=1), box(9)), meta="")))
    assert [image[:3] for image in found.images] == [(f"annotations/frame_00000{n}", 0, 0) for n in (7, 8, 9)]
    assert by_frame(found) == [(2, (0, 10, 10, 30))]
    assert found.remarks == {"image_size_unknown": 1}


def test_a_project_has_several_tasks(read, tmp_path):
    """Each track belongs to a task, whose frames are its own."""
    tasks = [
        f"<task><id>{id_}</id><name>t{id_}</name><size>2</size><subset>{subset}</subset>{SIZE}</task>"
        for id_, subset in ((8, "Train"), (9, "default"))
    ]
    meta = f"<project><name>p</name><tasks>{''.join(tasks)}</tasks></project>"
    tracks = track(box(1), more='id="0" label="cat" task_id="9"'), track(box(0), more='id="1" label="dog" task_id="8"')
    found = read("cvat_video", write(tmp_path, video(*tracks, meta=meta)))
    assert [image[0] for image in found.images] == [
        "t8/frame_000000",
        "t8/frame_000001",
        "t9/frame_000000",
        "t9/frame_000001",
    ]
    assert [image[3] for image in found.images] == ["Train", "Train", "", ""]
    assert by_frame(found) == [(3, (0, 10, 10, 30)), (0, (0, 10, 10, 30))]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            video(meta="<task><size>1000000000</size></task>"),
            "annotations.xml: states 1,000,000,000 frames; at most 1,000 frames of all videos are measured at once",
        ),
        (
            video(meta="<task><size>2000000</size><frame_filter>step=9007199254740991</frame_filter></task>"),
            "annotations.xml: states 2,000,000 frames; ",
        ),
        (
            video(meta="<tasks><task><size>600</size></task><task><size>600</size></task></tasks>"),
            "annotations.xml: states 600 frames; ",
        ),
        (
            video(track(box(0), box(10**12)), meta=""),
            "annotations.xml: states 1,000,000,000,001 frames; ",
        ),
        (video(track(box(0))) + "<", "annotations.xml:1:"),
    ],
)
def test_what_is_no_video_is_a_problem(read, tmp_path, monkeypatch, text, problem):
    """A few bytes stand for no more frames than can be read, and XML that breaks off is told."""
    monkeypatch.setattr(cvat_video, "MOST_FRAMES", 1000)
    found = read("cvat_video", write(tmp_path, text))
    assert [each[: len(problem)] for each in found.problems] == [problem]


def test_labels_between_keyframes_are_bounded(read, tmp_path, monkeypatch):
    """Two keyframes a track may stand for millions of labels; what is read by then is kept."""
    monkeypatch.setattr(cvat_video, "MOST_BETWEEN", 5)
    found = read("cvat_video", write(tmp_path, video(*[track(box(0), box(4))] * 3)))
    assert len(found.labels) == 5 + 2 + 1
    (problem,) = found.problems
    assert problem.startswith("annotations.xml: its tracks stand for more than 5 labels between keyframes")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (REAL, True),
        (REAL[:1200], True),
        ("<annotations><image id='0'/></annotations>", False),
        ("<annotations><meta/></annotations>", False),
        ("<tracks><track /></tracks>", False),
        ("", False),
    ],
)
def test_look_tells_videos_from_images(text, fits):
    """Tracks make the format."""
    assert PLUGIN.look("a.xml", text.encode()).fits is fits


def test_batches_are_handed_on_before_the_file_ends(tmp_path, monkeypatch):
    """Labels of a long video come in several batches, which share the images."""
    monkeypatch.setattr(reader, "BATCH_SIZE", 20)
    write(tmp_path, video(*[track(box(0), box(5))] * 9))
    source = PLUGIN.open([str(tmp_path / "annotations.xml")], str(tmp_path))
    assert [len(batch.ids) for batch in source.read(source.pieces[0])] == [20, 20, 14]
    assert len(source.images) == 6


def test_a_video_is_measured(tmp_path):
    """Frames without labels count as images, whatever batches the labels of a frame are in."""
    write(tmp_path, video(track(box(0), box(3)), track(box(1, 5), box(2, 5), more='id="1" label="dog"')))
    profile = measure_path(str(tmp_path), jobs=1).profile
    assert (profile.counts["images"], profile.counts["objects"]) == (6, 6)


@pytest.mark.parametrize("first", ["image", "track"])
def test_tracks_after_a_long_meta_are_found(tmp_path, first):
    """A project with hundreds of labels has them before its tracks or images."""
    shapes = {"track": track(box(0)), "image": '<image id="0" name="a.jpg" width="9" height="9"/>'}
    labels = "<label><name>cat</name></label>" * 3_000
    path = tmp_path / "a.xml"
    path.write_text(f"<annotations><meta><labels>{labels}</labels></meta>{shapes[first]}</annotations>")
    assert open_annotations(str(path)).reader.name == {"track": "cvat_video", "image": "cvat"}[first]
