"""Shared by all tests."""

import signal

import pytest
from hypothesis import settings

settings.register_profile("annostrat", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("annostrat")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So starts what a script puts behind it; programs that tests interrupt would inherit it, and wait forever.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory):
    """Keep compiled rules out of the user's cache, and compile them once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOSTRAT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield
