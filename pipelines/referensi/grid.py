"""The grid that locates points by equi-joins: `petak_sel`(sel, id) and `petak`(lapis, sel, id, geom).

petak_sel has every cell that any area touches. Its id is set where the cell lies inside one place of the finest
level that is there and touches no other of that level: then it is the answer for all points of the cell. For the
other cells `petak` has the areas of every level (lapis 0 is the finest) that can still be asked: geom NULL where
the area fills the cell alone, else the part of the area in the cell and a little around it, so that the exact test
runs on a handful of vertices. Polygons are cut in steps, coarse to fine, each into 16 at most: that is fast, and no
large polygon meets thousands of cells at once, which would fill the memory.
"""

from __future__ import annotations

from math import floor

import duckdb

from pipelines.referensi.borders import layers

# Degrees; about 280 m. See docs/adr/0013-borders-and-grid.md for what other sizes cost.
CELL = 0.0025
# Sizes of the steps, in cells; each a multiple of the next.
_STEPS = (256, 64, 16, 4, 1)
# Pieces reach beyond their cell, so that a polygon which only touches the cell's edge has a piece in it too.
_MARGIN = 1e-7


def cell(x: str, y: str) -> str:
    """SQL: number of the cell of a point in degrees."""
    return number(f"floor({x} / {CELL})::BIGINT", f"floor({y} / {CELL})::BIGINT")


def number(column: str, row: str) -> str:
    """SQL: number of a cell from its BIGINT column and row, unique for all the world."""
    rows = floor(360 / CELL)
    return f"({column}) * {rows} + ({row})"


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Create `petak_sel` and `petak` from `batas`."""
    con.execute("CREATE OR REPLACE TEMP TABLE _petak(lapis TINYINT, sel BIGINT, id INTEGER, geom GEOMETRY)")
    for layer, level in enumerate(layers(con)):
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE _sisa AS
            SELECT id, geom, -1000000 AS x1, 1000000 AS x2, -1000000 AS y1, 1000000 AS y2
            FROM batas WHERE tingkat = '{level}'
            """
        )
        for step, finer in zip(_STEPS, (*_STEPS[1:], 1), strict=True):
            _cut(con, step, layer, finer)
        con.execute(f"INSERT INTO _petak SELECT {layer}, {number('x::BIGINT', 'y::BIGINT')}, id, geom FROM _sisa")
    con.execute(
        """
        CREATE OR REPLACE TABLE petak_sel AS
        SELECT p.sel, CASE WHEN p.utuh AND b.kode IS NOT NULL AND b.jenis = 'wilayah' THEN p.id END AS id
        FROM (SELECT sel, id, geom IS NULL AS utuh FROM _petak
            QUALIFY row_number() OVER (PARTITION BY sel ORDER BY lapis) = 1) p
        JOIN batas b USING (id) ORDER BY sel
        """
    )
    # Where the finest areas leave nothing of a cell to the coarser ones, those are never asked: their parts add up
    # to the cell (an overlap and a gap of one size in one cell would have to agree to nine digits).
    whole = (CELL + 2 * _MARGIN) ** 2
    con.execute(
        f"""
        CREATE OR REPLACE TABLE petak AS
        WITH penuh AS (
            SELECT sel FROM _petak p JOIN batas b USING (id)
            WHERE lapis = 0 AND b.kode IS NOT NULL AND b.jenis = 'wilayah'
            GROUP BY sel HAVING abs(sum(coalesce(ST_Area(p.geom), {whole})) / {whole} - 1) < 1e-9
        )
        SELECT * FROM _petak ANTI JOIN (SELECT sel FROM petak_sel WHERE id IS NOT NULL) USING (sel)
        WHERE lapis = 0 OR sel NOT IN (FROM penuh) ORDER BY lapis, sel
        """
    )
    con.execute("DROP TABLE _sisa")
    con.execute("DROP TABLE _petak")


def _cut(con: duckdb.DuckDBPyConnection, step: int, layer: int, finer: int) -> None:
    """Cut `_sisa` into cells of `step`; cells that one polygon fills alone are done, the rest stays."""
    size = CELL * step
    full = (size + 2 * _MARGIN) ** 2 * (1 - 1e-9)
    parts = step // finer
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _potong AS
        WITH rentang AS (
            SELECT id, geom,
                greatest(x1, floor((ST_XMin(geom) - {_MARGIN}) / {size})::INTEGER) AS xa,
                least(x2, floor((ST_XMax(geom) + {_MARGIN}) / {size})::INTEGER) AS xb,
                greatest(y1, floor((ST_YMin(geom) - {_MARGIN}) / {size})::INTEGER) AS ya,
                least(y2, floor((ST_YMax(geom) + {_MARGIN}) / {size})::INTEGER) AS yb
            FROM _sisa
        ), kolom AS (
            SELECT id, geom, ya, yb, xa = xb AND ya = yb AS tunggal, unnest(range(xa, xb + 1)) AS x FROM rentang
        ), kotak AS (
            SELECT id, geom, tunggal, x, unnest(range(ya, yb + 1)) AS y FROM kolom
        ), bagian AS (
            -- What lies in one cell is not cut at all.
            SELECT id, x::INTEGER AS x, y::INTEGER AS y,
                CASE WHEN tunggal THEN geom ELSE ST_CollectionExtract(ST_Intersection(geom, ST_MakeEnvelope(
                    x * {size} - {_MARGIN}, y * {size} - {_MARGIN},
                    (x + 1) * {size} + {_MARGIN}, (y + 1) * {size} + {_MARGIN}
                )), 3) END AS geom FROM kotak
        )
        SELECT *, ST_Area(geom) >= {full} AND count(*) OVER (PARTITION BY x, y) = 1 AS utuh
        FROM bagian WHERE NOT ST_IsEmpty(geom)
        """
    )
    inner = number(f"x::BIGINT * {step} + i", f"y::BIGINT * {step} + j")
    con.execute(
        f"""
        INSERT INTO _petak SELECT {layer}, {inner}, id, NULL
        FROM _potong, range({step}) a(i), range({step}) b(j) WHERE utuh
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _sisa AS
        SELECT id, geom, x, y, x * {parts} AS x1, x * {parts} + {parts - 1} AS x2,
            y * {parts} AS y1, y * {parts} + {parts - 1} AS y2
        FROM _potong WHERE NOT utuh
        """
    )
    con.execute("DROP TABLE _potong")
