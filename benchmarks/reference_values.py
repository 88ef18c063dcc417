"""Figures of public data sets beside the values that were measured before annostrat was written, and by other code.

The data sets are not part of the project: DATA is a folder that holds them as their repositories do. Where a figure
differs, it is computed once more as the reference was, and only if that gives the reference value the difference counts
as explained.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import _reference_ways as ways
import numpy as np

from annostrat.errors import AnnostratError
from annostrat.measure.figures import Figures
from annostrat.measure.reading import measure_path
from annostrat.measure.shape.mean_shape import agreement
from annostrat.measure.shape.outlines import covered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROW = (
    "images labels half_covered_share max_iou pairs_iou50_per_image mbor fill solidity solidity_spread elongation "
    "elongation_spread silhouette_agreement silhouettes_of_all log_aspect_spread foreign background"
)
COLUMNS = _ROW.split()
SETS = {
    "raccoon": ("raccoon_voc/annotations", "200 217 .014 .017 0 .009 - - - - - - - .30 - -"),
    "BCCD": ("bccd_voc/BCCD/Annotations", "364 4888 .039 .070 .04 .076 - - - - - - - .19 - -"),
    "TACO, official": (
        "taco_coco/data/annotations.json",
        "1500 4784 .119 .039 .02 .031 .559 .907 .113 .50 .17 .519 .503 .54 .08 .39",
    ),
    "TACO, unofficial": (
        "taco_coco/data/annotations_unofficial.json",
        "3831 8334 .057 .025 .002 .011 .578 .930 .114 .47 .18 .544 .534 .50 - -",
    ),
    "LVIS, 100 of val": (
        "lvis_val100/data/lvis_val_100.json",
        "100 977 .369 .131 .35 .129 .565 .824 .122 .50 .16 .518 .475 .48 .21 .29",
    ),
    "COCO, 38 of both splits": (
        "tinycoco/example_dataset/tinycoco/annotations",
        "38 424 .489 .121 .11 .176 .584 .834 .123 .53 .17 .544 .502 .57 .33 .20",
    ),
    "ships": ("ships_yolo", "513 708 .007 .005 0 .003 .576 .814 .098 .48 .20 .594 - .60 - -"),
}
"""Where each stands under DATA, and its values: those of COLUMNS, with the decimals that were kept."""
UNKNOWN_FORMAT = {"DeepPCB": "deeppcb_txt"}
"""Must be refused: its rows look like those of YOLO and are not."""

_Objects = ways.Objects
HALF_WIDTHS = {
    "half_covered_share": dict(zip(SETS, ".017 .008 .014 .011 .104 .120 .011".split(), strict=True)),  # noqa: SIM905
    "fill": dict(zip(list(SETS)[2:], ".007 .006 .024 .031 .026".split(), strict=True)),  # noqa: SIM905
}
"""Half widths of the reference's intervals, clustered by image as ours; those of rare events are Wilson's here."""
REASONS = {
    "hull": "it took the hull of 32 extreme vertices for the convex hull; ours is exact, and shapely's",
    "spread": "it divided by n, in classes of five objects or more; ours by n - 1, in classes of two or more",
    "small": "it left classes of fewer than five objects out, and counted once what an outline encloses twice",
    "crowds": "it took crowds for objects; ours sets them aside",
    "parts": "it kept classes that are parts of others among what is covered; ours sets them aside",
}
"""What the reference did, where that is known to make a difference."""


def _single(figure: Callable[[_Objects], float]) -> Callable[[_Objects], float]:
    """Return a figure of all objects but crowds."""
    return lambda objects: figure(objects.pick(~objects.crowd))


def _spread(values: Callable[[_Objects], ways.Floats]) -> Callable[[_Objects], float]:
    return lambda objects: ways.spread(objects, values(objects))


WAYS: dict[str, list[tuple[tuple[str, ...], Callable[[_Objects], float]]]] = {
    "half_covered_share": [(("parts",), _single(ways.half_covered_share))],
    "fill": [(("crowds",), ways.fill)],
    "solidity": [(("hull",), _single(lambda objects: ways.mean(ways.solidity_32(objects))))],
    "solidity_spread": [
        (("spread",), _single(_spread(ways.solidity))),
        (("spread", "hull"), _single(_spread(ways.solidity_32))),
    ],
    "elongation_spread": [(("spread",), _single(_spread(lambda objects: objects.elongation)))],
    "silhouette_agreement": [(("small",), _single(ways.silhouettes))],
    "silhouettes_of_all": [(("small",), _single(ways.silhouettes_of_all))],
    "log_aspect_spread": [
        (("spread",), _single(_spread(ways.log_aspect))),
        (("crowds", "spread"), _spread(ways.log_aspect)),
    ],
}
"""How the reference came to a figure, as far as it is known, to be tried in this order."""


AGREES, EXPLAINED, NEAR, DIFFERS = "agrees", "explained", "near", "DIFFERS"


class Line(NamedTuple):
    """A figure beside its reference; `said` gives the reason of a verdict that needs one."""

    figure: str
    ours: float
    reference: str
    verdict: str
    said: str = ""


def main() -> None:
    """Measure every data set and print it; exit with 1 if a figure differs and nothing explains it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", metavar="DATA")
    folder = options.parse_args().data
    verdicts: Counter[str] = Counter()
    for name, (place, values) in SETS.items():
        path = os.path.join(folder, place)
        if not os.path.exists(path):
            print(f"\n{name}: skipped, {path} is not there")
            continue
        print(f"\n{name}")
        figures = Figures(measure_path(path, jobs=1).profile)
        for line in compared(path, figures, dict(zip(COLUMNS, values.split(), strict=True))):
            text = f"  {line.figure:22} {line.ours:9.4f}  reference {line.reference:>6}  {line.verdict:9}  {line.said}"
            print(text.rstrip())
            verdicts[line.verdict] += 1
        for figure, widths in HALF_WIDTHS.items():
            if name in widths:
                print(f"  {figure:22}  +-{half_width(figures, figure):6.4f}  reference +-{widths[name]}")
    for name, place in UNKNOWN_FORMAT.items():
        verdicts[refused(name, os.path.join(folder, place))] += 1
    print(f"\n{', '.join(f'{count} {verdict}' for verdict, count in sorted(verdicts.items()))}")
    print(f"{EXPLAINED}: computed as the reference was, it is the reference, which differs because")
    print("".join(f"  {word}: {reason}\n" for word, reason in REASONS.items()), end="")
    print(f"{NEAR}: the last decimal differs by one, for a reason that is not known")
    sys.exit(verdicts[DIFFERS] > 0)


def compared(path: str, figures: Figures, values: dict[str, str]) -> Iterator[Line]:
    """Yield every figure of a data set that has a reference value."""
    objects: _Objects | None = None
    for figure, reference in values.items():
        if reference == "-":
            continue
        ours = ours_of(figures, figure)
        if agrees(ours, reference):
            yield Line(figure, ours, reference, AGREES)
            continue
        objects = objects or ways.read(path)
        yield explained(figure, ours, reference, objects)


def ours_of(figures: Figures, figure: str) -> float:
    """Return a figure as annostrat measures it."""
    if figure in {"images", "labels"}:
        return float(figures.profile.counts[figure])
    value = of_all_silhouettes(figures) if figure == "silhouettes_of_all" else figures.estimate(figure).value
    return float("nan") if value is None else value


def of_all_silhouettes(figures: Figures) -> float | None:
    """Return the agreement of the silhouettes of all objects, of whatever class."""
    every = figures.profile.silhouettes.values()
    covers = sum((covered(one.crossings.astype(np.int64)).sum(axis=0) for one in every), np.zeros(1, np.int64))
    return float(agreement(covers[None], np.array([sum(int(one.counts.sum()) for one in every)]))[0])


def half_width(figures: Figures, figure: str) -> float:
    """Return half the width of a figure's interval."""
    estimate = figures.estimate(figure)
    return ((estimate.high or 0) - (estimate.low or 0)) / 2


def agrees(value: float, reference: str, units: float = 0.5) -> bool:
    """Return whether a value is within some units of the last decimal of a reference: a half is what rounding does."""
    decimals = len(reference.partition(".")[2])
    return abs(value - float(reference)) <= units * 10**-decimals + 1e-6


def explained(figure: str, ours: float, reference: str, objects: _Objects) -> Line:
    """Return a figure that differs, with the way of computing it that gives the reference, if one does."""
    tried = [(way(objects), ", ".join(reasons)) for reasons, way in WAYS.get(figure, ())]
    for verdict, units in ((EXPLAINED, 0.5), (NEAR, 1)):
        for value, reasons in tried:
            if agrees(value, reference, units):
                return Line(figure, ours, reference, verdict, f"{value:.4f} by {reasons}")
    return Line(figure, ours, reference, NEAR if agrees(ours, reference, 1) else DIFFERS)


def refused(name: str, path: str) -> str:
    """Print and return whether a format that is not known is refused, as it must be."""
    if not os.path.exists(path):
        print(f"\n{name}: skipped, {path} is not there")
        return "skipped"
    try:
        measure_path(path, jobs=1)
    except AnnostratError:
        print(f"\n{name}: refused, as it must be: its format is none that is known")
        return AGREES
    print(f"\n{name}: READ, though its format is none that is known")
    return DIFFERS


if __name__ == "__main__":
    main()
