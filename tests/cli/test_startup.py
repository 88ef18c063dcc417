"""Start-up counts: what a command does not need is not even imported."""

import subprocess
import sys

import pytest

HEAVY = ("typer", "click", "pydantic", "rich", "numpy", "yaml")
PROGRAM = """
import sys
from annostrat.__main__ import main
sys.argv = ["annostrat", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    loaded = [name for name in {heavy!r} if name in sys.modules]
    print(ended.code, *loaded, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["recommend", "case.yaml", "--format", "json"], "0 yaml\n"),
        (["recommend", "case.yaml", "--format", "jsonl"], "0 yaml\n"),
        (["recommend", "case.yaml"], "0 yaml\n"),
        (["check", "case.yaml", "--format", "github"], "0 yaml\n"),
        (["recommend", "case.jsonl", "--format", "jsonl"], "0\n"),
        (["recommend", "case.json"], "0\n"),
        (["recommend", "--answer", "count_matters=no"], "0\n"),
    ],
)
def test_command_imports_only_what_it_needs(annostrat, save, arguments, loaded):
    """The commands that CI runs all day start without typer, pydantic and rich, and of JSON alone without yaml."""
    save("case.yaml", "answers: {count_matters: no}\nexpect: semantic_segmentation\n")
    for name in ("case.json", "case.jsonl"):
        save(name, '{"answers": {"count_matters": "no"}, "expect": "semantic_segmentation"}')
    annostrat(*arguments)
    words = [sys.executable, "-c", PROGRAM.format(heavy=HEAVY), *arguments]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stderr == loaded


def test_package_import_loads_nothing():
    """`import annostrat` is free; what it offers is loaded when it is used."""
    program = "import sys, annostrat; print([name for name in sys.modules if name.startswith('annostrat')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "['annostrat.knowledge', 'annostrat.knowledge.version', 'annostrat']\n"
