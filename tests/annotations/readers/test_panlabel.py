"""Formats of boxes that panlabel converts: here the real program, on tiny files."""

import json

import pytest
from PIL import Image

from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.readers.tools import panlabel
from annostrat.errors import InputError

TABLE = "filename,width,height,class,xmin,ymin,xmax,ymax\n"


def test_boxes_of_a_table_are_read(read, tmp_path):
    """Pixels and shares look alike but for their numbers, and are both read; that outlines are lost is told."""
    (tmp_path / "pixels.csv").write_text(f"{TABLE}a.jpg,640,480,cat,64,48,128,96\n")
    (tmp_path / "shares.csv").write_text(f"{TABLE}b.jpg,640,480,cat,0.1,0.1,0.2,0.2\n")
    found = read("panlabel", tmp_path)
    assert [label[:2] for label in found.labels] == [("cat", (64, 48, 128, 96))] * 2
    assert [image[:3] + image[4:] for image in found.images] == [
        ("a.jpg", 640, 480, "pixels.csv"),
        ("b.jpg", 640, 480, "shares.csv"),
    ]
    assert found.remarks == {"boxes_alone": 2}
    assert open_annotations(str(tmp_path)).reader.name == "panlabel"


def test_image_whose_size_is_needed_is_looked_for_beside(read, tmp_path):
    """CreateML has no sizes: with the image, they are known, and without it, panlabel says what it misses."""
    centred = {"x": 20, "y": 10, "width": 20, "height": 10}
    labels = [{"image": "a.png", "annotations": [{"label": "cat", "coordinates": centred}]}]
    (tmp_path / "a.json").write_text(json.dumps(labels))
    missing = read("panlabel", tmp_path)
    assert (missing.labels, len(missing.problems)) == ([], 1)
    assert "a.json: panlabel cannot convert this file, CreateML: CreateML image not found: a.png" in missing.problems[0]
    Image.new("L", (40, 30)).save(tmp_path / "a.png")
    assert read("panlabel", tmp_path).labels == [("cat", (10, 5, 30, 15), 0, 1)]


def test_format_is_named_where_panlabel_is_missing(tmp_path, monkeypatch):
    """Who names the reader without the program learns how to install it."""
    monkeypatch.setattr(panlabel, "find_spec", lambda _: None)
    path = tmp_path / "a.csv"
    path.write_text(f"{TABLE}a.jpg,640,480,cat,64,48,128,96\n")
    with pytest.raises(InputError, match=r"needs panlabel, which is not installed; pip install 'annostrat\[convert\]'"):
        open_annotations(str(path), "panlabel")
