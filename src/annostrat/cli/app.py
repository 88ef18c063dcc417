"""The command line as typer sees it: parsing, help and completion, all from what the commands declare."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from annostrat.cli import _output, commands, completion
from annostrat.cli.options import Argument, parameters
from annostrat.knowledge.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.cli.options import Command as Declared
    from annostrat.cli.options import Parameter

app = typer.Typer(
    help="Recommends how to annotate images: boxes, class masks or instance masks; with reasons.",
    epilog="Exit codes: 0 fine; 1 what was checked does not hold; 2 wrong usage or unreadable input; 130 interrupted.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(help="The knowledge: list, draw, verify and compare rule sets.", rich_markup_mode=None)
app.add_typer(rules_app, name="rules", no_args_is_help=True)


class CommandHelp(TyperCommand):
    """A command whose help names arguments without the Python type that typer adds."""

    def get_help(self, ctx: Any) -> str:
        """Return the help; blanks in the place of a type keep the columns."""
        return re.sub(r" <(?:str|list\[str\])>", lambda type_: " " * len(type_[0]), super().get_help(ctx))


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
    from annostrat.cli.commands import recommend

    if reason := recommend.why_not_asked():
        _output.note(f"nothing is asked, because {reason}; see `annostrat recommend --help`")
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(_output.BAD_INPUT)
    raise typer.Exit(_output.guarded(lambda: recommend.run(recommend.RecommendRequest())))


def _function(declared: Declared) -> Callable[..., None]:
    """Return a command as the function that typer wants: with a parameter for each field, and the help as docstring."""
    known = parameters(declared.request)

    def run(**given: Any) -> None:
        values = {one.field: tuple(given[one.field] or ()) if one.many else given[one.field] for one in known}
        raise typer.Exit(_output.guarded(lambda: declared.run(declared.request(**values))))

    run.__doc__ = declared.request.__doc__
    run.__signature__ = inspect.Signature(list(map(_parameter, known)))  # type: ignore[attr-defined]
    return run


def _parameter(one: Parameter) -> inspect.Parameter:
    """Return a parameter of typer's; a help that must be looked up is not wanted by a shell that completes."""
    kind: Any = list[str] if one.many else one.kind
    if not one.required and one.default in (None, ()):
        kind = kind | None
    default = inspect.Parameter.empty if one.required else (None if one.many else one.default)
    declared = one.declared
    help_ = declared.help if isinstance(declared.help, str) else "" if completion.wanted() else declared.help()
    typed: Any
    if isinstance(declared, Argument):
        typed = typer.Argument(metavar=declared.metavar, help=help_, autocompletion=_offering(declared.offers))
    else:
        typed = typer.Option(
            *one.names(),
            metavar=declared.metavar,
            help=help_,
            autocompletion=_offering(declared.offers),
            min=declared.least,
            max=declared.most,
        )
    return inspect.Parameter(
        one.field, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, typed]
    )


def _offering(offers: str | Callable[[], list[str]] | None) -> Callable[..., Any] | None:
    """Return what typer asks for completions."""
    return getattr(completion, offers) if isinstance(offers, str) else offers


for _name in completion.commands_to_declare():
    _group, _called = (rules_app, _name.split()[1]) if " " in _name else (app, _name)
    _group.command(_called, cls=CommandHelp)(_function(commands.load(_name)))
