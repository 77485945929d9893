"""Codes of either system, as SQL over the worktable of `resolve`: membership, never arithmetic."""

from __future__ import annotations

import duckdb

from pipelines.contract.model import Tingkat
from pipelines.referensi.codes import LEVELS, Sistem, cleaned, dotted
from pipelines.referensi.keys import filled
from pipelines.sql import ident, literal

_ENDLESS = "DATE '9999-12-31'"


def valid_at(code: str, day: str, alias: str) -> str:
    """SQL: LEFT JOIN of `kode_pada` as `alias`, which then says what `code` was called on `day` (a DATE, not NULL).

    `alias`.kode is that code and `alias`.metode how it was found (kode | penerus | pendahulu); a NULL kode has
    the reason as its metode, and a code of no edition meets nothing. Never more than one row for each code and day.
    """
    # Only comparisons: with OR in the condition DuckDB compares every row with every row.
    spans = f"SELECT kode_asal, mulai, coalesce(sampai, {_ENDLESS}) AS sampai, kode, metode FROM kode_pada"
    return (
        f"LEFT JOIN ({spans}) {alias} ON {alias}.kode_asal = {code} "
        f"AND {day} >= {alias}.mulai AND {day} < {alias}.sampai"
    )


def create_periods(con: duckdb.DuckDBPyConnection) -> str:
    """Create the macro masa_wilayah(day): the first day of the stretch of time in which no code changes its meaning.

    Rows of a few stretches are far fewer than rows of every day. NULL is the latest stretch, which is
    returned as SQL.
    """
    found = con.execute("SELECT DISTINCT mulai FROM kode_pada ORDER BY mulai DESC").fetchall()
    days = [f"DATE '{day}'" for (day,) in found]
    whens = " ".join(f"WHEN hari >= {day} THEN {day}" for day in days[:-1])
    con.execute(
        "CREATE OR REPLACE MACRO masa_wilayah(hari) AS "
        f"CASE WHEN hari IS NULL THEN {days[0]} {whens} ELSE {days[-1]} END"
    )
    return days[0]


def label(kode: str) -> str:
    """SQL: a place as a reader knows it, 'Kecamatan Gebog (33.19.08)'."""
    word = """CASE l.jenis WHEN 'provinsi' THEN 'Provinsi ' WHEN 'kecamatan' THEN 'Kecamatan '
        WHEN 'desa' THEN 'Desa ' WHEN 'kelurahan' THEN 'Kelurahan ' ELSE '' END"""
    known = f"SELECT any_value({word} || l.nama || ' (' || l.kode || ')') FROM wilayah l WHERE l.kode = {kode}"
    return f"coalesce(({known}), {kode})"


def find_codes(worktable: str, column: str, level: Tingkat, system: Sistem | None, latest: str) -> str:
    """SQL of (_id, kode, kini, metode, masalah, calon), one row for each filled cell of `column` in `worktable`.

    `kode` is valid on the row's `_masa` and `kini` on `latest`. `masalah` is `tidak_ditemukan` for a code
    of another level than `level` or of no edition, `pecah` where several places followed (`calon`) and
    none is chosen. Without `system` a code is Kemendagri's and must carry its dots: bare, a desa
    has ten digits in both systems.
    """
    cell = ident(column)
    cells = f"SELECT _id, _masa, {cleaned(cell)} AS x FROM {worktable} WHERE {filled(cell)}"
    if system == "bps":
        return _bps(cells, level, latest)
    code = dotted("x") if system == "kemendagri" else "x"
    # A code may have become several, one of which became another code later.
    heirs = (
        "SELECT lama, list_sort(list(DISTINCT baru)) AS calon FROM wilayah_perubahan WHERE lama <> baru GROUP BY lama"
    )
    return f"""
    SELECT s._id, k.kode, coalesce(n.kode, k.kode) AS kini, k.metode, p.calon, CASE
        WHEN k.kode IS NOT NULL THEN NULL WHEN k.metode = 'pecah' THEN 'pecah' ELSE 'tidak_ditemukan' END AS masalah
    FROM (SELECT _id, _masa, {code} AS kode FROM ({cells}) WHERE length({code}) = {LEVELS[level]}
        UNION ALL SELECT _id, _masa, NULL FROM ({cells}) WHERE length({code}) <> {LEVELS[level]}) s
    {valid_at("s.kode", "s._masa", "k")}
    {valid_at("s.kode", latest, "n")}
    LEFT JOIN ({heirs}) p ON p.lama = s.kode AND k.metode = 'pecah'
    """


def _bps(cells: str, level: Tingkat, latest: str) -> str:
    """Through the bridge. Where the bridge has nothing of that level in that province, a code can
    be neither confirmed nor denied: no code, and no fault of the produsen's either.
    """
    bridge = f"""SELECT kode_bps, any_value(kode) AS kode, list_sort(list(DISTINCT kode)) AS calon
        FROM jembatan_bps WHERE tingkat = '{level}' GROUP BY kode_bps"""
    return f"""
    SELECT s._id, CASE WHEN len(j.calon) = 1 THEN coalesce(k.kode, j.kode) END AS kode,
        CASE WHEN len(j.calon) = 1 THEN j.kode END AS kini, coalesce(k.metode, 'kode') AS metode, j.calon, CASE
        WHEN len(j.calon) = 1 THEN NULL
        WHEN j.kode IS NOT NULL THEN 'pecah'
        WHEN s.x[1:2] IN (SELECT kode_bps FROM jembatan_bps WHERE tingkat = 'provinsi')
            AND s.x[1:2] NOT IN (SELECT kode_bps[1:2] FROM jembatan_bps WHERE tingkat = '{level}') THEN NULL
        ELSE 'tidak_ditemukan' END AS masalah
    FROM ({cells}) s LEFT JOIN ({bridge}) j ON j.kode_bps = s.x
    {valid_at("j.kode", "s._masa", "k")}
    """


def members(texts: str, level: Tingkat) -> str:
    """SQL of (_berkas, x, kemendagri, bps): of the distinct `texts` (SQL of _berkas, x), which system has the code.

    A desa code of BPS counts as known where the bridge has no desa of its kecamatan but the kecamatan; `bps` is NULL
    where the bridge has nothing of that level in that province.
    """
    length = LEVELS[level]
    codes = f"SELECT DISTINCT kode_asal FROM kode_pada WHERE length(kode_asal) = {length}"
    bridge = f"SELECT DISTINCT kode_bps FROM jembatan_bps WHERE tingkat = {literal(level)}"
    if level == "desa_kelurahan":
        around = "SELECT kode_bps FROM jembatan_bps WHERE tingkat = 'kecamatan'"
        bridge += f""" UNION SELECT x FROM bersih WHERE regexp_full_match(x, '[0-9]{{10}}') AND x[1:7] IN ({around})
            AND x[1:7] NOT IN (SELECT kode_bps[1:7] FROM jembatan_bps WHERE tingkat = {literal(level)})"""
    finest = "'kecamatan', 'desa_kelurahan'" if level == "desa_kelurahan" else literal(level)
    return f"""
    WITH bersih AS (SELECT DISTINCT _berkas, {cleaned("x")} AS x FROM ({texts}) WHERE {filled("x")})
    SELECT _berkas, x, k.kode_asal IS NOT NULL AS kemendagri, CASE WHEN b.kode_bps IS NOT NULL THEN true
        WHEN regexp_full_match(x, '[0-9]+')
            AND x[1:2] NOT IN (SELECT kode_bps[1:2] FROM jembatan_bps WHERE tingkat IN ({finest})) THEN NULL
        ELSE false END AS bps
    FROM bersih LEFT JOIN ({codes}) k ON k.kode_asal = {dotted("x")} LEFT JOIN ({bridge}) b ON b.kode_bps = x
    """
