"""Formats are told by the structure of a file, however much stands before what tells them."""

import json

import pytest

from annostrat.annotations.files.detection import open_annotations

LONG = "x" * 70_000
OBJECT = "<object><name>c</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object>"
SHAPE = '<box label="c" xtl="1" ytl="1" xbr="9" ybr="9"/>'
BOX = {"x": 1, "y": 1, "width": 2, "height": 2, "rectanglelabels": ["c"]}
RESULT = {"type": "rectanglelabels", "original_width": 9, "original_height": 9, "value": BOX}
ROW = "0 " + " ".join(["0.1234567890123456 0.2345678901234567"] * 2_000)


def tasks(results, text, **more):
    """Return an export of Label Studio whose last task alone has labels."""
    unlabelled = [
        {"id": at, "data": {"image": f"{at}.jpg", "text": text}, "annotations": [], **more} for at in range(9)
    ]
    return json.dumps([*unlabelled, {"id": 9, "data": {"image": "9.jpg"}, "annotations": [{"result": results}]}])


def rows(first, second):
    return "\n".join(map(json.dumps, (first, second)))


LATE = {
    "long tasks without labels": ("label_studio", "a.json", tasks([RESULT], LONG)),
    "tasks with long predictions": (
        "label_studio",
        "a.json",
        tasks([RESULT], "", predictions=[{"result": [RESULT] * 900}]),
    ),
    "a long description": ("pascal_voc", "a.xml", f"<annotation><text>{LONG}</text>{OBJECT}</annotation>"),
    "a long comment within": ("pascal_voc", "a.xml", f"<annotation><!--{LONG}-->{OBJECT}</annotation>"),
    "a long comment before": ("pascal_voc", "a.xml", f"<!--{LONG}--><annotation>{OBJECT}</annotation>"),
    "a long comment before images": (
        "cvat",
        "a.xml",
        f'<!--{LONG}--><annotations><image id="0" name="a.jpg" width="9" height="9">{SHAPE}</image></annotations>',
    ),
    "a long comment before tracks": (
        "cvat_video",
        "a.xml",
        f'<!--{LONG}--><annotations><track id="0" label="c">{SHAPE}</track></annotations>',
    ),
    "a long first outline": ("yolo", "a.txt", f"{ROW}\n{ROW}\n"),
    "a long outline alone": ("yolo", "a.txt", ROW),
    "a long first row": (
        "hugging_face",
        "metadata.jsonl",
        rows(
            {"file_name": "a.jpg", "text": LONG}, {"file_name": "b.jpg", "objects": {"bbox": [[1, 2, 3, 4]], "id": [0]}}
        ),
    ),
    "a long data row": (
        "labelbox",
        "a.ndjson",
        rows(
            {"data_row": {"id": "a", "row_data": LONG}, "projects": {"p": {"labels": []}}},
            {"data_row": {"id": "b"}, "projects": {"p": {"labels": [{"annotations": {"objects": []}}]}}},
        ),
    ),
}


@pytest.mark.parametrize("kind", LATE)
def test_what_tells_the_format_may_come_late(kind, tmp_path):
    """Unlabelled tasks, texts, comments and rows of any length may stand before the first label."""
    name, file, text = LATE[kind]
    (tmp_path / file).write_text(text)
    assert open_annotations(str(tmp_path)).reader.name == name
