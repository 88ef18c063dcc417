import io
import json

import pytest
from PIL import Image

from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.readers.datasets import hugging_face
from annostrat.errors import InputError

NAMES = {"info": {"features": {"objects": {"feature": {"category": {"names": ["cat", "dog"], "_type": "ClassLabel"}}}}}}


def lines(folder, *rows):
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def png(width, height):
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "PNG")
    return file.getvalue()


def parquet(path, columns, names=None):
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table(columns)
    table = table.replace_schema_metadata({"huggingface": json.dumps(names)}) if names else table
    pytest.importorskip("pyarrow.parquet").write_table(table, path, row_group_size=1)


@pytest.mark.parametrize(
    "objects",
    [
        {"bbox": [[1, 2, 3, 4]], "categories": ["cat"]},
        {"bbox": [[1, 2, 3, 4]], "category": ["cat"], "area": [12]},
        [{"bbox": [1, 2, 3, 4], "label": "cat"}],
    ],
)
def test_row_is_an_image_with_objects(read, tmp_path, objects):
    """A box is x, y, width, height; the size of the image is that of the file beside."""
    (tmp_path / "a.png").write_bytes(png(40, 30))
    found = read("hugging_face", lines(tmp_path, {"file_name": "a.png", "objects": objects}))
    assert found.labels == [("cat", (1, 2, 4, 6), 0, 0)]
    assert found.images == [("a.png", 40, 30, "", "metadata.jsonl")]
    assert not found.remarks


def test_numbers_of_classes_stay_numbers_where_nothing_names_them(read, tmp_path):
    """In lines, nothing names them; a size that is stated needs no image."""
    row = {"file_name": "a.png", "width": 9, "height": 8, "objects": {"bbox": [[1, 2, 3, 4]], "category": [3]}}
    found = read("hugging_face", lines(tmp_path, row))
    assert found.labels[0][0] == "class 3"
    assert found.remarks == {"class_unnamed": 1}


@pytest.mark.parametrize(
    ("objects", "remarks"),
    [
        ({"bbox": [[1, 2, 3]], "category": ["cat"]}, {"bad_value": 1}),
        ({"bbox": [[1, 2, 3, 4]], "category": []}, {"bad_value": 1, "without_class": 1}),
        ({"bbox": [[1, 2, 3, 4]]}, {"without_class": 1}),
        ({"bbox": 7}, {"bad_value": 1}),
        ([7], {"bad_value": 1}),
        (None, {"bad_value": 1}),
    ],
)
def test_objects_that_cannot_be_used_are_told(read, tmp_path, objects, remarks):
    """Boxes without a class are kept, and what is no box is counted with the line."""
    row = {"file_name": "a.png", "width": 9, "height": 8, "objects": objects}
    found = read("hugging_face", lines(tmp_path, {**row, "objects": {"bbox": []}}, row))
    assert found.remarks == remarks
    assert {where for where, _ in found.details.values()} == {"metadata.jsonl#2"}


@pytest.mark.parametrize("key", ["label", "classes", "class_name", "name"])
def test_classes_have_many_names(read, tmp_path, key):
    """No class is lost as its column is called otherwise."""
    row = {"file_name": "a.png", "width": 9, "height": 8, "objects": {"bbox": [[1, 2, 3, 4]], key: ["cat"]}}
    assert [label[0] for label in read("hugging_face", lines(tmp_path, row)).labels] == ["cat"]


def test_line_that_is_broken_is_a_problem_with_its_number(read, tmp_path):
    """The lines around it are read."""
    (tmp_path / "metadata.jsonl").write_text('{"objects": {"bbox": []}, "file_name": "a"}\n{"objects": {"bb\n7')
    found = read("hugging_face", tmp_path)
    assert [problem.partition(" ")[0] for problem in found.problems] == ["metadata.jsonl:2:", "metadata.jsonl:3:"]
    assert len(found.images) == 1


def test_a_long_first_line_is_looked_at_whole(tmp_path):
    """An embedding may stand before the objects."""
    row = {"embedding": [0.25] * 20_000, "file_name": "a.png", "objects": {"bbox": [[1, 2, 3, 4]]}}
    lines(tmp_path, row, row)
    assert open_annotations(str(tmp_path)).reader.name == "hugging_face"


def test_parquet_is_read_by_columns_and_names_its_classes(read, tmp_path):
    """The size is that in the header of the image's bytes; other columns stay unread."""
    rows = {
        "image": [{"bytes": png(40, 30), "path": "a.png"}, {"bytes": b"none", "path": "b.png"}],
        "objects": [
            {"bbox": [[1.0, 2.0, 3.0, 4.0]], "category": [1]},
            {"bbox": [[0.0, 0.0, 1.0, 1.0]], "category": [7]},
        ],
        "depth": [b"a" * 99] * 2,
    }
    parquet(tmp_path / "train-00000-of-00001.parquet", rows, NAMES)
    found = read("hugging_face", tmp_path)
    assert [label[:2] for label in found.labels] == [("dog", (1, 2, 4, 6)), ("class 7", (0, 0, 1, 1))]
    assert [image[:4] for image in found.images] == [("a.png", 40, 30, "train"), ("b.png", 0, 0, "train")]
    assert found.remarks == {"class_beyond_list": 1, "image_size_unknown": 1}


def test_images_in_parquet_are_not_read_where_sizes_are_stated(read, tmp_path, monkeypatch):
    """A list of objects a row, with width and height, as the data set CPPE-5 has it."""
    rows = {"image_id": [7], "width": [40], "height": [30], "image": [{"bytes": b"", "path": None}]}
    parquet(tmp_path / "a.parquet", {**rows, "objects": [[{"bbox": [1.0, 2.0, 3.0, 4.0], "category": "cat"}]]})
    monkeypatch.setattr(hugging_face, "size_of", None)
    found = read("hugging_face", tmp_path)
    assert (found.labels, found.images) == ([("cat", (1, 2, 4, 6), 0, 0)], [("7", 40, 30, "", "a.parquet")])
    assert open_annotations(str(tmp_path)).reader.name == "hugging_face"


def test_parquet_that_is_broken_is_a_problem(read, tmp_path):
    """A file that was cut off is named with the reason."""
    pytest.importorskip("pyarrow")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    assert "a.parquet: cannot be read as parquet" in read("hugging_face", tmp_path).problems[0]


def test_library_that_parquet_needs_is_named(tmp_path, monkeypatch):
    """Without pyarrow, the message says how to install it."""
    monkeypatch.setattr(hugging_face, "find_spec", lambda _: None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"lacks pyarrow: pip install 'annostrat\[parquet\]'"):
        open_annotations(str(tmp_path))
