"""What a renderer is: one function for each kind of result that its format can show."""

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


class Page(NamedTuple):
    """What text is laid out for.

    Attributes:
        width: Columns.
        colour: Whether colour and weight may be used.
        quiet: Whether only the essential is shown.
        full: Whether everything known is shown, and not only what fits a screen.
        strict: Whether a recommendation that is not decided fails.
        several: Whether there is more than one use case, readable or not.
        fields: The keys of JSON to write, as dotted names; without any, the format chooses.
        lines: Lines that are in sight at once; 0 where the output is not a terminal.
        ascii: Whether drawings may only use ASCII.
        photos: Photos of what was measured, where the format takes them and the images are at hand.
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


class Renderer(NamedTuple):
    """An output format; a kind of result that it cannot show is None.

    `recommendations` takes `Recommendation`s, and where the format `takes_errors`, in their places the `InputError`s of
    use cases that cannot be read. One that `takes_photos` shows those of the page. Every function yields text in
    pieces, the first before the last result is known, and prints nothing.
    """

    recommendations: Callable[[Iterable[Any], RuleSet, Page], Iterator[str]] | None = None
    verdicts: Callable[[Iterable[Verdict], Page], Iterator[str]] | None = None
    problems: Callable[[list[Problem], list[str], Page], Iterator[str]] | None = None
    architectures: Callable[[Catalogue, RuleSet, Page], Iterator[str]] | None = None
    tree: Callable[[RuleSet, dict[str, str], Page], Iterator[str]] | None = None
    comparison: Callable[[Comparison, RuleSet, Page], Iterator[str]] | None = None
    agreement: Callable[[list[Agreement], Folds | None, Page], Iterator[str]] | None = None
    measurements: Callable[[Measurement, RuleSet, Page], Iterator[str]] | None = None
    label_agreement: Callable[[LabelAgreement, RuleSet, Page], Iterator[str]] | None = None
    takes_errors: bool = False
    takes_photos: bool = False
