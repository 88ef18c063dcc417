"""What measuring needs beside the core, and the one message where it is not there."""

from __future__ import annotations

from annostrat.errors import UsageError

NEEDS = ("numpy", "msgspec", "simdjson", "PIL", "shapely")


def check_installed() -> None:
    """Check that what measuring needs is installed.

    Raises:
        UsageError: Something is missing.
    """
    from importlib.util import find_spec

    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        hint = "pip install 'annostrat[measure]', or '.[measure]' in a checkout"
        raise UsageError(f"measuring needs what is not installed: {', '.join(missing)}", hint)
