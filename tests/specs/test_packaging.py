"""What is published holds the knowledge, the licences and the types, and works wherever it is installed."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
MOST_BYTES = 3_000_000
pytest.importorskip("build", reason="needs the tools that build packages: pip install build hatchling")
pytest.importorskip("hatchling", reason="needs the tools that build packages: pip install build hatchling")


def run(*command, cwd, **environment):
    """Run a Python command far from the checkout, and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(source, target, *options):
    """Build packages of a source tree without touching the network, and return their folder."""
    words = ["-m", "build", "--no-isolation", *options, "--outdir", str(target), str(source)]
    run(*words, cwd=target.parent, SOURCE_DATE_EPOCH="1700000000")
    return target


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """The source package, and the wheel that is built from it, as they would be published."""
    return build(ROOT, tmp_path_factory.mktemp("release") / "dist")


@pytest.fixture(scope="module")
def wheel(dist):
    """The wheel that would be published."""
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder into which only the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed") / "site"
    pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    run(*pip, "--disable-pip-version-check", "--root-user-action=ignore", "--target", str(folder), str(wheel), cwd="/")
    return folder


def contents(wheel):
    """Return the bytes of a wheel's files by name, but for the list of their digests."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def source_files(folder):
    """Return the names of the files that belong to the project below one of its folders."""
    paths = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    kinds = {".yaml", ".md", ".py", ".typed", ".css", ".html", ".js", ".json"}
    return {path.relative_to(ROOT).as_posix() for path in paths if path.suffix in kinds and "built" not in path.parts}


def test_wheel_holds_rules_types_and_licences(wheel):
    """Whoever installs annostrat gets every rule file, the types, the style sheets, and the text of both licences."""
    names = contents(wheel).keys()
    assert {f"annostrat/{name}" for name in source_files("rules")} <= names
    assert {name.removeprefix("src/") for name in source_files("src")} <= names
    shipped = ("rules/trees/infographic.yaml", "py.typed", "render/page/web/base.css")
    assert {f"annostrat/{name}" for name in shipped} <= names
    licences = sorted(name.partition("/licenses/")[2] for name in names if "/licenses/" in name)
    assert licences == ["LICENSE", "rules/trees/LICENSE-infographic.md"]
    assert "annostrat/knowledge/built/rules.json" in names
    assert wheel.stat().st_size <= MOST_BYTES


def test_every_schema_of_the_wheel_has_an_identifier(wheel):
    """Another schema, or a validator's cache, can name each published schema by its own `$id`."""
    texts = {Path(name).stem: text for name, text in contents(wheel).items() if "/schemas/" in name}
    assert len(texts) == 19
    assert {kind: json.loads(text)["$id"] for kind, text in texts.items()} == {
        kind: f"urn:annostrat:schema:{kind}" for kind in texts
    }


def test_wheel_holds_nothing_else(wheel):
    """Tests, caches and examples stay out of other people's site-packages."""
    names = contents(wheel).keys()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"annostrat"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_wheel_states_both_licences_and_the_command(wheel):
    """The metadata name both licences, and the command is installed."""
    texts = {name.rpartition("/")[2]: data.decode() for name, data in contents(wheel).items() if ".dist-info/" in name}
    assert "License-Expression: Apache-2.0 AND CC-BY-SA-4.0" in texts["METADATA"]
    assert "annostrat = annostrat.__main__:main" in texts["entry_points.txt"]


def test_source_package_holds_what_a_packager_needs(dist):
    """A distribution can build, test and license annostrat from the source package alone."""
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert source_files("rules") | source_files("src") | source_files("tests/knowledge") <= names
    assert {"LICENSE", "README.md", "pyproject.toml", "tests/conftest.py"} <= names
    assert any(name.startswith("examples/") for name in names)


@pytest.mark.slow
def test_packages_are_built_alike_byte_for_byte(dist, tmp_path):
    """Whoever builds again, from the checkout or from the source package elsewhere, gets the same files."""
    published = {path.name: path.read_bytes() for path in dist.iterdir()}
    (source,) = dist.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    again = build(tmp_path / source.name.removesuffix(".tar.gz"), tmp_path / "again")
    assert {path.name: path.read_bytes() for path in again.iterdir()} == published
    (wheel,) = build(ROOT, tmp_path / "direct", "--wheel").iterdir()
    assert wheel.read_bytes() == published[wheel.name]


def with_pip(wheel, folder):
    """Return the command that pip installs into an empty environment."""
    run("-m", "venv", "--without-pip", "env", cwd=folder)
    into = ["--python", str(folder / "env" / "bin" / "python")]
    run("-m", "pip", *into, "install", "--quiet", "--disable-pip-version-check", str(wheel), cwd=folder)
    return [str(folder / "env" / "bin" / "annostrat")]


def with_pipx(wheel, folder):
    """Return the command that pipx installs."""
    homes = {name: str(folder / name) for name in ("PIPX_HOME", "PIPX_BIN_DIR", "PIPX_MAN_DIR")}
    words = [program("pipx"), "install", "--quiet", "--python", sys.executable, str(wheel)]
    subprocess.run(words, env=os.environ | homes, capture_output=True, check=True)
    return [str(folder / "PIPX_BIN_DIR" / "annostrat")]


def with_uv(wheel, folder):
    """Return the command that uv runs without installing it."""
    cache = ["--cache-dir", str(folder / "cache")]
    return [
        program("uv"),
        "tool",
        "run",
        "--quiet",
        *cache,
        "--python",
        sys.executable,
        "--from",
        str(wheel),
        "annostrat",
    ]


def program(name):
    """Return the path of an installer, or skip the test."""
    beside = str(Path(sys.executable).parent)
    return shutil.which(name, path=beside) or shutil.which(name) or pytest.skip(f"no {name}: pip install {name}")


@pytest.mark.slow
@pytest.mark.parametrize("installing", [with_pip, with_pipx, with_uv])
def test_wheel_does_the_main_job_however_it_is_installed(installing, wheel, tmp_path):
    """Installed from the wheel by pip, pipx or uv, the README's first command answers as the README says."""
    command = installing(wheel, tmp_path)
    readme = (ROOT / "README.md").read_text("utf-8")
    words = readme.partition("```console\n$ annostrat ")[2].partition("\n")[0].split()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([*command, *words], cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Wheat heads from a phone\n=> Object detection\n")


def test_installed_package_finds_its_rules_from_anywhere(installed, tmp_path):
    """The installed package answers in a foreign folder, from its own copy of the rules."""
    code = (
        "import json, annostrat; from annostrat.knowledge.files import shipped_folder;"
        "rules = annostrat.load_rules();"
        "print(json.dumps([annostrat.__file__, shipped_folder(), rules.id, len(rules.strategies)]))"
    )
    # -P and PYTHONPATH: the folder of the wheel comes first, the editable checkout is not looked at
    printed = run("-P", "-c", code, cwd=tmp_path, PYTHONPATH=str(installed), ANNOSTRAT_CACHE_DIR="")
    module, rules, id_, strategies = json.loads(printed)
    assert module == str(installed / "annostrat" / "__init__.py")
    assert rules == str(installed / "annostrat" / "rules")
    assert (id_, strategies) == ("purpose_first", 9)


def test_installed_package_runs_as_a_command(installed, tmp_path):
    """`python -m annostrat` gives a recommendation without the checkout."""
    printed = run(
        "-P", "-m", "annostrat", "recommend", "--answer", "count_matters=no", "--format", "json",
        cwd=tmp_path, PYTHONPATH=str(installed), ANNOSTRAT_CACHE_DIR="",
    )  # fmt: skip
    assert json.loads(printed)["strategy"]["id"] == "semantic_segmentation"
