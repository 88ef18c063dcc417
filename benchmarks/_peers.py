"""What else reads a COCO file: each as a program of its own, that gets the file as its only argument."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import NamedTuple

from _measure import program


class Peer(NamedTuple):
    """A program to compare with.

    Attributes:
        name: What is shown.
        needs: The module that must be installed, or the program.
        words: The command; the file comes behind it.
        slow: Whether one round is enough, because it takes minutes.
    """

    name: str
    needs: str
    words: list[str]
    slow: bool = True

    @property
    def is_installed(self) -> bool:
        """Whether it can be run."""
        return find_spec(self.needs) is not None or program(self.needs) is not None


def _python(name: str, needs: str, code: str, *, slow: bool = True) -> Peer:
    return Peer(name, needs, [sys.executable, "-c", f"import sys; path = sys.argv[1]\n{code}"], slow)


_DATUMARO = """
from datumaro import Dataset
from datumaro.components.operations import compute_ann_statistics
compute_ann_statistics(Dataset.import_from(path, "coco_instances"))
"""
_KWCOCO = """
import kwcoco
data = kwcoco.CocoDataset(path)
data.basic_stats(), data.boxsize_stats(), data.category_annotation_frequency()
"""
_GLOBOX = "from globox import AnnotationSet; AnnotationSet.from_coco(path).show_stats()"

SIMDJSON = "simdjson, parse only"
JSON = "json.load"
PYCOCOTOOLS = "pycocotools, load only"
FLOORS = (
    _python(SIMDJSON, "simdjson", "import simdjson; simdjson.Parser().parse(open(path, 'rb').read())", slow=False),
    _python(JSON, "json", "import json; json.load(open(path, 'rb'))", slow=False),
    _python(PYCOCOTOOLS, "pycocotools", "from pycocotools.coco import COCO; COCO(path)", slow=False),
)
PEERS = (
    _python("faster-coco-eval, load only", "faster_coco_eval", "from faster_coco_eval import COCO; COCO(path)"),
    Peer("panlabel stats", "panlabel", [program("panlabel") or "panlabel", "stats", "--format", "coco"]),
    _python("kwcoco stats", "kwcoco", _KWCOCO),
    _python("globox stats", "globox", _GLOBOX),
    _python("datumaro stats", "datumaro", _DATUMARO),
)
