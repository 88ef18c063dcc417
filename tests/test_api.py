"""What other Python programs see: the names of the package, and a recommendation that shows itself."""

from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import annostrat
from annostrat import InputError, UseCase
from annostrat.use_cases.use_case import LabelFiles, SecondLabels

RULES = annostrat.load_rules()
KEYS = ["annotations", "agreement", "with", "hourly_rate", "licence", "points", "skeleton", "purpose", "A"]
WORDS = st.sampled_from(["", "5", "yes", "find_objects", "permissive", *KEYS])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
JSON = st.recursive(SCALARS, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WORDS, inside, max_size=3))
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
    assert ("projects agree" in shown) is ("purpose" in answers)


def test_recommendation_is_a_card_in_a_notebook():
    """A notebook shows the first screen of the report, in which nothing runs, and Markdown where there is no HTML."""
    html, markdown = FOUND._repr_html_(), FOUND._repr_markdown_()
    assert "annostrat-card decided" in html
    assert "Object detection" in html
    assert "<script" not in html
    assert markdown.startswith("## use case\n\n**Object detection**\n")


@pytest.mark.parametrize(
    ("use_case", "said"),
    [
        ("map_surfaces", "a use case is a `UseCase`, or a mapping of question to answer, not the text 'map_surfaces'"),
        (["purpose"], "a use case is a `UseCase`, or a mapping of question to answer, not a list"),
        (None, "a use case is a `UseCase`, or a mapping of question to answer, not nothing"),
        ({"purpose": {"map_surfaces"}}, "{'map_surfaces'} is not an answer to purpose"),
        ({1: "yes"}, "no rule set asks '1'"),
        ({"answers": {"purpose": "map_surfaces"}}, "for a whole use case, give UseCase(answers={...})"),
        (UseCase(answers={"purpose": "map"}), "use case: 'map' is not an answer to purpose"),
        (UseCase("A", {}, images=-3), "A: images is a whole number from 1 to 1,000,000,000, not the number -3"),
        (UseCase("A", {}, objects_per_image="5"), "objects_per_image is a number from 0 to 100,000, not the text '5'"),
        (UseCase("A", {}, effort={"hourly_rate": "5"}), "hourly_rate is money for an hour, a number from 0"),
        (
            UseCase("A", {}, models={"licence": 5}),
            "licence is permissive, data_terms, the name of a licence, or a list",
        ),
        (UseCase("A", {}, classes=["car"]), "classes are a mapping of class name to answers, not a list"),
        (UseCase("A", {}, evidence="labels"), "evidence is a mapping with `annotations`, not the text 'labels'"),
        (UseCase(5, None), "5: name is text, not the number 5"),
    ],
)
def test_a_use_case_made_in_python_is_checked_like_a_file(use_case, said):
    """What no file could say is an error with what is wrong, before anything is recommended."""
    with pytest.raises(InputError) as caught:
        annostrat.recommend(use_case)
    assert said in str(caught.value)


@pytest.mark.slow
@given(st.sampled_from([name for name in UseCase._fields if name != "document"]), JSON)
def test_no_value_of_a_field_ends_in_an_error_of_python(field, value):
    """Whatever JSON says in the place of a field, it is used, or it is an `InputError`."""
    case = UseCase("A", {"purpose": "find_objects"})._replace(**{field: value})
    try:
        found = annostrat.recommend(case, RULES)
    except InputError:
        return
    assert found.to_dict()["status"] in {"decided", "provisional", "undecided"}
    assert repr(found.name) in repr(found)


@pytest.mark.parametrize("field", [name for name in UseCase._fields if name != "document"])
def test_an_array_in_the_place_of_a_field_is_refused(field):
    """No field takes an array, by itself or in a list, whose truth value would be ambiguous."""
    for value in (np.array([1, 2]), np.array([]), [np.array([1, 2])]):
        with pytest.raises(InputError, match=field if field != "answers" else "answers are a mapping"):
            annostrat.recommend(UseCase("A", {"purpose": "find_objects"})._replace(**{field: value}), RULES)


def test_a_use_case_takes_what_python_has_in_the_place_of_plain_values():
    """Tuples, other mappings and numbers of arrays are as good as lists, dictionaries and numbers."""
    answers = MappingProxyType({"purpose": ("find_objects", "map_surfaces"), "orientation_matters": False})
    case = UseCase("A", answers, expect="points", images=np.int64(5), objects_per_image=np.float32(2.5))
    found = annostrat.recommend(case)
    assert (found.use_case.expect, found.use_case.images) == (("points",), 5)
    assert found.use_case.answers == {"purpose": "find_objects+map_surfaces", "orientation_matters": "no"}
    assert found.effort is not None


def test_evidence_of_a_use_case_stays_what_it_was():
    """Labels are named by tuples of the package, or by the mapping that a file has."""
    labels = LabelFiles("a.json", agreement=SecondLabels("b.json", 0.9))
    stated = {"annotations": "a.json", "agreement": {"with": "b.json", "at_least": 0.9}}
    for evidence in (labels, stated):
        assert annostrat.recommend(UseCase("A", {}, evidence=evidence)).use_case.evidence == labels


def test_a_rule_set_is_taken_by_its_name_or_path(tmp_path):
    """Wherever rules are taken: a name, a folder, or the rules themselves; anything else is an `InputError`."""
    (tmp_path / "tips").mkdir()
    for rules in ("purpose_first", str(tmp_path), tmp_path, RULES, None):
        assert annostrat.recommend({"purpose": "map_surfaces"}, rules=rules).strategy["id"] == "semantic_segmentation"
    assert annostrat.recommend({"purpose": "map_surfaces"}, "infographic").status == "undecided"
    for rules, said in (("infografic", "did you mean 'infographic'?"), (5, "a rule set is needed, not 5")):
        with pytest.raises(InputError, match=said):
            annostrat.recommend({}, rules)
        with pytest.raises(InputError, match=said):
            list(annostrat.read_use_cases([], rules))
        with pytest.raises(InputError, match=said):
            annostrat.measurement_of(annostrat.merge_profiles([]), rules)


def test_use_cases_are_read_by_path(tmp_path):
    """One path, as text or not, or several of them; rules are the default ones."""
    path = tmp_path / "case.yaml"
    path.write_text("name: A\nanswers: {}\n", "utf-8")
    for paths in (path, str(path), [path], (str(path),)):
        assert [case.name for case in annostrat.read_use_cases(paths)] == ["A"]


def test_recommendation_becomes_a_dictionary_of_the_callers_own():
    """What a program changes in it changes no later recommendation."""
    changed = FOUND.to_dict()
    assert changed["strategy"]["id"] == "object_detection"
    changed["strategy"]["id"] = "changed"
    assert FOUND.to_dict()["strategy"]["id"] == "object_detection"
