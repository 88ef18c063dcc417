"""What labels are on, in words: whether a model or a project is of the same things as a use case."""

from __future__ import annotations

from functools import lru_cache

SHORTEST = 3
"""Letters that a word needs to say anything."""
_SAY_NOTHING = frozenset("all and each for from its many other over some that the their with".split())  # noqa: SIM905
"""Words that are in the names of many things."""


@lru_cache(maxsize=4096)  # of every project and model, for every set of answers
def words(text: str | None) -> frozenset[str]:
    """Return the words of a few objects, without a plural `s`."""
    bare = (word.strip(",.;:()") for word in (text or "").lower().replace("-", " ").split())
    return frozenset(word.removesuffix("s") for word in bare if len(word) >= SHORTEST and word not in _SAY_NOTHING)


def suits(domains: list[str], made_for: list[str], domain: str | None, objects: str | None) -> bool:
    """Return whether what was made for some fields, and some things in them, is of use for others.

    Args:
        domains: The fields that it was made for; empty for any.
        made_for: The things that it was made for, each in a word or two; empty for any of its fields.
        domain: The field in question.
        objects: The things in question; where they are not known, any may be meant.
    """
    if domains and domain not in domains:
        return False
    return not made_for or objects is None or not words(objects).isdisjoint(words(" ".join(made_for)))
