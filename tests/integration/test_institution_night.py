"""Nights over two lists of clinics, without a key: what is asked, what a person answers, and what becomes of it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Done, satudata
from tests.integration.small import Small, no_trace

CLINIC: dict[str, dict[str, Any]] = {
    "nama": {"dari": "Nama", "standar": "teks", "wajib": True, "terbit": True},
    "kabupaten": {"dari": "Kabupaten", "standar": "nama_wilayah", "tingkat": "kabupaten_kota", "wajib": True},
}
ROLE = {"klinik": {"jenis": "faskes", "kode": "kode", "nama": "nama"}}
OURS = b"Kode;Nama;Kabupaten\nP3302010101;Puskesmas Ajibarang 1;Banyumas\nP3302010102;=Klinik Waras;Banyumas\n"
# The numbers of these two lists are equal and mean nothing.
THEIRS = b"Kode;Nama;Kabupaten\n12;Puskesmas Ajibarang;Banyumas\n13;Klinik Waraas;Banyumas\n"
SHOPS = b"Kode;Nama;Kabupaten\n12;Apotek Sumber;Cilacap\n13;Optik Terang;Cilacap\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = Small(tmp_path_factory.mktemp("institusi"))
    for key, standard, content in (
        ("dinkes.puskesmas", "kode_faskes", OURS),
        ("bpjs.klinik", "teks", THEIRS),
        ("dpmptsp.apotek", "teks", SHOPS),
    ):
        columns = {"kode": {"dari": "Kode", "standar": standard, "wajib": True}, **CLINIC}
        small.declare(key, columns, identitas=ROLE)
        small.deliver(key, content)
    return small


def night(small: Small) -> Done:
    done = small.run()
    assert done.code == 0, done.out + done.err
    no_trace(done)
    return done


def asked(home: Path) -> list[dict[str, str]]:
    path = home / "findings" / "usulan_institusi.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def clinics(done: Done) -> list[tuple[object, ...]]:
    """The names under which each clinic is known to the lists."""
    tables = (f"SELECT id_klinik, nama FROM conformed.fct_{name}" for name in ("puskesmas", "klinik", "apotek"))
    named = " UNION ALL ".join(tables)
    return done.query(f"SELECT list_sort(list(nama)) AS nama FROM ({named}) GROUP BY id_klinik ORDER BY nama")


def test_a_person_decides_and_the_next_night_obeys(small: Small) -> None:
    first = night(small)
    assert len(clinics(first)) == 6, "equal numbers of two sources are two institutions"
    pairs = {row["nama_a"]: row for row in asked(small.home)}
    assert list(pairs["Puskesmas Ajibarang"].values())[4:] == [
        "bpjs.klinik/klinik", "12", "Puskesmas Ajibarang", "33.02 Kabupaten Banyumas",
        "dinkes.puskesmas/klinik", "P3302010101", "Puskesmas Ajibarang 1", "33.02 Kabupaten Banyumas",
    ]  # fmt: skip
    assert pairs["Klinik Waraas"]["nama_b"] == "'=Klinik Waras", "a spreadsheet does not run it"
    report = small.home / "findings" / "laporan.html"
    said = "Ada 2 pasangan institusi yang mungkin satu institusi yang sama dan menunggu jawaban"
    assert said in report.read_text(encoding="utf-8")

    one, other = (pairs[name]["nomor"] for name in ("Puskesmas Ajibarang", "Klinik Waraas"))
    answered = satudata("identity", "institusi", "--sama", one, "--beda", other, "--oleh", "Siti", home=small.home)
    assert answered.code == 0, answered.err
    second = night(small)
    together = (["Puskesmas Ajibarang", "Puskesmas Ajibarang 1"],)
    assert len(clinics(second)) == 5
    assert together in clinics(second)
    assert second.query("SELECT metode, nama FROM conformed.bridge_klinik_institusi JOIN conformed.fct_klinik "
                        "USING (id_baris) WHERE metode = 'tinjau'") == [("tinjau", "Puskesmas Ajibarang")]  # fmt: skip
    assert asked(small.home) == []
    assert "pasangan institusi" not in report.read_text(encoding="utf-8")
    assert "no work done" in night(small).out


def test_a_damaged_list_of_answers_ends_the_night_with_its_line(small: Small) -> None:
    path = small.home / "register" / "institusi_jawaban.csv"
    path.write_bytes(path.read_bytes().replace(b",beda,", b",lain,"))
    done = small.run()
    assert done.code == 1
    assert f"{path}, line 3: " in done.err
    no_trace(done)
    assert len(clinics(done)) == 5, "analysts keep the warehouse of the night before"
