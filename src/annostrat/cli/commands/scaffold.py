"""`annostrat scaffold`: a labelling project's configuration, or its guideline, from a use case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple, cast

from annostrat import export as exporters
from annostrat.cli import _output
from annostrat.cli._output import STANDARD_OUTPUT, refuse_to_overwrite, write
from annostrat.cli.commands._evidence import Labels
from annostrat.cli.commands._named import read_one_case
from annostrat.cli.commands.recommend import given_answers
from annostrat.cli.options import Answers, Argument, Command, Option, Output, Rules, chosen_rules, spoken
from annostrat.errors import UsageError
from annostrat.export._labelling_project import LabellingProject, set_up
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.plugins import names, pick, working
from annostrat.recommendation.engine import Recommender

if TYPE_CHECKING:
    from annostrat.export._base import Exporter
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation


Tool = Annotated[str, Argument("TOOL", lambda: spoken(names(exporters)), lambda: names(exporters))]


class ScaffoldRequest(NamedTuple):
    """Set up a labelling project from a use case.

    Prints the configuration that a tool takes, or a labelling guideline.
    """

    tool: Tool
    file: Annotated[str, Argument("FILE", "A use case, or - for standard input.")]
    answers: Answers = ()
    rules: Rules = None
    output: Output = None
    force: Annotated[bool, Option("Let --output replace a file.")] = False


def run(request: ScaffoldRequest) -> int:
    """Write what a tool takes; return the exit code."""
    exporter = cast("Exporter", pick(exporters, request.tool, "tool"))
    if request.output not in STANDARD_OUTPUT:
        refuse_to_overwrite(request.output, force=request.force)
    rules = load_rules(chosen_rules(request.rules))
    given = given_answers(request.answers, rules)
    case = read_one_case(request.file, rules, "scaffold")
    labels = Labels(rules, quiet=True)
    evident = labels.beside(case._replace(answers=case.answers | given))
    if labels.failed:
        return _output.BAD_INPUT
    result = evident.recommend(Recommender(rules), evident.case)
    if result.strategy is None:
        _output.report(_undecided(result, rules))
        return _output.FAILED
    project = set_up(result, rules)
    _refuse_what_it_cannot_hold(exporter, project)
    write([exporter.export(project)], request.output)
    for note in project.notes:
        _output.note(f"{note.text}; {note.hint}" if note.hint else note.text)
    return _output.OK


def _undecided(result: Recommendation, rules: RuleSet) -> UsageError:
    """Return the error that says what to answer."""
    possible = _titles(result.candidates, rules, " or ")
    undecided = [entry["name"] for entry in result.own["classes"] if entry["status"] == "undecided"]
    whose = f"the class '{undecided[0]}' of " if undecided else ""
    ask = result.outcome.ask_next
    message = f"{whose}'{result.name}' is undecided: {possible}"
    if ask is None:
        return UsageError(message, "answer more of its questions")
    question = rules.questions[ask["question"]]
    answers = ", ".join(question["answers"])
    return UsageError(message, f"answer {ask['question']} ({question['ask']}) with one of: {answers}")


def _refuse_what_it_cannot_hold(exporter: Exporter, project: LabellingProject) -> None:
    """Refuse a project that a tool cannot express, with the tools that can.

    Raises:
        UsageError: In that case.
    """
    fault = _fault(exporter, project)
    if fault:
        tools = cast("dict[str, Exporter]", working(exporters, "tool"))
        able = [name for name, other in tools.items() if _fault(other, project) is None and name != "guideline"]
        raise UsageError(f"{exporter.title} {fault}", f"these can: {', '.join(able) or 'none'}")


def _fault(exporter: Exporter, project: LabellingProject) -> str | None:
    """Return what a tool cannot hold of a project."""
    wanted = project.drawn if exporter.whole else project.strategies()
    if exporter.whole and len(wanted) > 1:
        return f"has one label for all classes, and these need {_titles(wanted, project.rules, ' and ')}"
    lacking = [one for one in wanted if exporter.expresses is not None and one not in exporter.expresses]
    if lacking:
        return f"cannot hold the labels of {_titles(lacking, project.rules, ' and ')}"
    most = exporter.longest_name
    long = [label.name for label in project.labels if most and max(map(len, (label.name, *label.points))) > most]
    return f"takes names of {most} characters at most, and '{long[0][:40]}...' is longer" if long else None


def _titles(strategies: list[str], rules: RuleSet, joint: str) -> str:
    return joint.join(rules.strategies[one]["title"].lower() for one in strategies)


COMMANDS = {"scaffold": Command(ScaffoldRequest, run)}
