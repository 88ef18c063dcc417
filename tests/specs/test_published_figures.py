"""The catalogue says what the packages say that publish the models; read from their files, without importing them.

Skipped for every package that is not installed, or in another version than the catalogue was made from. To run it:

    pip install --no-deps --target /tmp/catalogue torchvision==0.29.2 ultralytics==8.4.190 rfdetr==1.11.2
    PYTHONPATH=/tmp/catalogue pytest -m catalogue
"""

import ast
import importlib.metadata
import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

from annostrat.knowledge import yaml_source

pytestmark = pytest.mark.catalogue

FOLDER = Path(__file__).parents[2] / "rules" / "architectures"
VARIANTS = [
    variant
    for path in sorted(FOLDER.glob("*.yaml"))
    for document in yaml_source.read_file(str(path))
    for variant in document.data["variants"]
]


def published_by(library):
    """Return the variants that a library provides, as test parameters."""
    found = [variant for variant in VARIANTS if variant["handle"]["library"] == library]
    return pytest.mark.parametrize("variant", found, ids=[variant["id"] for variant in found])


def source_of(package):
    """Return the source id of an installed package, such as torchvision-0.29.2; skip where it is not installed."""
    try:
        return f"{package}-{importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{package} is not installed")


def figures(variant, source):
    """Return the figures of a variant that come from a source; skip where none does."""
    found = {}
    for key in ("params_m", "gmacs", "metric"):
        sources = variant.get(key, {}).get("sources", [])
        if source in ([sources] if isinstance(sources, str) else sources):
            found[key] = variant[key]["value"]
    if not found:
        pytest.skip(f"no figure of {variant['id']} comes from {source}")
    return found


@cache
def weights_of_torchvision():
    """Return the metadata of every Weights class by name and member, and for each builder the name of its class."""
    (folder,) = importlib.util.find_spec("torchvision").submodule_search_locations
    weights, builders = {}, {}
    for path in sorted(Path(folder, "models").rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("_Weights"):
                weights[node.name] = members(node)
            elif isinstance(node, ast.FunctionDef):
                kinds = [one.annotation for one in (*node.args.args, *node.args.kwonlyargs) if one.arg == "weights"]
                named = [name.id for kind in kinds if kind for name in ast.walk(kind) if isinstance(name, ast.Name)]
                builders[node.name] = next((name for name in named if name.endswith("_Weights")), None)
    return weights, builders


def members(node):
    """Return the metadata of each member of a Weights class, unevaluated; `DEFAULT` is the member it stands for."""
    found = {}
    for entry in node.body:
        if isinstance(entry, ast.Assign) and isinstance(entry.value, ast.Call):
            (meta,) = [keyword.value for keyword in entry.value.keywords if keyword.arg == "meta"]
            pairs = {key.value: value for key, value in zip(meta.keys, meta.values, strict=True) if key is not None}
            found[entry.targets[0].id] = pairs
        elif isinstance(entry, ast.Assign) and isinstance(entry.value, ast.Name):
            found[entry.targets[0].id] = found[entry.value.id]
    return found


METRICS = {
    "box AP": "box_map",
    "mask AP": "mask_map",
    "keypoint AP": "kp_map",
    "mIoU": "miou",
    "top-1": "acc@1",
}


@published_by("torchvision")
def test_figures_are_those_of_torchvision(variant):
    """Parameters, operations and accuracy are those of the weights that the handle loads."""
    said = figures(variant, source_of("torchvision"))
    builder, member = re.search(r"\.(\w+)\(weights=\"(\w+)\"\)", variant["handle"]["call"]).groups()
    weights, builders = weights_of_torchvision()
    meta = {
        key: ast.literal_eval(value)
        for key, value in weights[builders[builder]][member].items()
        if key in {"num_params", "_ops", "_metrics"}
    }
    published = {"params_m": meta["num_params"] / 1e6, "gmacs": meta["_ops"]}
    if "metric" in said:
        (metrics,) = meta["_metrics"].values()
        published["metric"] = metrics[METRICS[variant["metric"]["name"]]]
    assert said == {key: pytest.approx(published[key], abs=0.005) for key in said}


def tables(package):
    """Yield each row of the tables in a package's description as a mapping of column to cell."""
    columns = None
    for line in importlib.metadata.distribution(package).read_text("METADATA").splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        cells = [re.sub(r"<[^>]+>|[`*△]", " ", cell).strip() for cell in line.strip("|").split("|")]
        if columns is None:
            columns = [" ".join(cell.split()) for cell in cells]
        elif not set(line) <= set("|:- "):
            yield dict(zip(columns, cells, strict=True))


def cell(row, *beginnings):
    """Return the number of the first column that begins like this."""
    for beginning in beginnings:
        for column, text in row.items():
            if column.startswith(beginning):
                return float(text)
    raise AssertionError(f"no column of {list(row)} begins with {beginnings}")


ULTRALYTICS = {
    "box AP": "mAP val 50-95",
    "mask AP": "mAP mask 50-95",
    "keypoint AP": "mAP pose 50-95",
    "mIoU": "mIoU val",
    "top-1": "acc top1",
}


@published_by("ultralytics")
def test_figures_are_those_of_ultralytics(variant):
    """Parameters, operations (two FLOPs each) and accuracy are those of the tables in the package's description."""
    said = figures(variant, source_of("ultralytics"))
    model = re.search(r"\"(.+)\.pt\"", variant["handle"]["call"]).group(1)
    (row,) = [row for row in tables("ultralytics") if f"[{model}]" in row.get("Model", "").lower()]
    published = {"params_m": cell(row, "params"), "gmacs": cell(row, "FLOPs") / 2}
    if "metric" in said:
        published["metric"] = cell(row, ULTRALYTICS.get(variant["metric"]["name"], "mAP test 50(e2e)"))
    assert said == {key: pytest.approx(published[key], abs=0.005) for key in said}


@published_by("rfdetr")
def test_figures_are_those_of_rfdetr(variant):
    """Parameters, accuracy and input size are those of the tables in the package's description."""
    said = figures(variant, source_of("rfdetr"))
    model = re.search(r"rfdetr\.(\w+)\(", variant["handle"]["call"]).group(1)
    (row,) = [row for row in tables("rfdetr") if row.get("RF-DETR package class", "").strip() == model]
    published = {"params_m": cell(row, "Params"), "metric": cell(row, "COCO AP 50:95")}
    assert said == {key: pytest.approx(published[key], abs=0.005) for key in said}
    assert variant["input"] == row["Resolution"]


BY_ROBOFLOW = {
    "yolo11": "YOLO11",
    "yolo26": "YOLO26",
    "lwdetr": "LW-DETR",
    "dfine": "D-FINE",
    "rfdetr-seg": "RF-DETR-Seg",
    "rfdetr": "RF-DETR",
}
SIZES = {"nano": "N", "tiny": "T", "small": "S", "medium": "M", "large": "L", "xlarge": "XL", "2xlarge": "2XL"}
MEASURED = [
    variant
    for variant in VARIANTS
    if any(
        "rfdetr-1.11.2" in one["sources"]
        for one in [*variant.get("latency", []), variant.get("fine_tuning", {})]
        if one
    )
    and not variant["id"].endswith(("-preview", "-seg", "-pose"))
]


@pytest.mark.parametrize("variant", MEASURED, ids=lambda variant: variant["id"])
def test_latency_and_fine_tuning_are_those_that_roboflow_measured(variant):
    """The accuracy on RF100-VL and the milliseconds on a T4 are those of the tables in the description of rfdetr."""
    assert source_of("rfdetr") == "rfdetr-1.11.2"
    family = next(family for family in BY_ROBOFLOW if variant["id"].startswith(family))
    size = variant["id"].removeprefix(family).strip("-").split("-")[0]
    name = f"{BY_ROBOFLOW[family]}-{SIZES.get(size, size.upper())}"
    row = next(row for row in tables("rfdetr") if row.get("Architecture", "").strip() == name)
    if "fine_tuning" in variant:
        assert variant["fine_tuning"]["value"] == cell(row, "RF100VL AP 50:95")
    for one in variant.get("latency", []):
        if one["sources"] == ["rfdetr-1.11.2"]:
            assert one["ms"] == cell(row, "Latency")


def test_every_family_is_read():
    """The comparison does not pass for want of anything to compare."""
    libraries = [variant["handle"]["library"] for variant in VARIANTS]
    assert len(VARIANTS) >= 100
    assert {"torchvision", "ultralytics", "rfdetr"} <= set(libraries)
