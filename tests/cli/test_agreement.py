"""`annostrat agreement`, and `check` against an agreement: what people and CI jobs see."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from annostrat import agreement, measure_labels

EXAMPLES = Path(__file__).parents[2] / "examples" / "annotations"
PILOT = Path(__file__).parents[2] / "examples" / "pilot"


def labels(save, path, boxes, name="car"):
    """Save a COCO file of 25 images, each with the same boxes of a class."""
    listed = [{"id": i, "file_name": f"{i}.jpg", "width": 100, "height": 100} for i in range(25)]
    annotations = [
        {"id": 10 * i + place, "image_id": i, "category_id": 1, "bbox": box}
        for i in range(25)
        for place, box in enumerate(boxes)
    ]
    document = {"images": listed, "annotations": annotations, "categories": [{"id": 1, "name": name}]}
    return save(path, json.dumps(document))


@pytest.fixture
def pair(save):
    """Two annotators, of whom the second one left out every other object."""
    anna = labels(save, "anna.json", [[0, 0, 20, 20], [50, 50, 20, 20]])
    return anna, labels(save, "ben.json", [[0, 0, 20, 19]])


def test_agreement_fits_a_screen_and_answers_first(annostrat, pair):
    """At most 30 lines of 80 columns: the answer, the worst finding, figures, where to look, what to do."""
    code, out, err = annostrat("agreement", *pair)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
    assert lines[:2] == ["anna and ben", "=> 67% (67% to 67%) of the labels agree; boxes agree as careful people's do"]
    order = ["25 objects are labelled by one annotator", "Careful people", "Images to look at first", "How to go on"]
    assert [out.index(words) for words in order] == sorted(out.index(words) for words in order)


@pytest.mark.parametrize("format_", ["html", "markdown"])
def test_agreement_advises_no_option_in_a_report_that_has_everything(annostrat, pair, format_):
    """Only the screen names `--full` and the page: a report has the classes and the drawings already."""
    assert "--full for classes and confusions" in " ".join(annostrat("agreement", *pair).out.split())
    report = annostrat("agreement", *pair, "-f", format_).out
    assert ("--full" in report, "--format html" in report) == (False, False)


def test_agreement_of_labels_in_shares_is_refused_in_words(annostrat, save):
    """The mistake is the answer, the finding says what to write, and a limit is not reached."""
    labels(save, "anna.json", [[10, 10, 20, 20]])
    labels(save, "ben.json", [[0.1, 0.1, 0.2, 0.2]])
    code, out, err = annostrat("agreement", "anna.json", "ben.json")
    assert (code, err) == (0, "")
    assert out.splitlines()[1] == "=> Not compared: ben: 25 labels hold shares of their image where the format"
    assert "Multiply x and width by the image's width" in " ".join(out.split())
    assert "Figure" not in out
    assert annostrat("check", case(save, 0.1)).code == 1


def test_agreement_is_told_in_two_lines(annostrat, pair):
    """Quiet: the answer and the worst finding."""
    out = annostrat("agreement", *pair, "-q").out
    assert out.splitlines()[0].startswith("anna and ben: 67%")
    assert "left out by another (50% of 50)" in out


@pytest.mark.slow
def test_agreement_as_json_keeps_its_schema(annostrat, pair):
    """What is printed is what `rules schema agreement` says, key by key."""
    schema = json.loads(annostrat("rules", "schema", "agreement").out)
    for paths in (pair, [str(EXAMPLES / name) for name in ("coco", "yolo", "labelme")]):
        document = json.loads(annostrat("agreement", *paths, "-f", "json").out)
        Draft202012Validator(schema).validate(document)
        assert set(document) == set(schema["properties"])


def test_agreement_is_the_same_every_time(annostrat, pair):
    """No figure rests on chance."""
    assert annostrat("agreement", *pair, "-f", "json").out == annostrat("agreement", *pair, "-f", "json").out


@pytest.mark.slow
def test_results_of_python_become_what_the_commands_print(annostrat):
    """`to_dict` is the JSON of `measure` and of `agreement`, and the caller's own."""
    labels, second = str(PILOT / "labels.json"), str(PILOT / "second.json")
    for found, command in (
        (measure_labels(labels), ("measure", labels)),
        (agreement([labels, second]), ("agreement", labels, second)),
    ):
        printed = json.loads(annostrat(*command, "-f", "json").out)
        changed = found.to_dict()
        assert json.loads(json.dumps(changed)) == printed
        changed["findings"].append("mine")
        assert found.to_dict()["findings"] == printed["findings"]


def test_agreement_as_html_draws_both(annostrat, save):
    """A drawing for each image to look at, with both names; nothing that a class is called becomes markup."""
    evil = "<script>alert(1)</script>"
    paths = labels(save, "anna.json", [[0, 0, 20, 20]], evil), labels(save, "ben.json", [[60, 60, 20, 20]], evil)
    out = annostrat("agreement", *paths, "-f", "html").out
    assert out.count("<svg viewBox") == 12
    assert out.count('class="annotator0" dir="auto">anna') == 12
    assert "<script" not in out
    assert "&lt;script&gt;" in out


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ([], "agreement compares two sets of labels or more, not 0; name one path for each annotator"),
        (["anna.json"], "not 1"),
        (["anna.json", "anna.json"], "anna.json is named twice"),
        (["anna.json", "nowhere.json"], "nowhere.json: no such file or directory"),
        (["anna.json", "broken.json"], "broken.json"),
    ],
)
def test_agreement_refuses_what_it_cannot_compare(annostrat, save, pair, paths, said):
    """One clear line, exit 2, and nothing on standard output."""
    save("broken.json", '{"images": [')
    code, out, err = annostrat("agreement", *paths)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def case(save, at_least):
    text = "answers: {purpose: find_objects, orientation_matters: no}\nexpect: object_detection\n"
    evidence = f"evidence: {{annotations: anna.json, agreement: {{with: ben.json, at_least: {at_least}}}}}\n"
    return save("case.yaml", text + evidence)


def test_check_guards_an_agreement(annostrat, save, pair):
    """Below what the use case wants: exit 1, with the place in the file; else 0."""
    code, out, _ = annostrat("check", case(save, 0.8))
    assert code == 1
    assert out.startswith("disagreed      case.yaml:3:47")
    assert (
        "0.666 (0.666 to 0.666) of the labels agree with ben.json, and at least 0.8 is required: "
        "annostrat agreement anna.json ben.json shows where they differ" in " ".join(out.split())
    )
    assert out.endswith("1 use case: 1 with annotators who disagree\n")
    assert annostrat("check", case(save, 0.6)).code == 0


@pytest.mark.slow
def test_reports_say_what_disagrees_and_what_to_do(annostrat, save, pair):
    """GitHub, JUnit and SARIF do not call it a contradicted answer, and name the place and the next command."""
    named, shown = case(save, 0.8), "annostrat agreement anna.json ben.json shows where they differ"
    github = annostrat("check", named, "-f", "github").out
    assert github.startswith("::error file=case.yaml,line=3,col=47,title=case::")
    assert shown in github
    assert shown in annostrat("check", named, "-f", "junit").out
    (run,) = json.loads(annostrat("check", named, "-f", "sarif").out)["runs"]
    (result,) = run["results"]
    (rule,) = (one for one in run["tool"]["driver"]["rules"] if one["id"] == result["ruleId"])
    assert (rule["id"], "second annotator" in rule["shortDescription"]["text"]) == ("disagreed", True)
    assert "guideline" in rule["help"]["text"]
    assert json.loads(annostrat("check", named, "-f", "json").out)["summary"]["disagreed"] == 1


@pytest.mark.slow
def test_labels_that_contradict_an_answer_too_are_contradicted(annostrat, save):
    """An answer that the labels refute comes before their agreement; both are told."""
    agreement = f"{{with: {PILOT}/second.json, at_least: 0.99}}"
    evidence = f"evidence: {{annotations: {PILOT}/labels.json, agreement: {agreement}}}\n"
    save("case.yaml", f"answers: {{purpose: map_surfaces, occlusion: low}}\n{evidence}")
    out = annostrat("check", "case.yaml").out
    assert out.startswith("contradicted   case.yaml:1:10")
    assert "at least 0.99 is required" in " ".join(out.split())


def test_a_given_format_is_not_that_of_the_other_labels(annostrat, save):
    """`format` names that of the annotations; the second annotator's are detected."""
    evidence = f"evidence: {{annotations: {EXAMPLES}/coco, format: coco, agreement: {{with: {EXAMPLES}/yolo}}}}\n"
    save("case.yaml", f"answers: {{purpose: find_objects}}\n{evidence}")
    reached = json.loads(annostrat("recommend", "case.yaml", "-f", "json").out)["evidence"]["agreement"]
    assert reached["images"] == 2


def test_what_cannot_be_read_of_the_other_labels_is_reported(annostrat, save):
    """A check of part of the labels ends with 2, and names the file that is missing from it."""
    for number, path in enumerate(sorted((EXAMPLES / "pascal_voc").rglob("*.xml"))):
        save(f"ben/{path.name}", path.read_bytes() if number else b"<annotation>")
    evidence = f"evidence: {{annotations: {EXAMPLES}/pascal_voc, agreement: {{with: ben}}}}"
    save("case.yaml", f"answers: {{purpose: find_objects}}\n{evidence}\n")
    code, _, err = annostrat("check", "case.yaml")
    assert (code, err.startswith("ben/")) == (2, True)


def test_recommend_tells_an_agreement(annostrat, save, pair):
    """The document has the figure, and what is written keeps the wish."""
    document = json.loads(annostrat("recommend", case(save, 0.8), "-f", "json", "--no-input").out)
    reached = document["evidence"]["agreement"]
    assert (reached["images"], reached["at_least"], reached["reached"]) == (25, 0.8, False)
    assert reached["value"] == pytest.approx(2 / 3)
    annostrat("recommend", "case.yaml", "--write", "new.yaml", "--no-input")
    assert "agreement: {with: ben.json, at_least: 0.8}" in Path("new.yaml").read_text().replace('"', "")


@pytest.mark.parametrize(
    ("agreement", "said"),
    [
        ("others.json", "case.yaml:3:47 agreement is a mapping with `with`"),
        ("{at_least: 0.8}", "agreement needs the key `with`"),
        ("{with: ben.json, at_least: 80}", "at_least is a share from 0 to 1, not the number 80"),
        ("{with: nowhere.json}", "case.yaml:3:54 nowhere.json: no such file or directory"),
        ("{with: empty.json}", "case.yaml:3:54 empty.json: is an empty file"),
        ("{with: anna.json}", "case.yaml:3:54 anna.json is named twice"),
    ],
)
def test_a_wish_for_agreement_that_cannot_be_obeyed_is_said(annostrat, save, pair, agreement, said):
    """One line with file, line and column, and exit 2."""
    text = f"answers: {{count_matters: no}}\n# labels\nevidence: {{annotations: anna.json, agreement: {agreement}}}\n"
    save("empty.json", "")
    result = annostrat("check", save("case.yaml", text))
    assert result.code == 2
    assert said in " ".join(result.out.split())
