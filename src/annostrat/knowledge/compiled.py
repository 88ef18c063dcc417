"""Checked models become the plain `Compiled` document: names resolved, ids filled in, lists in the order shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from annostrat.knowledge.integrity.words import sources
from annostrat.knowledge.selection import PERMISSIVE, with_fronts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annostrat.knowledge import models
    from annostrat.knowledge.parsed import Entry, Parsed
    from annostrat.knowledge.shapes import (
        Architecture,
        Assistant,
        ClaimText,
        Compiled,
        CompiledNode,
        CompiledTip,
        EffortRate,
        EffortRates,
        ExpertDecision,
        FigureText,
        FindingText,
        Guideline,
        HandleText,
        Measure,
        MetricText,
        Question,
        Reference,
        SecondOpinionOf,
        SourcedInterval,
        Strategy,
        Unless,
        When,
    )


def compile_rules(parsed: Parsed, tree: models.TreeFile) -> Compiled:
    """Return the compiled form of a rule set that has no fatal problem."""
    return {
        "id": parsed.tree_id,
        "title": tree.title,
        "version": tree.version,
        "digest": parsed.digest,
        "licence": tree.licence,
        "attribution": tree.attribution,
        "summary": tree.summary,
        "sources": list(tree.sources),
        "offered": list(tree.strategies),
        "second_opinion": _second_opinion(tree.second_opinion),
        "nodes": [_node(node) for node in tree.nodes],
        "questions": {id_: _question(id_, entry.model) for id_, entry in parsed.questions.items()},
        "strategies": {id_: _strategy(id_, parsed.strategies[id_].model) for id_ in _strategy_order(parsed, tree)},
        "architectures": _architectures(parsed),
        "assistants": _assistants(parsed),
        "tips": [_tip(entry) for entry in sorted(parsed.tips.values(), key=lambda tip: (tip.model.rank, tip.id))],
        "effort": _effort(parsed.effort.model),
        "guideline": cast("Guideline", parsed.guideline.model.model_dump(mode="json")),
        "domains": {
            id_: {"title": domain.title, "meaning": domain.meaning, "words": list(domain.words)}
            for id_, domain in parsed.domains.model.root.items()
        },
        "findings": cast("dict[str, FindingText]", parsed.findings.model.model_dump(mode="json")),
        "figures": cast("dict[str, FigureText]", parsed.figures.model.model_dump(mode="json")),
        "datasets": {
            id_: {"title": one.title, "shows": one.shows, "domains": list(one.domains), "terms": one.terms}
            for id_, one in parsed.datasets.model.root.items()
        },
        "start_with": {
            variant.id: variant.start_with.text
            for entry in parsed.architectures.values()
            for variant in entry.model.variants
            if variant.start_with
        },
        "decisions": [_decision(entry.model) for entry in parsed.decisions if _is_usable(entry, parsed)],
        "references": _references(parsed),
    }


def _references(parsed: Parsed) -> dict[str, Reference]:
    """Return the bibliography; what is named and not in it is so called, for `rules check` to find and not to stop."""
    known = {id_: _reference(text) for id_, text in parsed.bibliography().items()}
    missing: Reference = {"title": "Not in the bibliography", "authors": None, "year": None, "url": None, "note": None}
    return {mention.word: missing for mention in sources(parsed) if mention.word not in known} | known


def _strategy_order(parsed: Parsed, tree: models.TreeFile) -> list[str]:
    return list(dict.fromkeys([*tree.strategies, *parsed.strategies]))


def _second_opinion(other: models.SecondOpinion | None) -> SecondOpinionOf | None:
    return {"rules": other.rules, "ask": other.ask, "because": other.because} if other else None


def _node(node: models.Node) -> CompiledNode:
    return {
        "id": node.id,
        "ask": node.ask,
        "branches": [
            {
                "when": list(branch.when),
                "because": branch.because,
                "strategy": branch.strategy,
                "go": branch.go,
            }
            for branch in node.branches
        ],
    }


def _question(id_: str, question: models.QuestionFile) -> Question:
    return {
        "id": id_,
        "title": question.title,
        "ask": question.ask,
        "why": question.why,
        "help": question.help,
        "example": question.example,
        "several": question.several,
        "answers": {
            answer: {"title": text.title, "meaning": text.meaning, "example": text.example, "tier": text.tier}
            for answer, text in question.answers.items()
        },
        "measured": [_measure(measure, question) for measure in question.measured],
    }


def _measure(measure: models.Measure, question: models.QuestionFile) -> Measure:
    return {
        "figure": measure.figure,
        "levels": {answer: list(ends) for answer, ends in measure.levels.items()},
        "complete": measure.levels.keys() == question.answers.keys(),
        "calibrated": measure.calibrated,
        "note": measure.note,
        "lower_bound": measure.lower_bound,
        "needs_event": measure.needs_event,
        "sources": list(measure.sources),
    }


def _strategy(id_: str, strategy: models.StrategyFile) -> Strategy:
    return {
        "id": id_,
        "title": strategy.title,
        "label": strategy.label,
        "summary": strategy.summary,
        "gives": strategy.gives,
        "costs": strategy.costs,
        "when_not": strategy.when_not,
        "benefits": [_claim(claim) for claim in strategy.benefits],
        "drawbacks": [_claim(claim) for claim in strategy.drawbacks],
        "converts_to": [
            {
                "strategy": conversion.strategy,
                "how": conversion.how,
                "loses": conversion.loses,
                "exact": conversion.exact,
            }
            for conversion in strategy.converts_to
        ],
        "tells_apart": strategy.tells_apart,
        "combines": list(strategy.combines),
        "gaps": {str(tier): why for tier, why in strategy.gaps.items()},
    }


def _claim(claim: models.Claim) -> ClaimText:
    return {"text": claim.text, "sources": list(claim.sources)}


def _architectures(parsed: Parsed) -> dict[str, list[Architecture]]:
    by_strategy: dict[str, list[Architecture]] = {}
    for entry in parsed.architectures.values():
        for variant in entry.model.variants:
            by_strategy.setdefault(variant.strategy, []).append(_variant(variant, entry.model, parsed))
    return {strategy: with_fronts(variants) for strategy, variants in by_strategy.items()}


def _variant(variant: models.Variant, family: models.ArchitectureFile, parsed: Parsed) -> Architecture:
    licences = _licences(variant.code_licence, variant.weights_licence, variant.trained_on, parsed)
    figures = [variant.params_m, variant.gmacs, variant.metric, variant.fine_tuning, *variant.latency]
    stated = [part for part in (*figures, variant.train_memory, variant.start_with) if part]
    memory = variant.train_memory
    return {
        "id": variant.id,
        "title": variant.title,
        "family": family.title,
        "strategy": variant.strategy,
        "domains": list(variant.domains),
        "made_for": list(variant.made_for),
        "tier": variant.tier,
        "year": variant.year,
        "status": variant.status,
        "params_m": variant.params_m.value if variant.params_m else None,
        "gflops": round(2 * variant.gmacs.value, 3) if variant.gmacs else None,
        "input": variant.input,
        "metric": _metric(variant.metric),
        "fine_tuning": _metric(variant.fine_tuning),
        "latency": [{"ms": one.ms, "hardware": one.hardware} for one in variant.latency],
        "train_memory": {"gb": memory.gb, "images": memory.images} if memory else None,
        "handle": _handle(variant.handle),
        "code_licence": licences.code,
        "weights_licence": licences.weights,
        "permissive": licences.permissive,
        "licence_note": licences.note,
        "pareto": False,
        "role": None,
        "why": None,
        "superseded_by": list(variant.superseded_by),
        "named_by_article": variant.named_by_article,
        "note": variant.note,
        "sources": _sources_of([family, *stated], licences.sources),
    }


def _metric(metric: models.Metric | None) -> MetricText | None:
    return {"name": metric.name, "dataset": metric.dataset, "value": metric.value} if metric else None


def _handle(handle: models.Handle) -> HandleText:
    return {"library": handle.library, "call": handle.call, "install": handle.install}


def _sources_of(parts: Iterable[models.Stated], others: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*(source for part in parts for source in part.sources), *others]))


class _Licences(NamedTuple):
    """The licences of a model by the one rule that holds for all.

    The licence of the code covers weights of which nothing is said apart; and where both let anyone ship a closed
    product, terms of the data that the weights were trained on may still be in the way.
    """

    code: str
    weights: str
    permissive: str
    note: str | None
    sources: list[str]


def _licences(
    code: models.Licence, weights: models.Licence | None, trained_on: tuple[str, ...], parsed: Parsed
) -> _Licences:
    stated = [code, *([weights] if weights else [])]
    notes = dict.fromkeys(licence.note for licence in stated if licence.note)
    if weights is None:
        notes["Nothing is said of the weights apart, so the licence of the code is taken to cover them."] = None
    data = [parsed.datasets.model.root[id_] for id_ in trained_on]
    for one in data:
        if one.terms:
            notes[f"The weights were trained on {one.title}: {one.terms}."] = None
    names = [licence.name for licence in stated]
    permissive = "no" if {*names} - PERMISSIVE else "data_terms" if any(one.terms for one in data) else "yes"
    return _Licences(names[0], names[-1], permissive, " ".join(notes) or None, _sources_of([*stated, *data], ()))


def _assistants(parsed: Parsed) -> list[Assistant]:
    """Return the well-formed assistants, in the order of their rank."""
    usable = [entry for entry in parsed.assistants.values() if entry.model is not None]
    return [
        _assistant(entry.id, entry.model, parsed) for entry in sorted(usable, key=lambda one: (one.model.rank, one.id))
    ]


def _assistant(id_: str, assistant: models.AssistantFile, parsed: Parsed) -> Assistant:
    licences = _licences(assistant.code_licence, assistant.weights_licence, assistant.trained_on, parsed)
    sizes = [size.params_m for size in assistant.sizes]
    stated: list[models.Stated] = [assistant, *sizes, *assistant.tools, *assistant.strengths, *assistant.fails]
    return {
        "id": id_,
        "title": assistant.title,
        "draws": list(assistant.draws),
        "prompts": list(assistant.prompts),
        "domains": list(assistant.domains),
        "made_for": list(assistant.made_for),
        "not_for": list(assistant.not_for),
        "year": assistant.year,
        "code_licence": licences.code,
        "weights_licence": licences.weights,
        "permissive": licences.permissive,
        "licence_note": licences.note,
        "sizes": [{"title": size.title, "params_m": size.params_m.value} for size in assistant.sizes],
        "handle": _handle(assistant.handle),
        "tools": [{"tool": one.tool, "sources": list(one.sources)} for one in assistant.tools],
        "strengths": [_claim(claim) for claim in assistant.strengths],
        "fails": [_claim(claim) for claim in assistant.fails],
        "check": assistant.check,
        "sources": _sources_of(stated, licences.sources),
    }


def _tip(entry: Entry) -> CompiledTip:
    tip: models.TipFile = entry.model
    return {
        "tip": {"id": entry.id, "text": tip.text, "sources": list(tip.sources)},
        "warning": tip.kind == "warning",
        "when": cast("When", tip.when.model_dump(mode="json")),
        "unless": cast("Unless", tip.unless.model_dump(mode="json")),
    }


def _effort(effort: models.EffortFile) -> EffortRates:
    return {
        "rates": {strategy: _rate(rate) for strategy, rate in effort.rates.items()},
        "quality_share": _interval(effort.quality_share),
        "week_hours": effort.week_hours.value,
        "week_sources": list(effort.week_hours.sources),
        "rules_of_thumb": [
            {"strategies": list(one.for_), "labels": one.labels, "text": one.text, "sources": list(one.sources)}
            for one in effort.rules_of_thumb
        ],
        "plans": [
            {
                "for_": plan.for_,
                "unless": {question: list(words) for question, words in plan.unless.items()},
                "all": plan.all,
                "coarse_seconds": plan.coarse_seconds,
                "share": {"low": plan.share.low, "typical": plan.share.typical, "high": plan.share.high},
                "assumed_share": plan.assumed_share,
                "text": plan.text,
                "sources": list(plan.sources),
            }
            for plan in effort.plans
        ],
    }


def _rate(rate: models.Rate) -> EffortRate:
    return {
        "unit": rate.unit,
        "seconds": _interval(rate.seconds) if rate.seconds else None,
        "assisted": _assisted(rate),
        "high_includes_quality": rate.high_includes_quality,
        "each_image": _interval(rate.each_image) if rate.each_image else None,
        "outlines": rate.outlines,
        "most_objects": rate.most_objects.value if rate.most_objects else None,
        "note": rate.note,
    }


def _assisted(rate: models.Rate) -> SourcedInterval | None:
    """Return the seconds when correcting what a model draws; a part is one of the seconds by hand."""
    seconds, part = rate.seconds, rate.assisted_part
    if seconds is None or part is None:
        return _interval(rate.assisted) if rate.assisted else None
    return {
        "low": seconds.low * part.low,
        "typical": seconds.typical * part.typical,
        "high": seconds.high * part.high,
        "open_end": seconds.open_end or part.open_end,
        "sources": list(dict.fromkeys([*part.sources, *seconds.sources])),
    }


def _interval(interval: models.Interval) -> SourcedInterval:
    return {
        "low": interval.low,
        "typical": interval.typical,
        "high": interval.high,
        "open_end": interval.open_end,
        "sources": list(interval.sources),
    }


def _is_usable(entry: Entry, parsed: Parsed) -> bool:
    """Return whether a project can be a precedent; `rules check` says why one cannot."""
    return entry.model is not None and entry.model.expect in parsed.strategies


def _decision(project: models.DecisionEntry) -> ExpertDecision:
    return {
        "name": project.name,
        "title": project.title or project.name.replace("_", " "),
        "year": project.year,
        "domain": project.domain,
        "objects": project.objects,
        "answers": dict(project.answers),
        "expect": project.expect,
        "source": project.source,
    }


def _reference(reference: models.Reference) -> Reference:
    return {
        "title": reference.title,
        "authors": reference.authors,
        "year": reference.year,
        "url": reference.url,
        "note": reference.note,
    }
