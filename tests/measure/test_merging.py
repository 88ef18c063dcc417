"""The profile of a whole is the sum of those of its parts, to the last bit, however the images are divided."""

import json
import os
import tempfile
from collections import defaultdict
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.annotations.text import json_arrays as _json_arrays
from annostrat.knowledge.loader import load_rules
from annostrat.measure import workers
from annostrat.measure.figures import Figures
from annostrat.measure.measurement import measurement
from annostrat.measure.profile import profile as profiles
from annostrat.measure.profile.files import read_profile, text_of
from annostrat.measure.profile.profile import Profile
from annostrat.measure.reading import measure_path
from annostrat.measure.tables import group_by_image
from annostrat.measure.tables.intervals import PACE

pytestmark = pytest.mark.slow

CLASSES = ["facade", "window", "person", "never"]
SPLITS = ("train", "val", "test")
PLACE = st.integers(0, 70)
BOX = st.tuples(PLACE, PLACE, st.integers(1, 30), st.integers(1, 30))
OUTLINE = BOX.map(lambda b: [[b[0], b[1], b[0] + b[2], b[1] + b[3] / 3, b[0], b[1] + b[3]]])
PARTS = st.tuples(OUTLINE, OUTLINE).map(lambda pair: pair[0] + pair[1])
RUNS = st.tuples(st.integers(0, 5000), st.integers(1, 900)).map(
    lambda runs: {"size": [100, 100], "counts": [runs[0], runs[1], 10_000 - sum(runs)]}
)
ODD = st.sampled_from(
    [
        {"bbox": [10, 10, 0, 5]},
        {"bbox": [90, 90, 30, 30]},
        {"bbox": [1, 2, 3]},
        {"bbox": [5, 5, float("inf"), 5]},
        {"segmentation": [[1, 2, 3, 4]]},
        {"bbox": [10, 10, 20, 20], "iscrowd": 1, "segmentation": {"size": [100, 100], "counts": [1000, 300, 8700]}},
        {"bbox": [10, 10, 20, 20], "category_id": 9},
        {"segmentation": {"size": [100, 100], "counts": [0, 999_999]}},
        {},
    ]
)
SHAPE = st.one_of(
    BOX.map(lambda box: {"bbox": list(box)}),
    OUTLINE.map(lambda outline: {"segmentation": outline}),
    st.tuples(BOX, OUTLINE).map(lambda both: {"bbox": list(both[0]), "segmentation": both[1]}),
    PARTS.map(lambda parts: {"segmentation": parts}),
    RUNS.map(lambda runs: {"segmentation": runs}),
    ODD,
)
LABEL = st.tuples(st.integers(1, 3), SHAPE).map(lambda label: {"category_id": label[0], **label[1]})
WINDOWS = [
    {"category_id": 1, "bbox": [0, 0, 90, 90]},
    *({"category_id": 2, "bbox": [20 * i, 40, 8, 12]} for i in range(4)),
]
IMAGE = st.one_of(st.just([]), st.just(WINDOWS), st.lists(LABEL, max_size=6))
few = settings(max_examples=settings.default.max_examples // 4)
"""Each example is measured several times."""
IMAGES = st.lists(st.tuples(st.integers(0, 2), IMAGE), min_size=1, max_size=12)
"""Images, each with the part that it goes to and its labels; windows become parts of facades in the union only."""


def document(images, classes=CLASSES, names="{}.jpg"):
    """Return a COCO file of some numbered images."""
    labels = [
        {"id": 100 * number + place, "image_id": number, **entry}
        for number, entries in images.items()
        for place, entry in enumerate(entries)
    ]
    listed = [{"id": i, "file_name": names.format(i), "width": 100, "height": 100} for i in images]
    categories = [{"id": i, "name": name} for i, name in enumerate(classes, 1)]
    return json.dumps({"images": listed, "annotations": labels, "categories": categories}).replace("},", "},\n")


def write(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)
    return str(path)


def divided(images):
    """Return numbered images by the part that they go to."""
    parts = defaultdict(dict)
    for number, (part, labels) in enumerate(images, 1):
        parts[part][number] = labels
    return parts


def total(*several):
    whole = Profile()
    for each in several:
        whole.add(each)
    return whole


def in_blocks(labels=7, size=700):
    """Return a patch under which everything is cut into pieces of a few labels, and few images are sampled."""
    patch = pytest.MonkeyPatch()
    patch.setattr(profiles, "SAMPLE", 3)
    patch.setattr(group_by_image, "BLOCK_LABELS", labels)
    patch.setattr(_json_arrays, "PIECE_BYTES", size)
    return patch


@few
@given(IMAGES)
def test_a_folder_is_the_sum_of_its_files(images):
    """Files of one folder, measured together, or each alone and then joined, are one and the same profile."""
    with tempfile.TemporaryDirectory() as folder, in_blocks().context():
        files = [write(f"{folder}/{SPLITS[part]}.json", document(labels)) for part, labels in divided(images).items()]
        whole = measure_path(folder, jobs=1).profile
        parts = [measure_path(file, jobs=1).profile for file in files]
    assert text_of(whole) == text_of(total(*parts))


def measured_apart(images, whole, part):
    """Return the profile of one file with all images, and those of files with some of them; both named as told."""
    with tempfile.TemporaryDirectory() as folder, in_blocks().context():
        every = {number: labels for number, (_, labels) in enumerate(images, 1)}
        return measure_path(write(f"{folder}/{whole}", document(every)), jobs=1).profile, [
            measure_path(write(f"{folder}/{part.format(number)}", document(labels)), jobs=1).profile
            for number, labels in divided(images).items()
        ]


@few
@given(IMAGES)
def test_a_file_is_the_sum_of_files_that_have_its_images(images):
    """One file, or its images spread over several of the same name: all but how many files there were is the same."""
    whole, parts = measured_apart(images, "whole/a.json", "{}/a.json")
    joined = total(*parts)
    assert joined.formats.pop("coco") == len(parts)
    assert whole.formats.pop("coco") == 1
    assert text_of(whole) == text_of(joined)


@few
@given(IMAGES)
def test_what_is_shown_does_not_depend_on_the_names_of_the_parts(images):
    """However the files are called: figures, intervals, answers and findings of the sum are those of the whole."""
    rules = load_rules("infographic")
    whole, parts = measured_apart(images, "all.json", "shard-{}.json")
    assert shown(whole, rules) == shown(total(*parts), rules)


def shown(profile, rules):
    """Return what is shown of a profile, but for the names of files."""
    found = measurement(profile, rules, "a", "a")
    return {**found, "source": None, "findings": [{**finding, "examples": []} for finding in found["findings"]]}


@few
@given(IMAGES, st.sampled_from(["{}.jpg", "frame.jpg", "val/{}.jpg"]))
def test_a_file_is_the_sum_of_its_shards(images, names):
    """However many images have one name: the shards of a file add up to it."""
    with tempfile.TemporaryDirectory() as folder, in_blocks().context():
        every = {number: labels for number, (_, labels) in enumerate(images, 1)}
        file = write(f"{folder}/train.json", document(every, names=names))
        whole = measure_path(file, jobs=1).profile
        shards = [measure_path(file, jobs=1, shard=(number, 3)).profile for number in range(3)]
    assert text_of(whole) == text_of(total(*shards))
    assert text_of(whole) == text_of(total(*reversed(shards)))


@few
@given(IMAGES)
def test_folders_that_number_their_images_alike_are_told_apart(images):
    """Each video has its frame 1, in a file that is called as everywhere: joined, all is as measured at once."""
    rules = load_rules("infographic")
    with tempfile.TemporaryDirectory() as folder, in_blocks().context():
        for part, labels in divided(images).items():
            write(f"{folder}/{part}/a.json", document(dict(enumerate(labels.values(), 1))))
        whole = measure_path(folder, jobs=1).profile
        parts = [measure_path(f"{folder}/{part}", jobs=1).profile for part in divided(images)]
    assert shown(whole, rules) == shown(total(*parts), rules)


def test_ids_used_twice_in_several_files_are_named_as_in_each_alone(tmp_path):
    """Of more than are named, the same few are picked, whether the files are measured together or apart."""
    names = [f"{number}.json" for number in range(3)]
    for number, name in enumerate(names):
        box = {"image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]}
        labels = [{**box, "id": 100 * number + place // 2} for place in range(40)]
        image = {"id": 1, "file_name": f"{number}.jpg", "width": 100, "height": 100}
        write(tmp_path / name, json.dumps({"images": [image], "annotations": labels, "categories": []}))
    whole = measure_path(str(tmp_path), jobs=1).profile
    assert whole.found["duplicate_id"].count == 60
    assert text_of(whole) == text_of(total(*(measure_path(str(tmp_path / name), jobs=1).profile for name in names)))


def test_the_same_covered_objects_count_in_every_image(batch, measured):
    """Images of one name in parts that are read apart are several, not one with the objects of all."""
    pair = [(0, 0, 50, 50), (5, 5, 45, 45)]
    profiles = [measured(pair).profile for _ in range(3)]
    assert Figures(total(*profiles)).estimate("covered_per_image").value == 2


def labelme(labels):
    """Return a LabelMe file with the boxes and outlines of some labels."""
    shapes = []
    for entry in labels:
        shape = {"label": f"class {entry['category_id']}", "flags": {}, "group_id": None}
        if "bbox" in entry and len(entry["bbox"]) == 4:
            x, y, width, height = entry["bbox"]
            shapes.append({**shape, "shape_type": "rectangle", "points": [[x, y], [x + width, y + height]]})
        elif isinstance(entry.get("segmentation"), list):
            flat = entry["segmentation"][0]
            shapes.append({**shape, "shape_type": "polygon", "points": list(zip(flat[::2], flat[1::2], strict=True))})
    size = {"imageHeight": 100, "imageWidth": 100, "imageData": None}
    return json.dumps({"version": "5.0.1", "flags": {}, "shapes": shapes, "imagePath": "", **size})


@few
@given(IMAGES)
def test_one_file_an_image_adds_as_well(images):
    """The same where each image has a file of its own, in folders that are splits."""
    with tempfile.TemporaryDirectory() as folder, in_blocks().context():
        for number, (part, labels) in enumerate(images):
            split = SPLITS[number % 3]
            for where in ("whole", part):
                write(f"{folder}/{where}/{split}/{number}.json", labelme(labels))
        whole = measure_path(f"{folder}/whole", jobs=1).profile
        parts = [measure_path(f"{folder}/{part}", jobs=1).profile for part in divided(images)]
    assert text_of(whole) == text_of(total(*parts))


@few
@given(st.lists(IMAGES, min_size=3, max_size=3))
def test_adding_knows_no_order(thirds):
    """Profiles can be joined in any order and grouping: whoever is ready first may come first."""
    with tempfile.TemporaryDirectory() as folder, in_blocks().context():
        parts = []
        for number, images in enumerate(thirds):
            every = {100 * number + i: labels for i, (_, labels) in enumerate(images)}
            text = document(every, CLASSES[number:] + CLASSES[:number])
            parts.append(measure_path(write(f"{folder}/train{number}.json", text), jobs=1).profile)
        a, b, c = (total(part) for part in parts)
        orders = {text_of(total(*order)) for order in permutations(parts)}
        grouped = {text_of(total(total(a, b), c)), text_of(total(a, total(b, c)))}
        alone = text_of(total(a, Profile()))
    assert len(orders | grouped) == 1
    assert alone == text_of(parts[0])


@few
@given(IMAGES)
def test_a_profile_survives_its_file(rules, images):
    """Written and read again, a profile is the same, adds the same, and says the same."""
    with tempfile.TemporaryDirectory() as folder, in_blocks().context():
        every = dict(enumerate(labels for _, labels in images))
        profile = measure_path(write(f"{folder}/a.json", document(every)), jobs=1).profile
        again = read_profile(write(f"{folder}/profile.json", text_of(profile)))
        assert text_of(again) == text_of(profile)
        assert text_of(total(again, again)) == text_of(total(profile, profile))
        one, other = Figures(profile), Figures(again)
        for figure, text in rules.figures.items():
            assert one.estimate(figure) == other.estimate(figure)
            for name in one.classes if text["by_class"] else ():
                assert one.estimate(figure, name) == other.estimate(figure, name)


@few
@given(IMAGES)
def test_small_pieces_say_the_same_as_one(images):
    """How a file is cut to be read in bounded memory changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        every = dict(enumerate(labels for _, labels in images))
        file = write(f"{folder}/a.json", document(every))
        whole = measure_path(file, jobs=1).profile
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(group_by_image, "BLOCK_LABELS", 3)
            patch.setattr(_json_arrays, "PIECE_BYTES", 150)
            pieces = measure_path(file, jobs=1).profile
    assert text_of(whole) == text_of(pieces)


@pytest.mark.parametrize("pieces", [1, 2, 3, 5, 100])
def test_what_stands_behind_the_labels_of_a_file_is_left_out_however_work_is_shared(tmp_path, monkeypatch, pieces):
    """A list of predictions behind the annotations looks like them, and is none, also where the next file begins."""
    monkeypatch.setattr(_json_arrays, "PIECE_BYTES", 500)
    monkeypatch.setattr(workers, "MOST_PIECES", pieces)
    one = json.loads(document(dict.fromkeys(range(1, 5), WINDOWS)))
    categories = {"categories": one.pop("categories")}
    write(tmp_path / "a.json", json.dumps({**one, "predictions": one["annotations"] * 5, **categories}))
    write(tmp_path / "b.json", json.dumps({**one, **categories}))
    found = measure_path(str(tmp_path), jobs=1)
    assert (found.profile.counts["labels"], found.problems) == (40, [])
    assert "duplicate_id" not in found.profile.found


def many(count):
    """Return as many images, with a facade and windows, and something odd here and there."""
    infinite = {"category_id": 3, "bbox": [5, 5, float("nan"), 5]}
    strange = {"category_id": 9, "bbox": [90, 90, 30, 30]}
    drawn = {"category_id": 3, "segmentation": [[5, 5, 99, 9, 7, 99]]}
    return {
        i: [*WINDOWS, {**drawn, "iscrowd": int(i % 7 == 0)}, *[strange] * (i % 2), *[infinite] * (i % 50 == 0)]
        for i in range(count)
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["coco", "labelme"])
def test_two_processes_say_the_same_as_one(tmp_path, monkeypatch, kind):
    """Real processes that share the work give the identical profile."""
    if kind == "coco":
        monkeypatch.setattr(_json_arrays, "PIECE_BYTES", 30_000)
        write(tmp_path / "a.json", document(many(400)))
    else:
        for number, labels in many(1_200).items():
            write(tmp_path / f"{number}.json", labelme(labels))
    one, two = (measure_path(str(tmp_path), jobs=jobs) for jobs in (1, 2))
    assert text_of(one.profile) == text_of(two.profile)
    assert one.profile.counts["images"] == (400 if kind == "coco" else 1_200)


@pytest.mark.slow
def test_a_large_set_is_the_sum_of_its_parts(tmp_path, monkeypatch):
    """With more images than are sampled, and more findings than are named, all that is kept is still the same."""
    monkeypatch.setattr(profiles, "SAMPLE", 20)
    images = many(500)
    names = "train.json", "val.json", "test.json"
    for number, name in enumerate(names):
        write(tmp_path / name, document({i: labels for i, labels in images.items() if i % 3 == number}))
    whole = measure_path(str(tmp_path), jobs=1).profile
    joined = total(*(measure_path(str(tmp_path / name), jobs=1).profile for name in reversed(names)))
    assert text_of(whole) == text_of(joined)
    assert 0 < whole.sample("bor").images <= 20
    assert [part[:2] for part in Figures(joined).coverage.parts] == [("window", "facade")]


def test_part_of_classes_are_decided_by_the_whole(tmp_path):
    """Two parts, each too small to tell that windows are parts of facades, tell it together."""
    one, two = (write(tmp_path / f"{i}.json", document({i: WINDOWS, i + 5: WINDOWS})) for i in (1, 2))
    a, b = (measure_path(file).profile for file in (one, two))
    assert [Figures(each).coverage.parts for each in (a, b)] == [[], []]
    assert Figures(a).estimate("covered_share", "window").value == 1
    together = Figures(total(a, b))
    assert [part[:2] for part in together.coverage.parts] == [("window", "facade")]
    assert together.estimate("covered_share", "window").value == 0


def test_profiles_do_not_depend_on_where_the_data_lie(tmp_path, monkeypatch):
    """Named by a relative or an absolute path, from here or there, the data are the same."""
    write(tmp_path / "a/labels.json", document(many(10)))
    monkeypatch.chdir(tmp_path)
    texts = {text_of(measure_path(path).profile) for path in ("a", "a/", "./a", "a/labels.json", str(tmp_path / "a"))}
    monkeypatch.chdir(tmp_path / "a")
    texts |= {text_of(measure_path(path).profile) for path in (".", f"..{os.sep}a", "labels.json")}
    assert len(texts) == 1


def clocked(seconds):
    """Return an export of Label Studio: for each image, the seconds that it took and the boxes that came of it."""
    box = {"type": "rectanglelabels", "original_width": 100, "original_height": 100}
    tasks = []
    for number, (time, boxes) in enumerate(seconds):
        value = {"y": 1, "width": 2, "height": 2, "rectanglelabels": ["a"]}
        result = [{**box, "value": {**value, "x": 3 * place}} for place in range(boxes)]
        annotation = {"result": result, "lead_time": time}
        tasks.append({"id": number + 1, "data": {"image": f"{number}.jpg"}, "annotations": [annotation]})
    return json.dumps(tasks)


@few
@given(st.lists(st.tuples(st.floats(0.001, 86_400), st.integers(0, 5)), min_size=2, max_size=12), st.integers(1, 11))
def test_the_pace_of_a_whole_is_that_of_its_parts(seconds, cut):
    """Seconds for a label add as exactly as all else, and images without labels are left out of them."""
    with tempfile.TemporaryDirectory() as folder:
        whole = measure_path(write(f"{folder}/whole.json", clocked(seconds)), jobs=1).profile
        shards = [measure_path(f"{folder}/whole.json", jobs=1, shard=(number, 2)).profile for number in range(2)]
        parts = [
            measure_path(write(f"{folder}/{name}/a.json", clocked(part)), jobs=1).profile
            for name, part in (("one", seconds[:cut]), ("two", seconds[cut:]))
            if part
        ]
    pace = whole.sums.get((PACE, None))
    assert pace == total(*shards).sums.get((PACE, None)) == total(*parts).sums.get((PACE, None))
    labels = sum(boxes for _, boxes in seconds)
    assert (pace.c if pace else 0) == labels
    if labels:
        time = sum(time for time, boxes in seconds if boxes)
        assert Figures(whole).estimate(PACE).value == pytest.approx(time / labels, rel=1e-3, abs=1e-4)
