"""The pages of a release: complete, escaped, the same twice, and lean with 500 datasets."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalogue import Portal, datasets
from pipelines.site import build, write_history
from tests.release_kit import HOSTILE, column, sample, write_dataset

module = sys.modules[build.__module__]  # the function hides the module of its name


def page(site: Path, name: str) -> str:
    return (site / "situs" / f"{name}.html").read_text(encoding="utf-8")


def call(path: Path) -> list[object]:
    """The arguments of the call in a data file."""
    text = path.read_text(encoding="utf-8")
    found = re.fullmatch(r"SatuData\.muat\((.*)\);\n", text, re.DOTALL)
    assert found
    return list(json.loads(f"[{found[1]}]"))


def digest(release: Path) -> dict[str, str]:
    files = [p for p in sorted(release.rglob("*")) if p.is_file()]
    return {str(p.relative_to(release)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


class Elements(HTMLParser):
    """Names of the elements of a page, and the addresses that it leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value for key, value in attrs if key in ("href", "src") and value]
        self.links += [source for key, value in attrs if key == "data-skrip" and value for source in value.split()]


def test_a_page_says_all_without_a_script(site: Path) -> None:
    text = page(site, "dinas-balita")
    descriptor = json.loads((site / "dinas-balita" / "datapackage.json").read_text())
    for said in ("Balita menurut jenis kelamin", "Sebuah contoh.", "kode_wilayah", "persen", "6 Januari 2025",
                 "6 Januari 2026", "CC-BY-4.0", "jumlah orang di bawah ambang", "Kiriman Dinas Contoh", "97,5",
                 "https://data.contoh.example/situs/dinas-balita.html", "Kabupaten Anggrek"):  # fmt: skip
        assert said in text, said
    for resource in descriptor["resources"][:2]:
        assert resource["hash"].removeprefix("sha256:") in text
        assert f'href="../dinas-balita/{resource["path"]}" download' in text
    assert text.count('<span class="disembunyikan">') == 4
    assert '"@type"' in text and "application/ld+json" in text


def test_hostile_text_stays_text(site: Path) -> None:
    for text in (page(site, "opd-jahat"), (site / "index.html").read_text(encoding="utf-8")):
        names = Elements(text).names
        assert "img" not in names
        assert "onerror=alert(1)>" not in text
        assert "{{ 7*7 }}" in text
        assert names.count("script") == text.count("</script>")
    found = re.search(r'ld\+json">(.*?)</script>', page(site, "opd-jahat"), re.DOTALL)
    assert found and HOSTILE in json.loads(found[1])["name"]
    assert "\u2028" not in (site / "situs" / "indeks.js").read_text(encoding="utf-8")


def test_a_page_runs_nothing_that_a_descriptor_calls_an_address_or_a_column(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, "dinas-x", 'SELECT 1 AS "a_<b>"', [column("a_<b>", "integer", "ukuran")])
    document = json.loads((folder / "datapackage.json").read_text())
    document["satudata"]["produsen"]["situs"] = document["licenses"][0]["path"] = "javascript:alert(1)"
    (folder / "datapackage.json").write_text(json.dumps(document))
    build(tmp_path, Portal())
    text = page(tmp_path, "dinas-x")
    assert [link for link in Elements(text).links if "javascript" in link] == []
    assert "<code>a_<wbr>&lt;b&gt;</code>" in text
    document["satudata"]["produsen"]["situs"] = "https://dinas.contoh.example"
    (folder / "datapackage.json").write_text(json.dumps(document))
    build(tmp_path, Portal())
    assert "https://dinas.contoh.example" in Elements(page(tmp_path, "dinas-x")).links


@pytest.mark.parametrize("name", ["index", "dinas-balita", "dinas-sekolah", "opd-jahat", "dinas-lama", "tentang"])
def test_links_lead_to_files(site: Path, name: str) -> None:
    path = site / "index.html" if name == "index" else site / "situs" / f"{name}.html"
    links = [link.split("#")[0] for link in Elements(path.read_text(encoding="utf-8")).links if "//" not in link]
    # Written by others: the catalogues, the manifest.
    others = {"data.json", "katalog.jsonld", "datapackage.json", "perubahan.atom", "manifest.json"}
    missing = [
        link for link in links
        if link and "mailto:" not in link and not (path.parent / link).resolve().is_file()
        and link.rsplit("/", 1)[-1] not in others
    ]  # fmt: skip
    assert missing == []
    assert len(links) > 10


def test_a_withdrawn_dataset_keeps_its_address(site: Path) -> None:
    text = page(site, "dinas-lama")
    assert "Kumpulan data ini ditarik." in text and "Isinya keliru." in text and "2 Februari 2025" in text
    assert "dinas-lama" not in (site / "index.html").read_text(encoding="utf-8")


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        release = sample(tmp_path / name)
        build(release, Portal())
        made.append(digest(release))
    # Over what is there already, too: a build that was cut short is begun again.
    build(tmp_path / "b", Portal())
    assert made[0] == made[1] == digest(tmp_path / "b")


def test_whoever_makes_the_pages_they_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In parts of one dataset, the last first, told of what was read already."""
    release = sample(tmp_path)
    build(release, Portal())
    before, parts = digest(release), []
    shutil.rmtree(release / "situs")

    def each(task: Callable[[Any], Any], things: list[Any]) -> list[Any]:
        parts.extend(things)
        return [task(thing) for thing in reversed(things)]

    monkeypatch.setattr(module, "_AT_ONCE", 1)
    build(release, Portal(), each, datasets(release))
    assert digest(release) == before and len(parts) == len(datasets(release)) > 2


def test_no_page_knows_the_past(tmp_path: Path) -> None:
    release = sample(tmp_path)
    build(release, Portal())
    before = digest(release)
    change = {"slug": "dinas-balita", "judul": "x", "jenis": "berubah", "kalimat": ["3 baris </script> baru"]}
    old = [{"versi": f"{n:012d}", "tanggal": "2024-01-01", "dataset": [change]} for n in range(30)]
    write_history(release, old)
    after = digest(release)
    assert after.pop("situs/riwayat.js") and after == before
    kind, key, value = call(release / "situs" / "riwayat.js")
    assert (kind, key) == ("riwayat", None)
    assert isinstance(value, dict) and len(value["dataset"]["dinas-balita"]) == 20
    assert value["dataset"]["dinas-balita"][0] == ["0" * 12, "2024-01-01", "berubah", ["3 baris </script> baru"]]


def test_an_empty_release_has_a_site(tmp_path: Path) -> None:
    build(tmp_path, Portal())
    assert "Belum ada kumpulan data" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_first_page_is_lean_with_500_datasets(tmp_path: Path) -> None:
    first = write_dataset(tmp_path, "dinas-d000", "SELECT 1 AS a", [column("a", "integer", "ukuran")])
    for n in range(1, 500):
        slug = f"dinas-d{n:03d}"
        shutil.copytree(first, tmp_path / slug)
        for suffix in ("csv", "parquet"):
            (tmp_path / slug / f"dinas-d000.{suffix}").rename(tmp_path / slug / f"{slug}.{suffix}")
        text = (tmp_path / slug / "datapackage.json").read_text().replace("dinas-d000", slug)
        words = " ".join(f"kata{n}{m}" for m in range(12))
        document = json.loads(text) | {"title": f"Kumpulan data nomor {n} {words[:40]}", "description": words}
        (tmp_path / slug / "datapackage.json").write_text(json.dumps(document))
    build(tmp_path, Portal())
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assets = [tmp_path / link for link in Elements(text).links if link.startswith("situs/aset/")]
    assert len(text.encode()) + sum(p.stat().st_size for p in assets) < 300_000
    assert len(list((tmp_path / "situs").glob("dinas-d*.html"))) == 500
    assert (tmp_path / "situs" / "indeks.js").stat().st_size < 250_000
