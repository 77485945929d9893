"""The SQL page in a browser: from a server and from a USB stick, with the real engine over real Parquet files."""

from __future__ import annotations

import csv
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from pipelines.catalogue import Portal, datasets
from pipelines.formats import write_parquet
from pipelines.site import build, write_history
from pipelines.site.environment import environment
from pipelines.site.sql_page import ENGINE, write_sql_page
from pipelines.site.vendor import VENDOR
from tests.browser import axe
from tests.browser.conftest import new_page
from tests.release_kit import column, sample, write_dataset

pytestmark = pytest.mark.skipif(
    not all((VENDOR / name).exists() for name in ENGINE), reason="no engine: python -m pipelines.site"
)
PORTAL = Portal(nama="Portal Contoh")
LONG_MS = 30_000  # the engine starts in a second or two; a busy machine may need longer
ROWS = 130_000  # more than one row group


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, and a longer table in the compression of a real release."""
    release = sample(tmp_path_factory.mktemp("rilis"))
    query = f"SELECT i AS nomor, 'teks ' || i AS teks, (i / 100)::DECIMAL(12,2) AS nilai FROM range({ROWS}) r(i)"
    fields = [column("nomor", "integer"), column("teks"), column("nilai", "number", "ukuran")]
    folder = write_dataset(release, "dinas-panjang.baru", query, fields, title="Panjang")
    with duckdb.connect() as con:
        kinds = {"nomor": "BIGINT", "teks": "VARCHAR", "nilai": "DECIMAL(12,2)"}
        write_parquet(con, f"({query})", kinds, folder / f"{folder.name}.parquet")
    build(release, PORTAL)
    write_history(release, [])
    write_sql_page(release, environment(PORTAL), datasets(release))
    return release


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(release: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=release)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(page: Page, sql: str | None = None) -> None:
    if sql is not None:
        page.get_by_label("SQL (Ctrl+Enter").fill(sql)
    page.get_by_role("button", name="Jalankan").click()
    expect(page.get_by_role("button", name="Jalankan")).to_be_enabled(timeout=LONG_MS)


def table(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(
        "() => [...document.querySelectorAll('#tabel-hasil tr')].map((r) => [...r.children].map((c) => c.textContent))"
    )
    return found


def cells(download: Download) -> list[list[str]]:
    with Path(download.path()).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="session")
def arrived(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """The served page as the link of a dataset leads to it, and all addresses that it asks for, then and later."""
    loaded: list[str] = []
    with new_page(browser) as page:
        page.on("request", lambda request: loaded.append(request.url))
        page.goto(f"{address}/situs/dinas-balita.html")
        page.get_by_role("link", name="Buka di SQL").click()
        yield page, loaded


@pytest.fixture(scope="session")
def started(arrived: tuple[Page, list[str]]) -> Page:
    """The same page when its engine runs: most tests need no other."""
    page, _ = arrived
    run(page, "SELECT 1")
    return page


@pytest.fixture(scope="session")
def stick(browser: Browser, release: Path) -> Iterator[Page]:
    """The page opened from the disk, with the folder handed over."""
    with new_page(browser) as page:
        page.goto(f"{release.as_uri()}/situs/sql.html#dinas-balita")
        run(page)
        expect(page.get_by_role("alert")).to_contain_text("dinas-balita.parquet")
        expect(page.locator("#folder")).to_be_focused()
        page.locator("#folder").set_input_files(release)
        expect(page.locator("#terpilih")).to_have_text("4 berkas Parquet siap.")
        yield page


def test_the_link_of_a_dataset_brings_its_columns_and_first_example(arrived: tuple[Page, list[str]]) -> None:
    """The first test here: the page has run no query yet."""
    page, loaded = arrived
    expect(page.locator("#nama-tabel")).to_have_text("dinas_balita")
    expect(page.locator("#kolom")).to_contain_text("status_nilai_balita")
    expect(page.locator("#sql-teks")).to_have_value("SELECT *\nFROM dinas_balita\nLIMIT 10")
    assert not [url for url in loaded if "duckdb" in url or url.endswith(".parquet")], "nothing heavy before a query"
    run(page)
    rows = table(page)
    assert rows[0][:3] == ["kode_wilayah", "nama_kabupaten_kota", "jenis"]
    assert len(rows) == 11
    assert any(url.endswith("dinas-balita.parquet") for url in loaded)
    expect(page.locator("#status")).to_contain_text("10 baris dalam")


def test_every_example_of_every_dataset_runs(started: Page) -> None:
    slugs = started.eval_on_selector_all("#tabel option[value]:not([value=''])", "all => all.map((one) => one.value)")
    assert "opd-jahat" in slugs
    for slug in slugs:
        started.get_by_label("Pilih kumpulan data").select_option(slug)
        expect(started.locator("#halaman-tabel")).to_have_attribute("href", f"{slug}.html")
        for button in started.locator("#contoh button").all():
            button.click()
            run(started)
            expect(started.locator("#galat")).to_be_hidden()
            expect(started.locator("#hasil")).to_be_visible()
            assert table(started)[0] != [], button.inner_text()


def test_the_answer_is_that_of_duckdb_on_this_machine(started: Page, release: Path) -> None:
    sql = """SELECT s.nama_kabupaten_kota AS k, jenis, sum(balita) AS n, avg(persen_gizi) AS r, max(tahun) AS t
             FROM dinas_balita s GROUP BY ALL ORDER BY ALL"""
    run(started, sql)
    here = sql.replace("dinas_balita", f"'{release}/dinas-balita/dinas-balita.parquet'")
    query = f"SELECT coalesce(COLUMNS(*)::VARCHAR, '') FROM ({here})"
    assert table(started)[1:] == [list(row) for row in duckdb.sql(query).fetchall()]


def test_a_long_result_comes_in_pages_and_downloads_whole(started: Page) -> None:
    run(started, "SELECT * FROM dinas_panjang_baru ORDER BY nomor")
    expect(started.locator("#nomor-halaman")).to_have_text("Baris 1–100 dari 130.000")
    assert table(started)[1] == ["0", "teks 0", "0.00"]
    started.locator("#sesudah").press("Enter")
    expect(started.locator("#nomor-halaman")).to_have_text("Baris 101–200 dari 130.000")
    assert table(started)[1] == ["100", "teks 100", "1.00"]
    with started.expect_download() as download:
        started.get_by_role("button", name="Unduh CSV").click()
    assert download.value.suggested_filename == "hasil.csv"
    rows = cells(download.value)
    assert len(rows) == ROWS + 1
    assert rows[-1] == ["129999", "teks 129999", "1299.99"]


def test_a_downloaded_text_is_no_formula_and_a_number_stays_one(started: Page) -> None:
    sql = """SELECT '=1+1' AS "a ""b", -5 AS n, 'baris\nbaru, "kutip"' AS t, NULL AS kosong, '＝x' AS lebar"""
    run(started, sql)
    with started.expect_download() as download:
        started.get_by_role("button", name="Unduh CSV").click()
    rows = cells(download.value)
    assert rows == [['a "b', "n", "t", "kosong", "lebar"], ["'=1+1", "-5", 'baris\nbaru, "kutip"', "", "'＝x"]]


@pytest.mark.parametrize(
    ("sql", "said", "line"),
    [
        ("SELECT *\nFRM dinas_balita", "Ada yang salah pada baris 2.", "FRM dinas_balita"),
        ("SELECT salah\nFROM dinas_balita", "Referenced column", None),
        ("SELECT 1 /* belum", "Ada yang salah", None),
        ("DROP VIEW dinas_balita", "Hanya perintah yang membaca data", None),
        ("SELECT 1; DROP VIEW dinas_balita", "baris 1", "SELECT 1; DROP VIEW dinas_balita"),
        ("FROM tak_ada", "tak_ada", None),
        ("", "Hanya perintah", None),
        ("FROM 'http://127.0.0.1:9/x.parquet'", "Tidak dapat dijalankan.", None),
    ],
)
def test_an_error_says_where(started: Page, sql: str, said: str, line: str | None) -> None:
    run(started, sql)
    expect(started.get_by_role("alert")).to_contain_text(said)
    expect(started.locator("#hasil")).to_be_hidden()
    if line:
        chosen = "() => { const t = document.activeElement; return t.value.slice(t.selectionStart, t.selectionEnd) }"
        assert started.evaluate(chosen) == line
    run(started, "SELECT 42 AS n")
    expect(started.locator("#galat")).to_be_hidden()
    assert table(started) == [["n"], ["42"]]


def test_a_query_that_does_not_end_can_be_stopped(started: Page) -> None:
    started.get_by_label("SQL (Ctrl+Enter").fill("SELECT count(*) FROM range(1000000) a, range(1000000) b")
    started.get_by_role("button", name="Jalankan").click()
    started.get_by_role("button", name="Hentikan").click()
    expect(started.locator("#status")).to_have_text("Dihentikan.")
    run(started, "SELECT count(*) FROM dinas_balita")
    assert table(started)[1] == ["20"]


def test_from_a_stick_the_reader_hands_over_the_folder(stick: Page) -> None:
    run(stick, "SELECT count(*) FROM dinas_balita, dinas_sekolah")
    assert table(stick)[1] == ["600"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(stick: Page, scheme: Literal["light", "dark"]) -> None:
    stick.emulate_media(color_scheme=scheme)
    run(stick, "SELECT * FROM dinas_balita")
    assert axe.violations(stick) == []
    run(stick, "SELECT salah")
    assert axe.violations(stick) == []


def test_in_english_and_on_a_narrow_screen(stick: Page) -> None:
    stick.set_viewport_size({"width": 360, "height": 740})
    stick.get_by_role("button", name="English").click()
    expect(stick.get_by_role("heading", level=1)).to_have_text("Ask the data in SQL")
    expect(stick.locator("#contoh")).to_contain_text("The first ten rows")
    stick.get_by_label("SQL (Ctrl+Enter").fill("SELECT * FROM dinas_balita")
    stick.get_by_role("button", name="Run").click()
    expect(stick.locator("#status")).to_contain_text("20 rows in", timeout=LONG_MS)
    assert stick.evaluate("() => document.documentElement.scrollWidth") == 360
    stick.get_by_role("button", name="Bahasa Indonesia").click()
    expect(stick.get_by_role("heading", level=1)).to_have_text("Tanya data dengan SQL")


def test_the_keyboard_is_enough(started: Page) -> None:
    # Nothing of what is awaited stands there already; an empty text takes the example of what is chosen.
    run(started, "SELECT 1")
    started.get_by_label("SQL (Ctrl+Enter").fill("")
    started.get_by_label("Pilih kumpulan data").focus()
    started.keyboard.type("Sekolah")
    expect(started.locator("#nama-tabel")).to_have_text("dinas_sekolah")
    for _ in range(30):
        started.keyboard.press("Tab")
        if started.evaluate("() => document.activeElement.id") == "sql-teks":
            break
    started.keyboard.press("Control+Enter")
    expect(started.locator("#status")).to_contain_text("10 baris", timeout=LONG_MS)
    reached = []
    for _ in range(6):
        started.keyboard.press("Tab")
        reached.append(started.evaluate("() => document.activeElement.id"))
    assert "unduh-csv" in reached
    assert "tabel-hasil" in reached
