"""What people have decided about records, as rows that are only ever added: identity/jawaban.duckdb, encrypted.

An answer about a pair, a correction of a value, an erasure. The last row about a thing counts; a row `batal`
takes an answer back.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.home import Home, HomeError, Key, aside, sha256_file
from pipelines.home.store import attach
from pipelines.sql import ident

SAME, DIFFERENT, UNSURE, WITHDRAWN = "sama", "beda", "ragu", "batal"
ANSWERS = (SAME, DIFFERENT, UNSURE)
PATIENCE = 10.0  # seconds to wait for another process
_NAME = "jawaban"
_TEXT = "VARCHAR"
TABLES: Mapping[str, Mapping[str, str]] = {
    "jawaban": {"sumber_a": _TEXT, "kunci_a": _TEXT, "sumber_b": _TEXT, "kunci_b": _TEXT, "jawaban": _TEXT,
                "oleh": _TEXT, "waktu": "TIMESTAMP", "alasan": _TEXT},
    "koreksi": {"sumber": _TEXT, "kunci": _TEXT, "kolom": _TEXT, "semula": _TEXT, "nilai": _TEXT, "oleh": _TEXT,
                "waktu": "TIMESTAMP", "alasan": _TEXT},
    "hapus": {"sumber": _TEXT, "sidik": _TEXT, "oleh": _TEXT, "waktu": "TIMESTAMP", "alasan": _TEXT},
}  # fmt: skip
# SQL: the two records of a pair, the same whichever was named first.
FIRST = "least((sumber_a, kunci_a), (sumber_b, kunci_b))"
SECOND = "greatest((sumber_a, kunci_a), (sumber_b, kunci_b))"
# What one row is about: of several the last one counts.
_ABOUT = {
    "jawaban": f"{FIRST}, {SECOND}",
    "koreksi": "sumber, kunci, kolom",
    "hapus": "sumber, sidik",
}


def load(con: duckdb.DuckDBPyConnection, home: Home, key: Key) -> None:
    """Create the temporary tables jawaban, koreksi, hapus (see TABLES): of each pair, value and record the last row.

    An answer taken back is not there. Without a file the tables are empty. Raises HomeError when another
    process keeps the file longer than PATIENCE, KeyFault when it is under another key.
    """
    path = _path(home)
    with alone(home):
        there = path.exists()
        if there:
            attach(con, path, key, _NAME, read_only=True)
        try:
            for table, columns in TABLES.items():
                names = ", ".join(columns)
                rows = f"""SELECT {names} FROM {_NAME}.main.{table}
                    QUALIFY row_number() OVER (PARTITION BY {_ABOUT[table]} ORDER BY rowid DESC) = 1"""
                con.execute(
                    f"CREATE OR REPLACE TEMP TABLE {table} ({', '.join(f'{n} {t}' for n, t in columns.items())})"
                )
                if there:
                    con.execute(f"INSERT INTO temp.main.{table} {rows}")
        finally:
            if there:
                con.execute(f"DETACH {_NAME}")
    con.execute(f"DELETE FROM temp.main.jawaban WHERE jawaban = '{WITHDRAWN}'")


def append(home: Home, key: Key, table: str, rows: Sequence[Mapping[str, str | datetime | None]]) -> None:
    """Add rows to `table` (a key of TABLES), all of them or none; they are on the disk when this returns.

    Every column must be given; `waktu` is UTC without zone, `alasan` may be None. Raises ValueError for other
    columns or an unknown answer, and what `load` raises.
    """
    columns = list(TABLES[table])
    for row in rows:
        if set(row) != set(columns):
            raise ValueError(f"a row of {table} has the columns {', '.join(columns)}; not: {', '.join(row)}")
        if table == "jawaban" and row["jawaban"] not in (*ANSWERS, WITHDRAWN):
            raise ValueError(f"an answer is one of {', '.join((*ANSWERS, WITHDRAWN))}")
    if not rows:
        return
    path = _path(home)
    with alone(home), duckdb.connect() as con:
        if not path.exists():
            _create(con, path, key)
        attach(con, path, key, _NAME)
        con.execute("BEGIN")
        con.executemany(
            f"INSERT INTO {_NAME}.main.{ident(table)} VALUES ({', '.join('?' * len(columns))})",
            [[row[column] for column in columns] for row in rows],
        )
        con.execute("COMMIT")  # which syncs the log of the file
        con.execute(f"CHECKPOINT {_NAME}")
        con.execute(f"DETACH {_NAME}")


def erasure_mark(key: Key, kunci: str) -> str:
    """32 hex digits by which an erased record is known again, also after a rotation of the key; nobody can get the
    record from them.
    """
    return key.name(hashlib.sha256(b"hapus|" + kunci.encode()).digest())[:32]


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Keep every other process and thread from the file until the block ends; HomeError after PATIENCE seconds.

    Also for who replaces the file, so that no row goes to the old one.
    """
    path = _path(home).with_suffix(".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise HomeError.of(error, path) from error
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise HomeError(
                        f"{_path(home)} has been in use by another process for {PATIENCE:.0f} seconds; try again"
                    ) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _path(home: Home) -> Path:
    return home.identity / "jawaban.duckdb"


def _create(con: duckdb.DuckDBPyConnection, path: Path, key: Key) -> None:
    with aside(path) as unfinished:
        attach(con, unfinished, key, _NAME)
        for table, columns in TABLES.items():
            con.execute(f"CREATE TABLE {_NAME}.main.{table} ({', '.join(f'{n} {t}' for n, t in columns.items())})")
        con.execute(f"DETACH {_NAME}")


def mark(home: Home) -> str:
    """Changes with every decision; empty when there was none."""
    path = _path(home)
    return sha256_file(path) if path.is_file() else ""
