"""A small province: two places, three datasets, awkward names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.warehouse import Inputs
from pipelines.warehouse.project import TEMPLATE


def standard(kind: str, *, personal: bool = False) -> Standard:
    return Standard.model_validate(
        {
            "konsep": "Konsep",
            "definisi": "Satu {{ nilai }} dengan 'kutip'",
            "ukuran": "jumlah",
            "tipe": kind,
            "pribadi": personal,
            "sumber": "uji",
        }
    )


@pytest.fixture(scope="session")
def standards() -> dict[str, Standard]:
    kinds = {
        "teks": "VARCHAR",
        "bilangan": "BIGINT",
        "tahun": "INTEGER",
        "rupiah": "DECIMAL(20,2)",
        "tanggal": "DATE",
        "ya_tidak": "BOOLEAN",
        "lintang": "DOUBLE",
        "nama_wilayah": "VARCHAR",
    }
    return {name: standard(kind) for name, kind in kinds.items()} | {"nik": standard("VARCHAR", personal=True)}


def contract(produsen: str, dataset: str, kolom: dict[str, Any], **rest: Any) -> Contract:
    given = {
        "judul": "Uji {{ coba }}",
        "produsen": produsen,
        "jadwal": "bulanan",
        "klasifikasi": "terbuka",
        "kolom": kolom,
        **rest,
    }
    return Contract.model_validate(given).model_copy(update={"dataset": dataset})


@pytest.fixture(scope="session")
def weekly() -> Contract:
    """Names replaced by kode_wilayah; one of its columns is called as a word of SQL is."""
    return contract(
        "dinas_a",
        "mingguan",
        {
            "tahun": {"dari": "Tahun", "standar": "tahun", "wajib": True, "terbit": True},
            "provinsi": {"dari": "Prov", "standar": "nama_wilayah", "tingkat": "provinsi"},
            "kabupaten": {"dari": "Kab", "standar": "nama_wilayah", "tingkat": "kabupaten_kota"},
            "order": {"dari": "Minggu", "standar": "bilangan", "terbit": True},
            "nik": {"dari": "NIK", "standar": "nik"},
            "kasus": {"dari": "Kasus", "standar": "bilangan", "terbit": True, "satuan": "orang"},
        },
        wilayah={"nama": {"provinsi": "provinsi", "kabupaten_kota": "kabupaten"}},
        kunci=["kabupaten", "tahun", "order"],
    )


@pytest.fixture(scope="session")
def typed() -> Contract:
    """One column of every type, without a place; only two of them may leave."""
    return contract(
        "dinas_b",
        "jenis",
        {
            "kode": {"dari": "a", "standar": "teks", "wajib": True, "terbit": True},
            "bilangan": {"dari": "b", "standar": "bilangan"},
            "nilai": {"dari": "c", "standar": "rupiah", "terbit": True},
            "hari": {"dari": "d", "standar": "tanggal"},
            "benar": {"dari": "e", "standar": "ya_tidak"},
            "lintang": {"dari": "f", "standar": "lintang"},
            "baru": {"dari": "g", "standar": "tahun", "wajib": True},
        },
        kunci=["kode"],
    )


@pytest.fixture(scope="session")
def never_came() -> Contract:
    return contract(
        "dinas_b",
        "belum_ada",
        {
            "kode": {"dari": "a", "standar": "teks", "wajib": True, "terbit": True},
            "nilai": {"dari": "c", "standar": "rupiah", "terbit": True},
        },
        kunci=["kode"],
        wilayah={"tetap": "33"},
    )


def write_parquet(path: Path, select: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(f"COPY ({select}) TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    return path


@pytest.fixture(scope="session")
def contracts(weekly: Contract, typed: Contract, never_came: Contract) -> list[Contract]:
    """All three."""
    return [weekly, typed, never_came]


@pytest.fixture(scope="session")
def staged() -> Callable[[Home], dict[str, Path | None]]:
    def write(home: Home) -> dict[str, Path | None]:
        """`baru` of dinas_b.jenis is missing: its rows were accepted under an older contract."""
        weekly = write_parquet(
            home.staging / "dinas_a" / "mingguan.parquet",
            "SELECT '33.02' AS kode_wilayah, 'nama' AS wilayah_metode, 2024::INTEGER AS tahun, "
            "'JAWA TENGAH' AS provinsi, 'KAB. BANYUMAS' AS kabupaten, m AS \"order\", "
            "CASE m WHEN 1 THEN NULL ELSE 5 END::BIGINT AS kasus, 'a.csv' AS _berkas, m + 1 AS _baris "
            "FROM range(1, 4) t(m)",
        )
        typed = write_parquet(
            home.staging / "dinas_b" / "jenis.parquet",
            "SELECT '007' AS kode, 9007199254740993 AS bilangan, 12.50::DECIMAL(20,2) AS nilai, "
            "DATE '2024-02-29' AS hari, true AS benar, -7.25 AS lintang, 'b.csv' AS _berkas, 2 AS _baris",
        )
        return {"dinas_a.mingguan": weekly, "dinas_b.jenis": typed, "dinas_b.belum_ada": None}

    return write


@pytest.fixture(scope="session")
def inputs(staged: Callable[[Home], dict[str, Path | None]]) -> Callable[[Home], Inputs]:
    def write(home: Home) -> Inputs:
        wilayah = write_parquet(
            home.tmp / "wilayah.parquet",
            "FROM (VALUES ('33', 'provinsi', 'Jawa Tengah', 'provinsi', NULL), "
            "('33.02', 'kabupaten_kota', 'Kabupaten Banyumas', 'kabupaten', '33')) "
            "t(kode, tingkat, nama, jenis, kode_induk)",
        )
        load = {"produsen": "dinas_a", "dataset": "mingguan", "versi": "abc", "berkas": "a.csv"}
        counts = {"baris_dibaca": 4, "baris_diterima": 3, "baris_karantina": 1, "baris_bukan_data": 0}
        times = {"mulai": "2026-11-21T01:00:00.250+00:00", "selesai": ""}
        muatan = home.tmp / "muatan.json"
        muatan.write_text(json.dumps([{**load, "status": "SESUAI", **counts, **times}]), encoding="utf-8")
        return Inputs(staged(home), muatan, wilayah)

    return write


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A copy of dbt_project/ to write models into."""
    return Path(shutil.copytree(TEMPLATE, tmp_path / "dbt_project", ignore=shutil.ignore_patterns("target", "logs")))


def only(template: Path, *kept: str) -> Path:
    """Leave out of a copy of dbt_project/ all models but these: each costs every build time.

    generate() takes them out with all that reads them, since they now ask for a fact that no contract makes.
    """
    for path in (template / "models").rglob("*.sql"):
        if path.stem not in kept:
            path.write_text("select * from {{ ref('fct_tak_ada') }}\n", encoding="utf-8")
    return template
