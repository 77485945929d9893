"""Which place of an older edition is which place of a newer one: the temporary table `_pasangan`.

A code is kept as long as nothing speaks against it; names decide where codes differ, and always
within the narrowest area that is known: the parent (where it went itself), the kabupaten, the
province, the country. A match must be the only one on both sides. Sets, never rows.
"""

from __future__ import annotations

import duckdb

from pipelines.referensi.codes import LEVELS
from pipelines.referensi.keys import near


def match(con: duckdb.DuckDBPyConnection, old: str, new: str) -> None:
    """Create `_pasangan`(lama, baru, tingkat, cara) and `_arus`(tingkat, lama, baru, desa).

    `old` and `new` are SQL of editions (columns of `edisi_wilayah`); `_tinjau` holds the reviewed
    changes between them. `_arus` counts the members of the finest level that both editions have
    which went from one place to another, for every level above.
    """
    for side, edition in (("_a", old), ("_b", new)):
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE {side} AS
            SELECT kode, tingkat, nama, jenis, kode_induk, kunci, kode[1:2] AS prov,
                kode[1:CASE WHEN contains(kode, '.') THEN 5 ELSE 4 END] AS kab,
                -- Kabupaten and kota may share their name, and so may no two others of one parent.
                CASE tingkat WHEN 'kabupaten_kota' THEN concat_ws('/', kunci, jenis) ELSE kunci END AS cocok
            FROM {edition}
            """
        )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _pasangan AS
        SELECT lama, baru, a.tingkat, 'ditinjau' AS cara
        FROM _tinjau JOIN _a a ON a.kode = lama JOIN _b b ON b.kode = baru AND a.tingkat = b.tingkat
        WHERE _tinjau.jenis = 'pindah' OR lama = baru
        QUALIFY count(*) OVER (PARTITION BY lama) = 1 AND count(*) OVER (PARTITION BY baru) = 1
        """
    )
    # Twice: what became of the places above is seen in their members, and helps to find more of those.
    for last in (False, True):
        for level in LEVELS:
            if not last:
                _keep(con, level)
            _match_level(con, level, last)
        _flows(con)
        _match_by_flow(con)
    _flows(con)


def _match_level(con: duckdb.DuckDBPyConnection, level: str, last: bool) -> None:
    _candidates(con, level)
    lowest = level == "desa_kelurahan"
    parent = "a.induk_baru IS NOT DISTINCT FROM b.kode_induk"
    # Where the parent got another code, an equal code below it is a coincidence.
    same_code = "a.kode = b.kode AND (a.induk_baru IS NULL OR a.induk_baru IS NOT DISTINCT FROM b.kode_induk)"
    same_name = "a.cocok = b.cocok"
    only = "a.tunggal AND b.tunggal"
    _add(con, level, "anggota", "a.kode = b.kode AND a.jangkar")
    _add(con, level, "nama", f"{same_name} AND {parent}")
    _add(con, level, "ejaan", f"{same_code} AND {near('a.kunci', 'b.kunci')}")
    _add(con, level, "nama", f"{same_name} AND a.kab_baru = b.kab")
    if not lowest:
        _add(con, level, "nama", f"{same_name} AND a.prov_baru = b.prov AND {only}")
        _add(con, level, "nama", f"{same_name} AND {only}")
    if last or lowest:
        _add(con, level, "kode", same_code)
    if lowest:
        _add(con, level, "nama", f"{same_name} AND a.prov_baru = b.prov AND {only}")
    _add_nearest(con, level, parent)
    number = "regexp_extract(a.kode, '\\d+$') = regexp_extract(b.kode, '\\d+$') AND contains(a.kode, '.')"
    _add(con, level, "nomor", f"{parent} AND a.induk_baru <> a.kode_induk AND {number}")


def _keep(con: duckdb.DuckDBPyConnection, level: str) -> None:
    """Match equal codes with equal names, unless the place around got another code: most places, in one join."""
    con.execute(
        f"""
        INSERT INTO _pasangan
        SELECT a.kode, a.kode, '{level}', 'tetap'
        FROM _a a JOIN _b b ON b.kode = a.kode AND b.cocok = a.cocok LEFT JOIN _pasangan i ON i.lama = a.kode_induk
        WHERE a.tingkat = '{level}' AND coalesce(i.baru, b.kode_induk) IS NOT DISTINCT FROM b.kode_induk
            AND a.kode NOT IN (SELECT lama FROM _tinjau WHERE lama IS NOT NULL)
            AND a.kode NOT IN (SELECT baru FROM _tinjau WHERE baru IS NOT NULL)
        """
    )


def _candidates(con: duckdb.DuckDBPyConnection, level: str) -> None:
    """`_ca`, `_cb`: places of one level without a match, and where their surroundings went.

    jangkar: most of its members kept code and name, so it is the same place whatever it is called.
    tunggal: no other place of its province (kabupaten: of the country) has that name.
    """
    taken = {
        "_a": "SELECT lama AS kode FROM _tinjau WHERE lama IS NOT NULL",
        "_b": "SELECT baru AS kode FROM _tinjau WHERE baru IS NOT NULL",
    }
    for side, column, into in (("_a", "lama", "_ca"), ("_b", "baru", "_cb")):
        scope = "cocok" if level in ("provinsi", "kabupaten_kota") else "prov, cocok"
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE {into} AS
            SELECT t.*, TRUE AS tunggal FROM {side} t
            ANTI JOIN _pasangan p ON p.{column} = t.kode
            ANTI JOIN ({taken[side]}) d ON d.kode = t.kode
            WHERE t.tingkat = '{level}'
            """
        )
        con.execute(
            f"""
            UPDATE {into} SET tunggal = FALSE WHERE ({scope}) IN (
                SELECT ({scope}) FROM {side} SEMI JOIN {into} USING (cocok)
                WHERE tingkat = '{level}' GROUP BY ALL HAVING count(*) > 1)
            """
        )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _ca AS
        WITH anggota AS (
            SELECT a.kode_induk AS kode, avg((b.kode IS NOT NULL)::INTEGER) >= 0.5 AS jangkar
            FROM (FROM _a SEMI JOIN _ca c ON c.kode = _a.kode_induk) a
            LEFT JOIN _b b ON b.kode = a.kode AND b.cocok = a.cocok GROUP BY ALL
        )
        SELECT c.*, i.baru AS induk_baru, coalesce(k.baru, c.kab) AS kab_baru, coalesce(v.baru, c.prov) AS prov_baru,
            coalesce(j.jangkar, FALSE) AS jangkar
        FROM _ca c LEFT JOIN _pasangan i ON i.lama = c.kode_induk LEFT JOIN _pasangan k ON k.lama = c.kab
        LEFT JOIN _pasangan v ON v.lama = c.prov LEFT JOIN anggota j ON j.kode = c.kode
        """
    )


def _add(con: duckdb.DuckDBPyConnection, level: str, way: str, condition: str) -> None:
    """Match what has exactly one counterpart under `condition`, on both sides."""
    con.execute(
        f"""
        INSERT INTO _pasangan
        SELECT a.kode, b.kode, '{level}', '{way}'
        FROM (FROM _ca ANTI JOIN _pasangan ON lama = kode) a JOIN (FROM _cb ANTI JOIN _pasangan ON baru = kode) b
            ON {condition}
        QUALIFY count(*) OVER (PARTITION BY a.kode) = 1 AND count(*) OVER (PARTITION BY b.kode) = 1
        """
    )


def _add_nearest(con: duckdb.DuckDBPyConnection, level: str, parent: str) -> None:
    """Match near spellings within a parent where each is the single nearest of the other."""
    con.execute(
        f"""
        INSERT INTO _pasangan
        SELECT lama, baru, '{level}', 'mirip' FROM (
            SELECT a.kode AS lama, b.kode AS baru, damerau_levenshtein(a.kunci, b.kunci) AS jarak
            FROM (FROM _ca ANTI JOIN _pasangan ON lama = kode) a JOIN (FROM _cb ANTI JOIN _pasangan ON baru = kode) b
                ON {parent} AND {near("a.kunci", "b.kunci")}
            QUALIFY jarak = min(jarak) OVER (PARTITION BY a.kode) AND jarak = min(jarak) OVER (PARTITION BY b.kode)
        ) QUALIFY count(*) OVER (PARTITION BY lama) = 1 AND count(*) OVER (PARTITION BY baru) = 1
        """
    )


def _flows(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _arus AS
        WITH urut(tingkat, n) AS (
            VALUES ('provinsi', 1), ('kabupaten_kota', 2), ('kecamatan', 3), ('desa_kelurahan', 4)
        ), dasar AS (
            SELECT max(n) AS n FROM urut
            WHERE tingkat IN (SELECT tingkat FROM _a) AND tingkat IN (SELECT tingkat FROM _b)
        ), anggota AS (
            SELECT a.kode_induk AS ka, b.kode_induk AS kb, a.kab AS ba, b.kab AS bb, a.prov AS pa, b.prov AS pb, u.n
            FROM _pasangan p JOIN urut u USING (tingkat) JOIN dasar USING (n)
            JOIN _a a ON a.kode = p.lama JOIN _b b ON b.kode = p.baru
        ), semua AS (
            SELECT 'kecamatan' AS tingkat, ka AS lama, kb AS baru, count(*) AS desa FROM anggota
            WHERE n = 4 GROUP BY ALL
            UNION ALL SELECT 'kabupaten_kota', ba, bb, count(*) FROM anggota WHERE n > 2 GROUP BY ALL
            UNION ALL SELECT 'provinsi', pa, pb, count(*) FROM anggota WHERE n > 1 GROUP BY ALL
        )
        FROM semua WHERE lama IN (SELECT kode FROM _a) AND baru IN (SELECT kode FROM _b)
        """
    )


def _match_by_flow(con: duckdb.DuckDBPyConnection) -> None:
    """A place without a match is the one that took most of its members and got most of its own from it.

    A match by name alone gives way where not one member went along.
    """
    con.execute(
        """
        DELETE FROM _pasangan WHERE tingkat <> 'desa_kelurahan' AND cara IN ('nama', 'mirip', 'nomor', 'kode')
            AND lama IN (SELECT lama FROM _arus) AND (lama, baru) NOT IN (SELECT lama, baru FROM _arus);
        INSERT INTO _pasangan
        SELECT lama, baru, tingkat, 'arus' FROM (
            SELECT *, sum(desa) OVER (PARTITION BY lama) AS keluar, sum(desa) OVER (PARTITION BY baru) AS masuk
            FROM _arus
        ) f ANTI JOIN _pasangan p ON p.lama = f.lama ANTI JOIN _pasangan q ON q.baru = f.baru
        WHERE desa * 2 > keluar AND desa * 2 > masuk
        """
    )
