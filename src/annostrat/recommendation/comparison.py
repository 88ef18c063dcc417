"""Compare strategies side by side: their labels, benefits, drawbacks, effort and conversions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.recommendation.effort.estimate import hours_in_a_sentence, money_in_a_sentence, reckoned_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.contract import ClaimText, RateText, Strategy
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Comparison, ComparisonColumn, StrategyEffort
    from annostrat.recommendation.recommendation import Recommendation


def compare(rules: RuleSet, strategies: list[str], result: Recommendation | None = None) -> Comparison:
    """Compare strategies; by default the candidates and alternatives of `result`, or all strategies of the rule set."""
    chosen = result.candidates if result else []
    strategies = list(dict.fromkeys(strategies))
    if not strategies:
        others = [entry["strategy"] for entry in result.outcome.alternatives] if result else []
        strategies = list(dict.fromkeys([*chosen, *others])) or list(rules.offered)
    whole = result.estimate.document(strategies) if result and result.estimate else None
    estimates = {line["strategy"]: line for line in whole["strategies"]} if whole else {}
    columns: list[ComparisonColumn] = [
        {
            "strategy": rules.strategies[id_],
            "recommended": result is not None and result.strategy is not None and id_ in chosen,
            "effort": rules.effort["rates"].get(id_),
            "estimate": estimates.get(id_),
        }
        for id_ in strategies
    ]
    return {
        "name": result.name if result else None,
        "strategies": columns,
        "qa_share": whole and whole["qa_share"],
        "currency": whole and whole["currency"],
        "references": {source: rules.references[source] for column in columns for source in _sources(column)},
    }


def _sources(column: ComparisonColumn) -> list[str]:
    rate, strategy = column["effort"], column["strategy"]
    figures = [rate["seconds"], rate["assisted"], rate["each_image"]] if rate else []
    named = [source for figure in figures if figure for source in figure["sources"]]
    return [
        *(source for claim in (*strategy["benefits"], *strategy["drawbacks"]) for source in claim["sources"]),
        *named,
    ]


def rows(comparison: Comparison, rules: RuleSet) -> dict[str, list[list[str]]]:
    """Return the comparison as text: for each row title, a list of lines per strategy."""
    columns = comparison["strategies"]
    return {
        "label": [[column["strategy"]["label"]] for column in columns],
        "use": [[column["strategy"]["summary"]] for column in columns],
        "benefits": [_claims(column["strategy"]["benefits"]) for column in columns],
        "drawbacks": [_claims(column["strategy"]["drawbacks"]) for column in columns],
        "wrong choice": [[column["strategy"]["when_not"]] for column in columns],
        "effort": [_effort(column, comparison) for column in columns],
        "converts to": [_conversions(column["strategy"], rules) for column in columns],
    }


def in_short(comparison: Comparison, rules: RuleSet) -> dict[str, list[str]]:
    """Return a short form of the comparison: for each row title, one text per strategy."""
    strategies = [column["strategy"] for column in comparison["strategies"]]
    return {
        "draw": [strategy["label"] for strategy in strategies],
        "gives": [strategy["gives"] for strategy in strategies],
        "costs": [strategy["costs"] for strategy in strategies],
        "a label takes": [_rate_in_short(column, comparison) for column in comparison["strategies"]],
        "becomes": [
            ", ".join(rules.strategies[other["strategy"]]["title"].lower() for other in strategy["converts_to"])
            or "nothing else"
            for strategy in strategies
        ],
    }


def _rate_in_short(column: ComparisonColumn, comparison: Comparison) -> str:
    """Return the seconds per label, taken from the use case's estimate if there is one, and the totals."""
    rate, whole = column["effort"], column["estimate"]
    seconds = (whole and whole["seconds"]) or (rate and (rate["seconds"] or rate["each_image"]))
    took = f"{_seconds(seconds['typical'])} per {rate['unit']}" if rate and seconds else "an unknown time"
    return "; ".join([took, *_in_all(whole, comparison)])


def _in_all(whole: StrategyEffort | None, comparison: Comparison) -> Iterator[str]:
    """Yield the total hours and cost of all labels, including quality assurance, if known."""
    if whole and whole["hours"] and (share := comparison["qa_share"]):
        cost = f" and {money_in_a_sentence(whole['money'], comparison['currency'])}" if whole["money"] else ""
        yield f"{hours_in_a_sentence(whole['hours'])}{cost}, with {share['typical']:.0%} for checking"


def _claims(claims: list[ClaimText]) -> list[str]:
    return [f"{claim['text']} [{', '.join(claim['sources'])}]" for claim in claims]


def _effort(column: ComparisonColumn, comparison: Comparison) -> list[str]:
    rate, whole = column["effort"], column["estimate"]
    lines = [rate_in_words(rate)]
    basis = f"; {words}" if whole and (words := reckoned_from(whole)) else ""
    lines += [f"in all, {took}{basis}" for took in _in_all(whole, comparison)]
    return [*lines, rate["note"]] if rate else lines


def _conversions(strategy: Strategy, rules: RuleSet) -> list[str]:
    return [
        f"{rules.strategies[conversion['strategy']]['title']}: {conversion['how']} Lost: {conversion['loses']}"
        for conversion in strategy["converts_to"]
    ] or ["nothing"]


def rate_in_words(rate: RateText | None) -> str:
    """Return the published time per label, by hand and assisted, or a note that no time was published."""
    if rate is None:
        return "not known"
    parts = []
    figures = (
        (rate["seconds"], rate["unit"], ""),
        (rate["each_image"], "image", " at least"),
        (rate["assisted"], rate["unit"], " when correcting what a model draws"),
    )
    for interval, unit, how in figures:
        if interval:
            low, typical, high = (_seconds(interval[end]) for end in ("low", "typical", "high"))
            more = " or more" if interval["open_end"] else ""
            parts.append(f"{typical} ({low} to {high}{more}) per {unit}{how}")
    return "; ".join(parts) or "no time published"


def _seconds(value: float) -> str:
    minute = 60
    return f"{value:.3g} s" if value < 2 * minute else f"{value / minute:.0f} min"
