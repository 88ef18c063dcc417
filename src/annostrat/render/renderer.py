"""The interface of renderers: one function for each kind of result that a format can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.measure.contract import Measurement
    from annostrat.measure.photos.contact_sheet import Photo
    from annostrat.recommendation.contract import Agreement, Comparison, Folds
    from annostrat.recommendation.expectation import Verdict
    from annostrat.recommendation.models import Catalogue
    from annostrat.use_cases.use_case import UseCase


class Page(NamedTuple):
    """The properties of the output that text is laid out for.

    Attributes:
        width: Width in columns.
        colour: Whether colour and weight may be used.
        quiet: Whether to show only the essentials.
        full: Whether to show everything known, rather than what fits a screen.
        strict: Whether a recommendation fails unless its status is `decided`.
        several: Whether there is more than one use case, readable or not.
        fields: The JSON keys to write, as dotted names; if empty, the format chooses.
        lines: Number of visible lines; 0 if the output is not a terminal.
        ascii: Whether drawings may only use ASCII.
        photos: Photos of the measured images, if the format supports them and the images are available.
        saved: The file in which the use case is saved, if any.
    """

    width: int = 80
    colour: bool = False
    quiet: bool = False
    full: bool = True
    strict: bool = False
    several: Callable[[], bool] = lambda: False
    fields: tuple[str, ...] = ()
    lines: int = 0
    ascii: bool = False
    photos: Sequence[Photo] = ()
    saved: str | None = None


class Renderer(NamedTuple):
    """An output format; None for each kind of result that it cannot show.

    `recommendations` takes `Recommendation`s and, if the format `takes_errors`, an `InputError` in place of each
    use case that cannot be read. A format that `takes_photos` shows those of the page. Every function yields text in
    pieces, the first before the last result is known, and prints nothing.
    """

    recommendations: Callable[[Iterable[Any], RuleSet, Page], Iterator[str]] | None = None
    verdicts: Callable[[Iterable[Verdict], Page], Iterator[str]] | None = None
    problems: Callable[[list[Problem], list[str], Page], Iterator[str]] | None = None
    architectures: Callable[[Catalogue, RuleSet, Page], Iterator[str]] | None = None
    tree: Callable[[RuleSet, UseCase, Page], Iterator[str]] | None = None
    comparison: Callable[[Comparison, RuleSet, Page], Iterator[str]] | None = None
    agreement: Callable[[list[Agreement], Folds | None, Page], Iterator[str]] | None = None
    measurements: Callable[[Measurement, RuleSet, Page], Iterator[str]] | None = None
    label_agreement: Callable[[LabelAgreement, RuleSet, Page], Iterator[str]] | None = None
    takes_errors: bool = False
    takes_photos: bool = False
