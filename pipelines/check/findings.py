"""Findings of one delivery: collected in `temuan`, written as CSV for the produsen."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

import duckdb

from pipelines.check.compile import CompiledRule, ident, literal
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home.atomic import aside

COLUMNS = ("berkas", "lembar", "baris", "kolom", "nilai", "standar", "tingkat", "pesan", "saran")
_EXAMPLES = 5


@dataclass(frozen=True)
class Group:
    """Findings of one kind in one delivery, for the report: how many, where, what to do.

    `contoh` holds a few values; none where the column is personal.
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
    """An empty table `temuan`; `aturan` groups, `pribadi` says whether the value may be shown."""
    con.execute(
        "CREATE TABLE temuan (berkas VARCHAR, lembar VARCHAR, baris BIGINT, kolom VARCHAR, nilai VARCHAR, "
        "standar VARCHAR, tingkat VARCHAR, pesan VARCHAR, saran VARCHAR, aturan VARCHAR, pribadi BOOLEAN)"
    )


def add(con: duckdb.DuckDBPyConnection, findings: list[Finding]) -> None:
    """Findings about files: reading, arrival, duplicates."""
    if findings:
        con.executemany(
            "INSERT INTO temuan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'berkas', false)", [astuple(f) for f in findings]
        )


def add_rows(
    con: duckdb.DuckDBPyConnection, library: Library, contract: Contract, rules: list[CompiledRule]
) -> None:
    """Findings about rows, from `bermasalah`."""
    con.execute(
        "CREATE TABLE aturan (id INTEGER, kolom VARCHAR, standar VARCHAR, nama VARCHAR, tingkat VARCHAR, "
        "pesan VARCHAR, saran VARCHAR, pribadi BOOLEAN)"
    )
    if rules:
        con.executemany(
            "INSERT INTO aturan VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(r.id, r.kolom, r.standar, r.nama, r.tingkat, r.pesan, r.saran, r.pribadi) for r in rules],
        )
    key = ", ".join(f"m.{ident(k)}" for k in contract.kunci) or "NULL"
    cells = " ".join(f"WHEN {literal(k)} THEN m.{ident(k)}" for k in contract.kolom)
    con.execute(
        "INSERT INTO temuan SELECT _berkas, _lembar, _baris, _kolom, _nilai, standar, tingkat, "
        "replace(pesan, '{nilai}', coalesce(_nilai, '')), saran, nama, pribadi FROM ("
        "SELECT a.standar, a.tingkat, a.pesan, a.saran, a.nama, a.pribadi, a.kolom AS _kolom, "
        "m._berkas, m._lembar, m._baris, CASE WHEN a.standar = 'kunci' "
        f"THEN concat_ws(', ', {key}) ELSE CASE a.kolom {cells} END END AS _nilai "
        "FROM (SELECT _berkas, _no, unnest(aturan) AS id FROM bermasalah) b JOIN aturan a USING (id) "
        "JOIN mentah m ON m._berkas = b._berkas AND m._no = b._no WHERE a.standar <> 'baca')"
    )
    if contract.wilayah and contract.wilayah.bawaan:
        _defaults(con, contract)


def _defaults(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """A bare name read as kabupaten or kota by the contract's default is said, once a name."""
    assert contract.wilayah
    column = contract.wilayah.nama.get("kabupaten_kota")
    if column is None:
        return
    con.execute(
        "INSERT INTO temuan SELECT any_value(_berkas), any_value(_lembar), min(_baris), ?, _nilai, 'nama_wilayah', "
        "'peringatan', '\"' || _nilai || '\" ada sebagai kabupaten dan sebagai kota; dibaca sebagai ' || ? "
        "|| ' sesuai kontrak.', 'Tulis Kabupaten atau Kota di depan nama.', 'bawaan', false "
        f"FROM (SELECT *, {ident(column)} AS _nilai FROM periksa WHERE _wilayah_bawaan) GROUP BY _nilai",
        [column, contract.wilayah.bawaan],
    )


def groups(con: duckdb.DuckDBPyConnection) -> list[Group]:
    """Findings grouped by column and rule, worst and most frequent first."""
    rows = con.execute(
        "SELECT kolom, standar, aturan, tingkat, count(*), "
        "CASE WHEN count(*) = 1 OR aturan <> 'berkas' THEN any_value(pesan ORDER BY berkas, baris) ELSE min(pesan) END, "
        "min(saran), "
        f"CASE WHEN bool_or(pribadi) THEN [] ELSE list(DISTINCT nilai)[:{_EXAMPLES}] END, "
        f"list(DISTINCT berkas || coalesce(' baris ' || baris, '') ORDER BY berkas || coalesce(' baris ' || baris, ''))[:{_EXAMPLES}], "
        "bool_or(pribadi) FROM temuan GROUP BY kolom, standar, aturan, tingkat, "
        "CASE WHEN aturan = 'berkas' THEN pesan END ORDER BY tingkat, count(*) DESC, kolom, aturan, 6"
    ).fetchall()
    return [
        Group(k, s, a, t, n, _hide(p) if personal else p, sr, tuple(str(c) for c in contoh if c), tuple(tempat))
        for k, s, a, t, n, p, sr, contoh, tempat, personal in rows
    ]


def _hide(message: str) -> str:
    """The message without the quoted value."""
    head, _, rest = message.partition('"')
    return f"{head}(disamarkan){rest.partition(chr(34))[2]}" if rest else message


def write_csv(con: duckdb.DuckDBPyConnection, out: Path) -> int:
    """Write the findings file (UTF-8, comma); returns the number of findings.

    Values stand there as delivered, so the file goes to its own produsen only; a cell that a
    spreadsheet would run as a formula gets an apostrophe in front.
    """
    cells = [
        c if c == "baris" else f"CASE WHEN regexp_matches({c}, '^[=+\\-@\\t\\r]') THEN '''' || {c} ELSE {c} END AS {c}"
        for c in COLUMNS
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    with aside(out) as temp:
        con.execute(
            f"COPY (SELECT {', '.join(cells)} FROM temuan ORDER BY berkas, baris, kolom, aturan, nilai) "
            f"TO {literal(str(temp))} (FORMAT csv, HEADER)"
        )
    found = con.execute("SELECT count(*) FROM temuan").fetchone()
    return int(found[0]) if found else 0
