"""Where errors become messages and exit codes; a bug keeps its traceback."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from annostrat.errors import AnnostratError, UsageError, printable

if TYPE_CHECKING:
    from collections.abc import Callable

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class Quit(KeyboardInterrupt):
    """The person asked to stop, and was told so."""


def guarded(run: Callable[[], int]) -> int:
    """Return the exit code of a command; print the problems that it raises on standard error."""
    try:
        code = run()
        sys.stdout.flush()
    except AnnostratError as error:
        report(error)
        return BAD_INPUT
    except Quit:
        return INTERRUPTED
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)  # noqa: T201 - this is where messages are printed
        return INTERRUPTED
    except BrokenPipeError:
        close_quietly()
        return OK
    except Exception:  # noqa: BLE001 - a fault of ours, and never the 1 of a check that does not hold
        import traceback

        for line in traceback.format_exc().splitlines():
            _say(line)
        note("this is a fault of annostrat: please report it with the command and its files")
        return BAD_INPUT
    return code


def open_streams() -> None:
    """Put an empty stream in the place of each standard one that the caller closed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - it stays open to the end


def report(error: AnnostratError, most: int | None = None) -> None:
    """Print each problem on a line of its own; of very many the first ones, and how many more there are."""
    for problem in error.problems[:most]:
        _say(f"annostrat: {problem.text()}" if isinstance(error, UsageError) else str(problem))
    more = len(error.problems[most:]) if most is not None else 0
    if more:
        note(f"{more:,} more problems like these")


def note(text: str) -> None:
    """Print a line that belongs beside the result."""
    _say(f"annostrat: {text}")


def _say(line: str) -> None:
    with suppress(OSError):
        sys.stdout.flush()
    try:
        print(printable(line), file=sys.stderr, flush=True)  # noqa: T201 - this is where messages are printed
    except OSError:  # nobody can be told, but the exit code still tells
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def close_quietly() -> None:
    """Let nothing more reach a standard output that nobody reads, not even what the interpreter writes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
