"""The names under which persons and families are known outside the store.

HMAC-SHA256 (RFC 2104) over the register's internal id, never over a NIK: that is short enough to be tried out,
and it gets corrected. Another key version gives other names.
"""

from __future__ import annotations

import duckdb

from pipelines.home import Key

_BLOCK = 64
_DIGITS = 32


def install(con: duckdb.DuckDBPyConnection, key: Key) -> None:
    """Create the temporary macro samaran(kind, id): 32 hex digits.

    The key stands in this connection's memory only: in variables, not in the text of a macro.
    """
    secret = key.derive("pseudonym").ljust(_BLOCK, b"\0")
    for name, pad in (("_samaran_dalam", 0x36), ("_samaran_luar", 0x5C)):
        con.execute(f"SET VARIABLE {name} = from_hex('{bytes(b ^ pad for b in secret).hex()}')")
    con.execute(
        f"""CREATE OR REPLACE TEMP MACRO samaran(kind, id) AS CASE WHEN id IS NOT NULL THEN
        sha256(getvariable('_samaran_luar') || from_hex(sha256(getvariable('_samaran_dalam')
        || encode(kind || '|' || id::VARCHAR))))[:{_DIGITS}] END"""
    )
