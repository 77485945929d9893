"""Personal columns are split off as the rows are accepted: into an encrypted DuckDB file, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.check.compile import over_values
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home import Key
from pipelines.home.store import attach
from pipelines.sql import ident, literal
from pipelines.wilayah import place_columns

ROWS = "baris"
ACCEPTED = "ANTI JOIN (SELECT _no FROM putusan WHERE kritis OR _bukan_data IS NOT NULL) USING (_no)"


def personal_columns(library: Library, contract: Contract) -> list[str]:
    """The columns that hold personal data, in the contract's order."""
    return [name for name in contract.kolom if library.is_personal(contract, name)]


def write_personal(
    con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, key: Key | None, out: Path
) -> None:
    """Write table `baris`(_no, kunci, kode_wilayah, columns as normalised text) of the accepted rows to `out`.

    The columns are the personal ones and those that `identitas` names; for a role with `meninggal` also
    `_meninggal_<peran>`, a date. Nothing is written for a contract without personal columns, or without a key.
    """
    personal = personal_columns(library, contract)
    if not personal or key is None:
        return
    named = {c for person in contract.people().values() for c in person.columns().values()}
    columns = [name for name in contract.kolom if name in personal or name in named]
    deaths = {role: person.meninggal for role, person in contract.people().items() if person.meninggal}
    cells = [
        f"{row_key(contract)} AS kunci",
        f"{'_kode_wilayah' if contract.wilayah else 'NULL::VARCHAR'} AS kode_wilayah",
        *map(ident, columns),
        *(
            f"CASE WHEN {over_values(contract, d.bila)} THEN TRY_CAST({ident(d.tanggal)} AS DATE) END "
            f"AS {ident('_meninggal_' + role)}"
            for role, d in deaths.items()
        ),
    ]
    attach(con, out, key, "pribadi")
    con.execute(f"CREATE TABLE pribadi.{ROWS} AS SELECT _no, {', '.join(cells)} FROM periksa {ACCEPTED}")
    con.execute("DETACH pribadi")


def row_key(contract: Contract) -> str:
    """SQL over accepted rows of `periksa`: text that names a row of the dataset, the same in its next version.

    The values of the contract's `kunci`, a place by its code; without a `kunci`, or where rows share it because
    parts of it are empty, a hash of the content and a number are added, so that no two rows have the same.
    """
    places = place_columns(contract)
    cell = {k: f"coalesce({ident(k + '__kode')}, {ident(k)})" if k in places else ident(k) for k in contract.kolom}
    named = ", ".join(cell[k] for k in contract.kunci) or literal("")
    content = ", ".join(cell.values())
    complete = " AND ".join(f"{ident(k)} IS NOT NULL" for k in contract.kunci) or "false"
    rank = f"row_number() OVER (PARTITION BY {complete}, hash({content}) ORDER BY _no)"
    return (
        f"CASE WHEN {complete} THEN concat_ws('|', {named}) "
        f"ELSE concat_ws('|', {named}, md5(concat_ws('|', {content}))[:16], {rank}) END"
    )
