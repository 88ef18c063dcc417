import os
import pickle
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from annostrat.annotations import CROWD, STUFF
from annostrat.annotations.masks.png import masks_in, places_of, runs_of, values_of
from annostrat.annotations.readers.datasets import class_masks, instance_masks
from annostrat.errors import InputError


def save(path, pixels, dtype=np.uint8, palette=()):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(np.array(pixels, dtype))
    if palette:
        image.putpalette([*palette, *[9] * (768 - len(palette))])
    image.save(path)


def read(module, root):
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
    source = module.PLUGIN.open([file for file in files if file.endswith(".png")], str(root))
    read_piece = pickle.loads(pickle.dumps(source.read))  # noqa: S301 - our own
    (batch,) = [batch for piece in source.pieces for batch in read_piece(piece)]
    return batch


def named(batch):
    return [
        (batch.categories[index], id_) for index, id_ in zip(batch.category.tolist(), batch.ids.tolist(), strict=True)
    ]


def kinds(batch):
    return [(remark.kind, remark.times) for remark in batch.remarks]


def look(module, path):
    return module.PLUGIN.look(str(path), path.read_bytes()[:65_536])


STREET = [[0, 0, 1, 1], [2, 2, 255, 1]]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("background\ncar\nroad\n", [("car", 1), ("road", 2)]),
        ("sky\ncar\nroad\n", [("sky", 0), ("car", 1), ("road", 2)]),
        ("car\nroad\n", [("car", 1), ("road", 2)]),
        ("", [("class 0", 0), ("class 1", 1), ("class 2", 2)]),
    ],
)
def test_a_list_names_classes_and_tells_the_background(tmp_path, names, found):
    """0 is background where the list says so or leaves it out, and else a class; 255 is void beside other values."""
    if names:
        (tmp_path / "classes.txt").write_text(names)
    save(tmp_path / "masks" / "a.png", STREET)
    batch = read(class_masks, tmp_path)
    assert named(batch) == found
    assert all(batch.flags & STUFF)
    assert batch.images[0][:3] == ("masks/a", 4, 2)
    assert kinds(batch) == ([] if names else [("class_unnamed", 3)])


@pytest.mark.parametrize(
    ("reader", "masks", "images", "size", "told"),
    [
        (class_masks, "masks", "images", (8, 4), 1),
        (class_masks, "masks/train", "img/train", (8, 4), 1),
        (instance_masks, "instances", "JPEGImages", (8, 4), 1),
        (class_masks, "masks", "masks", (8, 4), 1),
        (class_masks, "masks", "images", (4, 2), 0),
        (class_masks, "masks", "elsewhere", (8, 4), 0),
    ],
)
def test_a_mask_of_another_size_than_its_image_is_told(tmp_path, reader, masks, images, size, told):
    """The image is looked for beside the mask, in folders that are called after images; the mask is still measured."""
    save(tmp_path / masks / "a.png", STREET)
    (tmp_path / images).mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size).save(tmp_path / images / "a.jpg")
    batch = read(reader, tmp_path)
    found = [(remark.kind, remark.detail) for remark in batch.remarks if remark.kind == "mask_overruns"]
    assert found == [("mask_overruns", "4 x 2 pixels, the image has 8 x 4")] * told
    assert batch.masks


def test_a_black_palette_entry_is_background(tmp_path):
    """A palette that paints 0 black says that 0 is nothing; one that paints it red says that it is a class."""
    save(tmp_path / "black" / "a.png", STREET, palette=[0, 0, 0, 255, 0, 0])
    save(tmp_path / "red" / "a.png", STREET, palette=[255, 0, 0, 0, 255, 0])
    assert [id_ for _, id_ in named(read(class_masks, tmp_path / "black"))] == [1, 2]
    assert [id_ for _, id_ in named(read(class_masks, tmp_path / "red"))] == [0, 1, 2]


@pytest.mark.parametrize("value", [1, 255])
def test_masks_of_one_class_have_a_background(tmp_path, value):
    """Where all files have 0 and one other value, that is the class, 255 too."""
    save(tmp_path / "masks" / "a.png", [[0, value], [0, value]])
    save(tmp_path / "masks" / "b.png", [[0, 0], [0, 0]])
    batch = read(class_masks, tmp_path)
    assert named(batch) == [(f"class {value}", value)]
    assert (len(batch.images), batch.masks[0].left) == (2, 1)


def test_colours_are_classes_of_a_list(tmp_path):
    """CVAT's labelmap.txt names colours; black is background, and an unlisted colour is told of."""
    (tmp_path / "labelmap.txt").write_text("# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:255,0,16::\n")
    save(tmp_path / "SegmentationClass" / "a.png", [[[0, 0, 0], [255, 0, 16], [1, 2, 3]]])
    batch = read(class_masks, tmp_path)
    assert named(batch) == [("#010203", 0x010203), ("car", 0xFF0010)]
    assert kinds(batch) == [("class_beyond_list", 1)]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("label_colors.txt", "0 0 0 background\n255 0 16 car\n"),
        ("class_dict.csv", "name,r,g,b\nbackground,0,0,0\ncar,255,0,16\n"),
        (
            "dataset_meta.json",
            '{"label_map": {"0": "background", "1": "car"}, "segmentation_colors": [[0,0,0],[255,0,16]]}',
        ),
    ],
)
def test_lists_of_other_tools_are_understood(tmp_path, file, text):
    """Names and colours stand in several files; each gives the same."""
    (tmp_path / file).write_text(text)
    save(tmp_path / "labels" / "a.png", [[[0, 0, 0], [255, 0, 16]]])
    assert named(read(class_masks, tmp_path)) == [("car", 0xFF0010)]


@pytest.mark.parametrize("text", ["\x00", "{", ":::", "a:b,c,d::"])
def test_broken_lists_are_no_crash(tmp_path, text):
    """A list that cannot be read is none."""
    for file in ("labelmap.txt", "dataset_meta.json", "class_dict.csv"):
        (tmp_path / file).write_text(text)
    save(tmp_path / "masks" / "a.png", STREET)
    assert read(class_masks, tmp_path).problems == []


def test_cityscapes_masks_are_named(tmp_path):
    """Of label ids, training ids and instance ids each reader takes its own, once an image, and knows the classes."""
    save(tmp_path / "a_gtFine_labelIds.png", [[3, 7, 26, 26]])
    save(tmp_path / "a_gtFine_labelTrainIds.png", [[255, 0, 13, 13]])
    save(tmp_path / "a_gtFine_instanceIds.png", [[3, 7, 26, 26001]], np.uint16)
    save(tmp_path / "a_gtFine_color.png", [[[0, 0, 0], [1, 2, 3], [4, 5, 6], [4, 5, 6]]])
    assert named(read(class_masks, tmp_path)) == [("road", 7), ("car", 26)]
    (tmp_path / "a_gtFine_labelIds.png").unlink()
    assert named(read(class_masks, tmp_path)) == [("road", 0), ("car", 13)]
    batch = read(instance_masks, tmp_path)
    assert named(batch) == [("road", 7), ("car", 26), ("car", 26001)]
    assert (batch.flags & (STUFF | CROWD)).tolist() == [STUFF, CROWD, 0]
    assert (batch.images[0].name, kinds(batch)) == ("a", [("void_region", 1)])


def test_objects_are_numbered_pixels(tmp_path):
    """Each number is an object of one class; the only class of a list names it."""
    save(tmp_path / "instances" / "a.png", [[0, 1, 1, 2], [0, 0, 2, 2]])
    batch = read(instance_masks, tmp_path)
    assert (named(batch), kinds(batch)) == ([("object", 1), ("object", 2)], [("without_class", 2)])
    assert (batch.masks[1].left, batch.masks[1].pixels.tolist()) == (2, [[False, True], [True, True]])
    (tmp_path / "classes.txt").write_text("background\ncell\n")
    assert named(read(instance_masks, tmp_path)) == [("cell", 1), ("cell", 2)]


def test_numbers_from_1000_hold_the_class(tmp_path):
    """In 16 bits, class * 1000 + object; class 10 of MOTS is not to be judged."""
    (tmp_path / "labels.txt").write_text("background\ncar\nperson\n")
    save(tmp_path / "instances" / "a.png", [[0, 1001, 1002, 2001, 10000]], np.uint16)
    batch = read(instance_masks, tmp_path)
    assert named(batch) == [("car", 1001), ("car", 1002), ("person", 2001)]
    assert kinds(batch) == [("void_region", 1)]


def test_pascal_voc_has_classes_beside_objects(tmp_path):
    """An object's class is that of most of its pixels in SegmentationClass; 255 is the border."""
    save(tmp_path / "SegmentationObject" / "a.png", [[0, 1, 1, 1, 255, 2]], palette=[0, 0, 0, 128, 0, 0])
    save(tmp_path / "SegmentationClass" / "a.png", [[0, 9, 9, 4, 255, 4]], palette=[0, 0, 0, 128, 0, 0])
    assert named(read(instance_masks, tmp_path)) == [("class 9", 1), ("class 4", 2)]
    assert not look(class_masks, tmp_path / "SegmentationClass" / "a.png").fits
    assert look(instance_masks, tmp_path / "SegmentationObject" / "a.png").fits


def test_a_folder_of_masks_is_an_image(tmp_path):
    """As in the Data Science Bowl: one binary mask an object, in a folder an image; broken ones are told of."""
    for image in ("one", "two"):
        save(tmp_path / image / "masks" / "x.png", [[255, 0], [0, 0]])
        save(tmp_path / image / "masks" / "y.png", [[0, 0], [0, 255]])
        save(tmp_path / image / "images" / f"{image}.png", [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [9, 9, 9]]])
    save(tmp_path / "two" / "masks" / "z.png", [[0, 0], [0, 0]])
    save(tmp_path / "two" / "masks" / "zwide.png", [[0, 0, 255]])
    (tmp_path / "two" / "masks" / "torn.png").write_bytes(b"\x89PNG")
    batch = read(instance_masks, tmp_path)
    assert ([image.name for image in batch.images], len(batch.ids)) == (["one", "two"], 4)
    assert len(batch.problems) == 1
    assert {kind for kind, _ in kinds(batch)} == {"without_class", "empty_outline", "mask_overruns"}
    assert look(instance_masks, tmp_path / "one" / "masks" / "x.png").fits


def blobs(values, size=96):
    """Return squares of the values on a grid, with background between."""
    pixels = np.zeros((size, size), np.uint8)
    for number, value in enumerate(values):
        y, x = divmod(number, 6)
        pixels[y * 16 + 2 : y * 16 + 12, x * 16 + 2 : x * 16 + 12] = value
    return pixels


@pytest.mark.parametrize(
    ("pixels", "fits"),
    [
        (blobs(range(1, 9)), "objects"),
        (blobs([1, 2, 1, 2, 1, 3, 3]), "classes"),
        (blobs([255, 255]), "classes"),
        (blobs([1, 1]), "classes"),
        (blobs([1]), ""),
        (blobs([1, 2]), ""),
        (blobs([3, 8, 11, 14, 20, 29]), ""),
        (np.full((96, 96), 5), ""),
        (np.random.default_rng(0).integers(0, 200, (96, 96)), ""),
        (np.random.default_rng(0).integers(0, 2, (96, 96, 3)), ""),
        (np.repeat(blobs([9, 9])[..., None], 3, axis=2), ""),
    ],
)
def test_pixels_tell_classes_from_objects_or_neither(tmp_path, pixels, fits):
    """Numbers without gaps in one place each are objects, numbers that come back are classes, and few say neither."""
    path = tmp_path / "data" / "a.png"
    save(path, pixels)
    classes, objects = look(class_masks, path), look(instance_masks, path)
    assert (classes.fits, objects.fits) == (fits == "classes", fits == "objects")
    assert all(found.fits or found.missing for found in (classes, objects))


def test_the_user_decides_where_pixels_say_neither(tmp_path):
    """What is missing is an option, and the message says which."""
    save(tmp_path / "a.png", blobs([1, 2]))
    assert "--from class_masks or --from instance_masks" in look(class_masks, tmp_path / "a.png").missing


def test_pictures_among_masks_are_left_out(tmp_path):
    """Photographs beside masks are remarked; a folder of images is no masks at all."""
    noise = np.random.default_rng(0).integers(0, 255, (96, 96))
    save(tmp_path / "masks" / "a.png", blobs([1, 1, 2, 2]))
    save(tmp_path / "masks" / "photo.png", noise)
    save(tmp_path / "images" / "a.png", noise)
    for module in (class_masks, instance_masks):
        batch = read(module, tmp_path)
        assert [image.name for image in batch.images] == ["masks/a"]
        assert ("not_a_mask", 1) in kinds(batch)


@pytest.mark.parametrize(
    "head", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"{", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40]
)
def test_what_is_no_png_does_not_look_like_a_mask(head):
    """Empty, torn and other files are refused without being opened."""
    for module in (class_masks, instance_masks):
        assert not module.PLUGIN.look("nowhere/a.png", head).fits


def png(width, height, data):
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", png(100_000, 100_000, b""), png(0, 5, b""), png(5, 5, b"\x00"), png(5, 5, bytes(30))[:45]],
)
def test_damaged_and_oversized_files_are_problems(tmp_path, content):
    """No file, not one that says it has ten thousand million pixels, stops the others."""
    folder = tmp_path / "set"  # which has no folders of masks beside it, as those of other tests may be
    save(folder / "masks" / "b.png", [[0, 1], [1, 0]])
    (folder / "masks" / "a.png").write_bytes(content)
    for module in (class_masks, instance_masks):
        batch = read(module, folder)
        assert ([image.name for image in batch.images], len(batch.problems)) == (["masks/b"], 1)


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=15), elements=st.integers(0, 3)))
def test_areas_cover_the_image_exactly(pixels):
    """The masks of all values put together are the image again, and each is as tight as it can be."""
    found = np.full(pixels.shape, 255)
    for value, mask in masks_in("a.png", pixels).items():
        height, width = mask.pixels.shape
        assert all(edge.any() for edge in (mask.pixels[0], mask.pixels[-1], mask.pixels[:, 0], mask.pixels[:, -1]))
        found[mask.top : mask.top + height, mask.left : mask.left + width][mask.pixels] = value
    assert (found == pixels).all()


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 2)))
def test_places_are_counted_as_by_walking(pixels):
    """Pixels hang together by their sides; what a walk over them counts is what runs count."""
    left = {(y, x) for y in range(pixels.shape[0]) for x in range(pixels.shape[1])}
    places = {}
    while left:
        front = [min(left)]
        value = int(pixels[front[0]])
        places[value] = places.get(value, 0) + 1
        left -= set(front)
        while front:
            y, x = front.pop()
            near = {(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)} & left
            same = {place for place in near if pixels[place] == value}
            left -= same
            front += same
    assert places_of(runs_of(pixels)) == places


@pytest.mark.parametrize(("mode", "values"), [("1", [0, 1]), ("L", [0, 7]), ("I;16", [0, 999]), ("LA", [0, 7])])
def test_all_kinds_of_gray_are_numbers(tmp_path, mode, values):
    """One, eight and sixteen bits, and gray with transparency, are the numbers they hold."""
    image = Image.new(mode, (2, 1))
    image.putpixel((1, 0), (values[1], 255) if mode == "LA" else values[1])
    image.save(tmp_path / "a.png")
    assert values_of(str(tmp_path / "a.png")).astype(int).tolist() == [values]


def test_a_file_that_is_gone_is_an_error(tmp_path):
    """A PNG file of another kind raises the error of bad input."""
    (tmp_path / "a.png").write_text("text")
    with pytest.raises(InputError, match="no PNG file"):
        values_of(str(tmp_path / "a.png"))


def test_a_picture_in_colours_may_have_a_quarter_of_the_pixels(tmp_path, monkeypatch):
    """Each pixel in colours takes four bytes, so that the memory for the largest picture is the same."""
    monkeypatch.setattr("annostrat.annotations.masks.png.MAX_PIXELS", 100)
    save(tmp_path / "gray.png", np.zeros((10, 10)))
    save(tmp_path / "colours.png", np.zeros((10, 10, 3)))
    assert values_of(str(tmp_path / "gray.png")).shape == (10, 10)
    with pytest.raises(InputError, match="10 x 10 pixels cannot be unpacked; at most 25"):
        values_of(str(tmp_path / "colours.png"))


@pytest.mark.parametrize(
    ("module", "encoding", "told"),
    [
        (class_masks, "gbk", "classes.txt:2: byte 0xb9 is not UTF-8; save it as UTF-8"),
        (instance_masks, "gbk", "classes.txt:2: byte 0xb9 is not UTF-8; save it as UTF-8"),
        (class_masks, "utf-16", "classes.txt: the text is UTF-16; save it as UTF-8"),
    ],
)
def test_a_list_of_classes_that_is_not_utf_8_is_told(tmp_path, module, encoding, told):
    """Strange names of classes do not go unnoticed."""
    save(tmp_path / "a.png", STREET)
    (tmp_path / "classes.txt").write_bytes("background\n猫狗测\n".encode(encoding))
    source = module.PLUGIN.open([str(tmp_path / "a.png")], str(tmp_path))
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in source.problems] == [told]


@pytest.mark.parametrize("ending", ["_labelIds.png", "_labelTrainIds.png"])
def test_masks_of_objects_beside_tell_more(tmp_path, ending):
    """Cityscapes has both: the objects have their classes, too."""
    for name in (ending, "_instanceIds.png"):
        save(tmp_path / f"a_gtFine{name}", STREET)
    assert (
        look(class_masks, tmp_path / f"a_gtFine{ending}").missing
        == "a_gtFine_instanceIds.png beside it has the objects"
    )
    assert look(instance_masks, tmp_path / "a_gtFine_instanceIds.png").fits


@pytest.mark.parametrize("module", [class_masks, instance_masks])
def test_a_name_of_two_classes_is_told(tmp_path, module):
    """Their pixels are one class, which a list hardly means."""
    save(tmp_path / "a.png", STREET)
    (tmp_path / "classes.txt").write_text("background\ncat\ncat\n")
    remarks = module.PLUGIN.open([str(tmp_path / "a.png")], str(tmp_path)).remarks
    assert [(remark.kind, remark.where, remark.detail) for remark in remarks] == [
        ("duplicate_class", "classes.txt", "2 ids are called cat")
    ]


def disc():
    """Return a mask of one object, resized with interpolation and so with soft edges."""
    rows, columns = np.mgrid[:96, :96]
    image = Image.fromarray((((rows - 40) ** 2 + (columns - 40) ** 2 < 700) * 255).astype(np.uint8))
    return np.asarray(image.resize((61, 67), Image.Resampling.BILINEAR))


@pytest.mark.parametrize(("module", "labels"), [(class_masks, ["class 0"]), (instance_masks, ["object"])])
def test_soft_edges_are_neither_classes_nor_objects(tmp_path, module, labels):
    """Interpolation makes a value of every shade between the object and the background; one finding says so."""
    save(tmp_path / "a.png", disc())
    batch = read(module, tmp_path)
    assert [name for name, _ in named(batch)] == labels
    assert ("soft_edges", 1) in kinds(batch)


def test_tiny_objects_are_no_soft_edges(tmp_path):
    """Nuclei of two by two pixels have no inner pixel, but background around them."""
    pixels = np.zeros((64, 64), np.uint8)
    for number in range(1, 101):
        row, column = divmod(number - 1, 10)
        pixels[row * 6 : row * 6 + 2, column * 6 : column * 6 + 2] = number
    save(tmp_path / "a.png", pixels)
    batch = read(instance_masks, tmp_path)
    assert len(named(batch)) == 100
    assert "soft_edges" not in dict(kinds(batch))


@pytest.mark.parametrize("channels", [2, 4])
def test_a_stencil_has_its_mask_in_the_alpha_channel(tmp_path, channels):
    """Where all pixels have one colour, what is transparent tells the object."""
    pixels = np.zeros((8, 8, channels), np.uint8)
    pixels[2:5, 2:6, -1] = 255
    save(tmp_path / "a.png", pixels)
    (mask,) = read(instance_masks, tmp_path).masks.values()
    assert mask.area == 12


def test_soft_edges_do_not_belong_to_the_object_of_a_file(tmp_path):
    """A halo of interpolation would make every object larger."""
    save(tmp_path / "a" / "masks" / "1.png", disc())
    save(tmp_path / "b" / "masks" / "1.png", disc() // 255 * 255)
    soft, hard = (read(instance_masks, tmp_path / name).masks[0] for name in "ab")
    assert soft.area == hard.area
