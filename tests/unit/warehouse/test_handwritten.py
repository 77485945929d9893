from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.warehouse.handwritten import SUMMARY, columns_read, leave_out, left_out, summary_sql

# fct_a has what `satu` asks of it; `dua` asks fct_a for a column that it lacks; `tiga` and `empat` hang on `dua`.
SQL = {
    "conformed/dim": "select 1 as id",
    "conformed/fct_own": "select 1 as anything",
    "mart/mart_satu": "select * from {{ ref('fct_a') }} join {{ ref( \"dim\" ) }} join {{ ref('fct_own') }}",
    "mart/mart_dua": "select * from {{ ref('fct_a') }}",
    "mart/tiga": "select * from {{ ref('mart_dua') }}",
    "mart/mart_empat": "select * from {{ ref('tiga') }}",
    "mart/mart_lima": "select * from {{ ref('fct_b') }}",
    "mart/mart_salah": "select * from {{ ref('dm') }}",
}
GIVEN = {"mart_satu": ["x"], "mart_dua": ["x", "y"], "mart_lima": ["x"]}


def unit_test(model: str, columns: list[str], table: str) -> dict[str, object]:
    rows = [{column: None} for column in columns]
    given = [{"input": f"ref('{table}')", "rows": rows}, {"input": "ref('dim')", "format": "sql", "rows": "select 1"}]
    return {"name": f"{model}__kasus", "model": model, "given": given, "expect": {"rows": []}}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name, sql in SQL.items():
        path = tmp_path / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(sql, encoding="utf-8")
    tests = [
        unit_test(model, columns, "fct_b" if model == "mart_lima" else "fct_a") for model, columns in GIVEN.items()
    ]
    described = [{"name": Path(name).name, "description": "Ada isinya."} for name in SQL]
    write(tmp_path / "mart" / "bersama.yml", {"version": 2, "models": described[:4], "unit_tests": tests[:2]})
    write(tmp_path / "mart" / "sendiri.yml", {"version": 2, "models": described[4:7], "unit_tests": tests[2:]})
    write(tmp_path / "conformed" / "lain.yml", {"version": 2, "models": None, "macros": [{"name": "mart_dua"}]})
    return tmp_path


def write(path: Path, document: dict[str, object]) -> None:
    path.write_text(yaml.safe_dump(document), encoding="utf-8")


def read(path: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def test_what_cannot_be_built_says_what_it_lacks(models: Path) -> None:
    assert left_out(models, {"fct_a": ["x", "z"]}) == {
        "mart_dua": "fct_a has no column y",
        "tiga": "it reads mart_dua, which is left out",
        "mart_empat": "it reads tiga, which is left out",
        "mart_lima": "no contract makes fct_b",
    }
    assert left_out(models, {"fct_a": ["x", "y"], "fct_b": ["x"]}) == {}


def test_a_mistyped_ref_is_not_taken_for_a_missing_contract(models: Path) -> None:
    assert "mart_salah" not in left_out(models, {})


def test_the_columns_read_are_those_of_the_unit_tests(models: Path) -> None:
    assert columns_read(models)["mart_dua", "fct_a"] == {"x", "y"}
    assert columns_read(models)["mart_dua", "dim"] == set()


def test_sql_properties_and_unit_tests_go_together(models: Path) -> None:
    gone = leave_out(models, {"fct_a": ["x"]})
    assert gone.keys() == {"mart_dua", "tiga", "mart_empat", "mart_lima"}
    assert {p.stem for p in models.rglob("*.sql")} == {Path(name).name for name in SQL} - gone.keys()
    shared = read(models / "mart" / "bersama.yml")
    assert [m["name"] for m in shared["models"]] == ["dim", "fct_own", "mart_satu"]
    assert [t["model"] for t in shared["unit_tests"]] == ["mart_satu"]
    assert not (models / "mart" / "sendiri.yml").exists()
    assert read(models / "conformed" / "lain.yml")["macros"] == [{"name": "mart_dua"}]
    assert leave_out(models, {"fct_a": ["x"]}) == {}


def test_a_file_with_nothing_to_leave_out_is_kept_as_written(models: Path) -> None:
    path = models / "mart" / "bersama.yml"
    commented = "# as written\n" + path.read_text(encoding="utf-8")
    path.write_text(commented, encoding="utf-8")
    leave_out(models, {"fct_a": ["x", "y"], "fct_b": ["x"]})
    assert path.read_text(encoding="utf-8") == commented


def test_the_summary_counts_the_marts_that_are_there(models: Path) -> None:
    (models / "mart" / f"{SUMMARY}.sql").write_text("select 1", encoding="utf-8")
    leave_out(models, {"fct_a": ["x"]})
    sql = summary_sql(models)
    assert sql.count("union all") == 1
    assert "{{ ref('mart_satu') }}" in sql and "{{ ref('mart_salah') }}" in sql


def test_without_marts_the_summary_is_empty_and_typed(tmp_path: Path) -> None:
    assert "where false" in summary_sql(tmp_path)
