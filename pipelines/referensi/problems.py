"""What is wrong with reference files: the table `referensi_masalah`, shown in the quality report."""

from __future__ import annotations

import duckdb

from pipelines.sql import literal

COLUMNS = (
    "berkas VARCHAR, jenis VARCHAR, tempat VARCHAR, pesan VARCHAR, contoh VARCHAR, jumlah BIGINT"  # pesan in Bahasa
)


def empty_problems(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty table referensi_masalah(berkas, jenis, tempat, pesan, contoh, jumlah)."""
    con.execute(f"CREATE OR REPLACE TABLE referensi_masalah ({COLUMNS})")


def note(con: duckdb.DuckDBPyConnection, examples: str, berkas: str, jenis: str, tempat: str, pesan: str) -> int:
    """Add one line for all rows of `examples`, SQL with a text column `contoh`; no rows, no line.

    Returns how many rows there were. The first three in order stand in the line.
    """
    added = con.execute(
        f"""
        INSERT INTO referensi_masalah
        SELECT {literal(berkas)}, {literal(jenis)}, {literal(tempat)}, {literal(pesan)},
            array_to_string(min(contoh, 3), '; '), count(*)
        FROM ({examples}) HAVING count(*) > 0 RETURNING jumlah
        """
    ).fetchone()
    return int(added[0]) if added else 0
