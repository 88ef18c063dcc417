"""The keys of JSON that somebody asks for: `name,strategy.id,effort.hours`, checked against the output's types."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from annostrat.errors import UsageError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

Keys = dict[str, Any]
"""Keys, each with the keys of its value; without any, all of the value is written."""


def keys_of(fields: Iterable[str]) -> Keys:
    """Return the keys of some dotted names; the keys of a list are the keys of each of its items."""
    keys: Keys = {}
    for field in fields:
        inside = keys
        for part in field.split("."):
            inside = inside.setdefault(part, {})
    return keys


def check_fields(fields: Iterable[str]) -> None:
    """Compare dotted names with the types of the output, whose import takes longer than a use case.

    Raises:
        UsageError: The output has no such key.
    """
    from annostrat.recommendation.contract import RecommendationDocument

    for field in fields:
        shape, parts = RecommendationDocument, field.split(".")
        for depth, part in enumerate(parts):
            shape = _type_of(shape, part, parts[:depth])


def _type_of(shape: Any, key: str, before: list[str]) -> Any:
    """Return the type of what a key of some type holds."""
    while get_origin(shape) in (list, Union, UnionType):
        (shape,) = (one for one in get_args(shape) if one is not NoneType)
    if get_origin(shape) is dict:
        return get_args(shape)[1]
    known = get_type_hints(shape) if hasattr(shape, "__total__") else {}
    if key not in known:
        owner = f"'{'.'.join(before)}'" if before else "a recommendation"
        whole = f" ({'.'.join([*before, key])})" if before else ""
        raise UsageError(f"--fields: {owner} has no key '{key}'{whole}", suggest(key, known))
    return known[key]


def pick(value: Any, keys: Keys) -> Any:
    """Return a value with some keys only; all of it, without any."""
    if not keys or value is None:
        return value
    if isinstance(value, list):
        return [pick(one, keys) for one in value]
    return {key: pick(value.get(key), inside) for key, inside in keys.items()}
