"""The report on the agreement of annotators, as HTML, with the labels of all drawn over each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.page.blocks import section, words
from annostrat.render.page.html import document, escape
from annostrat.render.page.record import stamp
from annostrat.render.sections.label_agreement import headline, is_fine, opening, sections, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import LabelAgreement
    from annostrat.measure.photos.contact_sheet import Photo

_CLASSES = 20


def report(found: LabelAgreement, rules: RuleSet, photos: Sequence[Photo] = ()) -> str:
    """Return the page."""
    kind = "decided" if is_fine(found) else "undecided"
    lines = "".join(f"<p>{words(line, rules)}</p>" for line in opening(found))
    parts = [
        "<main>\n<article>",
        f'<h1 dir="auto">{escape(title(found))}</h1>',
        f'<div class="verdict {kind}"><p class="answer">{escape(headline(found))}</p>{lines}</div>',
        *(section(part, 2, rules) for part in sections(found, rules, most_classes=_CLASSES, photos=photos)),
        "</article>\n</main>",
        stamp(rules),
    ]
    return document(title(found), "\n".join(filter(None, parts)), styles=["record.css", "measured.css"])
