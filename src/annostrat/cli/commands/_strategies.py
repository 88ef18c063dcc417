"""Strategies that the command line names: by id, or else with the ids that were most likely meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.errors import UsageError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annostrat.knowledge.rule_set import RuleSet

_SAME_WORD = 0.75
"""Likeness from which two words are forms of one: `boxes` and `box`."""


def check_strategies(words: Iterable[str], rules: RuleSet) -> None:
    """Refuse what is no strategy's id.

    Raises:
        UsageError: With the nearest id, or the strategies that the word describes, and all ids.
    """
    for word in words:
        if word not in rules.strategies:
            raise UsageError(f"there is no strategy '{word}'", _hint(word, rules))


def _hint(word: str, rules: RuleSet) -> str:
    from difflib import get_close_matches

    described = [
        id_ for id_ in rules.strategies if get_close_matches(word.lower(), _words(rules, id_), cutoff=_SAME_WORD)
    ]
    if not described:
        return suggest(word, rules.strategies)
    meant = " or ".join(f"'{id_}'" for id_ in described)
    return f"did you mean {meant}? valid: {', '.join(rules.strategies)}"


def _words(rules: RuleSet, id_: str) -> list[str]:
    """Return the words of a strategy's title, and of what an annotator draws for it."""
    strategy = rules.strategies[id_]
    return re.findall(r"\w{3,}", f"{strategy['title']} {strategy['label']}".lower())
