"""Which models are offered: roles, tiers, fields, wishes, and what is said of a choice."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.catalogue_models import model

from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.rule_set import with_fronts
from annostrat.recommendation.models import is_called, models_for, satisfies

RULES = load_rules()


def rules_with(*variants, start_with=None):
    """Return as much of a rule set as choosing models needs."""
    return SimpleNamespace(
        architectures={"object_detection": with_fronts(list(variants))},
        start_with=start_with or {},
        datasets={
            "coco": {"title": "COCO", "shows": "everyday photos", "domains": ["general"], "terms": None},
        },
        domains={"microscopy": {"title": "Microscopy"}, "medicine": {"title": "Medicine"}},
    )


def offered(*variants, tier="gpu", domain=None, wishes=None, objects=None, **more):
    """Return what is offered of some variants."""
    return models_for(rules_with(*variants, **more), "object_detection", tier, domain, wishes, objects)


def roles(*variants, **more):
    """Return the ids with a role, by role."""
    return {variant["role"]: variant["id"] for variant in offered(*variants, **more) if variant["role"]}


def whys(*variants, **more):
    """Return what is said of the ids with a role."""
    return {variant["id"]: variant["why"] for variant in offered(*variants, **more) if variant["why"]}


def order(*variants, **more):
    """Return the ids in the order in which they are shown."""
    return [variant["id"] for variant in offered(*variants, **more)]


def test_two_rows_come_first_one_to_start_with_and_the_most_accurate():
    """The light model near the best stands before the best; the others follow by accuracy."""
    variants = (model("tiny", 30, 1), model("light", 46, 10), model("good", 48, 50), model("best", 50, 100))
    assert order(*variants) == ["light", "best", "good", "tiny"]
    assert roles(*variants) == {"start_with": "light", "most_accurate": "best"}
    assert whys(*variants) == {
        "light": "The lightest model that is maintained and installed by pip, near the best of such under permissive "
        "licences.",
        "best": "Highest box AP on COCO val2017 (everyday photos) of what runs there among proven models under "
        "permissive licences.",
    }


def test_one_model_may_be_both():
    """Where the lightest near the best is the best itself, it stands once and says so."""
    variants = (model("bad", 10, 1), model("best", 50, 100))
    assert order(*variants) == ["best", "bad"]
    assert "; also the most accurate: highest box AP on COCO val2017" in whys(*variants)["best"]


def test_what_is_known_to_be_good_to_start_with_comes_before_what_is_light():
    """A reason that somebody wrote down outweighs the figures."""
    variants = (model("known"), model("light", 49, 1), model("best", 50, 100))
    known = {"known": "It trains from few images."}
    assert roles(*variants, start_with=known) == {"start_with": "known", "most_accurate": "best"}
    assert whys(*variants, start_with=known)["known"] == "It trains from few images."


@pytest.mark.parametrize(
    "change",
    [
        {"status": "frozen"},
        {"status": "emerging"},
        {"status": "superseded"},
        {"licence": "AGPL-3.0"},
        {"permissive": "data_terms"},
        {"handle": {"library": "x", "call": "x", "install": "git clone https://example.org/x"}},
    ],
    ids=["frozen", "emerging", "superseded", "agpl", "data-terms", "git-clone"],
)
def test_nobody_starts_with_what_is_unmaintained_bound_or_hard_to_install(change):
    """A lighter model does not outweigh maintenance, licences and a plain installation."""
    found = roles(model("light", 49, 1, **change), model("handy", 48, 50), model("best", 50, 100))
    assert found["start_with"] == "handy"


def test_a_model_under_agpl_is_not_the_most_accurate_where_a_permissive_one_is():
    """A better model under AGPL-3.0 is named in the reason, with its licence."""
    why = whys(model("free", 40), model("bound", 50, licence="AGPL-3.0"))
    assert [*why] == ["free"]
    assert roles(model("free", 40, 2), model("light", 39, 1), model("bound", 50, licence="AGPL-3.0")) == {
        "start_with": "light",
        "most_accurate": "free",
    }
    said = whys(model("free", 40, 2), model("light", 39, 1), model("bound", 50, licence="AGPL-3.0"))["free"]
    assert said.endswith("; BOUND reaches 50, under AGPL-3.0 (weights AGPL-3.0).")


def test_terms_of_data_do_not_keep_a_model_from_being_the_most_accurate():
    """They are noted; whoever trains on pictures of their own may start from other weights."""
    assert roles(model("free", 40, 1), model("data", 50, 1, permissive="data_terms"))["most_accurate"] == "data"
    assert whys(model("free", 40, 1), model("data", 50, 1, permissive="data_terms"))["data"].endswith(
        "proven models under permissive licences, but for terms of the data behind it."
    )


def test_a_model_under_agpl_is_first_where_nothing_else_is_and_says_so():
    """Without any permissive model the most accurate one has the role, with a word of warning."""
    bound = (model("small", 30, 1, licence="AGPL-3.0"), model("large", 50, 9, licence="AGPL-3.0"))
    assert roles(*bound) == {"start_with": "large"}
    found = whys(*bound, model("smaller", 46, 2, licence="AGPL-3.0"))
    assert found["large"].endswith("; no proven one of them has permissive licences. Mind AGPL-3.0 (weights AGPL-3.0).")


@pytest.mark.parametrize("status", ["superseded", "legacy", "emerging"])
def test_a_model_that_is_not_proven_has_no_role(status):
    """Overtaken models and previews are listed, but not chosen."""
    assert {*roles(model("old", 60, 1, status=status), model("now", 50, 1)).values()} == {"now"}


def test_overtaken_models_come_last():
    """What was superseded stands behind everything in use, however accurate."""
    assert order(model("old", 60, status="superseded"), model("now", 50), model("plain")) == ["now", "plain", "old"]


def test_a_tier_without_published_accuracy_has_no_role():
    """Nothing is called best where nothing was measured."""
    assert roles(model("one"), model("two")) == {}


def test_accuracies_are_compared_on_the_data_set_that_most_share():
    """80 on an easy data set does not beat 50 on the one that most models were measured on."""
    easy = model("easy", 80, measured=("box AP", "Easy"))
    assert order(easy, model("one", 30), model("two", 50)) == ["two", "one", "easy"]


def test_a_larger_budget_also_runs_what_is_lighter_and_as_good():
    """A lighter model as accurate as some proven one of the tier is offered in it; a worse one is not."""
    variants = (
        model("edge", 20, 1, tier="edge"),
        model("gpu", 50, 10, tier="gpu"),
        model("server", 45, 100, tier="server"),
    )
    assert order(*variants, tier="server") == ["gpu", "server"]
    assert order(*variants, tier="gpu") == ["gpu"]
    assert order(*variants, tier="edge") == ["edge"]
    assert roles(*variants, tier="server") == {"start_with": "gpu"}


def test_a_budget_without_models_of_its_own_runs_everything_lighter():
    """Where a tier has nothing, the lighter ones are offered whatever they reach."""
    assert order(model("edge", 20, 1, tier="edge"), tier="server") == ["edge"]


def test_without_a_tier_each_has_its_own_two_rows():
    """Tiers come from small to large, and none repeats the models of another."""
    variants = [model("s", 60, 9, tier="server"), model("g", 65, 5), model("e", 40, 1, tier="edge")]
    found = offered(*variants, tier=None)
    assert [(variant["id"], variant["role"]) for variant in found] == [(id_, "start_with") for id_ in "egs"]


def test_specialists_come_first_in_their_field_and_nowhere_else():
    """A model for cells is offered for microscopy before anything else, and for no other field."""
    cells = model("cells", domains=["microscopy", "medicine"])
    anything = model("anything", 50, 1)
    assert order(cells, anything, domain="microscopy") == ["cells", "anything"]
    assert whys(cells, anything, domain="microscopy")["cells"] == "Made for microscopy and medicine."
    for domain in ("driving", None):
        assert order(cells, anything, domain=domain) == ["anything"]


def test_specialists_for_some_things_are_offered_for_these_alone():
    """In a field that has many things, only the objects tell whether a specialist fits; unknown, it comes behind."""
    cells = model("nuclei", 99, 1, domains=["microscopy"], made_for=["nuclei", "cells"])
    anything = model("anything", 50, 1)
    assert roles(cells, anything, domain="microscopy", objects="stained nuclei")["start_with"] == "nuclei"
    assert order(cells, anything, domain="microscopy", objects="pollen") == ["anything"]
    assert {*order(cells, anything, domain="microscopy")} == {"nuclei", "anything"}
    said = whys(cells, anything, domain="microscopy", objects="Nucleus, cell")["nuclei"]
    assert said.startswith("Made for microscopy: nuclei, cells")


def test_what_is_known_for_a_start_is_offered_to_larger_budgets_too():
    """A server may begin with the model that one begins with on one GPU."""
    variants = (model("known", 30, 1), model("server", 60, 100, tier="server"))
    known = {"known": "It trains from few images."}
    assert roles(*variants, tier="server", start_with=known) == {"start_with": "known", "most_accurate": "server"}


def test_a_field_that_a_data_set_shows_needs_no_word_on_what_it_shows():
    """Who labels everyday photos need not be told that COCO is of these."""
    variants = (model("light", 48, 1), model("best", 50, 100))
    assert "(everyday photos)" not in whys(*variants, domain="general")["best"]


@pytest.mark.parametrize(
    ("wish", "fits", "fails"),
    [
        ({"licence": ["permissive"]}, {"permissive": "yes"}, {"permissive": "data_terms"}),
        ({"licence": ["MIT", "Apache-2.0"]}, {"weights_licence": "Apache-2.0"}, {"weights_licence": "CC-BY-NC-4.0"}),
        ({"licence": ["MIT"]}, {"weights_licence": "not applicable"}, {"code_licence": "AGPL-3.0"}),
        ({"licence": ["data_terms"]}, {"permissive": "data_terms"}, {"permissive": "no"}),
        (
            {"licence": ["permissive", "AGPL-3.0"]},
            {"code_licence": "AGPL-3.0", "weights_licence": "AGPL-3.0", "permissive": "no"},
            {"code_licence": "SAM License", "permissive": "no"},
        ),
        ({"max_params_m": 20}, {"params_m": 20}, {"params_m": 20.1}),
        ({"max_params_m": 20}, {"params_m": 1}, {"params_m": None}),
        ({"max_gflops": 10}, {"gflops": 10}, {"gflops": None}),
        ({"max_latency_ms": 5}, {"latency": [{"ms": 9, "hardware": "a"}, {"ms": 5, "hardware": "b"}]}, {"latency": []}),
        ({"max_train_memory_gb": 8}, {"train_memory": {"gb": 8, "images": 2}}, {"train_memory": None}),
    ],
)
def test_a_model_satisfies_a_wish_only_if_that_is_known(wish, fits, fails):
    """What nobody published satisfies no limit."""
    assert satisfies(model("one", **fits), wish)
    assert not satisfies(model("one", **fails), wish)


def test_roles_are_given_among_what_satisfies_the_wishes():
    """The best of what fits comes first, not the best of all."""
    variants = (model("small", 40, 1, params_m=5), model("large", 50, 9, params_m=50))
    assert order(*variants, wishes={"max_params_m": 10}) == ["small"]
    assert order(*variants, wishes={"max_params_m": 1}) == []


def test_a_model_that_nobody_may_ship_is_not_what_one_starts_with():
    """A specialist for research only stands behind the free ones, unless there is nothing else."""
    bound = model("bound", 60, 1, domains=["medicine"], licence="CC-BY-NC-4.0")
    assert roles(bound, model("free", 50, 1), domain="medicine")["start_with"] == "free"
    assert roles(bound, domain="medicine")["start_with"] == "bound"


def test_wishes_do_not_change_what_is_as_good():
    """What a limit leaves is a part of what is offered without it, whatever it takes away."""
    variants = (
        model("edge", 20, 1, tier="edge", params_m=1),
        model("gpu", 50, 10, params_m=10),
        model("server", 60, 100, tier="server", params_m=99),
    )
    every = order(*variants, tier="server")
    assert {*order(*variants, tier="server", wishes={"max_params_m": 50})} < {*every}
    assert order(*variants, tier="server", wishes={"max_params_m": 5}) == []


@pytest.mark.parametrize("text", ["yolo 26", "YOLO-26", "yolo26n", "yolov26"])
def test_names_are_found_however_they_are_written(text):
    """Case, spaces and punctuation do not matter."""
    assert any(is_called(variant, text) for variant in RULES.architectures["object_detection"])


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
def test_nothing_is_lost_and_roles_are_given_at_most_once_a_tier(variants):
    """Every model is listed once; those with a role stand first in their tier, and are proven."""
    found = offered(*variants, tier=None)
    assert sorted(variant["id"] for variant in found) == sorted(variant["id"] for variant in variants)
    for tier in ("edge", "gpu", "server"):
        inside = [variant for variant in found if variant["tier"] == tier]
        given_roles = [variant["role"] for variant in inside if variant["role"]]
        assert len(set(given_roles)) == len(given_roles)
        assert not any(variant["role"] for variant in inside[len(given_roles) :])
        assert all(variant["status"] in {"current", "frozen"} for variant in inside if variant["role"])
        assert all(bool(variant["role"]) == bool(variant["why"]) for variant in inside)


def test_a_text_without_letters_names_nothing():
    """Punctuation is no name, although every name has it."""
    assert not any(is_called(variant, "++ ?") for variant in RULES.architectures["object_detection"])


@given(st.sampled_from(sorted(RULES.architectures)), st.sampled_from([None, *RULES.domains]), st.data())
def test_the_shipped_catalogue_never_offers_a_specialist_outside_its_fields(strategy, domain, data):
    """Whatever the tier: what was made for other fields is not offered."""
    tier = data.draw(st.sampled_from([None, "edge", "gpu", "server"]))
    for variant in models_for(RULES, strategy, tier, domain):
        assert not variant["domains"] or domain in variant["domains"]
