"""Agreement with known choices, in numbers with intervals and as a list of disagreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from annostrat.agreement import percentage, wins
from annostrat.renderers._layout import draw, indented, item, titled
from annostrat.renderers._sections import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from annostrat.contract import Agreement, Disagreement
    from annostrat.renderers._base import Page


def agreement(found: list[Agreement], page: Page) -> Iterator[str]:
    """Yield what was measured for each rule set; for two, which cases each wins."""
    for measured in found:
        yield draw(Group(*_agreement(measured)), page)
    if len(found) > 1:
        names = [measured["rules"]["id"] for measured in found]
        won = wins(*found)
        parts = _list(f"Only {names[0]} agrees on", won["first_only"])
        parts += _list(f"Only {names[1]} agrees on", won["second_only"])
        parts.append(Text(f"\nBoth agree on {amount(len(won['both']), 'case')}, neither on {len(won['neither'])}."))
        yield draw(Group(*parts), page)


def _agreement(measured: Agreement) -> list[RenderableType]:
    rules, twins = measured["rules"], measured["twins"]
    parts: list[RenderableType] = [
        Text(f"{rules['id']} {rules['version']}, {amount(measured['strict']['of'], 'case')}", "bold")
    ]
    table = Table.grid(padding=(0, 2))
    shares = {
        "strict: what was chosen": measured["strict"],
        "lenient: or another published layer": measured["lenient"],
        "strict, core strategies": measured["core"],
        "lenient, core strategies": measured["core_lenient"],
        **{f"recall of {strategy}": share for strategy, share in measured["recall"].items()},
        "twins that contradict each other": twins["strict"],
        "all but these twins": twins["others"],
    }
    for title, share in shares.items():
        table.add_row(f"  {title}", f"{share['agree']} of {share['of']}", percentage(share))
    parts += [table, indented(f"{measured['undecided']} undecided")]
    confusion = [
        f"{expected}: " + ", ".join(f"{count} {got}" for got, count in row.items())
        for expected, row in measured["confusion"].items()
    ]
    parts += _list("Chosen, and what is recommended instead", confusion)
    return parts + _list("Disagreements", [_disagreement(entry) for entry in measured["disagreements"]])


def _list(title: str, lines: list[str]) -> list[RenderableType]:
    return titled(title, list(map(item, lines)))


def _disagreement(entry: Disagreement) -> str:
    marks = ["also published"] * entry["lenient"] + [f"twins: {entry['twin_group']}"] * bool(entry["twin_group"])
    marked = f" ({'; '.join(marks)})" if marks else ""
    walked = ", ".join(f"{step['question']}={step['answer']}" for step in entry["path"])
    said = f"{entry['name']}: {' or '.join(entry['expected'])} was chosen, not {' or '.join(entry['recommended'])}"
    return f"{said}{marked}: {walked}"
