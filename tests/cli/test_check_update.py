"""`annostrat check --update` writes `expect` into files, and changes nothing else in them."""

import os
import stat
from pathlib import Path

import pytest

PILOT = Path(__file__).parents[2] / "examples" / "pilot"
MAP = "semantic_segmentation"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "scalar.yaml",
            "# Fields\nanswers: {purpose: map_surfaces}\nexpect:   object_detection   # by hand\nimages: 5\n",
            ("# Fields\nanswers: {purpose: map_surfaces}\nexpect:   semantic_segmentation   # by hand\nimages: 5\n"),
        ),
        (
            "missing.yaml",
            "answers:\n  purpose: map_surfaces  # since May\n\n# how many\nimages: 5\n",
            "answers:\n  purpose: map_surfaces  # since May\nexpect: semantic_segmentation\n\n# how many\nimages: 5\n",
        ),
        (
            "list.yaml",
            "expect:  # these\n- object_detection\n- instance_segmentation  # or\n\nanswers: {purpose: map_surfaces}",
            "expect:  # these\n- semantic_segmentation  # or\n\nanswers: {purpose: map_surfaces}",
        ),
        (
            "indented.yaml",
            "expect:\n    - object_detection\nanswers: {purpose: map_surfaces}\n",
            "expect:\n    - semantic_segmentation\nanswers: {purpose: map_surfaces}\n",
        ),
        (
            "flow.yaml",
            "{answers: {purpose: map_surfaces}, images: 5}\n",
            "{answers: {purpose: map_surfaces}, expect: semantic_segmentation, images: 5}\n",
        ),
        (
            "windows.yaml",
            "\ufeffanswers: {purpose: map_surfaces}\r\nimages: 5\r\n",
            "\ufeffanswers: {purpose: map_surfaces}\r\nexpect: semantic_segmentation\r\nimages: 5\r\n",
        ),
        (
            "last.yaml",
            "name: \U0001f41a\nanswers: {purpose: map_surfaces}",
            "name: \U0001f41a\nanswers: {purpose: map_surfaces}\nexpect: semantic_segmentation",
        ),
        (
            "several.yaml",
            "answers: {purpose: map_surfaces}\n---\n#\nanswers: {purpose: map_surfaces}\nexpect: object_detection\n",
            (
                "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n---\n#\n"
                "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n"
            ),
        ),
        (
            "compact.json",
            '{"answers": {"purpose": "map_surfaces"},"expect":["object_detection"]}',
            '{"answers": {"purpose": "map_surfaces"},"expect":"semantic_segmentation"}',
        ),
        (
            "pretty.json",
            '{\n  "name": "\\ud83d\\udc1a",\n  "answers": {\n    "purpose": "map_surfaces"\n  }\n}\n',
            (
                '{\n  "name": "\\ud83d\\udc1a",\n  "answers": {\n    "purpose": "map_surfaces"\n  },\n'
                '  "expect": "semantic_segmentation"\n}\n'
            ),
        ),
        (
            "lines.jsonl",
            (
                '{"answers": {"purpose": "map_surfaces"}}\n\n  {"expect": "object_detection", '
                '"answers": {"purpose": "map_surfaces"}}\r\n'
            ),
            (
                '{"answers": {"purpose": "map_surfaces"}, "expect": "semantic_segmentation"}\n\n'
                '  {"expect": "semantic_segmentation", "answers": {"purpose": "map_surfaces"}}\r\n'
            ),
        ),
    ],
    ids=lambda value: value if value.endswith((".yaml", ".json", ".jsonl")) else "",
)
def test_update_writes_expect_and_keeps_everything_else(annostrat, save, name, before, after):
    """Comments, layout, other keys, line ends and a byte order mark stay; a second run writes nothing."""
    save(name, before)
    count = before.count("answers")
    told = f"annostrat: `expect` written to {name}\nannostrat: `expect` written: {count}\n"
    result = annostrat("check", "--update", name)
    assert (result.code, result.err) == (0, told)
    assert Path(name).read_bytes().decode() == after
    assert annostrat("check", "--update", name).err == "annostrat: `expect` written: 0\n"
    assert Path(name).read_bytes().decode() == after
    assert annostrat("check", name, "--strict").code == 0


def test_update_writes_labels_drawn_side_by_side_as_a_list(annostrat, save):
    """Where classes need several labels, each of them is expected."""
    classes = "classes: {road: {purpose: map_surfaces}, cars: {purpose: find_objects, orientation_matters: no}}\n"
    save("a.yaml", f"answers: {{purpose: map_surfaces}}\n{classes}")
    assert annostrat("check", "--update", "a.yaml").code == 0
    assert "expect: [" in Path("a.yaml").read_text("utf-8")


def test_update_writes_nothing_for_what_is_not_decided_and_says_so(annostrat, save):
    """An undecided case keeps what it expects, the decided one beside it is written."""
    unsure = "answers: {purpose: unknown, count_matters: yes, occlusion: low}\nexpect: semantic_segmentation\n"
    save("a.yaml", f"answers: {{purpose: map_surfaces}}\n---\n{unsure}")
    result = annostrat("check", "--update", "a.yaml")
    told = "annostrat: `expect` written to a.yaml\nannostrat: `expect` written: 1; kept: 1 not decided\n"
    assert (result.code, result.err) == (1, told)
    assert Path("a.yaml").read_text("utf-8") == (
        f"answers: {{purpose: map_surfaces}}\nexpect: semantic_segmentation\n---\n{unsure}"
    )


@pytest.mark.slow
def test_update_keeps_what_labels_contradict_and_says_why(annostrat, save):
    """Labels that refute an answer, or that annotators disagree on, are no undecided answers."""
    whole = "answers: {purpose: measure_objects, count_matters: yes}\nexpect: object_detection\n"
    labels, second = PILOT / "labels.json", PILOT / "second.json"
    evidence = f"evidence: {{annotations: {labels}, agreement: {{with: {second}, at_least: 1}}}}\n"
    save("a.yaml", whole + evidence)
    save("b.yaml", whole.replace("yes", "yes, occlusion: low") + f"evidence: {{annotations: {labels}}}\n")
    result = annostrat("check", "--update", "a.yaml", "b.yaml")
    kept = "kept: 1 with annotators who disagree, 1 contradicted by labels"
    assert (result.code, result.err) == (1, f"annostrat: `expect` written: 0; {kept}\n")
    assert Path("a.yaml").read_text("utf-8") == whole + evidence


def test_update_writes_a_file_once_however_often_it_is_named(annostrat, save):
    """A file that is named twice, by different names, gets one `expect`."""
    save("a.yaml", "answers: {purpose: map_surfaces}\n")
    assert annostrat("check", "--update", "a.yaml", "./a.yaml", ".").code == 0
    assert Path("a.yaml").read_text("utf-8") == f"answers: {{purpose: map_surfaces}}\nexpect: {MAP}\n"


def test_update_keeps_links_and_permissions(annostrat, save):
    """The file behind a link is written, and stays as private as it was."""
    save("real.yaml", "answers: {purpose: map_surfaces}\n")
    os.chmod("real.yaml", 0o600)
    os.symlink("real.yaml", "link.yaml")
    assert annostrat("check", "--update", "link.yaml").code == 0
    assert os.path.islink("link.yaml")
    assert stat.S_IMODE(os.stat("real.yaml").st_mode) == 0o600
    assert Path("real.yaml").read_text("utf-8").endswith(f"expect: {MAP}\n")


def test_update_writes_lines_behind_a_link_of_another_kind(annostrat, save):
    """How a file is read depends on the name that was given, and so does how it is written."""
    save("real.txt", '{"answers": {"purpose": "map_surfaces"}}\n' * 2)
    os.symlink("real.txt", "link.jsonl")
    assert annostrat("check", "--update", "link.jsonl").code == 0
    assert Path("real.txt").read_text("utf-8") == (
        '{"answers": {"purpose": "map_surfaces"}, "expect": "semantic_segmentation"}\n' * 2
    )


def test_update_leaves_a_file_alone_of_which_a_part_cannot_be_read(annostrat, save):
    """What was not understood is not written over."""
    text = "answers: {purpose: map_surfaces}\n---\nanswers: {purpose: maps}\n"
    save("a.yaml", text)
    result = annostrat("check", "--update", "a.yaml")
    assert result.code == 2
    assert "nothing is written to a.yaml, because part of it cannot be read" in result.err
    assert Path("a.yaml").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name: &one object_detection\nanswers: {purpose: map_surfaces}\nexpect: *one\n",
            (
                "a.yaml:3:1: `expect` cannot be written here without changing more than it; "
                "write it yourself: expect: semantic_segmentation\n"
            ),
        ),
    ],
)
def test_update_refuses_what_it_cannot_change_alone(annostrat, save, text, message):
    """A value that other keys share is left as it is, with what to write by hand."""
    save("a.yaml", text)
    assert annostrat("check", "--update", "a.yaml") == (2, "", message)
    assert Path("a.yaml").read_text("utf-8") == text


def test_update_of_standard_input_is_wrong_usage(annostrat):
    """There is no file to write into."""
    message = "annostrat: --update writes to files, and standard input is not one; name a FILE or a folder\n"
    assert annostrat("check", "--update", "-", stdin=b"answers: {}") == (2, "", message)


def test_update_where_nothing_may_be_written_is_one_error(annostrat, save, monkeypatch):
    """A folder that is closed is told in a line, and the file is as it was."""
    save("cases/a.yaml", "answers: {purpose: map_surfaces}\n")
    real = open

    def closed(path, mode="r", **options):
        if "w" in mode:
            raise PermissionError(13, "Permission denied", path)
        return real(path, mode, **options)

    monkeypatch.setattr("annostrat.cli._output.open", closed, raising=False)
    result = annostrat("check", "--update", "cases")
    assert result == (2, "", "annostrat: cases/a.yaml cannot be written: permission denied\n")
    assert os.listdir("cases") == ["a.yaml"]
