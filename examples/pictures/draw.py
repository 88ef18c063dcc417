"""Draw the pictures of the README again: `just pictures`, or this script with the project's own Python."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, DIMMED_MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COLUMNS = 88
ROWS = 32
"""What a screen shows; the output goes on."""
COMMAND = ("recommend", "examples/use_cases/wheat_heads.yaml")

SCREEN = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="screen-title">
<title id="screen-title">annostrat recommends object detection for a use case, and says why</title>
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px ui-monospace, SFMono-Regular, Menlo, Consolas,
  'DejaVu Sans Mono', 'Liberation Mono', monospace; }}
.sheet {{ fill: #ffffff; stroke: #d0d4da; stroke-width: 3 }}
.lamps {{ fill: #d0d4da }}
LIGHT
@media (prefers-color-scheme: dark) {{
.sheet {{ fill: #11161d; stroke: #66758a }}
.lamps {{ fill: #66758a }}
DARK
}}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}</defs>
<rect class="sheet" width="{width}" height="{height}" rx="12"/>
<g class="lamps"><circle cx="26" cy="24" r="7"/><circle cx="50" cy="24" r="7"/><circle cx="74" cy="24" r="7"/></g>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">
{matrix}
</g></g>
</svg>
"""


def annostrat(*arguments: str, **environment: str) -> str:
    """Return what the command line prints, in the root of the project."""
    command = [sys.executable, "-m", "annostrat", *arguments]
    world = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "CI"}}
    return subprocess.run(
        command, cwd=ROOT, env={**world, **environment}, capture_output=True, encoding="utf-8", check=True
    ).stdout


def tree() -> str:
    """Return the tree of the infographic."""
    return annostrat("rules", "show", "infographic", "--format", "svg")


def screen() -> str:
    """Return the first screen of a recommendation, as a terminal shows it."""
    printed = annostrat(*COMMAND, FORCE_COLOR="1", TERM="xterm", COLUMNS=str(COLUMNS))
    shown = "\n".join(printed.splitlines()[:ROWS])
    console = Console(record=True, width=COLUMNS, file=StringIO())
    for line in (Text(f"$ annostrat {' '.join(COMMAND)}", "bold"), Text.from_ansi(shown), Text("\u2026")):
        console.print(line)
    themes = {"LIGHT": DEFAULT_TERMINAL_THEME, "DARK": DIMMED_MONOKAI}
    styles = {
        name: console.export_svg(theme=theme, clear=False, code_format="{styles}", unique_id="screen")
        for name, theme in themes.items()
    }
    picture = console.export_svg(code_format=SCREEN, unique_id="screen")
    for name, style in styles.items():
        picture = picture.replace(f"{name}\n", f"{style}\n")
    return picture


PICTURES = {"infographic.svg": tree, "recommend.svg": screen}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (HERE / name).write_text(draw(), "utf-8")
