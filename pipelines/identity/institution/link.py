"""Which school, clinic or business is which across sources, under keys that outlive names, points and codes.

    link_institutions(con, records, answers)    xref, redirect, lampau, tinjau and rekam of the current schema

What is known of each, and since when, follows from that (history.py).

The first two steps of linking are sets: an equal code of one registry, and what one source says in the same
words, are one institution. These are then compared by name, place and distance. Nothing here is personal.
"""

from __future__ import annotations

import duckdb

from pipelines.identity.institution import match as institution_match
from pipelines.identity.institution import names as institution_names
from pipelines.identity.linkage import answers as reviewed
from pipelines.identity.linkage import regroup
from pipelines.sql import literal


def link_institutions(con: duckdb.DuckDBPyConnection, records: str, answers: str | None = None) -> None:
    """Bring xref, redirect, lampau, tinjau and rekam up to date with all `records` of tonight.

    `records`: sumber, kunci, jenis, kode_jenis (the registry that gives the code; NULL: the source's own), kode, nama,
    kode_wilayah (with dots, any level), lintang, bujur, prioritas (1 is believed first), tanggal. All but the
    first three may be NULL; a record without code and name is of no institution. `answers` as in `link`. Only
    records of one jenis are ever joined. `metode`: kode, nama_jarak, nama_wilayah, tinjau (a person's answer), sendiri.
    The grouping depends on records and answers alone, in any order; only keys depend on earlier nights.

    Raises ValueError where (sumber, kunci) repeats.
    """
    regroup.prepare(con, records)
    _read(con, records)
    _replaced(con)
    con.execute("CREATE OR REPLACE TABLE rekam AS FROM _rekam")
    reviewed.read(con, answers)
    _nodes(con)
    institution_match.candidates(con)
    con.execute("DELETE FROM _calon USING _pendapat p WHERE p.beda AND p.a = _calon.a AND p.b = _calon.b")
    institution_match.score(con)
    _stars(con)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _tautan AS
        SELECT r.sumber, r.kunci, CASE WHEN s.pusat IS NOT NULL THEN s.metode WHEN r.kode IS NOT NULL THEN 'kode'
                WHEN r.rid = r.simpul THEN 'sendiri' ELSE 'nama_wilayah' END AS metode,
            coalesce(s.skor, 1.0)::DOUBLE AS skor, {literal(regroup.VERSION)} AS model_versi, r.rid,
            coalesce(s.pusat, r.simpul) AS lewat, lewat AS wakil, r.kode_jenis IS NOT NULL AS daftar
        FROM rekam r LEFT JOIN _bintang s USING (simpul)
        """
    )
    reviewed.apply(con)
    # A key is hashed from what the institution is called, never from kunci: that may be a person's number.
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _kini AS SELECT t.*, concat_ws('|', r.sebutan, r.ke) AS sebutan
        FROM _tautan t JOIN rekam r ON r.rid = t.wakil"""
    )
    regroup.compare(con, "institusi")
    regroup.settle(con)
    _doubts(con)
    for table in ("_rekam", "_simpul", "_pendapat", "_nilai", "_bintang", "_jawab"):
        con.execute(f"DROP TABLE {table}")


def _read(con: duckdb.DuckDBPyConnection, records: str) -> None:
    """Create `_rekam`: the records that say which institution they mean, cleaned.

    sebutan: what says so, a code or the words of the source; simpul: the smallest rid with it; ke: 0 for this one.
    """
    institution_names.fold(con, records)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _rekam AS
        WITH bersih AS (
            SELECT * REPLACE (CASE WHEN kode IS NOT NULL THEN kode_jenis END AS kode_jenis) FROM (
                SELECT idn_rid(sumber, kunci) AS rid, sumber, kunci, jenis, kode_jenis, nama,
                    -- No code is all noughts: that fills a field.
                    CASE WHEN NOT regexp_full_match(kode, '[^A-Za-z1-9]*')
                        THEN upper(regexp_replace(kode, '[^A-Za-z0-9]', '', 'g')) END AS kode,
                    nullif(kode_wilayah, '') AS wilayah, abs(lintang) <= 90 AND abs(bujur) <= 180
                        AND (lintang <> 0 OR bujur <> 0) AS bertitik,
                    CASE WHEN bertitik THEN lintang END AS lintang, CASE WHEN bertitik THEN bujur END AS bujur,
                    row_number() OVER (ORDER BY prioritas, tanggal DESC NULLS LAST, sumber, kunci) AS urutan
                FROM {records})
        ), bernama AS (
            SELECT b.* EXCLUDE (nama, bertitik), n.* EXCLUDE (jenis, nama), n.nama IS NOT NULL AS bernama,
                concat_ws('|', b.jenis, coalesce(kode_jenis, b.sumber), coalesce(kode,
                    concat_ws('|', '', macam, pemilik, angka, rapat, wilayah, lintang, bujur))) AS sebutan
            FROM bersih b LEFT JOIN (FROM _nama WHERE macam || angka || rapat <> '') n
                ON n.jenis = b.jenis AND n.nama = b.nama
        )
        SELECT *, min(rid) OVER (PARTITION BY sebutan) AS simpul,
            row_number() OVER (PARTITION BY sebutan ORDER BY rid) - 1 AS ke
        FROM bernama WHERE kode IS NOT NULL OR bernama
        """
    )
    con.execute("DROP TABLE _nama")


def _replaced(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_ganti`(lama, baru): a new record that is one gone since last night, under another kunci of its source.

    A code that was corrected, or a source whose kunci holds what it says: name and place are the same, or the
    point is. Of two that fit neither is taken.
    """
    con.execute("CREATE TABLE IF NOT EXISTS rekam AS FROM _rekam LIMIT 0")
    con.execute("CREATE OR REPLACE TEMP TABLE _hilang AS FROM rekam ANTI JOIN _rekam USING (rid)")
    con.execute("CREATE OR REPLACE TEMP TABLE _muncul AS FROM _rekam ANTI JOIN rekam USING (rid)")
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _ganti AS SELECT lama, baru FROM (
            SELECT h.rid AS lama, m.rid AS baru FROM _hilang h JOIN _muncul m
                USING (sumber, jenis, macam, pemilik, angka, rapat, wilayah)
            UNION
            -- Four decimals of a degree are some ten metres.
            SELECT h.rid, m.rid FROM _hilang h JOIN _muncul m ON h.sumber = m.sumber AND h.jenis = m.jenis
                AND round(h.lintang, 4) = round(m.lintang, 4) AND round(h.bujur, 4) = round(m.bujur, 4)
                AND h.macam IS NOT DISTINCT FROM m.macam)
        QUALIFY count(*) OVER (PARTITION BY lama) = 1 AND count(*) OVER (PARTITION BY baru) = 1
        """
    )
    con.execute("DROP TABLE _hilang; DROP TABLE _muncul")


def _nodes(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_simpul` (see match.py): each simpul of `rekam`, described by its best record.

    And `_pendapat`(a, b, sama, beda): what was answered about two of them, a < b.
    """
    names = ", ".join(f"arg_min({c}, urutan) AS {c}" for c in ("macam", "pemilik", "angka", "rapat", "urut"))
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _simpul AS
        SELECT simpul, any_value(jenis) AS jenis,
            bool_or(kode IS NOT NULL) AS berkode, bool_or(kode_jenis IS NOT NULL) AS resmi,
            any_value(coalesce(kode_jenis, sumber || CASE WHEN kode IS NULL THEN '' ELSE '#' END)) AS kelas,
            list_distinct(list(sumber)) AS sumber, {names}, arg_min(wilayah, urutan) AS wilayah,
            arg_min(lintang, urutan) AS lintang, arg_min(bujur, urutan) AS bujur
        FROM rekam GROUP BY simpul
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _pendapat AS
        SELECT least(x.simpul, y.simpul) AS a, greatest(x.simpul, y.simpul) AS b,
            bool_or(jawaban = '{reviewed.SAME}') AS sama, bool_or(jawaban = '{reviewed.DIFFERENT}') AS beda
        FROM _jawab j JOIN rekam x ON x.rid = j.a JOIN rekam y ON y.rid = j.b WHERE x.simpul <> y.simpul GROUP BY ALL
        """
    )


def _stars(con: duckdb.DuckDBPyConnection) -> None:
    """Create `_bintang`(simpul, pusat, skor, metode): each linked to its centre itself, never through a third one.

    Codes of a registry are centres first, then other codes, then names.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _sisi AS
        WITH p AS (
            SELECT a, b, skor, metode FROM _nilai ANTI JOIN (FROM _pendapat WHERE sama) USING (a, b)
            WHERE skor >= {institution_match.ACCEPT} AND NOT sekelas
            UNION ALL SELECT a, b, 1.0, 'tinjau' FROM _pendapat WHERE sama AND NOT beda
        ), d AS (SELECT a AS x, b AS y, skor, metode FROM p UNION ALL SELECT b, a, skor, metode FROM p)
        SELECT d.*, (2 - u.resmi::INT - u.berkode::INT, x) < (2 - v.resmi::INT - v.berkode::INT, y) AS depan
        FROM d JOIN _simpul u ON u.simpul = x JOIN _simpul v ON v.simpul = y
        """
    )
    con.execute("CREATE OR REPLACE TEMP TABLE _bintang (simpul UBIGINT, pusat UBIGINT, skor DOUBLE, metode VARCHAR)")
    while con.execute("SELECT count(*) FROM _sisi").fetchone() != (0,):
        con.execute("CREATE OR REPLACE TEMP TABLE _pusat AS SELECT x FROM _sisi GROUP BY x HAVING bool_and(depan)")
        con.execute(
            """CREATE OR REPLACE TEMP TABLE _ikut AS SELECT x AS simpul, y AS pusat, skor, metode FROM _sisi
            WHERE y IN (FROM _pusat)
            QUALIFY row_number() OVER (PARTITION BY x ORDER BY metode = 'tinjau' DESC, skor DESC, y) = 1"""
        )
        con.execute("INSERT INTO _bintang FROM _ikut")
        con.execute("""CREATE OR REPLACE TEMP TABLE _selesai AS FROM _pusat UNION ALL SELECT simpul FROM _ikut""")
        con.execute("DELETE FROM _sisi WHERE x IN (FROM _selesai) OR y IN (FROM _selesai)")
    con.execute(
        "DROP TABLE _sisi; DROP TABLE IF EXISTS _pusat; DROP TABLE IF EXISTS _ikut; DROP TABLE IF EXISTS _selesai"
    )


def _doubts(con: duckdb.DuckDBPyConnection) -> None:
    """Make `tinjau` anew: pairs that may be one and are not, but for those that a person has looked at.

    Of two codes of one registry only pairs in which all else agrees.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TABLE tinjau AS
        SELECT x.sumber AS sumber_a, x.kunci AS kunci_a, y.sumber AS sumber_b, y.kunci AS kunci_b, n.skor,
            {literal(regroup.VERSION)} AS model_versi
        FROM _nilai n ANTI JOIN _pendapat USING (a, b) JOIN xref x ON x.rid = n.a JOIN xref y ON y.rid = n.b
        WHERE x.id <> y.id AND (NOT sekelas OR n.skor >= {institution_match.ACCEPT})
        ORDER BY skor DESC, sumber_a, kunci_a, sumber_b, kunci_b
        """
    )
