"""A recommendation in short: the rows of a screen, and the one line that must be said beside an answer.

The words are those of the long page: each section says itself what of it a row takes.
"""

from __future__ import annotations

import re
import shlex
from itertools import chain
from typing import TYPE_CHECKING

from annostrat.errors import printable, shortened
from annostrat.knowledge.tree import UNKNOWN
from annostrat.render.sections.assistants import first_assistant
from annostrat.render.sections.effort import hours
from annostrat.render.sections.models import first_models
from annostrat.render.sections.recommendation import asked, contradictions, evidence_of, experts, leaning, nearest
from annostrat.render.sections.sections import Paragraph, Section, amount, pairs, titles, ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Alternative, OutcomeDocument
    from annostrat.recommendation.recommendation import Recommendation

_FEW, _NAMED = 2, 6
"""What a row names at most: other ways, and classes of a label."""
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\"])\. (?=[A-Z])")


def summary(result: Recommendation, rules: RuleSet) -> list[Section]:
    """Return the rows of a screen; one without parts is left out."""
    document = result.outcome.document
    warnings = [_SENTENCE_END.split(tip["text"])[0].rstrip(".") for tip in document["warnings"]]
    known = [step["because"] for step in document["path"] if step["answer"] != UNKNOWN]
    near = nearest(document, rules, _FEW)
    rows = {
        "Care": _few([*_contradictions(result), *warnings], 1),
        "Classes": [*_classes(result, rules)],
        "Why": known[-1:],
        "Evidence": [
            part.text.removeprefix("Measured: ")
            for part in evidence_of(result, rules).parts[:1]
            if isinstance(part, Paragraph)
        ],
        "Nearest": [near] if near else [],
        "Possible": _few([*_candidates(document, rules)], 2 * _FEW),
        "Changes": _few([*_changes(document, rules)]),
        "Effort": [*hours(result, rules)] if result.strategy else [],
        "Models": [*first_models(result, rules)],
        "Assist": [*first_assistant(result)],
        "Next": [*_commands(result)],
    }
    return [Section(title, [*map(Paragraph, lines)]) for title, lines in rows.items()]


def essence(result: Recommendation, rules: RuleSet) -> str:
    """Return what must be said beside the answer: what contradicts it, what would settle it, or who chose it too."""
    document, remarks = result.outcome.document, _contradictions(result)
    if remarks:
        return remarks[0] + (f" And {amount(len(remarks) - 1, 'more contradiction')}." if remarks[1:] else "")
    if document["ask_next"]:
        return f"Ask next: {asked(document['ask_next'], rules)}"
    reasons = (step["because"] for step in reversed(document["path"]))
    return next(chain(leaning(document, rules), experts(document, rules, 0), reasons), "")


def _contradictions(result: Recommendation) -> list[str]:
    """Return what labels, and what the better rules, say against the answer."""
    second = result.outcome.document["second_opinion"]
    other = [second["text"]] if second and second["question"] is None else []
    return [*(point.whole for point in contradictions(result)), *other]


def _few(lines: list[str], most: int = _FEW) -> list[str]:
    """Return the first few lines, the last of them with how many more there are."""
    rest = len(lines) - most
    return [*lines[: most - 1], f"{lines[most - 1]}; {rest} more"] if rest > 0 else lines


def _candidates(document: OutcomeDocument, rules: RuleSet) -> Iterator[str]:
    for entry in document["candidates"]:
        yield f"{titles([entry['strategy']], rules)}, if {ways(entry['when'])}"


def _changes(document: OutcomeDocument, rules: RuleSet) -> Iterator[str]:
    """Yield other strategies, each with the first change that gives it, those first that more experts chose."""
    first: dict[str, Alternative] = {}
    for entry in document["alternatives"]:
        first.setdefault(entry["strategy"], entry)
    experts = {entry["strategy"]: entry["n"] for entry in (document["precedents"] or {"chosen": []})["chosen"]}
    for strategy in sorted(first, key=lambda id_: -experts.get(id_, 0)):
        sure = "" if first[strategy]["certain"] else "perhaps "
        yield f"{sure}{titles([strategy], rules)}, if {pairs(first[strategy]['change'])}"


def _classes(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield for each label the classes that need it, where they do not all need the same."""
    of_label: dict[str, list[str]] = {}
    for entry in result.own["classes"]:
        joint = " plus " if entry["strategies"] else " or "
        of_label.setdefault(titles(entry["candidates"], rules, joint), []).append(shortened(entry["name"]))
    for label, names in of_label.items() if len(of_label) > 1 else ():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"{label} for {', '.join(names[:_NAMED])}{more}"


def _commands(result: Recommendation) -> Iterator[str]:
    """Yield how to go on."""
    document = result.use_case.document
    path = shlex.quote(printable(document.path)) if document else "FILE"
    if result.strategy is not None:
        yield f"annostrat scaffold label_studio {path}"
    yield "annostrat measure LABELS after a pilot; --full for more; --format html"
