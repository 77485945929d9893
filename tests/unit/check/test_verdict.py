"""What becomes of each row: accepted, quarantined with every reason, or declared non-data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from check.conftest import Examine, contract_of, table
from pipelines.check.run import LostRows

TOTALS = {"bukan_data": [{"kolom": "nama", "pola": r"^\s*(jumlah|total)\b", "alasan": "jumlah"}]}
COLUMNS = {"nama": {"dari": "nama", "standar": "teks", "wajib": True}, "cacah": "bilangan"}
LAX = {"ditolak_maks": "100%"}


def test_every_reason_of_a_row_is_told(examine: Examine) -> None:
    contract = contract_of(
        {"a": {"dari": "a", "standar": "bilangan", "wajib": True}, "b": "tanggal", "c": "jenis_kelamin"}, batas=LAX
    )
    result = examine(contract, table(["a", "b", "c"], [["1", "2024-01-01", "L"], ["", "31/02/2024", "X"]]))
    assert result.reasons == {3: ["a:wajib", "b:bentuk", "c:dikenal"]}
    assert [(f["kolom"], f["nilai"], f["standar"]) for f in result.found] == [
        ("a", "", "wajib"), ("b", "31/02/2024", "tanggal"), ("c", "X", "jenis_kelamin"),
    ]  # fmt: skip
    assert result.found[1]["pesan"].startswith('"31/02/2024" bukan tanggal')
    assert [r["a"] for r in result.rows] == [1]


def test_required_means_filled(examine: Examine) -> None:
    contract = contract_of(COLUMNS, batas=LAX)
    result = examine(contract, "nama,cacah\nA,1\n ,2\n-,3\nB,\n")
    assert result.reasons == {3: ["nama:wajib"], 4: ["nama:wajib"]}
    assert result.of("wajib")[0]["pesan"] == "Kolom nama kosong, padahal wajib diisi."
    assert [(r["nama"], r["cacah"]) for r in result.rows] == [("A", 1), ("B", None)], "unknown stays unknown"


def test_only_these_values_in_any_spelling(examine: Examine) -> None:
    kolom = {"jenis": {"dari": "jenis", "standar": "teks", "nilai": {"Sapi": ["lembu", "S"], "Kambing": []}}}
    result = examine(contract_of(kolom, batas=LAX), "jenis\nSapi\n SAPI \nLembu\ns\nkambing\nKerbau\n-\n")
    assert [r["jenis"] for r in result.rows] == ["Sapi", "Sapi", "Sapi", "Sapi", "Kambing", None]
    (told,) = result.found
    assert (told["baris"], told["standar"], told["tingkat"]) == ("7", "pilihan", "kritis")
    assert told["pesan"] == '"Kerbau" tidak ada dalam daftar pilihan kolom jenis.'
    assert told["saran"] == "Pakai salah satu: Sapi, Kambing."


@pytest.mark.parametrize("value", ["50% lebih", "jam 12:30", "a:b", "O'Brien", 'kutip"ganda', "{x}", "$1", "\\d"])
def test_values_that_sql_or_a_driver_would_read(examine: Examine, value: str) -> None:
    """A choice is a literal in the predicate that both checks run: no mark in it may mean anything."""
    kolom = {"jenis": {"dari": "jenis", "standar": "teks", "nilai": [value, "lain"]}}
    result = examine(contract_of(kolom, batas={"ditolak_maks": "50%"}), table(["jenis"], [[value], ["lain"], ["x"]]))
    assert [r["jenis"] for r in result.rows] == [value, "lain"]
    (outcome,) = (o for o in result.checked.outcomes if o.standard == "pilihan")
    assert outcome.unexpected == 1


@pytest.mark.parametrize("level", ["kritis", "peringatan"])
def test_a_rule_across_columns(examine: Examine, level: str) -> None:
    predicate = "l + p = semua AND keterangan <> 'l + p'"
    rule = {"nama": "jumlah_benar", "sah": predicate, "kolom": "semua", "tingkat": level,
            "pesan": "Jumlah {nilai} salah.", "saran": "Hitung ulang."}  # fmt: skip
    kolom = {"l": "bilangan", "p": "bilangan", "semua": "bilangan", "keterangan": "teks"}
    rows = [["1", "2", "3", "x"], ["1", "2", "4", "x"], ["1.000", "2", "1002", "x"], ["", "2", "9", "x"]]
    result = examine(contract_of(kolom, kaidah=[rule], batas={"ditolak_maks": "10%"}), table(list(kolom), rows))
    (told,) = result.found
    assert (told["baris"], told["kolom"], told["nilai"], told["standar"]) == ("3", "semua", "4", "kaidah")
    assert (told["pesan"], told["tingkat"]) == ("Jumlah 4 salah.", level)
    if level == "kritis":
        assert (result.status, result.lines) == ("DIKEMBALIKAN", [2, 4, 5])
        assert ("kaidah", "jumlah_benar") in result.failed
    else:
        assert (result.status, result.lines, result.failed) == ("SESUAI", [2, 3, 4, 5], set())


def test_declared_non_data_is_neither_accepted_nor_refused(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS, baca=TOTALS), "nama,cacah\nA,1\nTOTAL,salah\n jumlah semua,1\nTotalitas,2\n")
    (load,) = result.checked.loads
    assert (load.baris_dibaca, load.baris_diterima, load.baris_karantina, load.baris_bukan_data) == (4, 2, 0, 2)
    assert (result.status, result.found, result.failed) == ("SESUAI", [], set())
    assert {r["_baris"]: (r["_bukan_data"], r["_alasan"]) for r in result.refused} == {
        3: ("jumlah", []), 4: ("jumlah", []),
    }  # fmt: skip


def test_of_twins_the_first_stays(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS, kunci=["nama"], batas=LAX), "nama,cacah\nA,1\nB,2\nA, 1.0\nA,1\n")
    assert result.lines == [2, 3]
    assert result.reasons == {4: ["nama:baris_kembar"], 5: ["nama:baris_kembar"]}
    assert [f["pesan"] for f in result.found] == ["Baris ini sama persis dengan baris lain (kunci A)."] * 2


def test_of_rows_that_share_only_the_key_none_stays(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS, kunci=["nama"], batas=LAX), "nama,cacah\nA,1\nB,2\nA,3\nA,1\n")
    assert result.lines == [3]
    assert result.reasons == {n: ["nama:kunci_ganda"] for n in (2, 4, 5)}


def test_a_refused_row_clashes_with_nobody(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS, kunci=["nama"], batas=LAX), "nama,cacah\nA,salah\nA,3\n")
    assert result.lines == [3]
    assert result.reasons == {2: ["cacah:bentuk"]}


def test_keys_of_several_columns_and_files(examine: Examine) -> None:
    contract = contract_of(COLUMNS | {"tahun": "tahun"}, kunci=["nama", "tahun"], batas=LAX)
    files = {"a.csv": "nama,cacah,tahun\nA,1,2023\nA,1,2024\n", "b.csv": "nama,cacah,tahun\nA,2,2024\nB,1,\nB,2,\n"}
    result = examine(contract, files)
    assert {(r["_berkas"], r["_baris"]) for r in result.rows} == {("a.csv", 2), ("b.csv", 3), ("b.csv", 4)}
    assert {f["nilai"] for f in result.found} == {"A, 2024"}
    assert [load.baris_karantina for load in result.checked.loads] == [1, 1]


def test_a_line_number_is_no_content(examine: Examine) -> None:
    contract = contract_of(COLUMNS | {"urut": {"dari": "_baris", "standar": "bilangan"}}, kunci=["nama"], batas=LAX)
    assert examine(contract, "nama,cacah\nA,1\nA,1\n").reasons == {3: ["nama:baris_kembar"]}


@pytest.mark.parametrize("column", ["sama", "isi", "urut", "x", "aturan", "kritis", "select", "berkas", "p", "nilai"])
def test_a_column_may_have_any_name(examine: Examine, column: str) -> None:
    """Also one that the check uses itself, or that SQL reserves."""
    kolom = {column: {"dari": "K", "standar": "bilangan", "wajib": True}, "lain": "teks"}
    rule = {"nama": "positif", "sah": f"{column} > 0", "kolom": column, "pesan": "{nilai}", "saran": "x"}
    contract = contract_of(kolom, kunci=[column], batas=LAX, kaidah=[] if column == "select" else [rule])
    result = examine(contract, "K,lain\n1,a\n1,a\n2,b\nx,c\n")
    assert result.lines == [2, 4]
    assert result.reasons == {3: [f"{column}:baris_kembar"], 5: [f"{column}:bentuk"]}


def test_a_row_that_the_reader_does_not_trust(examine: Examine) -> None:
    result = examine(contract_of(COLUMNS, batas=LAX), "nama,cacah\nA,1\nB,2,3\nC,3\nD,4\n")
    assert (result.lines, result.reasons) == ([2, 4, 5], {3: [":baris_rusak"]})
    (told,) = result.found
    assert (told["baris"], told["standar"], told["tingkat"]) == ("3", "baca", "kritis")


def test_of_several_files_one_cannot_be_read(examine: Examine) -> None:
    files = {"a.csv": "nama,cacah\nA,1\n", "b.csv": b"nama,cacah\nA\x00,1\n", "c.csv": "nama,cacah\nC,x\n"}
    result = examine(contract_of(COLUMNS, batas={"ditolak_maks": "60%"}), files)
    assert result.status == "SESUAI"
    assert {load.berkas: (load.status, load.baris_dibaca) for load in result.checked.loads} == {
        "a.csv": ("SESUAI", 1), "b.csv": ("DIKEMBALIKAN", 0), "c.csv": ("DIKEMBALIKAN", 1),
    }  # fmt: skip
    assert [(f["berkas"], f["standar"]) for f in result.found] == [("b.csv", "baca"), ("c.csv", "bilangan")]


@pytest.mark.parametrize("content", [b"", b"nama,cacah\n", b"<html><body>x</body></html>", b"nama,cacah\nA,x\n"])
def test_nothing_to_accept(examine: Examine, content: bytes) -> None:
    result = examine(contract_of(COLUMNS), content)
    assert (result.status, result.rows) == ("DIKEMBALIKAN", [])
    assert result.checked.loads[0].status == "DIKEMBALIKAN"
    assert result.checked.reasons == ["Tidak ada baris yang dapat diterima."]
    assert result.found


CELL = st.sampled_from(
    ["", " ", "-", "1", "2", "1.0", "dua", "-3", "9", "Jumlah", "total", "A", "B", "x,y", 'k"', "=1", "a\nb"]
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.lists(st.tuples(CELL, CELL), max_size=9), min_size=1, max_size=2))
def test_no_row_is_lost_whatever_comes(examine: Examine, tables: list[list[tuple[str, str]]]) -> None:
    """dibaca = diterima + karantina + bukan_data; the fixture asserts it for every file of every test."""
    contract = contract_of(COLUMNS, kunci=["nama"], baca=TOTALS, batas=LAX)
    files = {f"{n}.csv": table(["nama", "cacah"], [list(r) for r in rows]) for n, rows in enumerate(tables)}
    result = examine(contract, files)
    accepted = sum(load.baris_diterima for load in result.checked.loads)
    assert accepted == len(result.rows)
    for load in result.checked.loads:
        blank = [all(not c.strip() for c in row) for row in tables[int(load.berkas[0])]]
        if load.baris_dibaca:
            assert load.baris_dibaca == blank.count(False), "blank lines are no records, all others are"
    names: list[Any] = [r["nama"] for r in result.rows]
    assert len(names) == len(set(names)) and None not in names
    told = {(f["berkas"], f["baris"]) for f in result.found if f["tingkat"] == "kritis" and f["baris"]}
    quarantined = {(r["_berkas"], str(r["_baris"])) for r in result.refused if r["_bukan_data"] is None}
    assert quarantined <= told, "no row is refused without a word"


def test_a_lost_row_stops_the_check(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard itself: were a row neither accepted nor refused, nothing would be kept."""
    monkeypatch.setattr("pipelines.check.run.count", lambda *_: {})
    with pytest.raises(LostRows, match=r"uji\.cacah a\.csv: 2 rows read, 0 accounted for"):
        examine(contract_of(COLUMNS), "nama,cacah\nA,1\nB,2\n")
