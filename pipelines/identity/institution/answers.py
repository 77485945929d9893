"""What people have answered about pairs of institutions: register/institusi_jawaban.csv of the home.

A person answers by the number of a pair (see pairs.py). Each answer is a line that is only ever added;
the last line about a pair counts, and the next night reads it. Nothing here is personal and nothing needs the key.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.home import Home, HomeError, sha256_file, write_bytes
from pipelines.identity.institution.pairs import Pair, pairs
from pipelines.identity.linkage.answers import DIFFERENT, SAME
from pipelines.spreadsheet import escaped
from pipelines.sql import literal


class AnswerError(HomeError):
    """An answer that cannot be taken, or a list of answers that cannot be read: why, and what to do."""


@dataclass(frozen=True)
class Answer:
    """One line. The names are for people who read the list."""

    nomor: str
    jawaban: str
    oleh: str
    waktu: str
    sumber_a: str
    kunci_a: str
    nama_a: str
    sumber_b: str
    kunci_b: str
    nama_b: str

    @property
    def pair(self) -> frozenset[tuple[str, str]]:
        """The two records, whichever stands first."""
        return frozenset({(self.sumber_a, self.kunci_a), (self.sumber_b, self.kunci_b)})


COLUMNS = [field.name for field in fields(Answer)]


def open_pairs(home: Home) -> list[Pair]:
    """The pairs of the last night that nobody has answered yet, the likeliest first. Raises AnswerError."""
    answered = {line.pair for line in _lines(home)}
    return [pair for pair in pairs(home) if _unsaid(pair).pair not in answered]


def answer(home: Home, said: Mapping[str, str], by: str, now: datetime) -> list[str]:
    """Record `said` (nomor -> SAME or DIFFERENT), all or nothing; returns the numbers for which that is new.

    A pair may be answered anew, also one that waits no more. The caller holds the home. Raises AnswerError.
    """
    by = " ".join(by.split())
    if not by[:1].isalnum() or not by.isprintable():
        raise AnswerError("say who decided, with a name that starts with a letter: --oleh NAMA")
    lines = list(_lines(home))
    last = {line.pair: line.jawaban for line in lines}
    known = {line.nomor: line for line in lines} | {pair.nomor: _unsaid(pair) for pair in pairs(home)}
    if unknown := [number for number in said if number not in known]:
        raise AnswerError(f"no pair has the number {unknown[0]}; list those that wait: satudata identity institusi")
    new = [
        replace(known[number], jawaban=word, oleh=by, waktu=now.isoformat(timespec="seconds"))
        for number, word in said.items()
        if last.get(known[number].pair) != word
    ]
    if new:
        try:
            _append(answers_file(home), new)
        except OSError as error:
            raise HomeError.of(error, answers_file(home)) from error
    return [line.nomor for line in new]


def load(con: duckdb.DuckDBPyConnection, home: Home, table: str) -> None:
    """Create the temporary `table` of all answers as link_institutions() reads them, later lines with a later time.

    Raises AnswerError.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {table} (sumber_a VARCHAR, kunci_a VARCHAR, sumber_b VARCHAR,
        kunci_b VARCHAR, jawaban VARCHAR, waktu TIMESTAMP)"""
    )
    rows = []
    for number, line in enumerate(_lines(home)):
        texts = (line.sumber_a, line.kunci_a, line.sumber_b, line.kunci_b, line.jawaban)
        rows.append(f"({', '.join(map(literal, texts))}, make_timestamp({number}))")
    if rows:
        con.execute(f"INSERT INTO {table} VALUES {', '.join(rows)}")


def mark(home: Home) -> str:
    """Changes with every answer; empty when there was none."""
    path = answers_file(home)
    return sha256_file(path) if path.is_file() else ""


def answers_file(home: Home) -> Path:
    """Where the answers stand."""
    return home.register / "institusi_jawaban.csv"


def _unsaid(pair: Pair) -> Answer:
    """A line about a pair, before anybody has said anything."""
    # A name may not run as a formula when the list is opened in a spreadsheet.
    names = [escaped(side.nama or "") for side in (pair.a, pair.b)]
    a, b = pair.a, pair.b
    return Answer(pair.nomor, "", "", "", a.sumber, a.kunci, names[0], b.sumber, b.kunci, names[1])


def _lines(home: Home) -> Iterator[Answer]:
    path = answers_file(home)
    if not path.is_file():
        return
    rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig", errors="replace"), newline=""))
    if next(rows, None) != COLUMNS:
        raise AnswerError(f"{path}, line 1: must be {','.join(COLUMNS)}; mend it and try again")
    for row in rows:
        if not row:
            continue
        line = Answer(*row) if len(row) == len(COLUMNS) else None
        if line is None or line.jawaban not in (SAME, DIFFERENT) or "\0" in "".join(row):
            raise AnswerError(
                f"{path}, line {rows.line_num}: needs {len(COLUMNS)} cells, of which jawaban is {SAME} or {DIFFERENT}; "
                "mend it and try again"
            )
        yield line


def _append(path: Path, new: list[Answer]) -> None:
    text = io.StringIO(newline="")
    # The writer does not put a lone carriage return in quotes, and it would end the line for who reads it.
    odd = any("\r" in cell for line in new for cell in astuple(line))
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if odd else csv.QUOTE_MINIMAL)
    if not path.exists():
        writer.writerow(COLUMNS)
    writer.writerows(map(astuple, new))
    old = path.read_bytes() if path.exists() else b""
    write_bytes(path, old + b"\n" * (bool(old) and not old.endswith(b"\n")) + text.getvalue().encode())
