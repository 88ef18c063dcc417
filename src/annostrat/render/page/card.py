"""The first screen of a decision: the label on a scene, its certainty, its effort, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import shortened
from annostrat.recommendation.effort.estimate import added, hours_in_words, money_in_words
from annostrat.render.drawing.palette import hue, selector
from annostrat.render.drawing.scenes import picture
from annostrat.render.page.blocks import in_words
from annostrat.render.page.html import asset, escape
from annostrat.render.sections.effort import cost, timed_lines
from annostrat.render.sections.recommendation import changes, headline, precedents_of_parts, settling
from annostrat.render.sections.sections import capital, titles, to_draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Precedents
    from annostrat.recommendation.recommendation import Recommendation

STATUS = {
    "decided": "Decided",
    "provisional": "Provisional: an open question could change it",
    "undecided": "Undecided",
}
MOST_PICTURES = 4


def card(result: Recommendation, rules: RuleSet) -> str:
    """Return the card as self-contained HTML for a notebook or another page, without scripts."""
    strategies = to_draw(result) or result.candidates
    return f"<style>{asset('card.css')}{hue_rules(strategies)}</style>{first_screen(result, rules)}"


def hue_rules(strategies: Iterable[str]) -> str:
    """Return the style rules that give elements of the class `hue-STRATEGY` the colour of the strategy."""
    return "".join(
        f"{selector(strategy)}{{--hue:light-dark({hue(strategy)},{hue(strategy, dark=True)})}}"
        for strategy in strategies
    )


def first_screen(result: Recommendation, rules: RuleSet) -> str:
    """Return the card without its style."""
    strategies = result.candidates
    hue_class = f" hue-{strategies[0]}" if to_draw(result) else ""
    answer = headline(result, rules).removeprefix("Undecided: ").removesuffix(", provisionally")
    labels = [rules.strategies[strategy]["label"] for strategy in to_draw(result)]
    facts = (
        f"<div><dt>{name}</dt><dd><strong>{escape(figure)}</strong> {detail}</dd></div>"
        for name, figure, detail in _facts(result, rules)
    )
    lines = [
        f'<div class="annostrat-card {result.status}{hue_class}">',
        f'<div class="scenes">{"".join(map(picture, strategies[:MOST_PICTURES]))}</div>',
        f'<div class="verdict"><p class="status">{STATUS[result.status]}</p>',
        f'<p class="answer">{escape(capital(answer))}</p>',
        *(f"<p>{escape(label)}</p>" for label in labels),
        f"</div>\n<dl>{''.join(facts)}</dl>\n</div>",
    ]
    return "\n".join(lines)


def _facts(result: Recommendation, rules: RuleSet) -> Iterator[tuple[str, str, str]]:
    """Yield the facts that a lead asks for first: name, figure as text, and details as markup."""
    precedents, effort = result.outcome.precedents, result.effort
    if precedents:
        yield "Experts", f"{precedents['agree']} of {precedents['n']}", _agreement(precedents, rules)
    elif parts := precedents_of_parts(result):
        (label, first), *others = parts
        more = "".join(f"; {one['agree']} of {one['n']} {titles([other], rules)}" for other, one in others)
        detail = f"such projects chose {titles([label], rules)}{more}"
        yield "Experts", f"{first['agree']} of {first['n']}", escape(detail)
    if effort:
        drawn = [line for line in effort["strategies"] if line["strategy"] in to_draw(result)]
        timed, untimed = timed_lines(drawn)
        without = titles([line["strategy"] for line in untimed], rules, " and ")
        if hours := added([line["hours"] for line in timed]):
            typical, _, ends = hours_in_words(hours, " or more").partition("\n")
            unit = " hours" if typical[:1].isdigit() else ""
            scope = f"without {without}, quality assurance included" if without else "quality assurance included"
            yield "Labelling time", typical + unit, escape(f"{ends and f'({ends}), '}{scope}")
        money, whose = cost(timed if effort["money_from"] == "hourly_rate" else drawn, result, rules)
        if money:
            typical, _, ends = money_in_words(money, effort["currency"]).partition("\n")
            scope = whose or (f" without {without}" if without else "")
            yield "Money", typical, escape(f"{ends and f'({ends})'}{scope}".strip())
    yield from _turning_point(result, rules)


def _agreement(precedents: Precedents, rules: RuleSet) -> str:
    """Return the share of experts in words and as a picture, and what more of them chose."""
    low, share, high = (100 * precedents[end] for end in ("low", "share", "high"))
    bar = (
        '<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="M0 4h100"/><path class="span" d="M{low:.0f} 4H{high:.0f}"/>'
        f'<path class="mark" d="M{share:.0f} 0v8"/></svg>'
    )
    field, first = precedents["field"], precedents["chosen"][0]
    more = ""
    if field and field["leans_to"]:
        where = rules.domains[field["domain"]]["title"].lower()
        more = f" But in {where}, more chose {titles([field['leans_to']], rules)}."
    elif first["n"] > precedents["agree"]:
        more = f" More of them, {first['n']}, chose {titles([first['strategy']], rules)}."
    return f"such projects chose this: {share:.0f}% ({low:.0f} to {high:.0f}%).{escape(more)}{bar}"


def _turning_point(result: Recommendation, rules: RuleSet) -> Iterator[tuple[str, str, str]]:
    """Yield what would change the result: the open question, or the nearest change of an answer."""
    outcome = result.outcome
    if ask := outcome.ask_next:
        yield "What settles it", rules.questions[ask["question"]]["ask"], escape(settling(ask, rules))
        if start := outcome.start_with:
            label = capital(titles([start["strategy"]], rules))
            yield "To start today", f"{label} in 20 images", "These labels can become the others."
        return
    led_by = result.own["led_by"]
    whose = f" for {shortened(led_by)}" if led_by is not None else ""
    for label, first in changes(outcome, rules)[:1]:
        yield "What would change it", capital(label), escape(f"if {in_words(first['change'], rules)}{whose}")
