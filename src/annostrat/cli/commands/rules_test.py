"""`annostrat rules test`: how often rules choose the same as experts."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from annostrat.cli import _output
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli.options import Command, Files, Full, Option, Output, Rules, chosen_rules, shows
from annostrat.errors import InputError, UsageError
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.experts.agreement import Case, cross_validate, measure, read_case
from annostrat.use_cases.files import read_each


class TestRequest(NamedTuple):
    """Run cases with a known choice, and count the agreement."""

    files: Files = ()
    rules: Rules = None
    compare: Annotated[str | None, Option("A second rule set.", "NAME_OR_PATH", offers="rule_sets")] = None
    folds: Annotated[int | None, Option("Compare part by part, with gains and losses.", "N", least=2, most=100)] = None
    min_agreement: Annotated[str | None, Option("Exit 1 below this, for example 0.8 or 80%.", "SHARE")] = None
    format: Annotated[str, shows("agreement")] = "text"
    output: Output = None
    full: Full = False


def run(request: TestRequest) -> int:
    """Run the cases; return 2 if any could not be read, 1 if too few agree, else 0."""
    renderer = pick_renderer(request.format, "agreement", request.output)
    least = _share(request.min_agreement) if request.min_agreement is not None else 0.0
    if not request.files:
        raise UsageError("there is nothing to test", "give a FILE or folder of cases with `expect`")
    if request.folds is not None and request.compare is None:
        raise UsageError("--folds compares two rule sets part by part", "name the other one with --compare")
    rules = load_rules(chosen_rules(request.rules))
    read = list(read_each(request.files, lambda document, name: read_case(document, rules, name)))
    errors = [case for case in read if isinstance(case, InputError)]
    for error in errors:
        _output.report(error)
    cases = [case for case in read if not isinstance(case, InputError)]
    _warn_of_repeated(cases)
    others = [load_rules(request.compare)] if request.compare else []
    measured = [measure(cases, one) for one in (rules, *others)]
    if renderer.agreement is not None:
        folds = cross_validate(cases, others[0], rules, request.folds) if request.folds else None
        write(renderer.agreement(measured, folds, page(request.output, full=request.full)), request.output)
    if errors:
        return _output.BAD_INPUT
    share = measured[0]["raters"][0]["strict"]["share"]
    return _output.FAILED if share is None or share < least else _output.OK


def _warn_of_repeated(cases: list[Case]) -> None:
    """Warn where several files hold a case of the same name, since each copy counts."""
    paths: dict[str, dict[str, None]] = {}
    for document in (case.use_case.document for case in cases):
        if document and "name" in document.data:
            paths.setdefault(document.data["name"], {})[document.path] = None
    repeated = {name: places for name, places in paths.items() if len(places) > 1}
    if repeated:
        name, places = next(iter(repeated.items()))
        count = f"{len(repeated)} case{'' if len(repeated) == 1 else 's'}"
        _output.note(f"counted more than once: {count} in several files, such as '{name}' in {' and '.join(places)}")


def _share(text: str) -> float:
    """Return a share given as 0.8 or 80%."""
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"--min-agreement takes a share of the cases, not '{text}'", "for example 0.8 or 80%")
    return value


COMMANDS = {"rules test": Command(TestRequest, run)}
