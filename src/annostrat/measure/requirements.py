"""Additional libraries required for measuring, and the check that they are installed."""

from __future__ import annotations

from annostrat.errors import UsageError

NEEDS = ("numpy", "msgspec", "simdjson", "PIL", "shapely")


def check_installed() -> None:
    """Check that the libraries required for measuring are installed.

    Raises:
        UsageError: A library is missing.
    """
    from importlib.util import find_spec

    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        hint = "pip install 'annostrat[measure]', or '.[measure]' in a checkout"
        raise UsageError(f"measuring needs libraries that are not installed: {', '.join(missing)}", hint)
