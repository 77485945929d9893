"""A small home in which a night has linked persons: the stages of a night over invented records."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.home import Home, Key
from pipelines.home.keys import init
from pipelines.home.store import attach
from pipelines.identity import decisions
from pipelines.identity.linkage.link import link
from pipelines.identity.review import sample as review
from pipelines.identity.review import summary
from pipelines.identity.vault import register_file
from tests.unit.identity.conftest import COLUMNS, WORDS, Record, background, fill, person

NIGHT = datetime(2026, 1, 2, 18, 0)


def small_home(folder: Path) -> tuple[Home, Key]:
    """A home with a key and nothing else."""
    home = Home(folder).ensure()
    return home, init(home)[0]


def copied(first: tuple[Home, Key], folder: Path) -> tuple[Home, Key]:
    """The same home somewhere else, so that one night serves many tests."""
    shutil.copytree(first[0].root, folder)
    return Home(folder), first[1]


def doubtful(people: list[Record], count: int = 12) -> list[Record]:
    """Rows of a file about persons of the register that nobody can be sure of: no NIK, no KK, another first name."""
    rows = []
    for n, of in enumerate(people[:count]):
        given, last = str(of["nama"]).split()
        other = WORDS[(n + 3) % len(WORDS)] if n % 3 else given
        born = str(of["tanggal_lahir"])
        rows.append(
            of
            | {
                "sumber": "opd.bantuan",
                "kunci": f"B{n}",
                "nik": None,
                "no_kk": None,
                "nama": f"{other} {last}",
                "tanggal_lahir": born if n % 3 else f"{int(born[:4]) + 1}{born[4:]}",
                "nama_ibu": None,
                "alamat": None,
            }
        )
    return rows


def records() -> list[Record]:
    """A register, a file that agrees with it, and one of doubtful rows."""
    people = [person(n) for n in range(400)]
    return background() + doubtful(people) + strangers()


def strangers() -> list[Record]:
    """Rows about persons that no other file has."""
    return [
        person(n) | {"sumber": "opd.bantuan", "kunci": f"S{n}", "tanggal_lahir": f"{1950 + n % 40}-02-29", "nik": None}
        for n in range(900, 910)
    ]


def night(home: Home, key: Key, rows: list[Record], now: datetime = NIGHT, anew: bool = False) -> None:
    """Link these rows in the home, as a night does."""
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        attach(con, register_file(home), key, "register")
        con.execute("CREATE SCHEMA IF NOT EXISTS register.penduduk; USE register.penduduk")
        decisions.load(con, home, key)
        con.execute(f"CREATE TEMP TABLE rekaman ({', '.join(f'{c} VARCHAR' for c in COLUMNS)}, daftar BOOLEAN)")
        cells = [(*(row[c] for c in COLUMNS), row["sumber"] == "register") for row in rows]
        fill(con, "temp.main.rekaman", cells)
        link(con, "temp.main.rekaman", "temp.main.jawaban", anew)
        review.draw(con)
        summary.note(con, now)
        con.execute("USE memory; DETACH register")
