"""Working copies of the tables of a release, and views of them without what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.contract.protection import HIDDEN
from pipelines.disclosure.arrays import Flags
from pipelines.disclosure.output import AVAILABLE, EMPTY, status_column
from pipelines.disclosure.reading import Source, unreadable, whole
from pipelines.disclosure.stored import Stored
from pipelines.disclosure.table import Table
from pipelines.sql import ident

MARKS = "sdc_tanda"


@dataclass(frozen=True)
class Copies:
    """Copies of tables in DuckDB, by the name of the table; their rows keep the order in which they were read."""

    con: duckdb.DuckDBPyConnection
    names: dict[str, str] = field(default_factory=dict)

    def make(self, table: Table) -> Source:
        """Copy a table; what to read of it. Raises DisclosureError if there is no such relation."""
        name = f"sdc_tabel_{len(self.names)}"
        try:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {table.relation}")
        except (duckdb.CatalogException, duckdb.BinderException, duckdb.DataError) as error:
            raise unreadable(self.con, table, error) from None
        self.names[table.name] = name
        return whole(table, name)

    def publish(self, tables: Sequence[Stored], hidden: Flags) -> tuple[dict[str, str], dict[str, str]]:
        """Names of views of the tables without what is hidden, and of the true rows of which something is."""
        blocks = [one.part(hidden) for one in tables]
        some = [bool(block.any()) for block in blocks]
        self._mark([block if any_ else block[:0] for block, any_ in zip(blocks, some, strict=True)])
        public, secret = {}, {}
        for n, (one, any_) in enumerate(zip(tables, some, strict=True)):
            name, copy = one.table.name, self.names[one.table.name]
            public[name], secret[name] = f"sdc_terbit_{n}", f"sdc_rahasia_{n}"
            source = f"{copy} t, (FROM {MARKS} WHERE tabel = {n}) h" if any_ else f"{copy} t"
            kept = f"WHERE {_marked('baris')}" if any_ else "LIMIT 0"
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW {public[name]} AS {_published(one, any_)} FROM {source}")
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW {secret[name]} AS SELECT t.* FROM {source} {kept}")
        return public, secret

    def _mark(self, blocks: Sequence[Flags]) -> None:
        """One row for each table: for each measure a bit for each row, whether it is hidden, and for all of them.

        Looking a bit up keeps the rows in their order. A join would not.
        """
        marks = {"baris": [_bits(np.asarray(block.any(axis=1))) for block in blocks]}
        for i in range(max((block.shape[1] for block in blocks), default=0)):
            marks[f"h{i}"] = [_bits(block[:, i]) if i < block.shape[1] else None for block in blocks]
        self.con.register("sdc_bit", pa.table({name: pa.array(bits, pa.binary()) for name, bits in marks.items()}))
        chosen = ", ".join(f"CAST({name} AS BIT) AS {name}" for name in marks)
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {MARKS} AS SELECT row_number() OVER () - 1 AS tabel, {chosen} FROM sdc_bit"
        )
        self.con.unregister("sdc_bit")


def _bits(flags: Flags) -> bytes | None:
    return np.packbits(flags).tobytes() or None


def _marked(name: str) -> str:
    return f"get_bit(h.{name}, CAST(t.rowid AS INTEGER)) = 1"


def _published(one: Stored, some: bool) -> str:
    """SELECT of a table without what is hidden; a number that follows from a hidden one goes with it."""
    replaced, status = [], []
    for name in one.table.measures:
        column = f"t.{ident(name)}"
        gone = _marked(f"h{one.additive.index(name)}" if name in one.additive else "baris")
        replaced.append(f"CASE WHEN {gone} THEN NULL ELSE {column} END AS {ident(name)}")
        told = f"WHEN {gone} THEN '{HIDDEN}' " if some else ""
        status.append(
            f"CASE WHEN {column} IS NULL THEN '{EMPTY}' {told}ELSE '{AVAILABLE}' END "
            f"AS {ident(status_column(one.table, name))}"
        )
    rows = f"t.* REPLACE ({', '.join(replaced)})" if some else "t.*"
    return f"SELECT {rows}, {', '.join(status)}"
