"""DuckDB files in which personal data lies, encrypted under the key of the home."""

from __future__ import annotations

import base64
from pathlib import Path

import duckdb

from pipelines.home.atomic import aside, sweep
from pipelines.home.key_files import KeyFault
from pipelines.home.keys import Key
from pipelines.home.paths import Home
from pipelines.sql import ident, literal, load_crypto


def attach(con: duckdb.DuckDBPyConnection, path: Path, key: Key, name: str, read_only: bool = False) -> None:
    """Attach the encrypted DuckDB file `path` under `name`, and encrypt what this connection spills to disk.

    Without `read_only` a missing file is made, mode 0600. Views and defaults in it must name no database, for
    it is attached under several. Raises KeyFault when it is under another key, damaged or in use.
    """
    load_crypto(con)
    # DuckDB binds no parameter here. Its errors do not show the statement; a test holds it to that.
    secret = base64.b64encode(key.derive("store")).decode()
    options = f"ENCRYPTION_KEY {literal(secret)}" + (", READ_ONLY" if read_only else "")
    try:
        con.execute(f"ATTACH {literal(str(path))} AS {ident(name)} ({options})")
    except duckdb.Error as error:
        raise KeyFault(f"cannot open {path} with the key of id {key.id}: {error}") from None
    if not read_only:
        path.chmod(0o600)


def rekey(home: Home, old: Key, new: Key) -> int:
    """Encrypt every DuckDB file of identity/ under a new key; returns how many were not yet.

    Each is replaced in one step, so that a killed call is simply repeated. For the holder of the lock.
    """
    done = 0
    for path in sorted(home.identity.rglob("*.duckdb")):
        sweep(path.parent)
        with duckdb.connect() as con:
            if _opens(con, path, new):
                continue
            attach(con, path, old, "lama")
            con.execute("CHECKPOINT lama")  # what a killed run left in the log beside it
            with aside(path) as unfinished:
                attach(con, unfinished, new, "baru")
                con.execute("USE baru")  # defaults that name a sequence are looked up here
                con.execute("COPY FROM DATABASE lama TO baru")
                con.execute("USE memory")
                con.execute("DETACH baru")
                con.execute("DETACH lama")
            done += 1
    return done


def _opens(con: duckdb.DuckDBPyConnection, path: Path, key: Key) -> bool:
    try:
        attach(con, path, key, "coba", read_only=True)
    except KeyFault:
        return False
    con.execute("DETACH coba")
    return True
