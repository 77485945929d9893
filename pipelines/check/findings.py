"""Findings of one delivery: collected in `temuan`, written as CSV for the produsen."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

import duckdb

from pipelines.check.compile import CompiledRule
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home.atomic import aside
from pipelines.spreadsheet import escaped_sql
from pipelines.sql import ident, literal

COLUMNS = ("berkas", "lembar", "baris", "kolom", "nilai", "standar", "tingkat", "pesan", "saran")
_EXAMPLES = 5
_MASKED = "(disamarkan)"


@dataclass(frozen=True)
class Group:
    """Findings of one kind in one delivery, for the report: how many, where, what to do.

    `contoh` holds a few values, first the one in `pesan`; none where the column is personal.
    """

    kolom: str | None
    standar: str
    aturan: str
    tingkat: str
    jumlah: int
    pesan: str
    saran: str
    contoh: tuple[str, ...]
    tempat: tuple[str, ...]


def create(con: duckdb.DuckDBPyConnection) -> None:
    """An empty table `temuan`; `aturan` groups, `pribadi` says whether the value may be shown.

    `samar` is the message for readers who may not see a personal value.
    """
    con.execute(
        "CREATE TABLE temuan (berkas VARCHAR, lembar VARCHAR, baris BIGINT, kolom VARCHAR, nilai VARCHAR, "
        "standar VARCHAR, tingkat VARCHAR, pesan VARCHAR, saran VARCHAR, aturan VARCHAR, pribadi BOOLEAN, "
        "samar VARCHAR)"
    )


def add(con: duckdb.DuckDBPyConnection, findings: list[Finding]) -> None:
    """Findings about files: reading, arrival, duplicates."""
    if findings:
        con.executemany(
            "INSERT INTO temuan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'berkas', false, ?)",
            [(*astuple(f), f.pesan) for f in findings],
        )


def add_rows(con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, rules: list[CompiledRule]) -> None:
    """Findings about rows, from `bermasalah`."""
    con.execute(
        "CREATE TABLE aturan (id INTEGER, kolom VARCHAR, standar VARCHAR, nama VARCHAR, tingkat VARCHAR, "
        "pesan VARCHAR, saran VARCHAR, pribadi BOOLEAN, per VARCHAR)"
    )
    if rules:
        con.executemany(
            "INSERT INTO aturan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(r.id, r.kolom, r.standar, r.nama, r.tingkat, r.pesan, r.saran, r.pribadi, r.per) for r in rules],
        )
    key = ", ".join(f"m.{ident(k)}" for k in contract.kunci) or "NULL"
    cells = " ".join(f"WHEN {literal(k)} THEN m.{ident(k)}" for k in contract.kolom)
    con.execute(
        "INSERT INTO temuan SELECT _berkas, _lembar, _baris, _kolom, _nilai, standar, tingkat, "
        "replace(pesan, '{nilai}', coalesce(_nilai, '')), saran, nama, pribadi, "
        f"replace(pesan, '{{nilai}}', '{_MASKED}') FROM ("
        "SELECT a.standar, a.tingkat, a.pesan, a.saran, a.nama, a.pribadi, a.kolom AS _kolom, "
        "m._berkas, m._lembar, m._baris, CASE WHEN a.standar = 'kunci' "
        f"THEN concat_ws(', ', {key}) ELSE CASE a.kolom {cells} END END AS _nilai "
        "FROM (SELECT _no, unnest(aturan) AS id FROM bermasalah) b JOIN aturan a USING (id) "
        "JOIN mentah m ON m._no = b._no WHERE a.per = 'baris')"
    )
    con.execute(
        "INSERT INTO temuan SELECT DISTINCT _berkas, NULL, NULL, kolom, NULL, standar, tingkat, pesan, saran, nama, "
        "pribadi, pesan FROM (SELECT _berkas, unnest(aturan) AS id FROM bermasalah) JOIN aturan USING (id) "
        "WHERE per = 'berkas'"
    )
    if contract.wilayah and contract.wilayah.bawaan:
        _defaults(con, library, contract)


def _defaults(con: duckdb.DuckDBPyConnection, library: Library, contract: Contract) -> None:
    """A bare name read as kabupaten or kota by the contract's default is said, once a name."""
    assert contract.wilayah
    column = contract.wilayah.nama.get("kabupaten_kota")
    if column is None:
        return
    con.execute(
        "INSERT INTO temuan SELECT any_value(_berkas), any_value(_lembar), min(_baris), $kolom, _nilai, "
        "'nama_wilayah', 'peringatan', replace($pesan, '{nilai}', _nilai), "
        "'Tulis Kabupaten atau Kota di depan nama.', 'bawaan', $pribadi, replace($pesan, '{nilai}', $samar) "
        f"FROM (SELECT *, {ident(column)} AS _nilai FROM periksa WHERE _wilayah_bawaan) GROUP BY _nilai",
        {
            "kolom": column,
            "pesan": '"{nilai}" ada sebagai kabupaten dan sebagai kota; dibaca sebagai '
            f"{contract.wilayah.bawaan} sesuai kontrak.",
            "pribadi": library.is_personal(contract, column),
            "samar": _MASKED,
        },
    )


def groups(con: duckdb.DuckDBPyConnection) -> list[Group]:
    """Findings grouped by column and rule, worst and most frequent first."""
    where = "berkas || coalesce(' baris ' || baris, '')"
    rows = con.execute(
        "SELECT kolom, standar, aturan, tingkat, count(*) AS jumlah, "
        "any_value(CASE WHEN pribadi THEN samar ELSE pesan END ORDER BY berkas, baris, nilai), min(saran), "
        "any_value(CASE WHEN NOT pribadi THEN nilai END ORDER BY berkas, baris, nilai), "
        f"list(DISTINCT nilai ORDER BY nilai) FILTER (NOT pribadi AND nilai IS NOT NULL)[:{_EXAMPLES}], "
        f"list(DISTINCT {where} ORDER BY {where})[:{_EXAMPLES}] "
        "FROM temuan GROUP BY kolom, standar, aturan, tingkat, CASE WHEN aturan = 'berkas' THEN pesan END "
        "ORDER BY tingkat, jumlah DESC, kolom, aturan, 6"
    ).fetchall()
    return [
        Group(k, s, a, t, n, p, sr, tuple(dict.fromkeys(v for v in (shown, *(more or ())) if v))[:_EXAMPLES], tuple(w))
        for k, s, a, t, n, p, sr, shown, more, w in rows
    ]


def write_csv(con: duckdb.DuckDBPyConnection, out: Path) -> int:
    """Write the findings file (UTF-8, comma); returns the number of findings.

    Values stand there as delivered, so the file goes to its own produsen only; a cell that a
    spreadsheet would run as a formula gets an apostrophe in front.
    """
    cells = [name if name == "baris" else f"{escaped_sql(name)} AS {name}" for name in COLUMNS]
    out.parent.mkdir(parents=True, exist_ok=True)
    with aside(out) as temp:
        con.execute(
            f"COPY (SELECT {', '.join(cells)} FROM temuan ORDER BY berkas, baris, kolom, aturan, nilai) "
            f"TO {literal(str(temp))} (FORMAT csv, HEADER)"
        )
    found = con.execute("SELECT count(*) FROM temuan").fetchone()
    return int(found[0]) if found else 0
