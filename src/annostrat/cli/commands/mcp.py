"""`annostrat mcp`: commands as tools of a coding agent, by the Model Context Protocol over the standard streams.

A tool is a command. It takes what the command declares, but for what writes files or is for people, and a call runs the
command in a process of its own: an agent gets the very JSON and messages that a terminal gets, and a file that brings
the program down brings down no server.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.cli import commands
from annostrat.cli.options import Argument, Command, chosen_rules, parameters
from annostrat.errors import UsageError
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.version import __version__

if TYPE_CHECKING:
    from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult

    from annostrat.cli.options import Parameter

TOOLS = ("recommend", "measure", "architectures", "compare")
LEFT_OUT = {"output", "write", "force", "profile", "format", "quiet", "full", "strict", "no_input"}
"""What a tool does not take: options that write files, and those that change only what people see."""
USE_CASE = "use_case"
"""What a tool that reads use cases takes beyond its command: the text of one, which agents need not write to a file."""
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


class McpRequest(NamedTuple):
    """Serve coding agents over the Model Context Protocol.

    Offers recommend, measure, architectures and compare over standard input and output, until the input ends.
    """


def run(request: McpRequest) -> int:  # noqa: ARG001 - it takes nothing
    """Serve until the agent closes the connection; return the exit code.

    Raises:
        UsageError: The library for the protocol is missing.
    """
    try:
        import anyio
        from mcp.server.lowlevel import Server
        from mcp.server.stdio import stdio_server
    except ImportError as error:
        hint = "pip install 'annostrat[mcp]', or '.[mcp]' in a checkout"
        raise UsageError(f"serving agents needs a library that is not installed: {error.name}", hint) from error

    async def serve() -> None:
        server: Server[Any] = Server(
            "annostrat",
            version=__version__,
            instructions=_instructions(),
            on_list_tools=_list,
            on_call_tool=_call,
        )
        async with stdio_server() as (requests, answers):
            await server.run(requests, answers, server.create_initialization_options())

    anyio.run(serve)
    return 0


def _instructions() -> str:
    """Return what an agent is told first: what the tools are for, and every question with its answers."""
    asked = load_rules(chosen_rules(None)).questions.values()
    questions = [f"- {one['id']}: {one['ask']} ({', '.join(one['answers'])})" for one in asked]
    return "\n".join(
        [
            "annostrat decides how the images of a computer-vision project are labelled. Ask the person these",
            "questions; never invent an answer: what they do not know stays unanswered, and `status` says what that",
            "leaves open.",
            *questions,
        ]
    )


async def _list(context: object, params: object) -> ListToolsResult:  # noqa: ARG001 - the protocol's form
    from mcp.types import ListToolsResult, Tool, ToolAnnotations

    harmless = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    tools = []
    for name in TOOLS:
        description = commands.load(name).request.__doc__
        tools.append(Tool(name=name, description=description, input_schema=_schema(name), annotations=harmless))
    return ListToolsResult(tools=tools)


async def _call(context: object, params: CallToolRequestParams) -> CallToolResult:  # noqa: ARG001 - the protocol's form
    """Run a command; what it prints on each stream is a text, and any exit code but 0 is an error."""
    import anyio
    from jsonschema import Draft202012Validator
    from mcp.types import CallToolResult, TextContent

    if params.name not in TOOLS:
        raise ValueError(f"no tool is called '{params.name}'")
    given = dict(params.arguments or {})
    wrong = [f"annostrat: {error.message}" for error in Draft202012Validator(_schema(params.name)).iter_errors(given)]
    if wrong:
        return CallToolResult(content=[TextContent(type="text", text="\n".join(wrong))], is_error=True)
    text = given.pop(USE_CASE, None)
    if text is not None:
        given["files"] = [*given.get("files", []), "-"]
    done = await anyio.run_process(
        _command_line(params.name, given), input=(text or "").encode("utf-8", "surrogatepass"), check=False
    )
    printed = [part.decode("utf-8", "replace") for part in (done.stdout, done.stderr) if part]
    content = [TextContent(type="text", text=part) for part in printed]
    return CallToolResult(content=[*content], is_error=done.returncode != 0)


def _parameters(name: str) -> list[Parameter]:
    return [one for one in parameters(commands.load(name).request) if one.field not in LEFT_OUT]


def _schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of what a tool takes."""
    known = _parameters(name)
    properties: dict[str, dict[str, Any]] = {}
    for one in known:
        about = one.declared.help if isinstance(one.declared.help, str) else one.declared.help()
        kind = {"type": _TYPES[one.kind]}
        of_many = {"type": "array", "items": kind} if one.many else kind
        written = f" As {one.declared.metavar}." if one.many and one.declared.metavar else ""
        properties[one.field] = {**of_many, "description": about + written}
    if any(one.field == "files" for one in known):
        about = "The text of a use case, YAML or JSON, in the place of a file."
        properties[USE_CASE] = {"type": "string", "description": about}
    required = [one.field for one in known if one.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _command_line(name: str, given: dict[str, Any]) -> list[str]:
    """Return the words of a command; a value never becomes an option, whatever it begins with."""
    options: list[str] = []
    places: list[str] = []
    for one in _parameters(name):
        value = given.get(one.field)
        values = [] if value is None else value if one.many else [value]
        if isinstance(one.declared, Argument):
            places += map(str, values)
        elif one.kind is bool:
            options += [one.names()[0]] if value else []
        else:
            options += [f"{one.names()[0]}={part}" for part in values]
    # -P: nothing in the folder that the agent works in is imported.
    return [sys.executable, "-P", "-m", "annostrat", name, "--format=json", *options, "--", *places]


COMMANDS = {"mcp": Command(McpRequest, run)}
