"""Pseudonyms are HMAC-SHA256 under a key of the home, and nothing else."""

from __future__ import annotations

import hmac
import uuid

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import Key
from pipelines.identity.pseudonym import install


@given(st.binary(min_size=32, max_size=32), st.uuids())
def test_it_is_the_published_algorithm(secret: bytes, internal: uuid.UUID) -> None:
    key = Key(secret, secret, 1)
    with duckdb.connect() as con:
        install(con, key)
        row = con.execute("SELECT samaran('penduduk', ?::UUID), samaran('keluarga', NULL)", [str(internal)]).fetchone()
    expected = hmac.digest(key.derive("pseudonym"), f"penduduk|{internal}".encode(), "sha256").hex()[:32]
    assert row == (expected, None)


def test_the_kind_and_the_key_make_another_name() -> None:
    names = set()
    for secret in (b"a" * 32, b"b" * 32):
        with duckdb.connect() as con:
            install(con, Key(secret, secret, 1))
            names |= set(con.execute("SELECT samaran('penduduk', 'x'), samaran('keluarga', 'x')").fetchone() or ())
    assert len(names) == 4
