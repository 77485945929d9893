"""Records of invented clinics and schools, and a register in which they are linked night after night."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import duckdb

from pipelines.identity.institution.history import golden_institutions, note_history
from pipelines.identity.institution.link import link_institutions

DESA, NEXT, KEC, KAB = "33.20.01.2001", "33.20.01.2002", "33.20.01", "33.20"
METRE = 1 / 111195  # degrees of latitude


@dataclass(frozen=True)
class Row:
    """One record; `at` in metres north of one place."""

    source: str
    key: str
    name: str | None = None
    code: str | None = None
    place: str | None = None
    at: float | None = None
    registry: str | None = None
    kind: str = "faskes"
    priority: int = 1
    day: int = 1

    def values(self) -> list[object]:
        lat = None if self.at is None else -6.6 + self.at * METRE
        lon = None if self.at is None else 110.8
        return [self.source, self.key, self.kind, self.registry, self.code, self.name, self.place, lat, lon,
                self.priority, date(2026, 1, self.day)]  # fmt: skip


def listed(key: str, name: str | None, place: str | None = DESA, at: float | None = None, **other: object) -> Row:
    """A clinic on the list of the Dinas, with the code of the Ministry; its key is its code."""
    return replace(Row("dinkes", key, name, key, place, at, "kode_faskes"), **other)  # type: ignore[arg-type]


def insured(key: str, name: str | None, place: str | None = DESA, at: float | None = None, **other: object) -> Row:
    """A clinic as the insurer knows it, with a code of its own."""
    return replace(Row("bpjs", key, name, f"B{key}", place, at, priority=2), **other)  # type: ignore[arg-type]


class Institutions:
    """A connection in which institutions are linked night after night."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def night(self, *rows: Row, answers: list[tuple[Row, Row, str]] | None = None) -> None:
        self.con.execute(
            """CREATE OR REPLACE TABLE masuk (sumber VARCHAR, kunci VARCHAR, jenis VARCHAR, kode_jenis VARCHAR,
            kode VARCHAR, nama VARCHAR, kode_wilayah VARCHAR, lintang DOUBLE, bujur DOUBLE, prioritas INTEGER,
            tanggal DATE)"""
        )
        if rows:
            self.con.executemany(f"INSERT INTO masuk VALUES ({', '.join('?' * 11)})", [row.values() for row in rows])
        self.con.execute(
            """CREATE OR REPLACE TABLE jawaban (sumber_a VARCHAR, kunci_a VARCHAR, sumber_b VARCHAR, kunci_b VARCHAR,
            jawaban VARCHAR, waktu TIMESTAMP)"""
        )
        for one, other, said in answers or []:
            self.con.execute(
                "INSERT INTO jawaban VALUES (?, ?, ?, ?, ?, TIMESTAMP '2026-01-01')",
                [one.source, one.key, other.source, other.key, said],
            )
        link_institutions(self.con, "masuk", "jawaban")

    def known(self, today: date) -> None:
        golden_institutions(self.con, "masuk")
        note_history(self.con, today)

    def of(self, row: Row) -> tuple[str, str] | None:
        """(id, metode) of a record."""
        query = "SELECT id::VARCHAR, metode FROM xref WHERE sumber = ? AND kunci = ?"
        found = self.con.execute(query, [row.source, row.key]).fetchall()
        assert len(found) <= 1
        return found[0] if found else None

    def id(self, row: Row) -> str:
        found = self.of(row)
        assert found, f"{row.source}/{row.key} is of no institution"
        return found[0]

    def grouping(self) -> set[frozenset[str]]:
        rows = self.con.execute("SELECT list(sumber || '/' || kunci) FROM xref GROUP BY id").fetchall()
        return {frozenset(row[0]) for row in rows}

    def doubts(self) -> set[frozenset[str]]:
        rows = self.con.execute("SELECT sumber_a || '/' || kunci_a, sumber_b || '/' || kunci_b FROM tinjau").fetchall()
        return {frozenset(row) for row in rows}

    def redirects(self) -> list[tuple[str, str]]:
        return self.con.execute("SELECT dari::VARCHAR, ke::VARCHAR FROM redirect").fetchall()

    def history(self) -> list[tuple[object, ...]]:
        query = "SELECT nama, bujur IS NOT NULL, sumber, mulai, sampai FROM riwayat ORDER BY ALL"
        return self.con.execute(query).fetchall()
