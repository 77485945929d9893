"""The records of a night: what the datasets in use say of persons, families and institutions, as tables.

`rekaman`   sumber, kunci, daftar, nik, no_kk, nama, jenis_kelamin, tanggal_lahir, nama_ibu, alamat, kode_wilayah
            (what link() reads, text as normalised by the check), and tinggal, prioritas, tanggal, meninggal,
            dataset, peran, nomor (the row's `_no`)
`kartu`     sumber, kunci, no_kk, anggota (sumber of the person whose family it is), tanggal, kode_wilayah,
            dataset, peran, nomor
`barisan`   dataset, nomor, kunci: every accepted row of a dataset with personal columns
`lembaga`   what link_institutions() reads, one row for each mention: kunci is the code, else a hash of the rest

They are temporary tables: personal data leaves the connection only into the encrypted store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.contract.identity import PERSON_FIELDS, Institution, Person
from pipelines.contract.model import Contract
from pipelines.home import Home, Key
from pipelines.home.store import attach
from pipelines.identity.subject.corrections import corrected
from pipelines.identity.vault import rows_file, source_of
from pipelines.sql import ident, literal

_REGISTER_PRIORITY = 0


@dataclass(frozen=True)
class InUse:
    """The version of a dataset that is in use: its folder in staging, its accepted rows, the day it was made."""

    contract: Contract
    folder: str
    rows: Path
    day: date


def gather_people(con: duckdb.DuckDBPyConnection, home: Home, key: Key, versions: Iterable[InUse]) -> None:
    """Create `rekaman`, `kartu` and `barisan` from the store; a version that is not in it is passed over.

    Corrections are those of `decisions.load` in this connection. Raises KeyFault.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE rekaman (sumber VARCHAR, kunci VARCHAR, daftar BOOLEAN,
        {", ".join(f"{name} VARCHAR" for name in PERSON_FIELDS)}, kode_wilayah VARCHAR, tinggal BOOLEAN,
        prioritas INTEGER, tanggal DATE, meninggal DATE, dataset VARCHAR, peran VARCHAR, nomor BIGINT)"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE kartu (sumber VARCHAR, kunci VARCHAR, no_kk VARCHAR, anggota VARCHAR,
        tanggal DATE, kode_wilayah VARCHAR, dataset VARCHAR, peran VARCHAR, nomor BIGINT)"""
    )
    con.execute("CREATE OR REPLACE TEMP TABLE barisan (dataset VARCHAR, nomor BIGINT, kunci VARCHAR)")
    for version in versions:
        contract, path = version.contract, rows_file(home, version.contract, version.folder)
        if not path.is_file():
            continue
        attach(con, path, key, "masuk", read_only=True)
        rows = corrected(con, "masuk.baris", contract.key)
        con.execute(f"INSERT INTO barisan SELECT {literal(contract.key)}, _no, kunci FROM masuk.baris")
        for role, person in contract.people().items():
            con.execute(f"INSERT INTO rekaman {_person(version, role, person, rows)}")
        for role, family in contract.families().items():
            member = literal(source_of(contract, family.anggota) if family.anggota else None)
            con.execute(
                f"""INSERT INTO kartu SELECT {literal(source_of(contract, role))}, kunci, {ident(family.no_kk)},
                {member}, DATE {literal(version.day.isoformat())}, kode_wilayah, {literal(contract.key)},
                {literal(role)}, _no FROM {rows}"""
            )
        con.execute("DETACH masuk")


def _person(version: InUse, role: str, person: Person, rows: str) -> str:
    """SELECT of the records of one role; a row that says nothing of the person makes none."""
    columns = person.columns()
    cells = [f"{ident(columns[f])}::VARCHAR" if f in columns else "NULL" for f in PERSON_FIELDS]
    said = " OR ".join(f"{ident(columns[f])} IS NOT NULL" for f in ("nik", "nama") if f in columns)
    died = ident(f"_meninggal_{role}") if person.meninggal else "NULL"
    priority = _REGISTER_PRIORITY if person.induk else person.prioritas
    home = "kode_wilayah" if person.domisili else "NULL"
    return f"""SELECT {literal(source_of(version.contract, role))}, kunci, {person.induk}, {", ".join(cells)}, {home},
        {person.domisili}, {priority}, DATE {literal(version.day.isoformat())}, {died},
        {literal(version.contract.key)}, {literal(role)}, _no FROM {rows} WHERE {said}"""


def gather_institutions(con: duckdb.DuckDBPyConnection, versions: Iterable[InUse]) -> None:
    """Create `lembaga` from accepted rows: no column of an institution is personal."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE lembaga (sumber VARCHAR, kunci VARCHAR, jenis VARCHAR, kode_jenis VARCHAR,
        kode VARCHAR, nama VARCHAR, kode_wilayah VARCHAR, lintang DOUBLE, bujur DOUBLE, prioritas INTEGER,
        tanggal DATE)"""
    )
    for version in versions:
        for role, institution in version.contract.institutions().items():
            cells = _mention(version.contract, institution)
            registry = _registry(version.contract, institution)
            best = ", ".join(f"arg_min({cells[f]}, _no) AS {f}" for f in ("kode", *_DESCRIBED))
            con.execute(
                f"""INSERT INTO lembaga SELECT {literal(source_of(version.contract, role))}, kunci,
                {literal(institution.jenis)}, CASE WHEN kode IS NOT NULL THEN {literal(registry)} END,
                * EXCLUDE (kunci), {1 if institution.nama else 2}, DATE {literal(version.day.isoformat())}
                FROM (SELECT {mention_key(version.contract, institution)} AS kunci, {best}
                    FROM read_parquet({literal(str(version.rows))}) GROUP BY 1) WHERE kunci IS NOT NULL"""
            )


_DESCRIBED = ("nama", "kode_wilayah", "lintang", "bujur")
_ANY_TEXT = "teks"


def _registry(contract: Contract, institution: Institution) -> str | None:
    """The registry that gives the code, after the standard of its column; None for a source's own code.

    Any text is no registry: number 12 of one source is not number 12 of another.
    """
    standard = contract.kolom[institution.kode].standar if institution.kode else None
    return None if standard == _ANY_TEXT else standard


def _mention(contract: Contract, institution: Institution) -> dict[str, str]:
    """SQL of what a row says of an institution. Where it only gives a code, the row's place is not its place."""
    about = institution.nama is not None
    point = contract.wilayah.titik if contract.wilayah and about else []
    return {
        "kode": f"upper({ident(institution.kode)}::VARCHAR)" if institution.kode else "NULL::VARCHAR",
        "nama": f"{ident(institution.nama)}::VARCHAR" if institution.nama else "NULL::VARCHAR",
        "kode_wilayah": "kode_wilayah" if contract.wilayah and about else "NULL::VARCHAR",
        "lintang": f"{ident(point[0])}::DOUBLE" if point else "NULL::DOUBLE",
        "bujur": f"{ident(point[1])}::DOUBLE" if point else "NULL::DOUBLE",
    }


def mention_key(contract: Contract, institution: Institution) -> str:
    """SQL over accepted rows: `kunci` of the mention in a row; NULL where the row names no institution."""
    cells = _mention(contract, institution)
    described = ", ".join(cells[f] for f in _DESCRIBED)
    return f"coalesce({cells['kode']}, CASE WHEN {cells['nama']} IS NOT NULL THEN md5(concat_ws('|', {described})) END)"
