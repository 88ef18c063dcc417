"""What annotators did differently, and what to write into the guideline."""

import pytest


def kinds(found):
    return {one["kind"]: (one["count"], one["examples"]) for one in found["findings"]}


def grid(count, side=10, name="car", label=None):
    """Return objects side by side in a grid of 14 to a row."""
    places = [(5 + 12 * (number % 8), 5 + 12 * (number // 8)) for number in range(count)]
    return [label((x, y, x + side, y + side), name) for x, y in places]


def test_equal_labels_differ_in_nothing(compared, label):
    """Nothing is found, and no image need be looked at."""
    found = compared([grid(9, label=label)], [grid(9, label=label)])
    assert (found["findings"], found["look_at"], found["confusions"]) == ([], [], [])


def test_objects_left_out_are_counted_where_most_are(compared, label):
    """The image with most of them comes first, with who labelled what alone."""
    three = grid(3, label=label)
    found = compared([three, three], [three[:2], three[:1]])
    assert kinds(found)["left_out"] == (3, ["1.jpg (car only by anna (2))", "0.jpg (car only by anna)"])
    assert found["findings"][0]["text"] == "3 objects are labelled by one annotator and left out by another"
    assert found["findings"][0]["share"] == pytest.approx(3 / 6)
    assert [(one["name"], one["left_out"]) for one in found["look_at"]] == [("1.jpg", 2), ("0.jpg", 1)]


def test_small_objects_explain_what_was_left_out(compared, label):
    """Six tiny ones among twelve large ones: the guideline should say from which size on."""
    large, tiny = grid(12, label=label), [label((10 * x, 90, 10 * x + 2, 92), "car") for x in range(6)]
    found = compared([[*large, *tiny]], [large])
    assert kinds(found)["small_left_out"] == (6, ["smaller than 10 pixels across"])


def test_the_border_explains_what_was_left_out(compared, label):
    """Six objects that the border cuts off, left out by one."""
    inside = grid(12, label=label)
    cut = [label((x, 90, x + 10, 100), "car") for x in range(0, 72, 12)]
    assert kinds(compared([[*inside, *cut]], [inside]))["border_left_out"][0] == 6


def test_several_objects_under_one_label_are_told(compared, label):
    """One box around three cars of the other annotator is neither overlooked nor extra only."""
    three = [label((x, 0, x + 10, 10), "car") for x in (0, 12, 24)]
    found = kinds(compared([three], [[label((0, 0, 34, 10), "car")]]))
    assert found["several_as_one"] == (1, ["0.jpg (car, for 3)"])


def test_confused_classes_are_counted_most_frequent_first(compared, label):
    """Two cars that are vans for the other, and one van that is a bus."""
    anna = [[label(one.box, name) for one, name in zip(grid(3, label=label), ("car", "car", "van"), strict=True)]]
    ben = [[label(one.box, name) for one, name in zip(grid(3, label=label), ("van", "van", "bus"), strict=True)]]
    found = compared(anna, ben)
    assert [(one["classes"], one["count"]) for one in found["confusions"]] == [(["car", "van"], 2), (["van", "bus"], 1)]
    assert kinds(found)["class_differs"] == (3, ["car and van (2), as in 0.jpg", "van and bus (1), as in 0.jpg"])
    assert found["look_at"][0]["objects"][0]["difference"] == "class_differs"


def test_one_who_draws_larger_throughout_is_told(compared, label):
    """In eight images one draws 12 by 12 where the other draws 10 by 10: 44 % more area."""
    small, large = [label((10, 10, 20, 20))], [label((9, 9, 21, 21))]
    found = compared([small] * 8, [large] * 8)
    assert kinds(found)["drawn_larger"] == (8, ["ben's boxes have 44% more area than anna's"])
    assert kinds(found)["drawn_apart"][0] == 8


def test_images_that_one_has_not_labelled_are_told(compared, label):
    """An image without any label of one annotator is perhaps not done yet."""
    found = compared([grid(2, label=label)] * 2, [grid(2, label=label), []])
    assert kinds(found)["image_left_out"] == (1, ["1.jpg (nothing by ben)"])


def test_drawings_have_all_labels_with_their_outlines(compared, label):
    """An image to look at has boxes, rings of outlines, classes and ids of both annotators."""
    drawn = label(outline=([(0, 0), (10, 0), (10, 10), (0, 10)],), name="car")
    found = compared([[drawn]], [[label((0, 0, 10, 9), "van")]])
    (image,) = found["look_at"]
    (one,) = image["objects"]
    assert (image["width"], image["height"], one["difference"], one["iou"]) == (100, 100, "class_differs", 0.9)
    first, second = one["labels"]
    assert (first["set"], first["name"], first["id"], first["box"]) == (0, "car", 1, [0, 0, 10, 10])
    assert sorted(map(tuple, first["outline"][0][:4])) == [(0, 0), (0, 10), (10, 0), (10, 10)]
    assert (second["set"], second["name"], second["outline"]) == (1, "van", [])


def renamed(labels, names):
    return [[one._replace(name=names[one.name]) for one in each] for each in labels]


def test_classes_that_are_written_in_two_ways_are_told_and_never_joined(compared, label):
    """Where no class is called alike, nobody is blamed: the pairs are named, and no figure of classes is given."""
    anna = [[*grid(9, label=label, name="ripe fruit"), label((5, 90, 15, 100), "leaf")]]
    found = compared(anna, renamed(anna, {"ripe fruit": "Ripe_Fruit", "leaf": "class 2"}))
    assert kinds(found) == {
        "class_name_differs": (
            2,
            [
                "'ripe fruit' of anna is 'Ripe_Fruit' of ben (9 objects)",
                "'leaf' of anna is 'class 2' of ben (1 object)",
            ],
        )
    }
    assert ([figure["id"] for figure in found["figures"]], found["agreed"]) == (["located", "box_iou"], 0)


def test_one_name_in_two_ways_is_told_beside_what_agrees(compared, label):
    """A class that differs in case alone is named, though another class is called alike; figures stay."""
    anna = [[*grid(3, label=label), *[one._replace(name="Van") for one in grid(9, label=label)[3:]]]]
    found = compared(anna, renamed(anna, {"car": "car", "Van": "van"}))
    assert kinds(found)["class_name_differs"] == (1, ["'Van' of anna is 'van' of ben (6 objects)"])
    assert found["figures"][0]["value"] == pytest.approx(3 / 9)
