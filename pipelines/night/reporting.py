"""What a night tells people: the quality report, and the spellings and pairs that wait for a person."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.check.place_summary import Places, PlaceSummary
from pipelines.check.report import Entry, thousands, write_report
from pipelines.check.run import PROPOSALS as FOUND
from pipelines.check.store import folder_of
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.home.atomic import aside
from pipelines.identity.institution.answers import open_pairs
from pipelines.identity.institution.pairs import SHOWN
from pipelines.night.reference import Reference
from pipelines.night.result import Line
from pipelines.spreadsheet import escaped
from pipelines.sql import literal
from pipelines.wilayah.aliases import PROPOSALS

PAIRS = "usulan_institusi.csv"


def write_night_report(
    home: Home,
    library: Library,
    reference: Reference,
    lines: Sequence[Line],
    refused: dict[str, list[Finding]],
    said: list[str],
) -> Path:
    """Write findings/laporan.html over the present state, and the pairs that it counts (see _write_pairs).

    `said` are problems in Bahasa.
    """
    out = home.findings / "laporan.html"
    if waiting := _write_pairs(home, reference):
        said = [
            *said,
            f"Ada {thousands(waiting)} pasangan institusi yang mungkin satu institusi yang sama dan menunggu jawaban; "
            f"daftarnya di {PAIRS}. Walidata: jawab dengan 'satudata identity institusi'.",
        ]
    with Places.of(reference.base(), reference.map()) as places:
        entries = []
        for contract, line in zip(library.contracts, lines, strict=True):
            kept = tuple(refused.get(contract.key, ()))
            tempat = _by_place(home, places, contract, line)
            entries.append(Entry(contract, line.status, line.late, line.state, kept, tempat))
        faults = [*places.problems(), *reference.doubted_pairs()]
    write_report(entries, library.opd, said, datetime.now(UTC), out, faults)
    return out


def write_proposals(home: Home, lines: Sequence[Line], library: Library) -> None:
    """Write findings/usulan_alias.csv, the proposals of all deliveries judged last; see `satudata wilayah alias`."""
    folders = [_folder(home, c, line) for c, line in zip(library.contracts, lines, strict=True)]
    parts = [folder / FOUND for folder in folders if folder and (folder / FOUND).is_file()]
    out = home.findings / PROPOSALS
    if not parts:
        out.unlink(missing_ok=True)
        return
    paths = ", ".join(literal(str(part)) for part in parts)
    with aside(out) as unfinished, duckdb.connect() as con:
        con.execute(
            f"COPY (FROM read_parquet([{paths}]) ORDER BY baris DESC, dataset, kolom, kode_induk, teks) "
            f"TO {literal(str(unfinished))} (FORMAT csv, HEADER)"
        )


def _write_pairs(home: Home, reference: Reference) -> int:
    """Write findings/usulan_institusi.csv, the pairs of institutions that wait for an answer; returns how many."""
    out, waiting = home.findings / PAIRS, open_pairs(home)
    if not waiting:
        out.unlink(missing_ok=True)
        return 0
    with duckdb.connect(str(reference.base()), read_only=True) as con:
        names = dict(con.execute("SELECT kode, nama FROM wilayah").fetchall())
    with aside(out) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SHOWN)
        for pair in waiting:
            writer.writerow([escaped(cell) if isinstance(cell, str) else cell for cell in pair.cells(names)])
    return len(waiting)


def _folder(home: Home, contract: Contract, line: Line) -> Path | None:
    latest = line.state.latest
    return folder_of(home, contract) / latest.folder if latest and latest.folder else None


def _by_place(home: Home, places: Places, contract: Contract, line: Line) -> PlaceSummary | None:
    folder = _folder(home, contract, line)
    return places.summary(contract, folder) if folder else None
