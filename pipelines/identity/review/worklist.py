"""The pairs that wait for a person, and what was answered: register.duckdb read, jawaban.duckdb added to.

Files are open only while `opened` lasts, so a night may replace the register at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import duckdb

from pipelines.contract.place import CODE_LENGTHS
from pipelines.home import Home, Key
from pipelines.home.store import attach
from pipelines.identity import decisions
from pipelines.identity.vault import register_file
from pipelines.sql import literal

FIELDS = ("nama", "nik", "no_kk", "tanggal_lahir", "jenis_kelamin", "nama_ibu", "alamat", "wilayah")
DOUBT, SAMPLE = "tinjau", "contoh"
NOWHERE = "-"  # stands for pairs without a place
_LENGTHS = tuple(CODE_LENGTHS.values())
_SIDES = tuple(f"{field}_{side}" for side in "ab" for field in ("sumber", "kunci", *FIELDS))


class NothingLinked(Exception):  # noqa: N818 - it reads as what it says
    """There is no register of persons yet; the message says what to do."""


@dataclass(frozen=True)
class Side:
    """One of the two records, as its source has written it; `values` has the keys FIELDS."""

    sumber: str
    kunci: str
    values: dict[str, str | None]


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person. `code` names the pair; it tells nothing and lasts as long as its records.

    `sample`: drawn to measure the linkage, not in doubt. `answer`, `by`: what was said last, None where nothing was.
    """

    code: str
    kode_wilayah: str | None
    score: float
    sample: bool
    answer: str | None
    by: str | None
    a: Side
    b: Side


@dataclass(frozen=True)
class Tally:
    """How many pairs a place has, and how many of them are answered. `kode` is NOWHERE where it is unknown."""

    kode: str
    pairs: int
    answered: int


@contextmanager
def opened(home: Home, key: Key) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the temporary table jawaban (see decisions.load) and the view that the rest of this file reads.

    Raises NothingLinked where no night has linked persons, KeyFault and HomeError where a file cannot be opened.
    """
    path = register_file(home)
    if not path.exists():
        raise NothingLinked("no night has linked persons in this home yet; run: satudata run")
    with duckdb.connect() as con:
        attach(con, path, key, "register", read_only=True)
        made = con.execute(
            """SELECT count(*) FROM duckdb_tables()
            WHERE database_name = 'register' AND schema_name = 'penduduk' AND table_name = 'sanding'"""
        ).fetchone()
        if made == (0,):
            raise NothingLinked("the last night has not linked persons; run: satudata run")
        decisions.load(con, home, key)
        # Under a secret, as a kunci may be a NIK; one that outlasts a rotation, as sheets are out for weeks.
        secret = key.name(sha256(b"worklist").digest())
        both = f"{decisions.FIRST} AS x, {decisions.SECOND} AS y"
        con.execute(
            f"""
            CREATE TEMP VIEW daftar_kerja AS
            WITH s AS (SELECT *, {both} FROM register.penduduk.sanding),
                j AS (SELECT {both}, jawaban, oleh, waktu FROM temp.main.jawaban)
            SELECT 'P' || substr(sha256(concat_ws(chr(31), {literal(secret)}, x[1], x[2], y[1], y[2])), 1, 16)
                AS pasangan,
                s.kode_wilayah, s.skor, s.asal = '{SAMPLE}' AS contoh, j.jawaban, j.oleh, j.waktu,
                {", ".join(f"s.{name}" for name in _SIDES)}
            FROM s LEFT JOIN j USING (x, y)
            """
        )
        yield con


def open_pairs(con: duckdb.DuckDBPyConnection, wilayah: str = "", limit: int | None = None) -> list[Pair]:
    """Pairs without an answer in a place (a code, the beginning of one, NOWHERE, or '' for all).

    Their order is fixed and says nothing about their score.
    """
    rest = f"jawaban IS NULL AND {_within(wilayah)} ORDER BY pasangan" + (f" LIMIT {limit}" if limit else "")
    return _read(con, rest)


def find(con: duckdb.DuckDBPyConnection, code: str) -> Pair | None:
    """The pair with this code, answered or not; None where there is none (any more)."""
    pairs = _read(con, f"pasangan = {literal(code)}")
    return pairs[0] if pairs else None


def all_pairs(con: duckdb.DuckDBPyConnection) -> dict[str, Pair]:
    """All pairs, answered or not, by their code."""
    return {pair.code: pair for pair in _read(con, "true")}


def last_by(con: duckdb.DuckDBPyConnection, who: str, since: datetime) -> Pair | None:
    """The pair that this person answered last, since `since` (UTC without zone)."""
    pairs = _read(con, f"oleh = {literal(who)} AND waktu >= '{since}' ORDER BY waktu DESC, pasangan LIMIT 1")
    return pairs[0] if pairs else None


def tally(con: duckdb.DuckDBPyConnection, wilayah: str = "") -> Tally:
    """How far a place is."""
    row = con.execute(f"SELECT count(*), count(jawaban) FROM daftar_kerja WHERE {_within(wilayah)}").fetchone()
    pairs, answered = row or (0, 0)
    return Tally(wilayah, pairs, answered)


def below(con: duckdb.DuckDBPyConnection, wilayah: str = "") -> list[Tally]:
    """How far each place is that lies directly in `wilayah`; '' lists kabupaten and kota, then what has no place."""
    length = next((n for n in _LENGTHS if n > max(len(wilayah), 2)), _LENGTHS[-1])
    rows = con.execute(
        f"""SELECT coalesce(left(kode_wilayah, {length}), '{NOWHERE}') AS kode, count(*), count(jawaban)
        FROM daftar_kerja WHERE {_within(wilayah)} GROUP BY kode ORDER BY kode = '{NOWHERE}', kode"""
    ).fetchall()
    return [Tally(*row) for row in rows]


def answer(home: Home, key: Key, answers: list[tuple[Pair, str, str | None]], who: str) -> None:
    """Note (pair, answer, reason) for good; see decisions.append."""
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        {
            "sumber_a": pair.a.sumber, "kunci_a": pair.a.kunci, "sumber_b": pair.b.sumber, "kunci_b": pair.b.kunci,
            "jawaban": said, "oleh": who, "waktu": now, "alasan": reason,
        }
        for pair, said, reason in answers
    ]  # fmt: skip
    decisions.append(home, key, "jawaban", rows)


def _within(wilayah: str) -> str:
    if not wilayah:
        return "true"
    if wilayah == NOWHERE:
        return "kode_wilayah IS NULL"
    return f"(kode_wilayah = {literal(wilayah)} OR starts_with(kode_wilayah, {literal(wilayah + '.')}))"


def _read(con: duckdb.DuckDBPyConnection, rest: str) -> list[Pair]:
    columns = ("pasangan", "kode_wilayah", "skor", "contoh", "jawaban", "oleh", *_SIDES)
    half = len(FIELDS) + 2
    pairs = []
    for row in con.execute(f"SELECT {', '.join(columns)} FROM daftar_kerja WHERE {rest}").fetchall():
        code, kode, score, sample, said, who, *sides = row
        a, b = (Side(s[0], s[1], dict(zip(FIELDS, s[2:], strict=True))) for s in (sides[:half], sides[half:]))
        pairs.append(Pair(code, kode, score, sample, said, who, a, b))
    return pairs
