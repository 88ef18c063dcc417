"""Whether there are enough labels: to settle the answers, and to meet the recommended number for each class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import ClassAmount, MeasuredEnough
    from annostrat.measure.figures import Figures
    from annostrat.recommendation.contract import MeasuredAnswer

FEW = 10
"""Objects of a class below which its frequency in images is unknown."""
_DETECTION = "object_detection"
"""The strategy whose rule of thumb counts objects; outlines yield boxes, too."""


def enough(figures: Figures, answers: Mapping[str, MeasuredAnswer], rules: RuleSet) -> MeasuredEnough | None:
    """Return how many more images are needed; None without objects or without a recommended number."""
    rule = next((one for one in rules.effort["rules_of_thumb"] if _DETECTION in one["strategies"]), None)
    images = figures.profile.counts["images"]
    if rule is None or not figures.classes:
        return None
    wanted = rule["labels"]
    classes: list[ClassAmount] = []
    for name in figures.classes:
        objects = figures.profile.by_class[name]["objects"]
        more = _rounded(max(0, wanted - objects) * images / objects) if objects >= FEW else None
        classes.append({"name": name, "objects": objects, "more_images": more})
    open_ = [answer["more_images"] for answer in answers.values() if answer["answer"] == UNKNOWN and answer["figure"]]
    known = [more for more in open_ if more is not None]
    return {
        "answers_more_images": (max(known) if known else None) if open_ else 0,
        "labels": wanted,
        "text": rule["text"],
        "sources": [*rule["sources"]],
        "classes": sorted(classes, key=lambda one: (one["objects"], one["name"])),
    }


def _rounded(images: float) -> int:
    """Return a number of images, rounded up to two significant digits, to avoid false precision."""
    unit = 10 ** max(0, len(str(math.ceil(images))) - 2)
    return math.ceil(images / unit) * unit
