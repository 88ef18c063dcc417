"""What is added often is one file: each addition of CONTRIBUTING's table, in a copy of the project.

The contents are made up; only that they are accepted counts. All additions are made in one copy, so that the tests have
to run only once.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from textwrap import dedent

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COPIED = ["src", "rules", "tests", "examples", "docs", "integrations", "benchmarks", ".github", ".ci"]
TESTS = [
    "annotations/readers/test_contract.py",
    "export/test_contract.py",
    "measure/findings",
    "recommendation/effort",
    "recommendation/test_comparison.py",
    "recommendation/test_explanations.py",
    "specs/test_rules_content.py",
    "specs/test_use_cases.py",
    "cli/test_scaffold.py",
    "cli/test_knowledge_commands.py",
]
"""Tests that count or try whatever is in the rooms; the blocks of the README and of `docs/` follow below."""

READER = '''
"""Plain boxes: a JSON file an image, made up for a test."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from annostrat.annotations import Image
from annostrat.annotations.reader import Look, Reader, broken, inside, of_images, read_each
from annostrat.annotations.text.json import keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.annotations import BatchBuilder
    from annostrat.annotations.reader import Source


def _look(_path: str, head: bytes) -> Look:
    missing = {"plain_boxes", "plain_image"} - keys(head)
    wanted = "the keys plain_boxes and plain_image"
    return Look(fits=not missing, found="plain boxes", missing=wanted if missing else "")


def _open(files: Sequence[str], root: str) -> Source:
    return of_images(files, partial(read_each, read=partial(_read, root=root)), partial(inside, root=root))


def _read(path: str, builder: BatchBuilder, root: str) -> None:
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (ValueError, RecursionError) as error:
        raise broken(path, "is not JSON") from error
    if not isinstance(content, dict) or "plain_boxes" not in content:
        builder.remark("file_passed_over", inside(path, root), "no plain_boxes")
        return
    image = builder.image(Image(*content["plain_image"], "", inside(path, root)))
    for number, (name, *box) in enumerate(content["plain_boxes"]):
        builder.label(image, name, number, box=tuple(box))


PLUGIN = Reader("plain_boxes", "Plain boxes", "JSON files with plain_boxes and plain_image", (".json",), _look, _open)
'''
FORMAT = '''
"""Headlines: the strategy of each use case, one a line; made up for a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.render.renderer import Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.render.renderer import Page


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield a line for each."""
    for result in results:
        yield f"{printable(result.name)}: {result.strategy or 'undecided'}\\n"


PLUGIN = Renderer(recommendations)
'''
TOOL = '''
"""Box pen: a list of classes; made up for a test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from annostrat.export._base import Exporter

if TYPE_CHECKING:
    from annostrat.export._labelling_project import LabellingProject


def export(project: LabellingProject) -> str:
    """Return the classes as JSON."""
    return json.dumps([{"name": label.name} for label in project.labels], indent=2) + "\\n"


PLUGIN = Exporter("Box pen", "classes.json: open it in Box pen", frozenset({"object_detection"}), export)
'''
BOXES = {
    "fruit_1": [["apple", 40, 60, 140, 150], ["apple", 120, 80, 220, 190], ["leaf", 300, 200, 420, 260]],
    "fruit_2": [["apple", 10, 20, 110, 140]],
}


class Copy:
    """A copy of the project, and what an addition wrote there."""

    def __init__(self, folder):
        """Copy what tests and commands read."""
        self.folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if path.is_file():
                shutil.copy(path, folder)
        self.before = self.digests()

    def digests(self):
        """Return the digest of each file by its path."""
        files = (path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {str(path.relative_to(self.folder)): sha256(path.read_bytes()).digest() for path in files}

    def changed(self):
        """Return the files that differ from the project's."""
        return {name for name, digest in self.digests().items() if self.before.get(name) != digest}

    def run(self, *command):
        """Run a Python module of the copy, and return what it printed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
        return subprocess.run(
            [sys.executable, "-B", "-m", *command],
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
            check=False,
        )

    def begin(self, kind, id_):
        """Write the beginning of a file with `rules new`."""
        done = self.run("annostrat", "rules", "new", kind, id_, "--into", "rules")
        assert done.returncode == 0, done.stderr

    def write(self, path, text):
        """Write a file."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(dedent(text).lstrip("\n"), "utf-8")

    def replace(self, path, old, new):
        """Change one passage of a file."""
        place = self.folder / path
        text = place.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {path}"
        place.write_text(text.replace(old, new), "utf-8")

    def append(self, path, text):
        """Add to the end of a file."""
        place = self.folder / path
        place.write_text(place.read_text("utf-8") + dedent(text), "utf-8")


def add_question_and_strategy(copy):
    """Add a question whose answer `yes` ends in the new strategy, where lines need not be told apart."""
    tree = "rules/trees/purpose_first.yaml"
    copy.begin("question", "lines_cross")
    copy.begin("strategy", "crossings")
    old = "so a thin region for each class is enough.\n        strategy: semantic_segmentation\n"
    copy.replace(tree, old, old.replace("strategy: semantic_segmentation", "go: crossing"))
    copy.replace(
        tree,
        "  - id: count\n",
        """\
  - id: crossing
    ask: lines_cross
    branches:
      - when: yes
        because: Only where lines cross is used.
        strategy: crossings
      - when: [no, unknown]
        because: Single lines need not be told apart, so a thin region for each class is enough.
        strategy: semantic_segmentation

  - id: count
""",
    )
    copy.replace(tree, "  - panoptic_segmentation\nnodes:", "  - panoptic_segmentation\n  - crossings\nnodes:")
    copy.replace("rules/effort.yaml", "rates:\n", "rates:\n  crossings: {unit: object, note: No published time.}\n")
    copy.replace(
        "rules/guideline.yaml",
        "\nrules:\n",
        "\nrules:\n  - {topic: points, text: Mark each crossing., when: {strategies: [crossings]}, ours: true}\n",
    )
    schema = copy.run("annostrat", "rules", "schema", "use_case", "--output", "rules/schemas/use_case.json")
    assert schema.returncode == 0, schema.stderr
    return {
        "rules/questions/lines_cross.yaml",
        "rules/strategies/crossings.yaml",
        tree,
        "rules/effort.yaml",
        "rules/guideline.yaml",
        "rules/schemas/use_case.json",
    }


def add_finding(copy):
    """Add a kind of finding: labels of one pixel."""
    copy.append(
        "rules/findings.yaml",
        """
        one_pixel:
          severity: note
          of: labels
          one: box is one pixel
          many: boxes are one pixel
          advice: Look at a few of them.
        """,
    )
    checks = "src/annostrat/measure/findings/label_checks.py"
    here = '    yield "box_missing", '
    copy.replace(checks, here, f'    yield "one_pixel", finite & (x2 - x1 == 1) & (y2 - y1 == 1)\n{here}')
    return {"rules/findings.yaml", checks}


def add_reader(copy):
    """Add an annotation format with its example."""
    copy.write("src/annostrat/annotations/readers/datasets/plain_boxes.py", READER)
    files = {"src/annostrat/annotations/readers/datasets/plain_boxes.py"}
    for image, boxes in BOXES.items():
        size = (640, 480)
        path = f"examples/annotations/plain_boxes/{image}.json"
        copy.write(path, json.dumps({"plain_image": [f"{image}.jpg", *size], "plain_boxes": boxes}) + "\n")
        files.add(path)
    return files


def add_decision(copy):
    """Add an expert's decision, in a file beside the two whose figures are published."""
    text = (copy.folder / "rules/templates/expert_decision.yaml").read_text("utf-8")
    entry = text.replace("{id}", "made_up").replace("{title}", "Made up")
    copy.write("examples/expert_decisions/contributed.yaml", entry)
    return {"examples/expert_decisions/contributed.yaml"}


def add_story(copy):
    """Add a use case that ends in the new strategy."""
    copy.write(
        "examples/use_cases/made_up.yaml",
        """
        name: Made up
        description: Where cracks cross, a core is drilled.
        domain: infrastructure
        objects: cracks
        answers: {purpose: trace_lines, count_matters: no, lines_cross: yes}
        expect: crossings
        images: 1000
        """,
    )
    return {"examples/use_cases/made_up.yaml"}


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """The project with every addition, and the files that they were said to need."""
    copy = Copy(tmp_path_factory.mktemp("additions") / "annostrat")
    needed = add_question_and_strategy(copy) | add_finding(copy) | add_reader(copy) | add_decision(copy)
    needed |= add_story(copy)
    copy.begin("assistant", "made_up_assistant")
    copy.begin("architecture", "made_up")
    needed |= {"rules/assistants/made_up_assistant.yaml", "rules/architectures/made_up.yaml"}
    copy.replace("rules/architectures/made_up.yaml", "variants:\n", "sources: [hasty-2021]\nvariants:\n")
    copy.write("src/annostrat/render/formats/headlines.py", FORMAT)
    copy.write("src/annostrat/export/box_pen.py", TOOL)
    return copy, needed | {"src/annostrat/render/formats/headlines.py", "src/annostrat/export/box_pen.py"}


def test_additions_touch_only_the_files_they_name(extended):
    """Nothing but the files of CONTRIBUTING's table is written, and they are sound together."""
    copy, needed = extended
    assert copy.changed() == needed
    checked = copy.run("annostrat", "rules", "check")
    assert (checked.returncode, checked.stdout.count("no problems")) == (0, 1), checked.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("recommend --help", "headlines"),
        ("measure --from plain_box examples", "plain_boxes"),
        ("scaffold --help", "box_pen"),
        ("recommend -a purpose=trace_lines -a count_matters=no -a lines_cross=yes -f headlines", "crossings"),
        ("measure examples/annotations/plain_boxes", "4 objects of 2 classes"),
        ("check examples/use_cases/made_up.yaml", "1 as expected"),
        ("architectures --strategy object_detection --full", "Made up"),
    ],
)
def test_addition_is_offered(extended, words, expected):
    """What was added is in the help, and works."""
    copy, _ = extended
    done = copy.run("annostrat", *words.split())
    assert expected in re.sub(r"\s+", " ", done.stdout + done.stderr), done.stdout + done.stderr


def test_tests_pass_with_all_additions(extended):
    """No test lists or counts what grows."""
    copy, _ = extended
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = copy.run("pytest", *options, *(f"tests/{name}" for name in TESTS))
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    pages = copy.run("pytest", *options, "tests/specs/test_readme.py", "-k", "shows")
    assert pages.returncode == 0, pages.stdout[-5000:] + pages.stderr
