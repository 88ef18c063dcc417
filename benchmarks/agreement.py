"""Comparing two annotators of generated images, beside the matching of pycocotools without regard to classes."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
from typing import NamedTuple

import numpy as np
from _measure import Row, command, function, program, rounds, skipped, table

SIDE, CLASSES, SEED = 2_000, 5, 4


class Case(NamedTuple):
    """Images with labels of two annotators, who draw with an error of some pixels and leave out one of ten."""

    name: str
    images: int
    labels: int
    size: tuple[float, float] = (10, 120)


CASES = (
    Case("5,000 images of 7 labels", 5_000, 7),
    Case("100 images of 500 labels", 100, 500, (10, 60)),
    Case("one image of 6,000 labels", 1, 6_000, (5, 30)),
)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    annostrat = program("annostrat") or sys.exit("annostrat is not installed: pip install -e '.[measure]'")
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            paths = [os.path.join(folder, f"{name}.json") for name in ("labels", "second")]
            _write(case, *paths)
            things = {case.name: command([annostrat, "agreement", *paths, "--format", "json", "--output", os.devnull])}
            try:
                things[PYCOCOTOOLS] = _matching(*paths)
            except ImportError:
                skipped(PYCOCOTOOLS)
            taken = rounds(things, given.rounds)
            ours, theirs = taken[case.name].cpu, taken[PYCOCOTOOLS].cpu if PYCOCOTOOLS in taken else None
            ratio = ours / theirs if theirs else None
            table("Two annotators, one process; CPU time", [Row(case.name, f"{ours:.2f} s", ratio, PYCOCOTOOLS)])


PYCOCOTOOLS = "COCO and COCOeval.evaluate of pycocotools, files read"


def _matching(labels: str, second: str):  # noqa: ANN202 - what `function` returns
    """Return what reads both files and matches them as COCO does, at one IoU and one size."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def match() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            truth, other = COCO(labels), COCO(second)
            for label in other.dataset["annotations"]:
                label["score"] = 1.0
            judge = COCOeval(truth, other, "bbox")
            judge.params.iouThrs, judge.params.useCats, judge.params.areaRng = np.array([0.5]), 0, [[0, 1e10]]
            judge.params.maxDets = [1_000_000]
            judge.evaluate()

    return function(match)


def _write(case: Case, labels: str, second: str) -> None:
    draw = np.random.default_rng(SEED)
    count = case.images * case.labels
    corners, sizes = draw.uniform(0, SIDE - case.size[1], (count, 2)), draw.uniform(*case.size, (count, 2))
    classes, image = draw.integers(1, CLASSES + 1, count), np.arange(count) // case.labels
    for path in (labels, second):
        own = np.hstack([corners, sizes]) + draw.normal(0, 0.03, (count, 4)) * np.hstack([sizes, sizes])
        kept = np.flatnonzero(draw.uniform(size=count) > 0.1).tolist()  # noqa: PLR2004 - one of ten
        annotations = [
            {
                "id": number,
                "image_id": int(image[number]) + 1,
                "category_id": int(classes[number]),
                "bbox": own[number].round(2).tolist(),
                "area": float(own[number, 2] * own[number, 3]),
                "iscrowd": 0,
            }
            for number in kept
        ]
        images = [
            {"id": number, "file_name": f"{number}.jpg", "width": SIDE, "height": SIDE}
            for number in range(1, case.images + 1)
        ]
        categories = [{"id": number, "name": f"class {number}"} for number in range(1, CLASSES + 1)]
        with open(path, "w", encoding="ascii") as file:
            json.dump({"images": images, "annotations": annotations, "categories": categories}, file)


if __name__ == "__main__":
    main()
