"""From the shell's prompt to the answer: starts of `annostrat recommend` beside those of its peers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from _measure import Row, Run, command, program, rounds, skipped, table

CASE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "use_cases", "wheat_heads.yaml")
FLOOR = "import typer, pydantic, yaml"
LIMITS = {"annostrat, json": 1.3, "annostrat, text": 1.6}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        taken = rounds(_commands(folder))
    for clock in Run._fields[:2]:
        _print(clock, {name: getattr(run, clock) for name, run in taken.items()})


def _commands(folder: str) -> dict[str, object]:
    annostrat = program("annostrat")
    if annostrat is None:
        raise SystemExit("annostrat is not installed: pip install -e .")
    as_json, as_text = [annostrat, "recommend", CASE, "--format", "json"], [annostrat, "recommend", CASE]
    commands = {
        "python -c pass": command([sys.executable, "-c", "pass"]),
        FLOOR: command([sys.executable, "-c", FLOOR]),
        "annostrat, json": command(as_json),
        "annostrat, text": command(as_text),
    }
    schema = os.path.join(folder, "use_case.json")
    with open(schema, "wb") as file:
        subprocess.run([annostrat, "rules", "schema", "use_case"], stdout=file, check=True)
    for peer, arguments in {
        "check-jsonschema": ["--schemafile", schema, CASE],
        "yamllint": ["-d", "relaxed", CASE],
    }.items():
        found = program(peer)
        if found is None:
            skipped(peer)
        else:
            commands[peer] = command([found, *arguments])
    return commands


def _print(clock: str, taken: dict[str, float]) -> None:
    rows = [
        Row(name, f"{seconds * 1e3:.0f} ms", seconds / taken[FLOOR], "the imports", LIMITS.get(name))
        for name, seconds in taken.items()
    ]
    table(f"Cold start, {clock} time of one start, against the start of `python -c '{FLOOR}'`", rows)
    for peer in ("check-jsonschema", "yamllint"):
        if peer in taken:
            limit = 1 if peer == "check-jsonschema" else None
            rows = [
                Row(name, "", seconds / taken[peer], peer, limit if name in LIMITS else None)
                for name, seconds in taken.items()
                if name.startswith("annostrat")
            ]
            table(f"The same against {peer} on the same file", rows)


if __name__ == "__main__":
    main()
