"""Compare recommendations with the expectations of use-case files, for `check`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from annostrat.errors import InputError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.recommendation.contract import Evidence
    from annostrat.recommendation.recommendation import Recommendation

MOST_PROBLEMS = 5
"""Maximum number of problems reported per file."""
MOST_NAMED = 4
"""Maximum number of strategies that a message names; beyond that, it gives their number."""
MOST_SAID = 4
"""Maximum number of sentences about labels in a message."""
Status = Literal[
    "as_expected",
    "differs",
    "contradicted",
    "disagreed",
    "faulty_labels",
    "undecided",
    "provisional",
    "no_expectation",
    "unreadable",
]
FAILING = {"differs", "contradicted", "disagreed", "unreadable"}
UNSURE = {"faulty_labels", "undecided", "provisional"}
"""Statuses that fail only in strict mode."""


class Verdict(NamedTuple):
    """The result of checking one use case.

    Attributes:
        status: How recommendation and expectation compare.
        name: The use case's name, or the file's if it could not be read.
        location: The location of the expectation, or else of the use case or the problem.
        message: The comparison in one sentence.
        recommended: Ids of the possible strategies; empty if the file could not be read.
        expected: Ids of the strategies that the file accepts.
        problems: Problems of a file that could not be read.
        labels: Contradictions found in the labels, then open points; the message contains the first few.
        fails: Whether the use case fails the check, consistent with the exit code.
    """

    status: Status
    name: str
    location: Location
    message: str
    recommended: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    labels: tuple[str, ...] = ()
    fails: bool = False


class Summary(NamedTuple):
    """The number of verdicts per status."""

    as_expected: int = 0
    differs: int = 0
    contradicted: int = 0
    disagreed: int = 0
    faulty_labels: int = 0
    undecided: int = 0
    provisional: int = 0
    no_expectation: int = 0
    unreadable: int = 0

    def __str__(self) -> str:
        """Return a summary such as `12 use cases: 11 as expected, 1 differs`."""
        words = (
            "as expected",
            "differs" if self.differs == 1 else "differ",
            "contradicted by labels",
            "with annotators who disagree",
            "with errors in labels",
            "undecided",
            "provisional",
            "without expectation",
        )
        counts = [f"{count} {word}" for count, word in zip(self[:-1], words, strict=True) if count]
        total = sum(self[:-1])
        line = f"{total} use case{'' if total == 1 else 's'}" + (f": {', '.join(counts)}" if counts else "")
        unread = f"{self.unreadable} could not be read" if self.unreadable else ""
        return f"{line}; {unread}" if unread else line

    def exit_code(self, *, strict: bool) -> int:
        """Return 2 if a file could not be read, 1 if a use case fails (or, if strict, is unsure), else 0."""
        if self.unreadable:
            return 2
        unsure = strict and (self.faulty_labels or self.undecided or self.provisional)
        return int(bool(self.differs or self.contradicted or self.disagreed or unsure))


def judge(result: Recommendation | InputError, *, strict: bool = False) -> Verdict:
    """Compare a recommendation with its use case's expectation; if strict, unsure results fail too."""
    if isinstance(result, InputError):
        first = result.problems[0]
        place = first.location
        return Verdict("unreadable", place.path, place, first.message, problems=result.problems, fails=True)
    use_case, possible = result.use_case, tuple(result.candidates)
    expected = use_case.expect
    evidence = result.own["evidence"]
    status = _status(result, possible, expected)
    location = use_case.locate("expect") if expected else use_case.locate()
    against = _against(evidence, status) if evidence and status != "differs" else None
    if against:
        status = against
        location = use_case.locate(*_PLACES[against])
    labels = (*evidence["contradictions"], *evidence["undecided"]) if evidence else ()
    more = [f"and {len(labels) - MOST_SAID} more of what the labels say"] if len(labels) > MOST_SAID else []
    said = "; ".join([_message(result, status, expected), *labels[:MOST_SAID], *more])
    fails = status in FAILING or (strict and status in UNSURE)
    return Verdict(status, use_case.name, location, said, possible, expected, labels=labels, fails=fails)


_PLACES: dict[Status, tuple[str, ...]] = {
    "contradicted": ("answers",),
    "disagreed": ("evidence", "agreement"),
    "faulty_labels": ("evidence",),
}
"""Keys of the use case that the labels conflict with."""


def _against(evidence: Evidence, status: Status) -> Status | None:
    """Return the status if labels contradict an answer, disagree with each other or are faulty, else None."""
    reached = evidence["agreement"]
    disagreed = reached is not None and not reached["reached"]
    if len(evidence["contradictions"]) > disagreed:
        return "contradicted"
    if disagreed:
        return "disagreed"
    return "faulty_labels" if evidence["faulty"] and status not in UNSURE else None


def _status(result: Recommendation, possible: tuple[str, ...], expected: tuple[str, ...]) -> Status:
    if result.strategy is None:
        return "undecided" if not expected or set(possible) & set(expected) else "differs"
    if expected and not set(possible) <= set(expected):  # each label drawn side by side must be expected
        return "differs"
    if not result.decided:
        return "provisional"
    return "as_expected" if expected else "no_expectation"


def _message(result: Recommendation, status: Status, expected: tuple[str, ...]) -> str:
    answered = result.strategy is not None
    possible = (" plus " if answered else " or ").join(result.candidates)
    if status == "differs":
        verb = "recommend" if answered else "leave"
        steps = ", ".join(f"{step['question']}={step['answer']}" for step in result.outcome.path)
        reason = f" ({steps})" if steps else ""
        return f"expected {' or '.join(expected)}, but the rules {verb} {possible}{reason}"
    if status == "undecided":
        ask = result.outcome.ask_next
        settle = f"; the answer to {ask['question']} settles most" if ask else ""
        many = len(result.candidates) > MOST_NAMED
        *most, last = result.candidates
        named = f"{', '.join(most)} and {last}" if most else last
        left = f"{len(result.candidates)} strategies are possible" if many else f"undecided between {named}"
        return f"{left}{settle}"
    if status == "provisional":
        assumed = result.outcome.assumed
        missing = f"{' and '.join(assumed)} {'is' if len(assumed) == 1 else 'are'} not answered"
        return f"{possible}{', as expected' if expected else ''}, but provisional: {missing}"
    return f"{possible}, as expected" if expected else f"{possible}; nothing is expected"


def summarise(verdicts: Iterable[Verdict]) -> Summary:
    """Count verdicts by their status."""
    counts = dict.fromkeys(Summary._fields, 0)
    for verdict in verdicts:
        counts[verdict.status] += 1
    return Summary(**counts)


def abridged(verdicts: Iterable[Verdict], seen: list[Verdict]) -> Iterator[Verdict]:
    """Yield verdicts with only the first few problems of each file, then the number of further problems.

    Args:
        verdicts: Verdicts, grouped by file.
        seen: List to which every unabridged verdict is appended.
    """
    for path, of_file in groupby(verdicts, lambda verdict: verdict.location.path):
        left = MOST_PROBLEMS
        for verdict in of_file:
            seen.append(verdict)
            kept = verdict.problems[: max(0, left)]
            left -= len(verdict.problems)
            if kept or not verdict.problems:
                yield verdict._replace(problems=kept)
        if left < 0:
            where, message = Location(path), f"{-left:,} more problem{'' if left == -1 else 's'}"
            problem = Problem(where, message, "--format json has all")
            yield Verdict("unreadable", path, where, message, problems=(problem,), fails=True)
