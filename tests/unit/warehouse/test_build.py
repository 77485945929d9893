"""Real builds of a good night; dbt starts once for all tests here."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.warehouse import Inputs, build, generate
from pipelines.warehouse.project import TEMPLATE

from .nights import Built, old_warehouse


@pytest.fixture(scope="module")
def good(
    tmp_path_factory: pytest.TempPathFactory,
    inputs: Callable[[Home], Inputs],
    contracts: list[Contract],
    standards: dict[str, Standard],
) -> Iterator[Built]:
    # Everything that SQL, Jinja, YAML or a format string could trip over in the name of a folder.
    folder = tmp_path_factory.mktemp("awkward") / "o'brien {x} 100% #1: (a)"
    home = Home(folder)
    folder.mkdir()
    home.ensure()
    template = Path(shutil.copytree(TEMPLATE, tmp_path_factory.mktemp("own") / "dbt_project"))
    (template / "models" / "open_data").mkdir(exist_ok=True)
    (template / "models" / "open_data" / "dinas_b__jenis.sql").write_text(
        "select kode, cast(nilai * 2 as decimal(20, 2)) as nilai from {{ ref('fct_jenis') }}\n",
        encoding="utf-8",
    )
    project = generate(contracts, standards, inputs(home), home.tmp / "dbt", template)
    analyst = old_warehouse(home)
    # Left by a failed night, and by somebody who opened the old file for writing.
    for name in ("gagal.duckdb", "satudata.duckdb.wal"):
        (home.warehouse / name).write_bytes(b"stale")
    built = Built(home, project, build(home, project), analyst)
    yield built
    analyst.leave()


def test_a_good_build_is_promoted_and_readers_keep_the_old_one(good: Built) -> None:
    assert good.result.failures == []
    assert good.result.ok
    assert good.result.path == good.home.warehouse / "satudata.duckdb"
    assert good.analyst.ask("FROM kemarin") == "[(1,)]"
    assert sorted(p.name for p in good.home.warehouse.iterdir()) == ["satudata.duckdb"]


def test_schemas_and_relations_are_exactly_these(good: Built) -> None:
    found = good.rows("SELECT table_schema, table_name, table_type FROM information_schema.tables ORDER BY 1, 2")
    assert found == [
        ("conformed", "alih_penduduk", "BASE TABLE"),
        ("conformed", "bridge_bps", "BASE TABLE"),
        ("conformed", "bridge_wilayah_edisi", "BASE TABLE"),
        ("conformed", "bridge_wilayah_perubahan", "BASE TABLE"),
        ("conformed", "dim_edisi", "BASE TABLE"),
        ("conformed", "dim_institusi", "BASE TABLE"),
        ("conformed", "dim_keluarga", "BASE TABLE"),
        ("conformed", "dim_penduduk", "BASE TABLE"),
        ("conformed", "dim_waktu", "BASE TABLE"),
        ("conformed", "dim_wilayah", "BASE TABLE"),
        ("conformed", "dim_wilayah_kini", "BASE TABLE"),
        ("conformed", "fct_belum_ada", "BASE TABLE"),
        ("conformed", "fct_jenis", "BASE TABLE"),
        ("conformed", "fct_mingguan", "BASE TABLE"),
        ("mart", "mart_ringkasan", "BASE TABLE"),
        ("open_data", "dinas_a__mingguan", "VIEW"),
        ("open_data", "dinas_b__belum_ada", "VIEW"),
        ("open_data", "dinas_b__jenis", "VIEW"),
        ("ops", "muatan", "BASE TABLE"),
        ("spasial", "batas", "BASE TABLE"),
        ("spasial", "sel_h3", "BASE TABLE"),
        ("spasial", "tetangga", "BASE TABLE"),
        ("spasial", "titik", "BASE TABLE"),
    ]


def test_facts_hold_the_accepted_rows_and_no_lineage(good: Built) -> None:
    assert good.rows("FROM conformed.fct_mingguan ORDER BY 3") == [
        ("33.02", 2024, 1, None),
        ("33.02", 2024, 2, 5),
        ("33.02", 2024, 3, 5),
    ]
    names = "SELECT column_name FROM information_schema.columns WHERE table_name = 'fct_mingguan'"
    assert good.rows(names) == [("kode_wilayah",), ("tahun",), ("order",), ("kasus",)]


def test_types_are_the_standards_and_a_column_newer_than_the_rows_is_empty(good: Built) -> None:
    described = good.rows("DESCRIBE conformed.fct_jenis")
    assert [(row[0], row[1]) for row in described] == [
        ("kode", "VARCHAR"),
        ("bilangan", "BIGINT"),
        ("nilai", "DECIMAL(20,2)"),
        ("hari", "DATE"),
        ("benar", "BOOLEAN"),
        ("lintang", "DOUBLE"),
        ("baru", "INTEGER"),
    ]
    assert good.rows("FROM conformed.fct_jenis") == [
        ("007", 9007199254740993, Decimal("12.50"), dt.date(2024, 2, 29), True, -7.25, None)
    ]


def test_a_dataset_that_never_came_is_an_empty_table_with_types(good: Built) -> None:
    for table in ("conformed.fct_belum_ada", "open_data.dinas_b__belum_ada"):
        described = good.rows(f"DESCRIBE {table}")
        assert [(row[0], row[1]) for row in described] == [
            ("kode_wilayah", "VARCHAR"),
            ("kode", "VARCHAR"),
            ("nilai", "DECIMAL(20,2)"),
        ]
        assert good.rows(f"FROM {table}") == []


def test_the_handwritten_model_wins(good: Built) -> None:
    assert good.rows("FROM open_data.dinas_b__jenis") == [("007", Decimal("25.00"))]


def test_descriptions_are_in_the_file_as_written(good: Built) -> None:
    comments = good.rows("SELECT comment FROM duckdb_columns() WHERE table_name = 'fct_mingguan'")
    assert comments[-1] == ("Konsep: Satu {{ nilai }} dengan 'kutip'. Satuan: orang.",)
    assert good.rows("SELECT comment FROM duckdb_tables() WHERE table_name = 'fct_jenis'") == [("Uji {{ coba }}.",)]


def test_calendar_places_and_loads(good: Built) -> None:
    assert good.rows("SELECT count(*), min(tanggal), max(tanggal) FROM conformed.dim_waktu") == [
        (14976, dt.date(2000, 1, 1), dt.date(2040, 12, 31))
    ]
    assert good.rows(
        "SELECT kode, tingkat, nama, jenis, kode_induk FROM conformed.dim_wilayah WHERE kode = '33.02'"
    ) == [("33.02", "kabupaten_kota", "Kabupaten Banyumas", "kabupaten", "33")]
    moment = dt.datetime(2026, 11, 21, 1, 0, 0, 250000)
    assert good.rows("FROM ops.muatan") == [("dinas_a", "mingguan", "abc", "a.csv", "SESUAI", 4, 3, 1, 0, moment, None)]


def test_without_history_borders_and_points_the_rest_is_there_and_empty(good: Built) -> None:
    assert good.rows(
        "SELECT kode, berlaku_mulai, berlaku_sampai, kode_bps, luas_km2, lintang FROM conformed.dim_wilayah_kini"
    ) == [("33", dt.date(1900, 1, 1), None, None, None, None), ("33.02", dt.date(1900, 1, 1), None, None, None, None)]
    for table in (
        *("conformed.dim_edisi", "conformed.bridge_wilayah_perubahan", "conformed.bridge_wilayah_edisi"),
        *("conformed.bridge_bps", "spasial.batas", "spasial.titik", "spasial.sel_h3", "spasial.tetangga"),
        *("conformed.dim_penduduk", "conformed.dim_institusi", "mart.mart_ringkasan"),
        *("spasial.terdekat('dinas_a.mingguan')", "spasial.berdekatan('dinas_a.mingguan', 'dinas_b.jenis', 2000)"),
    ):
        assert good.rows(f"FROM {table}") == [], table


def test_the_file_works_under_any_name(good: Built, tmp_path: Path) -> None:
    shutil.copy(good.result.path, tmp_path / "salinan.duckdb")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{tmp_path / 'salinan.duckdb'}' AS lain (READ_ONLY)")
        assert con.execute("SELECT sum(kasus) FROM lain.open_data.dinas_a__mingguan").fetchall() == [(10,)]


def test_a_warehouse_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.warehouse.write_text("in the way", encoding="utf-8")
    result = build(home, tmp_path)
    assert not result.ok
    assert "the warehouse could not be written below" in result.failures[0]
