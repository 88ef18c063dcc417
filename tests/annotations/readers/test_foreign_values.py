"""Every field of every example is given every kind of value: no reader fails, and none drops a label in silence."""

import importlib
import json
import math
import os
import pkgutil
import re
import re._constants as sre
import re._parser as sre_parse
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from copy import deepcopy
from itertools import cycle, islice
from pathlib import Path
from xml.etree.ElementTree import fromstring, tostring

import pytest
from tests.fuzz.inputs import measure_labels, sound

from annostrat import annotations, use_cases
from annostrat.annotations import readers
from annostrat.annotations.readers.tools import labelme
from annostrat.annotations.text.large_file import LargeFile
from annostrat.annotations.text.xml import root_tag
from annostrat.errors import InputError
from annostrat.knowledge.plugins import names
from annostrat.measure.agreement.api import agreement
from annostrat.measure.reading import measure_path

from .conftest import reading

EXAMPLES = Path(__file__).parents[3] / "examples" / "annotations"
JSON = [
    "cityscapes",
    "coco",
    pytest.param("coco_panoptic", marks=pytest.mark.slow),
    "label_studio",
    "labelme",
    "via",
    "datumaro",
    "supervisely",
    "darwin",
    "labelbox",
    "sa_1b",
    "hugging_face",
]
TEXTS = sorted(set(names(readers)) - {"class_masks", "instance_masks"})
VALUES = {
    "a number as text": "12.5",
    "no number": "twelve",
    "nothing": "",
    "null": None,
    "true": True,
    "a list": [1, [2, {"a": []}]],
    "no list": [],
    "an object": {"a": [1], "b": {"c": "d"}},
    "NaN": float("nan"),
    "Infinity": float("-inf"),
    "a huge number": 10**30,
    "a number beyond floats": 10**400,
    "below 0": -7,
    "a fraction": 0.25,
    "strings": ["1", "2", "30", "40"],
    "text that is none": "\ud800\0",
}
WORDS = ["12.5", "twelve", "", "nan", "-inf", "1e999", "9" * 5000, "-7", "0x10", "1_0", "é"]
TELLING = {"a list", "NaN", "text that is none", "nan", "9" * 5000}
"""Values that are tried whenever tests are run; the whole gate tries the others, too."""


def tried(values):
    """Return values for `parametrize`, most of them for the whole gate alone."""
    return [pytest.param(each, marks=[] if each in TELLING else [pytest.mark.slow]) for each in values]


def fields_of(value, path=()):
    """Yield the path of every value in a document; of a list, its first and last member stand for all."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from fields_of(each, (*path, key))
    elif isinstance(value, list):
        for index in sorted({0, len(value) - 1}) if value else ():
            yield from fields_of(value[index], (*path, index))


def with_value(document, path, value):
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy


def copied(name, tmp_path):
    """Return a copy of an example and its first file of labels."""
    folder = tmp_path / "set"
    shutil.copytree(EXAMPLES / name, folder)
    suffixes = {".json", ".ndjson", ".jsonl", ".xml", ".txt", ".csv"}
    files = sorted(path for path in folder.rglob("*") if path.suffix in suffixes and "class" not in path.name)
    return folder, files[0]


def check(name, folder, labels, what):
    """Hold a reading to its promise: no failure of ours, and no label fewer without a word."""
    found = reading(name, str(folder))
    assert not [problem for problem in found.problems if "annostrat failed" in problem], (what, found.problems)
    is_told = found.problems or found.remarks
    assert len(found.labels) >= labels or is_told, what


@pytest.mark.parametrize("kind", tried(VALUES))
@pytest.mark.parametrize("name", JSON)
def test_no_json_value_is_the_end_of_a_reader(name, kind, tmp_path):
    """Whatever stands in a field, the rest is read, and what is lost is told."""
    folder, file = copied(name, tmp_path)
    lines = file.suffix in {".ndjson", ".jsonl"}
    document = [*map(json.loads, file.read_text().splitlines())] if lines else json.loads(file.read_text())
    labels = len(reading(name, str(folder)).labels)
    for path in fields_of(document):
        if kind == "no list" or (path[-1] == "segmentation" and kind == "null"):
            labels = 0  # which means that there is none
        changed = with_value(document, path, VALUES[kind])
        file.write_text("\n".join(map(json.dumps, changed)) if lines else json.dumps(changed))
        check(name, folder, labels, path)


@pytest.mark.slow
@pytest.mark.parametrize("name", JSON)
def test_no_json_value_is_the_end_of_measuring_or_comparing(name, tmp_path):
    """What is read of such files is measured, and compared with the file as it was; a part of the fields must do."""
    folder, file = copied(name, tmp_path)
    shutil.copytree(folder, tmp_path / "as_it_was")
    lines = file.suffix in {".ndjson", ".jsonl"}
    document = [*map(json.loads, file.read_text().splitlines())] if lines else json.loads(file.read_text())
    kinds = cycle(["a list", "a huge number", "NaN", "strings"])
    for path, kind in zip(islice(fields_of(document), 0, None, 4), kinds, strict=False):
        changed = with_value(document, path, VALUES[kind])
        file.write_text("\n".join(map(json.dumps, changed)) if lines else json.dumps(changed))
        measure_labels(folder, name)
        with suppress(InputError):
            compared = agreement([tmp_path / "as_it_was", folder], format=name)
            sound(compared.problems)
            json.dumps(compared.agreement, allow_nan=False)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["a number as text", "no number", "a huge number", "null", "a list"])
def test_no_json_value_is_the_end_of_what_is_converted(kind, tmp_path):
    """What panlabel refuses is a problem with the file's name, and what it lets pass is read like any COCO file."""
    pytest.importorskip("panlabel")
    folder, file = copied("panlabel", tmp_path)
    document = json.loads(file.read_text())
    numeric = [path for path in fields_of(document) if path[-1] in {"left", "top", "width", "height", "x", "y"}]
    for path in numeric:
        file.write_text(json.dumps(with_value(document, path, VALUES[kind])))
        check("panlabel", folder, 3, path)


COLUMNS = ["12.5", "twelve", None, True, math.nan, -math.inf, 10**15, -7, b"\xff", [1.0], [[1.0], [2.0]], {"a": [1]}]
"""Values that a column of parquet may have; one of a column has the type of all."""


@pytest.mark.parametrize("value", COLUMNS)
@pytest.mark.parametrize("field", ["width", "image_id", "bbox", "category", "objects"])
def test_no_parquet_value_is_the_end_of_a_reader(field, value, tmp_path):
    """A column may be of any type, and what is lost is told."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    row = {"image_id": 7, "width": 40, "height": 30, "objects": {"bbox": [[1.0, 2.0, 3.0, 4.0]], "category": ["cat"]}}
    changed = row["objects"] if field in row["objects"] else row
    changed[field] = [value] if field in row["objects"] else value
    parquet.write_table(arrow.Table.from_pylist([row]), tmp_path / "a.parquet")
    check("hugging_face", tmp_path, 1, (field, value))


@pytest.mark.parametrize("word", tried(WORDS))
@pytest.mark.parametrize("name", ["cvat", "cvat_video", "pascal_voc"])
def test_no_xml_value_is_the_end_of_a_reader(name, word, tmp_path):
    """The same of texts and attributes."""
    folder, file = copied(name, tmp_path)
    document = fromstring(file.read_text())  # noqa: S314 - our own
    labels = len(reading(name, str(folder)).labels)
    for number, original in enumerate(document.iter()):
        for key in [None, *original.attrib]:
            root = deepcopy(document)
            element = list(root.iter())[number]
            if key is None:
                element.text = word
            else:
                element.set(key, word)
            file.write_text(tostring(root, encoding="unicode"))
            check(name, folder, labels, (element.tag, key))


@pytest.mark.parametrize("word", tried(WORDS))
@pytest.mark.parametrize(("name", "comma"), [("yolo", " "), ("open_images", ","), ("kitti", " "), ("dota", " ")])
def test_no_word_of_a_row_is_the_end_of_a_reader(name, comma, word, tmp_path):
    """The same of rows."""
    folder, file = copied(name, tmp_path)
    lines = file.read_text().splitlines()
    labels = len(reading(name, str(folder)).labels)
    for column in range(len(lines[-1].split(comma))):
        words = lines[-1].split(comma)
        words[column] = word
        file.write_text("\n".join([*lines[:-1], comma.join(words)]) + "\n")
        check(name, folder, labels, column)


@pytest.mark.parametrize("name", TEXTS)
def test_text_that_is_no_utf_8_is_named(name, tmp_path):
    """Latin-1, GBK and UTF-16 in the place of a name are a problem, a remark or a strange letter, never a failure."""
    folder, file = copied(name, tmp_path)
    text = file.read_bytes()
    for encoded in (b"\xe9t\xe9", "猫".encode("gbk"), "猫".encode("utf-16")):
        file.write_bytes(text.replace(b"apple", encoded))
        check(name, folder, 0, encoded)


@pytest.mark.parametrize("name", TEXTS)
def test_a_pipe_or_a_device_is_refused_at_once(name, tmp_path):
    """What has no end is not waited for: it is a problem with its path."""
    folder, file = copied(name, tmp_path)
    suffix = file.suffix
    os.mkfifo(folder / f"pipe{suffix}")
    os.symlink("/dev/zero", folder / f"device{suffix}")
    found = reading(name, str(folder))
    assert [problem for problem in found.problems if "is a pipe, not a file" in problem]
    assert [problem for problem in found.problems if "is a device, not a file" in problem]


def repeats(parsed, inside=False):
    """Yield whether a pattern repeats without end something that itself repeats without end."""
    for operation, argument in parsed:
        is_repeat = operation in {sre.MAX_REPEAT, sre.MIN_REPEAT} and argument[1] == sre.MAXREPEAT
        yield is_repeat and inside
        inner = inside or is_repeat
        for part in argument if isinstance(argument, (tuple, list)) else [argument]:
            if isinstance(part, sre_parse.SubPattern):
                yield from repeats(part, inner)
            elif isinstance(part, list):
                for each in part:
                    if isinstance(each, sre_parse.SubPattern):
                        yield from repeats(each, inner)


def patterns():
    """Yield all compiled patterns of what reads files: the readers, YAML, use cases, and names."""
    modules = ["annostrat.knowledge.yaml_source", "annostrat.measure.naming"]
    for package in (annotations, use_cases):
        modules += [each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    for name in modules:
        for each in vars(importlib.import_module(name)).values():
            if isinstance(each, re.Pattern):
                yield pytest.param(each, id=f"{name}: {each.pattern!r:.60}")


HOSTILE = ["a", '"', "\\", "<!---->", "<?xml ", "} , ", " ", "0", "b'", "1,", "labels", "-", "'"]


@pytest.mark.parametrize("pattern", list(patterns()))
def test_no_pattern_takes_longer_than_its_text(pattern):
    """No repetition is nested, and thousands of whatever might confuse a pattern take no second."""
    assert not any(repeats(sre_parse.parse(pattern.pattern, pattern.flags)))
    for part in HOSTILE:
        text = part * 5_000 + "!"
        started = time.process_time()
        pattern.match(text.encode() if isinstance(pattern.pattern, bytes) else text)
        assert time.process_time() - started < 1, part


@pytest.mark.slow
def test_comments_before_a_root_element_are_stepped_over():
    """Thirty comments, or thirty thousand, before something that is no label file cost what reading them costs."""
    head = b"<!---->" * 30_000
    started = time.process_time()
    assert root_tag(head + b"<note/>") == "note"
    assert root_tag(head + b"<ns:Annotation>") == "annotation"
    assert root_tag(head) == ""
    assert time.process_time() - started < 5


LIMIT = 1_500_000_000
"""Bytes of address space in which any file that fits the stated budgets is read."""
BOMBS = {"coco": [[1, 168_999_999]] * 60, "striped": [[13_000] * 13_000]}
"""Run lengths of masks of 13,000 x 13,000 pixels: whole ones, and one of stripes of one pixel."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", BOMBS)
def test_what_a_file_unpacks_to_is_bounded(kind, tmp_path):
    """A few kilobytes of run lengths that stand for gigabytes of pixels are read in the memory that is stated."""
    path = tmp_path / "a.json"
    label = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9]}
    masks = ({"size": [13_000, 13_000], "counts": counts} for counts in BOMBS[kind])
    labels = [{"id": number, **label, "segmentation": mask} for number, mask in enumerate(masks)]
    images = [{"id": 1, "file_name": "a.jpg", "width": 13_000, "height": 13_000}]
    path.write_text(json.dumps({"images": images, "categories": [{"id": 1, "name": "a"}], "annotations": labels}))
    script = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT}));"
        f"from annostrat.measure.reading import measure_path; found = measure_path({str(path)!r}, jobs=1);"
        "print(found.profile.counts['objects'], sorted(found.profile.found))"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("60" if kind == "coco" else "1 ")
    assert ("mask_too_large" in done.stdout) == (kind == "striped")


def test_a_pipe_that_is_named_is_refused(tmp_path):
    """A pipe would be read by who looks at it, and be empty for who reads it."""
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(InputError, match="is a pipe, not a file"):
        measure_path(str(tmp_path / "a.json"))


def test_a_failure_in_one_file_leaves_the_others(tmp_path, monkeypatch):
    """A fault of ours is told with its file and place, and what else there is, is measured."""
    folder, _ = copied("labelme", tmp_path)
    original = labelme.label_of
    monkeypatch.setattr(labelme, "label_of", lambda shape: original(shape) if shape["label"] != "leaf" else 1 / 0)
    reading_ = measure_path(str(folder), jobs=1)
    (problem,) = reading_.problems
    assert problem.location.path.endswith("fruit_1.json")
    assert problem.message.startswith("annostrat failed at this file: ZeroDivisionError in test_foreign_values.py:")
    assert "fruit_2" in str(reading_.profile.names)


def test_a_file_that_shrinks_while_it_is_read_is_a_problem(tmp_path):
    """What a file lost meanwhile is not made up, and no signal ends the program."""
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * 1000)
    with LargeFile(str(path)) as data:
        os.truncate(path, 10)
        with pytest.raises(OSError, match="became shorter while it was read"):
            data.read(0, 1000)
