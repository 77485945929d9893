"""Polygons that can be used: valid, with an area, in Indonesia, and where their code says.

Works on `_poligon`; everything mended or left out is a line of `referensi_masalah` with an example.
"""

from __future__ import annotations

import duckdb

from pipelines.referensi.codes import LEVELS
from pipelines.referensi.problems import note_each

# Longitude and latitude of the country with its sea.
_WEST, _EAST, _SOUTH, _NORTH = 94.0, 142.0, -12.0, 7.0
# Degrees by which maps of different makers may disagree about one place.
_TOLERANCE = 0.05
# Degrees between parts of one province in files of their own: beyond this one of them is elsewhere.
_PROVINCE = 5.0
SHOWN = "coalesce(nama, '') || ' (' || coalesce(kode_asal, 'tanpa kode') || ')'"


def mend(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the polygon parts of every geometry, make invalid ones valid, drop what has no area."""
    rows = f"SELECT berkas, tingkat AS tempat, {SHOWN} AS contoh FROM _poligon"
    empty = "geom IS NULL OR ST_IsEmpty(geom) OR ST_Dimension(geom) < 2"
    note_each(con, f"{rows} WHERE {empty}", "kosong", "Poligon kosong atau bukan bidang; tidak dipakai")
    con.execute(f"DELETE FROM _poligon WHERE {empty}")
    crossed = "Garis batas memotong dirinya sendiri; diperbaiki secara otomatis, periksa bentuknya"
    note_each(con, f"{rows} WHERE NOT ST_IsValid(geom)", "tidak_sah", crossed)
    con.execute(
        "UPDATE _poligon SET geom = ST_CollectionExtract(ST_MakeValid(geom), 3) "
        "WHERE NOT ST_IsValid(geom) OR ST_GeometryType(geom) NOT IN ('POLYGON', 'MULTIPOLYGON')"
    )
    flat = "ST_IsEmpty(geom) OR ST_Area(geom) = 0"
    note_each(con, f"{rows} WHERE {flat}", "tanpa_luas", "Poligon tanpa luas; tidak dipakai")
    con.execute(f"DELETE FROM _poligon WHERE {flat}")


def in_country(con: duckdb.DuckDBPyConnection) -> None:
    """Leave out what lies outside Indonesia; longitude and latitude in each other's place get a line of their own."""
    con.execute("ALTER TABLE _poligon ADD COLUMN IF NOT EXISTS salah VARCHAR")
    con.execute(
        f"""
        UPDATE _poligon SET salah = CASE
            WHEN {_within("ST_X", "ST_Y")} THEN NULL WHEN {_within("ST_Y", "ST_X")} THEN 'sumbu_tertukar'
            ELSE 'luar_indonesia' END
        """
    )
    rows = f"SELECT berkas, tingkat AS tempat, {SHOWN} AS contoh FROM _poligon WHERE salah = "
    swapped = "Bujur dan lintang tertukar; tidak dipakai. Tulis koordinat sebagai [bujur, lintang]"
    note_each(con, f"{rows} 'sumbu_tertukar'", "sumbu_tertukar", swapped)
    outside = "Poligon di luar Indonesia; tidak dipakai. Periksa sistem koordinat (CRS) berkas"
    note_each(con, f"{rows} 'luar_indonesia'", "luar_indonesia", outside)
    con.execute("DELETE FROM _poligon WHERE salah IS NOT NULL")


def _within(x: str, y: str) -> str:
    columns = f"{x}Min(geom) >= {_WEST} AND {x}Max(geom) <= {_EAST}"
    return f"({columns} AND {y}Min(geom) >= {_SOUTH} AND {y}Max(geom) <= {_NORTH})"


def where_claimed(con: duckdb.DuckDBPyConnection) -> None:
    """Leave out polygons that lie outside the place above them, where any file has that place.

    Of two files that put one province in different parts of the country, the one with fewer of its places yields.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _kotak AS
        SELECT urutan, kode[1:2] AS prov, count(*) AS banyak, ST_Extent_Agg(geom) AS kotak
        FROM _poligon WHERE kode IS NOT NULL GROUP BY ALL
        """
    )
    con.execute(
        f"""
        UPDATE _poligon SET salah = 'provinsi_lain'
        FROM _kotak k JOIN _kotak o ON o.prov = k.prov AND o.urutan <> k.urutan
        WHERE k.urutan = _poligon.urutan AND k.prov = kode[1:2]
            AND (o.banyak > k.banyak OR (o.banyak = k.banyak AND o.urutan < k.urutan))
            AND NOT {_meet("k.kotak", "o.kotak", _PROVINCE)}
        """
    )
    for above in list(LEVELS.values())[:-1]:
        con.execute(
            f"""
            UPDATE _poligon SET salah = 'provinsi_lain' WHERE id IN (
                SELECT p.id FROM _poligon p
                JOIN _poligon atas ON atas.kode = p.kode[1:{above}] AND length(p.kode) > {above} AND atas.salah IS NULL
                WHERE p.salah IS NULL GROUP BY p.id HAVING NOT bool_or({_meet("atas.geom", "p.geom", _TOLERANCE)}))
            """
        )
    note_each(
        con,
        f"SELECT berkas, tingkat AS tempat, {SHOWN} AS contoh FROM _poligon WHERE salah = 'provinsi_lain'",
        "provinsi_lain",
        "Letak poligon tidak sesuai dengan kodenya (kabupaten atau provinsi lain); tidak dipakai",
    )
    con.execute("DELETE FROM _poligon WHERE salah IS NOT NULL")


def _meet(one: str, other: str, t: float) -> str:
    """SQL: whether two boxes are at most `t` degrees apart."""
    return (
        f"(ST_XMin({one}) <= ST_XMax({other}) + {t} AND ST_XMin({other}) <= ST_XMax({one}) + {t}"
        f" AND ST_YMin({one}) <= ST_YMax({other}) + {t} AND ST_YMin({other}) <= ST_YMax({one}) + {t})"
    )
