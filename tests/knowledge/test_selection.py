"""Which architectures can be compared, and which are dominated in their tier."""

from tests.knowledge.catalogue_models import model

from annostrat.knowledge.rule_set import comparable, with_fronts


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
    assert {variant["id"]: variant["pareto"] for variant in with_fronts(variants)} == {
        "best": True,
        "light": True,
        "dominated": False,
        "twin": True,
        "unknown": True,
        "old": False,
    }


def test_a_front_is_that_of_one_tier():
    """A model of another tier dominates nothing."""
    found = with_fronts([model("heavy", 40, 100, tier="server"), model("light", 50, 10, tier="edge")])
    assert [(variant["id"], variant["pareto"]) for variant in found] == [("light", True), ("heavy", True)]
