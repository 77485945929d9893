"""Which place of the current edition a polygon is: by code through the tables, else by name in its parent.

Works on `_poligon`(id, sistem, tingkat, kode_asal, nama_1 .. nama_4, aturan, jenis, geom ...) and fills its
`kode`, `induk` (the nearest place above that is known) and `cara`; what stays without a code keeps NULL.
"""

from __future__ import annotations

import duckdb

from pipelines.contract.model import Tingkat
from pipelines.referensi.codes import LENGTHS, LEVELS, dotted
from pipelines.referensi.keys import kind, lowered, near, short_key

_WATER = r"^(waduk|danau|situ|rawa|bendungan)\b"
_FOREST = r"^(hutan|taman nasional)\b"


def map_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Fill kode, induk, cara and jenis of `_poligon`."""
    _by_code(con)
    _parents_by_name(con)
    for level in LEVELS:
        _by_name(con, level, "n.kode_induk = p.induk OR p.induk IS NULL", "n.kunci = p.kunci", "nama")
    _no_places(con)
    _nearest(con, "kecamatan")
    _nearest(con, "desa_kelurahan")
    # The kecamatan may have been split since: unique in the kabupaten is enough.
    _by_name(con, "desa_kelurahan", "starts_with(n.kode, p.induk[1:5] || '.')", "n.kunci = p.kunci", "nama_kabupaten")


def _by_code(con: duckdb.DuckDBPyConnection) -> None:
    """Membership in the edition or the bridge; the parent is looked up the same way, never computed."""
    con.execute(
        f"""
        UPDATE _poligon SET kode = w.kode, cara = 'kode' FROM wilayah w
        WHERE sistem = 'kemendagri' AND w.kode = {dotted("kode_asal")} AND w.tingkat = _poligon.tingkat
        """
    )
    con.execute(
        """
        UPDATE _poligon SET kode = w.kode, cara = 'jembatan' FROM jembatan_bps j JOIN wilayah w USING (kode)
        WHERE sistem = 'bps' AND j.kode_bps = kode_asal AND w.tingkat = _poligon.tingkat AND j.tingkat = w.tingkat
        """
    )
    for level, length in list(LENGTHS["bps"].items())[:-1]:
        con.execute(
            f"""
            UPDATE _poligon SET induk = w.kode FROM jembatan_bps j JOIN wilayah w USING (kode)
            WHERE sistem = 'bps' AND j.kode_bps = kode_asal[1:{length}] AND w.tingkat = '{level}'
                AND length(kode_asal) > length(j.kode_bps)
            """
        )
        con.execute(
            f"""
            UPDATE _poligon SET induk = w.kode FROM wilayah w WHERE sistem = 'kemendagri' AND w.tingkat = '{level}'
            AND starts_with({dotted("kode_asal")}, w.kode || '.')
            """
        )


def _parents_by_name(con: duckdb.DuckDBPyConnection) -> None:
    """By names where no code told: from the coarsest name down, each within what is known already."""
    for n, level in enumerate(LEVELS, 1):
        con.execute(
            f"""
            UPDATE _poligon SET induk = c.kode FROM (
                SELECT p.id, any_value(w.kode) AS kode
                FROM (SELECT id, induk, tingkat, {lowered(f"nama_{n}")} AS x FROM _poligon
                    WHERE kode IS NULL AND tingkat <> '{level}' AND nama_{n} IS NOT NULL) p
                JOIN wilayah_nama w ON w.tingkat = '{level}' AND w.kunci = {short_key(level, "p.x")}
                    AND (p.induk IS NULL OR starts_with(w.kode, p.induk || '.'))
                    AND coalesce({_kinds(level, "p.x", "w.jenis")}, TRUE)
                GROUP BY p.id HAVING count(DISTINCT w.kode) = 1) c
            WHERE c.id = _poligon.id
            """
        )


def _kinds(level: str, text: str, jenis: str) -> str:
    """SQL: kabupaten and kota of one name are two places; a bare name may be either."""
    return f"{jenis} = {kind('kabupaten_kota', text)}" if level == "kabupaten_kota" else "TRUE"


def _by_name(con: duckdb.DuckDBPyConnection, level: Tingkat, line: str, same: str, cara: str) -> None:
    """Take a name that fits one free place only, and that place only one polygon of its file."""
    con.execute(
        f"""
        UPDATE _poligon SET kode = c.kode, cara = '{cara}' FROM (
            WITH p AS (SELECT id, urutan, induk, {lowered("nama")} AS x, {short_key(level, lowered("nama"))} AS kunci
                FROM _poligon WHERE kode IS NULL AND jenis = 'wilayah' AND tingkat = '{level}' AND nama IS NOT NULL)
            SELECT p.id, any_value(n.kode) AS kode
            FROM p JOIN wilayah_nama n ON n.tingkat = '{level}' AND {same} AND ({line})
                AND coalesce({_kinds(level, "p.x", "n.jenis")}, TRUE)
            ANTI JOIN (SELECT kode AS k, urutan FROM _poligon WHERE kode IS NOT NULL) t
                ON t.k = n.kode AND t.urutan = p.urutan
            GROUP BY p.id, p.urutan
            HAVING count(DISTINCT n.kode) = 1
            QUALIFY count(*) OVER (PARTITION BY p.urutan, any_value(n.kode)) = 1) c
        WHERE c.id = _poligon.id
        """
    )


def _nearest(con: duckdb.DuckDBPyConnection, level: Tingkat) -> None:
    """Near spellings among what is left in one parent: the one nearest for both, without a rival as near."""
    con.execute(
        f"""
        UPDATE _poligon SET kode = c.kode, cara = 'ejaan' FROM (
            WITH p AS (SELECT id, urutan, induk, {short_key(level, lowered("nama"))} AS kunci
                FROM _poligon WHERE kode IS NULL AND jenis = 'wilayah' AND tingkat = '{level}' AND induk IS NOT NULL
                    AND nama IS NOT NULL),
            d AS (SELECT p.id, p.urutan, n.kode, min(damerau_levenshtein(p.kunci, n.kunci)) AS jarak
                FROM p JOIN wilayah_nama n ON n.tingkat = '{level}' AND n.kode_induk = p.induk
                    AND {near("p.kunci", "n.kunci")}
                ANTI JOIN (SELECT kode AS k, urutan FROM _poligon WHERE kode IS NOT NULL) t
                    ON t.k = n.kode AND t.urutan = p.urutan
                GROUP BY ALL),
            best AS (SELECT *, min(jarak) OVER (PARTITION BY id) AS dari,
                min(jarak) OVER (PARTITION BY urutan, kode) AS ke FROM d)
            SELECT id, kode FROM best WHERE jarak = dari AND jarak = ke
            QUALIFY count(*) OVER (PARTITION BY id) = 1 AND count(*) OVER (PARTITION BY urutan, kode) = 1) c
        WHERE c.id = _poligon.id
        """
    )


def _no_places(con: duckdb.DuckDBPyConnection) -> None:
    """Lakes and forests: as declared, or by their first word, and only what is no known place by then.

    'Suwaduk' and 'Kedung Waduk' do not begin with the word; a desa that is called Waduk was found by its name.
    """
    con.execute(
        f"""
        UPDATE _poligon SET jenis = coalesce(
            (SELECT any_value(a.jenis) FROM _aturan a WHERE a.urutan = _poligon.urutan
                AND (regexp_matches(_poligon.nama, a.nama, 'i') OR regexp_matches(_poligon.kode_asal, a.kode))),
            CASE WHEN regexp_matches(nama, '{_WATER}', 'i') THEN 'perairan'
                WHEN regexp_matches(nama, '{_FOREST}', 'i') THEN 'hutan' END, 'wilayah')
        WHERE kode IS NULL
        """
    )
    # What has lakes or forests for members and nothing else is one itself, whatever it is called.
    con.execute(
        """
        UPDATE _poligon SET jenis = c.jenis FROM (
            SELECT p.kode_asal AS k, p.tingkat AS t, max(m.jenis) AS jenis
            FROM _poligon p JOIN _poligon m ON m.sistem = p.sistem AND p.sistem = 'bps'
                AND m.tingkat <> p.tingkat AND starts_with(m.kode_asal, p.kode_asal)
            WHERE p.kode IS NULL AND p.jenis = 'wilayah'
            GROUP BY ALL HAVING bool_and(m.jenis <> 'wilayah')) c
        WHERE c.k = kode_asal AND c.t = tingkat AND kode IS NULL
        """
    )
