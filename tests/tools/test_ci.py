"""GitHub, GitLab and pre-commit: their own checkers accept our files, and what they would run does what it should."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.slow
OURS = ("PYTHON", "VIRTUAL", "ANNOSTRAT")
"""Beginnings of variables that a runner does not have."""
SOURCES = (
    "hatch_build.py",
    "src",
    "rules",
    "examples/expert_decisions",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)
"""What annostrat is built from, and its hooks."""
GOOD = "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n"
BAD = "answers: {purpose: map_surfaces}\nexpect: object_detection\n"
OPEN = "answers: {count_matters: yes}\n"


def test_actionlint_accepts_the_workflow(program, root, tmp_path):
    """Actionlint finds nothing in the example, with the action of this checkout in the place of the published one."""
    text = (root / "examples" / "ci" / "github.yml").read_text("utf-8")
    local = text.replace("OWNER/annostrat@v0.2.0", "./")
    assert local != text
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    shutil.copy(root / "action.yml", tmp_path)
    subprocess.run([shutil.which("git"), "init", "-q"], cwd=tmp_path, check=True)

    def lint():
        words = [program("actionlint"), "-no-color"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    for name, content in (("local.yml", local), ("published.yml", text)):
        (workflows / name).write_text(content, "utf-8")
    done = lint()
    assert (done.returncode, done.stdout) == (0, "")
    (workflows / "local.yml").write_text(local.replace("strict:", "stritc:"), "utf-8")
    done = lint()
    assert done.returncode == 1
    assert "stritc" in done.stdout


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "examples/ci/github.yml"),
        ("vendor.gitlab-ci", "examples/ci/gitlab.yml"),
    ],
)
def test_published_schemas_accept_our_files(program, root, schema, file):
    """The action, the workflow and the GitLab job are valid by the schemas of their makers."""
    words = [program("check-jsonschema"), "--builtin-schema", schema, str(root / file)]
    assert subprocess.run(words, check=False).returncode == 0


def test_shellcheck_accepts_the_action(program, root):
    """ShellCheck finds nothing in what the action runs."""
    words = [program("shellcheck"), str(root / "integrations" / "github_action.sh")]
    assert subprocess.run(words, check=False).returncode == 0


def test_action_declares_every_output_that_it_writes(runner, work, root):
    """What a workflow may read is what the action gives, by the same names."""
    declared = yaml.safe_load((root / "action.yml").read_text("utf-8"))["outputs"]
    assert set(run_action(runner, work, root)[2]) == set(declared)


def test_action_never_puts_an_input_into_a_command(root):
    """Expressions of the action stand in `env` and `value` alone, never in what is run."""
    action = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"]
    assert set(action["runs"]["steps"][0]["env"].values()) == {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """A folder in the place of a GitHub runner's own, into which the action installs itself once."""
    return tmp_path_factory.mktemp("runner")


def run_action(runner, work, root, of_job=(), **inputs):
    """Run the action's step as GitHub would, with variables of the job; return exit code, log, outputs and summary."""
    action = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    (step,) = action["runs"]["steps"]
    given = {name: inputs.pop(name, entry["default"]) for name, entry in action["inputs"].items()}
    assert inputs == {}
    variables = {key: given[re.search(r"inputs\.(\w+)", value)[1]] for key, value in step["env"].items()}
    output, summary = work / "output.txt", work / "summary.md"
    for path in (output, summary):
        path.write_text("before\n", "utf-8")
    script = work / "step.sh"
    script.write_text(step["run"], "utf-8")
    done = subprocess.run(
        [shutil.which("bash"), "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        cwd=work / "repository", capture_output=True, text=True, check=False,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
            **dict(of_job),
            **variables,
            "GITHUB_ACTION_PATH": str(root), "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(runner), "CI": "true", "GITHUB_ACTIONS": "true",
        },
    )  # fmt: skip
    first, *lines = output.read_text("utf-8").splitlines()
    assert first == "before"
    return done.returncode, done.stdout, dict(line.split("=", 1) for line in lines), summary.read_text("utf-8")


@pytest.fixture
def work(tmp_path, program):
    """A checkout of somebody's use cases, some of them with names that a careless script would run."""
    program("check-jsonschema")  # the action installs from the package index, as do the tools: both or neither
    cases = tmp_path / "repository" / "use_cases"
    cases.mkdir(parents=True)
    (cases / "good.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "repository" / "bad $(touch hacked) `touch hacked`.yaml").write_text(
        'name: "x\\n::error::owned"\n' + BAD, "utf-8"
    )
    (tmp_path / "repository" / "open.yaml").write_text(OPEN, "utf-8")
    return tmp_path


def test_action_passes_what_is_as_expected(runner, work, root):
    """All as expected: exit code 0, the counts as outputs, a table in the summary, no annotation."""
    code, log, outputs, summary = run_action(runner, work, root)
    assert (code, outputs["exit-code"], outputs["as-expected"], outputs["differs"]) == (0, "0", "1", "0")
    assert "::error" not in log
    assert summary.startswith("before\n### annostrat\n")
    assert "| ok | good | use\\_cases/good.yaml:2:9 | semantic\\_segmentation, as expected |" in summary
    assert outputs["failed"] == "0"
    assert Path(outputs["report"]).is_file()
    assert json.loads(Path(outputs["sarif"]).read_text("utf-8"))["version"] == "2.1.0"


def test_action_fails_what_differs_and_runs_nothing_of_it(runner, work, root):
    """What differs is annotated on its line; a name full of shell and workflow commands is only a name."""
    files = "use_cases\n\nbad $(touch hacked) `touch hacked`.yaml\nopen.yaml\n"
    code, log, outputs, summary = run_action(runner, work, root, files=files)
    assert (code, outputs["exit-code"], outputs["differs"], outputs["undecided"]) == (1, "1", "1", "1")
    annotation = "::error file=bad $(touch hacked) `touch hacked`.yaml,line=3,col=9,title=x%0A%3A%3Aerror%3A%3Aowned::"
    assert annotation in log
    assert "\n::error::owned" not in log
    assert "**differs**" in summary
    assert not list(work.rglob("hacked"))


def test_action_is_strict_when_asked(runner, work, root):
    """An undecided use case fails only with strict, in the exit code and in the outputs."""
    code, _, outputs, _ = run_action(runner, work, root, files="open.yaml")
    assert (code, outputs["failed"], outputs["undecided"]) == (0, "0", "1")
    code, _, outputs, _ = run_action(runner, work, root, files="open.yaml", strict="true")
    assert (code, outputs["failed"], outputs["undecided"]) == (1, "1", "1")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"files": "missing.yaml"}, "missing.yaml"),
        ({"files": "  \n"}, "the input files names nothing to check"),
        ({"strict": "yes"}, "the input strict is true or false"),
        ({"evidence": "$(touch hacked)"}, "the input evidence is true or false"),
        ({"rules": "extendet"}, "no rule set is called 'extendet'"),
        ({"files": "--output=hacked"}, "--output=hacked"),
    ],
)
def test_action_says_what_is_wrong_with_its_inputs(runner, work, root, inputs, said):
    """A wrong input is one error annotation and exit code 2."""
    code, log, outputs, _ = run_action(runner, work, root, **inputs)
    assert (code, outputs["exit-code"]) == (2, "2")
    assert re.search(rf"^::error .*{re.escape(said)}", log, re.MULTILINE)
    assert not list(work.rglob("hacked"))


def test_action_takes_the_rules_of_the_job(runner, work, root):
    """`ANNOSTRAT_RULES` holds where the action's input names no rule set."""
    of_job, files = {"ANNOSTRAT_RULES": "infographic"}, "open.yaml"
    (work / "repository" / files).write_text("answers: {count_matters: no}\nexpect: semantic_segmentation\n", "utf-8")
    assert run_action(runner, work, root, files=files)[2]["provisional"] == "1"
    assert run_action(runner, work, root, of_job, files=files)[2]["as-expected"] == "1"
    assert run_action(runner, work, root, of_job, files=files, rules="purpose_first")[2]["provisional"] == "1"


def test_action_proves_own_rules_first(runner, work, root):
    """A folder of rules is checked before it is used, and its problems are annotated."""
    rules = work / "repository" / "my_rules" / "tips"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text("text: Trust me.\n", "utf-8")
    code, log, outputs, _ = run_action(runner, work, root, rules="my_rules")
    assert (code, outputs["as-expected"]) == (1, "1")
    assert "::error file=my_rules/tips/mine.yaml,line=1,col=1,title=without-source::" in log


def test_gitlab_job_runs(root, work, tmp_path):
    """The lines of the GitLab job, run in an environment of their own, leave a JUnit report and fail what differs."""
    job = yaml.safe_load((root / "examples" / "ci" / "gitlab.yml").read_text("utf-8"))["annostrat"]
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    environment = {**os.environ, "PATH": f"{tmp_path}/venv/bin:{os.environ['PATH']}", "ANNOSTRAT": str(root)}
    script = "set -e\n" + "\n".join(job["script"])
    for expected, case in ((0, GOOD), (1, BAD)):
        (work / "repository" / "use_cases" / "good.yaml").write_text(case, "utf-8")
        done = subprocess.run(
            [shutil.which("bash"), "-c", script], cwd=work / "repository", env=environment, check=False
        )
        assert done.returncode == expected
        report = (work / "repository" / job["artifacts"]["reports"]["junit"]).read_text("utf-8")
        assert f'failures="{expected}"' in report


@pytest.fixture
def hooks(program, root, tmp_path):
    """A repository that uses our hooks from a local clone, and a function that runs pre-commit in it."""
    git = shutil.which("git")
    clone, user = tmp_path / "clone", tmp_path / "user"
    clone.mkdir()
    for name in SOURCES:
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, clone / name)
    for folder in (clone, user):
        folder.mkdir(exist_ok=True)
        subprocess.run([git, "init", "-q"], cwd=folder, check=True)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([git, "add", "-A"], cwd=clone, check=True)
    subprocess.run([git, *identity, "commit", "-qm", "x", "--no-verify"], cwd=clone, check=True)
    head = subprocess.run([git, "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True).stdout
    example = (root / "examples" / "ci" / "pre-commit-config.yaml").read_text("utf-8")
    config = example.replace("https://github.com/OWNER/annostrat", str(clone)).replace("v0.2.0", head.strip())
    (user / ".pre-commit-config.yaml").write_text(config, "utf-8")
    (user / "use_cases").mkdir()
    (user / "use_cases" / "labels.json").write_text('{"images": [], "annotations": [], "categories": []}', "utf-8")
    (user / "my_rules" / "tips").mkdir(parents=True)
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")}

    def run(case, tip):
        (user / "use_cases" / "case.yaml").write_text(case, "utf-8")
        (user / "my_rules" / "tips" / "mine.yaml").write_text(tip, "utf-8")
        subprocess.run([git, "add", "-A"], cwd=user, check=True)
        words = [program("pre-commit"), "run", "--all-files", "--color", "never"]
        return subprocess.run(words, cwd=user, env=environment, capture_output=True, text=True, check=False)

    return run


def test_pre_commit_runs_the_hooks_from_a_clone(hooks):
    """pre-commit installs our hooks from a clone; they pass good files, labels too, and stop bad ones."""
    tip = "text: Ask the grower.\nsources: hasty-2021\n"
    done = hooks(GOOD, tip)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"\.(Passed|Failed|Skipped)|\)(Passed|Failed|Skipped)", done.stdout)
    assert done.stdout.count("Passed") == 2
    done = hooks(BAD, tip.replace("hasty-2021", "nobody-2021"))
    assert done.returncode == 1
    assert done.stdout.count("Failed") == 2
    assert "use_cases/case.yaml:2:9" in done.stdout
    assert "my_rules/tips/mine.yaml:2:10" in done.stdout


def test_pre_commit_accepts_the_manifest(program, root):
    """The manifest and the example are valid by pre-commit's own checks."""
    for kind, file in (("manifest", ".pre-commit-hooks.yaml"), ("config", "examples/ci/pre-commit-config.yaml")):
        words = [program("pre-commit"), f"validate-{kind}", str(root / file)]
        assert subprocess.run(words, check=False).returncode == 0
