"""The figures that are reported: what each is called, what it means, and how it follows from a profile."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from annostrat.measure.overlap.occlusion import Coverage
from annostrat.measure.shape.mean_shape import across_classes, class_agreement, pooled
from annostrat.measure.shape.shape_variance import SHAPE, spread
from annostrat.measure.tables.intervals import PRODUCT, Estimate, Sums, mean, per_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.measure.profile.profile import Profile


class Metric(NamedTuple):
    """A figure.

    Attributes:
        id: Its name in rules and in JSON.
        title: Its name on a page.
        kind: `share` lies between 0 and 1, `count` is at least 0, `spread` is a standard deviation.
        meaning: What it says, and how it is found.
        by_class: Whether it is also given for each class.
    """

    id: str
    title: str
    kind: Literal["share", "count", "spread"]
    meaning: str
    by_class: bool = True


FIGURES = (
    Metric("objects_per_image", "Objects in an image", "count", "Objects, crowds left out, over all images.", False),
    Metric(
        "covered_share",
        "Covered objects",
        "share",
        "Objects of whose box more than a fifth lies under another labelled box; a part, such as the wheel of a car,"
        " does not count as covered by its whole.",
    ),
    Metric("half_covered_share", "Half-covered objects", "share", "The same, from a half of the box on."),
    Metric("covered_per_image", "Covered objects in an image", "count", "Covered objects over all images.", False),
    Metric("max_iou", "Highest IoU with a neighbour", "share", "Mean over objects, whatever class the neighbour has."),
    Metric("max_iou_same", "Highest IoU within the class", "share", "The same, with neighbours of the same class."),
    Metric(
        "pairs_iou50_per_image",
        "Pairs above IoU 0.5 in an image",
        "count",
        "As CrowdHuman counts them, for comparison.",
        False,
    ),
    Metric(
        "mbor",
        "Area that several boxes cover",
        "share",
        "Area under two boxes or more over that under any, mean over a sample of images, as OVIS has it.",
        False,
    ),
    Metric("flag_occluded", "Flagged occluded", "share", "Objects that the file flags, of those of which it says so."),
    Metric(
        "flag_truncated", "Flagged truncated", "share", "Objects cut off by the border, as far as the file says so."
    ),
    Metric("touch_border", "Touching the border", "share", "Objects whose box reaches the border of the image."),
    Metric("multi_part", "In several parts", "share", "Objects whose outline or mask falls into parts."),
    Metric("fill", "Filled part of the box", "share", "Area of the outline over that of the box; a disc has 0.785."),
    Metric(
        "foreign", "Other objects in the box", "share", "Part of the box that other outlines fill, in a sample.", False
    ),
    Metric(
        "background", "Background in the box", "share", "Part of the box that no outline fills, in a sample.", False
    ),
    Metric("elongation", "Elongation", "share", "1 minus the ratio of the principal axes: 0 for a disc, 1 for a line."),
    Metric("circularity", "Circularity", "share", "From area and second moments: 1 for a disc."),
    Metric("solidity", "Solidity", "share", "Area over that of the convex hull."),
    Metric(
        "silhouette_agreement",
        "Agreement of silhouettes",
        "share",
        "Mean IoU of two outlines of a class, both stretched to the same box, in 32 x 32 pixels; not turned.",
    ),
    Metric(
        "shape_spread",
        "Spread of shapes",
        "spread",
        "How much elongation, circularity and solidity differ within a class: the root of their summed variances.",
    ),
    Metric("elongation_spread", "Spread of elongation", "spread", "Standard deviation within a class."),
    Metric("circularity_spread", "Spread of circularity", "spread", "Standard deviation within a class."),
    Metric("solidity_spread", "Spread of solidity", "spread", "Standard deviation within a class."),
    Metric(
        "log_aspect_spread", "Spread of log aspect", "spread", "Standard deviation of ln(width / height) in a class."
    ),
    Metric("log_size_spread", "Spread of log size", "spread", "Standard deviation of ln(root of box area) in a class."),
)
BY_ID = {figure.id: figure for figure in FIGURES}


class Figures:
    """The figures of a profile, each computed when it is asked for."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._known: dict[tuple[str, str | None], Estimate] = {}

    @cached_property
    def coverage(self) -> Coverage:
        """Which objects are covered."""
        return Coverage(self.profile)

    @property
    def classes(self) -> list[str]:
        """The classes that have an object, those with most objects first."""
        counts = {name: counted["objects"] for name, counted in self.profile.by_class.items() if counted["objects"]}
        return sorted(counts, key=lambda name: (-counts[name], name))

    def estimate(self, figure: str, name: str | None = None) -> Estimate:
        """Return a figure, of a class or of all objects; its value is None where it cannot be known."""
        if (figure, name) not in self._known:
            special = self._special(figure)
            self._known[figure, name] = (
                special(name) if special else mean(self._sums(figure, name), share=figure in _EVENTS)
            )
        return self._known[figure, name]

    def _special(self, figure: str) -> Callable[[str | None], Estimate] | None:
        images = self.profile.counts["images"]
        if figure.endswith("_spread"):
            return lambda name: self._spread(figure.removesuffix("_spread"), name)
        return {
            "objects_per_image": lambda _: self._objects_per_image(),
            "covered_share": lambda name: self.coverage.share(1, name),
            "half_covered_share": lambda name: self.coverage.share(2, name),
            "covered_per_image": lambda _: self.coverage.per_image(1),
            "pairs_iou50_per_image": lambda _: per_image(self._sums("pairs", None), images),
            "mbor": lambda _: mean(self.profile.sample("bor")),
            "foreign": lambda _: mean(self.profile.sample("foreign")),
            "background": lambda _: mean(self.profile.sample("background")),
            "silhouette_agreement": self._agreement,
        }.get(figure)

    def _sums(self, figure: str, name: str | None) -> Sums:
        return self.profile.sums.get((figure, name), Sums())

    def _objects_per_image(self) -> Estimate:
        images = self.profile.counts["images"]
        total = sum(shown * times for shown, times in self.profile.objects.items())
        squares = sum(shown * shown * times for shown, times in self.profile.objects.items())
        unit = int(PRODUCT)
        return per_image(Sums(images, total, y=total * unit, yy=squares * unit, events=images), images)

    def _agreement(self, name: str | None) -> Estimate:
        silhouettes = dict(sorted(self.profile.silhouettes.items()))  # sums of fractions depend on their order
        images = self._sums("multi_part", name).images  # which is known of whatever has a silhouette
        if name is not None:
            return class_agreement(silhouettes[name], images) if name in silhouettes else _nothing()
        return pooled(list(silhouettes.values()), images) if silhouettes else _nothing()

    def agreement_across_classes(self) -> float | None:
        """Return the agreement of silhouettes of whatever class."""
        return across_classes(list(self.profile.silhouettes.values()))

    def _spread(self, figure: str, name: str | None) -> Estimate:
        parts = SHAPE if figure == "shape" else (figure,)
        classes = sorted(class_ for of, class_ in self.profile.spreads if of == parts[0] and name in (None, class_))
        if not classes:
            return _nothing()
        known = parts[0] if (parts[0], name) in self.profile.sums else "max_iou"  # a size is known of every object
        images = self._sums(known, name).images
        return spread([np.array([self.profile.spreads[part, class_] for class_ in classes]) for part in parts], images)


_EVENTS = {"flag_occluded", "flag_truncated", "touch_border", "multi_part"}
"""Shares of objects that have something or have it not."""


def _nothing() -> Estimate:
    return Estimate(None, None, None, 0, 0)
