"""What the datasets in use say of institutions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.contract.model import Contract
from pipelines.identity.records import InUse, gather_institutions


def in_use(folder: Path, standard: str, rows: str) -> InUse:
    """A list of clinics whose column `kode` has this standard; `rows` as SQL VALUES of (_no, kode, nama)."""
    contract = Contract.model_validate(
        {
            "judul": "Daftar klinik",
            "produsen": "uji",
            "jadwal": "tahunan",
            "klasifikasi": "terbuka",
            "kolom": {"kode": {"dari": "Kode", "standar": standard}, "nama": {"dari": "Nama", "standar": "teks"}},
            "identitas": {"faskes": {"jenis": "faskes", "kode": "kode", "nama": "nama"}},
        }
    ).model_copy(update={"dataset": "klinik"})
    path = folder / "data.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (FROM (VALUES {rows}) t(_no, kode, nama)) TO '{path}' (FORMAT parquet)")
    return InUse(contract, "v1", path, date(2026, 1, 1))


@pytest.mark.parametrize(("standard", "registry"), [("kode_faskes", "kode_faskes"), ("teks", None)])
def test_a_code_that_may_be_any_text_is_the_source_s_own(tmp_path: Path, standard: str, registry: str | None) -> None:
    rows = "(1, 'p12', 'Klinik Sehat'), (2, 'P12', NULL), (3, NULL, 'Klinik Waras'), (4, NULL, NULL)"
    with duckdb.connect() as con:
        gather_institutions(con, [in_use(tmp_path, standard, rows)])
        found = con.execute("SELECT sumber, kode, kode_jenis, nama FROM lembaga ORDER BY nama").fetchall()
    assert found == [
        ("uji.klinik/faskes", "P12", registry, "Klinik Sehat"),
        ("uji.klinik/faskes", None, None, "Klinik Waras"),
    ]
