"""Measuring a COCO file of the size of its training set, beside its mere parsing and beside peers."""

from __future__ import annotations

import argparse
import os
import tempfile
from typing import TYPE_CHECKING

import _coco_file
from _measure import Row, rounds, skipped, table
from _peers import FLOORS, JSON, PEERS, PYCOCOTOOLS, SIMDJSON
from _watched import annostrat, attempted, watched

if TYPE_CHECKING:
    from _measure import Run

MEMORY, LINEAR = 0.45e9, 2.2
"""Limits: bytes, and the time of twice the size."""
JOBS = (1, 2)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--share", type=float, default=1.0, help="of COCO's training set [1.0]")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--no-peers", action="store_true", help="leave out those that take minutes")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        coco(folder, given.share, given.rounds, peers=not given.no_peers)


def coco(folder: str, share: float, times: int, *, peers: bool) -> None:
    """Compare measuring a COCO file with parsing it, with peers, and with measuring one of half its size."""
    for part in ("annotations", os.path.join("images", "train2017")):  # datumaro wants both, and no image
        os.makedirs(os.path.join(folder, part))
    path, half = os.path.join(folder, "annotations", "instances_train2017.json"), os.path.join(folder, "half.json")
    _coco_file.write(path, share)
    _coco_file.write(half, share / 2)
    ours = {f"annostrat measure --jobs {jobs}": annostrat(path, jobs) for jobs in JOBS}
    things = {**ours, "half": annostrat(half, JOBS[-1])}
    things |= {peer.name: watched([*peer.words, path]) for peer in FLOORS if peer.is_installed}
    taken: dict[str, Run | None] = dict(rounds(things, times))
    for peer in (*FLOORS, *PEERS) if peers else FLOORS:
        if not peer.is_installed:
            skipped(peer.name)
        elif peer.slow:
            taken[peer.name] = attempted([*peer.words, path])
    size = os.path.getsize(path) / 1e6
    images, labels = round(_coco_file.IMAGES * share), round(_coco_file.LABELS * share)
    _coco_tables(taken, f"{size:.0f} MB of COCO, {images:,} images, {labels:,} labels", share)


def _coco_tables(taken: dict[str, Run | None], title: str, share: float) -> None:
    half = taken.pop("half")
    rows = [Row(name, "failed" if run is None else _said(run)) for name, run in taken.items()]
    table(f"{title}: seconds, seconds of CPU time, most memory of all its processes together", rows)
    is_whole = share >= 1  # of less, starting takes most of the time, and limits mean nothing
    limits = {(PYCOCOTOOLS, 2): 0.22, (PYCOCOTOOLS, 1): 0.4, (JSON, 2): 1 / 3, (SIMDJSON, 2): 2.5} if is_whole else {}
    rows = []
    for jobs in JOBS:
        ours = taken[name := f"annostrat measure --jobs {jobs}"]
        for other, theirs in taken.items():
            if ours and theirs and not other.startswith("annostrat"):
                rows.append(Row(name, f"{ours.wall:.2f} s", ours.wall / theirs.wall, other, limits.get((other, jobs))))
        if ours:
            limit = 1 if is_whole else None
            rows.append(Row(name, f"{ours.peak / 1e6:.0f} MB", ours.peak / MEMORY, f"{MEMORY / 1e9:g} GB", limit))
    whole = taken[f"annostrat measure --jobs {JOBS[-1]}"]
    if whole and half:
        rows.append(Row("twice the size", f"{whole.wall:.2f} s", whole.wall / half.wall, "the time of half", LINEAR))
    table("Ratios; lower is better for annostrat", rows)


def _said(run: Run) -> str:
    return f"{run.wall:7.2f} {run.cpu:7.2f} {run.peak / 1e6:6.0f} MB"


if __name__ == "__main__":
    main()
