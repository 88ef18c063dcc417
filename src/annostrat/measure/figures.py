"""How each figure of rules/figures.yaml is computed from a profile."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from annostrat.measure.overlap.occlusion import Coverage
from annostrat.measure.shape.keypoints import OF_ONE
from annostrat.measure.shape.mean_shape import agreements, pooled
from annostrat.measure.shape.shape_variance import SHAPE, deviations, spread
from annostrat.measure.tables.intervals import PRODUCT, Estimate, Sums, mean, per_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.measure.profile.profile import Profile
    from annostrat.measure.shape.mean_shape import Agreements
    from annostrat.measure.shape.shape_variance import Deviations


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
        """Return a figure of a class or of all objects; its value is None if it is unknown."""
        if (figure, name) not in self._known:
            special = self._special(figure)
            self._known[figure, name] = (
                special(name)
                if special
                else mean(self._sums(figure, name), share=figure in _EVENTS or figure.startswith(OF_ONE))
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

    @cached_property
    def _agreements(self) -> dict[str, Agreements]:
        """How well the outlines of each class agree; in one order, as sums of fractions depend on it."""
        return {class_: agreements(found) for class_, found in sorted(self.profile.silhouettes.items())}

    def _agreement(self, name: str | None) -> Estimate:
        images = self._sums("multi_part", name).images  # which is known of whatever has a silhouette
        chosen = [found for class_, found in self._agreements.items() if name in (None, class_)]
        return pooled(chosen, images) if chosen else _nothing()

    @cached_property
    def _deviations(self) -> dict[str, tuple[list[str], Deviations]]:
        """By figure, its classes, sorted, and its deviations within each of them."""
        classes: dict[str, list[str]] = {}
        for figure, class_ in sorted(self.profile.spreads):
            classes.setdefault(figure, []).append(class_)
        sums = {figure: [self.profile.spreads[figure, class_] for class_ in of] for figure, of in classes.items()}
        return {figure: (of, deviations(np.array(sums[figure]))) for figure, of in classes.items()}

    def _spread(self, figure: str, name: str | None) -> Estimate:
        parts = SHAPE if figure == "shape" else (figure,)
        classes = self._deviations[parts[0]][0] if parts[0] in self._deviations else []
        if not classes or (name is not None and name not in classes):
            return _nothing()
        rows = slice(None) if name is None else slice(classes.index(name), classes.index(name) + 1)
        known = parts[0] if (parts[0], name) in self.profile.sums else "max_iou"  # a size is known of every object
        images = self._sums(known, name).images
        return spread([self._deviations[part][1].of(rows) for part in parts], images)


_EVENTS = {"flag_occluded", "flag_truncated", "touch_border", "multi_part"}
"""Shares of objects with some property."""


def _nothing() -> Estimate:
    return Estimate(None, None, None, 0, 0)
