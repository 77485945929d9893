"""What is held about one person and from whom: the records behind a NIK, for the person's own request.

Everything here is personal data in clear, for the one who asks and nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.contract.model import Contract
from pipelines.home import Home, Key
from pipelines.home.store import attach
from pipelines.identity import decisions, pseudonym
from pipelines.identity.vault import register_file, rows_folder, source_of
from pipelines.landing import ArchiveError, Version
from pipelines.landing.manifest import folder as manifests_of
from pipelines.landing.manifest import history
from pipelines.sql import ident, literal

SHORTEST = 10  # characters of what may be looked for as a NIK
ROWS = "baris.main.baris"


@dataclass(frozen=True)
class Link:
    """How a record was found to be of its person."""

    metode: str
    skor: float
    model_versi: str | None


@dataclass(frozen=True)
class Held:
    """One row in one version of a dataset, as far as it is about the person in this role.

    `isi`: column -> value in the personal store, `lain`: what staging holds of the row besides; both without
    the columns that are another person's alone. `tiba`: when this version came
    (UTC), None where the archive does not tell. `tautan` is None while the record is not linked.
    """

    contract: Contract
    peran: str
    kunci: str
    folder: str
    tiba: datetime | None
    tautan: Link | None
    isi: dict[str, str | None]
    lain: dict[str, str | None]

    @property
    def sumber(self) -> str:
        """The record's source, see vault.source_of."""
        return source_of(self.contract, self.peran)

    @property
    def nama(self) -> tuple[str, ...]:
        """The words of the name, in one order and in lower case."""
        return name_words(self.isi.get(self.contract.people()[self.peran].nama or "") or "")


@dataclass(frozen=True)
class Subject:
    """A person, and all that is held about them.

    `id` is the pseudonym, as everything outside the store knows the person; None for records that no night has
    linked yet.
    """

    id: str | None
    records: tuple[Held, ...]


def own_columns(contract: Contract, peran: str) -> list[str]:
    """The columns that are about the person of a role: all but those that tell of other persons alone."""
    people = contract.people()
    mine = set(people[peran].columns().values())
    others = {c for role, person in people.items() if role != peran for c in person.columns().values()}
    return [name for name in contract.kolom if name in mine or name not in others]


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, sorted, in lower case, so that two ways of writing it can be compared."""
    return tuple(sorted(re.findall(r"\w+", name.casefold())))


def find(home: Home, key: Key, contracts: Iterable[Contract], nik: str) -> list[Subject]:
    """The persons with a record under this NIK, valid or as written, each with all their records.

    More than one when a NIK is shared. Records that no night has linked yet belong to the one who bears the same
    name, else they are told apart by it. Raises ValueError when `nik` is too short to be one, KeyFault when a
    store cannot be opened.
    """
    digits = re.sub(r"[^0-9A-Za-z]", "", nik)
    if len(digits) < SHORTEST:
        raise ValueError(f"a NIK has 16 digits; at least {SHORTEST} are needed to look for one as it was written")
    with duckdb.connect() as con:
        decisions.load(con, home, key)
        stores = [(c, file) for c in contracts if c.people() for file in sorted(rows_folder(home, c).glob("*.duckdb"))]
        con.execute("CREATE TEMP TABLE dicari (sumber VARCHAR, kunci VARCHAR)")
        for contract, file in stores:
            _search(con, contract, file, key, digits)
        links = _links(con, home, key)
        records = [one for contract, file in stores for one in _records(con, home, contract, file, key, links)]
    bearers: dict[tuple[str, ...], set[str]] = {}
    for record, id in records:
        if id:
            bearers.setdefault(record.nama, set()).add(id)
    held: dict[str | tuple[str, ...], list[Held]] = {}
    for record, id in records:
        known = bearers.get(record.nama, set())
        held.setdefault(id or (min(known) if len(known) == 1 else record.nama), []).append(record)
    return [Subject(who if isinstance(who, str) else None, tuple(of)) for who, of in held.items()]


def choose(found: list[Subject], nama: str) -> list[Subject]:
    """Those of whom some record bears all words of this name."""
    words = set(name_words(nama))
    return [s for s in found if words and any(words <= set(record.nama) for record in s.records)]


def derived(home: Home, id: str) -> dict[str, int]:
    """`<schema>.<table>` of the warehouse -> rows that name the person of this pseudonym; empty without a warehouse."""
    path = home.warehouse / "satudata.duckdb"
    if not path.exists():
        return {}
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            """SELECT schema_name, table_name, list(column_name ORDER BY column_name) FROM duckdb_columns()
            SEMI JOIN duckdb_tables() USING (schema_name, table_name)
            WHERE starts_with(column_name, 'id_') AND data_type = 'VARCHAR' GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
        counts = {}
        for schema, table, columns in tables:
            named = " OR ".join(f"{ident(column)} = {literal(id)}" for column in columns)
            row = con.execute(f"SELECT count(*) FROM {ident(schema)}.{ident(table)} WHERE {named}").fetchone()
            counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return {table: count for table, count in counts.items() if count}


def _search(con: duckdb.DuckDBPyConnection, contract: Contract, file: Path, key: Key, digits: str) -> None:
    """Add the records of one file that have the NIK, as delivered or as corrected, to `dicari`."""
    attach(con, file, key, "baris", read_only=True)
    for peran, person in contract.people().items():
        if person.nik:
            written = f"regexp_replace({ident(person.nik)}, '[^0-9A-Za-z]', '', 'g')"
            con.execute(
                f"""INSERT INTO dicari SELECT {literal(source_of(contract, peran))}, kunci FROM {ROWS}
                WHERE {written} = $nik OR kunci IN (SELECT kunci FROM koreksi WHERE nilai = $nik
                    AND kolom = {literal(person.nik)} AND split_part(sumber, '/', 1) = {literal(contract.key)})""",
                {"nik": digits},
            )
    con.execute("DETACH baris")


def _links(con: duckdb.DuckDBPyConnection, home: Home, key: Key) -> dict[tuple[str, str], tuple[str, Link]]:
    """All records of the persons in `dicari` by (sumber, kunci); `dicari` is completed with them."""
    if not register_file(home).exists():
        return {}
    attach(con, register_file(home), key, "register", read_only=True)
    pseudonym.install(con, key)
    rows = con.execute(
        """SELECT sumber, kunci, samaran('penduduk', id), metode, skor, model_versi FROM register.penduduk.xref
        WHERE id IN (SELECT id FROM register.penduduk.xref SEMI JOIN dicari USING (sumber, kunci))"""
    ).fetchall()
    con.execute("DETACH register")
    if rows:
        con.executemany("INSERT INTO dicari VALUES (?, ?)", [row[:2] for row in rows])
    return {(sumber, kunci): (id, Link(*link)) for sumber, kunci, id, *link in rows}


def _records(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    contract: Contract,
    file: Path,
    key: Key,
    links: dict[tuple[str, str], tuple[str, Link]],
) -> Iterator[tuple[Held, str | None]]:
    """The rows of one file that stand in `dicari`, with what staging holds of them besides."""
    staged = home.staging / contract.produsen / contract.dataset / file.stem / "data.parquet"
    attach(con, file, key, "baris", read_only=True)
    for peran, person in contract.people().items():
        name = source_of(contract, peran)
        # Neither in the row: erased, and the link goes with the next night.
        says = " OR ".join(f"{ident(c)} IS NOT NULL" for c in (person.nik, person.nama) if c)
        wanted = f"(SELECT kunci FROM dicari WHERE sumber = {literal(name)})"
        rows = _cells(con, f"{ROWS} WHERE ({says}) AND kunci IN {wanted}")
        tiba = _arrived(home, contract, file.stem) if rows else None
        numbers = ", ".join(str(row["_no"]) for row in rows)
        there = f"read_parquet({literal(str(staged))}) WHERE _no IN ({numbers})"
        besides = {row["_no"]: row for row in _cells(con, there)} if rows and staged.exists() else {}
        own = [*own_columns(contract, peran), "kode_wilayah"]
        for row in rows:
            more = besides.get(row["_no"], {})
            isi = {c: row[c] for c in own if c in row}
            lain = {c: more[c] for c in own if c in more and c not in row}
            kunci = str(row["kunci"])
            id, link = links.get((name, kunci), (None, None))
            yield Held(contract, peran, kunci, file.stem, tiba, link, isi, lain), id
    con.execute("DETACH baris")


def _cells(con: duckdb.DuckDBPyConnection, source: str) -> list[dict[str, str | None]]:
    """Rows as text by column, in the order of `_no`."""
    found = con.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {source} ORDER BY _no::BIGINT")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _arrived(home: Home, contract: Contract, folder: str) -> datetime | None:
    """When the version in this folder of staging was last the newest one."""
    newest, found = {}, None
    try:
        deliveries = history(manifests_of(home, contract))
    except ArchiveError:
        return None
    for arrived, files in groupby(deliveries, key=lambda delivery: delivery.arrived):
        newest.update({file.path: file for file in files})
        if Version.of(list(newest.values())).versi == folder.partition("-")[0]:
            found = arrived
    return found
