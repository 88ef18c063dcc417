"""Loads rule files into a `RuleSet`: the shipped ones precompiled, the user's own read and checked.

`link` combines the contents of all files: it fills in ids, adds terms of data, compares models. A file's content is
its model's dump, either from YAML that was just checked or from the wheel; so a user's own file replaces the shipped
one of the same name, and both are processed here in the same way.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from annostrat.errors import InputError, Location, Problem, UsageError, shortened
from annostrat.knowledge import files
from annostrat.knowledge.files import DECISIONS, OWN
from annostrat.knowledge.rule_set import RuleSet, with_fronts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annostrat.knowledge.contract import Architecture, Compiled, CompiledTip

    Dumps = Mapping[str, Any]
    """By the file's name, such as `questions/occlusion.yaml`; None for one that is malformed."""

DEFAULT = files.DEFAULT


def load_rules(selector: str = DEFAULT) -> RuleSet:
    """Return a rule set, given its id, the user's own folder or a tree's file.

    Anything missing from the user's own folder comes from the shipped knowledge. For the user's own files, the form,
    the names and the walk through the tree are checked; `rules check` verifies everything.

    Raises:
        UsageError: There is no such rule set.
        InputError: A file is missing or malformed, or the tree cannot be walked; lists every problem found.
    """
    rule_files = files.find(selector)
    compiled = _compiled(rule_files)
    other = compiled["tree"]["second_opinion"]
    return RuleSet(compiled, _second(files.with_tree(rule_files, other["rules"])) if other else None)


def rules_of(rules: RuleSet | str | os.PathLike[str] | None) -> RuleSet:
    """Return the rule set that a Python caller names or passes; the default one for None.

    Raises:
        InputError: It does not exist or is broken.
    """
    if isinstance(rules, RuleSet):
        return rules
    if rules is not None and not isinstance(rules, str | os.PathLike):
        message = f"a rule set is needed, not {shortened(repr(rules))}"
        raise InputError([Problem(Location("rules"), message, "give a RuleSet, its name, or the path of its folder")])
    try:
        return load_rules(DEFAULT if rules is None else os.fspath(rules))
    except UsageError as error:
        raise InputError(problem._replace(location=Location("rules")) for problem in error.problems) from None


def _second(rule_files: files.RuleFiles) -> RuleSet | None:
    """Return the rule set that gives a second opinion; None if it is broken, and `rules check` reports why."""
    try:
        return RuleSet(_compiled(rule_files))
    except InputError:
        return None


def _compiled(rule_files: files.RuleFiles) -> Compiled:
    built = _built()
    if built is None or not files.is_shipped(rule_files):
        from annostrat.knowledge.building import compile_files

        return compile_files(rule_files, built)
    dumps, digests = built["dumps"], built["digests"]
    name = f"trees/{rule_files.tree}.yaml"
    digest = files.digest(digests[name], {file: digests[file] for file in rule_files.paths})
    return link(dumps, rule_files.tree, dumps[name], digest)


@lru_cache
def _built() -> dict[str, Any] | None:
    """Return the compiled shipped files, unless one has changed since; read at most once per process."""
    path = files.compiled_file()
    if not os.path.exists(path) or files.is_stale(path):
        return None
    with open(path, "rb") as file:
        built: dict[str, Any] = json.load(file)
    return built


def link(dumps: Dumps, tree_id: str, tree: Any, digest: str) -> Compiled:
    """Return a rule set from the contents of its files."""
    datasets = dumps["datasets.yaml"]
    strategies = room(dumps, "strategies")
    assistants = [_with_terms_of_data(one, datasets) for one in room(dumps, "assistants").values()]
    return {
        "tree": tree | {"id": tree_id, "digest": digest},
        "questions": {id_: _question(question) for id_, question in room(dumps, "questions").items()},
        "strategies": {id_: strategies[id_] for id_ in dict.fromkeys([*tree["strategies"], *strategies])},
        "architectures": _architectures(dumps),
        "assistants": sorted(assistants, key=lambda one: (one["rank"], one["id"])),
        "tips": _tips(room(dumps, "tips")),
        "effort": dumps["effort.yaml"],
        "guideline": dumps["guideline.yaml"],
        "domains": dumps["domains.yaml"],
        "datasets": datasets,
        "findings": dumps["findings.yaml"],
        "figures": dumps["figures.yaml"],
        "decisions": [
            project
            for name, projects in dumps.items()
            if name.startswith(f"{DECISIONS}/")
            for project in projects
            if project["expect"] in strategies
        ],
        "references": dumps["references.yaml"] | dumps.get(f"{OWN}references.yaml", {}),
    }


def room(dumps: Dumps, folder: str) -> dict[str, Any]:
    """Return the well-formed files of a folder by their id, each with its id."""
    ids = {name: name[len(folder) + 1 :].removesuffix(".yaml") for name in dumps if name.startswith(f"{folder}/")}
    return {id_: {"id": id_, **dumps[name]} for name, id_ in ids.items() if dumps[name] is not None}


def _question(question: Any) -> Any:
    answers = question["answers"].keys()
    measured = [{**one, "complete": one["levels"].keys() == answers} for one in question["measured"]]
    return {**question, "measured": measured}


def _architectures(dumps: Dumps) -> dict[str, list[Architecture]]:
    by_strategy: dict[str, list[Architecture]] = {}
    for family in room(dumps, "architectures").values():
        for variant in family["variants"]:
            shared = {"family": family["title"], "pareto": False, "role": None, "why": None}
            shared["sources"] = list(dict.fromkeys([*family["sources"], *variant["sources"]]))
            model = _with_terms_of_data({"id": variant["id"], **variant, **shared}, dumps["datasets.yaml"])
            by_strategy.setdefault(variant["strategy"], []).append(model)
    return {strategy: with_fronts(variants) for strategy, variants in by_strategy.items()}


def _with_terms_of_data(model: Any, datasets: Mapping[str, Any]) -> Any:
    """Return a model with the terms of the data that its weights were trained on."""
    data = [datasets[id_] for id_ in model["trained_on"] if id_ in datasets]
    terms = [f"The weights were trained on {one['title']}: {one['terms']}." for one in data if one["terms"]]
    sources = dict.fromkeys([*model["sources"], *(source for one in data for source in one["sources"])])
    return {
        **model,
        "permissive": "data_terms" if terms and model["permissive"] == "yes" else model["permissive"],
        "licence_note": " ".join([*([model["licence_note"]] if model["licence_note"] else []), *terms]) or None,
        "sources": list(sources),
    }


def _tips(tips: dict[str, Any]) -> list[CompiledTip]:
    return [
        {
            "tip": {"id": tip["id"], "text": tip["text"], "sources": tip["sources"]},
            "warning": tip["kind"] == "warning",
            "when": tip["when"],
            "unless": tip["unless"],
        }
        for tip in sorted(tips.values(), key=lambda one: (one["rank"], one["id"]))
    ]
