"""The shape of what `measure` prints as JSON: a stable contract, whose docstrings are the descriptions in its schema.

Only types: nothing but the type checker and the JSON Schemas imports this module.
"""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only

from annostrat.recommendation.contract import Finding, MeasuredAnswer, MeasuredPace  # noqa: TC001 - schemas are made of these


class MeasuredFigure(TypedDict):
    """A figure with its interval."""

    id: str
    """Its name."""
    title: str
    """Its name on a page."""
    kind: str
    """`share` lies between 0 and 1, `count` is at least 0, `spread` is a standard deviation."""
    value: float
    """The figure."""
    low: float | None
    """Lower end of its 95 % interval, clustered by image; null where there are too few images, or none is known."""
    high: float | None
    """Upper end."""
    images: int
    """Images that contribute."""
    objects: int
    """Objects that contribute."""
    meaning: str
    """What it says."""


class MeasuredClass(TypedDict):
    """What was measured of one class."""

    name: str
    """The class's name."""
    labels: int
    """Labels of it, crowds and regions too."""
    objects: int
    """Objects that were measured."""
    images: int
    """Images that show it."""
    answers: dict[str, MeasuredAnswer]
    """What its labels say to each question that can be measured."""
    figures: list[MeasuredFigure]
    """Its figures."""
    silhouette: list[str] | None
    """Its average outline, stretched to a square: rows of digits, each the tenths of its objects that cover that place;
    null where it has no outlines."""


class PartOfClass(TypedDict):
    """Two classes of which one is part of the other, so that it is not covered by it."""

    part: str
    """The class whose objects lie inside those of the other."""
    whole: str
    """The other."""
    share: float
    """Share of its objects that do."""
    objects: int
    """How many it has."""


class MeasuredSource(TypedDict):
    """What was read."""

    path: str
    """What the user named."""
    format: str | None
    """The format that the user named; null where it was found out."""
    formats: dict[str, int]
    """Files or pieces read, by format."""
    sampled: int | None
    """Images that were picked; null where all were taken."""
    seed: int | None
    """What they were picked by; null where all were taken."""
    profiles: int | None
    """Profiles that were joined; null where labels were read."""


class Counts(TypedDict):
    """How much there is."""

    images: int
    """Images, without labels too."""
    images_labelled: int
    """Images with a label."""
    labels: int
    """Labels of any kind."""
    objects: int
    """Labels of single objects with a box that can be measured."""
    crowds: int
    """Labels of groups."""
    regions: int
    """Labels of parts of an image that tell no objects apart."""
    outlines: int
    """Objects with an outline."""
    masks: int
    """Objects with a mask of pixels."""


class Measurement(TypedDict):
    """What was measured in annotation files."""

    schema_version: int
    """The version of this contract; keys may be added without raising it."""
    name: str
    """The data set's name."""
    source: MeasuredSource
    """What was read."""
    rules: dict[str, str]
    """Id, version and digest of the rule set whose levels were used."""
    counts: Counts
    """How much there is."""
    answers: dict[str, MeasuredAnswer]
    """What the labels say to each question that can be measured."""
    not_measured: dict[str, str]
    """Why other questions that the rules ask cannot be answered from labels."""
    figures: list[MeasuredFigure]
    """Figures over all objects; those that cannot be known are left out."""
    unknown_figures: list[str]
    """Ids of figures that these labels do not tell."""
    classes: list[MeasuredClass]
    """The classes, those with most objects first."""
    part_of: list[PartOfClass]
    """Classes that are parts of others, and were set aside."""
    findings: list[Finding]
    """What should be looked at, the worst first."""
    histograms: dict[str, list[int]]
    """Objects in 64 bins from 0 to 1."""
    pace: MeasuredPace | None
    """How long labelling took; null where the files do not say."""
    objects_per_image: dict[str, int]
    """Images by the number of objects they show."""
    references: dict[str, object]
    """The references that the parts above name in `sources`."""
