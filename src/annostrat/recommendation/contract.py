"""The shape of the JSON output: a stable contract, whose docstrings are the descriptions in its JSON Schema.

Only types: nothing but the type checker and the JSON Schemas imports this module, so that start-up does not pay for it.
"""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict  # pydantic reads the one of typing from Python 3.12 on only

from annostrat.knowledge.contract import Architecture, Assistant, RateText, Reference, Strategy, Tip


class Range(TypedDict):
    """An estimate with the interval that the published figures leave."""

    low: float
    """The lowest that published figures support."""
    typical: float
    """What to reckon with."""
    high: float
    """The highest that published figures support."""


class Amount(Range):
    """Time or money, with the interval that the published figures leave."""

    open_end: bool
    """Whether more than `high` is to be expected, because what was published ends there."""


class StrategyEffort(TypedDict):
    """What labelling everything with one strategy takes."""

    strategy: str
    """The strategy's id."""
    unit: str
    """What is labelled: `object`, `image`, or `class` (each class in each image)."""
    units: float | None
    """How many there are; null where the use case does not say how many objects an image shows."""
    seconds: Amount | None
    """Hands-on seconds for one unit; null where none is published."""
    basis: Literal["full_scene", "outlines", "surfaces"] | None
    """For maps of an image, what they are reckoned from: a full scene, every pixel; an outline around every object and
    surface that is counted; or the outlines of the objects and what all surfaces of a scene take. Null for other
    labels."""
    assisted: bool
    """Whether the figures are for correcting what a model draws; by hand otherwise."""
    own_pace: bool
    """Whether the seconds are the project's own."""
    hours: Amount | None
    """Hours in all, quality assurance included."""
    hours_saved: Amount | None
    """Hours that correcting what a model draws would save against drawing by hand; null where not published, and at
    a pace of one's own."""
    weeks: Amount | None
    """Calendar weeks for the given number of annotators."""
    money: Amount | None
    """Money in `currency`; null without an hourly rate, or a price for this label."""
    note: str
    """What to know about these figures, or that there are none."""
    sources: list[str]
    """Ids of the references that they come from."""


class PlanEffort(TypedDict):
    """A plan for a label budget that does not reach for everything."""

    text: str
    """The plan, and the evidence for it."""
    share: Range
    """The part of the images that gets the dear label."""
    share_assumed: bool
    """Whether that part is our suggestion, because none was published."""
    hours: Amount
    """Hours of the plan."""
    instead_of: Amount
    """Hours of the recommended label for all images."""
    sources: list[str]
    """Ids of the references that support it."""


class Pace(TypedDict):
    """The pace of a project's own annotators."""

    strategy: str
    """The strategy whose labels were timed: the recommended one."""
    seconds: float
    """Hands-on seconds for one label."""
    ratio: float | None
    """By which the published figures of the other labels are multiplied, as nobody timed these; null where none is
    published for the recommended one, so that they stay as published."""


class Enough(TypedDict):
    """How many images hold the labels that somebody recommends for each class."""

    labels: int
    """Labels for each class."""
    images: int
    """Images that hold that many of every class, if the classes are equally frequent."""
    text: str
    """Who recommends it, and on what grounds."""
    sources: list[str]
    """Ids of the references that say so."""


class SideBySideEffort(TypedDict):
    """What labels take that are drawn side by side."""

    strategies: list[str]
    """Ids of the strategies."""
    hours: Amount | None
    """Hours in all; null where those of one label are not known."""
    weeks: Amount | None
    """Calendar weeks in all."""
    money: Amount | None
    """Money in all; null where that for one label is not known."""


class EffortDocument(TypedDict):
    """Labelling time and money, for the recommendation and every alternative."""

    hours: Amount | None
    """Hours of what is recommended, of one label or of all that are drawn side by side; null where none is, or none is
    published."""
    images: float
    """Images to label."""
    objects_per_image: float | None
    """Objects of interest in an image."""
    classes: int
    """Classes."""
    assistance: bool
    """Whether annotators correct what a model draws, where a figure for that is published."""
    qa_share: Range
    """Quality assurance, as a part of the labelling time that comes on top."""
    annotators: int
    """Annotators who work at the same time."""
    week_hours: float
    """Hours that one of them works in a week."""
    currency: str | None
    """The currency of `money`, as given."""
    money_from: Literal["hourly_rate", "unit_price"] | None
    """What `money` comes from; null where neither is given."""
    pace: Pace | None
    """The pace of the project's own annotators, where it is given."""
    surfaces: float | None
    """Surfaces named in an image, such as sky and road, where that is given."""
    full_scene: bool
    """Whether maps are to be labelled to the last pixel."""
    strategies: list[StrategyEffort]
    """The recommendation first, then the alternatives that serve the same purpose; while undecided, all candidates."""
    total: Amount | None
    """Hours in all where classes need labels that are drawn side by side; null otherwise."""
    side_by_side: SideBySideEffort | None
    """The labels that the recommended one combines, each drawn by itself; null where it combines none."""
    enough: Enough | None
    """A rule of thumb for the recommended label, reckoned for these classes and objects; null where none is known."""
    plan: PlanEffort | None
    """Cheaper labels for all images and the recommended ones for a part; null where that saves nothing, or the label
    budget is said to be ample."""
    references: dict[str, Any]
    """The references that the parts above name in `sources`."""


class RulesStamp(TypedDict):
    """Which rules gave the answer."""

    id: str
    """The rule set's id."""
    version: str
    """The rule set's version."""
    digest: str
    """SHA-256 over the tree and all knowledge that it can refer to."""


class Step(TypedDict):
    """One question walked."""

    question: str
    """The question's id."""
    answer: str
    """The answer given; `unknown` where it is not known."""
    because: str
    """Why the walk went on as it did."""


class Candidate(TypedDict):
    """A strategy that is still possible."""

    strategy: str
    """The strategy's id."""
    when: dict[str, list[str]]
    """Further answers that lead to it: every question with the answers any of which will do."""


class AskNext(TypedDict):
    """The question that settles most."""

    question: str
    """The question's id."""
    settles: list[int]
    """How many of its answers settle what to draw, and how many answers it has."""
    settled_by: list[str]
    """The answers that settle what to draw."""


class ChosenBy(TypedDict):
    """How many projects chose a strategy."""

    strategy: str
    """The strategy's id."""
    n: int
    """Projects."""


class SimilarProject(TypedDict):
    """A project whose expert's choice is known, similar by field, objects and answers."""

    title: str
    """What it is called."""
    year: int | None
    """When it was published; null where that is not known."""
    domain: str | None
    """Its field, as in `rules/domains.yaml`."""
    objects: str | None
    """What its labels are on."""
    chosen: str
    """The strategy that its experts chose."""
    url: str
    """Where that can be read."""


class FieldPrecedents(TypedDict):
    """What projects of the use case's own field chose."""

    domain: str
    """The field."""
    n: int
    """Projects of the field whose answers lead the same way."""
    agree: int
    """Those that chose the recommended strategy."""
    chosen: list[ChosenBy]
    """What they chose, the most frequent first."""
    leans_to: str | None
    """Another strategy that a clear majority of them chose; null where there is none."""


class Tally(TypedDict):
    """What experts chose whose answers lead the same way."""

    n: int
    """Projects; their answers were rated by language models that saw neither names nor choices."""
    agree: int
    """Those that chose the recommended strategy."""
    share: float
    """Their share."""
    low: float
    """Lower end of its 95 % Wilson interval."""
    high: float
    """Upper end."""
    chosen: list[ChosenBy]
    """What they chose, the most frequent first."""


class Precedents(Tally):
    """Projects whose expert's choice is known and whose answers lead the same way."""

    similar: list[SimilarProject]
    """The most similar of them."""
    field: FieldPrecedents | None
    """Those of the use case's field; null where it names none, or none of them is of it."""


class StartWith(TypedDict):
    """The label to start with while the strategy is undecided."""

    strategy: str
    """The candidate whose labels can be turned into the labels of all other candidates."""
    why: str
    """How they are turned into the others."""


class Alternative(TypedDict):
    """What a changed answer would give."""

    strategy: str
    """The strategy that would be recommended; of several to draw side by side, one that is not recommended now."""
    beside: list[str]
    """The others to draw side by side with it."""
    change: dict[str, str]
    """The one changed answer."""
    certain: bool
    """False where the change makes the strategy possible, but another answer must still be known."""
    tradeoff: str
    """What would be gained and paid."""


class WhyNot(TypedDict):
    """Why a strategy of the rule set was not chosen."""

    strategy: str
    """The strategy's id."""
    because: dict[str, str]
    """The first answer that excluded it."""
    text: str
    """The reason that the rules give for following that answer."""


class SecondOpinion(TypedDict):
    """What another rule set says, where it says something else or needs one more answer."""

    rules: str
    """The other rule set's id."""
    strategies: list[str]
    """Ids of the strategies that it leaves possible; one where it decides."""
    question: str | None
    """The question that it would have to ask first; null where it answers differently already."""
    text: str
    """What it says, in a line."""


class SuitedAssistant(Assistant):
    """An assistant for a label that is recommended."""

    strategy: str
    """The strategy whose label it helps with."""
    via: str | None
    """The strategy whose labels it draws, to be turned into that one; null where it draws that one itself."""


Status = Literal["decided", "provisional", "undecided"]
"""`decided`: every way to complete the answers leads here. `provisional`: a question that could still change it is
open, and its usual answer was assumed. `undecided`: several strategies remain even so."""


class OutcomeDocument(TypedDict):
    """What the rules say for one set of answers."""

    rules: RulesStamp
    """Which rules gave the answer."""
    answers: dict[str, str | list[str]]
    """The answers that the rules use; a list where a question was given several."""
    status: Status
    """How sure it is: `decided`, `provisional` or `undecided`."""
    decided: bool
    """Whether the status is `decided`."""
    strategy: Strategy | None
    """The recommendation; null only while undecided."""
    path: list[Step]
    """The questions walked, with answers and reasons."""
    candidates: list[Candidate]
    """While undecided: the strategies still possible and the answers that lead there."""
    assumed: list[str]
    """While provisional: the questions whose usual answer was assumed, and that could change the strategy."""
    ask_next: AskNext | None
    """Unless decided: the question that settles most."""
    start_with: StartWith | None
    """While undecided: the label that can be converted later, so that work can start today."""
    alternatives: list[Alternative]
    """Every change of a single answer that would change what to draw."""
    why_not: list[WhyNot]
    """Every strategy of the rule set that was not chosen, with the first answer that excluded it."""
    precedents: Precedents | None
    """What experts chose whose answers lead the same way; null while undecided, or where nothing is known."""
    second_opinion: SecondOpinion | None
    """What another rule set says; null where it agrees, or there is none."""
    architectures: list[Architecture]
    """Models that learn from the labels and fit the compute budget (all tiers, while the budget is unknown)."""
    assistants: list[SuitedAssistant]
    """Models that help labelling, those to try first before the others; empty while undecided."""
    tips: list[Tip]
    """Advice that applies."""
    warnings: list[Tip]
    """Reasons to doubt the recommendation."""
    references: dict[str, Reference]
    """The references that the parts above name in `sources`."""


class ClassDocument(TypedDict):
    """A class of the use case."""

    name: str
    """The class's name."""
    answers: dict[str, str | list[str]]
    """The answers that it gives differently from the whole."""
    status: Status
    """How sure its label is."""
    strategies: list[str]
    """Ids of what to draw for it: one, or several side by side where it serves several purposes; empty while
    undecided."""
    candidates: list[str]
    """Ids of the strategies that are still possible for it; `strategies` unless it is undecided."""
    precedents: Precedents | None
    """What experts chose where the answers lead the same way; null where nothing is known of any, or several apply."""


class PurposeDocument(TypedDict):
    """One of several purposes of the whole."""

    answers: dict[str, str]
    """The answer that states this purpose."""
    status: Status
    """How sure its label is."""
    strategy: str | None
    """The id of its strategy; null while undecided."""
    candidates: list[str]
    """Ids of the strategies that are still possible for it."""
    precedents: Precedents | None
    """What experts chose where the answers lead the same way; null where nothing is known of any, or several apply."""


class Covering(TypedDict):
    """The label, or the labels, that cover what all classes need."""

    strategies: list[str]
    """Ids of the strategies: one that holds all labels, or several to be drawn side by side."""
    because: str
    """Why these."""


class MeasuredAnswer(TypedDict):
    """What labels say to a question."""

    answer: str
    """The answer; `unknown` where the interval reaches into several levels, or nothing can be measured."""
    figure: str | None
    """The figure that it rests on; null where none can be measured."""
    value: float | None
    """Its value."""
    low: float | None
    """Lower end of its 95 % interval, clustered by image; null where there are too few images."""
    high: float | None
    """Upper end."""
    images: int
    """Images that contribute."""
    objects: int
    """Objects that contribute."""
    because: str
    """The figure and its interval in a sentence, or why there is none."""
    more_images: int | None
    """How many further labelled images would settle it, nine times out of ten; null where it is settled, or where
    no reasonable number would."""
    lower_bound: bool
    """Whether what the question asks for can be more, but not less."""
    note: str | None
    """What the figure cannot see."""
    levels: dict[str, list[float]]
    """From where to where the figure speaks for each answer."""
    calibrated: str | None
    """What the levels were calibrated on."""
    sources: list[str]
    """Ids of references."""


class Finding(TypedDict):
    """Something about the labels that should be looked at."""

    kind: str
    """A stable word."""
    severity: str
    """`error` spoils what is measured or trained, `warning` may, `note` is worth knowing."""
    count: int
    """How often it was found."""
    of: int | None
    """Out of how many; null where that means nothing."""
    share: float | None
    """The share."""
    text: str
    """What was found."""
    advice: str
    """What to do."""
    examples: list[str]
    """A few places: file and line, or file and id."""


class EvidenceAnswer(MeasuredAnswer):
    """What labels say to a question, beside the answer that was given."""

    given: str | None
    """The answer of the use case; null where it gives none, and the measured one is taken."""
    agrees: bool | None
    """Whether it is the measured one; null where one of them is unknown."""


class MeasuredPace(TypedDict):
    """How long labelling took, by the clock of the labelling tool."""

    strategy: str
    """The strategy whose labels were timed: outlines or masks, where most objects have them, else boxes."""
    seconds_per_label: float
    """Seconds for one label, whatever went into them, breaks too."""
    low: float | None
    """Lower end of its 95 % interval, clustered by image; null where there are too few images."""
    high: float | None
    """Upper end."""
    images: int
    """Images with labels of which the time is known."""
    labels: int
    """Labels of these."""


class ReachedAgreement(TypedDict):
    """How far the labels of a use case agree with those of somebody else."""

    annotations: str
    """The other labels."""
    images: int
    """Images that both have."""
    value: float | None
    """Share of the labels that agree in object and class, or of pixels of maps; null where nothing can be compared."""
    low: float | None
    """Lower end of its 95 % interval, with images as clusters; null where there are too few images."""
    high: float | None
    """Upper end."""
    at_least: float
    """What is wanted."""
    reached: bool
    """Whether it is reached."""
    withheld: str | None
    """Why nothing can be compared, where a mistake in the labels or their names is the reason; else null."""


class Evidence(TypedDict):
    """Measured figures that the answers of a use case are compared with."""

    annotations: str
    """What was read."""
    formats: dict[str, int]
    """Files or pieces read, by format."""
    sampled: int | None
    """Images that were picked; null where all were taken."""
    images: int
    """Images."""
    objects: int
    """Objects."""
    pace: MeasuredPace | None
    """How long labelling took; null where the files do not say."""
    agreement: ReachedAgreement | None
    """How far the labels agree with those of somebody else; null where the use case names none."""
    answers: dict[str, EvidenceAnswer]
    """By question."""
    classes: dict[str, dict[str, EvidenceAnswer]]
    """By class of the use case that the labels show, and by question."""
    contradictions: list[str]
    """What the labels contradict, in a sentence each."""
    undecided: list[str]
    """What the labels leave open, in a sentence each."""
    findings: list[Finding]
    """Errors and warnings about the labels."""
    faulty: bool
    """Whether an error concerns so many labels that they are no evidence."""


class Own(TypedDict):
    """The part of a recommendation that is the use case's own; the rest is shared by all with the same answers."""

    classes: list[ClassDocument]
    """The classes of the use case, each with its strategy."""
    purposes: list[PurposeDocument]
    """The purposes of the whole, where it has several and no classes."""
    covering: Covering | None
    """What covers all classes or purposes; null where there are none, or while one is undecided."""
    led_by: str | None
    """The class whose answers `path` walks, with what follows from it; null where the whole's answers are walked."""
    evidence: Evidence | None
    """Measured figures beside the answers; null where nothing was measured."""


class RecommendationDocument(OutcomeDocument, Own):
    """One use case's recommendation, as JSON output shows it."""

    schema_version: int
    """The version of this contract; keys may be added without raising it."""
    name: str
    """The use case's name."""
    effort: EffortDocument | None
    """Labelling time and money; null where the use case does not say how many images there are."""


class ComparisonColumn(TypedDict):
    """One strategy of a comparison."""

    strategy: Strategy
    """What it is."""
    recommended: bool
    """Whether it is the recommendation for the use case."""
    effort: RateText | None
    """What one of its labels takes, as published."""
    estimate: StrategyEffort | None
    """What all labels of the use case take; null without a use case that says how many images there are."""


class Comparison(TypedDict):
    """Strategies side by side, for a use case or in general."""

    name: str | None
    """The use case's name; null in general."""
    strategies: list[ComparisonColumn]
    """The strategies, the recommended one first."""
    qa_share: Range | None
    """Quality assurance in the estimates, as a part of the labelling time; null without estimates."""
    currency: str | None
    """The currency of the estimates; null where the use case names none."""
    references: dict[str, Reference]
    """The references that the strategies name in `sources`."""


class Share(TypedDict):
    """A part of some cases, with its 95 % Wilson interval."""

    agree: int
    """Cases that agree."""
    of: int
    """Cases in all."""
    share: float | None
    """The part, from 0 to 1; null where there are no cases."""
    low: float | None
    """The lower end of the interval."""
    high: float | None
    """The upper end of the interval."""


class Disagreement(TypedDict):
    """A case for which the rules choose something else, on the first rater's answers."""

    name: str
    """The case's name."""
    location: str
    """Its file, line and column."""
    expected: list[str]
    """What was chosen."""
    recommended: list[str]
    """What the rules leave possible; one unless undecided."""
    lenient: bool
    """Whether the recommendation is among the further labels that were published or accepted."""
    path: list[Step]
    """The questions walked."""


class OfPurpose(TypedDict):
    """Agreement on the cases of one purpose."""

    strict: Share
    """The recommendation is what was chosen."""
    lenient: Share
    """The recommendation is what was chosen, or a further label that was published or accepted."""


class OfRater(TypedDict):
    """Agreement on the answers of one rater."""

    rater: int
    """1 or 2."""
    undecided: int
    """Cases that the answers leave undecided; they count as disagreeing."""
    strict: Share
    """The recommendation is what was chosen."""
    lenient: Share
    """The recommendation is what was chosen, or a further label that was published or accepted."""
    by_purpose: dict[str, OfPurpose]
    """By what the rater answered to the purpose."""
    recommended: dict[str, Share]
    """Strict agreement by the strategy that is recommended."""
    chosen: dict[str, Share]
    """Strict agreement by the strategy that was chosen."""


class Following(TypedDict):
    """What it would bring to follow a field's precedents where they lean to another label than the tree."""

    leaning: int
    """Cases whose field leans to another label, themselves left out."""
    gained: list[str]
    """Cases that would be right only then."""
    lost: list[str]
    """Cases that would be wrong only then."""


class Agreement(TypedDict):
    """How often a rule set chooses what experts chose."""

    rules: RulesStamp
    """Which rules."""
    cases: int
    """Cases in all."""
    raters: list[OfRater]
    """The figures on the first rater's answers; then, where there are any, on the second one's."""
    confusion: dict[str, dict[str, int]]
    """Cases by what was chosen, then by what is recommended (`undecided` where nothing is)."""
    following: Following
    """What following the precedents of a field would bring."""
    disagreements: list[Disagreement]
    """The cases that disagree, with the path that led there."""


class Fold(TypedDict):
    """One part of a cross-validation."""

    part: int
    """The part's number, from 1."""
    ratings: int
    """Cases, each counted once a rater."""
    before: int
    """Ratings on which the rule set without the change agrees."""
    after: int
    """Ratings on which the one with the change agrees."""
    gained: list[str]
    """Those that only the latter agrees on."""
    lost: list[str]
    """Those that only the former agrees on."""


class Folds(TypedDict):
    """A change of the rules, part by part."""

    before: str
    """Id of the rule set without the change."""
    after: str
    """Id of the rule set with it."""
    parts: list[Fold]
    """The parts."""
    net: int
    """Ratings gained less ratings lost."""
    gaining: int
    """Parts that gain."""
    losing: int
    """Parts that lose."""
