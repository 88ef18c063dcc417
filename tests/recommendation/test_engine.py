"""The engine against a brute-force oracle, over random trees and answers, and over the shipped ones."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annostrat.knowledge.files import shipped_trees
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.rule_set import RuleSet
from annostrat.knowledge.tree import UNKNOWN
from annostrat.recommendation.engine import Recommender, sharpening_questions
from annostrat.recommendation.label_combination import cover
from annostrat.recommendation.paths import (
    ask_next,
    assuming,
    completing,
    differences,
    merged_paths,
    missing_questions,
    open_questions,
    possible,
    standing,
    walk,
)
from annostrat.recommendation.recommendation import Outcome
from annostrat.use_cases.use_case import UseCase

STRATEGIES = ("boxes", "masks", "map")


def strategy_text(id_):
    text = {key: f"{key} of {id_}" for key in ("title", "label", "summary", "gives", "costs", "when_not")}
    converts = [{"strategy": other, "how": "by hand", "loses": "much"} for other in STRATEGIES if other > id_]
    return {
        "id": id_,
        **text,
        "benefits": [],
        "drawbacks": [],
        "converts_to": converts,
        "gaps": {},
        "tells_apart": True,
        "combines": [],
    }


def rule_set(nodes, questions):
    """Return a rule set of these nodes, (question, [(answers, strategy or node index)]), and questions' answers."""
    tree = {
        "id": "random", "title": "Random", "version": "1.0.0", "digest": "sha256:0", "licence": "none",
        "attribution": None, "summary": "", "sources": [], "second_opinion": None, "strategies": list(STRATEGIES),
        "nodes": [
            {
                "id": str(index),
                "ask": question,
                "branches": [
                    {
                        "when": list(answers),
                        "because": f"{question} is {answers}",
                        "strategy": target if isinstance(target, str) else None,
                        "go": str(target) if isinstance(target, int) else None,
                    }
                    for answers, target in branches
                ],
            }
            for index, (question, branches) in enumerate(nodes)
        ],
    }  # fmt: skip
    compiled = {
        "tree": tree,
        "questions": {
            id_: {
                "id": id_, "title": id_, "ask": id_, "why": "", "help": "", "example": None, "several": False,
                "answers": {
                    answer: {"title": answer, "meaning": answer, "example": None, "tier": None} for answer in answers
                },
            }
            for id_, answers in questions.items()
        },
        "strategies": {id_: strategy_text(id_) for id_ in STRATEGIES},
        "architectures": {}, "tips": [], "effort": {}, "guideline": {}, "domains": {}, "references": {},
        "decisions": [], "assistants": [], "datasets": {}, "findings": {}, "figures": {},
    }  # fmt: skip
    return RuleSet(compiled)


@st.composite
def rule_sets(draw):
    """Random acyclic trees with shared nodes, questions asked twice, and `unknown` branches."""
    questions = {f"q{index}": ("a", "b", "c")[: draw(st.integers(2, 3))] for index in range(draw(st.integers(1, 4)))}
    own_unknown = {question for question in questions if draw(st.booleans()) and draw(st.booleans())}
    size = draw(st.integers(1, 6))
    nodes = []
    for index in range(size):
        question = draw(st.sampled_from(sorted(questions)))
        offered = [*questions[question], *([UNKNOWN] if question in own_unknown else [])]
        later = [*STRATEGIES, *range(index + 1, size)]
        nodes.append((question, [((answer,), draw(st.sampled_from(later))) for answer in offered]))
    return rule_set(nodes, questions)


@st.composite
def worlds(draw):
    """A rule set and some answers to it, `unknown` among them."""
    rules = draw(rule_sets())
    answers = {
        question: draw(st.sampled_from([*text["answers"], UNKNOWN]))
        for question, text in rules.questions.items()
        if draw(st.booleans())
    }
    return rules, answers


def outcome(rules, answers):
    """Return where a complete set of answers leads, without the engine."""
    node = rules.start
    while True:
        branch = (
            node.branches.get(UNKNOWN) if answers[node.question] == UNKNOWN else node.branches[answers[node.question]]
        )
        if branch.node is None:
            return branch.strategy
        node = branch.node


def completions(rules, answers):
    """Yield every way to fill in the answers; one that is unknown stays so where the tree has a branch for that."""
    stays = {node.question for node in rules.nodes.values() if UNKNOWN in node.branches}
    choices = []
    for question, text in rules.questions.items():
        given_ = answers.get(question)
        if given_ is None or (given_ == UNKNOWN and question not in stays):
            choices.append(list(text["answers"]))
        else:
            choices.append([given_])
    for combination in product(*choices):
        yield dict(zip(rules.questions, combination, strict=True))


def reach(rules, settled):
    """Return every strategy that answers to the questions not settled, `unknown` where it has a branch, lead to."""
    stays = {node.question for node in rules.nodes.values() if UNKNOWN in node.branches}
    choices = [
        [settled[id_]] if id_ in settled else [*text["answers"], *([UNKNOWN] if id_ in stays else [])]
        for id_, text in rules.questions.items()
    ]
    return {outcome(rules, dict(zip(rules.questions, combination, strict=True))) for combination in product(*choices)}


def oracle(rules, answers):
    return {outcome(rules, completion) for completion in completions(rules, answers)}


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_possible_strategies_are_those_of_all_completions(world):
    """What stays possible is exactly what some completion of the answers leads to, assumptions made or not."""
    rules, answers = world
    for asked in (assuming(rules, answers), completing(answers)):
        assert set(possible(rules, asked)) == oracle(rules, asked)
    assert set(possible(rules, answers)) == oracle(rules, answers)


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_decide_is_total_and_decided_only_if_one_strategy_remains(world):
    """No combination of answers raises, and a decision means that nothing else was possible."""
    rules, answers = world
    document = Outcome(rules, answers).document
    certain, usual = oracle(rules, completing(answers)), oracle(rules, assuming(rules, answers))
    status = "decided" if len(certain) == 1 else "provisional" if len(usual) == 1 else "undecided"
    assert document["status"] == status
    remaining = {"decided": certain, "provisional": usual, "undecided": oracle(rules, answers)}[status]
    chosen = {document["strategy"]["id"]} if document["strategy"] else set()
    assert chosen == (remaining if status != "undecided" else set())
    assert {entry["strategy"] for entry in document["candidates"]} == (remaining if not chosen else set())
    assert document["decided"] == (status == "decided")
    assert bool(document["assumed"]) == (status == "provisional")
    if status == "decided":
        assert document["ask_next"] is None


@given(worlds())
@settings(max_examples=200, deadline=None)
@pytest.mark.slow
def test_candidates_name_answers_that_lead_there(world):
    """Giving the answers that a candidate names leaves that candidate alone."""
    rules, answers = world
    for entry in Outcome(rules, answers).document["candidates"]:
        for words in product(*entry["when"].values()):
            given_ = dict(zip(entry["when"], words, strict=True))
            assert oracle(rules, {**answers, **given_}) == {entry["strategy"]}


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_open_questions_are_those_that_change_some_completion(world):
    """A question is asked if and only if, all else being equal, its answer can change the strategy."""
    rules, answers = world
    for question in rules.order:
        if answers.get(question, UNKNOWN) != UNKNOWN:
            assert question not in open_questions(rules, answers)
            continue
        others = {other: text for other, text in answers.items() if other != question}
        matters = any(
            len({outcome(rules, {**completion, question: answer}) for answer in rules.questions[question]["answers"]})
            > 1
            for completion in completions(rules, others)
        )
        assert (question in open_questions(rules, answers)) == matters


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_alternatives_are_all_single_changes_that_exclude_the_strategy(world):
    """Each listed change excludes the recommendation, and no such change is missing."""
    rules, answers = world
    document = Outcome(rules, answers).document
    if document["strategy"] is None:
        assert document["alternatives"] == []
        return
    chosen = document["strategy"]["id"]
    expected = [
        (strategy, {question: answer}, len(then) == 1)
        for question in reversed(rules.order)
        for answer in rules.questions[question]["answers"]
        if answer != answers.get(question)
        for then in [oracle(rules, assuming(rules, {**answers, question: answer}))]
        if chosen not in then
        for strategy in STRATEGIES
        if strategy in then
    ]
    found = [(entry["strategy"], entry["change"], entry["certain"]) for entry in document["alternatives"]]
    assert found == expected


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_why_not_names_the_first_answer_that_excluded_each_other_strategy(world):
    """Every strategy that is not possible is explained by the answer, in the tree's order, that ruled it out."""
    rules, answers = world
    document = Outcome(rules, answers).document
    remaining = set(standing(rules, answers).candidates)
    usual = oracle(rules, assuming(rules, answers))
    explained = {entry["strategy"]: entry["because"] for entry in document["why_not"]}
    ruled_out_at_once = set(STRATEGIES) - reach(rules, {})
    assert set(explained) <= set(STRATEGIES) - remaining
    assert set(STRATEGIES) - remaining - usual - set(explained) <= ruled_out_at_once
    stays = {node.question for node in rules.nodes.values() if UNKNOWN in node.branches}
    settled = [
        (s["question"], s["answer"]) for s in document["path"] if s["answer"] != UNKNOWN or s["question"] in stays
    ]
    for strategy, because in explained.items():
        (step,) = because.items()
        before = dict(settled[: settled.index(step)])
        assert strategy in reach(rules, before)
        assert strategy not in reach(rules, {**before, step[0]: step[1]})


@given(rule_sets())
@settings(max_examples=100, deadline=None)
def test_merged_paths_hold_every_combination_exactly_once(rules):
    """The table of a tree has one row, and only one, for any complete set of answers."""
    rows = [*merged_paths(rules)]
    stays = {node.question for node in rules.nodes.values() if UNKNOWN in node.branches}
    offered = [[*text["answers"], *([UNKNOWN] if id_ in stays else [])] for id_, text in rules.questions.items()]
    for combination in product(*offered):
        answers = dict(zip(rules.questions, combination, strict=True))
        fits = [strategy for row, strategy in rows if all(answers[id_] in words for id_, words in row.items())]
        assert fits == [outcome(rules, answers)]


@given(worlds(), st.data())
@settings(max_examples=100, deadline=None)
def test_differences_are_exactly_the_combinations_whose_strategy_changes(world, data):
    """Two trees over the same questions differ where, and only where, a row says so."""
    rules, _ = world
    nodes = [
        (
            node.question,
            [
                ((answer,), data.draw(st.sampled_from(STRATEGIES)) if branch.strategy else int(branch.node.id))
                for answer, branch in node.branches.items()
            ],
        )
        for node in rules.nodes.values()
    ]
    other = rule_set(nodes, {id_: tuple(text["answers"]) for id_, text in rules.questions.items()})
    rows = [*differences(rules, other)]
    stays = {node.question for node in rules.nodes.values() if UNKNOWN in node.branches}
    offered = [[*text["answers"], *([UNKNOWN] if id_ in stays else [])] for id_, text in rules.questions.items()]
    for combination in product(*offered):
        answers = dict(zip(rules.questions, combination, strict=True))
        before, after = outcome(rules, answers), outcome(other, answers)
        fits = [(was, now) for row, was, now in rows if all(answers[id_] in words for id_, words in row.items())]
        assert fits == ([(before, after)] if before != after else [])


@pytest.mark.parametrize("tree", shipped_trees())
def test_shipped_trees_answer_every_combination(tree):
    """Walking any complete answers of a shipped tree ends in a strategy, by the branches that were taken."""
    rules = load_rules(tree)
    asked = [[*rules.questions[question]["answers"]] for question in rules.order]
    for combination in list(product(*asked))[::7]:
        answers = dict(zip(rules.order, combination, strict=True))
        strategy, steps = walk(rules, answers)
        assert strategy in rules.offered
        assert all(answers[question] == answer for question, answer, _ in steps)
        assert possible(rules, answers) == [strategy]


def test_an_answer_that_cannot_matter_is_not_needed():
    """With moderate shapes and a moderate budget, no answer on occlusion changes the masks."""
    rules = load_rules("infographic")
    answers = {"count_matters": "yes", "shape_variance": "moderate", "compute_budget": "moderate"}
    document = Outcome(rules, answers).document
    assert document["strategy"]["id"] == "instance_segmentation"
    assert missing_questions(rules, answers) == []
    assert [step["answer"] for step in document["path"]] == ["yes", "unknown", "moderate", "moderate"]
    assert "that does not matter" in document["path"][1]["because"]


def test_one_answer_can_be_enough():
    """`count_matters: no` alone decides for a class map; nothing more is asked, and models of all tiers are listed."""
    rules = load_rules("infographic")
    document = Outcome(rules, {"count_matters": "no"}).document
    assert document["strategy"]["id"] == "semantic_segmentation"
    assert missing_questions(rules, {"count_matters": "no"}) == []
    assert {variant["tier"] for variant in document["architectures"]} == {"edge", "gpu", "server"}


def test_undecided_cases_say_what_to_find_out_and_what_to_start_with():
    """With nothing but the count known, masks are the label that can be turned into the other candidate's."""
    rules = load_rules("infographic")
    document = Outcome(rules, {"count_matters": "yes"}).document
    assert document["strategy"] is None
    assert document["ask_next"]["question"] == "occlusion"
    assert document["start_with"]["strategy"] == "instance_segmentation"


def test_the_question_that_settles_most_comes_next():
    """Of two open questions, the one whose answers leave fewer strategies is named."""
    rules = rule_set(
        [
            ("q0", [(("a",), 1), (("b",), "map")]),
            ("q1", [(("a",), "boxes"), (("b",), "masks")]),
        ],
        {"q0": ("a", "b"), "q1": ("a", "b")},
    )
    assert ask_next(rules, {}) == {"question": "q0", "settles": [1, 2], "settled_by": ["b"]}
    assert ask_next(rules, {"q0": "a"})["settles"] == [2, 2]


def test_the_question_that_comes_next_is_one_that_could_change_the_answer():
    """Where masks cover the boxes too, asking how the boxes lie settles nothing, though it was never answered."""
    case = UseCase("A", {"purpose": "measure_objects+find_objects", "count_matters": "unknown"})
    found = Recommender(load_rules()).recommend(case).outcome
    assert (found.status, found.assumed) == ("provisional", ["count_matters"])
    assert found.ask_next == {"question": "count_matters", "settles": [1, 2], "settled_by": ["yes"]}


def test_recommender_shares_what_the_same_answers_lead_to():
    """Two use cases with the same answers share one outcome, whatever else they say."""
    recommender = Recommender(load_rules())
    one = recommender.recommend(UseCase("one", {"count_matters": "no"}))
    other = recommender.recommend(UseCase("other", {"count_matters": "no"}, images=5))
    assert one.outcome is other.outcome
    assert one.name == "one"


def converting(conversions):
    """Return a tree that leaves three strategies open, whose labels can be turned into the others given."""
    rules = rule_set([("q0", [(("a",), "boxes"), (("b",), "masks"), (("c",), "map")])], {"q0": ("a", "b", "c")})
    for id_, others in conversions.items():
        rules.strategies[id_]["converts_to"] = [
            {"strategy": other, "how": f"{id_} to {other}.", "loses": "much"} for other in others
        ]
    return rules


@given(worlds(), st.data())
@settings(max_examples=200, deadline=None)
def test_several_parts_are_decided_only_if_all_their_completions_draw_the_same(world, data):
    """Whatever a tree and the answers of two classes are: there is a recommendation, and a sure one holds for all."""
    rules, answers = world
    rules.tips, rules.decisions = [], []
    other = {
        question: data.draw(st.sampled_from([*text["answers"], UNKNOWN])) for question, text in rules.questions.items()
    }
    case = UseCase("case", answers, classes={"one": {}, "other": other})
    found = Recommender(rules).recommend(case)
    wholes = [answers, {**answers, **other}]
    drawn = {
        tuple(cover(rules, [[one], [two]], "classes")["strategies"])
        for one, two in product(*(oracle(rules, completing(whole)) for whole in wholes))
    }
    assert (found.status == "decided") == (len(drawn) == 1)
    if found.status == "decided":
        assert drawn == {tuple(found.candidates)}
    assert (found.strategy is None) == (found.status == "undecided")


def test_start_with_needs_a_label_that_can_be_turned_into_all_others():
    """A label that gives only one of the two others is not the one to start with."""
    some = converting({"boxes": ["masks"], "masks": ["boxes"], "map": []})
    assert Outcome(some, {}).document["start_with"] is None
    every = converting({"boxes": ["masks"], "masks": ["boxes", "map"], "map": []})
    assert Outcome(every, {}).document["start_with"] == {"strategy": "masks", "why": "masks to boxes. masks to map."}


def test_alternative_that_the_whole_already_covers_is_not_listed():
    """Classes that need boxes and masks draw masks; only without these are boxes something else to consider."""
    rules = converting({"boxes": [], "masks": ["boxes"], "map": []})
    rules.tips, rules.decisions = [], []
    case = UseCase("case", {}, classes={"one": {"q0": "a"}, "other": {"q0": "b"}})
    document = Recommender(rules).recommend(case).outcome.document
    assert document["strategy"]["id"] == "masks"
    assert [(entry["strategy"], entry["beside"]) for entry in document["alternatives"]] == [
        ("boxes", []),
        ("boxes", ["map"]),
    ]
    assert [entry["strategy"] for entry in document["why_not"]] == ["map"]


def test_reason_below_a_fork_names_what_it_depends_on():
    """The same answer is followed for two reasons, depending on a question that nobody has answered."""
    rules = rule_set(
        [
            ("q0", [(("a",), 1), (("b",), 2)]),
            ("q1", [(("a",), "boxes"), (("b",), "masks")]),
            ("q1", [(("a", "b"), "map")]),
        ],
        {"q0": ("a", "b"), "q1": ("a", "b")},
    )
    assert [step["because"] for step in Outcome(rules, {"q1": "a"}).document["path"]] == [
        "Not known yet, so every answer stays open.",
        "What follows depends on what is not known: q0.",
    ]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"purpose": "map_surfaces"}, {"compute_budget", "extent_visible"}),
        ({"purpose": "map_surfaces", "compute_budget": "edge"}, {"extent_visible"}),
        ({"purpose": "find_objects"}, {"compute_budget", "count_matters", "occlusion", "shape_variance"}),
    ],
)
def test_question_that_only_sharpens_advice_is_asked_where_its_advice_is_given(answers, asked):
    """Where the model runs always matters; what only a tip for another label waits for does not."""
    assert set(sharpening_questions(load_rules("purpose_first"), answers)) == asked
