"""The real tools: `pip install 'annostrat[tools]'` brings them; a test whose tool is absent is skipped and says so."""

import importlib
import shutil
import sys
import warnings
from pathlib import Path

import pytest

INSTALL = "install the tools: pip install 'annostrat[tools]'"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def tool():
    """Import a module of a tool, whose own warnings are not ours, or skip the test."""

    def load(name):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return importlib.import_module(name)
            except ImportError as error:
                return pytest.skip(f"{name} cannot be imported ({error}); {INSTALL}")

    return load


@pytest.fixture
def program():
    """Return the path of a program of a tool, or skip the test."""

    def find(name):
        beside = Path(sys.executable).parent
        return shutil.which(name, path=str(beside)) or shutil.which(name) or pytest.skip(f"no {name}; {INSTALL}")

    return find


@pytest.fixture
def root():
    """The checkout."""
    return ROOT
