"""What a map leaves out or covers twice, from the pieces of the grid: lines of `referensi_masalah`."""

from __future__ import annotations

import duckdb

from pipelines.referensi.grid import CELL
from pipelines.referensi.problems import note_each

# Square metres: less is the noise of drawing.
_OVERLAP_M2 = 100
_GAP_M2 = 100_000
_M2_PER_DEGREE2 = 111_195.08**2


def report_coverage(con: duckdb.DuckDBPyConnection) -> None:
    """Report overlaps between areas of one level, and per kabupaten what its desa leave open."""
    _overlaps(con)
    _gaps(con)


def _square_metres(geom: str) -> str:
    return f"ST_Area({geom}) * {_M2_PER_DEGREE2} * cos(radians((ST_YMin({geom}) + ST_YMax({geom})) / 2))"


def _overlaps(con: duckdb.DuckDBPyConnection) -> None:
    """Pairs are looked for only in cells whose pieces add up to more than they could side by side."""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _tumpang AS
        WITH penuh AS (
            SELECT lapis, sel FROM petak WHERE geom IS NOT NULL GROUP BY ALL
            HAVING count(*) > 1 AND (sum(ST_Area(geom)) > {CELL**2} * (1 + 2e-4)
                -- At the edge of the map: the pieces may overlap and still not fill the cell.
                OR sum(ST_Area(geom)) < {CELL**2} * (1 - 2e-4))
        ), bagian AS (SELECT p.* FROM petak p SEMI JOIN penuh USING (lapis, sel) WHERE geom IS NOT NULL)
        SELECT a.lapis, a.id AS satu, b.id AS dua, sum({_square_metres("ST_Intersection(a.geom, b.geom)")}) AS m2
        FROM bagian a JOIN bagian b ON a.lapis = b.lapis AND a.sel = b.sel AND a.id < b.id
        WHERE ST_Intersects(a.geom, b.geom)
        GROUP BY ALL HAVING m2 > {_OVERLAP_M2}
        """
    )
    shown = (
        "coalesce(a.nama, a.kode, '') || ' dan ' || coalesce(b.nama, b.kode, '') || ': ' || round(m2)::BIGINT || ' m2'"
    )
    note_each(
        con,
        f"""SELECT a.berkas, a.tingkat AS tempat, {shown} AS contoh
        FROM _tumpang JOIN batas a ON a.id = satu JOIN batas b ON b.id = dua""",
        "tumpang_tindih",
        "Poligon saling menindih; titik di sana dicatat pada wilayah dengan kode terendah",
    )


def _gaps(con: duckdb.DuckDBPyConnection) -> None:
    """Area of a kabupaten less that of the desa-level areas in it, where it has any; overlaps count once."""
    note_each(
        con,
        f"""
        WITH anggota AS (
            SELECT kode[1:5] AS kode, any_value(berkas) AS berkas, sum({_square_metres("geom")}) AS m2
            FROM batas WHERE tingkat = 'desa_kelurahan' AND kode IS NOT NULL GROUP BY ALL
        ), lain AS (
            -- Water, forest and desa without a code count too: they lie in the kabupaten of their file.
            SELECT berkas, sum({_square_metres("geom")}) AS m2 FROM batas
            WHERE tingkat = 'desa_kelurahan' AND kode IS NULL GROUP BY ALL
        ), tumpang AS (
            SELECT b.kode[1:5] AS kode, sum(m2) AS m2 FROM _tumpang JOIN batas b ON b.id = satu
            WHERE b.tingkat = 'desa_kelurahan' GROUP BY ALL
        ), sisa AS (
            SELECT a.berkas, k.kode, k.nama,
                {_square_metres("k.geom")} - a.m2 - coalesce(l.m2, 0) + coalesce(t.m2, 0) AS m2
            FROM anggota a JOIN batas k ON k.kode = a.kode LEFT JOIN lain l ON l.berkas = a.berkas
            LEFT JOIN tumpang t ON t.kode = a.kode
        )
        SELECT berkas, kode AS tempat, nama || ': ' || round(m2 / 1e6, 2) || ' km2' AS contoh
        FROM sisa WHERE m2 > {_GAP_M2}
        """,
        "celah",
        "Desa tidak menutup seluruh kabupaten/kota menurut batasnya sendiri",
    )
