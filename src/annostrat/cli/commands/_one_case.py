"""The one use case that a command is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import InputError, UsageError
from annostrat.use_cases.files import read_use_cases

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase


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
