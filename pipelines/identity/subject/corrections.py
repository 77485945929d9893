"""Values that a person had corrected: kept beside the delivery, used from the next night, told to the produsen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.contract.model import Contract
from pipelines.home import Home, Key, aside
from pipelines.home.store import attach
from pipelines.identity import decisions
from pipelines.identity.subject.find import ROWS, Held
from pipelines.identity.vault import rows_folder
from pipelines.spreadsheet import escaped_sql
from pipelines.sql import ident, literal

NOTE = "koreksi.csv"
_ADVICE = "Cocokkan dengan dokumen resmi, betulkan di aplikasi asal, lalu kirim ulang berkas."


def corrected(con: duckdb.DuckDBPyConnection, relation: str, sumber: str) -> str:
    """SQL of `relation` (rows of a dataset with their `kunci`) with the corrected values in place of the delivered.

    A correction holds while the delivery still says what was corrected; what it says next counts again.
    `sumber`: the dataset, or one of its roles; a cell is corrected for everybody who stands in the row. For a
    connection in which decisions.load was called.
    """
    latest = _latest(sumber.partition("/")[0])
    names = [name for (name,) in con.execute(f"SELECT DISTINCT kolom FROM {latest} ORDER BY kolom").fetchall()]
    if not names:
        return relation
    there = {row[0] for row in con.execute(f"DESCRIBE FROM {relation}").fetchall()}
    joins, cells = [], []
    for number, name in enumerate(name for name in names if name in there):
        alias = f"k{number}"
        joins.append(
            f"LEFT JOIN {latest} {alias} ON {alias}.kunci = b.kunci AND {alias}.kolom = {literal(name)} "
            f"AND {alias}.semula IS NOT DISTINCT FROM b.{ident(name)}"
        )
        cells.append(f"CASE WHEN {alias}.kunci IS NULL THEN b.{ident(name)} ELSE {alias}.nilai END AS {ident(name)}")
    if not cells:
        return relation
    return f"(SELECT b.* REPLACE ({', '.join(cells)}) FROM {relation} b {' '.join(joins)})"


def correct(
    home: Home, key: Key, records: Sequence[Held], kolom: str, nilai: str | None, oleh: str, alasan: str
) -> None:
    """Record that `kolom` of these records is `nilai` (normalised text; None: nothing is right to hold there)."""
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = {
        (record.sumber, record.kunci): {
            "sumber": record.sumber, "kunci": record.kunci, "kolom": kolom, "semula": record.isi[kolom],
            "nilai": nilai,
            "oleh": oleh, "waktu": now, "alasan": alasan,
        }
        for record in records
    }  # fmt: skip
    decisions.append(home, key, "koreksi", list(rows.values()))


def write_note(home: Home, key: Key, contract: Contract) -> Path | None:
    """Write what the produsen has to correct at its source, as CSV in its folder of findings; None if nothing.

    A line leaves the note once the newest delivery says something else. It shows the produsen its own
    data only, and neither who decided nor why.
    """
    out = home.findings / contract.produsen / contract.dataset / NOTE
    files = sorted(rows_folder(home, contract).glob("*.duckdb"), key=lambda file: file.stat().st_mtime_ns)
    lines = 0
    if files:
        with duckdb.connect() as con:
            decisions.load(con, home, key)
            attach(con, files[-1], key, "baris", read_only=True)
            con.execute(f"CREATE TEMP TABLE catatan AS {_note(con, contract)}")
            row = con.execute("SELECT count(*) FROM catatan").fetchone()
            lines = int(row[0]) if row else 0
            if lines:
                out.parent.mkdir(parents=True, exist_ok=True)
                with aside(out) as unfinished:
                    con.execute(f"COPY {_safe(con)} TO {literal(str(unfinished))} (FORMAT csv, HEADER)")
    if not lines:
        out.unlink(missing_ok=True)
    return out if lines else None


def _latest(dataset: str) -> str:
    """SQL of the last correction of each cell of a dataset, whichever role it was made for."""
    return f"""(SELECT kunci, kolom, semula, nilai, waktu FROM koreksi
        WHERE split_part(sumber, '/', 1) = {literal(dataset)}
        QUALIFY row_number() OVER (PARTITION BY kunci, kolom ORDER BY waktu DESC, sumber) = 1)"""


def _note(con: duckdb.DuckDBPyConnection, contract: Contract) -> str:
    columns = [row[0] for row in con.execute(f"DESCRIBE FROM {ROWS}").fetchall() if row[0] in contract.kolom]
    found = [
        f"""SELECT b.kunci, {literal(name)} AS kolom, b.{ident(name)} AS nilai_kiriman, k.nilai AS nilai_betul,
        k.waktu::DATE::VARCHAR AS sejak FROM {ROWS} b JOIN {_latest(contract.key)} k
            ON k.kunci = b.kunci AND k.kolom = {literal(name)} WHERE b.{ident(name)} IS NOT DISTINCT FROM k.semula"""
        for name in columns
    ]
    named = dict.fromkeys(c for p in contract.people().values() for c in (p.nik, p.nama) if c in columns)
    tells = "".join(f"b.{ident(name)}, " for name in named if name)
    return f"""SELECT c.kunci, {tells}kolom, nilai_kiriman, nilai_betul, sejak, {literal(_ADVICE)} AS saran
        FROM ({" UNION ALL ".join(found)}) c JOIN {ROWS} b USING (kunci) ORDER BY ALL"""


def _safe(con: duckdb.DuckDBPyConnection) -> str:
    """`catatan` with an apostrophe before what a spreadsheet would run as a formula."""
    names = [ident(row[0]) for row in con.execute("DESCRIBE catatan").fetchall()]
    cells = [f"{escaped_sql(name)} AS {name}" for name in names]
    return f"(SELECT {', '.join(cells)} FROM catatan)"
