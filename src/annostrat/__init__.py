"""annostrat recommends how to annotate images for a computer-vision project.

The public API is what this module exports; each name is imported when it is first used, because start-up counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.version import __version__

if TYPE_CHECKING:
    from annostrat.api import MeasuredLabels as MeasuredLabels
    from annostrat.api import load_profile as load_profile
    from annostrat.api import measure_labels as measure_labels
    from annostrat.api import measurement_of as measurement_of
    from annostrat.api import merge_profiles as merge_profiles
    from annostrat.api import recommend as recommend
    from annostrat.api import save_profile as save_profile
    from annostrat.errors import AnnostratError as AnnostratError
    from annostrat.errors import InputError as InputError
    from annostrat.knowledge.loader import load_rules as load_rules
    from annostrat.knowledge.rule_set import RuleSet as RuleSet
    from annostrat.recommendation import Recommendation as Recommendation
    from annostrat.use_case import UseCase as UseCase
    from annostrat.use_case_files import read_use_cases as read_use_cases

_HOMES = {
    "recommend": "annostrat.api",
    "measure_labels": "annostrat.api",
    "MeasuredLabels": "annostrat.api",
    "measurement_of": "annostrat.api",
    "merge_profiles": "annostrat.api",
    "load_profile": "annostrat.api",
    "save_profile": "annostrat.api",
    "AnnostratError": "annostrat.errors",
    "InputError": "annostrat.errors",
    "load_rules": "annostrat.knowledge.loader",
    "RuleSet": "annostrat.knowledge.rule_set",
    "Recommendation": "annostrat.recommendation",
    "UseCase": "annostrat.use_case",
    "read_use_cases": "annostrat.use_case_files",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - the names are strings


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'annostrat' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
