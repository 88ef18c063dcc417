"""Histograms as SVG, and as one line of block characters."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from annostrat.render.page.html import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNICODE, _ASCII = " ▁▂▃▄▅▆▇", " .:-=+*#"
_COLUMNS, _LEAST = 32, 16
_COUNTS = 31
"""Counts from this one on share a bin."""
_HEIGHT = 40


class Histogram(NamedTuple):
    """How often values occur, in bins of equal width from 0 to `end`; values that are `counts` have a bin each."""

    title: str
    bins: Sequence[int]
    end: str = "1"
    counts: bool = False

    def blocks(self, columns: int, ascii_only: bool) -> str:
        """Return a line of at most `columns` blocks, each of one or several bins; one that is not empty is visible."""
        levels = _ASCII if ascii_only else _UNICODE
        each = -(-len(self.bins) // columns)
        bins = [sum(self.bins[start : start + each]) for start in range(0, len(self.bins), each)]
        most = max(bins, default=0) or 1
        return "".join(levels[-(-count * (len(levels) - 1) // most)] for count in bins)

    def svg(self) -> str:
        """Return bars under the title, with the ends of the axis."""
        most = max(self.bins, default=0) or 1
        wide = 100 / max(len(self.bins), 1)
        bars = "".join(
            f"M{number * wide:.4g} {_HEIGHT}v-{max(_HEIGHT * count / most, 0.6):.3g}h{wide:.4g}V{_HEIGHT}z"
            for number, count in enumerate(self.bins)
            if count
        )
        chart = f'<svg viewBox="0 0 100 {_HEIGHT}" preserveAspectRatio="none"><path d="{bars}"/></svg>'
        ends = f"<small><span>0</span><span>{escape(self.end)}</span></small>"
        return f'<div class="histogram"><p>{escape(self.title)}</p>{chart}{ends}</div>'

    def middle_half(self) -> str:
        """Return the interquartile range, to the precision of the bins."""
        return " to ".join(f"{self._quantile(share):g}" for share in (0.25, 0.75))

    def _quantile(self, share: float) -> float:
        wanted = share * sum(self.bins)
        number = next(number for number, seen in enumerate(accumulate(self.bins)) if seen >= wanted)
        return number if self.counts else round((number + 0.5) / len(self.bins), 2)


def histogram_of_counts(title: str, times: dict[str, int]) -> Histogram:
    """Return the histogram of counts from 0; the last bin holds everything above it."""
    last = min(max(map(int, times)), _COUNTS)
    bins = [0] * (last + 1)
    for count, number in times.items():
        bins[min(int(count), last)] += number
    return Histogram(title, bins, f"{last}+" if last == _COUNTS else str(last), counts=True)


def svg(charts: Sequence[Histogram]) -> str:
    """Return histograms as SVG, side by side."""
    return f'<div class="charts">{"".join(chart.svg() for chart in charts)}</div>'


def characters(charts: Sequence[Histogram], width: int, ascii_only: bool) -> list[str]:
    """Return a line for each histogram, after its title, with all bins aligned.

    On a narrow page the line is below the title.
    """
    names = max(len(chart.title) for chart in charts)
    ends = max(len(chart.end) for chart in charts)
    beside = names + 2 if width >= names + _LEAST + ends + 6 else 0
    columns = max(min(_COLUMNS, width - (beside or 2) - ends - 3), 1)
    lines = []
    for chart in charts:
        head = f"{chart.title:{names}}  " if beside else "  "
        line = f"{head}0 {chart.blocks(columns, ascii_only)} {chart.end}"
        lines += [line] if beside else [chart.title, line]
    return lines
