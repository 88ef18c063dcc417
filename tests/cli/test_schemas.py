"""The published schemas say what the program does: what one takes the other takes, and what one refuses, both do."""

import copy
import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from annostrat.cli import schemas
from annostrat.cli.schemas import KINDS
from annostrat.errors import InputError
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path
from annostrat.render.formats import json as json_format
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import read_use_case

ROOT = Path(__file__).parents[2]
RULES = load_rules()


@cache
def schema_of(kind):
    """Return a schema, made once in a run."""
    return schemas.schema_of(kind, RULES)


USE_CASE = jsonschema.Draft202012Validator(schema_of("use_case"))


def use_cases():
    """Return the documents of every example."""
    for path in sorted((ROOT / "examples" / "use_cases").iterdir()):
        if path.suffix == ".jsonl":
            lines = path.read_bytes().splitlines()
            yield from (yaml_source.parse_line(line, str(path), number) for number, line in enumerate(lines, 1))
        else:
            yield from yaml_source.read_file(str(path))


def rule_files(kind):
    """Return the shipped rule files of a kind."""
    folder = {"strategy": "strategies"}.get(kind, f"{kind}s")
    return sorted((ROOT / "rules" / folder).glob("*.yaml"))


def accepted(data):
    """Return whether the program takes a use case."""
    document = next(yaml_source.parse(json.dumps(data), "case.json"))
    try:
        read_use_case(document, RULES, "case")
    except InputError:
        return False
    return True


def test_schema_of_a_use_case_accepts_every_example():
    """An editor that checks the examples against the schema finds nothing."""
    for document in use_cases():
        USE_CASE.validate(document.data)


@pytest.mark.parametrize(
    "data",
    [
        {"answers": {}},
        {"answers": {"count_matters": True, "occlusion": "unknown"}, "expect": ["object_detection", "points"]},
        {
            "answers": {"count_matters": "false", "purpose": ["find_objects", "map_surfaces"]},
            "name": "x",
            "description": "",
        },
        {"answers": {}, "images": 1, "objects_per_image": 0.5, "classes": {"soil": {"occlusion": "low"}, "head": None}},
        {"answers": {}, "evidence": {"annotations": "labels.json"}},
        {"answers": {}, "domain": "Remote sensing"},
        {"answers": {}, "domain": " earth-Observation"},
        {"answers": {}, "domain": "CROPS"},
        {"answers": {}, "models": {"licence": ["MIT", "Apache-2.0"]}},
        {"answers": {}, "models": {"licence": "permissive"}},
        {"answers": {}, "keypoints": {"pig": {"points": ["snout", "tail"], "skeleton": [["snout", "tail"]]}}},
    ],
)
def test_schema_of_a_use_case_accepts_what_the_program_accepts(data):
    """A use case that the program reads is valid."""
    assert accepted(data)
    assert USE_CASE.is_valid(data)


@pytest.mark.parametrize(
    "data",
    [
        [],
        "text",
        {},
        {"answers": None},
        {"answers": []},
        {"answers": {}, "nmae": "x"},
        {"answers": {"occlusion": "hihg"}},
        {"answers": {"occlusion": True}},
        {"answers": {"occlusion": 1}},
        {"answers": {"ocllusion": "high"}},
        {"answers": {"count_matters": "maybe"}},
        {"answers": {}, "name": ""},
        {"answers": {}, "name": "x" * 1001},
        {"answers": {}, "name": 1},
        {"answers": {}, "description": None},
        {"answers": {}, "expect": []},
        {"answers": {}, "expect": "boxes"},
        {"answers": {}, "expect": ["boxes"]},
        {"answers": {}, "images": 0},
        {"answers": {}, "images": 1.5},
        {"answers": {}, "images": True},
        {"answers": {}, "images": 10**13},
        {"answers": {}, "objects_per_image": -1},
        {"answers": {}, "objects_per_image": "many"},
        {"answers": {}, "classes": ["a"]},
        {"answers": {}, "classes": {"": {}}},
        {"answers": {}, "classes": {"a": {"occlusion": "hihg"}}},
        {"answers": {}, "models": {"licence": "permisive"}},
        {"answers": {}, "models": {"licence": ["MIT", "x"]}},
        {"answers": {}, "domain": "crops and trees"},
        {"answers": {}, "domain": "remotesensing"},
        {"answers": {}, "domain": ""},
        {"answers": {}, "evidence": None},
        {"answers": {}, "evidence": {}},
        {"answers": {}, "evidence": {"annotations": 1}},
        {"answers": {}, "evidence": {"annotations": "a", "more": "b"}},
        {"answers": {}, "keypoints": ["a"]},
        {"answers": {}, "keypoints": {"p": ["a"]}},
        {"answers": {}, "keypoints": {"p": {"points": []}}},
        {"answers": {}, "keypoints": {"p": {"points": ["a", "a"]}}},
        {"answers": {}, "keypoints": {"p": {"points": ["a", 1]}}},
        {"answers": {}, "keypoints": {"p": {"points": ["a", "b"], "lines": []}}},
        {"answers": {}, "keypoints": {"p": {"points": ["a", "b"], "skeleton": [["a"]]}}},
        {"answers": {}, "keypoints": {"p": {"points": ["a", "b"], "skeleton": [["a", "a"]]}}},
        {"answers": {}, "keypoints": {"p": {"points": ["a", "b"], "skeleton": "a-b"}}},
    ],
    ids=lambda data: json.dumps(data)[:90],
)
def test_schema_of_a_use_case_refuses_what_the_program_refuses(data):
    """What the program refuses, an editor marks already."""
    assert not accepted(data)
    assert not USE_CASE.is_valid(data)


@pytest.mark.parametrize("kind", ["tree", "question", "strategy", "architecture", "tip"])
def test_schema_of_a_rule_file_accepts_every_shipped_one(kind):
    """The shipped rule files are valid by their published schema."""
    schema = jsonschema.Draft202012Validator(schema_of(kind))
    files = rule_files(kind)
    assert files
    for path in files:
        schema.validate(next(yaml_source.read_file(str(path))).data)


def test_schema_of_the_references_accepts_the_shipped_ones():
    """The bibliography is valid by its published schema."""
    data = next(yaml_source.read_file(str(ROOT / "rules" / "references.yaml"))).data
    jsonschema.Draft202012Validator(schema_of("references")).validate(data)


@pytest.mark.parametrize(("kind", "file"), [("effort", "effort.yaml"), ("guideline", "guideline.yaml")])
def test_schema_of_a_sheet_accepts_the_shipped_one(kind, file):
    """Labelling times and the guideline are valid by their published schemas."""
    data = next(yaml_source.read_file(str(ROOT / "rules" / file))).data
    jsonschema.Draft202012Validator(schema_of(kind)).validate(data)


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_schema_is_the_one_that_is_printed(kind):
    """The file that editors read is what `annostrat rules schema` prints."""
    path = ROOT / "rules" / "schemas" / f"{kind}.json"
    renew = f"annostrat rules schema {kind} --output rules/schemas/{kind}.json"
    assert json.loads(path.read_text("utf-8")) == schema_of(kind), f"renew it with: {renew}"


def test_no_other_schema_is_shipped():
    """Every shipped schema is of a kind that there is."""
    assert {path.stem for path in (ROOT / "rules" / "schemas").iterdir()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_schema_describes_every_property(kind):
    """Every property has a description, so that an editor can say what it is for."""
    schema = schema_of(kind)
    shapes = [schema, *schema.get("$defs", {}).values()]
    bare = [
        f"{shape.get('title')}.{name}"
        for shape in shapes
        for name, said in shape.get("properties", {}).items()
        if not said.get("description") and said.get("$ref") is None and "if" not in shape["properties"]
    ]
    assert bare == []


def test_schema_of_the_use_case_explains_answers():
    """Each answer of a question carries what it means, for completion in an editor."""
    offered = schema_of("use_case")["$defs"]["answers"]["properties"]["occlusion"]["oneOf"]
    assert [answer["const"] for answer in offered] == ["low", "moderate", "high", "unknown"]
    assert all(answer["description"] for answer in offered)


def annotated():
    """Return every shipped set of labels."""
    return [ROOT / "examples" / "pilot" / "labels.json", *sorted((ROOT / "examples" / "annotations").iterdir())]


@pytest.mark.parametrize("path", annotated(), ids=lambda path: path.stem)
def test_schema_of_a_measurement_accepts_what_is_measured(path):
    """What `measure` prints as JSON is valid by its published schema, and has no key that the schema does not know."""
    schema = copy.deepcopy(schema_of("measurement"))
    for shape in (schema, *schema["$defs"].values()):
        shape["additionalProperties"] = shape.get("additionalProperties", False)
    found = measurement(measure_path(str(path)).profile, RULES, path.stem, str(path))
    printed = "".join(json_format.PLUGIN.measurements(found, RULES, Page()))
    jsonschema.Draft202012Validator(schema).validate(json.loads(printed))


def test_schema_of_a_measurement_describes_every_key():
    """Whoever reads the schema finds what each key means."""
    schema = schema_of("measurement")
    shapes = [schema, *schema["$defs"].values()]
    keys = [key for shape in shapes for key in shape["properties"].values()]
    assert [key for key in keys if not (key.get("description") or "$ref" in key)] == []
