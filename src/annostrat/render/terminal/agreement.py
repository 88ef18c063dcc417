"""Agreement with known choices, in numbers with intervals and as a list of disagreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.recommendation.experts.agreement import percentage
from annostrat.render.sections.sections import Column, Paragraph, Part, Point, Section, Table, amount
from annostrat.render.terminal.layout import BOLD, hang, indent, part_lines, section_lines, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.recommendation.contract import Agreement, Disagreement, Folds, OfRater
    from annostrat.render.renderer import Page

WORTH_KEEPING = 2
"""Net gain in ratings that makes a change worth keeping, provided that more parts gain than lose."""


def agreement(documents: list[Agreement], folds: Folds | None, page: Page) -> Iterator[str]:
    """Yield the figures of each rule set, then a change between two of them part by part."""
    for document in documents:
        rules = document["rules"]
        lines = hang("", f"{rules['id']} {rules['version']}, {amount(document['cases'], 'case')}", page, BOLD)
        for rater in document["raters"]:
            lines += part_lines(_rater(rater, full=page.full), page)
            if page.full or rater["undecided"]:
                lines += indent(f"{rater['undecided']} undecided", page)
        yield text_of([*lines, *(_details(document, page) if page.full else _in_short(document, page))])
    if folds:
        yield text_of(section_lines([_folds(folds)], page))


def _in_short(document: Agreement, page: Page) -> list[str]:
    count = len(document["disagreements"])
    them = "it" if count == 1 else "them"
    more = f"{amount(count, 'disagreement')}; --full lists {them}, with what was recommended instead"
    return part_lines(Paragraph(more, aside=True), page) if count else []


def _details(document: Agreement, page: Page) -> list[str]:
    confusion = [
        Point(f"{expected}: " + ", ".join(f"{count} {recommended}" for recommended, count in row.items()))
        for expected, row in document["confusion"].items()
    ]
    following = document["following"]
    cases, gained, lost = following["leaning"], len(following["gained"]), len(following["lost"])
    leaning = Point(
        f"of {amount(cases, 'case')} whose field leans to another label, following it gains {gained} and loses {lost},"
        " each judged without itself"
    )
    sections = [
        Section("Chosen by experts, and what is recommended", confusion),
        Section("Precedents of a field", [leaning] if cases else []),
        Section("Disagreements", [_disagreement(entry) for entry in document["disagreements"]]),
    ]
    return section_lines(sections, page)


def _rater(rater: OfRater, *, full: bool) -> Table:
    """Return the figures for one rater's answers: overall, by purpose, and in full by recommendation."""
    columns = [Column(f"rater {rater['rater']}"), Column("what was chosen"), Column("or published too")]
    rows = [["all", percentage(rater["strict"]), percentage(rater["lenient"])]]
    for purpose, shares in rater["by_purpose"].items():
        of = f"{shares['strict']['agree']} of {shares['strict']['of']}, "
        rows.append([purpose, of + percentage(shares["strict"]), percentage(shares["lenient"])])
    for strategy, share in rater["recommended"].items() if full else ():
        rows.append([f"-> {strategy}", f"{share['agree']} of {share['of']}, {percentage(share)}", ""])
    return Table(columns, rows)


def _folds(folds: Folds) -> Section:
    """Return a change between two rule sets part by part, and whether it holds up."""
    columns = [Column("part"), *map(Column, ("ratings", folds["before"], folds["after"], "gained", "lost"))]
    rows = [
        [*(str(part[key]) for key in ("part", "ratings", "before", "after")), *map(str, map(len, changed))]
        for part in folds["parts"]
        for changed in [(part["gained"], part["lost"])]
    ]
    keep = folds["net"] >= WORTH_KEEPING and folds["gaining"] > folds["losing"]
    verdict = "The change holds up."
    if not keep:
        verdict = "A change that holds up gains two ratings net, and in more parts than it loses."
    counts = f"{folds['gaining']} parts gain, {folds['losing']} lose; {folds['net']:+d} ratings net."
    parts: list[Part] = [Table(columns, rows), Paragraph(f"{counts} {verdict}")]
    return Section(f"From {folds['before']} to {folds['after']}, part by part", parts)


def _disagreement(entry: Disagreement) -> Point:
    marked = " (also published)" if entry["lenient"] else ""
    walked = ", ".join(f"{step['question']}={step['answer']}" for step in entry["path"])
    chosen, recommended = " or ".join(entry["expected"]), " or ".join(entry["recommended"])
    return Point(f"{chosen} was chosen, not {recommended}{marked}: {walked}", lead=f"{entry['name']}:")
