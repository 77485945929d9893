"""Two values of one thing side by side: whether they differ, in words, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from pipelines.identity.review.worklist import Pair

LABELS = {
    "nama": "Nama",
    "nik": "NIK",
    "no_kk": "Nomor KK",
    "tanggal_lahir": "Tanggal lahir",
    "jenis_kelamin": "Jenis kelamin",
    "nama_ibu": "Nama ibu",
    "alamat": "Alamat",
    "wilayah": "Wilayah",
}
SAME, OTHER, UNKNOWN = "sama", "beda", "kosong"
Piece = tuple[str, bool]  # text, and whether it is only here
_LIKELY = (
    (0.9, "Hampir pasti orang yang sama"),
    (0.7, "Kemungkinan besar orang yang sama"),
    (0.5, "Mungkin orang yang sama"),
    (0.3, "Mungkin orang lain"),
    (0.0, "Kemungkinan besar orang lain"),
)


@dataclass(frozen=True)
class Row:
    """One line of the comparison: its two values in pieces, its state (SAME, OTHER, UNKNOWN) and the same in words."""

    label: str
    a: list[Piece]
    b: list[Piece]
    state: str
    words: str


def rows(pair: Pair, places: dict[str, str]) -> list[Row]:
    """The lines of a pair; `places` are names by code."""
    found = []
    for field, label in LABELS.items():
        a, b = (" ".join((side.values[field] or "").split()) for side in (pair.a, pair.b))
        state, words = _judge(field, a, b)
        if field == "wilayah":
            a, b = (f"{text} {places.get(text, '')}".strip() for text in (a, b))
        pieces = _pieces(a, b) if state == OTHER else ([(a, False)], [(b, False)])
        found.append(Row(label, *pieces, state, words))
    return found


def likely(score: float) -> str:
    """A score in words."""
    words = next(words for least, words in _LIKELY if score >= least)
    return f"{words} (nilai mesin {score:.2f} dari 1)".replace(".", ",")


def _judge(field: str, a: str, b: str) -> tuple[str, str]:
    if not a and not b:
        return UNKNOWN, "tidak ada"
    if not a or not b:
        return UNKNOWN, "hanya satu sisi"
    if field in ("nik", "no_kk"):
        return _digits(re.sub(r"\D", "", a), re.sub(r"\D", "", b))
    if field == "tanggal_lahir":
        return _dates(_date(a), _date(b), a == b)
    if field == "jenis_kelamin":
        a, b = a[:1], b[:1]
    return (SAME, "sama") if a.casefold() == b.casefold() else (OTHER, "berbeda")


def _digits(a: str, b: str) -> tuple[str, str]:
    if a == b:
        return SAME, "sama"
    if len(a) == len(b):
        places = [n for n in range(len(a)) if a[n] != b[n]]
        if (
            len(places) == 2
            and places[1] == places[0] + 1
            and a[places[0]] == b[places[1]]
            and a[places[1]] == b[places[0]]
        ):
            return OTHER, "dua angka tertukar"
        if len(places) <= 3:
            return OTHER, f"{len(places)} angka berbeda"
    return OTHER, "berbeda"


def _dates(a: date | None, b: date | None, equal: bool) -> tuple[str, str]:
    if equal or (a is not None and a == b):
        return SAME, "sama"
    if a is None or b is None:
        return OTHER, "berbeda"
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return OTHER, "hari dan bulan tertukar"
    parts = [
        w for w, x, y in (("hari", a.day, b.day), ("bulan", a.month, b.month), ("tahun", a.year, b.year)) if x != y
    ]
    return OTHER, f"{parts[0]} berbeda" if len(parts) == 1 else "berbeda"


def _date(text: str) -> date | None:
    parts = [int(part) for part in re.findall(r"\d+", text[:10])]
    if len(parts) != 3:
        return None
    year, month, day = parts if parts[0] > 31 else reversed(parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _pieces(a: str, b: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts, cut where they differ; capitals count as their small letters."""
    matcher = SequenceMatcher(None, a.casefold(), b.casefold(), autojunk=False)
    if len(a.casefold()) != len(a) or len(b.casefold()) != len(b) or matcher.ratio() < 0.5:
        return [(a, True)], [(b, True)]  # nothing to see in single letters
    ops = matcher.get_opcodes()
    left = [(a[i:j], kind != "equal") for kind, i, j, _, _ in ops if i < j]
    return left, [(b[i:j], kind != "equal") for kind, _, _, i, j in ops if i < j]
