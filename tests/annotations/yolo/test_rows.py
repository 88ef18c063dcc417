"""Rows of YOLO at the edges of what makes them boxes, poses, rows of another format, or no rows at all."""

import pytest

from annostrat.annotations.yolo.rows import RowLayout, fault_of, first_far, is_far, layout_of, rows_of

BOX = "0 0.5 0.5 0.2 0.2"


def rows(*lines):
    return rows_of("\n".join(lines).encode())


def test_row_keeps_its_line_and_its_values():
    """Empty lines and a byte order mark are no rows, and lines are counted from 1."""
    found = rows_of(b"\xef\xbb\xbf3 0.5 0.25 0.1 0.2\n\n4 0 0 1 1 0.9\n")
    assert found.good == [(1, [3, 0.5, 0.25, 0.1, 0.2]), (3, [4, 0, 0, 1, 1, 0.9])]
    assert (found.bad, found.foreign) == ([], False)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 0.5 0.5 0.2", "has 4 columns, a box has 5: class, x, y, width, height"),
        ("0.5 0.5 0.5 0.2 0.2", "begins with 0.5, which is no number of a class"),
        ("1000000 0.5 0.5 0.2 0.2", "begins with 1e+06, which is no number of a class"),
        ("cat 0.5 0.5 0.2 0.2", "begins with cat, which is no number of a class"),
        ("0.5 0.5 0.2 0.2 1", "begins with 0.5, which is no number of a class, unlike its last number"),
        ("0,0.5,0.5,0.2,0.2", "has commas or semicolons between its numbers, where spaces are wanted"),
        ("0; 0.5; 0.5; 0.2; 0.2;", "has commas or semicolons between its numbers, where spaces are wanted"),
        ("0 0,5 0,5 0,2 0,2", "has commas in its numbers, where points are wanted"),
        ("1 2 3 4 5 6 7 8 plane", "has eight numbers before its class, so DOTA and not YOLO"),
        ("1 2 3 4 5 6 7 8 plane 0", "has eight numbers before its class, so DOTA and not YOLO"),
        ("1 2 3 4 5 6 7 plane", "is not a row of numbers"),
        ("1 2 3 4 5 6 7 8 plane 0 0", "is not a row of numbers"),
        ("1 2 3 4 5 6 7 x plane", "is not a row of numbers"),
    ],
)
def test_bad_row_says_why(line, reason):
    """A row that cannot be read is named by its line with what is wrong."""
    found = rows(BOX, line)
    assert [number for number, _ in found.good] == [1]
    assert found.bad == [(2, reason)]


def test_largest_class_is_read():
    """A class is a whole number below a million."""
    assert rows("999999 0.5 0.5 0.2 0.2", "-1 0.5 0.5 0.2 0.2").bad == []


@pytest.mark.parametrize(
    ("lines", "foreign"),
    [
        (["Hello world"], True),
        (["Hello 1"], True),
        (["cat 0.5 0.5"], False),
        (["cat 0.5 0.5 0.2 0.2 and more words"], False),
        (["cat 0.5 0.5 0.2 wide"], True),
        (["Hello world", "cat 0.5 0.5 0.2 0.2"], False),
        (["Hello world", BOX], False),
        ([""], False),
    ],
)
def test_file_without_anything_like_a_row_is_foreign(lines, foreign):
    """One good row, or two numbers where a box has them, make it a file of labels with mistakes."""
    assert rows(*lines).foreign is foreign


@pytest.mark.parametrize(
    ("value", "far"), [(1.5, False), (2, False), (2.01, True), (-2.01, True), (float("inf"), False)]
)
def test_value_beyond_two_is_far(value, far):
    """An object may reach beyond the border, but no share of an image is above 2."""
    assert is_far((1, [0, 0.5, 0.5, 0.2, value])) is far
    assert is_far((1, [0, value, 0.5, 0.2, 0.2])) is far


def test_class_and_confidence_may_be_large():
    """Only the four numbers of the box are shares."""
    assert not is_far((1, [80, 0.5, 0.5, 0.2, 0.2, 99]))


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ("10 20 30 40 1", "; looks like x1 y1 x2 y2 class"),
        ("10 20 10 40 1", ""),
        ("10 20 5 40 1", ""),
        ("10 20 30 20 1", ""),
        ("10 20 30 15 1", ""),
        ("10 20 30 40 1 1", ""),
        ("1 10 20 30 40", "; looks like pixels"),
        ("1 10 20 30 40\n0 30 20 40 40\n1 10 20 80 40", "; looks like class x1 y1 x2 y2 in pixels"),
        ("1 40 20 30 40", "; looks like pixels"),
    ],
)
def test_corners_are_guessed_where_they_can_be(line, guess):
    """Two corners have the smaller numbers first, before or after the class; nothing else is taken for corners."""
    assert first_far(rows(line)) == (1, f"values beyond 1, so not YOLO{guess}")


def test_most_rows_must_be_far():
    """Half of the rows may be mistakes; more are another format, and the first of them is named."""
    assert first_far(rows(BOX, "0 50 50 20 20")) is None
    assert first_far(rows(BOX, "0 50 50 20 20", "0 60 60 20 20")) == (
        2,
        "values beyond 1, so not YOLO; looks like pixels",
    )


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([BOX], ""),
        ([], "no rows"),
        ([BOX, "word"], "line 2: is not a row of numbers"),
        ([BOX, BOX, "word"], ""),
        (["0 1 1 1 1 1 1 1", BOX], "line 1: 8 columns; a box has 5, an outline an odd number from 7 on"),
        (["0 1 1 1 1 1 1 1", BOX, BOX], ""),
        (["0 50 50 20 20"], "line 1: values beyond 1, so not YOLO; looks like pixels"),
    ],
)
def test_fault_is_what_half_of_the_rows_show(lines, fault):
    """A file is refused where at least half of its rows are bad or odd, or most are far from shares."""
    assert fault_of(rows(*lines)) == fault


@pytest.mark.parametrize(
    ("columns", "plain", "oriented", "pose"),
    [
        (4, "", "", ""),
        (5, "box", "box", "box"),
        (6, "box", "box", "box"),
        (7, "outline", "outline", "outline"),
        (8, "", "", "pose"),
        (9, "outline", "oriented box", "outline"),
        (10, "", "", ""),
        (11, "outline", "outline", "outline"),
    ],
)
def test_columns_tell_what_a_row_is(columns, plain, oriented, pose):
    """Five or six columns are a box, an odd number from seven on an outline, unless the data set says otherwise."""
    layouts = (RowLayout(), RowLayout(oriented=True), RowLayout(pose=8))
    assert tuple(layout.kind(columns) for layout in layouts) == (plain, oriented, pose)


def pose(*points):
    """Return a row with a box around the middle, 0.2 wide and high, and points without visibility."""
    return [0, 0.5, 0.5, 0.2, 0.2, *(number for point in points for number in point)]


def layout(*rows, keypoints=(0, 0)):
    return layout_of(list(enumerate(rows, 1)), keypoints)


@pytest.mark.parametrize(
    ("x", "y", "columns"),
    [(0.605, 0.605, 9 + 2), (0.395, 0.395, 9 + 2), (0.62, 0.5, 0), (0.38, 0.5, 0), (0.5, 0.62, 0), (0.5, 0.38, 0)],
)
def test_keypoints_lie_in_their_box_but_for_a_hundredth(x, y, columns):
    """Points without visibility are keypoints where each lies in its row's box, give or take what rounding does."""
    row = pose((0.5, 0.5), (0, 0), (x, y))
    assert layout(row, row, row).pose == columns


def test_two_rows_could_be_outlines_by_coincidence():
    """Three rows must agree before points are taken for keypoints without visibility."""
    row = pose((0.5, 0.5), (0.45, 0.55), (0.5, 0.55))
    assert layout(row, row) == RowLayout("outline")
    assert layout(row, row, row) == RowLayout("pose", pose=11)


def test_visibility_makes_one_row_a_pose():
    """Every third number after the box is 0, 1 or 2: so regular is no outline."""
    seen = [0, 0.5, 0.5, 0.2, 0.2, 0.9, 0.9, 2, 0.1, 0.1, 0]
    assert layout(seen) == RowLayout("pose", pose=11, visible=True)
    assert layout([*seen[:-1], 3]) == RowLayout("outline")
    assert layout(seen, [*seen, 0.1, 0.1, 0]).pose == 0


def test_data_yaml_says_how_many_columns_a_pose_has():
    """Two keypoints of three numbers each make rows of eleven, whatever the rows look like."""
    assert layout([0, 0.5, 0.5, 0.2, 0.2], keypoints=(2, 3)) == RowLayout("box", pose=11)


def test_four_corners_are_an_oriented_box_unless_outlines_are_near():
    """Boxes, with or without confidence, beside them change nothing; an outline of three vertices does."""
    corners, box, triangle = [0] * 9, [0] * 5, [0] * 7
    assert layout(corners, corners, box, [0] * 6) == RowLayout("oriented box", oriented=True)
    assert layout(corners, corners, triangle) == RowLayout("outline")


def test_keypoints_may_be_of_all_three_visibilities():
    """Not labelled, hidden and visible: a row that has all three is a pose, too, and no fault."""
    row = [0, 0.5, 0.5, 0.2, 0.2, 0.9, 0.9, 2, 0.1, 0.1, 1, 0, 0, 0]
    assert layout(row) == RowLayout("pose", pose=14, visible=True)
    assert fault_of(rows(" ".join(map(str, row)))) == ""


@pytest.mark.parametrize(
    ("sixth", "angled"), [(0, False), (1, False), (0.9, False), (2, False), (1.5, True), (-0.5, True)]
)
def test_sixth_number_is_an_angle_where_it_can_be_no_confidence(sixth, angled):
    """A confidence is between 0 and 1, a track has a whole number; what is neither turns the box."""
    assert layout([0, 0.5, 0.5, 0.2, 0.2, sixth]).angled is angled


def test_most_rows_tell_what_is_usual():
    """Two outlines and one box are a data set of outlines."""
    box, outline = [0] * 5, [0] * 7
    assert layout(box, outline, outline).usual == "outline"
    assert layout(box, box, outline).usual == "box"
    assert layout().usual == "box"


def test_rows_of_dota_are_named_before_other_faults():
    """A heading comes first in DOTA's files; what tells the format is the row with a class after eight numbers."""
    assert fault_of(rows("imagesource:GoogleEarth", "1 2 3 4 5 6 7 8 plane 0")) == (
        "line 2: has eight numbers before its class, so DOTA and not YOLO"
    )
