"""A project is set up from a recommendation: each class with its label, colour, key and points, or a clear error."""

import pytest

from annostrat.errors import InputError
from annostrat.export._colours import colours, rgb
from annostrat.export._labelling_project import set_up
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.use_case import UseCase, read_use_case

RULES, PURPOSE_FIRST = load_rules("infographic"), load_rules("purpose_first")
BOXES = {"count_matters": "yes", "occlusion": "low", "shape_variance": "low"}
CONTROL = "holds a character that a list cannot show; write it on one line"
POINTS = {"purpose": "read_pose"}


def made(classes, answers=BOXES, rules=RULES, **more):
    """Return the project of a use case with some classes."""
    return set_up(Recommender(rules).recommend(UseCase("A project", answers, classes=classes, **more)), rules)


def faults(text):
    """Return the problems of a use case that is read from a file."""
    case = read_use_case(next(yaml_source.parse(text, "case.yaml")), PURPOSE_FIRST, "case")
    with pytest.raises(InputError) as raised:
        set_up(Recommender(PURPOSE_FIRST).recommend(case), PURPOSE_FIRST)
    return [str(problem) for problem in raised.value.problems]


def test_each_class_has_its_own_strategy():
    """A class that answers differently is set up for its own label."""
    project = made({"soil": {"count_matters": "no"}, "head": {}})
    assert [(label.name, label.strategy) for label in project.labels] == [
        ("soil", "semantic_segmentation"),
        ("head", "object_detection"),
    ]
    assert [(label.key, label.thing) for label in project.labels] == [("1", False), ("2", True)]
    assert project.notes == []


def test_without_classes_something_stands_in():
    """A use case without classes is set up with one, and says so."""
    project = made({})
    assert [(label.name, label.strategy) for label in project.labels] == [("object", "object_detection")]
    assert [note.text for note in project.notes] == ["the use case names no classes, so 'object' stands in"]


def test_classes_that_only_keypoints_name_are_classes():
    """Whoever names the points of a pig need not name the pig again."""
    points = {"pig": {"points": ["snout", "tail"]}}
    project = made({}, POINTS, PURPOSE_FIRST, keypoints=points)
    assert [(label.name, label.points, label.edges) for label in project.labels] == [("pig", ("snout", "tail"), ())]
    assert project.notes == []


def test_a_person_gets_the_points_in_common_use():
    """Without points of its own, a person gets the 17 that COCO made common, and a note."""
    (person,) = made({"Person": {}}, POINTS, PURPOSE_FIRST).labels
    assert (len(person.points), person.points[0], len(person.edges)) == (17, "nose", 19)
    assert (15, 13) in person.edges  # left ankle, left knee


def test_other_classes_get_points_that_stand_in():
    """Nobody guesses the joints of a lobster: three points stand in, and a note says how to name them."""
    project = made({"lobster": {}}, POINTS, PURPOSE_FIRST)
    assert project.labels[0].points == ("point_1", "point_2", "point_3")
    assert project.notes[0].hint == "name them under `keypoints` in the use case"


def test_a_class_that_gets_less_than_the_whole_is_noted():
    """Where masks cover a class that needs boxes only, that is said, because one model would need masks of it too."""
    (note,) = made({"leaf": {"occlusion": "high"}, "pot": {}}).notes
    needed = "one model of all classes would need instance segmentation for it too"
    assert note == (f"'pot' needs object detection only; {needed}", None)


def test_what_is_noted_of_an_object_depends_on_its_answers():
    """How much others hide is noted only where that happens."""
    tin, bag = made({"tin": {}, "bag": {"occlusion": "high"}}).labels
    assert [one["id"] for one in tin.attributes] == ["truncated"]
    assert [one["id"] for one in bag.attributes] == ["occluded", "truncated", "crowd"]


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ('{"a\\nb": {}}', "2:11: the name 'a\\nb' holds a character that a list cannot show; write it on one line"),
        (
            '{"\\e[31m": {}}',
            "2:11: the name '\\x1b[31m' holds a character that a list cannot show; write it on one line",
        ),
        (
            '{"\\u202Egnp": {}}',
            "2:11: the name '\\u202egnp' holds a character that a list cannot show; write it on one line",
        ),
        ('{"  ": {}}', "2:11: the name '  ' is empty; write a name"),
        ('{a: {}, " a": {}}', "2:18: the names 'a' and ' a' look the same; rename one of them"),
        ('{"é": {}, "e\\u0301": {}}', "2:20: the names 'é' and 'e\u0301' look the same; rename one of them"),
    ],
)
def test_names_that_a_list_cannot_show_are_refused(classes, message):
    """A name with a line break, a terminal escape or a look-alike is an error at its place."""
    assert faults(f"answers: {{count_matters: no}}\nclasses: {classes}\n") == [f"case.yaml:{message}"]


def test_points_that_a_list_cannot_show_are_refused():
    """The names of points are checked like those of classes."""
    text = 'answers: {purpose: read_pose}\nkeypoints: {pig: {points: [a, "a "]}}\n'
    assert faults(text) == ["case.yaml:2:27: the names 'a' and 'a ' look the same; rename one of them"]


def test_points_of_a_class_that_does_not_exist_are_refused():
    """A misspelt class under `keypoints` is an error, with the one that was meant."""
    case = UseCase("A", {"count_matters": "no"}, classes={"pig": {}}, keypoints={"pgi": {"points": ["a"]}})
    with pytest.raises(InputError) as refused:
        set_up(Recommender(RULES).recommend(case), RULES)
    assert [(one.message, one.hint) for one in refused.value.problems] == [
        ("there is no class 'pgi'", "did you mean 'pig'?")
    ]


def test_a_class_keeps_its_colour():
    """Whatever is added later, and in whichever tool, a class has the same colour."""
    few = colours(["wheat", "weed"])
    many = colours(["wheat", "weed", *(f"class {number}" for number in range(100))])
    assert few == {name: many[name] for name in few}
    assert few["wheat"] != few["weed"]
    assert colours(["wheat"])["wheat"] == few["wheat"] == "#13ecec"


def test_a_few_classes_have_colours_that_differ_clearly():
    """Colours of a handful of classes lie well apart."""
    for group in (["person", "pig"], ["car", "road", "sky"], ["a", "b", "c", "d", "e"]):
        found = [rgb(colour) for colour in colours(group).values()]
        gaps = [sum(abs(a - b) for a, b in zip(x, y, strict=True)) for x in found for y in found if x != y]
        assert min(gaps) > 100
