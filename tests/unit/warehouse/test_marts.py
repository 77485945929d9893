"""The marts over tables written by hand: dbt builds them, and runs the unit tests that stand beside each."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.contract.standard import Standard
from pipelines.home import Home
from pipelines.warehouse import BuildResult, Inputs, build, dbt, generate
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


@pytest.fixture(scope="module")
def marts(
    tmp_path_factory: pytest.TempPathFactory, inputs: Callable[[Home], Inputs], standards: dict[str, Standard]
) -> tuple[Home, Path, BuildResult]:
    """A warehouse whose facts are written by hand, its project, and what became of it."""
    folder = tmp_path_factory.mktemp("mart")
    template = Path(shutil.copytree(TEMPLATE, folder / "template"))
    for table, columns in facts().items():
        path = template / "models" / "conformed" / f"{table}.sql"
        path.write_text(fact_sql(table, columns), encoding="utf-8")
    home = Home(folder / "home").ensure()
    project = generate([], standards, inputs(home), home.tmp / "dbt", template)
    return home, project, build(home, project)


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
    home, project, result = marts
    database = tmp_path / result.path.name
    shutil.copy(result.path, database)
    (learnt,) = home.cache.glob("dbt-*.msgpack")
    words = ["test", "--select", "test_type:unit", "--no-use-colors", "--log-path", tmp_path]
    folders = ["--project-dir", project, "--profiles-dir", project, "--target-path", tmp_path / "target"]
    code, said = dbt.run([*map(str, [*words, *folders, "--partial-parse-file-path", learnt])], database)
    assert code == 0, said
    passed = set(re.findall(r"PASS \w+::(\w+)", said))
    written = [path.read_text(encoding="utf-8").partition("unit_tests:")[2] for path in TEMPLATE.rglob("*.yml")]
    assert passed == {name for text in written for name in re.findall(r"^  - name: (\w+)", text, re.MULTILINE)}
    tested = set(re.findall(r"PASS (\w+)::", said))
    assert tested >= {path.stem for path in (TEMPLATE / "models" / "mart").glob("*.sql")}
