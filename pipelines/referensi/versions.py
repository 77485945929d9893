"""`wilayah_riwayat`: every version of every place, and the names it had before."""

from __future__ import annotations

import duckdb

from pipelines.referensi.history import BEGINNING


def write_versions(con: duckdb.DuckDBPyConnection) -> None:
    """Create `wilayah_riwayat`, SCD2 over all editions: half-open [berlaku_mulai, berlaku_sampai), NULL = still valid.

    A version ends when its place gets another code, parent or match key, or when the code passes to
    another place. Case, spacing and the word before a kabupaten's name make no version; such a
    version bears its newest spelling. luas_km2 is known for versions that are valid still; lintang
    and bujur are filled by whoever knows polygons.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TABLE wilayah_riwayat AS
        WITH waktu AS (
            SELECT urutan, dasar_hukum,
                CASE WHEN urutan = min(urutan) OVER () THEN {BEGINNING} ELSE berlaku_mulai END AS mulai,
                lead(berlaku_mulai) OVER (ORDER BY urutan) AS sampai
            FROM edisi WHERE sistem = 'kemendagri'
        ), tetap AS (
            SELECT kode, any_value(tingkat) AS tingkat, arg_max(nama, urutan) AS nama, any_value(jenis) AS jenis,
                any_value(kode_induk) AS kode_induk, min(urutan) AS awal, max(urutan) AS akhir
            FROM _efektif ANTI JOIN _putus USING (kode)
            GROUP BY kode, kunci, jenis HAVING count(*) = (SELECT count(*) FROM waktu)
        ), goyah AS (
            SELECT *, sum(putus) OVER (PARTITION BY kode ORDER BY urutan) AS ruas FROM (
                SELECT e.*, (lag(e.urutan) OVER w IS DISTINCT FROM lag_waktu OR lag(kunci) OVER w IS DISTINCT FROM kunci
                    OR lag(jenis) OVER w IS DISTINCT FROM jenis OR p.kode IS NOT NULL)::INTEGER AS putus
                FROM (FROM _efektif ANTI JOIN tetap USING (kode)) e
                JOIN (SELECT urutan, lag(urutan) OVER (ORDER BY urutan) AS lag_waktu FROM waktu) u USING (urutan)
                LEFT JOIN _putus p ON p.urutan = e.urutan AND p.kode = e.kode
                WINDOW w AS (PARTITION BY e.kode ORDER BY e.urutan)
            )
        ), versi AS (
            FROM tetap UNION ALL
            SELECT kode, any_value(tingkat), arg_max(nama, urutan), any_value(jenis), any_value(kode_induk),
                min(urutan), max(urutan)
            FROM goyah GROUP BY kode, ruas
        ), bps AS (
            SELECT kode, min(kode_bps) AS kode_bps FROM jembatan_bps GROUP BY kode HAVING count(*) = 1
        ), bps_lama AS (
            SELECT kode, min(kode_bps) AS kode_bps FROM _jembatan_mentah ANTI JOIN wilayah USING (kode)
            GROUP BY kode HAVING count(DISTINCT kode_bps) = 1
        )
        SELECT v.kode, coalesce(b.kode_bps, l.kode_bps) AS kode_bps, v.tingkat, v.nama, v.jenis, v.kode_induk,
            m.dasar_hukum, m.mulai AS berlaku_mulai, a.sampai AS berlaku_sampai,
            CASE WHEN a.sampai IS NULL THEN s.luas_km2 END AS luas_km2,
            NULL::DOUBLE AS lintang, NULL::DOUBLE AS bujur
        FROM versi v JOIN waktu m ON m.urutan = v.awal JOIN waktu a ON a.urutan = v.akhir
        LEFT JOIN bps b ON b.kode = v.kode LEFT JOIN bps_lama l ON l.kode = v.kode LEFT JOIN _luas s ON s.kode = v.kode
        ORDER BY v.kode, m.mulai
        """
    )


def former_names(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `wilayah_nama` the names of earlier editions, as 'nama_lama'.

    Only where no place of that parent is called so today, and where it was one place only.
    """
    con.execute(
        """
        INSERT INTO wilayah_nama
        WITH dulu AS (
            SELECT e.kode, e.tingkat, e.kunci, e.jenis FROM _efektif e ANTI JOIN _putus p ON p.kode = e.kode
            ANTI JOIN wilayah w ON w.kode = e.kode AND w.kunci = e.kunci
        ), kini AS (
            SELECT DISTINCT w.kode, w.tingkat, w.kode_induk, d.kunci, w.jenis
            FROM dulu d JOIN kode_pada p ON p.kode_asal = d.kode AND p.sampai IS NULL JOIN wilayah w ON w.kode = p.kode
            WHERE w.tingkat = d.tingkat
        )
        SELECT k.*, 'nama_lama' FROM kini k
        ANTI JOIN (
            SELECT tingkat, kunci, coalesce(kode_induk, '') AS induk,
                CASE tingkat WHEN 'kabupaten_kota' THEN jenis ELSE '' END AS macam
            FROM wilayah_nama
        ) n ON n.tingkat = k.tingkat AND n.kunci = k.kunci AND n.induk = coalesce(k.kode_induk, '')
            AND n.macam = CASE k.tingkat WHEN 'kabupaten_kota' THEN k.jenis ELSE '' END
        QUALIFY count(*) OVER (PARTITION BY k.tingkat, k.kode_induk, k.kunci,
            CASE k.tingkat WHEN 'kabupaten_kota' THEN k.jenis END) = 1
        """
    )
