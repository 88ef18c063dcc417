"""Many use cases in one call: JSON Lines beside pydantic, YAML files beside libyaml, memory, and the first result."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import yaml
from _measure import ROUNDS, Row, as_yaml, command, fresh, program, rounds, table, use_cases
from pydantic import BaseModel, ConfigDict, Field

from annostrat import load_rules
from annostrat.cli.commands import recommend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from annostrat import RuleSet

JSONL_LIMIT, EFFORT_LIMIT, YAML_LIMIT, MEMORY_LIMIT = 3, 8, 2, 1.1
KINDS: dict[str, dict[str, bool]] = {
    "answers and texts": {},
    "answers and texts, no answer missing": {"gaps": False},
    "with counts and classes, so with effort": {"counted": True},
}
"""What the use cases are like; each has a name of its own."""


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
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rules = load_rules("infographic")
        json_lines(rules, folder, given.lines, given.rounds)
        yaml_files(rules, folder, given.files, given.rounds)
        memory(rules, folder)
        first_result(rules)


def json_lines(rules: RuleSet, folder: str, count: int, times: int) -> None:
    """Compare JSON Lines to JSON Lines with validating the same lines in pydantic."""
    kinds = {
        "answers and texts, names repeat": {"own_names": False},
        **KINDS,
    }
    for kind, drawn in kinds.items():
        path = _write_lines(folder, use_cases(rules, count, **drawn))
        with open(path, "rb") as file:
            lines = file.readlines()
        taken = rounds({"ours": fresh(_recommend(path)), "pydantic": fresh(_validate(lines))}, times)
        ours, theirs = taken["ours"].cpu, taken["pydantic"].cpu
        rows = [Row("pydantic, model_validate_json", f"{theirs / count * 1e6:.1f} us/line")]
        name, value = "annostrat, file to written bytes", f"{ours / count * 1e6:.1f} us/line"
        limit = EFFORT_LIMIT if drawn.get("counted") else JSONL_LIMIT
        rows.append(Row(name, value, ours / theirs, "pydantic", limit))
        table(f"{count:,} lines to JSON Lines, {kind}; CPU time", rows)


def yaml_files(rules: RuleSet, folder: str, count: int, times: int) -> None:
    """Compare one call for many YAML files with what libyaml needs to read them."""
    for kind, drawn in KINDS.items():
        with tempfile.TemporaryDirectory(dir=folder) as place:
            for number, case in enumerate(use_cases(rules, count, **drawn)):
                with open(os.path.join(place, f"case_{number:05}.yaml"), "w", encoding="utf-8") as file:
                    file.write(as_yaml(case))
            paths = sorted(entry.path for entry in os.scandir(place))
            things = {
                "ours": fresh(_recommend(place)),
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
        table(f"{count:,} YAML files in one call, {kind}; CPU time", rows)


def memory(rules: RuleSet, folder: str) -> None:
    """Compare the memory that few and many lines need."""
    annostrat = program("annostrat") or sys.exit("annostrat is not installed: pip install -e .")
    for counted in (False, True):
        peak = {}
        for count in (FEW, MANY):
            path = _write_lines(folder, use_cases(rules, count, counted=counted))
            peak[count] = command([annostrat, "recommend", path, "--format", "jsonl"])().peak
        table(
            f"Most memory that a process used, {'with counts and classes' if counted else 'answers and texts'}",
            [
                Row(f"{FEW:,} lines", f"{peak[FEW] / 1e6:.1f} MB"),
                Row(
                    f"{MANY:,} lines", f"{peak[MANY] / 1e6:.1f} MB", peak[MANY] / peak[FEW], "the former", MEMORY_LIMIT
                ),
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


def _recommend(path: str) -> Callable[[], None]:
    def run() -> None:
        with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
            if recommend.run(recommend.Request(files=(path,), rules="infographic", format="jsonl")):
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
