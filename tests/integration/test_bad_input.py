"""Every kind of bad input of issue 2, in one night beside a good source: one clear message, nothing else."""

from __future__ import annotations

import csv
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from markupsafe import escape

from pipelines.home import sha256_file
from tests.integration.conftest import Done
from tests.integration.small import COLUMNS, Small, no_trace, rows, table

pytestmark = pytest.mark.slow
GOOD = "bps.baik"
LONG = 200 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROWS = rows("lain")
OTHER = [("2024", "Kabupaten Cilacap", "99")]


def zipped(**entries: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return data.getvalue()


def locked() -> bytes:
    """A workbook with a password: a compound file whose directory has the stream EncryptedPackage."""
    fat = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff" * 504
    one, end = (1).to_bytes(4, "little"), b"\xfe\xff\xff\xff"
    header = OLE + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(10) + one + one + bytes(4)
    header += (4096).to_bytes(4, "little") + end + bytes(4) + end + bytes(8)

    def entry(name: str, kind: int, child: int) -> bytes:
        text = name.encode("utf-16-le")
        body = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes([kind, 1]) + b"\xff" * 8
        return body + child.to_bytes(4, "little", signed=True) + bytes(36) + end + bytes(8)

    return header.ljust(512, b"\xff") + fat + entry("Root Entry", 5, 1) + entry("EncryptedPackage", 2, -1) + bytes(256)


@dataclass(frozen=True)
class Bad:
    """A delivery that must be returned: what it holds, and words that its one message must have."""

    content: bytes
    words: tuple[str, ...]
    name: str = "data.csv"
    line: int | None = None


MANY = [("2024", "Kabupaten Cilacap", str(n)) for n in range(5000)]
RETURNED = {
    "kosong": Bad(b"", ("kosong", "0 bait")),
    "buku_nol": Bad(b"", ("kosong", "0 bait"), "data.xlsx"),
    "zip_biasa": Bad(zipped(catatan=b"bukan buku kerja"), ("ZIP", "bukan buku kerja"), "data.xlsx"),
    "html": Bad(b"<html><body><table><tr><td>Tahun</td></tr></table>", ("HTML",), "data.xls"),
    "sandi": Bad(locked(), ("kata sandi",), "data.xlsx"),
    "terpotong": Bad(table(MANY)[:-20], ("terpotong",), line=5001),
    "terpotong_kutip": Bad(table(MANY) + b'2024;"Kabupaten Cil', ("terpotong",), line=5002),
    "nul": Bad(table(ROWS) + b"2024;Kota\0Tegal;5\n", ("NUL",), line=5),
    "tajuk_asing": Bad(table(ROWS, "Year;Regency;Cases"), ("Tajuk tidak ditemukan",), line=1),
    "tanpa_wajib": Bad(table([r[:2] for r in ROWS], "Tahun;Kabupaten"), ("Kolom wajib tidak ada: 'Kasus'",), line=1),
    "tajuk_ganda": Bad(table([(*r, "7") for r in ROWS], "Tahun;Kabupaten;Kasus;Kasus"), ("Dua tajuk",), line=1),
    "baris_panjang": Bad(b"", ("lebih panjang dari 1 MiB",), line=2),
}  # fmt: skip
GROWING, CLIMBING, LINKED = "dinkes.tumbuh", "dinkes.panjat", "dinkes.tautan"
LAWLESS, TWO, EXTRA, NEW = "dinkes.sumbang", "dinkes.dua", "dinkes.lebih", "dinkes.baru"
NOT_TAKEN = {GROWING: "masih ditulis", CLIMBING: "ke luar folder", LINKED: "tautan"}
KEPT = [*(f"dinkes.{name}" for name in RETURNED), *NOT_TAKEN, LAWLESS, TWO]


@dataclass(frozen=True)
class Nights:
    """The night of bad input, after one in which everything was good."""

    small: Small
    first: Done
    second: Done
    before: dict[str, tuple[list[tuple[object, ...]], bytes]]
    peak: int

    def findings(self, key: str) -> list[dict[str, str]]:
        """The rows of the newest findings file of a dataset."""
        files = (self.second.home / "findings").joinpath(*key.split(".")).glob("*.csv")
        newest = max(files, key=lambda p: p.stat().st_mtime_ns)
        with newest.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @property
    def report(self) -> str:
        return (self.second.home / "findings" / "laporan.html").read_text(encoding="utf-8")


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """Somebody goes on writing to the file."""
    stop = threading.Event()

    def write() -> None:
        with path.open("ab") as file:
            while not stop.wait(0.01):
                file.write(b"2024;Kota Tegal;5\n")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    small = Small(tmp_path_factory.mktemp("buruk"))
    secret = small.root / "luar.csv"
    secret.write_bytes(table(OTHER))
    for key in [GOOD, *KEPT, EXTRA]:
        small.declare(key)
        bad = RETURNED.get(key.split(".")[1])
        # The same name both times: a dataset is the newest file of each path.
        small.deliver(key, name=bad.name if bad else "data.csv")
    small.deliver(TWO, table(rows("kedua")), "kedua.csv")
    first = small.run()
    before = {key: (small.figures(key), small.released(key)) for key in KEPT}

    for name, bad in RETURNED.items():
        small.deliver(f"dinkes.{name}", bad.content, bad.name)
    with small.deliver("dinkes.baris_panjang", table([])).open("ab") as long:
        for _ in range(LONG >> 20):
            long.write(b"x" * (1 << 20))
    small.deliver(TWO, b"", "kedua.csv")
    small.declare(CLIMBING, baca={"file": "../../../*.csv"})
    for key in (LAWLESS, NEW):
        small.declare(key, {**COLUMNS, "kasus": {**COLUMNS["kasus"], "standar": "bilangam"}})
        small.deliver(key, table(OTHER), "baru.csv")
    link = small.deliver(LINKED)
    link.unlink()
    link.symlink_to(secret)
    small.deliver(EXTRA, table([(*r, "ya") for r in OTHER], "Tahun;Kabupaten;Kasus;Lengkap"))
    small.deliver(GOOD, table(OTHER))
    with growing(small.deliver(GROWING, table(OTHER))):
        second, peak = small.measured()
    return Nights(small, first, second, before, peak)


def test_both_nights_end_as_promised(nights: Nights) -> None:
    assert (nights.first.code, nights.second.code) == (0, 3), (nights.first.err, nights.second.err)
    no_trace(nights.first)
    no_trace(nights.second)


@pytest.mark.parametrize("name", RETURNED)
def test_a_bad_file_gets_one_clear_message(nights: Nights, name: str) -> None:
    bad, (finding, *rest) = RETURNED[name], nights.findings(f"dinkes.{name}")
    assert not rest, "one cause, one message"
    assert finding["berkas"] == bad.name and finding["tingkat"] == "kritis" and finding["saran"]
    assert all(word in finding["pesan"] for word in bad.words), finding
    assert finding["baris"] == ("" if bad.line is None else str(bad.line))
    assert str(escape(finding["pesan"])) in nights.report


@pytest.mark.parametrize("key", NOT_TAKEN)
def test_what_is_not_taken_is_said_once(nights: Nights, key: str) -> None:
    (finding,) = nights.findings(key)
    assert NOT_TAKEN[key] in finding["pesan"] and finding["berkas"] in ("data.csv", "../../../*.csv")
    assert str(escape(finding["pesan"])) in nights.report


@pytest.mark.parametrize("key", KEPT)
def test_the_last_good_version_stays_in_use(nights: Nights, key: str) -> None:
    rows, csv_file = nights.before[key]
    assert len(rows) in (3, 6)
    assert (nights.small.figures(key), nights.small.released(key)) == (rows, csv_file)


def test_a_file_that_turned_bad_does_not_take_its_rows_away(nights: Nights) -> None:
    loads = nights.second.query("SELECT berkas, status FROM ops.muatan WHERE dataset = 'dua' ORDER BY ALL")
    assert loads == [(name, s) for name in ("data.csv", "kedua.csv") for s in ("DIKEMBALIKAN", "SESUAI")]
    assert "Berkas yang tadinya baik kini dikembalikan: kedua.csv" in nights.report


def test_the_other_sources_go_on(nights: Nights) -> None:
    assert nights.small.figures(GOOD) == [(2024, "33.01", 99)]
    assert b"99" in nights.small.released(GOOD)


def test_an_unknown_header_beside_the_known_ones_is_a_remark(nights: Nights) -> None:
    (finding,) = nights.findings(EXTRA)
    assert (finding["tingkat"], finding["kolom"], finding["baris"]) == ("peringatan", "Lengkap", "1")
    assert nights.small.figures(EXTRA) == [(2024, "33.01", 99)]


def test_a_contract_with_an_unknown_standard_costs_only_its_source(nights: Nights) -> None:
    for dataset in ("sumbang", "baru"):
        wrong = [line for line in nights.second.err.splitlines() if f"{dataset}.yml" in line]
        assert len(wrong) == 1 and "kolom.kasus.standar: there is no standard 'bilangam'" in wrong[0]
        assert f"Kontrak opd/dinkes/{dataset}.yml salah di baris" in nights.report
    assert "sumbang,GAGAL" in nights.second.out


def test_nothing_is_lost(nights: Nights) -> None:
    """The archive holds what was delivered, byte for byte; of the link and the growing file, nothing."""
    held = {path.name for path in (nights.second.home / "archive" / "objek").glob("*/*")}
    for name, bad in RETURNED.items():
        path = nights.small.root / "landing" / "dinkes" / name / bad.name
        assert sha256_file(path) in held, name
    assert all(name == sha256_file(nights.second.home / "archive" / "objek" / name[:2] / name) for name in held)


def test_a_line_of_200_mb_takes_neither_memory_nor_time(nights: Nights) -> None:
    assert nights.peak < 1 << 30, f"{nights.peak >> 20} MiB"
