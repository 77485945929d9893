"""The report of the linkage of persons: one HTML page in Bahasa that opens without a network. Nothing personal."""

from __future__ import annotations

from datetime import UTC, datetime
from math import log2
from pathlib import Path
from typing import Any

from pipelines.check.report import day, thousands
from pipelines.home import write_text
from pipelines.identity.review.summary import MANY
from pipelines.serve.charts import Bar, bars, intervals, percent
from pipelines.serve.pages import environment

METHODS = {
    "register": "baris register penduduk",
    "nik": "NIK sama",
    "nik_dekat": "NIK hampir sama",
    "kk": "KK, nama, lahir cocok",
    "mirip": "jumlah semua bukti",
    "tinjau": "jawaban orang",
    "sendiri": "belum ada pasangannya",
}
_NIK = {3: "sama", 2: "satu angka beda (keliru)", 1: "satu angka beda", 0: "berbeda"}
# Comparisons of the model, and what their levels say; those that depend on more than one thing in parts.
LEVELS: tuple[tuple[str, str, dict[int, str]], ...] = (
    ("nama", "Nama", {4: "sama", 3: "bagian dari yang lain", 2: "mirip", 1: "satu kata sama", 0: "berbeda"}),
    ("lahir", "Tanggal lahir", {4: "sama", 3: "hari dan bulan tertukar", 2: "satu tertulis 1 Januari",
                                1: "dua dari tiga bagian sama", 0: "berbeda"}),
    ("jk", "Jenis kelamin", {1: "sama", 0: "berbeda"}),
    ("ibu", "Nama ibu", {3: "sama", 2: "mirip", 0: "berbeda"}),
    ("nik", "NIK, bila tanggal lahir berbeda", _NIK),
    ("nik", "NIK, bila tanggal lahir sama", {10 + k: words for k, words in _NIK.items()}),
    ("nik", "NIK, bila tanggal lahir dan kabupaten sama", {20 + k: words for k, words in _NIK.items()}),
    ("rumah", "Nomor KK", {200: "sama", 100: "berbeda"}),
    ("rumah", "Alamat", {30: "sama", 20: "mirip", 10: "berbeda"}),
    ("rumah", "Wilayah", {4: "desa sama", 3: "kecamatan sama", 2: "kabupaten sama", 1: "berbeda"}),
)  # fmt: skip
KINDS = {"tautan": "tautan", "ragu": "pasangan ragu", "sendiri": "tanpa pasangan"}
CHANGES = {
    "rekaman_baru": "rekaman baru",
    "rekaman_hilang": "rekaman tidak ada lagi",
    "rekaman_pindah": "rekaman pindah ke orang lain",
    "kunci_baru": "orang baru",
    "kunci_dialihkan": "kunci dialihkan karena ternyata satu orang",
}


def write_identity_report(content: dict[str, Any], when: datetime, out: Path) -> None:
    """Write the report of one row of ringkasan (see summary.note); `when` is its time, UTC without zone."""
    quality = content["mutu"]
    made = environment()
    made.filters |= {"hari": day, "persen": percent}
    text = made.get_template("laporan_identitas.html.j2").render(
        isi=content,
        mutu=quality,
        now=when.replace(tzinfo=UTC).isoformat(),
        kinds=KINDS,
        changes=CHANGES,
        dijawab=sum(s["dijawab"] for s in quality["lapisan"]),
        ditarik=sum(s["ditarik"] for s in quality["lapisan"]),
        charts={
            "mutu": _quality(quality),
            "metode": _counts("Rekaman menurut cara", {METHODS.get(k, k): n for k, n in content["metode"].items()}),
            "gugus": _counts("Orang menurut banyak rekamannya", {_size(k): n for k, n in content["gugus"].items()}),
            "skor": _counts(
                "Menurut skor",
                {f"{_span(low, high)}, {what}": n for low, high, *both in content["skor"]
                 for what, n in zip(("tautan", "ragu"), both, strict=True) if n},
            ),
            "bobot": _weights(content["model"] or {"m": {}, "u": {}}),
        },
    )  # fmt: skip
    write_text(out, text)


def _quality(quality: dict[str, Any]) -> str:
    found = [(name, quality[key]) for name, key in (("Presisi", "presisi"), ("Recall", "recall")) if quality[key]]
    rows = [
        (Bar(name, s["nilai"], f"{percent(s['bawah'])} – {percent(s['atas'])}"), s["bawah"], s["atas"])
        for name, s in found
    ]
    return intervals("Presisi dan recall dengan selang 95 persen", rows) if rows else ""


def _counts(title: str, counts: dict[str, int]) -> str:
    if not counts:
        return ""
    return bars(title, [Bar(label, n, thousands(n)) for label, n in counts.items()], log=True)


def _weights(model: dict[str, Any]) -> list[tuple[str, str]]:
    """(title, chart) of how much each level of agreement speaks for one person (or against it)."""
    charts = []
    for name, title, words in LEVELS:
        m, u = ({int(k): p for k, p in model[part].get(name, {}).items()} for part in "mu")
        rows = [
            Bar(said, log2(m[level] / u[level]), f"{_short(m[level])} : {_short(u[level])}")
            for level, said in words.items()
            if level in m
        ]
        if rows:
            charts.append((title, bars(f"Bobot {title}", rows)))
    return charts


def _short(share: float) -> str:
    """A share with one or two digits that count."""
    return percent(float(f"{share:.{2 if share >= 0.1 else 1}g}"))


def _size(records: str) -> str:
    return f"{records} rekaman" + (" atau lebih" if records == str(MANY) else "")


def _span(low: float, high: float) -> str:
    return f"{low:g} – {high:g}".replace(".", ",")
