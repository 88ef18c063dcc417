"""Intervals hold what they promise: simulated pilots, drawn from worlds whose truth is known."""

import math

import numpy as np
import pytest

from annostrat.measure.answers import images_needed
from annostrat.measure.profile.profile import Silhouettes
from annostrat.measure.shape.mean_shape import agreements, pooled
from annostrat.measure.shape.outlines import GRID
from annostrat.measure.shape.shape_variance import deviations, spread, spread_sums
from annostrat.measure.tables.image_table import GROUPS
from annostrat.measure.tables.intervals import PRODUCT, Estimate, Sums, jackknife, mean, per_image, student_t, wilson


def sums_of(counts, totals):
    """Return the sums over images of objects that each shows and of the sum of their values."""
    there = counts > 0
    c, y = counts[there].astype(float), totals[there]
    products = [round(float(part) * PRODUCT) for part in (y.sum(), (c * c).sum(), (c * y).sum(), (y * y).sum())]
    total, squares, mixed, own = products
    return Sums(len(c), int(c.sum()), total, squares, mixed, own, int((y > 0).sum()), int((y == c).sum()))


def coverage(draw, truth, draws):
    """Return how often an interval holds the truth."""
    found = [draw() for _ in range(draws)]
    return sum(low <= truth <= high for low, high in found) / draws


def test_a_ratio_by_hand():
    """Two kinds of images: 20 with one object of value 0, 20 with three of value 1. The mean is 60 / 80."""
    counts, totals = np.repeat([1, 3], 20), np.repeat([0.0, 3.0], 20)
    found = mean(sums_of(counts, totals))
    assert found.value == 0.75
    # residuals y - r c: -0.75 twenty times, 0.75 twenty times; se = sqrt(40 * 0.5625 / (40 * 39)) / 2
    half = student_t(39) * math.sqrt(40 * 0.5625 / (40 * 39)) / 2
    assert (found.low, found.high) == pytest.approx((0.75 - half, 0.75 + half))
    assert (found.images, found.objects) == (40, 80)


@pytest.mark.parametrize(
    ("degrees", "quantile"), [(8, 2.3060), (19, 2.0930), (39, 2.0227), (99, 1.9842), (100_000, 1.9600)]
)
def test_quantiles_are_those_of_student(degrees, quantile):
    """The expansion agrees with the tables from eight degrees of freedom on."""
    assert student_t(degrees) == pytest.approx(quantile, abs=1e-4)


@pytest.mark.parametrize(
    ("share", "count", "low", "high"), [(0, 20, 0.0, 0.1611), (0.5, 10, 0.2366, 0.7634), (1, 50, 0.9287, 1.0)]
)
def test_wilson_by_the_book(share, count, low, high):
    """The interval of a share of few observations is Wilson's, which never leaves 0 to 1."""
    assert wilson(share, count) == pytest.approx((low, high), abs=1e-4)


def test_an_interval_knows_that_objects_of_an_image_are_alike():
    """Clustered by image, 95 % intervals hold 95 % of the time; as if objects were independent, hardly half."""
    random = np.random.default_rng(2021)

    def pilot():
        counts = 1 + random.poisson(8, 50)
        level = random.beta(2, 2, 50)
        return counts, random.binomial(counts, level).astype(float)

    def ours():
        found = mean(sums_of(*pilot()))
        return found.low, found.high

    def naive():
        counts, totals = pilot()
        share, count = totals.sum() / counts.sum(), counts.sum()
        half = 1.96 * math.sqrt(share * (1 - share) / count)
        return share - half, share + half

    assert 0.925 < coverage(ours, 0.5, 1500) < 0.975
    assert coverage(naive, 0.5, 1500) < 0.8


def test_an_interval_of_what_is_seen_per_image():
    """Images without any count as well: the mean over all images is covered 95 % of the time."""
    random = np.random.default_rng(7)

    def ours():
        counts = random.negative_binomial(2, 0.4, 60)
        found = per_image(sums_of(counts, counts.astype(float)), 60)
        return found.low, found.high

    assert 0.91 < coverage(ours, 3.0, 1500) < 0.975


@pytest.mark.parametrize("rate", [0.01, 0.05])
def test_rare_events_have_an_interval_that_does_not_vanish(rate):
    """Where few images show anything, or none does, Wilson's interval still holds the truth."""
    random = np.random.default_rng(11)

    def ours():
        counts = 1 + random.poisson(3, 60)
        shown = random.random(60) < rate
        found = mean(sums_of(counts, shown * counts * 1.0), share=True)
        return found.low, found.high

    assert coverage(ours, rate, 1500) > 0.93
    nothing = mean(sums_of(np.full(60, 4), np.zeros(60)), share=True)
    assert nothing.low == 0
    assert nothing.high == pytest.approx(0.0602, abs=1e-4)


def test_all_of_something_is_no_certainty_either():
    """Where all objects of all images have something, the interval reaches below 1."""
    found = mean(sums_of(np.full(60, 4), np.full(60, 4.0)), share=True)
    assert found.high == 1
    assert found.low == pytest.approx(0.9398, abs=1e-4)


@pytest.mark.parametrize(("images", "known"), [(19, False), (20, True)])
def test_too_few_images_have_no_interval(images, known):
    """Below twenty images a figure stands alone."""
    found = mean(sums_of(np.full(images, 2), np.linspace(0.2, 1.8, images)))
    assert found.value == pytest.approx(0.5)
    assert (found.low is not None) is known
    assert (found.high is not None) is known


def test_nothing_has_neither_value_nor_interval():
    """Without an object there is nothing to say."""
    assert mean(Sums()) == Estimate(None, None, None, 0, 0)
    assert jackknife(None, [], 100, 0, 1.0) == Estimate(None, None, None, 100, 0)


def test_a_jackknife_needs_groups():
    """Seven groups of images are too few, and so are nineteen images."""
    assert jackknife(0.5, [0.5] * 7, 100, 200, 1.0).low is None
    assert jackknife(0.5, [0.5] * 10, 19, 200, 1.0).low is None
    assert jackknife(0.5, [0.5] * 10, 20, 200, 1.0)[1:3] == (0.5, 0.5)


def test_a_jackknife_by_hand():
    """Without one of 8 groups the figure is 0.49 or 0.51: half = 2.365 * sqrt(7 * 0.01 ** 2)."""
    found = jackknife(0.5, [0.49, 0.51] * 4, 100, 200, 1.0)
    assert found[1:3] == pytest.approx((0.4374, 0.5626), abs=2e-4)
    assert jackknife(0.5, [0.49, None, 0.51] * 4, 100, 200, 1.0) == found
    assert jackknife(0.99, [0.98, 1.0] * 4, 100, 200, 1.0).high == 1
    assert jackknife(0.01, [0.0, 0.02] * 4, 100, 200, 1.0).low == 0


def test_the_jackknife_of_a_spread_covers_it():
    """The standard deviation within a class, of objects that are alike within their image."""
    random = np.random.default_rng(3)

    def ours():
        image = np.repeat(np.arange(150), 4)
        values = random.normal(0, 0.1, 150)[image] + random.normal(0, 0.1, 600)
        group = random.integers(0, GROUPS, 150)[image]
        found = spread([deviations(spread_sums(values, np.zeros(600, np.int64), group, 1))], 150)
        return found.low, found.high

    assert 0.88 < coverage(ours, math.sqrt(0.02), 800) < 0.99


@pytest.mark.slow
def test_the_jackknife_of_silhouettes_covers_their_agreement():
    """Bars of 8 to 32 of 32 columns: the mean of two's minimum over that of their maximum is (16.1) / (23.9)."""
    random = np.random.default_rng(5)
    widths = np.arange(8, 33)
    shorter, longer = (edge(*np.meshgrid(widths, widths)).mean() for edge in (np.minimum, np.maximum))

    def ours():
        found = Silhouettes()
        width, group = random.choice(widths, 200), random.integers(0, GROUPS, 200)
        np.add.at(found.counts, group, 1)
        found.crossings[:, :, 0] = found.counts[:, None]
        for row in range(GRID):
            np.subtract.at(found.crossings, (group, row, width), 1)
        estimate = pooled([agreements(found)], 200)
        return estimate.low, estimate.high

    assert 0.88 < coverage(ours, shorter / longer, 400) < 0.99


MEASURE = {"levels": {"low": [0, 0.12], "moderate": [0.12, 0.6], "high": [0.6, 1]}}


def draw_world(random, images, share):
    counts = 1 + random.poisson(4, images)
    level = random.beta(share * 3, (1 - share) * 3, images)
    return counts, random.binomial(counts, level).astype(float)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.7])
def test_so_many_more_images_settle_an_answer_nearly_always(share):
    """Who labels as many more images as were asked for gets a sure answer, nine times out of ten."""
    random = np.random.default_rng(17)
    counts, totals = draw_world(random, 4_000, share)
    scale = share / (totals.sum() / counts.sum())
    settled = asked = 0
    for _ in range(4_000):
        counts, totals = draw_world(random, 40, share)
        pilot = mean(sums_of(counts, totals), share=True)
        if abs(pilot.value - share * scale) > 0.004:  # a pilot that happens to show what is
            continue
        more = images_needed(MEASURE, pilot)
        asked += 1
        other_counts, other_totals = draw_world(random, more, share)
        whole = mean(sums_of(np.append(counts, other_counts), np.append(totals, other_totals)), share=True)
        settled += any(low <= whole.low and whole.high <= high for low, high in MEASURE["levels"].values())
    assert asked > 40
    assert settled / asked > 0.85


def test_no_number_of_images_settles_what_lies_on_a_border():
    """A value on a border stays there; one very near would take more images than anybody labels."""
    assert images_needed(MEASURE, Estimate(0.12, 0.10, 0.14, 100, 400)) is None
    assert images_needed(MEASURE, Estimate(0.12001, 0.10, 0.14, 1_000, 400)) is None


def test_too_few_images_need_as_many_as_an_interval_takes():
    """Without an interval, the first thing wanted is one."""
    assert images_needed(MEASURE, Estimate(0.5, None, None, 5, 9)) == 15
    assert images_needed(MEASURE, Estimate(None, None, None, 0, 0)) is None
