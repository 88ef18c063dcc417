"""What the benchmarks share: use cases to measure with, rounds that interleave what is compared, and tables."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import textwrap
import time
from itertools import product
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from annostrat import RuleSet

ROUNDS = 15
SEED = 2021


class Run(NamedTuple):
    """What one round of one thing took, in seconds, and the memory that its process needed at most, in bytes."""

    wall: float
    cpu: float
    peak: int = 0


class Row(NamedTuple):
    """One line of a table; a ratio above its limit is marked."""

    name: str
    value: str
    ratio: float | None = None
    against: str = ""
    limit: float | None = None


_LAUNCHER = """
import json, os, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""Starts a program from a process smaller than itself: the kernel counts the starter's memory as the program's."""


def rounds(things: Mapping[str, Callable[[], Run]], count: int = ROUNDS) -> dict[str, Run]:
    """Run everything once a round, after a round that does not count; return the medians."""
    for run in things.values():
        run()
    taken: dict[str, list[Run]] = {name: [] for name in things}
    for _ in range(count):
        for name, run in things.items():
            taken[name].append(run())
    return {
        name: Run(median(run.wall for run in runs), median(run.cpu for run in runs), max(run.peak for run in runs))
        for name, runs in taken.items()
    }


def function(call: Callable[[], object], times: int = 1) -> Callable[[], Run]:
    """Return what runs a function some times in this process."""

    def run() -> Run:
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(times):
            call()
        return Run((time.perf_counter() - wall) / times, (time.process_time() - cpu) / times)

    return run


def fresh(call: Callable[[], object]) -> Callable[[], Run]:
    """Return what runs a function in a fork of this process, so that no round finds what another one remembered."""

    def run() -> Run:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.write(writer, json.dumps(function(call)()).encode())
                code = 0
            finally:
                os._exit(code)
        os.close(writer)
        with open(reader, "rb") as pipe:
            told = pipe.read()
        if os.waitpid(child, 0)[1] or not told:
            raise SystemExit("a round failed")
        return Run(*json.loads(told))

    return run


def command(words: Sequence[str], environment: Mapping[str, str] | None = None) -> Callable[[], Run]:
    """Return what starts a program, its output thrown away, and waits for it; it must succeed."""
    launch = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *words]
    surroundings = {**os.environ, **(environment or {})}

    def run() -> Run:
        told = subprocess.run(launch, env=surroundings, stdout=subprocess.PIPE, check=True).stdout
        code, wall, cpu, peak = json.loads(told)
        if code:
            raise SystemExit(f"{' '.join(words)} ended with {code}")
        return Run(wall, cpu, peak * (1 if sys.platform == "darwin" else 1024))

    return run


def program(name: str) -> str | None:
    """Return the path of a program, that of this environment first, or None where it is not installed."""
    return shutil.which(name, path=os.path.dirname(sys.executable)) or shutil.which(name)


def table(title: str, rows: Sequence[Row]) -> None:
    """Print measurements, with what each ratio is against and whether it keeps its limit."""
    print(f"\n{title}")
    width = max(len(row.name) for row in rows)
    for row in rows:
        ratio = f"{row.ratio:8.3g} x {row.against}" if row.ratio is not None else ""
        verdict = ""
        if row.ratio is not None and row.limit is not None:
            verdict = f" (limit {row.limit:g}: {'kept' if row.ratio <= row.limit else 'MISSED'})"
        print(f"  {row.name:{width}}  {row.value:>14}  {ratio}{verdict}".rstrip())


def skipped(name: str) -> None:
    """Say that a peer is not installed."""
    print(f"skipped: {name} is not installed (pip install -e '.[bench]')")


def complete_answers(rules: RuleSet) -> list[dict[str, str]]:
    """Return every combination of answers to the questions that a rule set asks."""
    offered = [rules.questions[question]["answers"] for question in rules.order]
    return [dict(zip(rules.order, words, strict=True)) for words in product(*offered)]


_OBJECTS = "cars pills bolts cells wheat apples fish cracks roofs birds bottles crates crowns polyps welds".split()  # noqa: SIM905
_PLACES = "a car park|a belt|a slide|a field at noon|an orchard|a trawler's deck|a bridge|the air|a shelf".split("|")  # noqa: SIM905
_REASONS = (
    "Somebody counts them by hand today and wants to stop.",
    "The pictures come from several cameras, and the light is never the same.",
    "Nobody has looked at how often they hide one another; the first hundred pictures will tell.",
    "Größe und Lage zählen, die Zahl nicht: so the area under each class is what the report needs.",
    "The model runs on a small device next to the camera: results are wanted within a second.",
    "An error costs little, because a person looks at whatever the model is unsure of.",
)

_DESCRIBED, _EXPECTING, _COUNTED, _CLASSED = 0.7, 0.5, 0.8, 0.1
"""Shares of the use cases that have a description, an expectation, counts, classes."""


def use_cases(
    rules: RuleSet, count: int, *, counted: bool = False, classed: bool = False, gaps: bool = True
) -> Iterator[dict[str, Any]]:
    """Yield random but plausible use cases: answers given, unknown or left out; texts, counts and classes that vary.

    Args:
        rules: The rule set; every question that matters to its results is answered.
        count: How many use cases.
        counted: Give most of them counts, so that they have hours.
        classed: Give some of them classes.
        gaps: Leave some answers out, and say of some that they are unknown.
    """
    draw = random.Random(SEED)  # noqa: S311 - a benchmark wants the same numbers every time
    missing = ["unknown", None] if gaps else []
    offered = {question: [*rules.questions[question]["answers"], *missing] for question in rules.relevant}
    for number in range(count):
        objects, place = draw.choice(_OBJECTS), draw.choice(_PLACES)
        given = {question: draw.choice(words) for question, words in offered.items()}
        case: dict[str, Any] = {"name": f"{objects} on {place}, site {number}"}
        if draw.random() < _DESCRIBED:
            case["description"] = " ".join(draw.sample(_REASONS, draw.randint(1, 3)))
        case["answers"] = {question: word for question, word in given.items() if word is not None}
        if draw.random() < _EXPECTING:
            case["expect"] = draw.choice(rules.offered)
        if counted and draw.random() < _COUNTED:
            case["images"] = draw.randint(50, 50_000)
            case["objects_per_image"] = draw.choice([draw.randint(1, 200), round(draw.uniform(0.5, 60), 1)])
        if classed and draw.random() < _CLASSED:
            case["classes"] = {"background": {"count_matters": "no"}, objects: None}
        yield case


def as_yaml(case: Mapping[str, Any]) -> str:
    """Return a use case as a person writes it: a comment, a folded description, block mappings."""
    lines = [f"# {case['name']}: a use case of the benchmark."]
    for key, value in case.items():
        if key == "description":
            folded = textwrap.fill(value, 100, initial_indent="  ", subsequent_indent="  ")
            lines += ["description: >-", folded]
        elif key == "classes":
            lines += ["classes:", *(f"  {name}: {_flow(answers or {})}" for name, answers in value.items())]
        elif isinstance(value, dict) and value:
            lines += [f"{key}:", *(f"  {question}: {answer}" for question, answer in value.items())]
        else:
            lines.append(f"{key}: {_flow(value) if isinstance(value, dict) else value}")
    return "\n".join(lines) + "\n"


def _flow(answers: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{question}: {answer}' for question, answer in answers.items())}}}"
