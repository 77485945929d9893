"""The catalogue site in a browser, opened from the disk: what a visitor does, by mouse, keyboard and telephone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.site.vendor import VENDOR
from tests.browser.axe import violations
from tests.browser.conftest import new_page

PAGES = ["index.html", "situs/dinas-balita.html", "situs/dinas-sekolah.html", "situs/opd-jahat.html",
         "situs/dinas-lama.html", "situs/tentang.html", "situs/referensi-batas_wilayah.html"]  # fmt: skip


def visit(page: Page, site: Path, path: str) -> Page:
    page.goto(f"{(site / path.split('#')[0]).as_uri()}{path[path.find('#') :] if '#' in path else ''}")
    return page


def shown_whole(page: Page) -> None:
    """Bring in what comes only when it is seen, as the first key does."""
    page.keyboard.press("Shift")
    expect(page.locator("[data-skrip], [aria-busy]")).to_have_count(0)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One page for all tests that only look: they leave nothing behind."""
    with new_page(browser) as opened:
        yield opened


def titles(page: Page) -> list[str]:
    return page.locator("#hasil h3").all_inner_texts()


def test_search_finds_titles_columns_and_agencies(page: Page, site: Path) -> None:
    visit(page, site, "index.html")
    expect(page.locator("#jumlah")).to_have_text("4 kumpulan data")
    assert titles(page)[0] == "Sekolah"  # the newest
    for words, found in (("balita", ["Balita menurut jenis kelamin"]), ("jenjang", ["Sekolah"]),
                         ("GIZI anak", ["Balita menurut jenis kelamin"]), ("tidak mungkin", [])):  # fmt: skip
        page.get_by_label("Cari menurut judul").fill(words)
        assert titles(page) == found, words
    expect(page.locator("#jumlah")).to_contain_text("Tidak ada yang cocok")


def test_filters_narrow_and_stand_in_the_address(page: Page, site: Path) -> None:
    visit(page, site, "index.html")
    page.get_by_label("Topik").select_option("Pendidikan")
    assert titles(page) == ["Sekolah"]
    page.get_by_label("Wilayah").select_option(label="Kabupaten Edelweis")
    assert titles(page) == []
    page.get_by_label("Topik").select_option("")
    assert titles(page) == ["Balita menurut jenis kelamin"]
    page.get_by_label("Tahun data").select_option("2024")
    assert titles(page) == ["Balita menurut jenis kelamin"]
    asked = page.url
    page.get_by_role("button", name="Hapus semua saringan").click()
    assert len(titles(page)) == 4
    page.goto("about:blank")
    page.goto(asked)
    assert titles(page) == ["Balita menurut jenis kelamin"]
    expect(page.get_by_label("Tahun data")).to_have_value("2024")


def test_map_by_mouse(page: Page, site: Path) -> None:
    visit(page, site, "situs/dinas-balita.html")
    places = page.locator("#peta [role=option]")
    expect(places).to_have_count(6)
    told = page.locator("#tentang-tempat")
    page.locator("[data-kode='33.03']").hover()
    expect(told).to_have_text("Kabupaten Cempaka: 310 orang")
    page.locator("[data-kode='33.03']").click()
    expect(page.locator("#judul-grafik")).to_contain_text("Kabupaten Cempaka")
    expect(page.locator("#p-tempat")).to_have_value("33.03")
    # A hidden number and a missing one are not zero, and do not look alike.
    page.locator("[data-kode='33.02']").hover()
    expect(told).to_have_text("Kabupaten Bakung: disembunyikan")
    page.locator("[data-kode='33.06']").hover()
    expect(told).to_have_text("Kabupaten Flamboyan: tidak ada angka")
    kinds = [page.locator(f"[data-kode='33.0{n}']").get_attribute("class") for n in (2, 6)]
    assert kinds == ["wilayah sembunyi", "wilayah kosong"]
    page.get_by_label("Angka", exact=True).select_option("Persen gizi")
    page.locator("[data-kode='33.03']").hover()
    expect(told).to_have_text("Kabupaten Cempaka: 4,5%")
    page.get_by_label("Angka", exact=True).select_option("Balita")
    page.locator("#p-g0").select_option("Perempuan")
    page.locator("#p-waktu").select_option(label="2023")
    page.locator("[data-kode='33.03']").hover()
    expect(told).to_have_text("Kabupaten Cempaka: 312 orang")


def test_map_and_chart_by_keyboard_alone(page: Page, site: Path) -> None:
    visit(page, site, "situs/dinas-balita.html")
    expect(page.locator("#peta [role=option]")).to_have_count(6)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "listbox":
            break
    told = page.locator("#tentang-tempat")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text("Kabupaten Cempaka: 310 orang")
    page.keyboard.press("Enter")
    expect(page.locator("#judul-grafik")).to_contain_text("Kabupaten Cempaka")
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("Kabupaten Dahlia")
    # The same as a table, for those whom a map does not help.
    page.get_by_label("Grafik menurut", exact=True).select_option("Wilayah")
    expect(page.locator("#tabel-angka tr")).to_have_count(0)
    page.get_by_text("Lihat angka ini sebagai tabel").press("Enter")
    expect(page.locator("#tabel-angka tbody tr")).to_have_count(5)


def test_points(page: Page, site: Path) -> None:
    visit(page, site, "situs/dinas-sekolah.html")
    expect(page.locator("#peta circle")).to_have_count(29)
    expect(page.locator("#tentang-tempat")).to_contain_text("1 baris")
    assert page.locator("#peta circle title").first.text_content() == "Sekolah 1"
    # Things are counted where shapes are coloured.
    page.get_by_label("Gambar peta", exact=True).select_option("Warna wilayah")
    page.get_by_label("Tingkat wilayah", exact=True).select_option("Kabupaten/kota")
    page.locator("[data-kode='33.01']").hover()
    expect(page.locator("#tentang-tempat")).to_have_text("Kabupaten Anggrek: 10 baris")


def test_downloads_are_what_they_say(page: Page, site: Path) -> None:
    visit(page, site, "situs/dinas-balita.html")
    links = page.locator("a.unduh")
    names = [link.get_attribute("href") or "" for link in links.all()]
    assert [name.rsplit(".", 1)[1] for name in names] == ["csv", "parquet"]
    page.get_by_text("Kamus, kode acuan dan sidik berkas").click()
    told = page.locator(".sidik dd").all_inner_texts()
    assert told == [hashlib.sha256((site / "situs" / name).read_bytes()).hexdigest() for name in names]


def test_language_is_switched_and_remembered(page: Page, site: Path) -> None:
    visit(page, site, "situs/dinas-balita.html")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Column dictionary")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Balita menurut jenis kelamin")
    expect(page.locator("h1")).to_have_attribute("lang", "id")
    shown_whole(page)
    expect(page.locator("#riwayat")).to_contain_text("1 March 2025")
    visit(page, site, "index.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find open data")
    expect(page.locator("#jumlah")).to_have_text("4 datasets")
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cari data terbuka")


def test_from_search_to_download_by_keyboard(page: Page, site: Path) -> None:
    visit(page, site, "index.html")
    page.keyboard.press("Tab")
    expect(page.locator(".lompat")).to_be_focused()
    assert page.locator(".lompat").bounding_box()["x"] >= 0  # type: ignore[index]
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("balita")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dinas-balita.html")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('unduh')"):
            break
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename == "dinas-balita.csv"


def test_citation_and_history(page: Page, site: Path) -> None:
    visit(page, site, "situs/dinas-balita.html")
    page.locator("#bagian-versi").scroll_into_view_if_needed()
    expect(page.locator("#riwayat")).to_contain_text("2 baris baru.")
    page.get_by_role("button", name="Salin kutipan").click()
    expect(page.locator("#tersalin")).not_to_be_empty()


@pytest.mark.parametrize("path", PAGES)
def test_a_telephone_needs_no_sideways_scrolling(window: Page, site: Path, path: str) -> None:
    window.set_viewport_size({"width": 360, "height": 740})
    visit(window, site, path)
    shown_whole(window)
    assert window.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(window: Page, site: Path, path: str) -> None:
    if not (VENDOR / "axe.min.js").is_file():
        pytest.skip("this machine has no axe-core yet: python -m pipelines.site")
    window.set_viewport_size({"width": 1280, "height": 900})
    visit(window, site, path)
    shown_whole(window)
    window.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    # A scheme is only other colours in the style sheet; without motion the page wears them at once.
    for dark in (False, True):
        window.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        assert window.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark
        assert violations(window) == []


def test_a_telephone_draws_what_is_seen_and_nothing_moves(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 600})
    page.add_init_script("""window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
      window.moved += entry.value; })).observe({ type: "layout-shift", buffered: true });""")
    visit(page, site, "index.html")
    expect(page.locator("#hasil li")).to_have_count(4)
    page.wait_for_timeout(200)
    assert page.evaluate("window.moved") < 0.02
    visit(page, site, "situs/dinas-balita.html")
    page.wait_for_load_state("load")
    page.wait_for_timeout(200)
    assert page.locator("#peta path, #grafik path, #riwayat li").count() == 0
    page.locator("#gambar").scroll_into_view_if_needed()
    expect(page.locator("#peta [role=option]")).to_have_count(6)
    expect(page.locator("#grafik svg")).to_be_visible()


def test_without_a_script_a_page_says_all(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = visit(context.new_page(), site, "situs/dinas-balita.html")
    for said in ("Balita menurut jenis kelamin", "Pratinjau", "Kamus kolom", "Mutu data", "Unduh"):
        expect(page.get_by_text(said, exact=True).first).to_be_visible()
    expect(page.locator("table.pratinjau tbody tr")).to_have_count(20)
    visit(page, site, "index.html")
    expect(page.get_by_role("link", name="Sekolah")).to_be_visible()
    expect(page.locator("#saring")).to_be_hidden()
    context.close()
