"""Changes of a good input into one that may be bad, by one source of randomness.

With hypothesis, `random` is a strategy that shrinks; in a long run it is `random.Random(seed)`, which is quicker, and a
failure is repeated by its seed.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 2, 0.5, -0.25, 1e308, -1e308, 1e-320, 2**31, 2**63, -(2**63), 10**30),
    *(float("inf"), float("nan"), "", " ", "a", "yes", "unknown", "12.5", "1e999", "-0", "0x1f", "b'x'", "&amp;"),
    *("\x00", "\x1b[31m", "\ud800", "\u202e名", "../../etc/passwd", "{", "'", "x" * 300),
    *([], {}, [1], ["a", None], {"a": 1}, [[[[]]]], [1, 2, 3, 4], [1, 2, 3, 4, 5], ["1", "2", "3", "4"]),
    *([[1, 2, 3, 4, 5, 6]], {"size": [4, 4], "counts": [3, 13]}, {"size": [4, 4], "counts": "1"}, {"x": 1, "y": 2}),
]
"""Values of every type, at the edges of what numbers, texts and shapes can be."""
TOKENS = [
    *(b"", b"0", b"-1", b"1e400", b"nan", b"99999999999999999999", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":"),
    *(b"\\", b"\\u0000", b"\\ud800", b"\n", b"\r\n", b"\t", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9"),
    *(b"<", b"</a>", b"<!--", b"-->", b"<!DOCTYPE a>", b"&a;", b"<![CDATA[", b"- ", b"? ", b"&a ", b"*a ", b"---\n"),
    *(b"<<: ", b"#", b"%", b"!!python/object:os.system "),
]
"""What means something to a parser of JSON, YAML, XML or rows."""
WORDS = re.compile(rb"-?\d+(?:\.\d+)?|[A-Za-z_]+")


def changed_value(random: Random, data: Any) -> Any:
    """Return a copy of a document in which one to three values are replaced, removed, repeated or exchanged."""
    data = deepcopy(data)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = list(_places(data))
        if not places:
            return random.choice(VALUES)
        holder, key = random.choice(places)
        random.choice(_CHANGES)(random, holder, key, places)
    return data


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Return every list or object of a document with each of its keys."""
    found, rest = [], [data]
    while rest:
        holder = rest.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            rest.append(holder[key])
    return found


def _replace(random: Random, holder: Any, key: Any, _: Any) -> None:
    holder[key] = deepcopy(random.choice(VALUES))


def _remove(random: Random, holder: Any, key: Any, _: Any) -> None:
    del holder[key]


def _repeat(random: Random, holder: Any, key: Any, _: Any) -> None:
    if isinstance(holder, list):
        holder[key:key] = [deepcopy(holder[key])] * random.choice((1, 2, 30))
    else:
        holder[f"{key}_"] = deepcopy(holder[key])


def _exchange(random: Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    other, at = random.choice(places)
    holder[key] = deepcopy(other[at])


def _rename(random: Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    if isinstance(holder, dict):
        names = [at for _, at in places if isinstance(at, str)]
        holder[random.choice([*names, "", "a b", "\u202e"])] = holder.pop(key)


def _nudge(random: Random, holder: Any, key: Any, _: Any) -> None:
    value = holder[key]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        holder[key] = random.choice((-value, value + 1, value - 1, value * 1e6, value / 3, str(value), [value]))
    elif isinstance(value, str):
        holder[key] = random.choice((value.upper(), value + " ", value[:-1], value * 2, [value], {value: value}))


_CHANGES: list[Callable[..., None]] = [_replace, _replace, _remove, _repeat, _exchange, _rename, _nudge, _nudge]


def changed_words(random: Random, text: bytes) -> bytes:
    """Return a text in which one to three numbers or names are of another type, while the syntax stays right."""
    for _ in range(random.choice((1, 1, 2, 3))):
        found = list(WORDS.finditer(text))
        if not found:
            break
        word = random.choice(found)
        value = random.choice(VALUES)
        put = value if isinstance(value, str) else json.dumps(value)
        put = random.choice(
            (put.encode("utf-8", "surrogatepass"), random.choice(found)[0], b"-" + word[0], word[0] * 2)
        )
        text = text[: word.start()] + put + text[word.end() :]
    return text


def changed_bytes(random: Random, data: bytes) -> bytes:
    """Return bytes with one to four cuts, repeats, flips, exchanges or insertions, wherever they fall."""
    for _ in range(random.choice((1, 1, 2, 4))):
        start = random.randrange(len(data) + 1)
        end = min(len(data), start + random.choice((0, 1, 1, 4, 40, 400)))
        part = data[start:end]
        data = (
            data[:start]
            + random.choice(
                (
                    b"",
                    part * 2,
                    part[::-1],
                    bytes(byte ^ 1 << random.randrange(8) for byte in part),
                    random.choice(TOKENS) + part,
                    part * 50,
                )
            )
            + data[end:]
        )
        if random.random() < 0.1:
            data = data[:start]
    return data


def changed_json(random: Random, text: bytes) -> bytes:
    """Return the text of a JSON document that is changed by its values, its words or its bytes."""
    kind = random.random()
    if kind < 0.7:
        changed = json.dumps(changed_value(random, json.loads(text)), ensure_ascii=random.random() < 0.5)
        return changed.encode("utf-8", "surrogatepass")
    return changed_words(random, text) if kind < 0.8 else changed_bytes(random, text)


def changed_text(random: Random, text: bytes) -> bytes:
    """Return a text of XML, YAML or rows that is changed by its lines, its words or its bytes."""
    kind = random.random()
    if kind < 0.3:
        lines = text.splitlines(keepends=True) or [b""]
        at = random.randrange(len(lines))
        lines[at : at + 1] = random.choice(([], [lines[at]] * 2, [lines[at]] * 40, [random.choice(lines), lines[at]]))
        return b"".join(lines)
    return changed_words(random, text) if kind < 0.75 else changed_bytes(random, text)
