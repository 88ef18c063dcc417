"""What rules/guideline.yaml may say: how to draw, what to note, what to decide, and how good labels get."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from annostrat.knowledge.models.rules import (
    Closed,
    Conditional,
    Id,
    Many,
    Names,
    OrderedRange,
    Seen,
    Stated,
    Strategies,
    Text,
    Words,
)


class Advice(Stated, Seen, Conditional):
    """One rule for annotators, under a topic."""

    topic: Annotated[Id, Names("topic")]
    """Its heading; one of `topics`."""
    text: Text
    """The rule, as an annotator is told."""
    ours: bool = False
    """Whether it is a suggestion of this project, without a source."""

    @model_validator(mode="after")
    def _from_somewhere(self) -> Self:
        if self.ours and self.sources:
            raise ValueError("a rule that is `ours` has no `sources`")
        return self

    def may_lack_sources(self) -> bool:
        """Return whether it is this project's own suggestion."""
        return self.ours


class Attribute(Stated, Seen, Conditional):
    """What annotators record for every object, besides its class."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    """Its name in the labelling tools."""
    text: Text
    """What it states about an object."""
    values: Annotated[Words, Field(min_length=2, max_length=10)]
    """The values offered; the first one is the usual one. With `no` and `yes` alone it becomes a tick."""


class Decision(Conditional):
    """An edge case that the team decides, with an example picture."""

    ask: Text
    """The question to decide."""


class AgreementFigure(Stated, Seen, OrderedRange):
    """The agreement of careful annotators, as published."""

    strategies: Annotated[Strategies, Field(min_length=1)]
    """The strategies whose labels were compared."""
    measure: Text
    """What was measured."""
    figure: Annotated[Id, Names("figure")] | None = None
    """The figure of `annostrat agreement` that is measured in the same way, if there is one."""
    low: Annotated[float, Field(gt=0, le=100)]
    """The lowest published figure, in per cent."""
    high: Annotated[float, Field(gt=0, le=100)]
    """The highest published figure, in per cent."""
    text: Text
    """The images and labels that it was measured on."""


class DoubleLabel(Stated, Seen):
    """How many images two people label."""

    at_least: Annotated[int, Field(ge=1, le=10_000)]
    """No fewer images than this, if there are so many."""
    share: Annotated[float, Field(gt=0, le=1)]
    """The part of all images."""
    text: Text
    """The procedure, and the source of the numbers."""


class PilotSize(Stated, Seen):
    """How many images are labelled before the first review."""

    at_least: Annotated[int, Field(ge=1, le=10_000)]
    """No fewer images than this, if there are so many."""
    at_most: Annotated[int, Field(ge=1, le=100_000)]
    """No more images than this."""
    objects: Annotated[int, Field(ge=1, le=1_000_000)]
    """Between the two, enough images to show so many objects."""
    text: Text
    """The source of the numbers."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_least > self.at_most:
            raise ValueError("at_least must not exceed at_most")
        return self


class Skeleton(Stated, Seen):
    """Named points that are in common use for some classes."""

    classes: Annotated[Words, Field(min_length=1)]
    """Names of the classes, in lower case."""
    points: Annotated[Words, Field(min_length=1)]
    """The points, in order."""
    edges: Many[Annotated[Words, Field(min_length=2, max_length=2)]] = ()
    """Pairs of points that a line joins."""

    @model_validator(mode="after")
    def _joined(self) -> Self:
        loose = [point for edge in self.edges for point in edge if point not in self.points]
        if loose:
            raise ValueError(f"no point is called '{loose[0]}'")
        if len({frozenset(edge) for edge in self.edges}) < len(self.edges):
            raise ValueError("two edges join the same points")
        return self


class GuidelineFile(Closed):
    """rules/guideline.yaml: the contents of labelling guidelines."""

    topics: Annotated[dict[Id, Text], Field(min_length=1)]
    """Headings, by the name that rules give; in the order of the page."""
    rules: Annotated[Many[Advice], Field(min_length=1)]
    """How to label."""
    attributes: Many[Attribute] = ()
    """What is recorded for every object."""
    decisions: Many[Decision] = ()
    """Edge cases to decide."""
    agreement: Many[AgreementFigure] = ()
    """The agreement of careful annotators."""
    double_label: DoubleLabel
    """How many images two people label."""
    pilot: PilotSize
    """How many images are labelled before the first review."""
    skeletons: Many[Skeleton] = ()
    """Points in common use for some classes."""
