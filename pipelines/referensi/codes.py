"""What the code of a place looks like in either system, as SQL. Which place it means, tables say, never its digits."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pipelines.contract.model import WILAYAH_CODE, Tingkat
from pipelines.contract.place import CODE_LENGTHS

Sistem = Literal["kemendagri", "bps"]

# Coarse to fine, with the length of a code of that level.
LENGTHS: dict[Sistem, dict[Tingkat, int]] = {
    "kemendagri": CODE_LENGTHS,
    "bps": {"provinsi": 2, "kabupaten_kota": 4, "kecamatan": 7, "desa_kelurahan": 10},
}
LEVELS = LENGTHS["kemendagri"]
_SHAPES: dict[Sistem, str] = {"kemendagri": WILAYAH_CODE.pattern, "bps": r"\d+"}
_UNDOTTED = r"(\d\d)(?:(\d\d)(?:(\d\d)(\d{4})?)?)?"


def cleaned(text: str) -> str:
    """SQL: a code without what spreadsheets put around it: apostrophes, spaces, a float's '.0'."""
    bare = rf"""regexp_replace({text}, '[\s\pZ\p{{Cf}}''`´‘’]', '', 'g')"""
    return rf"regexp_replace({bare}, '^(\d+)\.0$', '\1')"


def dotted(text: str) -> str:
    """SQL: a Kemendagri code of digits alone with its dots back, '3302012001'; other texts unchanged."""
    dots = rf"rtrim(regexp_replace({text}, '^{_UNDOTTED}$', '\1.\2.\3.\4'), '.')"
    return f"CASE WHEN regexp_full_match({text}, '{_UNDOTTED}') THEN {dots} ELSE {text} END"


def code_in(text: str, system: Sistem) -> str:
    """SQL: the code that a cell holds, as its system writes it; a text that holds none comes out cleaned."""
    bare = cleaned(text)
    mended = dotted(bare) if system == "kemendagri" else bare
    # Most codes are fine as they are: that is asked first, because cleaning takes longer.
    return f"CASE WHEN {level_of(text, system)} IS NOT NULL THEN {text} ELSE {mended} END"


def level_of(code: str, system: Sistem) -> str:
    """SQL: tingkat of a well-formed code; NULL for one that is not of this system."""
    cases = " ".join(f"WHEN {length} THEN '{level}'" for level, length in LENGTHS[system].items())
    return f"CASE WHEN regexp_full_match({code}, '{_SHAPES[system]}') THEN CASE length({code}) {cases} END END"


def parent_of(code: str, system: Sistem) -> str:
    """SQL: the code of the place around; NULL for a province. A part of the code in both systems."""
    cases = " ".join(f"WHEN {own} THEN {code}[1:{above}]" for above, own in pairwise(LENGTHS[system].values()))
    return f"CASE length({code}) {cases} END"
