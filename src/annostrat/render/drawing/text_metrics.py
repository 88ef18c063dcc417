"""The maximum width of text, which is drawn in whatever sans-serif font the reader has."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_WIDTHS = {
    0.35: " 'ijl",
    0.4: ",.:;I",
    0.45: "-/\\f",
    0.5: "!()[]`rt",
    0.55: '"*J',
    0.6: "_csz|L",
    0.65: "?xFT",
    0.7: "$0123456789Eaekovyg",
    0.75: "CPSYZbdhnpqu{}",
    0.8: "ABKRVX",
    0.85: "#+<=>DGHNU^~",
    0.9: "&OQ",
    0.95: "w",
    1.0: "@M",
    1.05: "%m",
    1.15: "W",
}
"""Widths in em: the widest of DejaVu Sans Bold, Noto Sans Bold and Liberation Sans Bold (metrics of Arial)."""
_ASCII = {character: width for width, characters in _WIDTHS.items() for character in characters}
_LAST_EUROPEAN = 0x58F
"""The end of the Latin, Greek, Cyrillic and Armenian blocks, whose letters are about as wide as ASCII's."""


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if character in _ASCII:
        return _ASCII[character]
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.4 if unicodedata.category(character) == "So" else 1.05
    if ord(character) <= _LAST_EUROPEAN:
        return 1.15 if character.isupper() else 0.9
    return 1.2


def width_px(text: str, em_px: float) -> float:
    """Return the maximum width of a line of text."""
    return sum(map(_em, text)) * em_px


def foreign(text: str) -> bool:
    """Return whether the widths of some characters are guesses."""
    return any(ord(character) > _LAST_EUROPEAN for character in text)


def wrap(text: str, most_px: float, em_px: float) -> list[str]:
    """Return lines no wider than `most_px`; words that do not fit are broken, and no character is lost."""
    lines: list[str] = []
    line, used, space = "", 0.0, width_px(" ", em_px)
    for word in text.split():
        wide = width_px(word, em_px)
        if line and used + space + wide <= most_px:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            lines.append(line)
        *broken, line = [word] if wide <= most_px else _broken(word, most_px, em_px)
        lines += broken
        used = width_px(line, em_px)
    return [*lines, line] if line else lines


def balanced(text: str, most_px: float, em_px: float) -> list[str]:
    """Return as few lines as `wrap`, but of similar length, without breaking more words."""
    lines = wrap(text, most_px, em_px)
    least = min(most_px, max((width_px(word, em_px) for word in text.split()), default=0.0))
    for part in (0.94, 0.88, 0.82, 0.76, 0.7, 0.64):
        narrower = wrap(text, max(most_px * part, least), em_px)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _broken(word: str, most_px: float, em_px: float) -> list[str]:
    """Return the pieces of a word, each as long as possible; a single character always fits."""
    pieces, used = [""], 0.0
    for character in word:
        wide = width_px(character, em_px)
        if pieces[-1] and used + wide > most_px:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += wide
    return pieces
