"""What changed between two editions: the temporary table `_perubahan`, as rows of `wilayah_perubahan`.

How places are recognised is in `matching`; here stands what that means: moved, renamed, split, merged.
A kecamatan, kabupaten or province that is gone with all its members and without a successor is no
change but a gap in the newer edition: `_hilang`.
"""

from __future__ import annotations

import duckdb

from pipelines.referensi.keys import near
from pipelines.referensi.matching import match
from pipelines.sql import literal


def compare(con: duckdb.DuckDBPyConnection, old: str, new: str, dasar_hukum: str | None = None) -> None:
    """Create `_perubahan`(lama, baru, tingkat, jenis, bobot, dasar_hukum), `_hilang`(kode, puncak) and `_pasangan`.

    `old` and `new` are SQL of editions of one system, with the columns of `edisi_wilayah`.
    `_ditinjau` holds what a person has reviewed, for any editions; those of it that fit
    these two win over what is found. bobot is the share of the members of `lama` (desa, as a rule)
    that went to `baru`; NULL for a change of name. `_hilang` are the codes that `new` lacks by
    mistake; `puncak` marks the highest of each.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _tinjau AS
        SELECT t.* EXCLUDE (berkas), coalesce(a.tingkat, b.tingkat) AS tingkat FROM _ditinjau t
        LEFT JOIN {old} a ON a.kode = t.lama LEFT JOIN {new} b ON b.kode = t.baru
        LEFT JOIN {new} tetap ON tetap.kode = t.lama LEFT JOIN {old} dulu ON dulu.kode = t.baru
        WHERE (t.lama IS NULL OR a.kode IS NOT NULL) AND (t.baru IS NULL OR b.kode IS NOT NULL)
            AND coalesce(a.tingkat, b.tingkat) = coalesce(b.tingkat, a.tingkat)
            -- It belongs to these two editions: a code came or went, or a name went with it.
            AND (t.lama IN (SELECT x.lama FROM _ditinjau x JOIN {new} n ON n.kode = x.baru
                    LEFT JOIN {old} o ON o.kode = x.baru WHERE o.kode IS NULL)
                OR (t.lama IS NOT NULL AND tetap.kode IS NULL) OR (t.baru IS NOT NULL AND dulu.kode IS NULL)
                OR (a.kunci = b.kunci AND tetap.kunci <> a.kunci))
        """
    )
    match(con, old, new)
    _gaps(con)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _perubahan AS
        WITH anggota AS ({_members()}),
        ditemukan AS (FROM anggota UNION ALL {_moves()} UNION ALL {_names()} UNION ALL {_come_and_go()})
        SELECT lama, baru, tingkat, jenis, bobot, {literal(dasar_hukum)} AS dasar_hukum FROM ditemukan d
        WHERE NOT EXISTS (FROM _tinjau t WHERE d.lama = t.lama OR d.baru = t.baru)
            OR jenis IN ('ejaan', 'ganti_nama')
        UNION ALL
        SELECT lama, baru, tingkat, jenis, bobot, dasar_hukum FROM _tinjau
        """
    )


def _gaps(con: duckdb.DuckDBPyConnection) -> None:
    """Places from kecamatan up from which nothing flows anywhere, and what was below them."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _hilang AS
        WITH tak_berjejak AS (
            SELECT kode, kode_induk, tingkat FROM _a ANTI JOIN _pasangan p ON p.lama = kode
            WHERE kode NOT IN (SELECT lama FROM _tinjau WHERE lama IS NOT NULL)
        ), pangkal AS (
            SELECT kode FROM tak_berjejak
            WHERE tingkat <> 'desa_kelurahan' AND kode NOT IN (SELECT lama FROM _arus)
            UNION ALL
            -- A level that the newer edition does not have at all.
            SELECT kode FROM tak_berjejak WHERE tingkat NOT IN (SELECT tingkat FROM _b)
        )
        SELECT t.kode, t.tingkat, coalesce(t.kode_induk NOT IN (SELECT kode FROM pangkal), TRUE) AS puncak
        FROM tak_berjejak t WHERE t.kode NOT IN (SELECT kode FROM _b) AND (
            t.kode IN (SELECT kode FROM pangkal) OR t.kode_induk IN (SELECT kode FROM pangkal)
            OR (SELECT any_value(a.kode_induk) FROM _a a WHERE a.kode = t.kode_induk) IN (SELECT kode FROM pangkal)
        )
        """
    )


def _members() -> str:
    """Changes of the places above, from where their members went."""
    return """
        SELECT lama, baru, tingkat, CASE
                WHEN tetap AND lama <> baru THEN 'pindah'
                WHEN tetap THEN CASE WHEN ada_pecah THEN 'pecah' WHEN tujuan > 1 THEN 'sebagian' ELSE 'gabung' END
                WHEN tujuan = 1 THEN 'gabung'
                WHEN baru_lahir OR berakhir THEN 'pecah'
                ELSE 'sebagian' END AS jenis, bobot
        FROM (
            SELECT *, bool_or(baru_lahir AND NOT tetap) OVER (PARTITION BY tingkat, lama) AS ada_pecah,
                bool_or(tujuan = 1 AND NOT tetap) OVER (PARTITION BY tingkat, baru) AS ada_gabung
            FROM (
                SELECT f.tingkat, f.lama, f.baru, coalesce(i.baru = f.baru, FALSE) AS tetap,
                    i.baru IS NULL AS berakhir, j.lama IS NULL AS baru_lahir,
                    count(*) OVER (PARTITION BY f.tingkat, f.lama) AS tujuan,
                    desa / sum(desa) OVER (PARTITION BY f.tingkat, f.lama) AS bobot
                FROM _arus f LEFT JOIN _pasangan i ON i.lama = f.lama LEFT JOIN _pasangan j ON j.baru = f.baru
            )
        ) WHERE NOT tetap OR tujuan > 1 OR ada_gabung"""


def _moves() -> str:
    """Places with another code that are not told by their members."""
    return """
        SELECT lama, baru, tingkat, 'pindah' AS jenis, 1.0 AS bobot FROM _pasangan p
        WHERE lama <> baru AND NOT EXISTS (FROM anggota m WHERE m.lama = p.lama AND m.baru = p.baru)"""


def _names() -> str:
    """Places with the code of before and another name. Case and the word before a kabupaten's name do not count."""
    plain = "regexp_replace(lower(strip_accents({})), '[^a-z0-9]+', ' ', 'g')"
    return f"""
        SELECT lama, baru, p.tingkat, CASE WHEN a.kunci = b.kunci OR {near("a.kunci", "b.kunci")}
                THEN 'ejaan' ELSE 'ganti_nama' END AS jenis, NULL AS bobot
        FROM _pasangan p JOIN _a a ON a.kode = lama JOIN _b b ON b.kode = baru
        WHERE lama = baru AND (a.kunci <> b.kunci
            OR (p.tingkat <> 'kabupaten_kota' AND {plain.format("a.nama")} <> {plain.format("b.nama")}))"""


def _come_and_go() -> str:
    return """
        SELECT NULL AS lama, kode AS baru, tingkat, 'baru' AS jenis, NULL AS bobot FROM _b
        ANTI JOIN _pasangan p ON p.baru = kode ANTI JOIN _arus f ON f.baru = kode
        UNION ALL
        SELECT kode, NULL, tingkat, 'hapus', NULL FROM _a
        ANTI JOIN _pasangan p ON p.lama = kode ANTI JOIN _arus f ON f.lama = kode ANTI JOIN _hilang h USING (kode)"""
