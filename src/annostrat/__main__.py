"""`annostrat` and `python -m annostrat`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the common commands start without typer."""
    try:
        _run()
    except KeyboardInterrupt:  # while something is still imported; later each command says so itself
        sys.exit(130)


def _run() -> None:
    from annostrat.cli._boundary import open_streams
    from annostrat.cli.fast_lane import run

    open_streams()
    code = run(sys.argv[1:])
    if code is None:
        from annostrat.cli import completion
        from annostrat.cli.app import app

        if completion.wanted_by_bash():
            completion.in_bash(lambda: app(prog_name="annostrat"))
        app(prog_name="annostrat")
    sys.exit(code)


if __name__ == "__main__":
    main()
