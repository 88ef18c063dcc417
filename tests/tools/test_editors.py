"""check-jsonschema, which editors and CI use, accepts our files by the shipped schemas and refuses broken ones."""

import subprocess

import pytest
from tests.export.projects import ANSWERS, AWKWARD, project

from annostrat.export import labelme, yolo

pytestmark = pytest.mark.slow
BROKEN = [
    "answers: {occlusion: hihg}\n",
    "answers: {ocllusion: high}\n",
    "answer: {occlusion: high}\n",
    "answers: {}\nimages: many\n",
    "answers: {}\nexpect: boxes\n",
    "answers: {}\nclasses: [a]\n",
    "answers: {}\nkeypoints: {pig: [snout]}\n",
    "name: x\n",
]


@pytest.fixture
def check(program, root):
    """Check files by a shipped schema; return the exit code."""
    command = program("check-jsonschema")

    def run(kind, *paths):
        schema = root / "rules" / "schemas" / f"{kind}.json"
        return subprocess.run([command, "--schemafile", str(schema), *map(str, paths)], check=False).returncode

    return run


def test_every_example_is_accepted(check, root, tmp_path):
    """Each use case among the examples is valid; of files with several, each one is."""
    paths = []
    for path in sorted((root / "examples" / "use_cases").iterdir()):
        text = path.read_text("utf-8")
        parts = text.splitlines() if path.suffix == ".jsonl" else text.split("\n---\n")
        for number, part in enumerate(parts):
            paths.append(tmp_path / f"{path.stem}_{number}.{'json' if path.suffix.startswith('.json') else 'yaml'}")
            paths[-1].write_text(part, "utf-8")
    assert len(paths) > 15
    assert check("use_case", *paths) == 0


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_use_case_is_refused(check, tmp_path, text):
    """What annostrat refuses, an editor marks."""
    path = tmp_path / "case.yaml"
    path.write_text(text, "utf-8")
    assert check("use_case", path) == 1


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("tree", "trees/*.yaml"),
        ("question", "questions/*.yaml"),
        ("strategy", "strategies/*.yaml"),
        ("architecture", "architectures/*.yaml"),
        ("assistant", "assistants/*.yaml"),
        ("tip", "tips/*.yaml"),
        ("effort", "effort.yaml"),
        ("guideline", "guideline.yaml"),
        ("references", "references.yaml"),
    ],
)
def test_every_rule_file_is_accepted(check, root, tmp_path, kind, pattern):
    """The knowledge is valid by its schemas, and a file with a misspelt key is not."""
    paths = sorted((root / "rules").glob(pattern))
    assert paths
    assert check(kind, *paths) == 0
    broken = tmp_path / "broken.yaml"
    broken.write_text(paths[0].read_text("utf-8") + "\nno_such_key: 1\n", "utf-8")
    assert check(kind, broken) == 1


@pytest.mark.parametrize(
    ("module", "kind", "strategy"),
    [(yolo, "yolo_data", one) for one in sorted(yolo.PLUGIN.expresses)]
    + [(labelme, "labelme_config", one) for one in ANSWERS],
)
def test_every_file_that_is_written_is_accepted(check, tmp_path, module, kind, strategy):
    """The YAML that `scaffold` writes is valid by the schema that its first line names."""
    path = tmp_path / "file.yaml"
    written = module.export(project(strategy, AWKWARD))
    path.write_text(written, "utf-8")
    assert written.partition("\n")[0].endswith(f"/rules/schemas/{kind}.json")
    assert check(kind, path) == 0
    path.write_text(f"{written}no_such_key: 1\n", "utf-8")
    assert check(kind, path) == 1
