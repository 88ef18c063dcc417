"""The colours of drawings, in light and in dark; text on them keeps a contrast of 4.5 to 1 (WCAG AA)."""

from __future__ import annotations

LIGHT = {
    "paper": "#faf8f4",
    "card": "#ffffff",
    "ink": "#1b2330",
    "muted": "#535e6e",
    "line": "#9aa3b0",
    "pill": "#eef0f3",
}
DARK = {
    "paper": "#11161d",
    "card": "#1b222c",
    "ink": "#f0f3f7",
    "muted": "#aab5c4",
    "line": "#66758a",
    "pill": "#2a3441",
}
HUES = (
    ("#1f5fcc", "#8db7ff"),
    ("#0a7468", "#5bd0c0"),
    ("#b3246b", "#ff9bce"),
    ("#a8500a", "#ffb573"),
    ("#6a3fc4", "#c4aaff"),
    ("#3d7317", "#9ad874"),
    ("#bb2f2f", "#ff9c94"),
    ("#4b5d78", "#b4c4da"),
    ("#7c6300", "#e2cc5a"),
    ("#0b7290", "#77d0ec"),
)
"""A colour for each strategy, in the rule set's order, in light and in dark; text on it has the paper's."""


def hue(index: int, *, dark: bool = False) -> str:
    """Return the colour of the strategy with that place in its tree; after the last, the first comes again."""
    return HUES[index % len(HUES)][dark]
