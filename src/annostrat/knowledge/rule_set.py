"""A rule set as the engine walks it: plain values, quick to load, with nothing left to resolve.

The texts (`Strategy`, `Architecture`, `Tip`, `Reference`) appear verbatim in JSON output. Below it, the comparison of
architectures: which licences permit shipping, which results are comparable, which are unbeaten in their tier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.errors import nearest, shortened
from annostrat.knowledge.tree import UNKNOWN, asking_once, link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from annostrat.knowledge.contract import Architecture, Compiled, Reference

NOTHING_TO_LICENSE = "not applicable"
"""The licence of models without weights: training starts from scratch."""
PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "MIT", "public domain", NOTHING_TO_LICENSE}
"""Licences under which code and weights can be shipped in a closed product."""

OVERTAKEN = {"superseded", "legacy"}
"""Statuses of models that have been replaced by others."""

TIERS = ("edge", "gpu", "server")
"""The tiers, from the smallest budget to the largest."""


class RuleSet:
    """A decision tree, linked, with everything it refers to.

    Attributes:
        nodes: The nodes of the tree as its file writes them, by id.
        written: The first of them, where drawings start.
        start: The node where walks start; below it, no question is open twice (`tree.asking_once`).
        order: The questions that the tree asks, in reading order.
        offered: The strategies that the tree can recommend, in the order of its file.
        questions: Every question in the knowledge base, asked here or not, by id.
        words: For every question, each word that is accepted as an answer, with the answer that it means.
        strategies: Every strategy in the knowledge base, by id.
        tier_question: The question whose answers select the tier of the architectures, if there is one.
        second: The rule set that gives a second opinion, if there is one; see `second_opinion`.
        assistants: Models that help with labelling, best-ranked first.
        guideline: The content of a labelling guideline.
        domains: The closed list of fields, by id.
        datasets: Data sets that models are compared by or trained on, by id.
        findings: Possible findings in labels, by kind.
        figures: The figures that measuring reports, by id and in the order of the report.
        start_with: Why a practitioner begins with a variant, for each variant with a known reason.
        decisions: Projects whose expert's choice is known.
        relevant: The questions whose answers affect any part of the result: from `order`, the tier and the tips.
        considered: These, and the questions of the second opinion.
    """

    def __init__(self, compiled: Compiled, second: RuleSet | None = None) -> None:
        tree = compiled["tree"]
        self.id, self.title, self.version = tree["id"], tree["title"], tree["version"]
        self.digest, self.summary = tree["digest"], tree["summary"]
        self.licence, self.attribution = tree["licence"], tree["attribution"]
        self.sources = tree["sources"]
        self.questions, self.strategies = compiled["questions"], compiled["strategies"]
        self.architectures, self.tips = compiled["architectures"], compiled["tips"]
        self.effort, self.references = compiled["effort"], _Bibliography(compiled["references"])
        self.guideline, self.domains = compiled["guideline"], compiled["domains"]
        self.decisions = compiled["decisions"]
        self.datasets, self.findings = compiled["datasets"], compiled["findings"]
        self.figures = compiled["figures"]
        variants = [variant for suited in self.architectures.values() for variant in suited]
        self.start_with = {one["id"]: one["start_with"] for one in variants if one["start_with"]}
        self.words = {question: _words(text["answers"]) for question, text in self.questions.items()}
        self.nodes = link(tree["nodes"])
        self.written = next(iter(self.nodes.values()))
        self.start = asking_once(self.written)
        self.order = tuple(dict.fromkeys(node.question for node in self.nodes.values()))
        self.offered = tuple(tree["strategies"])
        self.tier_question = next((id_ for id_ in self.questions if self.tier(id_)), None)
        self.assistants = compiled["assistants"]
        conditions = [
            question for tip in self.tips for question in (*tip["when"]["answers"], *tip["unless"]["answers"])
        ]
        extra = [self.tier_question] if self.tier_question else []
        self.relevant = tuple(dict.fromkeys([*self.order, *extra, *conditions]))
        self.second, self.second_opinion = second, tree["second_opinion"]
        self.considered = tuple(dict.fromkeys([*self.relevant, *(second.order if second else ())]))

    def tier(self, question: str, answer: str | None = None) -> str | None:
        """Return the tier that an answer selects; without an answer, the first tier that any answer selects."""
        answers = self.questions[question]["answers"]
        chosen = answers.values() if answer is None else [answers[answer]] if answer in answers else []
        return next((text["tier"] for text in chosen if text["tier"]), None)

    def asked_tier(self, answers: Mapping[str, str]) -> str | None:
        """Return the tier that the answers select; None if they leave it open."""
        return self.tier(self.tier_question, answers.get(self.tier_question, UNKNOWN)) if self.tier_question else None

    def domain(self, words: str) -> str | None:
        """Return the field that the words name, by id or by synonym."""
        word = "_".join(words.lower().replace("-", " ").replace("_", " ").split())
        return next((id_ for id_, text in self.domains.items() if word in (id_, *text["words"])), None)

    def no_domain(self, words: str) -> tuple[str, str]:
        """Return a message that the words name no field, and a hint to a similar one."""
        known = [word for id_, text in self.domains.items() for word in (id_, *text["words"])]
        meant = self.domain(nearest(words.lower(), known) or "")
        hint = f"did you mean '{meant}'?" if meant else f"valid: {', '.join(self.domains)}"
        return f"no domain is called '{shortened(words)}'", hint


class _Bibliography(dict[str, "Reference"]):
    """The references by id; a missing one gets a placeholder, so that `rules check` reports it and goes on."""

    def __missing__(self, id_: str) -> Reference:
        return {"title": "Not in the bibliography", "authors": None, "year": None, "url": None, "note": None}


def _words(answers: Iterable[str]) -> dict[str, str]:
    words = {answer: answer for answer in (*answers, UNKNOWN)}
    return {"true": "yes", "false": "no", **words} if words.keys() == {"yes", "no", UNKNOWN} else words


def with_fronts(variants: list[Architecture]) -> list[Architecture]:
    """Return the variants of one strategy, the most accurate of each tier first, with `pareto` filled in.

    A variant in use is on the front unless a comparable one in its tier is at least as accurate and as light, and
    better in one of the two.
    """

    def merits(one: Architecture) -> tuple[float, float]:
        return accuracy(one), -(one["gflops"] or 0.0)

    rivals: dict[tuple[str, ...], list[tuple[float, float]]] = {}
    for one in variants:
        if one["status"] not in OVERTAKEN and one["metric"] and one["gflops"] is not None:
            rivals.setdefault((one["tier"], *yardstick(one)), []).append(merits(one))
    for one in variants:
        own, others = merits(one), () if one["gflops"] is None else rivals.get((one["tier"], *yardstick(one)), ())
        beaten = any(other != own and other[0] >= own[0] and other[1] >= own[1] for other in others)
        one["pareto"] = one["status"] not in OVERTAKEN and not beaten
    return sorted(variants, key=lambda variant: (TIERS.index(variant["tier"]), *by_accuracy(variant)))


def comparable(one: Architecture, other: Architecture) -> bool:
    """Return whether two variants were measured alike."""
    return one["metric"] is not None and yardstick(one) == yardstick(other)


def yardstick(variant: Architecture) -> tuple[str, str]:
    """Return the metric and the data set with which a variant was measured; empty if it was not."""
    metric = variant["metric"]
    return (metric["name"], metric["dataset"]) if metric else ("", "")


def accuracy(variant: Architecture) -> float:
    """Return a variant's accuracy in per cent; 0 if none was published."""
    return variant["metric"]["value"] if variant["metric"] else 0.0


def by_accuracy(variant: Architecture) -> tuple[bool, tuple[str, str], float, str]:
    """Return the sort key: variants in use first, then by yardstick and accuracy."""
    return variant["status"] in OVERTAKEN, yardstick(variant), -accuracy(variant), variant["id"]
