"""Find the header of a table and say which contract column each of its cells feeds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipelines.contract.model import PSEUDO_COLUMNS, Contract
from pipelines.read.error import DETAIL_MAX, Reading

Row = tuple[int, list[str]]  # line number from 1; cells as text, "" where empty

SEARCH_ROWS = 20
STACKED_MAX = 4
BLANK = " \t\r\n\v\f"
_NUMBERED = re.compile(r"\(?(\d{1,4})\)?")
_TEXT = re.compile(r"[^\W\d_]")


@lru_cache(4096)  # the same few rows are tried as headers again and again
def normal(header: str) -> str:
    """A header as it is compared: white space collapsed, case folded."""
    return " ".join(header.replace("\ufeff", "").split()).casefold()


class Known:
    """Every header that a contract speaks of."""

    def __init__(self, contract: Contract) -> None:
        self.column = {
            normal(header): key
            for key, column in contract.kolom.items()
            for header in column.dari
            if header not in PSEUDO_COLUMNS
        }
        self.ignored = {normal(header) for header in contract.baca.abaikan}
        self._wide = re.compile(contract.baca.lebar.kolom) if contract.baca.lebar else None

    def wide(self, header: str) -> bool:
        """Whether a header becomes rows (`baca.lebar.kolom` is found in it, and no column claims it)."""
        text = " ".join(header.split())
        return bool(self._wide and text and normal(text) not in self.column and self._wide.search(text))

    def role(self, header: str) -> str | None:
        """What a header is matched with, so that the same role twice counts once; None if unknown."""
        key = normal(header)
        if key in self.column:
            return f"kolom {self.column[key]}"
        if self.wide(header) or (key and key in self.ignored):
            return f"tajuk {key}"
        return None


@dataclass(frozen=True)
class Header:
    """The header of a table: the text above each column, and how many rows of the preview it ends after."""

    names: list[str]
    end: int
    last_line: int | None  # None: the header is no line of the file
    score: int


def find_header(known: Known, preview: Sequence[Row], tajuk: str | int | list[int]) -> Header | None:
    """Return the declared header block, or the one near the top that matches most known headers.

    `preview` holds the first rows that are not blank, with merged cells filled. Of equal blocks the one with
    the fewest rows, then the first one, wins. None where nothing matches.
    """
    if tajuk == "auto":
        starts = range(min(len(preview), SEARCH_ROWS))
        blocks = [(i, i + h) for h in range(1, STACKED_MAX + 1) for i in starts if i + h <= len(preview)]
    else:
        rows = [tajuk] if isinstance(tajuk, int) else [int(row) for row in tajuk]
        inside = [i for i, (line, _) in enumerate(preview) if rows[0] <= line <= rows[-1]]
        blocks = [(inside[0], inside[-1] + 1)] if inside else []
    best: Header | None = None
    for start, end in blocks:
        block = preview[start:end]
        names = _names(known, [cells for _, cells in block])
        score = len({role for role in map(known.role, names) if role})
        if score > (best.score if best else 0):
            best = Header(names, end, block[-1][0], score)
    return best


def _names(known: Known, block: list[list[str]]) -> list[str]:
    """Join stacked cells with '_'; blanks in upper rows mean the cell to their left where that is known."""
    width = max(len(cells) for cells in block)
    rows = [cells + [""] * (width - len(cells)) for cells in block]
    filled = []
    for cells in rows[:-1]:
        filled.append(cells[:])
        for column in range(1, width):
            filled[-1][column] = cells[column] if cells[column].strip() else filled[-1][column - 1]
    filled.append(rows[-1])
    names = []
    for column in range(width):
        plain = _join([cells[column] for cells in rows])
        spread = _join([cells[column] for cells in filled])
        use_spread = rows[-1][column].strip() and not known.role(plain) and known.role(spread)
        names.append(spread if use_spread else plain)
    while names and not names[-1].strip():
        names.pop()
    return names


def _join(parts: list[str]) -> str:
    parts = [part for part in parts if part.strip()]
    kept = parts[:1] + [after for before, after in pairwise(parts) if normal(before) != normal(after)]
    return kept[0] if len(kept) == 1 else "_".join(part.strip() for part in kept)


def is_number_row(cells: Sequence[str], below: Sequence[str] | None, width: int) -> bool:
    """Whether a row right under the header only counts the columns: 1 2 3 ...

    A record may look like that too. So the row below must have words where this one has a number.
    """
    texts = [cell.strip() for cell in cells[:width]]
    numbers = [found and int(found[1]) for found in map(_NUMBERED.fullmatch, texts)]
    if width < 2 or numbers != list(range(1, width + 1)):
        return False
    return below is not None and any(_TEXT.search(cell) for cell in below[:width])


def report_unknown(reading: Reading, known: Known, header: Header) -> None:
    """Note every header that the contract does not speak of."""
    unknown = dict.fromkeys(
        " ".join(name.split()) for name in header.names if name.strip() and known.role(name) is None
    )
    for name in list(unknown)[:DETAIL_MAX]:
        reading.note(
            f"Tajuk '{name}' tidak dikenal; isi kolom itu tidak dimuat.",
            "Minta walidata menambahkannya ke kontrak (`dari`), atau ke `abaikan` bila tidak diperlukan.",
            baris=header.last_line,
            kolom=name,
        )
    if len(unknown) > DETAIL_MAX:
        reading.note(
            f"Masih ada {len(unknown) - DETAIL_MAX} tajuk lain yang tidak dikenal.",
            "Periksa apakah berkas ini memang untuk kumpulan data ini.",
            baris=header.last_line,
        )
