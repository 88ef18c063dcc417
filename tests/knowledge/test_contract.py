"""The types of compiled rules are those that the models of the rule files give."""

from annostrat.knowledge.models import generate


def test_types_are_what_the_models_say():
    """A field is written in its model alone; the type that the engine reads follows."""
    renew = "renew them with: python -m annostrat.knowledge.models.generate"
    assert generate.TARGET.read_text("utf-8") == generate.text(), renew
