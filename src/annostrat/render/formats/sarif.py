"""SARIF 2.1.0, which code-scanning services show next to the code."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.errors import Location, printable
from annostrat.knowledge.version import __version__
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Problem
    from annostrat.recommendation.expectation import Verdict

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class _Rule(NamedTuple):
    level: str
    text: str
    help: str


_RULES = {
    "differs": _Rule(
        "error",
        "The recommendation is not the one that the use case expects.",
        "Correct the answers, or accept the new recommendation with `annostrat check --update`.",
    ),
    "contradicted": _Rule(
        "error",
        "The labels that the use case names contradict an answer.",
        "Correct the answer, or the labels: `annostrat measure` shows what they say.",
    ),
    "disagreed": _Rule(
        "error",
        "Fewer labels agree with those of a second annotator than the use case requires.",
        "Find what they differ on with `annostrat agreement`, write it into the guideline, and correct the labels.",
    ),
    "faulty_labels": _Rule(
        "warning",
        "Most of the labels that the use case names have an error, so that they are no evidence.",
        "Correct the labels: `annostrat measure` shows what is wrong with them.",
    ),
    "undecided": _Rule(
        "warning",
        "The answers leave more than one strategy possible.",
        "Answer the question that the message names.",
    ),
    "provisional": _Rule(
        "warning",
        "A question that could change the strategy is not answered.",
        "Answer the question that the message names.",
    ),
    "no_expectation": _Rule(
        "note",
        "The use case expects nothing, so that nothing guards its strategy.",
        "Write `expect` into it, or let `annostrat check --update` do so.",
    ),
    "unreadable": _Rule(
        "error",
        "The file cannot be read, or does not say what a use case should.",
        "Correct the place that is named: `annostrat rules schema use_case` prints what a use case may say.",
    ),
}
_PROVED = "`annostrat rules check` proves a rule set; correct the place that is named."


def verdicts(results: Iterable[Verdict], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one run whose results are the use cases with unexpected outcomes."""
    entries = []
    for verdict in results:
        entries += [_problem("unreadable", problem) for problem in verdict.problems]
        if not verdict.problems and verdict.status in _RULES:
            level = "error" if verdict.fails else _RULES[verdict.status].level
            message = f"{verdict.name}: {verdict.message}"
            entries.append(_result(verdict.status, level, verdict.location, message, verdict.name))
    yield _log(entries, _RULES)


def problems(errors: list[Problem], names: list[str], page: Page) -> Iterator[str]:  # noqa: ARG001
    """Yield one run whose results are the problems."""
    results = [_problem(problem.code, problem) for problem in errors]
    yield _log(results, {one.code: _Rule("error", one.code.replace("-", " "), _PROVED) for one in errors})


def _log(results: list[dict[str, Any]], rules: dict[str, _Rule]) -> str:
    """Return the log of one run; results with the same rule, file and name are numbered."""
    seen: Counter[str] = Counter()
    for result in results:
        key = result["partialFingerprints"][_FINGERPRINT]
        seen[key] += 1
        result["partialFingerprints"] = {_FINGERPRINT: f"{key}:{seen[key]}"}
    address = _documentation()
    driver = {
        "name": "annostrat",
        "version": __version__,
        **({"informationUri": address} if address else {}),
        "rules": [
            {
                "id": id_,
                "shortDescription": {"text": rule.text},
                "help": {"text": rule.help.replace("`", ""), "markdown": rule.help},
                **({"helpUri": f"{address}/ci/#what-check-says"} if address else {}),
                "defaultConfiguration": {"level": rule.level},
            }
            for id_, rule in rules.items()
        ],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _documentation() -> str | None:
    """Return the documentation URL in the metadata of the installed package, if any."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        named = metadata("annostrat").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    addresses = dict(one.split(", ", 1) for one in named)
    return addresses["Documentation"].rstrip("/") if "Documentation" in addresses else None


def _problem(rule: str, problem: Problem) -> dict[str, Any]:
    return _result(rule, "error", problem.location, problem.text(), problem.message)


_FINGERPRINT = "primaryLocationLineHash"
"""The only fingerprint that GitHub uses; without it, an alert whose line changes becomes a new one."""


def _result(rule: str, level: str, location: Location, text: str, identity: str) -> dict[str, Any]:
    """Return a result, recognisable in later runs by its rule, file and identity."""
    from hashlib import sha256

    uri = _uri(location.path)
    region = {"startLine": location.line or 1, "startColumn": location.column or 1}
    place = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
    digest = sha256("\n".join((rule, uri, printable(identity))).encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": printable(text)},
        "locations": [place],
        "partialFingerprints": {_FINGERPRINT: digest[:16]},
    }


def _uri(path: str) -> str:
    """Return the URI of a file, relative to the working directory if inside it, as code scanning requires."""
    from urllib.parse import quote

    full, here = os.path.abspath(path), os.path.join(os.getcwd(), "")
    inside = full.startswith(here)
    address = quote((full.removeprefix(here) if inside else full).replace("\\", "/"), errors="surrogatepass")
    return address if inside else f"file://{'' if address.startswith('/') else '/'}{address}"


PLUGIN = Renderer(verdicts=verdicts, problems=problems)
