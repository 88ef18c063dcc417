"""A real browser for what only a browser can show; without one, these tests are skipped and say what is missing."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser():
    """Start a headless Chromium that asks nothing of the network by itself."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no browser: pip install 'annostrat[browser]'")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no browser: install Chromium, for example with apt-get install chromium")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def page(browser):
    """Open an empty page; errors in its console fail the test that caused them."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def node_module():
    """Return the path of a file of an npm package that is installed at the root."""

    def find(package, file):
        path = ROOT / "node_modules" / package / file
        if not path.exists():
            pytest.skip(f"no {package}: npm install --no-save {package}")
        return path

    return find
