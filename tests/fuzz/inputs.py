"""Fuzzed inputs of each kind, and what must hold for every one of them.

A target is a function that takes a source of randomness and a folder of its own; it makes one input, reads it as users
would have it read, and returns it. Whatever an input may not do is raised: an exception that is not one of annostrat's,
a fault that a reader reports, output that is not JSON.
"""

from __future__ import annotations

import json
import shutil
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annostrat.annotations import readers
from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.reader import guarded
from annostrat.errors import AnnostratError, InputError
from annostrat.knowledge import plugins, yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path
from annostrat.recommendation.engine import Recommender
from annostrat.render import formats
from annostrat.render.renderer import Page
from annostrat.use_cases.files import as_yaml
from annostrat.use_cases.use_case import read_use_case

from .changes import changed_bytes, changed_json, changed_text, changed_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from annostrat.use_cases.use_case import UseCase

    Target = Callable[[Random, Path], bytes]

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "corpus"
"""Every input that ever failed: `TARGET--WHAT.ENDING`, read by a test."""
OWN_RULES = {
    "trees/mine.yaml": "rules/trees/infographic.yaml",
    "questions/occlusion.yaml": "rules/questions/occlusion.yaml",
    "strategies/points.yaml": "rules/strategies/points.yaml",
    "effort.yaml": "rules/effort.yaml",
}
"""The files of somebody's own rules, each a copy of a shipped one."""


@cache
def rules() -> Any:
    """Return the shipped rules."""
    return load_rules()


@cache
def recommender() -> Recommender:
    """Return what recommends by them."""
    return Recommender(rules())


def sound(problems: Any) -> None:
    """Check that problems have a place and words, and that none is a fault of annostrat."""
    for problem in problems:
        assert problem.code != "fault", problem
        assert problem.message, problem
        assert problem.location.path, problem


def read_labels(path: Path, format: str | None) -> None:
    """Read annotation files; whatever they are, what is read or its error is sound."""
    try:
        source = open_annotations(str(path), format).source
    except AnnostratError as error:
        sound(error.problems)
        return
    sound(source.problems)
    for piece in source.pieces:
        for batch in guarded(source, piece):
            sound(batch.problems)


def measure_labels(path: Path, format: str | None) -> None:
    """Measure annotation files; whatever they are, the result or its error is sound."""
    try:
        found = measure_path(str(path), format, jobs=1)
    except AnnostratError as error:
        sound(error.problems)
        return
    sound(found.problems)
    json.dumps(measurement(found.profile, rules(), "a", str(path)), allow_nan=False)


def labels(name: str, random: Random, folder: Path) -> bytes:
    """Change one file of an example of a format, and read the folder, now and then with all that is measured."""
    example = ROOT / "examples" / "annotations" / name
    if not (folder / name).exists():
        shutil.copytree(example, folder / name)
    files = [path for path in _files(name) if path.suffix not in {".jpg", ".yaml"} or random.random() < 0.1]
    path = random.choice(files)
    original = (example / path).read_bytes()
    change = {".json": changed_json, ".png": changed_bytes, ".jpg": changed_bytes}.get(path.suffix, changed_text)
    data = change(random, original)
    (folder / name / path).write_bytes(data)
    try:
        read = measure_labels if random.random() < 0.1 else read_labels
        read(folder / name, random.choice((name, name, None)))
    finally:
        (folder / name / path).write_bytes(original)
    return data


@cache
def _files(name: str) -> list[Path]:
    example = ROOT / "examples" / "annotations" / name
    return sorted(path.relative_to(example) for path in example.rglob("*") if path.is_file())


def read_text_of_use_cases(text: str, ending: str) -> list[UseCase]:
    """Read the documents of a use-case file; each is sound, as it is or as its error."""
    if ending == ".jsonl":
        load = yaml_source.bulk_json() if len(text) % 2 else None
        documents = [
            yaml_source.parse_line(line.encode(), "a.jsonl", 1, load) for line in text.split("\n") if line.strip()
        ]
    else:
        documents = yaml_source.parse(text, f"a{ending}")
    found = []
    for document in documents:
        try:
            found.append(read_use_case(document, rules(), "a"))
        except InputError as error:
            sound(error.problems)
    return found


def use_cases(random: Random, folder: Path) -> bytes:
    """Change an example of a use case, read it as JSON, JSON Lines or YAML, recommend, and show it in some format."""
    data = random.choice(_documents())
    ending = random.choice((".json", ".jsonl", ".yaml"))
    if random.random() < 0.7:
        text = json.dumps(changed_value(random, data), ensure_ascii=False).encode("utf-8", "surrogatepass")
    else:
        text = changed_text(random, json.dumps(data).encode() if ending != ".yaml" else random.choice(_yaml_files()))
    decoded = yaml_source.decode(text, "a")
    if isinstance(decoded, str):
        for case in read_text_of_use_cases(decoded, ending):
            result = recommender().recommend(case)
            if random.random() < 0.03:
                name = random.choice(_formats())
                "".join(plugins.pick(formats, name, "format").recommendations([result], rules(), Page()))
                (again,) = read_text_of_use_cases(as_yaml(case._replace(evidence=None)), ".yaml")
                assert recommender().recommend(again).document()["answers"] == result.document()["answers"]
    return text


@cache
def _documents() -> list[Any]:
    paths = sorted((ROOT / "examples" / "use_cases").glob("*.yaml"))
    return [document.data for path in paths for document in yaml_source.read_file(str(path))]


@cache
def _yaml_files() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "examples" / "use_cases").glob("*.yaml"))]


@cache
def _formats() -> list[str]:
    named = plugins.names(formats)
    return [name for name in named if plugins.pick(formats, name, "format").recommendations]


def own_rules(random: Random, folder: Path) -> bytes:
    """Change one file of somebody's own rules, load them, and recommend by them."""
    for name, original in OWN_RULES.items():
        if not (folder / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / original, folder / name)
    name = random.choice(sorted(OWN_RULES))
    original = (ROOT / OWN_RULES[name]).read_bytes()
    if random.random() < 0.6:
        (document,) = yaml_source.parse(original.decode(), name)
        data = json.dumps(changed_value(random, document.data)).encode()
    else:
        data = changed_text(random, original)
    (folder / name).write_bytes(data)
    try:
        found = load_rules(str(folder))
        Recommender(found).recommend(next(iter(read_text_of_use_cases("answers: {count_matters: no}", ".yaml"))))
    except AnnostratError as error:
        sound(error.problems)
    finally:
        (folder / name).write_bytes(original)
    return data


TARGETS: dict[str, Target] = {
    "use_cases": use_cases,
    "rules": own_rules,
    **{name: partial(labels, name) for name in plugins.names(readers)},
}
"""What is fuzzed, by name: use cases, rules, and each annotation format."""
