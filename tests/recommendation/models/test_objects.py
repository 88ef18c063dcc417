"""What was made for some things is offered for those, told by the words of their names."""

import pytest

from annostrat.recommendation.models import suits, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wheat heads", {"wheat", "head"}),
        ("cars, trucks; and (other) vehicles", {"car", "truck", "vehicle"}),
        ("sea-floor", {"sea", "floor"}),
        ("of a", set()),
        ("all of them", {"them"}),
        ("", set()),
        (None, set()),
    ],
)
def test_words_are_those_that_say_something(text, found):
    """Short words and those in the names of many things say nothing; a plural is its singular."""
    assert words(text) == found


@pytest.mark.parametrize(
    ("domains", "made_for", "domain", "objects", "suitable"),
    [
        ([], [], None, None, True),
        (["retail"], [], "retail", "shelves", True),
        (["retail"], [], "medical", "shelves", False),
        (["retail"], [], None, None, False),
        ([], ["wheat heads"], "farming", "heads of wheat", True),
        ([], ["wheat heads"], "farming", "apples", False),
        ([], ["wheat heads"], "farming", None, True),
        (["retail"], ["wheat heads"], "farming", "wheat", False),
    ],
)
def test_model_suits_its_field_and_its_things(domains, made_for, domain, objects, suitable):
    """Of another field it never suits; where the things are not known, any may be meant."""
    assert suits(domains, made_for, domain, objects) is suitable
