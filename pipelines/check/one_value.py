"""One value judged by the rules of its column, as if it stood alone in a file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.check.compile import compile_contract
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.sql import ident
from pipelines.wilayah import place_columns


def judge_value(
    library: Library, contract: Contract, column: str, value: str, functions: Path
) -> tuple[str | None, list[str]]:
    """The normalised text of `value` (None: it means no value), and in Bahasa why the column would refuse it.

    `functions` is the SQL of the standards' functions. What other cells of the row would say is not asked; a
    place is not looked up.
    """
    spec = contract.kolom[column]
    if column in place_columns(contract):
        return value.strip() or None, []
    alone = contract.model_copy(
        update={
            "kolom": {column: spec},
            "kunci": [],
            "kaidah": [],
            "wilayah": None,
            "identitas": {},
            "baca": contract.baca.model_copy(update={"bukan_data": [], "lebar": None}),
        }
    )
    compiled = compile_contract(library, alone)
    with duckdb.connect() as con:
        con.execute(functions.read_text(encoding="utf-8"))
        name = ident(column)
        con.execute(
            f"CREATE TABLE mentah (_berkas VARCHAR, _lembar VARCHAR, _baris BIGINT, _no BIGINT, {name} VARCHAR)"
        )
        con.execute("INSERT INTO mentah VALUES ('', NULL, 1, 1, ?)", [value])
        con.execute(f"CREATE TABLE rapi AS {compiled.normalise}")
        con.execute(f"CREATE VIEW periksa AS {compiled.view}")
        row = con.execute(f"SELECT {name} FROM periksa").fetchone()
        broken = [
            f"{rule.pesan.replace('{nilai}', value)} {rule.saran}"
            for rule in compiled.rules
            if rule.tingkat == "kritis" and con.execute(f"SELECT {rule.broken} FROM periksa").fetchone() == (True,)
        ]
    return (row[0] if row else None), broken
