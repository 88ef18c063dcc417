"""What the knowledge is once its files have met: the models of the files, with what other files add to them.

Only `contract` and the JSON Schemas are made from these; `compiled` fills them in.
"""

from __future__ import annotations

from annostrat.knowledge.models.guideline import GuidelineFile  # noqa: TC001 - pydantic reads it
from annostrat.knowledge.models.rules import (
    AssistantFile,
    Claim,
    Closed,
    Conditional,
    Dataset,
    EffortFile,
    ExpertDecisionEntry,
    FigureKind,
    FindingKind,
    Id,
    KnownDomain,
    Many,
    Measure,
    QuestionFile,
    ReferenceEntry,
    StrategyFile,
    TreeFile,
    Variant,
)


def type_name(model: str) -> str:
    """Return what `contract` calls the type of what a model dumps: a mere part of a file ends in `Text`."""
    bare = model.removesuffix("File").removesuffix("Entry").removesuffix("Model")
    return bare if bare != model else f"{model}Text"


class Identified(Closed):
    """One of several, each with a file of its own."""

    id: Id
    """Its id: the stem of its file."""


class StrategyModel(StrategyFile, Identified):
    """A way to annotate."""


class CompiledMeasureModel(Measure):
    """A figure, measured in annotation files, that answers a question."""

    complete: bool
    """Whether it has a level for every answer."""


class QuestionModel(QuestionFile, Identified):
    """What is asked, why, and the answers with what each means."""

    measured: Many[CompiledMeasureModel] = ()
    """Figures that answer it, the first that is sure before the others."""


class ArchitectureModel(Variant):
    """One trained size of a model family, for one strategy."""

    family: str
    """The family that it belongs to."""
    pareto: bool
    """Whether no model of the tier that was measured alike is both as accurate and as light, and better in one."""
    role: str | None
    """`start_with` or `most_accurate` in its tier, for this field and these wishes; null for all others."""
    why: str | None
    """Why it has this role; null for those without one."""


class AssistantModel(AssistantFile, Identified):
    """A model that helps labelling: it draws labels for people to check and correct."""


class TipModel(Claim, Identified):
    """Advice that applies to a recommendation."""


class CompiledTipModel(Conditional):
    """A tip with the conditions under which it applies."""

    tip: TipModel
    """The tip."""
    warning: bool
    """Whether it warns that the recommendation may be wrong."""


class TreeModel(TreeFile, Identified):
    """A decision tree; its first node is where the walk starts."""

    digest: str
    """SHA-256 over the tree and all knowledge that it can refer to."""


class CompiledModel(Closed):
    """Everything a rule set says, with nothing left to resolve."""

    tree: TreeModel
    """The decision tree."""
    questions: dict[Id, QuestionModel]
    """By id, as the rest of its kind."""
    strategies: dict[Id, StrategyModel]
    """Those that the tree offers first, in its order."""
    architectures: dict[Id, list[ArchitectureModel]]
    """By strategy: the most accurate of each tier first."""
    assistants: list[AssistantModel]
    """Those of the lowest rank first, as tips."""
    tips: list[CompiledTipModel]
    """See `assistants`."""
    effort: EffortFile
    """What labelling takes."""
    guideline: GuidelineFile
    """What a labelling guideline says."""
    domains: dict[Id, KnownDomain]
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
