"""Which architecture comes first in a tier, which are dominated, and what is said about the choice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.knowledge.selection import PERMISSIVE, comparable, ranked


def model(id_, accuracy=None, gflops=None, **more):
    """Return a variant of the catalogue, as far as ranking looks at it."""
    licence = more.pop("licence", "MIT")
    name, dataset = more.pop("measured", ("box AP", "COCO val2017"))
    return {
        "id": id_,
        "title": id_.upper(),
        "tier": "gpu",
        "status": "current",
        "gflops": gflops,
        "metric": None if accuracy is None else {"name": name, "dataset": dataset, "value": accuracy},
        "code_licence": licence,
        "weights_licence": licence,
        "permissive": licence in PERMISSIVE,
        "pareto": False,
        "why": None,
        **more,
    }


def order(*variants):
    """Return the ids in the order in which they are shown."""
    return [variant["id"] for variant in ranked(list(variants))]


def chosen(*variants):
    """Return the id and the reason of the one choice."""
    ((id_, why),) = [(variant["id"], variant["why"]) for variant in ranked(list(variants)) if variant["why"]]
    return id_, why


def test_the_most_accurate_comes_first_and_says_why():
    """Among models with permissive licences the highest accuracy wins, and the metric is named."""
    assert order(model("low", 40), model("high", 50)) == ["high", "low"]
    id_, why = chosen(model("low", 40), model("high", 50))
    assert id_ == "high"
    assert why == (
        "Highest box AP on COCO val2017 in this tier among proven models whose code and weights have permissive "
        "licences."
    )


def test_a_model_under_agpl_is_never_first_where_a_permissive_one_is():
    """A better model under AGPL-3.0 is named in the reason, with its licence, and listed behind."""
    variants = (model("free", 40), model("bound", 50, licence="AGPL-3.0"))
    assert order(*variants) == ["free", "bound"]
    _, why = chosen(*variants)
    assert why.endswith("; BOUND reaches 50, under AGPL-3.0 (weights AGPL-3.0).")


def test_a_model_under_agpl_is_first_where_nothing_else_is_and_says_so():
    """Without any permissive model the most accurate one is the choice, with a word of warning."""
    id_, why = chosen(model("small", 40, licence="AGPL-3.0"), model("large", 50, licence="AGPL-3.0"))
    assert id_ == "large"
    assert why == (
        "Highest box AP on COCO val2017 in this tier; no proven model of it has permissive licences. Mind AGPL-3.0 "
        "(weights AGPL-3.0)."
    )


@pytest.mark.parametrize("status", ["superseded", "legacy", "emerging"])
def test_a_model_that_is_not_proven_is_never_the_choice(status):
    """Overtaken models and previews are listed, but not chosen."""
    assert chosen(model("old", 60, status=status), model("now", 50))[0] == "now"


def test_a_frozen_model_can_be_the_choice():
    """A model that works but is no longer developed may still be the best of its tier."""
    assert chosen(model("frozen", 60, status="frozen"), model("now", 50))[0] == "frozen"


def test_overtaken_models_come_last():
    """What was superseded stands behind everything in use, however accurate."""
    assert order(model("old", 60, status="superseded"), model("now", 50), model("plain")) == ["now", "plain", "old"]


def test_a_tier_without_published_accuracy_has_no_choice():
    """Nothing is called best where nothing was measured."""
    assert [variant["why"] for variant in ranked([model("one"), model("two")])] == [None, None]


def test_accuracies_are_compared_on_the_data_set_that_most_share():
    """80 on an easy data set does not beat 50 on the one that most models were measured on."""
    easy = ("box AP", "Easy")
    assert chosen(model("easy", 80, measured=easy), model("one", 40), model("two", 50))[0] == "two"
    assert order(model("easy", 80, measured=easy), model("one", 40), model("two", 50)) == ["two", "one", "easy"]


def test_only_what_was_measured_alike_is_comparable():
    """The same metric on another data set, or another metric on the same one, is not comparable."""
    one = model("one", 50)
    assert comparable(one, model("two", 40))
    assert not comparable(one, model("two", 40, measured=("box AP", "LVIS")))
    assert not comparable(one, model("two", 40, measured=("mask AP", "COCO val2017")))
    assert not comparable(one, model("two"))
    assert not comparable(model("one"), model("two"))


def test_a_model_is_on_the_front_unless_another_is_as_accurate_and_as_light():
    """Dominated models are marked; a tie in both is no domination."""
    variants = [
        model("best", 50, 100),
        model("light", 40, 10),
        model("dominated", 40, 100),
        model("twin", 50, 100),
        model("unknown", 30),
        model("old", 60, 5, status="superseded"),
    ]
    assert {variant["id"]: variant["pareto"] for variant in ranked(variants)} == {
        "best": True,
        "light": True,
        "dominated": False,
        "twin": True,
        "unknown": True,
        "old": False,
    }


def test_tiers_come_from_small_to_large_each_with_its_own_choice():
    """Every tier has a first choice of its own: edge, then one GPU, then server."""
    variants = [model("s", 60, tier="server"), model("g", 50, tier="gpu"), model("e", 40, tier="edge")]
    assert order(*variants) == ["e", "g", "s"]
    assert all(variant["why"] for variant in ranked(variants))


MODELS = st.lists(
    st.builds(
        model,
        st.uuids().map(str),
        st.none() | st.integers(1, 99),
        st.none() | st.integers(1, 999),
        licence=st.sampled_from(["MIT", "Apache-2.0", "AGPL-3.0", "CC-BY-NC-4.0"]),
        status=st.sampled_from(["current", "frozen", "emerging", "superseded", "legacy"]),
        tier=st.sampled_from(["edge", "gpu", "server"]),
        measured=st.sampled_from([("box AP", "COCO"), ("box AP", "LVIS")]),
    ),
    max_size=12,
)


@given(MODELS)
def test_ranking_loses_nothing_and_chooses_at_most_once_a_tier(variants):
    """Every model is listed once; a choice stands first in its tier, is proven, and permissive if any proven one is."""
    found = ranked(variants)
    assert sorted(variant["id"] for variant in found) == sorted(variant["id"] for variant in variants)
    for tier in ("edge", "gpu", "server"):
        inside = [variant for variant in found if variant["tier"] == tier]
        assert not any(variant["why"] for variant in inside[1:])
        proven = [v for v in inside if v["status"] in {"current", "frozen"} and v["metric"]]
        assert bool(proven) == bool(inside and inside[0]["why"])
        if proven:
            assert inside[0] in proven
            assert inside[0]["permissive"] or not any(variant["permissive"] for variant in proven)
