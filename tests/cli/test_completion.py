"""Tab completes commands, questions, answers, strategies and tools in bash, zsh and fish, each really run."""

import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annostrat.cli.completion import rejoined

pytestmark = pytest.mark.slow
OCCLUSION = ["occlusion=low", "occlusion=moderate", "occlusion=high", "occlusion=unknown"]
ASKED = ["yes", "no", "unknown"]
BUDGET = [f"compute_budget={word}" for word in ("limited", "moderate", "ample", "unknown")]
QUESTIONS = ["count_matters=", "occlusion=", "shape_variance=", "compute_budget="]


@pytest.fixture
def path(tmp_path):
    """A PATH on which the command stands, as it is installed for these tests."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "annostrat"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m annostrat "$@"\n')
    command.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def shell(name):
    """Return the path of a shell, or skip the test where it is not installed."""
    found = shutil.which(name)
    return found or pytest.skip(f"{name} is not installed: apt install {name}")


BASH = """
eval "$(_ANNOSTRAT_COMPLETE=source_bash annostrat)"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_annostrat_completion annostrat
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["rec"], ["recommend"]),
        pytest.param(["recommend", "--answer", "occ"], OCCLUSION, marks=pytest.mark.slow),
        pytest.param(
            ["recommend", "--answer", "occlusion", "="], ["low", "moderate", "high", "unknown"], marks=pytest.mark.slow
        ),
        (["recommend", "--answer", "occlusion", "=", "h"], ["high"]),
        pytest.param(["recommend", "--answer", "=", "occlusion", "=", "h"], ["high"], marks=pytest.mark.slow),
        pytest.param(["recommend", "-a", "count_matters", "=", "yes", "-a", "c"], BUDGET, marks=pytest.mark.slow),
        pytest.param(
            ["recommend", "--rules", "purpose_first", "-a", "ext"],
            [f"extent_visible={word}" for word in ASKED],
            marks=pytest.mark.slow,
        ),
        (["recommend", "--rules", "=", "p"], ["purpose_first"]),
        pytest.param(["recommend", "--rules", "no/such", "-a", "occ"], OCCLUSION, marks=pytest.mark.slow),
        pytest.param(["recommend", "--effort", "im"], ["images="], marks=pytest.mark.slow),
        pytest.param(["architectures", "--strategy", "inst"], ["instance_segmentation"], marks=pytest.mark.slow),
        pytest.param(["architectures", "--tier", ""], ["edge", "gpu", "server"], marks=pytest.mark.slow),
        pytest.param(["compare", "object_detection", "pano"], ["panoptic_segmentation"], marks=pytest.mark.slow),
        pytest.param(["scaffold", "l"], ["label_studio", "labelme"], marks=pytest.mark.slow),
        pytest.param(["check", "--format", "s"], ["sarif"], marks=pytest.mark.slow),
        pytest.param(["rules", "show", "inf"], ["infographic"], marks=pytest.mark.slow),
        pytest.param(["rules", "schema", "use"], ["use_case"], marks=pytest.mark.slow),
        (["recommend", "exam"], [""]),
        pytest.param(["recommend", "--answer", "nonsense"], [""], marks=pytest.mark.slow),
    ],
)
def test_bash_completes(path, words, offered):
    """Bash, which cuts words at `=`, gets what may come next; where nothing fits, it offers files itself."""
    done = subprocess.run(
        [shell("bash"), "--norc", "-c", BASH, "bash", "annostrat", *words],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout.splitlines(), done.stderr) == (offered, "")


@pytest.mark.slow
def test_bash_offers_the_questions_that_are_left(path):
    """Without a word yet, every question that matters is offered, those given before are not."""
    words = ["annostrat", "recommend", "-a", "occlusion", "=", "low", "-a", ""]
    done = subprocess.run(
        [shell("bash"), "--norc", "-c", BASH, "bash", *words],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = done.stdout.splitlines()
    assert set(QUESTIONS) - set(found) == {"occlusion="}


@pytest.mark.parametrize(
    ("text", "current", "expected"),
    [
        ("a\n-a\nb\n=\nc", 4, ("a\n-a\nb=c", 2, "b=")),
        ("a\n-a\nb\n=", 3, ("a\n-a\nb=", 2, "b=")),
        ("a\n--x\n=\nb\n=\nc", 5, ("a\n--x=b=c", 1, "b=")),
        ("a\nb", 1, ("a\nb", 1, "")),
        ("a\nb\n", 2, ("a\nb\n", 2, "")),
        ("", 0, ("", 0, "")),
    ],
)
def test_words_cut_at_equals_are_put_together(text, current, expected):
    """What bash cut is one word again, and only the part behind the last `=` is answered."""
    assert rejoined(text, current) == expected


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("annostrat sca", ["scaffold"]),
        pytest.param("annostrat recommend --answer occ", OCCLUSION, marks=pytest.mark.slow),
        pytest.param("annostrat recommend --answer occlusion=h", ["occlusion=high"], marks=pytest.mark.slow),
        pytest.param("annostrat architectures --strategy inst", ["instance_segmentation"], marks=pytest.mark.slow),
        pytest.param("annostrat scaffold gui", ["guideline"], marks=pytest.mark.slow),
        pytest.param("annostrat recommend cas", ["case.yaml"], marks=pytest.mark.slow),
    ],
)
def test_fish_completes(path, save, line, offered):
    """Fish gets words with what they mean, each on one line; where nothing fits, it offers files."""
    save("case.yaml", "answers: {}\n")
    script = f'_ANNOSTRAT_COMPLETE=source_fish annostrat | source; complete -C "{line}"'
    done = subprocess.run(
        [shell("fish"), "--no-config", "-c", script],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert sorted(word.partition("\t")[0] for word in done.stdout.splitlines()) == sorted(offered)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("annostrat recommend --answer occ", "occlusion="),
        pytest.param("annostrat recommend --answer occlusion=h", "occlusion=high", marks=pytest.mark.slow),
        pytest.param("annostrat architectures --strategy inst", "instance_segmentation", marks=pytest.mark.slow),
        pytest.param("annostrat scaffold guid", "guideline", marks=pytest.mark.slow),
    ],
)
def test_zsh_completes(path, tmp_path, line, shown):
    """Zsh, at a real terminal, completes the line when Tab is pressed."""
    session = Zsh(shell("zsh"), {**os.environ, "PATH": path, "ZDOTDIR": str(tmp_path), "TERM": "xterm"})
    try:
        session.type('autoload -U compinit; compinit -u -D; eval "$(_ANNOSTRAT_COMPLETE=source_zsh annostrat)"\n')
        session.type("PROMPT=; echo rea''dy\n")
        session.wait_for("ready\r\n")
        session.type(f"{line}\t")
        session.wait_for(shown)
    finally:
        session.end()


class Zsh:
    """An interactive zsh without anybody's settings."""

    def __init__(self, program, environment):
        import pty

        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [program, "-f", "-i"],
            stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def type(self, text):
        """Type a text."""
        os.write(self.master, text.encode())

    def wait_for(self, text, seconds=30):
        """Read on until the screen shows a text, after the one that was waited for before."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            left = end - time.monotonic()
            assert left > 0, f"{text!r} never came; the screen: {self.seen!r}"
            if select.select([self.master], [], [], left)[0]:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
        self.seen = self.seen.partition(text)[2]

    def end(self):
        """End the shell."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def test_completion_is_described_where_it_is_installed():
    """The documents say how to switch completion on in each of the three shells."""
    text = (Path(__file__).parents[2] / "docs" / "use-cases.md").read_text("utf-8")
    assert [name for name in ("bash", "zsh", "fish") if name not in text] == []


def test_completion_script_into_a_closed_pipe_ends_quietly():
    """Whoever reads only the beginning of the script is told nothing, as with every other output."""
    reader, writer = os.pipe()
    os.close(reader)
    world = {**os.environ, "_ANNOSTRAT_COMPLETE": "source_bash"}
    command = [sys.executable, "-m", "annostrat"]
    ended = subprocess.run(command, check=False, env=world, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")
