"""How commands show their help, and what they say to options of another command."""

from __future__ import annotations

import re
import shlex
from typing import Any

from typer.core import TyperCommand, TyperGroup


class CommandHelp(TyperCommand):
    """A command whose help names arguments without the Python type that typer adds."""

    def get_help(self, ctx: Any) -> str:
        """Return the help; blanks in the place of a type keep the columns."""
        return re.sub(r" <(?:str|list\[str\])>", lambda found: " " * len(found[0]), super().get_help(ctx))


class GroupHelp(TyperGroup):
    """A group that knows the options of `recommend`, which people give without naming it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return what is left for the command.

        Raises:
            typer.Exit: Through `ctx.fail`, which ends with the usage, where an option belongs to `recommend`.
        """
        option = args[0].partition("=")[0] if args else ""
        if option in self._options_of("recommend") and not any(option in own.opts for own in self.get_params(ctx)):
            ctx.fail(f"No such option: {option}; did you mean `{shlex.join(['annostrat', 'recommend', *args])}`?")
        return super().parse_args(ctx, args)

    def _options_of(self, name: str) -> list[str]:
        return [option for parameter in self.commands[name].params for option in parameter.opts if option[0] == "-"]
