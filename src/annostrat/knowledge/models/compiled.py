"""The models of compiled rules: those of the files, with the fields that follow from other files.

`contract` and the JSON Schemas are made from them; `loader` fills them in.
"""

from __future__ import annotations

from annostrat.knowledge.models import rules
from annostrat.knowledge.models.guideline import GuidelineFile  # noqa: TC001 - pydantic reads it


def type_name(model: str) -> str:
    """Return the name that `contract` gives to the dump of a model; parts of files end in `Text`."""
    bare = model.removesuffix("File").removesuffix("Entry").removesuffix("Model")
    return bare if bare != model else f"{model}Text"


class Identified(rules.Closed):
    """One of several, each with a file of its own."""

    id: rules.Id
    """Its id: the stem of its file."""


class StrategyModel(rules.StrategyFile, Identified):
    """A way to annotate."""


class CompiledMeasureModel(rules.Measure):
    """A figure, measured in annotation files, that answers a question."""

    complete: bool
    """Whether it has a level for every answer."""


class QuestionModel(rules.QuestionFile, Identified):
    """What is asked, why, and the answers with what each means."""

    measured: rules.Many[CompiledMeasureModel] = ()
    """Figures that answer it, in order of preference."""


class ArchitectureModel(rules.Variant):
    """One trained size of a model family, for one strategy."""

    family: str
    """The family that it belongs to."""
    pareto: bool
    """Whether no comparable model of the tier is at least as accurate and as light, and better in one of the two."""
    role: str | None
    """`start_with` or `most_accurate` in its tier, for this field and these requirements; null for others."""
    why: str | None
    """Why it has this role; null for those without one."""


class AssistantModel(rules.AssistantFile, Identified):
    """A model that draws labels for people to check and correct."""


class TipModel(rules.Claim, Identified):
    """Advice that applies to a recommendation."""


class CompiledTipModel(rules.Conditional):
    """A tip with the conditions under which it applies."""

    tip: TipModel
    """The tip."""
    warning: bool
    """Whether it warns that the recommendation may be wrong."""


class TreeModel(rules.TreeFile, Identified):
    """A decision tree; its first node is where the walk starts."""

    digest: str
    """SHA-256 over the tree and all knowledge that it can refer to."""


class CompiledModel(rules.Closed):
    """Everything a rule set says, with nothing left to resolve."""

    tree: TreeModel
    """The decision tree."""
    questions: dict[rules.Id, QuestionModel]
    """By id."""
    strategies: dict[rules.Id, StrategyModel]
    """Those that the tree offers first, in its order."""
    architectures: dict[rules.Id, list[ArchitectureModel]]
    """By strategy: the most accurate of each tier first."""
    assistants: list[AssistantModel]
    """Sorted by rank."""
    tips: list[CompiledTipModel]
    """Sorted by rank."""
    effort: rules.EffortFile
    """Labelling times."""
    guideline: GuidelineFile
    """The contents of labelling guidelines."""
    domains: dict[rules.Id, rules.KnownDomain]
    """The closed list of fields."""
    datasets: dict[rules.Id, rules.Dataset]
    """Data sets that models are compared by or trained on."""
    findings: dict[rules.Id, rules.FindingKind]
    """Kinds of findings in labels."""
    figures: dict[rules.Id, rules.FigureKind]
    """Figures that measuring reports."""
    decisions: list[rules.ExpertDecisionEntry]
    """Projects with the choice of their experts."""
    references: dict[rules.Id, rules.ReferenceEntry]
    """The bibliography, the user's own entries before the shipped ones of the same id."""
