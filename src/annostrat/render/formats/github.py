"""GitHub workflow commands: annotations on the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import Location, printable
from annostrat.recommendation.expectation import summarise
from annostrat.render.renderer import Page, Renderer
from annostrat.render.sections.recommendation import headline, opening
from annostrat.render.sections.sections import pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Problem
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.expectation import Verdict
    from annostrat.recommendation.recommendation import Recommendation

_LEVELS = dict.fromkeys(["faulty_labels", "undecided", "provisional"], "warning") | {"no_expectation": "notice"}


def recommendations(results: Iterable[Recommendation], rules: RuleSet, page: Page) -> Iterator[str]:
    """Yield a notice for each recommendation; if it is not decided, a warning, or an error when strict."""
    for result in results:
        level = "notice" if result.decided else "error" if page.strict else "warning"
        walked = pairs({step["question"]: step["answer"] for step in result.outcome.path})
        if result.strategy is None:
            reason = next(opening(result, rules), "")
        else:
            reason = (result.own["covering"] or result.outcome.path[-1])["because"]
        message = f"{headline(result, rules)} ({walked}). {reason}"
        yield annotation(level, result.use_case.locate(), result.name, message)


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield an annotation for each use case with an unexpected outcome, and a summary."""
    seen = []
    for verdict in results:
        seen.append(verdict)
        level = "error" if verdict.fails else _LEVELS.get(verdict.status)
        for problem in verdict.problems:
            yield annotation("error", problem.location, verdict.name, problem.text())
        if level and not verdict.problems:
            yield annotation(level, verdict.location, verdict.name, verdict.message)
    yield f"{summarise(seen)}\n"


def problems(errors: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield an error for each problem."""
    for problem in errors:
        yield annotation("error", problem.location, problem.code, problem.text())


def annotation(level: str, location: Location, title: str, message: str) -> str:
    """Return one workflow command, escaped so that its parts cannot end it or start another."""
    parts = {"file": location.path, "line": location.line, "col": location.column, "title": title}
    texts = {key: _data(str(value)) for key, value in parts.items() if value is not None}
    given = ",".join(f"{key}={text.replace(':', '%3A').replace(',', '%2C')}" for key, text in texts.items())
    return f"::{level} {given}::{_data(message)}\n"


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)


PLUGIN = Renderer(recommendations, verdicts, problems)
