"""A recommendation as a labelling project: every class with its label, colour, key and points."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from annostrat.errors import InputError, Problem, printable, shortened, suggest
from annostrat.export._colours import colours
from annostrat.recommendation.recommendation import applies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from annostrat.errors import Location
    from annostrat.knowledge.contract import AttributeText
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.use_cases.use_case import UseCase

KEYS = "1234567890qwetasdfgzxcvbyiopjklnm"
"""Keys of the classes, in the order in which Label Studio gives them out."""
PLACEHOLDER = "object"
"""The class of a use case that names none."""
_JOINERS = str.maketrans("", "", "\u200c\u200d")
"""Invisible characters that belong to words of some languages, and to emoji."""
_NAME_POINTS = "name them under `keypoints` in the use case"
_POINTS = ("point_1", "point_2", "point_3")


class Label(NamedTuple):
    """One class, as it is set up in a labelling tool.

    Attributes:
        strategy: The strategy whose label it gets: one that it needs, or the one of the whole that combines it.
        colour: Its colour, as `#rrggbb`.
        key: The key that selects it; None where there are more classes than keys.
        thing: Whether its objects are told apart; False for a surface.
        points: The names of its points, where points are wanted, alone or with another label.
        edges: Positions of the points that a line joins, from 0.
        attributes: What annotators record for each of its objects.
    """

    name: str
    strategy: str
    answers: dict[str, str]
    colour: str
    key: str | None
    thing: bool
    points: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    attributes: tuple[AttributeText, ...]


class Note(NamedTuple):
    """A remark on the project, such as a default for something the use case omits, and how to state it there."""

    text: str
    hint: str | None = None


class LabellingProject(NamedTuple):
    """A decided recommendation, ready to be set up.

    `drawn` are the strategies of the whole: one that covers all classes, or several side by side.
    """

    result: Recommendation
    rules: RuleSet
    labels: list[Label]
    drawn: list[str]
    notes: list[Note]

    def by_class(self) -> list[list[Label]]:
        """Return the labels of each class, usually one, for tools that identify a class by its name."""
        classes: dict[str, list[Label]] = {}
        for label in self.labels:
            classes.setdefault(label.name, []).append(label)
        return [*classes.values()]

    def strategies(self) -> list[str]:
        """Return the strategies of the classes in the order of the rules, each once."""
        used = {label.strategy for label in self.labels}
        return [strategy for strategy in self.rules.strategies if strategy in used]


def set_up(result: Recommendation, rules: RuleSet) -> LabellingProject:
    """Return the project of a decided recommendation.

    Raises:
        InputError: A name cannot be shown, or two of them cannot be told apart.
    """
    case, notes = result.use_case, list[Note]()
    needed = _strategies(result, notes)
    names = dict.fromkeys(name for name, _ in needed)
    problems = [*_faults(names, case, "classes")]
    for name, entry in case.keypoints.items():
        problems += _faults(entry["points"], case, "keypoints", name, "points")
        if name not in names:
            where = case.locate("keypoints", name, at_key=True)
            problems.append(_fault(where, f"there is no class '{shortened(name)}'", suggest(name, names)))
    if problems:
        raise InputError(problems)
    shades, numbers = colours(names), {name: number for number, name in enumerate(names)}
    apart: dict[tuple[str, str], bool] = {}
    for name, strategy in needed:
        drawn = next((one for one in result.candidates if strategy in rules.strategies[one]["combines"]), strategy)
        apart[name, drawn] = apart.get((name, drawn), False) or rules.strategies[strategy]["tells_apart"]
    labels = [
        _label(name, strategy, shades[name], numbers[name], case, rules, notes, tells_apart=tells_apart)
        for (name, strategy), tells_apart in apart.items()
    ]
    notes += _cheaper(labels, result, rules)
    return LabellingProject(result, rules, labels, result.candidates, notes)


def _cheaper(labels: list[Label], result: Recommendation, rules: RuleSet) -> Iterator[Note]:
    """Yield a note for each class whose label holds less than the label of the whole."""
    whole = " and ".join(rules.strategies[one]["title"].lower() for one in result.candidates)
    for label in labels:
        if label.strategy not in result.candidates:
            needed = rules.strategies[label.strategy]["title"].lower()
            yield Note(f"'{label.name}' needs {needed} only; one model of all classes would need {whole} for it too")


def _strategies(result: Recommendation, notes: list[Note]) -> list[tuple[str, str]]:
    """Return every class with each strategy that it needs; a placeholder where no class is named."""
    keypoints, pairs = result.use_case.keypoints, list[tuple[str, str]]()
    for entry in result.own["classes"]:
        others = [strategy for strategy in entry["strategies"] if strategy != "keypoints"]
        # named points come with the other label of a class, not separately
        drawn = others if others and entry["name"] in keypoints else entry["strategies"]
        pairs += [(entry["name"], strategy) for strategy in drawn]
    if pairs:
        return pairs
    if not keypoints:
        message = f"the use case names no classes, so '{PLACEHOLDER}' stands in"
        notes.append(Note(message, "add `classes: {a_name: {}}`"))
    return [(name, strategy) for name in keypoints or [PLACEHOLDER] for strategy in result.candidates]


def _label(
    name: str,
    strategy: str,
    colour: str,
    number: int,
    case: UseCase,
    rules: RuleSet,
    notes: list[Note],
    *,
    tells_apart: bool,
) -> Label:
    answers = case.answers | case.classes.get(name, {})
    thing = tells_apart and answers.get("count_matters") != "no"
    pointed = strategy == "keypoints" or name in case.keypoints
    points, edges = _points(name, case, rules, notes) if pointed else ((), ())
    key = KEYS[number] if number < len(KEYS) else None
    attributes = rules.guideline["attributes"] if tells_apart else []
    noted = tuple(one for one in attributes if applies(one["when"], one["unless"], strategy, answers, case.domain))
    return Label(name, strategy, answers, colour, key, thing, points, edges, noted)


def _points(
    name: str, case: UseCase, rules: RuleSet, notes: list[Note]
) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Return the points of a class and the lines between them: its own, a skeleton in common use, or stand-ins."""
    known = case.keypoints.get(name)
    if known:
        return _numbered(known["points"], known.get("skeleton", []))
    for skeleton in rules.guideline["skeletons"]:
        if name.lower() in skeleton["classes"]:
            text = f"no points are named for '{name}', so {len(skeleton['points'])} in common use stand in"
            notes.append(Note(text, _NAME_POINTS))
            return _numbered(skeleton["points"], skeleton["edges"])
    notes.append(Note(f"no points are named for '{name}', so {', '.join(_POINTS)} stand in", _NAME_POINTS))
    return _numbered(_POINTS, [])


def _numbered(points: Iterable[str], lines: list[list[str]]) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    at = {point: number for number, point in enumerate(points)}
    return tuple(at), tuple((at[one], at[other]) for one, other in lines)


def _faults(names: Iterable[str], case: UseCase, *place: str) -> Iterator[Problem]:
    """Yield problems of names that a labelling tool cannot show, or that look like another name."""
    seen: dict[str, str] = {}
    for name in names:
        where = case.locate(*place, name, at_key=True) if place == ("classes",) else case.locate(*place)
        looks = " ".join(unicodedata.normalize("NFC", name).split())
        shown = f"'{shortened(printable(name))}'"
        if not looks:
            yield _fault(where, f"the name {shown} is empty", "write a name")
        elif printable(bare := name.translate(_JOINERS)) != bare:
            yield _fault(where, f"the name {shown} holds a character that a list cannot show", "write it on one line")
        elif looks in seen:
            message = f"the names '{shortened(seen[looks])}' and {shown} look the same"
            yield _fault(where, message, "rename one of them")
        seen[looks] = name


def _fault(where: Location, message: str, hint: str) -> Problem:
    return Problem(where, message, hint, "class-name")
