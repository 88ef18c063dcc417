"""The JSON Schemas (draft 2020-12) of every file that users write and of the output, made from the models.

Needs pydantic, so only `rules schema` and editors' schema files import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from annostrat.export import _tool_files as tool_files
from annostrat.knowledge import guideline_models, models, shapes
from annostrat.knowledge.compiled_models import Compiled, type_name
from annostrat.knowledge.tree import UNKNOWN
from annostrat.measure import contract as measured
from annostrat.recommendation import contract
from annostrat.use_cases.use_case import (
    MAX_COUNT,
    MAX_CURRENCY,
    MAX_NAME,
    MAX_OBJECTS,
    MAX_SAMPLE,
    MAX_SECONDS,
    MAX_SEED,
)

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Question

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
KINDS = ("use_case", "recommendation", "measurement", *_RULE_FILES, *_TOOL_FILES)

for _home in (contract, measured):
    for _shape in vars(_home).values():
        if hasattr(_shape, "__total__"):  # the docstrings under the keys become descriptions
            _shape.__pydantic_config__ = {"use_attribute_docstrings": True}


_Name = Annotated[str, Field(min_length=1)]
_UNIQUE: dict[str, Any] = {"uniqueItems": True}


class Evidence(BaseModel):
    """What the answers can be compared with."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    annotations: Annotated[str, Field(min_length=1)]
    """Path of an annotation file or folder, from the folder of this file."""
    format: Annotated[str, Field(min_length=1)] = ""
    """Their format, such as coco; found out, where it is absent."""
    sample: Annotated[int, Field(ge=1, le=MAX_SAMPLE)] = 1
    """How many images are measured, picked by a hash of their names; all, where it is absent."""
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    """Another seed picks other images."""


class Effort(BaseModel):
    """Who labels, with what help, and what that costs."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    assistance: bool | Literal["yes", "no", "true", "false"] = False
    """Whether annotators correct what a model draws."""
    seconds_per_label: Annotated[float, Field(gt=0, le=MAX_SECONDS)] = 1
    """Your own pace: hands-on seconds for one label of the recommended kind (an object, an image's map, or a yes or no
    for a class); published figures, where absent."""
    surfaces: Annotated[float, Field(ge=0, le=100_000)] = 0
    """Surfaces named in an image, such as sky and road, for maps; each is outlined like an object."""
    full_scene: bool | Literal["yes", "no", "true", "false"] = False
    """Whether maps are to be labelled to the last pixel, rather than around what is named."""
    qa_share: Annotated[float, Field(ge=0, le=10)] = 0
    """Quality assurance, as a part of the labelling time that comes on top; published figures, where absent."""
    hourly_rate: Annotated[float, Field(ge=0, le=1_000_000)] = 0
    """Money for an hour of labelling."""
    unit_price: Annotated[float, Field(ge=0, le=1_000_000)] = 0
    """Money for one label of the recommended kind; not together with hourly_rate."""
    currency: Annotated[str, Field(min_length=1, max_length=MAX_CURRENCY)] = ""
    """The currency of either."""
    annotators: Annotated[int, Field(ge=1, le=100_000)] = 1
    """Annotators who work at the same time."""
    classes: Annotated[int, Field(ge=1, le=100_000)] = 1
    """Classes, where the use case does not list them."""


class Models(BaseModel):
    """What a model must satisfy; one whose figure nobody published does not satisfy a limit to it."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    licence: _Name | Annotated[list[_Name], Field(min_length=1)] = ""
    """`permissive`, or the licences that code and weights may be under."""
    max_params_m: Annotated[float, Field(gt=0, le=1e9)] = 1
    """Parameters, in millions."""
    max_gflops: Annotated[float, Field(gt=0, le=1e9)] = 1
    """Floating-point operations for one image, in 10^9."""
    max_latency_ms: Annotated[float, Field(gt=0, le=1e9)] = 1
    """Milliseconds for one image, on the fastest hardware that it was measured on."""
    max_train_memory_gb: Annotated[float, Field(gt=0, le=1e9)] = 1
    """Memory of one GPU for training, in GB."""


class Keypoints(BaseModel):
    """The named points of a class."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    points: Annotated[list[_Name], Field(min_length=1, json_schema_extra=_UNIQUE)]
    """The points, in order."""
    skeleton: list[Annotated[list[_Name], Field(min_length=2, max_length=2, json_schema_extra=_UNIQUE)]] = []
    """Pairs of points that a line joins."""


class UseCaseFile(BaseModel):
    """A use case of annostrat: one project's answers, and what it expects of them."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)] = ""
    """What the project is called; the file's name, where it is absent."""
    description: str = ""
    """What the project is about, and why its answers are what they are."""
    domain: str = ""
    """The field, for similar precedents and suitable models."""
    owner: Annotated[str, Field(min_length=1, max_length=MAX_OBJECTS)] = ""
    """Who answers for the project; named in the report."""
    decided_by: Annotated[str, Field(min_length=1, max_length=MAX_OBJECTS)] = ""
    """Who took the decision, and when, in a few words; named in the report."""
    objects: Annotated[str, Field(min_length=1, max_length=MAX_OBJECTS)] = ""
    """What the labels are on, in a few words, such as nuclei; for nearer precedents."""
    answers: dict[str, Any]
    """Answers by question; a question that does not matter may be left out."""
    expect: str | list[str] = ""
    """The strategy that `annostrat check` accepts, or several, any of which it accepts."""
    images: Annotated[int, Field(ge=1, le=MAX_COUNT["images"])] = 1
    """How many images are to be labelled."""
    objects_per_image: Annotated[float, Field(ge=0, le=MAX_COUNT["objects_per_image"])] = 0
    """How many objects of interest an image shows on average."""
    classes: dict[str, dict[str, Any] | None] = {}
    """Classes, each with the answers that it gives differently from the whole."""
    keypoints: dict[str, Keypoints] = {}
    """The named points of classes, for keypoints."""
    effort: Effort | None = None
    """Settings for the estimate of labelling time and money."""
    models: Models | None = None
    """What a model must satisfy."""
    evidence: Evidence | None = None
    """Annotations that the answers are measured in, and how."""


def schema_of(kind: str, rules: RuleSet) -> dict[str, Any]:
    """Return the schema of a kind of file; that of a use case lists the questions and strategies of the rules."""
    if kind == "use_case":
        body = _use_case(rules)
    elif kind == "recommendation":
        body = _recommendation()
    elif kind == "measurement":
        body = _schema_of_type(measured.Measurement)
    else:
        body = (_RULE_FILES | _TOOL_FILES)[kind].model_json_schema()
    return {"$schema": DIALECT, **body, "title": f"annostrat {kind.replace('_', ' ')}"}


def _recommendation() -> dict[str, Any]:
    """Return the schema of the output; what comes from the rules is described by the models of their files."""
    whole = _schema_of_type(contract.RecommendationDocument)
    for name, shape in whole["$defs"].items():
        shape["properties"] |= _schema_of_type(getattr(contract, name, getattr(shapes, name, None)))["properties"]
    models = Compiled.model_json_schema(by_alias=False, mode="serialization")["$defs"]
    for name, model in {**models, "SuitedAssistant": models["Assistant"]}.items():
        shape = whole["$defs"].get(type_name(name) if name in models else name, {"properties": {}})
        shape["description"] = shape.get("description", model["description"])
        for key in shape["properties"].keys() & model["properties"].keys():
            shape["properties"][key]["description"] = model["properties"][key]["description"]
    return whole


def _schema_of_type(shape: Any) -> dict[str, Any]:
    """Return the schema of a type; pydantic gives inherited keys no description, so their own class does."""
    schema = TypeAdapter(shape).json_schema(mode="serialization")
    for base in getattr(shape, "__orig_bases__", ()):
        if hasattr(base, "__total__"):
            schema["properties"] |= _schema_of_type(base)["properties"]
    return schema


def _use_case(rules: RuleSet) -> dict[str, Any]:
    body = UseCaseFile.model_json_schema()
    body["$defs"]["answers"] = _answers(rules)
    body["$defs"]["strategy"] = _strategies(rules)
    properties = body["properties"]
    answers, strategy = {"$ref": "#/$defs/answers"}, {"$ref": "#/$defs/strategy"}
    properties["answers"] = {**answers, "description": properties["answers"]["description"]}
    properties["expect"]["anyOf"] = [strategy, {"type": "array", "items": strategy, "minItems": 1}]
    properties["domain"] = {"description": properties["domain"]["description"], "oneOf": _domains(rules)}
    properties["classes"]["additionalProperties"] = {"anyOf": [answers, {"type": "null"}]}
    properties["classes"]["propertyNames"] = {"minLength": 1}
    for name in properties:
        properties[name].pop("default", None)
    for name in ("evidence", "effort", "models"):
        properties[name] = {**body["$defs"].pop(name.title()), "description": properties[name]["description"]}
        for setting in properties[name]["properties"].values():
            setting.pop("default", None)
    properties["effort"]["not"] = {"required": ["hourly_rate", "unit_price"]}
    return body


def _answers(rules: RuleSet) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {id_: _question(question) for id_, question in rules.questions.items()},
    }


def _question(question: Question) -> dict[str, Any]:
    offered: list[dict[str, Any]] = [
        {"const": answer, "description": text["meaning"]} for answer, text in question["answers"].items()
    ]
    offered.append({"const": UNKNOWN, "description": "Not known."})
    if set(question["answers"]) == {"yes", "no"}:
        offered += [{"enum": [True, "true"], "description": "The same as yes."}]
        offered += [{"enum": [False, "false"], "description": "The same as no."}]
    if question["several"]:
        words = [*question["answers"]]
        several = {"type": "array", "items": {"enum": words}, "minItems": 1, "uniqueItems": True}
        joined = rf"^({'|'.join(words)})([,+]\s*({'|'.join(words)}))+$"
        offered.append({**several, "description": "Several answers, each once."})
        offered.append({"type": "string", "pattern": joined, "description": "Several answers, with + between."})
    return {
        "title": question["title"],
        "description": f"{question['ask']} {question['help']}",
        "oneOf": offered,
    }


def _domains(rules: RuleSet) -> list[dict[str, Any]]:
    return [{"const": id_, "description": f"{text['title']}: {text['meaning']}"} for id_, text in rules.domains.items()]


def _strategies(rules: RuleSet) -> dict[str, Any]:
    return {"oneOf": [{"const": id_, "description": text["summary"]} for id_, text in rules.strategies.items()]}
