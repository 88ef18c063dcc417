"""Hours, weeks and money in words: to the precision that published figures bear, with what they leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annostrat.recommendation.contract import Amount, StrategyEffort

DAY_HOURS = 8
"""Hours that a working day has."""
LITTLE = "under an hour"
_BASES = {
    "full_scene": "full scene, every pixel",
    "outlines": "outlines of what is named",
    "surfaces": "objects, and all surfaces",
}
_HUNDRED, _TEN, _TENTH = 99.95, 9.95, 0.1


def reckoned_from(line: StrategyEffort) -> str:
    """Return what a label's figures are reckoned from; nothing, where that is one published rate."""
    if line["own_pace"]:
        return "at your own pace"
    return _BASES.get(line["basis"] or "", "")


def amount_in_words(amount: Amount | None, more: str = "+") -> str:
    """Return the typical value over its interval, on two lines; the last word says that its end is open."""
    if amount is None:
        return "unknown"
    more = more if amount["open_end"] else ""
    if amount["low"] == amount["high"]:
        return f"{_number(amount['typical'])}{more}"
    return f"{_number(amount['typical'])}\n{_number(amount['low'])} to {_number(amount['high'])}{more}"


def hours_in_words(amount: Amount | None, more: str = "+") -> str:
    """Return hours as an amount, and few of them in words."""
    return LITTLE if _is_below(amount, 1) else amount_in_words(amount, more)


def weeks_in_words(amount: Amount | None, week_hours: float) -> str:
    """Return weeks as an amount, and less than a day of them in words."""
    return "less than a day" if _is_below(amount, DAY_HOURS / week_hours) else amount_in_words(amount)


def hours_in_a_sentence(amount: Amount, *, interval: bool = True) -> str:
    """Return hours on one line, with or without their interval."""
    typical, _, ends = hours_in_words(amount, " or more").partition("\n")
    if typical == LITTLE:
        return typical
    return f"{typical} hours ({ends})" if ends and interval else f"{typical} hours"


def money_in_words(amount: Amount, currency: str | None) -> str:
    """Return money as an amount, after its currency."""
    return " ".join(filter(None, [currency, amount_in_words(amount)]))


def money_in_a_sentence(amount: Amount, currency: str | None) -> str:
    """Return money on one line, with its interval."""
    typical, _, ends = money_in_words(amount, currency).partition("\n")
    return f"{typical} ({ends})" if ends else typical


def seconds_in_words(value: float) -> str:
    """Return seconds with as many digits as a clock bears."""
    return f"{value:,.0f}" if value >= _HUNDRED else f"{value:.3g}"


def _is_below(amount: Amount | None, limit: float) -> bool:
    """Return whether an amount is below a limit; one with an open end must be so even when twice as high."""
    return amount is not None and amount["high"] * (2 if amount["open_end"] else 1) < limit


def _number(value: float) -> str:
    """Return a number as it is read: whole from ten on, with a digit more below, and in small ones the first digit."""
    if value >= _TEN:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= _TENTH else f"{value:.1g}"
