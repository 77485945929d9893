from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.gate import Gate
from pipelines.gate.finding import masked
from pipelines.gate.values import MANY

from .conftest import found, look, make_contract
from .invented import DISGUISES, LABEL, numbers

NIK = "3374010101900001"


@pytest.mark.parametrize("kind", LABEL)
def test_two_hundred_numbers_in_twenty_disguises_are_all_refused(gate: Gate, tmp_path: Path, kind: str) -> None:
    values = numbers()[kind]
    assert sum(map(len, numbers().values())) == 200 and len(DISGUISES) >= 20
    # A column of words between, so that no two columns join.
    table = {}
    for name, disguise in DISGUISES.items():
        table |= {name: [disguise(v, LABEL[kind]) for v in values], f"sela_{name}": ["kata"] * len(values)}
    passage = look(gate, tmp_path, table)
    most = {name: max((h.count for h in passage.hits if h.where == name), default=0) for name in DISGUISES}
    assert {k: n for k, n in most.items() if n < len(values)} == {}
    assert not any(v[6:] in repr(passage.findings) for v in values)


@pytest.mark.parametrize("kind", ["nik", "no_kk", "nip"])
def test_a_number_split_over_two_columns_is_refused(gate: Gate, tmp_path: Path, kind: str) -> None:
    values = numbers()[kind]
    for cut in (4, 6, 8, 12):
        passage = look(gate, tmp_path, {"a": [v[:cut] for v in values], "b": [v[cut:] for v in values]})
        assert found(passage).get("a + b"), cut


@pytest.mark.parametrize(
    ("kind", "type_"), [("nik", "BIGINT"), ("nik", "DOUBLE"), ("nip", "BIGINT"), ("nip", "DOUBLE"),
                        ("telepon", "BIGINT"), ("npwp", "DECIMAL(20,2)")],
)  # fmt: skip
def test_a_number_column_is_refused(gate: Gate, tmp_path: Path, kind: str, type_: str) -> None:
    passage = look(gate, tmp_path, {"isi": [12, *map(int, numbers()[kind]), None]}, kinds={"isi": type_})
    assert found(passage)["isi"]


def test_a_short_text_and_the_rest_of_a_number_are_refused(gate: Gate, tmp_path: Path) -> None:
    rows = {"a": [NIK[:5]], "b": [int(NIK[5:])]}
    assert found(look(gate, tmp_path, rows, kinds={"b": "BIGINT"}))["a + b"] >= {"nik"}


def test_a_value_that_is_no_number_hides_none(gate: Gate, tmp_path: Path) -> None:
    table = {"isi": [float("nan"), *map(float, numbers()["nik"])]}
    assert found(look(gate, tmp_path, table, kinds={"isi": "DOUBLE"}))["isi"]
    assert found(look(gate, tmp_path, {"isi": [-float(NIK)]}, kinds={"isi": "DOUBLE"}))["isi"]


@pytest.mark.parametrize("usual", ["'kategori ' || i % 5", "'catatan ' || i"])
def test_one_number_in_a_large_table_is_refused(gate: Gate, usual: str) -> None:
    """Whether its column says the same again and again, or never; beside one of the other kind."""
    columns = f"CASE i WHEN 7777 THEN '{NIK}' ELSE {usual} END AS isi, 'kelas ' || i % 3 AS kelas, 'no ' || i AS nomor"
    passage = gate.data(make_contract("isi", "kelas", "nomor"), f"(SELECT {columns} FROM range({2 * MANY}) t(i))")
    assert [(h.where, h.count) for h in passage.hits if h.standard.nama == "nik"] == [("isi", 1)]
    assert passage.values == 6 * MANY


EMAILS = ["budi.santoso@gmail.com", "budi (at) contoh [dot] com", "budi at contoh dot co dot id", "budi＠contoh.com",
          "hub. BUDI_S @ yahoo.co.id ya", "bu\u200bdi@contoh.id"]  # fmt: skip


@pytest.mark.parametrize("text", EMAILS)
def test_an_address_of_mail_is_refused(gate: Gate, tmp_path: Path, text: str) -> None:
    assert found(look(gate, tmp_path, {"isi": ["aman", text]})) == {"isi": {"surel"}}


def test_offices_may_be_reached_where_the_contract_says_so(gate: Gate, tmp_path: Path) -> None:
    office, person = "puskesmas.contoh@jatengprov.go.id", "budi.santoso@gmail.com"
    declared = make_contract("surel", standar="surel", pribadi=False)
    assert found(look(gate, tmp_path, {"surel": [office]}, declared)) == {}
    assert found(look(gate, tmp_path, {"surel": [office, person]}, declared)) == {"surel": {"surel"}}
    assert found(look(gate, tmp_path, {"surel": [office]})) == {"surel": {"surel"}}
    phone = make_contract("telepon", standar="telepon", pribadi=False)
    assert found(look(gate, tmp_path, {"telepon": ["024-7601234", "081234567890"]}, phone)) == {}


def test_the_fixed_line_of_an_institution_is_its_own(gate: Gate, tmp_path: Path) -> None:
    school = make_contract("nama", "alamat", changes={"identitas": {"s": {"jenis": "sekolah", "nama": "nama"}}})
    rows = {"nama": ["SD Uji"], "alamat": ["Jl. Pemuda 1 Telp. 0281-641234"]}
    assert found(look(gate, tmp_path, rows, school)) == {}
    assert found(look(gate, tmp_path, rows)) == {"alamat": {"telepon"}}
    rows["alamat"] = ["Jl. Pemuda 1 HP 0812-3456-7890"]
    assert found(look(gate, tmp_path, rows, school)) == {"alamat": {"telepon"}}


HARMLESS = [
    "33.74.01.1001 33.74.01.1002 33.74.01.1003",
    "11-01-2023 - 10-12-2023",
    "2023-01-05 12:30:00",
    "1.01.2.22.0.00.01.0000 2023",
    "Rp 1.250.000.000.000,00",
    "-6.9666666666",
    "1234567890123456",
    "337401010190001",
    "0374010101900001",
    "3374013201900001",
    "Jalan Pemuda No. 12-14, Semarang 50132",
    "2019 2020 2021 2022",
    "P3302010101",
    "20302232",
    "1700000000000",
    "9120301234567",
    "3302010203 3302010204",
    "rapat di Gedung B at lantai 2",
    "Perda 3/2019 tentang Pajak, Lembaran Daerah 2019 No. 12",
    "a5f0c1de-1b2c-4d5e-8f90-0123456789ab",
]


def test_what_only_looks_long_passes(gate: Gate, tmp_path: Path) -> None:
    assert found(look(gate, tmp_path, {"isi": HARMLESS})) == {}


def test_codes_and_measures_side_by_side_pass(gate: Gate, tmp_path: Path) -> None:
    rows = 300
    table: dict[str, list[object]] = {
        "npsn": [f"{20300000 + i}" for i in range(rows)],
        "kode_pos": [f"{50000 + i}" for i in range(rows)],
        "jumlah": [100_000 + 37 * i for i in range(rows)],
        "anggaran": [1_234_567_891 * (i + 1) for i in range(rows)],
    }
    assert found(look(gate, tmp_path, table, kinds={"jumlah": "BIGINT", "anggaran": "BIGINT"})) == {}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("DOUBLE", [110.4167123456789, -6.996666666666667, 0.3374010101900001]),
        ("DECIMAL(20,2)", ["3374010101900001.25"]),
        ("BIGINT", [337401010190001, 33740101019000012]),
        # Quadrillions of rupiah as a rule: one in forty looks like a NIK by chance.
        ("BIGINT", [10**15 + i * 7_919_123_456_789_013 % (9 * 10**15) for i in range(500)]),
    ],
)
def test_a_legitimate_magnitude_passes(gate: Gate, tmp_path: Path, kind: str, values: list[object]) -> None:
    assert found(look(gate, tmp_path, {"isi": values}, kinds={"isi": kind})) == {}


def test_a_column_full_of_nik_is_no_magnitude(gate: Gate, tmp_path: Path) -> None:
    (hit,) = look(gate, tmp_path, {"isi": [int(NIK) + i for i in range(500)]}, kinds={"isi": "BIGINT"}).hits
    assert hit.count == 500


def test_rows_are_counted_and_values_masked(gate: Gate, tmp_path: Path) -> None:
    (finding,) = look(gate, tmp_path, {"isi": [NIK, NIK, "aman", None, f"a {NIK}"]}).findings
    assert "pada 3 baris" in finding.pesan and finding.nilai == "3374************"


@pytest.mark.parametrize(
    ("value", "shown"), [(NIK, "3374************"), ("0812-3456-7890", "0812********"),
                         ("budi.s@contoh.id", "b*** s*** c*** i***")],
)  # fmt: skip
def test_a_masked_value_cannot_be_read(value: str, shown: str) -> None:
    assert masked(value) == shown
