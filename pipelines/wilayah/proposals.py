"""Spellings that no list knows, with the place that they may mean: what a reviewer of aliases is asked."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.contract.model import Contract
from pipelines.sql import ident, literal
from pipelines.wilayah.resolve import join_condition


def proposals(contract: Contract, columns: Sequence[str], rows: str = "mentah", moment: str | None = None) -> str:
    """SQL of (kolom, kode_induk, nama_induk, teks, kode_calon, nama_calon, skor, baris), most rows first.

    Over `tempat` and the raw `rows` that it was made of, with the same `moment`. `columns` are those with names of
    places; the caller leaves out personal ones. A text stands once for each parent that it was looked for in.
    """
    # Few of the places have a proposal, so few of the rows meet one.
    parts = [
        f"""SELECT {literal(name)} AS kolom, t.{ident(name + "__asli")} AS teks, t.{ident(name + "__usul")} AS usul
        FROM {rows} m JOIN (FROM tempat WHERE {ident(name + "__usul")} IS NOT NULL) t
        ON {join_condition(contract, "m", "t", moment)}"""
        for name in columns
    ]
    nothing = "SELECT '' AS kolom, '' AS teks, {'induk': '', 'kode': '', 'skor': 0.0} AS usul WHERE FALSE"
    return f"""
    SELECT kolom, usul.induk AS kode_induk, i.nama AS nama_induk, teks, usul.kode AS kode_calon,
        w.nama AS nama_calon, round(usul.skor, 3) AS skor, baris
    FROM (SELECT kolom, teks, usul, count(*) AS baris FROM ({" UNION ALL ".join(parts) or nothing}) GROUP BY ALL)
    JOIN wilayah w ON w.kode = usul.kode LEFT JOIN wilayah i ON i.kode = usul.induk
    ORDER BY baris DESC, kolom, kode_induk, teks
    """
