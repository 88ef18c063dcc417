"""Whether the projects whose expert's choice is known can serve as precedents: every word of theirs means something.

None of these checks keeps a rule set from being used: a project that says something else is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import Problem
from annostrat.knowledge.integrity.words import Mention, mentions
from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.parsed import Entry, Parsed


def malformed_entries(parsed: Parsed) -> Iterator[Problem]:
    """Projects and assistants that lack something, such as a source or a licence, or say what none says."""
    yield from parsed.left_out


def unknown_words_of_decisions(parsed: Parsed) -> Iterator[Problem]:
    """Strategies, fields, questions and answers named by projects that nothing defines."""
    fields = parsed.domains.model.root if parsed.domains.model else {}
    for entry in parsed.decisions:
        if entry.model is None:
            continue
        if entry.model.expect not in parsed.strategies:
            mention = Mention(entry.model.expect, entry.document, ("expect",))
            message = f"there is no strategy '{entry.model.expect}'"
            yield mention.problem(message, parsed.strategies, "unknown-strategy")
        if fields and entry.model.domain is not None and entry.model.domain not in fields:
            mention = Mention(entry.model.domain, entry.document, ("domain",))
            yield mention.problem(f"there is no domain '{entry.model.domain}'", fields, "unknown-domain")
        yield from _answers(parsed, entry)


def _answers(parsed: Parsed, entry: Entry) -> Iterator[Problem]:
    for rater in ("answers", "second_rater"):
        for question, answer in getattr(entry.model, rater).items():
            asked = parsed.questions.get(question)
            if asked is None:
                mention = Mention(question, entry.document, (rater, question), at_key=True)
                yield mention.problem(f"no rule set asks '{question}'", parsed.questions, "unknown-question")
                continue
            offered = [*asked.model.answers, UNKNOWN] if asked.model else [answer]
            for mention in mentions(entry, [answer], rater, question):
                if answer not in offered:
                    yield mention.problem(f"'{answer}' is not an answer to {question}", offered, "unknown-answer")


def repeated_decisions(parsed: Parsed) -> Iterator[Problem]:
    """Projects that share a name: each would count twice."""
    seen: dict[str, str] = {}
    for entry in parsed.decisions:
        if entry.model is None:
            continue
        if entry.model.name in seen:
            message = f"the project '{entry.model.name}' stands in {seen[entry.model.name]} already"
            yield Problem(entry.document.locate("name"), message, "remove one, or rename it", "repeated-id")
        seen.setdefault(entry.model.name, entry.document.path)
