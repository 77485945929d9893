"""Where and when the published rows are, read from the rows themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from pipelines.publish.descriptor import Coverage
from pipelines.publish.layout import Output
from pipelines.referensi.codes import LEVELS
from pipelines.sql import ident

_AROUND = LEVELS["kabupaten_kota"]


def coverage(con: duckdb.DuckDBPyConnection, outputs: Sequence[Output], codes: Collection[str], table: str) -> Coverage:
    """The kabupaten/kota (or provinces, of rows that are no finer), the finest level, the first and last year.

    `codes` are the places of the rows.
    """
    finest = max(map(len, codes), default=0)
    tingkat = next((level for level, n in LEVELS.items() if n == finest), None)
    tahun = None
    if years := _years(outputs):
        first, last = con.execute(f"SELECT min({years}), max({years}) FROM {table}").fetchall()[0]
        tahun = (first, last) if first is not None else None
    return Coverage(tuple(sorted({code[:_AROUND] for code in codes})), tingkat, tahun)


def _years(outputs: Sequence[Output]) -> str | None:
    """SQL of the year of a row: the column `tahun`, else the first date."""
    kinds = {c.name: c.kind for c in outputs if c.peran == "waktu"}
    if "tahun" in kinds:
        return ident("tahun")
    return next((f"year({ident(name)})" for name, kind in kinds.items() if kind == "DATE"), None)
