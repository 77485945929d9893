"""One row a night about the linkage of persons, for the report and for whoever watches its quality; nothing personal.

State in the current schema, beside the tables of `link`:

    ringkasan(waktu, isi)    isi: JSON, see `note`
    ringkasan_kunci(rid, id)    whose each record was when the last row was written
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import duckdb

from pipelines.identity.decisions import ANSWERS
from pipelines.identity.review.estimate import estimate
from pipelines.identity.review.sample import MACHINE

MANY = 10  # records of one person; more count as this
SCORES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 0.999, 0.9999)


def note(con: duckdb.DuckDBPyConnection, now: datetime) -> dict[str, Any]:
    """Add a row to ringkasan after `link` and review.draw, and return its content; `now` is UTC without zone.

    Needs the temporary table `jawaban` (decisions.load). The second call of a night adds a row that says that
    nothing has changed since.
    """
    con.execute(
        """CREATE TABLE IF NOT EXISTS ringkasan (waktu TIMESTAMP, isi VARCHAR);
        CREATE TABLE IF NOT EXISTS ringkasan_kunci (rid UBIGINT, id UUID)"""
    )
    versi, ambang, model = con.execute("SELECT versi, ambang, isi FROM model").fetchone() or (None, None, None)
    answers = dict(con.execute("SELECT jawaban, count(*) FROM temp.main.jawaban GROUP BY ALL").fetchall())
    sizes = _pairs(
        con,
        f"""SELECT least(n, {MANY}), count(*) FROM (SELECT count(*) AS n FROM xref GROUP BY id)
        GROUP BY ALL ORDER BY ALL""",
    )
    content: dict[str, Any] = {
        "rekaman": _pairs(con, "SELECT sumber, count(*) FROM xref GROUP BY ALL ORDER BY ALL"),
        "metode": _pairs(con, "SELECT metode, count(*) FROM xref GROUP BY ALL ORDER BY count(*) DESC, metode"),
        "orang": sum(sizes.values()),
        "gugus": sizes,
        "skor": _scores(con),
        "ragu": _one(con, "SELECT count(*) FROM tinjau"),
        "dijawab": {said: answers.get(said, 0) for said in ANSWERS},
        "dialihkan": _one(con, "SELECT count(*) FROM redirect"),
        "perubahan": _changes(con),
        "mutu": estimate(con).to_dict(),
        "model_versi": versi,
        "ambang": ambang,
        "model": json.loads(model) if model else None,
    }
    con.execute("INSERT INTO ringkasan VALUES (?, ?)", [now, json.dumps(content)])
    con.execute("CREATE OR REPLACE TABLE ringkasan_kunci AS SELECT rid, id FROM xref")
    return content


def latest(con: duckdb.DuckDBPyConnection, schema: str) -> tuple[datetime, dict[str, Any]] | None:
    """The last row of ringkasan in `schema` (an SQL name), as (UTC without zone, content); None where there is none."""
    made = con.execute(
        f"""SELECT count(*) FROM duckdb_tables()
        WHERE database_name || '.' || schema_name = '{schema}' AND table_name = 'ringkasan'"""
    ).fetchone()
    if made == (0,):
        return None
    row = con.execute(f"SELECT waktu, isi FROM {schema}.ringkasan ORDER BY waktu DESC, rowid DESC LIMIT 1").fetchone()
    return (row[0], json.loads(row[1])) if row else None


def _changes(con: duckdb.DuckDBPyConnection) -> dict[str, int] | None:
    """Since the row before; None on the first night."""
    before = con.execute("SELECT isi FROM ringkasan ORDER BY waktu DESC, rowid DESC LIMIT 1").fetchone()
    if before is None:
        return None
    row = con.execute(
        """SELECT count(*) FILTER (lalu.rid IS NULL), count(*) FILTER (kini.rid IS NULL),
            count(*) FILTER (lalu.id <> kini.id)
        FROM ringkasan_kunci lalu FULL JOIN xref kini USING (rid)"""
    ).fetchone()
    fresh, gone, moved = row or (0, 0, 0)
    return {
        "rekaman_baru": fresh,
        "rekaman_hilang": gone,
        "rekaman_pindah": moved,
        # Who is new has a record that is new, or was somebody else's.
        "kunci_baru": _one(
            con,
            """SELECT count(DISTINCT id) FROM (FROM xref ANTI JOIN ringkasan_kunci USING (rid, id))
            ANTI JOIN ringkasan_kunci USING (id)""",
        ),
        "kunci_dialihkan": _one(con, "SELECT count(*) FROM redirect") - json.loads(before[0])["dialihkan"],
    }


def _scores(con: duckdb.DuckDBPyConnection) -> list[list[float]]:
    """[from, to, links, pairs in doubt] for each bin of SCORES."""
    spans = [*zip(SCORES, (*SCORES[1:], 2.0), strict=True)]
    counts = ", ".join(f"count(*) FILTER (skor >= {low} AND skor < {high})" for low, high in spans)
    links, doubts = (
        con.execute(f"SELECT {counts} FROM {table}").fetchone() or () for table in (f"xref WHERE {MACHINE}", "tinjau")
    )
    return [[low, min(high, 1.0), n, k] for (low, high), n, k in zip(spans, links, doubts, strict=True)]


def _pairs(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, int]:
    return {str(name): int(count) for name, count in con.execute(sql).fetchall()}


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
