"""From scored pairs to clusters: one register person each at most, no chains, reviewed answers above all."""

from __future__ import annotations

import duckdb

ROUNDS = 4
SURE = 0.999
FLOOR = 0.9
REVIEW = 0.3


def choose(con: duckdb.DuckDBPyConnection, wrong: float, certain: int, accept: float | None = None) -> float:
    """Decide `_nilai`(a, b, bit, daftar, ...): create `_pilih`(a, b, skor), `_ragu`(a, b, skor); return the threshold.

    The register persons a record may be compete (rows of one person in two registers, `_rangkap`, do not): its
    score is the odds of one against those of all others and of none. The best are accepted as long as the errors
    that the scores themselves promise stay under the share `wrong` of all links, of which `certain` are made
    already; never under FLOOR (`accept`, where given, is the threshold instead). The next, down to REVIEW, are for
    a person to answer.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _urut AS
        SELECT a, b, odds / (1 + sum(odds) OVER (PARTITION BY a)) AS skor
        FROM (SELECT n.a, arg_max(n.b, (bit, n.b)) AS b, least(pow(2, max(bit)), 1e15) AS odds
            FROM _nilai n LEFT JOIN _rangkap r ON r.a = n.b WHERE daftar AND bit > -12
            GROUP BY n.a, coalesce(r.b, n.b))
        """
    )
    if accept is None:
        row = con.execute(
            f"""
            WITH ada AS (SELECT DISTINCT a FROM _urut WHERE skor >= {FLOOR}),
            semua AS (SELECT skor FROM _urut UNION ALL SELECT 1 / (1 + pow(2, -bit)) FROM _nilai
                WHERE NOT daftar AND a NOT IN (FROM ada) AND b NOT IN (FROM ada))
            SELECT min(skor) FROM (SELECT skor, sum(1 - skor) OVER u AS salah, count(*) OVER u AS n
                FROM semua WHERE skor >= {FLOOR} WINDOW u AS (ORDER BY skor DESC))
            WHERE skor >= {SURE} OR salah <= {wrong} * ({certain} + n)
            """
        ).fetchone()
        # A little lower, so that the pair it comes from is in, whatever becomes of the last digit; and not higher
        # than what is always accepted, though there was none of it tonight.
        accept = min(SURE, row[0] if row and row[0] is not None else SURE) - 1e-9
    con.execute(f"CREATE OR REPLACE TEMP TABLE _pilih AS SELECT a, b, skor FROM _urut WHERE skor >= {accept}::DOUBLE")
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _ragu AS SELECT a, b, skor FROM _urut
        WHERE skor >= {REVIEW} AND skor < {accept}::DOUBLE"""
    )
    con.execute("DROP TABLE _urut")
    return accept


def gather(con: duckdb.DuckDBPyConnection, accept: float) -> None:
    """Cluster what found no register person: create `_gugus`(a, b, skor), b the centre; add doubtful pairs to `_ragu`.

    Stars, not chains: every member is itself linked to the centre, the record with most links.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _sisi AS
        WITH p AS (SELECT a, b, 1 / (1 + pow(2, -bit)) AS skor FROM _nilai
            WHERE NOT daftar AND a NOT IN (SELECT a FROM _pilih) AND b NOT IN (SELECT a FROM _pilih))
        SELECT a AS x, b AS y, skor FROM p WHERE skor >= {REVIEW} UNION ALL SELECT b, a, skor FROM p WHERE skor >=
        {REVIEW}
        """
    )
    con.execute(f"INSERT INTO _ragu SELECT x, y, skor FROM _sisi WHERE skor < {accept}::DOUBLE AND x < y")
    con.execute(f"DELETE FROM _sisi WHERE skor < {accept}::DOUBLE")
    con.execute("CREATE OR REPLACE TEMP TABLE _gugus (a UBIGINT, b UBIGINT, skor DOUBLE)")
    for _ in range(ROUNDS):
        # A centre has more links than all its neighbours (ties: the smaller rid).
        con.execute(
            """
            CREATE OR REPLACE TEMP TABLE _pusat AS
            WITH derajat AS (SELECT x, count(*) AS n FROM _sisi GROUP BY x)
            SELECT s.x FROM _sisi s JOIN derajat d ON d.x = s.x JOIN derajat e ON e.x = s.y
            GROUP BY s.x, d.n HAVING bool_and((d.n, -(s.x::HUGEINT)) > (e.n, -(s.y::HUGEINT)))
            """
        )
        con.execute(
            """
            INSERT INTO _gugus SELECT x, y, skor FROM _sisi WHERE y IN (FROM _pusat) AND x NOT IN (FROM _pusat)
            QUALIFY row_number() OVER (PARTITION BY x ORDER BY skor DESC, y) = 1
            """
        )
        con.execute(
            """DELETE FROM _sisi WHERE x IN (FROM _pusat UNION ALL SELECT a FROM _gugus)
            OR y IN (FROM _pusat UNION ALL SELECT a FROM _gugus)"""
        )
    con.execute("DROP TABLE _sisi; DROP TABLE IF EXISTS _pusat")
