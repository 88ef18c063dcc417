"""What the knowledge is once its files have met: the models of the files, with what other files add to them.

Only `shapes` and the JSON Schemas are made from these; `compiled` fills them in.
"""

from __future__ import annotations

from annostrat.knowledge.models.guideline import GuidelineFile  # noqa: TC001 - pydantic reads it
from annostrat.knowledge.models.rules import (
    AssistantFile,
    Claim,
    Closed,
    Conditional,
    Dataset,
    Domain,
    EffortFile,
    ExpertDecisionEntry,
    FigureKind,
    FindingKind,
    Id,
    Many,
    Measure,
    QuestionFile,
    ReferenceEntry,
    StrategyFile,
    TreeFile,
    Variant,
)


def type_name(model: str) -> str:
    """Return how `shapes` calls the type of what a model dumps: a mere part of a file ends in `Text`."""
    if model in globals() and globals()[model].__module__ == __name__:
        return model
    bare = model.removesuffix("File").removesuffix("Entry")
    return bare if bare != model else f"{model}Text"


class Identified(Closed):
    """One of several, each with a file of its own."""

    id: Id
    """Its id: the stem of its file."""


class Strategy(StrategyFile, Identified):
    """A way to annotate."""


class CompiledMeasure(Measure):
    """A figure, measured in annotation files, that answers a question."""

    complete: bool
    """Whether it has a level for every answer."""


class Question(QuestionFile, Identified):
    """What is asked, why, and the answers with what each means."""

    measured: Many[CompiledMeasure] = ()
    """Figures that answer it, the first that is sure before the others."""


class Architecture(Variant):
    """One trained size of a model family, for one strategy."""

    family: str
    """The family that it belongs to."""
    pareto: bool
    """Whether no model of the tier that was measured alike is both as accurate and as light, and better in one."""
    role: str | None
    """`start_with` or `most_accurate` in its tier, for this field and these wishes; null for all others."""
    why: str | None
    """Why it has this role; null for those without one."""


class Assistant(AssistantFile, Identified):
    """A model that helps labelling: it draws labels for people to check and correct."""


class Tip(Claim, Identified):
    """Advice that applies to a recommendation."""


class CompiledTip(Conditional):
    """A tip with the conditions under which it applies."""

    tip: Tip
    """The tip."""
    warning: bool
    """Whether it warns that the recommendation may be wrong."""


class Tree(TreeFile, Identified):
    """A decision tree; its first node is where the walk starts."""

    digest: str
    """SHA-256 over the tree and all knowledge that it can refer to."""


class Compiled(Closed):
    """Everything a rule set says, with nothing left to resolve."""

    tree: Tree
    """The decision tree."""
    questions: dict[Id, Question]
    """By id, as the rest of its kind."""
    strategies: dict[Id, Strategy]
    """Those that the tree offers first, in its order."""
    architectures: dict[Id, list[Architecture]]
    """By strategy: the most accurate of each tier first."""
    assistants: list[Assistant]
    """Those of the lowest rank first, as tips."""
    tips: list[CompiledTip]
    """See `assistants`."""
    effort: EffortFile
    """What labelling takes."""
    guideline: GuidelineFile
    """What a labelling guideline says."""
    domains: dict[Id, Domain]
    """The closed list of fields."""
    datasets: dict[Id, Dataset]
    """Data sets that models are compared by or trained on."""
    findings: dict[Id, FindingKind]
    """What can be found in labels."""
    figures: dict[Id, FigureKind]
    """What measuring reports."""
    decisions: list[ExpertDecisionEntry]
    """Projects whose expert's choice is known."""
    references: dict[Id, ReferenceEntry]
    """The bibliography, the user's own entries before the shipped ones of the same id."""
