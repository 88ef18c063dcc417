"""Invent the labels of a pilot: 30 photos of trays with apples and leaves, as COCO; the same at every run.

Apples are near-circles of some size; a leaf has a lobed outline of its own, turned and stretched. Each tray has a few
more or fewer of both, dropped anywhere, so that some lie over others.

Somebody else labels the same photos: less steadily, without most of the small leaves, and takes some for apples.

Run as `python examples/pilot/draw.py`; it writes labels.json and second.json beside it.
"""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

SEED = 20210120
IMAGES, WIDTH, HEIGHT = 30, 640, 480
VERTICES = 16


def apple(chance: random.Random) -> list[float]:
    """Return the radius of an apple's outline at each vertex."""
    return [chance.uniform(28, 44)] * VERTICES


def leaf(chance: random.Random) -> list[float]:
    """Return the radius of a leaf's outline at each vertex: few or many lobes, shallow or deep."""
    lobes, depth, size = chance.choice([1, 2, 3, 5]), chance.uniform(0.1, 0.65), chance.uniform(30, 55)
    return [size * (1 + depth * math.cos(lobes * math.tau * step / VERTICES)) for step in range(VERTICES)]


def placed(radii: list[float], chance: random.Random, squeezed: float) -> list[int]:
    """Return an outline as x1, y1, x2, y2, ..., turned and put anywhere in the image."""
    turn, x, y = chance.uniform(0, math.tau), chance.uniform(90, WIDTH - 90), chance.uniform(90, HEIGHT - 90)
    outline = []
    for step, radius in enumerate(radii):
        angle = math.tau * step / VERTICES
        along, across = radius * math.cos(angle), squeezed * radius * math.sin(angle)
        outline += [
            round(min(max(x + along * math.cos(turn) - across * math.sin(turn), 0), WIDTH)),
            round(min(max(y + along * math.sin(turn) + across * math.cos(turn), 0), HEIGHT)),
        ]
    return outline


def annotation(number: int, image: int, category: int, outline: list[int]) -> dict[str, Any]:
    """Return one object as COCO has it."""
    xs, ys = outline[::2], outline[1::2]
    pairs = zip(xs, ys, [*xs[1:], xs[0]], [*ys[1:], ys[0]], strict=True)
    area = abs(sum(x * next_y - next_x * y for x, y, next_x, next_y in pairs)) / 2
    box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
    return {
        "id": number,
        "image_id": image,
        "category_id": category,
        "bbox": box,
        "area": area,
        "iscrowd": 0,
        "segmentation": [outline],
    }


def labels() -> dict[str, list[dict[str, Any]]]:
    """Return the whole data set."""
    chance = random.Random(SEED)  # noqa: S311 - labels are invented, and no secret
    images, annotations = [], []
    for image in range(1, IMAGES + 1):
        images.append({"id": image, "file_name": f"tray_{image:02}.jpg", "width": WIDTH, "height": HEIGHT})
        shapes = [(1, placed(apple(chance), chance, 1.0)) for _ in range(chance.randint(3, 6))]
        shapes += [(2, placed(leaf(chance), chance, chance.uniform(0.3, 1))) for _ in range(chance.randint(1, 3))]
        annotations += [annotation(len(annotations) + n, image, *shape) for n, shape in enumerate(shapes, start=1)]
    categories = [{"id": 1, "name": "apple"}, {"id": 2, "name": "leaf"}]
    return {"images": images, "categories": categories, "annotations": annotations}


SMALL, OVERLOOKED, TAKEN_FOR_APPLE, UNSTEADY = 2_500, 0.7, 0.06, 2
"""Area of a small leaf; shares of these that are left out, and of leaves that are confused; pixels a hand is off by."""


def second_labels() -> dict[str, list[dict[str, Any]]]:
    """Return the labels of the second annotator."""
    chance, first = random.Random(SEED + 1), labels()  # noqa: S311 - as above
    annotations: list[dict[str, Any]] = []
    for one in first["annotations"]:
        is_leaf = one["category_id"] == 2  # noqa: PLR2004 - the second class
        if is_leaf and one["area"] < SMALL and chance.random() < OVERLOOKED:
            continue
        confused = is_leaf and chance.random() < TAKEN_FOR_APPLE
        outline = [max(place + chance.randint(-UNSTEADY, UNSTEADY), 0) for place in one["segmentation"][0]]
        number, category = len(annotations) + 1, 1 if confused else one["category_id"]
        annotations.append(annotation(number, one["image_id"], category, outline))
    return {**first, "annotations": annotations}


def text(document: dict[str, list[dict[str, Any]]]) -> str:
    """Return a file, with an object a line, so that differences can be read."""
    parts = [
        f'"{key}": [\n' + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries) + "\n]"
        for key, entries in document.items()
    ]
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    for name, document in (("labels.json", labels()), ("second.json", second_labels())):
        Path(__file__).with_name(name).write_text(text(document), encoding="utf-8")
