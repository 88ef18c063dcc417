"""`annostrat scaffold` writes what a tool takes, never over a file that is there, and says what it cannot do."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from annostrat import export as exporters
from annostrat.cli.commands import scaffold
from annostrat.knowledge.plugins import names

BOXES = "answers: {count_matters: yes, occlusion: low, shape_variance: low}\nclasses: {head: {}}\n"
MIXED = "answers: {count_matters: yes, occlusion: high}\nclasses: {soil: {count_matters: no}, head: {}}\n"
OPEN = "name: Wheat\nanswers: {count_matters: yes, shape_variance: low}\n"
CAN = "cvat, label_studio, labelme"
REGIONS = "instance segmentation and semantic segmentation"
TURNED = "answers: {purpose: find_objects, orientation_matters: yes}\n"


@pytest.mark.parametrize("tool", names(exporters))
def test_scaffold_prints_every_file(annostrat, save, tool):
    """Each tool's file goes to standard output and nothing else does."""
    result = annostrat("scaffold", tool, save("case.yaml", BOXES))
    assert (result.code, result.err) == (0, "")
    assert "head" in result.out


def test_scaffold_reads_standard_input_and_answers(annostrat):
    """A use case may come from a pipe, and an answer from the command line."""
    result = annostrat("scaffold", "coco", "-", "-a", "occlusion=low", stdin=OPEN.encode())
    assert result.code == 0
    assert json.loads(result.out)["categories"][0]["name"] == "object"
    hint = "add `classes: {a_name: {}}`"
    assert result.err == f"annostrat: the use case names no classes, so 'object' stands in; {hint}\n"


def test_scaffold_never_writes_over_a_file(annostrat, save):
    """A file that is there stays as it is, and the message says how to replace it."""
    save("case.yaml", BOXES)
    save("labels.json", "mine")
    result = annostrat("scaffold", "cvat", "case.yaml", "-o", "labels.json")
    message = "labels.json already exists; name another file, or overwrite it with --force"
    assert (result.code, result.out, result.err) == (2, "", f"annostrat: {message}\n")
    assert Path("labels.json").read_text() == "mine"


def test_scaffold_keeps_a_link_too(annostrat, save):
    """A link that leads nowhere yet is as little replaced as a file."""
    save("case.yaml", BOXES)
    os.symlink("nowhere", "labels.json")
    assert annostrat("scaffold", "cvat", "case.yaml", "-o", "labels.json").code == 2
    assert not Path("nowhere").exists()


def test_scaffold_replaces_a_file_with_force(annostrat, save):
    """`--force` replaces the file, whole."""
    save("case.yaml", BOXES)
    save("labels.json", "mine" * 1000)
    assert annostrat("scaffold", "cvat", "case.yaml", "--output", "labels.json", "--force") == (0, "", "")
    assert json.loads(Path("labels.json").read_text())[0]["name"] == "head"
    assert sorted(os.listdir()) == ["case.yaml", "labels.json"]


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_scaffold_in_a_read_only_folder_is_one_message(annostrat, save, monkeypatch, force):
    """Where nothing may be written, that is said in one line, and nothing is left behind."""
    save("case.yaml", BOXES)
    os.mkdir("closed")
    os.chmod("closed", 0o555)  # noqa: S103 - nobody may write there, which is the point
    monkeypatch.setattr(scaffold, "write", _without_privileges(scaffold.write))
    result = annostrat("scaffold", "yolo", "case.yaml", "-o", "closed/data.yaml", *force)
    assert (result.code, result.out) == (2, "")
    assert result.err == "annostrat: closed/data.yaml cannot be written: permission denied\n"
    assert os.listdir("closed") == []


def _without_privileges(write):
    """Return the same function, run as a user whom permissions hold for."""

    def run(pieces, path):
        if os.getuid() != 0:
            return write(pieces, path)
        os.seteuid(65534)
        try:
            return write(pieces, path)
        finally:
            os.seteuid(0)

    return run


@pytest.mark.parametrize("target", ["missing/labels.json", "case.yaml/labels.json", "."])
def test_scaffold_to_where_no_file_can_be_is_one_message(annostrat, save, target):
    """A folder that is missing, or is no folder, or is the target itself, is one message and exit code 2."""
    save("case.yaml", BOXES)
    result = annostrat("scaffold", "cvat", "case.yaml", "-o", target)
    assert result.code == 2
    assert result.err.startswith(f"annostrat: {target} cannot be written: ")
    assert os.listdir() == ["case.yaml"]


@pytest.mark.parametrize(
    ("tool", "case", "message"),
    [
        (
            "coco", TURNED,
            "COCO cannot hold the labels of oriented boxes; these can: cvat, label_studio, labelme, yolo",
        ),
        (
            "yolo", MIXED,
            f"YOLO has one label for all classes, and these need {REGIONS}; these can: coco, {CAN}",
        ),
        (
            "yolo", "answers: {purpose: tag_images}",
            f"YOLO cannot hold the labels of image classification; these can: {CAN}",
        ),
    ],
)  # fmt: skip
def test_scaffold_names_the_tools_that_can(annostrat, save, tool, case, message):
    """A label that a tool cannot express is refused, with the tools that can."""
    rules = "infographic" if case == MIXED else "purpose_first"
    result = annostrat("scaffold", tool, save("case.yaml", case), "--rules", rules, "-o", "out")
    assert (result.code, result.out, result.err) == (2, "", f"annostrat: {message}\n")
    assert not Path("out").exists()


def test_scaffold_refuses_names_that_are_too_long_for_a_tool(annostrat, save):
    """CVAT takes 64 characters; the others take more."""
    save("case.yaml", BOXES.replace("head", "h" * 65))
    result = annostrat("scaffold", "cvat", "case.yaml")
    said = f"CVAT takes names of 64 characters at most, and '{'h' * 40}...' is longer"
    assert result.err.startswith(f"annostrat: {said}; these can: ")
    assert {"coco", "label_studio", "labelme", "yolo"} <= {*re.split(r"[\s:,]+", result.err)}
    assert annostrat("scaffold", "coco", "case.yaml").code == 0


def test_scaffold_of_an_undecided_case_asks_for_the_answer(annostrat, save):
    """An undecided use case exits 1, as one that does not hold, and says which answer would settle most."""
    result = annostrat("scaffold", "coco", save("case.yaml", OPEN), "-o", "out.json", "--rules", "infographic")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "annostrat: 'Wheat' is undecided: instance segmentation or object detection; answer occlusion (How often do "
        "objects of interest overlap or hide one another?) with one of: low, moderate, high\n"
    )
    assert not Path("out.json").exists()


def test_scaffold_of_an_undecided_class_names_the_class(annostrat, save):
    """If only a class is undecided, it is named."""
    case = save("case.yaml", BOXES.replace("head: {}", "head: {}, bag: {occlusion: unknown}"))
    result = annostrat("scaffold", "coco", case, "--rules", "infographic")
    assert result.code == 1
    assert "the class 'bag' of 'case' is undecided" in result.err
    assert "answer compute_budget" in result.err


def test_scaffold_sizes_the_pilot_by_what_was_measured(annostrat, save):
    """Where a use case names labels, the guideline says how many more images would settle what they leave open."""
    folder = Path(__file__).parents[2] / "examples" / "annotations" / "coco"
    case = save("case.yaml", f"{BOXES}evidence: {{annotations: {json.dumps(str(folder))}}}\n")
    result = annostrat("scaffold", "guideline", case)
    said = "that many more would settle what the measured intervals leave open"
    assert (result.code, result.err) == (0, "")
    assert f"- Label 18 more images before the next review: {said} (occlusion and shape variance).\n" in result.out


def test_scaffold_with_labels_that_cannot_be_read_writes_nothing(annostrat, save):
    """If the labels that a use case names are missing, that is said, and nothing is set up."""
    case = save("case.yaml", f"{BOXES}evidence: {{annotations: missing}}\n")
    result = annostrat("scaffold", "cvat", case, "-o", "out.json")
    assert (result.code, result.out) == (2, "")
    assert "missing" in result.err
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["cvatt", "case.yaml"],
            "annostrat: no tool is called 'cvatt'; did you mean `annostrat scaffold cvat case.yaml`?\n",
        ),
        (["_base", "case.yaml"], "annostrat: no tool is called '_base'; valid: "),
        (["cvat", "missing.yaml"], "missing.yaml: "),
        (
            ["cvat", "two.yaml"],
            "annostrat: two.yaml holds 2 use cases; scaffold takes one",
        ),
        (["cvat", "bad.yaml"], "bad.yaml:2:11: the name 'a\\nb' holds a character that a list cannot show"),
        (["cvat", "case.yaml", "-a", "occlusion=hihg"], "--answer: 'hihg' is not an answer to occlusion"),
        (["cvat", "case.yaml", "--rules", "nope"], "annostrat: no rule set is called 'nope'"),
    ],
)
def test_scaffold_reports_what_is_wrong(annostrat, save, arguments, message):
    """A misspelt tool, a missing file, several use cases or a bad name: one clear message, exit code 2."""
    save("case.yaml", BOXES)
    save("two.yaml", f"{BOXES}---\n{BOXES}")
    save("bad.yaml", 'answers: {count_matters: no}\nclasses: {"a\\nb": {}}\n')
    result = annostrat("scaffold", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(message)


@pytest.mark.parametrize("classes", ["{a: {}, a: {}}", '{"": {}}'])
def test_scaffold_refuses_empty_and_repeated_names(annostrat, save, classes):
    """A class without a name, or given twice, is an error at its line."""
    result = annostrat("scaffold", "cvat", save("case.yaml", f"answers: {{count_matters: no}}\nclasses: {classes}\n"))
    assert result.code == 2
    assert result.err.startswith("case.yaml:2:")


@pytest.mark.slow
def test_scaffold_into_a_closed_pipe_ends_quietly(command, save):
    """`annostrat scaffold … | head -1` says nothing more."""
    save(
        "case.yaml", "answers: {count_matters: no}\nclasses: {" + ", ".join(f"c{n}: {{}}" for n in range(1500)) + "}\n"
    )
    with subprocess.Popen(
        [*command, "scaffold", "cvat", "case.yaml"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
