"""Exact geometry against brute force, against shapely and against pycocotools, on shapes that nobody chose."""

import math
import tracemalloc

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pycocotools import mask as coco_masks

from annostrat.annotations.masks.runs import mask_of_pixels
from annostrat.measure.shape import masks, outlines
from annostrat.measure.shape.hulls import hull_areas
from annostrat.measure.shape.outlines import GRID, Outlines

WHOLE = st.integers(0, 40)
POINTS = st.lists(st.tuples(WHOLE, WHOLE), min_size=3, max_size=14)
FINE = st.floats(-1000, 1000, allow_nan=False).map(lambda value: round(value, 3))
PIXELS = st.integers(1, 12).flatmap(
    lambda width: st.lists(st.lists(st.booleans(), min_size=width, max_size=width), min_size=1, max_size=12)
)
MOVES = st.tuples(st.floats(0.1, 50), st.floats(-500, 500), st.floats(-500, 500))


@st.composite
def simple(draw):
    """Return an outline that does not cross itself: a ring of points at rising angles around a middle."""
    count = draw(st.integers(3, 16))
    steps = draw(st.lists(st.floats(0.2, 1), min_size=count, max_size=count))
    reach = draw(st.lists(st.floats(5, 40), min_size=count, max_size=count))
    angles = np.cumsum(steps) / sum(steps) * 2 * math.pi
    assume(np.diff(angles, append=angles[0] + 2 * math.pi).max() < math.pi - 0.05)
    return [(50 + r * math.cos(a), 50 + r * math.sin(a)) for r, a in zip(reach, angles, strict=True)]


def traced(*objects):
    """Return objects, each a list of parts, as edges."""
    parts = [np.array(part, float) for parts in objects for part in parts]
    starts = np.cumsum([0, *map(len, parts)])
    return outlines.trace(Outlines(np.concatenate(parts), starts, np.cumsum([0, *map(len, objects)])))


def shapes(*objects):
    return outlines.shapes(traced(*objects))


def silhouette(*parts):
    return summed(outlines, traced(list(parts)))


def summed(of, shapes_):
    """Return the silhouette of one object, which outlines or masks draw."""
    sums = np.zeros((1, GRID, GRID + 1), np.int32)
    of.add_crossings(sums, np.zeros(1, np.int64), shapes_)
    return outlines.covered(sums)[0]


@given(simple())
def test_area_and_hull_are_those_of_shapely(outline):
    """The shoelace and the hull of many at once agree with a library that does one at a time."""
    polygon = shapely.Polygon(outline)
    assume(polygon.is_valid)
    found = shapes([outline])
    assert found.area[0] == pytest.approx(polygon.area)
    assert found.solidity[0] == pytest.approx(polygon.area / polygon.convex_hull.area)
    assert found.extents[0].tolist() == pytest.approx(list(polygon.bounds))


@given(st.lists(POINTS, min_size=1, max_size=8))
def test_hulls_of_whatever_points_are_those_of_shapely(objects):
    """Crossing lines, repeated points, points on a line: every hull is right, also beside others."""
    points = np.array([point for part in objects for point in part], float)
    first = np.cumsum([0, *map(len, objects)])
    found = hull_areas(points[:, 0].copy(), points[:, 1].copy(), first)
    assert found.tolist() == pytest.approx([shapely.MultiPoint(part).convex_hull.area for part in objects], abs=1e-9)


@given(st.lists(st.tuples(FINE, FINE), min_size=1, max_size=60))
def test_hulls_of_fractions_are_those_of_shapely(points):
    """The same with fractions, which round."""
    x, y = np.array(points).T
    found = hull_areas(x.copy(), y.copy(), np.array([0, len(points)]))
    assert found[0] == pytest.approx(shapely.MultiPoint(points).convex_hull.area, rel=1e-9, abs=1e-6)


def test_the_hull_of_a_round_object_with_a_spike_is_that_of_shapely():
    """An object that loses one vertex after the other is measured right, also beside others."""
    turn = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    spiked = np.vstack([np.stack([np.cos(turn), np.sin(turn)], axis=1), [[60, 95]]])
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4]])
    points = np.vstack([square, spiked, square])
    found = hull_areas(points[:, 0].copy(), points[:, 1].copy(), np.array([0, 4, 305, 309]))
    assert found.tolist() == pytest.approx([16, shapely.MultiPoint(spiked).convex_hull.area, 16])


@given(simple(), MOVES)
def test_shape_does_not_depend_on_place_and_size(outline, move):
    """An object that is moved and scaled keeps its figures, and its area grows with the square."""
    scale, right, down = move
    moved = [(x * scale + right, y * scale + down) for x, y in outline]
    one, other = shapes([outline]), shapes([moved])
    assert other.area[0] == pytest.approx(one.area[0] * scale**2)
    for figure in ("elongation", "circularity", "solidity"):
        assert getattr(other, figure)[0] == pytest.approx(getattr(one, figure)[0], abs=1e-4)


@given(simple(), st.floats(0, 6.3))
def test_shape_does_not_depend_on_how_it_is_turned(outline, turn):
    """Neither elongation nor circularity nor solidity knows which way is up."""
    turned = [(x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)) for x, y in outline]
    one, other = shapes([outline]), shapes([turned])
    for figure in ("area", "elongation", "circularity", "solidity"):
        assert getattr(other, figure)[0] == pytest.approx(getattr(one, figure)[0], abs=1e-6)


@given(simple(), st.integers(0, 15), st.booleans())
def test_shape_does_not_depend_on_where_and_which_way_it_was_drawn(outline, start, backward):
    """Clockwise or not, from any vertex on: it is the same outline, and the same silhouette."""
    start %= len(outline)
    other = outline[start:] + outline[:start]
    other = other[::-1] if backward else other
    for one, two in zip(shapes([outline]), shapes([other]), strict=True):
        assert one[0] == pytest.approx(two[0])
    assert np.abs(silhouette(outline) - silhouette(other)).sum() <= 1  # a middle that lies on an edge goes either way


@given(st.lists(simple(), min_size=2, max_size=6))
def test_outlines_do_not_disturb_each_other(several):
    """Measured together or one by one: the same to the last bit."""
    together = shapes(*([outline] for outline in several))
    for number, outline in enumerate(several):
        alone = shapes([outline])
        assert [column[number].tolist() for column in together] == [column[0].tolist() for column in alone]


@given(simple())
def test_moments_are_those_of_a_fine_raster(outline):
    """Elongation and circularity from the edges are what counting a hundred thousand points gives."""
    found = shapes([outline])
    polygon = shapely.Polygon(outline)
    assume(polygon.is_valid and found.solidity[0] > 0.1)
    x1, y1, x2, y2 = polygon.bounds
    x, y = np.meshgrid(np.linspace(x1, x2, 400), np.linspace(y1, y2, 400))
    inside = shapely.contains_xy(polygon, x, y)
    x, y = x[inside], y[inside]
    cell = (x2 - x1) * (y2 - y1) / 399**2
    low, high = np.linalg.eigvalsh(np.cov(x, y))
    assert found.area[0] == pytest.approx(inside.sum() * cell, rel=0.03)
    assert found.elongation[0] == pytest.approx(1 - math.sqrt(low / high), abs=0.03)
    assert found.circularity[0] == pytest.approx(polygon.area / (2 * math.pi * (low + high)), rel=0.05)


@given(simple())
def test_silhouettes_are_what_a_grid_over_the_box_sees(outline):
    """A pixel of the 32 x 32 is set if its middle lies inside the outline, stretched to fill the square."""
    polygon = shapely.Polygon(outline)
    assume(polygon.is_valid)
    x1, y1, x2, y2 = polygon.bounds
    middle = (np.arange(GRID) + 0.5) / GRID
    x, y = np.meshgrid(x1 + middle * (x2 - x1), y1 + middle * (y2 - y1))
    found = silhouette(outline).astype(bool)
    sure = shapely.distance(shapely.points(x, y), polygon.boundary) > 1e-3
    assert (found == shapely.contains_xy(polygon, x, y))[sure].all()


@given(PIXELS)
def test_area_of_masks_is_that_of_pycocotools(pixels):
    """Pixels are counted alike."""
    assume(any(map(any, pixels)))
    grid = np.array(pixels, np.uint8)
    found = masks.shapes([mask_of_pixels(grid.astype(bool), 3, 4)])
    assert found.area[0] == coco_masks.area(coco_masks.encode(np.asfortranarray(grid)))


@given(PIXELS)
def test_moments_and_hull_of_masks_are_those_of_their_squares(pixels):
    """A mask is the union of its pixels, each a square: shapely makes the same of these."""
    grid = np.array(pixels, bool)
    assume(grid.any())
    found = masks.shapes([mask_of_pixels(grid)])
    rows, columns = np.nonzero(grid)
    squares = shapely.box(columns, rows, columns + 1, rows + 1)
    hull = shapely.union_all(squares).convex_hull
    assert found.solidity[0] == pytest.approx(len(rows) / hull.area)
    spread = columns.var() + rows.var() + 2 / 12
    assert found.circularity[0] == pytest.approx(min(len(rows) / (2 * math.pi * spread), 1))


@given(PIXELS)
def test_parts_of_masks_are_those_that_flooding_finds(pixels):
    """Two runs belong together if they touch, in a corner too: as flooding from pixel to pixel says."""
    grid = np.array(pixels, bool)
    assume(grid.any())
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(grid), strict=True)}
    waiting = [left.pop()]
    while waiting:
        row, column = waiting.pop()
        near = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
        left -= near
        waiting += near
    assert masks.has_parts(mask_of_pixels(grid)) == bool(left)


@pytest.mark.slow
@pytest.mark.parametrize("parts", [1, 2])
def test_parts_of_a_mask_of_many_runs_are_found_in_little_memory(parts):
    """A chequered mask, each of whose pixels is a run, touches in its corners; it takes neither long nor much."""
    grid = np.indices((2_000, 2_000)).sum(axis=0) % 2 == 0
    grid[1_000:1_002, :] &= parts == 1
    mask = mask_of_pixels(grid)
    tracemalloc.start()
    try:
        assert masks.has_parts(mask) == (parts > 1)
        assert tracemalloc.get_traced_memory()[1] < 250_000_000
    finally:
        tracemalloc.stop()


@given(PIXELS)
def test_silhouettes_of_masks_take_the_pixel_under_each_middle(pixels):
    """Stretched to 32 x 32, each place shows the pixel that lies there."""
    mask = mask_of_pixels(np.array(pixels, bool))
    assume(mask is not None)
    grid = mask.pixels
    found = summed(masks, [mask])
    height, width = grid.shape
    for row in range(0, GRID, 5):
        for column in range(GRID):
            assert found[row, column] == grid[int((row + 0.5) * height / GRID), int((column + 0.5) * width / GRID)]


def test_an_outline_of_a_hundred_thousand_vertices_is_measured():
    """A contour traced pixel by pixel is long, and no reason to give up: a disc stays a disc."""
    turn = np.linspace(0, 2 * math.pi, 100_001)[:-1]
    found = shapes([np.stack([np.cos(turn), np.sin(turn)], axis=1) * 300 + 300])
    assert found.area[0] == pytest.approx(math.pi * 300**2, rel=1e-6)
    assert found.circularity[0] == pytest.approx(1, abs=1e-6)
    assert found.solidity[0] == pytest.approx(1, abs=1e-6)


def test_an_outline_that_encloses_nothing_has_no_shape():
    """Points on a line, or all in one place, have an area of 0 and no figure; the ones beside them are unharmed."""
    found = shapes([[(0, 0), (5, 5), (9, 9)]], [[(3, 3), (3, 3), (3, 3)]], [[(0, 0), (4, 0), (0, 4)]])
    assert found.area.tolist() == [0, 0, 8]
    assert np.isnan(found.elongation).tolist() == [True, True, False]
    assert found.solidity[2] == 1
