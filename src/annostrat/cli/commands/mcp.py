"""`annostrat mcp`: commands as tools of a coding agent, by the Model Context Protocol over the standard streams.

A tool is a command. It takes what the command declares, but for what writes files or is for people, and a call runs the
command in a process of its own: an agent gets the very JSON and messages that a terminal gets, and a file that brings
the program down brings down no server.
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.cli import commands
from annostrat.cli.options import Argument, Command, chosen_rules, parameters
from annostrat.errors import UsageError, nearest
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
SOURCES = ("answers", "files", USE_CASE, "evidence")
"""Of what such a tool takes, that of which it needs some."""
EXAMPLES: dict[str, dict[str, Any]] = {
    "recommend": {
        "answers": {"purpose": ["count_objects", "map_surfaces"], "extent_visible": True},
        "effort": {"images": 1200, "objects_per_image": 35},
        "fields": ["status", "strategy.id", "ask_next", "effort.hours"],
    },
    "measure": {"paths": ["labels/pilot.json"], "sample": 500},
    "architectures": {"strategy": "object_detection", "licence": "permissive"},
    "compare": {"strategies": ["points", "object_detection"]},
}
"""A call of each tool, for its description."""
_VALUE = ("string", "number", "boolean")
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
    rules = load_rules(chosen_rules(None))
    deciding = [rules.questions[id_] for id_ in rules.order]
    others = [rules.questions[id_] for id_ in rules.relevant if id_ not in rules.order]
    return "\n".join(
        [
            "annostrat decides how the images of a computer-vision project are labelled. Ask the person these",
            "questions in turn, while `ask_next` names one; never invent an answer: what they do not know stays",
            "unanswered, and `status` says what that leaves open.",
            *(f"- {one['id']}: {one['ask']} ({', '.join(one['answers'])})" for one in deciding),
            *(f"- {one['id']}, for advice alone: {one['ask']} ({', '.join(one['answers'])})" for one in others),
        ]
    )


async def _list(context: object, params: object) -> ListToolsResult:  # noqa: ARG001 - the protocol's form
    from mcp.types import ListToolsResult, Tool, ToolAnnotations

    harmless = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    tools = []
    for name in TOOLS:
        about = inspect.cleandoc(commands.load(name).request.__doc__ or "")
        description = f"{about}\n\nFor example: {json.dumps(EXAMPLES[name])}"
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
    wrong = [_problem(error) for error in Draft202012Validator(_schema(params.name)).iter_errors(given)]
    if wrong:
        return CallToolResult(content=[TextContent(type="text", text="\n".join(wrong))], is_error=True)
    if USE_CASE in _schema(params.name)["properties"] and not any(map(given.get, SOURCES)):
        message = f"annostrat: there is nothing to recommend for; give one of {', '.join(SOURCES)}"
        return CallToolResult(content=[TextContent(type="text", text=message)], is_error=True)
    text = given.pop(USE_CASE, None)
    if text is not None:
        text = text if isinstance(text, str) else json.dumps(text)
        given["files"] = [*_words(given.get("files", [])), "-"]
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
    properties = {one.field: {**_shape(one), "description": _about(one)} for one in known}
    if "files" in properties:
        about = "A use case in the place of a file: an object, or text in YAML or JSON."
        properties[USE_CASE] = {"type": ["object", "string"], "description": about}
    required = [one.field for one in known if one.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _about(one: Parameter) -> str:
    help_ = one.declared.help
    return help_ if isinstance(help_, str) else help_()


def _shape(one: Parameter) -> dict[str, Any]:
    """Return the JSON Schema of a parameter: one that is repeated takes a list, pairs `KEY=VALUE` an object too."""
    if not one.many:
        return {"type": _TYPES[one.kind]}
    listed = {"type": ["array", "string"], "items": {"type": "string"}}
    if not _is_pairs(one):
        return listed
    values = {"type": [*_VALUE, "array"], "items": {"type": "string"}}
    return {**listed, "type": ["object", *listed["type"]], "additionalProperties": values}


def _is_pairs(one: Parameter) -> bool:
    return "=" in (one.declared.metavar or "")


def _problem(error: Any) -> str:
    """Return what an error of jsonschema says of a call: the place, and what would be right where a key is wrong."""
    where = "".join(f"{part}: " for part in error.absolute_path)
    if error.validator != "additionalProperties":
        return f"annostrat: {where}{error.message}"
    known = error.schema["properties"]
    wrong = next(key for key in error.instance if key not in known)
    near = nearest(wrong, known)
    meant = f"did you mean '{near}'? " if near else ""
    return f"annostrat: {where}there is no key '{wrong}'; {meant}valid: {', '.join(known)}"


def _command_line(name: str, given: dict[str, Any]) -> list[str]:
    """Return the words of a command; a value never becomes an option, whatever it begins with."""
    options: list[str] = []
    places: list[str] = []
    for one in _parameters(name):
        value = given.get(one.field)
        values = [] if value is None else _words(value)
        if isinstance(one.declared, Argument):
            places += map(str, values)
        elif one.kind is bool:
            options += [one.names()[0]] if value else []
        else:
            options += [f"{one.names()[0]}={part}" for part in values]
    # -P: nothing in the folder that the agent works in is imported.
    return [sys.executable, "-P", "-m", "annostrat", name, "--format=json", *options, "--", *places]


def _words(value: Any) -> list[Any]:
    """Return what an agent gives for a parameter as the command's words, such as `count_matters=yes` for `true`."""
    if isinstance(value, dict):
        return [f"{key}={','.join(map(_word, _words(part)))}" for key, part in value.items()]
    return value if isinstance(value, list) else [value]


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


COMMANDS = {"mcp": Command(McpRequest, run)}
