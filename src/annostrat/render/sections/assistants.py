"""Assistants as a short section: which to try on a few images first, how to check it, and where each fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.effort import saved_by_correcting
from annostrat.render.sections.models import licence_of
from annostrat.render.sections.sections import More, Paragraph, Part, Point, Section, drawn, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import SuitedAssistant
    from annostrat.recommendation.recommendation import Recommendation

SHOWN = 3
"""Assistants of one label that are shown; the others are counted."""
TRIED = "fifty"
"""Images on which one is tried."""

_NEEDED = {
    "text": "a few words",
    "example": "an example image",
    "point": "a click on each object",
    "box": "a box around each object",
    "none": "nothing",
}


def assistants(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on assistants; empty where none is known for what is to be drawn."""
    found = result.outcome.document["assistants"]
    if not found:
        return Section("Assistants", [])
    first = found[0]
    parts: list[Part] = [
        Paragraph(f"Before drawing by hand, let one of these label {TRIED} images, and correct them. {first['check']}")
    ]
    strategies = drawn(result)
    for strategy in strategies:
        suited = [one for one in found if one["strategy"] == strategy]
        label = f", for {titles([strategy], rules)}" if len(strategies) > 1 else ""
        parts += [_line(one, rules, label) for one in suited[:SHOWN]]
        if len(suited) > SHOWN:
            others = ", ".join(one["title"] for one in suited[SHOWN:])
            parts.append(Paragraph(f"Also{label}: {others}.", aside=True))
    known = [point for one in {one["id"]: one for one in found}.values() for point in _known(one)]
    return Section("Assistants", [*parts, More("What each does well, and where it is known to fail", known)])


def first_assistant(result: Recommendation) -> Iterator[str]:
    """Yield the assistant to try first, with what correcting its labels would save."""
    found = result.outcome.document["assistants"]
    if found:
        saved = saved_by_correcting(result)
        worth = f"; correcting what it draws would save {saved}" if saved else ""
        yield f"try {found[0]['title']} ({licence_of(found[0])}) on {TRIED} images{worth}"


def _line(one: SuitedAssistant, rules: RuleSet, label: str) -> Point:
    """Return what an assistant needs to be told, what it draws instead, its smallest size and its licence."""
    *most, last = (_NEEDED[prompt] for prompt in one["prompts"])
    needs = f"needs {', '.join(most)} or {last}" if most else f"needs {last}"
    turned = (
        f", draws {titles([one['via']], rules)}, which becomes {titles([one['strategy']], rules)}" if one["via"] else ""
    )
    smallest = min((size["params_m"] for size in one["sizes"]), default=None)
    size = f"; {smallest:g} M parameters" if smallest else ""
    size = size.replace("; ", "; from ") if len(one["sizes"]) > 1 else size
    caution = f" {one['licence_note']}" if one["licence_note"] else ""
    said = f"{needs}{turned}{label}{size}; {licence_of(one)}.{caution}"
    return Point(said, lead=f"{one['title']}:")


def _known(one: SuitedAssistant) -> Iterator[Point]:
    for claim in one["strengths"]:
        yield Point(claim["text"], claim["sources"], lead=f"{one['title']}:")
    for claim in one["fails"]:
        yield Point(claim["text"], claim["sources"], lead=f"{one['title']}, where it fails:")
    if one["tools"]:
        tools = ", ".join(tool["tool"] for tool in one["tools"])
        sources = list(dict.fromkeys(source for tool in one["tools"] for source in tool["sources"]))
        yield Point(f"{tools}.", sources, lead=f"{one['title']}, built into:")
    yield Point(_pasted(one), lead=f"{one['title']}, to paste:")


def _pasted(one: SuitedAssistant) -> str:
    handle = one["handle"]
    return f"{handle['call']}" + (f" ({handle['install']})" if handle["install"] else f" ({handle['library']})")
