"""Every command, its options and its help; what each does is in the module of its name."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annostrat.cli import _boundary, completion
from annostrat.cli._help import Command, Group
from annostrat.knowledge.files import DEFAULT
from annostrat.use_case import EFFORT_WORDS, WISHES
from annostrat.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    P = ParamSpec("P")

app = typer.Typer(
    cls=Group,
    help="Recommends how to annotate images: boxes, class masks or instance masks; with reasons.",
    epilog="Exit codes: 0 fine; 1 what was checked does not hold; 2 wrong usage or unreadable input; 130 interrupted.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(help="The knowledge: list, draw, verify and compare rule sets.", rich_markup_mode=None)
app.add_typer(rules_app, name="rules", no_args_is_help=True)

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help="Files, folders, globs, or - for standard input."),
]
Rules = Annotated[
    str,
    typer.Option(
        "--rules",
        metavar="NAME_OR_PATH",
        help="A shipped rule set, or your own folder.",
        autocompletion=completion.rule_sets,
    ),
]
SameRules = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="NAME_OR_PATH",
        help="The same, as other commands take it.",
        autocompletion=completion.rule_sets,
    ),
]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, whole or not at all.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only what must be said.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 when a use case is undecided.")]
Answers = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        "-a",
        metavar="QUESTION=ANSWER",
        help="Answer a question; may be repeated.",
        autocompletion=completion.answers,
    ),
]


From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="FORMAT", help="Their format; found out, if not given.", autocompletion=completion.readers
    ),
]
Sample = Annotated[int | None, typer.Option("--sample", metavar="N", help="Only N images of theirs, picked by hash.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="Another seed picks other images.")]


def _format(said: str) -> Any:
    """Return the option `--format`, which offers the formats that its help says."""
    offered = [word for word in re.findall("[a-z]+", said) if word not in {"or", "of", "references"}]
    complete = completion.words(*dict.fromkeys(offered))
    return typer.Option("--format", "-f", metavar="FORMAT", help=said, autocompletion=complete)


def command(group: typer.Typer, name: str) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Make a function that returns an exit code a command that ends with it."""

    def add(function: Callable[P, int]) -> Callable[P, int]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            raise typer.Exit(_boundary.guarded(lambda: function(*args, **kwargs)))

        group.command(name, cls=Command)(run)
        return function

    return add


def _version(value: bool) -> None:
    if value:
        typer.echo(f"annostrat {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - typer's form
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Recommends how to annotate images; alone in a terminal, it asks."""
    if context.invoked_subcommand is not None:
        return
    from annostrat.cli import recommend

    if reason := recommend.why_not_asked():
        _boundary.note(f"nothing is asked, because {reason}; see `annostrat recommend --help`")
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(_boundary.BAD_INPUT)
    raise typer.Exit(_boundary.guarded(lambda: recommend.run(recommend.Request())))


@command(app, "recommend")
def recommend_command(
    files: Files = None,
    answers: Answers = None,
    effort: Annotated[
        list[str] | None,
        typer.Option(
            "--effort",
            metavar="KEY=VALUE",
            help=f"{', '.join(EFFORT_WORDS)}; may be repeated.",
            autocompletion=completion.effort,
        ),
    ] = None,
    rules: Rules = DEFAULT,
    format: Annotated[
        str,
        _format("text, json, jsonl, markdown, html or github."),
    ] = "text",
    output: Output = None,
    write: Annotated[
        str | None,
        typer.Option("--write", metavar="FILE", help="Save the use case, with the answers given, in a new file."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Let --write replace a file.")] = False,
    strict: Strict = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask, even in a terminal.")] = False,
    quiet: Quiet = False,
    evidence: Annotated[
        str | None,
        typer.Option("--evidence", metavar="PATH", help="Annotation files; only what they do not tell is asked."),
    ] = None,
    annotation_format: From = None,
    sample: Sample = None,
    seed: Seed = 0,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            metavar="KEY=VALUE",
            help=f"What a model must satisfy: {', '.join(WISHES)}; may be repeated.",
            autocompletion=completion.models,
        ),
    ] = None,
) -> int:
    """Recommend a strategy for each use case, with reasons.

    In a terminal it asks for the answers that are missing and can still change the result.
    """
    from annostrat.cli import recommend

    request = recommend.Request(
        tuple(files or ()),
        tuple(answers or ()),
        tuple(effort or ()),
        rules,
        format,
        output,
        write,
        strict,
        no_input,
        quiet,
        force,
        evidence,
        annotation_format,
        sample,
        seed,
        tuple(models or ()),
    )
    return recommend.run(request)


@command(app, "check")
def check_command(
    files: Files = None,
    rules: Rules = DEFAULT,
    format: Annotated[
        str,
        _format("text, json, markdown, github, junit or sarif."),
    ] = "text",
    output: Output = None,
    reports: Annotated[
        list[str] | None,
        typer.Option("--report", metavar="FORMAT=FILE", help="Write this format to a file too; may be repeated."),
    ] = None,
    strict: Strict = False,
    quiet: Quiet = False,
) -> int:
    """Compare recommendations with what is expected; for CI.

    A use case says under `expect` which strategies will do.
    """
    from annostrat.cli import check

    request = check.Request(tuple(files or ()), rules, format, output, tuple(reports or ()), strict, quiet)
    return check.run(request)


@command(app, "measure")
def measure_command(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Annotation files: a file or a folder.")
    ] = None,
    annotation_format: From = None,
    write: Annotated[
        str | None, typer.Option("--write", metavar="FILE", help="Save a use case with the measured answers.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Let --write and --profile replace a file.")] = False,
    sample: Sample = None,
    seed: Seed = 0,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes; as it pays, if not given.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="FILE", help="Save a profile, for --merge.")
    ] = None,
    merge: Annotated[bool, typer.Option("--merge", help="The files are profiles: join them.")] = False,
    rules: Rules = DEFAULT,
    format: Annotated[str, _format("text, json, markdown or html.")] = "text",
    output: Output = None,
    quiet: Quiet = False,
) -> int:
    """Answer questions from labels, and find faults in these.

    Each answer comes with a confidence interval, or with how many more labelled images would settle it.
    """
    from annostrat.cli import measure

    request = measure.Request(
        tuple(paths or ()),
        rules,
        format,
        annotation_format,
        output,
        write,
        force,
        profile,
        merge,
        sample,
        seed,
        jobs,
        quiet,
    )
    return measure.run(request)


@command(app, "architectures")
def architectures_command(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="Only what has this in its name, such as yolov8.")
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy", "-s", metavar="STRATEGY", help="Only for this strategy.", autocompletion=completion.strategies
        ),
    ] = None,
    tier: Annotated[
        str | None,
        typer.Option(
            "--tier",
            "-t",
            metavar="TIER",
            help="Only this tier: edge, gpu or server.",
            autocompletion=completion.words("edge", "gpu", "server"),
        ),
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option("--licence", "-l", metavar="LICENCE", help="Only this licence, or all that are permissive."),
    ] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR", help="Only from this year on.")] = None,
    max_params: Annotated[
        float | None, typer.Option("--max-params", metavar="MILLIONS", help="At most so many million parameters.")
    ] = None,
    domain: Annotated[
        str | None,
        typer.Option(
            "--domain",
            metavar="FIELD",
            help="For this field.",
            autocompletion=completion.domains,
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar="ORDER",
            help="accuracy, gflops, params, title or year.",
            autocompletion=completion.words("accuracy", "gflops", "params", "title", "year"),
        ),
    ] = None,
    rules: Rules = DEFAULT,
    format: Annotated[
        str,
        _format("text, json or markdown."),
    ] = "text",
    output: Output = None,
) -> int:
    """List and search the catalogue of models."""
    from annostrat.cli import architectures

    return architectures.run(
        architectures.Request(text, strategy, tier, licence, year, max_params, domain, sort, rules, format, output)
    )


@command(app, "compare")
def compare_command(
    strategies: Annotated[
        list[str] | None,
        typer.Argument(metavar="STRATEGY", help="Strategies, by id.", autocompletion=completion.strategies),
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="FILE", help="For this use case.")] = None,
    rules: Rules = DEFAULT,
    format: Annotated[
        str,
        _format("text, json or markdown."),
    ] = "text",
    output: Output = None,
) -> int:
    """Put strategies side by side.

    What is drawn, when to use it, benefits, drawbacks, effort, and what converts to what.
    """
    from annostrat.cli import compare

    return compare.run(compare.Request(tuple(strategies or ()), case, rules, format, output))


@command(app, "scaffold")
def scaffold_command(
    tool: Annotated[
        str,
        typer.Argument(
            metavar="TOOL",
            help="label_studio, cvat, labelme, coco, yolo or guideline.",
            autocompletion=completion.tools,
        ),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A use case, or - for standard input.")],
    answers: Answers = None,
    rules: Rules = DEFAULT,
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help="Let --output replace a file.")] = False,
) -> int:
    """Set up a labelling project from a use case.

    Prints the configuration that a tool takes, or a labelling guideline.
    """
    from annostrat.cli import scaffold

    return scaffold.run(scaffold.Request(tool, file, tuple(answers or ()), rules, output, force))


@command(rules_app, "list")
def rules_list(
    format: Annotated[
        str,
        _format("text or json."),
    ] = "text",
) -> int:
    """List the shipped rule sets."""
    from annostrat.cli import rules

    return rules.list_rules(format)


@command(rules_app, "show")
def rules_show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME_OR_PATH", help="A shipped rule set, or your own.", autocompletion=completion.rule_sets
        ),
    ] = None,
    selected: SameRules = None,
    case: Annotated[str | None, typer.Option("--case", metavar="FILE", help="Mark the way of this use case.")] = None,
    answers: Answers = None,
    references: Annotated[bool, typer.Option("--references", help="Show the bibliography instead.")] = False,
    format: Annotated[
        str,
        _format("text, markdown, html, mermaid, dot or svg; of references, text or json."),
    ] = "text",
    output: Output = None,
) -> int:
    """Draw a decision tree, with the way that some answers take."""
    from annostrat.cli import rules

    chosen = rules.only_one(name, selected)
    if references:
        return rules.references(chosen, format, output)
    return rules.show(chosen, case, tuple(answers or ()), format, output)


@command(rules_app, "check")
def rules_check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME_OR_PATH", help="Rule sets; all shipped ones, if none.", autocompletion=completion.rule_sets
        ),
    ] = None,
    selected: SameRules = None,
    format: Annotated[
        str,
        _format("text, json, github or sarif."),
    ] = "text",
    output: Output = None,
) -> int:
    """Prove that rule sets are sound, or report every problem."""
    from annostrat.cli import rules

    return rules.check((*(names or ()), *([selected] if selected else ())), format, output)


@command(rules_app, "test")
def rules_test(
    files: Files = None,
    rules: Rules = DEFAULT,
    compare: Annotated[
        str | None,
        typer.Option(
            "--compare", metavar="NAME_OR_PATH", help="A second rule set.", autocompletion=completion.rule_sets
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option("--folds", min=2, max=100, metavar="N", help="Compare part by part: which gain, which lose."),
    ] = None,
    min_agreement: Annotated[
        str | None, typer.Option("--min-agreement", metavar="SHARE", help="Exit 1 below this, for example 0.8 or 80%.")
    ] = None,
    format: Annotated[
        str,
        _format("text, json or markdown."),
    ] = "text",
    output: Output = None,
) -> int:
    """Run cases with a known choice, and count the agreement."""
    from annostrat.cli import agreement

    request = agreement.Request(tuple(files or ()), rules, compare, folds, min_agreement, format, output)
    return agreement.run(request)


@command(rules_app, "diff")
def rules_diff(
    before: Annotated[
        str, typer.Argument(metavar="BEFORE", help="A rule set, by name or path.", autocompletion=completion.rule_sets)
    ],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="Another one.", autocompletion=completion.rule_sets)],
    format: Annotated[
        str,
        _format("text or json."),
    ] = "text",
) -> int:
    """List the answers whose strategy differs.

    Exit 1 if there are any. Tips, architectures and texts are not compared.
    """
    from annostrat.cli import rules

    return rules.diff(before, after, format)


@command(rules_app, "schema")
def rules_schema(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            help="use_case, recommendation, tree, question, ...; all, if none.",
            autocompletion=completion.schemas,
        ),
    ] = None,
    rules: Rules = DEFAULT,
    output: Output = None,
) -> int:
    """Print the JSON Schema of a kind of file, or of the output.

    The schemas are of draft 2020-12.
    """
    from annostrat.cli import rules as rules_module

    return rules_module.schema(kind, rules, output)
