"""What is wrong with border files: the table `batas_masalah`, in the words of the quality report."""

from __future__ import annotations

import duckdb

from pipelines.sql import literal

COLUMNS = "berkas, jenis, tempat, pesan, contoh, jumlah"


def create(con: duckdb.DuckDBPyConnection) -> None:
    """An empty `batas_masalah`(berkas, jenis, tempat, pesan, contoh, jumlah)."""
    con.execute(
        """CREATE OR REPLACE TABLE batas_masalah(
        berkas VARCHAR, jenis VARCHAR, tempat VARCHAR, pesan VARCHAR, contoh VARCHAR, jumlah BIGINT)"""
    )


def report(
    con: duckdb.DuckDBPyConnection, berkas: str, jenis: str, tempat: str | None, pesan: str,
    contoh: str | None, jumlah: int,
) -> None:  # fmt: skip
    """One line about one file."""
    texts = ", ".join(map(literal, (berkas, jenis, tempat, pesan, contoh)))
    con.execute(f"INSERT INTO batas_masalah VALUES ({texts}, {jumlah})")


def report_rows(
    con: duckdb.DuckDBPyConnection, jenis: str, pesan: str, rows: str, tempat: str = "any_value(tempat)"
) -> None:
    """One line for each file of `rows`, SQL of (berkas, tempat, contoh): how many, with the first as example."""
    con.execute(
        f"""
        INSERT INTO batas_masalah
        SELECT berkas, {literal(jenis)}, {tempat}, {literal(pesan)}, min(contoh), count(*)
        FROM ({rows}) GROUP BY berkas ORDER BY berkas
        """
    )
