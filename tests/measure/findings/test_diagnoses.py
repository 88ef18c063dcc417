"""Mistakes of converters, made in realistic scenes in every format: each is one finding, and sound scenes have none."""

import json
import math
import shutil
from operator import itemgetter
from random import Random

import pytest
from tests.fuzz.writing import CLASSES, OF_BOXES, OF_OUTLINES, Label, Picture

from annostrat.knowledge.loader import load_rules
from annostrat.measure.measurement import measurement
from annostrat.measure.reading import measure_path

RULES = load_rules()
SIZES = ["coco", "label_studio", "via", "datumaro", "darwin", "labelbox", "hugging_face"]
CORNERS = ["cvat", "pascal_voc", "open_images", "kitti"]
FREE = ["labelme", "supervisely"]
"""Formats whose boxes are any two opposite corners, so that their order tells nothing."""
EVERY = list(OF_BOXES)


def scene(*, outlines=False, seed=1):
    """Return thirty street scenes: people and cars of very different sizes, most of them at half height."""
    random, pictures = Random(seed), []  # noqa: S311 - no secret
    for number in range(30):
        width, height = (640, 480) if number % 3 else (480, 640)
        labels = []
        for _ in range(random.randint(2, 9)):
            is_person = random.random() < 0.5
            high = min(height * 0.2 * math.exp(random.gauss(0, 0.6)), height * 0.9)
            wide = min(high * (random.uniform(0.3, 0.5) if is_person else random.uniform(1.2, 2.2)), width * 0.9)
            x = random.uniform(0, width - wide)
            y = min(height - high, max(0, random.gauss(height * 0.45, height * 0.2)))
            points = _around(random, x, y, wide, high) if outlines else [(x, y), (x + wide, y + high)]
            labels.append(Label(CLASSES[is_person], points))
        pictures.append(Picture(f"p{number}", width, height, labels))
    return pictures


def _around(random, x, y, wide, high):
    turns = [2 * math.pi * step / 11 + 0.3 for step in range(11)]
    reaches = [(turn, random.uniform(0.4, 0.5)) for turn in turns]
    return [
        (x + wide * (0.5 + reach * math.cos(turn)), y + high * (0.5 + reach * math.sin(turn)))
        for turn, reach in reaches
    ]


def scaled(factors):
    """Return a mistake that multiplies all coordinates, by what an image's width and height give."""

    def make(pictures):
        found = []
        for picture in pictures:
            across, down = factors(picture.width, picture.height)
            labels = [Label(name, [(x * across, y * down) for x, y in points]) for name, points in picture.labels]
            found.append(picture._replace(labels=labels))
        return found

    return make


def written(**forms):
    """Return a mistake that writes boxes in other forms; each takes a label and the height of its image."""

    def make(pictures):
        found = []
        for picture in pictures:
            methods = {
                name: lambda label, form=form, high=picture.height: form(label, high) for name, form in forms.items()
            }
            mistaken = type("Mistaken", (Label,), methods)
            found.append(picture._replace(labels=[mistaken(*label) for label in picture.labels]))
        return found

    return make


def beside(outline, box):
    """Return a mistake that writes outlines and their boxes in two units."""

    def make(pictures):
        found = []
        for picture, other in zip(scaled(outline)(pictures), scaled(box)(pictures), strict=True):
            boxes = {
                label.points[0]: before.sizes() for label, before in zip(picture.labels, other.labels, strict=True)
            }
            mistaken = type("Mistaken", (Label,), {"sizes": lambda label, boxes=boxes: boxes[label.points[0]]})
            found.append(picture._replace(labels=[mistaken(*label) for label in picture.labels]))
        return found

    return make


def rows_first_in_outlines(pictures):
    """Write y before x in outlines alone."""
    found = []
    for picture in pictures:
        boxes = {tuple((y, x) for x, y in label.points): label.sizes() for label in picture.labels}
        mistaken = type("Mistaken", (Label,), {"sizes": lambda label, boxes=boxes: boxes[label.points]})
        labels = [mistaken(label.name, points) for label, points in zip(picture.labels, boxes, strict=True)]
        found.append(picture._replace(labels=labels))
    return found


def turned(pictures):
    """State the size of an image before it was turned."""
    return [picture._replace(width=picture.height, height=picture.width) for picture in pictures]


def rows_first(pictures):
    """Write y before x."""
    return [
        picture._replace(labels=[Label(name, [(y, x) for x, y in points]) for name, points in picture.labels])
        for picture in pictures
    ]


def in_some(mistake, step=3):
    """Return a mistake that is made in every third image alone."""
    return lambda pictures: [mistake([each])[0] if at % step == 0 else each for at, each in enumerate(pictures)]


def as_is(*_):
    return 1, 1


def shares(width, height):
    return 1 / width, 1 / height


def flipped(label, height):
    left, upper, right, lower = label.box()
    return left, height - upper, right, height - lower


def from_below(label, height):
    left, upper, right, lower = label.box()
    return left, height - upper, right - left, lower - upper


def mirrored(label, height):
    left, upper, right, lower = label.box()
    return left, height - lower, right - left, lower - upper


def rows_first_of_box(label, _):
    left, upper, right, lower = label.box()
    return upper, left, lower - upper, right - left


def backwards(label, _):
    left, upper, right, lower = label.box()
    return right, lower, left, upper


def negative(label, _):
    left, upper, right, lower = label.box()
    return right, lower, left - right, upper - lower


OF_UNITS = {
    "shares_for_pixels": scaled(shares),
    "pixels_for_shares": scaled(lambda width, height: (width, height)),
    "shares_for_per_cent": scaled(lambda *_: (0.01, 0.01)),
    "per_cent_for_pixels": scaled(lambda width, height: (100 / width, 100 / height)),
    "size_exchanged": turned,
    "size_exchanged: rows first": rows_first,
    "shares_for_pixels: some": in_some(scaled(shares)),
}
OF_FORMS = {
    "swapped_format": (written(sizes=lambda label, _: label.box()), SIZES),
    "centre_for_corner": (written(sizes=lambda label, _: label.centre()), SIZES),
    "top_from_below": (written(sizes=from_below), SIZES),
    "reversed_corners": (written(sizes=negative, corners=backwards), SIZES + CORNERS),
    "sizes_for_corners": (written(corners=lambda label, _: label.sizes()), CORNERS + FREE),
    "centres_for_corners": (written(corners=lambda label, _: label.centre()), CORNERS),
    "upper_below_lower": (written(corners=flipped), CORNERS),
    "corners_for_centre": (written(centre=lambda label, _: label.box()), ["yolo"]),
    "corner_for_centre": (written(centre=lambda label, _: label.sizes()), ["yolo"]),
}
BESIDE = {
    "outline_shares_for_pixels": beside(shares, as_is),
    "shares_for_pixels": beside(as_is, shares),
    "upside_down": written(sizes=mirrored),
    "rows_first": rows_first_in_outlines,
    "rows_first: boxes": written(sizes=rows_first_of_box),
    "swapped_format": written(sizes=lambda label, _: label.box()),
}


def found_in(pictures, name, folder, writers=OF_BOXES):
    """Return the errors and warnings that are found in a scene, and whether its figures are withheld."""
    writers[name](pictures, folder)
    measured = measurement(measure_path(str(folder), name if name in EVERY else None, jobs=1).profile, RULES, "a", "a")
    kinds = [each["kind"] for each in measured["findings"] if each["severity"] != "note"]
    return kinds, [figure["id"] for figure in measured["figures"]] == ["objects_per_image"]


def tried(pairs, quick):
    """Return pairs for `parametrize`, most of them for the whole gate alone."""
    return [pytest.param(*pair, marks=[] if pair in quick else [pytest.mark.slow]) for pair in pairs]


UNITS = [(kind, name) for kind in OF_UNITS for name in EVERY if (kind, name) != ("pixels_for_shares", "yolo")]
FORMS = [(kind, name) for kind, (_, names) in OF_FORMS.items() for name in names]
OUTLINES = [(kind, name) for kind, name in UNITS if name in OF_OUTLINES]


@pytest.mark.parametrize(
    ("kind", "name"),
    tried(
        UNITS,
        list(zip(OF_UNITS, ["coco", "via", "label_studio", "darwin", "yolo", "labelbox", "hugging_face"], strict=True)),
    ),
)
def test_boxes_in_another_unit_are_one_finding(kind, name, tmp_path):
    """Shares, pixels and per cent in each other's place, and exchanged axes, are named in every format."""
    kinds, is_withheld = found_in(OF_UNITS[kind](scene()), name, tmp_path)
    assert kinds == [kind.partition(":")[0]]
    assert is_withheld == ("exchanged" not in kind)


@pytest.mark.parametrize(
    ("kind", "name"),
    tried(
        OUTLINES,
        list(
            zip(
                OF_UNITS, ["via", "labelme", "label_studio", "cvat", "supervisely", "datumaro", "labelbox"], strict=True
            )
        ),
    ),
)
def test_outlines_in_another_unit_are_one_finding(kind, name, tmp_path):
    """The same of outlines that have no box beside them."""
    kinds, is_withheld = found_in(OF_UNITS[kind](scene(outlines=True)), name, tmp_path, OF_OUTLINES)
    assert kinds == [kind.partition(":")[0]]
    assert is_withheld == ("exchanged" not in kind)


@pytest.mark.parametrize(("kind", "name"), tried(FORMS, [(kind, names[0]) for kind, (_, names) in OF_FORMS.items()]))
def test_boxes_in_another_form_are_one_finding(kind, name, tmp_path):
    """Corners, sizes and centres in each other's place are named, and the figures are withheld."""
    assert found_in(OF_FORMS[kind][0](scene()), name, tmp_path) == ([kind], True)


def test_corners_as_centres_need_not_leave_every_edge(tmp_path):
    """Where nothing is near the lower border, corners that are read as centres leave the other edges alone."""
    random, corners = Random(1), written(centre=lambda label, _: label.box())  # noqa: S311 - no secret
    places = [[(random.uniform(0, 480), random.uniform(0, 200)) for _ in range(6)] for _ in range(20)]
    pictures = [
        Picture(f"p{number}", 640, 480, [Label("leaf", [(x, y), (x + 60, y + 40)]) for x, y in each])
        for number, each in enumerate(places)
    ]
    assert found_in(corners(pictures), "yolo", tmp_path) == (["corners_for_centre"], True)


WITHOUT_SIZE = {
    "sound": (scaled(as_is), []),
    "shares_for_pixels": (scaled(shares), ["shares_for_pixels"]),
    "swapped_format": (written(sizes=lambda label, _: label.box()), ["swapped_format"]),
}


@pytest.mark.parametrize("most", [1, 2, 9])
@pytest.mark.parametrize("kind", WITHOUT_SIZE)
def test_coordinates_tell_mistakes_where_no_image_has_a_size(kind, most, tmp_path):
    """VIA has no sizes: shares and second corners are found all the same where the images are elsewhere.

    One or two boxes an image are enough.
    """
    mistake, errors = WITHOUT_SIZE[kind]
    pictures = [picture._replace(width=0, height=0, labels=picture.labels[:most]) for picture in mistake(scene())]
    assert found_in(pictures, "via", tmp_path) == (errors, bool(errors))


@pytest.mark.parametrize("name", ["coco", pytest.param("darwin", marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", BESIDE)
def test_outlines_and_boxes_in_two_units_are_one_finding(kind, name, tmp_path):
    """Where an outline and its box disagree as two units do, what is wrong is named."""
    kinds = [kind.partition(":")[0]]
    assert found_in(BESIDE[kind](scene(outlines=True)), name, tmp_path, OF_OUTLINES) == (kinds, True)


@pytest.mark.parametrize("side", [{}, {"width": 0, "height": 0}])
@pytest.mark.parametrize("kind", [kind for kind in BESIDE if "shares" not in kind])
def test_outlines_tell_what_a_few_boxes_hold(kind, side, tmp_path):
    """Three images are enough, and their sizes need not be known."""
    pictures = [picture._replace(**side) for picture in BESIDE[kind](scene(outlines=True))[:3]]
    kinds = [kind.partition(":")[0]]
    assert found_in(pictures, "coco", tmp_path, OF_OUTLINES) == (kinds, True)


SECOND_CORNERS = {
    "sound": (written(), []),
    "reversed_corners": (written(corners=backwards), ["reversed_corners"]),
    "reversed_corners: x": (
        written(corners=lambda label, _: itemgetter(2, 1, 0, 3)(label.box())),
        ["reversed_corners"],
    ),
    "sizes_for_corners": (written(corners=lambda label, _: label.sizes()), ["sizes_for_corners"]),
}


@pytest.mark.parametrize("most", [6, 30])
@pytest.mark.parametrize("name", ["kitti", "pascal_voc"])
@pytest.mark.parametrize("kind", SECOND_CORNERS)
def test_sizes_for_corners_are_told_from_reversed_ones_without_images(kind, name, most, tmp_path):
    """Sizes are much smaller than places; reversed corners are as far from the origin as the others."""
    mistake, errors = SECOND_CORNERS[kind]
    side = {"pascal_voc": {"width": 0}}.get(name, {})
    OF_BOXES[name]([picture._replace(**side) for picture in mistake(scene())[:most]], tmp_path)
    shutil.rmtree(tmp_path / "image_2", ignore_errors=True)
    measured = measurement(measure_path(str(tmp_path), name, jobs=1).profile, RULES, "a", "a")
    assert [each["kind"] for each in measured["findings"] if each["severity"] == "error"] == errors


def in_tenth(**changes):
    """Return a mistake in every tenth label of COCO."""

    def make(document):
        for number, label in enumerate(document["annotations"]):
            label.update({key: change(label) for key, change in changes.items()} if number % 10 == 0 else {})

    return make


def merged(document):
    """Give the same id to two images each, as files do that were joined by hand."""
    for image in document["images"]:
        image["id"] //= 2
    for label in document["annotations"]:
        label["image_id"] //= 2


FEW = {
    "degenerate": in_tenth(bbox=lambda _: [5, 5, 0, 0]),
    "huge": in_tenth(bbox=lambda _: [1e300, 1, 2, 3]),
    "not_finite": in_tenth(bbox=lambda _: [math.nan, 1, 2, 3]),
    "merged_images": merged,
}
MOST = {
    "swapped_format": written(sizes=lambda label, _: label.box()),
    "centre_for_corner": written(sizes=lambda label, _: label.centre()),
    "rows_first": rows_first_in_outlines,
    "reversed_corners": written(sizes=negative),
    "shares_for_pixels": scaled(shares),
}


@pytest.mark.parametrize("few", FEW)
@pytest.mark.parametrize("most", MOST)
def test_one_mistake_does_not_hide_another(most, few, tmp_path):
    """Some boxes that are nothing, or images with one id, leave the mistake in all boxes to be told, and vice versa."""
    OF_OUTLINES["coco"](MOST[most](scene(outlines=True)), tmp_path)
    document = json.loads((tmp_path / "a.json").read_text())
    FEW[few](document)
    (tmp_path / "a.json").write_text(json.dumps(document))
    kinds, is_withheld = found_in([], "nothing", tmp_path, {"nothing": lambda *_: None})
    assert {few, most} == {*kinds} - {"not_json_number"}
    assert is_withheld


def test_boxes_that_are_elsewhere_altogether_are_not_measured(tmp_path):
    """A mistake may have no name: boxes that fit neither outline nor image give no figures all the same."""
    kinds, is_withheld = found_in(beside(as_is, lambda *_: (2, 2))(scene(outlines=True)), "coco", tmp_path, OF_OUTLINES)
    assert kinds == ["box_differs", "out_of_bounds"]
    assert is_withheld


@pytest.mark.parametrize(
    "name", [name if name == "via" else pytest.param(name, marks=pytest.mark.slow) for name in EVERY]
)
def test_a_sound_scene_has_no_finding(name, tmp_path):
    """Nothing is found in the same scenes as they are."""
    assert found_in(scene(), name, tmp_path) == ([], False)


def within(random, width, height, wide, high, count):
    """Return boxes at random places of an image."""
    places = [(random.uniform(0, width - wide), random.uniform(0, height - high)) for _ in range(count)]
    return [(x, y, x + wide, y + high) for x, y in places]


def about(x, y, wide, high):
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


UNUSUAL = {
    "satellite": ((1024, 1024), lambda r, w, h: within(r, w, h, 12, 9, 60)),
    "gigapixels": ((40_000, 60_000), lambda r, w, h: within(r, w, h, 50, 50, 20)),
    "tiny objects": ((640, 480), lambda r, w, h: within(r, w, h, 1, 1, 40)),
    "tiny images": ((16, 16), lambda r, w, h: within(r, w, h, 2, 2, 6)),
    "whole images": ((640, 480), lambda _, w, h: [(0, 0, w, h)]),
    "pages": ((1240, 1754), lambda r, w, h: [(r.uniform(-3, 9), r.uniform(-3, 9), w + r.uniform(-9, 3), h - 2)]),
    "pages and their margin": (
        (1240, 1754),
        lambda r, w, h: [(-r.random() * w / 9, -r.random() * h / 9, w * 1.1, h * 1.1)],
    ),
    "one at the centre": (
        (640, 480),
        lambda r, w, h: [about(w / 2, h / 2, r.uniform(0.2, 0.9) * w, r.uniform(0.2, 0.9) * h)],
    ),
    "faces beyond the border": (
        (250, 250),
        lambda r, w, h: [about(r.gauss(w / 2, 25), r.gauss(h / 2, 25), s := r.uniform(75, 225), 1.2 * s)],
    ),
    "faces close up": (
        (250, 250),
        lambda r, w, h: [about(r.gauss(w / 2, 25), r.gauss(h / 2, 25), s := r.uniform(165, 205), 1.2 * s)],
    ),
    "a sign in the corner": ((1920, 1080), lambda r, *_: [(r.uniform(0, 20), 10, r.uniform(60, 99), 60)]),
    "digits of a clock": ((1920, 1080), lambda *_: [(20 + 8 * i, 20, 26 + 8 * i, 40) for i in range(8)]),
    "people with hidden feet": (
        (640, 480),
        lambda r, w, h: [
            about(r.uniform(0, w), r.uniform(0.3, 0.9) * h, 0.4 * s, s)
            for s in [r.uniform(0.1, 0.8) * h for _ in range(8)]
        ],
    ),
    "cars with hidden wheels": (
        (640, 480),
        lambda r, w, h: [
            (x, y, x + 40, y + r.uniform(20, 190))
            for x, y in [(r.uniform(0, w - 40), r.uniform(0.6, 0.8) * h) for _ in range(5)]
        ],
    ),
}


@pytest.mark.parametrize(
    "name",
    ["coco", "via", *(pytest.param(name, marks=pytest.mark.slow) for name in ("pascal_voc", "labelme"))],
)
@pytest.mark.parametrize("kind", UNUSUAL)
def test_an_unusual_scene_is_no_mistake(kind, name, tmp_path):
    """Objects that are tiny, huge, always at one place or partly outside are not taken for another unit or form.

    Nor are they where no image has a size, as in VIA.
    """
    size, boxes = UNUSUAL[kind]
    stated = (0, 0) if name == "via" else size
    random = Random(kind)  # noqa: S311 - no secret
    pictures = [
        Picture(f"p{number}", *stated, [Label("leaf", [box[:2], box[2:]]) for box in boxes(random, *size)])
        for number in range(30)
    ]
    kinds, is_withheld = found_in(pictures, name, tmp_path)
    assert not {*kinds} - {"out_of_bounds", "duplicate"}
    assert not is_withheld
