"""The labelling guideline: a page in Markdown that a team completes and hands to annotators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.export._base import Exporter
from annostrat.recommendation.effort.pilot import double_labelled, first_review
from annostrat.recommendation.recommendation import applies
from annostrat.render.sections.markdown_blocks import blocks, escape
from annostrat.render.sections.sections import Column, Link, Paragraph, Part, Point, Section, Table, capital, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.export._labelling_project import Label, LabellingProject
    from annostrat.knowledge.contract import AdviceText, AgreementFigureText, DecisionText

MAX_NAMED = 8
"""Classes that are listed by name where a rule applies to only some of them."""
_LATER = ("pilot", "quality")
"""Topics with a section of their own, after the decisions."""


def export(project: LabellingProject) -> str:
    """Return the page."""
    return "\n\n".join(_page(project)) + "\n"


def _page(project: LabellingProject) -> Iterator[str]:
    rules = project.rules
    yield f"# Labelling guideline: {escape(project.result.name)}"
    yield from blocks(Section("What this is", list(_purpose(project))), 2, rules)
    yield from blocks(Section("Classes", list(_classes(project))), 2, rules)
    yield "## How to label"
    advised = [Section(title, _advice(project, topic)) for topic, title in _topics(project) if topic not in _LATER]
    rest = [
        Section("What to note of each object", _noted(project)),
        Section("To decide", list(_decisions(project))),
        Section("Pilot", list(_pilot(project))),
        Section("Quality", list(_quality(project))),
        Section("Before you order the labels", _warnings(project)),
    ]
    for section in advised:
        yield from blocks(section, 3, rules)
    for section in rest:
        yield from blocks(section, 2, rules)
    yield from blocks(Section("Sources", _sources([*advised, *rest], project)), 2, rules)


def _purpose(project: LabellingProject) -> Iterator[Part]:
    rules, outcome = project.rules, project.result.outcome
    if project.result.use_case.description:
        yield Paragraph(project.result.use_case.description)
    for strategy in project.strategies():
        text, drawn = rules.strategies[strategy], [one for one in project.labels if one.strategy == strategy]
        whose = f" for {_listed(drawn)}" if len(drawn) < len(project.labels) else ""
        yield Point(f"Draw{whose}: {text['label']} This is called {text['title'].lower()}.")
    own = project.result.own
    needed = {*(tuple(one["strategies"]) for one in own["classes"]), *((one["strategy"],) for one in own["purposes"])}
    several = own["covering"] if len(needed) > 1 else None
    why = several["because"] if several else " ".join(step["because"] for step in outcome.path)
    yield Paragraph(f"Why: {why}")
    yield Paragraph(
        f"A draft from the use case and the rules {rules.id} {rules.version}. Rules with a source are published "
        "practice, the others are suggestions. Fill in the empty cells, add example pictures, and delete what does not "
        "fit; then it is yours."
    )


def _classes(project: LabellingProject) -> Iterator[Part]:
    columns = [Column(title) for title in ("Class", "Label", "Belongs to it", "Does not, although it looks like it")]
    yield Table(columns, [[label.name, _titled(label, project), "", ""] for label in project.labels])
    for label in project.labels:
        if label.points:
            yield Point(f"Points of {label.name}, in this order: {', '.join(label.points)}.")
    yield from (Paragraph(f"{capital(note.text)}.") for note in project.notes)


def _titled(label: Label, project: LabellingProject) -> str:
    """Return the title of a class's label and, of one that combines surfaces and objects, which of them it is."""
    text = project.rules.strategies[label.strategy]
    kind = (": a mask for each object" if label.thing else ": a surface") if text["combines"] else ""
    return text["title"] + kind


def _topics(project: LabellingProject) -> list[tuple[str, str]]:
    return list(project.rules.guideline["topics"].items())


def _advice(project: LabellingProject, topic: str) -> list[Point]:
    """Return the rules under a topic that apply to any class."""
    return [
        Point(_whose(project, advice) + advice["text"], advice["sources"])
        for advice in project.rules.guideline["rules"]
        if advice["topic"] == topic and _concerned(project, advice)
    ]


def _concerned(project: LabellingProject, part: AdviceText | DecisionText) -> list[Label]:
    when, unless, domain = part["when"], part["unless"], project.result.use_case.domain
    return [label for label in project.labels if applies(when, unless, label.strategy, label.answers, domain)]


def _whose(project: LabellingProject, advice: AdviceText) -> str:
    """Return the classes that a rule applies to; nothing where it applies to all."""
    concerned = _concerned(project, advice)
    if len(concerned) == len(project.labels):
        return ""
    used = {label.strategy for label in concerned}
    if all(label in concerned for label in project.labels if label.strategy in used):
        return f"{titles([one for one in project.strategies() if one in used], project.rules, ' and ').capitalize()}: "
    return f"{_listed(concerned)}: "


def _listed(labels: list[Label]) -> str:
    more = f" and {len(labels) - MAX_NAMED} more" if len(labels) > MAX_NAMED else ""
    return f"{', '.join(label.name for label in labels[:MAX_NAMED])}{more}"


def _noted(project: LabellingProject) -> list[Part]:
    return [
        Point(f"{one['id']} ({', '.join(one['values'])}): {one['text']}", one["sources"])
        for one in project.rules.guideline["attributes"]
        if any(one in label.attributes for label in project.labels)
    ]


def _decisions(project: LabellingProject) -> Iterator[Part]:
    """Yield a table with an empty row for every case, and three more for cases that nobody thought of."""
    cases = [one["ask"] for one in project.rules.guideline["decisions"] if _concerned(project, one)]
    columns = [Column(title) for title in ("Case", "Decision", "Picture: right", "Picture: wrong", "Who, when")]
    yield Paragraph("Decide these with the people who use the result, before the pilot; add what the pilot brings up.")
    yield Table(columns, [[case, "", "", "", ""] for case in [*cases, "", "", ""]])


def _pilot(project: LabellingProject) -> Iterator[Part]:
    rule, case = project.rules.guideline["pilot"], project.result.use_case
    missing = _missing_images(project)
    if missing:
        size = first_review(rule, case, max(missing.values()))
        questions = " and ".join(project.rules.questions[question]["title"].lower() for question in missing)
        yield Point(f"Label {size.images:,} more images before the next review: {size.because} ({questions}).")
    else:
        size = first_review(rule, case)
        task = f"Label {size.images:,} images before the first review: {size.because}."
        yield Point(f"{task} {rule['text']}", rule["sources"])
    yield from _advice(project, "pilot")


def _missing_images(project: LabellingProject) -> dict[str, int]:
    """Return how many more images would settle each question that measured labels leave open."""
    evidence = project.result.own["evidence"]
    answers = evidence["answers"] if evidence else {}
    return {question: answer["more_images"] for question, answer in answers.items() if answer["more_images"]}


def _quality(project: LabellingProject) -> Iterator[Part]:
    rule = project.rules.guideline["double_label"]
    size = double_labelled(rule, project.result.use_case)
    yield Point(f"Label {size.images:,} images twice ({size.because}). {rule['text']}", rule["sources"])
    yield from _advice(project, "quality")
    figures = _figures(project)
    if not figures:
        yield Point("How far careful people agree on such labels was not published; measure it in the pilot.")
        return
    columns = [Column(title) for title in ("Agreement", "Published", "On what", "Source", "Our target")]
    yield Table(columns, [_figure(one) for one in figures])


def _figures(project: LabellingProject) -> list[AgreementFigureText]:
    used = {*project.strategies(), *project.drawn}
    return [figure for figure in project.rules.guideline["agreement"] if used & {*figure["strategies"]}]


def _figure(one: AgreementFigureText) -> list[str]:
    interval = f"{one['low']:g}%" if one["low"] == one["high"] else f"{one['low']:g}% to {one['high']:g}%"
    return [one["measure"], interval, one["text"], ", ".join(one["sources"]), ""]


def _warnings(project: LabellingProject) -> list[Point]:
    return [Point(tip["text"], tip["sources"]) for tip in project.result.outcome.warnings]


def _sources(sections: list[Section], project: LabellingProject) -> list[Part]:
    rules = project.rules
    named = [id_ for section in sections for part in section.parts if isinstance(part, Point) for id_ in part.sources]
    named += [id_ for figure in _figures(project) for id_ in figure["sources"]]
    entries = {id_: rules.references[id_] for id_ in dict.fromkeys([*rules.sources, *named])}
    return [
        Link(id_, " ".join(filter(None, [f"{one['title']}.", one["note"]])), one["url"]) for id_, one in entries.items()
    ]


PLUGIN = Exporter("Labelling guideline", "guideline.md: complete it and hand it to annotators", None, export)
