"""History: the editions of Kemendagri, in their order, as one story.

Reads `edisi` and `edisi_wilayah`; makes `wilayah`, `wilayah_perubahan` and `kode_pada`, and for
`versions` the temporary tables `_efektif` and `_putus`.
"""

from __future__ import annotations

from itertools import pairwise

import duckdb

from pipelines.referensi.changes import compare
from pipelines.referensi.problems import note
from pipelines.sql import literal

# Nothing older than the oldest edition is loaded: facts dated before it use the oldest.
BEGINNING = "DATE '1900-01-01'"
_SHRUNK, _SHRUNK_LEAST = 0.2, 5


def tell_history(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of history from the loaded editions.

    `_efektif`(urutan, kode, ...) holds every edition made whole: with the places that it lacks by
    mistake, taken from its neighbour; each gap is a line of `referensi_masalah`.
    `_putus`(urutan, kode): codes that mean another place from that edition on.
    """
    editions = con.execute(
        """SELECT urutan, edisi, berkas, dasar_hukum, berlaku_mulai FROM edisi
        WHERE sistem = 'kemendagri' ORDER BY urutan"""
    ).fetchall()
    con.execute(
        """
        CREATE OR REPLACE TABLE wilayah_perubahan (lama VARCHAR, baru VARCHAR, jenis VARCHAR, bobot DOUBLE,
            dasar_hukum VARCHAR, edisi_lama VARCHAR, edisi_baru VARCHAR, tanggal DATE);
        CREATE OR REPLACE TEMP TABLE _maju (urutan INTEGER, lama VARCHAR, baru VARCHAR);
        CREATE OR REPLACE TEMP TABLE _mundur (urutan INTEGER, lama VARCHAR, baru VARCHAR);
        CREATE OR REPLACE TEMP TABLE _putus (urutan INTEGER, kode VARCHAR);
        CREATE OR REPLACE TEMP TABLE _efektif AS
        SELECT e.urutan, w.* EXCLUDE (edisi) FROM edisi_wilayah w JOIN edisi e USING (edisi)
        WHERE e.sistem = 'kemendagri'
        """
    )
    for (before, older, *_), (now, newer, file, law, day) in pairwise(editions):
        old, new = (f"(SELECT * EXCLUDE (urutan) FROM _efektif WHERE urutan = {n})" for n in (before, now))
        compare(con, old, new, law)
        _fill_gaps(con, before, now, older, newer, file)
        _remember(con, now, older, newer, day)
    last = editions[-1][0]
    newest = f"SELECT * EXCLUDE (urutan) FROM _efektif WHERE urutan = {last} ORDER BY kode"
    con.execute(f"CREATE OR REPLACE TABLE wilayah AS {newest}")


def _fill_gaps(con: duckdb.DuckDBPyConnection, before: int, now: int, older: str, newer: str, file: str) -> None:
    """Make both editions whole, and say what was missing."""
    place = f"edisi {newer}"
    con.execute(
        f"""INSERT INTO _efektif SELECT {now}, * EXCLUDE (urutan)
        FROM _efektif SEMI JOIN _hilang USING (kode) WHERE urutan = {before}"""
    )
    note(
        con,
        "SELECT format('{} {}', kode, nama) AS contoh FROM _hilang JOIN _a USING (kode) WHERE puncak",
        file,
        "wilayah_hilang",
        place,
        f"Ada di edisi {older}, tetapi hilang beserta isinya dan tanpa pengganti; dianggap kekurangan edisi ini dan "
        "tetap berlaku. Bila memang dihapus, tulis perubahan 'hapus' di perubahan_wilayah.csv",
    )
    fresh = """SELECT kode FROM _b WHERE tingkat = 'provinsi' AND kode NOT IN (SELECT lama FROM _pasangan)
        AND kode NOT IN (SELECT baru FROM _pasangan) AND kode NOT IN (SELECT baru FROM _arus)"""
    con.execute(f"CREATE OR REPLACE TEMP TABLE _susulan AS {fresh}")
    con.execute(
        f"""
        INSERT INTO _efektif SELECT u.urutan, e.* EXCLUDE (urutan)
        FROM _efektif e, (SELECT DISTINCT urutan FROM _efektif) u
        WHERE e.urutan = {now} AND u.urutan < {now} AND e.kode[1:2] IN (FROM _susulan);
        DELETE FROM _perubahan WHERE jenis = 'baru' AND baru[1:2] IN (FROM _susulan)
        """
    )
    note(
        con,
        "SELECT format('{} {}', kode, nama) AS contoh FROM _susulan JOIN _b USING (kode)",
        file,
        "wilayah_hilang",
        f"edisi {older}",
        f"Provinsi ini baru ada di edisi {newer}, tanpa satu pun wilayah asal; dianggap kekurangan edisi {older}",
    )
    note(
        con,
        f"""SELECT format('{{}}: {{}} dari {{}} desa', kab, banyak, semua) AS contoh FROM (
            SELECT kab, count(*) FILTER (kode IN (SELECT lama FROM _perubahan WHERE jenis = 'hapus')) AS banyak,
                count(*) AS semua
            FROM _a WHERE tingkat = 'desa_kelurahan' GROUP BY kab
        ) WHERE banyak >= {_SHRUNK_LEAST} AND banyak > {_SHRUNK} * semua""",
        file,
        "banyak_hapus",
        place,
        f"Banyak desa edisi {older} tidak ada lagi dan tanpa pengganti; periksa kelengkapan edisi ini",
    )


def _remember(con: duckdb.DuckDBPyConnection, now: int, older: str, newer: str, day: object) -> None:
    """Keep the changes of one step, and the codes they lead to and come from."""
    con.execute(
        f"""
        INSERT INTO wilayah_perubahan
        SELECT lama, baru, jenis, bobot, dasar_hukum, {literal(older)}, {literal(newer)}, DATE '{day}' FROM _perubahan
        ORDER BY coalesce(lama, baru), baru;
        CREATE OR REPLACE TEMP TABLE _arah AS SELECT lama, baru FROM _pasangan WHERE lama <> baru;
        CREATE OR REPLACE TEMP TABLE _cabang AS
        SELECT lama, baru FROM _perubahan WHERE jenis IN ('pindah', 'pecah', 'gabung', 'sebagian') AND lama <> baru;
        INSERT INTO _maju SELECT {now}, * FROM (
            FROM _arah UNION FROM _cabang WHERE lama NOT IN (SELECT lama FROM _pasangan));
        INSERT INTO _mundur SELECT {now}, * FROM (
            FROM _arah UNION FROM _cabang WHERE baru NOT IN (SELECT baru FROM _pasangan));
        INSERT INTO _putus
        SELECT {now}, b.kode FROM _b b JOIN _a a USING (kode)
        WHERE b.kode IN (SELECT baru FROM _arah) OR b.kode IN (SELECT lama FROM _arah)
        """
    )


def trace_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Create `kode_pada`(kode_asal, mulai, sampai, kode, metode): what a code of any edition is called on a date.

    Half-open intervals that cover all time for every code ever known. metode: 'kode' valid then;
    'penerus', 'pendahulu': the one place it became or came from; with kode NULL: 'pecah' (there are
    several), 'hapus' or 'baru' (there is none).
    """
    numbers = [n for (n,) in con.execute("SELECT DISTINCT urutan FROM _efektif ORDER BY 1").fetchall()]
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _berubah AS
        SELECT kode FROM _efektif GROUP BY kode HAVING count(*) < {len(numbers)};
        CREATE OR REPLACE TEMP TABLE _pada AS
        SELECT urutan, kode AS asal, kode, 'kode' AS metode FROM _efektif SEMI JOIN _berubah USING (kode)
        """
    )
    for before, now in pairwise(numbers):
        _step(con, before, now, "_maju", "lama", "baru", now, "penerus", "hapus")
    for after, now in pairwise(reversed(numbers)):
        _step(con, after, now, "_mundur", "baru", "lama", after, "pendahulu", "baru")
    con.execute(
        f"""
        CREATE OR REPLACE TABLE kode_pada AS
        WITH waktu AS (
            SELECT urutan, CASE WHEN urutan = {numbers[0]} THEN {BEGINNING} ELSE berlaku_mulai END AS mulai,
                lead(berlaku_mulai) OVER (ORDER BY urutan) AS sampai
            FROM edisi WHERE sistem = 'kemendagri'
        ), ruas AS (
            SELECT *, sum(lain) OVER (PARTITION BY asal ORDER BY urutan) AS ruas FROM (
                SELECT *, (lag(kode) OVER w IS DISTINCT FROM kode OR lag(metode) OVER w <> metode)::INTEGER AS lain
                FROM _pada WINDOW w AS (PARTITION BY asal ORDER BY urutan)
            )
        )
        SELECT asal AS kode_asal, min(mulai) AS mulai,
            CASE WHEN max(urutan) < (SELECT max(urutan) FROM waktu) THEN max(sampai) END AS sampai,
            any_value(kode) AS kode, any_value(metode) AS metode
        FROM ruas JOIN waktu USING (urutan) GROUP BY asal, ruas
        UNION ALL
        SELECT kode, {BEGINNING}, NULL, kode, 'kode' FROM wilayah ANTI JOIN _berubah USING (kode)
        """
    )


def _step(
    con: duckdb.DuckDBPyConnection,
    known: int,
    wanted: int,
    links: str,
    source: str,
    target: str,
    edge: int,
    found: str,
    none: str,
) -> None:
    """Carry the codes that `known` has an answer for, and `wanted` not, over one edge between editions."""
    con.execute(
        f"""
        INSERT INTO _pada
        WITH sisa AS (
            SELECT * FROM _pada p WHERE urutan = {known}
            AND NOT EXISTS (FROM _pada q WHERE q.urutan = {wanted} AND q.asal = p.asal)
        ), tujuan AS (
            SELECT {source} AS dari, count(*) AS banyak, any_value({target}) AS ke
            FROM {links} WHERE urutan = {edge} GROUP BY {source}
        )
        SELECT {wanted}, asal, CASE WHEN banyak = 1 THEN ke WHEN banyak IS NULL THEN e.kode END,
            CASE WHEN s.kode IS NULL THEN s.metode WHEN banyak > 1 THEN 'pecah'
                WHEN banyak = 1 OR e.kode IS NOT NULL THEN '{found}' ELSE '{none}' END
        FROM sisa s LEFT JOIN tujuan t ON t.dari = s.kode
        LEFT JOIN (FROM _efektif WHERE urutan = {wanted}) e ON e.kode = s.kode
        """
    )
