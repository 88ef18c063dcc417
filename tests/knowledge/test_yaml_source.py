"""YAML and JSON as their authors meant them, with a place for everything that is wrong."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.errors import Location, printable
from annostrat.knowledge import yaml_source
from annostrat.knowledge.yaml_source import MAX_BYTES, decode, parse, parse_line, read_file, read_text


def only(text):
    """Return the one document of a text."""
    (document,) = parse(text, "f.yaml")
    return document


def problems(text):
    """Return what is wrong with the one document of a text, as code, line and column."""
    document = only(text)
    assert document.data is None
    return [(problem.code, problem.location.line, problem.location.column) for problem in document.problems]


# What scalars mean


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2021-01-20", "2021-01-20"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        (".", "."),
        ("nULL", "nULL"),
        ('"3"', "3"),
        ("true", True),
        ("FALSE", False),
        ("3", 3),
        ("-7", -7),
        ("010", 10),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("2.", 2.0),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_scalar_reads_as_yaml_1_2(written, meant):
    """Only true, false, numbers and null are special; everything else is the word that was written."""
    value = only(f"key: {written}\n").data["key"]
    assert value == meant
    assert type(value) is type(meant)


def test_key_stays_the_text_that_was_written():
    """A key that looks like a number or a truth value is still a word."""
    assert only("no: 1\n1: 2\ntrue: 3\n").data == {"no": 1, "1": 2, "true": 3}


def test_number_too_long_to_read_is_an_error_not_a_crash():
    """A number of ten thousand digits is refused where it stands."""
    assert problems("a: 1\nb: " + "9" * 10_000) == [("scalar", 2, 4)]
    assert problems('{"b": ' + "9" * 10_000 + "}") == [("scalar", 1, 7)]


# Where things stand


def test_locate_points_at_values_and_keys():
    """Line and column of a value or of its key count from 1, through mappings and lists."""
    document = only("title: x\nnodes:\n  - id: a\n    when: [low, high]\n")
    assert document.locate("title") == Location("f.yaml", 1, 8)
    assert document.locate("title", at_key=True) == Location("f.yaml", 1, 1)
    assert document.locate("nodes", 0, "when", 1) == Location("f.yaml", 4, 17)
    assert document.locate("nodes", 0, "when", at_key=True) == Location("f.yaml", 4, 5)
    assert document.locate() == Location("f.yaml", 1, 1)


def test_an_alias_is_located_where_it_is_written():
    """Not at its anchor; what is inside it has one place only, that of the anchor."""
    document = only("a: &one [x]\nb: *one\nc:\n- *one\n")
    assert document.locate("a") == Location("f.yaml", 1, 4)
    assert document.locate("b") == Location("f.yaml", 2, 1)
    assert document.locate("c", 0) == Location("f.yaml", 4, 1)
    assert document.locate("b", 0) == Location("f.yaml", 1, 10)


@pytest.mark.parametrize("beyond", [("b", 9), ("b", 1, "c", "d"), ("b", "no", "such"), ("b", 1, 2, 3)])
def test_locate_goes_as_deep_as_the_document_does(beyond):
    """Asked for a place that the file does not have, it points at the last one on the way."""
    found = only("a: 1\nb:\n- x\n- y\n").locate(*beyond)
    assert found.line in {3, 4}
    assert found.column in {1, 3}


def test_json_is_located_when_somebody_asks():
    """JSON is read quickly, and still knows its lines when an error needs one."""
    document = only('{"a": [1,\n  {"b": 2}]}')
    assert document.locate("a", 1, "b") == Location("f.yaml", 2, 9)
    assert document.locate("a", 1, "b", at_key=True) == Location("f.yaml", 2, 4)
    assert document.locate("a", 7) == Location("f.yaml", 1, 7)


def test_json_with_emoji_as_escapes_is_located():
    """The two escapes by which JSON writes an emoji do not lose the places after it."""
    document = only('{"name": "\\ud83d\\ude00", "images": 3,\n "b": "\\\\ud83d", "c": 4}')
    assert document.data == {"name": "\U0001f600", "images": 3, "b": "\\ud83d", "c": 4}
    assert document.locate("images") == Location("f.yaml", 1, 36)
    assert document.locate("c") == Location("f.yaml", 2, 23)


def test_json_that_yaml_cannot_read_is_located_at_its_start():
    """A key longer than YAML allows costs the place, not the value."""
    document = only(json.dumps({"k" * 2_000: 1, "b": 2}))
    assert document.data["b"] == 2
    assert document.locate("b") == Location("f.yaml", 1, 1)


def test_first_line_counts_from_where_the_text_stands():
    """A line of a JSON Lines file is located by its number in the file."""
    assert parse_line(b'{"a": 1}', "f.jsonl", 12).locate("a") == Location("f.jsonl", 12, 7)
    (problem,) = parse_line(b'{"a": 1,\t"a": 2}', "f.jsonl", 12).problems
    assert problem.location == Location("f.jsonl", 12, 10)


_WORDS = st.sampled_from(["a", "b", "a: b", "::", "ö", "\u20ac:", "{", "[:", '"', "\\", "u003a"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(_WORDS, inner), max_size=3).map(tuple),
    max_leaves=8,
)
"""Values as JSON may write them: a tuple is an object, which may hold a key twice."""


def written(value, draw):
    """Return a value as JSON, with spaces and escapes where nobody expects them."""
    space = draw(st.sampled_from(["", " ", "\t"]))
    if isinstance(value, tuple):
        pairs = (f"{written(key, draw)}{space}:{space}{written(part, draw)}" for key, part in value)
        return f"{{{','.join(pairs)}{space}}}"
    if isinstance(value, list):
        return f"[{','.join(written(part, draw) for part in value)}{space}]"
    text = json.dumps(value, ensure_ascii=draw(st.booleans()))
    return text.replace(":", "\\u003a") if isinstance(value, str) and draw(st.booleans()) else text


@pytest.mark.parametrize("reader", [None, yaml_source.bulk_json()], ids=["few lines", "many lines"])
@given(st.data())
def test_plain_lines_are_read_as_careful_reading_reads_them(reader, data):
    """Colons in keys and texts, escapes and keys given twice are found, however quickly a line is read."""
    pairs = data.draw(st.lists(st.tuples(_WORDS, _VALUES), max_size=4).map(tuple))
    text = written(pairs, data.draw).strip()
    read, (careful,) = parse_line(text.encode(), "f.jsonl", 1, reader), parse(text, "f.jsonl")
    assert (repr(read.data), read.problems) == (repr(careful.data), careful.problems)


@pytest.mark.parametrize("line", [b'{"a": "\xff"}', b'{"a": "\xed\xa0\x80"}', b'{"\xc3": 1}'])
@pytest.mark.parametrize("reader", [None, yaml_source.bulk_json()], ids=["few lines", "many lines"])
def test_line_that_is_not_utf8_is_refused_where_it_is_not(line, reader):
    """Bytes that are no character are no character of a text, however a line is read."""
    (problem,) = parse_line(line, "f.jsonl", 7, reader).problems
    assert (problem.code, problem.location.line) == ("encoding", 7)


def test_line_with_two_documents_is_refused():
    """A line of a JSON Lines file holds one object."""
    (problem,) = parse_line(b"a: 1\n---\nb: 2", "f.jsonl", 3).problems
    assert (problem.code, problem.location.line) == ("syntax", 3)


# What is refused


def test_duplicate_key_is_refused_at_the_second():
    """The same key twice is an error at the second one, in YAML and in JSON."""
    assert problems("a: 1\nb: 2\na: 3\n") == [("duplicate_key", 3, 1)]
    assert problems('{"a": 1,\n "b": {"c": 1, "c": 2}}') == [("duplicate_key", 2, 16)]
    assert problems('1: x\n"1": y\n') == [("duplicate_key", 2, 1)]


def test_every_problem_of_a_document_is_reported():
    """Two faults in one document are two problems."""
    assert problems("a: 1\na: 2\nb: !x 3\n") == [("duplicate_key", 2, 1), ("tag", 3, 4)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", ("tag", 2, 4)),
        ("a: 1\nb: !own x\n", ("tag", 2, 4)),
        ("a: 1\n!own b: x\n", ("tag", 2, 1)),
        ("a: 1\nb: !!binary aGk=\n", ("tag", 2, 4)),
        ("a: 1\nb: !!set {x}\n", ("tag", 2, 4)),
        ("a: 1\nb: !!bool yes\n", ("scalar", 2, 4)),
        ("a: 1\nb: !!null nothing\n", ("scalar", 2, 4)),
        ("a: 1\nb: !!int many\n", ("scalar", 2, 4)),
    ],
)
def test_tag_is_refused(text, place):
    """A tag never makes an object, and never changes a word into something else."""
    assert problems(text) == [place]


@pytest.mark.parametrize("text", ["a: 1\n? [b]\n: 2\n", "a: 1\n? {b: 1}\n: 2\n"])
def test_key_that_is_no_word_is_refused(text):
    """A list or a mapping cannot be a key."""
    assert problems(text) == [("key", 2, 3)]


def test_merge_key_is_an_ordinary_key():
    """YAML 1.1's `<<` merges nothing."""
    assert only("a: &a {b: 1}\nc:\n  <<: *a\n").data["c"] == {"<<": {"b": 1}}


def test_alias_repeats_its_value():
    """An alias is the value that its anchor names, and is located where it is written."""
    document = only("a: &why because\nb: *why\n")
    assert document.data == {"a": "because", "b": "because"}
    assert document.locate("b").line == 2


def test_alias_bomb_is_refused():
    """Nine lines that stand for a thousand million values are an error at once."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    ((code, line, _),) = problems("\n".join(lines))
    assert (code, line) == ("aliases", 1)


@pytest.mark.parametrize("text", ["a: &loop [*loop]", "&loop {a: *loop}", "a: &x {b: &y [*x, *y]}"])
def test_alias_that_contains_itself_is_refused(text):
    """A value inside itself is an endless nesting, and an error."""
    ((code, line, _),) = problems(text)
    assert (code, line) == ("too_deep", 1)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[" * 10_000, 1, 101),
        ("[" * 10_000 + "]" * 10_000, 1, 101),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, 1, 501),
        ("{a: " * 10_000, 1, 401),
        ("\n".join(" " * level + "a:" for level in range(10_000)), 101, 101),
        ("- " * 10_000 + "a", 1, 201),
        ("? " * 10_000 + "a", 1, 201),
        ("\n".join(" " * level + "a:" for level in range(500)), 101, 101),
        ('{"a":' * 500 + "1" + "}" * 500, 1, 501),
    ],
    ids=["open", "list", "json", "flow", "block", "dashes", "complex keys", "moderate block", "moderate json"],
)
def test_deep_nesting_is_an_error_not_a_crash(text, line, column):
    """Ten thousand levels, in whatever notation, are refused at the first that is too deep."""
    assert problems(text) == [("too_deep", line, column)]


@pytest.mark.parametrize("levels", [99, 100])
def test_nesting_up_to_the_limit_is_read(levels):
    """A hundred levels are fine, in JSON and in YAML alike."""
    text = "[" * levels + "]" * levels
    assert only(text).data == only(f"# YAML\n{text}").data == json.loads(text)
    assert problems(f"[{'[' * 100}{']' * 100}]") == [("too_deep", 1, 101)]


def test_control_character_is_refused_where_it_stands():
    """A NUL byte is an error with line and column, in YAML and in JSON."""
    assert problems("a: 1\nb: x\0y\n") == [("syntax", 2, 5)]
    assert problems('{"a": 1,\n "b": "x\0y"}') == [("syntax", 2, 9)]


@pytest.mark.parametrize(
    ("data", "line", "column", "byte"),
    [
        (b"a: 1\nb: \xff", 2, 4, "ff"),
        ("ä: ".encode() + b"\xe4\n", 1, 4, "e4"),
        (b"\xef\xbb\xbfa: 1\nb: \xff", 2, 4, "ff"),
        (b"\xef\xbb\xbf\xff", 1, 1, "ff"),
        (b"\xff\xfea\0", 1, 1, "ff"),
    ],
    ids=["second line", "after an umlaut", "after a mark", "behind a mark", "UTF-16"],
)
def test_text_that_is_not_utf8_is_refused_where_it_stops_being(data, line, column, byte):
    """The first byte that is not UTF-8 is named, with the column as an editor counts it."""
    problem = decode(data, "f.yaml")
    assert problem.location == Location("f.yaml", line, column)
    assert problem.message == f"is not UTF-8 text (byte 0x{byte})"
    assert problem.hint == "save the file as UTF-8"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1\n\tb: 2\n", 2, 1),
        ("a: b: c\n", 1, 5),
        ("a: *nowhere\n", 1, 4),
        ("a: [1, 2\nb: 3\n", 2, 2),
        ('{"a": 1}\n{"b": 2}\n', 2, 1),
        ("%YAML 9.9\n---\na: 1\n", 1, 1),
        ('a: "\\q"\n', 1, 5),
    ],
)
def test_syntax_error_has_a_place(text, line, column):
    """What YAML cannot read is one problem with a line and a column."""
    assert list(parse(text, "f.yaml"))[-1].problems[0].location == Location("f.yaml", line, column)
    assert list(parse(text, "f.yaml"))[-1].problems[0].code == "syntax"


# JSON


def test_not_a_number_stays_a_word():
    """JSON has no NaN or Infinity; they never become numbers that poison a sum."""
    assert only('{"a": NaN, "b": -Infinity}').data == {"a": "NaN", "b": "-Infinity"}


def test_lone_surrogate_is_read_and_can_be_shown():
    """Half an emoji, which JSON can spell, is kept, and is spelt out when it is shown."""
    value = only('{"a": "\\ud83d"}').data["a"]
    assert value == "\ud83d"
    assert printable(value) == "\\ud83d"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(value=st.lists(_JSON) | st.dictionaries(st.text(), _JSON), indent=st.sampled_from([None, 2]))
@settings(deadline=None)
def test_json_reads_back_equal(value, indent):
    """Any JSON object or list means here what it means to every JSON reader."""
    document = only(json.dumps(value, indent=indent))
    assert document.problems == []
    assert document.data == value


@given(text=st.text(st.sampled_from("ab:-[]{}&*!? \n\t\"'#|>0~%,\\\0\ufeff\u2028é")))
@settings(deadline=None)
def test_any_text_is_read_or_refused_with_a_place(text):
    """Whatever stands in a file, there is a value or a problem with a place, and never a crash."""
    for document in parse(text, "f.yaml"):
        document.locate("a", 0, "b")
        for problem in document.problems:
            assert problem.location.line >= 1
            assert problem.location.column >= 1


# Files


def test_several_documents_come_one_by_one():
    """Documents of one file are separate, and each knows its own lines."""
    first, second = parse("a: 1\n---\nb: 2\n", "f.yaml")
    assert (first.data, second.data) == ({"a": 1}, {"b": 2})
    assert second.locate("b") == Location("f.yaml", 3, 4)


@pytest.mark.parametrize("good", ["word", "x" * 5_000], ids=["short", "long line"])
def test_good_documents_come_before_a_broken_one(good):
    """A syntax error in the second document does not take the first one with it."""
    first, second = parse(f"a: {good}\n---\nb: [\n", "f.yaml")
    assert first.data == {"a": good}
    assert second.problems[0].location.line == 4


def test_empty_text_has_no_documents():
    """A file of nothing, or of comments, holds no document; an empty document is null."""
    assert list(parse("", "f.yaml")) == []
    assert list(parse("# only a comment\n", "f.yaml")) == []
    assert [document.data for document in parse("---\n---\n", "f.yaml")] == [None, None]


def test_byte_order_mark_is_not_part_of_the_text(tmp_path):
    """A file saved on Windows, with a mark at its start, reads like any other."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    (document,) = read_file(str(path))
    assert document.data == {"a": 1, "b": 2}
    assert document.locate("b") == Location(str(path), 2, 4)


def test_file_that_is_too_large_is_refused(tmp_path):
    """One byte more than the limit is an error; the limit itself is not."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert read_text(str(path)).message == "is larger than 10 MB"
    path.write_bytes(b"#" * MAX_BYTES)
    assert len(read_text(str(path))) == MAX_BYTES


def test_endless_file_is_refused():
    """A device that never ends is refused after the limit."""
    assert read_text("/dev/zero").code == "too_large"


def test_file_that_cannot_be_read_says_why(tmp_path):
    """A missing file and a folder are problems of their own, without a line."""
    (missing,) = read_file(str(tmp_path / "none.yaml"))
    (folder,) = read_file(str(tmp_path))
    (below,) = read_file(str(tmp_path / "none.yaml" / "x"))
    assert missing.problems[0].message == "no such file"
    assert folder.problems[0].message == "is a folder, not a file"
    assert below.problems[0].location == Location(str(tmp_path / "none.yaml" / "x"))


def test_broken_document_locates_at_its_start():
    """A document that could not be read at all still has a place."""
    assert yaml_source.broken("f.yaml", []).locate("a", 1) == Location("f.yaml", 1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("answers:\n\tpurpose: a\n", "f.yaml:2:1: is not valid YAML: a tab cannot indent; use spaces"),
        (
            "name: \u00e4\U0001d11e\r\nanswers:\r\n  a: b\r\n\tc: d\r\n",
            "f.yaml:4:1: is not valid YAML: a tab cannot indent",
        ),
        ("a:\n-\tb\n-\tc\nd:\n  -\t-\te\n", "f.yaml:2:2: is not valid YAML: a tab cannot indent; use spaces"),
        ("a: @b\n", "f.yaml:1:4: is not valid YAML: no value begins with @; put it in quotes"),
    ],
)
def test_a_tab_that_indents_is_told_in_plain_words(text, said):
    """Whoever pressed the wrong key learns where it is, and what to type in its place."""
    (document,) = parse(text, "f.yaml")
    assert str(document.problems[0]).startswith(said)
