"""Pairs of institutions that may be one, side by side for a person: the table `sanding` of their register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256

import duckdb

from pipelines.home import Home
from pipelines.identity.institution.match import apart
from pipelines.identity.vault import institutions_file
from pipelines.sql import literal

SHOWN = ("nomor", "jenis", "skor", "jarak_meter", "sumber_a", "kode_a", "nama_a", "wilayah_a", "sumber_b", "kode_b",
         "nama_b", "wilayah_b")  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One of two institutions: the record that names it best. `kunci` as in xref, `wilayah` a Kemendagri code."""

    sumber: str
    kunci: str
    kode: str | None
    nama: str | None
    wilayah: str | None


@dataclass(frozen=True)
class Pair:
    """Two institutions that may be one: how sure the rules are (0 to 1), and how far apart they are in metres."""

    jenis: str
    skor: float
    jarak: int | None
    a: Side
    b: Side

    @property
    def nomor(self) -> str:
        """The pair's short name, which lasts as long as the keys of its two records.

        40 bits: among 10,000 pairs two have the same one with odds of 1 to 20,000. The letter keeps a spreadsheet
        from taking it for a number.
        """
        records = sorted([(self.a.sumber, self.a.kunci), (self.b.sumber, self.b.kunci)])
        return "L" + sha256("\x1f".join(map("\x1e".join, records)).encode()).hexdigest()[:10].upper()

    def cells(self, names: Mapping[str, str]) -> list[object]:
        """What a person sees of it, in the order of SHOWN; `names` are those of places by code."""
        row: list[object] = [self.nomor, self.jenis, round(self.skor, 3), self.jarak]
        for side in (self.a, self.b):
            place = f"{side.wilayah} {names.get(side.wilayah, '')}".strip() if side.wilayah else None
            row += [side.sumber, side.kode, side.nama, place]
        return row


_SIDES = [f"{end}.{field.name} AS {field.name}_{end}" for end in "ab" for field in fields(Side)]


def note_pairs(con: duckdb.DuckDBPyConnection, records: str) -> None:
    """Make `sanding` of the pairs of `tinjau`, from what link_institutions() left and the `records` that it read.

    Of all records that say the same institution the one stands there that names it best.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TABLE sanding AS
        WITH wakil AS (
            SELECT r.simpul, r.jenis, r.sumber, r.kunci, l.kode, l.nama, r.wilayah, r.lintang, r.bujur
            FROM rekam r JOIN {records} l ON l.sumber = r.sumber AND l.kunci = r.kunci
            -- Not by day: the pair keeps its number when one of the sources delivers again.
            QUALIFY row_number() OVER (
                PARTITION BY r.simpul ORDER BY l.nama IS NULL, l.prioritas, l.sumber, l.kunci) = 1
        ), pasang AS (
            SELECT x.simpul AS i, y.simpul AS j, skor FROM tinjau t
            JOIN rekam x ON x.sumber = t.sumber_a AND x.kunci = t.kunci_a
            JOIN rekam y ON y.sumber = t.sumber_b AND y.kunci = t.kunci_b
        )
        SELECT a.jenis, skor, round({apart("a", "b")})::BIGINT AS jarak, {", ".join(_SIDES)}
        FROM (FROM pasang UNION ALL SELECT j, i, skor FROM pasang)
        JOIN wakil a ON a.simpul = i JOIN wakil b ON b.simpul = j
        WHERE (a.sumber, a.kunci) < (b.sumber, b.kunci)
        ORDER BY skor DESC, a.sumber, a.kunci, b.sumber, b.kunci
        """
    )


def pairs(home: Home) -> list[Pair]:
    """The pairs of the last night, the likeliest first; none before the first night."""
    path = institutions_file(home)
    if not path.is_file():
        return []
    with duckdb.connect() as con:
        con.execute(f"ATTACH {literal(str(path))} AS institusi (READ_ONLY)")
        made = "database_name = 'institusi' AND table_name = 'sanding'"
        if con.execute(f"SELECT count(*) FROM duckdb_tables() WHERE {made}").fetchone() == (0,):
            return []  # made by a version of the program that did not ask
        rows = con.execute("FROM institusi.sanding").fetchall()
    width = len(fields(Side))
    found = []
    for jenis, skor, jarak, *sides in rows:
        found.append(Pair(jenis, skor, jarak, Side(*sides[:width]), Side(*sides[width:])))
    return found
