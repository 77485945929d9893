"""One value for each fact: by priority, then by recency; and where somebody lived since when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.identity.golden import golden, note_residence
from pipelines.identity.linkage import normalise

A, B = "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"
Fact = dict[str, Any]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        normalise.install(con)
        yield con


def night(con: duckdb.DuckDBPyConnection, *facts: Fact) -> None:
    """Golden values of these records; each is of person A unless it says `id`."""
    con.execute(
        """CREATE OR REPLACE TABLE rekaman (sumber VARCHAR, kunci VARCHAR, daftar BOOLEAN, tanggal_lahir VARCHAR,
        jenis_kelamin VARCHAR, kode_wilayah VARCHAR, tinggal BOOLEAN, prioritas INTEGER, tanggal DATE, meninggal DATE,
        dataset VARCHAR)"""
    )
    con.execute("CREATE OR REPLACE TABLE xref (sumber VARCHAR, kunci VARCHAR, id UUID)")
    for number, fact in enumerate(facts):
        plain = {"sumber": "a.b", "daftar": False, "tinggal": True, "prioritas": 5, "tanggal": "2026-01-01", **fact}
        names = [n for n in plain if n != "id"]
        con.execute(
            f"INSERT INTO rekaman (kunci, dataset, {', '.join(names)}) VALUES (?, ?{', ?' * len(names)})",
            [str(number), plain["sumber"], *(plain[n] for n in names)],
        )
        con.execute("INSERT INTO xref VALUES (?, ?, ?)", [plain["sumber"], str(number), fact.get("id", A)])
    golden(con)
    note_residence(con)


def emas(con: duckdb.DuckDBPyConnection, *columns: str) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {', '.join(columns)} FROM emas ORDER BY id").fetchall()


def domisili(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        "SELECT kode_wilayah, mulai::VARCHAR, sampai::VARCHAR FROM domisili ORDER BY mulai, sampai"
    ).fetchall()


def test_the_register_is_believed_before_a_later_file(con: duckdb.DuckDBPyConnection) -> None:
    night(
        con,
        {"sumber": "reg.x", "daftar": True, "prioritas": 0, "tanggal_lahir": "1990-05-01"},
        {"tanggal_lahir": "1991-05-01", "jenis_kelamin": "P", "tanggal": "2026-09-01"},
    )
    found = emas(con, "tahun_lahir", "tahun_lahir_sumber", "jenis_kelamin", "jenis_kelamin_sumber", "dalam_register")
    assert found == [(1990, "reg.x", "P", "a.b", True)]


def test_of_equal_sources_the_more_recent_one_counts(con: duckdb.DuckDBPyConnection) -> None:
    night(
        con,
        {"jenis_kelamin": "L", "tanggal": "2026-02-01"},
        {"jenis_kelamin": "P", "tanggal": "2026-03-01"},
        {"jenis_kelamin": None, "tanggal": "2026-04-01"},
    )
    assert emas(con, "jenis_kelamin") == [("P",)]


def test_where_something_happened_is_not_where_somebody_lives(con: duckdb.DuckDBPyConnection) -> None:
    night(con, {"kode_wilayah": "33.74", "tinggal": False, "meninggal": "2026-01-05"})
    assert [(k, str(m)) for k, m in emas(con, "kode_wilayah", "meninggal")] == [(None, "2026-01-05")]
    assert domisili(con) == []


def test_a_move_ends_one_period_and_begins_another(con: duckdb.DuckDBPyConnection) -> None:
    night(con, {"kode_wilayah": "33.01.01.2001", "tanggal": "2026-01-01"})
    night(con, {"kode_wilayah": "33.01.01.2001", "tanggal": "2026-02-01"})
    night(con, {"kode_wilayah": "33.01.01.2002", "tanggal": "2026-03-01"})
    history = [("33.01.01.2001", "2026-01-01", "2026-03-01"), ("33.01.01.2002", "2026-03-01", None)]
    assert domisili(con) == history
    night(con, {"kode_wilayah": "33.01.01.2002", "tanggal": "2026-03-01"})
    assert domisili(con) == history, "the second call changes nothing"


def test_a_correction_of_the_same_day_makes_no_empty_period(con: duckdb.DuckDBPyConnection) -> None:
    night(con, {"kode_wilayah": "33.01.01.2001"})
    night(con, {"kode_wilayah": "33.01.01.2009"})
    assert domisili(con) == [("33.01.01.2009", "2026-01-01", None)]


def test_who_is_away_for_a_night_keeps_the_history(con: duckdb.DuckDBPyConnection) -> None:
    night(con, {"kode_wilayah": "33.01.01.2001"}, {"id": B, "kode_wilayah": "33.02.01.2001"})
    night(con, {"id": B, "kode_wilayah": "33.02.01.2001"})
    night(con, {"kode_wilayah": "33.01.01.2001", "tanggal": "2026-06-01"}, {"id": B, "kode_wilayah": "33.02.01.2001"})
    assert domisili(con) == [("33.01.01.2001", "2026-01-01", None), ("33.02.01.2001", "2026-01-01", None)]
