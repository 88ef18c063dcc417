"""What readers remark becomes part of a profile."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from annostrat.annotations import ReaderFinding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annostrat.errors import Problem
    from annostrat.measure.profile.profile import Profile


def example(remark: ReaderFinding) -> tuple[int, str]:
    """Return where a remark was made, with a hash that picks some of many."""
    text = f"{remark.where}: {remark.detail}" if remark.detail else remark.where
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little"), text


def note_remarks(profile: Profile, remarks: Sequence[ReaderFinding]) -> None:
    """Note what a reader remarked."""
    by_kind: dict[str, list[ReaderFinding]] = {}
    for remark in remarks:
        by_kind.setdefault(remark.kind, []).append(remark)
    for kind, alike in by_kind.items():
        profile.note(kind, sum(remark.times for remark in alike), map(example, alike))


def note_problems(profile: Profile, problems: Sequence[Problem]) -> None:
    """Note what could not be read, so that whoever sees what was measured knows that it is not all."""
    places = [
        example(ReaderFinding("unreadable", str(problem.location), detail=problem.message)) for problem in problems
    ]
    profile.note("unreadable", len(problems), places)
