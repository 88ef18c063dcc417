"""JUnit XML, which most CI systems show as test results."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from annostrat.errors import printable
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.recommendation.expectation import Verdict


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one test suite, in which unreadable cases are errors and open ones are skipped."""
    judged = list(results)
    kinds = Counter(map(_kind, judged))
    suite = ET.Element(
        "testsuite",
        name="annostrat check",
        tests=str(len(judged)),
        failures=str(kinds["failure"]),
        errors=str(kinds["error"]),
        skipped=str(kinds["skipped"]),
    )
    for verdict in judged:
        path, line, _ = verdict.location
        file = printable(path)
        case = ET.SubElement(suite, "testcase", name=printable(verdict.name), classname=file, file=file)
        if line:
            case.set("line", str(line))
        if kind := _kind(verdict):
            outcome = ET.SubElement(case, kind, message=printable(verdict.message))
            outcome.text = "\n".join(map(str, verdict.problems)) or None
    document = ET.Element("testsuites")
    document.append(suite)
    ET.indent(document)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(document, encoding="unicode")}\n'


def _kind(verdict: Verdict) -> str | None:
    """Return the JUnit element name for a verdict; None for a passed test."""
    if verdict.status == "unreadable":
        return "error"
    if verdict.fails:
        return "failure"
    return "skipped" if verdict.status in {"faulty_labels", "undecided", "provisional", "no_expectation"} else None


PLUGIN = Renderer(verdicts=verdicts)
