"""The schema of use-case files: the name and type of each field, and the `Field` that reads, describes and writes it.

Validation is custom because it runs before any heavy import, and because the valid words (questions, answers,
strategies) come from the rules, not from the code. `rules schema use_case` publishes the same contract.
"""

import os
from collections.abc import Mapping
from itertools import islice
from numbers import Integral, Real
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from annostrat.errors import InputError, Location, Problem, nearest, shortened, suggest
from annostrat.knowledge.rule_set import RuleSet
from annostrat.use_cases.fields import (
    Answers,
    CaseReading,
    ClassAnswers,
    Domain,
    Field,
    Keypoints,
    Licences,
    NestedFields,
    Number,
    Strategies,
    Text,
    TooManyFaults,
    YesOrNo,
    answers_schema,
    kind,
    right_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.knowledge.yaml_source import Document


def fields_of(shape: type) -> dict[str, Field]:
    """Return the fields that a class declares in its annotations, by key."""
    declared = {key: getattr(hint, "__metadata__", ()) for key, hint in shape.__annotations__.items()}
    return {key: metadata[0] for key, metadata in declared.items() if metadata}


PERMISSIVE_ONLY = "permissive"
"""The wish for licences of code, weights and training data that let anyone ship a closed product."""
DATA_TERMS = "data_terms"
"""The same wish, whatever the terms of the training data."""
MAX_NAME = 1_000
MAX_OBJECTS = 200

EFFORT: dict[str, Field] = {
    "assistance": YesOrNo("Whether annotators correct what a model draws."),
    "seconds_per_label": Number(
        "Your own pace: hands-on seconds for one label of the recommended kind (an object, an image's map, or a yes or "
        "no for a class); published figures, where absent.",
        0,
        1_000_000,
        "your own pace, a number of seconds",
        above=True,
    ),
    "surfaces": Number(
        "Surfaces named in an image, such as sky and road, for maps; each is outlined like an object.",
        0,
        100_000,
        "a number of surfaces in an image",
    ),
    "full_scene": YesOrNo("Whether maps are to be labelled to the last pixel, rather than around what is named."),
    "qa_share": Number(
        "Quality assurance, as a part of the labelling time that comes on top; published figures, where absent.",
        0,
        10,
        "a part of the labelling time",
    ),
    "hourly_rate": Number("Money for an hour of labelling.", 0, 1_000_000, "money for an hour, a number"),
    "unit_price": Number(
        "Money for one label of the recommended kind; not together with hourly_rate.",
        0,
        1_000_000,
        "money for a label, a number",
    ),
    "currency": Text("The currency of either, such as EUR.", 8),
    "annotators": Number("Annotators who work at the same time.", 1, 100_000, whole=True),
    "classes": Number("Classes, where the use case does not list them.", 1, 100_000, whole=True),
}
"""Settings of the effort estimate: annotators, assistance and prices."""
_LIMIT = 1_000_000_000
MODELS: dict[str, Field] = {
    "licence": Licences(
        f"`{PERMISSIVE_ONLY}`, or the licences that code and weights may be under.", (PERMISSIVE_ONLY, DATA_TERMS)
    ),
    "max_params_m": Number("Parameters, in millions.", 0, _LIMIT, above=True),
    "max_gflops": Number("Floating-point operations for one image, in 10^9.", 0, _LIMIT, above=True),
    "max_latency_ms": Number(
        "Milliseconds for one image, on the fastest hardware that it was measured on.", 0, _LIMIT, above=True
    ),
    "max_train_memory_gb": Number("Memory of one GPU for training, in GB.", 0, _LIMIT, above=True),
}
"""Requirements on models; a model with an unpublished figure does not satisfy a limit on it."""


SAMPLE = Number(
    "How many images are measured, picked by a hash of their names; all, where it is absent.", 1, _LIMIT, whole=True
)
SEED = Number("Another seed picks other images.", 0, (1 << 63) - 1, whole=True)


class SecondLabels(NamedTuple):
    """Labels of the same images by another annotator or a model.

    Attributes:
        annotations: Path of a file or folder, relative to the working directory or absolute.
        at_least: The share of the labels that must agree.
    """

    annotations: str
    at_least: float = 0.8


AGREEMENT: dict[str, Field] = {
    "with": Text("Path of labels of the same images by somebody else, from the folder of this file."),
    "at_least": Number(
        "The share of the labels that must agree, in object and class; 0.8, where it is absent.", 0, 1, "a share"
    ),
}


class LabelFiles(NamedTuple):
    """Annotation files, and how to measure them.

    Attributes:
        annotations: Path of a file or folder, relative to the working directory or absolute.
        format: The format; None to detect it.
        sample: Number of images to measure; None for all.
        seed: Seed for the choice of the sample.
        crowds: Whether labels marked as crowds are measured as single objects.
        agreement: Labels to compare these with, if any.
    """

    annotations: Annotated[str, Text("Path of an annotation file or folder, from the folder of this file.")]
    format: Annotated[str | None, Text("Their format, such as coco; found out, where it is absent.")] = None
    sample: Annotated[int | None, SAMPLE] = None
    seed: Annotated[int, SEED] = 0
    crowds: Annotated[bool, YesOrNo("Whether labels marked as crowds (iscrowd) are single objects.")] = False
    agreement: Annotated[
        SecondLabels | None,
        NestedFields(
            "agreement",
            "What `check` compares the annotations with.",
            "for example: agreement: {with: path/to/others.json, at_least: 0.8}",
            AGREEMENT,
            needed="with",
        ),
    ] = None


class UseCase(NamedTuple):
    """A use case of annostrat: one project's answers, and what it expects of them.

    Attributes:
        name: The name of the project.
        answers: Maps question ids to answers, several joined with `+`; absent questions are not answered yet.
        description: A description of the project.
        expect: The strategies that `check` accepts; empty if nothing is expected.
        images: Number of images to label.
        objects_per_image: Average number of objects of interest per image.
        classes: Maps class names to the answers in which they differ from the whole.
        evidence: The annotation files from which the answers are measured.
        effort: Settings for the estimate of labelling time and money, with the keys of `EFFORT`.
        document: The document that the use case was read from, if any.
        keypoints: Maps class names to named `points`, and to a `skeleton` of point pairs joined by a line.
        domain: The id of the field in the rules.
        objects: The labelled objects, in a few words.
        models: Requirements on models, with the keys of `MODELS`; licences are a list.
        owner: The person responsible for the project.
        decided_by: Who made the decision, in a few words.
    """

    name: Annotated[str, Text("What the project is called; the file's name, where it is absent.", MAX_NAME)] = (
        "use case"
    )
    answers: Annotated[
        dict[str, str],
        Answers(
            "Answers by question; a question that does not matter may be left out.",
            "for example: answers: {count_matters: no}",
        ),
    ] = {}  # noqa: RUF012 - never changed, as nothing here is
    description: Annotated[
        str | None, Text("What the project is about, and why its answers are what they are.", least=0)
    ] = None
    expect: Annotated[
        tuple[str, ...],
        Strategies("The strategy that `annostrat check` accepts, or several, any of which it accepts."),
    ] = ()
    images: Annotated[int | None, Number("How many images are to be labelled.", 1, _LIMIT, whole=True)] = None
    objects_per_image: Annotated[
        float | None, Number("How many objects of interest an image shows on average.", 0, 100_000)
    ] = None
    classes: Annotated[
        dict[str, dict[str, str]],
        ClassAnswers(
            "Classes, each with the answers that it gives differently from the whole.",
            "for example: classes: {soil: {}}",
        ),
    ] = {}  # noqa: RUF012 - see `answers`
    evidence: Annotated[
        LabelFiles | None,
        NestedFields(
            "evidence",
            "Annotations that the answers are measured in, and how.",
            "for example: evidence: {annotations: path/to/annotations.json}",
            fields_of(LabelFiles),
            needed="annotations",
        ),
    ] = None
    effort: Annotated[
        dict[str, Any],
        NestedFields(
            "effort",
            "Settings for the estimate of labelling time and money.",
            "for example: effort: {hourly_rate: 20, currency: EUR}",
            EFFORT,
            apart=("hourly_rate", "unit_price"),
        ),
    ] = {}  # noqa: RUF012 - see `answers`
    document: "Document | None" = None
    keypoints: Annotated[
        dict[str, dict[str, Any]],
        Keypoints(
            "The named points of classes, for keypoints.",
            "for example: pig: {points: [snout, neck, tail], skeleton: [[snout, neck], [neck, tail]]}",
        ),
    ] = {}  # noqa: RUF012 - see `answers`
    domain: Annotated[str | None, Domain("The field, for similar precedents and suitable models.")] = None
    objects: Annotated[
        str | None,
        Text("What the labels are on, in a few words, such as nuclei; for nearer precedents.", MAX_OBJECTS),
    ] = None
    models: Annotated[
        dict[str, Any],
        NestedFields("models", "What a model must satisfy.", "for example: models: {licence: permissive}", MODELS),
    ] = {}  # noqa: RUF012 - see `answers`
    owner: Annotated[str | None, Text("Who answers for the project; named in the report.", MAX_OBJECTS)] = None
    decided_by: Annotated[
        str | None, Text("Who took the decision, and when, in a few words; named in the report.", MAX_OBJECTS)
    ] = None

    def locate(self, *keys: str, at_key: bool = False) -> Location:
        """Return the location of the use case, or of one of its values or keys."""
        return self.document.locate(*keys, at_key=at_key) if self.document else Location(self.name)


_FIRST = ("name", "description", "owner", "decided_by", "domain", "objects", "answers")
FIELDS = {key: fields_of(UseCase)[key] for key in dict.fromkeys([*_FIRST, *fields_of(UseCase)])}
"""The fields of a use case, in reading order."""
COUNTS = ("images", "objects_per_image")
EFFORT_WORDS = (*COUNTS, *EFFORT)
"""The keys accepted by `--effort`: the counts of a use case and the effort settings."""


class NotAUseCaseError(InputError):
    """Raised for a document that is clearly not a use case, such as labels, rather than one with mistakes."""


def read_use_case(document: "Document", rules: RuleSet, default_name: str) -> UseCase:
    """Read a use case from a document.

    Raises:
        NotAUseCaseError: The document is clearly not a use case.
        InputError: The document has problems, all of which are included with their locations.
    """
    if document.problems:
        too_much = document.path.endswith(".json") and document.problems[0].code == "too_large"
        raise (NotAUseCaseError if too_much else InputError)(document.problems)
    if _is_something_else(document.data, rules):
        message = _NEEDED if type(document.data) is dict else _wrong_kind(document.data)
        labels = type(document.data) is dict and not _LABELS.isdisjoint(document.data)
        hint = "`annostrat measure` reads labels" if labels else FIELDS["answers"].example
        raise NotAUseCaseError([Problem(document.locate(), message, hint, "use_case")])
    values = _values(document.data, rules, document.locate, document.path)
    values.setdefault("name", default_name)
    values["document"] = document
    return UseCase(**values)


def check_use_case(case: UseCase, rules: RuleSet) -> UseCase:
    """Validate a use case created in Python, as if it had been read from a file.

    Raises:
        InputError: The use case has problems, all of which are included.
    """
    defaults = {key: _plain(value) for key, value in UseCase._field_defaults.items()}
    plain = {key: _plain(getattr(case, key)) for key in FIELDS}
    stated = {
        key: value
        for key, value in plain.items()
        if key == "answers" or not (value is None or _is_same(value, defaults.get(key)))
    }
    return UseCase(**_values(stated, rules, case.locate, ""), document=case.document)


def _values(data: Any, rules: RuleSet, locate: "Callable[..., Location]", path: str) -> dict[str, Any]:
    """Return the validated values of a use case's fields, with evidence paths resolved from the folder of `path`.

    Raises:
        InputError: There are problems, all of which are included with their locations.
    """
    reading = CaseReading(rules, FIELDS)
    try:
        values = _read(data, reading)
    except TooManyFaults:
        values = {}
    if reading.faults:
        raise InputError(
            Problem(locate(*fault.key, at_key=fault.at_key), fault.message, fault.hint, "use_case")
            for fault in reading.faults
        )
    if "evidence" in values:
        values["evidence"] = _label_files(values["evidence"], os.path.dirname(path))
    return values


def _is_same(value: Any, default: Any) -> bool:
    """Return whether a value is the default; types are compared first, as comparing an array yields no truth value."""
    return type(value) is type(default) and bool(value == default)


def _plain(value: Any) -> Any:
    """Convert a Python value to the built-in types that a YAML parser returns for mappings, lists and numbers.

    `LabelFiles` and `SecondLabels` become the mappings used in files.
    """
    if isinstance(value, SecondLabels):
        return {"with": _plain(value.annotations), "at_least": _plain(value.at_least)}
    if isinstance(value, LabelFiles):
        return {key: _plain(part) for key, part in value._asdict().items() if part is not None}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [*map(_plain, value)]
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def _label_files(evidence: dict[str, Any], folder: str) -> LabelFiles:
    """Return annotation files with paths resolved from a folder."""
    own = evidence | {"annotations": os.path.join(folder, evidence["annotations"])}
    if second := own.get("agreement"):
        second = {**second, "annotations": os.path.join(folder, second["with"])}
        own["agreement"] = SecondLabels(**{key: value for key, value in second.items() if key != "with"})
    return LabelFiles(**own)


def _read(data: Any, reading: CaseReading) -> dict[str, Any]:
    """Return the values of a use case's fields, recording faults."""
    if type(data) is not dict:
        reading.fault((), _wrong_kind(data), _SEVERAL if type(data) is list else FIELDS["answers"].example)
        return {}
    if "answers" not in data and "answers" not in {nearest(key, FIELDS) for key in data if key not in FIELDS}:
        reading.fault((), _NEEDED, FIELDS["answers"].example)
    values: dict[str, Any] = {}
    for key, value in data.items():
        field = FIELDS.get(key)
        if field is not None:
            values[key] = field.read(value, (key,), reading)
        else:
            sections = {name: one for name, one in FIELDS.items() if isinstance(one, NestedFields)}
            under = {part: f"under `{name}`" for name, one in sections.items() for part in one.fields}
            hint = right_key(key, FIELDS, {**under, **dict.fromkeys(reading.rules.questions, "under `answers`")})
            reading.fault((key,), f"'{shortened(key)}' is not a key of a use case", hint, at_key=True)
    classes = values.get("classes", {})
    for name in values.get("keypoints", ()) if classes else ():
        if name not in classes:
            hint = suggest(name, classes)
            reading.fault(("keypoints", name), f"there is no class '{shortened(name)}'", hint, at_key=True)
    return values


_NEEDED = "a use case needs the key `answers`"


def _wrong_kind(data: Any) -> str:
    return f"a use case is a mapping with `answers`, not {kind(data)}"


_LABELS = frozenset({"annotations", "shapes"})
"""Keys of COCO and LabelMe, whose files are taken for use cases most often."""
_SEVERAL = "write several as JSON Lines, one on each line, or as YAML documents with --- between"
_SHARED = {"name", "description", "owner", "images", "objects", "classes", "keypoints", "models"}
"""Keys of a use case that also occur in other kinds of files."""
_ENOUGH = 100
"""Number of keys or list items examined to determine the kind of a document."""
_MISSPELT = 0.75
"""Similarity from which a key counts as a misspelt key of a use case: `anwsers`, but not VoTT's `assets`."""


def _is_something_else(data: Any, rules: RuleSet) -> bool:
    """Return whether a document is clearly not a use case: it has unknown keys, and none specific to use cases.

    COCO's `images`, `annotations` and `categories` are not a use case; `answer`, or a lone `name`, is a mistake.
    """
    if type(data) is list:
        return not any(type(item) is dict and not _is_something_else(item, rules) for item in data[:_ENOUGH])
    if type(data) is not dict or "answers" in data:
        return False
    from difflib import get_close_matches

    keys = [*islice(data, _ENOUGH)]
    meant = {word for key in keys for word in get_close_matches(key, FIELDS, 1, _MISSPELT) or [None]}
    return None in meant and meant <= {None, *_SHARED} and not any(key in rules.questions for key in keys)


def schema(rules: RuleSet) -> dict[str, Any]:
    """Return the JSON Schema of a use case, which lists the questions and strategies of the rules."""
    return {
        "$defs": {"answers": answers_schema(rules)},
        "type": "object",
        "description": (UseCase.__doc__ or "").partition("\n")[0],
        "additionalProperties": False,
        "required": ["answers"],
        "properties": {key: field.schema(rules) for key, field in FIELDS.items()},
    }


def check_answers(answers: dict[str, Any], rules: RuleSet, origin: str = "answers") -> dict[str, str]:
    """Validate answers and return them with yes and no spelt out.

    Raises:
        InputError: A question or an answer is unknown to the rules.
    """
    checked: dict[str, str] = _checked(FIELDS["answers"], answers, rules, origin, "answer")
    return checked


def check_models(words: dict[str, str], rules: RuleSet) -> dict[str, Any]:
    """Return requirements on models given as `key=value` words.

    Raises:
        InputError: A key is unknown, or a value is invalid.
    """
    values = {wish: _value(text) for wish, text in words.items()}
    if "licence" in words:
        values["licence"] = [word.strip() for word in words["licence"].split(",")]
    checked: dict[str, Any] = _checked(FIELDS["models"], values, rules, "--model", "models")
    return checked


def check_effort(words: dict[str, str], rules: RuleSet) -> dict[str, Any]:
    """Return counts and settings given as `key=value` words, as keys of a use case.

    Raises:
        InputError: A key is unknown, or a value is invalid.
    """
    fields = {**{name: FIELDS[name] for name in COUNTS}, **EFFORT}
    section = NestedFields("effort", "", "", fields, apart=("hourly_rate", "unit_price"))
    values = _checked(section, {name: _value(text) for name, text in words.items()}, rules, "--effort", "effort")
    counts = {name: values.pop(name) for name in COUNTS if name in values}
    return {**counts, "effort": values}


def check_label_files(files: LabelFiles, rules: RuleSet) -> LabelFiles:
    """Validate annotation files given by a Python caller, as if they came from a use case.

    Raises:
        InputError: A setting, such as format, sample or seed, is invalid.
    """
    return LabelFiles(**_checked(FIELDS["evidence"], _plain(files), rules, files.annotations, "evidence"))


def _checked(field: Field, value: Any, rules: RuleSet, origin: str, code: str) -> Any:
    """Validate a value given outside a use-case file with a field."""
    reading = CaseReading(rules)
    try:
        found = field.read(value, (), reading)
    except TooManyFaults:
        found = None
    if reading.faults:
        raise InputError(Problem(Location(origin), fault.message, fault.hint, code) for fault in reading.faults)
    return found


def _value(text: str) -> Any:
    """Convert a word to a number if possible."""
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def overlaid(settings: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return effort settings updated with others; an hourly rate replaces a unit price, and vice versa."""
    ways = {"hourly_rate", "unit_price"}
    dropped = ways if ways & given.keys() else set()
    return {name: value for name, value in settings.items() if name not in dropped} | given
