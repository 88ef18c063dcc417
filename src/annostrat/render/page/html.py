"""The shell of a self-contained page, which loads nothing, sends nothing, and runs only its own scripts."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
from typing import TYPE_CHECKING

from annostrat.errors import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

_WEB = os.path.join(os.path.dirname(__file__), "web")
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
_SPACES = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")
_FOR_EDITORS = re.compile(r"^ *(?:/\*.*?\*/)?\n?", re.DOTALL | re.MULTILINE)


def document(title: str, body: str, *, styles: Sequence[str] = (), scripts: Sequence[str] = ()) -> str:
    """Return a page of an escaped body, with style sheets and scripts of `web/`; the scripts share one scope."""
    style = "".join(map(asset, ("base.css", *styles)))
    script = f'"use strict";\n{{\n{"".join(map(asset, scripts))}}}\n'
    allowed = [
        "default-src 'none'",
        f"style-src {' '.join(_hash(text) for text in (style, *_STYLE.findall(body)))}",
        *([f"script-src {_hash(script)}"] if scripts else []),
        *(["img-src data:"] if EMBEDDED in body else []),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(allowed)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        body,
        *([f"<script>{script}</script>"] if scripts else []),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return text escaped for an element or a quoted attribute."""
    return html.escape(printable(text))


EMBEDDED = 'href="data:image/jpeg;base64,'
"""The beginning of an embedded picture; only pages that have one are allowed to show pictures."""


def embedded(jpeg: bytes) -> str:
    """Return the attribute of an SVG image that holds a picture."""
    return f'{EMBEDDED}{base64.b64encode(jpeg).decode()}"'


def data(value: object, id_: str) -> str:
    """Return an element that holds a value for scripts, escaped so that no text can close it."""
    text = json.dumps(value, separators=(",", ":"))
    for character in "<>&\x7f":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/json" id="{id_}">{text}</script>'


def asset(name: str) -> str:
    """Return a file of `web/` without comments and indentation."""
    with open(os.path.join(_WEB, name), encoding="utf-8") as file:
        text = _FOR_EDITORS.sub("", file.read())
    return _SPACES.sub(lambda space: space[1] or "", text) if name.endswith(".css") else text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
