"""The commands that CI and scripts run all day, read without typer, whose import costs more than they do.

It accepts a subset of what `app` accepts and hands everything else on; a test holds the two to the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annostrat.cli import _boundary

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES = {
    "recommend": {
        "--answer": "answers",
        "-a": "answers",
        "--effort": "effort",
        "--model": "models",
        "--evidence": "evidence",
        "--rules": "rules",
        "--format": "format",
        "-f": "format",
        "--output": "output",
        "-o": "output",
    },
    "check": {
        "--rules": "rules",
        "--format": "format",
        "-f": "format",
        "--output": "output",
        "-o": "output",
        "--report": "reports",
    },
}
"""Options that take a value, and the field of the request that each fills."""

FLAGS = {"--strict": "strict", "--no-input": "no_input", "--quiet": "quiet", "-q": "quiet"}
"""Options that take none."""

LISTS = ("answers", "effort", "models", "reports")


def run(arguments: list[str]) -> int | None:
    """Run a command and return its exit code; None where the arguments are for typer to read."""
    command = arguments[0] if arguments else ""
    fields = parse(command, arguments[1:]) if command in VALUES else None
    if fields is None:
        return None
    return _boundary.guarded(_runner(command, fields))


def _runner(command: str, fields: dict[str, object]) -> Callable[[], int]:
    def run_command() -> int:
        if command == "recommend":
            from annostrat.cli import recommend

            return recommend.run(recommend.Request(**fields))  # type: ignore[arg-type]
        from annostrat.cli import check

        return check.run(check.Request(**fields))  # type: ignore[arg-type]

    return run_command


def parse(command: str, arguments: list[str]) -> dict[str, object] | None:
    """Return the fields of the command's request, or None where anything is not plain."""
    values = VALUES[command]
    flags = FLAGS if command == "recommend" else {key: name for key, name in FLAGS.items() if name != "no_input"}
    fields: dict[str, object] = {}
    lists: dict[str, list[str]] = {name: [] for name in ("files", *LISTS)}
    waiting = iter(arguments)
    for word in waiting:
        option, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if word == "-" or not word.startswith("-"):
            lists["files"].append(word)
        elif word in flags:
            fields[flags[word]] = True
        elif option in values:
            given = value if equals else next(waiting, None)
            if given is None or (not equals and given.startswith("-") and given != "-"):
                return None
            name = values[option]
            if name in LISTS:
                lists[name].append(given)
            else:
                fields[name] = given
        else:
            return None
    return fields | {name: tuple(found) for name, found in lists.items() if found}
