"""`annostrat mcp`: commands as tools of a coding agent, by the Model Context Protocol over the standard streams.

A tool is a command. It takes the command's parameters, except those that write files or are for people. A call runs the
command in a process of its own, so an agent gets the same JSON and messages as a terminal, and a file that crashes the
program does not crash the server.
"""

from __future__ import annotations

import inspect
import json
import re
import shlex
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
"""Parameters that tools lack: options that write files, and those that change only the presentation."""
USE_CASE = "use_case"
"""An additional parameter of tools that read use cases: the use case itself, so that agents need not write a file."""
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
_PHRASES = {
    "<stdin>": USE_CASE,
    "name a PATH": "name one under `paths`",
    "`format`, at a shell --from": "--from",
}
"""What messages say at a shell, and to the caller of a tool."""
_VALUE = ("string", "number", "boolean")
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


class McpRequest(NamedTuple):
    """Serve coding agents over the Model Context Protocol.

    Offers recommend, measure, architectures and compare over standard input and output, until the input ends.
    """


def run(request: McpRequest) -> int:  # noqa: ARG001 - it takes nothing
    """Serve until the agent closes the connection; return the exit code."""
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
    """Return the server's instructions to agents: the purpose of the tools, and every question with its answers."""
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
    """Run a command; the result has a text for each stream it printed on, and any exit code but 0 is an error.

    Messages name the parameters of the tool, since the caller has no command line.
    """
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
    words = _command_line(params.name, given)
    done = await anyio.run_process(words, input=(text or "").encode("utf-8", "surrogatepass"), check=False)
    printed, messages = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
    told = [printed, "".join(_in_words_of_tool(line, params.name, words) for line in messages.splitlines(True))]
    content = [TextContent(type="text", text=part) for part in told if part]
    return CallToolResult(content=[*content], is_error=done.returncode != 0)


def _parameters(name: str) -> list[Parameter]:
    return [one for one in parameters(commands.load(name).request) if one.field not in LEFT_OUT]


def _schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the input of a tool."""
    known = _parameters(name)
    helps = {one.field: one.declared.help for one in known}
    properties = {
        one.field: {**_shape(one), "description": text if isinstance(text := helps[one.field], str) else text()}
        for one in known
    }
    if "files" in properties:
        about = "A use case in the place of a file: an object, or text in YAML or JSON."
        properties[USE_CASE] = {"type": ["object", "string"], "description": about}
    required = [one.field for one in known if one.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _shape(one: Parameter) -> dict[str, Any]:
    """Return the JSON Schema of a parameter; repeated ones take a list, `KEY=VALUE` pairs also an object."""
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
    """Return the message for an error of jsonschema, with its place, and the valid keys where a key is wrong."""
    where = "".join(f"{part}: " for part in error.absolute_path)
    if error.validator != "additionalProperties":
        return f"annostrat: {where}{error.message}"
    known = error.schema["properties"]
    wrong = next(key for key in error.instance if key not in known)
    close = nearest(wrong, known)
    meant = f"did you mean '{close}'? " if close else ""
    return f"annostrat: {where}there is no key '{wrong}'; {meant}keys: {', '.join(known)}"


def _in_words_of_tool(message: str, name: str, given: list[str]) -> str:
    """Return a line that a command prints as a tool's caller can follow it.

    Of a command line that was meant it keeps what differs from the given one. Options become keys; a hint at an option
    that the tool lacks is dropped. For example, "did you mean `annostrat recommend --answer=purpose=tag_images`?"
    becomes "did you mean "answers": {"purpose": "tag_images"}?".
    """
    offered = {option: one for one in _parameters(name) for option in one.names()[:1]}

    def meant(found: re.Match[str]) -> str:
        changed = [word.partition("=") for word in shlex.split(found[1]) if word not in given]
        named = [_stated(offered[option], value) if option in offered else option for option, _, value in changed]
        return f"did you mean {', '.join(named)}?"

    def key(found: re.Match[str]) -> str:
        one = offered.get(found[1])
        return _stated(one, found[2]) if one and found[2] else f"`{one.field}`" if one else found[0]

    for shell, tool in _PHRASES.items():
        message = message.replace(shell, tool)
    first, *hints = _MEANT.sub(meant, message.rstrip("\n")).split("; ")
    kept = [hint for hint in hints if {*re.findall(_OPTION, hint)} <= offered.keys()]
    return re.sub(rf"{_OPTION}(?: (\w+=[^\s;]+))?", key, "; ".join([first, *kept])) + "\n"


_MEANT = re.compile(r"did you mean `annostrat ([^`]*)`\?")
_OPTION = r"(?<![\w-])(--[a-z][a-z-]*)"


def _stated(one: Parameter, value: str) -> str:
    """Return how a tool is given a value, one of the form `KEY=VALUE` as an object."""
    key, _, part = value.partition("=")
    return f'"{one.field}": {json.dumps({key: part} if _is_pairs(one) else value, ensure_ascii=False)}'


def _command_line(name: str, given: dict[str, Any]) -> list[str]:
    """Return the words of a command, in which no value can be taken for an option."""
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
    """Return an agent's value for a parameter as words of the command line, such as `count_matters=yes` for `true`."""
    if isinstance(value, dict):
        return [f"{key}={','.join(map(_word, _words(part)))}" for key, part in value.items()]
    return value if isinstance(value, list) else [value]


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


COMMANDS = {"mcp": Command(McpRequest, run)}
