"""Small CSV files of reference folders, and the changes of places that a person has reviewed."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.referensi.declare import Declared, Perubahan, ReferenceDataError
from pipelines.referensi.edition_files import columns_named, read_cells
from pipelines.referensi.problems import note
from pipelines.sql import literal


def read_rows(con: duckdb.DuckDBPyConnection, file: Path, *names: str) -> str:
    """SQL of the named columns of a CSV, as text; empty cells are NULL."""
    read_cells(con, file, "_sel")
    try:
        positions, first = columns_named(con, "_sel", names)
    except KeyError as error:
        raise ReferenceDataError(f"{file}: its header must name the columns {error}") from None
    cells = ", ".join(f"nullif(trim(sel[{n}]), '') AS {name}" for n, name in zip(positions, names, strict=True))
    return f"(SELECT {cells} FROM _sel WHERE baris > {first})"


def read_reviewed(con: duckdb.DuckDBPyConnection, declared: Declared) -> None:
    """Create the temporary table `_ditinjau` from the declared files; `edisi_wilayah` is loaded.

    Rows that can belong to no edition are lines of `referensi_masalah`.
    """
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _ditinjau
        (lama VARCHAR, baru VARCHAR, jenis VARCHAR, bobot DOUBLE, dasar_hukum VARCHAR, berkas VARCHAR)"""
    )
    for found in declared.all(Perubahan):
        for file in found.files:
            rows = read_rows(con, file, "lama", "baru", "jenis", "bobot", "dasar_hukum")
            con.execute(
                f"""INSERT INTO _ditinjau
                SELECT lama, baru, jenis, TRY_CAST(bobot AS DOUBLE), dasar_hukum, {literal(found.name(file))}
                FROM {rows}"""
            )
            known = "SELECT kode FROM edisi_wilayah"
            note(
                con,
                f"""SELECT format('{{}} - {{}}', coalesce(lama, ''), coalesce(baru, '')) AS contoh FROM {rows}
                WHERE (lama IS NULL AND baru IS NULL) OR (lama IS NOT NULL AND lama NOT IN ({known}))
                    OR (baru IS NOT NULL AND baru NOT IN ({known}))
                    OR (bobot IS NOT NULL AND TRY_CAST(bobot AS DOUBLE) IS NULL)
                    OR coalesce(jenis, '') NOT IN
                        ('pindah', 'ganti_nama', 'ejaan', 'baru', 'hapus', 'pecah', 'gabung', 'sebagian')""",
                found.name(file),
                "perubahan_salah",
                "perubahan",
                "Kode tidak ada di edisi mana pun, jenis tidak dikenal, atau bobot bukan angka",
            )


def report_unused(con: duckdb.DuckDBPyConnection) -> None:
    """Say which reviewed changes fitted no two neighbouring editions; `wilayah_perubahan` is there."""
    unused = """SELECT format('{} - {}', coalesce(lama, ''), coalesce(baru, '')) AS contoh, berkas FROM _ditinjau d
        WHERE NOT EXISTS (FROM wilayah_perubahan p WHERE p.lama IS NOT DISTINCT FROM d.lama
            AND p.baru IS NOT DISTINCT FROM d.baru AND p.jenis IS NOT DISTINCT FROM d.jenis)"""
    for (file,) in con.execute(f"SELECT DISTINCT berkas FROM ({unused}) ORDER BY 1").fetchall():
        note(
            con,
            f"FROM ({unused}) WHERE berkas = {literal(file)}",
            file,
            "perubahan_tak_terpakai",
            "perubahan",
            "Perubahan ini tidak terjadi di antara dua edisi yang dimuat; periksa kodenya atau muat edisinya",
        )
