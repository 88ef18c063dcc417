"""The types of compiled rules are those that the models of the rule files give."""

import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "tools" / "knowledge_shapes.py"


def test_shapes_are_what_the_models_say():
    """A field is written in its model alone; the type that the engine reads follows."""
    spec = importlib.util.spec_from_file_location("knowledge_shapes", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.TARGET.read_text("utf-8") == script.text(), "renew them with: python tools/knowledge_shapes.py"
