"""Checked models become the plain `Compiled` document: names resolved, ids filled in, lists in the order shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from annostrat.knowledge.selection import PERMISSIVE, ranked

if TYPE_CHECKING:
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
        Guideline,
        Measure,
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
        "decisions": [_decision(entry.model) for entry in parsed.decisions if _is_usable(entry, parsed)],
        "references": {id_: _reference(text) for id_, text in parsed.bibliography().items()},
    }


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
            by_strategy.setdefault(variant.strategy, []).append(_variant(variant, entry.model))
    return {strategy: ranked(variants) for strategy, variants in by_strategy.items()}


def _variant(variant: models.Variant, family: models.ArchitectureFile) -> Architecture:
    code, weights, metric = variant.code_licence, variant.weights_licence, variant.metric
    stated = [part for part in (variant.params_m, variant.gmacs, metric, code, weights) if part]
    notes = [note for note in dict.fromkeys((code.note, weights.note)) if note]
    return {
        "id": variant.id,
        "title": variant.title,
        "family": family.title,
        "strategy": variant.strategy,
        "tier": variant.tier,
        "year": variant.year,
        "status": variant.status,
        "params_m": variant.params_m.value if variant.params_m else None,
        "gflops": round(2 * variant.gmacs.value, 3) if variant.gmacs else None,
        "input": variant.input,
        "metric": {"name": metric.name, "dataset": metric.dataset, "value": metric.value} if metric else None,
        "handle": {
            "library": variant.handle.library,
            "call": variant.handle.call,
            "install": variant.handle.install,
        },
        "code_licence": code.name,
        "weights_licence": weights.name,
        "permissive": {code.name, weights.name} <= PERMISSIVE,
        "licence_note": " ".join(notes) or None,
        "pareto": False,
        "why": None,
        "superseded_by": list(variant.superseded_by),
        "named_by_article": variant.named_by_article,
        "note": variant.note,
        "sources": list(dict.fromkeys([*family.sources, *(source for part in stated for source in part.sources)])),
    }


def _assistants(parsed: Parsed) -> list[Assistant]:
    """Return the well-formed assistants, in the order of their rank."""
    usable = [entry for entry in parsed.assistants.values() if entry.model is not None]
    return [_assistant(entry.id, entry.model) for entry in sorted(usable, key=lambda one: (one.model.rank, one.id))]


def _assistant(id_: str, assistant: models.AssistantFile) -> Assistant:
    code, weights = assistant.code_licence, assistant.weights_licence
    sizes = [size.params_m for size in assistant.sizes]
    stated: list[models.Stated] = [code, weights, *sizes, *assistant.tools, *assistant.strengths, *assistant.fails]
    return {
        "id": id_,
        "title": assistant.title,
        "draws": list(assistant.draws),
        "prompts": list(assistant.prompts),
        "domains": list(assistant.domains),
        "not_for": list(assistant.not_for),
        "year": assistant.year,
        "code_licence": code.name,
        "weights_licence": weights.name,
        "permissive": {code.name, weights.name} <= PERMISSIVE,
        "licence_note": " ".join(note for note in dict.fromkeys((code.note, weights.note)) if note) or None,
        "sizes": [{"title": size.title, "params_m": size.params_m.value} for size in assistant.sizes],
        "handle": {
            "library": assistant.handle.library,
            "call": assistant.handle.call,
            "install": assistant.handle.install,
        },
        "tools": [{"tool": one.tool, "sources": list(one.sources)} for one in assistant.tools],
        "strengths": [_claim(claim) for claim in assistant.strengths],
        "fails": [_claim(claim) for claim in assistant.fails],
        "check": assistant.check,
        "sources": list(dict.fromkeys([*assistant.sources, *(source for part in stated for source in part.sources)])),
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
