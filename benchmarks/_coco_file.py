"""A COCO file as large as instances_train2017, with its numbers of images, labels, vertices, parts and crowds.

118,287 images, 860,001 labels in 80 classes, some 26 vertices a label, 10 % in several parts, 1.2 % crowds as
uncompressed RLE, labels not grouped by image. The shapes are invented: the file is for measuring speed alone.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

IMAGES, LABELS, CLASSES, SEED = 118_287, 860_001, 80, 20170101
WIDTH, HEIGHT = 640, 480
_CROWDS, _TWO, _THREE = 0.012, 0.08, 0.02


def write(path: str, share: float = 1.0) -> None:
    """Write the file, or one with a share of its images and labels."""
    images, labels = round(IMAGES * share), round(LABELS * share)
    with open(path, "w", encoding="ascii") as file:
        file.write('{"info": {"description": "invented"}, "licenses": [], "images": ')
        _write_list(file, _images(images))
        file.write(', "annotations": ')
        _write_list(file, _labels(images, labels))
        classes = [
            {"id": number, "name": f"class {number}", "supercategory": "any"} for number in range(1, CLASSES + 1)
        ]
        file.write(f', "categories": {json.dumps(classes)}}}')


def _write_list(file: TextIO, items: Iterator[str]) -> None:
    file.write("[" + next(items))
    file.writelines(", " + item for item in items)
    file.write("]")


def _images(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        yield (
            f'{{"license": 3, "file_name": "{number:012d}.jpg", "coco_url": "http://example.org/{number:012d}.jpg", '
            f'"height": {HEIGHT}, "width": {WIDTH}, "date_captured": "2013-11-14 11:18:45", "id": {number}}}'
        )


def _labels(images: int, labels: int) -> Iterator[str]:
    draw = np.random.default_rng(SEED)
    weights = draw.negative_binomial(1, 1 / 8.27, images) + 0.05
    image = draw.choice(images, labels, p=weights / weights.sum()) + 1
    popularity = 1 / np.arange(1, CLASSES + 1) ** 0.8
    category = draw.choice(CLASSES, labels, p=popularity / popularity.sum()) + 1
    kind = draw.random(labels)
    vertices = np.clip(draw.lognormal(3.09, 0.55, labels), 4, 150).astype(int)
    size = np.exp(draw.normal(4.0, 0.9, (labels, 2))).clip(4, [WIDTH * 0.9, HEIGHT * 0.9])
    corner = draw.random((labels, 2)) * ([WIDTH, HEIGHT] - size)
    for number in range(labels):
        box = [round(float(value), 2) for value in (*corner[number], *size[number])]
        shape = _crowd(draw, box) if kind[number] < _CROWDS else _outline(draw, box, vertices[number], kind[number])
        yield (
            f'{{"segmentation": {shape}, "area": {box[2] * box[3] * 0.6:.4f}, '
            f'"iscrowd": {int(kind[number] < _CROWDS)}, "image_id": {image[number]}, "bbox": {box}, '
            f'"category_id": {category[number]}, "id": {number + 1}}}'
        )


def _crowd(draw: np.random.Generator, box: list[float]) -> str:
    left, top, width, height = (int(value) for value in box)
    counts, last = [], 0
    for column in range(left, left + max(1, width)):
        low, high = sorted(draw.integers(0, max(2, height), 2) + column * HEIGHT + top)
        if low >= last:
            counts += [int(low) - last, int(high - low)]
            last = int(high)
    return json.dumps({"counts": [*counts, WIDTH * HEIGHT - last], "size": [HEIGHT, WIDTH]})


def _outline(draw: np.random.Generator, box: list[float], vertices: int, kind: float) -> str:
    parts = 3 if kind > 1 - _THREE else 2 if kind > 1 - _THREE - _TWO else 1
    left, top, width, height = box
    step, each = width / parts, vertices // parts
    return f"[{', '.join(_part(draw, left + i * step, top, step, height, each) for i in range(parts))}]"


def _part(draw: np.random.Generator, left: float, top: float, width: float, height: float, vertices: int) -> str:
    count = max(3, vertices)
    angle = (np.arange(count) + draw.random(count) * 0.8) * (2 * np.pi / count)
    radius = 0.5 * (0.65 + 0.35 * draw.random(count))
    x, y = left + width * (0.5 + radius * np.cos(angle)), top + height * (0.5 + radius * np.sin(angle))
    return "[" + ", ".join(f"{a:.2f}, {b:.2f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)) + "]"


if __name__ == "__main__":
    write(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)  # noqa: PLR2004 - the share may be left out
