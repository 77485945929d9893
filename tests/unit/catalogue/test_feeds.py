"""The XML documents: sitemap.xml and perubahan.atom."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given

from pipelines.catalogue import Portal
from pipelines.catalogue.atom import ENTRIES, feed
from pipelines.catalogue.sitemap import sitemap

from .kit import AWKWARD, SERVED, STICK, both, texts

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def change(kind: str = "berubah", **more: Any) -> dict[str, Any]:
    return {"slug": "dinas-harga", "judul": "Harga", "jenis": kind, "kalimat": ["12 baris baru."], **more}


def release(version: str, *changes: dict[str, Any], day: str = "2025-01-06") -> dict[str, Any]:
    return {"versi": version, "tanggal": day, "sebelum": None, "dataset": list(changes)}


def rfc_4287(text: str) -> ElementTree.Element:
    """The feed, if it has what RFC 4287 demands."""
    root = ElementTree.fromstring(text.encode())
    assert root.tag == f"{ATOM}feed"
    for element in [root, *root.iter(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", element.findtext(f"{ATOM}id") or "")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", element.findtext(f"{ATOM}updated") or "")
        alternates = [li for li in element.findall(f"{ATOM}link") if li.get("rel") == "alternate"]
        assert len(alternates) == 1 and alternates[0].get("href")
        assert element.find(f"{ATOM}content") is not None or element is root
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    ids = [e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return root


@pytest.mark.parametrize("portal", [SERVED, STICK])
def test_the_feed_is_atom(portal: Portal) -> None:
    gone = change("hilang", slug="dinas-lama", kalimat=[])
    root = rfc_4287(
        feed([release("b" * 12, change(), gone, day="2025-02-01"), release("a" * 12, change("baru"))], portal)
    )
    first, second, third = root.findall(f"{ATOM}entry")
    assert root.findtext(f"{ATOM}updated") == first.findtext(f"{ATOM}updated") == "2025-02-01T00:00:00+07:00"
    assert first.findtext(f"{ATOM}content") == "12 baris baru."
    assert first.find(f"{ATOM}link").get("href") == portal.address("situs/dinas-harga.html")  # type: ignore[union-attr]
    assert second.find(f"{ATOM}link").get("href") == portal.address("index.html")  # type: ignore[union-attr]
    assert third.findtext(f"{ATOM}title") == "Harga: dataset baru"


def test_no_entry_leads_to_a_page_that_is_gone() -> None:
    kinds = {"b" * 12: "hilang", "a" * 12: "baru"}
    root = rfc_4287(feed([release(v, change(k), change("ditarik", slug="dinas-x")) for v, k in kinds.items()], STICK))
    links = [e.find(f"{ATOM}link").get("href") for e in root.iter(f"{ATOM}entry")]  # type: ignore[union-attr]
    assert links == ["index.html", "situs/dinas-x.html"] * 2


def test_an_entry_keeps_its_id_when_the_portal_moves() -> None:
    there, here = (rfc_4287(feed([release("a" * 12, change())], p)) for p in (SERVED, STICK))
    assert there.findtext(f"{ATOM}entry/{ATOM}id") == here.findtext(f"{ATOM}entry/{ATOM}id")


def test_the_feed_is_short() -> None:
    many = [release(f"{i:012d}", *(change(slug=f"dinas-{j}") for j in range(7))) for i in range(30)]
    root = rfc_4287(feed(many, SERVED))
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == ENTRIES == 100
    assert rfc_4287(feed([release("a" * 12)], SERVED)).find(f"{ATOM}entry") is None


@given(texts, texts, texts.filter(len))
def test_any_text_makes_a_readable_feed(title: str, sentence: str, name: str) -> None:
    entry = change(judul=title + AWKWARD, kalimat=[sentence + "\x00\x0b\ufffe", "b"])
    root = rfc_4287(feed([release("a" * 12, entry)], Portal(None, name + "\x01", None)))
    assert (root.findtext(f"{ATOM}entry/{ATOM}content") or "").endswith("\ufffd" * 3 + "\nb")


def test_the_sitemap_has_each_page_and_its_day() -> None:
    text = sitemap(both(), SERVED)
    assert text is not None
    root = ElementTree.fromstring(text.encode())
    found = [(u.findtext(f"{MAP}loc"), u.findtext(f"{MAP}lastmod")) for u in root.findall(f"{MAP}url")]
    assert found == [
        ("https://data.example.id/unduh/index.html", "2025-01-06"),
        ("https://data.example.id/unduh/situs/dinas-harga.html", "2025-01-06"),
        ("https://data.example.id/unduh/situs/kab_uji-catatan.html", "2024-12-31"),
    ]


def test_no_address_no_sitemap() -> None:
    assert sitemap(both(), STICK) is None
    only = sitemap([], SERVED)
    assert only is not None and only.count("<loc>") == 1 and "lastmod" not in only


def test_a_release_without_a_day_has_that_of_the_one_before() -> None:
    """A release that holds nothing any more."""
    gone = {**release("b" * 12, change("hilang")), "tanggal": None}
    text = feed([gone, release("a" * 12, change("baru"))], STICK)
    rfc_4287(text)
    assert [e.text for e in ElementTree.fromstring(text).iter(f"{ATOM}updated")] == ["2025-01-06T00:00:00+07:00"] * 3
    assert "1970-01-01T" in feed([{**gone, "dataset": []}], STICK)
