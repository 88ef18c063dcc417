"""The types of use-case fields, which read, validate, describe and write their values.

A field validates and converts in one pass, because many use cases are read and most are valid. Faults are recorded in
the `CaseReading`, with their location and a hint.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from annostrat.errors import nearest, shortened, suggest
from annostrat.knowledge.tree import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from annostrat.knowledge.contract import Question
    from annostrat.knowledge.rule_set import RuleSet

    Key = tuple[str | int, ...]
    Schema = dict[str, Any]

MAX_FAULTS = 50
"""Maximum number of faults reported per use case."""
JOINT = "+"
"""Separator of several answers to one question; the command line also accepts a comma, and files a list."""
_BOOLEANS = {True: "yes", False: "no", "true": "yes", "false": "no"}
_YES_NO = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}


class Fault(NamedTuple):
    """A fault, and the keys that lead to its location."""

    key: Key
    message: str
    hint: str | None = None
    at_key: bool = False


class TooManyFaults(Exception):  # noqa: N818 - it ends a reading, and is no error of its own
    """The maximum number of faults was reached."""


class CaseReading:
    """The state of reading one use case.

    Attributes:
        rules: The rule set that defines the valid words.
        outer: The keys beside a section, for a hint if one of them is used inside it.
        faults: The faults found so far.
    """

    __slots__ = ("faults", "outer", "rules")

    def __init__(self, rules: RuleSet, outer: Collection[str] = ()) -> None:
        self.rules, self.outer = rules, outer
        self.faults: list[Fault] = []

    def fault(self, key: Key, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        """Record a fault.

        Raises:
            TooManyFaults: The maximum number of faults is reached.
        """
        self.faults.append(Fault(key, message, hint, at_key))
        if len(self.faults) == MAX_FAULTS:
            raise TooManyFaults


def right_key(name: str, known: Collection[str], elsewhere: Mapping[str, str]) -> str:
    """Return a hint for an unknown key: a similar key, or another location, such as "under `effort`"."""
    if name in elsewhere:
        return f"write it {elsewhere[name]}"
    close = nearest(name, [*known, *elsewhere])
    if close is None or close in known:
        return suggest(name, known)
    return f"did you mean '{close}'? Write it {elsewhere[close]}"


class Field:
    """A field with a `description` of its purpose and an `example` of its syntax."""

    def __init__(self, description: str, example: str | None = None) -> None:
        self.description, self.example = description, example

    def read(self, value: Any, key: Key, reading: CaseReading) -> Any:
        """Validate a value and return it in its internal form, recording faults."""
        raise NotImplementedError

    def schema(self, rules: RuleSet) -> Schema:
        """Return its JSON Schema."""
        return {**self._shape(rules), "description": self.description}

    def _shape(self, rules: RuleSet) -> Schema:
        """Return its JSON Schema without the description."""
        raise NotImplementedError

    def written(self, value: Any) -> Any:
        """Return the value as written in a file."""
        return value


class Text(Field):
    """Free text."""

    def __init__(self, description: str, most: int = 1_000_000, *, least: int = 1) -> None:
        super().__init__(description)
        self.least, self.most = least, most

    def read(self, value: Any, key: Key, reading: CaseReading) -> Any:
        """Return the text."""
        if type(value) is not str:
            reading.fault(key, f"{key[-1]} is text, not {kind(value)}", "put it in quotes")
        elif not self.least <= len(value) <= self.most:
            reading.fault(key, f"{key[-1]} has {self.least} to {self.most:,} characters, not {len(value):,}")
        return value

    def _shape(self, rules: RuleSet) -> Schema:  # noqa: ARG002
        return {"type": "string", "minLength": self.least, "maxLength": self.most}


class Number(Field):
    """A number from `low` to `high`, excluding `low` if `above`; `what` describes it in messages."""

    def __init__(
        self, description: str, low: int, high: int, what: str = "a number", *, whole: bool = False, above: bool = False
    ) -> None:
        super().__init__(description)
        self.low, self.high, self.whole, self.above = low, high, whole, above
        span = f"above {low:,} and up to {high:,}" if above else f"from {low:,} to {high:,}"
        self.text = f"{'a whole number' if whole else what} {span}"

    def holds(self, value: Any) -> bool:
        """Return whether a value is a valid number, which excludes nan."""
        if type(value) is not int and (self.whole or type(value) is not float):
            return False
        inside: bool = self.low <= value <= self.high and not (self.above and value == self.low)
        return inside

    def read(self, value: Any, key: Key, reading: CaseReading) -> Any:
        """Return the number."""
        if not self.holds(value):
            reading.fault(key, f"{key[-1]} is {self.text}, not {kind(value)}", _plainly(value, whole=self.whole))
        return value

    def _shape(self, rules: RuleSet) -> Schema:  # noqa: ARG002
        least = "exclusiveMinimum" if self.above else "minimum"
        return {"type": "integer" if self.whole else "number", least: self.low, "maximum": self.high}


_GROUPED = re.compile(r"\d{1,3}([,.' _]\d{3})+")
_DECIMAL_COMMA = re.compile(r"\d[\d.' ]*,\d+")


def ungrouped(text: str) -> str:
    """Remove commas that group thousands, as in 4,000.5; return any other text unchanged."""
    whole, point, part = text.partition(".")
    return whole.replace(",", "") + point + part if "," in whole and _GROUPED.fullmatch(whole) else text


def _plainly(value: Any, *, whole: bool) -> str | None:
    """Return a hint on how to write an apparent number: 30.5 for 30,5, or 4000 for 4,000 and for a whole 4.000."""
    if type(value) is float and whole:
        if value.is_integer():
            return f"write {value:.0f}, or {value * 1000:.0f} if the point groups thousands"
        value = f"{value:.15g}"
    if type(value) is not str:
        return None
    if _GROUPED.fullmatch(value):
        return "write " + re.sub(r"\D", "", value)
    if _DECIMAL_COMMA.fullmatch(value):
        return "write " + re.sub("[.' ]", "", value).replace(",", ".")
    return "write it without quotes" if value.isdecimal() else None


class YesOrNo(Field):
    """Yes or no, or true or false."""

    def read(self, value: Any, key: Key, reading: CaseReading) -> Any:
        """Return a boolean."""
        if not isinstance(value, str | bool) or value not in _YES_NO:
            reading.fault(key, f"{key[-1]} is yes or no, not {kind(value)}")
            return value
        return _YES_NO[value]

    def _shape(self, rules: RuleSet) -> Schema:  # noqa: ARG002
        return {"enum": [True, False, "yes", "no", "true", "false"]}


class Domain(Field):
    """An application field from the rules' closed list."""

    def read(self, value: Any, key: Key, reading: CaseReading) -> Any:
        """Return the field's id."""
        rules = reading.rules
        if type(value) is not str:
            reading.fault(key, f"domain is one word, not {kind(value)}", f"valid: {', '.join(rules.domains)}")
            return value
        domain = rules.domain(value)
        if domain is None:
            reading.fault(key, *rules.no_domain(value))
        return domain

    def _shape(self, rules: RuleSet) -> Schema:
        """Return each field's words, which editors offer, and a pattern for the spellings `RuleSet.domain` accepts."""
        offered = []
        for id_, text in rules.domains.items():
            words = [id_, *text["words"]]
            spelt: Schema = {"type": "string", "pattern": rf"^[\s_-]*({'|'.join(map(_any_case, words))})[\s_-]*$"}
            either = {"anyOf": [{"enum": words}, spelt]}
            offered.append({**either, "description": f"{text['title']}: {text['meaning']}"})
        return {"oneOf": offered}


def _any_case(word: str) -> str:
    """Return a case-insensitive pattern of a word that also allows spaces or hyphens for underscores."""
    return "".join(r"[\s_-]+" if letter == "_" else f"[{letter}{letter.upper()}]" for letter in word)


class Strategies(Field):
    """One strategy, or a list of them."""

    def read(self, value: Any, key: Key, reading: CaseReading) -> tuple[str, ...]:
        """Return the ids."""
        strategies = reading.rules.strategies
        if type(value) is str and value in strategies:
            return (value,)
        words = value if type(value) is list else [value]
        valid = f"valid: {', '.join(strategies)}"
        if not words:
            reading.fault(key, f"{key[-1]} names no strategy", valid)
        for index, word in enumerate(words):
            place = (*key, index) if words is value else key
            if type(word) is not str:
                reading.fault(place, f"{key[-1]} names strategies, not {kind(word)}", valid)
            elif word not in strategies:
                reading.fault(place, f"no strategy is called '{shortened(word)}'", suggest(word, strategies))
        return tuple(words)

    def _shape(self, rules: RuleSet) -> Schema:
        one = {"oneOf": [{"const": id_, "description": text["summary"]} for id_, text in rules.strategies.items()]}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}

    def written(self, value: tuple[str, ...]) -> list[str]:
        """Return a list."""
        return [*value]


class Answers(Field):
    """Answers by question."""

    def read(self, value: Any, key: Key, reading: CaseReading) -> dict[str, str]:
        """Return answers in canonical form: yes and no spelt out, several joined."""
        if type(value) is not dict:
            reading.fault(key, f"answers are a mapping of question to answer, not {kind(value)}", self.example)
            return {}
        words = reading.rules.words
        try:
            return {question: words[question][answer] for question, answer in value.items()}
        except (KeyError, TypeError):  # several answers, a boolean, or an invalid one
            return {
                question: _answer(question, answer, (*key, question), reading) for question, answer in value.items()
            }

    def _shape(self, rules: RuleSet) -> Schema:  # noqa: ARG002
        return {"$ref": "#/$defs/answers"}  # the schema that `answers_schema` returns

    def written(self, value: Mapping[str, str]) -> dict[str, Any]:
        """Return several answers to a question as a list."""
        return {question: listed(answer) for question, answer in value.items()}


def several(answer: str) -> list[str]:
    """Return the words of an answer; some questions accept several."""
    return answer.split(JOINT)


def listed(answer: str) -> str | list[str]:
    """Return an answer as written in files and JSON: a list if there are several."""
    words = several(answer)
    return words if len(words) > 1 else answer


def _answer(question: str, answer: Any, key: Key, reading: CaseReading) -> str:
    known = reading.rules.questions.get(question)
    if known is None:
        hint = suggest(question, reading.rules.questions)
        reading.fault(key, f"no rule set asks '{shortened(question)}'", hint, at_key=True)
        return ""
    if isinstance(answer, str | list) and known["several"]:
        given = answer if isinstance(answer, list) else answer.replace(",", JOINT).split(JOINT)
        words = [_BOOLEANS.get(word, word.strip()) if isinstance(word, str) else word for word in given]
        if isinstance(answer, list) or words[1:]:
            return _several(question, answer, words, key, reading)
    spelt = _BOOLEANS.get(answer, answer) if isinstance(answer, str | bool) else answer
    offered = [*known["answers"], UNKNOWN]
    if type(spelt) is not str or spelt not in offered:
        _refuse(question, answer, offered, key, reading)
    return str(spelt)


def _several(question: str, answer: str | list[Any], words: list[Any], key: Key, reading: CaseReading) -> str:
    """Join several answers, recording words that are not offered or are given twice."""
    offered = [*reading.rules.questions[question]["answers"]]
    if not words:
        reading.fault(key, f"{question} has no answer", f"write {UNKNOWN}, or remove the line")
    for index, word in enumerate(words):
        place = (*key, index) if isinstance(answer, list) else key
        if type(word) is not str or word not in offered:
            _refuse(question, word, offered, place, reading)
        elif word in words[:index]:
            reading.fault(place, f"{question} gives '{word}' twice", "keep one of the two")
    return JOINT.join(map(str, words))


def _refuse(question: str, answer: Any, offered: list[str], key: Key, reading: CaseReading) -> None:
    valid = f"valid: {', '.join(offered)}"
    if answer is None:
        reading.fault(key, f"{question} has no answer", f"write {UNKNOWN}, or remove the line")
    elif not isinstance(answer, str):
        reading.fault(key, f"{kind(answer)} is not an answer to {question}", valid)
    else:
        close = nearest(answer.strip().lower(), offered)
        hint = f"did you mean '{close}'? {valid}" if close else valid
        reading.fault(key, f"'{shortened(answer)}' is not an answer to {question}", hint)


def answers_schema(rules: RuleSet) -> Schema:
    """Return the JSON Schema of answers, with the options of each question and their meaning."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {id_: _question_schema(question) for id_, question in rules.questions.items()},
    }


def _question_schema(question: Question) -> Schema:
    words = [*question["answers"]]
    offered: list[Schema] = [{"const": word, "description": question["answers"][word]["meaning"]} for word in words]
    offered.append({"const": UNKNOWN, "description": "Not known."})
    if {*words} == {"yes", "no"}:
        offered += [{"enum": [True, "true"], "description": "The same as yes."}]
        offered += [{"enum": [False, "false"], "description": "The same as no."}]
    if question["several"]:
        many = {"type": "array", "items": {"enum": words}, "minItems": 1, "uniqueItems": True}
        joined = rf"^({'|'.join(words)})([,+]\s*({'|'.join(words)}))+$"
        offered.append({**many, "description": "Several answers, each once."})
        offered.append({"type": "string", "pattern": joined, "description": "Several answers, with + between."})
    return {"title": question["title"], "description": f"{question['ask']} {question['help']}", "oneOf": offered}


class ClassAnswers(Answers):
    """Answers by class."""

    def read(self, value: Any, key: Key, reading: CaseReading) -> dict[str, Any]:
        """Return each class's answers, which are empty if it has no value."""
        if type(value) is not dict:
            reading.fault(key, f"classes are a mapping of class name to answers, not {kind(value)}", self.example)
            return {}
        if "" in value:
            reading.fault((*key, ""), "a class needs a name", at_key=True)
        return {
            name: {} if answers is None else super(ClassAnswers, self).read(answers, (*key, name), reading)
            for name, answers in value.items()
        }

    def _shape(self, rules: RuleSet) -> Schema:
        one = {"anyOf": [super()._shape(rules), {"type": "null"}]}
        return {"type": "object", "additionalProperties": one, "propertyNames": {"minLength": 1}}

    def written(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return each class's answers."""
        return {name: super(ClassAnswers, self).written(answers) for name, answers in value.items()}


class Keypoints(Field):
    """Named points by class, and the pairs of them that a line joins."""

    def read(self, value: Any, key: Key, reading: CaseReading) -> Any:
        """Return the points unchanged."""
        if type(value) is not dict:
            reading.fault(key, f"keypoints are a mapping of class name to points, not {kind(value)}", self.example)
            return {}
        for name, entry in value.items():
            self._check(entry, (*key, name), reading)
        return value

    def _check(self, entry: Any, key: Key, reading: CaseReading) -> None:
        points: Any = entry.get("points") if type(entry) is dict else None
        wrong = [name for name in entry if name not in ("points", "skeleton")] if type(entry) is dict else []
        for name in wrong:
            hint = suggest(name, ("points", "skeleton"))
            reading.fault((*key, name), f"'{shortened(name)}' is not a key of keypoints", hint, at_key=True)
        if wrong:
            return
        if points is None:
            message = "keypoints of a class have `points`, and may have a `skeleton`"
            reading.fault(key, message, self.example)
        elif not _are_words(points) or len(set(points)) < len(points):
            reading.fault((*key, "points"), "points are a list of names, each given once", self.example)
        else:
            self._check_skeleton(entry.get("skeleton", []), points, (*key, "skeleton"), reading)

    def _check_skeleton(self, value: Any, points: list[str], key: Key, reading: CaseReading) -> None:
        if type(value) is not list:
            reading.fault(key, f"a skeleton is a list of pairs of points, not {kind(value)}", self.example)
            return
        for index, pair in enumerate(value):
            if not _are_words(pair) or len(pair) != _PAIR or pair[0] == pair[1]:
                reading.fault((*key, index), "a line of a skeleton joins two points", self.example)
                continue
            for at, point in enumerate(pair):
                if point not in points:
                    message = f"no point is called '{shortened(point)}'"
                    reading.fault((*key, index, at), message, suggest(point, points))

    def _shape(self, rules: RuleSet) -> Schema:  # noqa: ARG002
        names = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
        pair = {**names, "minItems": _PAIR, "maxItems": _PAIR}
        of_class = {
            "type": "object",
            "additionalProperties": False,
            "required": ["points"],
            "properties": {
                "points": {**names, "minItems": 1, "description": "The points, in order."},
                "skeleton": {"type": "array", "items": pair, "description": "Pairs of points that a line joins."},
            },
        }
        return {"type": "object", "additionalProperties": of_class}


_PAIR = 2


class Licences(Field):
    """One licence, a list of licences, or one of the `wishes` for their terms."""

    def __init__(self, description: str, wishes: tuple[str, ...]) -> None:
        super().__init__(description)
        self.wishes = wishes

    def read(self, value: Any, key: Key, reading: CaseReading) -> list[str]:
        """Return a list."""
        words = [value] if type(value) is str else value
        if not _are_words(words):
            text = f"{', '.join(self.wishes)}, the name of a licence, or a list of names"
            reading.fault(key, f"{key[-1]} is {text}, not {kind(value)}")
            return []
        known = self._known(reading.rules)
        for word in words:
            if word not in known:
                reading.fault(key, f"no model is under the licence '{shortened(word)}'", suggest(word, known))
        return [*words]

    def _shape(self, rules: RuleSet) -> Schema:
        one = {"enum": self._known(rules)}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}

    def _known(self, rules: RuleSet) -> list[str]:
        return [*self.wishes, *sorted(licences(rules))]


def licences(rules: RuleSet) -> set[str]:
    """Return the names of all code and weight licences in the catalogue, including those of assistants."""
    variants = [variant for suited in rules.architectures.values() for variant in suited]
    return {name for one in [*variants, *rules.assistants] for name in (one["code_licence"], one["weights_licence"])}


def _are_words(value: Any) -> bool:
    return type(value) is list and bool(value) and all(type(word) is str and word for word in value)


class NestedFields(Field):
    """A section with its own fields.

    Args:
        name: The name in messages.
        description: The purpose.
        example: An example of the syntax.
        fields: The fields, by key.
        needed: A required key.
        apart: Two mutually exclusive keys.
    """

    def __init__(
        self,
        name: str,
        description: str,
        example: str,
        fields: Mapping[str, Field],
        *,
        needed: str | None = None,
        apart: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(description, example)
        self.name, self.fields, self.needed, self.apart = name, fields, needed, apart

    def read(self, value: Any, key: Key, reading: CaseReading) -> dict[str, Any]:
        """Return the values of its fields."""
        if type(value) is not dict:
            parts = f"with `{self.needed}`" if self.needed else "of settings"
            reading.fault(key, f"{self.name} is a mapping {parts}, not {kind(value)}", self.example)
            return {}
        meant = {nearest(name, self.fields) for name in value if name not in self.fields}
        if self.needed and self.needed not in {*value, *meant}:
            reading.fault(key, f"{self.name} needs the key `{self.needed}`", self.example)
        found = {}
        for name, part in value.items():
            field = self.fields.get(name)
            if field is None:
                beside = dict.fromkeys(reading.outer, f"beside `{[*key, self.name][0]}`, not under it")
                hint = right_key(name, self.fields, beside)
                reading.fault((*key, name), f"'{shortened(name)}' is not a key of {self.name}", hint, at_key=True)
            else:
                found[name] = field.read(part, (*key, name), reading)
        if self.apart and {*self.apart} <= value.keys():
            one, other = self.apart
            message = f"{self.name} gives both {one} and {other}"
            reading.fault((*key, other), message, "keep one of the two", at_key=True)
        return found

    def _shape(self, rules: RuleSet) -> Schema:
        needed: Schema = {"required": [self.needed]} if self.needed else {}
        apart: Schema = {"not": {"required": [*self.apart]}} if self.apart else {}
        properties = {key: field.schema(rules) for key, field in self.fields.items()}
        whole = {"type": "object", "additionalProperties": False, "properties": properties}
        return {**whole, **needed, **apart}


def kind(value: Any) -> str:
    """Return a description of a value for messages."""
    if type(value) is str:
        return f"the text '{shortened(value)}'"
    if type(value) in (int, float):
        return f"the number {value}"
    if type(value) is list:
        return "a list" if value else "an empty list"
    names = {dict: "a mapping", type(None): "nothing", bool: str(value).lower()}
    return names.get(type(value)) or shortened(repr(value))
