"""The marts over tables written by hand: dbt builds them, and runs the unit tests that stand beside each."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.warehouse import BuildResult, Inputs, build, generate
from pipelines.warehouse.handwritten import columns_read
from pipelines.warehouse.project import TEMPLATE

TYPES = {
    "tanggal_peristiwa": "DATE",
    "tanggal_lapor": "DATE",
    "tanggal_salur": "DATE",
    "tahun": "INTEGER",
    "desil": "BIGINT",
    "nominal": "DECIMAL(20,2)",
    "diterima": "BOOLEAN",
    "aktif": "BOOLEAN",
}
# Cases that need no register: a clinic that only one list has, in two places or in none; a payment made twice;
# pupils whom no register knows. The rest of each row is empty.
ROWS: dict[str, list[dict[str, str]]] = {
    "fct_faskes": [
        {"kode_wilayah": "33.02", "id_faskes": "f1", "id_baris": "1"},
        {"kode_wilayah": "33.02.01.2001", "id_faskes": "f2", "id_baris": "2"},
        {"id_faskes": "f3", "id_baris": "3"},
        {"kode_wilayah": "33.02", "id_faskes": "f4", "id_baris": "4"},
    ],
    "fct_faskes_jkn": [{"id_faskes": "f4"}],
    "fct_bantuan": [
        {"kode_wilayah": "33.02.01", "id_penduduk": "p1", "jenis_bantuan": "X", "tanggal_salur": "2024-01-02"},
        {"kode_wilayah": "33.02.01", "id_penduduk": "p1", "jenis_bantuan": "X", "tanggal_salur": "2024-01-03"},
    ],
    "fct_siswa": [{"id_penduduk": "p2", "id_baris": "1"}, {"id_penduduk": "p3", "id_baris": "2"}],
}


def facts() -> dict[str, set[str]]:
    """Each fact with the columns that unit tests give it, and no other."""
    found: dict[str, set[str]] = {}
    for (_, table), columns in columns_read(TEMPLATE / "models").items():
        if table.startswith("fct_"):
            found.setdefault(table, set()).update(columns)
    return found


def fact_sql(table: str, columns: set[str]) -> str:
    types = {column: TYPES.get(column, "VARCHAR") for column in sorted(columns)}
    empty = [f"select {', '.join(f'null::{kind} as {column}' for column, kind in types.items())} where false"]
    rows = []
    for row in ROWS.get(table, []):
        cells = [f"'{row[c]}'::{kind}" if c in row else f"null::{kind}" for c, kind in types.items()]
        rows.append(f"select {', '.join(cells)}")
    return "\nunion all\n".join([*empty, *rows])


def build_marts(
    folder: Path, inputs: Callable[[Home], Inputs], standards: dict[str, Standard], own: dict[str, str]
) -> tuple[Home, Path, BuildResult]:
    """A warehouse whose facts, and the models of `own`, are written by hand."""
    template = Path(shutil.copytree(TEMPLATE, folder / "template"))
    written = {table: fact_sql(table, columns) for table, columns in facts().items()} | own
    for name, sql in written.items():
        (template / "models" / "conformed" / f"{name}.sql").write_text(sql, encoding="utf-8")
    home = Home(folder / "home").ensure()
    project = generate([], standards, inputs(home), home.tmp / "dbt", template)
    return home, project, build(home, project)


@pytest.fixture(scope="module")
def marts(
    tmp_path_factory: pytest.TempPathFactory, inputs: Callable[[Home], Inputs], standards: dict[str, Standard]
) -> tuple[Home, Path, BuildResult]:
    return build_marts(tmp_path_factory.mktemp("mart"), inputs, standards, {})


def ask(result: BuildResult, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(result.path), read_only=True) as con:
        rows: list[tuple[object, ...]] = con.execute(sql).fetchall()
    return rows


def test_every_mart_is_built_from_the_columns_that_its_unit_tests_give(
    marts: tuple[Home, Path, BuildResult],
) -> None:
    _, _, result = marts
    assert result.failures == []
    built = {name for (name,) in ask(result, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mart'")}
    assert built == {path.stem for path in (TEMPLATE / "models" / "mart").glob("*.yml")}


def test_the_summary_counts_cases_by_kabupaten(marts: tuple[Home, Path, BuildResult]) -> None:
    _, _, result = marts
    assert ask(result, "FROM mart.mart_ringkasan ORDER BY ALL") == [
        ("mart_bantuan_ganda", "33.02", 1),
        ("mart_faskes_tanpa_jkn", "33.02", 2),
        ("mart_faskes_tanpa_jkn", None, 1),
        ("mart_siswa_tak_terdaftar", None, 2),
    ]


def test_the_unit_tests_of_all_models_pass(marts: tuple[Home, Path, BuildResult], tmp_path: Path) -> None:
    _, project, result = marts
    shutil.copy(result.path, tmp_path / "satudata.duckdb")
    folders = ["--project-dir", project, "--profiles-dir", project, "--log-path", tmp_path]
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-c", "from dbt.cli.main import cli; cli()", "test", "--no-use-colors"),
            *map(str, folders),
            *("--select", "test_type:unit"),
        ],
        env={**os.environ, "SATUDATA_WAREHOUSE": str(tmp_path / "satudata.duckdb"), "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    passed = set(re.findall(r"PASS \w+::(\w+)", done.stdout))
    written = [path.read_text(encoding="utf-8").partition("unit_tests:")[2] for path in TEMPLATE.rglob("*.yml")]
    assert passed == {name for text in written for name in re.findall(r"^  - name: (\w+)", text, re.MULTILINE)}
    tested = set(re.findall(r"PASS (\w+)::", done.stdout))
    assert tested >= {path.stem for path in (TEMPLATE / "models" / "mart").glob("*.sql")}


def test_a_dimension_of_persons_is_tested(
    tmp_path: Path, inputs: Callable[[Home], Inputs], standards: dict[str, Standard]
) -> None:
    periods: dict[str, list[tuple[str, str, str | None]]] = {
        "dua_kini": [("33", "2020-01-01", None), ("33", "2021-01-01", None)],
        "tanpa_kini": [("33", "2020-01-01", "2021-01-01")],
        "tumpang_tindih": [("33", "2020-01-01", "2022-01-01"), ("33.02", "2021-01-01", None)],
        "tempat_salah": [("99.99", "2020-01-01", None)],
        "benar": [("33", "2020-01-01", "2021-01-01"), ("33.02", "2021-01-01", None)],
    }
    values = ", ".join(str((person, *period)) for person, given in periods.items() for period in given)
    wrong = (
        "select id_penduduk, kode_wilayah, mulai::date as berlaku_mulai, sampai::date as berlaku_sampai, "
        "1 as kunci_versi, null::varchar as id_keluarga, 1990 as tahun_lahir, 'L' as jenis_kelamin, true as hidup, "
        "null::date as meninggal, true as dalam_register "
        f"from (values {values.replace('None', 'null')}) t(id_penduduk, kode_wilayah, mulai, sampai)"
    )
    _, _, result = build_marts(tmp_path, inputs, standards, {"dim_penduduk": wrong})
    told = "\n".join(result.failures)
    assert "test dim_penduduk__kini_tunggal of dim_penduduk: Got 2 results" in told
    assert "test dim_penduduk__masa_tunggal of dim_penduduk: Got 2 results" in told
    assert "test dim_penduduk__wilayah_dikenal of dim_penduduk on (kode_wilayah): Got 1 result" in told
    assert len(result.failures) == 3
