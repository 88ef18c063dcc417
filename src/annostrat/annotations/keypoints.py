"""Which keypoints of an object are labelled, and which of these people could not see: sets, as bits of two numbers.

A keypoint that is not labelled has the visibility 0, one that is labelled but hidden 1, one in sight 2. Of a person
with nose, left eye and right eye, of which the nose is in sight and the right eye hidden, the sets are 0b101 and 0b100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_KEYPOINTS = 64
"""Keypoints of an object that are counted."""
HIDDEN, IN_SIGHT = 1, 2


def visibility_of(stated: Sequence[float]) -> tuple[int, int]:
    """Return which keypoints are labelled, and which of these are hidden, from the visibility of each."""
    kept = list(enumerate(stated[:MOST_KEYPOINTS]))
    labelled = sum(1 << number for number, visibility in kept if visibility in {HIDDEN, IN_SIGHT})
    return labelled, sum(1 << number for number, visibility in kept if visibility == HIDDEN)
