"""`annostrat mcp`: an agent that speaks the protocol gets the JSON and the messages of the command line."""

import asyncio
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from annostrat.cli import commands
from annostrat.cli.commands.mcp import EXAMPLES, LEFT_OUT, TOOLS, _in_words_of_tool

ROOT = Path(__file__).parents[2]
WHEAT = str(ROOT / "examples" / "use_cases" / "wheat_heads.yaml")
PILOT = str(ROOT / "examples" / "pilot" / "labels.json")
served = pytest.mark.slow


@pytest.fixture
def agent(tmp_path):
    """Talk to a real server over its standard streams with the protocol's own client."""
    mcp = pytest.importorskip("mcp", reason="needs the library of the protocol: pip install 'annostrat[mcp]'")
    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "annostrat", "mcp"], cwd=str(tmp_path), env={**os.environ}
    )

    def talk(conversation):
        async def converse():
            async with mcp.Client(command) as client:
                return await conversation(client)

        with ThreadPoolExecutor(1) as thread:  # another test's browser may have a loop running in this one
            return thread.submit(lambda: asyncio.run(asyncio.wait_for(converse(), 120))).result()

    return talk


@pytest.fixture
def calls(agent):
    """Call tools one after the other; return of each its texts, and whether it is an error."""

    def call(*wanted):
        async def conversation(client):
            return [await client.call_tool(tool, arguments) for tool, arguments in wanted]

        return [([content.text for content in one.content], one.is_error) for one in agent(conversation)]

    return call


@served
def test_agent_is_offered_the_four_tools_with_what_they_take(agent):
    """The tools are the commands, with the commands' own descriptions, and say that they change nothing."""

    async def conversation(client):
        return client.instructions, (await client.list_tools()).tools

    instructions, found = agent(conversation)
    questions = [line.partition(":")[0] for line in instructions.splitlines() if line.startswith("- ")]
    assert (questions[0], questions[-1]) == ("- purpose", "- label_budget, for advice alone")
    assert len(questions) == 8
    assert [tool.name for tool in found] == ["recommend", "measure", "architectures", "compare"]
    assert all(tool.annotations.read_only_hint for tool in found)
    recommend = found[0].input_schema
    assert recommend["properties"]["answers"] == {
        "type": ["object", "array", "string"],
        "items": {"type": "string"},
        "additionalProperties": {"type": ["string", "number", "boolean", "array"], "items": {"type": "string"}},
        "description": "Answer a question; may be repeated, also with another purpose.",
    }
    assert 'For example: {"answers": {"purpose": ["count_objects", "map_surfaces"]' in found[0].description
    assert "terminal" not in found[0].description


@served
def test_examples_of_the_descriptions_run(calls, tmp_path):
    """Each tool does what its own example says."""
    (tmp_path / "labels").mkdir()
    shutil.copy(PILOT, tmp_path / "labels")
    (tmp_path / "labels" / "labels.json").rename(tmp_path / "labels" / "pilot.json")
    assert set(EXAMPLES) == set(TOOLS)
    for texts, failed in calls(*EXAMPLES.items()):
        assert not failed, texts


@served
def test_agent_gets_the_json_of_the_command_line(calls, annostrat):
    """A tool answers with what the same command prints, to the letter."""
    fields = {"answers": ["purpose=map_surfaces"], "effort": ["images=9"], "fields": "status,effort.hours"}
    wanted = {
        ("recommend", WHEAT, "--no-input"): {"files": [WHEAT]},
        ("recommend", "-apurpose=map_surfaces", "--effort=images=9", "--fields=status,effort.hours"): fields,
        ("recommend", "-apurpose=map_surfaces,find_objects", "-aorientation_matters=no", "--model=licence=MIT"): {
            "answers": {"purpose": ["map_surfaces", "find_objects"], "orientation_matters": False},
            "models": {"licence": ["MIT"]},
        },
        ("recommend", WHEAT, "--fields=name", "--fields=status", "--effort=assistance=yes", "--effort=images=9"): {
            "files": WHEAT,
            "fields": ["name", "status"],
            "effort": {"assistance": True, "images": 9},
        },
        ("measure", PILOT, "--sample", "5", "--seed", "3"): {"paths": [PILOT], "sample": 5, "seed": 3},
        ("architectures", "yolo", "--max-params", "10.5"): {"text": "yolo", "max_params": 10.5},
        ("compare", "points", "polyline"): {"strategies": ["points", "polyline"]},
    }
    answers = calls(*[(words[0], arguments) for words, arguments in wanted.items()])
    for words, (texts, failed) in zip(wanted, answers, strict=True):
        printed = annostrat(*words, "--format", "json")
        assert not failed
        assert texts == [text for text in (printed.out, printed.err) if text]


@served
def test_agent_gives_a_use_case_as_text(calls, tmp_path):
    """An agent need not write a file: a use case, as text or as an object, is read as one, beside files or alone."""
    text, whole = (
        "name: Fields\nanswers: {purpose: map_surfaces}\n",
        {"name": "Fields", "answers": {"purpose": "read_pose"}},
    )
    (tmp_path / "file.yaml").write_text("name: From a file\n" + text.partition("\n")[2])
    beside = {"files": str(tmp_path / "file.yaml"), "use_case": text}
    answers = calls(("recommend", {"use_case": text}), ("recommend", {"use_case": whole}), ("recommend", beside))
    *found, both = [json.loads(texts[0]) for texts, _ in answers]
    assert [one["name"] for one in found] == ["Fields", "Fields"]
    assert [one["strategy"]["id"] for one in found] == ["semantic_segmentation", "keypoints"]
    assert [one["name"] for one in both] == ["From a file", "Fields"]


@served
def test_agent_gets_the_errors_of_the_command_line(calls, tmp_path):
    """A mistake is an error with the command's own message, in words of the tool; what looks like an option is none."""
    wanted = [
        (
            "recommend",
            {"use_case": "answers: {ocllusion: high}\n"},
            "use_case:1:11: no rule set asks 'ocllusion'",
        ),
        ("recommend", {"files": ["--output=hacked"]}, "--output=hacked: "),
        ("recommend", {"answers": ["purpose=map_surfaces"], "output": "hacked"}, "there is no key 'output'"),
        (
            "recommend",
            {"answer": {}},
            "there is no key 'answer'; did you mean 'answers'? keys: files, answers, effort",
        ),
        (
            "recommend",
            {"fields": ["status"]},
            "nothing to recommend for; give one of answers, files",
        ),
        ("recommend", {"answers": {"purpose": {}}}, "answers: purpose: {} is not of type 'string', 'number'"),
        ("recommend", {"answers": {"purpos": "x"}}, 'asks \'purpos\'; did you mean "answers": {"purpose": "x"}?'),
        ("recommend", {}, "nothing to recommend for; give one of answers, files"),
        ("recommend", {"files": 5}, "files: 5 is not of type 'array', 'string'"),
        ("measure", {"paths": ["missing.json"]}, "missing.json"),
        ("architectures", {"strategy": "boxes"}, "there is no strategy 'boxes'"),
        ("compare", {"strategies": ["boxes"]}, "there is no strategy 'boxes'"),
    ]
    answers = calls(*[(tool, arguments) for tool, arguments, _ in wanted])
    for (_, _, message), (texts, failed) in zip(wanted, answers, strict=True):
        assert failed
        assert message in texts[-1]
        assert not any(word in texts[-1] for word in ("Traceback", "`annostrat", " --"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tool", "printed", "told"),
    [
        (
            "architectures",
            "no domain is called 'remote sensin'; did you mean `annostrat architectures '--domain=remote sensing' --`?",
            'no domain is called \'remote sensin\'; did you mean "domain": "remote sensing"?',
        ),
        (
            "compare",
            "there is no strategy 'pints'; did you mean `annostrat compare -- points`?",
            "there is no strategy 'pints'; did you mean points?",
        ),
        (
            "measure",
            "holds files of several formats; name the format (`format`, at a shell --from): coco, yolo",
            "holds files of several formats; name the format (`annotation_format`): coco, yolo",
        ),
        (
            "measure",
            "takes one file, not 2; measure each; --profile FILE keeps it",
            "takes one file, not 2; measure each",
        ),
        (
            "recommend",
            "--model: wrong; for example --model licence=MIT",
            '`models`: wrong; for example "models": {"licence": "MIT"}',
        ),
        ("measure", "labels--answer.json: is no file", "labels--answer.json: is no file"),
    ],
)
def test_messages_are_told_in_words_of_the_tool(tool, printed, told):
    """A caller cannot type command lines: a key with its value stands for what should differ."""
    given = ["-m", "annostrat", tool, "--"]
    assert _in_words_of_tool(f"{printed}\n", tool, given) == f"{told}\n"


def test_no_tool_writes_files():
    """Every option of a tool's command that writes a file is left out."""
    writing = {"output", "write", "profile", "force"}
    assert writing <= LEFT_OUT
    for name in TOOLS:
        assert set(commands.load(name).request._fields) - LEFT_OUT


def test_missing_library_is_named(annostrat, monkeypatch):
    """Without the extra, one line says what to install."""
    monkeypatch.setitem(sys.modules, "mcp.server.lowlevel", None)
    found = annostrat("mcp")
    assert (found.code, found.out) == (2, "")
    assert "pip install 'annostrat[mcp]'" in found.err
    assert "Traceback" not in found.err
