"""`annostrat check` in CI: one line a case, a summary, the exit code, and reports that other tools read."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import wrap
from xml.etree import ElementTree as ET

import pytest

from annostrat.use_cases.files import SUFFIXES

ANNOTATIONS = Path(__file__).parents[2] / "examples" / "annotations"
FILES = {
    "boxes.yaml": "name: Boxes\nanswers: {purpose: find_objects, orientation_matters: no}\nexpect: object_detection\n",
    "map.yaml": "name: Map\nanswers: {purpose: map_surfaces}\nexpect: [instance_segmentation, object_detection]\n",
    "none.yaml": "name: None\nanswers: {purpose: map_surfaces}\n",
    "open.yaml": "name: Open\nanswers: {purpose: unknown, count_matters: yes, occlusion: low}\n"
    "expect: object_detection\n",
    "typo.yaml": "name: Typo\nanswers: {occlusion: hihg}\nexpect: object_detection\n",
}
TYPO = "'hihg' is not an answer to occlusion; did you mean 'high'? valid: low, moderate, high, unknown"
LINES = {
    "boxes.yaml": "ok             boxes.yaml:3:9\n  Boxes: object_detection, as expected\n",
    "map.yaml": "differs        map.yaml:3:9\n"
    "  Map: expected instance_segmentation or object_detection, but the rules\n"
    "  recommend semantic_segmentation (purpose=map_surfaces)\n",
    "none.yaml": "no expectation none.yaml:1:1\n  None: semantic_segmentation; nothing is expected\n",
    "open.yaml": "undecided      open.yaml:3:9\n"
    "  Open: undecided between instance_segmentation and object_detection; the answer\n"
    "  to shape_variance settles most\n",
    "typo.yaml": "unreadable     typo.yaml:2:22\n"
    "  'hihg' is not an answer to occlusion; did you mean 'high'? valid: low,\n"
    "  moderate, high, unknown\n",
}


@pytest.fixture
def cases(save):
    """Write one use case for each verdict and return their names."""
    return [save(name, text) for name, text in FILES.items()]


@pytest.mark.parametrize(
    ("chosen", "options", "code", "summary"),
    [
        (["boxes.yaml"], [], 0, "1 use case: 1 as expected"),
        (["boxes.yaml", "map.yaml"], [], 1, "2 use cases: 1 as expected, 1 differs"),
        (["map.yaml", "map.yaml"], [], 1, "2 use cases: 2 differ"),
        (["none.yaml"], ["--strict"], 0, "1 use case: 1 without expectation"),
        (["open.yaml"], [], 0, "1 use case: 1 undecided"),
        (["typo.yaml"], [], 2, "0 use cases; 1 could not be read"),
        (
            list(FILES),
            [],
            2,
            "4 use cases: 1 as expected, 1 differs, 1 undecided, 1 without expectation; 1 could not be read",
        ),
    ],
    ids=["expected", "differs", "two differ", "none", "undecided", "unreadable", "all"],
)
@pytest.mark.usefixtures("cases")
def test_check_says_where_each_case_is_and_what_it_is_and_a_summary(annostrat, chosen, options, code, summary):
    """Each use case has a line with its place and one that says how it is; the summary and the exit code follow."""
    text = "".join(LINES[name] for name in chosen) + "\n".join(wrap(summary, 80)) + "\n"
    assert annostrat("check", *chosen, *options, "--full") == (code, text, "")


@pytest.mark.usefixtures("cases")
def test_check_names_what_is_not_as_expected_and_counts_the_rest(annostrat):
    """What is as expected is counted, so that the few others are in sight."""
    text = LINES["map.yaml"] + "2 use cases: 1 as expected, 1 differs\n"
    assert annostrat("check", "boxes.yaml", "map.yaml") == (1, text, "")


def test_check_reads_a_folder_in_a_stable_order(annostrat, cases):
    """A folder is checked file by file, sorted by name."""
    result = annostrat("check", ".")
    places = [line for line in result.out.splitlines() if line[0] != " " and ".yaml:" in line]
    assert [line.split(":")[0].split()[-1] for line in places] == sorted({*cases} - {"boxes.yaml"})
    assert result.code == 2


@pytest.mark.usefixtures("cases")
def test_check_quiet_says_only_what_is_amiss_and_counts_all(annostrat):
    """`--quiet` leaves out what is as expected, but its summary still counts it."""
    text = LINES["map.yaml"] + "2 use cases: 1 as expected, 1 differs\n"
    assert annostrat("check", "boxes.yaml", "map.yaml", "--quiet") == (1, text, "")
    assert annostrat("check", "boxes.yaml", "-q") == (0, "", "")


@pytest.mark.usefixtures("cases")
def test_check_quiet_leaves_reports_whole(annostrat):
    """`--quiet` is for people: a report for a machine, on standard output or in a file, has every case."""
    out = annostrat("check", "boxes.yaml", "-q", "-f", "json", "--report", "text=all.txt").out
    assert json.loads(out)["summary"]["as_expected"] == 1
    assert Path("all.txt").read_text() == LINES["boxes.yaml"] + "1 use case: 1 as expected\n"


@pytest.mark.usefixtures("cases")
def test_check_without_files_says_what_is_missing(annostrat):
    """`check` alone is wrong usage, never success."""
    message = "annostrat: there is nothing to check; give a FILE, a folder, or - for standard input\n"
    assert annostrat("check") == (2, "", message)


def test_check_reads_standard_input(annostrat):
    """`check -` reads use cases from standard input."""
    result = annostrat("check", "-", stdin=FILES["boxes.yaml"].encode())
    assert result.out == "1 use case: 1 as expected\n"


def test_check_json_has_summary_and_every_case(annostrat, cases):
    """The JSON report has the counts and, for each case, status, place, strategies and problems."""
    document = json.loads(annostrat("check", *cases, "-f", "json").out)
    assert document["schema_version"] == 1
    assert document["summary"] == {
        "as_expected": 1,
        "differs": 1,
        "contradicted": 0,
        "disagreed": 0,
        "faulty_labels": 0,
        "undecided": 1,
        "provisional": 0,
        "no_expectation": 1,
        "unreadable": 1,
    }
    assert document["cases"][1] == {
        "name": "Map",
        "status": "differs",
        "recommended": ["semantic_segmentation"],
        "expected": ["instance_segmentation", "object_detection"],
        "fails": True,
        "message": "expected instance_segmentation or object_detection, "
        "but the rules recommend semantic_segmentation (purpose=map_surfaces)",
        "location": {"path": "map.yaml", "line": 3, "column": 9},
        "problems": [],
        "labels": [],
    }
    assert document["cases"][4]["problems"][0]["location"] == {"path": "typo.yaml", "line": 2, "column": 22}


def test_check_github_annotates_what_is_not_as_expected(annostrat, cases):
    """GitHub shows an error where a case differs, a warning where it is undecided, on the line itself."""
    result = annostrat("check", *cases, "--format", "github")
    assert result.code == 2
    assert result.out == (
        "::error file=map.yaml,line=3,col=9,title=Map::expected instance_segmentation or object_detection, "
        "but the rules recommend semantic_segmentation (purpose=map_surfaces)\n"
        "::notice file=none.yaml,line=1,col=1,title=None::semantic_segmentation; nothing is expected\n"
        "::warning file=open.yaml,line=3,col=9,title=Open::undecided between instance_segmentation and "
        "object_detection; the answer to shape_variance settles most\n"
        f"::error file=typo.yaml,line=2,col=22,title=typo.yaml::{TYPO}\n"
        "4 use cases: 1 as expected, 1 differs, 1 undecided, 1 without expectation; 1 could not be read\n"
    )


def test_check_junit_is_a_test_suite(annostrat, cases):
    """JUnit counts and marks failures, errors and skipped cases, so that a CI system shows them as tests."""
    suite = ET.fromstring(annostrat("check", *cases, "-f", "junit").out).find("testsuite")  # noqa: S314 - our own
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "1",
        "errors": "1",
        "skipped": "2",
    }
    found = {case.get("name"): [part.tag for part in case] for case in suite}
    assert found == {"Boxes": [], "Map": ["failure"], "None": ["skipped"], "Open": ["skipped"], "typo.yaml": ["error"]}
    failure = suite.find("testcase[@name='Map']")
    assert (failure.get("file"), failure.get("line")) == ("map.yaml", "3")
    assert failure.find("failure").get("message").startswith("expected instance_segmentation")


def test_check_sarif_has_a_result_for_each_case_that_is_amiss(annostrat, cases):
    """SARIF names the rule, the level and the place of each case that differs, is undecided or cannot be read."""
    log = json.loads(annostrat("check", *cases, "-f", "sarif").out)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        ("differs", "error"),
        ("no_expectation", "note"),
        ("undecided", "warning"),
        ("unreadable", "error"),
    ]
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "map.yaml"},
        "region": {"startLine": 3, "startColumn": 9},
    }
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} >= {result["ruleId"] for result in run["results"]}


def test_check_sarif_is_what_github_takes(annostrat, save, tmp_path):
    """Each result has a level, a text, a relative address and a declared rule, which says in words what to do."""
    save("my cases/map.yaml", FILES["map.yaml"])
    for name in ("my cases", "./my cases/", str(tmp_path / "my cases")):
        (run,) = json.loads(annostrat("check", name, "-f", "sarif").out)["runs"]
        (result,) = run["results"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "my%20cases/map.yaml"}
        assert result["message"]["text"].startswith("Map: expected")
        rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
        assert rules[result["ruleId"]]["defaultConfiguration"] == {"level": result["level"]}
        assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules.values())
    assert run["columnKind"] == "unicodeCodePoints"


def test_check_sarif_knows_a_result_again(annostrat, save):
    """The fingerprint outlives lines that are added above, and tells cases of one file and name apart."""

    def fingerprints(text):
        log = json.loads(annostrat("check", save("a.yaml", text), "-f", "sarif").out)
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in log["runs"][0]["results"]]

    before = fingerprints(f"{FILES['map.yaml']}---\n{FILES['map.yaml']}")
    assert fingerprints(f"# new\n{FILES['map.yaml']}---\n{FILES['map.yaml']}") == before
    assert len({*before, *fingerprints(FILES["open.yaml"])}) == 3


def test_check_sarif_links_to_the_documentation_that_the_package_names(annostrat, save, monkeypatch):
    """A package with an address gives every rule a link; one without gives none, rather than a dead one."""
    from email.message import Message

    save("map.yaml", FILES["map.yaml"])
    names = Message()
    monkeypatch.setattr("importlib.metadata.metadata", lambda _: names)

    def driver():
        return json.loads(annostrat("check", "map.yaml", "-f", "sarif").out)["runs"][0]["tool"]["driver"]

    assert not any("helpUri" in rule for rule in driver()["rules"])
    names["Project-URL"] = "Source, https://example.org/source"
    names["Project-URL"] = "Documentation, https://example.org/docs/"
    assert driver()["informationUri"] == "https://example.org/docs"
    assert {rule["helpUri"] for rule in driver()["rules"]} == {"https://example.org/docs/ci/#what-check-says"}


@pytest.mark.parametrize(
    ("format_", "failed"),
    [
        ("github", "::error file=open.yaml"),
        ("junit", 'failures="1"'),
        ("sarif", '"ruleId": "undecided",\n          "level": "error"'),
        ("markdown", "**undecided**"),
        ("json", '"fails": true'),
    ],
)
@pytest.mark.usefixtures("cases")
def test_check_strict_fails_in_every_report_as_in_the_exit_code(annostrat, format_, failed):
    """What is not decided is an error of the report too, where --strict makes the job fail; else it is none."""
    strict = annostrat("check", "open.yaml", "--strict", "-f", format_)
    assert (strict.code, failed in strict.out) == (1, True)
    lax = annostrat("check", "open.yaml", "-f", format_)
    assert (lax.code, failed in lax.out) == (0, False)


@pytest.mark.usefixtures("cases")
def test_check_strict_says_at_the_terminal_what_fails(annostrat):
    """Whoever sees a job fail reads which use case failed it, and the last line says how many did."""
    strict, lenient = (annostrat("check", "open.yaml", *options) for options in (["--strict"], []))
    assert "; fails under --strict 1 use case" in " ".join(strict.out.split())
    assert strict.out.endswith("1 use case: 1 undecided; 1 fails under --strict\n")
    assert (strict.code, lenient.code, "--strict" in lenient.out) == (1, 0, False)


@pytest.mark.parametrize(
    ("format_", "named"),
    [
        ("text", "no expectation none.yaml:1:1"),
        ("github", "::notice file=none.yaml,line=1"),
        ("junit", "nothing is expected"),
        ("sarif", '"ruleId": "no_expectation"'),
        ("markdown", "none.yaml:1:1"),
        ("json", '"status": "no_expectation"'),
    ],
)
@pytest.mark.usefixtures("cases")
def test_check_strict_names_what_expects_nothing(annostrat, format_, named):
    """A use case that nothing guards does not fail, but no report passes over it."""
    result = annostrat("check", "none.yaml", "--strict", "-f", format_)
    assert (result.code, named in result.out) == (0, True)


def test_check_writes_several_reports_at_once(annostrat, cases):
    """One run gives the text on standard output and any number of reports, each as if it had been asked for alone."""
    reports = ["--report", "junit=a.xml", "--report", "sarif=b.sarif", "--report", "json=c.json"]
    result = annostrat("check", *cases, *reports)
    assert result == annostrat("check", *cases)
    for format_, path in (("junit", "a.xml"), ("sarif", "b.sarif"), ("json", "c.json")):
        assert Path(path).read_text("utf-8") == annostrat("check", *cases, "-f", format_).out


@pytest.mark.parametrize(
    ("report", "message"),
    [
        ("junit", "--report takes FORMAT=FILE, not 'junit'; for example --report junit=annostrat.xml"),
        ("junit=", "--report takes FORMAT=FILE, not 'junit='; for example --report junit=annostrat.xml"),
        (
            "junitt=a.xml",
            (
                "there is no format 'junitt' for verdicts; "
                "did you mean `annostrat check missing.yaml --report junit=a.xml`?"
            ),
        ),
        (
            "jsonl=a",
            "there is no format 'jsonl' for verdicts; did you mean `annostrat check missing.yaml --report json=a`?",
        ),
    ],
)
def test_check_refuses_a_report_that_it_cannot_write(annostrat, report, message):
    """A --report without file, or in a format that does not exist, is refused before anything is read."""
    assert annostrat("check", "missing.yaml", "--report", report) == (2, "", f"annostrat: {message}\n")


def test_check_of_nothing_readable_is_never_success(annostrat):
    """A file that cannot be read is exit code 2, also with --quiet and in every format."""
    for format_ in ("text", "json", "github", "junit", "sarif"):
        assert annostrat("check", "missing.yaml", "-q", "-f", format_).code == 2


@pytest.mark.slow
def test_check_keeps_its_exit_code_and_reports_when_nobody_reads_its_text(tmp_path):
    """A closed pipe ends the text quietly; a file that could not be read still exits 2, and the report is written."""
    code = f"{sys.executable} -m annostrat check missing.yaml --report json=report.json"
    shell = f"{{ sleep 1; {code}; echo $? > code; }} | true"
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S607
    assert done.stderr == ""
    assert (tmp_path / "code").read_text() == "2\n"
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["unreadable"] == 1


def test_check_names_a_few_problems_of_a_file_and_counts_the_others(annostrat, save):
    """A file of something else does not bury the rest: five of its problems are told, JSON has every one."""
    wrong = "---\n".join("answers: {count_matters: yes}\nimages: 1\ntitle: A\nyear: 1\n" for _ in range(40))
    files = [save("many.yaml", wrong), save("boxes.yaml", FILES["boxes.yaml"])]
    result = annostrat("check", *files)
    lines = result.out.splitlines()
    places = [line.partition(" ")[2].strip() for line in lines if line.startswith("unreadable")]
    assert (result.code, places[4:]) == (2, ["many.yaml:13:1", "many.yaml"])
    assert lines[-2:] == [
        "  75 more problems; --format json has all",
        "1 use case: 1 as expected; 40 could not be read",
    ]
    rows = annostrat("check", *files, "-f", "markdown").out
    assert rows.count("**unreadable**") == 6
    cases = json.loads(annostrat("check", *files, "-f", "json").out)["cases"]
    assert sum(len(case["problems"]) for case in cases) == 80


def test_check_of_something_else_says_once_that_it_is_no_use_case(annostrat, save):
    """A file without any key of a use case is something else, whose keys need not be told one by one."""
    result = annostrat("check", save("other.json", '{"imgHeight": 1, "imgWidth": 2, "objects": []}'))
    assert result.out.splitlines()[:-1] == [
        "unreadable     other.json:1:1",
        "  a use case needs the key `answers`; for example: answers: {count_matters: no}",
    ]


def test_recommending_for_labels_is_answered_with_the_command_that_reads_them(annostrat, save):
    """Who takes labels for a use case is told of `measure`."""
    path = save("labels.json", '{"images": [], "annotations": [], "categories": []}')
    said = "a use case needs the key `answers`; `annostrat measure` reads labels"
    assert annostrat("recommend", path) == (2, "", f"labels.json:1:1: {said}\n")


def test_check_skips_labels_beside_use_cases(annostrat, save):
    """In a folder, label files of every format that ends like a use case are counted, and nothing else of them."""
    save("cases/case.yaml", "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n")
    save("cases/classes.yaml", "- car\n- person\n")
    save("cases/large.json", b'{"images": [' + b"0," * 6_000_000 + b"0]}")
    files = [path for path in ANNOTATIONS.rglob("*") if path.suffix in SUFFIXES]
    for number, path in enumerate(files):
        save(f"cases/labels/{number}{path.suffix}", path.read_bytes())
    told = f"annostrat: skipped {len(files) + 2} files that are not use cases, such as cases/classes.yaml\n"
    assert annostrat("check", "cases") == (0, "1 use case: 1 as expected\n", told)
    assert annostrat("check", "cases", "--quiet") == (0, "", "")
    assert annostrat("recommend", "cases").err == told


@pytest.mark.parametrize(
    "text",
    [
        "answer: {count_matters: no}\n",
        "anwsers: {count_matters: no}\ntrain: a\nval: b\n",
        "count_matters: no\nname: A\nwhy: so\n",
        "name: A\nexpect: points\nnote: none\n",
        "nmae: A\n",
        "- answers: {count_matters: no}\n",
        "version: 1\nkind: cases\n---\nanswers: {count_matters: no}\n",
        "answers: {count_matters: no\n",
        "",
    ],
)
def test_check_of_a_folder_reports_a_broken_use_case(annostrat, save, text):
    """A mistake in a use case never makes it something else that is skipped."""
    save("cases/case.yaml", text)
    code, out, err = annostrat("check", "cases", "--skip-others")
    assert (code, out.startswith("unreadable     cases/case.yaml"), err) == (2, True, "")


def test_check_skips_named_files_where_a_hook_asks_for_it(annostrat, save):
    """pre-commit names what changed, which may be labels alone; who names a file without that learns what it lacks."""
    labels = save("labels.json", '{"images": [], "annotations": [], "categories": []}')
    told = "annostrat: skipped labels.json, which is not a use case\n"
    assert annostrat("check", "--skip-others", labels) == (0, "0 use cases\n", told)
    assert annostrat("check", labels).code == 2


def test_check_of_a_folder_with_labels_alone_is_an_error(annostrat, save):
    """A folder that holds no use case at all is most likely the wrong one."""
    save("labels/a.json", "[]")
    code, out, err = annostrat("check", "labels")
    assert (code, out.splitlines()[:2], err) == (
        2,
        ["unreadable     labels", "  holds no use cases; skipped labels/a.json, which is not a use case"],
        "",
    )
    assert annostrat("check", "labels/*.json").code == 2


def test_labels_that_are_no_evidence_are_told(annostrat, save):
    """Labels in shares where pixels are wanted guard nothing: the check says so, and fails when strict."""
    images = [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480}]
    label = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0.1, 0.1, 0.2, 0.2]}
    labels = {"images": images, "annotations": [label], "categories": [{"id": 1, "name": "leaf"}]}
    save("labels.json", json.dumps(labels))
    save(
        "case.yaml",
        "answers: {purpose: find_objects, orientation_matters: no}\nexpect: object_detection\n"
        "evidence: {annotations: labels.json}\n",
    )
    told = "the labels are no evidence: 1 label holds shares of its image where the format wants pixels"
    result = annostrat("check", "case.yaml", "-f", "github")
    assert result.code == 0
    assert result.out.startswith(
        f"::warning file=case.yaml,line=3,col=11,title=case::object_detection, as expected; {told}"
    )
    assert annostrat("check", "case.yaml", "--strict").code == 1
    screen = annostrat("recommend", "case.yaml", "--no-input").out
    assert "Error: 1 label holds shares of its image" in " ".join(screen.split())
