"""The decision record of one use case, as HTML: what was decided from which answers, why, and what else it could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.page.blocks import section, words
from annostrat.render.page.html import escape
from annostrat.render.sections.recommendation import bibliography, headline, opening, sections
from annostrat.render.sections.sections import Column, Link, Section, Table
from annostrat.use_cases.fields import several

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation


def record(result: Recommendation, rules: RuleSet, number: int, level: int) -> str:
    """Return the record of the use case with some number on the page, whose heading is of some level."""
    described = result.use_case.description
    parts = [
        f'<article id="case-{number}">',
        f'<h{level} dir="auto">{escape(result.name)}</h{level}>',
        f'<p class="described" dir="auto">{escape(described)}</p>' if described else "",
        _verdict(result, rules),
        *(section(found, level + 1, rules) for found in _sections(result, rules)),
        "</article>",
    ]
    return "\n".join(filter(None, parts))


def contents(found: Sequence[Recommendation], rules: RuleSet) -> str:
    """Return a table of contents, with what each use case comes to."""
    entries = (
        f'<li><a href="#case-{number}" dir="auto">{escape(result.name)}</a>'
        f" <span>{escape(headline(result, rules))}</span></li>"
        for number, result in enumerate(found, start=1)
    )
    return "\n".join(['<nav aria-label="Use cases">', "<ol>", *entries, "</ol>", "</nav>"])


def _verdict(result: Recommendation, rules: RuleSet) -> str:
    kind = result.status
    said = (f"<p>{words(line)}</p>" for line in opening(result, rules))
    answer = f'<p class="answer">{escape(headline(result, rules))}</p>'
    return "\n".join([f'<div class="verdict {kind}">', answer, *said, "</div>"])


def _sections(result: Recommendation, rules: RuleSet) -> list[Section]:
    """Return the sections of the page, with all sources: whoever reads it need not have the command."""
    *found, sources = sections(result, rules)
    named = [part for part in sources.parts if isinstance(part, Link)]
    effort = result.own["effort"]
    behind = [*result.outcome.document["references"], *(effort["references"] if effort else [])]
    rest = bibliography((id_ for id_ in behind if id_ not in {link.label for link in named}), rules)
    figures = Section("Sources of the figures", [*rest])
    return [_answers(result, rules), *found, Section("Sources", named), figures]


def _answers(result: Recommendation, rules: RuleSet) -> Section:
    """Return the answers that the use case gives, each with what it means."""
    rows = []
    for question, answer in result.use_case.answers.items():
        asked = rules.questions[question]
        offered = [asked["answers"][word] for word in several(answer) if word in asked["answers"]]
        title = "; ".join(text["title"] for text in offered) or "Not known"
        meaning = " ".join(text["meaning"] for text in offered)
        unused = "" if question in rules.relevant else "These rules do not ask it."
        rows.append([asked["title"], title, " ".join(filter(None, [meaning, unused]))])
    columns = [Column("Question"), Column("Answer"), Column("What that means")]
    return Section("The answers", [Table(columns, rows)] if rows else [])


def stamp(rules: RuleSet) -> str:
    """Return which rules said so, and whose they are, as the foot of a page."""
    whose = f"<p>{escape(rules.attribution)} ({escape(rules.licence)}).</p>" if rules.attribution else ""
    which = f"<p>Rules: {escape(rules.id)} {escape(rules.version)}, <code>{escape(rules.digest)}</code></p>"
    return f"<footer>{which}{whose}</footer>"
