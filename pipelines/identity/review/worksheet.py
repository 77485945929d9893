"""The worklist as a sheet: CSV for a spreadsheet out, and back in with the answers filled in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.home import Home, Key, aside
from pipelines.identity.decisions import DIFFERENT, SAME, UNSURE
from pipelines.identity.review import worklist
from pipelines.identity.review.worklist import FIELDS, Pair
from pipelines.spreadsheet import escaped

WORDS = {"sama": SAME, "s": SAME, "beda": DIFFERENT, "b": DIFFERENT, "ragu": UNSURE, "tidak tahu": UNSURE, "t": UNSURE}
_HEADER = ("pasangan", "jawaban", "catatan", *(f"{f}_{n}" for f in FIELDS for n in (1, 2)), "sumber_1", "sumber_2")
_LONGEST_NOTE = 500


@dataclass(frozen=True)
class Returned:
    """What a returned sheet brought: answers taken, answers known before, and what is wrong with it, line by line."""

    taken: int
    known: int
    problems: list[str]


def write(con: duckdb.DuckDBPyConnection, wilayah: str, out: Path, names: Mapping[str, str]) -> int:
    """Write the open pairs of a place (see worklist.open_pairs), mode 0600; returns how many.

    `names` are those of places by code. The columns jawaban and catatan are for the person who answers.
    """
    pairs = worklist.open_pairs(con, wilayah)
    with aside(out) as unfinished:
        unfinished.touch(mode=0o600)
        # With a mark at the beginning, or spreadsheets take UTF-8 for something else.
        with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADER)
            for pair in pairs:
                cells = [_cell(f, side.values[f], names) for f in FIELDS for side in (pair.a, pair.b)]
                writer.writerow([pair.code, "", "", *cells, pair.a.sumber, pair.b.sumber])
    return len(pairs)


def read(home: Home, key: Key, path: Path, who: str, replace: bool = False) -> Returned:
    """Take the answers of a returned sheet; only the columns pasangan, jawaban and catatan are looked at.

    What cannot be taken is told, in Bahasa and without personal data, and the rest is taken. An answer that differs
    from one given before is taken with `replace` only. Reading a sheet again changes nothing. Raises ValueError
    for a file that is no such sheet, and what worklist.opened raises.
    """
    rows = _rows(path)
    problems: list[tuple[int, str]] = []
    given: dict[str, list[tuple[int, str, str | None]]] = {}
    for line, code, word, reason in rows:
        if not word:
            continue
        if word.casefold() not in WORDS:
            problems.append((line, f"jawaban untuk {code} bukan sama, beda atau ragu"))
        else:
            given.setdefault(code, []).append((line, WORDS[word.casefold()], reason or None))
    with worklist.opened(home, key) as con:
        pairs = worklist.all_pairs(con)
    taken: list[tuple[Pair, str, str | None]] = []
    known = 0
    for code, answers in given.items():
        line, said, note = answers[0]
        pair = pairs.get(code)
        if pair is None:
            problems.append((line, f"pasangan {code} tidak ada dalam daftar kerja; mungkin datanya sudah berubah"))
        elif len({said for _, said, _ in answers}) > 1:
            lines = ", ".join(str(line) for line, _, _ in answers)
            problems.append((line, f"pasangan {code} dijawab berbeda-beda pada baris {lines}; tidak satu pun diambil"))
        elif pair.answer == said:
            known += 1
        elif pair.answer and not replace:
            problems.append((line, f"pasangan {code} sudah dijawab {pair.answer} oleh {pair.by}; --ganti menggantinya"))
        else:
            taken.append((pair, said, note))
    worklist.answer(home, key, taken, who)
    return Returned(len(taken), known, [f"baris {line}: {what}" for line, what in sorted(problems)])


def _cell(field: str, value: str | None, names: Mapping[str, str]) -> str:
    """A value that a spreadsheet leaves as it is: no number of 16 digits, no formula."""
    text = value or ""
    if field == "wilayah":
        return f"{text} {names.get(text, '')}".strip()
    if len(text) == 16 and text.isdigit():
        return f"{text[:6]} {text[6:12]} {text[12:]}"
    return f"'{text}" if text.isdigit() and len(text) > 11 else escaped(text)


def _rows(path: Path) -> list[tuple[int, str, str, str]]:
    """(line, pair, answer, note) of each row; whatever separates the columns and however the text is encoded."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        places = [header.index(name) for name in ("pasangan", "jawaban")]
        note = header.index("catatan") if "catatan" in header else None
        rows = []
        for row in reader:
            if len(row) > max(places):
                code, word = (" ".join(row[place].split()) for place in places)
                said = " ".join(row[note].split())[:_LONGEST_NOTE] if note is not None and len(row) > note else ""
                rows.append((reader.line_num, code, word, said))
    except (ValueError, csv.Error):
        raise ValueError(
            f"{path} is no worklist: it needs the columns pasangan and jawaban in its first line"
        ) from None
    return rows
