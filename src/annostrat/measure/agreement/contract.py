"""The JSON that `agreement` prints: a stable contract. Its docstrings become the descriptions in the JSON Schema.

Contains only types: only the type checker and the JSON Schemas import this module.
"""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only

from annostrat.recommendation.contract import Finding  # noqa: TC001 - schemas are made of these


class MeasuredAgreement(TypedDict):
    """A figure with its interval."""

    id: str
    """Its name."""
    title: str
    """Its name in reports."""
    value: float
    """The figure."""
    low: float | None
    """Lower end of its 95 % interval, with images as clusters; null if there are too few images."""
    high: float | None
    """Upper end."""
    images: int
    """Images that contribute."""
    count: int
    """Labels, pairs of labels or pixels that contribute."""
    meaning: str
    """What it means and how it is computed."""


class Published(TypedDict):
    """A published figure of careful people, beside the measured one."""

    figure: str
    """Id of the measured figure."""
    low: float
    """The lowest published figure, as a share."""
    high: float
    """The highest published figure, as a share."""
    verdict: str
    """`as_careful`, where the measured figure reaches the lowest; `below`, where its whole interval does not; else
    `unclear`."""
    text: str
    """On what it was measured."""
    sources: list[str]
    """Ids of references."""


class ComparedSet(TypedDict):
    """The labels of one annotator."""

    name: str
    """What the annotator is called in reports."""
    path: str
    """The path as the user gave it."""
    format: str
    """The format of the files."""
    images: int
    """Images, shared or not."""
    images_alone: int
    """Images that some other annotator does not have; nothing else is counted in them."""
    objects: int
    """Objects in shared images."""
    left_out: int
    """Objects that somebody else labelled and this annotator did not."""
    alone: int
    """Objects that nobody else labelled."""
    findings: list[Finding]
    """What is wrong with the labels themselves, as `measure` finds it, without its notes."""
    not_compared: int
    """Labels in shared images that are no single objects: crowds, and regions that are not pixels of a map."""


class ComparedClass(TypedDict):
    """Agreement on one class."""

    name: str
    """The class's name."""
    labels: list[int]
    """Objects of the class, by annotator."""
    shared: int
    """Pairs of labels of one object that both have the class."""
    figures: list[MeasuredAgreement]
    """Its figures."""


class Confusion(TypedDict):
    """Two classes that the same objects were given."""

    classes: list[str]
    """The two classes."""
    count: int
    """How many pairs of labels have them."""
    examples: list[str]
    """Names of a few images."""


class ComparedLabel(TypedDict):
    """One annotator's label of an object."""

    set: int
    """Index of the annotator in `sets`."""
    name: str
    """Its class."""
    id: int
    """Its id or line in the file."""
    box: list[float]
    """x1, y1, x2, y2 in pixels."""
    outline: list[list[list[float]]]
    """Rings of vertices x, y of its outline or mask, simplified for a drawing; none for a box."""


class ComparedObject(TypedDict):
    """One object as the annotators labelled it."""

    difference: str | None
    """`left_out`, `class_differs` or `drawn_apart`, the gravest of these; null where they agree."""
    iou: float | None
    """The lowest IoU of two labels, of outlines where both have one, else of boxes; null for a single label."""
    labels: list[ComparedLabel]
    """The labels; one of each annotator at most."""


class ComparedImage(TypedDict):
    """An image to look at."""

    name: str
    """Its name."""
    width: float
    """In pixels; 0 where it is not known."""
    height: float
    """In pixels; 0 where it is not known."""
    left_out: int
    """Objects that somebody left out."""
    class_differs: int
    """Objects with different classes."""
    drawn_apart: int
    """Objects that are drawn very differently."""
    objects: list[ComparedObject]
    """The objects, those with differences first; of very many, the first ones."""


class LabelAgreement(TypedDict):
    """How far several annotators labelled the same images alike."""

    schema_version: int
    """The version of this contract; keys may be added without raising it."""
    sets: list[ComparedSet]
    """The annotators."""
    images: int
    """Images that all have."""
    withheld: str | None
    """Why nothing is compared, so that all counts of objects are 0; null where labels are where they were drawn."""
    objects: int
    """Objects that at least one labelled."""
    agreed: int
    """Objects that all labelled, with the same class."""
    figures: list[MeasuredAgreement]
    """The figures; those that cannot be known are left out. Of more than two annotators, they are over all pairs."""
    published: list[Published]
    """What careful people are known to reach."""
    classes: list[ComparedClass]
    """The classes, those with most labels first."""
    confusions: list[Confusion]
    """Classes that were confused, the most frequent first."""
    findings: list[Finding]
    """What should be looked at and written into the guideline, worst first."""
    look_at: list[ComparedImage]
    """The images to look at first: those with most differences."""
    references: dict[str, object]
    """The references named in `sources` above."""
