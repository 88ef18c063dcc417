"""How commands show their help."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand


class CommandHelp(TyperCommand):
    """A command whose help names arguments without the Python type that typer adds."""

    def get_help(self, ctx: Any) -> str:
        """Return the help; blanks in the place of a type keep the columns."""
        return re.sub(r" <(?:str|list\[str\])>", lambda found: " " * len(found[0]), super().get_help(ctx))
