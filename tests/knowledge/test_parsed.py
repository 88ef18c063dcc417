"""Rule files say what they may say, and an editor who slips is told where and what would be right."""

import pytest

from annostrat.errors import Location

QUESTION = "questions/occlusion.yaml"
STRATEGY = "strategies/points.yaml"
FAMILY = "architectures/yolov3.yaml"
TIP = "tips/boxes_first.yaml"
EFFORT = "effort.yaml"
TREE = "trees/infographic.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "message", "hint"),
    [
        (QUESTION, "answers:", "▶answrs:", "'answrs' is not a key here", "did you mean 'answers'?"),
        (QUESTION, "meaning: Nearly", "▶meening: Nearly", "'meening' is not a key here", "did you mean 'meaning'?"),
        (TREE, "ask: occlusion", "▶aks: occlusion", "'aks' is not a key here", "did you mean 'ask'?"),
        (TREE, "go: occlusion", "▶goto: occlusion", "'goto' is not a key here", "did you mean 'go'?"),
        (STRATEGY, "how: Tag", "▶hwo: Tag", "'hwo' is not a key here", "did you mean 'how'?"),
        (FAMILY, "{value: 61.95", "{▶vlaue: 61.95", "'vlaue' is not a key here", "did you mean 'value'?"),
        (TIP, "strategies:", "▶strategy:", "'strategy' is not a key here", "did you mean 'strategies'?"),
        ("references.yaml", "title: A semi", "▶titel: A semi", "'titel' is not a key here", "did you mean 'title'?"),
        (
            TIP,
            "text:",
            "▶xxx: 1\ntext:",
            "'xxx' is not a key here",
            "valid: when, unless, seen, sources, text, kind, rank",
        ),
    ],
)
def test_misspelt_key_gives_the_nearest_valid_one(name, old, new, message, hint, world):
    """A key that does not belong, however deep it stands, is named with the one that was meant."""
    world.edit(name, old, new)
    (problem,) = [problem for problem in world.parsed().problems if "not a key" in problem.message]
    assert (problem.message, problem.hint, problem.code) == (message, hint, "form")
    assert [problem.location] == world.marked


@pytest.mark.parametrize(
    ("name", "old", "new", "message", "hint"),
    [
        (QUESTION, "title: Occlusion", "title: ▶12", "title: input should be text", "put it in quotes"),
        (QUESTION, "title: Occlusion", "title:▶", "title: input should be text", None),
        (QUESTION, "title: Occlusion", 'title: ▶""', "title: text should have at least 1 character", None),
        (QUESTION, "  low:", "  ▶Low:", "Low: text should match pattern '^[a-z][a-z0-9_.-]*$'", None),
        (
            "questions/compute_budget.yaml", "tier: edge", "tier: ▶egde",
            "tier: input should be 'edge', 'gpu' or 'server'", "did you mean 'edge'?",
        ),
        (
            STRATEGY, "  server: >-", "  ▶sever: >-",
            "sever: input should be 'edge', 'gpu' or 'server'", "did you mean 'server'?",
        ),
        (
            TIP, "rank:", "kind: ▶advice\nrank:",
            "kind: input should be 'tip' or 'warning'", None,
        ),
        (
            EFFORT, "seconds: {low: 40, typical: 50, high: 60", "seconds: ▶{low: 40, typical: 60, high: 60",
            "seconds: high equals the typical value: give a higher one, or say `open_end: true`", None,
        ),
        (
            EFFORT, "seconds: {low: 40, typical: 50, high: 60", "seconds: ▶{low: 50, typical: 50, high: 60",
            "seconds: low equals the typical value: give a lower one", None,
        ),
        (
            EFFORT, "  keypoints:\n    unit: object\n    seconds: {low: 40, typical: 50",
            "  keypoints:\n    ▶unit: object\n    seconds: {low: 17, typical: 50",
            "keypoints: low: correcting what a model draws takes longer than drawing by hand", None,
        ),
        (
            EFFORT,
            "    unit: image\n    outlines: instance_segmentation\n    seconds: *scene\n    surfaces: *surfaces\n",
            "    ▶unit: image\n    outlines: instance_segmentation\n    seconds: *scene\n",
            "panoptic_segmentation: a map that `outlines` make needs `surfaces` too, and no other label does", None,
        ),
        (FAMILY, "year: 2018", "year: ▶1999", "year: input should be greater than or equal to 2010", None),
        (FAMILY, "value: 61.95", 'value: ▶"61.95"', "value: input should be a valid number", None),
        (FAMILY, "value: 61.95", "value: ▶-1", "value: input should be greater than 0", None),
        (FAMILY, "value: 61.95", "value: ▶1e999", "value: input should be a finite number", None),
        (FAMILY, "sources: [arxiv-1804.02767]", "sources: [▶7]", "input should be text", "put it in quotes"),
        (TREE, "version: 1.0.0", "version: ▶1.0", "version: input should be text", "put it in quotes"),
        (TREE, "version: 1.0.0", "version: ▶1.0.0-rc1", r"version: text should match pattern '^\d+\.\d+\.\d+$'", None),
        (TIP, "text:", 'text: ▶" "\nx:', "text: text should have at least 1 character", None),
        (QUESTION, "answers:\n", "answers:\n  ▶unknown: {title: Not known, meaning: Nobody knows.}\n",
         "unknown: every question accepts `unknown`, so it is not listed", None),
        (FAMILY, "repository: pjreddie/darknet", "repository: ▶javascript:alert(1)",
         "repository: text should match pattern '^(https?://[!-;=?-~]+|[\\w.-]+/[\\w.-]+)$'", None),
        ("references.yaml", "url: https://doi.org/10.1016/j.iswa", "url: ▶ftp://doi.org/10.1016/j.iswa",
         "url: text should match pattern '^https?://[!-;=?-~]+$'", None),
        ("guideline.yaml", "pilot:\n  at_least: 50", "pilot:\n  ▶at_least: 150",
         "pilot: at_least must not exceed at_most", None),
        ("guideline.yaml", "agreement:\n",
         "agreement:\n  - ▶{strategies: points, measure: M, text: T, low: 9, high: 8}\n",
         "low and high must not decrease", None),
        (EFFORT, "share: {low: 0.01, typical: 0.05", "share: ▶{low: 0.06, typical: 0.05",
         "share: low, typical and high must not decrease", None),
        (EFFORT, "- for: instance_segmentation\n    unless: {label_budget: ample}\n    all: object_detection",
         "- ▶for: instance_segmentation\n    unless: {label_budget: ample}\n    all: instance_segmentation",
         "`all` is the strategy that only a part of the images gets", None),
        (TREE, "when: no", "when: ▶{a: b}", "when: input should be a valid list", None),
        (TREE, "when: no", "when: ▶[]", "when: value should have at least 1 item, not 0", None),
        (TREE, "orders:", "orders: ▶none\nx:", "orders: input should be a valid list", None),
        (
            STRATEGY, "gaps:", "gaps: ▶none\nx:",
            "gaps: input should be a valid mapping of keys to values", None,
        ),
        (
            TREE, "- when: no", "- ▶when: no\n        go: occlusion",
            "a branch has either `strategy` or `go`", None,
        ),
        (
            TREE, "- when: yes\n        because", "- ▶when: yes\n        #",
            "the key 'because' is missing", None,
        ),
    ],
)  # fmt: skip
def test_wrong_value_is_named_in_an_editors_words(name, old, new, message, hint, world):
    """A value that may not stand there is one problem, at the value, without a word of Python."""
    world.edit(name, old, new)
    found = [problem for problem in world.parsed().problems if "not a key" not in problem.message]
    (problem,) = found
    assert (problem.message, problem.hint) == (message, hint)
    assert [problem.location] == world.marked


def test_what_is_superseded_names_what_to_take_instead(world):
    """A model that others have taken the place of says which ones."""
    world.edit(FAMILY, "status: legacy", "status: superseded")
    world.edit(FAMILY, "- id: yolov3-608", "- ▶id: yolov3-608")
    world.edit(FAMILY, "    superseded_by: [yolo26n, dfine-n]\n", "")
    (problem,) = world.parsed().problems
    assert problem.message == "what is superseded names its successors under `superseded_by`"
    assert [problem.location] == world.marked


def test_an_assistant_is_not_made_for_a_field_in_which_it_fails(world):
    """One that names a field both ways is left out, and the contradiction is named."""
    world.edit("assistants/owlv2.yaml", "title: OWLv2", "▶title: OWLv2\ndomains: medicine")
    (problem,) = world.parsed().left_out
    assert problem.message == "'medicine' is among `domains` and `not_for`"
    assert [problem.location] == world.marked


def test_a_part_of_a_time_is_at_most_all_of_it(world):
    """Assistance never takes more than all of the time by hand, wherever the part is used."""
    world.edit("effort.yaml", "      high: 0.417", "      high: 1.1")
    assert {problem.message for problem in world.parsed().problems} == {"high: input should be less than or equal to 1"}


def test_missing_key_is_reported_where_its_mapping_begins(world):
    """What is missing has no place of its own; the thing that lacks it has."""
    world.edit(QUESTION, "title: Rarely", "▶exmple: Rarely")
    (missing, extra) = sorted(world.parsed().problems, reverse=True)
    assert {missing.message, extra.message} == {"the key 'title' is missing", "'exmple' is not a key here"}
    assert {missing.location, extra.location} == set(world.marked)


def test_reference_needs_an_address_or_a_note(world):
    """A reference that nobody can look up is refused, at the reference."""
    world.edit("references.yaml", "aerial-boxes-2022:", "lost:\n  ▶title: Lost\naerial-boxes-2022:")
    (problem,) = world.parsed().problems
    assert problem.message == "lost: a reference needs a url, or a note that says how it was measured"
    assert [problem.location] == world.marked


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_empty_file_is_reported(text, world):
    """A file without content is a problem of the file, which has no line."""
    world.write(TIP, text)
    (problem,) = world.parsed().problems
    assert (problem.location, problem.message) == (Location(world.path(TIP)), "is empty")


@pytest.mark.parametrize("text", ["just words\n", "- a\n- list\n", "3\n", "---\n"])
def test_file_that_is_no_mapping_is_reported(text, world):
    """A file that holds something else than keys with values is one problem."""
    world.write(TIP, text)
    (problem,) = world.parsed().problems
    assert problem.message == "input should be a valid mapping of keys to values"
    assert problem.location.path == world.path(TIP)


def test_second_document_is_reported(world):
    """A rule file holds one entry; the second one is where the problem is."""
    world.append(TIP, "---\n▶text: Another tip.\nsources: hasty-2021\n")
    (problem,) = world.parsed().problems
    assert (problem.message, problem.hint) == ("a rule file holds one document", "remove the rest")
    assert [problem.location] == world.marked


def test_every_broken_file_is_reported(world):
    """A broken tree, a folder's broken file and a file that is not UTF-8 do not hide one another."""
    world.edit(TREE, "version: 1.0.0", "version: ▶one")
    world.edit(QUESTION, "title: Occlusion", "title: Occlusion\n▶title: Overlap")
    (world.folder / TIP).write_bytes(b"text: caf\xe9\n")
    parsed = world.parsed()
    assert parsed.tree is None
    assert {problem.code for problem in parsed.problems} == {"form", "duplicate_key", "encoding"}
    assert {problem.location for problem in parsed.problems} == {*world.marked, Location(world.path(TIP), 1, 10)}


def test_several_faults_of_one_file_are_reported(world):
    """An editor sees all slips of a file at once."""
    world.edit(FAMILY, "year: 2018", "year: ▶soon")
    world.edit(FAMILY, "status: legacy", "status: ▶old")
    world.edit(FAMILY, "tier: gpu", "tier: ▶cpu")
    assert {problem.location for problem in world.parsed().problems} == set(world.marked)


def test_rule_file_may_be_json(world):
    """JSON is YAML; a generated file needs no other suffix."""
    world.write(TIP, '{"text": "A tip.", "sources": ["hasty-2021"], "rank": ▶"high"}')
    (problem,) = world.parsed().problems
    assert [problem.location] == world.marked


def test_texts_lose_their_line_breaks(world):
    """A text folded over lines, in whatever style, is one line."""
    world.write(TIP, "text: |\n  Two\n  lines.\nsources: hasty-2021\n")
    assert world.parsed().tips["boxes_first"].model.text == "Two lines."


def test_bibliography_prefers_the_users_own(world, tmp_path):
    """A reference in the user's folder replaces the shipped one of the same id, and leaves the others."""
    (tmp_path / "references.yaml").write_text("hasty-2021: {title: Mine, note: Seen.}\n", encoding="utf-8")
    bibliography = world.parsed(str(tmp_path)).known["reference"]
    assert bibliography["hasty-2021"]["title"] == "Mine"
    assert bibliography["coco-2014"]["title"].startswith("Microsoft COCO")
