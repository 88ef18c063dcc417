"""The cache saves time and changes nothing: not when it is broken, foreign, full or absent."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from annostrat.knowledge import cache, files
from annostrat.knowledge.compiled import compile_rules
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.parsed import parse_rules

COMPILE = "annostrat.knowledge.loader._compile"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty cache of this test alone."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("ANNOSTRAT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def contents():
    """The bytes of a rule set without a second opinion, which is one entry."""
    return files.read(files.find("purpose_first"))


def everything(rules):
    """Return all that a rule set says, as plain values."""
    nodes = {
        id_: (
            node.question,
            {answer: (way.because, way.strategy, way.node and way.node.id) for answer, way in node.branches.items()},
        )
        for id_, node in rules.nodes.items()
    }
    second = everything(rules.second) if rules.second else None
    return {**vars(rules), "nodes": nodes, "start": rules.start.id, "second": second}


def forbid_compiling(monkeypatch):
    """Make any compiling fail, so that only the cache can answer."""
    monkeypatch.setattr(COMPILE, lambda _: pytest.fail("compiled again"))


@pytest.mark.parametrize("tree", files.shipped_trees())
def test_hit_equals_what_was_compiled(tree, place, monkeypatch):
    """The second start gives the very rules of the first, without reading YAML."""
    fresh = load_rules(tree)
    assert len(list(place.iterdir())) == (2 if fresh.second else 1)
    forbid_compiling(monkeypatch)
    assert everything(load_rules(tree)) == everything(fresh)


def test_entry_is_the_compiled_document(place, contents):
    """What comes out of the cache is what went in, in value and in order."""
    parsed = parse_rules(contents)
    compiled = compile_rules(parsed, parsed.tree)
    cache.put(contents, compiled)
    assert json.dumps(cache.get(contents)) == json.dumps(compiled)


def test_changed_rules_are_compiled_again(place, world):
    """One changed byte is another rule set."""
    load_rules("purpose_first")
    world.edit("questions/occlusion.yaml", "title: Occlusion", "title: Overlap")
    assert load_rules("purpose_first").questions["occlusion"]["title"] == "Overlap"
    assert len(list(place.iterdir())) == 2


def _sealed(body):
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:0],
        lambda data: data[:100],
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: data.replace(b"occlusion", b"0cclusion", 1),
        lambda data: b"\xff\xfe" + data,
        lambda data: b"\0" * len(data),
        lambda data: _sealed(data[:100]),
    ],
    ids=["empty", "cut early", "cut late", "longer", "changed", "not text", "zeros", "no JSON"],
)
def test_spoilt_entry_is_compiled_again(spoil, place):
    """An entry that is not whole is as good as none, and is replaced by a good one."""
    fresh = everything(load_rules("purpose_first"))
    (entry,) = place.iterdir()
    good = entry.read_bytes()
    entry.write_bytes(spoil(good))
    assert everything(load_rules("purpose_first")) == fresh
    assert entry.read_bytes() == good


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_entry_of_somebody_else_is_not_believed(place, contents):
    """What another user put into a shared folder is not used."""
    load_rules("purpose_first")
    (entry,) = place.iterdir()
    os.chown(entry, 12345, -1)
    assert cache.get(contents) is None
    load_rules("purpose_first")
    assert entry.stat().st_uid == os.getuid()


def test_entry_that_is_a_folder_is_harmless(place):
    """Something else under the entry's name costs time only."""
    load_rules("purpose_first")
    (entry,) = place.iterdir()
    entry.unlink()
    entry.mkdir()
    assert load_rules("purpose_first").id == "purpose_first"


@pytest.mark.parametrize("kind", ["file", "below a file", "/proc"])
def test_place_that_cannot_be_written_is_harmless(kind, tmp_path, monkeypatch):
    """A cache that cannot be made costs time only."""
    (tmp_path / "file").write_text("taken", encoding="utf-8")
    chosen = {"file": tmp_path / "file", "below a file": tmp_path / "file" / "x", "/proc": Path("/proc/annostrat")}
    monkeypatch.setenv("ANNOSTRAT_CACHE_DIR", str(chosen[kind]))
    assert load_rules("purpose_first").id == "purpose_first"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "taken"


def test_empty_setting_switches_the_cache_off(tmp_path, monkeypatch):
    """ANNOSTRAT_CACHE_DIR set to nothing leaves no file anywhere."""
    monkeypatch.setenv("ANNOSTRAT_CACHE_DIR", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert load_rules("purpose_first").id == "purpose_first"
    assert list(tmp_path.iterdir()) == []


def test_folder_is_where_the_system_keeps_caches(monkeypatch):
    """Without a setting, the cache lies where the user's other caches lie."""
    monkeypatch.delenv("ANNOSTRAT_CACHE_DIR")
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache.folder() == "/home/ann/.cache/annostrat"
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/ann")
    assert cache.folder() == "/var/ann/annostrat"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache.folder() is None


def test_new_folder_is_private(place):
    """Nobody else can put anything into a cache that annostrat made."""
    load_rules("purpose_first")
    assert place.stat().st_mode & 0o077 == 0


def test_oldest_entries_are_forgotten(place, contents):
    """The cache keeps the sixteen newest rule sets, and nothing that is not its own is touched."""
    place.mkdir()
    (place / "notes.txt").write_text("mine", encoding="utf-8")
    (place / "results.json").write_text("mine", encoding="utf-8")
    os.utime(place / "results.json", (1, 1))
    for age in range(20):
        entry = place / f"{age:032x}.json"
        entry.write_text("old", encoding="utf-8")
        os.utime(entry, (1_000_000 - age, 1_000_000 - age))
    load_rules("purpose_first")
    left = sorted(path.name for path in place.iterdir())
    assert [name for name in left if name.startswith("0000")] == [f"{age:032x}.json" for age in range(15)]
    assert {"notes.txt", "results.json"} <= set(left)
    assert cache.get(contents) is not None


def test_rules_that_do_not_load_are_not_kept(place, world):
    """An error is found anew at every start, not remembered."""
    world.edit("trees/purpose_first.yaml", "go: compute", "go: nowhere")
    with pytest.raises(Exception, match="there is no node 'nowhere'"):
        load_rules("purpose_first")
    assert not place.exists()
