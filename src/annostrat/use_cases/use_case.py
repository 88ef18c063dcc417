"""What a use-case file may say, and the check that it says nothing else.

The check is our own because it runs before anything heavy is imported, and because the words it knows (questions,
answers, strategies) are the rules', not the code's. `rules schema use_case` publishes the same contract.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.errors import InputError, Location, Problem, nearest, shortened, suggest
from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.knowledge.shapes import Question
    from annostrat.knowledge.yaml_source import Document

MAX_FAULTS = 50
"""Faults of one use case that are reported; more would say nothing new."""
MAX_NAME = 1_000
MAX_OBJECTS = 200
MAX_COUNT = {"images": 1_000_000_000, "objects_per_image": 100_000}
MAX_CURRENCY = 8
JOINT = "+"
"""What stands between several answers to one question; on the command line a comma will do, in a file a list."""
MAX_SECONDS = 1_000_000
"""Seconds of one label that are taken for a pace: eleven days."""
_YES_NO = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
_BOOLEANS = {True: "yes", False: "no", "true": "yes", "false": "no"}


class LabelFiles(NamedTuple):
    """Annotation files, and how they are measured.

    Attributes:
        path: A file or folder, as it can be opened from the working directory.
        format: Their format; None where it is to be found out.
        sample: How many images are measured, picked by a hash of their names; None for all.
        seed: Another one picks other images.
    """

    path: str
    format: str | None = None
    sample: int | None = None
    seed: int = 0


def several(answer: str) -> list[str]:
    """Return the words of an answer, of which some questions take several."""
    return answer.split(JOINT)


def listed(answer: str) -> str | list[str]:
    """Return an answer as files and JSON say it: a list where there are several."""
    words = several(answer)
    return words if len(words) > 1 else answer


class UseCase(NamedTuple):
    """One project's answers, and what it expects of them.

    Attributes:
        name: What the project is called.
        answers: Question id to answer, several of them with `+` between; a question that is absent is not answered yet.
        description: What the project is about.
        expect: The strategies any of which `check` accepts; empty where nothing is expected.
        images: How many images are to be labelled.
        objects_per_image: How many objects of interest an image shows on average.
        classes: Class name to the answers that it gives differently from the whole.
        evidence: The annotation files that the answers are measured in.
        effort: Settings for the estimate of labelling time and money, by `EFFORT_KEYS`.
        document: Where the use case was read, if it was read.
        keypoints: Class name to its named points: `points`, and the pairs of them that a line joins as `skeleton`.
        domain: The field, by its id in the rules.
        objects: What the labels are on, in a few words.
        models: What a model must satisfy, by `WISHES`; licences are a list.
        owner: Who answers for the project.
        decided_by: Who took the decision, and when, in a few words.
    """

    name: str
    answers: dict[str, str]
    description: str | None = None
    expect: tuple[str, ...] = ()
    images: float | None = None
    objects_per_image: float | None = None
    classes: dict[str, dict[str, str]] = {}  # noqa: RUF012 - never changed, as nothing here is
    evidence: LabelFiles | None = None
    effort: dict[str, Any] = {}  # noqa: RUF012 - see `classes`
    document: Document | None = None
    keypoints: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - see `classes`
    domain: str | None = None
    objects: str | None = None
    models: dict[str, Any] = {}  # noqa: RUF012 - see `classes`
    owner: str | None = None
    decided_by: str | None = None

    def locate(self, *keys: str, at_key: bool = False) -> Location:
        """Return where the use case, or one of its values or keys, stands."""
        return self.document.locate(*keys, at_key=at_key) if self.document else Location(self.name)


class _Fault(NamedTuple):
    key: tuple[str | int, ...]
    message: str
    hint: str | None = None
    at_key: bool = False


def read_use_case(document: Document, rules: RuleSet, default_name: str) -> UseCase:
    """Return the use case that a document describes.

    Raises:
        InputError: With every problem of the document, each at its place.
    """
    if document.problems:
        raise InputError(document.problems)
    data = document.data
    plain = _plain_answers(data, rules)
    if plain is not None:
        expect, images, objects = data.get("expect"), data.get("images"), data.get("objects_per_image")
        expected = () if expect is None else (expect,)
        name, description = data.get("name", default_name), data.get("description")
        field, things = data.get("domain"), data.get("objects")
        return UseCase(name, plain, description, expected, images, objects, {}, None, {}, document, {}, field, things)
    faults = list(islice(_faults_of_use_case(data, rules), MAX_FAULTS))
    if faults:
        raise InputError(
            Problem(document.locate(*fault.key, at_key=fault.at_key), fault.message, fault.hint, "use_case")
            for fault in faults
        )
    expect = data.get("expect", ())
    return UseCase(
        data.get("name", default_name),
        _spelt_out(data["answers"]),
        data.get("description"),
        (expect,) if type(expect) is str else tuple(expect),
        data.get("images"),
        data.get("objects_per_image"),
        {str(name): _spelt_out(answers or {}) for name, answers in data.get("classes", {}).items()},
        _label_files(data["evidence"], document) if "evidence" in data else None,
        _settings(data["effort"]) if "effort" in data else {},
        document,
        data.get("keypoints", {}),
        data.get("domain"),
        data.get("objects"),
        _wishes(data["models"]) if "models" in data else {},
        data.get("owner"),
        data.get("decided_by"),
    )


def _plain_answers(data: Any, rules: RuleSet) -> dict[str, str] | None:
    """Return the answers of a use case of plain values, all of them right; None for any other.

    Most use cases are such, and this is all the checking they need.
    """
    if type(data) is not dict:
        return None
    try:
        for key, value in data.items():
            if not _PLAIN[key](value, rules):
                return None
        words = rules.words
        return {
            question: words[question][_BOOLEANS[answer] if type(answer) is bool else answer]
            for question, answer in data["answers"].items()
        }
    except (KeyError, TypeError):
        return None


_NUMBERS: tuple[type, ...] = (int, float)
_PLAIN: dict[str, Callable[[Any, RuleSet], bool]] = {
    "name": lambda value, _: type(value) is str and 0 < len(value) <= MAX_NAME,
    "description": lambda value, _: type(value) is str,
    "answers": lambda value, _: type(value) is dict,
    "domain": lambda value, rules: type(value) is str and value in rules.domains,
    "objects": lambda value, _: type(value) is str and 0 < len(value) <= MAX_OBJECTS,
    "expect": lambda value, rules: type(value) is str and value in rules.strategies,
    "images": lambda value, _: type(value) is int and 0 < value <= MAX_COUNT["images"],
    "objects_per_image": lambda value, _: type(value) in _NUMBERS and 0 <= value <= MAX_COUNT["objects_per_image"],
}


def check_answers(answers: dict[str, Any], rules: RuleSet, origin: str = "answers") -> dict[str, str]:
    """Return answers with yes and no spelt out.

    Raises:
        InputError: A question or an answer is not known to the rules.
    """
    faults = list(_faults_of_answers(answers, rules, ()))
    if faults:
        raise InputError(Problem(Location(origin), fault.message, fault.hint, "answer") for fault in faults)
    return _spelt_out(answers)


def _spelt_out(answers: dict[str, Any]) -> dict[str, str]:
    """Return right answers in their one form: yes and no spelt out, several joined."""
    return {
        question: JOINT.join(_words(answer)) if isinstance(answer, (str, list)) else _BOOLEANS[answer]
        for question, answer in answers.items()
    }


def _words(answer: str | list[str]) -> list[str]:
    """Return the words of an answer as it was given: one, or several in a list or with `+` or a comma between."""
    given = answer if isinstance(answer, list) else answer.replace(",", JOINT).split(JOINT)
    return [_BOOLEANS.get(word, word.strip()) if isinstance(word, str) else word for word in given]


def _faults_of_use_case(data: Any, rules: RuleSet) -> Iterator[_Fault]:
    if type(data) is not dict:
        yield _Fault((), f"a use case is a mapping with `answers`, not {_kind(data)}", _EXAMPLE)
        return
    misspelt = [key for key in data if key not in _CHECKS]
    if "answers" not in data and all(nearest(key, KEYS) != "answers" for key in misspelt):
        yield _Fault((), "a use case needs the key `answers`", _EXAMPLE)
        if 2 * len(misspelt) > len(data):  # it is something else, of which no key need be named
            return
    for key, value in data.items():
        check = _CHECKS.get(key)
        if check is None:
            hint = "write it under `answers`" if key in rules.questions else suggest(key, KEYS)
            yield _Fault((key,), f"'{shortened(key)}' is not a key of a use case", hint, at_key=True)
        else:
            yield from check(value, rules, (key,))
    yield from _unknown_classes(data)


def _unknown_classes(data: dict[Any, Any]) -> Iterator[_Fault]:
    """Yield the classes whose points are named, and which the use case does not have."""
    classes, keypoints = data.get("classes"), data.get("keypoints")
    if isinstance(classes, dict) and classes and isinstance(keypoints, dict):
        for name in keypoints:
            if name not in classes:
                hint = suggest(str(name), map(str, classes))
                yield _Fault(("keypoints", name), f"there is no class '{shortened(str(name))}'", hint, at_key=True)


def _faults_of_answers(answers: Any, rules: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(answers) is not dict:
        yield _Fault(key, f"answers are a mapping of question to answer, not {_kind(answers)}", _EXAMPLE)
        return
    for question, answer in answers.items():
        known = rules.questions.get(question)
        if known is None:
            hint = suggest(question, rules.questions)
            yield _Fault((*key, question), f"no rule set asks '{shortened(question)}'", hint, at_key=True)
            continue
        if known["several"] and (isinstance(answer, list) or (isinstance(answer, str) and _words(answer)[1:])):
            yield from _faults_of_several(question, answer, known, (*key, question))
            continue
        offered = known["answers"]
        spelt = _BOOLEANS.get(answer, answer) if isinstance(answer, (str, bool)) else answer
        if spelt != UNKNOWN and (type(spelt) is not str or spelt not in offered):
            yield _fault_of_answer(question, answer, [*offered, UNKNOWN], (*key, question))


def _faults_of_several(
    question: str, answer: str | list[Any], known: Question, key: tuple[str | int, ...]
) -> Iterator[_Fault]:
    """Yield what is wrong with several answers to a question: a word that is not offered, or one given twice."""
    words: list[Any] = _words(answer)
    offered = [*known["answers"]]
    if not words:
        yield _Fault(key, f"{question} has no answer", f"write {UNKNOWN}, or remove the line")
    for index, word in enumerate(words):
        place = (*key, index) if isinstance(answer, list) else key
        if type(word) is not str or word not in offered:
            yield _fault_of_answer(question, word, offered, place)
        elif word in words[:index]:
            yield _Fault(place, f"{question} gives '{word}' twice", "keep one of the two")


def _fault_of_answer(question: str, answer: Any, offered: list[str], key: tuple[str | int, ...]) -> _Fault:
    valid = f"valid: {', '.join(offered)}"
    if answer is None:
        return _Fault(key, f"{question} has no answer", f"write {UNKNOWN}, or remove the line")
    if not isinstance(answer, str):
        return _Fault(key, f"{_kind(answer)} is not an answer to {question}", valid)
    close = nearest(answer.strip().lower(), offered)
    hint = f"did you mean '{close}'? {valid}" if close else valid
    return _Fault(key, f"'{shortened(answer)}' is not an answer to {question}", hint)


def _faults_of_text(value: Any, _: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not str:
        yield _Fault(key, f"{key[-1]} is text, not {_kind(value)}", "put it in quotes")
    elif key == ("name",) and not 0 < len(value) <= MAX_NAME:
        yield _Fault(key, f"a name has between 1 and {MAX_NAME} characters, not {len(value)}")
    elif key in (("owner",), ("decided_by",)) and not 0 < len(value) <= MAX_OBJECTS:
        yield _Fault(key, f"{key[0]} has between 1 and {MAX_OBJECTS} characters, not {len(value)}")
    elif key == ("objects",) and not 0 < len(value) <= MAX_OBJECTS:
        yield _Fault(
            key, f"objects are named in 1 to {MAX_OBJECTS} characters, not {len(value)}", "for example: nuclei"
        )


def _faults_of_domain(value: Any, rules: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not str:
        yield _Fault(key, f"domain is one word, not {_kind(value)}", f"valid: {', '.join(rules.domains)}")
    elif value not in rules.domains:
        words = [word for id_, text in rules.domains.items() for word in (id_, *text["words"])]
        meant = rules.domain(value) or rules.domain(nearest(value.lower(), words) or "")
        hint = f"did you mean '{meant}'? " if meant else ""
        yield _Fault(key, f"no domain is called '{shortened(value)}'", f"{hint}valid: {', '.join(rules.domains)}")


def _faults_of_expect(value: Any, rules: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    words = value if type(value) is list else [value]
    if not words:
        yield _Fault(key, "expect names no strategy", f"valid: {', '.join(rules.strategies)}")
    for index, word in enumerate(words):
        place: tuple[str | int, ...] = (*key, index) if words is value else key
        if type(word) is not str:
            yield _Fault(place, f"expect names strategies, not {_kind(word)}", f"valid: {', '.join(rules.strategies)}")
        elif word not in rules.strategies:
            yield _Fault(place, f"no strategy is called '{shortened(word)}'", suggest(word, rules.strategies))


def _faults_of_count(value: Any, _: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    whole = key == ("images",)
    if type(value) not in ((int,) if whole else (int, float)):
        digits = value.replace(",", "").replace(".", "").replace(" ", "") if type(value) is str else ""
        hint = "write it without quotes and separators" if digits.isdecimal() else None
        yield _Fault(key, f"{key[-1]} is a {'whole ' if whole else ''}number, not {_kind(value)}", hint)
    elif not whole <= value <= MAX_COUNT[key[-1]]:  # nor does nan lie there
        yield _Fault(key, f"{key[-1]} is {value}", f"it lies between {int(whole)} and {MAX_COUNT[key[-1]]:,}")


def _faults_of_classes(value: Any, rules: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not dict:
        yield _Fault(
            key,
            f"classes are a mapping of class name to answers, not {_kind(value)}",
            "for example: classes: {soil: {}}",
        )
        return
    for name, answers in value.items():
        if not name:
            yield _Fault((*key, name), "a class needs a name", at_key=True)
        if answers is not None:
            yield from _faults_of_answers(answers, rules, (*key, name))


def _faults_of_keypoints(value: Any, _: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not dict:
        yield _Fault(key, f"keypoints are a mapping of class name to points, not {_kind(value)}", _KEYPOINTS)
        return
    for name, entry in value.items():
        points: Any = entry.get("points") if type(entry) is dict else None
        if type(entry) is not dict or not {"points"} <= set(entry) <= {"points", "skeleton"}:
            yield _Fault((*key, name), "keypoints of a class have `points`, and may have a `skeleton`", _KEYPOINTS)
        elif not _are_words(points) or len(set(points)) < len(points):
            yield _Fault((*key, name, "points"), "points are a list of names, each given once", _KEYPOINTS)
        else:
            yield from _faults_of_skeleton(entry.get("skeleton", []), points, (*key, name, "skeleton"))


def _faults_of_skeleton(value: Any, points: list[str], key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not list:
        yield _Fault(key, f"a skeleton is a list of pairs of points, not {_kind(value)}", _KEYPOINTS)
        return
    for index, pair in enumerate(value):
        if not _are_words(pair) or len(pair) != _PAIR or pair[0] == pair[1]:
            yield _Fault((*key, index), "a line of a skeleton joins two points", _KEYPOINTS)
            continue
        for at, point in enumerate(pair):
            if point not in points:
                yield _Fault((*key, index, at), f"no point is called '{shortened(point)}'", suggest(point, points))


def _are_words(value: Any) -> bool:
    return type(value) is list and bool(value) and all(type(word) is str and word for word in value)


def _label_files(evidence: dict[str, Any], document: Document) -> LabelFiles:
    """Return the annotation files that a document names from its own folder."""
    path = os.path.join(os.path.dirname(document.path), evidence["annotations"])
    return LabelFiles(path, evidence.get("format"), evidence.get("sample"), evidence.get("seed", 0))


def _faults_of_evidence(value: Any, _: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not dict:
        yield _Fault(key, f"evidence is a mapping with `annotations`, not {_kind(value)}", _EVIDENCE_EXAMPLE)
        return
    if "annotations" not in value:
        yield _Fault(key, "evidence needs the key `annotations`", _EVIDENCE_EXAMPLE)
    yield from _faults_of_keys(value, key, EVIDENCE_KEYS, "is not a key of evidence", tuple(EVIDENCE_KEYS))


def _faults_of_effort(value: Any, _: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not dict:
        yield _Fault(
            key, f"effort is a mapping of settings, not {_kind(value)}", "effort: {hourly_rate: 20, currency: EUR}"
        )
    else:
        yield from _faults_of_settings(value, key, tuple(EFFORT_KEYS))


def _faults_of_settings(settings: dict[str, Any], key: tuple[str, ...], valid: tuple[str, ...]) -> Iterator[_Fault]:
    yield from _faults_of_keys(settings, key, EFFORT_KEYS, "is no setting of effort", valid)
    if "hourly_rate" in settings and "unit_price" in settings:
        hint = "keep one: hours cost the rate, or labels cost the price"
        yield _Fault((*key, "unit_price"), "effort gives both hourly_rate and unit_price", hint, at_key=True)


def _faults_of_models(value: Any, rules: RuleSet, key: tuple[str, ...]) -> Iterator[_Fault]:
    if type(value) is not dict:
        yield _Fault(
            key, f"models is a mapping of what they must satisfy, not {_kind(value)}", "models: {licence: permissive}"
        )
        return
    yield from _faults_of_keys(value, key, WISHES, "is nothing that a model can be asked for", tuple(WISHES))
    known = [PERMISSIVE_ONLY, DATA_TERMS, *sorted(licences(rules))]
    for licence in _wishes(value).get("licence", []) if WISHES["licence"].holds(value.get("licence")) else []:
        if licence not in known:
            yield _Fault(
                (*key, "licence"), f"no model is under the licence '{shortened(licence)}'", suggest(licence, known)
            )


def licences(rules: RuleSet) -> set[str]:
    """Return the names of the licences of code and weights in the catalogue, assistants' too."""
    variants = [variant for suited in rules.architectures.values() for variant in suited]
    return {name for one in [*variants, *rules.assistants] for name in (one["code_licence"], one["weights_licence"])}


def _faults_of_keys(
    settings: dict[str, Any], key: tuple[str, ...], known: dict[str, _Setting], unknown: str, valid: tuple[str, ...]
) -> Iterator[_Fault]:
    """Yield what is wrong with each setting: its key, of which the message says what it is not, or its value."""
    for name, setting in settings.items():
        allowed = known.get(name)
        if allowed is None:
            hint = f"write it beside `{key[-1]}`, not under it" if key and name in KEYS else suggest(name, valid)
            yield _Fault((*key, name), f"'{shortened(name)}' {unknown}", hint, at_key=True)
        elif not allowed.holds(setting):
            yield _Fault((*key, name), f"{name} is {allowed.text}, not {_kind(setting)}")


class _Setting(NamedTuple):
    text: str
    holds: Callable[[Any], bool]


def _number(low: float, high: float, *, whole: bool = False) -> Callable[[Any], bool]:
    kinds = (int,) if whole else (int, float)
    return lambda value: type(value) in kinds and low <= value <= high


MAX_SAMPLE = 1_000_000_000
MAX_SEED = (1 << 63) - 1
EVIDENCE_KEYS = {
    "annotations": _Setting("a path", lambda value: type(value) is str and bool(value)),
    "format": _Setting("the name of a format, such as coco", lambda value: type(value) is str and bool(value)),
    "sample": _Setting(f"a whole number of images from 1 to {MAX_SAMPLE:,}", _number(1, MAX_SAMPLE, whole=True)),
    "seed": _Setting("a whole number from 0 on", _number(0, MAX_SEED, whole=True)),
}
"""What a use case says of its annotation files: where they lie, and how `measure` was to read them."""
_YES_OR_NO = _Setting("yes or no", lambda value: isinstance(value, (str, bool)) and value in _YES_NO)
_YES_NO_KEYS = ("assistance", "full_scene")
EFFORT_KEYS = {
    "assistance": _YES_OR_NO,
    "seconds_per_label": _Setting(
        f"your own pace, a number of seconds above 0 and up to {MAX_SECONDS:,}",
        lambda value: type(value) in _NUMBERS and 0 < value <= MAX_SECONDS,  # nor is nan
    ),
    "surfaces": _Setting("a number of surfaces in an image from 0 to 100,000", _number(0, 100_000)),
    "full_scene": _YES_OR_NO,
    "qa_share": _Setting("a part of the labelling time between 0 and 10", _number(0, 10)),
    "hourly_rate": _Setting("money for an hour, a number from 0 to 1,000,000", _number(0, 1_000_000)),
    "unit_price": _Setting("money for a label, a number from 0 to 1,000,000", _number(0, 1_000_000)),
    "currency": _Setting(
        "a short word such as EUR", lambda value: type(value) is str and 0 < len(value) <= MAX_CURRENCY
    ),
    "annotators": _Setting("a whole number from 1 to 100,000", _number(1, 100_000, whole=True)),
    "classes": _Setting("a whole number from 1 to 100,000", _number(1, 100_000, whole=True)),
}
"""Settings of the effort estimate: who labels, with what help, and what that costs."""
_SIZE = "a number above 0"
_A_SIZE = _number(1e-9, 1e9)
PERMISSIVE_ONLY = "permissive"
"""The wish for licences, and data behind the weights, that let anyone ship a closed product."""
DATA_TERMS = "data_terms"
"""The wish for licences that do, whatever the terms of the data behind the weights."""
WISHES = {
    "licence": _Setting(
        f"{PERMISSIVE_ONLY}, {DATA_TERMS}, the name of a licence, or a list of names",
        lambda value: (type(value) is str and bool(value)) or _is_list_of_text(value),
    ),
    "max_params_m": _Setting(f"a number of parameters in millions, {_SIZE}", _A_SIZE),
    "max_gflops": _Setting(f"10^9 operations for one image, {_SIZE}", _A_SIZE),
    "max_latency_ms": _Setting(f"milliseconds for one image, {_SIZE}", _A_SIZE),
    "max_train_memory_gb": _Setting(f"memory of one GPU in GB, {_SIZE}", _A_SIZE),
}
"""What a model must satisfy; one whose figure nobody published does not satisfy a limit to it."""
EFFORT_WORDS = (*MAX_COUNT, *EFFORT_KEYS)
"""What `--effort` takes: the counts of a use case and the settings."""


def _is_list_of_text(value: Any) -> bool:
    return type(value) is list and bool(value) and all(type(word) is str and word for word in value)


def _wishes(models: dict[str, Any]) -> dict[str, Any]:
    """Return what models must satisfy, with licences in a list."""
    return {wish: [wanted] if wish == "licence" and type(wanted) is str else wanted for wish, wanted in models.items()}


def check_models(words: dict[str, str], rules: RuleSet) -> dict[str, Any]:
    """Return what models must satisfy, given as `key=value` words.

    Raises:
        InputError: A key is not known, or its value is not what it should be.
    """
    values: dict[str, Any] = {wish: _value(text) for wish, text in words.items()}
    if "licence" in words:
        values["licence"] = [word.strip() for word in words["licence"].split(",")]
    faults = list(_faults_of_models(values, rules, ()))
    if faults:
        raise InputError(Problem(Location("--model"), fault.message, fault.hint, "models") for fault in faults)
    return _wishes(values)


def _settings(effort: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with yes and no as booleans."""
    return {name: _YES_NO.get(value, value) if name in _YES_NO_KEYS else value for name, value in effort.items()}


def check_effort(words: dict[str, str], rules: RuleSet) -> dict[str, Any]:
    """Return counts and settings given as `key=value` words, as keys of a use case.

    Raises:
        InputError: A key is not known, or its value is not what it should be.
    """
    values = {name: _value(text) for name, text in words.items()}
    counts: dict[str, Any] = {name: values.pop(name) for name in MAX_COUNT if name in values}
    faults = [fault for name, value in counts.items() for fault in _faults_of_count(value, rules, (name,))]
    faults += _faults_of_settings(values, (), EFFORT_WORDS)
    if faults:
        raise InputError(Problem(Location("--effort"), fault.message, fault.hint, "effort") for fault in faults)
    return {**counts, "effort": _settings(values)}


def overlaid(settings: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return settings of effort with others over them; an hourly rate replaces a price for a label, and the reverse."""
    ways = {"hourly_rate", "unit_price"}
    dropped = ways if ways & given.keys() else set()
    return {name: value for name, value in settings.items() if name not in dropped} | given


def _value(text: str) -> Any:
    """Return a word as the number that it is, or as it is."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", type(None): "nothing", bool: str(value).lower()}
    return names.get(type(value)) or (f"the text '{shortened(value)}'" if type(value) is str else f"the number {value}")


_PAIR = 2
_KEYPOINTS = "for example: pig: {points: [snout, neck, tail], skeleton: [[snout, neck], [neck, tail]]}"
_EVIDENCE_EXAMPLE = "for example: evidence: {annotations: path/to/annotations.json}"
_EXAMPLE = "for example: answers: {count_matters: no}"
_CHECKS: dict[str, Callable[[Any, RuleSet, tuple[str, ...]], Iterator[_Fault]]] = {
    "name": _faults_of_text,
    "description": _faults_of_text,
    "owner": _faults_of_text,
    "decided_by": _faults_of_text,
    "domain": _faults_of_domain,
    "objects": _faults_of_text,
    "answers": _faults_of_answers,
    "expect": _faults_of_expect,
    "images": _faults_of_count,
    "objects_per_image": _faults_of_count,
    "classes": _faults_of_classes,
    "evidence": _faults_of_evidence,
    "effort": _faults_of_effort,
    "models": _faults_of_models,
    "keypoints": _faults_of_keypoints,
}
KEYS = tuple(_CHECKS)
