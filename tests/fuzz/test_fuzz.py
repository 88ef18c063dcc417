"""No input, however broken, is more than a problem with its place; the long run is `python -m tests.fuzz.long`."""

import shutil
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annostrat.annotations import readers
from annostrat.knowledge import yaml_source
from annostrat.knowledge.plugins import names

from .inputs import CORPUS, TARGETS, measure_labels, read_text_of_use_cases

KEPT = sorted(CORPUS.iterdir())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that all inputs of a target share."""
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@given(random=st.randoms(use_true_random=False))
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
def test_no_input_is_more_than_a_problem(target, folder, random):
    """What is read ends with a result, or with problems that have a place and words."""
    TARGETS[target](random, folder)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_no_input_that_ever_failed_fails_again(path, tmp_path):
    """Each is read as what it was an input of, alone and beside good files."""
    target = path.name.partition("--")[0]
    if target == "use_cases":
        decoded = yaml_source.decode(path.read_bytes(), path.name)
        if isinstance(decoded, str):
            read_text_of_use_cases(decoded, path.suffix)
        return
    for root in (tmp_path / "alone", tmp_path / "beside"):
        root.mkdir()
        if root.name == "beside":
            shutil.copytree(CORPUS.parents[2] / "examples" / "annotations" / target, root, dirs_exist_ok=True)
        shutil.copy(path, root / path.name.partition("--")[2])
        measure_labels(root, target)
        measure_labels(root, None)


def test_corpus_has_an_input_of_every_kind_that_failed():
    """Each kept input names its target, so that it is read by the right reader."""
    assert {path.name.partition("--")[0] for path in KEPT} <= {*names(readers), "use_cases"}
    assert len(KEPT) >= 10


@pytest.mark.slow
def test_a_seed_gives_the_same_input_again(tmp_path):
    """What a long run found can be repeated by its seed."""
    for target, try_one in TARGETS.items():
        first, second = tmp_path / f"{target}1", tmp_path / f"{target}2"
        first.mkdir()
        second.mkdir()
        assert try_one(Random("5"), first) == try_one(Random("5"), second)
