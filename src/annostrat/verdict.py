"""What `check` says of a use case: whether the recommendation is the one that the file expects."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from annostrat.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.recommendation import Recommendation

MOST_PROBLEMS = 5
"""Problems of a file that a person is told."""
MOST_SAID = 4
"""Sentences about labels that a message has."""
Status = Literal["as_expected", "differs", "contradicted", "undecided", "no_expectation", "unreadable"]


class Verdict(NamedTuple):
    """One line of a check.

    Attributes:
        status: How recommendation and expectation compare.
        name: The use case's name; the file's, where it could not be read.
        location: Where the expectation stands, or the use case, or the problem.
        message: The comparison in one sentence.
        recommended: Ids of the strategies that are possible; one when decided, none where unreadable.
        expected: Ids of the strategies that the file accepts.
        problems: What is wrong with a file that could not be read.
        labels: What the labels of its evidence contradict, then what they leave open; the message has the first few.
    """

    status: Status
    name: str
    location: Location
    message: str
    recommended: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    labels: tuple[str, ...] = ()


class Summary(NamedTuple):
    """How many verdicts of each kind there are."""

    as_expected: int = 0
    differs: int = 0
    contradicted: int = 0
    undecided: int = 0
    no_expectation: int = 0
    unreadable: int = 0

    def __str__(self) -> str:
        """Return for example `12 use cases: 11 as expected, 1 differs`."""
        words = (
            "as expected",
            "differs" if self.differs == 1 else "differ",
            "contradicted by labels",
            "undecided",
            "without expectation",
        )
        counts = [f"{count} {word}" for count, word in zip(self[:5], words, strict=True) if count]
        total = sum(self[:5])
        line = f"{total} use case{'' if total == 1 else 's'}" + (f": {', '.join(counts)}" if counts else "")
        unread = f"{self.unreadable} could not be read" if self.unreadable else ""
        return f"{line}; {unread}" if unread else line

    def exit_code(self, *, strict: bool) -> int:
        """Return 2 if anything could not be read, 1 if anything fails (or is undecided, when strict), else 0."""
        if self.unreadable:
            return 2
        return int(bool(self.differs or self.contradicted or (strict and self.undecided)))


def judge(result: Recommendation | InputError) -> Verdict:
    """Compare a recommendation with what its use case expects."""
    if isinstance(result, InputError):
        first = result.problems[0]
        return Verdict("unreadable", first.location.path, first.location, first.message, problems=result.problems)
    use_case, possible = result.use_case, tuple(result.candidates)
    expected = use_case.expect
    evidence = result.own["evidence"]
    status = _status(possible, expected, decided=result.decided)
    if evidence is not None and evidence["contradictions"] and status != "differs":
        status = "contradicted"
    location = use_case.locate("expect") if expected else use_case.locate()
    if status == "contradicted":
        location = use_case.locate("answers")
    labels = (*evidence["contradictions"], *evidence["undecided"]) if evidence else ()
    more = [f"and {len(labels) - MOST_SAID} more of what the labels say"] if len(labels) > MOST_SAID else []
    said = "; ".join([_message(result, status, expected), *labels[:MOST_SAID], *more])
    return Verdict(status, use_case.name, location, said, possible, expected, labels=labels)


def _status(possible: tuple[str, ...], expected: tuple[str, ...], *, decided: bool) -> Status:
    if not expected:
        return "no_expectation" if decided else "undecided"
    if decided:  # several strategies are drawn side by side: each must be expected
        return "as_expected" if set(possible) <= set(expected) else "differs"
    return "undecided" if set(possible) & set(expected) else "differs"


def _message(result: Recommendation, status: Status, expected: tuple[str, ...]) -> str:
    possible = (" plus " if result.decided else " or ").join(result.candidates)
    if status == "differs":
        said = f"the rules recommend {possible}" if result.decided else f"the rules leave {possible}"
        return f"expected {' or '.join(expected)}, but {said}{_reason(result)}"
    if status == "undecided":
        ask = result.outcome.document["ask_next"]
        settle = f"; the answer to {ask['question']} settles most" if ask else ""
        return f"undecided between {possible}{settle}"
    return f"{possible}, as expected" if expected else f"{possible}; nothing is expected"


def _reason(result: Recommendation) -> str:
    steps = [f"{step['question']}={step['answer']}" for step in result.outcome.document["path"]]
    return f" ({', '.join(steps)})" if steps else ""


def summarise(verdicts: Iterable[Verdict]) -> Summary:
    """Count verdicts by their status."""
    counts = dict.fromkeys(Summary._fields, 0)
    for verdict in verdicts:
        counts[verdict.status] += 1
    return Summary(**counts)


def abridged(verdicts: Iterable[Verdict], seen: list[Verdict]) -> Iterator[Verdict]:
    """Yield verdicts as they come, of the problems of each file the first few only, then how many more there are.

    Args:
        verdicts: Verdicts, those of a file together.
        seen: Takes every verdict, whole.
    """
    for path, of_file in groupby(verdicts, lambda verdict: verdict.location.path):
        found = 0
        for verdict in of_file:
            seen.append(verdict)
            kept = verdict.problems[: max(0, MOST_PROBLEMS - found)]
            found += len(verdict.problems)
            if kept or not verdict.problems:
                yield verdict._replace(problems=kept)
        if found > MOST_PROBLEMS:
            more = found - MOST_PROBLEMS
            said = f"{more:,} more problem{'' if more == 1 else 's'}"
            where = Location(path)
            problem = Problem(where, said, "--format json has all")
            yield Verdict("unreadable", path, where, said, problems=(problem,))
