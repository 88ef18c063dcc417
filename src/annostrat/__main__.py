"""`annostrat` and `python -m annostrat`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; plain ones start without typer."""
    try:
        _run()
    except KeyboardInterrupt:  # while something is still imported; later each command says so itself
        sys.exit(130)
    except OSError as error:  # typer prints help and version itself
        from annostrat.cli._output import BAD_INPUT, OK, close_quietly, note

        close_quietly()
        if isinstance(error, BrokenPipeError):
            sys.exit(OK)
        note(f"standard output cannot be written: {(error.strerror or str(error)).lower()}")
        sys.exit(BAD_INPUT)


def _run() -> None:
    from annostrat.cli._output import guarded, open_streams
    from annostrat.cli.commands import read

    open_streams()
    plain = read(sys.argv[1:])
    if plain is not None:
        command, request = plain
        sys.exit(guarded(lambda: command.run(request)))
    from annostrat.cli import completion, mistakes

    wanted, _, shell = completion.wanted().partition("_")
    if wanted == "source" and shell in {"bash", "zsh", "fish"}:
        print(completion.script(shell))  # noqa: T201 - for the shell
        return
    if not wanted and (code := guarded(lambda: mistakes.refuse(sys.argv[1:]))):
        sys.exit(code)
    from annostrat.cli.app import app

    if (wanted, shell) == ("complete", "bash"):
        completion.in_bash(lambda: app(prog_name="annostrat"))
    app(prog_name="annostrat")


if __name__ == "__main__":
    main()
