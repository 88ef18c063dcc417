"""Which architecture comes first in a tier, and why: the most accurate whose licences let anyone ship a product."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annostrat.knowledge.shapes import Architecture

PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "public domain"}
"""Licences under which code and weights can be shipped in a closed product."""

OVERTAKEN = {"superseded", "legacy"}
"""Statuses of models that others have taken the place of."""

_PROVEN = {"current", "frozen"}
TIERS = ("edge", "gpu", "server")
"""The tiers, from the smallest budget to the largest."""


def ranked(variants: list[Architecture]) -> list[Architecture]:
    """Return the variants of one strategy by tier, the choice of each tier first, with `pareto` and `why` filled in."""
    found: list[Architecture] = []
    for tier in TIERS:
        inside = [variant for variant in variants if variant["tier"] == tier]
        for variant in inside:
            variant["pareto"] = variant["status"] not in OVERTAKEN and not any(
                _beats(other, variant) for other in inside
            )
        choice = _choice(inside)
        if choice:
            choice["why"] = _why(choice, inside)
        found += sorted(inside, key=lambda variant: (variant is not choice, *_by_accuracy(variant, choice)))
    return found


def comparable(one: Architecture, other: Architecture) -> bool:
    """Return whether two variants were measured alike."""
    return bool(one["metric"] and other["metric"]) and _yardstick(one) == _yardstick(other)


def _beats(one: Architecture, other: Architecture) -> bool:
    """Return whether one variant in use is at least as accurate and as light as another, and better in one."""
    if one["status"] in OVERTAKEN or not comparable(one, other) or one["gflops"] is None or other["gflops"] is None:
        return False
    gain, saving = _accuracy(one) - _accuracy(other), other["gflops"] - one["gflops"]
    return gain >= 0 and saving >= 0 and (gain > 0 or saving > 0)


def _choice(inside: list[Architecture]) -> Architecture | None:
    """Return the most accurate proven variant, by the yardstick that most share; permissive ones, if there are any."""
    yardsticks = Counter(_yardstick(variant) for variant in inside if variant["metric"])
    proven = [variant for variant in inside if variant["status"] in _PROVEN and variant["metric"]]
    fit = [variant for variant in proven if variant["permissive"]] or proven
    for yardstick, _ in yardsticks.most_common():
        measured = [variant for variant in fit if _yardstick(variant) == yardstick]
        if measured:
            return max(measured, key=_accuracy)
    return None


def _why(choice: Architecture, inside: list[Architecture]) -> str:
    metric = choice["metric"]
    name, dataset = (metric["name"], metric["dataset"]) if metric else ("", "")
    said = f"Highest {name} on {dataset} in this tier"
    if not choice["permissive"]:
        return f"{said}; no proven model of it has permissive licences. Mind {_licences(choice)}."
    said += " among proven models whose code and weights have permissive licences"
    better = [
        other
        for other in inside
        if other["status"] in _PROVEN and comparable(other, choice) and _accuracy(other) > _accuracy(choice)
    ]
    if not better:
        return f"{said}."
    best = max(better, key=_accuracy)
    return f"{said}; {best['title']} reaches {_accuracy(best):.4g}, under {_licences(best)}."


def _licences(variant: Architecture) -> str:
    return f"{variant['code_licence']} (weights {variant['weights_licence']})"


def _by_accuracy(variant: Architecture, choice: Architecture | None) -> tuple[bool, bool, tuple[str, str], float, str]:
    """Sort what is in use first, and what was measured as the choice was before the rest."""
    alike = choice is not None and comparable(variant, choice)
    return variant["status"] in OVERTAKEN, not alike, _yardstick(variant), -_accuracy(variant), variant["id"]


def _accuracy(variant: Architecture) -> float:
    return variant["metric"]["value"] if variant["metric"] else 0.0


def _yardstick(variant: Architecture) -> tuple[str, str]:
    metric = variant["metric"]
    return (metric["name"], metric["dataset"]) if metric else ("", "")
