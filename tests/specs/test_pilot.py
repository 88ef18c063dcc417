"""The invented pilot: made by its script, measured to answers, and in line with its use case."""

import importlib.util
from pathlib import Path

from annostrat.cli.commands.measure import measure_files
from annostrat.knowledge.loader import load_rules
from annostrat.use_cases.use_case import LabelFiles

PILOT = Path(__file__).parents[2] / "examples" / "pilot"


def test_labels_are_what_their_script_makes():
    """Whoever runs the script gets the files that are shipped, to the last character."""
    spec = importlib.util.spec_from_file_location("draw", PILOT / "draw.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert (PILOT / "labels.json").read_text("utf-8") == script.text(script.labels())
    assert (PILOT / "second.json").read_text("utf-8") == script.text(script.second_labels())


def test_pilot_is_answered_for_the_whole_and_for_each_class():
    """Apples are all round, leaves are not; both lie over one another now and then."""
    found = measure_files(LabelFiles(str(PILOT / "labels.json")), load_rules(), quiet=True).measurement
    answers = {question: said["answer"] for question, said in found["answers"].items()}
    of_classes = {entry["name"]: entry["answers"]["shape_variance"]["answer"] for entry in found["classes"]}
    assert answers == {"occlusion": "moderate", "shape_variance": "low"}
    assert of_classes == {"apple": "low", "leaf": "high"}
