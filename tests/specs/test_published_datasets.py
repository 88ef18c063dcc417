"""The promise on expert decisions: with the extended rules, most published data sets get the label they were given."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from annostrat.agreement import measure, read_case, wins
from annostrat.errors import InputError
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.use_case_files import read_each

FOLDER = Path(__file__).parents[2] / "examples" / "published_datasets"
EXTENDED, INFOGRAPHIC = load_rules("extended"), load_rules("infographic")
RATINGS = ("blind", "informed")


def documents(rating):
    """Return what a rating's file says, word for word."""
    return [document.data for document in yaml_source.read_file(str(FOLDER / f"{rating}.yaml"))]


def cases(rating):
    """Return the cases of a rating."""
    return list(read_each([str(FOLDER / f"{rating}.yaml")], lambda document, name: read_case(document, EXTENDED, name)))


BLIND = measure(cases("blind"), EXTENDED)


def test_three_core_strategies_reach_85_per_cent():
    """Where experts drew boxes, class maps or masks, the rules choose the same for at least 85 of 100 data sets."""
    assert BLIND["core"]["share"] >= 0.85


def test_all_strategies_reach_80_per_cent():
    """Over all kinds of labels, the rules choose what the experts chose for at least 80 of 100 data sets."""
    assert BLIND["strict"]["share"] >= 0.80


def test_what_was_published_reaches_88_per_cent():
    """For at least 88 of 100 data sets, the rules choose a label that their authors published."""
    assert BLIND["lenient"]["share"] >= 0.88


def test_purpose_first_beats_the_infographic():
    """Asking for the purpose wins many data sets and loses few."""
    other = measure(cases("blind"), INFOGRAPHIC)
    won = wins(BLIND, other)
    assert len(won["first_only"]) >= 30
    assert len(won["second_only"]) <= 6
    assert BLIND["strict"]["low"] > other["strict"]["high"]


def test_extended_rules_decide_every_data_set():
    """Not knowing an answer never leaves a data set without a recommendation."""
    assert BLIND["undecided"] == 0


@pytest.mark.parametrize("rating", RATINGS)
def test_every_case_is_readable(rating):
    """The 83 cases of the development part are all sound."""
    found = cases(rating)
    assert not [case for case in found if isinstance(case, InputError)]
    assert len({case.use_case.name for case in found}) == len(found) == 83


@pytest.mark.parametrize("rating", RATINGS)
def test_every_case_says_what_it_is_and_where_that_is_written(rating):
    """Each case has a title, a year, a field, a description, and a source that is an address on the web."""
    for data in documents(rating):
        name = data["name"]
        assert data["title"].strip(), name
        assert 1990 <= data["year"] <= 2026, name
        assert data["domain"].strip(), name
        assert len(data["description"].split()) >= 10, name
        assert data.get("evidence", "unknown") in {"primary", "secondary", "catalogue", "unknown"}, name
        address = urlsplit(data["source"])
        assert address.scheme in {"http", "https"}, name
        assert "." in address.netloc, name
        assert " " not in data["source"], name


def test_descriptions_do_not_name_the_data_set():
    """The blind rater cannot have recognised a data set by its title."""
    for data in documents("blind"):
        assert data["title"].lower() not in data["description"].lower()


def test_both_ratings_are_of_the_same_data_sets():
    """The two ratings differ in their answers only."""
    blind, informed = (
        {data["name"]: {key: value for key, value in data.items() if key != "answers"} for data in documents(rating)}
        for rating in RATINGS
    )
    assert blind == informed


def test_data_sets_that_contradict_each_other_are_marked():
    """Twins share their subject; contradicting groups have members that were labelled differently."""
    groups = {}
    for data in documents("blind"):
        if "twin_group" in data:
            groups.setdefault(data["twin_group"], []).append(data["expect"])
    assert len(BLIND["twins"]["groups"]) >= 5
    for group in BLIND["twins"]["groups"]:
        assert len(set(groups[group])) > 1
    apart = BLIND["twins"]["strict"]["of"] + BLIND["twins"]["others"]["of"]
    assert apart == BLIND["strict"]["of"] == 83


def test_readme_says_what_a_user_should_keep_in_mind():
    """The folder's README names both ratings, the command, and the limits of the comparison."""
    text = (FOLDER / "README.md").read_text("utf-8")
    assert "annostrat rules test examples/published_datasets/blind.yaml --rules extended --compare infographic" in text
    assert all(word in text for word in ("blind.yaml", "informed.yaml", "twin_group", "will be lower"))
