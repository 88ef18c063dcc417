"""One mistake that explains many findings of a dataset: reported once, with the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.measure.profile.profile import Found

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.measure.profile.profile import Profile

FIT = 0.98
"""Share of boxes that must fit their image when they are read in another way."""
MANY, QUARTER, SOME, MERGED = 0.5, 0.25, 0.1, 0.01
"""Shares of boxes, and of images, above which a fault affects the whole dataset."""
ENOUGH = 10
"""Boxes below which some that reach over the border say nothing of the rest."""
_SYMPTOMS = frozenset({"out_of_bounds", "box_differs", "overfull", "duplicate", "reversed_corners"})


class _Case:
    """How often each kind was found, and in how many boxes it could have been."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.sized, self.images = self("sized"), profile.counts["images"]

    def __call__(self, kind: str) -> int:
        return self._profile.found.get(kind, Found()).count

    def share(self, kind: str) -> float:
        """Return the share of boxes in images of known size."""
        return self(kind) / self.sized if self.sized else 0.0


class Diagnosis(NamedTuple):
    """A mistake that explains other findings.

    Attributes:
        kind: The finding that tells it.
        is_likely: Whether it explains a case.
        shown: The finding that has its examples.
        explains: The findings that follow from it, and are not told beside it.
        broken: Why nothing that is measured means anything; empty where it still does.
    """

    kind: str
    is_likely: Callable[[_Case], bool]
    shown: str
    explains: frozenset[str] = _SYMPTOMS
    broken: str = "The numbers of the boxes do not mean what the format says: nothing measured of them means anything"


def _differ_as(case: _Case, kind: str) -> bool:
    """Return whether most boxes do not fit their outlines, nearly all of them in one way."""
    return case("box_differs") >= MANY * max(case.sized, 1) and case(kind) >= FIT * case("box_differs")


DIAGNOSES = (
    Diagnosis(
        "merged_images",
        lambda case: case("merged_images") > MERGED * case.images,
        "merged_images",
        frozenset({"duplicate_id", *_SYMPTOMS}),
        "Several images share one id, so that nobody knows which labels belong to which image",
    ),
    Diagnosis(
        "swapped_format",
        lambda case: case.share("out_of_bounds") >= SOME and case.share("corners_fit") >= FIT,
        "out_of_bounds",
        broken="The boxes hold corners instead of sizes, so nothing measured from them is meaningful",
    ),
    Diagnosis("shares_for_pixels", lambda case: case.share("shares_for_pixels") >= FIT, "shares_for_pixels"),
    Diagnosis("pixels_for_shares", lambda case: case.share("pixels_for_shares") >= MANY, "pixels_for_shares"),
    Diagnosis(
        "sizes_for_corners",
        lambda case: case.share("reversed_corners") >= SOME and case.share("sizes_fit") >= FIT,
        "reversed_corners",
        _SYMPTOMS | {"degenerate"},
    ),
    Diagnosis("reversed_corners", lambda case: case.share("reversed_corners") >= SOME, "reversed_corners"),
    Diagnosis(
        "size_exchanged",
        lambda case: (
            case.sized >= ENOUGH and case.share("out_of_bounds") >= SOME / 2 and case.share("exchanged_fit") >= FIT
        ),
        "out_of_bounds",
        frozenset({"out_of_bounds"}),
        broken="",
    ),
    Diagnosis(
        "centre_for_corner",
        lambda case: (
            _differ_as(case, "centred")
            or (case.sized >= ENOUGH and case.share("out_of_bounds") >= QUARTER and case.share("centre_fit") >= FIT)
        ),
        "out_of_bounds",
    ),
    Diagnosis(
        "top_from_below",
        lambda case: (
            case.sized >= ENOUGH and case.share("out_of_bounds") >= QUARTER and case.share("from_below_fit") >= FIT
        ),
        "out_of_bounds",
    ),
    Diagnosis("upside_down", lambda case: _differ_as(case, "moved_down"), "box_differs"),
)
"""The likeliest first."""


def diagnosis_of(profile: Profile) -> Diagnosis | None:
    """Return the mistake that explains most of what was found, if one does."""
    case = _Case(profile)
    return next((each for each in DIAGNOSES if each.is_likely(case)), None)


def broken_by(profile: Profile) -> str:
    """Return why nothing measured means anything; empty where it does."""
    found = diagnosis_of(profile)
    return found.broken if found else ""
