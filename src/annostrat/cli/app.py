"""Every command, its options and its help; what each does is in the module of its name."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Annotated

import typer

from annostrat.cli import _boundary
from annostrat.knowledge.files import DEFAULT
from annostrat.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    P = ParamSpec("P")

app = typer.Typer(
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
    typer.Argument(metavar="[FILE]...", help="Files, folders, globs, or - for standard input."),
]
Rules = Annotated[str, typer.Option("--rules", metavar="NAME_OR_PATH", help="A shipped rule set, or your own folder.")]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, whole or not at all.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only what must be said.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 when a use case is undecided.")]
Answers = Annotated[
    list[str] | None,
    typer.Option("--answer", "-a", metavar="QUESTION=ANSWER", help="Answer a question; may be repeated."),
]


def bounded(command: Callable[P, int]) -> Callable[P, None]:
    """Turn a function that returns an exit code into a command that ends with it."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(_boundary.guarded(lambda: command(*args, **kwargs)))

    return run


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

    if not recommend.interactive(no_input=False):
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(_boundary.BAD_INPUT)
    raise typer.Exit(_boundary.guarded(lambda: recommend.run(recommend.Request())))


@app.command("recommend")
@bounded
def recommend_command(
    files: Files = None,
    answers: Answers = None,
    effort: Annotated[
        list[str] | None,
        typer.Option(
            "--effort", metavar="KEY=VALUE", help="images, objects_per_image, hourly_rate, ...; may be repeated."
        ),
    ] = None,
    rules: Rules = DEFAULT,
    format: Annotated[str, typer.Option("--format", "-f", help="text, json, jsonl, markdown or github.")] = "text",
    output: Output = None,
    write: Annotated[
        str | None,
        typer.Option("--write", metavar="FILE", help="Save the use case, with the answers given, there."),
    ] = None,
    strict: Strict = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask, even in a terminal.")] = False,
    quiet: Quiet = False,
) -> int:
    """Recommend a strategy for each use case; ask for what is missing, in a terminal."""
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
    )
    return recommend.run(request)


@app.command("check")
@bounded
def check_command(
    files: Files = None,
    rules: Rules = DEFAULT,
    format: Annotated[str, typer.Option("--format", "-f", help="text, json, github, junit or sarif.")] = "text",
    output: Output = None,
    reports: Annotated[
        list[str] | None,
        typer.Option("--report", metavar="FORMAT=FILE", help="Write this format to a file too; may be repeated."),
    ] = None,
    strict: Strict = False,
    quiet: Quiet = False,
) -> int:
    """Compare what the rules recommend with what each use case expects; for CI."""
    from annostrat.cli import check

    request = check.Request(tuple(files or ()), rules, format, output, tuple(reports or ()), strict, quiet)
    return check.run(request)


@app.command("architectures")
@bounded
def architectures_command(
    strategy: Annotated[str | None, typer.Option("--strategy", "-s", help="Only for this strategy.")] = None,
    tier: Annotated[str | None, typer.Option("--tier", "-t", help="Only this tier: edge, gpu or server.")] = None,
    licence: Annotated[str | None, typer.Option("--licence", "-l", help="Only this licence of the code.")] = None,
    year: Annotated[int | None, typer.Option("--year", help="Only from this year on.")] = None,
    max_params: Annotated[
        float | None, typer.Option("--max-params", help="At most so many million parameters.")
    ] = None,
    sort: Annotated[str | None, typer.Option("--sort", help="accuracy, gflops, params, title or year.")] = None,
    rules: Rules = DEFAULT,
    format: Annotated[str, typer.Option("--format", "-f", help="text, json or markdown.")] = "text",
    output: Output = None,
) -> int:
    """List the catalogue of model architectures."""
    from annostrat.cli import architectures

    return architectures.run(
        architectures.Request(strategy, tier, licence, year, max_params, sort, rules, format, output)
    )


@app.command("compare")
@bounded
def compare_command(
    strategies: Annotated[list[str] | None, typer.Argument(metavar="[STRATEGY]...", help="Strategies, by id.")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="FILE", help="For this use case.")] = None,
    rules: Rules = DEFAULT,
    format: Annotated[str, typer.Option("--format", "-f", help="text, json or markdown.")] = "text",
    output: Output = None,
) -> int:
    """Put strategies side by side: label, use, benefits, drawbacks, effort, what converts to what."""
    from annostrat.cli import compare

    return compare.run(compare.Request(tuple(strategies or ()), case, rules, format, output))


@rules_app.command("list")
@bounded
def rules_list(format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text") -> int:
    """List the shipped rule sets."""
    from annostrat.cli import rules

    return rules.list_rules(format)


@rules_app.command("show")
@bounded
def rules_show(
    name: Annotated[str, typer.Argument(metavar="[NAME_OR_PATH]", help="A shipped rule set, or your own.")] = DEFAULT,
    answers: Answers = None,
    references: Annotated[bool, typer.Option("--references", help="Show the bibliography instead.")] = False,
    format: Annotated[
        str, typer.Option("--format", "-f", help="text or markdown; of references, text or json.")
    ] = "text",
    output: Output = None,
) -> int:
    """Draw a decision tree, with the way that some answers take."""
    from annostrat.cli import rules

    if references:
        return rules.references(name, format, output)
    return rules.show(name, tuple(answers or ()), format, output)


@rules_app.command("check")
@bounded
def rules_check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME_OR_PATH]...", help="All shipped ones, if none.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="text, json, github or sarif.")] = "text",
    output: Output = None,
) -> int:
    """Prove that rule sets are sound; report every problem with its place."""
    from annostrat.cli import rules

    return rules.check(tuple(names or ()), format, output)


@rules_app.command("test")
@bounded
def rules_test(
    files: Files = None,
    rules: Rules = DEFAULT,
    compare: Annotated[str | None, typer.Option("--compare", metavar="NAME_OR_PATH", help="A second rule set.")] = None,
    min_agreement: Annotated[
        str | None, typer.Option("--min-agreement", metavar="SHARE", help="Exit 1 below this, for example 0.8 or 80%.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="text, json or markdown.")] = "text",
    output: Output = None,
) -> int:
    """Run cases with a known choice: how often do the rules choose the same?"""
    from annostrat.cli import agreement

    request = agreement.Request(tuple(files or ()), rules, compare, min_agreement, format, output)
    return agreement.run(request)


@rules_app.command("diff")
@bounded
def rules_diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A rule set, by name or path.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="Another one.")],
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> int:
    """List the answers whose strategy differs between two rule sets; exit 1 if there are any."""
    from annostrat.cli import rules

    return rules.diff(before, after, format)


@rules_app.command("schema")
@bounded
def rules_schema(
    kind: Annotated[
        str | None, typer.Argument(help="use_case, recommendation, tree, question, ...; all, if none.")
    ] = None,
    rules: Rules = DEFAULT,
    output: Output = None,
) -> int:
    """Print the JSON Schema (draft 2020-12) of a kind of file or of the output."""
    from annostrat.cli import rules as rules_module

    return rules_module.schema(kind, rules, output)
