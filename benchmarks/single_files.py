"""Measuring single files that are hard in one way each, beside importing the libraries and parsing the file."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any, NamedTuple

import _coco_file
import numpy as np
from _measure import Row, command, program, rounds, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from _measure import Run

SIDE, CLASSES, SEED = 2_000, 5, 3


class Case(NamedTuple):
    """A file to measure, and how many times as long as something else that may take."""

    name: str
    write: Callable[[str], None]
    limit: float
    against: str


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    annostrat = program("annostrat") or sys.exit("annostrat is not installed: pip install -e '.[measure]'")
    python = [sys.executable, "-c"]
    with tempfile.TemporaryDirectory() as folder:
        things = {IMPORTING: command([*python, "import numpy, msgspec, simdjson, shapely"])}
        for case in CASES:
            path = os.path.join(folder, f"{case.name}.json")
            case.write(path)
            load = f"import json; json.load(open({path!r}, 'rb'))"
            things[f"{case.name}, json.load"] = command([*python, load])
            things[case.name] = command([annostrat, "measure", path, "--jobs", "1", "--format", "json", "--quiet"])
        taken = rounds(things, given.rounds)
    table("One file each, one process; CPU time", [_row(case, taken) for case in CASES])


def _row(case: Case, taken: dict[str, Run]) -> Row:
    ours, importing = taken[case.name].cpu, taken[IMPORTING].cpu
    theirs = importing if case.against == IMPORTING else taken[f"{case.name}, json.load"].cpu
    return Row(case.name, f"{ours:.2f} s", ours / theirs, case.against, case.limit)


def _tiny(path: str) -> None:
    _write(path, [{"bbox": [10, 20, 30, 40]}])


def _crowded(path: str) -> None:
    """Write 20,000 boxes in one image, nearly all of which overlap all others."""
    draw = np.random.default_rng(SEED)
    boxes = np.hstack([draw.uniform(0, 400, (20_000, 2)), draw.uniform(1_000, 1_500, (20_000, 2))]).round(2)
    _write(path, [{"bbox": box} for box in boxes.tolist()])


def _masked(path: str) -> None:
    """Write 250 masks in one image, discs that overlap."""
    draw = np.random.default_rng(SEED)
    y, x = np.mgrid[:SIDE, :SIDE]
    labels = []
    for _ in range(250):
        left, top, radius = draw.uniform(300, SIDE - 300), draw.uniform(300, SIDE - 300), draw.uniform(100, 300)
        inside = (x - left) ** 2 + (y - top) ** 2 < radius**2
        edges = np.flatnonzero(np.diff(inside.T.ravel(), prepend=False, append=False))
        counts = np.diff(edges, prepend=0, append=SIDE * SIDE).tolist()
        labels.append({"segmentation": {"size": [SIDE, SIDE], "counts": counts}})
    _write(path, labels)


def _write(path: str, labels: list[dict[str, Any]]) -> None:
    """Write labels of one image as COCO."""
    whole = [
        {"id": number, "image_id": 1, "category_id": number % CLASSES, **each} for number, each in enumerate(labels)
    ]
    document = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": SIDE, "height": SIDE}],
        "annotations": whole,
        "categories": [{"id": number, "name": f"class {number}"} for number in range(CLASSES)],
    }
    with open(path, "w", encoding="ascii") as file:
        json.dump(document, file)


IMPORTING, LOADING = "importing the libraries", "json.load"
CASES = (
    Case("a tiny file", _tiny, 1.8, IMPORTING),
    Case("250 masks in one image", _masked, 5, IMPORTING),
    Case("20,000 overlapping boxes in one image", _crowded, 12, IMPORTING),
    Case("23 MB of COCO", lambda path: _coco_file.write(path, 0.048), 1.3, LOADING),
)

if __name__ == "__main__":
    main()
