"""`annostrat recommend`: from files, folders, globs and streams; in every format; whole or not at all."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import jsonschema
import pytest

from annostrat.cli._output import pick_renderer

CLASS_MAP = "answers: {purpose: map_surfaces}\n"
BOXES = "name: Boxes\nanswers: {purpose: find_objects, orientation_matters: no}\n"
OPEN = "name: Open\nanswers: {count_matters: yes}\n"
KEYS = [
    "schema_version",
    "name",
    "rules",
    "answers",
    "status",
    "decided",
    "strategy",
    "path",
    "candidates",
    "assumed",
    "ask_next",
    "start_with",
    "alternatives",
    "why_not",
    "precedents",
    "second_opinion",
    "architectures",
    "assistants",
    "tips",
    "warnings",
    "references",
    "effort",
    "classes",
    "purposes",
    "covering",
    "led_by",
    "evidence",
]
EXAMPLES = Path(__file__).parents[2] / "examples" / "use_cases"


def chosen(out):
    """Return the name and the strategy of each line of JSON."""
    results = map(json.loads, out.splitlines())
    return {result["name"]: result["strategy"] and result["strategy"]["id"] for result in results}


def test_recommend_json_is_one_object_with_the_promised_keys(annostrat, save):
    """One use case gives one JSON object; its keys are the contract, in this order."""
    result = annostrat("recommend", save("case.yaml", BOXES), "--format", "json")
    document = json.loads(result.out)
    assert (result.code, result.err) == (0, "")
    assert list(document) == KEYS
    assert document["schema_version"] == 1
    assert (document["name"], document["strategy"]["id"], document["decided"]) == ("Boxes", "object_detection", True)
    assert list(document["rules"]) == ["id", "version", "digest"]
    assert document["answers"] == {"purpose": "find_objects", "orientation_matters": "no"}
    assert [step["question"] for step in document["path"]] == ["purpose", "orientation_matters"]
    assert document["status"] == "decided"
    assert (document["candidates"], document["ask_next"], document["start_with"]) == ([], None, None)
    assert {entry["strategy"] for entry in document["why_not"]} == {
        "instance_segmentation",
        "semantic_segmentation",
        "image_classification",
        "oriented_boxes",
        "points",
        "keypoints",
        "polyline",
        "panoptic_segmentation",
    }
    assert document["precedents"]["n"] >= document["precedents"]["agree"] > 0
    assert document["precedents"]["similar"][0]["url"].startswith("http")
    assert document["alternatives"][0].keys() == {"strategy", "beside", "change", "certain", "tradeoff"}
    assert {variant["tier"] for variant in document["architectures"]} == {"edge", "gpu", "server"}


def test_recommend_json_of_several_is_a_list(annostrat, save):
    """Several use cases give one JSON list, in the order in which they were named."""
    out = annostrat("recommend", save("b.yaml", BOXES), save("a.yaml", CLASS_MAP), "--format", "json").out
    assert [document["name"] for document in json.loads(out)] == ["Boxes", "a"]


@pytest.mark.parametrize("answers", [[], ["-a", "count_matters=yes"], ["-a", "count_matters=no"]])
def test_recommend_json_fits_its_published_schema(annostrat, save, answers):
    """What `recommend` prints is what `rules schema recommendation` describes, decided or not."""
    schema = json.loads((EXAMPLES.parents[1] / "rules" / "schemas" / "recommendation.json").read_text("utf-8"))
    document = json.loads(annostrat("recommend", save("case.yaml", "answers: {}"), *answers, "-f", "json").out)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert set(schema["required"]) == set(KEYS)


def test_recommend_takes_files_folders_globs_and_formats_of_file(annostrat, save):
    """Files, folders (sorted, with those below) and quoted globs are read; YAML, JSON and JSON Lines alike."""
    save("cases/b.yml", CLASS_MAP)
    save("cases/a.yaml", CLASS_MAP + "---\n" + BOXES)
    save("cases/c.json", '{"name": "From JSON", "answers": {"count_matters": false}}')
    save("cases/below/d.jsonl", '{"answers": {"count_matters": "no"}}\n\n{"name": "L", "answers": {}}\n')
    save("cases/notes.txt", "no use case")
    save("more/e.yaml", CLASS_MAP)
    out = annostrat("recommend", "cases", "more/*.yaml", save("f.yaml", OPEN), "-f", "jsonl").out
    assert list(chosen(out).items()) == [
        ("a", "semantic_segmentation"),
        ("Boxes", "object_detection"),
        ("b", "semantic_segmentation"),
        ("From JSON", "semantic_segmentation"),
        ("d#1", "semantic_segmentation"),
        ("L", None),
        ("e", "semantic_segmentation"),
        ("Open", None),
    ]


def test_recommend_prefers_a_file_to_the_glob_of_its_name(annostrat, save):
    """A file whose name looks like a glob is that file."""
    assert annostrat("recommend", save("case[1].yaml", CLASS_MAP)).code == 0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (BOXES, ["Boxes"]),
        (CLASS_MAP + "---\n" + BOXES, ["stdin", "Boxes"]),
        ('{\n"name": "J",\n"answers": {}\n}\n', ["J"]),
        ('{"name": "One", "answers": {}}', ["One"]),
        ('{"name": "One", "answers": {}}\n{"answers": {}}\n', ["One", "stdin#2"]),
        ('\ufeff{"name": "One", "answers": {}}\r\n{"name": "Two", "answers": {}}\r\n', ["One", "Two"]),
        ("{name: Flow, answers: {}}\n", ["Flow"]),
    ],
)
def test_recommend_reads_standard_input_as_yaml_json_or_lines(annostrat, text, names):
    """`-` takes one or several YAML documents, a JSON object or JSON Lines."""
    result = annostrat("recommend", "-", "-f", "jsonl", stdin=text.encode())
    assert result.err == ""
    assert [json.loads(line)["name"] for line in result.out.splitlines()] == names


def test_recommend_streams_lines_before_the_input_ends(command):
    """In JSON Lines, a result leaves as soon as its use case has come, while the input is still open."""
    with subprocess.Popen(
        [*command, "recommend", "-", "-f", "jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        for name in ("first", "second"):
            process.stdin.write(b'{"name": "%s", "answers": {"count_matters": "no"}}\n' % name.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["name"] == name
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_recommend_ends_quietly_when_nobody_reads_on(command, save):
    """`annostrat recommend … | head -1` shows its line and nothing else, however much is left to say."""
    path = save("cases.jsonl", '{"answers": {"purpose": "map_surfaces"}}\n' * 5_000)
    with subprocess.Popen(
        [*command, "recommend", path, "-f", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert json.loads(process.stdout.readline())["decided"] is True
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["recommend", "case.yaml"], ["rules", "list"], ["--version"], ["--help"]])
def test_full_standard_output_is_one_message(command, save, arguments):
    """When standard output is full, that is said in one line, and the exit code is 2."""
    save("case.yaml", CLASS_MAP)
    with open("/dev/full", "w") as full:
        done = subprocess.run([*command, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
    message = b"annostrat: standard output cannot be written: no space left on device\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["recommend", "missing.yaml"], ["recommend", "-f", "jsn"], ["compare", "boxes"]])
def test_full_standard_error_changes_no_exit_code(command, arguments):
    """When nobody can be told what is wrong, the exit code still tells."""
    with open("/dev/full", "w") as full:
        done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_are_taken_as_empty(command, save, closed):
    """A job that is started without standard streams works, and fails only where it should."""
    save("case.yaml", CLASS_MAP)
    words = " ".join([*command, "recommend"])
    assert subprocess.run(["sh", "-c", f"{words} case.yaml >out {closed}"], check=False).returncode == 0  # noqa: S607
    assert subprocess.run(["sh", "-c", f"{words} >out 2>err {closed}"], check=False).returncode == 2  # noqa: S607


def test_recommend_stopped_by_ctrl_c_says_so(command):
    """Ctrl-C while the input is awaited is exit code 130 and one line, no traceback."""
    with subprocess.Popen(
        [*command, "recommend", "-", "-f", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdin.write(b'{"answers": {}}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"\nInterrupted.\n"
    assert process.returncode == 130


def test_answer_option_overrides_and_completes_the_file(annostrat, save):
    """`--answer` wins over the file's answer, and adds those that the file lacks."""
    path = save("case.yaml", "answers: {count_matters: no, occlusion: low}\n")
    options = ["-a", "count_matters=yes", "--answer", "shape_variance=high"]
    document = json.loads(annostrat("recommend", path, *options, "-f", "json").out)
    assert document["answers"] == {"count_matters": "yes", "occlusion": "low", "shape_variance": "high"}
    assert document["strategy"]["id"] == "instance_segmentation"


def test_answer_option_alone_is_a_use_case(annostrat):
    """Answers on the command line are enough; yes and no may be said as true and false."""
    result = annostrat("recommend", "-a", "count_matters=false", "-f", "json")
    assert json.loads(result.out)["name"] == "Your project"
    assert json.loads(result.out)["strategy"]["id"] == "semantic_segmentation"


def test_answer_unknown_is_never_an_error(annostrat):
    """`unknown` to every question is an undecided case that names what to find out next, with exit code 0."""
    questions = ("purpose", "count_matters", "occlusion", "shape_variance", "compute_budget")
    options = [part for question in questions for part in ("-a", f"{question}=unknown")]
    document = json.loads(annostrat("recommend", *options, "-f", "json").out)
    assert document["decided"] is False
    assert {candidate["strategy"] for candidate in document["candidates"]} == {
        "object_detection",
        "semantic_segmentation",
        "instance_segmentation",
    }
    assert document["ask_next"] is not None


def test_recommend_without_anything_says_which_answers_are_missing(annostrat):
    """Without a terminal, `recommend` never waits: it names the missing answers and ends with 2."""
    message = (
        "annostrat: there is nothing to recommend for: no answer to purpose; give a FILE, - for standard input, or "
        "--answer question=answer for as many as you know\n"
    )
    assert annostrat("recommend") == (2, "", message)


def test_annostrat_alone_shows_its_help_where_nobody_can_be_asked(annostrat):
    """Without a terminal, `annostrat` alone says why it does not ask, prints its help there, and ends with 2."""
    result = annostrat()
    assert (result.code, result.out) == (2, "")
    reason, usage = result.err.splitlines()[:2]
    assert reason.startswith("annostrat: nothing is asked, because standard input is not a terminal; ")
    assert usage.startswith("Usage: annostrat")
    assert "recommend" in result.err


def test_annostrat_alone_names_ci_as_the_reason_not_to_ask(annostrat, monkeypatch):
    """Under CI nobody is asked, and the message says that CI is why."""
    monkeypatch.setenv("CI", "true")
    assert annostrat().err.startswith("annostrat: nothing is asked, because the environment variable CI is set; ")


@pytest.mark.parametrize(
    ("variables", "colourful"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
    ids=["pipe", "forced", "refused"],
)
def test_colour_in_a_pipe_is_as_the_variables_say(annostrat, save, monkeypatch, variables, colourful):
    """A pipe has no colour unless FORCE_COLOR asks for it; NO_COLOR wins over that."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in annostrat("recommend", save("case.yaml", BOXES)).out) is colourful


def test_quiet_page_in_a_pipe_is_not_cut(annostrat, save, monkeypatch):
    """A pipe has no width, so that both lines are whole, however long they are."""
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    result = annostrat("recommend", save("case.yaml", BOXES.replace("Boxes", "A name of words " * 6)), "-q")
    answer, beside = result.out.splitlines()
    assert answer.endswith("of words: Object detection")
    assert len(answer) > 100
    assert (beside[:11], beside[-2:]) == ("  Experts: ", ").")


def test_quiet_page_is_for_people_alone(annostrat, save, monkeypatch):
    """`--quiet` reaches the renderer of standard output; a file that is written has everything."""
    pages = []
    renderer = pick_renderer("jsonl", "recommendations")

    def record(results, rules, page):
        pages.append(page)
        return renderer.recommendations(results, rules, page)

    recording = renderer._replace(recommendations=record)
    monkeypatch.setattr("annostrat.cli.commands.recommend.pick_renderer", lambda *_: recording)
    path = save("case.yaml", BOXES)
    for options in ([], ["-q"], ["-q", "-o", "-"], ["-q", "-o", "out"]):
        assert annostrat("recommend", path, *options).code == 0
    assert [page.quiet for page in pages] == [False, True, True, False]


def test_strict_fails_an_undecided_case(annostrat, save):
    """`--strict` makes an undecided case exit code 1; the result is printed all the same."""
    path = save("case.yaml", OPEN)
    assert annostrat("recommend", path).code == 0
    strict = annostrat("recommend", path, "--strict", "-f", "jsonl")
    assert (strict.code, chosen(strict.out)) == (1, {"Open": None})
    assert annostrat("recommend", save("decided.yaml", BOXES), "--strict").code == 0
    assert annostrat("recommend", "-a", "count_matters=no", "--strict").code == 1
    assert annostrat("recommend", "-a", "count_matters=no").code == 0
    assert annostrat("recommend", path, "missing.yaml", "--strict").code == 2


@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "markdown", "html", "github"])
def test_output_file_holds_what_standard_output_would(annostrat, save, format_):
    """`--output FILE` holds exactly what standard output would in full, and nothing is printed."""
    path = save("case.yaml", BOXES)
    printed = annostrat("recommend", path, "-f", format_, "--full")
    assert annostrat("recommend", path, "-f", format_, "-o", "out") == (0, "", "")
    assert Path("out").read_text("utf-8") == printed.out
    assert sorted(os.listdir()) == ["case.yaml", "out"]


def test_output_file_is_kept_where_nothing_could_be_read(annostrat, save):
    """When no use case can be read, the file of the last run stays as it was."""
    save("out.json", "old")
    assert annostrat("recommend", "missing.yaml", "-f", "json", "-o", "out.json").code == 2
    assert Path("out.json").read_text() == "old"
    assert os.listdir() == ["out.json"]


def test_output_file_is_kept_when_the_work_is_interrupted(annostrat, save, monkeypatch):
    """A result that is cut off half-way never takes the place of a whole one."""
    save("out.json", "old")
    save("case.jsonl", '{"answers": {}}\n' * 3)
    results = []

    def stop(*arguments):
        results.append(arguments)
        if len(results) == 3:
            raise KeyboardInterrupt
        return "{}"

    monkeypatch.setattr("annostrat.render.formats.jsonl.Record.of", stop)
    assert annostrat("recommend", "case.jsonl", "-f", "jsonl", "-o", "out.json") == (130, "", "\nInterrupted.\n")
    assert Path("out.json").read_text() == "old"
    assert sorted(os.listdir()) == ["case.jsonl", "out.json"]


def test_output_dash_is_standard_output(annostrat, save):
    """`--output -` prints, as `-` does everywhere, and makes no file of that name."""
    path = save("case.yaml", BOXES)
    assert annostrat("recommend", path, "-o", "-") == annostrat("recommend", path)
    assert annostrat("check", path, "--report", "json=-", "-o", "text").out.startswith("{")
    assert sorted(os.listdir()) == ["case.yaml", "text"]


def test_output_to_a_device_is_written_there(annostrat, save):
    """`--output /dev/null` writes to the device and does not replace it by a file."""
    assert annostrat("recommend", save("case.yaml", BOXES), "-o", "/dev/null") == (0, "", "")
    assert not Path("/dev/null").is_file()


def test_errors_never_mix_with_results(annostrat, save):
    """Standard output stays JSON, whatever goes wrong beside it."""
    result = annostrat(
        "recommend", "missing.yaml", save("a.yaml", BOXES), "no/*.yaml", save("b.yaml", OPEN), "-f", "json"
    )
    assert [document["name"] for document in json.loads(result.out)] == ["Boxes", "Open"]
    assert result.err == "missing.yaml: no such file\nno/*.yaml: no file matches\n"


def test_write_saves_a_use_case_that_recommend_accepts(annostrat, save):
    """`--write` keeps the whole use case, with the answers given, in a file that leads to the same result."""
    save(
        "case.yaml",
        'name: "Wheat \\"🌾\\" \\e[31m: #1"\ndescription: Two\\nlines\n'
        "answers: {purpose: find_objects, count_matters: true}\n"
        "expect: [semantic_segmentation, object_detection]\nimages: 12\nobjects_per_image: 0\n"
        "classes: {soil: {purpose: map_surfaces}, head: }\n"
        "keypoints: {head: {points: [tip, stem], skeleton: [[tip, stem]]}}\n"
        "effort: {assistance: yes, hourly_rate: 12.5}\nevidence: {annotations: labels.json}\n",
    )
    first = annostrat("recommend", "case.yaml", "-a", "occlusion=high", "--write", "saved.yaml", "-f", "json")
    modeline, _, saved = Path("saved.yaml").read_text("utf-8").partition("\n")
    assert re.fullmatch(r"# yaml-language-server: \$schema=file:///\S+/rules/schemas/use_case\.json", modeline)
    assert saved == (
        'name: "Wheat \\"🌾\\" \\U0000001b[31m: #1"\n'
        'description: "Two\\\\nlines"\n'
        "answers: {purpose: find_objects, count_matters: yes, occlusion: high}\n"
        "expect: [semantic_segmentation, object_detection]\n"
        "images: 12\n"
        "objects_per_image: 0\n"
        "classes:\n  soil: {purpose: map_surfaces}\n  head: {}\n"
        'evidence: {annotations: "labels.json"}\n'
        "effort: {assistance: true, hourly_rate: 12.5}\n"
        "keypoints: {head: {points: [tip, stem], skeleton: [[tip, stem]]}}\n"
    )
    again = annostrat("recommend", "saved.yaml", "-f", "json")
    assert again[:2] == first[:2]
    assert first.err == "case.yaml:10:25: labels.json: no such file or directory\nannostrat: wrote saved.yaml\n"
    assert again.err == "saved.yaml:11:25: labels.json: no such file or directory\n"


@pytest.mark.parametrize("name", ["true", "null", "12", "- a", "a: b", "#", " x ", "\u2028\x7f", "'\"\\"])
def test_write_quotes_names_that_yaml_would_misread(annostrat, save, name):
    """A name that looks like something else in YAML comes back as the same name."""
    save("case.json", json.dumps({"name": name, "answers": {}}))
    annostrat("recommend", "case.json", "--write", "saved.yaml")
    assert json.loads(annostrat("recommend", "saved.yaml", "-f", "json").out)["name"] == name


def test_write_replaces_a_file_only_by_force(annostrat, save):
    """`--write` refuses a file that is there, before anything is done, unless `--force` allows it."""
    path = save("case.yaml", BOXES)
    refused = "annostrat: case.yaml already exists; name another file, or overwrite it with --force\n"
    assert annostrat("recommend", path, "--write", path) == (2, "", refused)
    assert Path(path).read_text() == BOXES
    assert annostrat("recommend", path, "-a", "occlusion=high", "--write", path, "--force").code == 0
    assert "occlusion: high" in Path(path).read_text()


def test_screen_goes_on_with_the_file_that_was_written(annostrat, save):
    """What comes next works on the file that holds the answers, not on the one that they were added to."""
    out = annostrat("recommend", "-a", "purpose=map_surfaces", "--write", "saved.yaml").out
    assert "annostrat scaffold label_studio saved.yaml" in out
    out = annostrat("recommend", "saved.yaml", "-a", "purpose=unknown", "--write", "other.yaml").out
    assert "annostrat recommend other.yaml -a count_matters=ANSWER" in out


def test_write_to_standard_output_is_refused(annostrat, save):
    """A use case is never mixed with the recommendation."""
    result = annostrat("recommend", save("case.yaml", BOXES), "--write", "-")
    assert (result.code, result.out) == (2, "")
    assert os.listdir() == ["case.yaml"]


@pytest.mark.parametrize(
    ("answers", "kept"),
    [([], True), (["-a", "purpose=unknown"], True), (["-a", "purpose=read_pose"], False)],
    ids=["unchanged", "still possible", "elsewhere"],
)
def test_write_keeps_no_stale_expectation(annostrat, save, answers, kept):
    """Where changed answers lead away from what the file expected, what is written expects nothing."""
    path = save("case.yaml", BOXES + "expect: object_detection\n")
    assert annostrat("recommend", path, *answers, "--write", "saved.yaml").code == 0
    assert ("expect" in Path("saved.yaml").read_text()) is kept


def test_write_keeps_an_expectation_that_never_held(annostrat, save):
    """Without changed answers, an expectation stays as it was: whether it holds is what `check` says."""
    path = save("case.yaml", BOXES + "expect: keypoints\n")
    annostrat("recommend", path, "--write", "saved.yaml")
    assert "expect: [keypoints]" in Path("saved.yaml").read_text()


def test_write_takes_one_use_case(annostrat, save):
    """`--write` with several use cases is refused before anything is written."""
    result = annostrat("recommend", save("a.yaml", BOXES), save("b.yaml", OPEN), "--write", "saved.yaml")
    assert result.code == 2
    assert result.err == "annostrat: --write takes one use case, and there are several; name one FILE, or none\n"
    assert not Path("saved.yaml").exists()


def test_rules_option_takes_a_shipped_rule_set(annostrat):
    """`--rules purpose_first` asks the purpose first, and its result is stamped with the rule set."""
    result = annostrat("recommend", "--rules", "purpose_first", "-a", "purpose=tag_images", "-f", "json")
    document = json.loads(result.out)
    assert (document["rules"]["id"], document["strategy"]["id"]) == ("purpose_first", "image_classification")


def test_question_of_another_shipped_rule_set_is_accepted_and_left_unused(annostrat):
    """One use case serves several rule sets: what only another one asks does no harm."""
    result = annostrat(
        "recommend", "--rules", "infographic", "-a", "count_matters=no", "-a", "extent_visible=yes", "-f", "json"
    )
    document = json.loads(result.out)
    assert document["strategy"]["id"] == "semantic_segmentation"
    assert [step["question"] for step in document["path"]] == ["count_matters"]


@pytest.mark.slow
def test_recommend_is_deterministic(annostrat):
    """The same input gives the same bytes, in every format."""
    for format_ in ("text", "json", "jsonl", "markdown", "html", "github"):
        first, again = (annostrat("recommend", str(EXAMPLES), "-f", format_) for _ in range(2))
        assert first == again
        assert first.code == 0


@pytest.mark.parametrize("columns", ["40", "60", "80", "0", "wide", "1000000"])
def test_recommend_keeps_to_the_columns_of_the_terminal(annostrat, save, monkeypatch, columns):
    """Text keeps to COLUMNS, at most 100; a COLUMNS that is no width is 80."""
    monkeypatch.setenv("COLUMNS", columns)
    out = annostrat("recommend", save("case.yaml", BOXES)).out
    limit = {"0": 80, "wide": 80, "1000000": 100}.get(columns) or int(columns)
    assert limit - 10 < max(map(len, out.splitlines())) <= limit


def test_recommend_works_in_an_encoding_that_lacks_the_characters(command, save):
    """Where standard output cannot show a character, its code is shown, and nothing crashes."""
    save("case.yaml", "name: Blé 🌾\nanswers: {count_matters: no}\n")
    done = subprocess.run(
        [*command, "recommend", "case.yaml"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, b"Bl\\xe9 \\U0001f33e")


def test_recommend_json_is_a_list_where_several_were_given_and_one_is_readable(annostrat, save):
    """Whether a script gets a list depends on what it asked for, not on what happened to be readable."""
    result = annostrat("recommend", save("case.yaml", BOXES), "missing.yaml", "-f", "json")
    assert result.code == 2
    assert [entry["name"] for entry in json.loads(result.out)] == ["Boxes"]


def test_recommend_reads_many_lines_as_it_reads_few(annostrat, save):
    """From some line on another reader of JSON is used; faults there are found and placed as they are before."""
    good = '{"name": "a: b", "answers": {"count_matters": false}}'
    bad = {
        350: '{"answers": {"count_matters": "no", "count_matters": "yes"}}',
        360: '{"answers": {"count_matters": NaN}}',
        370: '{"answers": {"count_matters": 1}}',
        380: '{"answers": {"count_matters": "no"}} {}',
    }
    lines = [bad.get(number, good) for number in range(1, 401)]
    result = annostrat("recommend", save("many.jsonl", "\n".join(lines)), "-f", "jsonl")
    assert result.code == 2
    assert [line.split(": ")[0] for line in result.err.splitlines()] == [
        "many.jsonl:350:37",
        "many.jsonl:360:31",
        "many.jsonl:370:31",
        "many.jsonl:380:38",
    ]
    records = [json.loads(line) for line in result.out.splitlines()]
    assert [record["line"] for record in records if "error" in record] == [350, 360, 370, 380]
    assert {record["name"] for record in records if "error" not in record} == {"a: b"}
    assert len(records) == 400


def test_recommend_says_of_each_use_case_what_it_says_of_it_alone(annostrat, save):
    """Models have other reasons in another field: what was said of one use case is not repeated for the next."""
    answers = "answers: {purpose: find_objects, orientation_matters: no, compute_budget: moderate}\n"
    paths = [save(f"{domain}.yaml", f"domain: {domain}\n{answers}") for domain in ("industry", "general", "microscopy")]
    models = ["-f", "jsonl", "--fields", "name,architectures"]
    alone = [annostrat("recommend", path, *models).out for path in paths]
    assert annostrat("recommend", *paths, *models).out == "".join(alone)
    assert len({json.loads(line)["architectures"][1]["why"] for line in alone}) > 1


EFFORT = ["--effort", "images=100", "--effort", "objects_per_image=9"]


def test_json_lines_are_lean(annostrat, save):
    """A line of JSON Lines has what a script decides by, in at most 1.5 kB; JSON has everything."""
    path = save("case.yaml", BOXES)
    line = annostrat("recommend", path, *EFFORT, "-f", "jsonl").out
    assert len(line) <= 1_500
    whole, lean = json.loads(annostrat("recommend", path, *EFFORT, "-f", "json").out), json.loads(line)
    assert lean["strategy"] == {"id": "object_detection", "title": "Object detection"}
    assert lean["effort"] == {"hours": whole["effort"]["hours"]}
    assert lean.keys() < whole.keys()


def test_fields_given_again_add_up(annostrat, save):
    """Each `--fields` adds keys to those before it, in their order."""
    path = save("case.yaml", BOXES)
    several = annostrat("recommend", path, "-f", "jsonl", "--fields", "status", "--fields=strategy.id")
    assert several.out == annostrat("recommend", path, "-f", "jsonl", "--fields", "status,strategy.id").out
    assert json.loads(several.out) == {"status": "decided", "strategy": {"id": "object_detection"}}


def test_a_purpose_given_again_is_another_purpose(annostrat, save):
    """Of a question that takes several answers, each `--answer` adds one; the same one twice is a mistake."""
    words = ["-a", "purpose=find_objects", "-a", "orientation_matters=no", "-a", "purpose=map_surfaces"]
    found = json.loads(annostrat("recommend", *words, "-f", "json").out)
    assert found["answers"]["purpose"] == ["find_objects", "map_surfaces"]
    told = "--answer: purpose gives 'find_objects' twice; keep one of the two\n"
    assert annostrat("recommend", *words, "--answer", "purpose=find_objects") == (2, "", told)
    assert annostrat("scaffold", "guideline", save("case.yaml", "answers: {}\n"), *words).code == 0


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_fields_pick_keys_of_json(annostrat, save, format_):
    """`--fields` writes the named keys alone, of each item where there is a list."""
    path = save("case.yaml", BOXES)
    words = ["name,strategy.id,effort.hours.typical,alternatives.strategy,answers.occlusion", "-f", format_]
    found = json.loads(annostrat("recommend", path, *EFFORT, "--fields", *words).out)
    assert found.keys() == {"name", "strategy", "effort", "alternatives", "answers"}
    assert found["strategy"] == {"id": "object_detection"}
    assert found["effort"]["hours"].keys() == {"typical"}
    assert all(entry.keys() == {"strategy"} for entry in found["alternatives"])
    assert found["answers"].keys() == {"occlusion"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["nam", "-f", "json"],
            ("--fields: there is no key 'nam'; did you mean `annostrat recommend case.yaml --fields name -f json`?"),
        ),
        (
            ["name,strategy.idd", "-f", "json"],
            (
                "--fields: there is no key 'strategy.idd'; "
                "did you mean `annostrat recommend case.yaml --fields name,strategy.id -f json`?"
            ),
        ),
        (
            ["hours", "-f", "json"],
            (
                "--fields: there is no key 'hours'; "
                "did you mean `annostrat recommend case.yaml --fields effort.hours -f json`?"
            ),
        ),
        (["name.x", "-f", "jsonl"], "--fields: there is no key 'name.x'; valid: none"),
        (["name"], "--fields picks keys of JSON; add --format json or --format jsonl"),
    ],
)
def test_fields_that_are_no_keys_are_refused(annostrat, save, words, message):
    """A wrong key is answered with the nearest valid one."""
    assert annostrat("recommend", save("case.yaml", BOXES), "--fields", *words) == (2, "", f"annostrat: {message}\n")


def test_json_lines_tell_what_cannot_be_read_in_its_place(annostrat):
    """Each line of the input has its line in the output: a result, or what is wrong with it and where."""
    text = '{"answers": {}}\n{"answers": {"occlusion": "hihg"}, "images": 0}\n{"answers":\n{"answers": {}}\n'
    result = annostrat("recommend", "-", "missing.yaml", "-f", "jsonl", "--fields", "name", stdin=text.encode())
    assert result.code == 2
    assert [json.loads(line) for line in result.out.splitlines()] == [
        {"name": "stdin#1"},
        {
            "error": "'hihg' is not an answer to occlusion; did you mean 'high'? valid: low, moderate, high, unknown",
            "file": "<stdin>",
            "line": 2,
            "column": 27,
            "more": 1,
        },
        {"error": "is not valid JSON: expecting value", "file": "<stdin>", "line": 3, "column": 12},
        {"name": "stdin#4"},
        {"error": "no such file", "file": "missing.yaml", "line": None, "column": None},
    ]


def test_json_lines_list_each_candidate_once(annostrat):
    """Without the answers that lead there, a label that several ways lead to is one candidate."""
    result = annostrat("recommend", "-", "-f", "jsonl", stdin=b'{"answers": {"count_matters": "yes"}}\n')
    named = [one["strategy"] for one in json.loads(result.out)["candidates"]]
    assert len(named) > 1
    assert len(named) == len(set(named))


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_fields_pick_a_name_from_each_item_of_a_list(annostrat, format_):
    """A name that is asked for is picked from each way to a candidate, so that two lists can be paired."""
    fields = ("--fields", "candidates.strategy", "-a", "count_matters=yes")
    picked = json.loads(annostrat("recommend", "-f", format_, *fields).out)["candidates"]
    whole = json.loads(annostrat("recommend", "-f", "json", *fields[2:]).out)["candidates"]
    assert [one["strategy"] for one in picked] == [one["strategy"] for one in whole]
    assert len({one["strategy"] for one in whole}) < len(whole)


def test_line_that_is_no_json_is_told_alike_in_a_stream_and_a_file(annostrat, save):
    """The same lines read the same, wherever they come from."""
    text = '{"answers": {}}\nnot json\n'
    streamed, read = annostrat("recommend", "-", stdin=text.encode()), annostrat("recommend", save("a.jsonl", text))
    assert streamed.err == "<stdin>:2:1: is not valid JSON: expecting value\n"
    assert read.err == streamed.err.replace("<stdin>", "a.jsonl")


def test_broken_first_line_of_json_lines_is_told_at_its_place(annostrat):
    """A first line that is cut short is no reason to read the rest as one document."""
    result = annostrat("recommend", "-", "-f", "jsonl", stdin=b'{"answers": \n{"answers": {}}\n')
    assert result.err == "<stdin>:1:12: is not valid JSON: expecting value\n"
    assert json.loads(result.out.splitlines()[1])["name"] == "stdin#2"
