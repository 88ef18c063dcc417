"""Photos of findings: which labels, which part of the image, and never more than was promised."""

import io
import os
import struct
import zlib
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from annostrat import measure_labels
from annostrat.measure.photos import contact_sheet as sheets
from annostrat.measure.photos.contact_sheet import contact_sheet
from annostrat.measure.photos.image_index import ImageIndex
from annostrat.measure.photos.thumbnail import MOST_BYTES, SIDE, thumbnail

FLAT, SOUND, BEYOND = [50, 50, 0, 20], [200, 100, 60, 60], [380, 280, 40, 40]


def test_findings_are_shown_where_they_are(shown):
    """A flat box and one that leaves its image: each a photo around it, with its own label meant."""
    photos = shown([[SOUND, FLAT], [SOUND, BEYOND]])
    by_kind = {photo.kind: photo for photo in photos}
    assert {"degenerate", "out_of_bounds"} == set(by_kind)
    flat, beyond = by_kind["degenerate"], by_kind["out_of_bounds"]
    assert (flat.image, beyond.image) == ("0.jpg", "1.jpg")
    assert [label.box for label in flat.labels if label.meant] == [(50, 50, 50, 70)]
    assert flat.part == (2, 12, 98, 108)
    assert beyond.part[2:] == (400, 300)
    with Image.open(io.BytesIO(flat.jpeg)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (96, 96))


def test_the_most_covered_object_of_an_image_is_shown(shown):
    """Of three boxes the one that lies under another for the largest part, the most covered image first."""
    some, more = [[0, 0, 100, 100], [50, 0, 100, 100]], [[0, 0, 100, 100], [40, 0, 100, 100], [300, 200, 50, 50]]
    photos = [photo for photo in shown([some, more]) if photo.kind == "covered"]
    assert [photo.image for photo in photos] == ["1.jpg", "0.jpg"]
    assert [label.box for label in photos[0].labels if label.meant] == [(0, 0, 100, 100)]
    assert len(photos[0].labels) == 2


def test_images_without_labels_are_shown_whole(shown):
    """A finding about an image has no label to show."""
    (photo,) = [photo for photo in shown([[SOUND], []]) if photo.kind == "image_without_labels"]
    assert (photo.image, photo.part, photo.labels) == ("1.jpg", (0, 0, 400, 300), [])


def test_photos_are_bounded(shown, monkeypatch):
    """No more photos, and no more bytes, than there are to be."""
    flat = [[SOUND, FLAT, BEYOND, BEYOND]] * 12
    kinds = Counter(photo.kind for photo in shown(flat))
    assert kinds.pop("covered") == sheets.COVERED
    assert set(kinds.values()) == {sheets.OF_A_FINDING}
    monkeypatch.setattr(sheets, "MOST", 2)
    assert len(shown(flat)) == 2
    monkeypatch.setattr(sheets, "MOST_BYTES", 100)
    assert shown(flat) == []
    monkeypatch.setattr(sheets, "MOST_LABELS", 3)
    assert shown(flat) == []


def test_without_images_there_are_no_photos(photographed, tmp_path):
    """Labels alone are not read once more."""
    measured = photographed([[FLAT]])
    for path in (tmp_path / "images").iterdir():
        path.unlink()
    assert contact_sheet(measured) == []


def test_images_are_found_by_their_folders(tmp_path):
    """Two images of one name are told apart by their folders; where they are not, neither is taken."""
    for place in ("train/a", "val/a", "val/b"):
        (tmp_path / f"{place}.jpg").parent.mkdir(exist_ok=True)
        Image.new("RGB", (4, 4)).save(tmp_path / f"{place}.jpg")
    index = ImageIndex(str(tmp_path))
    assert index.find("val/a.jpg") == str(tmp_path / "val" / "a.jpg")
    assert index.find("b") == index.find("b.png") == str(tmp_path / "val" / "b.jpg")
    assert (index.find("a.jpg"), index.find("c.jpg")) == (None, None)


def test_images_beside_the_folder_of_labels_are_found(tmp_path):
    """`annotations/` and `images/` side by side; a name cannot lead out of the folders that were looked through."""
    (tmp_path / "annotations").mkdir()
    (tmp_path / "images").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "images" / "1.jpg")
    Image.new("RGB", (4, 4)).save(tmp_path / "secret.jpg")
    index = ImageIndex(str(tmp_path / "annotations"))
    assert os.path.realpath(index.find("1.jpg")) == os.path.realpath(tmp_path / "images" / "1.jpg")
    assert index.find("../secret.jpg") is None
    assert index.find(str(tmp_path / "secret.jpg")) is None


@pytest.mark.slow
def test_thumbnails_are_small(tmp_path):
    """A noisy image of a megapixel becomes a picture of a few kilobytes."""
    Image.effect_noise((1_200, 900), 200).save(tmp_path / "large.bmp")
    found = thumbnail(str(tmp_path / "large.bmp"), (1_200, 900), None)
    assert len(found.jpeg) <= MOST_BYTES
    with Image.open(io.BytesIO(found.jpeg)) as picture:
        assert max(picture.size) == SIDE
    assert found.part == (0, 0, 1_200, 900)


def test_a_copy_of_another_size_is_cut_at_the_same_place(tmp_path):
    """Labels of the full size on a photo of half of it: the red quarter is where the box is."""
    photo = Image.new("RGB", (400, 400), "blue")
    photo.paste("red", (200, 200, 400, 400))
    photo.save(tmp_path / "half.png")
    found = thumbnail(str(tmp_path / "half.png"), (800, 800), (600.0, 600.0, 620.0, 620.0))
    assert found.part == (562, 562, 658, 658)
    with Image.open(io.BytesIO(found.jpeg)) as picture:
        assert picture.size == (48, 48)
        assert picture.getpixel((20, 20))[0] > 200


def test_turned_photos_are_shown_upright(tmp_path):
    """An EXIF orientation of a quarter turn exchanges the sides."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(tmp_path / "turned.jpg", exif=exif)
    assert thumbnail(str(tmp_path / "turned.jpg"), (0, 0), None).part == (0, 0, 20, 40)


def png(width, height, data):
    """Return a PNG that claims some size."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content", [b"", b"no picture", png(60_000, 60_000, b""), png(8_000, 8_000, b"\0" * 1_000), png(10, 10, b"\0")]
)
def test_what_cannot_be_unpacked_is_passed_over(tmp_path, content):
    """Empty, no picture, far too large, a few bytes for 64 megapixels, cut off: no thumbnail, and no error."""
    (tmp_path / "image.png").write_bytes(content)
    assert thumbnail(str(tmp_path / "image.png"), (0, 0), None) is None


def test_a_pipe_is_not_waited_for(tmp_path):
    """A file that has no end is none."""
    os.mkfifo(tmp_path / "pipe.jpg")
    assert thumbnail(str(tmp_path / "pipe.jpg"), (0, 0), None) is None


def test_masks_are_no_photos():
    """A folder of masks alone: the PNG of the labels is not shown as the image."""
    example = Path(__file__).parents[3] / "examples" / "annotations" / "class_masks"
    assert contact_sheet(measure_labels(example).measurement) == []
