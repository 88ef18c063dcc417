"""HTML: a decision record for a team, and a rule set to click through, each in one file that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import UsageError
from annostrat.recommendation.engine import ways_of
from annostrat.render.page.card import hue_rules
from annostrat.render.page.html import document
from annostrat.render.page.record import contents, record, stamp
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.measure.contract import Measurement
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.use_cases.use_case import UseCase

_STYLES = ["card.css", "record.css", "measured.css"]
_CLASSES, _DRAWN = 20, 12
"""Classes that a report on labels lists, and whose silhouettes it draws."""


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one page with every record, and a table of contents where there are several."""
    everything = list(results)
    if len(everything) == 1:
        yield document(everything[0].name, _main(record(everything[0], rules, 1, level=1), rules), styles=_STYLES)
    elif everything:
        title = f"{len(everything):,} use cases"
        records = (record(result, rules, number, level=2) for number, result in enumerate(everything, start=1))
        body = "\n".join([f"<h1>{title}</h1>", contents(everything, rules), *records])
        yield document(title, _main(body, rules), styles=_STYLES)


def _main(body: str, rules: RuleSet) -> str:
    return f"<style>{hue_rules(rules.strategies)}</style>\n<main>\n{body}\n</main>\n{stamp(rules)}"


def tree(rules: RuleSet, case: UseCase, page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield the interactive page, which begins with what a use case tells.

    Raises:
        UsageError: The page takes one answer to each question, and the use case or its classes give several.
    """
    from annostrat.render.page.page import interactive_page

    if len(ways := ways_of(rules, case)) > 1:
        raise UsageError(
            f"the page follows one way through the tree, and the use case takes {len(ways)}",
            "give one answer beside it, such as --answer purpose=find_objects, draw all of them with another format, "
            "or write a report with `annostrat recommend --format html`",
        )
    yield interactive_page(rules, case._replace(answers=ways[0] if ways else {}))


def measurements(measured: Measurement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the report of what was measured."""
    from annostrat.render.page.report import report_page
    from annostrat.render.sections.measurement import report

    whole = report(measured, rules, most_classes=_CLASSES, most_drawn=_DRAWN, photos=page.photos)
    yield report_page(whole, rules)


def label_agreement(found: LabelAgreement, rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield the report on the agreement of annotators, with the labels of all drawn over each other."""
    from annostrat.render.page.report import report_page
    from annostrat.render.sections.label_agreement import report

    yield report_page(report(found, rules, most_classes=_CLASSES, photos=page.photos), rules)


PLUGIN = Renderer(
    recommendations, tree=tree, measurements=measurements, label_agreement=label_agreement, takes_photos=True
)
