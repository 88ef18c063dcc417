"""What is kept of a measurement: a use case that names its labels, how they are read, and what they said."""

import json
import os
from pathlib import Path

import pytest
import yaml

PILOT = str(Path(__file__).parents[2] / "examples" / "pilot" / "labels.json")
COVERED = [(5, 5, 10, 10), (10, 5, 10, 10)]
ALONE = [(40, 40, 15, 15)]


def coco(*images):
    """Return a COCO file: for each image, boxes x, y, width, height by class."""
    names = list(dict.fromkeys(name for image in images for name in image))
    labels = [
        {"image_id": number, "category_id": names.index(name), "bbox": list(box)}
        for number, image in enumerate(images)
        for name, boxes in image.items()
        for box in boxes
    ]
    return json.dumps(
        {
            "images": [{"id": i, "file_name": f"{i}.jpg", "width": 100, "height": 100} for i in range(len(images))],
            "annotations": [{"id": i, **label} for i, label in enumerate(labels)],
            "categories": [{"id": i, "name": name} for i, name in enumerate(names)],
        }
    )


MIXED = coco(*[{"tree": COVERED, "house": ALONE}] * 60)


def recommended(annostrat, *arguments):
    """Recommend, and return the document."""
    result = annostrat("recommend", *arguments, "-f", "json", "--no-input")
    written = f"annostrat: wrote {arguments[-1]}\n" if "--write" in arguments else ""
    assert (result.code, result.err) == (0, written)
    return json.loads(result.out)


def test_a_use_case_keeps_how_its_labels_were_measured(annostrat, save):
    """All options are written down, so that whoever reads the case measures the same images in the same way again."""
    save("trees/labels.json", MIXED)
    options = ["--from", "coco", "--sample", "40", "--seed", "7", "--crowds"]
    assert annostrat("measure", "trees", *options, "-f", "json", "--write", "case.yaml").code == 0
    kept = {"annotations": "trees", "format": "coco", "sample": 40, "seed": 7, "crowds": True}
    assert yaml.safe_load(Path("case.yaml").read_text())["evidence"] == kept
    read, asked = recommended(annostrat, "case.yaml"), recommended(annostrat, "--evidence", "trees", *options)
    assert (read["evidence"]["images"], read["evidence"]["sampled"]) == (40, 40)
    assert read["evidence"]["answers"]["occlusion"]["value"] == asked["evidence"]["answers"]["occlusion"]["value"]
    annostrat("recommend", "case.yaml", "--write", "again.yaml", "-f", "json", "--no-input")
    assert yaml.safe_load(Path("again.yaml").read_text())["evidence"] == kept


def test_page_says_how_to_be_asked_about_the_same_images(annostrat, save):
    """The command that a measurement ends with names the options that it was measured with."""
    save("trees.json", MIXED)
    shown = annostrat("measure", "trees.json", "--from", "coco", "--sample", "40", "--seed", "7", "--crowds").out
    wanted = "annostrat recommend --evidence trees.json --from coco --sample 40 --seed 7 --crowds"
    assert wanted in " ".join(shown.split())
    shown = annostrat("recommend", "--evidence", "trees.json", "--sample", "40", "--no-input").out
    assert "annostrat measure" not in shown
    assert "60 objects" not in shown
    assert "(coco, a sample of 40 images)" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("labels.json", "2:11: evidence is a mapping with `annotations`, not the text 'labels.json'; for example: evi"),
        ("{sample: 5}", "2:11: evidence needs the key `annotations`; for example: evidence: {annotations: path/to/"),
        ("{annotations: a, smaple: 5}", "2:28: 'smaple' is not a key of evidence; did you mean 'sample'?"),
        (
            "{annotations: a, sample: 0}",
            "2:36: sample is a whole number from 1 to 1,000,000,000, not the number 0",
        ),
        (
            "{annotations: a, seed: no}",
            "2:34: seed is a whole number from 0 to 9,223,372,036,854,775,807, not the text 'no'",
        ),
        ("{annotations: a, format: 3}", "2:36: format is text, not the number 3; put it in quotes"),
        ("{annotations: ''}", "2:25: annotations has 1 to 1,000,000 characters, not 0"),
        ("{annotations: a.json, format: coc}", "2:41: no annotation format is called 'coc'; did you mean 'coco'?"),
        ("{annotations: missing.json, format: coco}", "2:25: missing.json: no such file or directory"),
    ],
)
def test_evidence_that_cannot_be_obeyed_is_said_with_its_place(annostrat, save, evidence, said):
    """Whatever is wrong with the evidence of a use case: one line, with file, line and column, and exit 2."""
    save("a.json", MIXED)
    result = annostrat("check", save("case.yaml", f"answers: {{count_matters: no}}\nevidence: {evidence}\n"))
    assert result.code == 2
    assert f"case.yaml:{said.replace(': ', ' ', 1)}" in " ".join(result.out.split())


def test_how_to_measure_needs_what_to_measure(annostrat):
    """`--from`, `--sample` and `--seed` without `--evidence` are a slip, not silence."""
    for options in (["--from", "coco"], ["--sample", "0"], ["--seed", "1"]):
        result = annostrat("recommend", "-a", "count_matters=no", *options)
        assert (result.code, result.out) == (2, "")
        assert "name these with --evidence PATH" in result.err
    result = annostrat("recommend", "--evidence", "a", "--sample", "0")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "--sample takes a number of images, not 0" in result.err


def test_evidence_is_named_from_where_the_use_case_is_written(annostrat, save):
    """Labels are found again, wherever a use case is read from and written to."""
    save("data/trees.json", MIXED)
    save("cases/old.yaml", "answers: {count_matters: yes}\nevidence: {annotations: ../data/trees.json}\n")
    os.makedirs("new/folder")
    annostrat("recommend", "cases/old.yaml", "--write", "new/folder/case.yaml", "-f", "json", "--no-input")
    annostrat("recommend", "--evidence", "data/trees.json", "--write", "new/own.yaml", "-f", "json", "--no-input")
    for path, place in (("new/folder/case.yaml", "../../data/trees.json"), ("new/own.yaml", "../data/trees.json")):
        assert yaml.safe_load(Path(path).read_text())["evidence"] == {"annotations": place}
        assert annostrat("check", path).code == 0


@pytest.mark.parametrize(
    "given",
    [[], pytest.param(["count_matters=yes"], marks=pytest.mark.slow), ["count_matters=yes", "occlusion=moderate"]],
)
@pytest.mark.parametrize("labels", ["pilot", "mixed"])
def test_evidence_and_a_written_use_case_lead_to_the_same(annostrat, save, given, labels):
    """Measured and kept, or measured and asked at once: the same name, classes, and recommendation."""
    path = PILOT if labels == "pilot" else save("trees.json", MIXED)
    answers = [word for answer in given for word in ("-a", answer)]
    annostrat("measure", path, "-f", "json", "--write", "kept.yaml")
    kept = recommended(annostrat, "kept.yaml", *answers)
    at_once = recommended(annostrat, "--evidence", path, *answers, "--write", "at_once.yaml")
    read = recommended(annostrat, "at_once.yaml")
    keys = ("name", "decided", "strategy", "candidates", "classes", "covering", "path", "ask_next", "architectures")
    for key in keys:
        assert kept[key] == at_once[key] == read[key], key
    assert [entry["name"] for entry in at_once["classes"]] == (
        ["apple", "leaf"] if labels == "pilot" else ["tree", "house"]
    )


def test_classes_of_a_file_take_what_is_open_from_their_labels(annostrat, save):
    """A file says which classes there are, and what it answers for them stays; the rest is measured."""
    save("trees.json", MIXED)
    rest = "classes: {house: {}, sky: {}}\nevidence: {annotations: trees.json}\n"
    save("open.yaml", f"answers: {{count_matters: yes}}\n{rest}")
    save("given.yaml", f"answers: {{count_matters: yes, occlusion: high}}\n{rest}")
    classes = [
        {entry["name"]: entry["answers"] for entry in recommended(annostrat, name)["classes"]}
        for name in ("open.yaml", "given.yaml")
    ]
    assert classes == [{"house": {"occlusion": "low"}, "sky": {}}, {"house": {}, "sky": {}}]


def test_a_written_answer_says_how_far_it_goes(annostrat, save):
    """What labels only bound from below is written with its bound; a check of the file agrees with it."""
    annostrat("measure", PILOT, "-f", "json", "--write", "case.yaml")
    lines = Path("case.yaml").read_text().splitlines()
    assert lines[1:5] == [
        "name: pilot",
        "answers:",
        "  occlusion: moderate  # at least moderate: covered objects 0.390 (0.319 to 0.462)",
        "  shape_variance: low  # measured: agreement of silhouettes 0.859 (0.834 to 0.885)",
    ]
    assert lines[6:9] == ["classes:", "  apple: {}", "  leaf: {shape_variance: high}"]
    checked = annostrat("check", "case.yaml")
    assert (checked.code, checked.err) == (0, "")
    assert "lower bound" not in checked.out
    annostrat("recommend", "--evidence", PILOT, "-a", "shape_variance=low", "--write", "b.yaml", "--no-input")
    kept = Path("b.yaml").read_text()
    assert "  occlusion: moderate  # at least moderate: " in kept
    assert "  shape_variance: low\n" in kept
    mixed = json.loads(MIXED)
    mixed["annotations"][0]["segmentation"] = [[5, 5, 15, 5, 10, 15]]
    annostrat("measure", save("boxes.json", json.dumps(mixed)), "-f", "json", "--write", "boxes.yaml")
    assert "  shape_variance: unknown  # " in Path("boxes.yaml").read_text()
    few = save("few.json", coco({"tree": COVERED}))
    annostrat("measure", few, "-f", "json", "--write", "few.yaml")
    assert (
        "  occlusion: unknown  # not settled: covered objects 1.000, in 1 image, which is too"
        in Path("few.yaml").read_text()
    )


def clocked(images, kind="rectangle"):
    """Return an export of Label Studio: two labels an image, of which the first half took 8 seconds, the others 12."""
    values = {
        "rectangle": [{"x": 10, "y": 10, "width": 8, "height": 8}, {"x": 60, "y": 60, "width": 8, "height": 8}],
        "polygon": [{"points": [[10, 10], [18, 10], [14, 18]]}, {"points": [[60, 60], [68, 60], [64, 68]]}],
    }[kind]
    size = {"type": f"{kind}labels", "original_width": 100, "original_height": 100}
    result = [{**size, "value": {**value, f"{kind}labels": ["apple"]}} for value in values]
    return json.dumps(
        [
            {
                "id": number + 1,
                "data": {"image": f"{number}.jpg"},
                "annotations": [{"result": result, "lead_time": 8 if number < images / 2 else 12}],
            }
            for number in range(images)
        ]
    )


BOXES = "answers: {purpose: find_objects, orientation_matters: no}\nimages: 100\nobjects_per_image: 10\n"


def test_a_clocked_export_gives_the_pace(annostrat, save):
    """Ten seconds for two boxes are five for each, with an interval, as JSON and in words."""
    name = save("export.json", clocked(40))
    pace = json.loads(annostrat("measure", name, "-f", "json").out)["pace"]
    assert (pace["strategy"], pace["seconds_per_label"], pace["images"], pace["labels"]) == (
        "object_detection",
        5,
        40,
        80,
    )
    assert 4 < pace["low"] < 5 < pace["high"] < 6
    assert "Pace: 5 seconds (4.68 to 5.32) for each box, by the clock of the labelling tool" in " ".join(
        annostrat("measure", name).out.split()
    )


def test_few_clocked_images_give_a_pace_without_an_interval(annostrat, save):
    """Five images say too little of how much the pace varies."""
    pace = json.loads(annostrat("measure", save("export.json", clocked(6)), "-f", "json").out)["pace"]
    assert (pace["seconds_per_label"], pace["low"], pace["high"]) == (5, None, None)


def test_labels_without_a_clock_have_no_pace(annostrat, save):
    """Other formats say nothing of how long labelling took."""
    assert json.loads(annostrat("measure", save("labels.json", MIXED), "-f", "json").out)["pace"] is None


def test_evidence_gives_your_own_pace(annostrat, save):
    """A use case with evidence is reckoned at the measured pace, and what is written down stays as it was."""
    save("export.json", clocked(40))
    case = save("case.yaml", f"{BOXES}evidence: {{annotations: export.json}}\n")
    found = recommended(annostrat, case, "--write", "kept.yaml")
    assert found["evidence"]["pace"]["seconds_per_label"] == 5
    assert found["effort"]["pace"]["seconds"] == 5
    assert found["effort"]["strategies"][0]["own_pace"] is True
    assert "seconds_per_label" not in Path("kept.yaml").read_text(encoding="utf-8")


def test_a_pace_that_is_given_is_taken_before_the_measured_one(annostrat, save):
    """Who says how fast annotators are is believed."""
    save("export.json", clocked(40))
    case = save("case.yaml", f"{BOXES}evidence: {{annotations: export.json}}\neffort: {{seconds_per_label: 20}}\n")
    assert recommended(annostrat, case)["effort"]["pace"]["seconds"] == 20


def test_the_pace_of_outlines_is_not_that_of_boxes(annostrat, save):
    """Where other labels were timed than those recommended, the published figures stay."""
    save("export.json", clocked(40, "polygon"))
    found = recommended(annostrat, save("case.yaml", f"{BOXES}evidence: {{annotations: export.json}}\n"))
    assert found["evidence"]["pace"]["strategy"] == "instance_segmentation"
    assert found["effort"]["pace"] is None
