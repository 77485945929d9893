"""A gate over invented values, and a contract for any table of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.load import load_standards
from pipelines.contract.model import Contract
from pipelines.contract.standard import Standard
from pipelines.gate import Gate, Passage
from pipelines.home import REPO


def make_contract(*columns: str, changes: Mapping[str, Any] | None = None, **column: Any) -> Contract:
    """A contract that publishes these columns; `column` is laid over each, `changes` over the whole."""
    kolom = {name: {"dari": [name], "standar": "teks", "terbit": True, **column} for name in columns}
    base = {"judul": "Catatan", "deskripsi": "Catatan uji.", "produsen": "dinas", "jadwal": "tahunan",
            "klasifikasi": "terbuka", "kolom": kolom}  # fmt: skip
    return Contract.model_validate(base | dict(changes or {})).model_copy(update={"dataset": "catatan"})


@pytest.fixture(scope="session")
def standards() -> dict[str, Standard]:
    return load_standards(REPO / "expectations" / "standards")


@pytest.fixture(scope="session")
def gate(standards: dict[str, Standard]) -> Iterator[Gate]:
    with duckdb.connect() as con:
        yield Gate.open(con, standards)


def look(
    gate: Gate, folder: Path, table: Mapping[str, Sequence[object]], contract: Contract | None = None,
    kinds: Mapping[str, str] | None = None,
) -> Passage:  # fmt: skip
    """What the gate finds in a table (columns of equal length; text unless `kinds` says otherwise)."""
    types = {name: (kinds or {}).get(name, "VARCHAR") for name in table}
    path = folder / "t.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t ({', '.join(f'{n} {t}' for n, t in types.items())})")
        con.executemany(
            f"INSERT INTO t VALUES ({', '.join('?' * len(table))})", list(zip(*table.values(), strict=True))
        )
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return gate.data(contract or make_contract(*table), f"read_parquet('{path}')")


def found(passage: Passage) -> dict[str, set[str]]:
    """Kinds found, by column."""
    result: dict[str, set[str]] = {}
    for hit in passage.hits:
        result.setdefault(hit.where, set()).add(hit.standard.nama)
    return result
