"""Strategies and use cases that a command line names, with the likely strategies where an id is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from annostrat.errors import InputError, UsageError, suggest
from annostrat.use_cases.files import read_use_cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase

_SAME_WORD = 0.75
"""Likeness from which two words are forms of one: `boxes` and `box`."""


def check_strategies(words: Iterable[str], rules: RuleSet) -> None:
    """Raise a UsageError for the first word that is not the id of a strategy, with the ids that may be meant."""
    for word in words:
        if word not in rules.strategies:
            raise UsageError(f"there is no strategy '{word}'", _hint(word, rules))


def _hint(word: str, rules: RuleSet) -> str:
    from difflib import get_close_matches

    drawn = {id_: f"{one['title']} {one['label']}".lower() for id_, one in rules.strategies.items()}
    words = {id_: re.findall(r"\w{3,}", text) for id_, text in drawn.items()}
    described = [id_ for id_ in words if get_close_matches(word.lower(), words[id_], cutoff=_SAME_WORD)]
    if not described:
        return suggest(word, rules.strategies)
    meant = " or ".join(f"'{id_}'" for id_ in described)
    return f"did you mean {meant}? valid: {', '.join(rules.strategies)}"


def read_one_case(path: str, rules: RuleSet, command: str) -> UseCase:
    """Return the use case of a file; raise a UsageError if it holds several, or none."""
    cases = []
    for case in read_use_cases([path], rules):
        if isinstance(case, InputError):
            raise case
        cases.append(case)
    if len(cases) != 1:
        raise UsageError(f"{path} holds {len(cases)} use cases", f"{command} takes one")
    return cases[0]
