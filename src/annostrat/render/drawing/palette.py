"""The colours of drawings, in light and in dark; text on them keeps a contrast of 4.5 to 1 (WCAG AA)."""

from __future__ import annotations

from zlib import crc32

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
HUES = {
    "object_detection": ("#1f5fcc", "#8db7ff"),
    "instance_segmentation": ("#0a7468", "#5bd0c0"),
    "semantic_segmentation": ("#b3246b", "#ff9bce"),
    "image_classification": ("#a8500a", "#ffb573"),
    "oriented_boxes": ("#6a3fc4", "#c4aaff"),
    "points": ("#3d7317", "#9ad874"),
    "keypoints": ("#bb2f2f", "#ff9c94"),
    "polyline": ("#4b5d78", "#b4c4da"),
    "panoptic_segmentation": ("#7c6300", "#e2cc5a"),
}
"""The colour of each shipped strategy on every drawing and page, in light and in dark; text on it is paper-coloured."""
OTHERS = (("#0b7290", "#77d0ec"), ("#7a4a35", "#e0b199"), ("#8a2f8f", "#eaa3ee"))
"""The colours that strategies of other rule sets share."""


def selector(strategy: str) -> str:
    """Return the selector of `hue-STRATEGY`, the class of everything in the colour of a strategy."""
    return ".hue-" + strategy.replace(".", "\\.")


def hue(strategy: str, *, dark: bool = False) -> str:
    """Return the colour of a strategy, the same in every drawing and on every page."""
    return HUES.get(strategy, OTHERS[crc32(strategy.encode()) % len(OTHERS)])[dark]
