"""A use case may name its field, from a closed list, and what its labels are on."""

import pytest

from annostrat.errors import InputError
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.use_cases.use_case import read_use_case

RULES = load_rules()


def case(text):
    """Return the use case that a text describes."""
    return read_use_case(next(yaml_source.parse(text, "case.yaml")), RULES, "case")


def test_field_and_objects_are_kept():
    """A use case says where it belongs, for precedents and models."""
    found = case("{domain: microscopy, objects: nuclei, answers: {count_matters: yes}}")
    assert (found.domain, found.objects) == ("microscopy", "nuclei")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("agricultur", "agriculture"), ("medicall", "medicine"), ("scenetext", "documents"), ("cels", "microscopy")],
)
def test_word_that_is_no_field_is_answered_with_the_nearest(word, meant):
    """A misspelt name of a field, or of what people write instead, is answered with the field."""
    with pytest.raises(InputError) as error:
        case(f"{{domain: {word}, answers: {{}}}}")
    problem = error.value.problems[0]
    assert problem.message == f"no domain is called '{word}'"
    assert problem.hint == f"did you mean '{meant}'?"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Farming", "agriculture"),
        ("medical", "medicine"),
        ("scene text", "documents"),
        ("earth-observation", "remote_sensing"),
    ],
)
def test_field_may_be_named_in_the_words_that_the_prompt_takes(word, meant):
    """What people write instead of a field's name is that field, here as in the prompt and for `architectures`."""
    assert case(f"{{domain: {word}, answers: {{}}}}").domain == meant


@pytest.mark.parametrize("text", ["domain: 3", "domain: [medicine]", "objects: ''", "objects: 7"])
def test_anything_else_is_refused(text):
    """A number or a list is no field, and nothing is no object."""
    with pytest.raises(InputError):
        case(f"{{{text}, answers: {{}}}}")
