"""Measuring many small files: Pascal VOC beside the mere parsing of its XML, and YOLO beside reading its files."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from itertools import count, cycle, islice
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from _measure import Row, fresh, rounds, table
from _watched import annostrat, watched

from annostrat.measure.reading import measure_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LIMIT = 1.5
JOBS = (1, 2)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--voc", help="a folder of XML files to copy; without it, some are invented")
    options.add_argument("--voc-files", type=int, default=1_000)
    options.add_argument("--yolo-files", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        voc(folder, given.voc, given.voc_files, given.rounds)
        yolo(folder, given.yolo_files, given.rounds)


def voc(folder: str, source: str | None, count: int, times: int) -> None:
    """Compare measuring many files of Pascal VOC with parsing their XML."""
    place = os.path.join(folder, "voc")
    os.mkdir(place)
    for number, text in enumerate(islice(_voc_texts(source), count)):
        with open(os.path.join(place, f"{number:06}.xml"), "w", encoding="utf-8") as file:
            file.write(text)
    paths = sorted(entry.path for entry in os.scandir(place))
    measure_path(place, jobs=1)  # so that no round imports anything

    def parse() -> None:
        for path in paths:
            ET.parse(path)  # noqa: S314 - our own files

    def read() -> None:
        for path in paths:
            for shown in ET.parse(path).getroot().findall("object"):  # noqa: S314 - our own files
                shown.findtext("name")
                box = shown.find("bndbox")
                if box is not None:
                    [float(box.findtext(edge) or 0) for edge in ("xmin", "ymin", "xmax", "ymax")]

    things = {"bare": fresh(parse), "read": fresh(read), "ours": fresh(lambda: measure_path(place, jobs=1))}
    taken = rounds(things, times)
    bare, reading, ours = (taken[name].cpu for name in things)
    table(
        f"{count:,} files of Pascal VOC, {sum(map(os.path.getsize, paths)) / count:.0f} bytes each; CPU time",
        [
            Row("xml.etree, parse only", f"{bare / count * 1e6:.0f} us/file"),
            Row("xml.etree, parse and read boxes", f"{reading / count * 1e6:.0f} us/file"),
            Row("annostrat, measure", f"{ours / count * 1e6:.0f} us/file", ours / bare, "parsing"),
            Row(
                "annostrat, measure", f"{ours / count * 1e6:.0f} us/file", ours / reading, "parsing and reading", LIMIT
            ),
        ],
    )


def _voc_texts(source: str | None) -> Iterator[str]:
    """Yield the files of a folder over and over, or files with 1 to 13 invented objects, laid out as tools do."""
    if source is not None:
        for path in cycle(sorted(entry.path for entry in os.scandir(source) if entry.name.endswith(".xml"))):
            with open(path, encoding="utf-8") as file:
                yield file.read()
    for number in count():
        image = ET.Element("annotation")
        ET.SubElement(image, "folder").text = "invented"
        ET.SubElement(image, "filename").text = f"{number:06}.jpg"
        _add(ET.SubElement(image, "source"), {"database": "none", "annotation": "none", "image": "none"})
        _add(ET.SubElement(image, "size"), {"width": 500, "height": 375, "depth": 3})
        ET.SubElement(image, "segmented").text = "0"
        for each in range(1 + number % 13):
            shown = ET.SubElement(image, "object")
            _add(shown, {"name": f"class {each % 5}", "pose": "Unspecified", "truncated": each % 2, "difficult": 0})
            x, y = each * 30 + 1, number % 300 + 1
            _add(ET.SubElement(shown, "bndbox"), {"xmin": x, "ymin": y, "xmax": x + 40, "ymax": y + 60})
        ET.indent(image, "\t")
        yield ET.tostring(image, "unicode")


def _add(parent: ET.Element, values: Mapping[str, object]) -> None:
    for key, value in values.items():
        ET.SubElement(parent, key).text = str(value)


def yolo(folder: str, files: int, times: int) -> None:
    """Show what a small file of YOLO costs among many, and the memory that many need."""
    place = os.path.join(folder, "yolo", "labels")
    os.makedirs(place)
    with open(os.path.join(folder, "yolo", "data.yaml"), "w", encoding="ascii") as file:
        file.write("names: [a, b, c]\n")
    for number in range(files):
        rows = [f"{row % 3} 0.{1000 + number % 7000} 0.{2000 + row * 900} 0.1 0.2\n" for row in range(number % 5)]
        with open(os.path.join(place, f"{number:07}.txt"), "w", encoding="ascii") as file:
            file.writelines(rows)
    reading = "import os, sys\nfor entry in os.scandir(sys.argv[1]): open(entry.path, 'rb').read()"
    things = {"open and read": watched([sys.executable, "-c", reading, place])}
    things |= {f"annostrat measure --jobs {jobs}": annostrat(os.path.dirname(place), jobs) for jobs in JOBS}
    taken = rounds(things, min(times, 3))
    bare = taken["open and read"].wall
    lines = [
        Row(name, f"{run.wall / files * 1e6:4.0f} us/file {run.peak / 1e6:4.0f} MB", run.wall / bare, "open and read")
        for name, run in taken.items()
    ]
    table(f"{files:,} small files of YOLO; time, and most memory of all processes together", lines)


if __name__ == "__main__":
    main()
