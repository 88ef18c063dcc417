"""Shared by all tests."""

import os
import signal
from contextlib import suppress

from hypothesis import settings

from annostrat.errors import InputError
from annostrat.knowledge import files

settings.register_profile("annostrat", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("annostrat")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So starts what a script puts behind it; programs that tests interrupt would inherit it, and wait forever.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure():
    """Compile the rules of a checkout once for all tests; those of a wheel are compiled, and broken ones are tested."""
    path = files.compiled_file()
    if not os.path.exists(path) or files.is_stale(path):
        from annostrat.knowledge.building import write

        with suppress(InputError):
            write(path)
