"""BPS codes to Kemendagri codes: `jembatan_bps`. Membership in a table, never arithmetic.

The two systems look alike and mean different places, so that a pair holds only because a file, or
rows of a dataset that carry both codes, say so.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.referensi.codes import code_in, level_of, parent_of
from pipelines.referensi.declare import Declared, Jembatan, ReferenceDataError
from pipelines.referensi.edition_files import columns_named, read_cells
from pipelines.referensi.problems import note
from pipelines.sql import literal

_TODAY = "(SELECT kode_asal, kode FROM kode_pada WHERE sampai IS NULL)"
_SHOWN = "SELECT format('{} - {}', kode_bps, kode) AS contoh"


def build_bridge(con: duckdb.DuckDBPyConnection, declared: Declared) -> None:
    """Create `jembatan_bps`(kode_bps, kode, tingkat, asal); of several files that name a BPS code the first wins.

    A code of an earlier edition becomes today's. Pairs that cannot hold are lines of `referensi_masalah`.
    The temporary table `_jembatan_mentah`(kode_bps, kode, asal) keeps the codes as they were written.
    """
    con.execute(
        """
        CREATE OR REPLACE TABLE jembatan_bps (kode_bps VARCHAR, kode VARCHAR, tingkat VARCHAR, asal VARCHAR);
        CREATE OR REPLACE TEMP TABLE _jembatan_mentah (kode_bps VARCHAR, kode VARCHAR, asal VARCHAR)
        """
    )
    for found in declared.all(Jembatan):
        for file in found.files:
            _read_pairs(con, found.entry, file)
            name = found.name(file)
            con.execute(f"INSERT INTO _jembatan_mentah SELECT *, {literal(name)} FROM _pasang")
            _add_pairs(con, name)


def add_evidence(con: duckdb.DuckDBPyConnection, pairs: str, asal: str) -> int:
    """Add the pairs of a dataset that carries both codes; returns how many were new.

    `pairs` is a relation with kode_bps and kode (Kemendagri, dotted or not); `asal` names it. A pair
    counts when both of its codes stand in no other pair and the places around them are joined
    already; those that contradict each other, the place around or the bridge are lines of
    `referensi_masalah`.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _pasang AS
        SELECT DISTINCT {code_in("kode_bps", "bps")} AS kode_bps, {code_in("kode", "kemendagri")} AS kode
        FROM {pairs} WHERE kode_bps IS NOT NULL AND kode IS NOT NULL
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _bentrok AS
        SELECT kode_bps, kode FROM _pasang
        QUALIFY count(*) OVER (PARTITION BY kode_bps) > 1 OR count(*) OVER (PARTITION BY kode) > 1
        """
    )
    note(
        con,
        f"{_SHOWN} FROM _bentrok",
        asal,
        "jembatan_bentrok",
        "jembatan BPS",
        "Satu kode dipasangkan dengan lebih dari satu kode sistem lain; pasangan ini tidak dipakai",
    )
    con.execute(
        f"""
        DELETE FROM _pasang WHERE (kode_bps, kode) IN (FROM _bentrok);
        CREATE OR REPLACE TEMP TABLE _luar AS
        SELECT p.kode_bps, p.kode FROM _pasang p JOIN {_TODAY} t ON t.kode_asal = p.kode
        LEFT JOIN jembatan_bps i ON i.kode_bps = {parent_of("p.kode_bps", "bps")}
        LEFT JOIN jembatan_bps g ON g.kode_bps = {parent_of(parent_of("p.kode_bps", "bps"), "bps")}
        WHERE length(p.kode_bps) > 2 AND t.kode IS NOT NULL
            AND NOT coalesce(starts_with(t.kode, i.kode || '.'), starts_with(t.kode, g.kode || '.'), FALSE)
        """
    )
    note(
        con,
        f"{_SHOWN} FROM _luar",
        asal,
        "jembatan_bentrok",
        "jembatan BPS",
        "Wilayah di sekeliling kedua kode tidak terhubung oleh jembatan yang ada; pasangan ini tidak dipakai",
    )
    con.execute("DELETE FROM _pasang WHERE (kode_bps, kode) IN (FROM _luar)")
    return _add_pairs(con, asal)


def _read_pairs(con: duckdb.DuckDBPyConnection, entry: Jembatan, file: Path) -> None:
    read_cells(con, file, "_sel")
    try:
        (bps, kode), first = columns_named(con, "_sel", (entry.kolom.kode_bps, entry.kolom.kode))
    except KeyError as error:
        raise ReferenceDataError(f"{file}: has no columns {error}; declare its columns in referensi.yml") from None
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _pasang AS
        SELECT DISTINCT {code_in("bps", "bps")} AS kode_bps, {code_in("kode", "kemendagri")} AS kode
        FROM (SELECT sel[{bps}] AS bps, sel[{kode}] AS kode FROM _sel WHERE baris > {first})
        WHERE coalesce(bps, '') <> '' AND coalesce(kode, '') <> ''
        """
    )


def _add_pairs(con: duckdb.DuckDBPyConnection, asal: str) -> int:
    """Add what holds of `_pasang`, and say what does not."""
    bps_level, level = level_of("p.kode_bps", "bps"), level_of("p.kode", "kemendagri")
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _periksa AS
        SELECT p.*, t.kode AS kini, {bps_level} AS tingkat, CASE
            WHEN {bps_level} IS NULL OR {bps_level} IS DISTINCT FROM {level} THEN 'tingkat'
            WHEN t.kode_asal IS NULL THEN 'asing'
            WHEN t.kode IS NULL THEN 'berakhir'
            WHEN j.kode <> t.kode THEN 'bentrok'
            WHEN j.kode IS NULL AND count(DISTINCT t.kode) OVER (PARTITION BY p.kode_bps) > 1 THEN 'ganda' END AS salah,
            j.kode IS NOT NULL AS ada
        FROM _pasang p LEFT JOIN {_TODAY} t ON t.kode_asal = p.kode LEFT JOIN jembatan_bps j ON j.kode_bps = p.kode_bps
        """
    )
    reasons = {
        "tingkat": "Kedua kode tidak setingkat atau tidak berbentuk kode; pasangan ini tidak dipakai",
        "asing": "Kode Kemendagri ini tidak ada di edisi mana pun; pasangan ini tidak dipakai",
        "berakhir": "Kode Kemendagri ini tidak berlaku lagi dan penggantinya tidak tunggal; pasangan ini tidak dipakai",
        "bentrok": "Jembatan yang lebih dahulu memasangkan kode BPS ini dengan wilayah lain; yang dahulu dipakai",
        "ganda": "Satu kode BPS dipasangkan dengan beberapa wilayah; pasangan ini tidak dipakai",
    }
    for salah, pesan in reasons.items():
        examples = f"{_SHOWN} FROM _periksa WHERE salah = '{salah}'"
        note(con, examples, asal, f"jembatan_{salah}", "jembatan BPS", pesan)
    added = con.execute(
        f"""
        INSERT INTO jembatan_bps
        SELECT DISTINCT kode_bps, kini, tingkat, {literal(asal)} FROM _periksa WHERE salah IS NULL AND NOT ada
        ORDER BY kode_bps
        """
    ).fetchone()
    return int(added[0]) if added else 0
