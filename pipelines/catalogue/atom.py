"""`perubahan.atom`: what changed from release to release, for feed readers (RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement

from pipelines.catalogue.portal import Portal
from pipelines.catalogue.xml import document, printable

FEED = "perubahan.atom"
ENTRIES = 100
_KINDS = {
    "baru": "dataset baru",
    "berubah": "diperbarui",
    "ditarik": "ditarik",
    "hilang": "tidak ada lagi",
    "kembali": "terbit kembali",
}


def feed(riwayat: Sequence[Mapping[str, Any]], portal: Portal) -> str:
    """The feed of a history (riwayat.json: newest first, at least one release), at most 100 entries.

    An entry is one dataset's change in one release. Its id depends on these two alone, so it stays the same wherever
    the portal moves; its time is midnight in WIB, since a release has a day and no hour.
    """
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "id"})
    _text(root, "id", _id("portal", portal.base_url or portal.nama))
    _text(root, "title", f"{portal.nama}: perubahan")
    _text(root, "subtitle", portal.deskripsi)
    _text(root, "updated", _midnight(riwayat))
    _text(SubElement(root, "author"), "name", portal.pengelola)
    SubElement(root, "link", rel="self", type="application/atom+xml", href=portal.address(FEED))
    SubElement(root, "link", rel="alternate", type="text/html", href=portal.address("index.html"))
    changes = [(release, change) for release in riwayat for change in release["dataset"]]
    now = {change["slug"]: change["jenis"] for _, change in reversed(changes)}
    times = {release["versi"]: _midnight(riwayat[n:]) for n, release in enumerate(riwayat)}
    for release, change in changes[:ENTRIES]:
        # A dataset that is gone by now has no page any more; one that was withdrawn keeps one that says so.
        page = portal.address("index.html") if now[change["slug"]] == "hilang" else portal.page(change["slug"])
        _entry(root, release["versi"], times[release["versi"]], change, page)
    return document(root)


def _entry(root: Element, version: str, time: str, change: Mapping[str, Any], page: str) -> None:
    slug, kind = change["slug"], _KINDS[change["jenis"]]
    entry = SubElement(root, "entry")
    _text(entry, "id", _id(version, slug))
    _text(entry, "title", f"{change['judul']}: {kind}")
    _text(entry, "updated", time)
    SubElement(entry, "link", rel="alternate", type="text/html", href=page)
    SubElement(entry, "category", term=change["jenis"], label=kind)
    _text(entry, "content", "\n".join(change["kalimat"]) or kind, type="text")


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = printable(text)


def _id(release: str, dataset: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{release}/{dataset}')}"


def _midnight(riwayat: Sequence[Mapping[str, Any]]) -> str:
    """The time of the first of some releases. One that holds nothing has no day: that of the one before counts."""
    day = next((release["tanggal"] for release in riwayat if release["tanggal"]), "1970-01-01")
    return f"{day}T00:00:00+07:00"
