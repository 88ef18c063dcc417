"""`annostrat rules new`: a valid beginning of each kind of file."""

from pathlib import Path

import pytest

from annostrat.cli.beginnings import HOMES

RULES = [kind for kind in HOMES if kind != "use_case"]


LACKING = {
    "question": "let a node ask it, or a tip wait for its answers",
    "strategy": "let a branch of the tree end in it",
}
"""What `rules check` names as missing, where a file alone changes nothing."""


@pytest.mark.parametrize(
    "kind", [kind if kind != "question" else pytest.param(kind, marks=pytest.mark.slow) for kind in RULES]
)
def test_beginning_is_valid(annostrat, kind):
    """What is written is well-formed, and `rules check` names what it lacks to have an effect, if anything."""
    path = f"my_rules/{HOMES[kind]}/of_mine.yaml"
    result = annostrat("rules", "new", kind, "of_mine")
    assert result == (0, f"{path}\n", "annostrat: fill it in, then: annostrat rules check my_rules\n")
    assert "{" + "id}" not in Path(path).read_text("utf-8")
    checked = annostrat("rules", "check", "my_rules")
    assert (checked.code, checked.err) == (int(kind in LACKING), "")
    if kind in LACKING:
        assert f"{path}:2:1: nothing uses the {kind} 'of_mine'; {LACKING[kind]}\n1 problem" in checked.out
    else:
        assert checked.out.endswith(": no problems\n")


def test_beginnings_of_all_kinds_go_together(annostrat):
    """A folder may begin with one of each; a question and a strategy wait for a tree that uses them."""
    for kind in RULES:
        assert annostrat("rules", "new", kind, f"my-{kind.replace('_', '-')}", "--into", "own").code == 0
    found = annostrat("rules", "check", "own").out
    assert [line.split(": ")[1].split(";")[0] for line in found.splitlines()[:-1]] == [
        "nothing uses the question 'my-question'",
        "nothing uses the strategy 'my-strategy'",
    ]
    assert annostrat("recommend", "-a", "count_matters=no", "--rules", "own", "-q").code == 0


def test_beginning_of_a_use_case_is_one(annostrat):
    """A use case stands by itself, and holds what it expects."""
    result = annostrat("rules", "new", "use_case", "bolts")
    assert result == (0, "bolts.yaml\n", "annostrat: fill it in, then: annostrat recommend bolts.yaml\n")
    assert annostrat("check", "bolts.yaml", "--strict").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tipp", "x"], "there is no template for 'tipp'; did you mean `annostrat rules new tip x`?"),
        (["tip", "../x"], "'../x' is not an id; an id has small letters, digits, - and _, a letter first"),
        (["tip", "Mine"], "'Mine' is not an id; an id has small letters, digits, - and _, a letter first"),
        (["tip", ""], "'' is not an id; an id has small letters, digits, - and _, a letter first"),
    ],
)
def test_beginning_of_nothing_is_refused(annostrat, words, message):
    """A kind that there is not, and an id that is none, are one line with what would be right."""
    assert annostrat("rules", "new", *words) == (2, "", f"annostrat: {message}\n")
    assert not Path("my_rules").exists()


def test_beginning_does_not_replace_a_file(annostrat):
    """What somebody wrote is kept, unless --force says otherwise."""
    annostrat("rules", "new", "tip", "mine")
    Path("my_rules/tips/mine.yaml").write_text("text: Mine.\n", "utf-8")
    result = annostrat("rules", "new", "tip", "mine")
    assert (result.code, result.out) == (2, "")
    assert "my_rules/tips/mine.yaml already exists" in result.err
    assert Path("my_rules/tips/mine.yaml").read_text("utf-8") == "text: Mine.\n"
    assert annostrat("rules", "new", "tip", "mine", "--force").code == 0


def test_beginning_in_a_place_that_cannot_be_made_is_refused(annostrat, save):
    """A file in the place of the folder is one line, not a traceback."""
    save("my_rules", "not a folder")
    result = annostrat("rules", "new", "tip", "mine")
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
