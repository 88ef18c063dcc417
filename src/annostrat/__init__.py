"""annostrat recommends how to annotate images for a computer-vision project.

The public API is what this module exports; each name is imported when it is first used, because start-up counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.knowledge.version import __version__

if TYPE_CHECKING:
    from annostrat.api import Recommendation as Recommendation
    from annostrat.api import recommend as recommend
    from annostrat.errors import AnnostratError as AnnostratError
    from annostrat.errors import InputError as InputError
    from annostrat.errors import UsageError as UsageError
    from annostrat.knowledge.loader import load_rules as load_rules
    from annostrat.knowledge.rule_set import RuleSet as RuleSet
    from annostrat.measure.agreement.api import ComparedLabels as ComparedLabels
    from annostrat.measure.agreement.api import agreement as agreement
    from annostrat.measure.api import MeasuredLabels as MeasuredLabels
    from annostrat.measure.api import load_profile as load_profile
    from annostrat.measure.api import measure_labels as measure_labels
    from annostrat.measure.api import measurement_of as measurement_of
    from annostrat.measure.api import merge_profiles as merge_profiles
    from annostrat.measure.api import save_profile as save_profile
    from annostrat.use_cases.files import read_use_cases as read_use_cases
    from annostrat.use_cases.use_case import UseCase as UseCase

_HOMES = {
    "recommend": "annostrat.api",
    "measure_labels": "annostrat.measure.api",
    "MeasuredLabels": "annostrat.measure.api",
    "agreement": "annostrat.measure.agreement.api",
    "ComparedLabels": "annostrat.measure.agreement.api",
    "measurement_of": "annostrat.measure.api",
    "merge_profiles": "annostrat.measure.api",
    "load_profile": "annostrat.measure.api",
    "save_profile": "annostrat.measure.api",
    "AnnostratError": "annostrat.errors",
    "InputError": "annostrat.errors",
    "UsageError": "annostrat.errors",
    "load_rules": "annostrat.knowledge.loader",
    "RuleSet": "annostrat.knowledge.rule_set",
    "Recommendation": "annostrat.api",
    "UseCase": "annostrat.use_cases.use_case",
    "read_use_cases": "annostrat.use_cases.files",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - the names are strings


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'annostrat' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
