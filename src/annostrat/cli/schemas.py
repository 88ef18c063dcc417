"""The JSON Schemas (draft 2020-12) of every file that users write and of the output, made from the models.

Needs pydantic, so only `rules schema` and editors' schema files import it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

from annostrat.export import _tool_files as tool_files
from annostrat.knowledge.models import guideline as guideline_models
from annostrat.knowledge.models import rules as models
from annostrat.knowledge.models.compiled import CompiledModel, type_name
from annostrat.measure import contract as measured
from annostrat.measure.agreement import contract as compared
from annostrat.recommendation import contract
from annostrat.use_cases import use_case

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_RULE_FILES: dict[str, type[BaseModel]] = {
    "tree": models.TreeFile,
    "question": models.QuestionFile,
    "strategy": models.StrategyFile,
    "architecture": models.ArchitectureFile,
    "assistant": models.AssistantFile,
    "tip": models.TipFile,
    "references": models.ReferencesFile,
    "effort": models.EffortFile,
    "guideline": guideline_models.GuidelineFile,
    "domains": models.DomainsFile,
    "datasets": models.DatasetsFile,
    "findings": models.FindingsFile,
    "figures": models.FiguresFile,
}
_TOOL_FILES: dict[str, type[BaseModel]] = {
    "yolo_data": tool_files.YoloData,
    "labelme_config": tool_files.LabelmeConfig,
}
KINDS = ("use_case", "recommendation", "measurement", "agreement", *_RULE_FILES, *_TOOL_FILES)


def schema_of(kind: str, rules: RuleSet) -> dict[str, Any]:
    """Return the schema of a kind of file; that of a use case lists the questions and strategies of the rules."""
    if kind == "use_case":
        body = use_case.schema(rules)
    elif kind == "recommendation":
        body = _recommendation()
    elif kind == "measurement":
        body = _schema_of_type(measured.Measurement)
    elif kind == "agreement":
        body = _schema_of_type(compared.LabelAgreement)
    else:
        body = (_RULE_FILES | _TOOL_FILES)[kind].model_json_schema()
    return {
        "$schema": DIALECT,
        "$id": f"urn:annostrat:schema:{kind}",
        **body,
        "title": f"annostrat {kind.replace('_', ' ')}",
    }


def _recommendation() -> dict[str, Any]:
    """Return the schema of the output; what comes from the rules is described by the models of their files."""
    whole = _schema_of_type(contract.RecommendationDocument)
    models = CompiledModel.model_json_schema(by_alias=False, mode="serialization")["$defs"]
    for name, model in {**models, "SuitedAssistant": models["AssistantModel"]}.items():
        shape = whole["$defs"].get(type_name(name) if name in models else name, {"properties": {}})
        shape["description"] = shape.get("description", model["description"])
        for key in shape["properties"].keys() & model["properties"].keys():
            shape["properties"][key]["description"] = model["properties"][key]["description"]
    return whole


def _schema_of_type(shape: Any) -> dict[str, Any]:
    """Return the schema of a typed dictionary, whose docstrings under the keys are their descriptions."""
    schema = TypeAdapter(shape).json_schema(mode="serialization")
    others = [home for home in (contract, measured, compared) if home.__name__ != shape.__module__]
    homes = [*others, sys.modules[shape.__module__]]
    texts = {name: keys for home in homes for name, keys in models.docstrings_of_fields(home.__name__).items()}
    for name, part in {shape.__name__: schema, **schema["$defs"]}.items():
        for key, text in texts.get(name, {}).items():
            part["properties"][key]["description"] = text
    return schema
