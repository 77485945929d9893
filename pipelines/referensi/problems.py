"""What is wrong with reference files and border files: the table `referensi_masalah`, shown in the quality report."""

from __future__ import annotations

from dataclasses import dataclass, fields

import duckdb

from pipelines.sql import literal


@dataclass(frozen=True)
class ReferenceProblem:
    """What is wrong with a file: `jumlah` times, of which `contoh` shows up to three, at `tempat` in `berkas`."""

    berkas: str
    jenis: str
    tempat: str | None
    pesan: str  # Bahasa Indonesia
    contoh: str | None
    jumlah: int


def empty_problems(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty table referensi_masalah, with the columns of ReferenceProblem."""
    con.execute(
        """CREATE OR REPLACE TABLE referensi_masalah (
        berkas VARCHAR, jenis VARCHAR, tempat VARCHAR, pesan VARCHAR, contoh VARCHAR, jumlah BIGINT)"""
    )


def note_each(con: duckdb.DuckDBPyConnection, rows: str, jenis: str, pesan: str) -> None:
    """Add a line for each file and tempat of `rows`, SQL of (berkas, tempat, contoh): how many, and the first three."""
    con.execute(
        f"""
        INSERT INTO referensi_masalah
        SELECT berkas, {literal(jenis)}, tempat, {literal(pesan)}, array_to_string(min(contoh, 3), '; '), count(*)
        FROM ({rows}) GROUP BY berkas, tempat ORDER BY berkas, tempat
        """
    )


def note(
    con: duckdb.DuckDBPyConnection, examples: str, berkas: str, jenis: str, tempat: str | None, pesan: str
) -> None:
    """Add one line for all rows of `examples`, SQL with a text column `contoh`; no rows, no line."""
    note_each(
        con, f"SELECT {literal(berkas)} AS berkas, {literal(tempat)} AS tempat, * FROM ({examples})", jenis, pesan
    )


def note_one(
    con: duckdb.DuckDBPyConnection, berkas: str, jenis: str, tempat: str | None, pesan: str, contoh: str | None = None
) -> None:
    """Add one line about a file as a whole."""
    note(con, f"SELECT {literal(contoh)}::VARCHAR AS contoh", berkas, jenis, tempat, pesan)


def problems(con: duckdb.DuckDBPyConnection, *relations: str) -> list[ReferenceProblem]:
    """The lines of tables or files that hold `referensi_masalah`, ordered by file."""
    columns = ", ".join(field.name for field in fields(ReferenceProblem))
    told = " UNION ALL ".join(f"SELECT {columns} FROM {relation}" for relation in relations)
    return [ReferenceProblem(*row) for row in con.execute(f"{told} ORDER BY ALL").fetchall()]
