"""Single mistakes that explain many findings in a dataset, each reported once with its remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annostrat.measure.profile.profile import Found

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.measure.profile.profile import Profile

FIT, FIT_WELL = 0.98, 0.9
"""Minimum shares of boxes that must fit under another reading, and under one that few boxes fit by chance."""
MOST, MANY, OFTEN, RATHER, SOME, FEW, MERGED = 0.8, 0.5, 0.3, 0.2, 0.1, 0.02, 0.01
"""Shares of boxes or images from which a fault is taken to affect the whole dataset."""
ENOUGH, PLENTY = 10, 20
"""Minimum number of boxes for inferring a dataset-wide mistake from boxes past the border or in one corner."""
_SYMPTOMS = frozenset(
    {
        "out_of_bounds",
        "box_differs",
        "overfull",
        "duplicate",
        "just_beyond_one",
    }
)
_OF_CORNERS = frozenset({*_SYMPTOMS, "reversed_corners", "degenerate"})
_EDGES = {"left", "above", "right", "below"}
_OF_OUTLINES = frozenset({"flat_outline", "four_vertices", "rectangular_outline", "empty_outline"})


class _Case:
    """Counts of each kind, and the number of boxes in which it could occur."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.sized, self.placed, self.images = self("sized"), self("placed"), profile.counts["images"]

    def __call__(self, kind: str) -> int:
        return self._profile.found.get(kind, Found()).count

    def share(self, kind: str) -> float:
        """Return the share of a kind among boxes given in the file, in images of known size."""
        return self(kind) / self.sized if self.sized else 0.0

    def share_of_all(self, kind: str) -> float:
        """Return the share of a kind among all boxes, given or derived from outlines, in images of known size."""
        return self(kind) / self.placed if self.placed else 0.0

    def reads_better(self, kind: str, *edges: str, fit: float = FIT) -> bool:
        """Return whether boxes extend far beyond certain edges only, and fit their image under another reading.

        Args:
            kind: The kind that counts the boxes that fit under the other reading.
            edges: The edges that the mistake moves boxes across: some boxes must cross each of them, and hardly any
                another edge. If an entry names two edges, separated by a space, crossing either is enough.
            fit: The minimum share of boxes that must fit.
        """
        either = [sum(self.share(f"far_{edge}") for edge in each.split()) >= FEW for each in edges]
        others = _EDGES - {edge for each in edges for edge in each.split()}
        rarely = [self(f"far_{edge}") <= FEW * self("far_out") for edge in others]
        is_far = self.sized >= ENOUGH and self.share("far_out") >= SOME / 2
        return is_far and self.share(kind) >= fit and all(either) and all(rarely)

    def reads_in_order(self, kind: str) -> bool:
        """Return whether boxes with reversed corners are valid under another reading."""
        return self.share("reversed_corners") >= SOME and self.share(kind) >= FIT

    def has_sizes_for_any_corners(self) -> bool:
        """Return whether second corners are sizes: many precede the first, though objects are spread over the image."""
        is_late = self.sized >= PLENTY and self.share("late_corners") >= SOME and self.share("any_order") >= MANY
        return is_late and self.share("sizes_fit") >= FIT

    def has_sizes_without_size(self) -> bool:
        """Return whether second corners are sizes in images of unknown size: many are far smaller, though not all."""
        boxes, smaller = self("unplaced"), self("far_smaller")
        if min(smaller, self("several")) >= max(MOST * boxes, 1):
            return True  # otherwise: objects that all span most of an image, and each other
        is_mixed = self("half_reversed") >= max(FEW * boxes, 1) and smaller > 2 * self("far_larger")
        return is_mixed and smaller >= RATHER * boxes

    def has_corners_without_size(self) -> bool:
        """Return whether sizes are corners: nearly all exceed the first corner's coordinates, many of them barely."""
        several, few = self("several"), self("few")
        is_barely = (several >= PLENTY and self("barely_corners") >= SOME * several) or (
            few >= PLENTY and self("barely_few") >= OFTEN * few
        )
        return is_barely and self("like_corners") >= FIT * (several + few)


class Diagnosis(NamedTuple):
    """A mistake that explains other findings.

    Attributes:
        kind: The finding that reports it.
        is_likely: Returns whether it explains a case.
        shown: The finding that provides its examples.
        counted: The kind that counts the affected labels.
        explains: The findings that follow from it and are not reported separately.
        broken: Why the measurements are meaningless; empty if they are still valid.
    """

    kind: str
    is_likely: Callable[[_Case], bool]
    shown: str
    counted: str = "sized"
    explains: frozenset[str] = _SYMPTOMS
    broken: str = "The numbers of the boxes do not mean what the format says: nothing measured of them means anything"


_CORNERS = "The boxes hold corners instead of sizes, so nothing measured from them is meaningful"


def _differ_as(case: _Case, kind: str) -> bool:
    """Return whether most boxes differ from their outlines, nearly all of them in the same way."""
    boxes = max(case("stated"), case.sized)  # 0.2.0 profiles count only boxes in images of known size
    return case("box_differs") >= max(MANY * boxes, 1) and case(kind) >= FIT_WELL * case("box_differs")


MERGED_IMAGES = Diagnosis(
    "merged_images",
    lambda case: case("merged_images") > MERGED * case.images,
    "merged_images",
    "merged_images",
    frozenset({"duplicate_id", "duplicate", "out_of_bounds"}),
    "Several images share one id, so that nobody knows which labels belong to which image",
)
DIAGNOSES = (
    Diagnosis(
        "swapped_format",
        lambda case: case.reads_better("corners_fit", "right", "below", fit=FIT_WELL),
        "out_of_bounds",
        broken=_CORNERS,
    ),
    Diagnosis("swapped_format", lambda case: _differ_as(case, "cornered"), "box_differs", "cornered", broken=_CORNERS),
    Diagnosis(
        "swapped_format",
        _Case.has_corners_without_size,
        "like_corners",
        "like_corners",
        broken=_CORNERS,
    ),
    Diagnosis(
        "shares_for_pixels",
        lambda case: case.share_of_all("shares_for_pixels") >= SOME,
        "shares_for_pixels",
        "shares_for_pixels",
        _SYMPTOMS | _OF_OUTLINES | {"outline_shares_for_pixels"},
    ),
    Diagnosis(
        "shares_for_pixels",
        lambda case: case("shares_without_size") >= max(MANY * case("unplaced"), ENOUGH),
        "shares_without_size",
        "shares_without_size",
        _SYMPTOMS | _OF_OUTLINES,
    ),
    Diagnosis(
        "outline_shares_for_pixels",
        lambda case: case("outline_shares_for_pixels") > SOME * case("beside_outline"),
        "outline_shares_for_pixels",
        "outline_shares_for_pixels",
        _SYMPTOMS | _OF_OUTLINES,
        "The outlines do not hold pixels, as the format wants: nothing measured of them means anything",
    ),
    Diagnosis(
        "shares_for_per_cent",
        lambda case: case.placed >= PLENTY and case.share_of_all("shares_for_per_cent") >= FIT,
        "shares_for_per_cent",
        "shares_for_per_cent",
        _SYMPTOMS | {"shares_for_pixels"},
    ),
    Diagnosis(
        "per_cent_for_pixels",
        lambda case: (
            case.placed >= PLENTY
            and case.share_of_all("in_per_cent") >= FIT
            and min(map(case.share_of_all, ("early_per_cent", "late_per_cent"))) >= FEW
        ),
        "in_per_cent",
        "in_per_cent",
    ),
    Diagnosis(
        "pixels_for_shares",
        lambda case: case.share_of_all("pixels_for_shares") >= SOME,
        "pixels_for_shares",
        "pixels_for_shares",
    ),
    Diagnosis(
        "sizes_for_corners",
        lambda case: case.reads_in_order("sizes_fit"),
        "reversed_corners",
        explains=_OF_CORNERS,
    ),
    Diagnosis(
        "sizes_for_corners",
        _Case.has_sizes_for_any_corners,
        "late_corners",
        explains=_OF_CORNERS,
    ),
    Diagnosis(
        "sizes_for_corners",
        _Case.has_sizes_without_size,
        "far_smaller",
        "unplaced",
        _OF_CORNERS,
    ),
    Diagnosis(
        "centres_for_corners",
        lambda case: case.reads_in_order("centre_sizes_fit"),
        "reversed_corners",
        explains=_OF_CORNERS,
    ),
    Diagnosis(
        "upper_below_lower",
        lambda case: case.share("upper_below_lower") >= FIT,
        "upper_below_lower",
        "upper_below_lower",
        _OF_CORNERS,
    ),
    Diagnosis(
        "reversed_corners",
        lambda case: case.share("reversed_corners") >= SOME,
        "reversed_corners",
        "reversed_corners",
    ),
    Diagnosis("rows_first", lambda case: _differ_as(case, "rows_first"), "box_differs", "rows_first"),
    Diagnosis(
        "size_exchanged",
        lambda case: (
            case.placed >= ENOUGH
            and (
                (case.share_of_all("out_of_bounds") >= SOME / 2 and case.share_of_all("exchanged_fit") >= FIT)
                or (case("far_out") >= PLENTY and case("exchanged_far") >= FIT_WELL * case("far_out"))
            )
        ),
        "out_of_bounds",
        "exchanged_fit",
        frozenset({"out_of_bounds", "just_beyond_one"}),
        broken="",
    ),
    Diagnosis("centre_for_corner", lambda case: _differ_as(case, "centred"), "box_differs", "stated"),
    Diagnosis("centre_for_corner", lambda case: case.reads_better("centre_fit", "right", "below"), "out_of_bounds"),
    Diagnosis(
        "corners_for_centre",
        lambda case: (
            case.reads_better("corners_of_centre_fit", "left above", "right below")
            and case.share("centre_early") >= SOME  # otherwise: large central objects, which fit either way
        ),
        "out_of_bounds",
    ),
    Diagnosis(
        "corner_for_centre", lambda case: case.reads_better("corner_of_centre_fit", "left", "above"), "out_of_bounds"
    ),
    Diagnosis(
        "top_from_below",
        lambda case: case.reads_better("from_below_fit", "below") and case.share("centre_below") >= FEW,
        "out_of_bounds",
    ),
    Diagnosis("upside_down", lambda case: _differ_as(case, "moved_down"), "box_differs", "stated"),
    Diagnosis(
        "box_differs",
        lambda case: case("box_differs") >= FIT_WELL * case.sized > 0 and case.share("out_of_bounds") >= OFTEN,
        "box_differs",
        "box_differs",
        frozenset(),
        "Nearly all boxes are elsewhere than their outlines, and many leave their image: no figure means anything",
    ),
)
"""In order of likelihood, the most likely first."""


def diagnoses_of(profile: Profile) -> list[Diagnosis]:
    """Return the mistakes that explain most of the findings: one in the ids of images, one in what numbers mean."""
    case = _Case(profile)
    merged = [MERGED_IMAGES] if MERGED_IMAGES.is_likely(case) else []
    others = [each for each in DIAGNOSES if not (merged and each.kind == "size_exchanged")]  # it may be another's size
    return [*merged, *[each for each in others if each.is_likely(case)][:1]]


def broken_by(profile: Profile) -> str:
    """Return why the measurements are meaningless; empty if they are valid."""
    return next((each.broken for each in diagnoses_of(profile) if each.broken), "")
