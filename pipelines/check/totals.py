"""Totals that a file states are compared with its own rows before they are set aside as non-data."""

from __future__ import annotations

import duckdb

from pipelines.check.compile import is_non_data
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.contract.reading import NonData
from pipelines.sql import ident

# Nine decimals and 29 digits before them: sums are exact, and 5 million values below MOST fit.
_EXACT, _MOST = "DECIMAL(38, 9)", "1e20"
_ADVICE = "Periksa baris jumlah dan baris datanya: mungkin ada baris yang hilang, ganda atau salah ketik."


def check_totals(con: duckdb.DuckDBPyConnection, library: Library, contract: Contract) -> None:
    """Add to `temuan` a warning for each stated total that its rows do not add up to.

    The rows are those of the same file and, in a wide table made long, of the same header. Fine is the
    sum of the accepted rows or of all rows that could be read, to half a unit of the total's last
    decimal. A total that is empty or no number states nothing.
    """
    con.execute(
        "CREATE OR REPLACE TEMP MACRO tulis_angka(x) AS CASE WHEN x < 0 THEN '-' ELSE '' END "
        "|| replace(format('{:,}', trunc(abs(x))::HUGEINT), ',', '.') "
        "|| regexp_replace(',' || rtrim(split_part(x::VARCHAR, '.', 2), '0'), ',$', '')"
    )
    declared = contract.baca.bukan_data
    for number, non_data in enumerate(declared):
        for column in non_data.jumlah:
            _compare(con, library, contract, declared[: number + 1], column)


def _compare(
    con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, declared: list[NonData], column: str
) -> None:
    """One column of the total rows of the last of `declared`; rows that an earlier one claims are not its."""
    *earlier, own = map(is_non_data, declared)
    mine = " AND ".join([own, *(f"NOT coalesce({other}, false)" for other in earlier)])
    value = f"p.{ident(column + '__nilai')}"
    exact = f"CASE WHEN abs({value}) < {_MOST} THEN {value}::{_EXACT} END"
    header = f"p.{ident(contract.baca.lebar.nama)}" if contract.baca.lebar else "NULL"
    decimals = f"least(length(regexp_extract(p.{ident(column)}, '[.]([0-9]+)$', 1)), 6)"
    con.execute(
        f"""
        INSERT INTO temuan
        WITH isi AS (
            SELECT p._berkas, {header} AS _tajuk, sum({exact}) AS _semua,
                sum({exact}) FILTER (NOT coalesce(v.kritis, false)) AS _diterima
            FROM periksa p LEFT JOIN putusan v USING (_no)
            WHERE p._bukan_data IS NULL GROUP BY ALL
        ), tertulis AS (
            SELECT p._berkas, p._lembar, p._baris, {header} AS _tajuk, m.{ident(column)} AS _nilai,
                {exact} AS _jumlah, 0.5 / pow(10, {decimals}) AS _selisih
            FROM periksa p JOIN mentah m USING (_no)
            WHERE p._bukan_data IS NOT NULL AND {mine}
        )
        SELECT t._berkas, _lembar, _baris, $column, _nilai, 'jumlah', 'peringatan',
            'Jumlah tertulis ' || tulis_angka(_jumlah) || ', sedangkan baris datanya berjumlah '
            || tulis_angka(_semua) || '.',
            $advice, 'jumlah', $personal, 'Jumlah tertulis tidak sama dengan jumlah baris datanya.'
        FROM tertulis t JOIN isi i ON i._berkas = t._berkas AND i._tajuk IS NOT DISTINCT FROM t._tajuk
        WHERE abs(_jumlah - _semua) > _selisih AND abs(_jumlah - coalesce(_diterima, 0)) > _selisih
        """,
        {"column": column, "advice": _ADVICE, "personal": library.is_personal(contract, column)},
    )
