"""Files of profiles: what is damaged, or was made to do harm, is one clear error."""

import base64
import json
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.errors import InputError
from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.profile.files import read_profile, text_of
from annostrat.measure.profile.profile import COVER, IMAGE, Profile

TRIANGLE = [(0, 0), (12, 0), (0, 12)]
KEYS = [
    "formats",
    "counts",
    "classes",
    "splits",
    "by_class",
    "sums",
    "sampled",
    "levels",
    "objects",
    "histograms",
    "spreads",
    "silhouettes",
    "covers",
    "images",
    "names",
    "found",
]


@pytest.fixture(scope="session")
def sound(measured, label):
    """Return a profile's document."""
    labels = [label((0, 0, 50, 50), "a"), label(outline=[TRIANGLE]), label(outline=[TRIANGLE])]
    return json.loads(text_of(measured(labels, [], split="train").profile))


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    """Read a profile from what its file holds: a document, text or bytes."""
    path = tmp_path_factory.mktemp("profiles") / "a.profile.json"

    def read(content):
        text = content if isinstance(content, (str, bytes)) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_profile(str(path))

    return read


def error_of(opened, content):
    with pytest.raises(InputError) as caught:
        opened(content)
    (problem,) = caught.value.problems
    assert problem.location.path.endswith("a.profile.json")
    assert problem.hint == "a profile is what `annostrat measure PATH --profile FILE` writes"
    assert "\n" not in str(problem)
    assert len(problem.message) < 300
    return problem.message


def packed(data):
    return base64.b64encode(zlib.compress(data)).decode()


def test_a_profile_is_the_same_text_wherever_it_was(opened, sound):
    """What was read is written as it was."""
    assert json.loads(text_of(opened(sound))) == sound
    assert sound["kind"] == "annostrat profile"
    assert sound["counts"]["objects"] == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not JSON, so not a profile"),
        ("{", "is not JSON, so not a profile"),
        (b"\xff\xfe\x00", "is not JSON, so not a profile"),
        ("[" * 100_000, "is not JSON, so not a profile"),
        ("[]", "is not a profile"),
        ("{}", "is not a profile"),
        ('{"images": [], "annotations": []}', "is not a profile"),
        ('{"kind": "annostrat profile"}', "is a profile of version None; this annostrat reads 2"),
        ('{"kind": "annostrat profile", "version": 99}', "is a profile of version 99; this annostrat reads 2"),
    ],
)
def test_what_is_no_profile_is_said_to_be_none(opened, content, message):
    """A file of another kind, or of a later version, is refused with the reason."""
    assert error_of(opened, content) == message


def test_a_profile_that_is_not_there_is_one_error(tmp_path):
    """A missing file, and a folder, are named with what the system says of them."""
    for path, reason in ((tmp_path / "none.json", "no such file or directory"), (tmp_path, "is a directory")):
        with pytest.raises(InputError) as caught:
            read_profile(str(path))
        assert [problem.message for problem in caught.value.problems] == [reason]


@pytest.mark.parametrize("key", KEYS)
def test_a_profile_that_lacks_something_is_damaged(opened, sound, key):
    """Every part of it is needed."""
    assert error_of(opened, {name: part for name, part in sound.items() if name != key}).startswith("is a damaged prof")


@pytest.mark.parametrize("wrong", [None, 7, "x", [1], {"a": "b"}, [[]], {"a": [1]}, [["a", "b", "c"]], {"thing": {}}])
@pytest.mark.parametrize("key", KEYS)
def test_a_profile_with_something_else_in_its_place_is_damaged(opened, sound, key, wrong):
    """Whatever stands where a part should be is refused, or is a part like any other: nothing breaks later."""
    _holds(opened, {**sound, key: wrong})


def _holds(opened, document):
    try:
        profile = opened(document)
    except InputError as error:
        assert len(error.problems) == 1  # noqa: PT017 - either outcome is fine
        return
    whole = Profile()
    whole.add(profile)
    assert text_of(whole) == text_of(profile)
    found = measurement(whole, load_rules("infographic"), "a", "a")
    json.dumps(found, allow_nan=False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=6,
)


@given(st.data())
def test_no_damage_breaks_more_than_the_file(opened, sound, data):
    """A profile in which anything was replaced by anything is one error, or is measured without one."""
    document = json.loads(json.dumps(sound))
    place = document
    key = data.draw(st.sampled_from(KEYS))
    while isinstance(place[key], (dict, list)) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(JSON)
    _holds(opened, document)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("covers", "!", "Only base64 data is allowed"),
        ("covers", base64.b64encode(b"no zlib").decode(), "incorrect header check"),
        ("covers", packed(b"x"), "buffer size must be a multiple of element size"),
        ("images", packed(np.array([(1, 0)], IMAGE).tobytes()), "it lists other images than it counts"),
        ("images", packed(np.array([(1, 9)] * 2, IMAGE).tobytes()), "it names a class or split that it does not list"),
        ("covers", packed(np.array([(2, 0, 0, 0, 1, 1, 1)], COVER).tobytes()), "it lists other images than it counts"),
        ("covers", packed(np.array([(1, 0, 9, 0, 1, 1, 1)], COVER).tobytes()), "it names a class or split that"),
        ("covers", packed(np.array([(1, 0, 0, 9, 1, 1, 1)], COVER).tobytes()), "it names a class or split that"),
        ("levels", [1, 2], "cannot reshape array"),
        ("classes", ["a", "a"], "a class or split twice"),
    ],
)
def test_damage_is_told_from_its_reason(opened, sound, key, value, reason):
    """The error says what is wrong inside, as far as that can be told."""
    assert reason.lower() in error_of(opened, {**sound, key: value}).lower()


@pytest.mark.slow
def test_an_array_that_unpacks_to_more_than_was_counted_is_refused(opened, sound):
    """A few bytes that become very many are an attack, and are not unpacked."""
    bomb = packed(bytes(200_000_000))
    (name, (counts, _)), *_ = sound["silhouettes"].items()
    hostile = ({"images": bomb}, {"covers": bomb}, {"silhouettes": {**sound["silhouettes"], name: [counts, bomb]}})
    tracemalloc.start()
    try:
        for part in hostile:
            assert error_of(opened, {**sound, **part}).endswith("an array is larger than its counts allow")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_array_of_gigabytes_is_refused_whatever_was_counted(opened, sound, monkeypatch):
    """A profile that counts as many images as it takes to be too large is no way round the limit."""
    monkeypatch.setattr("annostrat.measure.profile.files.MAX_BYTES", 10_000_000)
    counts = {**sound["counts"], "images": 1 << 40}
    assert "too large" in error_of(opened, {**sound, "counts": counts, "images": packed(bytes(20_000_000))})


def test_names_that_nobody_would_choose_survive(opened, measured, label):
    """Quotes, line breaks, escapes, emoji and lone surrogates in names of classes are kept as they are."""
    names = ['"', "a\nb", "\x1b[31m", "\u202ex", "😀", "x" * 300, "\udcff", ""]
    profile = measured([label((i, i, i + 5, i + 9), name) for i, name in enumerate(names)]).profile
    again = opened(text_of(profile))
    assert text_of(again) == text_of(profile)
    assert set(again.classes) == set(names)
