"""What a kind of finding is."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
ERROR: Severity = "error"
WARNING: Severity = "warning"
NOTE: Severity = "note"


class Kind(NamedTuple):
    """A kind of finding.

    Attributes:
        severity: How bad it is.
        of: What it is counted out of: a key of the profile's counts, or empty.
        one: What was found, once; behind the count.
        many: The same, several times.
        advice: What to do.
    """

    severity: Severity
    of: str
    one: str
    many: str
    advice: str

    def said(self, count: int) -> str:
        """Return what was found, with how often."""
        return f"{count:,} {self.one if count == 1 else self.many}"
