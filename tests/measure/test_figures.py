"""Every figure on cases small enough to be computed by hand."""

import json
import math

import numpy as np
import pytest

from annostrat.annotations import CROWD, OCCLUDED, OCCLUSION_STATED, ORIENTED, STUFF, TRUNCATED, TRUNCATION_STATED
from annostrat.measure.figures import Figures
from annostrat.measure.profile.profile import Profile
from annostrat.measure.reading import measure_path

SQUARE = (0, 0, 10, 10)
L_SHAPE = [(0, 0), (10, 0), (10, 5), (5, 5), (5, 10), (0, 10)]
TRIANGLE = [(0, 0), (12, 0), (0, 12)]
DISC = [(50 + 40 * math.cos(turn), 50 + 40 * math.sin(turn)) for turn in np.linspace(0, 2 * math.pi, 400)[:-1]]


def value(figures, figure, name=None):
    found = figures.estimate(figure, name).value
    return found if found is None else round(found, 4)


def test_boxes_that_overlap_by_a_quarter(measured):
    """Two squares share a quarter of each: IoU 25 / 175, both covered by more than a fifth, neither by half."""
    figures = measured([SQUARE, (5, 5, 15, 15)])
    assert value(figures, "max_iou") == 0.1429
    assert value(figures, "max_iou_same") == 0.1429
    assert value(figures, "covered_share") == 1
    assert value(figures, "covered_per_image") == 2
    assert value(figures, "half_covered_share") == 0
    assert value(figures, "mbor") == 0.1429
    assert value(figures, "pairs_iou50_per_image") == 0


@pytest.mark.parametrize(
    ("shift", "covered", "half"),
    [(8.0, 0, 0), (7.9, 1, 0), (5.0, 1, 0), (4.9, 1, 1), (10.0, 0, 0)],
    ids=["a fifth", "more than a fifth", "a half", "more than a half", "side by side"],
)
def test_covered_means_more_than_the_share_it_is_named_for(measured, shift, covered, half):
    """A box of which exactly a fifth lies under another one is not covered, as the figure says more than a fifth."""
    figures = measured([SQUARE, (shift, 0, shift + 10, 10)])
    assert value(figures, "covered_share") == covered
    assert value(figures, "half_covered_share") == half


def test_a_small_box_in_a_large_one_is_covered_and_the_large_one_is_not(measured, label):
    """Coverage is a share of the covered box; IoU is one of both, and of the same class only where that is said."""
    figures = measured([label((0, 0, 40, 40), "table"), label((10, 10, 20, 20), "cup")])
    assert value(figures, "covered_share") == 0.5
    assert value(figures, "covered_share", "cup") == 1
    assert value(figures, "half_covered_share", "cup") == 1
    assert value(figures, "covered_share", "table") == 0
    assert value(figures, "max_iou") == 0.0625
    assert value(figures, "max_iou_same") == 0


def test_coverage_is_that_by_one_box_and_not_by_several_together(measured):
    """Two neighbours that hide a sixth each hide a third together, which is not counted."""
    figures = measured([(0, 0, 12, 10), (-20, 0, 2, 10), (10, 0, 40, 10)])
    assert value(figures, "covered_share") == 0


def test_pairs_are_counted_once(measured):
    """Three equal boxes make three pairs above IoU 0.5, in one of two images."""
    figures = measured([SQUARE, SQUARE, SQUARE], [SQUARE])
    assert value(figures, "pairs_iou50_per_image") == 1.5
    assert value(figures, "max_iou") == 0.75
    assert value(figures, "objects_per_image") == 2


def test_a_pair_at_exactly_half_is_not_above_it(measured):
    """Boxes with an IoU of 0.5 are no pair above 0.5."""
    assert value(measured([(0, 0, 10, 10), (0, 0, 10, 5)]), "pairs_iou50_per_image") == 0
    assert value(measured([(0, 0, 10, 10), (0, 0, 10, 6)]), "pairs_iou50_per_image") == 1


def test_boxes_of_different_images_do_not_overlap(measured):
    """Only what is in one picture can hide something there."""
    figures = measured([SQUARE], [SQUARE], [])
    assert value(figures, "max_iou") == 0
    assert value(figures, "objects_per_image") == 0.6667
    assert value(figures, "covered_per_image") == 0


def test_interval_of_objects_per_image_by_hand(measured):
    """Twenty images show one object, twenty three: 2 ± t(39) * sqrt(40 * 1 / 39) / sqrt(40) = 2 ± 2.0227 / 6.245."""
    one, three = [(0, 0, 5, 5)], [(0, 0, 5, 5), (20, 20, 25, 25), (50, 50, 55, 55)]
    found = measured(*[one] * 20, *[three] * 20).estimate("objects_per_image")
    assert (found.value, found.images, found.objects) == (2, 40, 40)
    assert (found.low, found.high) == pytest.approx((1.6761, 2.3239), abs=1e-4)


def test_mbor_is_a_mean_over_images_that_show_something(measured):
    """Area under two boxes over area under any: 1/3, 0 and, of three boxes of which the third covers both, 1/2."""
    figures = measured(
        [(0, 0, 10, 10), (0, 5, 10, 15)],
        [(0, 0, 10, 10)],
        [(0, 0, 10, 10), (10, 0, 20, 10), (0, 0, 20, 5)],
        [],
    )
    assert value(figures, "mbor") == round((1 / 3 + 0 + 1 / 2) / 3, 4)


def test_flags_count_only_where_the_file_states_them(measured, label):
    """One of two objects that say so is occluded; the third says nothing, and does not count as free."""
    flags = [OCCLUSION_STATED | OCCLUDED, OCCLUSION_STATED, 0]
    figures = measured([label((20 * i, 20, 20 * i + 5, 25), flags=flag) for i, flag in enumerate(flags)])
    assert value(figures, "flag_occluded") == 0.5
    assert value(figures, "flag_truncated") is None
    cut = measured([label(SQUARE, flags=TRUNCATION_STATED | TRUNCATED)])
    assert value(cut, "flag_truncated") == 1


@pytest.mark.parametrize(
    ("box", "touches"),
    [
        ((0, 20, 30, 40), 1),
        ((1, 20, 30, 40), 1),
        ((1.5, 20, 30, 40), 0),
        ((20, 20, 99, 40), 1),
        ((20, 20, 98.5, 40), 0),
        ((20, 20, 30, 50), 1),
        ((20, -3, 30, 20), 1),
    ],
)
def test_touching_the_border_allows_a_pixel(measured, box, touches):
    """A box within a pixel of a border of the image, 100 x 50 here, reaches it."""
    assert value(measured([box], height=50), "touch_border") == touches


def test_touching_the_border_is_not_known_without_a_size(measured):
    """Where the image's size is unknown, so is its border."""
    assert value(measured([SQUARE], width=0, height=0), "touch_border") is None


def test_touching_the_border_in_shares_of_the_image(measured):
    """Where only shares are known the image is 1 x 1, and a pixel is a five-hundredth of it."""
    sizes = {"width": 1, "height": 1}
    assert value(measured([(0.001, 0.5, 0.2, 0.7)], **sizes), "touch_border") == 1
    assert value(measured([(0.01, 0.5, 0.2, 0.7)], **sizes), "touch_border") == 0


def test_the_l_shape(measured, label):
    """An L of three quarters of its square: fill 75 / 100, its hull lacks a corner triangle, so 75 / 87.5 is solid."""
    figures = measured([label(outline=[L_SHAPE])])
    assert value(figures, "fill") == 0.75
    assert value(figures, "solidity") == 0.8571
    assert value(figures, "multi_part") == 0


def test_the_triangle(measured, label):
    """A right isosceles triangle fills half of its box; its axes differ by the root of three."""
    figures = measured([label(outline=[TRIANGLE])])
    assert value(figures, "fill") == 0.5
    assert value(figures, "solidity") == 1
    assert value(figures, "elongation") == pytest.approx(1 - 1 / math.sqrt(3), abs=1e-4)
    assert value(figures, "circularity") == pytest.approx(9 / (4 * math.pi), abs=1e-4)  # 72² / 2π(576 + 576)


def test_the_disc(measured, label):
    """A disc is circular, not elongated, solid, and fills pi / 4 of its box."""
    figures = measured([label(outline=[DISC])])
    assert value(figures, "circularity") == pytest.approx(1, abs=2e-4)
    assert value(figures, "elongation") == pytest.approx(0, abs=2e-4)
    assert value(figures, "fill") == pytest.approx(math.pi / 4, abs=2e-4)
    assert value(figures, "solidity") == 1


@pytest.mark.parametrize(("long", "wide"), [(40, 10), (30, 3), (8, 8)])
def test_elongation_of_an_ellipse_is_that_of_its_axes(measured, label, long, wide):
    """Whichever way an ellipse points, its elongation is 1 minus the ratio of its axes."""
    turns = np.linspace(0, 2 * math.pi, 720)[:-1]
    x, y = long * np.cos(turns), wide * np.sin(turns)
    for angle in (0, 0.3, 1.1, math.pi / 2):
        outline = np.stack(
            [50 + x * math.cos(angle) - y * math.sin(angle), 50 + x * math.sin(angle) + y * math.cos(angle)]
        )
        figures = measured([label(outline=[outline.T])])
        assert value(figures, "elongation") == pytest.approx(1 - wide / long, abs=2e-4)
        assert value(figures, "circularity") == pytest.approx(2 / (long / wide + wide / long), abs=2e-4)


def test_an_upright_rectangle_says_nothing_of_shape(measured, label):
    """A box drawn as an outline is a box: shape stays unknown, and is not taken for a full fill."""
    figures = measured([label(outline=[[(0, 0), (30, 0), (30, 20), (0, 20)]])])
    shape = ["fill", "elongation", "circularity", "solidity", "multi_part", "silhouette_agreement", "shape_spread"]
    assert [value(figures, figure) for figure in shape] == [None] * 7
    assert value(figures, "max_iou") == 0


def test_a_rectangle_that_stands_on_a_corner_is_a_shape(measured, label):
    """A square on its corner fills half of its box."""
    figures = measured([label(outline=[[(5, 0), (10, 5), (5, 10), (0, 5)]])])
    assert value(figures, "fill") == 0.5
    assert value(figures, "solidity") == 1


def test_parts_are_summed(measured, label):
    """Two squares of an object, apart: 2 x 100 of 30 x 10 pixels, all of which the hull takes."""
    parts = [[(0, 0), (10, 0), (10, 10), (0, 10)], [(20, 0), (30, 0), (30, 10), (20, 10)]]
    figures = measured([label(outline=parts)])
    assert value(figures, "multi_part") == 1
    assert value(figures, "fill") == 0.6667
    assert value(figures, "solidity") == 0.6667


SHAPES = {
    "L of squares": (
        np.kron([[1, 0], [1, 1]], np.ones((5, 5))),
        [(0, 0), (5, 0), (5, 5), (10, 5), (10, 10), (0, 10)],
    ),
    "U": (
        np.kron([[1, 0, 1], [1, 1, 1]], np.ones((4, 4))),
        [(0, 0), (4, 0), (4, 4), (8, 4), (8, 0), (12, 0), (12, 8), (0, 8)],
    ),
}


@pytest.mark.parametrize("name", ["L of squares", "U"])
def test_a_mask_and_the_outline_of_its_pixels_say_the_same(measured, label, name):
    """A pixel is a square: a mask has the same area, moments and hull as an outline along its pixels' edges."""
    pixels, outline = SHAPES[name]
    drawn, painted = measured([label(outline=[outline])]), measured([label(mask=pixels)])
    for figure in ("fill", "elongation", "circularity", "solidity", "multi_part", "max_iou"):
        assert drawn.estimate(figure) == painted.estimate(figure)
        assert drawn.estimate(figure).value is not None
    ours, theirs = (figures.profile.silhouettes["thing"].crossings for figures in (drawn, painted))
    assert (ours == theirs).all()


def test_a_full_mask_says_more_than_an_outlined_box(measured, label):
    """A mask without a gap is a shape: somebody painted its pixels."""
    figures = measured([label(mask=np.ones((3, 20)))])
    assert value(figures, "fill") == 1
    assert value(figures, "elongation") == 0.85


@pytest.mark.parametrize(
    ("pixels", "parts"),
    [
        ([[1, 1, 0], [0, 0, 1]], 0),
        ([[1, 0, 1], [1, 0, 1]], 1),
        ([[1, 0, 1], [1, 1, 1]], 0),
        ([[1, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1]], 0),
        ([[1], [0], [1]], 1),
    ],
)
def test_parts_of_a_mask_touch_neither_in_a_side_nor_in_a_corner(measured, label, pixels, parts):
    """What hangs together by a corner is one part, as an annotator would see it."""
    assert value(measured([label(mask=pixels)]), "multi_part") == parts


def test_foreign_and_background_share_the_box_with_the_object(measured, label):
    """A triangle fills half of its box, a smaller one another eighth, and three eighths are background."""
    own = [(0, 0), (0, 20), (20, 20)]
    other = [(20, 0), (20, 10), (10, 0)]
    figures = measured([label(outline=[own]), label(outline=[other])])
    # In the box of the other triangle, which is 10 x 10, the diagonal of the first passes through the corner only.
    assert value(figures, "foreign") == round((1 / 8 + 0) / 2, 4)
    assert value(figures, "background") == round((3 / 8 + 1 / 2) / 2, 4)


def test_what_lies_over_others_does_not_make_more_than_the_box(measured, label):
    """Three equal outlines: twice foreign is still one box at most, and no background is below nothing."""
    hexagon = [(0, 5), (3, 0), (7, 0), (10, 5), (7, 10), (3, 10)]
    figures = measured([label(outline=[hexagon])] * 3)
    assert value(figures, "foreign") == 1
    assert value(figures, "background") == 0


def test_foreign_is_unknown_without_outlines(measured):
    """Boxes do not tell what they hold."""
    figures = measured([SQUARE, (5, 5, 15, 15)])
    assert value(figures, "foreign") is None
    assert value(figures, "background") is None
    assert value(figures, "fill") is None


def test_foreign_of_masks_counts_pixels(measured, label):
    """Of 4 x 2 pixels five are own and one is the other's; of its 3 x 3 pixels two are own and four are foreign."""
    half = [[1, 1, 0, 0], [1, 1, 0, 1]]
    corner = [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    figures = measured([label(mask=half), label(mask=corner)])
    assert value(figures, "foreign") == round((1 / 8 + 4 / 9) / 2, 4)
    assert value(figures, "background") == round((1 - 5 / 8 - 1 / 8 + 1 - 2 / 9 - 4 / 9) / 2, 4)


def test_silhouettes_agree_by_what_they_share(measured, label):
    """What pairs have in common over what either covers, summed over all pairs."""
    full = np.ones((4, 4))
    assert value(measured([label(mask=full), label(mask=full)]), "silhouette_agreement") == 1
    top = np.array([[1, 1], [0, 1]])
    bottom = np.array([[1, 0], [1, 1]])
    # quarters: 3 of each, 2 in common, 4 in either
    assert value(measured([label(mask=top), label(mask=bottom)]), "silhouette_agreement") == 0.5
    both = measured([label(mask=top), label(mask=bottom), label(mask=bottom)])
    # pairs: top-bottom twice 2 of 4, bottom-bottom 3 of 3
    assert value(both, "silhouette_agreement") == round((2 + 2 + 3) / (4 + 4 + 3), 4)


def test_silhouettes_whose_parts_overlap_agree_by_no_more_than_all(measured, label):
    """Parts that are drawn twice do not make an agreement above one, or below nothing."""
    twice = label(outline=[TRIANGLE, TRIANGLE])
    assert value(measured([twice, twice]), "silhouette_agreement") == 1


def test_silhouettes_forget_size_and_place(measured, label):
    """A triangle, and the same three times as large elsewhere, lie on top of each other."""
    larger = [(40 + 3 * x, 30 + 3 * y) for x, y in TRIANGLE]
    assert value(measured([label(outline=[TRIANGLE]), label(outline=[larger])]), "silhouette_agreement") == 1


def test_silhouettes_are_compared_within_a_class_only(measured, label):
    """One object of each class makes no pair."""
    top, bottom = [[1, 1], [0, 1]], [[1, 0], [1, 1]]
    figures = measured([label(mask=top, name="a"), label(mask=bottom, name="b")])
    assert value(figures, "silhouette_agreement") is None


def test_spreads_are_standard_deviations_within_classes(measured, label):
    """Boxes of 1 x 1 and e x 1: ln aspect 0 and 1, ln size 0 and 1/2; the pooled one weighs classes by objects."""
    one, long = (0, 0, 1, 1), (0, 0, math.e, 1)
    figures = measured([label(one, "a"), label(long, "a"), label(one, "b"), label(one, "b"), label(long, "c")])
    assert value(figures, "log_aspect_spread", "a") == pytest.approx(math.sqrt(0.5), abs=2e-4)
    assert value(figures, "log_size_spread", "a") == pytest.approx(math.sqrt(0.125), abs=2e-4)
    assert value(figures, "log_aspect_spread", "b") == 0
    assert value(figures, "log_aspect_spread", "c") is None
    assert value(figures, "log_aspect_spread") == pytest.approx(math.sqrt(0.5) / 2, abs=2e-4)


def test_the_spread_of_shapes_joins_its_parts(measured, label):
    """The root of the summed squares of the spreads of elongation, circularity and solidity."""
    figures = measured([label(outline=[L_SHAPE]), label(outline=[TRIANGLE]), label(outline=[DISC])])
    parts = [figures.estimate(f"{part}_spread").value for part in ("elongation", "circularity", "solidity")]
    assert figures.estimate("shape_spread").value == pytest.approx(math.sqrt(sum(part * part for part in parts)))
    assert value(figures, "solidity_spread") == pytest.approx(np.std([75 / 87.5, 1, 1], ddof=1), abs=1e-3)


def test_crowds_and_regions_are_no_objects(measured, label):
    """They are counted apart, cover nobody, and have no shape."""
    figures = measured(
        [
            label(SQUARE),
            label(SQUARE, flags=CROWD, outline=[L_SHAPE]),
            label(SQUARE, "sky", flags=STUFF, outline=[L_SHAPE]),
        ]
    )
    assert value(figures, "objects_per_image") == 1
    assert value(figures, "max_iou") == 0
    assert value(figures, "fill") is None
    counts = figures.profile.counts
    assert (counts["labels"], counts["objects"], counts["crowds"], counts["regions"]) == (3, 1, 1, 1)
    assert figures.classes == ["thing"]


def test_rotated_boxes_have_no_shape(measured, label):
    """Of a rotated rectangle the upright box around it is measured, and nothing of an outline."""
    figures = measured([label((0, 0, 20, 20), flags=ORIENTED)])
    assert value(figures, "max_iou") == 0
    assert value(figures, "fill") is None


@pytest.mark.parametrize(
    "box",
    [(0, 0, 0, 10), (10, 0, 0, 10), (0, 0, math.inf, 10), (math.nan, 0, 1, 1), (0, 0, 1, 1e9)],
    ids=["flat", "backward", "infinite", "nan", "far away"],
)
def test_boxes_that_cannot_be_measured_are_left_out_and_counted(measured, box):
    """A broken box spoils nothing: the others are measured as if it were not there."""
    figures = measured([box, SQUARE, (5, 5, 15, 15)])
    assert value(figures, "max_iou") == 0.1429
    assert value(figures, "objects_per_image") == 2
    assert sum(found.count for kind, found in figures.profile.found.items() if kind != "sized") >= 1


def test_part_of_classes_do_not_cover(measured, label):
    """Ten windows in facades, in three images, are parts; a person before the facade is covered all the same."""
    facade = label((0, 0, 90, 90), "facade")
    windows = [label((10 * i, 10, 10 * i + 5, 20), "window") for i in range(1, 5)]
    person = label((40, 60, 50, 80), "person")
    figures = measured([facade, *windows, person], [facade, *windows], [facade, *windows], width=300, height=300)
    (part,) = figures.coverage.parts
    assert part == ("window", "facade", 1.0, 12)
    assert value(figures, "covered_share", "window") == 0
    assert value(figures, "covered_share", "person") == 1
    assert value(figures, "covered_share") == round(1 / 16, 4)
    assert value(figures, "covered_per_image") == round(1 / 3, 4)


@pytest.mark.parametrize(
    ("images", "inside", "outside"),
    [(2, 5, 0), (3, 3, 0), (4, 3, 1)],
    ids=["in two images", "nine of them", "three quarters of them"],
)
def test_a_few_chances_make_no_part(measured, label, images, inside, outside):
    """A class is part of another only from ten objects, in three images, four fifths of which lie inside."""
    facade = label((0, 0, 70, 70), "facade")
    windows = [label((10 * i, 10, 10 * i + 5, 20), "window") for i in range(1, inside + 1)]
    apart = [label((80, 80, 90, 90), "window")] * outside
    figures = measured(*[[facade, *windows, *apart]] * images, width=300, height=300)
    assert figures.coverage.parts == []
    assert value(figures, "covered_share", "window") == round(inside / (inside + outside), 4)


def test_objects_of_one_class_are_no_parts_of_each_other(measured):
    """A crowd in which each is behind another is crowded, and no hierarchy."""
    figures = measured(*[[(0, 0, 90, 90), *[(10 * i, 10, 10 * i + 5, 20) for i in range(1, 6)]]] * 4)
    assert figures.coverage.parts == []
    assert value(figures, "covered_share") == round(5 / 6, 4)


def test_nothing_is_known_of_nothing(rules):
    """An empty profile has no figure, raises nothing, and invents no zero."""
    figures = Figures(Profile())
    assert {id_: figures.estimate(id_).value for id_ in rules.figures} == dict.fromkeys(rules.figures)
    assert figures.classes == []


def test_images_without_objects_count_as_images(measured):
    """Empty images show that there is nothing: they lower what is said per image, and nothing else."""
    figures = measured([SQUARE, (5, 5, 15, 15)], [], [], [])
    assert value(figures, "objects_per_image") == 0.5
    assert value(figures, "covered_per_image") == 0.5
    assert value(figures, "covered_share") == 1


def test_images_of_one_name_are_images_of_their_own(coco, tmp_path):
    """Where all images have the same file name, what covers what is still counted in each."""
    labels = [{"image_id": i, "category_id": 1, "bbox": box} for i in range(5) for box in ([5, 5, 9, 9], [7, 5, 9, 9])]
    document = json.loads(coco(range(5), labels, ["apple"]))
    for image in document["images"]:
        image["file_name"] = "image.png"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document))
    figures = Figures(measure_path(str(path)).profile)
    assert value(figures, "covered_share") == 1
    assert value(figures, "covered_per_image") == 2


def test_images_count_for_a_spread_only_where_it_is_known(measured, label):
    """Outlines in two of five images say of two what shapes are like; boxes say of all five how large things are."""
    drawn = [label(None, outline=[TRIANGLE]), label(None, outline=[L_SHAPE])]
    figures = measured(drawn, drawn, *([SQUARE, (20, 20, 50, 30)] for _ in range(3)))
    for name in (None, "thing"):
        for figure, images in (("shape_spread", 2), ("silhouette_agreement", 2), ("log_size_spread", 5)):
            assert figures.estimate(figure, name).images == images


def test_more_classes_than_anybody_labels_are_refused(measured, label, monkeypatch):
    """Names of objects in the place of names of classes end the measuring, before they fill the memory."""
    monkeypatch.setattr("annostrat.measure.tables.summary.MOST_CLASSES", 2)
    assert measured([label((0, 0, 5, 5), "a"), label((9, 9, 15, 15), "b")]).profile.counts["objects"] == 2
    found = measured([label((0, 0, 5, 5), name) for name in "abc"]).profile
    assert found.counts["objects"] == 0
