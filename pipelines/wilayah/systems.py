"""Columns whose codes fit the other code system better than the one that the contract declares."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.contract.model import Contract
from pipelines.sql import ident
from pipelines.wilayah.codes import members

_CLEARLY = 3  # codes more; Kemendagri and BPS share most numbers down to kabupaten


@dataclass(frozen=True)
class Misfit:
    """One column of one file: distinct codes, how many of them each system knows, and one that only the other does."""

    berkas: str
    kolom: str
    dinyatakan: str
    banyak: int
    cocok: int
    cocok_lain: int
    contoh: str

    @property
    def serious(self) -> bool:
        """Whether less than half as many codes fit the declared system as the other."""
        return 2 * self.cocok < self.cocok_lain


def misfits(con: duckdb.DuckDBPyConnection, contract: Contract, relation: str) -> list[Misfit]:
    """Columns of files in `relation` (raw text, with _berkas) that fit the undeclared system clearly better."""
    found = []
    for name, column in contract.kolom.items():
        if column.standar != "kode_wilayah" or column.sistem is None or column.tingkat is None:
            continue
        own, other = ("kemendagri", "bps") if column.sistem == "kemendagri" else ("bps", "kemendagri")
        texts = f"SELECT DISTINCT _berkas, {ident(name)} AS x FROM {relation}"
        rows = con.execute(
            f"""
            SELECT _berkas, count(*) AS n, count_if({own}) AS a, count_if(coalesce({other}, false)) AS b,
                min(x) FILTER ({other} AND NOT {own}) AS contoh
            FROM ({members(texts, column.tingkat)}) WHERE {own} IS NOT NULL GROUP BY _berkas
            HAVING b >= a + {_CLEARLY} AND contoh IS NOT NULL ORDER BY _berkas
            """
        ).fetchall()
        found += [Misfit(file, name, own, n, a, b, example) for file, n, a, b, example in rows]
    return found
