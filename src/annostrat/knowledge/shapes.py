"""The shapes of the knowledge once it is compiled: what JSON output shows of it, word for word.

Only types: nothing but the type checker and the JSON Schemas imports this module, so that start-up does not pay for it.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only


class ClaimText(TypedDict):
    """A sentence stated as true, with where that is written."""

    text: str
    """The claim."""
    sources: list[str]
    """Ids of the references that state it."""


class ConversionText(TypedDict):
    """What labels can be turned into without labelling again."""

    strategy: str
    """The strategy whose labels result."""
    how: str
    """How the conversion works."""
    loses: str
    """What is lost, or missing, afterwards."""
    exact: bool
    """Whether the labels hold all that it takes, so that nothing is guessed."""


class Strategy(TypedDict):
    """A way to annotate."""

    id: str
    """The strategy's id, for example `object_detection`."""
    title: str
    """The strategy's name in the field."""
    label: str
    """What an annotator draws."""
    summary: str
    """What it is and when it is right."""
    gives: str
    """What one gains by choosing it."""
    costs: str
    """What one pays for it."""
    when_not: str
    """When it is the wrong choice, and what happens then."""
    benefits: list[ClaimText]
    """What speaks for it."""
    drawbacks: list[ClaimText]
    """What speaks against it."""
    converts_to: list[ConversionText]
    """Which other labels can be derived from these."""
    tells_apart: bool
    """Whether the labels tell single objects apart."""
    combines: list[str]
    """Strategies whose labels it holds at once."""
    gaps: dict[str, str]
    """Tiers for which the catalogue has no architecture, and why."""


class MetricText(TypedDict):
    """An accuracy that was published for a variant."""

    name: str
    """The metric, for example `box AP`."""
    dataset: str
    """The data set and split that it was measured on."""
    value: float
    """The accuracy, in per cent."""


class HandleText(TypedDict):
    """What to paste to use a variant."""

    library: str
    """The package that provides it."""
    call: str
    """The class, function or configuration to name."""
    install: str | None
    """How the package is installed."""


class LatencyText(TypedDict):
    """How long one image takes."""

    ms: float
    """Milliseconds for one image, batch 1."""
    hardware: str
    """The hardware, the software and, where it is not the variant's own, the input size."""


class TrainingMemoryText(TypedDict):
    """What training takes."""

    gb: float
    """Memory of one GPU, in GB."""
    images: int | None
    """Images that one GPU trains on at a time."""


class Architecture(TypedDict):
    """One trained size of a model family, for one strategy."""

    id: str
    """The variant's id."""
    title: str
    """The variant's name, as published."""
    family: str
    """The family that it belongs to."""
    strategy: str
    """The strategy whose labels it learns from."""
    domains: list[str]
    """The fields that it was made for, outside of which it is not offered; empty for any."""
    made_for: list[str]
    """The things in these fields that it was made for; empty for any of them."""
    tier: str
    """Where it runs: `edge` (CPU or small device), `gpu` (one consumer GPU), `server`."""
    year: int
    """When it was published."""
    status: str
    """`current`, `frozen` (works, not developed), `emerging`, `superseded` or `legacy`."""
    params_m: float | None
    """Parameters, in millions."""
    gflops: float | None
    """Floating-point operations of one image at `input`, in 10^9; a multiply-accumulate counts as two."""
    input: str | None
    """The input size that `gflops` holds for, in pixels."""
    metric: MetricText | None
    """The accuracy that variants of one strategy are compared by."""
    fine_tuning: MetricText | None
    """The accuracy on data sets that it was fine-tuned on, which tells more of a project of one's own."""
    latency: list[LatencyText]
    """How long one image takes, on each hardware that somebody measured it on."""
    train_memory: TrainingMemoryText | None
    """What training took where somebody stated it."""
    handle: HandleText
    """What to paste to use it."""
    code_licence: str
    """The licence of the code."""
    weights_licence: str
    """The licence of the published weights."""
    permissive: str
    """Whether both licences let anyone ship a closed product: `yes`, `no`, or `data_terms` where they do and terms of
    the data that the weights were trained on may not."""
    licence_note: str | None
    """What to watch out for in the licences."""
    pareto: bool
    """Whether no model of the tier that was measured alike is both as accurate and as light, and better in one."""
    role: str | None
    """`start_with` or `most_accurate` in its tier, for this field and these wishes; null for all others."""
    why: str | None
    """Why it has this role; null for those without one."""
    superseded_by: list[str]
    """Ids of the variants to take instead."""
    named_by_article: bool
    """Whether the article of 2021 names it."""
    note: str | None
    """What a user must know before choosing it."""
    sources: list[str]
    """Ids of the references that its figures and licences come from."""


class SizeText(TypedDict):
    """One published size of an assistant."""

    title: str
    """What the publisher calls it."""
    params_m: float
    """Parameters, in millions."""


class ToolText(TypedDict):
    """A labelling tool that brings an assistant along."""

    tool: str
    """The tool's name."""
    sources: list[str]
    """Ids of the references that say so."""


class Assistant(TypedDict):
    """A model that helps labelling: it draws labels for people to check and correct."""

    id: str
    """The assistant's id."""
    title: str
    """Its name."""
    draws: list[str]
    """Ids of the strategies whose labels it draws."""
    prompts: list[str]
    """What it must be told, any of: `text` or `example` for all objects, `point` or `box` for each, `none`."""
    domains: list[str]
    """The fields that it was made for; empty for any."""
    made_for: list[str]
    """The things in these fields that it was made for; empty for any of them."""
    not_for: list[str]
    """The fields in which it is known to fail."""
    year: int
    """When it was published."""
    code_licence: str
    """The licence of the code."""
    weights_licence: str
    """The licence of the published weights."""
    permissive: str
    """Whether both licences let anyone ship a closed product: `yes`, `no`, or `data_terms` where they do and terms of
    the data that the weights were trained on may not."""
    licence_note: str | None
    """What to watch out for in the licences."""
    sizes: list[SizeText]
    """Its published sizes."""
    handle: HandleText
    """What to paste to use it."""
    tools: list[ToolText]
    """Labelling tools that bring it along."""
    strengths: list[ClaimText]
    """What it is known to do well."""
    fails: list[ClaimText]
    """Where it is known to fail."""
    check: str
    """How to find out on one's own images whether it helps."""
    sources: list[str]
    """Ids of the references that all of this comes from."""


class Tip(TypedDict):
    """Advice that applies to a recommendation."""

    id: str
    """The tip's id."""
    text: str
    """The advice."""
    sources: list[str]
    """Ids of the references behind it."""


class Reference(TypedDict):
    """One entry of the bibliography."""

    title: str
    """What it is called."""
    authors: str | None
    """Who wrote it."""
    year: int | None
    """When it appeared."""
    url: str | None
    """Where it can be read."""
    note: str | None
    """What was read there, or how a figure was measured."""


class AnswerText(TypedDict):
    """One answer that a question offers."""

    title: str
    meaning: str
    example: str | None
    tier: str | None


class Measure(TypedDict):
    """A figure, measured in annotation files, that answers a question."""

    figure: str
    levels: dict[str, list[float]]
    complete: bool
    calibrated: str
    note: str | None
    lower_bound: bool
    needs_event: bool
    sources: list[str]


class Question(TypedDict):
    """What is asked, why, and the answers with what each means."""

    id: str
    title: str
    ask: str
    why: str
    help: str
    example: str | None
    several: bool
    answers: dict[str, AnswerText]
    measured: list[Measure]


class When(TypedDict):
    """When advice applies: for some strategies, to some answers, in some fields; everything given must hold."""

    strategies: list[str]
    answers: dict[str, list[str]]
    domains: list[str]


class Unless(TypedDict):
    """What makes advice pointless: some answers, some fields; any of it will do."""

    answers: dict[str, list[str]]
    domains: list[str]


class CompiledTip(TypedDict):
    """A tip with the conditions under which it applies."""

    tip: Tip
    warning: bool
    when: When
    unless: Unless


class SourcedInterval(TypedDict):
    """A published range, with where it was published."""

    low: float
    typical: float
    high: float
    open_end: bool
    sources: list[str]


class EffortRate(TypedDict):
    """What one unit of a strategy's label takes."""

    unit: str
    seconds: SourcedInterval | None
    assisted: SourcedInterval | None
    high_includes_quality: bool
    each_image: SourcedInterval | None
    outlines: str | None
    most_objects: float | None
    note: str


class PlanShare(TypedDict):
    """The part of the images that gets the dear label."""

    low: float
    typical: float
    high: float


class EffortPlan(TypedDict):
    """Cheap labels for all images, dear ones for a part."""

    for_: str
    unless: dict[str, list[str]]
    all: str | None
    coarse_seconds: float | None
    share: PlanShare
    assumed_share: bool
    text: str
    sources: list[str]


class RuleOfThumbText(TypedDict):
    """How many labels somebody recommends for each class."""

    strategies: list[str]
    labels: int
    text: str
    sources: list[str]


class EffortRates(TypedDict):
    """What labelling takes."""

    rates: dict[str, EffortRate]
    quality_share: SourcedInterval
    week_hours: float
    week_sources: list[str]
    rules_of_thumb: list[RuleOfThumbText]
    plans: list[EffortPlan]


class AdviceText(TypedDict):
    """One rule for annotators, under a topic."""

    topic: str
    text: str
    when: When
    unless: Unless
    ours: bool
    sources: list[str]


class AttributeText(TypedDict):
    """What annotators note of every object."""

    id: str
    text: str
    values: list[str]
    when: When
    unless: Unless
    sources: list[str]


class DecisionText(TypedDict):
    """An edge case to decide."""

    ask: str
    when: When
    unless: Unless


class AgreementText(TypedDict):
    """How far careful people agree, in per cent."""

    strategies: list[str]
    measure: str
    low: float
    high: float
    text: str
    sources: list[str]


class DoubleLabelText(TypedDict):
    """How many images two people label."""

    at_least: int
    share: float
    text: str
    sources: list[str]


class PilotText(TypedDict):
    """How many images are labelled before the first review."""

    at_least: int
    at_most: int
    objects: int
    text: str
    sources: list[str]


class SkeletonText(TypedDict):
    """Named points in common use for some classes."""

    classes: list[str]
    points: list[str]
    edges: list[list[str]]
    sources: list[str]


class Guideline(TypedDict):
    """What a labelling guideline says."""

    topics: dict[str, str]
    rules: list[AdviceText]
    attributes: list[AttributeText]
    decisions: list[DecisionText]
    agreement: list[AgreementText]
    double_label: DoubleLabelText
    pilot: PilotText
    skeletons: list[SkeletonText]


class FindingText(TypedDict):
    """A kind of finding in labels."""

    severity: Literal["error", "warning", "note"]
    of: str | None
    one: str
    many: str
    advice: str


class DatasetText(TypedDict):
    """A data set that models are compared by or trained on."""

    title: str
    shows: str
    domains: list[str]
    terms: str | None


class DomainText(TypedDict):
    """A field that a use case, a project or an architecture may name."""

    title: str
    meaning: str
    words: list[str]


class ExpertDecision(TypedDict):
    """A project, with the answers of the first rater and what its experts chose."""

    name: str
    title: str
    year: int | None
    domain: str | None
    objects: str | None
    answers: dict[str, str]
    expect: str
    source: str


class FigureText(TypedDict):
    """A figure that measuring reports."""

    title: str
    kind: Literal["share", "count", "spread"]
    meaning: str
    by_class: bool


class CompiledBranch(TypedDict):
    """A branch, for each of the answers it names."""

    when: list[str]
    because: str
    strategy: str | None
    go: str | None


class CompiledNode(TypedDict):
    """A node; the first of a tree is where the walk starts."""

    id: str
    ask: str
    branches: list[CompiledBranch]


class SecondOpinionOf(TypedDict):
    """Another rule set that is asked as well."""

    rules: str
    ask: str
    because: str


class Compiled(TypedDict):
    """Everything a rule set says, resolved: what the cache keeps."""

    id: str
    title: str
    version: str
    digest: str
    licence: str
    attribution: str | None
    summary: str
    sources: list[str]
    offered: list[str]
    second_opinion: SecondOpinionOf | None
    nodes: list[CompiledNode]
    questions: dict[str, Question]
    strategies: dict[str, Strategy]
    architectures: dict[str, list[Architecture]]
    assistants: list[Assistant]
    tips: list[CompiledTip]
    effort: EffortRates
    guideline: Guideline
    domains: dict[str, DomainText]
    datasets: dict[str, DatasetText]
    findings: dict[str, FindingText]
    figures: dict[str, FigureText]
    start_with: dict[str, str]
    decisions: list[ExpertDecision]
    references: dict[str, Reference]
