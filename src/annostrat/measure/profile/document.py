"""The JSON document of a profile, which is validated before use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from annostrat.measure.shape.shape_variance import SHAPE
from annostrat.measure.tables.image_table import MAX_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.measure.profile.profile import Profile

Count = Annotated[int, msgspec.Meta(ge=0)]
Counts = dict[str, Count]
Hash = Annotated[int, msgspec.Meta(ge=0)]
Level = Annotated[int, msgspec.Meta(ge=0, le=MAX_LEVEL)]
Row = tuple[str, str | None, Count, Count, Count, Count, Count, Count, Count, Count]
SampledRow = tuple[str, Level, Count, Count, Count, Count, Count, Count, Count, Count]
MOST = 1 << 200
"""Above any real sum; larger integers can no longer be divided as floats."""


class ProfileDocument(msgspec.Struct):
    """The parts of a profile file, named as in `Profile`."""

    formats: Counts
    counts: Counts
    classes: list[str]
    splits: list[str]
    by_class: dict[str, Counts]
    sums: list[Row]
    sampled: list[SampledRow]
    levels: list[Count]
    objects: dict[Count, Count]
    histograms: dict[str, list[Count]]
    spreads: list[tuple[str, str, list[int]]]
    silhouettes: dict[str, tuple[list[Count], str]]
    covers: str
    images: str
    names: dict[str, list[tuple[Hash, str]]]
    found: dict[str, list[int | tuple[Hash, str]]]


def checked(document: dict[str, Any]) -> ProfileDocument:
    """Return a document whose parts have the right types and ranges.

    Raises:
        ValueError: A type or range is wrong.
    """
    found = msgspec.convert(document, ProfileDocument, str_keys=True)
    if len(set(found.classes)) < len(found.classes) or len(set(found.splits)) < len(found.splits):
        raise ValueError("it lists a class or split twice")
    if max([0, *(max(row[2:]) for row in (*found.sums, *found.sampled))]) > MOST:
        raise ValueError("a sum is too large")
    if not all(0 <= count <= MOST_COUNTED for count in _counts(found)):
        raise ValueError("a count is too large, or below zero")
    return found


MOST_COUNTED = 1 << 62
"""Above any real count; larger integers do not fit into arrays."""


def _counts(document: ProfileDocument) -> Iterator[int]:
    """Yield every count."""
    for counts in (document.formats, document.counts, *document.by_class.values()):
        yield from counts.values()
    for count, times in document.objects.items():
        yield from (count, times)
    for found in document.found.values():
        yield from (part for part in found if isinstance(part, int))


def check_whole(profile: Profile) -> None:
    """Check that the parts of a profile are consistent.

    Raises:
        ValueError: They are inconsistent.
    """
    covers, images = profile.covers[0], profile.images[0]
    if len(images) != profile.counts["images"] or (covers["image"] >= len(images)).any():
        raise ValueError("it lists other images than it counts")
    object_ = covers["image"].astype("u8") * 2**32 + covers["object"]
    if (object_[1:] < object_[:-1]).any():
        raise ValueError("what covers what is not in order")
    classes = max(covers["covered"].max(initial=0), covers["by"].max(initial=0)) if len(covers) else -1
    named = {name for _, name in (*profile.sums, *profile.spreads) if name is not None} | profile.silhouettes.keys()
    unknown = classes >= len(profile.classes) or not named <= profile.classes.keys() == profile.by_class.keys()
    if unknown or (len(images) and images["split"].max() >= len(profile.splits)):
        raise ValueError("it names a class or split that it does not list")
    shapes = [{name for figure, name in profile.spreads if figure == part} for part in SHAPE]
    if any(names != shapes[0] for names in shapes):
        raise ValueError("a class has some of the figures of its shape only")
