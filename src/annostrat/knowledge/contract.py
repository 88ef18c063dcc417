"""The types of compiled rules: what `rules.strategies["points"]` holds, without importing pydantic.

Generated from `models`, where the fields are described: `python -m annostrat.knowledge.models.generate`.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only


class ConditionText(TypedDict):
    strategies: list[str]
    answers: dict[str, list[str]]
    domains: list[str]


class ExclusionText(TypedDict):
    answers: dict[str, list[str]]
    domains: list[str]


class AdviceText(TypedDict):
    when: ConditionText
    unless: ExclusionText
    sources: list[str]
    topic: str
    text: str
    ours: bool


class AgreementFigureText(TypedDict):
    sources: list[str]
    strategies: list[str]
    measure: str
    figure: str | None
    low: float
    high: float
    text: str


class AnswerText(TypedDict):
    title: str
    meaning: str
    example: str | None
    tier: Literal["edge", "gpu", "server"] | None
    implies: dict[str, str]


class HandleText(TypedDict):
    library: str
    call: str
    install: str | None


class LatencyText(TypedDict):
    ms: float
    hardware: str


class MetricText(TypedDict):
    value: float
    name: str
    dataset: str


class TrainingMemoryText(TypedDict):
    gb: float
    images: int | None


class Architecture(TypedDict):
    code_licence: str
    weights_licence: str
    trained_on: list[str]
    id: str
    title: str
    strategy: str
    domains: list[str]
    made_for: list[str]
    tier: Literal["edge", "gpu", "server"]
    year: int
    status: Literal["current", "frozen", "superseded", "legacy", "emerging"]
    named_by_article: bool
    params_m: float | None
    input: str | None
    metric: MetricText | None
    fine_tuning: MetricText | None
    latency: list[LatencyText]
    train_memory: TrainingMemoryText | None
    start_with: str | None
    handle: HandleText
    superseded_by: list[str]
    note: str | None
    family: str
    pareto: bool
    role: str | None
    why: str | None
    permissive: Literal["yes", "no", "data_terms"]
    licence_note: str | None
    gflops: float | None
    sources: list[str]


class AssistantSizeText(TypedDict):
    title: str
    params_m: float


class BuiltInText(TypedDict):
    sources: list[str]
    tool: str


class ClaimText(TypedDict):
    sources: list[str]
    text: str


class Assistant(TypedDict):
    id: str
    sources: list[str]
    code_licence: str
    weights_licence: str
    trained_on: list[str]
    title: str
    draws: list[str]
    prompts: list[Literal["text", "example", "point", "box", "none"]]
    domains: list[str]
    made_for: list[str]
    not_for: list[str]
    rank: int
    year: int
    sizes: list[AssistantSizeText]
    handle: HandleText
    tools: list[BuiltInText]
    strengths: list[ClaimText]
    fails: list[ClaimText]
    check: str
    permissive: Literal["yes", "no", "data_terms"]
    licence_note: str | None


class AttributeText(TypedDict):
    when: ConditionText
    unless: ExclusionText
    sources: list[str]
    id: str
    text: str
    values: list[str]


class CompiledMeasure(TypedDict):
    sources: list[str]
    figure: str
    levels: dict[str, list[float]]
    calibrated: str
    note: str | None
    lower_bound: bool
    needs_event: bool
    complete: bool


class Tip(TypedDict):
    id: str
    sources: list[str]
    text: str


class CompiledTip(TypedDict):
    when: ConditionText
    unless: ExclusionText
    tip: Tip
    warning: bool


class ConversionText(TypedDict):
    strategy: str
    how: str
    loses: str
    exact: bool


class DatasetText(TypedDict):
    sources: list[str]
    title: str
    shows: str
    domains: list[str]
    terms: str | None


class DecisionText(TypedDict):
    when: ConditionText
    unless: ExclusionText
    ask: str


class DoubleLabelText(TypedDict):
    sources: list[str]
    at_least: int
    share: float
    text: str


class IntervalText(TypedDict):
    sources: list[str]
    low: float
    typical: float
    high: float
    open_end: bool


class ImageShareText(TypedDict):
    low: float
    typical: float
    high: float


class PlanText(TypedDict):
    sources: list[str]
    for_: str
    unless: dict[str, list[str]]
    all: str | None
    coarse_seconds: float | None
    share: ImageShareText
    assumed_share: bool
    text: str


class PartOfTimeText(TypedDict):
    sources: list[str]
    low: float
    typical: float
    high: float
    open_end: bool


class RateText(TypedDict):
    unit: Literal["object", "image", "class"]
    seconds: IntervalText | None
    assisted: IntervalText | None
    high_includes_quality: bool
    each_image: IntervalText | None
    outlines: str | None
    surfaces: PartOfTimeText | None
    most_objects: float | None
    note: str


class RuleOfThumbText(TypedDict):
    sources: list[str]
    text: str
    strategies: list[str]
    labels: int


class Effort(TypedDict):
    rates: dict[str, RateText]
    quality_share: IntervalText
    week_hours: float
    rules_of_thumb: list[RuleOfThumbText]
    plans: list[PlanText]
    week_sources: list[str]


class ExpertDecision(TypedDict):
    name: str
    title: str
    year: int | None
    domain: str | None
    objects: str | None
    answers: dict[str, str]
    expect: str
    source: str


class FigureKindText(TypedDict):
    sources: list[str]
    title: str
    kind: Literal["share", "count", "spread", "coefficient"]
    meaning: str
    by_class: bool
    of: Literal["labels", "agreement"]


class FindingKindText(TypedDict):
    severity: Literal["error", "warning", "note"]
    of: str | None
    one: str
    many: str
    advice: str


class PilotSizeText(TypedDict):
    sources: list[str]
    at_least: int
    at_most: int
    objects: int
    text: str


class SkeletonText(TypedDict):
    sources: list[str]
    classes: list[str]
    points: list[str]
    edges: list[list[str]]


class Guideline(TypedDict):
    topics: dict[str, str]
    rules: list[AdviceText]
    attributes: list[AttributeText]
    decisions: list[DecisionText]
    agreement: list[AgreementFigureText]
    double_label: DoubleLabelText
    pilot: PilotSizeText
    skeletons: list[SkeletonText]


class KnownDomainText(TypedDict):
    title: str
    meaning: str
    words: list[str]


class Question(TypedDict):
    id: str
    title: str
    ask: str
    why: str
    help: str
    example: str | None
    several: bool
    answers: dict[str, AnswerText]
    measured: list[CompiledMeasure]


class Reference(TypedDict):
    title: str
    authors: str | None
    year: int | None
    url: str | None
    note: str | None


class SecondOpinionRulesText(TypedDict):
    rules: str
    ask: str
    because: str


class Strategy(TypedDict):
    id: str
    title: str
    label: str
    summary: str
    gives: str
    costs: str
    when_not: str
    benefits: list[ClaimText]
    drawbacks: list[ClaimText]
    converts_to: list[ConversionText]
    tells_apart: bool
    combines: list[str]
    gaps: dict[str, str]


class TreeBranchText(TypedDict):
    when: list[str]
    because: str
    strategy: str | None
    go: str | None


class TreeNodeText(TypedDict):
    id: str
    ask: str
    branches: list[TreeBranchText]


class Tree(TypedDict):
    id: str
    sources: list[str]
    title: str
    version: str
    licence: str
    attribution: str | None
    summary: str
    strategies: list[str]
    nodes: list[TreeNodeText]
    second_opinion: SecondOpinionRulesText | None
    digest: str


class Compiled(TypedDict):
    tree: Tree
    questions: dict[str, Question]
    strategies: dict[str, Strategy]
    architectures: dict[str, list[Architecture]]
    assistants: list[Assistant]
    tips: list[CompiledTip]
    effort: Effort
    guideline: Guideline
    domains: dict[str, KnownDomainText]
    datasets: dict[str, DatasetText]
    findings: dict[str, FindingKindText]
    figures: dict[str, FigureKindText]
    decisions: list[ExpertDecision]
    references: dict[str, Reference]
