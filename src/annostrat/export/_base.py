"""An exporter: a pure function from a labelling project to the text of one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.export._labelling_project import LabellingProject


class Exporter(NamedTuple):
    """A labelling tool, or a kind of file.

    Attributes:
        title: The tool's name.
        file: What is written, and where it goes.
        expresses: The strategies whose labels it supports; None if it supports all.
        export: Returns the text, with a final newline; pure.
        whole: Whether all classes share the label of the whole; otherwise each class has its own.
        longest_name: Maximum number of characters in a class name.
    """

    title: str
    file: str
    expresses: frozenset[str] | None
    export: Callable[[LabellingProject], str]
    whole: bool = False
    longest_name: int | None = None
