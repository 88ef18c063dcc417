"""A report as HTML: the answer first, then its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.page.blocks import section, words
from annostrat.render.page.html import document, escape
from annostrat.render.page.record import stamp

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.render.sections.sections import Report


def report_page(report: Report, rules: RuleSet) -> str:
    """Return the page."""
    kind = "decided" if report.status == "decided" else "undecided"
    lines = "".join(f"<p>{words(line, rules)}</p>" for line in report.opening)
    body = [
        "<main>\n<article>",
        f'<h1 dir="auto">{escape(report.name)}</h1>',
        f'<div class="verdict {kind}"><p class="answer">{escape(report.answer)}</p>{lines}</div>',
        *(section(content, 2, rules) for content in report.sections),
        "</article>\n</main>",
        stamp(rules),
    ]
    return document(report.name, "\n".join(filter(None, body)), styles=["record.css", "measured.css"])
