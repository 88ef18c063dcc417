"""Three-valued walks through a decision tree: possible strategies, questions worth asking, and the path taken.

An unanswered question leaves all its answers open. A question answered `unknown` takes the tree's branch for `unknown`,
the usual answer, or leaves all answers open if there is no such branch. The same functions therefore compute three
results, depending on how the answers are prepared: unchanged (all ways in which they can be completed), with `unknown`
for each missing answer (`assuming`: the result if the usual answers are right), or without any `unknown` (`completing`:
the result whatever the answers turn out to be). A single strategy in the last case is decided, and in the second case
provisional; otherwise the result is undecided. All functions are pure; `knowledge.tree` explains how they avoid
enumerating paths.

For example, while it is not known whether angles matter, `find_objects` alone leaves boxes and oriented boxes open;
assuming the usual answer it leads to boxes, and so the answer is provisional.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from annostrat.knowledge.tree import (
    EVERY,
    UNKNOWN,
    Branch,
    Node,
    Row,
    Ways,
    answers_by_branch,
    ends,
    layers,
    reach,
    together,
    ways,
)
from annostrat.recommendation.label_combination import coverings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import AskNext, Candidate, Status, Step

MOST_WAYS = 200
"""Maximum number of open paths to list; if there are more, only the first path to each strategy is listed."""


def assuming(rules: RuleSet, answers: Mapping[str, str]) -> dict[str, str]:
    """Fill in `unknown` for every unanswered question of the tree, so that usual answers are assumed."""
    return {**dict.fromkeys(rules.order, UNKNOWN), **answers}


def completing(answers: Mapping[str, str]) -> dict[str, str]:
    """Drop answers that are `unknown`, so that nothing is assumed."""
    return {question: answer for question, answer in answers.items() if answer != UNKNOWN}


def walk(
    rules: RuleSet, answers: Mapping[str, str], start: Node | None = None
) -> tuple[str | None, list[tuple[str, str, Branch]]]:
    """Return the strategy that answers lead to, and the steps there as (question, answer, branch).

    Missing answers are assumed. The strategy is None if the walk reaches an unanswered question without a branch for
    `unknown`. The walk starts at the root unless `start` is given.
    """
    node: Node | None = start or rules.start
    strategy: str | None = None
    steps: list[tuple[str, str, Branch]] = []
    while node is not None:
        answer = answers.get(node.question, UNKNOWN)
        branch = node.branches.get(answer)
        if branch is None:
            return None, steps
        steps.append((node.question, answer, branch))
        strategy, node = branch.strategy, branch.node
    return strategy, steps


def possible(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the strategies that the answers leave possible, in the rule set's order."""
    node = rules.start
    while (branch := node.branches.get(answers.get(node.question, ""))) is not None:
        if branch.node is None:
            return [branch.strategy] if branch.strategy in rules.offered else []
        node = branch.node
    return [*_below(rules, node, tuple(map(answers.get, node.below)))]


@lru_cache(maxsize=4096)
def _below(rules: RuleSet, node: Node, words: tuple[str | None, ...]) -> tuple[str, ...]:
    """Return the possible strategies below a node, given an answer or None for each question there."""
    answers = {question: word for question, word in zip(node.below, words, strict=True) if word}
    reached = ends(node, ways(answers))
    return tuple(strategy for strategy in rules.offered if strategy in reached)


class Standing(NamedTuple):
    """The strategy that answers lead to, and its status.

    Attributes:
        status: `decided`, `provisional` or `undecided`.
        chosen: The strategy; None while undecided.
        candidates: The chosen strategy, or all possible ones while undecided.
    """

    status: Status
    chosen: str | None
    candidates: list[str]


def standing(rules: RuleSet, answers: Mapping[str, str]) -> Standing:
    """Return the strategy that the answers lead to, and its status."""
    certain = possible(rules, completing(answers))
    if len(certain) == 1:
        return Standing("decided", certain[0], certain)
    usual = possible(rules, assuming(rules, answers))
    if len(usual) == 1:
        return Standing("provisional", usual[0], usual)
    return Standing("undecided", None, possible(rules, answers))


def drawn(rules: RuleSet, parts: Sequence[Mapping[str, str]]) -> list[tuple[str, ...]]:
    """Return every set of labels that may have to be drawn for the parts of a project."""
    remaining = [possible(rules, answers) for answers in parts]
    return coverings(rules, remaining) if len(parts) > 1 else [(strategy,) for strategy in remaining[0]]


def candidates(rules: RuleSet, answers: Mapping[str, str]) -> list[Candidate]:
    """Return the open paths as strategies with the missing answers that lead to them.

    Together they cover every combination of answers; beyond `MOST_WAYS`, only the first path to each strategy.
    """
    rows: list[tuple[Row, str]] = [*islice(merged_paths(rules, answers), MOST_WAYS + 1)]
    if len(rows) > MOST_WAYS:
        reached = reach(rules.start, ways(answers))
        first = {strategy: reached.answers(strategy) for strategy in reached.strategies if strategy}
        rows = [(_not_answered({key: [way[key]] for key in way}, answers), end) for end, way in first.items()]
    return [{"strategy": strategy, "when": row} for row, strategy in rows]


def merged_paths(rules: RuleSet, answers: Mapping[str, str] | None = None) -> Iterator[tuple[Row, str]]:
    """Yield paths as (question to answers, strategy); answers that share a branch share a row.

    Without answers, yield all paths, including `unknown` if it has its own branch; otherwise yield the paths that the
    answers leave open, without the answered questions. A large tree has millions of paths.
    """
    open_at = EVERY if answers is None else ways(answers)
    for row, strategy in _rows(Branch("", None, rules.start), open_at, {}):
        yield _not_answered(_without_unknown(row), answers or {}), strategy


def _rows(branch: Branch, open_at: Ways, given: Row) -> Iterator[tuple[Row, str]]:
    if branch.node is None:
        if branch.strategy is not None:
            yield given, branch.strategy
        return
    for onward, words in answers_by_branch(open_at(branch.node)).items():
        yield from _rows(onward, open_at, {**given, branch.node.question: words})


def _not_answered(row: Row, answers: Mapping[str, str]) -> Row:
    return {question: words for question, words in row.items() if words != [answers.get(question)]}


def differences(before: RuleSet, after: RuleSet) -> Iterator[tuple[Row, str, str]]:
    """Yield the answers that lead to different strategies in two rule sets, as (answers, before, after).

    An entry covers every combination of its answers; together, the entries cover exactly the differences.
    """
    for row, was, now in together(Branch("", None, before.start), Branch("", None, after.start), EVERY):
        if was is not None and now is not None:
            yield _without_unknown(row), was, now


def _without_unknown(row: Row) -> Row:
    """Drop each `unknown` that shares its branch with other answers, because it is redundant."""
    return {key: [word for word in words if word != UNKNOWN] or words for key, words in row.items()}


def open_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the unanswered or `unknown` questions that can still change the strategy, in walk order."""
    return [
        question
        for question in met_questions(rules, answers)
        if answers.get(question, UNKNOWN) == UNKNOWN and matters(rules, answers, question)
    ]


def matters(rules: RuleSet, answers: Mapping[str, str], question: str) -> bool:
    """Return whether two answers to a question can lead to different strategies, all else being equal."""
    after = {(*possible(rules, {**answers, question: word}),) for word in rules.questions[question]["answers"]}
    if len(after) > 1 or len(next(iter(after))) == 1:
        return len(after) > 1
    open_at = ways(answers)
    return any(
        True
        for node in reach(rules.start, open_at).nodes
        if node.question == question
        for one, other in combinations(dict.fromkeys(branch for _, branch in node.offered), 2)
        for _ in together(one, other, open_at, apart_from=question)
    )


def missing_questions(rules: RuleSet, answers: Mapping[str, str]) -> list[str]:
    """Return the unanswered questions, `unknown` excluded, that can still change the strategy, in walk order."""
    return [question for question in open_questions(rules, answers) if question not in answers]


def most_questions(rules: RuleSet, answers: Mapping[str, str]) -> int:
    """Return an upper bound on the number of questions of the tree still to ask, whatever the answers."""
    most: dict[Node | None, int] = {None: 0}
    for node in reversed(layers(rules.start)):
        answered = node.branches.get(answers.get(node.question, ""))
        if answered is not None:
            most[node] = most[answered.node]
            continue
        below = [most[branch.node] for branch in node.branches.values()]
        if UNKNOWN not in node.branches or rules.questions[node.question]["several"]:
            # All branches stay open if the answer is not known, and the questions of all may be asked.
            onward = (branch.node.below for _, branch in node.offered if branch.node)
            below.append(len(frozenset().union(*onward) - {*answers, node.question}))
        most[node] = (node.question not in answers) + max(below)
    return most[rules.start]


def path(rules: RuleSet, answers: Mapping[str, str], chosen: str | None) -> list[Step]:
    """Return the questions on the open paths, in walk order, each with its answer and the reason."""
    fork = "Not known yet, so every answer stays open."
    if chosen is not None:
        fork = (
            f"Not known, but that does not matter: every answer leads to {rules.strategies[chosen]['title'].lower()}."
        )
    steps: list[Step] = []
    forks: list[str] = []
    for question, branches in met_questions(rules, answers).items():
        answer, because = answers.get(question, UNKNOWN), _reason(branches, forks) if branches else fork
        if answer == UNKNOWN and any(_is_usual(rules, branch) for branch in branches):
            because = f"Assumed for now: {because}"
        steps.append({"question": question, "answer": answer, "because": because})
        if not branches:
            forks.append(rules.questions[question]["title"].lower())
    return steps


def _reason(branches: list[Branch], forks: list[str]) -> str:
    """Return the reason for a step; below a fork, open paths may follow the same answer for different reasons."""
    if len({branch.because for branch in branches}) == 1:
        return branches[0].because
    return f"What follows depends on what is not known: {', '.join(forks)}."


def _is_usual(rules: RuleSet, branch: Branch) -> bool:
    """Return whether a branch belongs to a regular answer, not only to `unknown`."""
    return any(branch == offered for node in rules.nodes.values() for _, offered in node.offered)


def met_questions(rules: RuleSet, answers: Mapping[str, str]) -> dict[str, list[Branch]]:
    """Map the questions on the open paths, in walk order, to the branches taken; empty at a fork."""
    met: dict[str, list[Branch]] = {}
    for node in reach(rules.start, ways(answers)).nodes:
        taken = met.setdefault(node.question, [])
        branch = node.branches.get(answers.get(node.question, ""))
        if branch is not None and branch not in taken:
            taken.append(branch)
    return met


def ask_next(rules: RuleSet, *parts: Mapping[str, str], among: Sequence[str] = ()) -> AskNext | None:
    """Return the question whose answers leave the fewest labels on average; the first one wins ties.

    A question already answered `unknown` is returned only if there is no other. `parts` are the parts of a project.
    If any of the questions `among` is open, it is one of these.
    """
    ranked: list[tuple[tuple[bool, float], AskNext]] = []
    questions = dict.fromkeys(one for answers in parts for one in open_questions(rules, answers))
    for question in [one for one in questions if one in among] or questions:
        offered = rules.questions[question]["answers"]
        left = {answer: len(drawn(rules, answering(parts, question, answer))) for answer in offered}
        settled_by = [answer for answer, count in left.items() if count == 1]
        settles: AskNext = {"question": question, "settles": [len(settled_by), len(left)], "settled_by": settled_by}
        met_before = all(question in answers for answers in parts)
        ranked.append(((met_before, sum(left.values()) / len(left)), settles))
    return min(ranked, key=itemgetter(0))[1] if ranked else None


def answering(parts: Sequence[Mapping[str, str]], question: str, answer: str) -> list[Mapping[str, str]]:
    """Return the parts' answers with one answer added to each part that lacks it."""
    return [
        {**answers, question: answer} if answers.get(question, UNKNOWN) == UNKNOWN else answers for answers in parts
    ]
