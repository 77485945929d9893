from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.contract.standard import Standard
from pipelines.gate import Gate, GateError
from pipelines.home import Key
from pipelines.identity.name_marks import export_names

from .conftest import found, look, make_contract

# Invented persons. Two are also a street and a village.
PERSONS = ["BUDI SANTOSO", "Sri Wahyuningsih", "Muhammad Nur Hidayat, S.Pd.", "Drs. H. Slamet Riyadi", "Wage",
           "Sido Mulyo", "Djoko Soetrisno", "Siti Nur'aini"]  # fmt: skip
KEY = Key(b"1" * 32, b"2" * 32, 1)


def marks(folder: Path, key: Key = KEY, names: list[str] = PERSONS) -> Path:
    out = folder / "nama.parquet"
    rows = ", ".join("('" + n.replace("'", "''") + "')" for n in names)
    with duckdb.connect() as con:
        export_names(con, f"SELECT * FROM (VALUES {rows}) v(nama)", key, out)
    return out


@pytest.fixture(scope="module")
def gate(standards: dict[str, Standard], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    folder = tmp_path_factory.mktemp("nama")
    with duckdb.connect() as con:
        others = folder / "lain.parquet"
        con.execute(
            f"COPY (SELECT unnest(['Sidomulyo', 'Sido Mulyo', 'SD Negeri Tunas Bangsa']) AS nama) TO '{others}'"
        )
        yield Gate.open(con, standards, marks(folder), others)


@pytest.mark.parametrize(
    "text",
    [
        "Budi Santoso", "BUDI SANTOSO", "budi  santoso", "Santoso, Budi", "Bpk. Budi Santoso, S.E.", "H. Budi Santoso",
        "dilaporkan oleh Budi Santoso pada hari Senin", "Bud\u200bi Santoso", "Вudi Sаntoso", "Ｂｕｄｉ Ｓａｎｔｏｓｏ",
        "Budi\u00a0Santoso", "budi_santoso", "Budi-Santoso", "Budi.Santoso", "(Budi Santoso)", "Budi\nSantoso",
        "M. Nur Hidayat", "Moh. Nur Hidayat", "Slamet Riyadi", "Joko Sutrisno", "Búdi Säntoso", "https://x.id/budi-santoso",
        "Siti Nur`aini", "Sri Wahyuningsih (istri)",
    ],
)  # fmt: skip
def test_a_person_is_found_however_the_name_is_written(gate: Gate, tmp_path: Path, text: str) -> None:
    assert found(look(gate, tmp_path, {"isi": ["aman saja", text]})) == {"isi": {"nama_orang"}}


@pytest.mark.parametrize(
    "text",
    ["Jl. Slamet Riyadi No. 5", "Jalan Brigjen H. Slamet Riyadi", "SD Negeri 2 Slamet Riyadi", "RSUD dr. Slamet Riyadi",
     "Desa Sido Mulyo", "Wage", "Budi", "santoso saja", "Slamet dan Riyadi", "Budi pekerti. Santoso", "Tunas Bangsa"],
)  # fmt: skip
def test_streets_places_and_words_are_nobody(gate: Gate, tmp_path: Path, text: str) -> None:
    assert found(look(gate, tmp_path, {"isi": [text]})) == {}


def test_rows_are_counted_and_names_masked(gate: Gate, tmp_path: Path) -> None:
    (finding,) = look(gate, tmp_path, {"isi": ["Budi Santoso"] * 3 + ["ketua: Joko Sutrisno"]}).findings
    assert "pada 4 baris" in finding.pesan
    assert "antoso" not in repr(finding).lower() and "utrisno" not in repr(finding).lower()


def test_names_of_institutions_and_places_are_not_looked_at(gate: Gate, tmp_path: Path) -> None:
    school = make_contract("nama", changes={"identitas": {"s": {"jenis": "sekolah", "nama": "nama"}}})
    assert found(look(gate, tmp_path, {"nama": ["Budi Santoso"]}, school)) == {}
    shop = make_contract("nama", changes={"identitas": {"s": {"jenis": "usaha", "nama": "nama"}}})
    assert found(look(gate, tmp_path, {"nama": ["Budi Santoso"]}, shop)) == {"nama": {"nama_orang"}}


def test_marks_are_of_no_use_without_their_key(tmp_path: Path) -> None:
    (tmp_path / "lain").mkdir()
    one, other = marks(tmp_path), marks(tmp_path / "lain", Key(b"3" * 32, b"2" * 32, 1))
    rows = [set(duckdb.sql(f"SELECT tanda FROM '{p}'").fetchall()) for p in (one, other)]
    assert rows[0].isdisjoint(rows[1])
    raw = one.read_bytes().lower()
    assert b"santoso" not in raw and b"riyadi" not in raw
    assert one.stat().st_mode & 0o777 == 0o600
    again = one.read_bytes()
    assert marks(tmp_path, names=PERSONS[::-1]).read_bytes() == again


def test_a_file_without_marks_stops_the_gate(standards: dict[str, Standard], tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 1 AS tanda) TO '{tmp_path / 'x.parquet'}'")
        with pytest.raises(GateError, match="marks of names"):
            Gate.open(con, standards, tmp_path / "x.parquet")
