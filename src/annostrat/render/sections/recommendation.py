"""The page of a recommendation in words: the strategy, then the reasons, the alternatives, and the tools to use."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from annostrat.errors import shortened
from annostrat.recommendation.label_combination import drawn_apart
from annostrat.recommendation.models import words
from annostrat.render.sections.effort import effort
from annostrat.render.sections.models import assistants, models
from annostrat.render.sections.sections import (
    MANY,
    Link,
    Paragraph,
    Part,
    Point,
    Section,
    amount,
    by_label,
    capital,
    folded,
    grouped,
    pairs,
    titles,
    to_draw,
    ways,
)
from annostrat.render.sections.use_case import use_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import (
        Alternative,
        AskNext,
        ClassDocument,
        Precedents,
        PurposeDocument,
        Step,
    )
    from annostrat.recommendation.recommendation import Outcome, Recommendation


MOST_NAMED = 4
"""Maximum number of labels named in a line; longer lists are counted."""
MOST_ANSWERS = 3
"""Maximum number of answers named in a sentence; longer lists are counted."""
DISAGREE = "The labels disagree:"
MOST_DRAWN = 2
"""Maximum number of labels drawn side by side for which a screen explains how."""
MOST_OTHERS = 3
"""Maximum number of other expert choices, and of similar projects, that are named."""


def headline(result: Recommendation, rules: RuleSet, *, short: bool = False) -> str:
    """Return the answer in one line: the label to draw and whether it is provisional, or the labels still possible.

    For several labels, the short answer names the first to draw, or gives the number of possible ones.
    """
    if result.strategy is not None:
        drawn = to_draw(result)
        rest = f" plus {len(drawn) - 1} more" if short and drawn[1:] else ""
        named = titles(drawn[:1] if rest else drawn, rules, " plus ")
        return capital(named + rest) + ("" if result.decided else ", provisionally")
    if short or len(result.candidates) > MOST_NAMED:
        return f"Undecided: {len(result.candidates)} labels are still possible"
    return f"Undecided: {titles(result.candidates, rules)}"


def opening(result: Recommendation, rules: RuleSet, *, full: bool = True) -> Iterator[str]:
    """Yield the lines under the headline: the label and, in full, when to draw it; while undecided, the next step."""
    outcome = result.outcome
    if result.strategy is None:
        yield from _next_steps(outcome, rules)
        return
    yield from leaning(outcome, rules)
    chosen = [rules.strategies[strategy] for strategy in to_draw(result)]
    most = len(chosen) if full or len(chosen) <= MOST_DRAWN else 1
    for number, strategy in enumerate(chosen[:most], start=1):
        kind = f" ({strategy['title'].lower()})" if most > 1 else ""
        more = f"; {len(chosen) - most} more" if number == most < len(chosen) else ""
        yield f"Draw: {strategy['label'].rstrip('.')}{kind}{more}."
    if not result.decided:
        assumed = [rules.questions[question]["title"].lower() for question in outcome.assumed]
        settle = f" {_to_ask(outcome.ask_next, rules)}" if outcome.ask_next else ""
        open_ = [shortened(each["name"]) for each in result.own["classes"] if each["status"] != "decided"]
        whose = f" of {open_[0]}" if len(open_) == 1 else ""
        verb = "is" if len(assumed) == 1 else "are"
        yield f"Provisional: {' and '.join(assumed)}{whose} {verb} not known.{settle}"
    yield from experts(outcome, rules, MOST_OTHERS if full else 1)
    if not full:
        yield from _experts_of_parts(result, rules)
    for strategy in chosen if full else ():
        yield strategy["summary"]
        yield strategy["when_not"]


def changes(outcome: Outcome, rules: RuleSet) -> list[tuple[str, Alternative]]:
    """Return other labels, each with the first change leading to it; certain ones first, then by number of experts."""
    experts = {entry["strategy"]: entry["n"] for entry in (outcome.tally or {"chosen": []})["chosen"]}
    first = {label: entries[0] for label, entries in by_label(outcome.alternatives, rules).items()}
    return sorted(first.items(), key=lambda pair: (not pair[1]["certain"], -experts.get(pair[1]["strategy"], 0)))


def _next_steps(outcome: Outcome, rules: RuleSet) -> Iterator[str]:
    """Yield the question to answer next, and the label to start with."""
    if outcome.ask_next:
        yield f"Ask next: {_to_ask(outcome.ask_next, rules)}"
    if start := outcome.start_with:
        title = titles([start["strategy"]], rules)
        yield f"To start today: label 20 images for {title}; these labels can become the others. {start['why']}"


def settling(ask: AskNext, rules: RuleSet | None = None) -> str:
    """Return which answers to the next question settle the strategy, as a sentence; empty if none does.

    The answers are named by their ids, or by their titles if rules are given.
    """
    named = ask["settled_by"]
    if rules:
        known = rules.questions[ask["question"]]["answers"]
        named = [f'"{known[answer]["title"]}"' for answer in named if answer in known]
    (settled, offered), (*most, last) = ask["settles"], named or [""]
    if settled == offered:
        return "Every answer settles the strategy."
    if settled > MOST_ANSWERS:
        return f"{settled} of its {offered} answers settle the strategy."
    which = f"The answers {', '.join(most)} and {last} settle" if most else f"The answer {last} settles"
    return f"{which} the strategy." if settled else ""


def _to_ask(ask: AskNext, rules: RuleSet) -> str:
    return f"{asked(ask, rules)} {settling(ask)}".rstrip()


def asked(ask: AskNext, rules: RuleSet) -> str:
    """Return a question with its id."""
    return f"{rules.questions[ask['question']]['ask']} ({ask['question']})"


def leaning(outcome: Outcome, rules: RuleSet) -> Iterator[str]:
    """Yield the choices of projects in the use case's field, if they clearly lean to another label."""
    field = outcome.of_field
    if field and field["leans_to"]:
        where, label = rules.domains[field["domain"]]["title"].lower(), titles([field["leans_to"]], rules)
        most = f"{field['chosen'][0]['n']} of {field['n']}"
        yield f"In {where}, however, {most} such projects chose {label}: consider it too."


def experts(outcome: Outcome, rules: RuleSet, others: int, *, interval: bool = True) -> Iterator[str]:
    """Yield how many projects with answers leading to the same result chose this label, and the others' choices."""
    tally = outcome.tally
    if tally is None:
        return
    chosen = outcome.chosen
    rest = [entry for entry in tally["chosen"] if entry["strategy"] != chosen][:others]
    counts = ", ".join(f"{entry['n']} {titles([entry['strategy']], rules)}" for entry in rest)
    instead = f"; {counts.replace(' ', ' chose ', 1)}" if rest else ""
    ends = f", {tally['low']:.0%} to {tally['high']:.0%}" if interval else ""
    yield f"Experts: {tally['agree']} of {tally['n']} such projects chose this ({tally['share']:.0%}{ends}){instead}."
    first = tally["chosen"][0]
    if first["strategy"] != chosen and first["n"] > tally["agree"]:
        yield f"More of them chose {titles([first['strategy']], rules)}; find out why before you decide."


def _experts_of_parts(result: Recommendation, rules: RuleSet) -> Iterator[str]:
    """Yield how many projects chose the labels to draw, where purposes or classes need one each; of many, the first."""
    chose = [
        f"{alike['agree']} of {alike['n']} such projects chose {titles([label], rules)}"
        for label, alike in precedents_of_parts(result)
    ]
    if chose:
        most = MOST_DRAWN if len(chose) <= MOST_DRAWN else 1
        rest = f"; {len(chose) - most} more" if len(chose) > most else ""
        yield f"Experts: {', '.join(chose[:most])}{rest}."


def precedents_of_parts(result: Recommendation) -> list[tuple[str, Precedents]]:
    """Return the precedents of each label to draw, if there are none of the whole."""
    parts = [*result.own["purposes"], *result.own["classes"]] if result.outcome.tally is None else []
    known = {part["candidates"][0]: part["precedents"] for part in reversed(parts) if len(part["candidates"]) == 1}
    return [(label, alike) for label in to_draw(result) if (alike := known.get(label))]


def nearest(result: Recommendation, rules: RuleSet, most: int) -> str:
    """Return the most similar projects with the label chosen for each; empty if none are known.

    If the use case states its field or objects, projects that share neither are left out.
    """
    case, precedents = result.use_case, result.outcome.precedents
    similar, things = precedents["similar"] if precedents else [], words(case.objects)
    if case.domain or things:
        similar = [one for one in similar if one["domain"] == case.domain or things & words(one["objects"])]
    return ", ".join(f"{project['title']} ({titles([project['chosen']], rules)})" for project in similar[:most])


def _precedents(result: Recommendation, rules: RuleSet) -> Iterator[Part]:
    """Yield the most similar projects with their sources; for several purposes or classes, those for each."""
    whole, own = result.outcome.precedents, result.own
    if whole:
        yield from _similar(whole, "", rules)
        return
    shown: set[str] = set()
    for part in (*own["purposes"], *own["classes"]):
        alike = part["precedents"]
        if alike and alike["similar"][0]["url"] not in shown:
            shown.add(alike["similar"][0]["url"])
            yield from _similar(alike, f"{titles(part['candidates'], rules)}: ", rules)


def _similar(precedents: Precedents, label: str, rules: RuleSet) -> Iterator[Part]:
    """Yield the choices of all projects, and a link for each of the most similar ones."""
    counts = ", ".join(f"{titles([one['strategy']], rules)} ({one['n']})" for one in precedents["chosen"])
    projects = amount(precedents["n"], "project")
    yield Paragraph(capital(f"{label}chosen in {projects} with such answers: {counts}. The most similar:"))
    for project in precedents["similar"]:
        year = f" ({project['year']})" if project["year"] else ""
        yield Link(project["title"], f"{titles([project['chosen']], rules)}{year}", project["url"])


def sections(result: Recommendation, rules: RuleSet) -> list[Section]:
    """Return the sections of the page, including those without parts."""
    outcome, whose, second = result.outcome, whose_path(result), result.outcome.second_opinion
    warnings = (Point(tip["text"], tip["sources"], "!") for tip in outcome.warnings)
    candidates = [
        Point(
            f"if {ways(entry['when'], ' and ')}" if entry["when"] else "",
            lead=rules.strategies[entry["strategy"]]["title"],
        )
        for entry in outcome.candidates
    ]
    everything = [
        Section("Take care", [*folded(contradictions(result), "contradiction"), *warnings]),
        Section("Purposes" if result.own["purposes"] else "Classes", _classes(result, rules)),
        use_case(result.use_case, rules),
        Section(f"Why{whose}", _path(outcome, rules)),
        evidence_of(result, rules),
        Section("Nearest projects", [*_precedents(result, rules)]),
        Section(f"What is still possible{whose}", candidates),
        Section(f"Why not{whose}", _why_not(outcome, rules)),
        Section(f"What would change it{whose}", [*_apart(result, rules), *_alternatives(outcome, rules)]),
        Section("A second opinion", [Point(second["text"])] if second else []),
        models(result, rules),
        assistants(result, rules),
        effort(result, rules),
        Section("Tips", [Point(tip["text"], tip["sources"]) for tip in outcome.tips]),
    ]
    return [*everything, _sources(everything, rules)]


def contradictions(result: Recommendation) -> list[Point]:
    """Return the contradictions found in the labels."""
    evidence = result.own["evidence"]
    texts = evidence["contradictions"] if evidence else []
    return [Point(f"{text}.", mark="!", lead=DISAGREE) for text in texts]


def evidence_of(result: Recommendation, rules: RuleSet) -> Section:
    """Return the section on evidence; empty if nothing was measured."""
    if result.own["evidence"] is None:
        return Section("", [])
    from annostrat.render.sections.evidence import evidence_section

    return evidence_section(result.own["evidence"], rules)


def _path(outcome: Outcome, rules: RuleSet) -> list[Part]:
    """Return the answers on the path through the tree, each with the reason for the next step."""
    return [
        Point(step["because"], mark=f"{number}.", lead=f"{asked_for}: {step['answer']}.")
        for number, (asked_for, step) in enumerate(steps(outcome, rules), start=1)
    ]


def steps(outcome: Outcome, rules: RuleSet) -> Iterator[tuple[str, Step]]:
    """Yield the steps of the path, each with the titles of the questions that it is about: all that are open alike."""
    for _, alike in groupby(outcome.path, key=lambda step: (step["answer"], step["because"])):
        first, *others = alike
        *most, last = (rules.questions[step["question"]]["title"] for step in (first, *others))
        yield (f"{capital(', '.join(most).lower())} and {last.lower()}" if most else last), first


def whose_path(result: Recommendation) -> str:
    """Return whose path through the tree is shown, if classes need different labels."""
    if result.own["led_by"] is not None:
        return f", for the class {shortened(result.own['led_by'])}"
    return ", for the whole" if len({tuple(entry["strategies"]) for entry in result.own["classes"]}) > 1 else ""


def _why_not(outcome: Outcome, rules: RuleSet) -> list[Part]:
    """Return one point per reason, with the strategies that it excluded."""
    reasons = ((f"{pairs(entry['because'])}. {entry['text']}", entry["strategy"]) for entry in outcome.why_not)
    return [
        Point(reason, lead=f"{capital(titles(strategies, rules, ', '))}:")
        for reason, strategies in grouped(reasons).items()
    ]


def _apart(result: Recommendation, rules: RuleSet) -> Iterator[Part]:
    """Yield the labels to draw instead, given the same answers, if a recommended label combines others."""
    if parts := drawn_apart(rules, to_draw(result)):
        text = (
            "with the same answers, each drawn by itself. Each can have its own tool, annotators and model; "
            "but two models run, and nothing settles which is right where both claim a pixel."
        )
        yield Point(text, lead=capital(f"{titles(parts, rules, ' plus ')}:"))


def _alternatives(outcome: Outcome, rules: RuleSet) -> list[Part]:
    """Return one point per strategy, with the changes that would lead to it."""
    return [
        Point(f"{_how(entries)}. {entries[0]['tradeoff']}", lead=capital(label))
        for label, entries in by_label(outcome.alternatives, rules).items()
    ]


def _how(entries: list[Alternative]) -> str:
    """Return the changes that are certain to lead to a strategy, and those that make it possible."""
    changes = {
        certain: grouped(pair for entry in entries if entry["certain"] == certain for pair in entry["change"].items())
        for certain in (True, False)
    }
    sure, maybe = (ways(changes[certain], ", or ") for certain in (True, False))
    could = f"could follow from {maybe}, if further answers agree"
    return f"with {sure}" + (f"; it {could}" if maybe else "") if sure else could


def _classes(result: Recommendation, rules: RuleSet) -> list[Part]:
    """Return the purposes and classes with the label each needs; if many, first those with answers of their own."""
    entries, covering = result.own["classes"], result.own["covering"]
    parts: list[Part] = [_purpose(entry, rules) for entry in result.own["purposes"]]
    if len(entries) > MANY:
        entries = sorted(entries, key=lambda entry: not entry["answers"])
    parts += folded([_class(entry, rules) for entry in entries], "class", "classes")
    return [*parts, Paragraph(covering["because"])] if covering else parts


def _purpose(entry: PurposeDocument, rules: RuleSet) -> Point:
    ((question, answer),) = entry["answers"].items()
    return Point(_label(entry, rules), lead=f"{rules.questions[question]['answers'][answer]['title']}:")


def _class(entry: ClassDocument, rules: RuleSet) -> Point:
    answers = f" ({pairs(entry['answers'])})" if entry["answers"] else ""
    joint = " plus " if entry["strategies"] else " or "
    return Point(_label(entry, rules, joint, answers), lead=f"{entry['name']}:")


def _label(entry: PurposeDocument | ClassDocument, rules: RuleSet, joint: str = " or ", answers: str = "") -> str:
    """Return the label for a part of the project, its status, and how many experts chose it."""
    sure = {"decided": "", "provisional": ", provisionally", "undecided": ", undecided"}[entry["status"]]
    alike = entry["precedents"]
    experts = f"; chosen in {alike['agree']} of {alike['n']} such projects" if alike else ""
    return f"{titles(entry['candidates'], rules, joint)}{sure}{answers}{experts}"


def _sources(sections: list[Section], rules: RuleSet) -> Section:
    """Return the references that the page names; the sources of its figures are too numerous to list."""
    named = [id_ for section in sections for part in section.parts if isinstance(part, Point) for id_ in part.sources]
    parts: list[Part] = [*bibliography([*rules.sources, *named], rules)]
    if any(section.title.startswith(("Models", "What it takes")) for section in sections if section.parts):
        parts.append(Point("For the figures of models and effort: annostrat rules show --references"))
    return Section("Sources", parts)


def bibliography(sources: Iterable[str], rules: RuleSet) -> Iterator[Link]:
    """Yield the entry of each reference once; an entry without a link notes what was read there."""
    for id_ in dict.fromkeys(sources):
        reference = rules.references[id_]
        year = f" ({reference['year']})" if reference["year"] else ""
        note = "" if reference["url"] else f" {reference['note'] or ''}".rstrip()
        yield Link(id_, f"{reference['title']}{year}.{note}", reference["url"])
