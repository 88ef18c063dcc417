"""`annostrat measure`, `recommend --evidence` and `check` against labels: what a person and a CI job see."""

import json
import os
import re
import shutil
import sys
import time
from pathlib import Path

import pytest
import yaml

APART = [(5, 5, 10, 10), (40, 40, 15, 15)]
TOGETHER = [(5, 5, 10, 10), (10, 5, 10, 10)]
EXAMPLES = Path(__file__).parents[2] / "examples" / "annotations"


def coco(images, classes=("apple",), **first):
    """Return a COCO file: for each image the boxes x, y, width, height in it; `first` changes the first label."""
    labels = [
        {"id": 10 * number + place, "image_id": number, "category_id": 1, "bbox": list(box)}
        for number, boxes in enumerate(images, 1)
        for place, box in enumerate(boxes)
    ]
    if first:
        labels[0] |= first
    listed = [{"id": i, "file_name": f"{i}.jpg", "width": 100, "height": 100} for i in range(1, len(images) + 1)]
    categories = [{"id": number, "name": name} for number, name in enumerate(classes, 1)]
    return json.dumps({"images": listed, "annotations": labels, "categories": categories})


@pytest.fixture
def measured(annostrat):
    """Measure and return the document; whatever is said beside it fails the test."""

    def measure(*arguments):
        code, out, err = annostrat("measure", *arguments, "--format", "json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return measure


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir()))
def test_measure_reads_every_format(measured, name):
    """Whatever the format, it is detected, and the two pictures of fruit are counted."""
    found = measured(str(EXAMPLES / name))
    assert list(found["source"]["formats"]) == [name]
    assert found["counts"]["images"] == 2
    assert found["counts"]["labels"] == (3 if name == "class_masks" else 4)
    assert found["name"] == name


def test_measure_answers_and_counts(measured, save):
    """A hundred images in which two apples cover each other: occlusion is high, and nothing is known of shapes."""
    found = measured(save("labels.json", coco([TOGETHER] * 100)))
    assert found["answers"]["occlusion"]["answer"] == "high"
    assert found["answers"]["shape_variance"]["answer"] == "unknown"
    assert found["counts"]["objects"] == 200
    assert found["objects_per_image"] == {"2": 100}
    assert [(entry["name"], entry["objects"], entry["images"]) for entry in found["classes"]] == [("apple", 200, 100)]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_measure_says_in_words_what_it_found(annostrat, save, monkeypatch, columns):
    """At a terminal of any width the answers stand first, and no line is wider than it."""
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, err = annostrat("measure", save("apples.json", coco([TOGETHER] * 100)))
    assert (code, err) == (0, "")
    assert " ".join(out.split()).startswith("apples => Occlusion high; shape variance unknown")
    assert max(map(len, out.splitlines())) <= columns


def test_a_use_case_is_written_and_goes_round(annostrat, save, tmp_path):
    """`measure --write` makes a use case that `recommend` completes and `check` accepts."""
    save("data/labels.json", coco([TOGETHER] * 100))
    found = annostrat("measure", "data/labels.json", "-f", "json", "--write", "case.yaml")
    assert (found.code, found.err) == (0, "annostrat: wrote case.yaml\n")
    case = yaml.safe_load((tmp_path / "case.yaml").read_text())
    assert case["answers"] == {"occlusion": "high", "shape_variance": "unknown"}
    assert case["evidence"] == {"annotations": "data/labels.json"}
    assert case["objects_per_image"] == 2.0
    recommended = annostrat("recommend", "case.yaml", "--answer", "count_matters=yes", "-f", "json", "--no-input")
    assert recommended.code == 0
    assert json.loads(recommended.out)["strategy"]["id"] == "instance_segmentation"
    assert json.loads(recommended.out)["evidence"]["answers"]["occlusion"]["agrees"] is True
    assert annostrat("check", "case.yaml").code == 0


def test_the_path_of_evidence_starts_at_the_use_case(annostrat, save, tmp_path):
    """Wherever the command is started, labels are looked for beside the use case that names them."""
    save("data/labels.json", coco([TOGETHER] * 100))
    os.makedirs("cases")
    assert annostrat("measure", "data", "-f", "json", "--write", "cases/fruit.yaml").code == 0
    assert yaml.safe_load(Path("cases/fruit.yaml").read_text())["evidence"] == {"annotations": "../data"}
    os.makedirs("elsewhere")
    os.chdir("elsewhere")
    result = annostrat("check", str(tmp_path / "cases" / "fruit.yaml"))
    assert (result.code, result.err) == (0, "")


def test_the_path_of_evidence_is_absolute_where_no_way_leads_there(annostrat, save, tmp_path, monkeypatch):
    """Between two drives of Windows there is no relative path."""

    def relpath(path, start):
        raise ValueError(f"path is on mount 'C:', start on mount 'D:': {path} {start}")

    save("labels.json", coco([TOGETHER]))
    monkeypatch.setattr(os.path, "relpath", relpath)
    assert annostrat("measure", "labels.json", "-f", "json", "--write", "case.yaml").code == 0
    case = yaml.safe_load((tmp_path / "case.yaml").read_text())
    assert case["evidence"] == {"annotations": str(tmp_path / "labels.json")}


def test_classes_of_any_name_are_written_so_that_they_are_read_again(annostrat, save):
    """A class whose name is longer than YAML reads as a plain key is written all the same; one without any is not."""
    save("labels.json", coco([TOGETHER], ("x" * 5_000,)))
    assert annostrat("measure", "labels.json", "-f", "json", "--write", "long.yaml").code == 0
    box = '<box label="" xtl="1" ytl="1" xbr="9" ybr="9"/>'
    save("cvat.xml", f'<annotations><image id="0" name="a.jpg" width="20" height="20">{box}</image></annotations>')
    assert annostrat("measure", "cvat.xml", "-f", "json", "--write", "nameless.yaml").code == 0
    code, _, err = annostrat("recommend", "long.yaml", "nameless.yaml", "--answer", "count_matters=no")
    assert (code, err) == (0, "")


def test_recommend_asks_only_what_labels_do_not_tell(annostrat, save):
    """With evidence on the command line, measured answers are taken, and the next question is another one."""
    labels = save("labels.json", coco([TOGETHER] * 100))
    result = annostrat("recommend", "--evidence", labels, "-f", "json", "--no-input")
    found = json.loads(result.out)
    assert result.code == 0
    assert found["answers"]["occlusion"] == "high"
    assert found["ask_next"]["question"] == "purpose"


CASE = (
    "name: Fruit\nanswers: {{count_matters: yes, occlusion: {}, shape_variance: low}}\nevidence: {{annotations: {}}}\n"
)


@pytest.mark.parametrize(
    ("given", "images", "code", "status", "said"),
    [
        ("low", [TOGETHER] * 100, 1, "contradicted", "occlusion is low, but the labels say high"),
        ("high", [TOGETHER] * 100, 0, "no expectation", "nothing is expected"),
        ("high", [APART] * 100, 0, "no expectation", "occlusion is high, and the labels alone show low"),
        ("low", [APART, TOGETHER] * 5, 0, "no expectation", "which are too few for an interval"),
        ("low", [APART, TOGETHER] * 30, 1, "contradicted", "occlusion is low, which the labels rule out"),
        ("moderate", [APART, TOGETHER] * 30, 0, "undecided", "which the labels do not settle"),
    ],
    ids=["contradicted", "borne out", "more than the lower bound", "undecided", "ruled out", "not settled"],
)
def test_check_holds_answers_against_the_labels(annostrat, save, given, images, code, status, said):
    """What the labels contradict fails; what they leave open is said, and passes."""
    save("labels.json", coco(images))
    result = annostrat("check", save("case.yaml", CASE.format(given, "labels.json")), "--rules", "infographic")
    assert result.code == code
    assert result.out.startswith(status)
    assert said in " ".join(result.out.split())


def test_check_says_once_what_labels_do_not_tell(annostrat, save):
    """An answer on shapes beside labels of boxes is left open, with the reason in one clause."""
    save("labels.json", coco([APART, TOGETHER] * 30))
    text = "answers: {purpose: map_surfaces, shape_variance: high}\nevidence: {annotations: labels.json}\n"
    told = " ".join(annostrat("check", save("case.yaml", text)).out.split())
    assert "shape_variance is high, which the labels do not settle: agreement of silhouettes and spread of" in told


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("labels.json", None, "labels.json: no such file or directory"),
        ("labels.json", '{"images": [', "labels.json:1:13: the file ends in the middle of a value"),
        ("labels.json", "", "labels.json: is an empty file"),
    ],
    ids=["missing", "cut off", "empty"],
)
def test_check_of_evidence_that_cannot_be_read(annostrat, save, name, content, said):
    """Labels that cannot be read are an error where the use case names them, in every report."""
    if content is not None:
        save(name, content)
    result = annostrat("check", save("case.yaml", CASE.format("low", name)), "--report", "json=report.json")
    assert result.code == 2
    assert " ".join(result.out.split()).startswith(f"unreadable case.yaml:3:25 {said}")
    assert json.loads(Path("report.json").read_text())["summary"]["unreadable"] == 1
    assert result.err == ""


def test_evidence_is_measured_once_for_all_cases(annostrat, save, monkeypatch):
    """Several cases that name the same labels read them once."""
    from annostrat.measure import reading

    save("labels.json", coco([TOGETHER] * 30))
    files = [save(f"{i}.yaml", CASE.format("high", "labels.json")) for i in range(3)]
    original, calls = reading.measure_path, []
    monkeypatch.setattr(reading, "measure_path", lambda path, *a, **k: calls.append(path) or original(path, *a, **k))
    assert annostrat("check", *files).code == 0
    assert len(calls) == 1


def profile_of(annostrat, path, name):
    assert annostrat("measure", path, "-f", "json", "--profile", name).code == 0
    return Path(name).read_text()


def test_profiles_of_parts_join_to_that_of_the_whole(annostrat, measured, save):
    """Measured apart and joined, or together: the same profile, and the same answers."""
    images = [TOGETHER if i % 3 else APART for i in range(90)]
    for part in range(3):
        document = json.loads(coco(images))
        document["images"] = document["images"][part::3]
        kept = {image["id"] for image in document["images"]}
        document["annotations"] = [label for label in document["annotations"] if label["image_id"] in kept]
        save(f"data/{part}.json", json.dumps(document))
        profile_of(annostrat, f"data/{part}.json", f"{part}.profile")
    whole = profile_of(annostrat, "data", "whole.profile")
    assert (
        annostrat("measure", "--merge", "2.profile", "0.profile", "1.profile", "-f", "json", "--profile", "all").code
        == 0
    )
    assert Path("all").read_text() == whole
    joined = measured("--merge", "0.profile", "1.profile", "2.profile")
    alone = measured("data")
    for key in ("answers", "figures", "classes", "counts", "findings", "histograms"):
        assert joined[key] == alone[key]


def test_a_profile_that_cannot_be_joined_is_reported_and_the_others_are(annostrat, save):
    """One damaged file of three: the others are joined, the bad one is named, exit 2."""
    save("labels.json", coco([TOGETHER] * 30))
    profile_of(annostrat, "labels.json", "good.profile")
    result = annostrat("measure", "--merge", "good.profile", save("bad.profile", "{"), "-f", "json")
    assert result.code == 2
    assert json.loads(result.out)["counts"]["images"] == 30
    assert result.err == (
        "bad.profile: is not JSON, so not a profile; a profile is what `annostrat measure PATH --profile FILE` writes\n"
    )
    alone = annostrat("measure", "--merge", "bad.profile", "-f", "json")
    assert (alone.code, alone.out) == (2, "")


def test_the_same_profile_is_not_joined_twice(annostrat, save):
    """Named twice, or under two names: that is refused, for its images would count twice; nothing is written."""
    profile_of(annostrat, save("labels.json", coco([TOGETHER] * 30)), "a.profile")
    save("b.profile", Path("a.profile").read_text())
    for twin in ("a.profile", "b.profile"):
        result = annostrat("measure", "--merge", "a.profile", twin, "-f", "json", "--profile", "whole")
        assert (result.code, result.out) == (2, "")
        assert result.err == (
            f"{twin}: is the same profile as a.profile, so that its images would count twice; name each once\n"
        )
        assert not Path("whole").exists()


def test_parts_without_images_are_joined_though_they_are_the_same(annostrat, save):
    """A machine that had nothing to measure has the same profile as another one, and neither counts."""
    for number in range(2):
        path = save("none.json", coco([]))
        assert annostrat("measure", path, "--profile", f"{number}.profile").code == 2
    assert annostrat("measure", "--merge", "0.profile", "1.profile", "-f", "json").code == 0


def yolo_file(boxes):
    return "".join(f"0 {(x + w / 2) / 100} {(y + h / 2) / 100} {w / 100} {h / 100}\n" for x, y, w, h in boxes)


def cvat_file(images):
    parts = [
        f'<image id="{i}" name="{i}.jpg" width="100" height="100">'
        + "".join(
            f'<box label="a" xtl="{x}" ytl="{y}" xbr="{x + w}" ybr="{y + h}" occluded="0"/>' for x, y, w, h in boxes
        )
        + "</image>"
        for i, boxes in enumerate(images)
    ]
    return f'<?xml version="1.0"?><annotations><version>1.1</version>{"".join(parts)}</annotations>'


@pytest.mark.parametrize(
    "kind", ["coco", pytest.param("yolo", marks=pytest.mark.slow), pytest.param("cvat", marks=pytest.mark.slow)]
)
def test_a_sample_is_the_same_each_time_and_another_with_another_seed(measured, save, kind):
    """`--sample` picks images by their names: again the same, with another seed others, with a large one all."""
    images = [[(5, 5, 2 + i, 10)] for i in range(60)]
    if kind == "coco":
        save("data/a.json", coco(images))
    elif kind == "cvat":
        save("data/a.xml", cvat_file(images))
    else:
        for i, boxes in enumerate(images):
            save(f"data/{i}.txt", yolo_file(boxes))
        save("data/classes.txt", "a\n")
    first, again = measured("data", "--sample", "20"), measured("data", "--sample", "20")
    other = measured("data", "--sample", "20", "--seed", "1")
    assert first == again
    assert first["figures"] != other["figures"]
    assert [each["counts"]["images"] for each in (first, other)] == [20, 20]
    assert [each["counts"]["objects"] for each in (first, other)] == [20, 20]
    assert first["source"]["sampled"] == 20
    every = measured("data", "--sample", "1000")
    assert (every["counts"]["images"], every["source"]["sampled"]) == (60, 60)
    assert every["figures"] == measured("data")["figures"]


def test_a_sample_of_files_looks_at_no_other_images(measured, save):
    """Images beside the labels that were not picked are not counted as unlabelled."""
    for i in range(12):
        save(f"data/labels/{i}.txt", yolo_file([(5, 5, 10, 10)]))
        save(f"data/images/{i}.jpg", b"")
    save("data/images/bare.jpg", b"")
    found = measured("data", "--sample", "6")
    assert found["counts"]["images"] == 6
    assert found["counts"]["images_labelled"] >= 5
    for i in range(12):
        save(f"voc/Annotations/{i}.xml", SOUND.replace("a.jpg", f"{i}.jpg"))
    save("voc/ImageSets/Main/train.txt", "\n".join(map(str, range(12))))
    found = measured("voc", "--sample", "6")
    assert (found["counts"]["images"], found["counts"]["images_labelled"]) == (6, 6)


def test_a_sample_of_a_grown_set_keeps_most_of_its_images(measured, save):
    """Images are picked by hash, so that a set that grows does not change all of its sample."""
    save("a.json", coco([[(5, 5, 2 + i % 50, 10)] for i in range(200)]))
    first = measured("a.json", "--sample", "50", "--seed", "3")
    save("a.json", coco([[(5, 5, 2 + i % 50, 10)] for i in range(210)]))
    second = measured("a.json", "--sample", "50", "--seed", "3")
    bins = [each["histograms"]["max_iou"] for each in (first, second)]
    assert bins[0] == bins[1]
    assert first["counts"] == second["counts"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "measure takes one file or folder, not 0; name a PATH"),
        (["a", "b"], "measure takes one file or folder, not 2; measure each by itself; --profile FILE keeps"),
        (["labels.json", "--sample", "0"], "--sample takes a number of images, not 0; for example --sample 500"),
        (
            ["labels.json", "--from", "coc"],
            "no annotation format is called 'coc'; did you mean `annostrat measure labels.json --from coco -f json`?",
        ),
        (["labels.json", "-f", "svg"], "there is no format 'svg' for measurements"),
        (["labels.json", "--write", "-"], "a file is needed: standard output is for the result"),
        (["labels.json", "--write", "labels.json"], "labels.json already exists"),
        (["labels.json", "--profile", "labels.json"], "labels.json already exists"),
        (["--merge"], "--merge joins profiles, and there are none"),
        (["labels.json", "--write", "none/case.yaml"], "none/case.yaml cannot be written"),
        (["''"], "no such file or directory"),
    ],
)
def test_what_cannot_be_obeyed_is_said_and_nothing_is_written(annostrat, save, tmp_path, arguments, said):
    """A command line that makes no sense is exit 2 with one line, and leaves every file as it was."""
    text = coco([TOGETHER] * 30)
    save("labels.json", text)
    options = [] if "-f" in arguments else ["-f", "json"]
    result = annostrat("measure", *arguments, *options)
    assert result.code == 2
    assert said in result.err
    assert result.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["labels.json"]
    assert (tmp_path / "labels.json").read_text() == text


def test_an_existing_file_is_replaced_where_that_is_wanted(annostrat, save):
    """`--force` lets a use case and a profile take the place of older ones."""
    save("labels.json", coco([TOGETHER] * 30))
    save("case.yaml", "old")
    assert annostrat("measure", "labels.json", "-f", "json", "--write", "case.yaml", "--force").code == 0
    assert Path("case.yaml").read_text() != "old"


def test_what_is_not_installed_is_named_with_the_extra(annostrat, save, monkeypatch):
    """Without the extra, measuring says what to install; the other commands do not care."""
    from importlib import util

    original = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *a: None if name in {"shapely", "PIL"} else original(name, *a))
    result = annostrat("measure", save("labels.json", coco([APART])), "-f", "json")
    assert result == (
        2,
        "",
        (
            "annostrat: measuring needs libraries that are not installed: PIL, shapely; "
            "pip install 'annostrat[measure]', or '.[measure]' in a checkout\n"
        ),
    )
    checked = annostrat("check", save("case.yaml", CASE.format("low", "labels.json")))
    assert checked.code == 2
    assert "pip install 'annostrat[measure]'" in " ".join(checked.out.split())
    assert annostrat("check", save("plain.yaml", "name: a\nanswers: {count_matters: no}\n")).code == 0


def damaged(annostrat, save, text, name="labels.json", *options):
    code, out, err = annostrat("measure", save(name, text), "-f", "json", *options)
    assert "Traceback" not in err
    return code, json.loads(out) if out else None, err


def test_a_file_that_was_cut_off_gives_what_stands_before(annostrat, save):
    """A download that broke off: what is whole is measured, and the place of the cut is an error with exit 2."""
    text = coco([TOGETHER] * 50).replace("}, ", "},\n")
    cut = text[: text.index('"id": 301')]
    code, found, err = damaged(annostrat, save, cut)
    assert code == 2
    assert found["counts"]["labels"] == 59
    lines = cut.count("\n") + 1
    assert err.startswith(f"labels.json:{lines}:")
    assert "cut off" in err
    assert err.count("\n") == 1


def test_labels_inside_labels_do_not_cut_a_file(annostrat, save, monkeypatch):
    """What looks like a label and stands in a list inside one, such as what it was copied from, is part of it."""
    monkeypatch.setattr("annostrat.annotations.text.json_arrays.PIECE_BYTES", 50_000)
    document = json.loads(coco([TOGETHER] * 300))
    for label in document["annotations"]:
        copies = [{"image_id": 1, "id": copy, "bbox": [0, 0, 9, 9]} for copy in range(2)]
        label["attributes"] = {"note": "x" * 50, "copied_from": copies}
    code, found, err = damaged(annostrat, save, json.dumps(document))
    assert (code, err) == (0, "")
    assert found["counts"]["labels"] == 600


def test_text_that_is_no_json_anywhere_gives_what_stands_before(annostrat, save):
    """Garbage in the middle of the labels: what stands before is measured, and the place is named."""
    text = coco([TOGETHER] * 50).replace('"id": 300', '"id": xyz')
    code, found, err = damaged(annostrat, save, text)
    assert code == 2
    assert found["counts"]["labels"] == 58
    assert err.startswith("labels.json:1:")


@pytest.mark.parametrize("word", ["Infinity", "-Infinity", "NaN", "1e999"])
def test_infinity_is_a_finding_and_no_end(annostrat, save, word):
    """What JSON does not have is read all the same, counted, and costs nothing else."""
    text = coco([TOGETHER] * 50).replace('"bbox": [5, 5, 10, 10]', f'"bbox": [5, 5, {word}, 10]', 1)
    code, found, err = damaged(annostrat, save, text)
    assert (code, err) == (0, "")
    assert found["counts"]["labels"] == 100
    assert found["counts"]["objects"] == 99
    findings = {finding["kind"]: finding["count"] for finding in found["findings"]}
    assert findings["not_finite"] == 1
    assert findings["not_json_number"] == 1


def test_two_documents_in_one_file(annostrat, save):
    """The first document is measured; that there is a second one is an error with its place."""
    one = coco([TOGETHER] * 30)
    code, found, err = damaged(annostrat, save, f"{one}\n{one}\n")
    assert code == 2
    assert found["counts"]["images"] == 30
    assert found["counts"]["labels"] == 60
    assert err.startswith(f"labels.json:1:{len(one) + 1}: a second JSON document begins here")
    assert err.count("\n") == 1


def test_negative_ids_and_unknown_images(annostrat, save):
    """A negative id is an id; labels of images that are not listed are counted, and the rest is measured."""
    document = json.loads(coco([TOGETHER] * 30))
    document["images"][0]["id"] = -1
    for label in document["annotations"][:2]:
        label["image_id"] = -1
    document["annotations"][2]["image_id"] = -99
    document["annotations"][3]["id"] = -5
    code, found, err = damaged(annostrat, save, json.dumps(document))
    assert (code, err) == (0, "")
    assert found["counts"]["labels"] == 59
    (finding,) = [each for each in found["findings"] if each["kind"] == "unknown_image"]
    assert (finding["count"], finding["examples"]) == (1, ["labels.json#20: image_id -99"])


def test_an_outline_of_a_hundred_thousand_vertices(annostrat, save):
    """A huge polygon among small ones is measured, and quickly."""
    points = [coordinate for i in range(100_000) for coordinate in (50 + 40 * (i % 2), 10 + 80 * i / 100_000)]
    started = time.monotonic()
    code, found, err = damaged(annostrat, save, coco([TOGETHER] * 30, segmentation=[points]))
    assert (code, err) == (0, "")
    assert found["counts"]["outlines"] == 1
    assert time.monotonic() - started < 20


def test_a_run_length_mask_that_overruns_its_size(annostrat, save):
    """A mask of a few bytes that claims billions of pixels is refused, and the label keeps its box."""
    for size in ([100, 100], [1_000_000, 1_000_000], [-1, 5], [0, 0]):
        runs = {"size": size, "counts": [5, 10**9, 10**9]}
        code, found, err = damaged(annostrat, save, coco([TOGETHER] * 30, segmentation=runs))
        assert (code, err) == (0, "")
        assert found["counts"]["labels"] == 60
        assert found["counts"]["masks"] == 0
        assert {"mask_overruns", "bad_value"} & {finding["kind"] for finding in found["findings"]}


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE annotation [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><annotation><filename>&c;</filename><size><width>9</width>'
    "<height>9</height></size><object><name>a</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax>"
    "</bndbox></object></annotation>"
)
OUTSIDE = BOMB.replace('<!ENTITY a "aaaaaaaaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">')
SOUND = (
    "<annotation><filename>a.jpg</filename><size><width>9</width><height>9</height></size><object><name>a</name><bndbox>"
    "<xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object></annotation>"
)


@pytest.mark.parametrize("attack", [BOMB, OUTSIDE], ids=["bomb", "external"])
def test_entities_of_xml_are_refused(annostrat, save, attack):
    """A file that defines entities is not read; the sound one beside it is."""
    save("data/a.xml", SOUND)
    save("data/b.xml", attack)
    code, out, err = annostrat("measure", "data", "--from", "pascal_voc", "-f", "json")
    assert code == 2
    assert json.loads(out)["counts"]["labels"] == 1
    assert "b.xml" in err
    assert "root:" not in out + err
    assert err.count("\n") == 1


def test_images_without_size(annostrat, save):
    """Images of 0 x 0, or of no known size, are measured; what lies outside of them is not known, and that is said."""
    document = json.loads(coco([TOGETHER] * 30))
    for image in document["images"][:15]:
        image |= {"width": 0, "height": 0}
    for image in document["images"][15:]:
        del image["width"]
        image["height"] = "tall"
    code, found, err = damaged(annostrat, save, json.dumps(document))
    assert (code, err) == (0, "")
    assert found["answers"]["occlusion"]["answer"] == "high"
    assert "touch_border" in found["unknown_figures"]
    (finding,) = [each for each in found["findings"] if each["kind"] == "image_without_size"]
    assert finding["count"] == 60


@pytest.mark.parametrize(
    "text",
    ['{"images": [], "annotations": [], "categories": []}', '{"images": [], "annotations": []}', coco([[], []])],
    ids=["nothing", "no classes", "images only"],
)
def test_an_empty_data_set_is_measured_as_empty(annostrat, save, text):
    """Nothing is known of nothing, which is no error; that there is not even an image is one."""
    code, found, err = damaged(annostrat, save, text)
    without_images = not found["counts"]["images"]
    assert code == (2 if without_images else 0)
    assert ("holds no image that could be read" in err) == without_images
    assert found["counts"]["labels"] == 0
    assert {said["answer"] for said in found["answers"].values()} == {"unknown"}
    kind = "unreadable" if without_images else "no_label"
    assert next(finding["kind"] for finding in found["findings"]) == kind
    assert found["classes"] == []
    shown = " ".join(annostrat("measure", "labels.json").out.split())
    assert f"{found['counts']['images']} images, no label. Read from" in shown


PHOTO = b"\xff\xd8\xff\xe0"
MASKS = "; PNG masks are read with --from class_masks or --from instance_masks"


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("data", None, "is an empty folder; name the file or folder that holds the annotations"),
        ("a.json", b"", "is an empty file; name the file or folder that holds the annotations"),
        ("a.jpg", PHOTO, "is a picture; name the file or folder of its labels"),
        ("a.PNG", PHOTO, f"is a picture; name the file or folder of its labels{MASKS}"),
        ("data/a.jpg", PHOTO, "holds nothing but pictures (1 .jpg); name the folder of their labels"),
        (
            "a.json",
            b'{"images": [], "categories": []}',
            "is of no known format; to be COCO instances, a.json lacks the key annotations",
        ),
        (
            "data/a.json",
            b"{}",
            "holds no annotations of a known format (1 .json); known: Cityscapes, COCO instances, COCO panoptic",
        ),
        ("a.zip", b"PK", "is of no known format; known: Cityscapes, masks of classes, COCO instances"),
    ],
    ids=["folder", "empty", "photo", "png", "photos", "images-only", "json", "zip"],
)
def test_what_holds_no_annotations_is_said_to_be_what_it_is(annostrat, tmp_path, path, content, said):
    """A picture, an empty folder, a file of something else: one line that says what it is, and what would be right."""
    place = tmp_path / path
    (place if content is None else place.parent).mkdir(exist_ok=True)
    if content is not None:
        place.write_bytes(content)
    named = path.partition("/")[0]
    code, out, err = annostrat("measure", named)
    assert (code, out) == (2, "")
    assert err.startswith(f"{named}: {said}")
    assert len(err) < 400


def test_a_profile_is_no_annotation_file(annostrat, save):
    """Who names a profile as PATH learns what shows it."""
    assert annostrat("measure", save("labels.json", coco([TOGETHER])), "--profile", "a.profile").code == 0
    code, out, err = annostrat("measure", "a.profile")
    assert (code, out) == (2, "")
    assert err == "a.profile: is a profile, so it has already been measured; show or merge profiles with --merge\n"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("voc", "pascal_voc"),
        ("Pascal-VOC", "pascal_voc"),
        ("YOLOv8", "yolo"),
        ("ultralytics", "yolo"),
        ("panoptic", "coco_panoptic"),
        ("labelstudio", "label_studio"),
        ("masks", "class_masks"),
    ],
)
def test_other_words_for_a_format_are_understood_as_such(annostrat, save, word, meant):
    """The message names the format that people call so."""
    code, _, err = annostrat("measure", save("labels.json", coco([TOGETHER])), "--from", word)
    assert (code, err) == (
        2,
        (
            f"annostrat: no annotation format is called '{word}'; "
            f"did you mean `annostrat measure labels.json --from {meant}`?\n"
        ),
    )


def test_links_that_lead_in_circles_are_followed_once(annostrat, save, tmp_path):
    """A folder that holds a link to itself is read once, and a link that leads nowhere is reported."""
    save("data/labels.json", coco([TOGETHER] * 30))
    (tmp_path / "data" / "loop").symlink_to(tmp_path / "data")
    (tmp_path / "data" / "one").symlink_to(tmp_path / "data" / "two")
    (tmp_path / "data" / "two").symlink_to(tmp_path / "data" / "one")
    (tmp_path / "data" / "gone.json").symlink_to(tmp_path / "nowhere.json")
    code, out, err = annostrat("measure", "data", "-f", "json")
    assert json.loads(out)["counts"]["images"] == 30
    circles = "".join(f"data/{name}: too many levels of symbolic links\n" for name in ("one", "two"))
    assert (code, err) == (2, circles + "data/gone.json: is a link that leads nowhere\n")
    looping = annostrat("measure", "data/one", "-f", "json")
    assert looping.code == 2
    assert looping.err == "data/one: too many levels of symbolic links\n"


def test_what_can_be_read_only_in_part_is_measured_in_part(annostrat, save, monkeypatch):
    """A file that the system refuses is an error with its path; the others are measured; exit 2."""
    for i in range(30):
        save(f"data/{i}.xml", SOUND.replace("a.jpg", f"{i}.jpg"))
    original = os.open

    def refusing(path, *arguments, **options):
        if str(path).endswith(f"data{os.sep}7.xml"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refusing)
    code, out, err = annostrat("measure", "data", "-f", "json")
    assert code == 2
    assert json.loads(out)["counts"]["labels"] == 29
    assert err == f"data{os.sep}7.xml: permission denied\n"


def test_a_use_case_of_labels_that_broke_off_is_still_written_whole(annostrat, save, tmp_path):
    """Where reading ends with an error, what is written is complete; where nothing can be read, nothing is."""
    cut = coco([TOGETHER] * 50)[:-2000]
    assert annostrat("measure", save("cut.json", cut), "-f", "json", "--write", "case.yaml").code == 2
    assert yaml.safe_load((tmp_path / "case.yaml").read_text())["evidence"] == {"annotations": "cut.json"}
    assert annostrat("measure", "none.json", "-f", "json", "--write", "other.yaml", "--output", "out.json").code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "cut.json"]


def test_names_that_a_terminal_would_obey_are_spelt_out(annostrat, save):
    """Escapes in the names of files and classes reach neither screen nor JSON as they are."""
    name = save("\x1b[31mred.json", coco([TOGETHER] * 3, ["\x1b[2J\u202e</script>"], image_id=99)[:-300])
    result = annostrat("measure", name, "-f", "json")
    assert "\x1b" not in result.out + result.err
    assert "\u202e" not in result.err


def test_output_goes_to_a_file_whole(annostrat, save):
    """`--output` writes the document, and says nothing else."""
    result = annostrat("measure", save("a.json", coco([APART] * 30)), "-f", "json", "-o", "out.json")
    assert result == (0, "", "")
    assert json.loads(Path("out.json").read_text())["counts"]["images"] == 30


def test_measuring_is_not_imported_before_it_is_needed(annostrat, save):
    """A check without evidence starts no numerics."""
    import subprocess

    script = (
        "import sys; sys.argv = ['annostrat', 'check', 'plain.yaml']\n"
        "from annostrat.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    code = ended.code\n"
        "print(code, sorted({'numpy', 'msgspec', 'shapely', 'PIL'} & sys.modules.keys()))"
    )
    save("plain.yaml", "name: a\nanswers: {count_matters: no}\n")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


@pytest.mark.parametrize("kind", ["coco", "labelme", "cityscapes", "label_studio"])
def test_a_broken_file_beside_others_is_no_stranger(annostrat, measured, tmp_path, kind):
    """A JSON file that is none may be what is left of labels; a whole one of something else is left alone."""
    folder = shutil.copytree(EXAMPLES / kind, tmp_path / kind)
    (folder / "config.json").write_text('{"epochs": 3}')
    whole = measured(str(folder))["counts"]
    (folder / "torn.json").write_text('{"shapes": [{"lab')
    (folder / "words.json").write_text("garbage")
    code, out, err = annostrat("measure", str(folder), "-f", "json")
    assert (code, json.loads(out)["counts"]) == (2, whole)
    assert [line.rpartition("/")[2].partition(":")[0] for line in err.splitlines()] == ["torn.json", "words.json"]


def test_a_file_that_broke_off_before_its_labels_is_told_as_such(annostrat, save):
    """Not that it lacks a key, which it may have had."""
    assert annostrat("measure", save("a.json", '{"images": [{"id": 1')).err.startswith("a.json:1:21: the file ends in")


@pytest.mark.parametrize("row", ["0 0,5 0,5 0,1 0,1", "garbage", "0;0.5;0.5;0.1;0.1"])
def test_rows_in_a_folder_of_labels_are_rows_however_broken(annostrat, save, row):
    """Text beside labels may be anything; in the folder that is called so it is meant to be labels."""
    save("set/labels/a.txt", "0 0.5 0.5 0.1 0.1\n")
    save("set/labels/b.txt", row + "\n")
    save("set/notes.txt", "garbage\n")
    result = annostrat("measure", "set", "-f", "json")
    assert result.code == 2
    assert re.match("set/labels/b.txt:1: (is not a row of numbers|has commas)", result.err)
    assert len(result.err.splitlines()) == 1


def test_very_many_problems_are_not_all_printed(annostrat, save):
    """The first ones say what is wrong; how many there are stands behind them, and among the findings."""
    for number in range(30):
        save(f"labels/{number:02}.txt", f"{number}.5 0.5 0.5 0.1 0.1\n" if number else "0 0.5 0.5 0.1 0.1\n")
    err = annostrat("measure", "labels", "--from", "yolo", "-q").err.splitlines()
    assert len(err) == 21
    assert err[-1] == "annostrat: 9 more problems like these"


def test_many_problems_alike_are_one(annostrat, save):
    """A folder of rows in pixels is one message, with what to do; nothing follows from what was not read."""
    for number in range(30):
        save(f"set/labels/{number:02}.txt", "0 320 20 30 40\n")
    save("set/data.yaml", "names: [leaf, fruit]\ntrain: labels\n")
    result = annostrat("measure", "set", "--from", "yolo")
    assert result.err == (
        "set/labels/00.txt:1: values beyond 1, so not YOLO; looks like pixels (and 29 more like it); wanted: class, "
        "then centre, width and height as shares of the image's sides; divide pixels by these\n"
    )
    assert "listed" not in result.out
    assert "--write" not in result.out
    assert "Repair what the findings name, and measure again." in result.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["labels.json", "--write", "x", "--profile", "x"], "two results would go to one file"),
        (["labels.json", "--write", "x", "--output", "./x"], "two results would go to one file"),
        (["a.profile", "--merge", "--sample", "5", "--from", "coco"], "takes no --from and no --sample"),
    ],
)
def test_options_that_clash_are_refused(annostrat, save, arguments, said):
    """Before anything is read or written."""
    save("labels.json", coco([APART]))
    result = annostrat("measure", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert not Path("x").exists()


def test_profiles_that_could_not_be_read_are_not_counted_as_read(annostrat, save):
    """What is joined is named, and nothing else."""
    annostrat("measure", save("labels.json", coco([APART])), "--profile", "a.profile")
    code, out, err = annostrat("measure", "--merge", "a.profile", "b.profile", "-f", "json")
    assert (code, json.loads(out)["source"]["path"], json.loads(out)["source"]["profiles"]) == (2, "a.profile", 1)
    assert err.startswith("b.profile: ")
