"""Codes of either system, as SQL over the worktable of `resolve`: membership, never arithmetic."""

from __future__ import annotations

from typing import Literal

from pipelines.contract.model import Tingkat
from pipelines.referensi.keys import LEVELS, filled


def cleaned(text: str) -> str:
    """SQL: a code without what spreadsheets put around it: apostrophes, spaces, a float's '.0'."""
    bare = rf"""regexp_replace({text}, '[\s\pZ\p{{Cf}}''`´‘’]', '', 'g')"""
    return rf"regexp_replace({bare}, '^(\d+)\.0$', '\1')"


def find_codes(worktable: str, column: str, level: Tingkat, system: Literal["kemendagri", "bps"] | None) -> str:
    """SQL of (_id, kode, masalah), one row for each filled cell of `column` in `worktable`.

    Without `system` a code is Kemendagri's and must carry its dots: bare, a desa has ten digits in
    both systems. A code of another level than `level` is `tidak_ditemukan`.
    """
    cells = f"""
        SELECT _id, {cleaned(f'"{column}"')} AS x FROM {worktable} WHERE {filled(f'"{column}"')}
    """
    if system == "bps":
        return _bps(cells, level)
    code = _dotted("x") if system == "kemendagri" else "x"
    return f"""
    SELECT s._id, w.kode, CASE WHEN w.kode IS NULL THEN 'tidak_ditemukan' END AS masalah
    FROM (SELECT _id, {code} AS kode FROM ({cells})) s
    LEFT JOIN wilayah w ON w.kode = s.kode AND w.tingkat = '{level}'
    """


def _bps(cells: str, level: Tingkat) -> str:
    """Through the bridge. Where the bridge has nothing of that level in that province, a code can
    be neither confirmed nor denied: no code, and no fault of the produsen's either.
    """
    return f"""
    SELECT s._id, j.kode, CASE
        WHEN j.kode IS NOT NULL THEN NULL
        WHEN s.x[1:2] IN (SELECT kode_bps FROM jembatan_bps WHERE tingkat = 'provinsi')
            AND s.x[1:2] NOT IN (SELECT kode_bps[1:2] FROM jembatan_bps WHERE tingkat = '{level}') THEN NULL
        ELSE 'tidak_ditemukan' END AS masalah
    FROM ({cells}) s LEFT JOIN jembatan_bps j ON j.kode_bps = s.x AND j.tingkat = '{level}'
    """


def _dotted(text: str) -> str:
    """SQL: '3302012001' with its dots back; other texts unchanged."""
    dotted = rf"regexp_replace({text}, '^(\d\d)(\d\d)?(\d\d)?(\d{{4}})?$', '\1.\2.\3.\4')"
    bare = ", ".join(str(length) for _, length in LEVELS.values())
    return rf"""CASE WHEN regexp_full_match({text}, '\d+') AND length({text}) IN ({bare})
        THEN rtrim({dotted}, '.') ELSE {text} END"""
