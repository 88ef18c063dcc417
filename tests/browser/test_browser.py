"""The browser that the other tests of this folder look with."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_browser_shows_a_page_of_our_own(page):
    """The browser starts, lays out text and runs scripts, without any network."""
    page.set_content("<title>Boxes</title><p>masks</p>")
    assert page.title() == "Boxes"
    assert page.evaluate("document.querySelector('p').getBoundingClientRect().width") > 0
