"""The use case in words: the answers, the field and imagery, the amount of data, and who labels and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.render.sections.sections import Point, Section, amount, capital
from annostrat.use_cases.fields import several

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.use_cases.use_case import UseCase


def use_case(case: UseCase, rules: RuleSet) -> Section:
    """Return the section on the contents of the use case, apart from its name, description and classes."""
    counts = [amount(case.images, "image")] if case.images else []
    counts += [] if case.objects_per_image is None else [f"{case.objects_per_image:g} objects of interest in each"]
    stated = {
        **dict(_answers(case.answers, rules)),
        "Field": rules.domains[case.domain]["title"] if case.domain else "",
        "Objects": case.objects or "",
        "Amount": ", ".join(counts),
        "Effort": ", ".join(f"{key.replace('_', ' ')} {_value(value)}" for key, value in case.effort.items()),
    }
    return Section("The use case", [Point(text, lead=f"{lead}:") for lead, text in stated.items() if text])


def _answers(answers: Mapping[str, str], rules: RuleSet) -> Iterator[tuple[str, str]]:
    """Yield each question's name and what was answered, whether it decides anything or not."""
    for question, answer in answers.items():
        asked = rules.questions[question]
        words = several(answer)
        titles = (asked["answers"][word]["title"] if word in asked["answers"] else "Not known" for word in words)
        unused = "" if question in rules.relevant else " (these rules do not ask it)"
        yield asked["title"], capital("; ".join(title[:1].lower() + title[1:] for title in titles)) + unused


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int | float) else str(value)
