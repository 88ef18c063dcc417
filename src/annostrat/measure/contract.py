"""The JSON that `measure` prints: a stable contract. Its docstrings become the descriptions in the JSON Schema.

Contains only types: only the type checker and the JSON Schemas import this module.
"""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only

from annostrat.recommendation.contract import Finding, MeasuredAnswer, MeasuredPace  # noqa: TC001 - schemas are made of these


class MeasuredFigure(TypedDict):
    """A figure with its interval."""

    id: str
    """Its name."""
    title: str
    """Its name in reports."""
    kind: str
    """`share` is between 0 and 1, `count` is at least 0, `spread` is a standard deviation."""
    value: float
    """The figure."""
    low: float | None
    """Lower end of its 95 % interval, clustered by image; null if there are too few images or no interval is known."""
    high: float | None
    """Upper end."""
    images: int
    """Images that contribute."""
    objects: int
    """Objects that contribute."""
    meaning: str
    """What it means and how it is computed."""


class MeasuredClass(TypedDict):
    """What was measured for one class."""

    name: str
    """The class's name."""
    labels: int
    """Labels of the class, including crowds and regions."""
    objects: int
    """Objects that were measured."""
    images: int
    """Images that show it."""
    answers: dict[str, MeasuredAnswer]
    """The measured answer to each question that can be measured."""
    figures: list[MeasuredFigure]
    """Its figures."""
    silhouette: list[str] | None
    """Its mean shape, stretched to a square: rows of digits, each the tenths of its objects that cover a cell; null if
    it has no outlines."""


class MeasuredKeypoint(TypedDict):
    """How often a keypoint is hidden, of the objects in which it is labelled."""

    of_class: str
    """The class whose keypoint it is."""
    name: str
    """Its name; a number where the labels have no name for it."""
    value: float
    """Share of the objects in which it is hidden."""
    low: float | None
    """Lower end of its 95 % interval, clustered by image; null if there are too few images."""
    high: float | None
    """Upper end."""
    images: int
    """Images that contribute."""
    objects: int
    """Objects that contribute."""


class PartOfClass(TypedDict):
    """A class whose objects are parts of another class's objects, which therefore do not count as covering them."""

    part: str
    """The class whose objects are inside objects of the other class."""
    whole: str
    """The other class."""
    share: float
    """Share of the part's objects that are inside."""
    objects: int
    """How many objects the part has."""


class MeasuredSource(TypedDict):
    """What was read."""

    path: str
    """The path as the user gave it."""
    format: str | None
    """The format that the user named; null if it was detected."""
    formats: dict[str, int]
    """Files or pieces read, by format."""
    sampled: int | None
    """How many images were sampled; null if all were read."""
    seed: int | None
    """The seed of the sample; null if all were read."""
    crowds: bool
    """Whether labels that are marked as crowds were measured as single objects."""
    profiles: int | None
    """How many profiles were merged; null if labels were read."""


class Counts(TypedDict):
    """How many images, labels and objects there are."""

    images: int
    """Images, with or without labels."""
    images_labelled: int
    """Images with at least one label."""
    labels: int
    """Labels of any kind."""
    objects: int
    """Labels of single objects with a box that can be measured."""
    crowds: int
    """Labels of groups of objects (COCO's crowds)."""
    regions: int
    """Labels of regions in which objects are not told apart (stuff)."""
    outlines: int
    """Objects with a polygon."""
    masks: int
    """Objects with a pixel mask."""


class ClassAmount(TypedDict):
    """How much there is of a class."""

    name: str
    """The class's name."""
    objects: int
    """Objects of the class."""
    more_images: int | None
    """How many more images would show as many objects as are recommended, at the rate so far; 0 where there are as many
    already, null where there are too few to know a rate."""


class MeasuredEnough(TypedDict):
    """Whether there are enough labels."""

    answers_more_images: int | None
    """How many more images would settle the answers that are open; 0 where none is, null where no number would."""
    labels: int
    """How many labels of each class are recommended for training a detector."""
    text: str
    """Who recommends it, and on what grounds."""
    sources: list[str]
    """Ids of the references that say so."""
    classes: list[ClassAmount]
    """The classes, the one with fewest objects first."""


class Measurement(TypedDict):
    """What was measured in annotation files."""

    schema_version: int
    """The version of this contract; keys may be added without raising it."""
    name: str
    """The dataset's name."""
    source: MeasuredSource
    """What was read."""
    rules: dict[str, str]
    """Id, version and digest of the rule set whose levels were used."""
    counts: Counts
    """How many images, labels and objects there are."""
    answers: dict[str, MeasuredAnswer]
    """The measured answer to each question that can be measured."""
    not_measured: dict[str, str]
    """Why other questions that the rules ask cannot be answered from labels."""
    figures: list[MeasuredFigure]
    """Figures over all objects; unknown ones are left out."""
    unknown_figures: list[str]
    """Ids of the figures that these labels do not reveal."""
    classes: list[MeasuredClass]
    """The classes, those with most objects first."""
    keypoints: list[MeasuredKeypoint]
    """How often each keypoint is hidden, the most hidden ones of a class first; empty if the labels do not say."""
    part_of: list[PartOfClass]
    """Classes that are parts of other classes."""
    findings: list[Finding]
    """What should be looked at, worst first."""
    histograms: dict[str, list[int]]
    """Objects in 64 bins from 0 to 1."""
    pace: MeasuredPace | None
    """How long labelling took; null if the files do not say."""
    enough: MeasuredEnough | None
    """Whether there are enough labels; null where none is an object."""
    objects_per_image: dict[str, int]
    """Number of images by the number of objects in them."""
    references: dict[str, object]
    """The references named in `sources` above."""
