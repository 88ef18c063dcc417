"""A record in Markdown fits the comment that it is made for."""

import pytest
from markdown_it import MarkdownIt

from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender
from annostrat.render.formats import markdown
from annostrat.render.renderer import Page
from annostrat.use_cases.use_case import UseCase

RULES = load_rules("infographic")
ANSWERS = {"count_matters": "yes", "occlusion": "moderate", "shape_variance": "low"}
COMMENT = 65_536


def record(*cases):
    """Return what Markdown says of use cases."""
    recommender = Recommender(RULES)
    return "".join(markdown.PLUGIN.recommendations(map(recommender.recommend, cases), RULES, Page()))


def test_record_names_the_use_case_and_its_answers():
    """Whoever reads the comment sees what was asked about, with which answers."""
    text = record(UseCase("Wheat", ANSWERS, description="Count heads."))
    assert "Use case: Count heads." in text
    assert "Answers: `count_matters=yes`, `occlusion=moderate`, `shape_variance=low`" in text


@pytest.mark.parametrize(
    "description", ["- a list", "1. a list", "# a heading", "> a quote", "    code", "---", "<b>x"]
)
def test_description_is_a_paragraph(description):
    """A description is no list, heading or code, however it begins."""
    tokens = MarkdownIt("commonmark").parse(record(UseCase("Wheat", {}, description=description)))
    assert [token.type for token in tokens[3:6]] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[4].children} <= {"text"}


@pytest.mark.parametrize("count", [1, 8, 12, 40, 1_000])
@pytest.mark.parametrize("name", ["Wheat", "家畜" * 400])
def test_record_fits_a_comment(count, name):
    """Any number of use cases fits a comment at GitHub: whole records first, then lines, then how many more."""
    case = UseCase(name, ANSWERS, description="x" * 100_000, images=1200, objects_per_image=35)
    text = record(*(case._replace(name=f"{number} {name}") for number in range(count)))
    assert len(text.encode()) <= COMMENT
    whole = sum(line.startswith("## ") for line in text.splitlines())
    more = int(text.rpartition("- and ")[2].split()[0].replace(",", "")) if "- and " in text else 0
    assert whole >= min(count, 5)
    assert ("one line each" in text) == (whole < count)
    lines = sum(line.startswith("- **") and "Undecided: object detection" in line for line in text.splitlines())
    assert whole + lines + more == count
