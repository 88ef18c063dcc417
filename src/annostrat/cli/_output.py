"""Output of results to standard output or a file and of problems to standard error; and exit codes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, cast

from annostrat.errors import AnnostratError, InputError, UsageError, printable, suggest
from annostrat.render.renderer import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from annostrat.errors import Problem

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
MOST_UNREAD = 20
"""Maximum number of unreadable parts of labels listed on standard error."""
MANY_ALIKE = 4
"""Number of problems differing only in their location from which they are reported as one."""


class Quit(KeyboardInterrupt):
    """The user asked to stop, and the stop was acknowledged."""


def guarded(run: Callable[[], int]) -> int:
    """Run a command and return its exit code; problems that it raises are printed on standard error."""
    try:
        code = run()
        sys.stdout.flush()
    except AnnostratError as error:
        from annostrat.cli.mistakes import with_command

        report(with_command(error, sys.argv[1:]))
        return BAD_INPUT
    except Quit:
        return INTERRUPTED
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)  # noqa: T201 - this is where messages are printed
        return INTERRUPTED
    except BrokenPipeError:
        close_quietly()
        return OK
    except Exception:  # noqa: BLE001 - an internal error must not exit with the 1 of a failed check
        import traceback

        for line in traceback.format_exc().splitlines():
            _say(line)
        note("this is a bug in annostrat: please report it with the command and its files")
        return BAD_INPUT
    return code


def open_streams() -> None:
    """Replace each standard stream that the caller closed with an empty one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - it stays open to the end


def report(error: AnnostratError, most: int | None = None) -> None:
    """Print each problem on its own line; if there are very many, the first ones and the number of others."""
    for problem in error.problems[:most]:
        _say(f"annostrat: {problem.text()}" if isinstance(error, UsageError) else str(problem))
    more = len(error.problems[most:]) if most is not None else 0
    if more:
        note(f"{more:,} more problems like these")


def report_unread(problems: list[Problem]) -> int:
    """Print the problems of partly readable labels, merging many similar ones; return the exit code."""
    alike: dict[str, list[Problem]] = {}
    for problem in problems:
        alike.setdefault(problem.text(), []).append(problem)
    for text, (first, *others) in alike.items():
        if len(others) + 1 >= MANY_ALIKE:
            alike[text] = [first._replace(message=f"{first.message} (and {len(others):,} more like it)")]
    if problems:
        report(InputError([problem for each in alike.values() for problem in each]), MOST_UNREAD)
    return BAD_INPUT if problems else OK


def note(text: str) -> None:
    """Print a remark about the result."""
    _say(f"annostrat: {text}")


def _say(line: str) -> None:
    with suppress(OSError):
        sys.stdout.flush()
    try:
        print(printable(line), file=sys.stderr, flush=True)  # noqa: T201 - this is where messages are printed
    except OSError:  # the message is lost, but the exit code remains
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def close_quietly() -> None:
    """Discard further output to a broken standard output, including the interpreter's final flush."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


DEFAULT_SIZE, MAX_WIDTH = (80, 24), 100
PATIENCE_S = 0.05
"""Seconds that a line may be delayed so that it can be written together with others."""
PROMPT = 1
"""Lines that the shell prompt takes after a command."""
STANDARD_OUTPUT = (None, "-")
"""Paths that denote standard output."""


def pick_renderer(name: str, kind: str, path: str | None = None) -> Renderer:
    """Return the renderer of a format, checking that it supports a kind of result.

    A remark is printed if the result is text, and the file that it is written to is named like another format.

    Raises:
        UsageError: There is no such format, or it does not support that kind.
    """
    from annostrat.knowledge.plugins import find
    from annostrat.render import formats as renderers

    module = "terminal" if name == "text" else name
    renderer = cast("Renderer | None", find(renderers, module, "format"))
    if renderer is None or getattr(renderer, kind) is None:
        raise UsageError(f"there is no format '{name}' for {kind}", suggest(name, formats(kind)))
    folder, file = os.path.split(path or "")
    ending = os.path.splitext(file)[1].removeprefix(".").lower()
    meant = _ENDINGS.get(ending, ending)
    if name == "text" != meant and meant in formats(kind) and os.path.isdir(folder or "."):  # or else that is an error
        note(f"{path} will hold text; did you mean `--format {meant}`?")
    return renderer


_ENDINGS = {"htm": "html", "md": "markdown", "xml": "junit"}


def formats(kind: str) -> list[str]:
    """Return the names of the formats that support a kind of result."""
    from annostrat.knowledge.plugins import working
    from annostrat.render import formats as renderers

    names = [name for name, renderer in working(renderers, "format").items() if getattr(renderer, kind, None)]
    return sorted("text" if name == "terminal" else name for name in names)


def page(path: str | None = None, *, quiet: bool = False, strict: bool = False, full: bool = False) -> Page:
    """Return the page for a file, which is unabridged, or for standard output, with its width and colour.

    The few lines of a quiet page are neither wrapped nor cut if the terminal width is unknown.
    """
    if path not in STANDARD_OUTPUT:
        return Page(strict=strict)
    columns, lines = DEFAULT_SIZE
    if _has_width():
        import shutil  # only where there is a terminal to ask: the import takes time

        columns, lines = shutil.get_terminal_size(DEFAULT_SIZE)
    width = max(20, min(columns, MAX_WIDTH)) if _has_width() or not quiet else sys.maxsize
    lines = lines - PROMPT if sys.stdout.isatty() else 0
    return Page(width, _colourful(), quiet, full, strict, lines=lines, ascii=not _knows_all_characters())


def _has_width() -> bool:
    return sys.stdout.isatty() or not os.environ.keys().isdisjoint({"COLUMNS", "LINES"})


def _knows_all_characters() -> bool:
    return (sys.stdout.encoding or "utf-8").lower() in {"utf-8", "utf8"}


def _colourful() -> bool:
    """Return whether to use colour: as the environment variables demand, `NO_COLOR` first, else if the terminal can."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (os.environ.get("TERM") != "dumb" and sys.stdout.isatty())


def write(pieces: Iterable[str], path: str | None, *, awaited: bool = True) -> None:
    """Write text to standard output as it arrives, or to a file that appears only once it is complete.

    Without any text, an existing file is left as it is.

    Args:
        pieces: The text.
        path: The file; None or `-` for standard output.
        awaited: Whether a caller may wait for a line before providing the next one; if not, lines in quick
            succession are written together.

    Raises:
        UsageError: The file, or standard output, cannot be written.
    """
    if path is not None and path not in STANDARD_OUTPUT:
        _write_file(pieces, path)
        return
    if not _knows_all_characters():
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    left_s = 0.0
    for piece in pieces:
        leaves = (awaited or monotonic() - left_s > PATIENCE_S) and piece.endswith("\n")
        _print(piece, leaves=leaves)
        left_s = monotonic() if leaves else left_s
    _print("", leaves=True)


def refuse_to_overwrite(path: str | None, *, force: bool) -> None:
    """Refuse to overwrite a file, before any other work.

    Raises:
        UsageError: The file exists, or the path denotes standard output.
    """
    if path in STANDARD_OUTPUT[1:]:
        raise UsageError("a file is needed: standard output is for the result", "name a FILE")
    if path and (os.path.isfile(path) or os.path.islink(path)) and not force:
        raise UsageError(f"{path} already exists", "name another file, or overwrite it with --force")


def _print(piece: str, *, leaves: bool) -> None:
    try:
        sys.stdout.write(piece)
        if leaves:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        close_quietly()
        raise _unwritable("standard output", error) from error


def _write_file(pieces: Iterable[str], path: str) -> None:
    target = os.path.realpath(path) if os.path.islink(path) else path  # a link stays a link
    special = os.path.exists(target) and not os.path.isfile(target)
    temporary = target if special else f"{target}.{os.getpid()}.part"
    try:
        try:
            with open(temporary, "w", encoding="utf-8", newline="\n") as file:
                length = sum(map(file.write, pieces))
            if length and not special:
                if os.path.exists(target):
                    os.chmod(temporary, os.stat(target).st_mode & 0o7777)
                os.replace(temporary, target)
        finally:
            if not special and os.path.exists(temporary):
                os.unlink(temporary)
    except OSError as error:
        raise _unwritable(path or "''", error) from error


def _unwritable(what: str, error: OSError) -> UsageError:
    return UsageError(f"{what} cannot be written: {(error.strerror or str(error)).lower()}")
