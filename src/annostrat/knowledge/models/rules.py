"""What each file under rules/ may say: closed, frozen pydantic models, one a kind of file.

Here alone the fields of the knowledge are written. How a file is read follows from the models, and so do the JSON
Schemas and what is compiled: `model_dump(mode="json")`, which leaves out what only authors and proofs need
(`exclude`), and adds what follows from the rest (`computed_field`). `compiled` says what is added when files meet;
`contract` is generated from both. That names resolve and trees are sound is checked by `integrity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    RootModel,
    Strict,
    computed_field,
    field_serializer,
    model_validator,
)

from annostrat.errors import printable
from annostrat.knowledge.rule_set import PERMISSIVE
from annostrat.knowledge.tree import UNKNOWN

Tier = Literal["edge", "gpu", "server"]
"""Where a trained model runs: CPU or small device; one consumer GPU (24 GB or less); server or cluster."""

_ADDRESS = r"^https?://[!-;=?-~]+$"
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=80)]


Kind = Literal[
    "question", "answer", "level", "strategy", "variant", "domain", "dataset", "figure", "reference", "topic", "node"
]


@dataclass(frozen=True)
class Names:
    """Marks a field whose words name things that are defined elsewhere: its word, its list, or the keys of its mapping.

    The keys of a mapping that names questions have answers as their values. `integrity` finds the words that name
    nothing.
    """

    kind: Kind
    """What they name; a level is an answer that must be one of those offered."""


def _as_line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise ValueError("text should have at least 1 character")
    if printable(line) != line:
        raise ValueError(f"holds a character that cannot be seen: {printable(line)}")
    return line


Text = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_as_line)]


Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_T = TypeVar("_T")
Many = Annotated[tuple[_T, ...], Strict(strict=False)]
"""A list in YAML; all other types are strict, so that "3" is not a number."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_OneOrMore = BeforeValidator(_as_list, json_schema_input_type=Text | tuple[Text, ...])
Words = Annotated[tuple[Text, ...], Strict(strict=False), _OneOrMore]
"""One word, or a list of words."""
Strategies = Annotated[Words, Names("strategy")]
Domains = Annotated[Words, Names("domain")]
Answers = Annotated[dict[Id, Annotated[Words, Field(min_length=1)]], Names("question")]
"""Questions, each with one of its answers or with several."""


def describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Give the keys of a model's JSON Schema the docstrings under its fields.

    Pydantic would do that whenever it makes the model, which takes longer than all else that a start does with it.
    """
    for kind in reversed(model.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            for key, text in _docstrings(kind.__module__).get(kind.__name__, {}).items():
                field = model.model_fields.get(key)
                name = field.alias if field and field.alias else key
                if name in schema.get("properties", {}):
                    schema["properties"][name]["description"] = text


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Return the fields that each class of a module writes, with the text under each."""
    import ast
    import inspect
    import sys

    classes = [
        part for part in ast.parse(inspect.getsource(sys.modules[module])).body if isinstance(part, ast.ClassDef)
    ]
    return {
        written.name: {
            field.target.id: inspect.cleandoc(str(after.value.value))
            for field, after in pairwise(written.body)
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        }
        for written in classes
    }


class Closed(BaseModel):
    """A part of a rule file that holds its own keys and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True, json_schema_extra=describe)


class Stated(Closed):
    """Something that can be looked up: it says where it comes from."""

    sources: Annotated[Words, Names("reference")] = ()
    """Ids in references.yaml."""

    def may_lack_sources(self) -> bool:
        """Return whether it may lack a source."""
        return False


class Seen(Closed):
    """Something that tells how it was seen in its source."""

    seen: Annotated[Literal["primary", "abstract", "secondary", "derived", "measured"], Field(exclude=True)] = "primary"
    """How it was seen: read in the primary source, only in its abstract, in another document that quotes it, computed
    from such figures, or measured by running the published code."""


class Gathered(Stated):
    """Something whose sources are compiled into those of the entry that it is a part of."""

    sources: Annotated[Words, Names("reference"), Field(exclude=True)] = ()
    """Ids in references.yaml."""


class ById(RootModel[Any]):
    """A rule file that says the same of many things, each under its id."""

    model_config = ConfigDict(defer_build=True)


def sources_in(part: object) -> list[str]:
    """Return the ids of all sources that a part of a file names, each once, its own before those of its parts."""
    if isinstance(part, BaseModel):
        named = [*part.sources] if isinstance(part, Stated) else []
        inside: tuple[object, ...] = tuple(getattr(part, name) for name in type(part).model_fields if name != "sources")
    else:
        named, inside = [], part if isinstance(part, tuple) else ()
    return list(dict.fromkeys([*named, *(source for value in inside for source in sources_in(value))]))


class Claim(Stated, Seen):
    """A sentence that the knowledge states, with where that is written."""

    text: Text
    """What is stated, in our own words."""


class Answer(Closed):
    """One answer that a question offers."""

    title: Text
    """The answer as a person says it."""
    meaning: Text
    """What the answer means in operation, so that two people answer alike."""
    example: Text | None = None
    """A case or two in a few words, to be shown beside the answer."""
    tier: Tier | None = None
    """The tier of architectures that this answer selects, where it selects one."""
    implies: Annotated[dict[Id, Id], Names("question")] = {}
    """Answers to other questions that hold where this answer is one of several and these are not answered."""


Rank = Annotated[int, Field(ge=0, le=100)]

Level = Annotated[
    tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...],
    Strict(strict=False),
    Field(min_length=2, max_length=2),
]
"""From where to where a figure speaks for an answer; the ends belong to it."""


def _but_unknown(answer: str) -> str:
    if answer == UNKNOWN:
        raise ValueError("every question accepts `unknown`, so it is not listed")
    return answer


class Measure(Stated):
    """A figure, measured in annotation files, that answers the question."""

    figure: Annotated[Id, Names("figure")]
    """The figure, as `annostrat measure` calls it."""
    levels: Annotated[dict[Id, Level], Names("level"), Field(min_length=1)]
    """From where to where the figure speaks for an answer; what no answer claims says nothing."""
    calibrated: Text
    """What the levels were calibrated on, and how well they hold there."""
    note: Text | None = None
    """What the figure cannot see."""
    lower_bound: bool = False
    """Whether what the question asks for can be more, but not less, than the figure says."""
    needs_event: bool = False
    """Whether a figure of 0 means that nobody recorded anything, and says nothing."""

    @model_validator(mode="after")
    def _levels_are_apart(self) -> Self:
        ends = sorted((low, high) for low, high in self.levels.values())
        if any(low >= high for low, high in ends):
            raise ValueError("a level goes from a lower to a higher end")
        if any(one[1] > other[0] for one, other in pairwise(ends)):
            raise ValueError("levels overlap: a figure would speak for two answers")
        return self


class QuestionFile(Closed):
    """rules/questions/<id>.yaml: what is asked, why, and the answers with what each means."""

    title: Text
    """The question's subject in a word or two."""
    ask: Text
    """The question, as it is put to a person."""
    why: Text
    """Why the answer changes how to annotate."""
    help: Text
    """How to find the answer, for someone who is not a specialist."""
    example: Text | None = None
    """A case that shows the difference between the answers."""
    several: bool = False
    """Whether a project may give several answers; what covers all of them is then recommended."""
    answers: Annotated[dict[Annotated[Id, AfterValidator(_but_unknown)], Answer], Field(min_length=2)]
    """The answers offered, in order; `unknown` is always allowed and is not listed."""
    measured: Many[Measure] = ()
    """Figures that answer it, the first that is sure before the others; none, where labels do not tell."""


class Conversion(Closed):
    """What the labels of a strategy can be turned into without labelling again."""

    strategy: Annotated[Id, Names("strategy")]
    """The strategy whose labels result."""
    how: Text
    """How the conversion works."""
    loses: Text
    """What is lost, or missing, afterwards."""
    exact: bool = True
    """Whether the labels hold all that it takes, so that nothing is guessed."""


class StrategyFile(Closed):
    """rules/strategies/<id>.yaml: a way to annotate."""

    title: Text
    """The strategy's name in the field."""
    label: Text
    """What an annotator draws."""
    summary: Text
    """What it is and when it is right, in a sentence or two."""
    gives: Text
    """What one gains by choosing it, as the end of 'you gain …'."""
    costs: Text
    """What one pays for it, as the end of 'it costs …'."""
    when_not: Text
    """When it is the wrong choice, and what happens then."""
    benefits: Annotated[Many[Claim], Field(min_length=1)]
    """What speaks for it."""
    drawbacks: Annotated[Many[Claim], Field(min_length=1)]
    """What speaks against it."""
    converts_to: Many[Conversion] = ()
    """Which other labels can be derived from these."""
    tells_apart: bool
    """Whether the labels tell single objects apart."""
    combines: Strategies = ()
    """Strategies whose labels it holds at once, for classes that need different ones."""
    gaps: dict[Tier, Text] = {}
    """Tiers for which the catalogue has no architecture, and why."""


class Figure(Gathered, Seen):
    """A number with where it is written."""

    value: Positive
    """The number, in the unit that the field's name gives."""


Number = Annotated[Figure, PlainSerializer(lambda figure: figure.value, return_type=float)]
"""A figure that is compiled to its value."""


class Metric(Figure):
    """An accuracy that was published for a variant."""

    name: Text
    """The metric, for example `box AP`; `value` is in per cent."""
    dataset: Text
    """The data set and split that it was measured on."""


class Handle(Closed):
    """What to paste to use a variant."""

    library: Text
    """The package that provides it."""
    call: Text
    """The class, function or configuration to name."""
    install: Text | None = None
    """How the package is installed."""


class Licence(Gathered):
    """A licence, as its publisher states it."""

    name: Text
    """The SPDX name, or the licence's own name; `not stated` where the publisher says nothing."""
    note: Text | None = None
    """What to watch out for."""

    def may_lack_sources(self) -> bool:
        """Return whether the publisher states no licence, so that there is nothing to look up."""
        return self.name == "not stated"


class Licensed(Closed):
    """A model, by the one rule for licences: that of the code covers weights of which nothing is stated separately.

    Where both let anyone ship a closed product, terms of the data that the weights were trained on may still be in
    the way; `compiled` adds these.
    """

    code_licence: Annotated[Licence, PlainSerializer(lambda licence: licence.name, return_type=str)]
    """The licence of the code."""
    weights_licence: Licence | None = None
    """The licence of the published weights; where nothing is said of them apart, that of the code covers them."""
    trained_on: Annotated[Words, Names("dataset")] = ()
    """Ids of the data sets in datasets.yaml that the published weights were trained on, if their terms matter."""

    @field_serializer("weights_licence")
    def _name_of_weights_licence(self, licence: Licence | None) -> str:
        return (licence or self.code_licence).name

    @computed_field  # type: ignore[prop-decorator]
    @property
    def permissive(self) -> Literal["yes", "no", "data_terms"]:
        """Whether both licences let anyone ship a closed product.

        `data_terms` where they do, and terms of the data that the weights were trained on may not.
        """
        licences = {self.code_licence.name, (self.weights_licence or self.code_licence).name}
        return "no" if licences - PERMISSIVE else "yes"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def licence_note(self) -> str | None:
        """What to watch out for in the licences."""
        notes = [licence.note for licence in (self.code_licence, self.weights_licence) if licence and licence.note]
        if self.weights_licence is None:
            notes.append("Nothing is said of the weights apart, so the licence of the code is taken to cover them.")
        return " ".join(dict.fromkeys(notes)) or None


class Latency(Gathered, Seen):
    """How long one image takes."""

    ms: Positive
    """Milliseconds for one image, batch 1."""
    hardware: Text
    """The hardware, the software and, where it is not the variant's own, the input size."""


class TrainingMemory(Gathered, Seen):
    """What training takes."""

    gb: Positive
    """Memory of one GPU, in GB."""
    images: Annotated[int, Field(ge=1)] | None = None
    """Images that one GPU trains on at a time."""


class Variant(Licensed):
    """One trained size of an architecture for one strategy."""

    id: Id
    """Unique over all families."""
    title: Text
    """The variant's name, as published."""
    strategy: Annotated[Id, Names("strategy")]
    """The strategy whose labels it learns from."""
    domains: Domains = ()
    """The fields that it was made for, where it comes first and outside of which it is not offered; none for any."""
    made_for: Words = ()
    """The things in these fields that it was made for, each in a word or two; none for any of them."""
    tier: Tier
    """Where it runs: `edge` (CPU or small device), `gpu` (one consumer GPU), `server`."""
    year: Annotated[int, Field(ge=2010, le=2100)]
    """When it was published."""
    status: Literal["current", "frozen", "superseded", "legacy", "emerging"]
    """Whether it is developed; `frozen` works without development, `emerging` is new and from one source."""
    named_by_article: bool = False
    """Whether the article of 2021 that this project started from names it."""
    params_m: Number | None = None
    """Parameters, in millions."""
    gmacs: Annotated[Figure | None, Field(exclude=True)] = None
    """Multiply-accumulate operations of one image at `input`, in 10^9; GFLOPs are twice this."""
    input: Text | None = None
    """The input size that its operations are counted for, in pixels."""
    metric: Metric | None = None
    """The accuracy that variants of the same strategy are compared by."""
    fine_tuning: Metric | None = None
    """The accuracy after fine-tuning on other datasets, which predicts more about a new project."""
    latency: Many[Latency] = ()
    """How long one image takes, on each hardware that somebody measured it on."""
    train_memory: TrainingMemory | None = None
    """What training took where somebody stated it."""
    start_with: Annotated[Claim, PlainSerializer(lambda claim: claim.text, return_type=str)] | None = None
    """Why a practitioner begins with it, if anything is better known for that than its figures."""
    handle: Handle
    """What to paste."""
    superseded_by: Annotated[Words, Names("variant")] = ()
    """Ids of the variants to take instead."""
    note: Text | None = None
    """What a user must know before choosing it."""

    @model_validator(mode="after")
    def _has_a_successor(self) -> Self:
        if self.status == "superseded" and not self.superseded_by:
            raise ValueError("what is superseded names its successors under `superseded_by`")
        return self

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gflops(self) -> float | None:
        """Floating-point operations of one image at `input`, in 10^9; a multiply-accumulate counts as two."""
        return round(2 * self.gmacs.value, 3) if self.gmacs else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def sources(self) -> list[str]:
        """Ids of the references that its figures and licences come from."""
        return sources_in(self)


class ArchitectureFile(Stated):
    """rules/architectures/<id>.yaml: a model family and its variants."""

    title: Text
    """The family's name."""
    repository: Annotated[str, Field(pattern=r"^(https?://[!-;=?-~]+|[\w.-]+/[\w.-]+)$")] | None = None
    """Where the code is, as owner/name on GitHub or an address."""
    variants: Annotated[Many[Variant], Field(min_length=1)]
    """The trained sizes that a practitioner would pick from."""

    def may_lack_sources(self) -> bool:
        """Return True: a family may lack a paper; its figures may not lack sources."""
        return True


Prompt = Literal["text", "example", "point", "box", "none"]
"""What an assistant must be told: a few words or an example image for all objects, a point or a box for each of them,
or nothing, because it looks for what it was trained on."""


class AssistantSize(Closed):
    """One published size of an assistant."""

    title: Text
    """What the publisher calls it."""
    params_m: Number
    """Parameters, in millions."""


class BuiltIn(Stated):
    """A labelling tool that brings the assistant along."""

    tool: Text
    """The tool's name."""


class AssistantFile(Licensed, Stated):
    """rules/assistants/<id>.yaml: a model that helps labelling: it draws labels for people to check and correct."""

    title: Text
    """The assistant's name."""
    draws: Annotated[Strategies, Field(min_length=1)]
    """The strategies whose labels it draws; what these can be turned into need not be listed."""
    prompts: Annotated[tuple[Prompt, ...], Strict(strict=False), _OneOrMore, Field(min_length=1)]
    """What it must be told; any of these will do."""
    domains: Domains = ()
    """The fields that it was made for, where it comes first and outside of which it is not offered; none for any."""
    made_for: Words = ()
    """The things in these fields that it was made for, each in a word or two; none for any of them."""
    not_for: Domains = ()
    """The fields in which it is known to fail, where it is not offered."""
    rank: Rank = 50
    """Lower comes first among those that suit equally well."""
    year: Annotated[int, Field(ge=2010, le=2100)]
    """When it was published."""
    weights_licence: Licence
    """The licence of the published weights."""
    sizes: Many[AssistantSize] = ()
    """Its published sizes."""
    handle: Handle
    """What to paste."""
    tools: Many[BuiltIn] = ()
    """Labelling tools that bring it along."""
    strengths: Many[Claim] = ()
    """What it is known to do well."""
    fails: Annotated[Many[Claim], Field(min_length=1)]
    """Where it is known to fail."""
    check: Text
    """How to find out on one's own images whether it helps."""

    @model_validator(mode="after")
    def _suits_its_domains(self) -> Self:
        if both := {*self.domains} & {*self.not_for}:
            raise ValueError(f"'{min(both)}' is among `domains` and `not_for`")
        return self

    @field_serializer("sources")
    def _all_sources(self, _: tuple[str, ...]) -> list[str]:
        return sources_in(self)

    def may_lack_sources(self) -> bool:
        """Return True: an assistant may lack a paper; its figures, licences and claims may not lack sources."""
        return True


class ExpertDecisionEntry(Closed):
    """One document of examples/expert_decisions/: a project, and what its experts chose."""

    name: Id
    """Unique over all projects."""
    title: Annotated[Text, Field(default_factory=lambda given: given["name"].replace("_", " "))]
    """What its authors call it; the name, where it has no title."""
    year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    """When it was published."""
    kind: Annotated[Literal["published_data_set", "practitioner_question"], Field(exclude=True)]
    """A data set that was published, or a question that a maintainer or an accepted answer answered."""
    domain: Annotated[Id | None, Names("domain")] = None
    """The field, as in domains.yaml."""
    objects: Text | None = None
    """What the labels are on, in a few words."""
    aim: Annotated[Text | None, Field(exclude=True)] = None
    """The purpose as the authors state it."""
    description: Annotated[Text, Field(exclude=True)]
    """Who wants what from the images, and what is in them; what raters saw, so it names neither project nor label."""
    answers: Annotated[dict[Id, Id], Names("question")]
    """What the first rater answered who saw nothing but the description."""
    second_rater: Annotated[dict[Id, Id], Names("question"), Field(exclude=True)] = {}
    """What the second rater answered differently."""
    expect: Annotated[Id, Names("strategy")]
    """The strategy that the experts chose."""
    also_published: Annotated[Words, Field(exclude=True)] = ()
    """What else they published or accepted."""
    source: Annotated[str, Field(pattern=_ADDRESS)]
    """Where the choice can be read."""
    evidence: Annotated[
        Literal["primary", "abstract", "secondary", "catalogue", "maintainer", "other"], Field(exclude=True)
    ]
    """How the choice was seen: by the authors themselves, in their abstract, quoted by others, in a catalogue; for a
    question, said by a maintainer or by somebody else."""
    found_by: Annotated[Text | None, Field(exclude=True)] = None
    """The search that brought it up."""


class Condition(Closed):
    """When advice applies; everything given must hold."""

    strategies: Strategies = ()
    """The strategy recommended is one of these."""
    answers: Answers = {}
    """Each of these questions was answered with one of these answers; `unknown` holds where there is no answer."""
    domains: Domains = ()
    """The use case is of one of these fields."""


class Exclusion(Closed):
    """What makes advice pointless; any of it will do."""

    answers: Answers = {}
    """One of these questions was answered with one of these answers."""
    domains: Domains = ()
    """The use case is of one of these fields."""


class Conditional(Closed):
    """Advice that a use case calls for or rules out."""

    when: Condition = Condition()
    """When it applies; always, where nothing is given."""
    unless: Exclusion = Exclusion()
    """What refutes it, although `when` holds: advice against something that the answers already settle."""


class TipFile(Claim, Conditional):
    """rules/tips/<id>.yaml: advice, and when it applies."""

    kind: Literal["tip", "warning"] = "tip"
    """Whether it helps to do the work well, or warns that the recommendation may be wrong."""
    rank: Rank = 50
    """Lower comes first."""


class ReferenceEntry(Closed):
    """One entry of the bibliography."""

    title: Text
    """What it is called."""
    authors: Text | None = None
    """Who wrote it."""
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    """When it appeared."""
    url: Annotated[str, Field(pattern=_ADDRESS)] | None = None
    """Where it can be read; absent only for figures that were measured for this catalogue."""
    note: Text | None = None
    """What was read there, at which version, or how it was measured."""

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if self.url is None and self.note is None:
            raise ValueError("a reference needs a url, or a note that says how it was measured")
        return self


class KnownDomain(Closed):
    """A field that a use case, a project or an architecture may name."""

    title: Text
    """The field's name."""
    meaning: Text
    """What belongs to it."""
    words: Words = ()
    """What people write instead."""


class DomainsFile(ById):
    """rules/domains.yaml: the closed list of fields."""

    root: dict[Id, KnownDomain]


class Dataset(Stated):
    """A data set that models are compared by or trained on."""

    title: Text
    """Its name, with which `metric.dataset` of a variant begins."""
    shows: Text
    """What its images show."""
    domains: Domains = ()
    """The fields whose images look like it; none for any."""
    terms: Text | None = None
    """Terms of the data that may reach weights trained on it, as the end of 'trained on it: …'."""

    def may_lack_sources(self) -> bool:
        """Return whether there are no terms to look up."""
        return self.terms is None


class DatasetsFile(ById):
    """rules/datasets.yaml: data sets that models are compared by or trained on."""

    root: dict[Id, Dataset]


class FindingKind(Closed):
    """A kind of finding in labels."""

    severity: Literal["error", "warning", "note"]
    """How bad it is."""
    of: Id | None = None
    """What it is counted out of: a key of the profile's counts."""
    one: Text
    """The finding, once; follows the count."""
    many: Text
    """The same, several times."""
    advice: Text
    """What to do."""


class FindingsFile(ById):
    """rules/findings.yaml: what can be found in labels, by the word that readers and checks remark."""

    root: dict[Id, FindingKind]


class FigureKind(Stated):
    """A figure that measuring reports."""

    title: Text
    """Its name in reports."""
    kind: Literal["share", "count", "spread", "coefficient"]
    """A share is between 0 and 1, a count at least 0, a spread is a standard deviation, a coefficient at most 1."""
    meaning: Text
    """What it means, and how it is computed."""
    by_class: bool = True
    """Whether it is also reported for each class."""
    of: Literal["labels", "agreement"] = "labels"
    """Whether it is about one set of labels, or about several of the same images."""

    def may_lack_sources(self) -> bool:
        """Return whether it may stand without a source: only its definition needs one, if others made it."""
        return True


class FiguresFile(ById):
    """rules/figures.yaml: the figures that measuring reports, in the order of the report."""

    root: dict[Id, FigureKind]


class ReferencesFile(ById):
    """rules/references.yaml: the bibliography that every `sources` points into."""

    root: dict[Id, ReferenceEntry]


class TreeBranch(Closed):
    """What follows from some answers of a node's question."""

    when: Annotated[Words, Names("answer"), Field(min_length=1)]
    """The answers that lead here; `unknown` may be given a branch of its own."""
    because: Text
    """Why these answers lead here."""
    strategy: Annotated[Id | None, Names("strategy")] = None
    """The recommendation, if the walk ends here."""
    go: Annotated[Id | None, Names("node")] = None
    """The node to go on with, if it does not."""

    @model_validator(mode="after")
    def _ends_or_goes_on(self) -> Self:
        if (self.strategy is None) == (self.go is None):
            raise ValueError("a branch has either `strategy` or `go`")
        return self


class TreeNode(Closed):
    """A place in the tree where one question is asked."""

    id: Id
    """The node's name, for `go`."""
    ask: Annotated[Id, Names("question")]
    """The question asked."""
    branches: Annotated[Many[TreeBranch], Field(min_length=1)]
    """One for every answer."""


class Order(Closed):
    """A promise about the tree that `rules check` proves: a higher answer never means a cheaper label."""

    questions: Annotated[Words, Names("question"), Field(min_length=1)]
    """Questions whose answers are listed from low to high."""
    cheapest_first: Annotated[Many[Id], Names("strategy"), Field(min_length=2)]
    """Strategies from the cheapest label to the dearest."""
    because: Text
    """Why the promise should hold."""


class SecondOpinionRules(Closed):
    """Another rule set that is asked as well, and mentioned where it says something else."""

    rules: Id
    """The other rule set, in the same folder or shipped."""
    ask: Annotated[Id, Names("question")]
    """The question that only the other one asks, and that changes its answer most often."""
    because: Text
    """Why that question matters."""


class TreeFile(Stated):
    """rules/trees/<id>.yaml: one decision tree, read from top to bottom; the first node is where the walk starts."""

    title: Text
    """The rule set's name."""
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    """Raised when an answer changes: the first number where a strategy changes, the second where one is added."""
    licence: Text
    """The licence of this file."""
    attribution: Text | None = None
    """Whom the licence asks to name."""
    summary: Text
    """What the rule set is for, in a sentence or two."""
    strategies: Annotated[Many[Id], Names("strategy"), Field(min_length=1)]
    """The strategies offered, in the order in which they are listed to users."""
    nodes: Annotated[Many[TreeNode], Field(min_length=1, max_length=200)]
    """The questions, in the order in which a reader meets them."""
    second_opinion: SecondOpinionRules | None = None
    """Another rule set to mention where it says something else."""
    orders: Annotated[Many[Order], Field(exclude=True)] = ()
    """Promises that `rules check` proves."""

    def may_lack_sources(self) -> bool:
        """Return that a tree may be its author's own."""
        return True


class OrderedRange(Closed):
    """From a low figure over a typical one, if there is one, to a high one."""

    @model_validator(mode="after")
    def _never_decreases(self) -> Self:
        ends = [end for end in ("low", "typical", "high") if end in type(self).model_fields]
        if any(getattr(self, one) > getattr(self, other) for one, other in pairwise(ends)):
            raise ValueError(f"{', '.join(ends[:-1])} and {ends[-1]} must not decrease")
        return self


class Interval(Stated, Seen, OrderedRange):
    """A published range."""

    low: Positive
    """The lowest published value."""
    typical: Positive
    """The value to reckon with."""
    high: Positive
    """The highest published value."""
    open_end: bool = False
    """Whether more than `high` is to be expected, because what was published ends there."""

    @model_validator(mode="after")
    def _is_an_interval(self) -> Self:
        if self.low == self.typical:
            raise ValueError("low is the typical value: give a lower one, or it is no interval")
        if self.typical == self.high and not self.open_end:
            raise ValueError("high is the typical value: give a higher one, or say `open_end: true`")
        return self


class PartOfTime(Interval):
    """A published part of a time, from 0 to 1."""

    high: Annotated[float, Field(gt=0, le=1)]
    """The largest published part; it is never more than all of the time."""


class Rate(Closed):
    """What one unit of a strategy's label takes; without `seconds` where none is published."""

    unit: Literal["object", "image", "class"]
    """What is labelled: each object, each image, or each class in each image."""
    seconds: Interval | None = None
    """Hands-on seconds for one unit by hand."""
    assisted: Interval | None = None
    """The same, correcting what a model draws; never above `seconds`."""
    assisted_part: Annotated[PartOfTime | None, Field(exclude=True)] = None
    """Instead of `assisted`: which part of `seconds` remains when correcting what a model draws."""
    high_includes_quality: bool = False
    """Whether the high figure of `seconds` includes quality assurance already."""
    each_image: Interval | None = None
    """Seconds that an image takes at least, however few units it has."""
    outlines: Annotated[Id | None, Names("strategy")] = None
    """For maps of an image: the strategy whose outlines make one when drawn around all that the map shows, so that it
    takes no longer than these; `seconds` are those of a scene labelled to the last pixel."""
    surfaces: PartOfTime | None = None
    """For maps that `outlines` make: the part of a full scene's `seconds` that its surfaces take beside its objects."""
    most_objects: Number | None = None
    """Objects in an image that the published figures reach to; with more of them, longer is to be expected."""
    contains: Annotated[Strategies, Field(exclude=True)] = ()
    """Strategies whose labels follow from this one, so that they never take longer."""
    note: Text
    """What a user must know about these figures, or why they are missing."""

    @field_serializer("assisted")
    def _as_seconds(self, assisted: Interval | None) -> Interval | None:
        """Return the seconds when correcting what a model draws; a part is one of the seconds by hand."""
        seconds, part = self.seconds, self.assisted_part
        if seconds is None or part is None:
            return assisted
        ends = {end: getattr(seconds, end) * getattr(part, end) for end in ("low", "typical", "high")}
        sources = tuple(dict.fromkeys([*part.sources, *seconds.sources]))
        return Interval.model_construct(**ends, open_end=seconds.open_end or part.open_end, sources=sources)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.assisted or self.assisted_part) and self.seconds is None:
            raise ValueError("a time when correcting needs `seconds` by hand beside it")
        if self.assisted and self.assisted_part:
            raise ValueError("give either `assisted` or `assisted_part`")
        if (self.outlines is None) != (self.surfaces is None):
            raise ValueError("a map that `outlines` make needs `surfaces` too, and no other label does")
        for end in ("low", "typical", "high") if self.assisted else ():
            if getattr(self.assisted, end) > getattr(self.seconds, end):
                raise ValueError(f"{end}: correcting what a model draws takes longer than drawing by hand")
        return self


class ImageShare(OrderedRange):
    """A part of the images."""

    low: Annotated[float, Field(gt=0, le=1)]
    """The smallest part worth trying."""
    typical: Annotated[float, Field(gt=0, le=1)]
    """The part to start with."""
    high: Annotated[float, Field(gt=0, le=1)]
    """Beyond this, little is known to be gained."""


class Plan(Stated, Seen):
    """How to spend a label budget that is too small: cheap labels for all images, expensive ones for a part."""

    for_: Annotated[Id, Names("strategy"), Field(alias="for")]
    """The strategy whose labels only a part of the images gets."""
    unless: Answers = {}
    """The answers to which the plan is not offered."""
    all: Annotated[Id | None, Names("strategy")] = None
    """The strategy whose labels all images get."""
    coarse_seconds: Positive | None = None
    """Instead of `all`: seconds of a coarse label of the same strategy, for each image."""
    share: ImageShare
    """The part of the images that gets the expensive label."""
    assumed_share: bool = False
    """Whether the part is our suggestion, because none was published."""
    text: Text
    """The plan, and the evidence for it."""

    @model_validator(mode="after")
    def _two_kinds_of_labels(self) -> Self:
        if (self.all is None) == (self.coarse_seconds is None):
            raise ValueError("give either `all` or `coarse_seconds`")
        if self.all == self.for_:
            raise ValueError("`all` is the strategy that only a part of the images gets")
        return self


class RuleOfThumb(Claim):
    """How many labels somebody recommends for each class; `text` says who, and on what grounds."""

    strategies: Annotated[Strategies, Field(alias="for", min_length=1)]
    """The strategies whose labels they are."""
    labels: Annotated[int, Field(ge=1)]
    """Labels for each class: objects, or images where the label is of a whole image."""


class EffortFile(Closed):
    """rules/effort.yaml: what labelling takes."""

    rates: Annotated[dict[Id, Rate], Names("strategy")]
    """By strategy."""
    quality_share: Interval
    """Quality assurance, as a part of the labelling time that comes on top."""
    week_hours: Number
    """Hours that one annotator works in a week."""
    rules_of_thumb: Many[RuleOfThumb] = ()
    """How many labels are said to be enough."""
    plans: Many[Plan] = ()
    """What to do when the label budget is not ample."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def week_sources(self) -> list[str]:
        """Ids of the references for the hours of a week."""
        return [*self.week_hours.sources]
