"""What the check leaves for the report's maps: rows and findings of one delivery, counted by place.

Counts only, so that a map of personal data shows no person; a point is kept only where it lies outside
its place and its coordinates are not personal.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.sql import ident, literal

PLACES = "tempat.parquet"
_POINTS = 200  # kept for one place


def write_places(con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, folder: Path) -> None:
    """Write `folder`/tempat.parquet, one row for each `kode` that a row was given (NULL: none).

    Columns: diterima, karantina (rows refused), dicatat (rows kept with a finding), titik_luar (rows with a
    finding about their point), titik (a list of such points: lintang, bujur). Nothing for a contract without places;
    data.parquet lies in `folder`, and `periksa`, `putusan`, `bermasalah`, `aturan` are those of the check.
    """
    if contract.wilayah is None:
        return
    points = contract.wilayah.titik
    if len(points) == 2 and not any(library.is_personal(contract, name) for name in points):
        latitude, longitude = (f"TRY_CAST({ident(name + '__nilai')} AS DOUBLE)" for name in points)
        pair = f"{{lintang: {latitude}, bujur: {longitude}}}"
    else:
        pair = "{lintang: NULL::DOUBLE, bujur: NULL::DOUBLE}"
    con.execute(
        f"""
        COPY (
            WITH luar AS (
                SELECT DISTINCT _no FROM (SELECT _no, unnest(aturan) AS id FROM bermasalah)
                SEMI JOIN (FROM aturan WHERE standar = 'titik') USING (id)
            ), masalah AS (
                SELECT _kode_wilayah AS kode, count_if(v.kritis) AS karantina, count_if(NOT v.kritis) AS dicatat,
                    count(l._no) AS titik_luar,
                    list({pair} ORDER BY _no) FILTER (l._no IS NOT NULL)[:{_POINTS}] AS titik
                FROM periksa JOIN (FROM putusan WHERE _bukan_data IS NULL) v USING (_no) LEFT JOIN luar l USING (_no)
                GROUP BY ALL
            ), diterima AS (
                SELECT kode_wilayah AS kode, count(*) AS diterima
                FROM read_parquet({literal(str(folder / "data.parquet"))}) GROUP BY ALL
            )
            SELECT coalesce(d.kode, m.kode) AS kode, coalesce(diterima, 0) AS diterima,
                coalesce(karantina, 0)::BIGINT AS karantina, coalesce(dicatat, 0)::BIGINT AS dicatat,
                coalesce(titik_luar, 0) AS titik_luar,
                coalesce(list_filter(titik, lambda t: t.lintang IS NOT NULL AND t.bujur IS NOT NULL), []) AS titik
            FROM diterima d FULL JOIN masalah m ON d.kode IS NOT DISTINCT FROM m.kode ORDER BY 1
        ) TO {literal(str(folder / PLACES))} (FORMAT parquet)
        """
    )
