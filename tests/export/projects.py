"""Projects that tests set up: one for every strategy, with the names of their classes as a test wants them."""

from annostrat.export._labelling_project import set_up
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.use_cases.use_case import UseCase

RULES = load_rules("purpose_first")
_LOOK = {"occlusion": "high"}
_FOUND = {**_LOOK, "purpose": "find_objects", "orientation_matters": "no"}
_MEASURED = {**_LOOK, "purpose": "measure_objects", "count_matters": "yes"}
ANSWERS = {
    "image_classification": {"purpose": "tag_images"},
    "object_detection": _FOUND,
    "oriented_boxes": {**_FOUND, "orientation_matters": "yes"},
    "points": {**_LOOK, "purpose": "count_objects", "extent_visible": "no"},
    "keypoints": {**_LOOK, "purpose": "read_pose"},
    "polyline": {**_LOOK, "purpose": "trace_lines", "count_matters": "yes"},
    "instance_segmentation": _MEASURED,
    "semantic_segmentation": {**_MEASURED, "count_matters": "no"},
    "panoptic_segmentation": {**_MEASURED, "purpose": "map_surfaces_and_objects"},
}
"""Answers that lead to each strategy."""
STREET = {"road": {"purpose": "map_surfaces"}, "car": {"purpose": "measure_objects"}}
"""A surface and objects, under answers that lead to outlines: a panoptic label covers both."""
AWKWARD = [
    'sign "stop"',
    "it's",
    "car & <van>",
    "]]> &amp; </View>",
    "a: b, [c] {d} # e",
    "null",
    "yes",
    "~",
    "0x1f",
    "-",
    "back\\slash \\n",
    "100%",
    "$image",
    "家畜 🌾 é",
    "می‌خواهم",
    "word " * 11 + "end",
]
"""Names that people give to classes, and that a file could take for something else."""
PIG = {"pig": {"points": ["snout", "left_ear", "right_ear", "tail"], "skeleton": [["snout", "left_ear"]]}}


def project(strategy, names=("head",), **more):
    """Return a project whose classes all need one strategy."""
    return of(UseCase("A project", ANSWERS[strategy], classes={name: {} for name in names}, **more), strategy)


def of(case, *drawn):
    """Return the project of a use case; it is drawn as the test says."""
    result = Recommender(RULES).recommend(case)
    assert tuple(result.candidates) == drawn
    return set_up(result, RULES)
