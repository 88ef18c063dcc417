"""CVAT for video 1.1: an XML file of a task, job or project, with tracks of boxes, polygons, ellipses and masks.

CVAT's own exports list a shape in every frame; where other programs list keyframes alone, boxes and ellipses are
interpolated between two of them as CVAT does, polygons are not, and nothing goes on after the last one. What is
`outside` is not in the frame. Frames of a video resemble each other, so intervals are narrower than for as many
unrelated images. Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element

from annostrat.annotations import BatchBuilder, Image
from annostrat.annotations.files.splits import split_of
from annostrat.annotations.left_out import LeftOut, UnusableError
from annostrat.annotations.reader import Look, Reader, Source, broken, inside, is_full, problems_of
from annostrat.annotations.shapes.cvat import add_shape, between, kinds_in
from annostrat.annotations.text.values import label_id, number, side
from annostrat.annotations.text.xml import children_of, of_root, root_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annostrat.annotations import Batch
    from annostrat.errors import Problem

MOST_FRAMES = 1_000_000
"""Frames of all videos that are read at once: nine hours at 30 a second."""
MOST_BETWEEN = 10_000_000
"""Interpolated labels that a file may imply."""
_ROOT = "annotations"
_NO_SUBSET = ("", "default")


class _VideoTask(NamedTuple):
    """The numbers of a video's frames, and the index of the first one's image."""

    frames: range
    first: int


class _Video(NamedTuple):
    """A file and its tasks by id."""

    path: str
    where: str
    tasks: dict[str, _VideoTask]


def _look(path: str, head: bytes) -> Look:
    if root_tag(head) == _ROOT and kinds_in(path, head) == {"track"}:
        return Look(fits=True, found="<annotations> with <track> elements")
    return Look(fits=False, missing="an <annotations> element with <track> elements")


def _open(files: Sequence[str], root: str) -> Source:
    videos: list[_Video] = []
    images: list[Image] = []
    problems: list[Problem] = []
    found, remarks = of_root(files, root, _ROOT)
    for path in found:
        builder = BatchBuilder()
        try:
            videos.append(_Video(path, inside(path, root), _tasks(path, inside(path, root), images, builder)))
        except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
            problems += problems_of(path, error)
        remarks += builder.remarks
    return Source(videos, partial(_read, images), False, images, remarks, problems)


def _tasks(path: str, where: str, images: list[Image], builder: BatchBuilder) -> dict[str, _VideoTask]:
    """Return the tasks of a file by id, and add their frames to the images."""
    first = next((element for element in children_of(path) if element.tag in ("meta", "track")), Element(""))
    tasks = {}
    for task in [each for each in first.iter() if each.tag in ("task", "job")] or [Element("task")]:
        width, height = (side(task.findtext(f"original_size/{key}")) for key in ("width", "height"))
        if not (width and height):
            builder.remark("image_size_unknown", where, "no original_size")
        frames = _stated_frames(task) or _frames_of_tracks(path)
        count = (frames.stop - frames.start) // frames.step
        if len(images) + count > MOST_FRAMES:
            hint = f"at most {MOST_FRAMES:,} frames of all videos are measured at once"
            raise broken(path, f"states {count:,} frames", hint=hint)
        tasks[task.findtext("id", "")] = _VideoTask(frames, len(images))
        name, subset = task.findtext("name", "").strip() or where.rpartition(".")[0], task.findtext("subset", "")
        split = split_of(where) if subset.lower() in _NO_SUBSET else subset
        images += [Image(f"{name}/frame_{frame:06d}", width, height, split, where) for frame in frames]
    return tasks


def _stated_frames(task: Element) -> range | None:
    """Return the numbers of a task's frames; None where it does not say how many there are."""
    step = _whole(task.findtext("frame_filter", "").partition("step=")[2]) or 1
    start, size = _whole(task.findtext("start_frame")) or 0, _whole(task.findtext("size"))
    return range(start, start + size * step, step) if size else None


def _frames_of_tracks(path: str) -> range:
    """Return the frames from the first to the last that has a shape."""
    tracks = (element for element in children_of(path) if element.tag == "track")
    found = [frame for track in tracks for shape in track if (frame := _whole(shape.get("frame"))) is not None]
    return range(min(found), max(found) + 1) if found else range(0)


def _whole(text: str | None) -> int | None:
    value = number(text)
    return int(value) if 0 <= value < 1 << 53 and value.is_integer() else None


def _read(images: Sequence[Image], video: _Video) -> Iterator[Batch]:
    """Yield the batches of a file; what comes before an error is kept."""
    builder = BatchBuilder(images=images)
    budget = iter(range(MOST_BETWEEN))
    try:
        for index, track in enumerate(element for element in children_of(video.path) if element.tag == "track"):
            id_ = label_id(number(track.get("id")), index)
            place = f"{video.where}#{id_}"
            left_out = LeftOut()
            for image, tag, attributes in _shapes_of(track, place, video, left_out, budget):
                with left_out.at(place):
                    add_shape(tag, attributes, track.get("label") or "", image, id_, place, builder)
                if is_full(builder):
                    yield builder.batch()
                    builder = BatchBuilder(images=images)
            left_out.tell(builder)
    except Exception as error:  # noqa: BLE001 - one file must not end the reading of the others
        builder.problems += problems_of(video.path, error)
    yield builder.batch()


def _shapes_of(
    track: Element, place: str, video: _Video, left_out: LeftOut, budget: Iterator[int]
) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    """Yield image, tag and attributes of each shape in a track, also between two keyframes while the budget lasts."""
    task = video.tasks.get(track.get("task_id", "")) or next(iter(video.tasks.values()))
    frames, first = task
    keyframes: list[tuple[int, Element]] = []
    for shape in track:
        frame = _whole(shape.get("frame"))
        if frame is not None and frame in frames:
            keyframes.append((frame, shape))
        else:
            left_out.add(*(_NO_FRAME if frame is None else _BEYOND), place)
    keyframes.sort(key=itemgetter(0))
    for (frame, shape), (until, following) in pairwise([*keyframes, *keyframes[-1:]]):
        if shape.get("outside") == "1":
            continue
        yield first + frames.index(frame), shape.tag, shape.attrib
        for at in range(frame + frames.step, until, frames.step):
            try:
                if next(budget, None) is None:
                    message = f"its tracks stand for more than {MOST_BETWEEN:,} labels between keyframes"
                    raise broken(video.path, message, hint="export it with all frames")
                moved = between(shape.tag, shape.attrib, following.attrib, (at - frame) / (until - frame))
            except UnusableError as reason:
                left_out.add(reason.kind, reason.detail, place, len(range(at, until, frames.step)))
                break
            yield first + frames.index(at), shape.tag, moved


_NO_FRAME = ("bad_value", "a shape without the number of a frame")
_BEYOND = ("unknown_image", "in a frame that the video does not have")

PLUGIN = Reader(
    "cvat_video",
    "CVAT for video",
    "an annotations.xml with <track> elements",
    (".xml",),
    _look,
    _open,
)
