"""The Dask recipe, on a real cluster of processes on this machine; without Dask, these tests are skipped and say so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annostrat.measure.api import load_profile, measure_labels
from annostrat.measure.profile.files import text_of

distributed = pytest.importorskip("distributed", reason="no Dask: pip install 'annostrat[recipes]'")
pytestmark = [
    pytest.mark.dask,
    pytest.mark.filterwarnings("default"),  # Dask's own warnings, such as of a port that is taken, are no fault of ours
]

RECIPES = Path(__file__).parents[3] / "examples" / "recipes"
SHARDS = 8
FILES = 500 * SHARDS  # small files are read 500 at a time, so that every shard has some


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    """Write YOLO labels: two boxes an image, of which the second lies partly over the first, at another place each."""
    folder = tmp_path_factory.mktemp("labels")
    for number in range(FILES):
        x, y = 0.2 + number % 97 / 200, 0.2 + number % 89 / 200
        rows = f"0 {x:.4f} {y:.4f} 0.1 0.2\n{number % 3} {x + number % 11 / 100:.4f} {y:.4f} 0.1 0.15\n"
        (folder / f"{number:05}.txt").write_text(rows, "utf-8")
    (folder / "data.yaml").write_text("names: [apple, leaf, stone]\n", "utf-8")
    return str(folder)


@pytest.fixture
def recipe(monkeypatch):
    """Import the recipe so that workers, which inherit the search path, can import it and what is beside this file."""
    monkeypatch.syspath_prepend(str(RECIPES))
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import dask_measure

    return dask_measure


@pytest.fixture
def client():
    """Start two workers, each a process with a nanny that starts it again when it dies."""
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    with cluster, distributed.Client(cluster) as connected:
        yield connected


def test_dask_gives_the_profile_of_one_process(labels, recipe, client):
    """What a cluster measures is what one process measures, to the last bit."""
    whole = recipe.measure_on(client, labels, SHARDS)
    assert whole.problems == []
    assert whole.profile.counts["images"] == FILES
    assert text_of(whole.profile) == text_of(measure_labels(labels).profile)


def test_dask_survives_a_worker_killed_midway(labels, recipe, client, monkeypatch, tmp_path):
    """A worker that is killed in the middle of its work takes nothing with it: the profile is the same."""
    from functools import partial

    from killed_worker import measure_shard_once_killed

    marker = tmp_path / "killed"
    before = set(client.run(os.getpid).values())
    monkeypatch.setattr(recipe, "measure_shard", partial(measure_shard_once_killed, marker=str(marker)))
    whole = recipe.measure_on(client, labels, SHARDS)
    after = set(client.run(os.getpid).values())
    assert marker.exists()
    assert len(before - after) == 1
    assert text_of(whole.profile) == text_of(measure_labels(labels).profile)


def test_dask_recipe_runs_as_a_script(labels, tmp_path):
    """The recipe's own command line starts a cluster, prints answers, and saves the profile."""
    saved = tmp_path / "profile.json"
    words = [sys.executable, str(RECIPES / "dask_measure.py"), labels, "--shards", str(SHARDS), "--profile", str(saved)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("occlusion: ")
    assert "\nshape_variance: " in done.stdout
    assert text_of(load_profile(saved)) == text_of(measure_labels(labels).profile)
