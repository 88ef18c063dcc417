"""What a use case may say, from a file, from Python, and back into a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annostrat.errors import InputError, Location
from annostrat.knowledge import yaml_source
from annostrat.knowledge.loader import load_rules
from annostrat.use_cases.files import as_yaml, read_use_cases
from annostrat.use_cases.use_case import LabelFiles, SecondLabels, UseCase, check_answers, read_use_case

RULES = load_rules()
LICENCE = "licence is permissive, data_terms, the name of a licence, or a list of names"
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        question: st.sampled_from([*RULES.questions[question]["answers"], "unknown"]) for question in RULES.questions
    },
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)
COUNT = st.none() | st.integers(1, 100_000)
USE_CASES = st.builds(
    UseCase,
    TEXT,
    ANSWERS,
    st.none() | TEXT,
    st.lists(st.sampled_from(list(RULES.strategies)), max_size=3).map(tuple),
    COUNT,
    COUNT | st.floats(0, 100_000),
    st.dictionaries(TEXT, ANSWERS, max_size=3),
    st.none()
    | st.builds(
        LabelFiles,
        TEXT,
        st.none() | TEXT,
        st.none() | st.integers(1, 10**9),
        st.integers(0, 2**40),
        st.booleans(),
        st.none() | st.builds(SecondLabels, TEXT, st.floats(0, 1)),
    ),
    st.fixed_dictionaries({}, optional={"assistance": st.booleans(), "hourly_rate": st.floats(0, 1_000)}),
)


def read(text):
    """Return the use case of a text."""
    return read_use_case(next(yaml_source.parse(text, "case.yaml")), RULES, "default")


def test_use_case_reads_every_key():
    """A file may say all of this."""
    case = read(
        "name: A\ndescription: B\nanswers: {count_matters: yes}\nexpect: points\nimages: 3\nobjects_per_image: 2.5\n"
        "classes: {soil: {count_matters: no}, head: }\nevidence: {annotations: labels.json}\n"
    )
    assert case._replace(document=None) == UseCase(
        "A",
        {"count_matters": "yes"},
        "B",
        ("points",),
        3,
        2.5,
        {"soil": {"count_matters": "no"}, "head": {}},
        LabelFiles("labels.json"),
    )


@pytest.mark.parametrize(
    ("models", "read_as"),
    [
        ("{licence: permissive}", {"licence": ["permissive"]}),
        ("{licence: [MIT, Apache-2.0], max_params_m: 20}", {"licence": ["MIT", "Apache-2.0"], "max_params_m": 20}),
        ("{max_latency_ms: 2.5, max_gflops: 9, max_train_memory_gb: 8}",
         {"max_latency_ms": 2.5, "max_gflops": 9, "max_train_memory_gb": 8}),
    ],
)  # fmt: skip
def test_use_case_says_what_a_model_must_satisfy(models, read_as):
    """Licences are one word or a list; limits are numbers; and all of it survives being written."""
    case = read(f"name: A\nanswers: {{purpose: find_objects}}\nmodels: {models}\n")
    assert case.models == read_as
    assert read(as_yaml(case)).models == read_as


@pytest.mark.parametrize(
    ("models", "message"),
    [
        ("fast", "models is a mapping of settings, not the text 'fast'"),
        ("{licence: permisive}", "no model is under the licence 'permisive'"),
        ("{licence: []}", f"{LICENCE}, not an empty list"),
        (
            "{licence: [MIT, 3]}",
            "licence is permissive, data_terms, the name of a licence, or a list of names, not a list",
        ),
        ("{licence: }", "licence is permissive, data_terms, the name of a licence, or a list of names, not nothing"),
        ("{max_params: 20}", "'max_params' is not a key of models"),
        ("{max_params_m: 0}", "max_params_m is a number above 0 and up to 1,000,000,000, not the number 0"),
        (
            "{max_params_m: -1}",
            "max_params_m is a number above 0 and up to 1,000,000,000, not the number -1",
        ),
        (
            "{max_latency_ms: .nan}",
            "max_latency_ms is a number above 0 and up to 1,000,000,000, not the text '.nan'",
        ),
        ("{max_gflops: '9'}", "max_gflops is a number above 0 and up to 1,000,000,000, not the text '9'"),
        ("{max_gflops: true}", "max_gflops is a number above 0 and up to 1,000,000,000, not true"),
    ],
)
def test_use_case_refuses_wishes_that_no_model_can_satisfy(models, message):
    """Each mistake is one clear message at its place."""
    with pytest.raises(InputError) as refused:
        read(f"answers: {{}}\nmodels: {models}\n")
    (problem,) = refused.value.problems
    assert problem.message == message
    assert problem.location.line == 2


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("answers: {}\nimages: '1,200'\n", "images is a whole number from 1 to 1,000,000,000, not the text '1,200'",
         "write 1200"),
        ("answers: {}\nimages: '1200'\n", "images is a whole number from 1 to 1,000,000,000, not the text '1200'",
         "write it without quotes"),
        ("answers: {}\nimages: 4.000\n", "images is a whole number from 1 to 1,000,000,000, not the number 4.0",
         "write 4, or 4000 if the point groups thousands"),
        ("answers: {}\nimages: 1.250\n", "images is a whole number from 1 to 1,000,000,000, not the number 1.25", None),
        ("answers: {}\nimages: 1.234\n", "images is a whole number from 1 to 1,000,000,000, not the number 1.234",
         "write 1234"),
        ("answers: {}\nobjects_per_image: 30,5\n",
         "objects_per_image is a number from 0 to 100,000, not the text '30,5'", "write 30.5"),
        ("answers: {}\nobjects_per_image: 1.234,5\n",
         "objects_per_image is a number from 0 to 100,000, not the text '1.234,5'", "write 1234.5"),
        ("answers: {}\npurpose: count_objects\n", "'purpose' is not a key of a use case", "write it under `answers`"),
        ("answers: {}\neffort: {images: 10}\n", "'images' is not a key of effort",
         "write it beside `effort`, not under it"),
        ("answers: {}\nclasses: {cow: }\nkeypoints: {cwo: {points: [a, b]}}\n", "there is no class 'cwo'",
         "did you mean 'cow'?"),
    ],
)  # fmt: skip
def test_use_case_says_what_to_write_instead(text, message, hint):
    """What stands in the wrong place, or in quotes, is answered with where and how to write it."""
    with pytest.raises(InputError) as refused:
        read(text)
    (problem,) = refused.value.problems
    assert (problem.message, problem.hint) == (message, hint)


def test_use_case_without_name_is_called_by_its_file():
    """The name is optional."""
    assert read("answers: {}").name == "default"


@pytest.mark.parametrize("word", ["yes", "true", "True", '"true"', "TRUE"])
def test_use_case_takes_true_for_yes(word):
    """Where the answer is yes or no, true and false are accepted as well."""
    assert read(f"answers: {{count_matters: {word}}}").answers == {"count_matters": "yes"}


@pytest.mark.parametrize("word", ["Yes", "y", "on", "1", '"True"', "YES"])
def test_use_case_guesses_nothing_else(word):
    """No other word is taken for yes."""
    with pytest.raises(InputError, match=r"is not an answer to count_matters; .*valid: yes, no, unknown"):
        read(f"answers: {{count_matters: {word}}}")


def test_use_case_knows_where_its_parts_stand():
    """A use case can say in which line a value stands, for messages."""
    case = read("answers:\n  count_matters: yes\nexpect: points\n")
    assert case.locate("expect") == Location("case.yaml", 3, 9)
    assert case.locate("answers", "count_matters") == Location("case.yaml", 2, 18)
    assert case.locate("name") == Location("case.yaml", 1, 1)


def test_check_answers_spells_out_booleans():
    """From Python, True and False are yes and no."""
    answers = check_answers({"count_matters": True, "orientation_matters": False, "occlusion": "unknown"}, RULES)
    assert answers == {"count_matters": "yes", "orientation_matters": "no", "occlusion": "unknown"}


@pytest.mark.parametrize("answer", [None, 1, 1.5, [], {}, ["yes"], "", "hihg", True])
def test_check_answers_refuses_everything_else(answer):
    """Whatever else is given as an answer is refused, never taken for something."""
    with pytest.raises(InputError, match=r"is not an answer to occlusion|occlusion has no answer"):
        check_answers({"occlusion": answer}, RULES)


@pytest.mark.parametrize("answer", ["LOW", "low ", " Low", "lwo"])
def test_check_answers_says_what_was_nearly_meant(answer):
    """Capitals and blanks are not guessed away, but the hint says what would be right."""
    with pytest.raises(InputError, match=r"did you mean 'low'\?"):
        check_answers({"occlusion": answer}, RULES)


@given(USE_CASES)
def test_use_case_survives_being_written(case):
    """A use case that is written to a file is read back the same, whatever stands in it."""
    assert read(as_yaml(case))._replace(document=None) == case


@pytest.mark.parametrize("name", [*("x" * length for length in range(990, 1_030)), "\n" * 150, ": " * 9_000])
def test_classes_of_long_names_survive_being_written(name):
    """YAML reads no key of more than 1,024 characters as it stands, so a long one is marked."""
    case = UseCase("a", {}, classes={name: {"count_matters": "no"}, "b": {}})
    assert read(as_yaml(case))._replace(document=None) == case


def test_written_use_case_replaces_what_no_file_can_hold():
    """Half a surrogate pair, which JSON can say and YAML cannot, becomes a question mark."""
    assert read(as_yaml(UseCase("a\ud800b", {}))).name == "a?b"


def test_read_use_cases_keeps_nothing(tmp_path):
    """Use cases come one at a time: the first is there before the rest of the file is looked at."""
    path = tmp_path / "cases.jsonl"
    path.write_text('{"answers": {}}\n' + "x" * 3_000_000)
    cases = read_use_cases([str(path)], RULES)
    assert next(cases).name == "cases#1"
    error = next(cases)
    assert isinstance(error, InputError)
    assert error.problems[0].message == "the line has more than 1,000,000 bytes"
    assert list(cases) == []
