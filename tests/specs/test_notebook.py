"""In a notebook, a recommendation shows itself as the first screen of the report."""

import pytest

pytestmark = pytest.mark.slow
nbclient = pytest.importorskip("nbclient", reason="needs what runs notebooks: pip install nbclient ipykernel")
pytest.importorskip("ipykernel", reason="needs what runs notebooks: pip install nbclient ipykernel")
nbformat = pytest.importorskip("nbformat")


@pytest.mark.filterwarnings("default")  # what the notebook's programs warn of is no fault of ours
def test_a_cell_shows_the_card(tmp_path):
    """The last value of a cell is the card, as HTML without scripts, with Markdown and text for who has no HTML."""
    code = "import annostrat\nannostrat.recommend({'purpose': 'count_objects', 'extent_visible': 'yes'})"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
    (output,) = notebook.cells[0].outputs
    assert (output.output_type, output.execution_count) == ("execute_result", 1)
    html, markdown, text = (output.data[kind] for kind in ("text/html", "text/markdown", "text/plain"))
    assert "annostrat-card decided" in html
    assert "Object detection" in html
    assert "<svg" in html
    assert "<script" not in html
    assert markdown.startswith("## use case\n\n**Object detection**\n")
    assert text.startswith("<Recommendation for 'use case': Object detection; ")
