"""A night in which all goes wrong that can: one build serves all tests here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.warehouse import Inputs, build, generate
from pipelines.warehouse.project import TEMPLATE

from .conftest import only, write_parquet
from .nights import Built, old_warehouse

PERIODS: dict[str, list[tuple[str, str, str | None]]] = {
    "dua_kini": [("33", "2020-01-01", None), ("33", "2021-01-01", None)],
    "tanpa_kini": [("33", "2020-01-01", "2021-01-01")],
    "tumpang_tindih": [("33", "2020-01-01", "2022-01-01"), ("33.02", "2021-01-01", None)],
    "tempat_salah": [("99.99", "2020-01-01", None)],
    "benar": [("33", "2020-01-01", "2021-01-01"), ("33.02", "2021-01-01", None)],
}


def wrong_persons() -> str:
    """A dim_penduduk in which each person but the last breaks one promise of it."""
    values = ", ".join(str((person, *period)) for person, given in PERIODS.items() for period in given)
    return (
        "select id_penduduk, kode_wilayah, mulai::date as berlaku_mulai, sampai::date as berlaku_sampai, "
        "1 as kunci_versi, null::varchar as id_keluarga, 1990 as tahun_lahir, 'L' as jenis_kelamin, true as hidup, "
        "null::date as meninggal, true as dalam_register "
        f"from (values {values.replace('None', 'null')}) t(id_penduduk, kode_wilayah, mulai, sampai)"
    )


@pytest.fixture(scope="module")
def bad(
    tmp_path_factory: pytest.TempPathFactory,
    inputs: Callable[[Home], Inputs],
    contracts: list[Contract],
    standards: dict[str, Standard],
) -> Iterator[Built]:
    """A night in which all goes wrong that can. Of dbt_project/ it has what these tests, and `rebase`, read."""
    folder = tmp_path_factory.mktemp("bad")
    home = Home(folder / "var").ensure()
    given = inputs(home)
    path = given.staged["dinas_a.mingguan"]
    assert path
    write_parquet(
        path,
        "SELECT '99.99' AS kode_wilayah, CASE m WHEN 0 THEN NULL ELSE 2024 END::INTEGER AS tahun, "
        '1 AS "order", 1 AS kasus FROM range(3) t(m)',
    )
    write_parquet(home.staging / "dinas_b" / "jenis.parquet", "SELECT '007' AS kode FROM range(2)")
    call = "rebase(ref('satu'), '2099', counts=['jumlah'], date=\"date '2020-01-01'\")"
    places = ("dim_wilayah", "batas", "dim_edisi", "bridge_wilayah_edisi", "bridge_wilayah_perubahan")
    template = only(Path(shutil.copytree(TEMPLATE, folder / "dbt_project")), *places, "dim_keluarga")
    for name, sql in {
        "conformed/dim_penduduk": wrong_persons(),
        # A leak: more columns than may leave.
        "open_data/dinas_b__belum_ada": "select *, 'x' as nik from {{ ref('fct_belum_ada') }}",
        "satu": "select '33' as kode_wilayah, 5 as jumlah",
        "ke_2099": f"{{{{ config(materialized='table') }}}}\n{{{{ {call} }}}}",
    }.items():
        model = template / "models" / f"{name}.sql"
        model.parent.mkdir(exist_ok=True)
        model.write_text(f"{sql}\n", encoding="utf-8")
    project = generate(contracts, standards, given, home.tmp / "dbt", template)
    analyst = old_warehouse(home)
    with pytest.MonkeyPatch.context() as shell:
        # A setting left in somebody's shell must not decide what the night does.
        shell.setenv("DBT_PROFILES_DIR", str(folder))
        shell.setenv("DBT_EXCLUDE_RESOURCE_TYPES", "test")
        result = build(home, project)
    yield Built(home, project, result, analyst)
    analyst.leave()


def test_a_bad_build_says_why(bad: Built) -> None:
    assert not bad.result.ok
    told = "\n".join(sorted(bad.result.failures))
    assert "test fct_jenis__kunci_unik of fct_jenis on (kode): Got 1 result" in told
    assert "test fct_mingguan__wajib_terisi of fct_mingguan on (tahun): Got 1 result" in told
    assert "test fct_mingguan__wilayah_dikenal of fct_mingguan on (kode_wilayah): Got 3 results" in told
    assert "rebase: there is no edition 2099 of kode wilayah" in told
    assert "model open_data.dinas_b__belum_ada: " in told


def test_a_bad_build_keeps_the_old_warehouse(bad: Built) -> None:
    assert bad.analyst.ask("FROM kemarin") == "[(1,)]"
    assert bad.rows("FROM kemarin") == [(1,)]
    with duckdb.connect(str(bad.home.warehouse / "gagal.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM conformed.fct_mingguan").fetchall() == [(3,)]
    assert sorted(p.name for p in bad.home.warehouse.iterdir()) == ["gagal.duckdb", "satudata.duckdb"]


def test_a_dimension_of_persons_is_tested(bad: Built) -> None:
    told = [one for one in bad.result.failures if "dim_penduduk" in one]
    assert sorted(one.partition(",")[0] for one in told) == [
        "test dim_penduduk__kini_tunggal of dim_penduduk: Got 2 results",
        "test dim_penduduk__masa_tunggal of dim_penduduk: Got 2 results",
        "test dim_penduduk__wilayah_dikenal of dim_penduduk on (kode_wilayah): Got 1 result",
    ]
