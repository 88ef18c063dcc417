"""What the levels in `rules/questions/` rest on: people's words for occlusion, and the shapes of public data sets.

The data sets are not part of the project: DATA is a folder that holds them as their repositories do. The images of
COCO that people called low, mid or high in occlusion are those of COCO-OLAC (MIT); the boxes are those of 100 images
of COCO that an evaluation tool ships, and of 38 that another one does.
"""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annostrat import load_rules
from annostrat.annotations import CROWD
from annostrat.annotations.files.detection import open_annotations
from annostrat.measure.figures import Figures
from annostrat.measure.reading import measure_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BOXES = (
    "od_metrics_multiformat/tests/test_coco_eval/gts/sampled_gts_bbox_area.json",
    "tinycoco/example_dataset/tinycoco/annotations",
)
SHAPES = {
    "TACO, official": "taco_coco/data/annotations.json",
    "TACO, unofficial": "taco_coco/data/annotations_unofficial.json",
    "LVIS, 100 of val": "lvis_val100/data/lvis_val_100.json",
    "COCO, 38 of both splits": "tinycoco/example_dataset/tinycoco/annotations",
}
COVERED, ENOUGH = 0.2, 30
"""Share of a box under another from which it is covered; objects from which a class is shown."""


class Rated(NamedTuple):
    """Images that people rated: the word for each, how many objects it shows, and how many of them are covered."""

    word: NDArray[np.str_]
    objects: Floats
    covered: Floats

    @property
    def share(self) -> Floats:
        """Share of covered objects; 0 without objects."""
        return np.divide(self.covered, self.objects, out=np.zeros(len(self.word)), where=self.objects > 0)


def main() -> None:
    """Print what the levels of occlusion and of shape variance rest on."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", metavar="DATA")
    folder = options.parse_args().data
    occlusion(rated(folder))
    for name, place in SHAPES.items():
        shapes(name, os.path.join(folder, place))


def rated(folder: str) -> Rated:
    """Return the images that have boxes and a word."""
    words = {}
    for part in ("train", "val"):
        with open(os.path.join(folder, "coco_olac", f"occlusion_label_{part}.json"), encoding="utf-8") as file:
            words.update({int(number): word for number, word in json.load(file).items()})
    rows = [row for place in BOXES for row in _counts(os.path.join(folder, place))]
    found = [(words[number], objects, covered) for number, objects, covered in rows if number in words]
    word, objects, covered = zip(*found, strict=True)
    return Rated(np.array(word), np.array(objects, float), np.array(covered, float))


def _counts(path: str) -> Iterator[tuple[int, int, int]]:
    """Yield the number of each image in COCO, how many objects it shows, and how many of them are covered."""
    source = open_annotations(path).source
    batches = [batch for piece in source.pieces for batch in source.read(piece)]
    image, boxes = (np.concatenate(parts) for parts in zip(*((b.image, b.boxes) for b in batches), strict=True))
    single = np.concatenate([batch.flags & CROWD == 0 for batch in batches])
    for index, listed in enumerate(source.images or ()):
        shown = boxes[(image == index) & single]
        low, high = shown[:, :2], shown[:, 2:]
        common = (np.minimum(high[:, None], high) - np.maximum(low[:, None], low)).clip(0).prod(axis=-1)
        np.fill_diagonal(common, 0)
        most = common.max(axis=1, initial=0) / (high - low).prod(axis=1)
        yield int(os.path.splitext(listed.name)[0].rsplit("_", 1)[-1]), len(shown), int((most > COVERED).sum())


def occlusion(images: Rated) -> None:
    """Print how well the levels of `covered_share` tell people's words apart."""
    levels = next(
        each["levels"] for each in load_rules().questions["occlusion"]["measured"] if each["figure"] == "covered_share"
    )
    counts = {word: int((images.word == word).sum()) for word in ("low", "mid", "high")}
    print(f"Occlusion: {len(images.word)} images, {', '.join(f'{count} {word}' for word, count in counts.items())}")
    for word in counts:
        of = images.word == word
        print(f"  {word:5} {images.covered[of].sum() / images.objects[of].sum():.2f} of the objects are covered")
    low, high = levels["low"][1], levels["high"][0]
    is_low, is_high = images.word == "low", images.word == "high"
    share = images.share
    print(f"  {low:g} tells low from the rest: balanced accuracy {_balanced(share > low, ~is_low):.2f}")
    print(f"  {high:g} tells mid from high: {_balanced(share[~is_low] > high, is_high[~is_low]):.2f} (chance is 0.50)")
    level = np.select([share <= low, share <= high], ["low", "mid"], "high")
    right = [(level[images.word == word] == word).mean() for word in counts]
    print(f"  both tell the three apart: {np.mean(right):.2f} (chance is 0.33)")
    best = max((_balanced(share > edge, ~is_low), -edge) for edge in np.arange(0.01, 1, 0.01))
    print(f"  best of all borders of low: {-best[1]:.2f}, with {best[0]:.2f}")
    best = max((_balanced(share[~is_low] > edge, is_high[~is_low]), -edge) for edge in np.arange(0.01, 1, 0.01))
    print(f"  best of all borders of high: {-best[1]:.2f}, with {best[0]:.2f}")


def _balanced(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """Return the mean of the shares of either kind that are told right."""
    return float((said[true].mean() + (~said[~true]).mean()) / 2)


def shapes(name: str, path: str) -> None:
    """Print the figures that levels of shape variance use, over all classes and for those with most objects."""
    figures = Figures(measure_path(path, jobs=1).profile)
    print(f"\n{name}: shapes, of classes with {ENOUGH} outlines or more")
    for figure in ("silhouette_agreement", "shape_spread"):
        found = {class_: figures.estimate(figure, class_) for class_ in figures.classes}
        values = {class_: each.value for class_, each in found.items() if each.value and each.objects >= ENOUGH}
        whole = figures.estimate(figure).value
        ordered = sorted(values, key=lambda class_: values[class_] or 0)
        print(f"  {figure:21} {whole:.2f} over all, {len(values)} classes from", end=" ")
        print(" to ".join(f"{values[class_]:.2f} ({class_})" for class_ in (ordered[0], ordered[-1])))
        print(f"    {', '.join(f'{class_} {values[class_]:.2f}' for class_ in ordered)}")


if __name__ == "__main__":
    main()
