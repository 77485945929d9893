"""One connection with the real reference codes, and a way to resolve a handful of rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.model import Contract
from pipelines.referensi import install
from pipelines.wilayah import join_condition, resolve

REFERENSI = Path(__file__).parents[3] / "sources" / "referensi"

Row = dict[str, Any]
Resolve = Callable[..., list[Row]]


def make_contract(columns: dict[str, str], wilayah: dict[str, Any] | None) -> Contract:
    """`columns`: name -> 'nama <tingkat>', 'kode <tingkat> [sistem]' or 'teks'."""
    kolom = {}
    for name, spec in columns.items():
        kind, *rest = spec.split()
        kolom[name] = {"dari": [name], "standar": "teks" if kind == "teks" else f"{kind}_wilayah"}
        kolom[name] |= dict(zip(("tingkat", "sistem"), rest, strict=False))
    return Contract.model_validate(
        {
            "judul": "uji",
            "produsen": "uji",
            "jadwal": "tahunan",
            "klasifikasi": "terbuka",
            "kolom": kolom,
            "wilayah": wilayah,
        }
    )


@pytest.fixture(scope="session")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    install(con, REFERENSI)
    return con


@pytest.fixture(scope="session")
def places(con: duckdb.DuckDBPyConnection) -> Resolve:
    """places(columns, wilayah, *rows) -> the joined rows, in order, as dictionaries."""

    def run(columns: dict[str, str], wilayah: dict[str, Any] | None, *rows: Any) -> list[Row]:
        contract = make_contract(columns, wilayah)
        names = ", ".join(f'"{name}" VARCHAR' for name in columns)
        con.execute(f"CREATE OR REPLACE TABLE mentah (_n BIGINT, {names})")
        marks = ", ".join("?" * (len(columns) + 1))
        cells = [[n, *([row] if isinstance(row, str) or row is None else row)] for n, row in enumerate(rows)]
        if cells:
            con.executemany(f"INSERT INTO mentah VALUES ({marks})", cells)
        resolve(con, contract, "mentah")
        joined = con.execute(
            f"SELECT t.* FROM mentah m JOIN tempat t ON {join_condition(contract, 'm', 't')} ORDER BY _n"
        )
        keys = [d[0] for d in joined.description or []]
        result = [dict(zip(keys, row, strict=True)) for row in joined.fetchall()]
        assert len(result) == len(rows), "a row was lost or doubled by the join"
        return result

    return run
