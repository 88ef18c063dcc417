"""The keys of JSON that somebody asks for: `name,strategy.id,effort.hours`, checked against the output's types."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from annostrat.errors import UsageError, nearest, suggest

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
            shape = _type_of(shape, part, "".join(f"{before}." for before in parts[:depth]))


def _type_of(shape: Any, key: str, before: str) -> Any:
    """Return the type of what a key of some type holds; `before` are the keys that lead there, each with a dot."""
    shape = _one(shape)
    if get_origin(shape) is dict:
        return get_args(shape)[1]
    known = _keys_in(shape)
    if key not in known:
        inside = (f"{name}.{key}" for name, part in known.items() if key in _keys_in(_one(part)))
        close = nearest(key, known) or next(inside, None)
        hint = f"did you mean '{before}{close}'?" if close else suggest(key, known)
        raise UsageError(f"--fields: there is no key '{before}{key}'", hint)
    return known[key]


def _one(shape: Any) -> Any:
    """Return the type of one item of a list, and of what may be null; of what may be either of two, the first."""
    while get_origin(shape) in (list, Union, UnionType):
        shape = next(one for one in get_args(shape) if one is not NoneType)
    return shape


def _keys_in(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape) if hasattr(shape, "__total__") else {}


def pick(value: Any, keys: Keys) -> Any:
    """Return a value with some keys only; all of it, without any."""
    if not keys or value is None:
        return value
    if isinstance(value, list):
        return [pick(one, keys) for one in value]
    return {key: pick(value.get(key), inside) for key, inside in keys.items()}
