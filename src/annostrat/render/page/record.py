"""The decision record of one use case as HTML: the decision, its authors and date, reasons, and alternatives."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from annostrat.knowledge.version import __version__
from annostrat.recommendation.effort.estimate import hours_in_words
from annostrat.render.drawing.scenes import picture
from annostrat.render.page.blocks import cell_of, in_words, section, table_of
from annostrat.render.page.card import first_screen
from annostrat.render.page.html import escape
from annostrat.render.sections.effort import hours_of
from annostrat.render.sections.recommendation import (
    bibliography,
    contradictions,
    headline,
    sections,
    steps,
    whose_path,
)
from annostrat.render.sections.sections import Link, More, Point, Section, amount, capital, grouped, titles, to_draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation

CARE = ("Take care", "Classes", "Purposes")
FIGURES = ("What it takes", "Models")
OWN = ("Why", "What would change it")
"""How titles begin: of sections before the reasons, of those after the alternatives, and of those replaced here."""
LONG = 80
"""Characters beyond which a name is set smaller, so that the decision stays in sight."""


def record(result: Recommendation, rules: RuleSet, number: int, level: int) -> str:
    """Return the record of a use case, by its number on the page, under a heading of a level.

    Its front usually prints on one sheet; the grounds of the decision follow on a second.
    """
    described = result.use_case.description
    *everything, sources = sections(result, rules)
    care, figures = ([part for part in everything if part.title.startswith(titles)] for titles in (CARE, FIGURES))
    figures.sort(key=lambda part: not part.title.startswith(FIGURES[0]))
    others = [part for part in everything if not part.title.startswith((*CARE, *FIGURES, *OWN))]
    why_not = [part for part in everything if part.title.startswith("Why not")]
    hue = f" in-hue hue-{to_draw(result)[0]}" if to_draw(result) else ""
    long = ' class="long"' if len(result.name) > LONG else ""
    parts = [
        f'<article id="case-{number}" class="record{hue}">\n<div class="front">',
        f'<h{level}{long} dir="auto">{escape(result.name)}</h{level}>',
        f'<p class="described" dir="auto">{escape(described)}</p>' if described else "",
        _signed(result),
        first_screen(result, rules),
        *(section(part, level + 1, rules) for part in (*care, _why(result, rules))),
        _matrix(result, rules, level + 1),
        *(section(part, level + 1, rules) for part in figures),
        '</div>\n<div class="back">',
        *(section(part, level + 1, rules) for part in (*others, *why_not)),
        section(_sources(result, sources, rules), level + 1, rules),
        "</div>\n</article>",
    ]
    return "\n".join(filter(None, parts))


def _signed(result: Recommendation) -> str:
    """Return the people responsible for the decision, if the use case names them, and the date of the record."""
    case = result.use_case
    names = (("Owner", case.owner), ("Decided by", case.decided_by))
    signed = [*(f"{title}: {escape(name)}" for title, name in names if name), today(), f"annostrat {__version__}"]
    return f'<p class="signed" dir="auto">{" &middot; ".join(signed)}</p>'


def today() -> str:
    """Return the current day, or the day of SOURCE_DATE_EPOCH, so that a page can be reproduced."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return f"{moment.day} {moment:%B %Y}"


def contents(results: Sequence[Recommendation], rules: RuleSet) -> str:
    """Return a table of contents, with the result, hours and number of warnings of each use case."""
    entries = []
    for number, result in enumerate(results, start=1):
        hours = result.effort and result.effort["hours"]
        comes_to = headline(result, rules) + (f", {hours_in_words(hours).splitlines()[0]} h" if hours else "")
        if cautions := len(result.outcome.warnings) + len(contradictions(result)):
            comes_to += f", {amount(cautions, 'warning')}"
        link = f'<a href="#case-{number}" dir="auto">{escape(result.name)}</a>'
        entries.append(f"<li>{link} <span>{escape(comes_to)}</span></li>")
    return "\n".join(['<nav aria-label="Use cases">', "<ol>", *entries, "</ol>", "</nav>"])


def _why(result: Recommendation, rules: RuleSet) -> Section:
    """Return the answers on the path through the tree in words, each with its reason."""
    points = []
    for index, (asked, step) in enumerate(steps(result.outcome, rules), start=1):
        answer = in_words({step["question"]: step["answer"]}, rules).partition(": ")[2]
        points.append(Point(step["because"], mark=f"{index}.", lead=f"{asked}: {answer}."))
    return Section(f"Why{whose_path(result)}", points)


def _matrix(result: Recommendation, rules: RuleSet, level: int) -> str:
    """Return a table of the recommendation and the results of changed answers: condition, gain, cost, hours.

    Of several labels drawn side by side, only those that are not recommended anyway are described.
    """
    changes = grouped(
        (
            (entry["strategy"], *entry["beside"]),
            in_words(entry["change"], rules) + ("" if entry["certain"] else " (perhaps)"),
        )
        for entry in result.outcome.alternatives
    )
    if not changes:
        return ""
    effort, columns = result.effort, ["Follows from", "Gives", "Costs"]
    estimated = {line["strategy"] for line in effort["strategies"]} if effort else set()
    rows = []
    for strategies, ways in {tuple(to_draw(result)): ["the answers given"], **changes}.items():
        others = [strategy for strategy in strategies if strategy not in to_draw(result)] or strategies
        texts = [rules.strategies[strategy] for strategy in others]
        cells = (" or ".join(ways), *("; ".join(text[key] for text in texts) for key in ("gives", "costs")))
        title = escape(capital(titles(strategies, rules, " plus ")))
        label = f"{picture(strategies[0])} <span>{title}</span>"
        row = f'<tr class="hue-{strategies[0]}"><th scope="row">{label}</th>'
        for title, cell in zip(columns, cells, strict=True):
            row += f'<td data-title="{title}">{escape(capital(cell))}</td>'
        if effort:
            hours = hours_in_words(hours_of(effort, strategies)) if estimated.issuperset(strategies) else ""
            row += f'<td class="number" data-title="Hours">{cell_of(hours)}</td>'
        rows.append(f"{row}</tr>")
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Label", *columns))
    head += '<th scope="col" class="number">Hours</th>' if effort else ""
    table = table_of("Alternatives", head, rows, ' class="matrix"')
    return f"<section>\n<h{level}>Alternatives</h{level}>\n{table}\n</section>"


def _sources(result: Recommendation, sources: Section, rules: RuleSet) -> Section:
    """Return all sources, also those of the figures, since readers of the page may not have the command."""
    named = [part for part in sources.parts if isinstance(part, Link)]
    effort, labels = result.effort, {link.label for link in named}
    others = [*result.outcome.references, *(effort["references"] if effort else [])]
    figures = [*bibliography((id_ for id_ in others if id_ not in labels), rules)]
    return Section("Sources", [*named, *([More(f"And {len(figures)} of the figures", figures)] if figures else [])])


def stamp(rules: RuleSet) -> str:
    """Return the footer of a page: its rules, and their attribution."""
    whose = f"<p>{escape(rules.attribution)} ({escape(rules.licence)}).</p>" if rules.attribution else ""
    which = f"<p>Rules: {escape(rules.id)} {escape(rules.version)}, <code>{escape(rules.digest)}</code></p>"
    return f"<footer>{which}{whose}</footer>"
