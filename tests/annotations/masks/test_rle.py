import numpy as np
import pycocotools.mask as coco
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from annostrat.annotations.masks.rle import RunsError, mask_of_rle

images = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40), elements=st.booleans())


def runs_of(image):
    """Return uncompressed runs, counted pixel by pixel."""
    runs, state = [0], False
    for pixel in image.T.ravel().tolist():
        if pixel != state:
            runs.append(0)
            state = pixel
        runs[-1] += 1
    return runs


def whole(mask, shape):
    image = np.zeros(shape, bool)
    if mask is not None:
        height, width = mask.pixels.shape
        image[mask.top : mask.top + height, mask.left : mask.left + width] = mask.pixels
    return image


@given(images)
def test_masks_packed_by_pycocotools_are_unpacked_exactly(image):
    """What COCO's own library writes is read back pixel by pixel, from packed and from plain runs."""
    packed = coco.encode(np.asfortranarray(image.astype(np.uint8)))["counts"]
    for counts in (packed, packed.decode(), runs_of(image)):
        mask = mask_of_rle(counts, *image.shape)
        assert (whole(mask, image.shape) == image).all()
        assert (mask is None) == (not image.any())


@given(images.filter(lambda image: image.any()))
def test_a_mask_is_cropped_to_its_pixels(image):
    """Each outer row and column of the crop has a set pixel."""
    pixels = mask_of_rle(runs_of(image), *image.shape).pixels
    assert all(edge.any() for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))


def test_a_large_mask_is_unpacked_exactly():
    """Runs of thousands of pixels, as in photographs, take several characters each and differ by negative numbers."""
    image = np.zeros((1080, 1920), bool)
    image[100:900, 300:1500] = True
    image[200:210, 310:1700] ^= True
    packed = coco.encode(np.asfortranarray(image.astype(np.uint8)))["counts"]
    assert (whole(mask_of_rle(packed, 1080, 1920), image.shape) == image).all()


def test_a_small_example_is_at_its_place():
    """Runs go down the columns, the first of pixels that are not set."""
    mask = mask_of_rle([4, 2, 6], 3, 4)
    assert (mask.left, mask.top, mask.pixels.tolist()) == (1, 1, [[True], [True]])


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([4, 2, 5], r"the runs fill 11 pixels, the image has 4 x 3 = 12"),
        ([4, 2, 60], r"the runs fill 66 pixels"),
        ([], r"the runs fill 0 pixels"),
        ("", r"the runs fill 0 pixels"),
        ([13, -1], r"a run of -1 pixels"),
        ([2**62, 2**62, 2**62, 2**62, 12], r"the runs fill 18446744073709551628 pixels"),
        ([10**30], r"not a list of whole numbers"),
        ([1.5, 10.5], r"not a list of whole numbers"),
        ([1.0, -1e300, 11.0], r"a run of -1 pixels"),
        ([1.0, 1e300], r"not a list of whole numbers"),
        ([float("inf"), 1.0], r"not a list of whole numbers"),
        ([[1], [2, 3]], r"not a list of numbers"),
        (["1", "11"], r"not a list of whole numbers"),
        ([True, False], r"not a list of whole numbers"),
        (b"PPY", r"damaged"),
        ("\x00", r"damaged"),
        ("ö", r"damaged"),
        ("\ud800", r"damaged"),
        ("P" * 50 + "0", r"longer than any image"),
    ],
)
def test_runs_that_do_not_fill_the_image_are_refused(counts, message):
    """Runs that are too short, too long or no runs are an error that says what they fill."""
    with pytest.raises(RunsError, match=message):
        mask_of_rle(counts, 3, 4)


@pytest.mark.parametrize("size", [(0, 4), (3, -1), (10**9, 10**9)])
def test_sizes_that_no_image_has_are_refused(size):
    """A size of zero, below it, or beyond all memory is an error, whatever the runs are."""
    with pytest.raises(RunsError, match="mask of"):
        mask_of_rle([0, size[0] * size[1]], *size)


@given(st.binary(max_size=30) | st.text(max_size=30) | st.lists(st.integers(-5, 50)), st.integers(1, 9))
@pytest.mark.slow
def test_nothing_but_runs_errors_escape(counts, side):
    """Whatever stands in a file, the outcome is a mask, no mask, or the one error."""
    try:
        mask = mask_of_rle(counts, side, side)
    except RunsError:
        return
    assert mask is None or mask.pixels.any()


def test_whole_numbers_may_be_written_as_floats():
    """MATLAB and pandas write 3.0 for 3."""
    assert mask_of_rle([1.0, 4.0, 7.0], 3, 4).area == 4
