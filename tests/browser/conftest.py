"""One Chromium and one built site for all tests of pages; they skip, visibly, where there is no Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from pipelines.catalogue import Portal
from pipelines.site import build, write_history
from tests.release_kit import sample

# Root may not sandbox; the rest keeps the browser from talking to its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium: apt-get install chromium")
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """An empty page of its own; at the end an AssertionError if the console saw an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page for one test, which fails if the console saw an error."""
    with new_page(browser) as opened:
        yield opened


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample release with its site and a history."""
    release = sample(tmp_path_factory.mktemp("rilis"))
    build(release, Portal(nama="Portal Contoh"))
    change = {"slug": "dinas-balita", "judul": "Balita menurut jenis kelamin", "jenis": "berubah", "baris_lama": 18,
              "baris_baru": 20, "ditambah": 2, "dihapus": 0, "diubah": 0, "kalimat": ["2 baris baru."]}  # fmt: skip
    write_history(release, [{"versi": "0123456789ab", "tanggal": "2025-03-01", "sebelum": None, "dataset": [change]}])
    return release
