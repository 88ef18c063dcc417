"""Made-up variants of the catalogue, as far as choosing among them looks at one."""

from annostrat.knowledge.rule_set import PERMISSIVE


def model(id_, accuracy=None, gflops=None, **more):
    """Return a variant; `licence` holds for code and weights, `measured` is the metric and the data set."""
    licence = more.pop("licence", "MIT")
    name, dataset = more.pop("measured", ("box AP", "COCO val2017"))
    return {
        "id": id_,
        "title": id_.upper(),
        "strategy": "object_detection",
        "domains": [],
        "made_for": [],
        "tier": "gpu",
        "status": "current",
        "params_m": None,
        "gflops": gflops,
        "metric": None if accuracy is None else {"name": name, "dataset": dataset, "value": accuracy},
        "latency": [],
        "train_memory": None,
        "handle": {"library": "made up", "call": "up()", "install": "pip install made-up"},
        "code_licence": licence,
        "weights_licence": licence,
        "permissive": "yes" if licence in PERMISSIVE else "no",
        "pareto": False,
        "role": None,
        "why": None,
        **more,
    }
