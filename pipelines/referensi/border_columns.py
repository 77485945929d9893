"""Which attributes of an undeclared polygon file hold the code or the name, found by membership.

A code column is one whose values, without their prefix, are codes of one level of one system; where
both systems know them, the one whose places bear the names that stand beside them. Without a code,
names are taken: the finest level at which most of them are places.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from pipelines.contract.model import Tingkat
from pipelines.referensi.codes import LENGTHS, LEVELS, Sistem, cleaned, code_in, dotted, level_of
from pipelines.referensi.declare import Batas
from pipelines.referensi.keys import key, lowered, short_key
from pipelines.sql import ident

# At least this share of the polygons must be known places before a column is believed.
_SHARE = 0.5


@dataclass(frozen=True)
class Columns:
    """What a layer holds. `kode` is SQL of the code without its prefix, NULL where there is none."""

    sistem: str
    tingkat: Tingkat
    kode: str = "NULL::VARCHAR"
    nama: dict[Tingkat, str] = field(default_factory=dict)
    shown: str = ""


def _stripped(text: str) -> str:
    """SQL: a cleaned code without what stands before its first digit, such as 'id'."""
    digits = f"regexp_replace({text}, '^[^0-9]+', '')"
    return f"nullif({cleaned(digits)}, '')"


def declared_columns(entry: Batas, columns: list[str]) -> Columns | str:
    """What the declaration says; a sentence in Bahasa when the file lacks one of its columns."""
    missing = [c for c in (*entry.kolom.kode, *entry.kolom.nama.values()) if c not in columns]
    if missing:
        return f"Kolom {', '.join(missing)} tidak ada; kolom berkas ini: {', '.join(columns)}"
    whole = " || ".join(f"trim({ident(c)})" for c in entry.kolom.kode)
    code = (_stripped(whole) if entry.sistem != "lokal" else f"nullif({whole}, '')") if whole else "NULL::VARCHAR"
    return Columns(entry.sistem, entry.tingkat, code, dict(entry.kolom.nama), "")


def detected_columns(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> Columns | None:
    """The best reading of the raw polygons in `table`; None where nothing fits."""
    # Codes may be spread over columns that follow each other (province, kabupaten). One column is preferred, unless
    # it is the province's number alone, which every row of such a file has.
    runs = [columns[i : i + n] for n in (1, 2, 3) for i in range(len(columns) - n + 1)]
    best: tuple[int, float, float, Columns] | None = None
    levels = list(LEVELS)
    for run in runs:
        code = _stripped(" || ".join(f"trim({ident(c)})" for c in run))
        if len(run) > 1 and best is not None and best[0] > 0:
            break
        for sistem in LENGTHS:
            whole = f"SELECT {code_in('x', sistem)} AS kode FROM (SELECT {code} AS x FROM {table})"
            told = con.execute(f"SELECT DISTINCT {level_of('kode', sistem)} FROM ({whole})").fetchall()
            for level in (level for level in LEVELS if (level,) in told):
                share, agree, distinct = _fit(con, table, columns, code, sistem, level)
                if share < _SHARE or distinct < _SHARE:
                    continue
                found = Columns(sistem, level, code, {}, f"kode {sistem} dari kolom {' + '.join(run)}")
                score = (levels.index(level), round(agree, 2), round(share, 2) - len(run) / 100, found)
                if best is None or score[:3] > best[:3]:
                    best = score
    names = _detected_names(con, table, columns, best[3] if best else None)
    if best:
        return Columns(best[3].sistem, best[3].tingkat, best[3].kode, names.nama if names else {}, best[3].shown)
    return names


def _fit(
    con: duckdb.DuckDBPyConnection, table: str, columns: list[str], code: str, sistem: Sistem, level: Tingkat
) -> tuple[float, float, float]:
    """Shares of the polygons whose code is known, whose place also bears a name beside it, and of distinct codes."""
    if sistem == "kemendagri":
        places, met = "SELECT kode AS k, tingkat, kunci FROM wilayah", dotted("t._x")
    else:
        # Desa are rarely in the bridge: their kecamatan is what can be checked, and names tell nothing.
        places = "SELECT j.kode_bps AS k, j.tingkat, w.kunci FROM jembatan_bps j JOIN wilayah w USING (kode)"
        met = f"t._x[1:{LENGTHS['bps']['kecamatan']}]" if level == "desa_kelurahan" else "t._x"
    known = "kecamatan" if sistem == "bps" and level == "desa_kelurahan" else level
    named = " OR ".join(f"contains({key(lowered(f't.{ident(c)}'))}, w.kunci)" for c in columns) or "FALSE"
    whole = f"length(t._x) = {LENGTHS['bps'][level]}" if sistem == "bps" else "TRUE"
    row = con.execute(
        f"""
        SELECT avg(ada::INTEGER), avg((ada AND cocok)::INTEGER), count(DISTINCT _x) / count(*) FROM (
            SELECT any_value(t._x) AS _x, count(w.k) > 0 AS ada, coalesce(bool_or({named}), FALSE) AS cocok
            FROM (SELECT *, {code} AS _x FROM {table}) t
            LEFT JOIN ({places}) w ON w.k = {met} AND {whole} AND w.tingkat = '{known}'
            GROUP BY t._n) HAVING count(*) > 0
        """
    ).fetchone()
    return (float(row[0]), float(row[1]), float(row[2])) if row else (0.0, 0.0, 0.0)


def _detected_names(
    con: duckdb.DuckDBPyConnection, table: str, columns: list[str], known: Columns | None
) -> Columns | None:
    """Columns of names by level: for each level the column most of whose values are places of that level."""
    names: dict[Tingkat, str] = {}
    for level in [known.tingkat] if known else list(LEVELS):
        shares = []
        for column in columns:
            row = con.execute(
                f"""
                SELECT count(*) FILTER (k IN (SELECT kunci FROM wilayah_nama WHERE tingkat = '{level}')) / count(*)
                FROM (SELECT {short_key(level, lowered(ident(column)))} AS k FROM {table}
                    WHERE {ident(column)} IS NOT NULL) HAVING count(*) > 0
                """
            ).fetchone()
            shares.append((float(row[0]) if row else 0.0, column))
        share, column = max(shares, default=(0.0, ""), key=lambda pair: pair[0])
        # Beside a code the likeliest column will do: spellings differ.
        if (share >= _SHARE or (known and share > 0)) and column not in names.values():
            names[level] = column
    finest = [level for level in LEVELS if level in names]
    if known:
        return Columns(known.sistem, known.tingkat, known.kode, names)
    if not finest:
        return None
    return Columns("nama", finest[-1], "NULL::VARCHAR", names, f"nama {finest[-1]} dari kolom {names[finest[-1]]}")
