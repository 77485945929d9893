"""What a person has answered about two records: same or different, above every score."""

from __future__ import annotations

import duckdb

SAME, DIFFERENT = "sama", "beda"
ROUNDS = 20


def read(con: duckdb.DuckDBPyConnection, answers: str | None) -> None:
    """Create `_jawab`(a, b, jawaban), a < b, from rows (sumber_a, kunci_a, sumber_b, kunci_b, jawaban, waktu).

    The latest row about a pair counts. Answers about records that are not here wait.
    """
    source = answers or (
        "(SELECT '' AS sumber_a, '' AS kunci_a, '' AS sumber_b, '' AS kunci_b, '' AS jawaban, "
        "NULL::TIMESTAMP AS waktu WHERE false)"
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _jawab AS
        WITH j AS (SELECT idn_rid(sumber_a, kunci_a) AS x, idn_rid(sumber_b, kunci_b) AS y, jawaban, waktu
            FROM {source})
        SELECT least(x, y) AS a, greatest(x, y) AS b, arg_max(jawaban, (waktu, jawaban)) AS jawaban FROM j
        WHERE x <> y AND x IN (SELECT rid FROM rekam) AND y IN (SELECT rid FROM rekam) GROUP BY ALL
        """
    )


def forbid(con: duckdb.DuckDBPyConnection, pairs: str) -> None:
    """Take the pairs answered different out of a table of pairs (a, b)."""
    con.execute(
        f"""DELETE FROM {pairs} USING _jawab j WHERE j.jawaban = '{DIFFERENT}'
        AND ((j.a = {pairs}.a AND j.b = {pairs}.b) OR (j.a = {pairs}.b AND j.b = {pairs}.a))"""
    )


def apply(con: duckdb.DuckDBPyConnection) -> None:
    """Make the links in `_tautan` (rid, lewat, wakil, metode, skor, daftar) obey `_jawab`."""
    given = con.execute("SELECT count(*) FROM _jawab").fetchone() or (0,)
    # One answer a round; answers that contradict each other must not go on for ever.
    for _ in range(2 * given[0]):
        if not _join(con):
            break
    for _ in range(ROUNDS):
        if not _part(con):
            break
    con.execute("DROP TABLE IF EXISTS _gabung; DROP TABLE IF EXISTS _pisah")


def _join(con: duckdb.DuckDBPyConnection) -> int:
    """One step of 'same': a whole cluster moves, unless both clusters have a register person: then the record alone.

    Two rows of the register become one person only where the answer is about these two rows.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _gabung AS
        SELECT x.rid AS x, y.rid AS y, x.wakil AS wx, y.wakil AS wy, x.skor AS sx, y.skor AS sy, x.daftar AS dx,
        y.daftar AS dy,
            wx.daftar AS rx, wy.daftar AS ry
        FROM _jawab j JOIN _tautan x ON x.rid = j.a JOIN _tautan y ON y.rid = j.b
        JOIN _tautan wx ON wx.rid = x.wakil JOIN _tautan wy ON wy.rid = y.wakil
        WHERE j.jawaban = '{SAME}' AND x.wakil <> y.wakil
        QUALIFY row_number() OVER (ORDER BY j.a, j.b) = 1
        """
    )
    row = con.execute("SELECT x, y, wx, wy, sx, sy, dx, dy, rx, ry FROM _gabung").fetchone()
    if row is None:
        return 0
    x, y, wx, wy, sx, sy, dx, dy, rx, ry = row
    if rx and ry and not (dx and dy):
        # Both belong to register persons: the record that is not of the register, or the weaker one, changes over.
        move, to = (x, wy) if dy or (not dx and sx <= sy) else (y, wx)
        con.execute(
            "UPDATE _tautan SET wakil = ?, lewat = ?, metode = 'tinjau', skor = 1 WHERE rid = ?", [to, to, move]
        )
    else:
        keep, gone = (wx, wy) if (rx, -wx) > (ry, -wy) else (wy, wx)
        con.execute("UPDATE _tautan SET metode = 'tinjau', lewat = ?, skor = 1 WHERE rid = ?", [keep, gone])
        con.execute("UPDATE _tautan SET wakil = ? WHERE wakil = ?", [keep, gone])
    return 1


def _part(con: duckdb.DuckDBPyConnection) -> int:
    """One step of 'different': of two records in one cluster the one less sure to be of it leaves it."""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _pisah AS
        SELECT DISTINCT CASE WHEN (x.rid = x.wakil, x.daftar, x.skor, -(x.rid::HUGEINT)) > (y.rid = y.wakil,
        y.daftar, y.skor, -(y.rid::HUGEINT))
            THEN y.rid ELSE x.rid END AS rid
        FROM _jawab j JOIN _tautan x ON x.rid = j.a JOIN _tautan y ON y.rid = j.b
        WHERE j.jawaban = '{DIFFERENT}' AND x.wakil = y.wakil
        """
    )
    con.execute("UPDATE _tautan SET wakil = rid, lewat = rid, metode = 'tinjau', skor = 1 WHERE rid IN (FROM _pisah)")
    row = con.execute("SELECT count(*) FROM _pisah").fetchone()
    return int(row[0]) if row else 0
