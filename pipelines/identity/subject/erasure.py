"""Erasing a person's rows of a dataset from the personal store, where the law allows, so that they stay away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.contract.model import Contract
from pipelines.home import Home, Key, aside
from pipelines.home.store import attach
from pipelines.identity import decisions
from pipelines.identity.subject.find import ROWS, Held
from pipelines.identity.vault import rows_folder, source_of
from pipelines.sql import ident, literal

_BATCH = 100_000


def refusal(contract: Contract) -> str | None:
    """Why rows of this dataset may not be erased, in Bahasa; None where they may."""
    if any(person.induk for person in contract.people().values()):
        return (
            f"{contract.key} adalah register penduduk. Data kependudukan tidak dihapus atas permintaan: UU 23/2006 "
            "jo. UU 24/2013 tentang Administrasi Kependudukan mewajibkannya disimpan. Yang keliru dapat dibetulkan "
            "dengan 'satudata subject koreksi'."
        )
    if contract.wajib_simpan:
        return (
            f"{contract.key} wajib disimpan menurut {contract.wajib_simpan}, jadi tidak dapat dihapus atas permintaan."
        )
    return None


def erase(home: Home, key: Key, contract: Contract, records: Sequence[Held], oleh: str, alasan: str) -> int:
    """Erase these records of one dataset from the personal store; returns how many rows, over all versions.

    A mark that tells nobody anything keeps them from coming back. Corrections and answers about them go too.
    The links go with the next night. Whoever was stopped in the middle just repeats it. For the holder of the
    lock.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    marks: dict[tuple[str, str], dict[str, str | datetime | None]] = {}
    for record in records:
        mark = decisions.erasure_mark(key, record.kunci)
        marks[record.sumber, mark] = {
            "sumber": record.sumber, "sidik": mark, "oleh": oleh, "waktu": now, "alasan": alasan,
        }  # fmt: skip
    decisions.append(home, key, "hapus", list(marks.values()))
    rows = prune(home, key, contract)
    _forget(home, key, {(record.sumber, record.kunci) for record in records})
    return rows


def prune(home: Home, key: Key, contract: Contract) -> int:
    """Take erased records out of the rows of all versions of a dataset; returns how many rows changed or went.

    Also for versions that came after the erasure. A file with such rows is written anew. A row goes whole if it
    is about nobody else, or if its key tells of the erased person; else the columns of that person, and those
    that no role claims, are emptied. For the holder of the lock.
    """
    return sum(_prune_file(home, key, contract, file) for file in sorted(rows_folder(home, contract).glob("*.duckdb")))


def _prune_file(home: Home, key: Key, contract: Contract, file: Path) -> int:
    people = contract.people()
    whole = {r for r, p in people.items() if len(people) == 1 or set(p.columns().values()) & set(contract.kunci)}
    with duckdb.connect() as con:
        decisions.load(con, home, key)
        con.execute("CREATE TEMP TABLE kena (kunci VARCHAR, peran VARCHAR)")
        attach(con, file, key, "baris", read_only=True)
        columns = [row[0] for row in con.execute(f"DESCRIBE FROM {ROWS}").fetchall()]
        for peran in people:
            cells = [ident(c) for c in columns if peran in _only_about(contract, c)]
            left = f"coalesce({', '.join(f'{c}::VARCHAR' for c in cells)}) IS NOT NULL" if cells else "false"
            rows = ROWS if peran in whole else f"(FROM {ROWS} WHERE {left})"
            if found := _marked(con, key, rows, source_of(contract, peran)):
                con.executemany("INSERT INTO kena VALUES (?, ?)", [[kunci, peran] for kunci in found])
        con.execute("DETACH baris")
        row = con.execute("SELECT count(DISTINCT kunci) FROM kena").fetchone()
        count = int(row[0]) if row else 0
        if count:
            cells = [_emptied(contract, column) for column in columns]
            gone = f"SELECT kunci FROM kena WHERE peran IN ({', '.join(map(literal, ['', *sorted(whole)]))})"
            rest = f"SELECT {', '.join(cells)} FROM lama.baris b WHERE kunci NOT IN ({gone})"
            _rewrite(con, file, key, {"baris": rest})
    return count


def _only_about(contract: Contract, column: str) -> set[str]:
    """The roles whose erasure empties a column of `baris`: those that no other role shares it with."""
    people = contract.people()
    if column not in contract.kolom:
        return {role for role in people if column == f"_meninggal_{role}"}
    claiming = {role for role, person in people.items() if column in person.columns().values()}
    return {role for role in people if claiming <= {role}}


def _emptied(contract: Contract, column: str) -> str:
    """SQL of a column of `baris` as b, NULL where it tells of an erased person."""
    roles = _only_about(contract, column)
    if not roles:
        return f"b.{ident(column)}"
    hit = f"b.kunci IN (SELECT kunci FROM kena WHERE peran IN ({', '.join(map(literal, sorted(roles)))}))"
    return f"CASE WHEN {hit} THEN NULL ELSE b.{ident(column)} END AS {ident(column)}"


def _marked(con: duckdb.DuckDBPyConnection, key: Key, relation: str, sumber: str) -> list[str]:
    """The keys in `relation` that bear a mark of `sumber`."""
    marks = {sidik for (sidik,) in con.execute("SELECT sidik FROM hapus WHERE sumber = ?", [sumber]).fetchall()}
    if not marks:
        return []
    found: list[str] = []
    # Marks are keyed hashes, which SQL does not know; the key stays out of every statement.
    rows = con.execute(f"SELECT kunci FROM {relation} WHERE kunci IS NOT NULL")
    while batch := rows.fetchmany(_BATCH):
        found += [kunci for (kunci,) in batch if decisions.erasure_mark(key, kunci) in marks]
    return found


def _forget(home: Home, key: Key, records: set[tuple[str, str]]) -> None:
    """Take out of the decisions what names these records or says something of them."""
    path = home.identity / "jawaban.duckdb"
    with decisions.alone(home), duckdb.connect() as con:
        con.execute("CREATE TEMP TABLE kena (sumber VARCHAR, kunci VARCHAR)")
        con.executemany("INSERT INTO kena VALUES (?, ?)", [list(record) for record in records])
        about = "EXISTS (SELECT 1 FROM kena k WHERE k.sumber = {0} AND k.kunci = {1})"
        one, other = about.format("j.sumber_a", "j.kunci_a"), about.format("j.sumber_b", "j.kunci_b")
        rest = {
            "jawaban": f"SELECT * FROM lama.jawaban j WHERE NOT {one} AND NOT {other}",
            "koreksi": f"SELECT * FROM lama.koreksi j WHERE NOT {about.format('j.sumber', 'j.kunci')}",
            "hapus": "FROM lama.hapus",
        }
        _rewrite(con, path, key, rest)


def _rewrite(con: duckdb.DuckDBPyConnection, path: Path, key: Key, tables: Mapping[str, str]) -> None:
    """Replace an encrypted file by a new one with the same tables, filled with these rows of it as `lama`."""
    attach(con, path, key, "lama")
    con.execute("CHECKPOINT lama")  # what a killed run left in the log beside it
    with aside(path) as unfinished:
        attach(con, unfinished, key, "baru")
        con.execute("COPY FROM DATABASE lama TO baru (SCHEMA)")
        for table, rows in tables.items():
            con.execute(f"INSERT INTO baru.{ident(table)} {rows}")
        con.execute("DETACH baru")
        con.execute("DETACH lama")
