"""How architectures compare: which licences let one ship, what was measured alike, what nothing beats in its tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annostrat.knowledge.contract import Architecture

NOTHING_TO_LICENSE = "not applicable"
"""The licence of models without weights: training starts from scratch."""
PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "MIT", "public domain", NOTHING_TO_LICENSE}
"""Licences under which code and weights can be shipped in a closed product."""

OVERTAKEN = {"superseded", "legacy"}
"""Statuses of models that others have taken the place of."""

TIERS = ("edge", "gpu", "server")
"""The tiers, from the smallest budget to the largest."""


def with_fronts(variants: list[Architecture]) -> list[Architecture]:
    """Return the variants of one strategy, the most accurate of each tier first, with `pareto` filled in."""
    for variant in variants:
        inside = [other for other in variants if other["tier"] == variant["tier"]]
        variant["pareto"] = variant["status"] not in OVERTAKEN and not any(_beats(other, variant) for other in inside)
    return sorted(variants, key=lambda variant: (TIERS.index(variant["tier"]), *by_accuracy(variant)))


def comparable(one: Architecture, other: Architecture) -> bool:
    """Return whether two variants were measured alike."""
    return one["metric"] is not None and yardstick(one) == yardstick(other)


def yardstick(variant: Architecture) -> tuple[str, str]:
    """Return the metric and the data set that a variant was measured by; empty where it was not."""
    metric = variant["metric"]
    return (metric["name"], metric["dataset"]) if metric else ("", "")


def accuracy(variant: Architecture) -> float:
    """Return a variant's accuracy, in per cent; 0 where none was published."""
    return variant["metric"]["value"] if variant["metric"] else 0.0


def by_accuracy(variant: Architecture) -> tuple[bool, tuple[str, str], float, str]:
    """Return the key that sorts what is in use first, then by yardstick and accuracy."""
    return variant["status"] in OVERTAKEN, yardstick(variant), -accuracy(variant), variant["id"]


def _beats(one: Architecture, other: Architecture) -> bool:
    """Return whether one variant in use is at least as accurate and as light as another, and better in one."""
    if one["status"] in OVERTAKEN or not comparable(one, other) or one["gflops"] is None or other["gflops"] is None:
        return False
    gain, saving = accuracy(one) - accuracy(other), other["gflops"] - one["gflops"]
    return gain >= 0 and saving >= 0 and (gain > 0 or saving > 0)
