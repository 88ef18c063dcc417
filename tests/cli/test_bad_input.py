"""Whatever stands in a file, the user gets one clear message, the right exit code, and the other files."""

import json
import os
import threading

import pytest

from annostrat.knowledge import yaml_source

POINTS = "for example: pig: {points: [snout, neck, tail], skeleton: [[snout, neck], [neck, tail]]}"
EXAMPLE = "for example: answers: {count_matters: no}"
KEYS = (
    "name, description, owner, decided_by, domain, objects, answers, expect, images, objects_per_image, classes, "
    "evidence, effort, keypoints, models"
)
LEVELS = "low, moderate, high, unknown"
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (new, new, b",".join([b"*%c" % old] * 10))
    for old, new in zip(b"abcdefgh", b"bcdefghi", strict=True)
)

FILES = [
    ("not_utf8.yaml", b"name: caf\xe9\nanswers: {}\n", "1:10: is not UTF-8 text (byte 0xe9); save the file as UTF-8"),
    ("utf16.yaml", "answers: {}\n".encode("utf-16"), "1:1: is not UTF-8 text (byte 0xff); save the file as UTF-8"),
    ("empty.yaml", b"", f" is empty; {EXAMPLE}"),
    ("empty.json", b"", f" is empty; {EXAMPLE}"),
    ("empty.jsonl", b"", " is empty"),
    ("comment.yaml", b"# nothing yet\n", f" is empty; {EXAMPLE}"),
    (
        "syntax.yaml",
        b"name: x\nanswers: {count_matters: yes\n",
        "2:10: is not valid YAML: did not find expected ',' or '}', while parsing a flow mapping",
    ),
    (
        "quote.yaml",
        b'name: "x\nanswers: {}\n\n',
        "1:7: is not valid YAML: found unexpected end of stream, while scanning a quoted scalar",
    ),
    ("alias.yaml", b"answers: *nope\n", "1:10: is not valid YAML: found undefined alias"),
    ("list.yaml", b"- yes\n", f"1:1: a use case is a mapping with `answers`, not a list; {EXAMPLE}"),
    (
        "cases.json",
        b'[{"answers": {}}]',
        (
            "1:1: a use case is a mapping with `answers`, not a list; write several as JSON Lines, one on each line, or"
            " as YAML documents with --- between"
        ),
    ),
    ("text.yaml", b"hello\n", f"1:1: a use case is a mapping with `answers`, not the text 'hello'; {EXAMPLE}"),
    ("answers.yaml", b"answers: [yes]\n", f"1:10: answers are a mapping of question to answer, not a list; {EXAMPLE}"),
    ("nothing.yaml", b"answers:\n", f"1:9: answers are a mapping of question to answer, not nothing; {EXAMPLE}"),
    ("no_answers.yaml", b"name: x\n", f"1:1: a use case needs the key `answers`; {EXAMPLE}"),
    ("key.yaml", b"answers: {}\nexpects: x\n", "2:1: 'expects' is not a key of a use case; did you mean 'expect'?"),
    ("merge.yaml", b"answers: &a {}\n<<: *a\n", f"2:1: '<<' is not a key of a use case; valid: {KEYS}"),
    (
        "long_key.yaml",
        b"answers: {}\n" + b"k" * 900 + b": 1\n",
        f"2:1: '{'k' * 97}...' is not a key of a use case; valid: {KEYS}",
    ),
    ("list_key.yaml", b"answers: {}\n? [a]\n: 1\n", "2:3: a key must be a word, not a list or mapping"),
    (
        "question.yaml",
        b"answers:\n  count_maters: yes\n",
        "2:3: no rule set asks 'count_maters'; did you mean 'count_matters'?",
    ),
    (
        "hihg.yaml",
        b"answers:\n  occlusion: hihg\n",
        f"2:14: 'hihg' is not an answer to occlusion; did you mean 'high'? valid: {LEVELS}",
    ),
    (
        "maybe.yaml",
        b"answers:\n  count_matters: maybe\n",
        "2:18: 'maybe' is not an answer to count_matters; valid: yes, no, unknown",
    ),
    (
        "upper.yaml",
        b"answers:\n  occlusion: LOW\n  shape_variance: low\n",
        f"2:14: 'LOW' is not an answer to occlusion; did you mean 'low'? valid: {LEVELS}",
    ),
    (
        "blank.yaml",
        b"answers: {occlusion: 'low '}\n",
        f"1:22: 'low ' is not an answer to occlusion; did you mean 'low'? valid: {LEVELS}",
    ),
    (
        "answer.yaml",
        b"answer: {occlusion: low}\n",
        "1:1: 'answer' is not a key of a use case; did you mean 'answers'?",
    ),
    (
        "no_answer.yaml",
        b"answers:\n  compute_budget:\n",
        "2:18: compute_budget has no answer; write unknown, or remove the line",
    ),
    (
        "key.json",
        b'{"answers": {},\n answers: 1}',
        "2:2: is not valid JSON: expecting property name enclosed in double quotes",
    ),
    ("value.json", b'\n{"name":}', "2:9: is not valid JSON: expecting value"),
    ("yaml.json", b"answers: {}\n", "1:1: is not valid JSON: expecting value"),
    ("two.json", b'{"answers": {}}\n{"answers": {}}', "2:1: is not valid JSON: extra data"),
    ("value.ndjson", b'\n{"name":}\n', "2:9: is not valid JSON: expecting value"),
    (
        "duplicate.jsonl",
        b'\n{"answers": {"occlusion": "low", "occlusion": "high"}}',
        "2:34: the key 'occlusion' is given twice; keep one of the two",
    ),
    ("number.yaml", b"answers: {occlusion: 3}\n", f"1:22: the number 3 is not an answer to occlusion; valid: {LEVELS}"),
    (
        "class.yaml",
        b"answers: {}\nclasses: {soil: {occlusion: hihg}}\n",
        f"2:29: 'hihg' is not an answer to occlusion; did you mean 'high'? valid: {LEVELS}",
    ),
    (
        "classes.yaml",
        b"answers: {}\nclasses: [a]\n",
        "2:10: classes are a mapping of class name to answers, not a list; for example: classes: {soil: {}}",
    ),
    (
        "duplicate.yaml",
        b"answers:\n  occlusion: low\n  occlusion: high\n",
        "3:3: the key 'occlusion' is given twice; keep one of the two",
    ),
    (
        "duplicate.json",
        b'{"answers": {"occlusion": "low",\n "occlusion": "high"}}',
        "2:2: the key 'occlusion' is given twice; keep one of the two",
    ),
    ("nul.yaml", b"name: a\x00b\nanswers: {}\n", "1:8: is not valid YAML: the character U+0000 is not allowed"),
    ("binary.yaml", b"\x00\x00\x00\x00", "1:1: is not valid YAML: the character U+0000 is not allowed"),
    ("escape.yaml", b"name: a\x1bb\nanswers: {}\n", "1:8: is not valid YAML: the character U+001B is not allowed"),
    ("bomb.yaml", BOMB + b"answers: {}\n", "1:4: aliases repeat more than 10000 values; write the values out"),
    (
        "deep.yaml",
        b"answers: " + b"[" * 10_000 + b"]" * 10_000,
        "1:109: is nested deeper than 100 levels; no file of annostrat needs that",
    ),
    (
        "deep.json",
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        "1:501: is nested deeper than 100 levels; no file of annostrat needs that",
    ),
    (
        "deep_block.yaml",
        b"".join(b" " * depth + b"a:\n" for depth in range(1_000)),
        "101:101: is nested deeper than 100 levels; no file of annostrat needs that",
    ),
    (
        "object.yaml",
        b'name: !!python/object/apply:os.system ["touch hacked"]\nanswers: {}\n',
        "1:7: the tag !!python/object/apply:os.system is not allowed; write a plain value",
    ),
    (
        "expect.yaml",
        b"answers: {}\nexpect: object_detektion\n",
        "2:9: no strategy is called 'object_detektion'; did you mean 'object_detection'?",
    ),
    (
        "points.yaml",
        b"answers: {}\nkeypoints: {pig: [snout]}\n",
        f"2:18: keypoints of a class have `points`, and may have a `skeleton`; {POINTS}",
    ),
    (
        "pointz.yaml",
        b"answers: {}\nkeypoints: {pig: {pointz: [snout]}}\n",
        "2:19: 'pointz' is not a key of keypoints; did you mean 'points'?",
    ),
    (
        "beside.yaml",
        b"answers: {}\neffort: {objects_per_imag: 3}\n",
        (
            "2:10: 'objects_per_imag' is not a key of effort; "
            "did you mean 'objects_per_image'? Write it beside `effort`, not under it"
        ),
    ),
    (
        "under.yaml",
        b"answers: {}\nlicense: permissive\n",
        "2:1: 'license' is not a key of a use case; did you mean 'licence'? Write it under `models`",
    ),
    (
        "needed.yaml",
        b"answers: {}\nevidence: {annotation: x}\n",
        "2:12: 'annotation' is not a key of evidence; did you mean 'annotations'?",
    ),
    (
        "twice.yaml",
        b"answers: {}\nkeypoints: {pig: {points: [snout, snout]}}\n",
        f"2:27: points are a list of names, each given once; {POINTS}",
    ),
    (
        "skeleton.yaml",
        b"answers: {}\nkeypoints: {pig: {points: [snout, tail], skeleton: [[snout, tial]]}}\n",
        "2:61: no point is called 'tial'; did you mean 'tail'?",
    ),
    (
        "negative.yaml",
        b"answers: {}\nimages: -1\n",
        "2:9: images is a whole number from 1 to 1,000,000,000, not the number -1",
    ),
    (
        "none.yaml",
        b"answers: {}\nimages: 0\n",
        "2:9: images is a whole number from 1 to 1,000,000,000, not the number 0",
    ),
    (
        "huge.yaml",
        b"answers: {}\nimages: 99999999999999\n",
        "2:9: images is a whole number from 1 to 1,000,000,000, not the number 99999999999999",
    ),
    (
        "digits.yaml",
        b"answers: {}\nimages: " + b"9" * 5_000 + b"\n",
        f"2:9: '{'9' * 40}' is not a number that can be read",
    ),
    (
        "many.yaml",
        b"answers: {}\nimages: many\n",
        "2:9: images is a whole number from 1 to 1,000,000,000, not the text 'many'",
    ),
    (
        "half.yaml",
        b"answers: {}\nimages: 1.5\n",
        "2:9: images is a whole number from 1 to 1,000,000,000, not the number 1.5",
    ),
    ("true.yaml", b"answers: {}\nimages: true\n", "2:9: images is a whole number from 1 to 1,000,000,000, not true"),
    (
        "nan.yaml",
        b"answers: {}\nobjects_per_image: .nan\n",
        "2:20: objects_per_image is a number from 0 to 100,000, not the text '.nan'",
    ),
    (
        "nan.json",
        b'{"answers": {}, "objects_per_image": NaN}',
        "1:38: objects_per_image is a number from 0 to 100,000, not the text 'NaN'",
    ),
    (
        "infinite.yaml",
        b"answers: {}\nobjects_per_image: 1e999\n",
        "2:20: objects_per_image is a number from 0 to 100,000, not the number inf",
    ),
    ("name.yaml", b"name: 12\nanswers: {}\n", "1:7: name is text, not the number 12; put it in quotes"),
    (
        "long_name.yaml",
        b"name: " + b"x" * 2_000 + b"\nanswers: {}\n",
        "1:7: name has 1 to 1,000 characters, not 2,000",
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), FILES, ids=[name for name, *_ in FILES])
@pytest.mark.parametrize("verb", ["recommend", pytest.param("check", marks=pytest.mark.slow)])
def test_bad_file_is_one_message_with_its_place_and_the_others_are_still_done(
    annostrat, save, verb, name, content, message
):
    """A file that is wrong is reported with its line and column, the good one is done, and the exit code is 2."""
    good = save("good.yaml", "answers: {purpose: map_surfaces}\n")
    formats = {"recommend": ("-f", "jsonl"), "check": ("-f", "text")}[verb]
    result = annostrat(verb, save(name, content), good, *formats)
    problem = f"{name}:{message}\n"
    assert result.code == 2
    assert result.err == (problem if verb == "recommend" else "")
    if verb == "recommend":
        assert [record.get("error") is None for record in map(json.loads, result.out.splitlines())] == [False, True]
        return
    place, _, said = problem.partition(": ")
    good = "no expectation good.yaml:1:1 good: semantic_segmentation; nothing is expected"
    told = f"unreadable {place} {said} {good} 1 use case: 1 without expectation; 1 could not be read"
    assert "".join(result.out.split()) == "".join(told.split())


def test_file_with_several_mistakes_reports_all_of_them(annostrat, save):
    """Every mistake of a file is reported at once, in the order of the file, so that it is corrected in one go."""
    path = save("case.yaml", "nmae: x\nanswers:\n  occlusion: hihg\n  shape_varianse: low\nimages: many\n")
    assert annostrat("recommend", path).err == (
        "case.yaml:1:1: 'nmae' is not a key of a use case; did you mean 'name'?\n"
        "case.yaml:3:14: 'hihg' is not an answer to occlusion; did you mean 'high'? "
        "valid: low, moderate, high, unknown\n"
        "case.yaml:4:3: no rule set asks 'shape_varianse'; did you mean 'shape_variance'?\n"
        "case.yaml:5:9: images is a whole number from 1 to 1,000,000,000, not the text 'many'\n"
    )


def test_object_tag_runs_nothing(annostrat, save, tmp_path):
    """A tag that asks Python to run a program is refused, and nothing runs."""
    annostrat("recommend", save("object.yaml", '!!python/object/apply:os.system ["touch hacked"]\n'))
    assert sorted(os.listdir(tmp_path)) == ["object.yaml"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("missing.yaml", "missing.yaml: no such file"),
        ("good.yaml/below.yaml", "good.yaml/below.yaml: cannot be read: not a directory"),
        ("", "'': is not the name of a file"),
        ("*.txt", "*.txt: no file matches"),
        ("folder", "folder: the folder holds no use cases; use cases end in .yaml, .yml, .json, .jsonl, .ndjson"),
        ("a\nb\x1b.yaml", "a\\nb\\x1b.yaml: no such file"),
        ("x" * 300, f"{'x' * 300}: cannot be read: file name too long"),
    ],
)
def test_argument_that_names_nothing_is_reported_and_the_others_are_still_done(annostrat, save, argument, message):
    """A missing file, an empty folder or a glob without a match is a message and exit code 2; the good file is done."""
    save("folder/notes.txt", "not a use case")
    good = save("good.yaml", "answers: {purpose: map_surfaces}\n")
    result = annostrat("recommend", argument, good, "-f", "jsonl")
    assert (result.code, result.err) == (2, f"{message}\n")
    assert result.out.count('"schema_version"') == 1


def test_folder_that_cannot_be_listed_is_reported(annostrat, save, monkeypatch):
    """A folder that the user may not read is never passed over in silence."""
    save("cases/a.yaml", "answers: {purpose: map_surfaces}\n")
    save("cases/closed/b.yaml", "answers: {purpose: map_surfaces}\n")
    scan = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr("os.scandir", refuse)
    result = annostrat("check", "cases")
    assert result.code == 2
    assert "unreadable     cases/closed\n  cannot be read: permission denied\n" in result.out


def test_hidden_files_and_folders_are_left_alone(annostrat, save):
    """A folder's hidden parts, such as .git or .github, hold no use cases."""
    save("cases/a.yaml", "answers: {purpose: map_surfaces}\n")
    save("cases/.github/workflow.yaml", "on: push\n")
    save("cases/.hidden.yaml", "on: push\n")
    assert annostrat("check", "cases").code == 0


def test_file_that_vanishes_is_reported_and_the_others_are_still_done(annostrat, save, monkeypatch):
    """A file that is gone between listing and reading is a message, not a crash."""
    for name in "abc":
        save(f"cases/{name}.yaml", "answers: {purpose: map_surfaces}\n")
    read = yaml_source.read_bytes

    def vanish(path):
        if path.endswith("b.yaml"):
            os.unlink(path)
        return read(path)

    monkeypatch.setattr(yaml_source, "read_bytes", vanish)
    result = annostrat("recommend", "cases", "-f", "jsonl")
    assert (result.code, result.err, result.out.count('"schema_version"')) == (2, "cases/b.yaml: no such file\n", 2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("big.yaml", "big.yaml: is larger than 10 MB"),
        ("big.json", "big.json: is larger than 10 MB"),
        ("big.jsonl", "big.jsonl:1:1: the line has more than 1,000,000 bytes"),
    ],
)
@pytest.mark.slow
def test_file_of_200_mb_is_refused_at_once(annostrat, save, name, message):
    """A huge file is refused without being read into memory."""
    os.truncate(save(name, ""), 200_000_000)
    assert annostrat("recommend", name) == (2, "", f"{message}\n")


def test_standard_input_of_more_than_10_mb_is_refused(annostrat):
    """Standard input that is no stream of lines has the limit of a file."""
    result = annostrat("recommend", "-", stdin=b"#" * 10_000_001)
    assert result == (2, "", "<stdin>: is larger than 10 MB; send one JSON object a line\n")


def test_bad_lines_of_a_stream_are_reported_by_number_and_the_others_are_done(annostrat, save):
    """In JSON Lines, a bad line costs only itself; its number counts empty lines too."""
    lines = [
        b'{"answers": {}}',
        b"nope",
        b"",
        b'{"answers": {"occlusion": "hihg"}}',
        b"[1]",
        b'{"answers": {}} {"answers": {}}',
        b'{"name": "' + b"x" * 1_000_000 + b'"}',
        b'{"name": "\xff"}',
        b'{"answers": {}}',
    ]
    result = annostrat("recommend", save("cases.jsonl", b"\n".join(lines)), "-f", "jsonl")
    assert result.err == (
        "cases.jsonl:2:1: is not valid JSON: expecting value\n"
        f"cases.jsonl:4:27: 'hihg' is not an answer to occlusion; did you mean 'high'? valid: {LEVELS}\n"
        f"cases.jsonl:5:1: a use case is a mapping with `answers`, not a list; {EXAMPLE}\n"
        "cases.jsonl:6:17: is not valid JSON: extra data\n"
        "cases.jsonl:7:1: the line has more than 1,000,000 bytes\n"
        "cases.jsonl:8:11: is not UTF-8 text (byte 0xff); save the file as UTF-8\n"
    )
    assert (result.code, result.out.count('"schema_version"')) == (2, 2)


@pytest.mark.parametrize(
    ("first", "error"),
    [
        ("garbage", "1:1: is not valid JSON: expecting value"),
        ("# two cases", "1:1: is not valid JSON: expecting value"),
        ("[1, 2]", f"1:1: a use case is a mapping with `answers`, not a list; {EXAMPLE}"),
        ('{"answers": {"purpose": "tag_images"', "1:37: is not valid JSON: expecting ',' delimiter"),
        ("", None),
    ],
)
def test_first_line_that_is_no_json_does_not_turn_json_lines_into_yaml(annostrat, first, error):
    """The later lines show what the stream is, so they are read, and the first one is reported as a line."""
    case = '{"answers": {"purpose": "tag_images"}}\n'
    result = annostrat("recommend", "-", "-f", "jsonl", "--fields", "name", stdin=f"{first}\n{case}{case}".encode())
    assert result.err == (f"<stdin>:{error}\n" if error else "")
    assert result.out.splitlines()[-2:] == ['{"name":"stdin#2"}', '{"name":"stdin#3"}']


@pytest.mark.parametrize(
    "text",
    [
        '# one case\n{"answers": {}}\n',
        '---\n{"answers": {}}\n',
        '{"answers":\n {"count_matters": "no"}}\n',
        '{"answers": {}} # one case\n',
        "answers:\n  {}\n",
    ],
)
def test_yaml_with_an_object_on_its_own_line_is_no_json_lines(annostrat, text):
    """One object may follow a comment, a `---` or a key that is still open."""
    result = annostrat("recommend", "-", "-f", "jsonl", "--fields", "name", stdin=text.encode())
    assert (result.err, result.out) == ("", '{"name":"stdin"}\n')


def test_object_that_is_cut_off_is_reported_as_json(annostrat):
    """A writer that was stopped leaves half a line."""
    result = annostrat("recommend", "-", stdin=b'{"answers": {"purpose": "tag_images"}')
    assert result.err == "<stdin>:1:38: is not valid JSON: expecting ',' delimiter\n"


def test_bad_first_line_of_a_stream_costs_only_itself(annostrat):
    """On standard input, a first line that is wrong does not hide the lines after it."""
    result = annostrat("recommend", "-", "-f", "jsonl", stdin=b'{"answers": {"occlusion": }}\n{"answers": {}}\n')
    assert result.err == "<stdin>:1:27: is not valid JSON: expecting value\n"
    assert (result.code, result.out.count('"schema_version"')) == (2, 1)


def test_bad_json_on_standard_input_is_reported_as_json(annostrat):
    """A comma too many in a line of JSON is said to be that; a line of YAML in braces is still read."""
    result = annostrat("recommend", "-", "-f", "jsonl", stdin=b'{"name": "a",}\n{name: b, answers: {}}\n')
    assert result.err.startswith("<stdin>:1:")
    assert ": is not valid JSON: " in result.err
    assert (result.code, result.out.count('"schema_version"')) == (2, 1)


def test_bad_document_of_several_costs_only_itself(annostrat, save):
    """In a YAML file of several documents, a bad one costs only itself."""
    path = save("cases.yaml", "answers: {}\n---\nanswers: {occlusion: hihg}\n---\nanswers: {}\n")
    result = annostrat("recommend", path, "-f", "jsonl")
    assert result.err.startswith("cases.yaml:3:22: 'hihg' is not an answer to occlusion;")
    assert (result.code, result.out.count('"schema_version"')) == (2, 2)


def test_named_pipe_is_read_like_a_file(annostrat, tmp_path):
    """A use case may come through a named pipe, as shells make them for `<(…)`."""
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_text("answers: {purpose: map_surfaces}\n"))
    writer.start()
    result = annostrat("recommend", "pipe", "-f", "github")
    writer.join()
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(
        "::notice file=pipe,line=1,col=1,title=pipe::Semantic segmentation (purpose=map_surfaces). What covers what"
    )


def test_name_of_a_file_that_is_no_text_is_spelt_out(annostrat, save):
    """A file name that is not UTF-8 is shown, in every format, without a crash."""
    name = os.fsdecode(b"\xff.yaml")
    save(name, "answers: {purpose: map_surfaces}\nexpect: object_detection\n")
    assert annostrat("check", name).out.startswith(
        "differs        \\udcff.yaml:2:9\n  \\udcff: expected object_detection"
    )
    assert '"uri": "%ED%B3%BF.yaml"' in annostrat("check", name, "-f", "sarif").out
    for format_ in ("json", "github", "junit"):
        assert annostrat("check", name, "-f", format_).code == 1
    for format_ in ("text", "json", "jsonl", "markdown", "html", "github"):
        assert annostrat("recommend", name, "-f", format_).code == 0


def test_broken_own_rules_are_reported_with_every_problem(annostrat, save):
    """An own rule set that cannot be used is reported with file, line and column, before any use case is read."""
    save(
        "rules/trees/mine.yaml",
        "title: Mine\nversion: 1.0.0\nlicence: own\nsummary: Mine.\nstrategies: [object_detection]\nnodes:\n"
        "  - id: start\n    ask: ocllusion\n    branches:\n      - {when: high, because: so, strategy: boxes}\n",
    )
    result = annostrat("recommend", "missing.yaml", "--rules", "rules")
    assert (result.code, result.out) == (2, "")
    assert "rules/trees/mine.yaml:8:10: " in result.err
    assert "did you mean 'occlusion'?" in result.err
    assert "missing.yaml" not in result.err


def test_own_rules_hold_nothing_that_a_terminal_obeys(annostrat, save):
    """A text of an own rule set with a control character is refused, so that rules from elsewhere are safe to show."""
    path = save("rules/tips/mine.yaml", 'text: "a\\e[31mb"\nsources: hasty-2021\n')
    result = annostrat("rules", "show", "rules")
    assert (result.code, result.out) == (2, "")
    assert f"{path}:1:7: " in result.err
    assert "a\\x1b[31mb" in result.err
    assert "\x1b" not in result.err


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            "infografic",
            (
                "no rule set is called 'infografic', and there is no such folder or file; "
                "did you mean `annostrat recommend --rules infographic -a purpose=map_surfaces`?"
            ),
        ),
        (
            "empty",
            (
                "empty is not a rules folder; it holds none of "
                "trees/, questions/, strategies/, architectures/, assistants/, tips/"
            ),
        ),
    ],
)
def test_rules_that_are_none_are_refused(annostrat, tmp_path, rules, message):
    """A rule set that does not exist, or a folder without rules, is a message that says what would be right."""
    (tmp_path / "empty").mkdir()
    assert annostrat("recommend", "--rules", rules, "-a", "purpose=map_surfaces") == (2, "", f"annostrat: {message}\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["occlusion"],
            "annostrat: --answer takes key=value, not 'occlusion'; for example --answer count_matters=no",
        ),
        (["occlusion=low", "occlusion=high"], "annostrat: --answer gives occlusion twice; keep one of the two"),
        (
            ["occlusion=hihg"],
            (
                "--answer: 'hihg' is not an answer to occlusion; "
                f"did you mean `annostrat recommend --answer occlusion=high`? valid: {LEVELS}"
            ),
        ),
        (
            ["ocllusion=high"],
            "--answer: no rule set asks 'ocllusion'; did you mean `annostrat recommend --answer occlusion=high`?",
        ),
    ],
)
def test_answer_option_that_is_wrong_is_refused(annostrat, words, message):
    """A misspelt --answer is refused with the nearest valid word."""
    options = [part for word in words for part in ("--answer", word)]
    assert annostrat("recommend", *options) == (2, "", f"{message}\n")


EFFORT = (
    "images, objects_per_image, assistance, seconds_per_label, surfaces, full_scene, qa_share, hourly_rate, "
    "unit_price, currency, annotators, classes"
)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("zzz=1", f"--effort: 'zzz' is not a key of effort; valid: {EFFORT}"),
        (
            "imges=1",
            (
                "--effort: 'imges' is not a key of effort; "
                "did you mean `annostrat recommend -a count_matters=no --effort images=1`?"
            ),
        ),
        (
            "images",
            f"annostrat: --effort takes key=value, not 'images'; for example --effort images=1000; keys: {EFFORT}",
        ),
    ],
)
def test_effort_option_that_is_wrong_is_refused_with_every_key(annostrat, word, message):
    """A wrong --effort names all that it takes: the counts as well as the settings."""
    assert annostrat("recommend", "-a", "count_matters=no", "--effort", word) == (2, "", f"{message}\n")


@pytest.mark.slow
def test_unknown_source_of_an_own_tip_says_where_to_add_it(annostrat, save):
    """Whoever writes a tip learns that its source belongs into references.yaml of the same folder."""
    path = save("own/tips/mine.yaml", "text: Take care.\nsources: zzz\n")
    result = annostrat("rules", "check", "own")
    assert f"{path}:2:10: there is no reference 'zzz'; " in result.out
    assert "A new one: add it to references.yaml in your folder\n" in result.out
    save("own/references.yaml", "zzz: {title: Our guideline, note: Unpublished.}\n")
    assert annostrat("rules", "check", "own") == (0, "own (purpose_first): no problems\n", "")


def test_format_that_does_not_exist_is_refused_with_the_nearest(annostrat):
    """A misspelt format is refused with the nearest valid one."""
    message = (
        "annostrat: there is no format 'jsn' for recommendations; did you mean `annostrat recommend x.yaml -f json`?\n"
    )
    assert annostrat("recommend", "x.yaml", "-f", "jsn") == (2, "", message)


def test_format_that_cannot_show_the_result_is_refused(annostrat):
    """A format that exists, but not for this command, is refused with those that do."""
    message = (
        "annostrat: there is no format 'sarif' for recommendations; valid: github, html, json, jsonl, markdown, text\n"
    )
    assert annostrat("recommend", "x.yaml", "-f", "sarif") == (2, "", message)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no/such/folder/out.json", "no such file or directory"),
        ("case.yaml/out.json", "not a directory"),
        (".", "is a directory"),
        ("/dev/full", "no space left on device"),
    ],
)
def test_output_that_cannot_be_written_is_one_message(annostrat, save, path, reason):
    """An --output that cannot be written is a message and exit code 2, and leaves nothing behind."""
    case = save("case.yaml", "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n")
    message = f"annostrat: {path} cannot be written: {reason}\n"
    assert annostrat("recommend", case, "-o", path) == (2, "", message)
    assert annostrat("check", case, "--report", f"junit={path}", "-q") == (2, "", message)
    assert os.listdir() == ["case.yaml"]
