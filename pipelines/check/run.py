"""Pemeriksaan of one delivery: read, place, judge each row, judge the batch, write what follows.

The row check is one pass of SQL over all files of the delivery; Great Expectations then runs on the
same view in the same DuckDB file and decides SESUAI or DIKEMBALIKAN.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.check import findings as found
from pipelines.check.compile import changed, compile_contract
from pipelines.check.details import add_details, add_misfits, refuse_misfits
from pipelines.check.personal import write_personal
from pipelines.check.places import write_places
from pipelines.check.points import view_rows
from pipelines.check.totals import check_totals
from pipelines.check.verdict import all_rules, count, decide, write_accepted, write_quarantine
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home import Key
from pipelines.read import ReadError, read_file, records, repetitive
from pipelines.referensi import install
from pipelines.sql import ident, literal
from pipelines.wilayah import misfits, proposals, resolve

if TYPE_CHECKING:
    from expectations.gx import Judge, Outcome

SESUAI, DIKEMBALIKAN, DUPLIKAT = "SESUAI", "DIKEMBALIKAN", "DUPLIKAT"
MEMORY_LIMIT = "3GB"
FEW_ROWS = 50_000
PROPOSALS = "usulan.parquet"
PERSONAL = "pribadi.duckdb"


@dataclass(frozen=True)
class Source:
    """One file to check: its name as the produsen knows it, and where its bytes are."""

    name: str
    path: Path


@dataclass
class Load:
    """One line of ops.muatan: what became of one file. Times are ISO 8601 UTC."""

    berkas: str
    status: str = SESUAI
    baris_dibaca: int = 0
    baris_diterima: int = 0
    baris_karantina: int = 0
    baris_bukan_data: int = 0
    mulai: str = ""
    selesai: str = ""


@dataclass
class Checked:
    """The outcome of one check. `folder` holds data.parquet, karantina.parquet and temuan.csv."""

    status: str
    loads: list[Load]
    reasons: list[str] = field(default_factory=list)
    groups: list[found.Group] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    tidied: dict[str, int] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    findings: int = 0


class LostRows(Exception):  # noqa: N818 - it reads as what it says
    """Rows read and rows accounted for differ: a defect of this program, never of the data."""


def prepare(referensi: Path | Sequence[Path], functions: Path, out: Path) -> None:
    """Make the DuckDB file that every check starts from: place tables and the standards' functions."""
    with duckdb.connect(str(out)) as con:
        con.execute(functions.read_text(encoding="utf-8"))
        install(con, referensi)


def check(
    library: Library,
    contract: Contract,
    sources: list[Source],
    base: Path,
    work: Path,
    judge: Callable[[], Judge],
    notes: list[Finding] = [],  # noqa: B006  (never written)
    peta: Path | None = None,
    key: Key | None = None,
) -> Checked:
    """Check one delivery in the empty folder `work`; `base` comes from `prepare`.

    `peta` is the prepared map (pipelines.referensi.peta); without one, points are checked by their numbers alone.
    `key`: what personal columns are kept under; without one they are not kept.
    `notes` are findings that are known already (arrival, duplicates). Raises LostRows when a row
    would be lost, BrokenCheck when an expectation cannot be evaluated; bad input never raises.
    """
    started = _now()
    loads = {s.name: Load(s.name, mulai=started) for s in sources}
    parts, file_findings = _read(contract, sources, loads, work)
    database = work / "periksa.duckdb"
    shutil.copyfile(base, database)
    result = Checked(DIKEMBALIKAN, list(loads.values()))
    config = _config(work, sum(load.baris_dibaca for load in loads.values()))
    with duckdb.connect(str(database), config=config) as con:
        found.create(con)
        found.add(con, [*notes, *file_findings])
        if parts:
            damaged = [(f.berkas, f.baris) for f in file_findings if f.baris and f.tingkat == "kritis"]
            _check_rows(con, library, contract, parts, damaged, loads, result, work, peta)
            write_personal(con, library, contract, key, work / PERSONAL)
    if any(load.baris_diterima for load in result.loads):
        # Imported here: Great Expectations takes seconds to import, and an idle night needs none of it.
        from pipelines.check.suite import TABLE, expectations_of, explain

        suite = expectations_of(contract, compile_contract(library, contract, repetitive(parts)), result.filled)
        result.outcomes = judge().judge(database, config, TABLE, suite)
        result.reasons = [explain(contract, o) for o in result.outcomes if not o.success]
        result.status = DIKEMBALIKAN if result.reasons else SESUAI
    else:
        result.reasons = ["Tidak ada baris yang dapat diterima."]
    for load in result.loads:
        load.selesai = _now()
        if result.status == DIKEMBALIKAN:
            load.status = DIKEMBALIKAN
    with duckdb.connect(str(database), config=config) as con:
        result.groups = found.groups(con)
        result.findings = found.write_csv(con, work / "temuan.csv")
    return result


def _read(
    contract: Contract, sources: list[Source], loads: dict[str, Load], work: Path
) -> tuple[list[Path], list[Finding]]:
    """Read every file; a file that cannot be read is returned, the others go on."""
    parts: list[Path] = []
    findings: list[Finding] = []
    (work / "baca").mkdir()
    for number, source in enumerate(sources):
        out = work / "baca" / f"{number:06}.parquet"
        try:
            read = read_file(contract, source.path, source.name, out)
        except ReadError as error:
            loads[source.name].status = DIKEMBALIKAN
            findings.append(error.finding)
            continue
        loads[source.name].baris_dibaca = read.rows
        findings += read.findings
        parts.append(out)
    return parts, findings


def _config(work: Path, rows: int) -> dict[str, str]:
    """Settings of DuckDB; over few rows its threads only wait for each other."""
    few = {"threads": "1"} if rows < FEW_ROWS else {}
    return {"memory_limit": MEMORY_LIMIT, "temp_directory": str(work / "spill"), **few}


def _check_rows(
    con: duckdb.DuckDBPyConnection,
    library: Library,
    contract: Contract,
    parts: list[Path],
    damaged: list[tuple[str, int]],
    loads: dict[str, Load],
    result: Checked,
    work: Path,
    peta: Path | None,
) -> None:
    con.execute(f"CREATE VIEW mentah AS {records(parts)}")
    compiled = compile_contract(library, contract, repetitive(parts))
    resolve(con, contract, "mentah", compiled.moment)
    con.execute(f"COPY ({compiled.normalise}) TO {literal(str(work / 'rapi.parquet'))} (FORMAT parquet)")
    view_rows(con, contract, compiled, peta, work)
    con.execute("CREATE VIEW data_periksa AS SELECT * FROM periksa WHERE _bukan_data IS NULL")
    rules = all_rules(library, contract, compiled)
    misfit = misfits(con, contract, "mentah")
    refusing = add_misfits(con, library, contract, misfit, rules)
    rules += refusing
    returned = decide(con, contract, compiled, rules, damaged) + refuse_misfits(con, misfit, refusing)
    found.add_rows(con, library, contract, rules)
    add_details(con, contract, compiled, rules)
    check_totals(con, library, contract)
    write_accepted(con, contract, compiled, work / "data.parquet")
    write_quarantine(con, library, contract, rules, work / "karantina.parquet")
    write_places(con, library, contract, work)
    _write_proposals(con, library, contract, compiled.moment, work / PROPOSALS)
    result.tidied, result.filled = _cells(con, contract)
    for name, counts in count(con, work / "data.parquet").items():
        load = loads[name]
        load.baris_diterima, load.baris_karantina = counts.diterima, counts.karantina
        load.baris_bukan_data = counts.bukan_data
        if name in returned or not counts.diterima:
            load.status = DIKEMBALIKAN
    for load in loads.values():
        parted = load.baris_diterima + load.baris_karantina + load.baris_bukan_data
        if parted != load.baris_dibaca:
            raise LostRows(f"{contract.key} {load.berkas}: {load.baris_dibaca} rows read, {parted} accounted for")


def _write_proposals(
    con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, moment: str | None, out: Path
) -> None:
    """Write the spellings of places that a person should look at, if there are any."""
    columns = contract.wilayah.nama.values() if contract.wilayah else []
    asked = proposals(contract, [c for c in columns if not library.is_personal(contract, c)], "mentah", moment)
    con.execute(f"CREATE TEMP TABLE usulan AS SELECT *, {literal(contract.key)} AS dataset FROM ({asked})")
    if con.execute("FROM usulan LIMIT 1").fetchone():
        con.execute(f"COPY usulan TO {literal(str(out))} (FORMAT parquet)")


def _cells(con: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[dict[str, int], dict[str, int]]:
    """Cells that mechanical normalisation changed, and cells with a value, by column; rows as `_no`."""
    tidied = [f"count_if({bit})" for bit in changed(contract).values()]
    filled = [f"count({ident(name)})" for name in contract.kolom]
    counts = con.execute(f"SELECT {', '.join([*tidied, *filled])}, count(*) FROM data_periksa").fetchone() or ()
    names = list(contract.kolom)
    changes = zip(names, counts[: len(names)], strict=True)
    return {name: n for name, n in changes if n}, dict(zip([*names, "_no"], counts[len(names) :], strict=True))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
