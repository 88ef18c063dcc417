"""What an exporter is: a function from a project to the text of one file."""

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
        expresses: The strategies whose labels it can hold; None where it can hold any.
        export: Makes the text, which ends its last line; pure.
        whole: Whether all classes need one label, that of the whole; otherwise each class has its own.
        longest_name: The most characters that the name of a class may have.
    """

    title: str
    file: str
    expresses: frozenset[str] | None
    export: Callable[[LabellingProject], str]
    whole: bool = False
    longest_name: int | None = None
