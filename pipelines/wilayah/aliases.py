"""Other names of places, learnt through review: proposals, and what a person decided about them.

The check proposes a place for a spelling that it does not know (usulan_alias.csv). A person accepts,
and the spelling becomes a line of alias_wilayah.csv in the installation's own reference folder, which the next
night reads; or refuses, and alias_ditolak.csv keeps it from being proposed again. Both files only grow.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from pydantic import TypeAdapter, ValidationError

from pipelines.contract.model import WILAYAH_CODE, Tingkat
from pipelines.home import write_bytes
from pipelines.referensi.keys import key, lowered, short_key
from pipelines.sql import literal

ACCEPTED, REFUSED, PROPOSALS = "alias_wilayah.csv", "alias_ditolak.csv", "usulan_alias.csv"
COLUMNS = ("kode", "nama_lain", "sumber")
_LONGEST = 100


class AliasError(Exception):
    """A decision that cannot be recorded. The message says why and what to do."""


@dataclass(frozen=True)
class Proposal:
    """A spelling that some rows have, and the place that it may mean; `skor` is from 0 to 1."""

    kode_induk: str
    nama_induk: str
    teks: str
    kode_calon: str
    nama_calon: str
    skor: float
    baris: int
    dataset: str


_PROPOSAL = TypeAdapter(Proposal)


def open_proposals(path: Path, folder: Path) -> list[Proposal]:
    """Proposals of `path` that nobody has answered in `folder`, those of most rows first.

    None when the night has not written any. Raises AliasError for a file that is not what the night writes.
    """
    if not path.is_file():
        return []
    answered = {(kode, folded(text)) for name in (ACCEPTED, REFUSED) for kode, text, _ in _lines(folder / name)}
    found = []
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            try:
                one = _PROPOSAL.validate_python(row)
            except ValidationError:
                raise AliasError(f"{path} is not a list of proposals; delete it, the next night writes it") from None
            if (one.kode_calon, folded(one.teks)) not in answered:
                found.append(one)
    return sorted(found, key=lambda p: (-p.baris, p.kode_calon, p.teks, p.dataset))


def accept(con: duckdb.DuckDBPyConnection, folder: Path, kode: str, text: str, by: str, day: date) -> bool:
    """Record that `text` is another name of the place `kode`; False when it is one already.

    `con` has the tables of `install`. Raises AliasError for a code that the current edition lacks, and
    for a text that means, or would mean, another place of the same parent as well.
    """
    text, by = _tidy(text), _reviewer(by)
    place = _place(con, kode)
    keys = _keys(con, place.tingkat, text)
    if not keys:
        raise AliasError(f"'{text}' has no Latin letter or digit to match with; write it as the produsen's file does")
    same = _same_name(con, place, keys)
    for other, name, source in same:
        if other == kode and source == "nama":
            raise AliasError(f"'{text}' is how {kode} {place.nama} is read already; no alias is needed")
        if other != kode:
            kind = "the name" if source == "nama" else "another name"
            raise AliasError(
                f"'{text}' is {kind} of {other} {name}, which lies in the same place as {kode} {place.nama}: "
                "it would become ambiguous; check the code"
            )
    if any(other == kode for other, _, _ in same):
        return False
    return _append(folder / ACCEPTED, kode, text, f"ditinjau {by} {day.isoformat()}")


def refuse(con: duckdb.DuckDBPyConnection, folder: Path, kode: str, text: str, by: str, day: date) -> bool:
    """Record that `text` does not mean the place `kode`; False when that is recorded already.

    Raises AliasError for an unknown code, and for an alias that was accepted before.
    """
    text, by = _tidy(text), _reviewer(by)
    _place(con, kode)
    path = folder / ACCEPTED
    if any((kode, folded(text)) == (known, folded(name)) for known, name, _ in _lines(path)):
        raise AliasError(f"'{text}' was accepted for {kode}; to take that back, remove its line from {path}")
    return _append(folder / REFUSED, kode, text, f"ditolak {by} {day.isoformat()}")


def folded(text: str) -> str:
    """What two writings of one spelling share: letters and digits, whatever the case."""
    return re.sub(r"[\W_]+", "", text.casefold())


@dataclass(frozen=True)
class _Place:
    kode: str
    nama: str
    tingkat: Tingkat
    induk: str | None


def _place(con: duckdb.DuckDBPyConnection, kode: str) -> _Place:
    # Of another shape it is in no edition; and DuckDB cannot quote every text.
    code = kode if WILAYAH_CODE.fullmatch(kode) else ""
    row = con.execute(f"SELECT kode, nama, tingkat, kode_induk FROM wilayah WHERE kode = {literal(code)}").fetchone()
    if row is None:
        raise AliasError(f"'{kode}' is not a Kemendagri code of the current edition; write it with dots: 33.02.22.2001")
    return _Place(*row)


def _keys(con: duckdb.DuckDBPyConnection, level: Tingkat, text: str) -> list[str]:
    """Match keys of a text: whole, and without the word for its kind."""
    row = con.execute(
        f"SELECT {key('x')}, {short_key(level, 'x')} FROM (SELECT {lowered(literal(text))} AS x)"
    ).fetchone()
    return [k for k in row or () if k]


def _same_name(con: duckdb.DuckDBPyConnection, place: _Place, keys: list[str]) -> list[tuple[str, str, str]]:
    """(kode, nama, sumber) of places beside `place`, or itself, that one of the keys means now."""
    listed = ", ".join(map(literal, keys))
    same: list[tuple[str, str, str]] = con.execute(
        "SELECT DISTINCT n.kode, w.nama, n.sumber FROM wilayah_nama n JOIN wilayah w USING (kode) "
        f"WHERE n.tingkat = {literal(place.tingkat)} AND n.kode_induk IS NOT DISTINCT FROM {literal(place.induk)} "
        f"AND n.sumber IN ('nama', 'alias') AND n.kunci IN ({listed}) ORDER BY n.sumber DESC, n.kode"
    ).fetchall()
    return same


def _tidy(text: str) -> str:
    tidied = " ".join(text.split())
    # A text that starts with a sign would be run as a formula when the list is opened in a spreadsheet.
    if not folded(tidied) or not tidied[0].isalnum() or not tidied.isprintable() or len(tidied) > _LONGEST:
        raise AliasError(f"'{tidied[:_LONGEST]}' is no name: it starts with a letter and has at most {_LONGEST}")
    return tidied


def _reviewer(name: str) -> str:
    tidied = " ".join(name.split())
    if not folded(tidied) or not tidied.isprintable():
        raise AliasError("say who decided: --oleh NAMA")
    return tidied


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    """(kode, nama_lain, sumber) of a decision file; none when it is not there."""
    if not path.is_file():
        return
    rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig", errors="replace"), newline=""))
    if tuple(next(rows, ())) != COLUMNS:
        raise AliasError(f"{path}, line 1: must be {','.join(COLUMNS)}; mend it and try again")
    for row in rows:
        if row and len(row) != len(COLUMNS):
            raise AliasError(f"{path}, line {rows.line_num}: needs {len(COLUMNS)} cells; mend it and try again")
        if row:
            yield row[0], row[1], row[2]


def _append(path: Path, kode: str, text: str, source: str) -> bool:
    """Add a line, unless the same spelling of the same place stands there."""
    if any((kode, folded(text)) == (known, folded(name)) for known, name, _ in _lines(path)):
        return False
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow((kode, text, source))
    old = path.read_bytes() if path.exists() else (",".join(COLUMNS) + "\n").encode()
    write_bytes(path, old + b"\n" * (not old.endswith(b"\n")) + line.getvalue().encode())
    return True
