"""Which images belong together, whatever formats, folders and sizes; and predictions of a model."""

import json
from pathlib import Path

import pytest
from tests.fuzz.writing import OF_BOXES
from tests.measure.findings.test_diagnoses import OF_UNITS, scene

import annostrat
from annostrat import InputError
from annostrat.errors import UsageError
from annostrat.measure.agreement import likeness
from annostrat.measure.agreement.api import reached
from annostrat.use_cases.use_case import LabelFiles, SecondLabels

EXAMPLES = Path(__file__).parents[3] / "examples" / "annotations"
CAR = ("car", 10, 10, 20, 20)


def figures(found):
    return {one["id"]: one["value"] for one in found.agreement["figures"]}


@pytest.mark.parametrize("name", ["yolo", "instance_masks", "labelme", "cvat", "label_studio", "pascal_voc"])
def test_the_same_labels_in_two_formats_agree(name):
    """The fruit of the examples, in COCO and another format: all found, all of the same class."""
    found = annostrat.agreement([EXAMPLES / "coco", EXAMPLES / name])
    assert found.problems == []
    assert figures(found)["agreement"] == 1
    assert figures(found)["box_iou"] > 0.95
    assert found.agreement["images"] == 2


@pytest.mark.parametrize("names", [("a/1.jpg", "b/1.jpg"), ("1.jpg", "deep/er/1.jpg"), ("a/1.png", "1.jpg")])
def test_images_are_the_same_by_the_last_part_of_their_names(coco_file, names):
    """Another folder or another ending is the same image where no two are called alike."""
    paths = [coco_file(f"{number}.json", {name: [CAR]}) for number, name in enumerate(names)]
    assert figures(annostrat.agreement(paths))["agreement"] == 1


def test_images_that_only_one_has_are_left_aside(coco_file):
    """The labels of images that were not labelled twice do not count."""
    anna = coco_file("anna.json", {"1.jpg": [CAR], "2.jpg": [CAR, CAR]})
    found = annostrat.agreement([anna, coco_file("ben.json", {"1.jpg": [CAR]})]).agreement
    assert (found["images"], found["objects"]) == (1, 1)
    assert [one["images_alone"] for one in found["sets"]] == [1, 0]


def test_shares_without_an_image_are_compared_with_pixels(coco_file, tmp_path):
    """YOLO rows whose image is not there are shares; the other annotator knows the size."""
    folder = tmp_path / "ben" / "labels"
    folder.mkdir(parents=True)
    (folder / "1.txt").write_text("0 0.2 0.2 0.2 0.2\n")
    (tmp_path / "ben" / "data.yaml").write_text("names: [car]\n")
    found = annostrat.agreement([coco_file("anna.json", {"1.jpg": [CAR]}), tmp_path / "ben"])
    assert figures(found)["box_iou"] == pytest.approx(1)
    assert found.agreement["look_at"] == []


def results(path, entries):
    path.write_text(json.dumps(entries))
    return path


def test_predictions_are_compared_by_the_ids_of_the_labels(coco_file, tmp_path):
    """COCO results name neither images nor classes; what scores below the limit is left out."""
    anna = coco_file("anna.json", {"1.jpg": [CAR, ("van", 60, 60, 20, 20)]})
    entries = [
        {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "score": 0.9},
        {"image_id": 1, "category_id": 1, "bbox": [60, 60, 20, 20], "score": 0.4},
    ]
    model = results(tmp_path / "results.json", entries)
    assert figures(annostrat.agreement([anna, model]))["agreement"] == pytest.approx(2 / 3)
    assert figures(annostrat.agreement([anna, model], min_score=0.3))["agreement"] == pytest.approx(2 / 4)


def test_predictions_that_fit_no_label_file_are_a_problem(coco_file, tmp_path):
    """One that names an unknown image is counted; the others are still compared."""
    anna = coco_file("anna.json", {"1.jpg": [CAR]})
    good = {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "score": 0.9}
    model = results(tmp_path / "results.json", [good, {**good, "image_id": 7}, {**good, "bbox": ["x"]}])
    found = annostrat.agreement([anna, model])
    assert figures(found)["agreement"] == 1
    unknown, without = map(str, found.problems)
    assert "1 of 3 predictions cannot be used, such as number 1: the labels have no image_id 7" in unknown
    assert "1 of 3 predictions cannot be used, such as number 2: it has neither a bbox of four numbers nor" in without


def test_predictions_are_read_as_the_labels_are(coco_file, tmp_path):
    """Numbers and ids may be text, the labels in a folder; an empty list has found nothing."""
    coco_file("set/anna.json", {"1.jpg": [CAR], "2.jpg": [CAR]})
    as_text = {"image_id": "1", "category_id": "1", "bbox": ["10", "10", "20", "20"], "score": "0.9"}
    model = results(tmp_path / "set" / "results.json", [as_text, {**as_text, "image_id": 2.0}])
    assert figures(annostrat.agreement([tmp_path / "set", model]))["agreement"] == 1
    nothing = results(tmp_path / "nothing.json", [])
    assert figures(annostrat.agreement([tmp_path / "set", nothing]))["agreement"] == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"image_id": "1.jpg"},
            "1 of 1 predictions cannot be used, such as number 0: the labels have no image_id 1.jpg",
        ),
        ({"category_id": 9}, "the labels have no category_id 9"),
        ({"score": None}, "its score is no number"),
        ({"score": 0.4}, "none of 1 predictions scores 0.5 or more; --min-score sets another limit"),
    ],
)
def test_predictions_of_which_none_is_left_are_an_error(coco_file, tmp_path, change, reason):
    """No agreement with nothing is stated: it would look like that of a model that found nothing."""
    anna = coco_file("anna.json", {"1.jpg": [CAR]})
    entry = {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "score": 0.9, **change}
    with pytest.raises(InputError, match=reason):
        annostrat.agreement([anna, results(tmp_path / "r.json", [entry])])


def test_labels_within_the_others_are_refused(coco_file, tmp_path):
    """They would be compared with themselves."""
    ben = coco_file("set/ben.json", {"1.jpg": [CAR]})
    with pytest.raises(UsageError, match="is within"):
        annostrat.agreement([tmp_path / "set", ben])


def test_crowds_alone_are_not_compared(coco_file, tmp_path):
    """Crowds are left out, so that nothing is left to agree on; that is said in the place of figures."""
    anna, ben = (coco_file(name, {"1.jpg": [CAR]}) for name in ("anna.json", "ben.json"))
    document = json.loads((tmp_path / "ben.json").read_text())
    document["annotations"][0]["iscrowd"] = 1
    (tmp_path / "ben.json").write_text(json.dumps(document))
    found = annostrat.agreement([anna, ben]).agreement
    assert found["figures"] == []
    assert "marked as a crowd" in found["withheld"]


def test_images_belong_together_by_the_paths_of_any_system(coco_file):
    """A path of Windows has its name behind backslashes."""
    found = annostrat.agreement(
        [coco_file(name, {path: [CAR]}) for name, path in (("a.json", "1.jpg"), ("b.json", r"C:\x\1.jpg"))]
    )
    assert found.agreement["images"] == 1


def test_images_of_one_name_are_told(coco_file):
    """Their labels are laid on each other, as nothing tells them apart."""
    anna, ben = (coco_file(name, {"1.jpg": [CAR]}) for name in ("anna.json", "ben.json"))
    document = json.loads(Path(ben).read_text())
    document["images"].append({**document["images"][0], "id": 2})
    Path(ben).write_text(json.dumps(document))
    (one,) = [each for each in annostrat.agreement([anna, ben]).agreement["sets"][1]["findings"] if each["count"] == 1]
    assert one["kind"] == "repeated_image"


def test_predictions_need_a_coco_file_first(tmp_path):
    """The ids of results mean nothing beside labels in another format."""
    entry = {"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2], "score": 1}
    with pytest.raises(InputError, match="has no COCO images") as raised:
        annostrat.agreement([EXAMPLES / "labelme" / "fruit_1.json", results(tmp_path / "r.json", [entry])])
    assert "name first the COCO file" in str(raised.value)


def test_masks_of_predictions_are_read(coco_file, tmp_path):
    """A run-length mask of 400 pixels is compared with the box that it fills."""
    anna = coco_file("anna.json", {"1.jpg": [CAR]})
    counts = [10 * 100 + 10, *[20, 80] * 19, 20, 100 * 100 - (29 * 100 + 30)]
    entry = {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [100, 100], "counts": counts}}
    found = annostrat.agreement([anna, results(tmp_path / "r.json", [entry])])
    assert (found.problems, figures(found)["box_iou"]) == ([], 1)


def test_only_what_is_unreadable_of_the_second_labels_is_reported_beside_them(coco_file, rules, tmp_path):
    """The first labels are measured by themselves, and named there, whatever their folder is called."""
    paths = [coco_file(f"{folder}/labels.json", {"1.jpg": [CAR]}) for folder in ("second_fixed", "second")]
    for path in paths:
        Path(path).with_name("broken.json").write_text('{"images": [')
    files = LabelFiles(str(tmp_path / "second_fixed"), "coco", agreement=SecondLabels(str(tmp_path / "second")))
    compared, problems = reached(files, rules)
    assert compared["value"] == 1
    assert [problem.location.path for problem in problems] == [str(tmp_path / "second" / "broken.json")]


def test_sets_without_a_common_image_are_refused(coco_file):
    """The message names both paths and an image of each."""
    paths = [coco_file("anna.json", {"1.jpg": [CAR]}), coco_file("ben.json", {"2.jpg": [CAR]})]
    with pytest.raises(
        InputError, match=r"ben\.json: has no image of .*anna\.json \(such as 1\.jpg; here such as 2\.jpg"
    ):
        annostrat.agreement(paths)


def test_the_same_path_twice_and_one_alone_are_refused(coco_file, tmp_path):
    """Labels agree with themselves, also through a link."""
    path = coco_file("anna.json", {"1.jpg": [CAR]})
    (tmp_path / "link.json").symlink_to(path)
    for paths, said in (([path], "not 1"), ([path, path], "named twice"), ([path, tmp_path / "link.json"], "twice")):
        with pytest.raises(UsageError, match=said):
            annostrat.agreement(paths)


def test_an_empty_set_agrees_with_nothing(coco_file):
    """Images without labels are compared: everything was left out, and no IoU is known."""
    found = annostrat.agreement([coco_file("anna.json", {"1.jpg": [CAR]}), coco_file("ben.json", {"1.jpg": []})])
    assert figures(found) == {"agreement": 0, "located": 0}


def test_two_empty_sets_have_no_figures(coco_file):
    """Nothing to compare is no agreement of 1."""
    found = annostrat.agreement([coco_file("anna.json", {"1.jpg": []}), coco_file("ben.json", {"1.jpg": []})])
    assert figures(found) == {}


@pytest.mark.slow
def test_images_with_thousands_of_labels_are_compared(coco_file):
    """Six thousand labels that touch nobody else's belong to six thousand, and their copies one to one."""
    many = [("car", x, y, 1, 1) for x in range(100) for y in range(60)] + [CAR] * 100
    anna = coco_file("anna.json", {"1.jpg": many})
    found = annostrat.agreement([anna, coco_file("ben.json", {"1.jpg": many[::-1]})])
    assert (found.agreement["images"], found.agreement["objects"], found.agreement["agreed"]) == (1, 6100, 6100)


def test_an_image_of_too_many_labels_at_one_place_is_left_aside(coco_file, monkeypatch):
    """Nobody can tell thousands of labels at one place apart: the image is a finding, and others are compared."""
    monkeypatch.setattr(likeness, "MOST_PAIRS", 8)
    labels = {"1.jpg": [CAR], "2.jpg": [CAR] * 3}
    found = annostrat.agreement([coco_file("anna.json", labels), coco_file("ben.json", labels)]).agreement
    crowded = [(each["count"], each["examples"]) for each in found["findings"] if each["kind"] == "crowded_image"]
    assert crowded == [(1, ["2.jpg"])]
    assert (found["images"], found["objects"], found["agreed"]) == (1, 1, 1)
    assert [one["images_alone"] for one in found["sets"]] == [0, 0]


def test_sets_of_crowded_images_alone_are_refused(coco_file, monkeypatch):
    """Where no image is left, the message names one and what to do."""
    monkeypatch.setattr(likeness, "MOST_PAIRS", 8)
    labels = {"2.jpg": [CAR] * 3}
    with pytest.raises(InputError, match=r"ben\.json: has too many labels at one place of 2\.jpg to match them"):
        annostrat.agreement([coco_file("anna.json", labels), coco_file("ben.json", labels)])


@pytest.mark.parametrize("kind", ["shares_for_pixels", "size_exchanged"])
def test_labels_whose_coordinates_mean_something_else_are_not_compared(tmp_path, kind):
    """What `measure` names is named for its annotator, and no figure is made of it."""
    folders = [tmp_path / name for name in ("anna", "ben")]
    for folder, pictures in zip(folders, (scene(), OF_UNITS[kind](scene())), strict=True):
        folder.mkdir()
        OF_BOXES["coco"](pictures, folder)
    compared = annostrat.agreement(folders)
    found = compared.agreement
    assert [[each["kind"] for each in one["findings"]] for one in found["sets"]] == [[], [kind]]
    assert found["withheld"].startswith("ben: ")
    assert (found["images"], found["objects"], figures(compared)) == (30, 0, {})
    assert found["classes"] == found["findings"] == found["look_at"] == []


def test_other_findings_do_not_forbid_to_compare(coco_file):
    """A box beyond the border is named beside the figures."""
    anna = coco_file("anna.json", {"1.jpg": [CAR]})
    found = annostrat.agreement([anna, coco_file("ben.json", {"1.jpg": [CAR, ("car", 90, 10, 20, 20)]})])
    assert [[each["kind"] for each in one["findings"]] for one in found.agreement["sets"]] == [[], ["out_of_bounds"]]
    assert found.agreement["withheld"] is None
    assert figures(found)["agreement"] == pytest.approx(2 / 3)
