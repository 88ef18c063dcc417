"""Compute how many images to label before the first review, and how many of them twice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from annostrat.knowledge.contract import DoubleLabelText, PilotSizeText
    from annostrat.use_cases.use_case import UseCase


class PilotAmount(NamedTuple):
    """A number of images, and the reason for it."""

    images: int
    because: str


def first_review(pilot: PilotSizeText, case: UseCase, measured: int | None = None) -> PilotAmount:
    """Return the number of images to label before the first review.

    Args:
        pilot: The rules' pilot size, used if nothing was measured.
        case: The project, with its counts if known.
        measured: How many more images would settle the questions left open by the evidence; None without evidence.
    """
    if measured is not None:
        return _within(case, max(1, measured), "that many more would settle what the measured intervals leave open")
    per_image = case.objects_per_image
    if not per_image:
        return _within(case, pilot["at_least"], "the fewest that give an interval worth reading")
    images = min(max(math.ceil(pilot["objects"] / per_image), pilot["at_least"]), pilot["at_most"])
    objects = round(images * per_image)
    return _within(case, images, f"they show about {objects:,} object{'' if objects == 1 else 's'}")


def double_labelled(rule: DoubleLabelText, case: UseCase) -> PilotAmount:
    """Return the number of images to be labelled by two people."""
    share = f"{rule['share'] * 100:g} per cent"
    if not case.images:
        return PilotAmount(rule["at_least"], f"or {share} of all, whichever is more")
    part = math.ceil(case.images * rule["share"])
    because = f"{share} of {case.images:,.0f}" if part > rule["at_least"] else "the fewest that say something"
    return _within(case, max(part, rule["at_least"]), because)


def _within(case: UseCase, images: int, because: str) -> PilotAmount:
    if case.images and images >= case.images:
        return PilotAmount(int(case.images), "all that there are")
    return PilotAmount(images, because)
