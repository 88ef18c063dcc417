"""The JSON Schemas (draft 2020-12) of every file that users write and of the output, made from the models.

Needs pydantic, so only `rules schema` and editors' schema files import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

from annostrat.export import _tool_files as tool_files
from annostrat.knowledge import contract as knowledge
from annostrat.knowledge.models import guideline as guideline_models
from annostrat.knowledge.models import rules as models
from annostrat.knowledge.models.compiled import Compiled, type_name
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

for _home in (contract, measured, compared):
    for _shape in vars(_home).values():
        if hasattr(_shape, "__total__"):  # the docstrings under the keys become descriptions
            _shape.__pydantic_config__ = {"use_attribute_docstrings": True}


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
    for name, shape in whole["$defs"].items():
        shape["properties"] |= _inherited(getattr(contract, name, getattr(knowledge, name, None)))
    models = Compiled.model_json_schema(by_alias=False, mode="serialization")["$defs"]
    for name, model in {**models, "SuitedAssistant": models["Assistant"]}.items():
        shape = whole["$defs"].get(type_name(name) if name in models else name, {"properties": {}})
        shape["description"] = shape.get("description", model["description"])
        for key in shape["properties"].keys() & model["properties"].keys():
            shape["properties"][key]["description"] = model["properties"][key]["description"]
    return whole


def _schema_of_type(shape: Any) -> dict[str, Any]:
    schema = TypeAdapter(shape).json_schema(mode="serialization")
    schema["properties"] |= _inherited(shape)
    return schema


def _inherited(shape: Any) -> dict[str, Any]:
    """Return the keys that a type inherits: pydantic leaves out their descriptions, which their own class has."""
    bases = [base for base in getattr(shape, "__orig_bases__", ()) if hasattr(base, "__total__")]
    return {key: value for base in bases for key, value in _schema_of_type(base)["properties"].items()}
