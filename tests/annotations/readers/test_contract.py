"""What every reader promises, whoever adds one: it knows its own files, says the same each time, and in pixels."""

import ast
import os
import pickle
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from annostrat.annotations import BOX_DERIVED, OCCLUDED, OCCLUSION_STATED, STUFF, readers
from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.files.regular import HEAD_BYTES
from annostrat.knowledge.plugins import names, pick

EXAMPLES = Path(__file__).parents[3] / "examples" / "annotations"
READERS = names(readers)
PAIRS = [pair for pair in product(READERS, READERS) if pair[0] != pair[1]]
TRUTH = [
    ("fruit_1", "apple", (40, 60, 140, 150)),
    ("fruit_1", "apple", (120, 80, 220, 190)),
    ("fruit_1", "leaf", (300, 200, 420, 260)),
    ("fruit_2", "apple", (10, 20, 110, 140)),
]
TRUTH_OF_CLASSES = [("fruit_1", "apple", (40, 60, 220, 190)), *TRUTH[2:]]
"""Where a format tells no objects apart: what all pixels of a class are in."""
HOSTILE_HEADS = [
    b"",
    b"\0" * 1000,
    b"\xff\xfe<\0a\0",
    b"{" * 10_000,
    b"<" * 10_000,
    b'{"shapes": [{"label": "\xff',
    b"[1e999, NaN, -Infinity]",
    b"\n\n\n",
    b"nan nan nan nan nan\n",
    b"9" * 50_000,
    b"7 " * 20_000,
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><annotation>&b;</annotation>",
    "\u202eImageID,😀".encode("utf-16"),
]


def reader(name):
    return pick(readers, name, "reader")


def files_in(folder, suffixes):
    tree = ((above, file) for above, _, files in os.walk(folder) for file in files)
    return sorted(os.path.join(above, file) for above, file in tree if file.lower().endswith(suffixes))


def look(plugin, path):
    return plugin.look(path, Path(path).read_bytes()[:HEAD_BYTES])


def read(name, folder):
    plugin = reader(name)
    source = plugin.open(files_in(folder, plugin.suffixes), str(folder))
    return source, [batch for piece in source.pieces for batch in source.read(piece)]


def labels_of(source, batches):
    """Yield stem, class, box and flags of each label."""
    for batch in batches:
        images = batch.images if source.images is None else source.images
        for number in range(len(batch.ids)):
            stem = os.path.splitext(os.path.basename(images[batch.image[number]].name))[0]
            stem = stem.replace("frame_00000", "fruit_")  # a video's frames have numbers for names
            flags = int(batch.flags[number])
            yield stem, batch.categories[batch.category[number]], box_of(batch, number), flags


def box_of(batch, number):
    if not batch.flags[number] & BOX_DERIVED:
        return tuple(batch.boxes[number])
    if number in batch.masks:
        mask = batch.masks[number]
        return (mask.left, mask.top, mask.left + mask.pixels.shape[1], mask.top + mask.pixels.shape[0])
    owner = np.repeat(batch.part_object, np.diff(batch.part_starts))
    points = batch.points[owner == number]
    return (*points.min(axis=0), *points.max(axis=0))


@pytest.mark.parametrize("name", READERS)
def test_reader_has_an_example_that_it_knows(name):
    """Each format has an example data set, whose files its reader takes for its own."""
    plugin = reader(name)
    files = files_in(EXAMPLES / name, plugin.suffixes)
    looks = [look(plugin, path) for path in files]
    assert any(each.fits for each in looks)
    assert all(each.found and not each.missing for each in looks if each.fits)
    assert open_annotations(str(EXAMPLES / name)).reader.name == name


@pytest.mark.parametrize(("name", "other"), PAIRS)
def test_reader_refuses_the_examples_of_other_formats(name, other):
    """No reader takes a file of another format for its own, and each says what is missing there."""
    plugin = reader(name)
    looks = [(path, look(plugin, path)) for path in files_in(EXAMPLES / other, plugin.suffixes)]
    assert [path for path, each in looks if each.fits] == []
    assert all(each.missing for _, each in looks)


@pytest.mark.parametrize("name", READERS)
def test_reader_is_named_and_described(name):
    """A reader is called like its file and says in words what it wants."""
    plugin = reader(name)
    assert plugin.name == name
    assert plugin.title
    assert plugin.wants
    assert all(suffix == suffix.lower() for suffix in plugin.suffixes)


@pytest.mark.parametrize("name", READERS)
def test_reader_does_not_see_the_others(name):
    """What two formats share stands in a module that is no format, so that each can be changed alone."""
    (folder,) = readers.__path__
    (module,) = Path(folder).rglob(f"{name}.py")
    nodes = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    imported = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    assert [module for module in imported if module.startswith(readers.__name__)] == []


@pytest.mark.parametrize("name", READERS)
def test_reader_says_the_same_twice_and_in_another_process(name):
    """Reading again gives the same labels, also from pieces that were sent to another process."""
    source, batches = read(name, EXAMPLES / name)
    sent = pickle.loads(pickle.dumps((source.read, source.pieces)))  # noqa: S301 - our own
    again = [batch for piece in sent[1] for batch in sent[0](piece)]
    assert [repr(batch) for batch in batches] == [repr(batch) for batch in again]
    assert [repr(batch) for batch in read(name, EXAMPLES / name)[1]] == [repr(batch) for batch in batches]


@pytest.mark.parametrize("name", READERS)
def test_batches_fit_together(name):
    """All arrays of a batch speak of the same labels, and every number in them is one."""
    source, batches = read(name, EXAMPLES / name)
    assert not source.problems
    for batch in batches:
        count = len(batch.ids)
        images = batch.images if source.images is None else source.images
        assert batch.boxes.shape == (count, 4)
        assert batch.image.shape == batch.category.shape == batch.flags.shape == batch.ids.shape == (count,)
        assert batch.boxes.dtype == batch.points.dtype == np.float64
        assert {each.dtype for each in (batch.image, batch.category, batch.flags, batch.ids)} == {np.dtype(np.int64)}
        assert batch.points.shape == (batch.part_starts[-1], 2)
        assert len(batch.part_starts) == len(batch.part_object) + 1
        assert (np.diff(batch.part_object) >= 0).all()
        assert np.isnan(batch.boxes).all(axis=1).tolist() == ((batch.flags & BOX_DERIVED) != 0).tolist()
        assert np.isfinite(batch.points).all()
        assert all(0 <= index < len(images) for index in batch.image)
        assert all(0 <= index < len(batch.categories) for index in batch.category)
        assert all(mask.pixels[0].any() and mask.pixels[:, -1].any() for mask in batch.masks.values())
        assert not batch.problems


@pytest.mark.parametrize("name", READERS)
def test_example_holds_the_same_fruit_in_every_format(name):
    """The examples hold one ground truth: every format gives the same classes and boxes, in pixels."""
    source, batches = read(name, EXAMPLES / name)
    found = sorted(labels_of(source, batches))
    truth = TRUTH_OF_CLASSES if all(flags & STUFF for *_, flags in found) else TRUTH
    if {category for _, category, _, _ in found} == {"object"}:  # where a format has no classes
        truth = [(stem, "object", box) for stem, _, box in truth]
    assert [(stem, category) for stem, category, _, _ in found] == [each[:2] for each in truth]
    boxes, wanted = (np.array([each[2] for each in table]) for table in (found, truth))
    tolerance = 1 if any(batch.masks for batch in batches) else 0.01  # a corner has no pixel of its own
    assert np.abs(boxes - wanted).max() <= tolerance
    images = [image for batch in batches for image in batch.images] or source.images
    assert sorted((image.width, image.height) for image in images) == [(640, 480), (640, 480)]
    stated = [bool(flags & OCCLUDED) for *_, flags in found if flags & OCCLUSION_STATED]
    assert stated in ([], [False, True, False, False])


@pytest.mark.parametrize(("name", "head"), list(product(READERS, HOSTILE_HEADS)))
def test_look_survives_what_is_no_format(name, head):
    """Whatever a file begins with, looking at it is quick, raises nothing, and takes it for no data set."""
    plugin = reader(name)
    for suffix in plugin.suffixes:
        assert not plugin.look(f"labels/a{suffix}", head).fits


@pytest.mark.parametrize("name", READERS)
def test_reader_reports_files_that_cannot_be_read(name, tmp_path):
    """A file that is gone, or broken, is a problem with its path; nothing else happens."""
    plugin = reader(name)
    gone = str(tmp_path / f"gone{plugin.suffixes[0]}")
    source = plugin.open([gone], str(tmp_path))
    problems = [
        *source.problems,
        *(each for piece in source.pieces for batch in source.read(piece) for each in batch.problems),
    ]
    assert [problem.location.path for problem in problems] == [gone]


@pytest.mark.parametrize("name", READERS)
def test_reader_ignores_files_that_are_something_else(name, tmp_path):
    """Read-me files and settings among the labels are no labels, and no problem."""
    plugin = reader(name)
    others = {".txt": "Thanks for using this data.\n", ".json": '{"settings": {"dark": true}}', ".csv": "a,b\n1,2\n"}
    others |= {".xml": "<settings><dark/></settings>", ".yaml": "dark: true\n", ".yml": "dark: true\n"}
    for suffix in plugin.suffixes:
        if suffix in others:
            (tmp_path / f"other{suffix}").write_text(others[suffix])
    source, batches = read(name, tmp_path)
    assert not source.problems
    assert [(len(batch.ids), len(batch.images), batch.problems) for batch in batches] == [(0, 0, [])] * len(batches)
