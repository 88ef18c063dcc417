"""Whoever mistypes a command is shown the right one, ready to paste, with exit code 2."""

import shlex

import pytest


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("wheat.yaml", "there is no command 'wheat.yaml'; did you mean `annostrat recommend wheat.yaml`?"),
        ("cases/ -f json", "there is no command 'cases/'; did you mean `annostrat recommend cases/ -f json`?"),
        ("'my case.yaml'", "there is no command 'my case.yaml'; did you mean `annostrat recommend 'my case.yaml'`?"),
        ("help", "there is no command 'help'; did you mean `annostrat --help`?"),
        ("help rules show", "there is no command 'help'; did you mean `annostrat rules show --help`?"),
        ("recomend x.yaml", "there is no command 'recomend'; did you mean `annostrat recommend x.yaml`?"),
        ("Measure x", "there is no command 'Measure'; did you mean `annostrat measure x`?"),
        ("list", "there is no command 'list'; did you mean `annostrat rules list`?"),
        ("--verson", "there is no option --verson; did you mean `annostrat --version`?"),
        (
            "--answr purpose=read_pose",
            "there is no option --answr; did you mean `annostrat recommend --answer purpose=read_pose`?",
        ),
        (
            "rules diff mine",
            "rules diff takes BEFORE AFTER; one is missing; BEFORE: A rule set, by name or path; AFTER: Another one",
        ),
        ("rules chek", "there is no command 'rules chek'; did you mean `annostrat rules check`?"),
        ("recommend --rule x", "recommend has no option --rule; did you mean `annostrat recommend --rules x`?"),
        ("check . --formt=json", "check has no option --formt; did you mean `annostrat check . --format=json`?"),
        ("measure x --sampel 3", "measure has no option --sampel; did you mean `annostrat measure x --sample 3`?"),
        (
            "recommend --purpose read_pose -q",
            "recommend has no option --purpose; did you mean `annostrat recommend --answer purpose=read_pose -q`?",
        ),
        (
            "recommend x --hourly-rate=3",
            "recommend has no option --hourly-rate; did you mean `annostrat recommend x --effort hourly_rate=3`?",
        ),
        (
            "recommend --assistance --quiet",
            "recommend has no option --assistance; did you mean `annostrat recommend --effort assistance=yes --quiet`?",
        ),
        ("check x --junit", "check has no option --junit; did you mean `annostrat check x --format junit`?"),
        ("recommend x --domain y", "recommend has no option --domain; write `domain` in the file of a use case"),
        ("rules show --cas x", "rules show has no option --cas; did you mean `annostrat rules show --case x`?"),
        (
            "recommend 'my case.yaml' -fjsn",
            "there is no format 'jsn' for recommendations; did you mean `annostrat recommend 'my case.yaml' -fjson`?",
        ),
        (
            "check x --format=JUnit",
            "there is no format 'JUnit' for verdicts; did you mean `annostrat check x --format=junit`?",
        ),
        ("scaffold cvatt x", "no tool is called 'cvatt'; did you mean `annostrat scaffold cvat x`?"),
        (
            "-a count_matters=yes",
            "-a is an option of recommend; did you mean `annostrat recommend -a count_matters=yes`?",
        ),
        ("--answer=a=b", "--answer is an option of recommend; did you mean `annostrat recommend --answer=a=b`?"),
        (
            "--no-input 'x y'",
            "--no-input is an option of recommend; did you mean `annostrat recommend --no-input 'x y'`?",
        ),
    ],
)
def test_mistyped_command_line_is_answered_with_the_right_one(annostrat, typed, message):
    """One line says what is wrong and what would be right."""
    assert annostrat(*shlex.split(typed)) == (2, "", f"annostrat: {message}\n")


def test_missing_argument_is_answered_with_what_may_be_given(annostrat):
    """All arguments are explained, since the one that was given may be another than the first."""
    assert annostrat("scaffold", "case.yaml").err == (
        "annostrat: scaffold takes TOOL FILE; one is missing; TOOL: coco, cvat, guideline, label_studio, labelme or "
        "yolo; FILE: A use case, or - for standard input\n"
    )


def test_wrong_answer_among_several_is_answered_with_the_right_line(annostrat):
    """Only the answer that is wrong is replaced; the valid ones are still listed."""
    result = annostrat("recommend", "-a", "count_matters=yes", "-a", "purpose=find_object,count_objects")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "--answer: 'find_object' is not an answer to purpose; did you mean "
        "`annostrat recommend -a count_matters=yes -a purpose=find_objects,count_objects`? valid: tag_images, "
    )


def test_file_beside_is_recognised_without_an_ending(annostrat, save):
    """A word that is a file is taken for a use case, whatever it is called."""
    save("wheat", "answers: {}\n")
    assert "did you mean `annostrat recommend wheat`?" in annostrat("wheat").err


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["-h"], ["recommend", "--help"], ["rules", "--help"]])
def test_right_command_lines_are_left_alone(annostrat, words):
    """Help and version are no mistakes."""
    assert annostrat(*words).code == 0
