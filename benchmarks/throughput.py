"""Many use cases in one call: JSON Lines beside pydantic, text, YAML beside libyaml, memory, and the first result."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import product
from threading import Thread
from typing import TYPE_CHECKING, Annotated, NamedTuple

import yaml
from _measure import ROUNDS, Row, as_yaml, command, fresh, program, rounds, table, use_cases
from pydantic import BaseModel, ConfigDict, Field

from annostrat import load_rules
from annostrat.cli.commands import recommend
from annostrat.knowledge.loader import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from annostrat import RuleSet

TEXT_LIMIT, YAML_LIMIT, MEMORY_LIMIT = 3, 2, 1.1


class Kind(NamedTuple):
    """What the use cases are like, and how many times as long as pydantic's validation their JSON Lines may take."""

    name: str
    limit: float | None
    drawn: dict[str, bool]


KINDS = (
    Kind("every question answered", 3, {"gaps": False}),
    Kind("every question answered, with counts, so with effort", 8, {"gaps": False, "counted": True}),
    Kind("the same, a tenth with classes", None, {"gaps": False, "counted": True, "classed": True}),
    Kind("answers missing or unknown", None, {}),
)


class UseCaseModel(BaseModel):
    """What pydantic checks of a use case; the words of answers, strategies and fields it takes as they are."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=1_000)] = ""
    description: str = ""
    domain: str = ""
    objects: Annotated[str, Field(min_length=1, max_length=200)] = ""
    answers: dict[str, str | bool]
    expect: str | list[str] = ""
    images: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    objects_per_image: Annotated[float, Field(ge=0, le=100_000)] = 0
    classes: dict[str, dict[str, str | bool] | None] = {}


FEW, MANY = 10_000, 200_000


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--files", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--rules", default=DEFAULT, help="a rule set; by default that of `annostrat recommend`")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rules = load_rules(given.rules)
        json_lines(rules, folder, given.lines, given.rounds)
        yaml_files(rules, folder, given.files, given.rounds)
        memory(rules, folder)
        first_result(rules)


def json_lines(rules: RuleSet, folder: str, count: int, times: int) -> None:
    """Compare JSON Lines to JSON Lines with validating the same lines in pydantic, and text with JSON Lines."""
    for kind in KINDS:
        path = _write_lines(folder, use_cases(rules, count, **kind.drawn))
        with open(path, "rb") as file:
            lines = file.readlines()
        things = {
            "pydantic": fresh(_validate(lines)),
            "jsonl": fresh(_recommend(path, rules)),
            "text": fresh(_recommend(path, rules, "text")),
        }
        taken = {name: run.cpu for name, run in rounds(things, times).items()}
        micros = {name: f"{seconds / count * 1e6:.1f} us/line" for name, seconds in taken.items()}
        rows = [
            Row("pydantic, model_validate_json", micros["pydantic"]),
            Row(
                "annostrat, to JSON Lines", micros["jsonl"], taken["jsonl"] / taken["pydantic"], "pydantic", kind.limit
            ),
            Row("annostrat, to text", micros["text"], taken["text"] / taken["jsonl"], "JSON Lines", TEXT_LIMIT),
        ]
        table(f"{count:,} lines, file to written bytes, {kind.name}; CPU time", rows)


def yaml_files(rules: RuleSet, folder: str, count: int, times: int) -> None:
    """Compare one call for many YAML files with what libyaml needs to read them."""
    for kind in KINDS:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            for number, case in enumerate(use_cases(rules, count, **kind.drawn)):
                with open(os.path.join(place, f"case_{number:05}.yaml"), "w", encoding="utf-8") as file:
                    file.write(as_yaml(case))
            paths = sorted(entry.path for entry in os.scandir(place))
            things = {
                "ours": fresh(_recommend(place, rules)),
                "load": fresh(_each(paths, lambda text: yaml.load(text, Loader=yaml.CSafeLoader))),
                "compose": fresh(_each(paths, lambda text: yaml.compose(text, Loader=yaml.CSafeLoader))),
            }
            taken = rounds(things, times)
        rows = []
        for name, limit in {"load": YAML_LIMIT, "compose": None}.items():
            theirs = taken[name].cpu
            rows.append(Row(f"libyaml, yaml.{name}", f"{theirs / count * 1e6:.0f} us/file"))
            value = f"{taken['ours'].cpu / count * 1e6:.0f} us/file"
            label = "annostrat, folder to written bytes"
            rows.append(Row(label, value, taken["ours"].cpu / theirs, f"yaml.{name}", limit))
        table(f"{count:,} YAML files in one call, {kind.name}; CPU time", rows)


def memory(rules: RuleSet, folder: str) -> None:
    """Compare the memory that few and many lines need."""
    annostrat = program("annostrat") or sys.exit("annostrat is not installed: pip install -e .")
    for counted, form in product((False, True), ("jsonl", "text")):
        peak = {}
        for count in (FEW, MANY):
            path = _write_lines(folder, use_cases(rules, count, counted=counted, classed=counted))
            peak[count] = command([annostrat, "recommend", path, "--format", form])().peak
        few, many = (f"{peak[count] / 1e6:.1f} MB" for count in (FEW, MANY))
        table(
            f"Most memory that a process used, {form}, {'with counts and classes' if counted else 'answers and texts'}",
            [
                Row(f"{FEW:,} lines", few),
                Row(f"{MANY:,} lines", many, peak[MANY] / peak[FEW], "the former", MEMORY_LIMIT),
            ],
        )


def first_result(rules: RuleSet, count: int = 20, pause: float = 0.05) -> None:
    """Write lines slowly into a pipe and see when the first result comes out."""
    annostrat = program("annostrat") or sys.exit("annostrat is not installed: pip install -e .")
    lines = [json.dumps(case).encode() + b"\n" for case in use_cases(rules, count)]
    start = time.perf_counter()
    words = [annostrat, "recommend", "-", "--format", "jsonl"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        sent: list[float] = []

        def send() -> None:
            with process.stdin or contextlib.nullcontext() as pipe:  # type: ignore[union-attr]
                for line in lines:
                    pipe.write(line)
                    sent.append(time.perf_counter() - start)
                    time.sleep(pause)

        writer = Thread(target=send)
        writer.start()
        with open(process.stdout.fileno() if process.stdout else 0, "rb", closefd=False) as results:
            results.readline()
            first = time.perf_counter() - start
            results.read()
        writer.join()
    before = "before" if first < sent[-1] else "AFTER"
    table(
        f"A writer that sends {count} lines, one every {pause * 1e3:.0f} ms",
        [
            Row("first result, from the program's start", f"{first * 1e3:.0f} ms"),
            Row(f"last line sent ({before} which a result must have left)", f"{sent[-1] * 1e3:.0f} ms"),
        ],
    )


def _write_lines(folder: str, cases: Iterable[dict[str, Any]]) -> str:
    path = os.path.join(folder, "cases.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    return path


def _recommend(path: str, rules: RuleSet, form: str = "jsonl") -> Callable[[], None]:
    def run() -> None:
        with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
            if recommend.run(recommend.RecommendRequest(files=(path,), rules=rules.id, format=form)):
                raise SystemExit("a use case could not be read")

    return run


def _validate(lines: list[bytes]) -> Callable[[], None]:
    def run() -> None:
        for line in lines:
            UseCaseModel.model_validate_json(line)

    return run


def _each(paths: list[str], read: Callable[[bytes], object]) -> Callable[[], None]:
    def run() -> None:
        for path in paths:
            with open(path, "rb") as file:
                read(file.read())

    return run


if __name__ == "__main__":
    main()
