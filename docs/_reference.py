"""Makes the reference pages of the site from the commands' declarations, the rules, the models and the docstrings.

MkDocs runs it as a hook, so nothing that it makes is kept in the repository, and no page can be out of date. Pages link
to what the reference is made from, which a checkout has; on the site such a link leads to the reference. What pages
show of the repository outside this folder, such as pictures, is put on the site too.
"""

from __future__ import annotations

import inspect
import os
import re
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

import annostrat
from annostrat.annotations import readers
from annostrat.cli import commands, schemas
from annostrat.cli.options import Argument, parameters
from annostrat.knowledge.plugins import names, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

RULES = annostrat.load_rules()
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLES = os.path.join(ROOT, "examples", "annotations")
OUTSIDE = re.compile(r"\]\(\.\./([^)#]+)\)")
"""A link to a file of the repository outside this folder."""
MOST_FILES = 8
"""Files of an example that a page names."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the reference pages, and the files outside the folder that pages link to."""
    for name, (page, _) in PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content="\n\n".join(page())))
    for target in {target for page in files.documentation_pages() for target in OUTSIDE.findall(page.content_string)}:
        if target not in HOMES:
            files.append(File.generated(config, f"repository/{target}", abs_src_path=os.path.join(ROOT, target)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return a page whose links lead to what `on_files` put on the site."""
    return OUTSIDE.sub(lambda link: f"]({HOMES.get(link[1], f'repository/{link[1]}')})", markdown)


def command_page() -> Iterator[str]:
    """Yield what every command takes, from its declaration."""
    yield "# Commands"
    yield "`annostrat COMMAND --help` says the same in a terminal."
    for name in commands.HOMES:
        request = commands.load(name).request
        yield f"## annostrat {name}"
        yield inspect.cleandoc(request.__doc__ or "")
        declared = [(one, one.declared) for one in parameters(request)]
        yield table(
            ("Given as", "What it does", "Default"),
            [
                (
                    declaration.metavar or ""
                    if isinstance(declaration, Argument)
                    else f"{', '.join(one.names())} {declaration.metavar or ''}".strip(),
                    declaration.help if isinstance(declaration.help, str) else declaration.help(),
                    "required" if one.required else "" if one.default in (None, (), False) else one.default,
                )
                for one, declaration in declared
            ],
            code=1,
        )


def question_page() -> Iterator[str]:
    """Yield every question with its answers."""
    yield "# Questions"
    yield "Every question also takes `unknown`."
    for id_ in dict.fromkeys([*RULES.order, *RULES.questions]):
        question = RULES.questions[id_]
        yield f"## {question['title']} {{ #{id_} }}"
        yield f"`{id_}`: **{question['ask']}**"
        yield question["why"]
        yield question["help"]
        if question["example"]:
            yield f"Examples: {question['example']}"
        answers = question["answers"].items()
        yield table(
            ("Answer", "In words", "Means", "Example"),
            [(answer, text["title"], text["meaning"], text["example"] or "") for answer, text in answers],
            code=1,
        )


def strategy_page() -> Iterator[str]:
    """Yield every strategy with its benefits, drawbacks and conversions."""
    yield "# Strategies"
    for id_, strategy in RULES.strategies.items():
        yield f"## {strategy['title']} {{ #{id_} }}"
        yield f"`{id_}`: {strategy['label']}"
        yield strategy["summary"]
        yield strategy["when_not"]
        for heading in ("benefits", "drawbacks"):
            yield f"**{heading.title()}**"
            yield bullets(f"{claim['text']}{cited(claim['sources'])}" for claim in strategy[heading])
        if strategy["converts_to"]:
            yield "**Converts to**"
            yield bullets(
                f"{RULES.strategies[to['strategy']]['title']}: {to['how']} Lost: {to['loses']}"
                for to in strategy["converts_to"]
            )


def format_page() -> Iterator[str]:
    """Yield every annotation format: what it wants, how it is read, and the files of its example."""
    yield "# Annotation formats"
    yield "`annostrat measure PATH` tells the format from the files; `--from NAME` names it."
    for name in names(readers):
        reader: Any = pick(readers, name, "format")
        title = sentence(reader.title)
        yield f"## {title}"
        yield f"`--from {name}` wants {reader.wants}."
        yield sentence((inspect.getdoc(inspect.getmodule(reader.look)) or "").removeprefix(f"{title}: "))
        if reader.aliases:
            yield f"Also called {', '.join(reader.aliases)}."
        files = sorted(
            os.path.relpath(os.path.join(folder, file), EXAMPLES)
            for folder, _, found in os.walk(os.path.join(EXAMPLES, name))
            for file in found
        )
        more = [f"... and {len(files) - MOST_FILES} more"] if len(files) > MOST_FILES else []
        yield f"A complete small example is in `examples/annotations/{name}`:"
        yield "\n".join(["```text", *files[:MOST_FILES], *more, "```"])


def finding_page() -> Iterator[str]:
    """Yield everything that `measure` can find amiss in labels."""
    yield "# Findings"
    yield "What `annostrat measure` and `annostrat agreement` can find in labels, and what to do about it."
    yield table(
        ("Kind", "Severity", "Found", "What to do"),
        [(kind, text["severity"], text["many"], text["advice"]) for kind, text in RULES.findings.items()],
        code=1,
    )


OTHER_KINDS = ("use_case", "recommendation", "measurement", "agreement", "yolo_data", "labelme_config")
"""Kinds of schemas that are no rule files."""


def schema_page(title: str, kinds: Iterable[str]) -> Iterator[str]:
    """Yield the keys of JSON Schemas, each with the objects that it refers to."""
    yield f"# {title}"
    for kind in kinds:
        schema = schemas.schema_of(kind, RULES)
        yield f"## {kind}"
        yield f"`annostrat rules schema {kind}` prints the JSON Schema. {schema.get('description', '')}"
        yield keys_of(schema)
        for name, part in {**schema.get("properties", {}), **schema.get("$defs", {})}.items():
            if "properties" in part and name != "answers":
                yield f"### {kind}: {name}"
                yield part.get("description", "")
                yield keys_of(part)


def keys_of(schema: dict[str, Any]) -> str:
    """Return a table of the keys of an object, or what stands in the place of one."""
    required = schema.get("required", ())
    properties = schema.get("properties", {})
    if not properties:
        return f"Any keys, each {type_of(schema.get('additionalProperties', {}))}."
    rows = [
        (key, type_of(part), f"{part.get('description', '')}{' Required.' if key in required else ''}".strip())
        for key, part in properties.items()
    ]
    return table(("Key", "Holds", "Meaning"), rows, code=1)


PLAIN = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "keys"}


def type_of(schema: dict[str, Any] | bool) -> str:
    """Return what a schema accepts, in a few words.

    >>> type_of({"type": "array", "items": {"type": "string"}})
    'list of text'
    """
    if isinstance(schema, bool):
        return "anything"
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or ()
    if values or choices:
        return " or ".join(dict.fromkeys([*(f"`{value}`" for value in values), *map(type_of, choices)]))
    if "$ref" in schema:
        name: str = schema["$ref"].rpartition("/")[2]
        return name
    kind, more = schema.get("type", "anything"), schema.get("additionalProperties")
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    return f"keys, each with {type_of(more)}" if isinstance(more, dict) else PLAIN.get(kind, kind)


def python_page() -> Iterator[str]:
    """Yield the public names of the package, with their docstrings."""
    yield "# Python"
    yield "Everything is imported from `annostrat`, typed, and loaded when it is first used."
    for name in annostrat.__all__:
        if name.startswith("_"):
            continue
        item = getattr(annostrat, name)
        yield f"## {name}"
        yield f"```python\n{name}{inspect.signature(item)}\n```"
        yield f"```text\n{inspect.cleandoc(item.__doc__ or '')}\n```"
        if inspect.isclass(item):
            public = [(key, value) for key, value in vars(item).items() if not key.startswith("_") and value.__doc__]
            members = [(key, value.__doc__.splitlines()[0]) for key, value in public if own_member(value)]
            if members:
                yield table(("Member", "What it is"), members, code=1)


def own_member(value: Any) -> bool:
    """Return whether a member of a class has a docstring of its own."""
    return inspect.isfunction(value) or isinstance(value, (property, classmethod, staticmethod))


def cited(sources: Iterable[str]) -> str:
    """Return links to references."""
    known = ((id_, RULES.references[id_]["url"]) for id_ in sources)
    links = [f"[{id_}](<{url}>)" if url else id_ for id_, url in known]
    return f" ({', '.join(links)})" if links else ""


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def bullets(texts: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {text}" for text in texts)


def table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]], code: int = 0) -> str:
    """Return a table, whose first `code` columns are code."""
    lines = [head, tuple("---" for _ in head)]
    for row in rows:
        cells = [str(cell).replace("|", r"\|").replace("\n", " ") for cell in row]
        lines.append(tuple(f"`{cell}`" if cell and place < code else cell for place, cell in enumerate(cells)))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


PAGES: dict[str, tuple[Callable[[], Iterator[str]], str]] = {
    "commands": (command_page, "src/annostrat/cli/commands"),
    "questions": (question_page, "rules/questions"),
    "strategies": (strategy_page, "rules/strategies"),
    "formats": (format_page, "src/annostrat/annotations/readers"),
    "findings": (finding_page, "rules/findings.yaml"),
    "use-case": (lambda: schema_page("Use-case files", ["use_case"]), "rules/schemas/use_case.json"),
    "rule-files": (
        lambda: schema_page("Rule files", [kind for kind in schemas.KINDS if kind not in OTHER_KINDS]),
        "rules/schemas",
    ),
    "output": (
        lambda: schema_page("JSON output", ["recommendation", "measurement", "agreement"]),
        "rules/schemas/recommendation.json",
    ),
    "python": (python_page, "src/annostrat/__init__.py"),
}
"""The reference pages, each with the part of the repository that it is made from."""
HOMES = {home: f"reference/{name}.md" for name, (_, home) in PAGES.items()}
