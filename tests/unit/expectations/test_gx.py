"""Great Expectations on DuckDB: pushed down, real, and a broken check never looks like bad data."""

from __future__ import annotations

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


def test_a_missing_table_is_no_verdict(judge: Judge, database: Path) -> None:
    with pytest.raises(Exception, match="tidak_ada"):
        judge.judge(database, CONFIG, "tidak_ada", [meets("n > 0")])


def test_the_file_is_free_afterwards(judge: Judge, database: Path) -> None:
    judge.judge(database, CONFIG, "data", [meets("n > 0")])
    with duckdb.connect(str(database)) as con:
        con.execute("DROP VIEW data")


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
