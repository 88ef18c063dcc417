"""Shares of cases, with the interval that their number leaves."""

from __future__ import annotations

from math import sqrt

_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion (Wilson 1927)."""
    proportion, square = hits / trials, _Z * _Z
    middle = (proportion + square / (2 * trials)) / (1 + square / trials)
    half = _Z * sqrt(proportion * (1 - proportion) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
