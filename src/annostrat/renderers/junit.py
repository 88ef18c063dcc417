"""JUnit XML, which most CI systems show as test results."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from annostrat.errors import printable
from annostrat.renderers._base import Page, Renderer
from annostrat.verdict import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.verdict import Verdict


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one test suite: a case that differs fails, an unreadable one errs, an undecided one is skipped."""
    found = list(results)
    summary = summarise(found)
    suite = ET.Element(
        "testsuite",
        name="annostrat check",
        tests=str(len(found)),
        failures=str(summary.differs + summary.contradicted),
        errors=str(summary.unreadable),
        skipped=str(summary.undecided),
    )
    for verdict in found:
        suite.append(_case(verdict))
    document = ET.Element("testsuites")
    document.append(suite)
    ET.indent(document)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(document, encoding="unicode")}\n'


def _case(verdict: Verdict) -> ET.Element:
    path, line, _ = verdict.location
    case = ET.Element("testcase", name=printable(verdict.name), classname=printable(path), file=printable(path))
    if line:
        case.set("line", str(line))
    kinds = {"differs": "failure", "contradicted": "failure", "unreadable": "error", "undecided": "skipped"}
    kind = kinds.get(verdict.status)
    if kind:
        outcome = ET.SubElement(case, kind, message=printable(verdict.message))
        outcome.text = "\n".join(map(str, verdict.problems)) or None
    return case


PLUGIN = Renderer(verdicts=verdicts)
