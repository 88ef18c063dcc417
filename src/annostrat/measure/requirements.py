"""The libraries that measuring needs beyond the core, and the message when one is missing."""

from __future__ import annotations

from annostrat.errors import UsageError

NEEDS = ("numpy", "msgspec", "simdjson", "PIL", "shapely")


def check_installed() -> None:
    """Check that the libraries that measuring needs are installed.

    Raises:
        UsageError: A library is missing.
    """
    from importlib.util import find_spec

    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        hint = "pip install 'annostrat[measure]', or '.[measure]' in a checkout"
        raise UsageError(f"measuring needs libraries that are not installed: {', '.join(missing)}", hint)
