"""JSON put together from texts that are kept is the JSON that encoding everything each time would give."""

import gc
import json
from collections import Counter
from itertools import islice
from random import Random

import pytest

from annostrat.knowledge.files import shipped_trees
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.yaml_source import Document
from annostrat.recommendation import engine
from annostrat.recommendation.contract import OutcomeDocument
from annostrat.recommendation.effort.estimate import EffortEstimate
from annostrat.recommendation.engine import Recommender
from annostrat.recommendation.recommendation import PARTS, Outcome, Recommendation
from annostrat.render.formats.json import Record, keys_of, line, pick
from annostrat.render.formats.jsonl import LEAN, PLUGIN
from annostrat.render.renderer import Page
from annostrat.use_cases.files import read_use_cases
from annostrat.use_cases.use_case import UseCase

OTHERS = (
    "name,effort",
    "effort.hours.typical,name",
    "classes,status",
    "schema_version,strategy.id",
    "effort.plan.text",
)


def use_case(rules, draw):
    """Return a use case with any answers, and often with counts, classes, a field and wishes."""

    def answers(share):
        offered = {
            id_: [*rules.questions[id_]["answers"], "unknown"] for id_ in rules.relevant if draw.random() < share
        }
        return {
            id_: "+".join(dict.fromkeys(draw.choices(words[:-1], k=2)))
            if rules.questions[id_]["several"] and draw.random() < 0.3
            else draw.choice(words)
            for id_, words in offered.items()
        }

    return UseCase(
        draw.choice(["wheat", 'a "b": {c}', "Größe\x7f\u2028", "\ud83c\udf3e"]),
        answers(draw.random()),
        images=draw.choice([None, 3, 12_345]),
        objects_per_image=draw.choice([None, 0, 2.5, 400]),
        classes={name: answers(0.2) for name in draw.sample(["soil", "leaf", "ear: ripe"], draw.choice([0, 0, 1, 3]))},
        effort=draw.choice(
            [{}, {"hourly_rate": 20, "currency": "EUR"}, {"assistance": True}, {"seconds_per_label": 9}]
        ),
        domain=draw.choice([None, *rules.domains]),
        objects=draw.choice([None, "wheat heads"]),
        models=draw.choice([{}, {}, {"licence": ["permissive"]}]),
    )


@pytest.mark.parametrize("tree", shipped_trees())
def test_kept_texts_are_what_encoding_everything_gives(tree, monkeypatch):
    """Whatever was recommended before, a use case's JSON is byte for byte that of it alone."""
    monkeypatch.setattr(engine, "MAX_REMEMBERED", 7)
    rules, draw = load_rules(tree), Random(7)  # noqa: S311 - the same use cases every time
    wanted = [(), LEAN, *(tuple(fields.split(",")) for fields in OTHERS)]
    records, recommender = {fields: Record(fields) for fields in wanted}, Recommender(rules)
    seen = [use_case(rules, draw) for _ in range(15)]
    for case in seen + seen:
        document = Recommender(rules).recommend(case).document()
        for fields, record in records.items():
            keys = keys_of(fields)
            picked = pick(document, {key: keys[key] for key in document if key in keys}) if keys else document
            assert record.of(recommender.recommend(case)) == line(picked)


def test_parts_are_those_of_the_contract():
    """JSON has the parts that its types describe, in their order."""
    assert tuple(OutcomeDocument.__annotations__) == PARTS


def test_a_line_computes_only_what_it_shows():
    """JSON Lines find no models, nearest projects or references, which nobody asked for."""
    result = Recommender(load_rules()).recommend(UseCase("A", {"purpose": "count_objects", "extent_visible": "no"}))
    assert json.loads(Record(LEAN).of(result))["precedents"]["n"] >= 10
    assert (
        not {"path", "precedents", "why_not", "architectures", "assistants", "references"} & vars(result.outcome).keys()
    )


def alive():
    """Return how many objects of each class there are."""
    gc.collect()
    return Counter(map(type, gc.get_objects()))


def test_a_decided_line_is_short_with_several_labels_too():
    """Five classes of four labels are a line of at most 1.5 kB."""
    found = {"purpose": "find_objects", "orientation_matters": "no"}
    classes = {"kerb": {"purpose": "trace_lines", "count_matters": "yes"}, "road": {"purpose": "map_surfaces"}}
    classes |= {"pedestrian": found, "parked car": found, "traffic light": {"purpose": "tag_images"}}
    case = UseCase("Road scene of a delivery robot", {"compute_budget": "limited"}, classes=classes, images=4000)
    rules = load_rules("purpose_first")
    (line,) = PLUGIN.recommendations([Recommender(rules).recommend(case)], rules, Page())
    assert len(line) <= 1500


def test_nothing_of_a_line_is_kept(tmp_path):
    """However many lines were read, of earlier ones only the first use case and its document are left."""
    rules, draw = load_rules("infographic"), Random(7)  # noqa: S311 - the same use cases every time
    case = '{"name": "Case %d", "answers": {"count_matters": "%s"}, "images": %d, "objects_per_image": 3}\n'
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(case % (number, draw.choice(["yes", "no"]), number + 1) for number in range(500)))
    before = alive()
    results = map(Recommender(rules).recommend, read_use_cases([str(path)], rules))
    lines = PLUGIN.recommendations(results, rules, Page())
    assert json.loads([*islice(lines, 400)][-1])["name"] == "Case 399"
    more = alive() - before
    assert all(more[kind] <= 3 for kind in (UseCase, Document, Recommendation, EffortEstimate))


def test_decisions_are_forgotten_when_they_are_many(monkeypatch):
    """Other answers in every use case make the memory no larger than the limit does."""
    monkeypatch.setattr(engine, "MAX_REMEMBERED", 20)
    rules, draw = load_rules("purpose_first"), Random(7)  # noqa: S311 - the same use cases every time
    recommender, before = Recommender(rules), alive()
    for _ in range(60):
        recommender.recommend(use_case(rules, draw)._replace(classes={}))
    assert (alive() - before)[Outcome] <= 20
