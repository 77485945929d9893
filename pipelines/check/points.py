"""The points of one delivery and their places, between normalisation and the rules."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.check.compile import Compiled
from pipelines.contract.model import Contract
from pipelines.sql import ident, literal, load_spatial
from pipelines.wilayah import decidable, decided_by_points, place_points


def view_rows(
    con: duckdb.DuckDBPyConnection, contract: Contract, compiled: Compiled, peta: Path | None, work: Path
) -> None:
    """Create the views `rapi` and `periksa` over `work`/rapi.parquet.

    Where the contract has `wilayah.titik`, rows also have `_titik_kode`, `_titik_jarak` and `_titik_dicari`, and
    their points decide what the declared place leaves open (pipelines/wilayah/points.py). Nothing is looked up
    without a map, nor for a row whose point a rule speaks against.
    """
    rows = work / "rapi.parquet"
    pair = contract.wilayah.titik if contract.wilayah else []
    if not pair:
        _views(con, compiled, f"SELECT * FROM read_parquet({literal(str(rows))})")
        return
    bare = (
        "SELECT *, NULL::VARCHAR AS _titik_kode, NULL::DOUBLE AS _titik_jarak, FALSE AS _titik_dicari "
        f"FROM read_parquet({literal(str(rows))})"
    )
    _views(con, compiled, bare)
    if peta is None:
        return
    load_spatial(con)
    con.execute(f"ATTACH {literal(str(peta))} AS peta (READ_ONLY)")
    latitude, longitude = (f"TRY_CAST({ident(name + '__nilai')} AS DOUBLE)" for name in pair)
    points = f"SELECT _no, {longitude} AS bujur, {latitude} AS lintang, _wilayah_kini AS kini FROM periksa"
    place_points(con, f"({points} WHERE _bukan_data IS NULL AND {compiled.point})", "_titik_baris")
    con.execute("DETACH peta")
    placed = work / "titik.parquet"
    assert contract.wilayah
    told = decided_by_points("rapi", "_titik_baris", decidable(contract))
    con.execute(f"COPY ({told}) TO {literal(str(placed))} (FORMAT parquet)")
    _views(con, compiled, f"SELECT * FROM read_parquet({literal(str(placed))})")
    rows.unlink()


def _views(con: duckdb.DuckDBPyConnection, compiled: Compiled, rows: str) -> None:
    con.execute("DROP VIEW IF EXISTS periksa")
    con.execute(f"CREATE OR REPLACE VIEW rapi AS {rows}")
    con.execute(f"CREATE VIEW periksa AS {compiled.view}")
