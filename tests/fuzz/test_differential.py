"""What should make no difference makes none: the form of a use case, the format of labels, processes and shards."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.cli.commands.recommend import RecommendRequest, run
from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.profile.files import text_of
from annostrat.measure.reading import measure_path
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.files import as_yaml

from .inputs import read_text_of_use_cases
from .writing import CLASSES, OF_BOXES, OF_OUTLINES, Label, Picture, coco

pytestmark = pytest.mark.slow
RULES = load_rules()
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question["id"]: st.sampled_from([*question["answers"], "unknown"]) for question in RULES.questions.values()
    },
).filter(bool)
EFFORT = st.fixed_dictionaries(
    {}, optional={"images": st.integers(1, 10_000), "objects_per_image": st.integers(1, 300)}
)
PLACE = st.tuples(st.integers(2, 64), st.integers(2, 64))
"""From 2 on: where nothing is above 1, COCO is taken to have shares in the place of pixels, as it should be."""
NAME = st.sampled_from(CLASSES)
OUTLINE = st.lists(PLACE, min_size=3, max_size=6, unique=True).filter(lambda points: len(points) != 4)
"""Not of four vertices, which YOLO also writes for oriented boxes."""
BOX = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 24), st.integers(1, 24)).map(
    lambda box: [(box[0], box[1]), (box[0] + box[2], box[1] + box[3])]
)


def scenes(shape):
    """Return a strategy of scenes of a shape."""
    labels = st.lists(st.builds(Label, NAME, shape), min_size=1, max_size=5)
    sizes = st.lists(
        st.tuples(st.sampled_from([64, 128, 512]), st.sampled_from([64, 256]), labels), min_size=1, max_size=3
    )
    return sizes.map(lambda pictures: [Picture(f"p{number}", *rest) for number, rest in enumerate(pictures)])


@given(ANSWERS, EFFORT)
@settings(max_examples=60)
def test_json_lines_yaml_and_options_are_one_use_case(answers, effort):
    """A use case leads to the same recommendation as a line of JSON, as YAML, and as options of the command."""
    line = json.dumps({"name": "Your project", "answers": answers, **effort})
    (case,) = read_text_of_use_cases(line, ".jsonl")
    (same,) = read_text_of_use_cases(as_yaml(case), ".yaml")
    documents = [json.loads(json.dumps(Recommender(RULES).recommend(one).document())) for one in (case, same)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.json"
        pairs = tuple(f"{key}={value}" for key, value in answers.items())
        counts = tuple(f"{key}={value}" for key, value in effort.items())
        run(RecommendRequest(answers=pairs, effort=counts, format="json", output=str(path), no_input=True))
        documents.append(json.loads(path.read_text("utf-8")))
    first, *others = [{key: value for key, value in one.items() if key != "rules"} for one in documents]
    for other in others:
        assert {key: other[key] for key in first} == first


def measured(name, write, scene):
    """Return what is measured in a scene that is written in a format, but for what names the format."""
    with tempfile.TemporaryDirectory() as folder:
        write(scene, Path(folder))
        reading = measure_path(folder, name, jobs=1)
    assert reading.problems == []
    found = measurement(reading.profile, RULES, "a", "a")
    figures = {one["id"]: (one["images"], one["objects"], _rounded(one["value"])) for one in found["figures"]}
    classes = {one["name"]: (one["labels"], one["images"]) for one in found["classes"]}
    answers = {question: one["answer"] for question, one in found["answers"].items()}
    return {"counts": found["counts"], "figures": figures, "classes": classes, "answers": answers}


def _rounded(value):
    return None if value is None else round(value, 6)


@given(scenes(OUTLINE))
@settings(max_examples=15, derandomize=True)
def test_outlines_measure_alike_in_every_format(scene):
    """A scene of outlines has the same counts, figures, classes and answers in each format that has outlines."""
    expected = measured("coco", coco, scene)
    for name, write in OF_OUTLINES.items():
        assert measured(name, write, scene) == expected, name


@given(scenes(BOX))
@settings(max_examples=15, derandomize=True)
def test_boxes_measure_alike_in_every_format(scene):
    """A scene of boxes has the same counts, figures, classes and answers in each format."""
    expected = measured("coco", coco, scene)
    for name, write in OF_BOXES.items():
        assert measured(name, write, scene) == expected, name


@given(scenes(st.one_of(BOX, OUTLINE)), st.integers(2, 5))
@settings(max_examples=12, derandomize=True)
def test_shards_add_up_to_the_whole(scene, of):
    """The profiles of the parts of a folder add up to the profile of the whole, to the last bit."""
    for name in ("coco", "labelme"):
        with tempfile.TemporaryDirectory() as folder:
            OF_BOXES[name](scene, Path(folder))
            whole = measure_path(folder, name, jobs=1).profile
            sum_ = measure_path(folder, name, jobs=1, shard=(0, of)).profile
            for number in range(1, of):
                sum_.add(measure_path(folder, name, jobs=1, shard=(number, of)).profile)
        assert text_of(sum_) == text_of(whole)


@pytest.mark.parametrize("name", OF_BOXES)
def test_two_processes_measure_what_one_does(name, tmp_path):
    """However many processes share the work, the profile is the same."""
    scene = [
        Picture(f"p{number}", 64, 64, [Label(CLASSES[number % 2], [(1, 1), (9 + number % 40, 20)])] * (1 + number % 4))
        for number in range(300)
    ]
    OF_BOXES[name](scene, tmp_path)
    one, two = (measure_path(str(tmp_path), name, jobs=jobs) for jobs in (1, 2))
    assert text_of(one.profile) == text_of(two.profile)
    assert one.problems == two.problems == []
