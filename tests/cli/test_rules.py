"""`annostrat rules` and `annostrat architectures`: what they print, and how they end."""

import json
from pathlib import Path

import jsonschema
import pytest

NO_RULES = "no rule set is called '{}', and there is no such folder or file; {}"
STRATEGIES = (
    "object_detection, instance_segmentation, semantic_segmentation, image_classification, oriented_boxes, points, "
    "keypoints, polyline, panoptic_segmentation"
)
TREE = """
title: Mine
version: 1.0.0
licence: own
summary: Boxes, unless things hide one another.
strategies: [object_detection, instance_segmentation]
nodes:
  - id: start
    ask: occlusion
    branches:
      - {when: [low, moderate], because: They are seen, strategy: object_detection}
      - {when: high, because: They hide, strategy: instance_segmentation}
"""


def test_rules_list_names_the_shipped_rule_sets(annostrat):
    """The default rule set comes first, each with version, title and summary."""
    result = annostrat("rules", "list")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("purpose_first 1.0.0: Purpose first\n  Asks first what the result is used for")
    assert "\ninfographic 1." in result.out
    assert max(map(len, result.out.splitlines())) <= 80


def test_rules_list_json_has_versions_and_digests(annostrat):
    """As JSON the list has what a script needs to pin a rule set."""
    found = json.loads(annostrat("rules", "list", "--format", "json").out)
    assert [entry["id"] for entry in found] == ["purpose_first", "infographic"]
    assert list(found[0]) == ["id", "version", "title", "summary", "licence", "digest"]
    assert found[0]["licence"] == "CC-BY-SA-4.0"
    assert found[0]["digest"].startswith("sha256:")


def test_rules_show_draws_the_tree(annostrat):
    """The tree is drawn top down, every answer with where it leads."""
    result = annostrat("rules", "show", "infographic")
    assert result.code == 0
    assert result.out.startswith("The infographic (infographic 1.0.0)\n├── Must single things be told apart? (count")
    assert "│   ├── no -> Semantic segmentation\n│   └── yes -> occlusion, below\n" in result.out
    assert "*" not in result.out


def test_rules_show_marks_the_way_that_answers_take(annostrat):
    """With answers, the branches taken are marked, and the others are not."""
    out = annostrat("rules", "show", "infographic", "-a", "count_matters=yes", "-a", "occlusion=high").out
    marked = [line.split("* ")[1] for line in out.splitlines() if "── * " in line]
    assert marked == ["yes -> occlusion, below", "high -> Instance segmentation"]
    assert out.endswith("* the way that the answers take\n")


def test_rules_show_markdown_is_a_table_of_all_paths(annostrat):
    """As Markdown the tree is a table with a row for each path, the one taken in bold."""
    lines = annostrat("rules", "show", "infographic", "-f", "markdown", "-a", "count_matters=no").out.splitlines()
    assert lines[0] == "| `count_matters` | `occlusion` | `shape_variance` | `compute_budget` | strategy |"
    assert lines[2] == "| no | any | any | any | **Semantic segmentation** |"
    assert len(lines) == 11


def test_rules_show_draws_an_own_tree(annostrat, save):
    """An own tree is drawn from its file or its folder."""
    path = save("own/trees/mine.yaml", TREE)
    assert annostrat("rules", "show", path).out == annostrat("rules", "show", "own").out
    assert annostrat("rules", "show", path).out.startswith("Mine (mine 1.0.0)\n")


CASE = "name: Wheat\nanswers: {count_matters: yes, occlusion: high}\n"


@pytest.mark.slow
def test_rules_show_marks_the_way_of_a_use_case(annostrat, save):
    """A use case marks the way that its answers take, as the same answers on the command line do."""
    given = ("-a", "count_matters=yes", "-a", "occlusion=high")
    for format_ in ("text", "markdown", "mermaid", "dot", "svg"):
        marked = annostrat("rules", "show", "--case", save("case.yaml", CASE), "-f", format_)
        assert marked == annostrat("rules", "show", *given, "-f", format_)
        assert marked.out != annostrat("rules", "show", "-f", format_).out
        assert marked.code == 0


def test_rules_show_marks_the_way_of_each_purpose_and_class(annostrat, save):
    """Of a use case with several purposes or classes each way is marked, whatever the format."""
    purposes = "answers: {purpose: [find_objects, measure_objects], count_matters: yes, orientation_matters: yes}\n"
    classes = "answers: {purpose: map_surfaces}\nclasses: {soil: {}, head: {purpose: count_objects}}\n"
    ends = {
        purposes: ["Instance segmentation", "Oriented boxes"],
        classes: ["Object detection", "Semantic segmentation"],
    }
    for text, strategies in ends.items():
        given = ("rules", "show", "--case", save("case.yaml", text))
        out = annostrat(*given).out
        marked = [line for line in out.splitlines() if " * " in line]
        assert sorted(line.split(" -> ")[1] for line in marked if " -> " in line) == strategies
        assert out.endswith("\n* the ways that the answers take\n")
        table = annostrat(*given, "-f", "markdown").out
        assert sorted({row.split("**")[1] for row in table.splitlines() if "**" in row}) == strategies
        assert annostrat(*given, "-f", "mermaid").out.count("==>") == out.count(" * ")


def test_rules_show_draws_a_page_for_one_way_alone(annostrat, save):
    """The interactive page takes one answer to a question, and refuses several with what would do instead."""
    text = "answers: {purpose: [find_objects, measure_objects]}\nimages: 900\n"
    given = ("rules", "show", "--case", save("harbour.yaml", text), "-f", "html")
    refused = annostrat(*given)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("annostrat: the page follows one way through the tree, and the use case takes 2; ")
    page = annostrat(*given, "-a", "purpose=find_objects").out
    assert '"begins":{"answers":{"purpose":"find_objects"},"settings":{"images":900},"name":"harbour"}' in page


def test_rules_show_takes_answers_before_those_of_the_use_case(annostrat, save):
    """An answer on the command line replaces that of the use case, to see what it would change."""
    out = annostrat("rules", "show", "infographic", "--case", save("case.yaml", CASE), "-a", "occlusion=low").out
    marked = [line.split("* ")[1] for line in out.splitlines() if "── * " in line]
    assert marked == ["yes -> occlusion, below", "low", "the answers given end here"]


def test_rules_show_reads_a_use_case_from_standard_input(annostrat):
    """A use case may come through a pipe."""
    assert annostrat("rules", "show", "--case", "-", "-f", "svg", stdin=CASE.encode()).out.startswith("<svg ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{CASE}---\n{CASE}", "annostrat: case.yaml holds 2 use cases; rules show takes one"),
        ("answers: {occlusion: hihg}", "case.yaml:1:22: 'hihg' is not an answer to occlusion; did you mean 'high'?"),
        ("", "case.yaml: is empty; for example: answers: {count_matters: no}"),
    ],
)
def test_rules_show_refuses_what_is_not_one_use_case(annostrat, save, text, message):
    """Several use cases, or a wrong one, are an error with its place, and nothing is drawn or written."""
    save("case.yaml", text)
    result = annostrat("rules", "show", "--case", "case.yaml", "-f", "svg", "-o", "tree.svg")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(message)
    assert not Path("tree.svg").exists()


def test_rules_show_draws_an_own_tree_as_a_picture(annostrat, save):
    """An own tree is drawn in every format, with its own title and licence, and written whole."""
    save("own/trees/mine.yaml", TREE)
    for format_ in ("mermaid", "dot", "svg"):
        assert annostrat("rules", "show", "own", "-f", format_, "-o", "tree") == (0, "", "")
        text = Path("tree").read_text("utf-8")
        assert "Mine" in text
        assert "Licence of the tree: own" in text


def test_rules_check_finds_the_shipped_rules_sound(annostrat):
    """`rules check` without names checks every shipped rule set."""
    assert annostrat("rules", "check") == (0, "purpose_first, infographic: no problems\n", "")


def test_rules_check_reports_problems_and_ends_with_1(annostrat, save):
    """A problem is printed with file, line and column on standard output, and the exit code is 1."""
    path = save("own/trees/mine.yaml", TREE.replace("ask: occlusion", "ask: ocllusion"))
    result = annostrat("rules", "check", path)
    assert (result.code, result.err) == (1, "")
    assert f"{path}:9:10: " in result.out
    assert "did you mean 'occlusion'?" in result.out
    assert result.out.splitlines()[-1].split()[1].startswith("problem")


@pytest.mark.parametrize("format_", ["json", "github", "sarif"])
def test_rules_check_reports_in_formats_for_machines(annostrat, save, format_):
    """The problems come as JSON, GitHub annotations or SARIF too, with the same exit code."""
    path = save("own/trees/mine.yaml", TREE.replace("ask: occlusion", "ask: ocllusion"))
    result = annostrat("rules", "check", path, "-f", format_)
    assert result.code == 1
    if format_ == "github":
        assert result.out.startswith(f"::error file={path},line=9,col=10,title=")
    else:
        found = json.loads(result.out)
        places = found if format_ == "json" else found["runs"][0]["results"]
        assert path in json.dumps(places[0])


def test_rules_check_of_a_broken_file_is_a_message(annostrat, save):
    """A tree that is no YAML is reported with its place."""
    path = save("own/trees/mine.yaml", "title: [\n")
    result = annostrat("rules", "check", path)
    assert result.code == 1
    assert f"{path}:2:1: is not valid YAML" in result.out


def test_rules_diff_of_a_rule_set_with_itself_is_empty(annostrat):
    """Nothing differs between a rule set and itself: exit code 0."""
    same = (
        "infographic 1.0.0 -> infographic 1.0.0: no differences in the strategies "
        "(tips, architectures and texts are not compared)\n"
    )
    assert annostrat("rules", "diff", "infographic", "infographic") == (0, same, "")
    assert annostrat("rules", "diff", "infographic", "infographic", "-f", "json") == (0, "[]\n", "")


def test_rules_diff_lists_the_answers_that_change(annostrat, save):
    """Each line gives the answers whose strategy changes, before and after; exit code 1."""
    before = save("a/trees/mine.yaml", TREE)
    after = save(
        "b/trees/mine.yaml",
        TREE.replace("when: [low, moderate]", "when: low").replace("when: high", "when: [moderate, high]"),
    )
    text = (
        "object_detection -> instance_segmentation: 1 row\n"
        "object_detection -> instance_segmentation: occlusion=moderate\n"
        "mine 1.0.0 -> mine 1.0.0: 1 difference\n"
    )
    assert annostrat("rules", "diff", before, after) == (1, text, "")
    found = json.loads(annostrat("rules", "diff", before, after, "-f", "json").out)
    assert found == [
        {"answers": {"occlusion": ["moderate"]}, "before": "object_detection", "after": "instance_segmentation"}
    ]


def test_rules_diff_of_very_different_rule_sets_is_summed_up(annostrat):
    """Hundreds of rows are summed up by pair of strategies; forty are shown, and the rest counted."""
    found = json.loads(annostrat("rules", "diff", "infographic", "purpose_first", "-f", "json").out)
    lines = annostrat("rules", "diff", "infographic", "purpose_first").out.splitlines()
    pairs = [line for line in lines if line.endswith((" row", " rows"))]
    assert sum(int(line.split()[-2]) for line in pairs) == len(found)
    assert lines[: len(pairs)] == pairs
    assert len(lines) == len(pairs) + 40 + 2
    assert lines[-2] == f"and {len(found) - 40} more: --format json"


def test_rules_check_names_an_own_folder_as_it_was_given(annostrat, save):
    """An own folder that only adds to a shipped tree is named itself, and the tree beside it."""
    save("my_rules/tips/care.yaml", "text: Take care.\nsources: hasty-2021\n")
    assert annostrat("rules", "check", "my_rules") == (0, "my_rules (purpose_first): no problems\n", "")


def test_rules_test_warns_of_cases_that_stand_in_several_files(annostrat, save):
    """A case that is found in two files counts twice, and that is said; files of one default name are not meant."""
    for name in ("a/x.yaml", "b/x.yaml"):
        save(f"other/{name}", "answers: {count_matters: no}\nexpect: semantic_segmentation\n")
        save(f"same/{name}", "name: Soil\nanswers: {count_matters: no}\nexpect: semantic_segmentation\n")
    assert annostrat("rules", "test", "other").err == ""
    message = "counted more than once: 1 case in several files, such as 'Soil' in same/a/x.yaml and same/b/x.yaml"
    result = annostrat("rules", "test", "same")
    assert (result.code, result.err) == (0, f"annostrat: {message}\n")


@pytest.mark.parametrize(
    "kind",
    ["use_case", pytest.param("recommendation", marks=pytest.mark.slow), "tree", "question", "architecture", "tip"],
)
def test_rules_schema_prints_a_valid_schema(annostrat, kind):
    """Every schema is valid draft 2020-12, and describes what it is for."""
    result = annostrat("rules", "schema", kind)
    schema = json.loads(result.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert result.code == 0
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"annostrat {kind.replace('_', ' ')}"
    assert schema["description"]


@pytest.mark.slow
def test_rules_schema_without_kind_prints_all(annostrat):
    """Without a kind, all schemas are printed as one JSON object, by kind."""
    found = json.loads(annostrat("rules", "schema").out)
    assert {"use_case", "recommendation", "tree", "references"} <= set(found)
    assert annostrat("rules", "schema", "tip", "-o", "tip.json") == (0, "", "")
    assert json.loads(Path("tip.json").read_text()) == found["tip"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["rules", "show", "infografic"],
            NO_RULES.format("infografic", "did you mean `annostrat rules show infographic`?"),
        ),
        (["rules", "check", "zzz"], NO_RULES.format("zzz", "valid: purpose_first, infographic")),
        (
            ["rules", "diff", "infographic", "purpose_frist"],
            NO_RULES.format("purpose_frist", "did you mean `annostrat rules diff infographic purpose_first`?"),
        ),
        (
            ["rules", "list", "-f", "jsn"],
            "rules list has no format 'jsn'; did you mean `annostrat rules list -f json`?",
        ),
        (
            ["rules", "diff", "purpose_first", "purpose_first", "-f", "txt"],
            "rules diff has no format 'txt'; did you mean `annostrat rules diff purpose_first purpose_first -f text`?",
        ),
        (
            ["rules", "show", "-f", "markdwn"],
            "there is no format 'markdwn' for tree; did you mean `annostrat rules show -f markdown`?",
        ),
        (
            ["rules", "schema", "usecase"],
            "there is no schema for 'usecase'; did you mean `annostrat rules schema use_case`?",
        ),
        (
            ["architectures", "-s", "object_detektion"],
            "there is no strategy 'object_detektion'; did you mean `annostrat architectures -s object_detection`?",
        ),
        (
            ["architectures", "-s", "boxes"],
            f"there is no strategy 'boxes'; did you mean 'object_detection' or 'oriented_boxes'? valid: {STRATEGIES}",
        ),
        (
            ["compare", "outline"],
            (
                "there is no strategy 'outline'; "
                f"did you mean `annostrat compare instance_segmentation`? valid: {STRATEGIES}"
            ),
        ),
        (["compare", "zzz"], f"there is no strategy 'zzz'; valid: {STRATEGIES}"),
        (
            ["architectures", "-t", "gpus"],
            "no architecture has the tier 'gpus'; did you mean `annostrat architectures -t gpu`?",
        ),
        (
            ["architectures", "-l", "Apache"],
            "no architecture has the licence 'Apache'; did you mean `annostrat architectures -l Apache-2.0`?",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_unknown_names_are_refused_with_the_nearest(annostrat, arguments, message):
    """A name that does not exist is exit code 2 and one line with the nearest valid name."""
    assert annostrat(*arguments) == (2, "", f"annostrat: {message}\n")


@pytest.mark.parametrize("arguments", [["zzz"], ["rules", "zzz"], ["rules", "show", "--zzz"]])
def test_wrong_usage_ends_with_2_and_says_how(annostrat, arguments):
    """An unknown command or option is exit code 2 with the usage on standard error."""
    result = annostrat(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Usage: annostrat" in result.err


def test_architectures_lists_everything(annostrat):
    """Without filters the whole catalogue is listed, and counted at the end."""
    found = json.loads(annostrat("architectures", "-f", "json").out)
    text = annostrat("architectures").out
    assert text.endswith(f"\n{len(found['architectures'])} architectures and {len(found['assistants'])} assistants\n")
    assert {entry["strategy"] for entry in found["architectures"]} >= {"object_detection", "semantic_segmentation"}


def test_architectures_pass_every_filter(annostrat):
    """Filters of strategy, tier and licence are combined."""
    options = ["--strategy", "object_detection", "--tier", "edge", "--licence", "Apache-2.0"]
    found = json.loads(annostrat("architectures", *options, "-f", "json").out)["architectures"]
    assert found
    assert {(entry["strategy"], entry["tier"], entry["code_licence"]) for entry in found} == {
        ("object_detection", "edge", "Apache-2.0")
    }


def test_architectures_that_no_filter_leaves_are_none(annostrat):
    """Filters that leave nothing are no error: the list is empty, and which filter did it is said beside it."""
    why = "annostrat: no architecture passes --year 3000\n"
    options = ["-s", "keypoints", "-t", "edge", "--year", "3000"]
    assert annostrat("architectures", *options) == (0, "0 architectures\n", why)
    assert annostrat("architectures", *options, "-f", "json") == (
        0,
        '{\n  "architectures": [],\n  "assistants": []\n}\n',
        why,
    )


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--max-params", "0.1"], "--max-params 0.1"),
        (["--max-params", "0", "--year", "3000"], "--year 3000 nor --max-params 0.0"),
        (["--max-params", "4", "-t", "server"], "all of --tier server, --max-params 4.0"),
    ],
)
def test_architectures_say_which_filter_leaves_none(annostrat, options, why):
    """The filter that leaves nothing by itself is named, or else all of them together."""
    assert annostrat("architectures", *options).err == f"annostrat: no architecture passes {why}\n"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("yolo26n-seg", ["Ultralytics YOLO26n-seg"]),
        ("YOLO 26 n seg", ["Ultralytics YOLO26n-seg"]),
        ("megadetector", ["MegaDetector V6 (camera traps)"]),
    ],
)
def test_architectures_are_found_by_name(annostrat, text, titles):
    """However it is written, a name brings up what has it, assistants too."""
    found = json.loads(annostrat("architectures", text, "-f", "json").out)
    assert {entry["title"] for entry in [*found["architectures"], *found["assistants"]]} >= {*titles}
    assert titles[0].split(" (")[0] in annostrat("architectures", text).out


def test_a_name_that_nothing_has_is_answered_with_the_nearest(annostrat):
    """What is not in the catalogue ends well, with what was probably meant."""
    result = annostrat("architectures", "rtmdet-tinny")
    assert (result.code, result.out) == (0, "0 architectures\n")
    assert result.err == "annostrat: nothing in the catalogue is called 'rtmdet-tinny'; did you mean RTMDet-tiny?\n"


def test_what_others_have_overtaken_is_answered_with_what_has(annostrat):
    """Whoever looks up a model of some years ago learns what to take instead."""
    out = annostrat("architectures", "yolo11n", "-s", "object_detection").out
    assert "Since overtaken: Ultralytics YOLO11n, now " in out


def test_architectures_made_for_a_field_come_first_in_it(annostrat):
    """With a field its specialists come first, and none of other fields is left."""
    found = json.loads(annostrat("architectures", "--domain", "microscopy", "-f", "json").out)["architectures"]
    first = next(entry for entry in found if entry["strategy"] == "instance_segmentation" and entry["tier"] == "gpu")
    assert first["id"] == "cellpose-sam"
    assert all("microscopy" in entry["domains"] for entry in found if entry["domains"])
    refused = annostrat("architectures", "--domain", "microskopy")
    assert refused == (
        2,
        "",
        "annostrat: no domain is called 'microskopy'; did you mean `annostrat architectures --domain microscopy`?\n",
    )


def test_architectures_markdown_is_a_table_for_each_strategy(annostrat):
    """As Markdown each strategy has a heading and a table."""
    out = annostrat("architectures", "-s", "keypoints", "-f", "markdown").out
    assert out.startswith("## Keypoints\n\n| Model | Tier | Year |")


def test_version_is_printed(annostrat):
    """`--version` prints name and version."""
    result = annostrat("--version")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("annostrat ")


@pytest.mark.parametrize(
    "command", [[], ["recommend"], ["check"], ["architectures"], ["compare"], ["rules"], ["rules", "diff"]]
)
def test_help_is_printed_for_every_command(annostrat, command):
    """`--help` of every command is its usage on standard output, exit code 0, plain text within 80 columns."""
    result = annostrat(*command, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: {' '.join(['annostrat', *command])} ")
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize("command", [[], ["rules"]])
def test_help_lists_commands_in_whole_sentences(annostrat, command):
    """No summary of a command is cut off at 80 columns."""
    lines = annostrat(*command, "--help").out.partition("Commands:\n")[2].split("\n\n")[0].splitlines()
    assert lines
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)


@pytest.mark.parametrize(
    "command", ["recommend", "check", "architectures", "compare", "rules show", "rules check", "rules diff"]
)
def test_help_names_no_python_types(annostrat, command):
    """Values are named by what they mean, never by a type of Python."""
    out = annostrat(*command.split(), "--help").out
    assert not {"<str>", "<list[str]>", "<int>", "<float>"} & set(out.split())


def test_help_of_effort_names_every_key(annostrat):
    """`--effort` says all that it takes: counts and settings."""
    words = " ".join(annostrat("recommend", "--help").out.split())
    assert (
        "images, objects_per_image, assistance, seconds_per_label, surfaces, full_scene, qa_share, hourly_rate, "
        "unit_price, currency, annotators, classes" in words
    )


def test_rules_show_and_check_take_a_rule_set_as_other_commands_do(annostrat):
    """What other commands call `--rules` may be called so here, too; two different ones are refused."""
    assert annostrat("rules", "show", "--rules", "purpose_first") == annostrat("rules", "show", "purpose_first")
    assert annostrat("rules", "check", "--rules", "purpose_first").out == "purpose_first: no problems\n"
    result = annostrat("rules", "show", "infographic", "--rules", "purpose_first")
    assert (result.code, result.out) == (2, "")
    assert result.err == "annostrat: two rule sets are named, 'infographic' and --rules purpose_first; show takes one\n"


@pytest.mark.parametrize("words", ["recommend a.yaml", "compare", "rules show", "check a.yaml"])
def test_a_variable_names_the_rule_set_where_no_option_does(annostrat, save, monkeypatch, words):
    """`ANNOSTRAT_RULES` stands for `--rules`, which comes before it; empty, it says nothing."""
    save("a.yaml", "answers: {count_matters: no}\nexpect: object_detection\n")
    command = words.split()
    given = {name: annostrat(*command, "--rules", name) for name in ("purpose_first", "infographic")}
    monkeypatch.setenv("ANNOSTRAT_RULES", "infographic")
    assert annostrat(*command) == given["infographic"]
    assert annostrat(*command, "--rules", "purpose_first") == given["purpose_first"]
    monkeypatch.setenv("ANNOSTRAT_RULES", "")
    assert annostrat(*command) == given["purpose_first"]


def test_a_variable_names_the_rule_set_of_every_command_about_rules(annostrat, save, monkeypatch):
    """`rules check` and `rules test` take it too, where they are given none."""
    save("mine/tips/mine.yaml", "text: Trust me.\n")
    save("case.yaml", "name: A\nanswers: {count_matters: no}\nexpect: semantic_segmentation\n")
    monkeypatch.setenv("ANNOSTRAT_RULES", "mine")
    assert annostrat("rules", "check").out.startswith("mine/tips/mine.yaml:1:1: ")
    assert annostrat("rules", "check", "infographic").out == "infographic: no problems\n"
    monkeypatch.setenv("ANNOSTRAT_RULES", "infographic")
    assert annostrat("rules", "check").out == "infographic: no problems\n"
    assert annostrat("rules", "test", "case.yaml").out.startswith("infographic ")


def test_a_wrong_variable_is_told_with_its_name(annostrat, monkeypatch):
    """Who typed no `--rules` learns where the wrong name came from; an option makes it harmless."""
    monkeypatch.setenv("ANNOSTRAT_RULES", "infografic")
    message = "no rule set is called 'infografic', and there is no such folder or file; did you mean 'infographic'?"
    told = f"annostrat: ANNOSTRAT_RULES in the environment: {message}\n"
    assert annostrat("compare") == (2, "", told)
    assert annostrat("rules", "show") == (2, "", told)
    assert annostrat("compare", "--rules", "infographic").code == 0


def test_help_of_rules_names_the_variable(annostrat):
    """Help says what holds where `--rules` is not given."""
    said = " ".join(annostrat("check", "--help").out.split())
    assert "if not given, $ANNOSTRAT_RULES, or else purpose_first." in said
