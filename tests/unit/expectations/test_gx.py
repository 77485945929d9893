"""Great Expectations on DuckDB: pushed down, real, and a broken check never looks like bad data."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from expectations.gx import Judge

CONFIG = {"memory_limit": "500MB"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE isi AS SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, 'a:b 5%')) v(n, t)")
        con.execute("CREATE MACRO kecil(x) AS x < 3")
        con.execute("CREATE VIEW data AS SELECT * FROM isi")
    return path


def meets(predicate: str, mostly: float = 1.0, column: str = "n") -> Any:
    from expectations.gx import ExpectColumnValuesToMeetStandard

    return ExpectColumnValuesToMeetStandard(column=column, standard="s", rule="r", predicate=predicate, mostly=mostly)


def test_a_predicate_is_run_in_the_database(judge: Judge, database: Path) -> None:
    (outcome,) = judge.judge(database, CONFIG, "data", [meets("kecil(n)")])
    assert (outcome.success, outcome.unexpected, outcome.unexpected_share) == (False, 2, 0.5)
    assert (outcome.column, outcome.standard, outcome.rule, outcome.limit) == ("n", "s", "r", 0.0)


@pytest.mark.parametrize(("mostly", "success"), [(0.5, True), (0.51, False)])
def test_mostly_is_a_share(judge: Judge, database: Path, mostly: float, success: bool) -> None:
    (outcome,) = judge.judge(database, CONFIG, "data", [meets("kecil(n)", mostly)])
    assert (outcome.success, outcome.limit) == (success, round(1 - mostly, 9))


@pytest.mark.parametrize("predicate", ["t <> 'a:b 5%'", "t NOT LIKE '%:b 5%'", "NOT regexp_matches(t, 'a:b \\d%')"])
def test_marks_of_the_driver_mean_nothing(judge: Judge, database: Path, predicate: str) -> None:
    (outcome,) = judge.judge(database, CONFIG, "data", [meets(predicate, column="t")])
    assert outcome.unexpected == 1, "three values, one of which is 'a:b 5%'; the empty one is not judged"


@pytest.mark.parametrize(
    "predicate", ["n <", "tidak_ada > 1", "kecil(n, 2)", "CAST(t AS INTEGER) > 0", "error('rusak')", ")"]
)
def test_a_predicate_that_cannot_run_is_a_broken_check(judge: Judge, database: Path, predicate: str) -> None:
    from expectations.gx import BrokenCheck

    with pytest.raises(BrokenCheck, match="meet_standard n"):
        judge.judge(database, CONFIG, "data", [meets("n > 0"), meets(predicate)])
    (after,) = judge.judge(database, CONFIG, "data", [meets("n > 0")])
    assert after.success, "the judge lives on"


@pytest.mark.parametrize(
    ("predicate", "column", "unexpected", "share"),
    [
        ("CAST(NULL AS BOOLEAN)", "n", 0, 0.0),
        ("t = 'a' OR NULL", "t", 0, 0.0),
        ("CASE WHEN t IS NULL THEN error('kosong') ELSE t = 'a' END", "t", 2, 2 / 3),
        ("(SELECT count(n) FROM data) > 9", "n", 4, 1.0),
    ],
)
def test_what_counts(judge: Judge, database: Path, predicate: str, column: str, unexpected: int, share: float) -> None:
    """Only what is false is unexpected, not what is NULL; the share is of the values; none but those are judged."""
    (outcome,) = judge.judge(database, CONFIG, "data", [meets(predicate, column=column)])
    assert (outcome.unexpected, outcome.success) == (unexpected, unexpected == 0)
    assert outcome.unexpected_share == pytest.approx(share)


@pytest.mark.parametrize("rows", ["n IS NULL", "t IS NULL"])
def test_without_values_nothing_is_broken(judge: Judge, database: Path, rows: str) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute(f"CREATE VIEW tanpa AS SELECT * FROM isi WHERE {rows}")
    (outcome,) = judge.judge(database, CONFIG, "tanpa", [meets("false", column="t")])
    assert (outcome.success, outcome.unexpected, outcome.unexpected_share) == (True, 0, 0.0)


def test_a_share_met_exactly_is_met(judge: Judge, tmp_path: Path) -> None:
    """The float 1 - 0.18 is above 82 of 100; see DECIMALS."""
    path = tmp_path / "seratus.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE data AS SELECT range AS n FROM range(100)")
    suite = [meets("n < 82", round(1 - 0.18, 9)), meets("n < 81", round(1 - 0.18, 9)), meets("false", 0.0)]
    outcomes = judge.judge(path, CONFIG, "data", suite)
    assert [(o.success, o.unexpected, o.limit) for o in outcomes] == [
        (True, 18, 0.18),
        (False, 19, 0.18),
        (True, 100, 1),
    ]


def test_a_missing_table_is_no_verdict(judge: Judge, database: Path) -> None:
    with pytest.raises(Exception, match="tidak_ada"):
        judge.judge(database, CONFIG, "tidak_ada", [meets("n > 0")])


@pytest.mark.parametrize(("table", "predicate"), [("data", "n > 0"), ("data", "n <"), ("tidak_ada", "n > 0")])
def test_the_file_is_free_afterwards(judge: Judge, database: Path, table: str, predicate: str) -> None:
    with contextlib.suppress(Exception):
        judge.judge(database, CONFIG, table, [meets(predicate)])
    with duckdb.connect(str(database)) as con:
        con.execute("DROP VIEW data")


def test_deliveries_are_judged_apart(judge: Judge, tmp_path: Path) -> None:
    """The same table in another file, with other columns."""
    for name, unexpected in [("satu", 1), ("dua", 2), ("satu", 1)]:
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(path)) as con:
            con.execute(f"CREATE OR REPLACE TABLE data AS SELECT range AS {name} FROM range(3)")
        (outcome,) = judge.judge(path, CONFIG, "data", [meets(f"{name} >= {unexpected}", column=name)])
        assert (outcome.column, outcome.unexpected) == (name, unexpected)


def test_the_data_stay_as_they_were(judge: Judge, database: Path) -> None:
    before = database.read_bytes()
    judge.judge(database, CONFIG, "data", [meets("n > 0")])
    assert database.read_bytes() == before


def test_other_expectations(judge: Judge, database: Path) -> None:
    from expectations.gx import gxe

    suite = [
        gxe.ExpectTableRowCountToBeBetween(min_value=5),
        gxe.ExpectColumnValuesToNotBeNull(column="t"),
        gxe.ExpectColumnValuesToBeUnique(column="n"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["n", "t"]),
    ]
    outcomes = judge.judge(database, CONFIG, "data", suite)
    assert {o.kind: (o.success, o.unexpected, o.observed) for o in outcomes} == {
        "expect_table_row_count_to_be_between": (False, 0, 4),
        "expect_column_values_to_not_be_null": (False, 1, None),
        "expect_column_values_to_be_unique": (True, 0, None),
        "expect_compound_columns_to_be_unique": (True, 0, None),
    }


@pytest.mark.parametrize("folder", ["dengan spasi", "per%20sen", "tanda'petik", "é", "tanya?", "$HOME"])
def test_any_path(judge: Judge, database: Path, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    moved = database.rename(tmp_path / folder / "d.duckdb")
    (outcome,) = judge.judge(moved, CONFIG, "data", [meets("n > 1")])
    assert outcome.unexpected == 1
