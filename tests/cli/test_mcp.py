"""`annostrat mcp`: an agent that speaks the protocol gets the JSON and the messages of the command line."""

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from annostrat.cli import commands
from annostrat.cli.commands.mcp import LEFT_OUT, TOOLS

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
    assert "- count_matters: " in instructions
    assert [tool.name for tool in found] == ["recommend", "measure", "architectures", "compare"]
    assert all(tool.annotations.read_only_hint for tool in found)
    recommend = found[0].input_schema
    assert recommend["properties"]["answers"] == {
        "type": "array",
        "items": {"type": "string"},
        "description": "Answer a question; may be repeated. As QUESTION=ANSWER.",
    }


@served
def test_agent_gets_the_json_of_the_command_line(calls, annostrat):
    """A tool answers with what the same command prints, to the letter."""
    fields = {"answers": ["purpose=map_surfaces"], "effort": ["images=9"], "fields": "status,effort.hours"}
    wanted = {
        ("recommend", WHEAT, "--no-input"): {"files": [WHEAT]},
        ("recommend", "-apurpose=map_surfaces", "--effort=images=9", "--fields=status,effort.hours"): fields,
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
def test_agent_gives_a_use_case_as_text(calls):
    """An agent need not write a file: the text of a use case is read as one."""
    ((texts, failed),) = calls(("recommend", {"use_case": "name: Fields\nanswers: {purpose: map_surfaces}\n"}))
    found = json.loads(texts[0])
    assert (failed, found["name"], found["strategy"]["id"]) == (False, "Fields", "semantic_segmentation")


@served
def test_agent_gets_the_errors_of_the_command_line(calls, tmp_path):
    """A mistake is an error with the command's own message, and what looks like an option is none."""
    wanted = [
        (
            "recommend",
            {"use_case": "answers: {ocllusion: high}\n"},
            "<stdin>:1:11: no rule set asks 'ocllusion'",
        ),
        ("recommend", {"files": ["--output=hacked"]}, "--output=hacked: "),
        ("recommend", {"answers": ["purpose=map_surfaces"], "output": "hacked"}, "'output' was unexpected"),
        ("recommend", {"files": WHEAT}, "is not of type 'array'"),
        ("measure", {"paths": ["missing.json"]}, "missing.json"),
        ("architectures", {"strategy": "boxes"}, "there is no strategy 'boxes'"),
        ("compare", {"strategies": ["boxes"]}, "there is no strategy 'boxes'"),
    ]
    answers = calls(*[(tool, arguments) for tool, arguments, _ in wanted])
    for (_, _, message), (texts, failed) in zip(wanted, answers, strict=True):
        assert failed
        assert message in texts[-1]
        assert "Traceback" not in texts[-1]
    assert list(tmp_path.iterdir()) == []


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
