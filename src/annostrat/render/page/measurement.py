"""The report of a measurement, as HTML: answers on their scales, histograms, silhouettes, classes and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.page.blocks import section, words
from annostrat.render.page.html import document, escape
from annostrat.render.page.record import stamp
from annostrat.render.sections.measured_findings import FINDINGS, on_photos
from annostrat.render.sections.measurement import headline, is_decided, opening, sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement
    from annostrat.measure.photos.contact_sheet import Photo

_CLASSES, _DRAWN = 20, 12


def report(measured: Measurement, rules: RuleSet, photos: Sequence[Photo] = ()) -> str:
    """Return the page, with photos of what was found where there are any."""
    kind = "decided" if is_decided(measured) else "undecided"
    lines = "".join(f"<p>{words(line, rules)}</p>" for line in opening(measured, rules))
    details = sections(measured, rules, most_classes=_CLASSES, most_drawn=_DRAWN)
    after = next(number for number, part in enumerate(details, start=1) if part.title == FINDINGS)
    details.insert(after, on_photos(photos, measured["findings"]))
    parts = [
        "<main>\n<article>",
        f'<h1 dir="auto">{escape(measured["name"])}</h1>',
        f'<div class="verdict {kind}"><p class="answer">{escape(headline(measured, rules))}</p>{lines}</div>',
        *(section(part, 2, rules) for part in details),
        "</article>\n</main>",
        stamp(rules),
    ]
    return document(measured["name"], "\n".join(filter(None, parts)), styles=["record.css", "measured.css"])
