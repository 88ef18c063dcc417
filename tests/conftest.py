"""Shared by all tests."""

import os
import signal
from contextlib import suppress

from hypothesis import settings

from annostrat.errors import InputError
from annostrat.knowledge import files

# A busy machine is no fault of the code, so there is no deadline.
settings.register_profile("quick", deadline=None, max_examples=16)
settings.register_profile("thorough", deadline=None, max_examples=64)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So starts what a script puts behind it; programs that tests interrupt would inherit it, and wait forever.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    """Try more examples when all tests are run, and compile the rules of a checkout once for all tests.

    The rules of a wheel are compiled already, and broken ones are tested.
    """
    settings.load_profile("quick" if "not slow" in config.option.markexpr else "thorough")
    path = files.compiled_file()
    if not os.path.exists(path) or files.is_stale(path):
        from annostrat.knowledge.building import write

        with suppress(InputError):
            write(path)


def pytest_terminal_summary(terminalreporter):
    """Say how to run the tests that were left out."""
    if "not slow" in terminalreporter.config.option.markexpr:
        terminalreporter.line("Slow tests were left out, and random ones tried few examples. To run all: pytest -m ''")
