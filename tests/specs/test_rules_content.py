"""What a domain expert may expect of the shipped knowledge: help, examples, sources, and a choice or a reason."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from annostrat.knowledge import yaml_source
from annostrat.knowledge.files import find
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.rule_set import PERMISSIVE
from annostrat.recommendation.models import models_for

RULES = load_rules("purpose_first")
TIERS = ("edge", "gpu", "server")
VARIANTS = [variant for strategy in RULES.offered for variant in RULES.architectures.get(strategy, [])]


@pytest.mark.parametrize("question", [*RULES.order, "label_budget"])
def test_question_has_help_and_an_example(question):
    """Whoever does not know the words of the field finds help, an example, a reason, and what each answer means."""
    text = RULES.questions[question]
    assert text["ask"].endswith("?")
    assert len(text["help"].split()) >= 10
    assert len(text["why"].split()) >= 5
    assert text["example"]
    assert all(answer["title"] and answer["meaning"] for answer in text["answers"].values())


@pytest.mark.parametrize("entry", RULES.tips, ids=lambda entry: entry["tip"]["id"])
def test_advice_and_warnings_carry_sources(entry):
    """Every tip, and above all every doubt about a recommendation, says where that is written."""
    assert entry["tip"]["sources"]
    assert set(entry["tip"]["sources"]) <= RULES.references.keys()
    assert len(entry["tip"]["text"].split()) >= 8


@pytest.mark.parametrize("id_", ["hidden_masks", "density_is_not_occlusion"])
def test_evidence_against_the_article_is_a_warning(id_):
    """That occlusion hurts masks too, and that density alone does not break boxes, is said with its source."""
    (entry,) = [entry for entry in RULES.tips if entry["tip"]["id"] == id_]
    assert entry["warning"]
    assert any(source != "hasty-2021" for source in entry["tip"]["sources"])


@pytest.mark.parametrize("strategy", RULES.offered)
def test_strategy_has_benefits_drawbacks_and_conversions_with_sources(strategy):
    """Each strategy says what speaks for and against it, by whom, and what its labels become and lose."""
    text = RULES.strategies[strategy]
    assert text["benefits"]
    assert text["drawbacks"]
    for claim in (*text["benefits"], *text["drawbacks"]):
        assert claim["sources"]
        assert set(claim["sources"]) <= RULES.references.keys()
    for conversion in text["converts_to"]:
        assert conversion["strategy"] in RULES.strategies
        assert conversion["how"]
        assert conversion["loses"]


@pytest.mark.parametrize("strategy", RULES.offered)
def test_strategy_has_a_rate_or_says_that_none_was_published(strategy):
    """Effort names its sources; where a time is missing, the note says so."""
    rate = RULES.effort["rates"][strategy]
    for figure in (rate["seconds"], rate["assisted"], rate["each_image"]):
        if figure:
            assert figure["sources"]
            assert set(figure["sources"]) <= RULES.references.keys()
    if rate["seconds"] is None:
        assert "No published time" in rate["note"]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("strategy", RULES.offered)
def test_every_tier_of_every_strategy_has_a_choice_or_says_why_not(strategy, tier):
    """Each tier shows what to start with, first and why, or says that there is no model."""
    inside = [variant for variant in models_for(RULES, strategy) if variant["tier"] == tier]
    if not inside:
        assert RULES.strategies[strategy]["gaps"][tier]
        return
    assert inside[0]["why"] or not any(variant["metric"] for variant in inside)
    assert inside[0]["status"] in {"current", "frozen"}
    assert not any(variant["role"] for variant in inside[2:])
    assert inside[0]["permissive"] != "no" or all(v["permissive"] == "no" for v in inside if v["status"] == "current")


def test_catalogue_is_one_that_a_practitioner_can_choose_from():
    """More than fifty families, and every variant with a licence, a handle to paste, a year and a source."""
    assert len({variant["family"] for variant in VARIANTS}) >= 50
    for variant in VARIANTS:
        assert variant["handle"]["call"], variant["id"]
        assert variant["code_licence"], variant["id"]
        assert variant["weights_licence"], variant["id"]
        assert 2014 <= variant["year"] <= 2026, variant["id"]
        assert variant["sources"], variant["id"]
        assert set(variant["sources"]) <= RULES.references.keys(), variant["id"]


def test_catalogue_warns_of_every_licence_that_is_not_permissive():
    """A model whose code or weights bind a product says what to watch out for."""
    for variant in VARIANTS:
        free = {variant["code_licence"], variant["weights_licence"]} <= PERMISSIVE
        assert (variant["permissive"] == "no") == (not free), variant["id"]
        assert variant["permissive"] == "yes" or variant["licence_note"], variant["id"]
        if variant["code_licence"] == "AGPL-3.0":
            assert "source code" in variant["licence_note"], variant["id"]


def test_catalogue_names_what_replaced_an_overtaken_model():
    """Superseded and legacy models say what to take instead, and nothing replaces itself."""
    known = {variant["id"] for variant in VARIANTS}
    for variant in VARIANTS:
        assert set(variant["superseded_by"]) <= known - {variant["id"]}, variant["id"]
        if variant["status"] in {"superseded", "legacy"}:
            assert variant["superseded_by"] or variant["note"], variant["id"]


def test_catalogue_keeps_the_models_of_the_article():
    """YOLOv3, Cascade Eff-B7 NAS-FPN, HRNet-OCR and Mask R-CNN stay, marked as named by the article."""
    families = {variant["family"] for variant in VARIANTS if variant["named_by_article"]}
    assert {"YOLOv3", "Cascade Eff-B7 NAS-FPN with Simple Copy-Paste", "HRNet-OCR", "Mask R-CNN"} <= families


def sources(value, key=""):
    """Yield every word that stands under `sources` or `source`, however deep."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from sources(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from sources(part, key)
    elif key in {"source", "sources"}:
        yield value


@pytest.mark.parametrize("tree", ["infographic", "purpose_first"])
def test_every_source_of_every_file_resolves(tree):
    """Whatever any file of the rules names as a source is an entry of the bibliography."""
    found = find(tree)
    named = {
        source
        for name, path in {**found.paths, "tree": found.tree_path}.items()
        if name != "references.yaml" and not name.startswith("expert_decisions/")
        for document in yaml_source.read_file(path)
        for source in sources(document.data)
    }
    assert len(named) > 50
    assert named <= load_rules(tree).references.keys()


def test_bibliography_has_titles_and_addresses():
    """Each entry has a title, and an address on the web or a note that says what it is."""
    for id_, reference in RULES.references.items():
        assert reference["title"].strip(), id_
        assert reference["url"] or reference["note"], id_
        if reference["url"]:
            address = urlsplit(reference["url"])
            assert address.scheme in {"http", "https"}, id_
            assert "." in address.netloc, id_
        assert reference["year"] is None or 1900 <= reference["year"] <= 2026, id_


def test_documentation_lists_every_field():
    """Whoever writes a use case finds the fields that `domain` takes on the page about use cases."""
    page = (Path(__file__).parents[2] / "docs" / "use-cases.md").read_text("utf-8")
    (listed,) = re.findall(r"^The fields are (.*?);", page, re.DOTALL | re.MULTILINE)
    assert re.findall("`(.*?)`", listed) == [*RULES.domains]


WELL_KNOWN = {"hug": ("huggingface.co",), "github": ("github.com", "github.io"), "arxiv": ("arxiv.org",)}
LOOK_ALIKE_ALLOWED = {"arxivlens.com"}
"""A site of its own, whose name says what it is about."""


def test_no_source_is_on_a_host_that_only_looks_like_a_well_known_one():
    """A link to a mirror with nearly the name of Hugging Face, GitHub or arXiv sends readers to strangers."""
    files = [path for name, path in find("purpose_first").paths.items() if name.startswith("expert_decisions/")]
    addresses = [document.data["source"] for path in files for document in yaml_source.read_file(path)]
    addresses += [reference["url"] for reference in RULES.references.values() if reference["url"]]
    hosts = {urlsplit(address).hostname.removeprefix("www.") for address in addresses} - LOOK_ALIKE_ALLOWED
    assert {"huggingface.co", "github.com", "arxiv.org"} <= hosts
    for beginning, known in WELL_KNOWN.items():
        alike = {host for host in hosts if any(label.startswith(beginning) for label in host.split("."))}
        assert {host for host in alike if not f".{host}".endswith(tuple(f".{end}" for end in known))} == set()
