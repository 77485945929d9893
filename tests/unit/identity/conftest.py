"""Records of a small made-up desa: enough certain pairs for a model, and room for the awkward ones of each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import duckdb
import pytest

from pipelines.identity.linkage.link import Linked, link

COLUMNS = (
    "sumber", "kunci", "nik", "no_kk", "nama", "jenis_kelamin", "tanggal_lahir", "nama_ibu", "alamat", "kode_wilayah",
)  # fmt: skip
Record = dict[str, str | None]
WORDS = [
    "joko", "slamet", "budi", "eko", "agus", "hendra", "teguh", "bayu", "dimas",
    "rizki", "santoso", "wibowo", "nugroho", "prasetyo", "hidayat", "utomo", "wijaya", "gunawan",
]  # fmt: skip
WOMEN = [
    "siti", "sri", "dewi", "endang", "ratna", "lestari", "rahayu", "wulandari", "astuti",
    "handayani", "utami", "susanti", "yuni", "rina", "indah", "ayu", "putri", "mega",
]  # fmt: skip
DESA = ["33.01.01.2001", "33.01.01.2002", "33.01.02.2003", "33.02.05.2004"]


def person(n: int) -> Record:
    """The n-th person of the register; nobody shares a KK with another."""
    male = n % 2 == 0
    words = WORDS if male else WOMEN
    year, month, day = 1940 + n * 7 % 80, 1 + n * 5 % 12, 1 + n * 11 % 28
    desa = DESA[n % 4]
    prefix = desa.replace(".", "")[:6]
    nik = f"{prefix}{day + (0 if male else 40):02}{month:02}{year % 100:02}{1 + n % 9:04}"
    return {
        "sumber": "register",
        "kunci": f"R{n:04}",
        "nik": nik,
        "no_kk": f"{prefix}010110{1000 + n}",
        "nama": f"{words[n % 18]} {words[(n * 7 + n // 18) % 18]}",
        "jenis_kelamin": "L" if male else "P",
        "tanggal_lahir": f"{year}-{month:02}-{day:02}",
        "nama_ibu": f"{WOMEN[n * 5 % 18]} {WOMEN[(n // 3) % 18]}",
        "alamat": f"Dusun {WORDS[n % 17]} RT {n % 9 + 1:03} RW {n % 5 + 1:03}",
        "kode_wilayah": desa,
    }


def background(count: int = 400) -> list[Record]:
    """A register and a file in which everyone is once, as they are."""
    people = [person(n) for n in range(count)]
    seen = set()
    for record in people:  # few enough that NIK may collide by the arithmetic above
        while record["nik"] in seen:
            record["nik"] = f"{int(str(record['nik'])) + 1}"
        seen.add(record["nik"])
    return people + [r | {"sumber": "latar", "kunci": f"L{n}"} for n, r in enumerate(people)]


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Add rows, column by column: a row at a time takes longer than to link them."""
    columns = [list(cells) for cells in zip(*rows, strict=True)]
    con.execute(f"INSERT INTO {table} SELECT {', '.join(['unnest(?)'] * len(columns))}", columns)


class Register:
    """A connection in which rows are linked as on one night after another."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def night(
        self, rows: list[Record], answers: list[tuple[str, str, str]] | None = None, anew: bool = False
    ) -> Linked:
        """Link these rows; answers are (key, key, answer), keys as 'sumber/kunci'."""
        self._table("masukan", COLUMNS, [tuple(row[c] for c in COLUMNS) for row in rows])
        self.con.execute("ALTER TABLE masukan ADD COLUMN daftar BOOLEAN")
        self.con.execute("UPDATE masukan SET daftar = starts_with(sumber, 'register')")
        given = [(*a.split("/"), *b.split("/"), said) for a, b, said in answers or []]
        self._table("jawaban", ("sumber_a", "kunci_a", "sumber_b", "kunci_b", "jawaban"), given)
        self.con.execute("ALTER TABLE jawaban ADD COLUMN waktu TIMESTAMP DEFAULT TIMESTAMP '2026-01-01'")
        return link(self.con, "masukan", "jawaban", anew)

    def _table(self, name: str, columns: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> None:
        self.con.execute(f"CREATE OR REPLACE TABLE {name} ({', '.join(f'{c} VARCHAR' for c in columns)})")
        if rows:
            fill(self.con, name, rows)

    def id(self, key: str) -> str:
        """The id of 'sumber/kunci'."""
        row = self.con.execute("SELECT id::VARCHAR FROM xref WHERE sumber || '/' || kunci = ?", [key]).fetchone()
        assert row, f"{key} has no id"
        return str(row[0])

    def same(self, one: str, other: str) -> bool:
        """Whether two records are one person."""
        return self.id(one) == self.id(other)

    def method(self, key: str) -> str:
        """How a record was linked."""
        row = self.con.execute("SELECT metode FROM xref WHERE sumber || '/' || kunci = ?", [key]).fetchone()
        return str(row[0]) if row else ""

    def ids(self) -> dict[str, str]:
        """All records and their ids."""
        return dict(self.con.execute("SELECT sumber || '/' || kunci, id::VARCHAR FROM xref").fetchall())

    def review(self) -> set[frozenset[str]]:
        """The pairs that wait for a person."""
        rows = self.con.execute("SELECT sumber_a || '/' || kunci_a, sumber_b || '/' || kunci_b FROM tinjau").fetchall()
        return {frozenset(row) for row in rows}


@pytest.fixture
def register() -> Iterator[Register]:
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        yield Register(con)


@pytest.fixture(scope="session")
def crowd() -> list[Record]:
    return background()


@pytest.fixture
def opd() -> Callable[..., Record]:
    """A row of a file about a person of the register, with what that file has otherwise."""

    def make(of: Record, key: str = "x", **other: str | None) -> Record:
        return of | {"sumber": "opd", "kunci": key} | other

    return make
