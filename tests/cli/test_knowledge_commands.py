"""`rules test`, `compare`, `architectures`, `rules show --references` and `--effort`, from the command line."""

import json
import re
from pathlib import Path

import pytest

CASES = Path(__file__).parents[2] / "examples" / "expert_decisions"
BLIND = str(CASES / "benchmark.yaml")
USE_CASES = Path(__file__).parents[2] / "examples" / "use_cases"
FOUR_OF_FIVE = (
    "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n---\n" * 4
    + "name: odd\nanswers: {purpose: map_surfaces}\nexpect: object_detection\nalso_published: [semantic_segmentation]\n"
)
PROJECT = ["recommend", "-a", "count_matters=yes", "-a", "occlusion=high", "-a", "compute_budget=ample", "-f", "json"]
COUNTS = ["--effort", "images=1000", "--effort", "objects_per_image=10"]


def test_rules_test_counts_with_intervals(annostrat, save):
    """Four of five cases agree: 80 %, and as few cases as that leave a wide interval; the fifth is explained."""
    result = annostrat("rules", "test", save("cases.yaml", FOUR_OF_FIVE), "--full")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("purpose_first 1.0.0, 5 cases\n")
    assert "  map_surfaces              4 of 5, 80% (38% to" in result.out
    assert "100% (57% to 100%)" in result.out
    assert "odd: object_detection was chosen, not semantic_segmentation (also" in result.out
    assert "purpose=map_surfaces" in result.out
    short = annostrat("rules", "test", "cases.yaml").out
    assert "  1 disagreement; --full lists it, with what was recommended instead\n" in short


def test_rules_test_takes_a_folder(annostrat, save):
    """All files of a folder are read at once, and both raters are told where there are two."""
    save("cases/a.yaml", FOUR_OF_FIVE)
    save("cases/b.yaml", "answers: {purpose: read_pose}\nsecond_rater: {purpose: unknown}\nexpect: keypoints\n")
    out = annostrat("rules", "test", "cases").out
    assert out.startswith("purpose_first 1.0.0, 6 cases\n")
    assert re.search(r"rater 1 .*\n  all +83%", out)
    assert re.search(r"rater 2 .*\n  all +0%", out)


@pytest.mark.parametrize(
    ("least", "code"), [("0.8", 0), ("80%", 0), ("0", 0), ("0.81", 1), ("81%", 1), ("100%", 1), ("1", 1)]
)
def test_rules_test_guards_a_least_agreement(annostrat, save, least, code):
    """For CI: below the given share the exit code is 1, as a part or as per cent."""
    result = annostrat("rules", "test", save("cases.yaml", FOUR_OF_FIVE), "--min-agreement", least)
    assert (result.code, result.err) == (code, "")


@pytest.mark.parametrize("least", ["nonsense", "80", "1.5", "-0.1", "nan", "%", "150%", ""])
def test_rules_test_refuses_a_least_agreement_that_is_no_share(annostrat, save, least):
    """Anything but a part of the cases is wrong usage, and nothing is measured."""
    result = annostrat("rules", "test", save("cases.yaml", FOUR_OF_FIVE), f"--min-agreement={least}")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"annostrat: --min-agreement takes a share of the cases, not '{least}'; for example")


def test_rules_test_compares_two_rule_sets(annostrat):
    """Both are measured, and with --folds the change is told part by part."""
    out = annostrat("rules", "test", BLIND, "--compare", "infographic", "--folds", "5").out
    assert "purpose_first 1.0.0, 156 cases" in out
    assert "infographic 1.0.0, 156 cases" in out
    assert "From infographic to purpose_first, part by part" in out
    assert "5 parts gain, 0 lose" in out
    assert "The change holds up." in out


def test_rules_test_folds_need_a_rule_set_to_compare_with(annostrat):
    """Parts of one rule set alone gain and lose nothing."""
    result = annostrat("rules", "test", BLIND, "--folds", "5")
    message = "--folds compares two rule sets part by part; name the other one with --compare"
    assert (result.code, result.out, result.err) == (2, "", f"annostrat: {message}\n")


@pytest.mark.slow
def test_rules_test_compare_guards_the_first_rule_set(annostrat, save):
    """The least agreement is asked of the rules under test, not of those they are compared with."""
    arguments = ["rules", "test", BLIND, "--min-agreement", "75%"]
    assert annostrat(*arguments, "--rules", "purpose_first", "--compare", "infographic").code == 0
    assert annostrat(*arguments, "--rules", "infographic", "--compare", "purpose_first").code == 1


def test_rules_test_json_has_everything(annostrat, save):
    """As JSON: shares with intervals, by purpose and strategy, confusion, disagreements with their path, and folds."""
    name = save("cases.yaml", FOUR_OF_FIVE)
    document = json.loads(
        annostrat("rules", "test", name, "--compare", "infographic", "--folds", "2", "-f", "json").out
    )
    first, second = document["rule_sets"]
    assert (first["rules"]["id"], second["rules"]["id"]) == ("purpose_first", "infographic")
    assert first["raters"][0]["strict"] == {
        "agree": 4,
        "of": 5,
        "share": 0.8,
        "low": pytest.approx(0.3755, abs=0.0001),
        "high": pytest.approx(0.9638, abs=0.0001),
    }
    assert first["confusion"]["object_detection"] == {"semantic_segmentation": 1}
    assert first["disagreements"][0]["path"][0]["question"] == "purpose"
    assert [part["part"] for part in document["folds"]["parts"]] == [1, 2]
    assert document["folds"]["net"] == 4
    assert [len(part["gained"]) - len(part["lost"]) for part in document["folds"]["parts"]] == [
        part["after"] - part["before"] for part in document["folds"]["parts"]
    ]


def test_rules_test_markdown_is_a_table(annostrat, save):
    """As Markdown the shares are a table, with a heading for what disagrees."""
    out = annostrat("rules", "test", save("cases.yaml", FOUR_OF_FIVE), "-f", "markdown").out
    assert out.startswith("| rules | rater | strict | lenient |")
    assert "| purpose\\_first 1.0.0 | 1 | 80% (38% to 96%) | 100% (57% to 100%) |" in out
    assert "- odd: " in out


def test_rules_test_bad_cases_are_reported_and_the_others_still_done(annostrat, save):
    """A case without a choice, and one of wrong kinds, cost only themselves; the exit code is 2."""
    text = (
        "name: Roads\nanswers: {count_matters: no}\n---\n"
        "answers: {count_matters: no}\nexpect: semantic_segmentation\nyear: soon\nalso_published: points\n---\n"
        "answers: {count_matters: no}\nexpect: polygons\n---\n"
        "name: Good\nanswers: {count_matters: no}\nexpect: semantic_segmentation\n"
    )
    result = annostrat("rules", "test", save("cases.yaml", text), "missing.yaml")
    assert result.code == 2
    assert result.out.startswith("purpose_first 1.0.0, 1 case")
    assert [line.split(";")[0] for line in result.err.splitlines()] == [
        "cases.yaml:1:1: the case 'Roads' has no `expect`",
        "cases.yaml:6:7: year is a year",
        "cases.yaml:7:17: also_published is a list of words",
        "cases.yaml:10:9: no strategy is called 'polygons'",
        "missing.yaml: no such file",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "there is nothing to test; give a FILE or folder of cases with `expect`"),
        (
            [BLIND, "-f", "jsn"],
            f"there is no format 'jsn' for agreement; did you mean `annostrat rules test {BLIND} -f json`?",
        ),
        (
            [BLIND, "--rules", "extendd"],
            "no rule set is called 'extendd', and there is no",
        ),
        (
            [BLIND, "--compare", "infografic"],
            "no rule set is called 'infografic', and there is no",
        ),
    ],
)
def test_rules_test_wrong_usage_is_one_line(annostrat, arguments, message):
    """Nothing to test, an unknown format or rule set: one line and exit code 2."""
    result = annostrat("rules", "test", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"annostrat: {message}")
    assert result.err.count("\n") == 1


def test_rules_test_of_no_cases_is_never_success(annostrat):
    """An empty input agrees with nothing."""
    assert annostrat("rules", "test", "-", stdin=b"").code in {1, 2}


def test_rules_test_writes_to_a_file(annostrat, save):
    """`--output` holds what standard output would."""
    name = save("cases.yaml", FOUR_OF_FIVE)
    printed = annostrat("rules", "test", name, "-f", "json").out
    assert annostrat("rules", "test", name, "-f", "json", "-o", "out.json") == (0, "", "")
    assert Path("out.json").read_text("utf-8") == printed


def test_compare_shows_all_strategies_of_the_rule_set(annostrat):
    """Without names, the three strategies stand side by side; in full with label, use and effort."""
    result = annostrat("compare", "--rules", "infographic")
    assert (result.code, result.err) == (0, "")
    heading = " ".join(result.out.splitlines()[:2])
    assert [word in heading for word in ("Object detection", "Semantic", "Instance")] == [True, True, True]
    full = annostrat("compare", "--rules", "infographic", "--full").out
    assert all(title in full for title in ("label:", "use:", "wrong choice:", "effort:", "converts to:"))
    assert max(map(len, [*result.out.splitlines(), *full.splitlines()])) <= 80


@pytest.mark.parametrize("format_", ["text", "markdown", "json"])
def test_compare_in_every_format_shows_what_was_named(annostrat, format_):
    """Two named strategies are shown in text, Markdown and JSON, with sources."""
    result = annostrat("compare", "points", "keypoints", "-f", format_, "--full")
    assert (result.code, result.err) == (0, "")
    assert "click-supervision-2017" in result.out
    assert "Keypoints" in result.out
    if format_ == "json":
        document = json.loads(result.out)
        assert [column["strategy"]["id"] for column in document["strategies"]] == ["points", "keypoints"]


def test_compare_for_a_use_case_has_hours(annostrat, save):
    """For a use case with counts the recommended strategy comes first, and each has its hours."""
    text = (
        "name: Wheat\nanswers: {count_matters: yes, occlusion: low, shape_variance: low}\n"
        "images: 1000\nobjects_per_image: 10\n"
    )
    document = json.loads(annostrat("compare", "--case", save("case.yaml", text), "-f", "json").out)
    assert document["name"] == "Wheat"
    first = document["strategies"][0]
    assert (first["strategy"]["id"], first["recommended"]) == ("object_detection", True)
    assert first["estimate"]["hours"] == {"low": 23.14, "typical": 50.35, "high": 162.92, "open_end": False}
    assert "(recommended)" in annostrat("compare", "--case", "case.yaml", "-f", "markdown").out


def test_compare_wrong_usage_is_one_line(annostrat, save):
    """An unknown strategy or format, several use cases or none: one line and exit code 2."""
    two = save("two.yaml", "answers: {}\n---\nanswers: {}\n")
    for arguments, message in (
        (["objct_detection"], "did you mean `annostrat compare object_detection`?"),
        (["-f", "html"], "there is no format 'html' for comparison"),
        (["--case", two], "two.yaml holds 2 use cases"),
        (["--case", "missing.yaml"], "missing.yaml: no such file"),
    ):
        result = annostrat("compare", *arguments)
        assert (result.code, result.out) == (2, "")
        assert message in result.err
        assert result.err.count("\n") == 1


def listed(annostrat, *options):
    """Return the architectures that a command lists."""
    return json.loads(annostrat("architectures", *options, "-f", "json").out)["architectures"]


def test_architectures_are_filtered_by_year_and_size(annostrat):
    """Only models from 2024 on with at most 10 million parameters; unknown sizes do not pass."""
    found = listed(annostrat, "--year", "2024", "--max-params", "10")
    assert found
    assert all(entry["year"] >= 2024 and entry["params_m"] <= 10 for entry in found)
    everything = listed(annostrat)
    assert len(found) == sum(e["year"] >= 2024 and (e["params_m"] or 99) <= 10 for e in everything)


@pytest.mark.parametrize("tier", ["edge", "gpu", "server"])
def test_architectures_show_first_what_to_start_with_and_the_most_accurate(annostrat, tier):
    """Unsorted, two of each strategy and tier come first, with the reason why; the others have none."""
    found = listed(annostrat, "-s", "object_detection", "-t", tier)
    assert [entry["role"] for entry in found[:3]] == ["start_with", "most_accurate", None]
    assert found[1]["why"].startswith("Highest box AP on COCO val2017 (everyday photos) of what runs there")
    assert [entry["why"] for entry in found[2:]] == [None] * (len(found) - 2)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("params", lambda entry: entry["params_m"] or 1e9),
        ("gflops", lambda entry: entry["gflops"] or 1e9),
        ("year", lambda entry: -entry["year"]),
        ("title", lambda entry: entry["title"].lower()),
    ],
)
def test_architectures_are_sorted_as_asked(annostrat, order, key):
    """The lightest, newest or first in the alphabet come first; unknown figures come last."""
    found = listed(annostrat, "--sort", order)
    assert found == sorted(found, key=key)
    assert len(found) == len(listed(annostrat))


def test_architectures_sorted_by_accuracy_are_compared_within_a_data_set(annostrat):
    """The best comes first among those measured on the same data; what was not measured comes last."""
    found = listed(annostrat, "--sort", "accuracy", "-s", "object_detection")
    measured = [entry["metric"] for entry in found if entry["metric"]]
    assert [bool(entry["metric"]) for entry in found] == [True] * len(measured) + [False] * (len(found) - len(measured))
    for dataset in {metric["dataset"] for metric in measured}:
        values = [metric["value"] for metric in measured if metric["dataset"] == dataset]
        assert values == sorted(values, reverse=True)


def test_architectures_under_agpl_are_flagged(annostrat):
    """A licence that binds the user's product is shown with what it means."""
    found = listed(annostrat, "-l", "AGPL-3.0")
    assert found
    assert all(entry["permissive"] == "no" and "source code" in entry["licence_note"] for entry in found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--sort", "best"], "architectures cannot be sorted by 'best'; valid: accuracy, gflops, params, title, year"),
        (
            ["--sort", "yaer"],
            "architectures cannot be sorted by 'yaer'; did you mean `annostrat architectures --sort year`?",
        ),
        (
            ["--licence", "apache-2.0"],
            (
                "no architecture has the licence 'apache-2.0'; "
                "did you mean `annostrat architectures --licence Apache-2.0`?"
            ),
        ),
        (["--tier", "gup"], "no architecture has the tier 'gup'; did you mean `annostrat architectures --tier gpu`?"),
        (["--format", "html"], "there is no format 'html' for architectures; valid: json, markdown, text"),
    ],
)
def test_architectures_refuse_unknown_words(annostrat, options, message):
    """An unknown order, licence, tier or format is one line with what would be right."""
    assert annostrat("architectures", *options) == (2, "", f"annostrat: {message}\n")


@pytest.mark.parametrize("options", [["--year", "soon"], ["--max-params", "small"]])
def test_architectures_refuse_words_for_numbers(annostrat, options):
    """A year and a size are numbers."""
    result = annostrat("architectures", *options)
    assert (result.code, result.out) == (2, "")
    assert f"Invalid value for '{options[0]}'" in result.err


def test_references_are_the_bibliography(annostrat):
    """`rules show --references` prints every entry, sorted, with title and address, within 80 columns of text."""
    result = annostrat("rules", "show", "--references")
    assert (result.code, result.err) == (0, "")
    ids = [line for line in result.out.splitlines() if not line.startswith(" ")]
    assert ids == sorted(ids)
    assert "hasty-2021" in ids
    assert "  https://arxiv.org/abs/1703.06870\n" in result.out
    found = json.loads(annostrat("rules", "show", "--references", "-f", "json").out)
    assert sorted(found) == ids
    assert found["arxiv-1703.06870"]["title"] == "Mask R-CNN"


def test_references_have_no_other_format(annostrat):
    """A bibliography is text or JSON."""
    result = annostrat("rules", "show", "--references", "-f", "markdown")
    assert (result.code, result.out) == (2, "")
    assert "rules show --references has no format 'markdown'; valid: text, json" in result.err


def test_effort_options_give_an_estimate(annostrat):
    """Counts and settings on the command line: 10,000 masks, corrected by five people at 20 euros an hour."""
    more = ["hourly_rate=20", "currency=EUR", "annotators=5", "assistance=yes", "qa_share=0.5", "classes=3"]
    words = [part for word in more for part in ("--effort", word)]
    effort = json.loads(annostrat(*PROJECT, *COUNTS, *words).out)["effort"]
    assert (effort["images"], effort["objects_per_image"], effort["classes"]) == (1000, 10, 3)
    assert (effort["annotators"], effort["currency"], effort["assistance"]) == (5, "EUR", True)
    masks = effort["strategies"][0]
    assert masks["strategy"] == "instance_segmentation"
    assert masks["hours"] == {"low": 8.33, "typical": 108.33, "high": 141.67, "open_end": False}
    assert masks["money"] == {"low": 166.67, "typical": 2166.67, "high": 2833.33, "open_end": False}


def test_effort_is_shown_in_text_and_markdown(annostrat):
    """The table has hours and weeks for the recommendation and what serves the same purpose, and a smaller plan."""
    words = ["recommend", "-a", "count_matters=yes", "-a", "occlusion=high", *COUNTS]
    assert "Effort   319 hours" in annostrat(*words).out
    text = annostrat(*words, "--full").out
    assert "319" in text
    assert all(word in text for word in ("What it takes", "Hours", "Weeks", "smaller budget"))
    assert "319" in annostrat(*words, "-f", "markdown").out


def test_effort_options_override_the_file(annostrat, save):
    """What is said on the command line counts; what is not said is the file's."""
    text = (
        "answers: {count_matters: yes, occlusion: high}\nimages: 10\nobjects_per_image: 5\n"
        "effort: {annotators: 4, hourly_rate: 20, currency: EUR}\n"
    )
    name = save("case.yaml", text)
    options = ["--effort", "images=1000", "--effort", "hourly_rate=30"]
    effort = json.loads(annostrat("recommend", name, *options, "-f", "json").out)["effort"]
    assert (effort["images"], effort["objects_per_image"], effort["annotators"]) == (1000, 5, 4)
    assert effort["strategies"][0]["money"]["typical"] == pytest.approx(1000 * 5 * 79.2 * 1.45 / 3600 * 30)


@pytest.mark.parametrize(("stated", "given"), [("hourly_rate", "unit_price"), ("unit_price", "hourly_rate")])
def test_effort_option_replaces_the_other_way_to_pay(annostrat, save, stated, given):
    """A price on the command line replaces the rate of the file, and the reverse; what is saved has one of them."""
    answers = "{count_matters: yes, occlusion: high, compute_budget: ample}"
    text = f"answers: {answers}\nimages: 10\nobjects_per_image: 1\neffort: {{{stated}: 1, currency: EUR}}\n"
    options = ["--effort", f"{given}=2", "--write", "kept.yaml", "-f", "json"]
    effort = json.loads(annostrat("recommend", save("case.yaml", text), *options).out)["effort"]
    assert (effort["money_from"], effort["currency"]) == (given, "EUR")
    assert annostrat("recommend", "kept.yaml", "-q").code == 0


NUMBER = "a number from 0 to 1,000,000"
PACE = "your own pace, a number of seconds above 0 and up to 1,000,000"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["images=-5"], "images is a whole number from 1 to 1,000,000,000, not the number -5"),
        (["images=0"], "images is a whole number from 1 to 1,000,000,000, not the number 0"),
        (["images=99999999999"], "images is a whole number from 1 to 1,000,000,000, not the number 99999999999"),
        (["images=2.5"], "images is a whole number from 1 to 1,000,000,000, not the number 2.5"),
        (["images=many"], "images is a whole number from 1 to 1,000,000,000, not the text 'many'"),
        (["objects_per_image=-1"], "objects_per_image is a number from 0 to 100,000, not the number -1"),
        (["objects_per_image=1e9"], "objects_per_image is a number from 0 to 100,000, not the number 1000000000.0"),
        (["objects_per_image=nan"], "objects_per_image is a number from 0 to 100,000, not the number nan"),
        (["hourly_rate=-1"], f"hourly_rate is money for an hour, {NUMBER}, not the number -1"),
        (["hourly_rate=inf"], f"hourly_rate is money for an hour, {NUMBER}, not the number inf"),
        (["hourly_rate=20EUR"], f"hourly_rate is money for an hour, {NUMBER}, not the text '20EUR'"),
        (["unit_price=€0.05"], f"unit_price is money for a label, {NUMBER}, not the text '€0.05'"),
        (["qa_share=11"], "qa_share is a part of the labelling time from 0 to 10, not the number 11"),
        (["annotators=0"], "annotators is a whole number from 1 to 100,000, not the number 0"),
        (["annotators=1.5"], "annotators is a whole number from 1 to 100,000, not the number 1.5"),
        (["classes=-3"], "classes is a whole number from 1 to 100,000, not the number -3"),
        (["currency=123"], "currency is text, not the number 123; put it in quotes"),
        (["currency=pounds sterling"], "currency has 1 to 8 characters, not 15"),
        (["assistance=perhaps"], "assistance is yes or no, not the text 'perhaps'"),
        (["full_scene=1"], "full_scene is yes or no, not the number 1"),
        (["surfaces=-1"], "surfaces is a number of surfaces in an image from 0 to 100,000, not the number -1"),
        (["seconds_per_label=0"], f"seconds_per_label is {PACE}, not the number 0"),
        (["seconds_per_label=-9"], f"seconds_per_label is {PACE}, not the number -9"),
        (["seconds_per_label=nan"], f"seconds_per_label is {PACE}, not the number nan"),
        (["seconds_per_label=9s"], f"seconds_per_label is {PACE}, not the text '9s'"),
        (["anotators=2"], "'anotators' is not a key of effort; did you mean `{RIGHT}`?"),
        (
            ["hourly_rate=1", "unit_price=2"],
            "effort gives both hourly_rate and unit_price; keep one of the two",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_effort_option_that_is_wrong_is_one_line(annostrat, words, message):
    """Negative, absurd or contradicting counts and settings are one clear line and exit code 2."""
    options = [part for word in words for part in ("--effort", word)]
    message = message.replace("{RIGHT}", " ".join(["annostrat", *PROJECT, "--effort annotators=2"]))
    assert annostrat(*PROJECT, *options) == (2, "", f"--effort: {message}\n")


def test_models_are_those_that_satisfy_what_is_asked(annostrat):
    """`--model` adds to what the file says; the text says how many do not satisfy it."""
    options = ("recommend", "-a", "purpose=find_objects", "-a", "orientation_matters=no")
    wishes = ("--model", "licence=permissive", "--model", "max_params_m=5")
    document = json.loads(annostrat(*options, *wishes, "-f", "json").out)
    assert document["architectures"]
    assert all(one["permissive"] == "yes" and one["params_m"] <= 5 for one in document["architectures"])
    assert all(one["permissive"] == "yes" for one in document["assistants"])
    assert "Asked for: licence permissive, max_params_m 5. " in " ".join(
        annostrat(*options, *wishes, "--full").out.split()
    )
    nothing = " ".join(annostrat(*options, "--model", "max_params_m=0.01", "--full").out.split())
    assert "models do not: " in nothing
    assert "a figure that nobody published satisfies no limit." in nothing
    assert "no model satisfies what is asked for" in nothing.lower()


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("licence=GPL", "no model is under the licence 'GPL'"),
        ("licence=apache-2.0", "no model is under the licence 'apache-2.0'; did you mean `annostrat recommend"),
        ("max_parms_m=3", "'max_parms_m' is not a key of models; did you mean `annostrat recommend"),
        ("max_params_m=small", "max_params_m is a number above 0 and up to 1,000,000,000, not the text"),
    ],
)
def test_model_option_that_is_wrong_is_one_line(annostrat, word, message):
    """A wish that no model can satisfy is one clear line and exit code 2."""
    result = annostrat(*PROJECT, "--model", word)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert result.err.startswith(f"--model: {message}")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["images"], "--effort takes key=value, not 'images'; for example --effort images=1000"),
        (["images=1", "images=2"], "--effort gives images twice; keep one of the two"),
    ],
)
def test_effort_option_that_is_no_pair_is_refused(annostrat, words, message):
    """A word without a value, or a key given twice, is wrong usage."""
    result = annostrat(*PROJECT, *[part for word in words for part in ("--effort", word)])
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"annostrat: {message}")


def test_effort_option_reports_all_that_is_wrong(annostrat):
    """Several mistakes are reported at once."""
    result = annostrat(*PROJECT, "--effort", "images=-1", "--effort", "annotators=none", "--effort", "qa_share=x")
    assert result.code == 2
    assert result.err.count("\n") == 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("images: -1", "images is a whole number from 1 to 1,000,000,000, not the number -1"),
        ("objects_per_image: 1e6", "objects_per_image is a number from 0 to 100,000, not the number 1000000.0"),
        ("effort: {hourly_rate: 1, unit_price: 2}", "effort gives both hourly_rate and unit_price"),
        ("effort: {hourly_rate: 20 EUR}", f"hourly_rate is money for an hour, {NUMBER}, not the text '20 EUR'"),
        ("effort: {anotators: 2}", "'anotators' is not a key of effort; did you mean 'annotators'?"),
        ("effort: 20", "effort is a mapping of settings, not the number 20"),
        ("classes: {soil: {count_maters: no}}", "no rule set asks 'count_maters'; did you mean 'count_matters'?"),
        ("classes: {soil: {count_matters: maybe}}", "'maybe' is not an answer to count_matters"),
    ],
)
def test_use_case_with_wrong_counts_is_refused_at_its_place(annostrat, save, line, message):
    """The same mistakes in a file are reported at their line, and the other use cases are still done."""
    good = save("good.yaml", "answers: {count_matters: no}\n")
    result = annostrat("recommend", save("case.yaml", f"answers: {{}}\n{line}\n"), good, "-f", "jsonl")
    assert result.code == 2
    refused, done = map(json.loads, result.out.splitlines())
    assert refused["error"].startswith(message)
    assert done["name"] == "good"
    assert result.err.startswith("case.yaml:2:")
    assert message in result.err


def test_second_opinion_is_one_line(annostrat):
    """With the article's rules, a line says when the default ones would differ or need to know the purpose."""
    project = [*PROJECT, "--rules", "infographic"]
    document = json.loads(annostrat(*project).out)
    assert document["second_opinion"]["rules"] == "purpose_first"
    assert document["second_opinion"]["question"] == "purpose"
    answered = json.loads(annostrat(*project, "-a", "purpose=find_objects").out)["second_opinion"]
    assert (answered["strategies"], answered["question"]) == (["object_detection"], None)
    assert "purpose_first rules" in " ".join(annostrat(*project, "-f", "text", "--full").out.split())
    assert json.loads(annostrat(*project, "-a", "purpose=measure_objects").out)["second_opinion"] is None
    assert json.loads(annostrat(*PROJECT).out)["second_opinion"] is None


def test_classes_of_a_use_case_are_shown_with_what_covers_them(annostrat, save):
    """A file with classes gives each its strategy, and says how the whole is covered, in text and JSON."""
    name = save(
        "case.yaml",
        "answers: {purpose: find_objects, orientation_matters: no}\n"
        "classes: {road: {purpose: map_surfaces}, car: {}}\n",
    )
    document = json.loads(annostrat("recommend", name, "-f", "json").out)
    assert [entry["strategies"] for entry in document["classes"]] == [["semantic_segmentation"], ["object_detection"]]
    assert document["covering"]["strategies"] == ["object_detection", "semantic_segmentation"]
    text = annostrat("recommend", name).out
    assert "Classes  semantic segmentation for road\n         object detection for car\n" in text
    assert "side by side" in " ".join(annostrat("recommend", name, "--full").out.split())
