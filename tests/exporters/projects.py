"""Projects that tests set up: one for every strategy, with the names of their classes as a test wants them."""

from annostrat.engine import Recommender
from annostrat.knowledge.loader import load_rules
from annostrat.labels import set_up
from annostrat.use_case import UseCase

RULES = load_rules("extended")
_PURPOSE = {
    "needs_location": "yes",
    "landmarks_needed": "no",
    "thin_structures": "no",
    "surfaces_and_objects": "no",
    "outline_needed": "yes",
    "count_matters": "yes",
    "boundary_clear": "yes",
    "occlusion": "high",
}
_BOXES = {"outline_needed": "no", "orientation_matters": "no", "number_is_enough": "no"}
ANSWERS = {
    "image_classification": {"needs_location": "no"},
    "object_detection": {**_PURPOSE, **_BOXES},
    "oriented_boxes": {**_PURPOSE, **_BOXES, "orientation_matters": "yes"},
    "points": {**_PURPOSE, **_BOXES, "number_is_enough": "yes", "many_objects": "yes"},
    "keypoints": {**_PURPOSE, "landmarks_needed": "yes", "outline_needed": "no"},
    "polyline": {**_PURPOSE, "thin_structures": "yes", "outline_needed": "no"},
    "instance_segmentation": _PURPOSE,
    "semantic_segmentation": {**_PURPOSE, "count_matters": "no"},
    "panoptic_segmentation": {**_PURPOSE, "surfaces_and_objects": "yes"},
}
"""Answers that lead to each strategy."""
STREET = {"road": {"surfaces_and_objects": "no", "count_matters": "no"}, "car": {}}
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
