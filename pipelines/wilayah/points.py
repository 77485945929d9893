"""Where the points of a delivery lie: the place of each, and how far it is from the place that the row declares."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.contract.model import Contract
from pipelines.referensi.codes import LEVELS
from pipelines.referensi.locate import distance_m, locate
from pipelines.sql import ident
from pipelines.wilayah.codes import valid_at


def place_points(con: duckdb.DuckDBPyConnection, points: str, out: str) -> None:
    """Create the temporary table `out`(_no, titik_kode, titik_jarak), one row for each row of `points`.

    `points`: a relation of (_no, bujur, lintang in degrees, kini: the code that the row declares, or NULL). The map
    is attached as `peta` and spatial is loaded. titik_kode is the finest place with a code around the
    point (newest edition), NULL in none. titik_jarak is in metres from the declared place, 0 inside; where that has
    no polygon, from the finest place around it that has one; NULL where none has.
    """
    known = "(SELECT DISTINCT kode FROM peta.batas WHERE jenis = 'wilayah' AND kode IS NOT NULL)"
    lengths = sorted(LEVELS.values(), reverse=True)
    finest = ", ".join(f"b{n}.kode" for n in lengths)
    joins = " ".join(f"LEFT JOIN {known} b{n} ON b{n}.kode = p.kini[1:{n}]" for n in lengths)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _letak AS
        SELECT p._no, bujur, lintang, coalesce({finest}) AS acuan FROM {points} p {joins}"""
    )
    locate(con, "_letak", "bujur", "lintang", "_di", row="_no")
    distance_m(con, "_letak", "bujur", "lintang", "acuan", "_jauh", row="_no")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {ident(out)} AS
        SELECT _no, d.kode AS titik_kode, j.jarak_m AS titik_jarak
        FROM _letak LEFT JOIN _di d USING (_no) LEFT JOIN _jauh j USING (_no);
        DROP TABLE _letak; DROP TABLE _di; DROP TABLE _jauh
        """
    )


def decidable(contract: Contract) -> list[str]:
    """Columns in which a point may choose among what a cell may mean; for these, rows carry `<kolom>__calon`."""
    place = contract.wilayah
    return [*filter(None, [place.kode]), *place.nama.values()] if place else []


def decided_by_points(rows: str, points: str, columns: Sequence[str]) -> str:
    """SQL: `rows` with what `points` (as made by place_points) adds.

    As `_titik_kode`, `_titik_jarak` and `_titik_dicari` (the map was asked).

    The point's place becomes `_kode_wilayah` (`_wilayah_metode` 'titik') where it lies within the declared one
    and is finer, and where none is known; it also decides between the places that a cell of `columns` may mean: an
    ambiguous name, a code that became several. Elsewhere the declared place stays.
    """
    replaced = []
    for name in columns:
        code, problem = ident(name + "__kode"), ident(name + "__masalah")
        chosen = f"list_filter(r.{ident(name + '__calon')}, lambda c: starts_with(p.titik_kode, c))[1]"
        decided = f"r.{problem} IN ('ambigu', 'pecah') AND {chosen} IS NOT NULL"
        replaced += [
            f"CASE WHEN {decided} THEN {chosen} ELSE r.{code} END AS {code}",
            f"CASE WHEN {decided} THEN NULL ELSE r.{problem} END AS {problem}",
        ]
    finer = """(p.titik_kode IS NOT NULL
        AND (r._wilayah_kini IS NULL OR starts_with(p.titik_kode, r._wilayah_kini || '.')))"""
    replaced += [
        f"CASE WHEN {finer} THEN coalesce(k.kode, p.titik_kode) ELSE r._kode_wilayah END AS _kode_wilayah",
        f"CASE WHEN {finer} THEN 'titik' ELSE r._wilayah_metode END AS _wilayah_metode",
        f"CASE WHEN {finer} THEN 1 ELSE r._wilayah_skor END AS _wilayah_skor",
        f"CASE WHEN {finer} THEN p.titik_kode ELSE r._wilayah_kini END AS _wilayah_kini",
    ]
    return f"""
    SELECT r.* EXCLUDE (_titik_kode, _titik_jarak, _titik_dicari) REPLACE ({", ".join(replaced)}),
        p.titik_kode AS _titik_kode, p.titik_jarak AS _titik_jarak,
        p._no IS NOT NULL AS _titik_dicari
    FROM {rows} r LEFT JOIN {points} p USING (_no) {valid_at("p.titik_kode", "r._masa", "k")} ORDER BY r._no
    """
