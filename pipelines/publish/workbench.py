"""What all datasets of one release are made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.formats import limit
from pipelines.gate import Gate
from pipelines.publish import places
from pipelines.publish.inputs import Inputs, ReleaseError
from pipelines.publish.places import Named
from pipelines.release import ReleaseFault, read_manifest
from pipelines.release.manifest import File
from pipelines.sql import literal

WAREHOUSE = "gudang"
# Of these no dataset is the cause, so no release is made; any other error of DuckDB costs one dataset.
FATAL = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException, duckdb.InternalException)
_NAMED = ("dim_wilayah", "dim_institusi")


@dataclass(frozen=True)
class Workbench:
    """A DuckDB in memory with the warehouse attached read-only, the gate in it, the inputs and the last release.

    `places`: whether the warehouse tells names of places. `borders`: its relation of borders, or None.
    """

    con: duckdb.DuckDBPyConnection
    gate: Gate
    inputs: Inputs
    last: Path | None
    places: bool
    borders: str | None

    @cached_property
    def named(self) -> Named:
        """The places, for lists of them."""
        return places.named(self.con) if self.places else {}

    @cached_property
    def listed(self) -> Mapping[str, File]:
        """The files of the last release, as its manifest lists them; none where that cannot be read."""
        try:
            return read_manifest(self.last).berkas if self.last else {}
        except ReleaseFault:
            return {}


@contextmanager
def workbench(inputs: Inputs, last: Path | None, spill: Path, share: int = 1) -> Iterator[Workbench]:
    """Open all that a release needs; what does not fit into memory, shared by so many, goes to the folder `spill`.

    Raises ReleaseError without a warehouse, GateError, and DuckDB's errors.
    """
    if not inputs.warehouse.is_file():
        raise ReleaseError(f"there is no warehouse {inputs.warehouse}; build it first")
    spill.mkdir(exist_ok=True)
    with duckdb.connect() as con:
        limit(con, spill, share)
        con.execute(f"ATTACH {literal(str(inputs.warehouse))} AS {WAREHOUSE} (READ_ONLY)")
        others = _no_persons(con, spill) if inputs.names else None
        gate = Gate.open(con, inputs.library.standards, inputs.names, others)
        borders = f"{WAREHOUSE}.spasial.batas" if _holds(con, "spasial", "batas") else None
        yield Workbench(con, gate, inputs, last, places.install(con, WAREHOUSE), borders)


def _holds(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    try:
        con.execute(f"SELECT 1 FROM {WAREHOUSE}.{schema}.{table} LIMIT 0")
    except duckdb.CatalogException:
        return False
    return True


def _no_persons(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Names in the warehouse that are of no person, as a Parquet file: places, and institutions where there are any."""
    named = [f"SELECT nama FROM {WAREHOUSE}.conformed.{t}" for t in _NAMED if _holds(con, "conformed", t)]
    out = folder / "bukan_orang.parquet"
    rows = " UNION ".join(named) or "SELECT NULL::VARCHAR AS nama WHERE false"
    con.execute(f"COPY ({rows}) TO {literal(str(out))} (FORMAT parquet)")
    return out
