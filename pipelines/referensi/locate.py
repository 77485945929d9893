"""Which place a point lies in, and how far a point is from a place: sets of points against `batas` and `petak`.

`peta` is the name under which the prepared map is attached.
"""

from __future__ import annotations

import duckdb

from pipelines.referensi.grid import cell
from pipelines.sql import ident, metres

# Degrees, a tenth of a millimetre: far above what cutting moves a border by, far below what a map can say.
_NEAR = 1e-9


def locate(
    con: duckdb.DuckDBPyConnection, relation: str, lon: str, lat: str, out: str, *, row: str = "_id", peta: str = "peta"
) -> None:
    """Create the temporary table `out`(row, kode, tingkat, id_batas) for the rows of `relation` whose point was found.

    `relation` has a unique column `row`; `lon` and `lat` are SQL of DOUBLE degrees. kode is the finest place with a
    code that contains the point: its desa, else (no polygon, no code, water, forest) its kecamatan, and so on; NULL
    where only areas without a code do. On a border and in an overlap the lowest code wins. id_batas is the finest
    area of any kind. Points in no area are not in `out`. Borders belong to their polygon.
    """
    target, key = ident(out), ident(row)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _semua AS
        SELECT t.*, s.id FROM (
            SELECT {key}, x, y, {cell("x", "y")} AS sel FROM (SELECT {key}, {lon} AS x, {lat} AS y FROM {relation})
            WHERE x BETWEEN -180 AND 180 AND y BETWEEN -90 AND 90
        ) t JOIN {peta}.petak_sel s USING (sel)
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {target} AS
        SELECT {key}, b.kode, b.tingkat, b.id AS id_batas FROM _semua JOIN {peta}.batas b USING (id)
        """
    )
    # One piece within the tolerance settles a point on its level. With several, the point is near a common border
    # or in an overlap: whole polygons are asked, exactly. Where none says yes, it is in a crack no wider than the
    # tolerance.
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _kena AS
        WITH calon AS MATERIALIZED (
            SELECT t.{key}, p.lapis, p.id, t.x, t.y FROM (FROM _semua WHERE id IS NULL) t
            JOIN {peta}.petak p USING (sel)
            WHERE p.geom IS NULL OR ST_DWithin(p.geom, ST_Point(t.x, t.y), {_NEAR})
        ),
        dekat AS MATERIALIZED (SELECT {key}, lapis, min(id) AS id, max(id) AS lain FROM calon GROUP BY {key}, lapis),
        ragu AS (SELECT c.* FROM calon c SEMI JOIN (FROM dekat WHERE id <> lain) USING ({key}, lapis))
        SELECT {key}, lapis, id FROM dekat WHERE id = lain
        UNION ALL
        SELECT r.{key}, r.lapis, coalesce(min(r.id) FILTER (ST_Intersects(b.geom, ST_Point(r.x, r.y))), min(r.id))
        FROM ragu r JOIN {peta}.batas b USING (id) GROUP BY r.{key}, r.lapis
        """
    )
    place = "b.kode IS NOT NULL AND b.jenis = 'wilayah'"
    con.execute(
        f"""
        INSERT INTO {target}
        SELECT k.{key}, arg_min(b.kode, k.lapis) FILTER ({place}), arg_min(b.tingkat, k.lapis) FILTER ({place}),
            arg_min(k.id, k.lapis)
        FROM _kena k JOIN {peta}.batas b USING (id) GROUP BY k.{key}
        """
    )
    con.execute("DROP TABLE _semua; DROP TABLE _kena")


def distance_m(
    con: duckdb.DuckDBPyConnection, relation: str, lon: str, lat: str, kode: str, out: str,
    *, row: str = "_id", peta: str = "peta",
) -> None:  # fmt: skip
    """Create the temporary table `out`(row, jarak_m): metres from each point to the polygon of the stated code.

    0 inside and on the border; else by haversine to the polygon's nearest point (nearest in degrees: at these
    latitudes less than 2 % too far). Rows without a point, or whose code has no polygon, are not in `out`.
    """
    away = metres("x", "y", "ST_X(dekat)", "ST_Y(dekat)")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {ident(out)} AS
        SELECT {ident(row)}, CASE WHEN d = 0 THEN 0.0 ELSE {away} END AS jarak_m
        FROM (
            SELECT {ident(row)}, x, y, d, CASE WHEN d > 0 THEN ST_ClosestPoint(geom, ST_Point(x, y)) END AS dekat
            FROM (SELECT t.*, b.geom, ST_Distance(b.geom, ST_Point(t.x, t.y)) AS d
                FROM (SELECT {ident(row)}, {lon} AS x, {lat} AS y, {kode} AS kode FROM {relation}) t
                JOIN {peta}.batas b ON b.kode = t.kode AND b.jenis = 'wilayah'
                WHERE t.x IS NOT NULL AND t.y IS NOT NULL))
        """
    )
