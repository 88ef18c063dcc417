"""How many images come first: enough to see something, as far as there are so many."""

import pytest

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.effort.pilot import double_labelled, first_review
from annostrat.use_cases.use_case import UseCase

GUIDELINE = load_rules().guideline


@pytest.mark.parametrize(
    ("images", "objects", "measured", "expected"),
    [
        (None, None, None, 50),
        (1000, None, None, 50),
        (1000, 0, None, 50),
        (1000, 1.5, None, 67),
        (1000, 3, None, 50),
        (1000, 0.5, None, 100),
        (15, 0.5, None, 15),
        (1000, 3, 260, 260),
        (1000, 3, 0, 1),
        (200, 3, 260, 200),
    ],
)
def test_first_review_is_sized_by_objects_or_by_what_was_measured(images, objects, measured, expected):
    """50 to 100 images until 100 objects are seen; where something was measured, as many as would settle it."""
    case = UseCase("A project", {}, images=images, objects_per_image=objects)
    assert first_review(GUIDELINE["pilot"], case, measured).images == expected


def test_first_review_says_why():
    """The number comes with its reason."""
    case = UseCase("A project", {}, images=1000, objects_per_image=1.5)
    assert first_review(GUIDELINE["pilot"], case).because == "they show about 100 objects"
    assert "measured intervals" in first_review(GUIDELINE["pilot"], case, 50).because


@pytest.mark.parametrize(("images", "expected"), [(None, 30), (20, 20), (1500, 30), (1501, 31), (10_000, 200)])
def test_double_labelling_is_a_share_but_not_too_few(images, expected):
    """2 per cent of the images are labelled twice, and no fewer than 30."""
    assert double_labelled(GUIDELINE["double_label"], UseCase("A project", {}, images=images)).images == expected


@pytest.mark.parametrize(
    ("images", "because"),
    [
        (None, "or 2 per cent of all, whichever is more"),
        (30, "all that there are"),
        (1500, "the fewest that say something"),
        (1501, "2 per cent of 1,501"),
    ],
)
def test_double_labelling_says_why(images, because):
    """The reason names the share, or that all or the fewest images are taken."""
    assert double_labelled(GUIDELINE["double_label"], UseCase("A project", {}, images=images)).because == because
