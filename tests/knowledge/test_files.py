"""A rule set is the shipped files with the user's own laid over them."""

import os

import pytest

from annostrat.errors import InputError, UsageError
from annostrat.knowledge import files, loader
from annostrat.knowledge.loader import load_rules

TIP = "text: Wear gloves.\nsources: hasty-2021\n"
QUESTION = """\
title: Overlap
ask: Do they overlap?
why: It matters.
help: Look.
answers:
  low: {title: Never, meaning: Never.}
  moderate: {title: At times, meaning: At times.}
  high: {title: Always, meaning: Always.}
"""
TREE = """\
title: Mine
version: 0.1.0
licence: none
summary: One question.
strategies: [points, polyline]
nodes:
  - id: only
    ask: extent_visible
    branches:
      - {when: yes, because: Many., strategy: points}
      - {when: no, because: Few., strategy: polyline}
"""


@pytest.fixture
def own(tmp_path):
    """Return a function that writes files of the user's own folder, and the folder."""

    def write(**texts):
        for name, text in texts.items():
            path = tmp_path / "own" / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return str(tmp_path / "own")

    return write


def test_shipped_trees_start_with_the_default():
    """The rule set that asks for the purpose first is the one a user gets without asking."""
    assert files.shipped_trees() == ["purpose_first", "infographic"]
    assert load_rules().id == "purpose_first"


@pytest.mark.parametrize("name", ["infographic", "purpose_first"])
def test_shipped_rule_set_is_found_by_its_name(name, tmp_path, monkeypatch):
    """A rule set's name works in whatever folder the user stands."""
    monkeypatch.chdir(tmp_path)
    assert load_rules(name).id == name


def test_own_tip_joins_the_shipped_ones(own):
    """A folder with a single tip is the default rule set with one tip more."""
    rules, shipped = load_rules(own(tips__gloves=TIP)), load_rules()
    assert rules.id == "purpose_first"
    assert {tip["tip"]["id"] for tip in rules.tips} == {"gloves", *(tip["tip"]["id"] for tip in shipped.tips)}
    assert rules.digest != shipped.digest


def test_own_question_hides_the_shipped_one(own):
    """A file of the same name in the user's folder is the one that counts."""
    rules = load_rules(own(questions__occlusion=QUESTION))
    assert rules.questions["occlusion"]["title"] == "Overlap"
    assert rules.questions["shape_variance"]["title"] == load_rules().questions["shape_variance"]["title"]


def test_own_references_add_to_the_shipped_ones(own):
    """The user's bibliography does not take the shipped one away."""
    rules = load_rules(
        own(references="mine-2026: {title: Mine, note: Seen.}\n", tips__t="text: X.\nsources: mine-2026")
    )
    assert rules.references["mine-2026"]["title"] == "Mine"
    assert rules.references.keys() - {"mine-2026"} == load_rules().references.keys()


def test_own_folder_with_one_tree_is_that_tree(own):
    """A folder with a tree of its own recommends by it."""
    rules = load_rules(own(trees__mine=TREE))
    assert (rules.id, rules.title, rules.offered) == ("mine", "Mine", ("points", "polyline"))


def test_own_folder_with_two_trees_asks_which(own):
    """Where a folder holds two trees, the error names the files to choose from."""
    folder = own(trees__mine=TREE, trees__yours=TREE)
    with pytest.raises(UsageError) as raised:
        files.find(folder)
    (problem,) = raised.value.problems
    assert problem.message == f"{folder} holds 2 trees"
    assert problem.hint == f"name one of them: {folder}/trees/mine.yaml or {folder}/trees/yours.yaml"


def test_tree_file_brings_the_folder_around_it(own):
    """A tree named by its file uses the questions and tips beside it."""
    folder = own(trees__mine=TREE, trees__yours=TREE, tips__gloves=TIP)
    rules = load_rules(os.path.join(folder, "trees", "yours.yaml"))
    assert rules.id == "yours"
    assert "gloves" in {tip["tip"]["id"] for tip in rules.tips}


def test_tree_file_on_its_own_uses_the_shipped_knowledge(tmp_path):
    """A tree that lies anywhere is walked with the shipped questions and strategies."""
    (tmp_path / "tree.yaml").write_text(TREE, encoding="utf-8")
    (tmp_path / "tips").mkdir()
    (tmp_path / "tips" / "broken.yaml").write_text("[", encoding="utf-8")
    assert load_rules(str(tmp_path / "tree.yaml")).id == "tree"


def test_relative_tree_file_brings_the_folder_around_it(own, monkeypatch):
    """A tree named from within its folder still has its neighbours."""
    folder = own(trees__mine=TREE, tips__gloves=TIP)
    monkeypatch.chdir(os.path.join(folder, "trees"))
    assert "gloves" in {tip["tip"]["id"] for tip in load_rules("mine.yaml").tips}


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("infografic", "did you mean 'infographic'?"),
        ("purpose_frist", "did you mean 'purpose_first'?"),
        ("zzz", "valid: purpose_first, infographic"),
        ("", "valid: purpose_first, infographic"),
        ("no/such/folder", "valid: purpose_first, infographic"),
    ],
)
def test_unknown_name_suggests_the_nearest(selector, hint):
    """A misspelt rule set is a wrong usage, with the name that was meant."""
    with pytest.raises(UsageError) as raised:
        files.find(selector)
    (problem,) = raised.value.problems
    assert problem.message == f"no rule set is called '{selector}', and there is no such folder or file"
    assert problem.hint == hint


def test_folder_without_rules_is_refused(tmp_path):
    """A folder that holds nothing of a rule set is named as the mistake it is."""
    (tmp_path / "photos").mkdir()
    with pytest.raises(UsageError, match=r"is not a rules folder; it holds none of trees/, questions/"):
        files.find(str(tmp_path))


def test_hidden_and_foreign_files_are_no_entries(own, tmp_path):
    """What an editor or an operating system leaves behind is not read."""
    folder = own(tips__gloves=TIP)
    for name in (".#gloves.yaml", "._gloves.yaml", "gloves.yaml~", "README.md"):
        (tmp_path / "own" / "tips" / name).write_text("[", encoding="utf-8")
    assert sorted(files.find(folder).own) == ["tips/gloves.yaml"]


def test_digest_is_the_same_for_the_same_bytes(own):
    """The digest does not depend on the place, the time or the order of files."""
    first = load_rules(own(tips__b=TIP, tips__a=TIP)).digest
    assert first == load_rules(own(tips__a=TIP, tips__b=TIP)).digest
    assert first.startswith("sha256:")
    assert len(first) == 71


@pytest.mark.slow
def test_digest_changes_with_any_byte_and_name(own, world):
    """Every byte of every file counts, and so do the names of the files."""
    digests = [load_rules("infographic").digest]
    for name in ("trees/infographic.yaml", "questions/occlusion.yaml", "tips/check_quality.yaml", "references.yaml"):
        world.append(name, " ")
        digests.append(load_rules("infographic").digest)
    (world.folder / "tips" / "check_quality.yaml").rename(world.folder / "tips" / "check_quality2.yaml")
    digests.append(load_rules("infographic").digest)
    digests.append(load_rules(own(tips__gloves=TIP)).digest)
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("name", files.shipped_trees())
def test_compiled_rule_set_is_what_its_files_say(name, monkeypatch):
    """What a wheel brings compiled is, to the last word and the digest, what reading the YAML gives."""
    compiled = load_rules(name)
    monkeypatch.setattr(loader, "_built", lambda: None)
    read = load_rules(name)
    assert compiled.digest == read.digest
    for part in ("questions", "strategies", "architectures", "assistants", "tips", "effort", "guideline", "references"):
        assert getattr(compiled, part) == getattr(read, part)


def test_every_file_that_cannot_be_read_is_reported(world):
    """A folder where a file should be, and a link to nothing, are reported together."""
    for name in ("a", "b"):
        (world.folder / "tips" / f"{name}.yaml").symlink_to(world.folder / "nowhere")
    (world.folder / "questions" / "c.yaml").mkdir()
    with pytest.raises(InputError) as raised:
        files.read(files.find("infographic"))
    assert [(problem.location.path, problem.message) for problem in raised.value.problems] == [
        (world.path("questions/c.yaml"), "is a folder, not a file"),
        (world.path("tips/a.yaml"), "no such file"),
        (world.path("tips/b.yaml"), "no such file"),
    ]
