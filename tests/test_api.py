"""What other Python programs see: the names of the package, and a recommendation that shows itself."""

import pytest

import annostrat

FOUND = annostrat.recommend({"purpose": "count_objects", "extent_visible": "yes"})


def test_package_lists_what_it_offers():
    """Completion in a shell finds the public names, and nothing else."""
    assert dir(annostrat) == sorted(annostrat.__all__)
    assert {"recommend", "Recommendation", "UseCase", "load_rules"} <= {*dir(annostrat)}


@pytest.mark.parametrize(
    ("answers", "beginning"),
    [
        ({"purpose": "count_objects", "extent_visible": "yes"}, "<Recommendation for 'use case': Object detection; "),
        ({"purpose": "find_objects"}, "<Recommendation for 'use case': Object detection, provisionally; "),
        ({}, "<Recommendation for 'use case': Undecided: "),
    ],
)
def test_recommendation_shows_its_answer(answers, beginning):
    """In a shell, the answer is what one sees."""
    shown = repr(annostrat.recommend(answers))
    assert shown.startswith(beginning)
    assert ("experts agree" in shown) is ("purpose" in answers)


def test_recommendation_is_a_card_in_a_notebook():
    """A notebook shows the first screen of the report, in which nothing runs, and Markdown where there is no HTML."""
    html, markdown = FOUND._repr_html_(), FOUND._repr_markdown_()
    assert "annostrat-card decided" in html
    assert "Object detection" in html
    assert "<script" not in html
    assert markdown.startswith("## use case\n\n**Object detection**\n")


def test_recommendation_becomes_a_dictionary_of_the_callers_own():
    """What a program changes in it changes no later recommendation."""
    changed = FOUND.to_dict()
    assert changed["strategy"]["id"] == "object_detection"
    changed["strategy"]["id"] = "changed"
    assert FOUND.to_dict()["strategy"]["id"] == "object_detection"
