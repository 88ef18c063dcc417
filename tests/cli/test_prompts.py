"""The prompts, at a real terminal: every way to answer, go back, ask, and leave."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from annostrat.cli.commands import prompts
from annostrat.knowledge.loader import load_rules
from annostrat.use_cases.use_case import UseCase

COMMAND = "annostrat recommend -a purpose=find_objects -a orientation_matters=no"
ESCAPE = "\x1b"


def skip_to(session, text):
    """Press Enter at every prompt until one that follows some text, and leave that one open."""
    session.wait_for("\n> ")
    while text not in session.seen:
        session.type("")
        session.wait_for("\n> ")


def strategy(path):
    """Return the strategy in a file of JSON."""
    return json.loads(Path(path).read_text("utf-8"))["strategy"]["id"]


def test_prompts_take_numbers_words_and_beginnings(terminal):
    """An answer may be its number, the word, or the beginning of the word, in any case; the result follows."""
    session = terminal()
    session.answer("8", "YES", "lim")
    assert session.end() == 0
    assert "Question 1 (at most 4 more to decide)" in session.seen
    assert "What will the result be used for?" in session.seen
    assert "Question 2 (the last one that decides)" in session.seen
    assert "Question 3 (Enter skips it)" in session.seen
    assert "annostrat recommend -a purpose=trace_lines -a count_matters=yes -a compute_budget=limited" in session.seen
    assert "=> Polylines" in session.seen


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("outline", "measure_objects"),
        ("Things are found", "find_objects"),
        ("outline, area or size", "measure_objects"),
        ("outline, what", "measure_objects+map_surfaces"),
        ("m", None),
        ("t", None),
        ("trace", "trace_lines"),
        ("u", "unknown"),
        ("outline, unknown", None),
    ],
)
def test_an_answer_may_be_the_beginning_of_what_is_shown(reply, answer):
    """The prompt shows titles, so these are answers, too, where only one begins so."""
    assert prompts.answer_in(reply, load_rules("purpose_first").questions["purpose"]) == answer


def test_prompts_show_a_question_once_more_below_its_explanation(terminal):
    """The explanation is long: without the question below it the answers are out of sight at 24 lines."""
    session = terminal()
    session.answer("?")
    session.wait_for("For example:")
    session.answer("q")
    assert session.end() == 130
    assert session.seen.count("What will the result be used for?") == 2


def test_prompts_show_the_purposes_with_an_example_each(terminal):
    """The first question offers each purpose in a person's words, with a case or two."""
    session = terminal()
    session.wait_for("\n> ")
    assert "  1  A verdict for the whole picture      is this leaf healthy, is the gate open\n" in session.seen
    assert "  u  unknown   (several: 2,5)\n" in session.seen
    session.type("q")
    assert session.end() == 130


def test_prompts_take_several_purposes(annostrat, terminal):
    """Numbers with a comma between are several purposes; the command to repeat names them all."""
    with open("out.json", "w") as out:
        session = terminal("recommend", "-f", "json", piped=out)
        session.answer("2, 5", "no")
        assert session.end() == 0
    found = json.loads(Path("out.json").read_text("utf-8"))
    assert found["answers"]["purpose"] == ["find_objects", "map_surfaces"]
    assert found["covering"]["strategies"] == ["object_detection", "semantic_segmentation"]
    line = "annostrat recommend -a purpose=find_objects,map_surfaces -a orientation_matters=no"
    assert line in session.seen
    repeated = json.loads(annostrat(*line.split()[1:], "-f", "json").out)
    assert repeated == found


def test_prompts_print_only_the_result_on_standard_output(terminal):
    """With standard output in a pipe, questions stay on the screen and the pipe holds pure JSON."""
    with open("out.json", "w") as out:
        session = terminal("recommend", "-f", "json", piped=out)
        session.answer("find_objects", "no")
        assert session.end() == 0
    assert strategy("out.json") == "object_detection"
    assert '"strategy"' not in session.seen


def test_prompts_end_with_the_answer_and_the_command_that_repeats_it(annostrat, terminal, monkeypatch):
    """The last thing on the screen is the answer, how to go on, and one command line that gives the same result."""
    monkeypatch.setenv("NO_COLOR", "1")
    session = terminal()
    session.answer("find_objects", "no", "d")
    assert session.end() == 0
    answer = session.seen.index("=> Object detection")
    assert session.seen[answer:].count("\n") <= 22
    assert session.seen.endswith(f"--format html\n\nTo repeat or share:\n  {COMMAND}\n")
    again = json.loads(annostrat(*COMMAND.split()[1:], "-f", "json").out)
    assert (again["strategy"]["id"], again["status"]) == ("object_detection", "decided")


def test_prompts_repeat_the_counts_and_show_as_a_file_what_no_command_can_say(annostrat, terminal, save):
    """Images and objects are options of the command; what no option says makes a file of the answers."""
    session = terminal("recommend", "-a", "purpose=map_surfaces_and_objects")
    session.answer("yes")
    skip_to(session, "How many images")
    session.type("1,200")
    session.answer("35")
    assert session.end() == 0
    assert " -a count_matters=yes --effort images=1200 --effort objects_per_image=35\n" in session.seen
    session = terminal("recommend", "-a", "purpose=map_surfaces_and_objects", columns=50)
    session.answer("yes", "limited", "no", "low")
    skip_to(session, "Which field is it?")
    session.type("driving")
    session.answer("d")
    assert session.end() == 0
    shown = session.seen.partition("as a use-case file, to keep or share:\n")[2].partition("\n\n")[0]
    case = "".join(line.removeprefix("  ") + "\n" for line in shown.splitlines())
    again = annostrat("recommend", save("case.yaml", case), "-f", "json")
    assert (again.err, json.loads(again.out)["name"]) == ("", "Your project"), shown
    assert len(json.loads(again.out)["answers"]) == 5
    assert max(map(len, shown.splitlines())) <= 50
    assert "To repeat or share" not in session.seen


def test_prompts_skip_the_rest_and_show_the_result(terminal):
    """Once the strategy is settled, `d` skips all that is left; before that it is no answer."""
    session = terminal("recommend", "-f", "json", "-o", "found.json")
    session.answer("d")
    session.wait_for("'d' is not an answer")
    session.answer("find", "no", "limited", "d")
    session.wait_for("To repeat or share")
    assert session.end() == 0
    assert json.loads(Path("found.json").read_text("utf-8"))["answers"]["compute_budget"] == "limited"
    assert "Which field is it?" not in session.seen


def test_prompts_recap_names_the_rule_set_that_was_asked(terminal, save):
    """With other rules than the default, the command line to repeat names them, quoted for the shell."""
    save("my rules/tips/mine.yaml", "text: Mine.\nsources: hasty-2021\n")
    session = terminal("recommend", "--rules", "my rules")
    session.answer("map_surfaces")
    assert session.end() == 0
    assert "  annostrat recommend --rules 'my rules' -a purpose=map_surfaces\n" in session.seen


def test_prompts_go_back_to_change_an_answer(terminal):
    """`b` asks the question before again and says what was answered; on the first there is nothing to go back to."""
    with open("out.json", "w") as out:
        session = terminal("recommend", "-f", "json", piped=out)
        session.answer("back", "find")
        session.wait_for("Is a turned rectangle")
        session.answer("b")
        session.wait_for("  You answered find_objects before.")
        session.answer("measure", "yes")
        assert session.end() == 0
    assert "  This is the first question.\n" in session.seen
    assert session.seen.count("What will the result be used for?") == 2
    assert strategy("out.json") == "instance_segmentation"


@pytest.mark.parametrize("word", ["u", "unknown", "UNKNOWN", "unk"])
def test_prompts_take_unknown(terminal, word):
    """`u` says that an answer is not known; it is not asked again, and the result says what to find out."""
    with open("out.json", "w") as out:
        session = terminal("recommend", "-f", "json", piped=out)
        session.answer(word, "yes", "u", "low", "limited")
        assert session.end() == 0
    document = json.loads(Path("out.json").read_text())
    assert (document["answers"]["purpose"], document["answers"]["occlusion"]) == ("unknown", "unknown")
    assert document["ask_next"]["question"] == "occlusion"


def test_prompts_ask_for_the_field_so_that_precedents_and_models_fit(terminal):
    """At the end field and objects may be named, in the words that people use; an unknown word is answered."""
    session = terminal("recommend", "-a", "purpose=measure_objects", "-f", "json", "-o", "found.json")
    session.answer("yes")
    skip_to(session, "Which field is it?")
    session.type("histologgy")
    session.wait_for("no domain is called 'histologgy'")
    session.type("histology")
    session.wait_for("What are the labels on")
    session.type("nuclei")
    assert session.end() == 0
    document = json.loads(Path("found.json").read_text("utf-8"))
    assert document["architectures"][0]["domains"] == ["microscopy"]


def test_prompts_ask_for_images_so_that_hours_can_be_told(terminal):
    """At the end images and objects may be named; a word that is no number is refused with what would be right."""
    with open("out.json", "w") as out:
        session = terminal("recommend", "-f", "json", piped=out)
        session.answer("map_surfaces")
        skip_to(session, "How many images")
        session.type("many")
        session.answer("1,200")
        session.type("30,5")
        session.wait_for("not the text '30,5'; write")
        session.answer("35")
        assert session.end() == 0
    assert "images is a whole number from 1 to 1,000,000,000, not the text 'many'" in session.seen
    effort = json.loads(Path("out.json").read_text())["effort"]
    assert (effort["images"], effort["objects_per_image"]) == (1200, 35)


@pytest.mark.parametrize("word", ["?", "help", "h"])
def test_prompts_explain_a_question(terminal, word):
    """`?` explains the question and why it matters, and then waits for the answer."""
    session = terminal()
    session.answer(word)
    session.wait_for("Why it matters:")
    session.wait_for("For example:")
    session.answer("quit")
    assert session.end() == 130


@pytest.mark.parametrize(
    ("word", "hint"),
    [("hihg", "did you mean 'high'?"), ("9", "valid: 1 to 3, or low, moderate, high, unknown")],
)
def test_prompts_refuse_a_wrong_word_and_ask_again(terminal, word, hint):
    """A word that is no answer is refused with what would be right, and may be typed anew; so may an empty line."""
    with open("out.json", "w") as out:
        session = terminal("recommend", "-f", "json", piped=out)
        session.answer("u", "yes", word)
        session.wait_for(f"  '{word}' is not an answer; {hint}")
        session.answer("", "high")
        assert session.end() == 0
    assert strategy("out.json") == "instance_segmentation"


def test_prompts_show_control_characters_of_a_wrong_word_harmlessly(terminal):
    """What is typed is never obeyed by the terminal when it is repeated, nor is it a crash when it is no text."""
    session = terminal()
    session.wait_for("\n> ")
    session.press(b"\xff\x16\x1b[2Jx\n")
    session.wait_for("'\ufffd\\x1b[2Jx' is not an answer")
    session.answer("q")
    assert session.end() == 130


@pytest.mark.parametrize("word", ["q", "quit", "exit"])
def test_prompts_quit_with_the_answers_so_far(terminal, word):
    """`q` stops with exit code 130 and shows the answers so far, ready to go on from."""
    session = terminal()
    session.answer("unknown", "yes", word)
    assert session.end() == 130
    assert session.seen.endswith(
        "\nStopped. Your answers so far:\n  annostrat recommend -a purpose=unknown -a count_matters=yes\n"
    )


def test_prompts_end_of_input_quits(terminal):
    """Ctrl-D is the same as `q`."""
    session = terminal()
    session.wait_for("\n> ")
    session.press(b"\x04")
    assert session.end() == 130
    assert session.seen.endswith("\nStopped.\n")


def test_prompts_ctrl_c_interrupts(terminal):
    """Ctrl-C at a question is exit code 130, one line and no traceback; a result file of before is kept."""
    Path("out.json").write_text("old")
    session = terminal("recommend", "-f", "json", "-o", "out.json")
    session.answer("find")
    session.wait_for("\n> ")
    session.press(b"\x03")
    assert session.end() == 130
    assert session.seen.endswith("Your answers so far:\n  annostrat recommend -a purpose=find_objects\n")
    assert "Traceback" not in session.seen
    assert (Path("out.json").read_text(), os.listdir()) == ("old", ["out.json"])


def test_prompts_ask_only_for_what_the_file_lacks(terminal, save):
    """`recommend FILE` asks, by the use case's name, only for answers that it lacks and that can matter."""
    save("case.yaml", "name: Wheat\nanswers: {purpose: count_objects, occlusion: high}\n")
    session = terminal("recommend", "case.yaml")
    session.answer("yes")
    session.wait_for("The strategy is settled.")
    assert session.end() == 0
    assert "\nWheat\n" in session.seen
    assert "Can an annotator see where each thing ends" in session.seen
    assert "What will the result be used for?" not in session.seen
    assert session.seen.partition("The strategy is settled.")[0].count("\nQuestion ") == 1


def test_prompts_ask_nothing_of_a_complete_file(terminal, save):
    """A use case with every answer that can change the strategy is not asked about, whatever else is open."""
    save("case.yaml", "answers: {purpose: map_surfaces}\n")
    session = terminal("recommend", "case.yaml")
    assert session.end() == 0
    assert "Question 1" not in session.seen


@pytest.mark.parametrize(("options", "environment"), [(["--no-input"], {}), ([], {"CI": "1"}), ([], {"CI": "true"})])
def test_prompts_never_come_in_ci_or_with_no_input(terminal, monkeypatch, options, environment):
    """Under CI, or with --no-input, nothing is asked even at a terminal: the missing answers are named."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session = terminal("recommend", *options)
    assert session.end() == 2
    assert "no answer to purpose" in session.seen.replace("\n", " ")


def test_prompts_never_come_where_input_is_no_terminal(command, save):
    """With standard input from a file, an incomplete use case is answered as it is."""
    save("case.yaml", "answers: {count_matters: yes}\n")
    done = subprocess.run(
        [*command, "recommend", "case.yaml"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"=> Undecided" in done.stdout


def test_prompts_write_a_use_case_that_recommend_accepts(annostrat, terminal):
    """`--write FILE` saves the answers and says so last; the file leads to the same strategy."""
    session = terminal("recommend", "--write", "mine.yaml")
    session.answer("find", "no", "limited")
    assert session.end() == 0
    assert session.seen.endswith("annostrat: wrote mine.yaml\n")
    assert Path("mine.yaml").read_text().partition("\n")[2] == (
        'name: "Your project"\nanswers: {purpose: find_objects, orientation_matters: no, compute_budget: limited}\n'
    )
    assert json.loads(annostrat("recommend", "mine.yaml", "-f", "json").out)["strategy"]["id"] == "object_detection"


def test_prompts_quiet_asks_without_introduction_and_recap(terminal):
    """`--quiet` leaves the questions that matter and the result."""
    session = terminal("recommend", "--quiet")
    session.answer("map_surfaces")
    assert session.end() == 0
    assert "How should you annotate" not in session.seen
    assert "To repeat or share" not in session.seen


def test_prompts_need_nothing_of_the_terminal(terminal, monkeypatch):
    """With TERM=dumb, questions and result are plain lines without any control sequence."""
    monkeypatch.setenv("TERM", "dumb")
    session = terminal()
    session.answer("map_surfaces")
    assert session.end() == 0
    assert ESCAPE not in session.seen


def test_questions_have_no_control_sequences_and_results_have_colour(terminal):
    """At a terminal with colours the questions are plain lines too, good to be read aloud; the result is coloured."""
    session = terminal()
    session.answer("map_surfaces")
    assert session.end() == 0
    questions, result = session.seen.split("Your project")
    assert ESCAPE not in questions.removesuffix("\x1b[1m")
    assert ESCAPE in result


def test_colour_stays_out_of_files_and_is_switched_off_by_no_color(terminal, save, monkeypatch):
    """A file written from a terminal is plain; NO_COLOR makes the screen plain."""
    save("case.yaml", "answers: {purpose: map_surfaces}\nexpect: semantic_segmentation\n")
    for arguments in (["recommend", "case.yaml"], ["check", "case.yaml"], ["rules", "show"], ["architectures"]):
        assert terminal(*arguments, "-o", "out.txt").end() == 0
        assert ESCAPE not in Path("out.txt").read_text("utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    session = terminal("recommend", "case.yaml")
    assert session.end() == 0
    assert ESCAPE not in session.seen


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_prompts_fit_the_width_of_the_terminal(terminal, columns):
    """No line of the questions is wider than the terminal, so none is broken inside a word."""
    session = terminal(columns=columns)
    session.answer("?", "u", "?", "yes", "?", "u", "?", "low", "?", "q")
    assert session.end() == 130
    questions = session.seen.split("\nStopped.")[0].splitlines()
    assert max(map(len, questions)) <= columns


def test_prompts_say_unknown_questions_by_their_answers():
    """Each answer is listed with its number and what it means; unknown comes last, as u."""
    rules = load_rules()
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        patch.setattr(prompts, "_say", said.append)
        patch.setattr(prompts, "_read", iter(["q"]).__next__)
        with pytest.raises(KeyboardInterrupt):
            prompts.ask(rules, UseCase("A", {"purpose": "unknown", "count_matters": "yes"}), None)
    shown = "\n".join(said)
    for index, answer in enumerate(("low", "moderate", "high"), start=1):
        assert f"\n  {index}  {answer}" in shown
    assert "\n  u  unknown\n" in shown


def at_classes(terminal, out):
    """Return a session that was told that classes differ, and now asks for the first one."""
    session = terminal("recommend", "-f", "json", piped=out)
    session.answer("find", "no")
    skip_to(session, "[no]")
    session.type("yes")
    return session


def test_class_that_is_named_again_keeps_what_was_answered(terminal):
    """Nothing is asked of it twice, and nothing is lost; two names at once are not taken for one."""
    with open("out.json", "w") as out:
        session = at_classes(terminal, out)
        session.answer("soil, weed", "soil", "map_surfaces", "soil", "")
        assert session.end() == 0
    assert "One class at a time: the next one is asked for after it.\n" in session.seen
    assert "  classes:\n    soil: {purpose: map_surfaces}\n" in session.seen


def test_prompts_ask_for_classes_that_answer_differently(terminal):
    """After one clear yes, a class is asked what differs, Enter keeps an answer, and it gets its own strategy."""
    with open("out.json", "w") as out:
        session = at_classes(terminal, out)
        session.answer("soil", "map_surfaces", "")
        assert session.end() == 0
    assert "soil: What will the result be used for?" in session.seen
    assert "  classes:\n    soil: {purpose: map_surfaces}\n" in session.seen
    found = json.loads(Path("out.json").read_text("utf-8"))
    assert [(entry["name"], entry["strategies"]) for entry in found["classes"]] == [("soil", ["semantic_segmentation"])]


def test_prompts_explain_and_go_back_from_the_last_questions_as_from_the_first(terminal):
    """Field, objects, images and classes have help too; going back says what was answered, and replaces it."""
    session = terminal("recommend", "-f", "json", "-o", "found.json")
    session.answer("find_objects", "no")
    skip_to(session, "Which field is it?")
    session.type("?")
    session.answer("wheat", "farming", "help", "heads", "?", "1200", "b")
    session.wait_for("You answered 1200 before.")
    session.answer("1300", "?", "35", "b", "b")
    session.wait_for("You answered 1300 before.")
    session.answer("1400", "30", "?", "yes", "?", "soil", "?", "b", "b")
    session.wait_for("You answered yes before.")
    session.answer("no")
    assert session.end() == 0
    for words in (
        "Words that people use",
        "shown first among",
        "A guess will do",
        "ten images or so",
        "serves another",
    ):
        assert words in session.seen
    assert "You answered soil before." in session.seen
    found = json.loads(Path("found.json").read_text("utf-8"))
    assert (found["effort"]["images"], found["effort"]["objects_per_image"], found["classes"]) == (1400, 30, [])


def test_prompts_go_back_from_the_first_count_to_the_last_question(terminal):
    """Whoever goes back from the counts is asked the question before, and then told again what follows."""
    session = terminal()
    session.answer("map_surfaces", "limited")
    skip_to(session, "Which field is it?")
    while "You answered limited before." not in session.seen:
        session.type("b")
        session.wait_for("\n> ")
    session.type("d")
    assert session.end() == 0
    assert "-a compute_budget=limited" not in session.seen


def test_prompts_say_how_sure_the_strategy_is_before_the_rest(terminal):
    """It is settled only if no unknown answer could still change it."""
    session = terminal("recommend", "-a", "purpose=find_objects")
    session.answer("u")
    session.wait_for("The strategy is provisional while an answer is unknown.")
    session.answer("b", "no")
    session.wait_for("The strategy is settled.")
    session.answer("d")
    assert session.end() == 0


def test_prompts_fit_the_screen_while_the_result_goes_elsewhere(terminal):
    """Questions wrap at the width of the terminal, also where standard output is a file."""
    with open("out.json", "w") as out:
        session = terminal("recommend", "-f", "json", columns=50, piped=out)
        session.answer("map_surfaces")
        assert session.end() == 0
    questions = session.seen.partition("To repeat or share")[0]
    assert max(map(len, questions.splitlines())) <= 50
