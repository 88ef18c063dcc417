"""The page of a recommendation in words: the strategy first, then why, why not, what would change it, what to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import shortened
from annostrat.render.sections.effort import effort
from annostrat.render.sections.models import assistants, models
from annostrat.render.sections.sections import (
    MANY,
    Link,
    Paragraph,
    Part,
    Point,
    Section,
    capital,
    folded,
    pairs,
    titles,
    to_draw,
    ways,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import (
        Alternative,
        AskNext,
        ClassDocument,
        OutcomeDocument,
        Precedents,
        PurposeDocument,
    )
    from annostrat.recommendation.recommendation import Recommendation


MOST_NAMED = 4
"""Labels that are named in a line; of more, only their number is."""


def headline(result: Recommendation, rules: RuleSet) -> str:
    """Return the answer in one line: what to draw, and whether only provisionally, or what is still possible."""
    if result.strategy is not None:
        sure = "" if result.decided else ", provisionally"
        return capital(titles(to_draw(result), rules, " plus ")) + sure
    if len(result.candidates) > MOST_NAMED:
        return f"Undecided: {len(result.candidates)} labels are still possible"
    return f"Undecided: {titles(result.candidates, rules)}"


def opening(result: Recommendation, rules: RuleSet, *, full: bool = True) -> Iterator[str]:
    """Yield the lines under the headline: what to draw and, in full, when; while undecided, how to go on."""
    document = result.outcome.document
    if result.strategy is None:
        yield from next_steps(document, rules)
        return
    yield from leaning(document, rules)
    chosen = [rules.strategies[strategy] for strategy in to_draw(result)]
    for strategy in chosen:
        kind = f" ({strategy['title'].lower()})" if len(chosen) > 1 else ""
        yield f"Draw: {strategy['label'].rstrip('.')}{kind}."
    if not result.decided:
        yield _provisional(document, rules)
    yield from experts(document, rules, MOST_OTHERS if full else 1, similar=full)
    for strategy in chosen if full else ():
        yield strategy["summary"]
        yield strategy["when_not"]


def _provisional(document: OutcomeDocument, rules: RuleSet) -> str:
    """Return what is not known and could change the strategy, and what would settle it."""
    assumed = [rules.questions[question]["title"].lower() for question in document["assumed"]]
    ask = document["ask_next"]
    settle = f" {_to_ask(ask, rules)}" if ask else ""
    return f"Provisional: {' and '.join(assumed)} {'is' if len(assumed) == 1 else 'are'} not known.{settle}"


def _to_ask(ask: AskNext, rules: RuleSet) -> str:
    """Return the question to answer next, with how many of its answers settle the strategy."""
    settled, offered = ask["settles"]
    said = f"{settled} of its {offered} answers settle" if settled > 1 else "1 of its answers settles"
    said = "Every answer settles" if settled == offered else said
    return asked(ask, rules) + (f" {said} the strategy." if settled else "")


def asked(ask: AskNext, rules: RuleSet) -> str:
    """Return a question with its id."""
    return f"{rules.questions[ask['question']]['ask']} ({ask['question']})"


def leaning(document: OutcomeDocument, rules: RuleSet) -> Iterator[str]:
    """Yield what the projects of the use case's field chose, where they lean clearly to another label."""
    found = document["precedents"]
    field = found["field"] if found else None
    if field and field["leans_to"]:
        most = field["chosen"][0]["n"]
        where = rules.domains[field["domain"]]["title"].lower()
        label = titles([field["leans_to"]], rules)
        yield f"But in {where}, {most} of {field['n']} such projects chose {label}: see what speaks for it."


def experts(document: OutcomeDocument, rules: RuleSet, others: int, *, similar: bool = False) -> Iterator[str]:
    """Yield how many projects whose answers lead the same way chose this, and the most similar ones."""
    found = document["precedents"]
    if found is None:
        return
    chosen = document["strategy"]["id"] if document["strategy"] else None
    rest = [entry for entry in found["chosen"] if entry["strategy"] != chosen][:others]
    instead = "; " * bool(rest) + ", ".join(f"{entry['n']} {titles([entry['strategy']], rules)}" for entry in rest)
    interval = f"{found['share']:.0%}, {found['low']:.0%} to {found['high']:.0%}"
    yield f"Experts: {found['agree']} of {found['n']} such projects chose this ({interval}){instead}."
    first = found["chosen"][0]
    if first["strategy"] != chosen and first["n"] > found["agree"]:
        yield f"More of them chose {titles([first['strategy']], rules)}; look at why before you follow either."
    if similar:
        yield f"Nearest: {nearest(document, rules)}."


MOST_OTHERS = 3
"""Other choices of experts, and most similar projects, that are named."""


def nearest(document: OutcomeDocument, rules: RuleSet, most: int = MOST_OTHERS) -> str:
    """Return the most similar projects with what was chosen for each; nothing, where none is known."""
    similar = document["precedents"]["similar"] if document["precedents"] else []
    return ", ".join(f"{project['title']} ({titles([project['chosen']], rules)})" for project in similar[:most])


def next_steps(document: OutcomeDocument, rules: RuleSet) -> Iterator[str]:
    """Yield the question to answer next, and the label to begin with."""
    ask, start = document["ask_next"], document["start_with"]
    if ask:
        yield f"Ask next: {_to_ask(ask, rules)}"
    if start:
        title = titles([start["strategy"]], rules)
        yield f"To start today: label 20 images for {title}; these labels can become the others. {start['why']}"


def sections(result: Recommendation, rules: RuleSet) -> list[Section]:
    """Return the sections of the page, those without parts too."""
    document = result.outcome.document
    warnings = (Point(tip["text"], tip["sources"], "!") for tip in document["warnings"])
    whose = _whose(result)
    second = document["second_opinion"]
    found = [
        Section("Take care", [*folded(contradictions(result), "contradiction"), *warnings]),
        Section("Purposes" if result.own["purposes"] else "Classes", _classes(result, rules)),
        Section(f"Why{whose}", _path(document, rules)),
        evidence_of(result, rules),
        Section(f"What is still possible{whose}", _candidates(document, rules)),
        Section(f"Why not{whose}", _why_not(document, rules)),
        Section(f"What would change it{whose}", _alternatives(document, rules)),
        Section("A second opinion", [Point(second["text"])] if second else []),
        models(result, rules),
        assistants(result, rules),
        effort(result, rules),
        Section("Tips", [Point(tip["text"], tip["sources"]) for tip in document["tips"]]),
    ]
    return [*found, _sources(found, rules)]


def contradictions(result: Recommendation) -> list[Point]:
    """Return what labels contradict."""
    found = result.own["evidence"]
    texts = found["contradictions"] if found else []
    return [Point(f"{text}.", mark="!", lead="The labels disagree:") for text in texts]


def evidence_of(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on evidence; empty where nothing was measured."""
    found = result.own["evidence"]
    if found is None:
        return Section("", [])
    from annostrat.render.sections.evidence import evidence

    return evidence(found, rules)


def _path(document: OutcomeDocument, rules: RuleSet) -> list[Part]:
    return [
        Point(
            step["because"],
            mark=f"{number}.",
            lead=f"{rules.questions[step['question']]['title']}: {step['answer']}.",
        )
        for number, step in enumerate(document["path"], start=1)
    ]


def _whose(result: Recommendation) -> str:
    """Return whose way through the tree is shown, where classes need different labels."""
    if result.own["led_by"] is not None:
        return f", for the class {shortened(result.own['led_by'])}"
    return ", for the whole" if len({tuple(entry["strategies"]) for entry in result.own["classes"]}) > 1 else ""


def _candidates(document: OutcomeDocument, rules: RuleSet) -> list[Part]:
    return [
        Point(f"if {ways(entry['when'])}" if entry["when"] else "", lead=rules.strategies[entry["strategy"]]["title"])
        for entry in document["candidates"]
    ]


def _why_not(document: OutcomeDocument, rules: RuleSet) -> list[Part]:
    """Return one point for each reason, with the strategies that it excluded."""
    by_reason: dict[str, list[str]] = {}
    for entry in document["why_not"]:
        by_reason.setdefault(f"{pairs(entry['because'])}. {entry['text']}", []).append(entry["strategy"])
    return [
        Point(reason, lead=f"{capital(titles(strategies, rules, ', '))}:") for reason, strategies in by_reason.items()
    ]


def _alternatives(document: OutcomeDocument, rules: RuleSet) -> list[Part]:
    """Return one point for each strategy, with the changes that would give it."""
    by_strategy: dict[str, list[Alternative]] = {}
    for entry in document["alternatives"]:
        by_strategy.setdefault(entry["strategy"], []).append(entry)
    return [
        Point(f"{_how(entries)}. {entries[0]['tradeoff']}", lead=rules.strategies[strategy]["title"])
        for strategy, entries in by_strategy.items()
    ]


def _how(entries: list[Alternative]) -> str:
    sure = _changes([entry for entry in entries if entry["certain"]])
    maybe = _changes([entry for entry in entries if not entry["certain"]])
    if not maybe:
        return f"with {sure}"
    could = f"could follow from {maybe}, if further answers agree"
    return f"with {sure}; it {could}" if sure else could


def _changes(entries: list[Alternative]) -> str:
    by_question: dict[str, list[str]] = {}
    for entry in entries:
        for question, answer in entry["change"].items():
            by_question.setdefault(question, []).append(answer)
    return ways(by_question, ", or ")


def _classes(result: Recommendation, rules: RuleSet) -> list[Part]:
    """Return the classes with what each needs; of many, those first that answer for themselves."""
    entries, covering = result.own["classes"], result.own["covering"]
    parts: list[Part] = [_purpose(entry, rules) for entry in result.own["purposes"]]
    if len(entries) > MANY:
        entries = sorted(entries, key=lambda entry: not entry["answers"])
    parts += folded([_class(entry, rules) for entry in entries], "class", "classes")
    return [*parts, Paragraph(covering["because"])] if covering else parts


def _purpose(entry: PurposeDocument, rules: RuleSet) -> Point:
    ((question, answer),) = entry["answers"].items()
    lead = rules.questions[question]["answers"][answer]["title"]
    sure = "" if entry["status"] == "decided" else f"{entry['status']}, "
    said = f"{sure}{titles(entry['candidates'], rules)}{_agreeing(entry['precedents'])}"
    return Point(said, lead=f"{lead}:")


def _class(entry: ClassDocument, rules: RuleSet) -> Point:
    joint = " plus " if entry["strategies"] else " or "
    said = ("" if entry["status"] == "decided" else f"{entry['status']}, ") + titles(entry["candidates"], rules, joint)
    given = f" ({pairs(entry['answers'])})" if entry["answers"] else ""
    return Point(f"{said}{given}{_agreeing(entry['precedents'])}", lead=f"{entry['name']}:")


def _agreeing(found: Precedents | None) -> str:
    """Return how many experts chose the label of a part, as the end of a line."""
    return f"; {found['agree']} of {found['n']} experts chose alike" if found else ""


def _sources(found: list[Section], rules: RuleSet) -> Section:
    """Return the references that the page names; those behind its figures are too many for it."""
    named = [id_ for section in found for part in section.parts if isinstance(part, Point) for id_ in part.sources]
    parts: list[Part] = [*bibliography([*rules.sources, *named], rules)]
    if any(section.title.startswith(("Models", "What it takes")) for section in found if section.parts):
        parts.append(Point("Those of the models' and the effort's figures: annostrat rules show --references"))
    return Section("Sources", parts)


def bibliography(sources: Iterable[str], rules: RuleSet) -> Iterator[Link]:
    """Yield the entry of each reference once; one without an address says what was read there."""
    for id_ in dict.fromkeys(sources):
        reference = rules.references[id_]
        year = f" ({reference['year']})" if reference["year"] else ""
        note = "" if reference["url"] else f" {reference['note'] or ''}".rstrip()
        yield Link(id_, f"{reference['title']}{year}.{note}", reference["url"])
