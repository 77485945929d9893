"""A small warehouse on disk, as dbt leaves it, and everything else a release needs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.catalogue import Portal
from pipelines.contract.load import General, Library, Produsen, load_standards
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import REPO, Home
from pipelines.home.key_files import FILE_VARIABLE, VARIABLE
from pipelines.publish import Delivery, Inputs, Quality, ReleaseResult, confirm, prepare, release
from pipelines.release import hashes, withdrawn
from pipelines.release.manifest import UNVERSIONED

NO_PORTAL = Portal()
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
GENERAL = General(kosong=[], satuan_orang=["orang"], satuan_turunan=["persen"])
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
PLACES = """SELECT * FROM (VALUES
    ('33', '33', 'Jawa Tengah', DATE '1900-01-01'),
    ('33.01', '3301', 'Kabupaten Cilacap', DATE '1900-01-01'),
    ('33.02', '3302', 'Nama Lama', DATE '1900-01-01'),
    ('33.02', '3302', 'Kabupaten Banyumas', DATE '2000-01-01'),
    ('33.02.01', NULL, 'Lumbir', DATE '1900-01-01')
) v(kode, kode_bps, nama, berlaku_mulai)"""
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
        "persetujuan": "otomatis",
        "kolom": kolom,
        "wilayah": {"nama": {"kabupaten_kota": "kabupaten"}},
    }
    return Contract.model_validate(base | changes).model_copy(update={"dataset": dataset})


def text_contract(dataset: str = "catatan", **column: Any) -> Contract:
    """A contract that publishes one column `isi`."""
    kolom = {"isi": {"dari": ["Isi"], "standar": "teks", "terbit": True, **column}}
    return make_contract(dataset, kolom=kolom, wilayah=None)


def persons(dataset: str = "siswa", **column: Any) -> Contract:
    """A contract that counts persons by place and group."""
    kolom = {
        "kode": {"dari": ["Kode"], "standar": "kode_wilayah", "sistem": "kemendagri", "tingkat": "kecamatan"},
        "kelompok": {"dari": ["Kelompok"], "standar": "teks", "terbit": True},
        "tahun": {"dari": ["Tahun"], "standar": "tahun", "terbit": True},
        "banyak": {
            "dari": ["Banyak"], "standar": "bilangan", "satuan": "orang", "konsep": "Siswa", "terbit": True, **column
        },
    }  # fmt: skip
    return make_contract(dataset, kolom=kolom, wilayah={"kode": "kode"}, kunci=["kode", "kelompok", "tahun"])


@dataclass
class World:
    home: Home
    standards: dict[str, Standard]
    opd: dict[str, Produsen] = field(default_factory=lambda: dict(OPD))
    dates: dict[str, date] = field(
        default_factory=lambda: {"dinas.harga": date(2024, 2, 5), "dinas.catatan": date(2024, 3, 1)}
    )
    quality: dict[str, Quality] = field(default_factory=dict)
    names: Path | None = None

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

    def persons(self, counts: dict[tuple[str, str], int], dataset: str = "siswa") -> None:
        rows = ", ".join(f"('{place}', '{group}', 2024, {n})" for (place, group), n in counts.items())
        kinds = {"kode_wilayah": "VARCHAR", "kelompok": "VARCHAR", "tahun": "INTEGER", "banyak": "BIGINT"}
        self.table(dataset, rows, kinds)
        self.dates.setdefault(f"dinas.{dataset}", date(2024, 4, 1))

    def places(self) -> None:
        """The table of places as dbt leaves it; one of them has had two names, one has no BPS code."""
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute("CREATE SCHEMA IF NOT EXISTS conformed")
            con.execute(f"CREATE OR REPLACE TABLE conformed.dim_wilayah AS {PLACES}")

    def drop(self, dataset: str) -> None:
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute(f"DROP TABLE open_data.dinas__{dataset}")

    def release(self, *contracts: Contract, portal: Portal = NO_PORTAL) -> ReleaseResult:
        return release(self.home, self.inputs(*contracts, portal=portal), NOW)

    def inputs(self, *contracts: Contract, portal: Portal = NO_PORTAL) -> Inputs:
        library = Library(contracts, self.standards, self.opd, GENERAL)
        deliveries = {key: Delivery(day, 2, self.quality.get(key)) for key, day in self.dates.items()}
        gone = {slug: (date.fromisoformat(d.tanggal), d.alasan) for slug, d in withdrawn(self.home).items()}
        return Inputs(library, self.warehouse, deliveries, portal, self.names, gone)

    def prepare(self, *contracts: Contract) -> ReleaseResult:
        return prepare(self.home, self.inputs(*contracts))

    def confirm(self) -> ReleaseResult:
        return confirm(self.home, "Siti Aminah", "Rilis bulanan", NOW)

    @property
    def latest(self) -> Path:
        return self.home.releases / "latest"

    def csv(self, dataset: str = "harga") -> bytes:
        return (self.latest / f"dinas-{dataset}" / f"dinas-{dataset}.csv").read_bytes()

    def descriptor(self, dataset: str = "harga") -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.latest / f"dinas-{dataset}" / "datapackage.json").read_bytes())
        return loaded

    def rows(self, dataset: str, columns: str) -> list[tuple[Any, ...]]:
        """Columns of the published Parquet file."""
        path = self.latest / f"dinas-{dataset}" / f"dinas-{dataset}.parquet"
        with duckdb.connect() as con:
            return con.execute(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()


def content(folder: Path) -> dict[str, str]:
    """sha256 by path of all that a version follows from."""
    return {path: sha for path, sha in hashes(folder.resolve()).items() if path not in UNVERSIONED}


def literal(value: object) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


@pytest.fixture(autouse=True)
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that signs lies in the home of the test."""
    for name in (VARIABLE, FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def standards() -> dict[str, Standard]:
    return load_standards(REPO / "expectations" / "standards")


@pytest.fixture
def world(tmp_path: Path, standards: dict[str, Standard]) -> World:
    made = World(Home(tmp_path / "var").ensure(), standards)
    made.harga()
    return made
