"""What a command line names: strategies by id, or else with the ids that were most likely meant, and one use case."""

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
    """Refuse words that are not ids of strategies.

    Raises:
        UsageError: With the nearest id, or the strategies that the word describes, and all ids.
    """
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
    """Return the use case of a file that holds one.

    Raises:
        InputError: It cannot be read.
        UsageError: It holds several.
    """
    cases = []
    for case in read_use_cases([path], rules):
        if isinstance(case, InputError):
            raise case
        cases.append(case)
    if len(cases) != 1:
        raise UsageError(f"{path} holds {len(cases)} use cases", f"{command} takes one")
    return cases[0]
