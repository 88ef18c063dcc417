"""Photos on the report of a measurement: embedded, allowed, named, and never markup."""

from pathlib import Path

from annostrat import measure_labels
from annostrat.knowledge.loader import load_rules
from annostrat.measure.photos.contact_sheet import Photo, ShownLabel
from annostrat.render.page.report import report_page
from annostrat.render.sections.measurement import report

RULES = load_rules()
EXAMPLE = Path(__file__).parents[3] / "examples" / "annotations" / "yolo"
EVIL = '"><script>alert(1)</script>'


def test_photos_stand_after_the_findings_and_nothing_else_may_load():
    """The picture is data of the page; its policy allows only such, and only where there are any."""
    measured = measure_labels(EXAMPLE).measurement
    label = ShownLabel(EVIL, (1.0, 2.0, 3.0, 2.0), [[[1.0, 2.0], [3.0, 2.0], [3.0, 4.0]]], meant=True)
    photo = Photo("covered", EVIL, b"\xff\xd8", (0.0, 0.0, 10.0, 10.0), [label])
    page = report_page(report(measured, RULES, most_classes=5, most_drawn=2, photos=[photo]), RULES)
    assert '<image href="data:image/jpeg;base64,/9g="' in page
    assert "img-src data:;" in page
    assert page.index("<h2>Findings") < page.index("<h2>On photos") < page.index("<h2>Figures")
    assert "<script" not in page
    assert '<path d="M1.0 2.0H3.0V3.0H1.0Z"/>' in page
    assert '<path class="outline" d="M1.0 2.0L3.0 2.0L3.0 4.0Z"/>' in page
    without = report_page(report(measured, RULES, most_classes=5, most_drawn=2), RULES)
    assert "img-src" not in without
    assert "On photos" not in without
