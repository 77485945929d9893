"""Personal columns leave with the accepted rows into an encrypted file, and stand nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from expectations.gx import Judge
from pipelines.check.run import PERSONAL, Source, check
from pipelines.contract.load import Library
from pipelines.home import Key
from pipelines.home.store import attach
from tests.unit.check.conftest import contract_of, table

KEY = Key(b"k" * 32, b"n" * 32, 1)
KOLOM: dict[str, Any] = {
    "nomor": {"dari": "nomor", "standar": "teks"},
    "nik": "nik",
    "nama": "nama_orang",
    "jenis": "teks",
    "tanggal": "tanggal",
    "kasus": "bilangan",
}
ROLE = {
    "jenis": "penduduk",
    "nik": "nik",
    "nama": "nama",
    "meninggal": {"bila": "jenis = 'mati'", "tanggal": "tanggal"},
}
ROWS = [
    ["1", "'3302010101900001", "Slamet  Santoso", "mati", "05/02/2026", "3"],
    ["2", "3302010101900002", "Budi Wibowo", "lahir", "06/02/2026", "4"],
    ["3", "salah", "Joko Utomo", "mati", "07/02/2026", "5"],
]


def split(
    library: Library,
    base: Path,
    judge: Judge,
    work: Path,
    *,
    rows: list[list[str]] = ROWS,
    key: Key | None = KEY,
    **more: Any,
) -> list[Any]:
    """Rows of the encrypted file after a check; staging is in work/data.parquet."""
    contract = contract_of(KOLOM, batas={"ditolak_maks": "60%"}, identitas={"penduduk": ROLE}, **more)
    (work / "a.csv").write_text(table(list(KOLOM), rows))
    check(library, contract, [Source("a.csv", work / "a.csv")], base, work, lambda: judge, key=key)
    if not (work / PERSONAL).exists():
        return []
    with duckdb.connect() as con:
        attach(con, work / PERSONAL, KEY, "p", read_only=True)
        return con.execute("SELECT * EXCLUDE (_no, kode_wilayah) FROM p.baris ORDER BY _no").fetchall()


def test_split_by_row_number(library: Library, base: Path, judge: Judge, tmp_path: Path) -> None:
    rows = split(library, base, judge, tmp_path, kunci=["nomor"])
    assert [(k, nik, nama, str(died)) for k, nik, nama, died in rows] == [
        ("1", "3302010101900001", "Slamet Santoso", "2026-02-05"),
        ("2", "3302010101900002", "Budi Wibowo", "None"),
    ]
    staged = pq.read_table(tmp_path / "data.parquet")
    assert {"nik", "nama"}.isdisjoint(staged.column_names)
    assert len(set(staged["_no"].to_pylist())) == 2


def test_the_file_is_encrypted(library: Library, base: Path, judge: Judge, tmp_path: Path) -> None:
    split(library, base, judge, tmp_path, kunci=["nomor"])
    content = (tmp_path / PERSONAL).read_bytes()
    assert b"3302010101900001" not in content
    assert b"Slamet" not in content
    assert (tmp_path / PERSONAL).stat().st_mode & 0o077 == 0


def test_without_a_key_nothing_is_kept(library: Library, base: Path, judge: Judge, tmp_path: Path) -> None:
    assert split(library, base, judge, tmp_path, key=None, kunci=["nomor"]) == []


@pytest.mark.parametrize("kunci", [[], ["jenis", "kasus"]])
def test_every_row_has_a_name_of_its_own(
    library: Library, base: Path, judge: Judge, tmp_path: Path, kunci: list[str]
) -> None:
    same = ["9", "", "Sama Semua", "", "", ""]
    rows = split(library, base, judge, tmp_path, rows=[*ROWS, same, same], kunci=kunci)
    assert len(rows) == 4
    assert len({row[0] for row in rows}) == 4
