"""Whether there is a model to train for every strategy and compute budget, or the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from annostrat.errors import Problem
from annostrat.knowledge.integrity.parts import entries, names, parts
from annostrat.knowledge.integrity.tree import of_tree
from annostrat.knowledge.models.rules import Measure, Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.knowledge.models.rules import Rate, TreeFile
    from annostrat.knowledge.parsed import Parsed

IN_USE = {"current", "frozen", "emerging"}


@of_tree
def strategies_without_rate(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Strategies of the tree without a rate in effort.yaml."""
    effort = parsed.effort.model
    for index, strategy in enumerate(tree.strategies):
        if effort and strategy not in effort.rates:
            place = parsed.tree_entry.document.locate("strategies", index)
            message = f"effort.yaml does not say what '{strategy}' takes"
            hint = "add a rate, or one with only a `note` that says why"
            yield Problem(place, message, hint, "strategy-without-rate")


def parts_dearer_than_the_whole(parsed: Parsed) -> Iterator[Problem]:
    """Labels that follow from another one but take longer, by hand or when correcting."""
    rates: dict[str, Rate] = parsed.effort.model.rates if parsed.effort.model else {}
    for strategy, rate in rates.items():
        for part in rate.contains:
            if part in rates and (end := _dearer(rates[part], rate)):
                place = parsed.effort.document.locate("rates", strategy, "contains")
                message = f"'{part}' follows from '{strategy}', and takes longer {end}"
                hint = "the whole includes the part: lower the part's figure, or remove it from `contains`"
                yield Problem(place, message, hint, "part-dearer-than-whole")


def _dearer(part: Rate, whole: Rate) -> str | None:
    """Return which time of a part is longer than that of the whole, if both are known in the same unit."""
    by_hand, corrected = (part.seconds, whole.seconds), (part.assisted or part.seconds, whole.assisted or whole.seconds)
    for (one, other), how in ((by_hand, "by hand"), (corrected, "when correcting what a model draws")):
        for end in ("low", "typical", "high") if one and other and part.unit == whole.unit else ():
            if getattr(one, end) > getattr(other, end):
                return f"{how} ({end})"
    return None


@of_tree
def strategies_without_advice(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Strategies of the tree that no rule of the guideline names."""
    guideline = parsed.guideline.model
    advised = {strategy for advice in guideline.rules for strategy in advice.when.strategies} if guideline else set()
    for index, strategy in enumerate(tree.strategies):
        if guideline and strategy not in advised:
            place = parsed.tree_entry.document.locate("strategies", index)
            message = f"guideline.yaml has no rule for '{strategy}'"
            yield Problem(place, message, "add one whose `when` names it", "strategy-without-advice")


@of_tree
def tiers_without_architecture(parsed: Parsed, tree: TreeFile) -> Iterator[Problem]:
    """Strategies of the tree that have no usable architecture in a tier, unless their file says so in `gaps`."""
    covered = {
        (variant.strategy, variant.tier)
        for entry in parsed.architectures.values()
        for variant in (entry.model.variants if entry.model else ())
        if variant.status in IN_USE
    }
    complete = all(entry.model for entry in parsed.architectures.values())
    for strategy in tree.strategies:
        entry = parsed.strategies.get(strategy)
        if entry is None or entry.model is None:
            continue
        for tier in get_args(Tier):
            known = (strategy, tier) in covered
            if known == (tier in entry.model.gaps) and (known or complete):
                place = entry.document.locate("gaps", tier) if known else entry.document.locate()
                message = f"strategy '{strategy}' has {'an' if known else 'no'} architecture in tier '{tier}'"
                hint = f"remove `gaps: {tier}`" if known else f"add one, or say why there is none under `gaps: {tier}`"
                yield Problem(place, message, hint, "tier-without-architecture")


def unused_entries(parsed: Parsed) -> Iterator[Problem]:
    """The user's own questions and strategies that neither the tree nor advice uses, and topics without a rule."""
    named = {
        (name.kind, name.word)
        for entry in entries(parsed)
        for name in names(entry)
        if (name.kind, name.word) not in name.part.owners
    }
    for kind, room, hint in (
        ("question", parsed.questions, "let a node ask it, or a tip wait for its answers"),
        ("strategy", parsed.strategies, "let a branch of the tree end in it"),
    ):
        for entry in room.values():
            if entry.own and entry.model is not None and (kind, entry.id) not in named:
                yield Problem(entry.document.locate(), f"nothing uses the {kind} '{entry.id}'", hint, f"unused-{kind}")
    for topic in parsed.guideline.model.topics if parsed.guideline.model else ():
        if ("topic", topic) not in named:
            place = parsed.guideline.document.locate("topics", topic, at_key=True)
            message = f"no rule is under the topic '{topic}'"
            yield Problem(place, message, "add one, or remove the topic", "unused-topic")


def circular_successors(parsed: Parsed) -> Iterator[Problem]:
    """Variants whose successors lead back to them."""
    successors = {id_: one["superseded_by"] for id_, one in parsed.known["variant"].items()}
    done: set[str] = set()
    for name in (name for entry in parsed.architectures.values() if entry.model for name in names(entry)):
        if name.kind == "variant":
            variant = name.part.model.id  # type: ignore[attr-defined]
            later = [name.word]
            for one in later:
                later += [after for after in successors.get(one, ()) if after not in later]
            if variant in later[1:] and variant not in done:
                done.update(later)
                message = f"the successors of '{name.word}' lead back to '{variant}'"
                yield Problem(name.part.locate(*name.keys), message, "name what came after both", "circular-successors")


def levels_beyond_their_figure(parsed: Parsed) -> Iterator[Problem]:
    """Levels that exceed 1 for a figure that is a share."""
    figures = parsed.figures.model.root if parsed.figures.model else {}
    for part in (part for entry in parsed.questions.values() if entry.model for part in parts(entry)):
        measure = part.model
        if isinstance(measure, Measure) and measure.figure in figures and figures[measure.figure].kind == "share":
            for answer, (_, high) in measure.levels.items():
                if high > 1:
                    message = f"'{measure.figure}' is a share, which is never above 1"
                    where = part.locate("levels", answer)
                    yield Problem(where, message, "write 1 for the whole, 0.5 for a half", "level-beyond-figure")
