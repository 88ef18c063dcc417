"""The parts of a page as HTML: sections, lists, tables, links and figures, with escaped texts."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from annostrat.knowledge.tree import UNKNOWN
from annostrat.render.page.html import escape
from annostrat.render.sections.sections import (
    Link,
    More,
    Paragraph,
    Part,
    Picture,
    Point,
    Section,
    Table,
    with_code,
)
from annostrat.use_cases.fields import several

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from annostrat.knowledge.rule_set import RuleSet


def section(content: Section, level: int, rules: RuleSet) -> str:
    """Return a section under a heading of a level from 1 to 6; an empty text if it has no parts."""
    if not content.parts:
        return ""
    heading = f"<h{level}>{escape(content.title)}</h{level}>"
    return "\n".join(["<section>", heading, *_blocks(content, rules), "</section>"])


def _blocks(content: Section, rules: RuleSet) -> Iterator[str]:
    """Yield blocks; points and links that follow one another share a list."""
    for kind, parts in groupby(content.parts, _list_kind):
        lines = [_block(part, content.title, rules) for part in parts]
        tag = "ol" if kind == "steps" else "ul"
        yield from ([f'<{tag} class="{kind}">', *lines, f"</{tag}>"] if kind else lines)


def _list_kind(part: Part) -> str:
    if isinstance(part, Point):
        return "cautions" if part.mark == "!" else "steps" if part.mark[0].isdigit() else "points"
    return "sources" if isinstance(part, Link) else ""


_ASIDE = ' class="aside"'


def _block(part: Part, title: str, rules: RuleSet) -> str:
    match part:
        case Point():
            lead = f"<strong>{escape(part.lead)}</strong> " if part.lead else ""
            named = ", ".join(link(source, rules.references[source]["url"]) for source in part.sources)
            cited = f' <span class="cited">{named}</span>' if named else ""
            return f"<li>{lead}{words(part.text, rules)}{cited}</li>"
        case Paragraph():
            return f"<p{_ASIDE * part.aside}>{words(part.text, rules)}</p>"
        case Link():
            cited = f"<code>{escape(part.label)}</code> {link(part.text, part.url)}"
            known = f"{link(part.label, part.url)}: {escape(part.text)}"
            return f"<li>{cited if title.startswith('Sources') else known}</li>"
        case Table():
            return _table(part, title)
        case Picture():
            return figure(part)
        case More():
            inside = "\n".join(_blocks(Section(title, part.parts), rules))
            return f"<details>\n<summary>{escape(part.text)}</summary>\n{inside}\n</details>"


_ANSWERS = r"\b([a-z]\w*)=([a-z]\w*(?:(?:,| or )[a-z]\w*)*)"


def words(text: str, rules: RuleSet) -> str:
    """Return escaped text with answers in words and commands as code."""

    def replaced(match: re.Match[str]) -> str:
        question, given = match[1], re.split(",| or ", match[2])
        offered = [*rules.questions[question]["answers"], UNKNOWN] if question in rules.questions else []
        return in_words({question: given}, rules) if {*given} <= {*offered} else match[0]

    plain = re.sub(_ANSWERS, replaced, text, flags=re.ASCII)
    return with_code(plain, escape, lambda typed: f"<code>{escape(typed)}</code>")


def in_words(answers: Mapping[str, str | list[str]], rules: RuleSet) -> str:
    """Return answers in words: the name of each question, and its answer."""
    phrases = []
    for question, answer in answers.items():
        asked = rules.questions[question]
        given = several(answer) if isinstance(answer, str) else answer
        titles = (asked["answers"][one]["title"] if one in asked["answers"] else "Not known" for one in given)
        phrases.append(f"{asked['title'].lower()}: {' or '.join(title[:1].lower() + title[1:] for title in titles)}")
    return ", ".join(phrases)


def link(text: str, url: str | None) -> str:
    """Return a link, or just its text if the address is not a web address."""
    if not (url or "").lower().startswith(("https://", "http://")):
        return escape(text)
    return f'<a href="{escape(url or "")}">{escape(text)}</a>'


def figure(chart: Picture) -> str:
    """Return a drawing with its text alternative, or hidden from screen readers if it has none."""
    label = f'role="img" aria-label="{escape(chart.alternative)}"' if chart.alternative else 'aria-hidden="true"'
    return f"<figure {label}>{chart.draw()}</figure>"


def _table(content: Table, title: str) -> str:
    kinds = [' class="number"' if column.number else "" for column in content.columns]
    titles = (cell_of(column.title) for column in content.columns)
    head = "".join(f'<th scope="col"{kind}>{name}</th>' for kind, name in zip(kinds, titles, strict=True))
    rows = []
    for row in content.rows:
        first, *rest = (f"{kind}>{cell_of(cell)}" for kind, cell in zip(kinds, row, strict=True))
        rows.append(f'<tr><th scope="row"{first}</th>{"".join(f"<td{cell}</td>" for cell in rest)}</tr>')
    return table_of(title, head, rows)


def table_of(title: str, head: str, rows: Iterable[str], attributes: str = "") -> str:
    """Return the cells of a head and whole rows as a table, which scrolls where the page is too narrow for it."""
    opening = f'<div class="wide" role="region" aria-label="{escape(title)}" tabindex="0">'
    table = f"<table{attributes}>\n<thead><tr>{head}</tr></thead>\n<tbody>"
    return "\n".join([opening, table, *rows, "</tbody>\n</table>\n</div>"])


def cell_of(text: str) -> str:
    """Return a cell; a second line, such as an interval, is smaller."""
    first, *rest = text.split("\n")
    return escape(first) + "".join(f" <small>{escape(line)}</small>" for line in rest)
