"""The keys of JSON that are written."""

from annostrat.render.formats.json import check_fields, keys_of
from annostrat.render.formats.jsonl import LEAN


def test_lean_lines_have_keys_of_the_output():
    """What JSON Lines have by default are keys of the output's types."""
    check_fields(LEAN)
    assert keys_of(["name", "rules.id", "rules.version"]) == {"name": {}, "rules": {"id": {}, "version": {}}}
