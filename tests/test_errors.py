"""What can go wrong is told in one line that no terminal obeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.errors import AnnostratError, InputError, Location, Problem, UsageError, nearest, printable, suggest


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location("a.yaml", 3, 7), "a.yaml:3:7"),
        (Location("a.yaml", 3), "a.yaml:3"),
        (Location("a.yaml"), "a.yaml"),
    ],
)
def test_location_is_written_as_far_as_it_is_known(location, text):
    """Editors and terminals make path:line:column a link."""
    assert str(location) == text


def test_problem_says_where_what_why_and_what_would_be_right():
    """A problem is its place, its message, what shows it, and what would be right."""
    problem = Problem(Location("a.yaml", 3, 7), "there is no node 'x'", "did you mean 'y'?", "unknown-node", "a=yes")
    assert str(problem) == "a.yaml:3:7: there is no node 'x' [a=yes]; did you mean 'y'?"
    assert problem.text() == "there is no node 'x' [a=yes]; did you mean 'y'?"
    assert str(Problem(Location("a.yaml"), "is empty")) == "a.yaml: is empty"


def test_error_carries_its_problems():
    """Whoever catches an error has every problem as data, and the text of all of them."""
    problems = [Problem(Location("a.yaml", 1, 1), "one"), Problem(Location("b.yaml", 2, 2), "two")]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a.yaml:1:1: one\nb.yaml:2:2: two"


def test_usage_error_is_one_problem_of_the_command():
    """A wrong option has no file; the command is its place."""
    error = UsageError("no rule set is called 'x'", "valid: y")
    assert error.problems == (Problem(Location("annostrat"), "no rule set is called 'x'", "valid: y", "usage"),)
    assert isinstance(error, AnnostratError)
    assert not isinstance(error, InputError)


def test_nearest_finds_the_word_that_was_meant():
    """A slip of a letter or two is recognised, another word is not."""
    words = ["object_detection", "points"]
    assert nearest("object-detecton", words) == "object_detection"
    assert nearest("banana", words) is None
    assert nearest("points", iter(words)) == "points"
    assert nearest("x", []) is None


def test_nearest_gives_up_on_endless_words():
    """A word of a million letters is nobody's misspelling, and takes no time."""
    assert nearest("points" * 1_000_000, ["points"]) is None


def test_suggest_names_the_nearest_word_or_all():
    """The hint is the word that was meant, else every valid one."""
    assert suggest("pionts", iter(["points", "polyline"])) == "did you mean 'points'?"
    assert suggest("banana", ["points", "polyline"]) == "valid: points, polyline"
    assert suggest("banana", []) == "valid: none"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Blütenstände, 花", "Blütenstände, 花"),
        ("red \x1b[31m", "red \\x1b[31m"),
        ("two\nlines\tand\rmore", "two\\nlines\\tand\\rmore"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202egnp.exe", "abc\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("می\u200cروم 👩🏽\u200d🌾", "می\u200cروم 👩🏽\u200d🌾"),
        ("join\u200ded, é\u200d\u200d", "join\\u200ded, é\u200d\\u200d"),
        ("\ud83d", "\\ud83d"),
        ("\x00", "\\x00"),
    ],
)
def test_printable_spells_out_what_a_terminal_would_obey(text, shown):
    """Colours, line breaks and direction marks from a file are shown, not obeyed."""
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_printable_is_one_line_of_utf8(text):
    """Whatever stands in a file, what is shown is one line that can be written."""
    shown = printable(text)
    shown.encode()
    assert len(shown.splitlines()) <= 1
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)


def test_problem_of_a_hostile_file_is_one_line():
    """A file name and a word with line breaks and colours cannot forge a second message."""
    problem = Problem(Location("a\nb.yaml", 1, 1), "there is no '\x1b[2J'", "did you\u2028mean?")
    assert str(problem) == "a\\nb.yaml:1:1: there is no '\\x1b[2J'; did you\\u2028mean?"
