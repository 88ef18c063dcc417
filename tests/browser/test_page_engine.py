"""The page answers exactly as the command does: its scripts, run in the browser, against the Python engine."""

import json
import random
from itertools import product

import pytest

from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.rule_set import RuleSet
from annostrat.recommendation.effort.estimate import EffortEstimate
from annostrat.recommendation.paths import merged_paths, missing_questions, possible
from annostrat.recommendation.recommendation import Outcome
from annostrat.render.page.data import page_data
from annostrat.render.page.html import asset
from annostrat.render.page.page import interactive_page
from annostrat.use_cases.use_case import UseCase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENGINE = ("walks.js", "decide.js", "effort.js", "sharing.js")
KEPT = (
    "answers",
    "status",
    "decided",
    "path",
    "candidates",
    "assumed",
    "ask_next",
    "start_with",
    "alternatives",
    "why_not",
)
SAMPLE = 3_000


@pytest.fixture
def engine(page):
    """Return a function that runs an expression of the page's scripts for a rule set, once for each argument."""

    def run(rules, expression, arguments):
        setup = "".join(asset(name) for name in ENGINE)
        program = f"""([data, asked]) => {{ {setup}
            const rules = link(data);
            rules.architectures = {{}}; for (const one of rules.offered) rules.architectures[one] = [];
            return JSON.stringify(asked.map((asked) => {expression})); }}"""
        return json.loads(page.evaluate(program, [page_data(rules), arguments]))

    return run


def combinations(rules, questions):
    """Return every combination of the answers to some questions, each of which may be unknown or missing."""
    offered = [[*rules.questions[question]["answers"], "unknown", None] for question in questions]
    for words in product(*offered):
        yield {question: word for question, word in zip(questions, words, strict=True) if word is not None}


def sampled(rules, count, chance=None):
    """Return answers to some of the questions, drawn by chance, the same at every run."""
    chance = chance or random.Random(20210120)  # noqa: S311 - a test's sample
    for _ in range(count):
        asked = chance.sample(rules.relevant, chance.randrange(len(rules.relevant) + 1))
        yield {question: chance.choice([*rules.questions[question]["answers"], "unknown"]) for question in asked}


def expected(rules, answers):
    """Return what the engine says of some answers, as far as the page says it too."""
    document = Outcome(rules, answers).document
    return {
        **{key: document[key] for key in KEPT},
        "strategy": document["strategy"]["id"] if document["strategy"] else None,
        "tips": [tip["text"] for tip in document["tips"]],
        "warnings": [tip["text"] for tip in document["warnings"]],
        "remaining": possible(rules, answers),
        "missing": missing_questions(rules, answers),
        "rows": [[words, strategy] for words, strategy in merged_paths(rules, answers)],
    }


DECIDE = """(({tips, warnings, architectures, ...rest}) => ({...rest, tips: tips.map(({text}) => text),
    warnings: warnings.map(({text}) => text), remaining: possible(rules, asked),
    missing: missingQuestions(rules, asked), rows: [...mergedPaths(rules, asked)]}))(decide(rules, asked))"""


def test_page_decides_every_combination_as_the_engine_does(engine):
    """Every combination of the infographic's answers, unknown and missing ones too: strategy, path and reasons."""
    rules = load_rules("infographic")
    asked = list(combinations(rules, rules.order))
    assert len(asked) == 4 * 5**3
    for answers, found in zip(asked, engine(rules, DECIDE, asked), strict=True):
        assert found == expected(rules, answers), answers


@pytest.mark.parametrize("name", ["infographic", "purpose_first"])
def test_page_decides_a_sample_as_the_engine_does(engine, name):
    """A large sample of answers to all questions, those of the tips too, in any order."""
    rules = load_rules(name)
    asked = list(sampled(rules, SAMPLE))
    for answers, found in zip(asked, engine(rules, DECIDE, asked), strict=True):
        assert found == expected(rules, answers), answers


TREE = ("id", "title", "version", "digest", "summary", "licence", "attribution", "sources", "second_opinion")
KNOWLEDGE = ("questions", "strategies", "architectures", "tips", "effort", "references", "guideline", "domains")
KNOWLEDGE += ("decisions", "assistants", "datasets", "findings", "figures")


def grown(chance):
    """Return the infographic's knowledge with a tree by chance: shared nodes, questions met twice, unknown branches."""
    base = load_rules("infographic")
    asked = chance.sample([*base.questions], chance.randint(1, 4))
    size = chance.randint(1, 8)
    nodes = []
    for index in range(size):
        question = chance.choice(asked)
        words = [*base.questions[question]["answers"], *chance.choice([[], [], ["unknown"]])]
        targets = [chance.choice([*base.offered, *range(index + 1, size)]) for _ in words]
        branches = [
            {
                "when": [word],
                "because": f"Because of {word}.",
                "strategy": target if isinstance(target, str) else None,
                "go": str(target) if isinstance(target, int) else None,
            }
            for word, target in zip(words, targets, strict=True)
        ]
        nodes.append({"id": str(index), "ask": question, "branches": branches})
    tree = {**{key: getattr(base, key) for key in TREE}, "strategies": list(base.offered), "nodes": nodes}
    return RuleSet({**{key: getattr(base, key) for key in KNOWLEDGE}, "tree": tree}, base)


def test_page_decides_with_any_tree_as_the_engine_does(engine):
    """Trees of any shape, also those that ask a question twice on one path, are walked alike."""
    chance = random.Random(7)  # noqa: S311 - a test's sample
    repeating = 0
    for _ in range(80):
        rules = grown(chance)
        repeating += rules.start is not rules.written
        asked = list(sampled(rules, 30, chance))
        for answers, found in zip(asked, engine(rules, DECIDE, asked), strict=True):
            assert found == expected(rules, answers), answers
    assert repeating > 10


def settings(chance):
    """Return counts and settings of a use case by chance; some are left out."""
    found = {
        "images": chance.choice([1, 7, 250, 1200, 99_999, 10**9]),
        "objects_per_image": chance.choice([None, 0, 0.5, 3, 35, 1e5]),
        "assistance": chance.choice([None, True]),
        "annotators": chance.choice([None, 1, 3, 7]),
        "surfaces": chance.choice([None, 0, 2, 2.5]),
        "currency": chance.choice([None, "EUR"]),
        "hourly_rate": chance.choice([None, 12.5, 0]),
    }
    return {key: value for key, value in found.items() if value is not None}


@pytest.mark.parametrize("name", ["infographic", "purpose_first"])
def test_page_estimates_effort_as_the_command_does(engine, name):
    """Hours, weeks, money and plans are the same to the last digit, for a sample of counts and settings."""
    rules = load_rules(name)
    chance = random.Random(2024)  # noqa: S311 - a test's sample
    asked = []
    for answers in sampled(rules, 500):
        strategies = possible(rules, answers)
        asked.append([answers, settings(chance), strategies + [s for s in rules.offered if s not in strategies]])
    expression = "estimate(rules, asked[0], asked[1], asked[2], possible(rules, asked[0]).length === 1)"
    for (answers, given, strategies), found in zip(asked, engine(rules, expression, asked), strict=True):
        counts = {key: given.get(key) for key in ("images", "objects_per_image")}
        effort = {key: value for key, value in given.items() if key not in counts}
        case = UseCase("x", answers, **counts, effort=effort)
        right = EffortEstimate(rules, case, strategies, decided=len(possible(rules, answers)) == 1).document()
        keys = ("strategy", "unit", "units", "basis", "assisted", "hours", "weeks", "money", "note")
        assert found["strategies"] == [{key: line[key] for key in keys} for line in right["strategies"]], given
        for key in ("currency", "money_from", "surfaces", "side_by_side"):
            assert found[key] == right[key], given
        plan = right["plan"]
        assert found["plan"] == (plan and {key: plan[key] for key in ("text", "hours", "instead_of", "sources")})


COMPARABLE = "(({decided, alternatives}) => decided ? comparable(rules, alternatives) : [])(decide(rules, asked))"


@pytest.mark.parametrize("name", ["infographic", "purpose_first"])
def test_page_compares_the_labels_that_the_command_compares(engine, name):
    """The table of effort has the same alternatives: those that are certain, and serve the same purpose."""
    rules = load_rules(name)
    asked = list(sampled(rules, 500))
    for answers, found in zip(asked, engine(rules, COMPARABLE, asked), strict=True):
        outcome = Outcome(rules, answers)
        labels = outcome.comparable if outcome.decided else []
        assert [[label] for label in found] == labels, answers


def test_scripts_of_the_tests_are_those_of_the_page():
    """What is tested here is what the page runs, word for word."""
    text = interactive_page(load_rules(), UseCase(""))
    assert all(asset(name) in text for name in ENGINE)
