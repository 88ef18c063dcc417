"""Objects that a reader leaves out, counted so that they are told once a kind."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from annostrat.annotations import UNNAMED
from annostrat.errors import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.annotations import BatchBuilder


class UnusableError(Exception):
    """An object that is left out.

    Attributes:
        kind: The kind of remark that this is.
        detail: What is wrong with it, in a few words.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(kind, detail)
        self.kind, self.detail = kind, detail


_WITHOUT_AREA = re.compile("point|line|skeleton|graph|eye|tag|label|choice|caption|text|string|rating|relation|taxon")


def not_measured(kind: str) -> UnusableError:
    """Return why a shape that is neither box, outline nor mask is left out: it has no area, may have one, or moves."""
    if kind.lower().startswith("video"):
        return UnusableError("video_passed_over", shortened(kind))
    has_none = _WITHOUT_AREA.search(kind.lower())
    return UnusableError("shape_not_measured" if has_none else "shape_unknown", shortened(kind))


class LeftOut:
    """Counts objects that are left out, or kept without a class, by the kind of remark and its detail."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[str, int]] = {}

    def add(self, kind: str, detail: str, where: str, times: int = 1) -> None:
        """Count an object; of several of a kind, the first place is kept."""
        first, known = self._found.get((kind, detail), (where, 0))
        self._found[kind, detail] = first, known + times

    def named(self, label: str, detail: str, where: str) -> str:
        """Return the class of an object that is kept; one without is counted, and called an object."""
        if not label:
            self.add("without_class", detail, where)
        return label or UNNAMED

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Count the object at a place if the statements inside find that it is of no use."""
        try:
            yield
        except UnusableError as reason:
            self.add(reason.kind, reason.detail, where)

    def tell(self, builder: BatchBuilder) -> None:
        """Remark on what was left out."""
        for (kind, detail), (where, times) in self._found.items():
            builder.remark(kind, where, detail, times)
