"""Writes knowledge/contract.py: the types of compiled rules, from the models of the rule files.

The engine, the output and the type checker want to know what `rules.strategies["points"]` holds without importing
pydantic, which takes longer than an answer. So the JSON Schema of what the models dump is written down as TypedDicts:

    python -m annostrat.knowledge.models.generate
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annostrat.knowledge.models.compiled import CompiledModel, type_name

TARGET = Path(__file__).parents[1] / "contract.py"
_HEAD = '''"""The types of compiled rules: what `rules.strategies["points"]` holds, without importing pydantic.

Generated from `models`, where the fields are described: `python -m annostrat.knowledge.models.generate`.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only
'''
_PLAIN = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}


def text() -> str:
    """Return the module, in which types come after the types that they refer to."""
    schema = CompiledModel.model_json_schema(by_alias=False, mode="serialization")
    classes = {**schema["$defs"], "CompiledModel": schema}
    return "\n\n".join([_HEAD, *(_class(name, classes[name]) for name in _in_order(classes))])


def _in_order(classes: dict[str, Any]) -> list[str]:
    """Return the names of types, each after the types that it refers to."""
    order: dict[str, None] = {}

    def add(name: str) -> None:
        for other in classes:
            if f"'#/$defs/{other}'" in str(classes[name]["properties"]) and other not in order:
                add(other)
        order[name] = None

    for name in classes:
        add(name)
    return [*order]


def _class(name: str, schema: dict[str, Any]) -> str:
    fields = (f"    {key}: {_type(value)}\n" for key, value in schema["properties"].items())
    return "".join([f"class {type_name(name)}(TypedDict):\n", *fields])


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return type_name(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return f"Literal{json.dumps(schema['enum'])}"
    if schema["type"] == "array":
        return f"list[{_type(schema['items'])}]"
    if schema["type"] == "object":
        values = schema.get("patternProperties") or {"": schema["additionalProperties"]}
        return f"dict[str, {_type(next(iter(values.values())))}]"
    return _PLAIN[schema["type"]]


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
