"""A small warehouse on disk, as dbt leaves it, and everything else a release needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.load import Produsen, load_standards
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import REPO, Home
from pipelines.publish import Portal, ReleaseResult, release

NO_PORTAL = Portal()
OPD = {
    "dinas": Produsen("dinas", "Dinas Uji", "Pemerintah Uji", "33", "data@dinas.example.id", "https://dinas.example.id")
}
# Awkward on purpose: formulas, quotes, line ends, empty text, equal rows, a row that says nothing.
HARGA = """
    ('33.02', 2024, '=1+1', 1234.5, DATE '2024-01-31', true),
    ('33.01', 2024, 'beras, "medium"', 0.1, NULL, false),
    ('33.01', 2023, E'dua\r\nbaris', -0.0, NULL, NULL),
    (NULL, 2023, '', 1e16, DATE '2023-12-31', NULL),
    ('33.02', 2024, '=1+1', 1234.5, DATE '2024-01-31', true),
    (NULL, NULL, '', NULL, NULL, NULL)
"""
HARGA_COLUMNS = {
    "kode_wilayah": "VARCHAR", "tahun": "INTEGER", "nama_barang": "VARCHAR", "harga": "DOUBLE",
    "tanggal": "DATE", "subsidi": "BOOLEAN",
}  # fmt: skip


def make_contract(dataset: str = "harga", **changes: Any) -> Contract:
    """An open contract with one column that is not published."""
    kolom = {
        "kabupaten": {"dari": ["Kab"], "standar": "nama_wilayah", "tingkat": "kabupaten_kota"},
        "tahun": {"dari": ["Tahun"], "standar": "tahun", "terbit": True},
        "nama_barang": {"dari": ["Barang"], "standar": "teks", "terbit": True},
        "harga": {"dari": ["Harga"], "standar": "desimal", "terbit": True, "satuan": "rupiah per kilogram"},
        "tanggal": {"dari": ["Tgl"], "standar": "tanggal", "terbit": True},
        "subsidi": {"dari": ["Subsidi"], "standar": "ya_tidak", "terbit": True},
    }
    base: dict[str, Any] = {
        "judul": "Harga barang",
        "deskripsi": "Harga barang menurut kabupaten/kota.",
        "produsen": "dinas",
        "jadwal": "bulanan",
        "klasifikasi": "terbuka",
        "kolom": kolom,
        "wilayah": {"nama": {"kabupaten_kota": "kabupaten"}},
    }
    return Contract.model_validate(base | changes).model_copy(update={"dataset": dataset})


def text_contract(dataset: str = "catatan", **column: Any) -> Contract:
    """A contract that publishes one column `isi`."""
    kolom = {"isi": {"dari": ["Isi"], "standar": "teks", "terbit": True, **column}}
    return make_contract(dataset, kolom=kolom, wilayah=None)


@dataclass
class World:
    home: Home
    standards: dict[str, Standard]
    opd: dict[str, Produsen] = field(default_factory=lambda: dict(OPD))
    dates: dict[str, date] = field(
        default_factory=lambda: {"dinas.harga": date(2024, 2, 5), "dinas.catatan": date(2024, 3, 1)}
    )

    @property
    def warehouse(self) -> Path:
        return self.home.warehouse / "satudata.duckdb"

    def table(self, dataset: str, rows: str, columns: dict[str, str]) -> None:
        types = ", ".join(f"CAST({k} AS {t}) AS {k}" for k, t in columns.items())
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute("CREATE SCHEMA IF NOT EXISTS open_data")
            con.execute(f"DROP TABLE IF EXISTS open_data.dinas__{dataset}")
            con.execute(
                f"CREATE TABLE open_data.dinas__{dataset} AS SELECT {types} "
                f"FROM (VALUES {rows}) AS v({', '.join(columns)})"
            )

    def text(self, *values: object, kind: str = "VARCHAR") -> None:
        self.table("catatan", ", ".join(f"({literal(v)})" for v in values), {"isi": kind})

    def harga(self, rows: str = HARGA) -> None:
        self.table("harga", rows, HARGA_COLUMNS)

    def drop(self, dataset: str) -> None:
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute(f"DROP TABLE open_data.dinas__{dataset}")

    def release(self, *contracts: Contract, portal: Portal = NO_PORTAL) -> ReleaseResult:
        return release(self.home, list(contracts), self.standards, self.opd, self.warehouse, self.dates, portal)

    @property
    def latest(self) -> Path:
        return self.home.releases / "latest"

    def csv(self, dataset: str = "harga") -> bytes:
        return (self.latest / f"dinas-{dataset}" / f"dinas-{dataset}.csv").read_bytes()


def literal(value: object) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


@pytest.fixture(scope="session")
def standards() -> dict[str, Standard]:
    return load_standards(REPO / "expectations" / "standards")


@pytest.fixture
def world(tmp_path: Path, standards: dict[str, Standard]) -> World:
    made = World(Home(tmp_path / "var").ensure(), standards)
    made.harga()
    return made
