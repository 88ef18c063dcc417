"""What publishes annostrat: its checkers accept it, it refuses what does not belong together, and the image works."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from tests.specs.test_packaging import build

ORIGIN = {"GITHUB_SERVER_URL": "https://git.example", "GITHUB_REPOSITORY": "team/annostrat"}

pytestmark = pytest.mark.slow
RELEASED = ("hatch_build.py", "src", "rules", "examples", ".ci", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff")
READ_ONLY_NOBODY = """
mount -o remount,ro,bind / || exit 3
touch x 2> /dev/null && exit 4
exec setpriv --reuid 65534 --regid 65534 --clear-groups opt/bin/annostrat "$@"
"""


@pytest.fixture
def workflows(root, tmp_path):
    """A repository with our action and workflows, the example among them with the action pinned by a commit."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    shutil.copy(root / "action.yml", tmp_path)
    shutil.copy(root / ".github" / "workflows" / "release.yml", folder)
    example = (root / "examples" / "ci" / "github.yml").read_text("utf-8")
    (folder / "example.yml").write_text(example.replace("annostrat@v0.2.0", f"annostrat@{'1' * 40}"), "utf-8")
    subprocess.run([shutil.which("git"), "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_actionlint_accepts_the_release(program, workflows):
    """Actionlint finds nothing in the workflow that publishes."""
    assert subprocess.run([program("actionlint"), "-no-color"], cwd=workflows, check=False).returncode == 0


def test_zizmor_accepts_action_release_and_example(program, workflows):
    """Zizmor finds nothing: actions are pinned by commit, permissions are least, and no input is run."""
    words = [program("zizmor"), "--offline", "--no-progress", "--quiet", "."]
    done = subprocess.run(words, cwd=workflows, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    release = workflows / ".github" / "workflows" / "release.yml"
    text = release.read_text("utf-8")
    release.write_text(text.replace("publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33", "publish@v1"), "utf-8")
    done = subprocess.run(words, cwd=workflows, capture_output=True, text=True, check=False)
    assert "unpinned-uses" in done.stdout


def test_only_the_job_that_uploads_has_a_token(root):
    """The job that runs our code cannot publish, and the job that publishes runs none of our code."""
    workflow = yaml.safe_load((root / ".github" / "workflows" / "release.yml").read_text("utf-8"))
    jobs = workflow["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "publish": {"id-token": "write"},
    }
    assert [step for step in jobs["publish"]["steps"] if "run" in step] == []


@pytest.mark.parametrize("script", ["release", "lowest", "run", "tools"])
def test_shellcheck_accepts_the_scripts(program, root, script):
    """ShellCheck finds nothing in the scripts of the gate and the release."""
    assert subprocess.run([program("shellcheck"), str(root / ".ci" / script)], check=False).returncode == 0


@pytest.fixture
def release(root, tmp_path, program):
    """A commit of this checkout, and a function that runs its release for a tag."""
    program("zizmor")  # the release installs from the package index, as do the tools: both or neither
    git, source = shutil.which("git"), tmp_path / "source"
    source.mkdir()
    for name in (
        "hatch_build.py",
        "src",
        "rules",
        "examples",
        ".ci",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CITATION.cff",
    ):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, source / name)
    project = (root / "pyproject.toml").read_text("utf-8")
    address = f'Source = "{ORIGIN["GITHUB_SERVER_URL"]}/{ORIGIN["GITHUB_REPOSITORY"]}"'
    (source / "pyproject.toml").write_text(project.replace("[project.urls]", f"[project.urls]\n{address}"), "utf-8")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "x", "--no-verify"]):
        subprocess.run([git, *words], cwd=source, check=True)

    def run(tag, file=None, old="", new=""):
        if file:
            path = source / file
            path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        words = [shutil.which("bash"), ".ci/release", "dist"]
        given = {**os.environ, **ORIGIN, "GITHUB_REF_NAME": tag}
        done = subprocess.run(words, cwd=source, env=given, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr, sorted(path.name for path in source.glob("dist/*"))

    return run


def test_release_builds_what_the_tag_names(release):
    """For the tag of the version, source package and wheel are left to be uploaded."""
    code, errors, built = release("v0.2.0")
    assert (code, built) == (0, ["annostrat-0.2.0-py3-none-any.whl", "annostrat-0.2.0.tar.gz"]), errors


@pytest.mark.parametrize(
    ("tag", "change", "reason"),
    [
        ("v0.1.9", (), "the tag is v0.1.9, and the version 0.2.0"),
        ("v0.2.0", ("CHANGELOG.md", "## 0.2.0", "## 0.3.0"), "CHANGELOG.md has no entry for 0.2.0"),
        ("v0.2.0", ("CITATION.cff", "0.2.0", "0.3.0"), "CITATION.cff does not name version 0.2.0"),
        (
            "v0.2.0",
            ("pyproject.toml", "git.example", "other.example"),
            "[project.urls] of pyproject.toml has no Source",
        ),
    ],
)
def test_release_refuses_what_does_not_belong_together(release, tag, change, reason):
    """A tag, changelog, citation or address that does not fit the version ends the release with the reason."""
    code, errors, built = release(tag, *change)
    assert (code, built) == (1, [])
    assert errors.startswith(reason)


def test_hadolint_accepts_the_image(program, root):
    """Hadolint finds nothing in the description of the image."""
    assert subprocess.run([program("hadolint"), str(root / "Containerfile")], check=False).returncode == 0


@pytest.fixture
def disk(root, program):
    """A folder that anyone may read, with what the image holds under `opt` and the examples beside it."""
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder)
        disk.chmod(0o755)
        shutil.copytree(root / "examples", disk / "examples")
        (wheel,) = build(root, disk / "dist", "--wheel").iterdir()
        uv, python = program("uv"), disk / "opt" / "bin" / "python"
        base = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable
        subprocess.run([uv, "venv", "--quiet", "--python", base, str(disk / "opt")], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), f"{wheel}[measure]"], check=True)
        yield disk


def test_image_works_as_nobody_on_a_read_only_disk(disk):
    """What the image holds decides, measures and guards while it is nobody and may write nowhere.

    No container engine is needed: the wheel runs in name spaces of its own, without a network, as the image's user.
    """
    for words, wanted in (
        ("check examples/use_cases", "1 provisional"),
        ("measure examples/pilot/labels.json", "Shape variance"),
        ("recommend -a purpose=map_surfaces", "=> Semantic segmentation"),
    ):
        inside = [shutil.which("unshare"), "--mount", "--net", "sh", "-c", READ_ONLY_NOBODY, "sh", *words.split()]
        done = subprocess.run(inside, cwd=disk, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert wanted in done.stdout
