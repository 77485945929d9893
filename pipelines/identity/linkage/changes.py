"""What is new, changed or gone since last night, and which new record is an old one under a corrected key."""

from __future__ import annotations

import duckdb

from pipelines.identity.linkage import normalise
from pipelines.identity.linkage.compare import ONE_EDIT


def update(con: duckdb.DuckDBPyConnection, records: str, fresh: bool) -> None:
    """Bring `rekam` up to date; create `_ubah` (rid): what is new, changed or gone, and `_ganti` (see _replaced).

    `fresh`: everything counts as new, and the frequencies are counted again. Raises ValueError where (sumber,
    kunci) repeats.
    """
    if fresh:
        normalise.normalise(con, records, "TABLE rekam_baru", tf=True)
        con.execute("CREATE TABLE IF NOT EXISTS rekam AS FROM rekam_baru LIMIT 0")
        con.execute("CREATE OR REPLACE TEMP TABLE _lama AS SELECT rid FROM rekam")
        con.execute("CREATE OR REPLACE TEMP TABLE _ubah AS SELECT rid FROM rekam_baru UNION FROM _lama")
        _replaced(con, "rekam_baru")
        con.execute("DROP TABLE rekam; ALTER TABLE rekam_baru RENAME TO rekam")
    else:
        _differences(con, records)
        normalise.normalise(con, "(FROM _beda WHERE rid IS NULL)", "TEMP TABLE _baru", tf=False)
        con.execute("CREATE OR REPLACE TEMP TABLE _lama AS SELECT rid FROM _beda WHERE rid IS NOT NULL")
        if con.execute("SELECT 1 FROM rekam SEMI JOIN _baru USING (rid) ANTI JOIN _lama USING (rid)").fetchone():
            raise normalise.refusal(con, records)  # a row that is as it was, and another one with its key
        con.execute("CREATE OR REPLACE TEMP TABLE _ubah AS FROM _lama UNION SELECT rid FROM _baru")
        _replaced(con, "_baru")
        con.execute("DELETE FROM rekam WHERE rid IN (FROM _lama)")
        con.execute("INSERT INTO rekam FROM _baru")
        con.execute("DROP TABLE _baru; DROP TABLE _beda")
    con.execute("DROP TABLE _lama")


def _differences(con: duckdb.DuckDBPyConnection, records: str) -> None:
    """Create `_beda`: the records that are not in `rekam` as they are (rid NULL), and rid of what is only in `rekam`.

    The records are read once, and what is as it was is not kept.
    """
    con.execute(
        # Both hashes must be the same: DuckDB's own is not good enough for one of them alone.
        f"""
        CREATE OR REPLACE TEMP TABLE _beda AS
        SELECT r.rid, m.* FROM (SELECT {normalise.INPUT}, {normalise.PRINT} FROM {records}) m
        FULL JOIN (SELECT rid, tanda, sidik FROM rekam) r USING (tanda, sidik) WHERE r.rid IS NULL OR m.kunci IS NULL
        """
    )
    row = con.execute(
        f"""SELECT (SELECT count(*) FROM {records}) - count(*) FILTER (rid IS NULL),
            (SELECT count(*) FROM rekam) - count(rid) FROM _beda"""
    ).fetchone()
    if row and row[0] != row[1]:  # a row that is as it was, twice
        raise normalise.refusal(con, records)


def _replaced(con: duckdb.DuckDBPyConnection, new: str) -> None:
    """Create `_ganti`(lama, baru): a record of `new` that says of whom a record of its file, now gone, spoke.

    A file whose key is the NIK, or another number that gets corrected, loses one row and gains one. Name, birth
    date (two of day, month and year) and sex must agree and one of NIK (or one edit away), KK, mother, address
    with desa; or, for a wife now under her husband's name, NIK and birth date. Of two that fit neither is taken.
    """
    columns = "rid, sumber, nama, ny, lahir, jk, nik16, kk, ibu, alamat, desa"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _pergi AS
        SELECT rid, sumber FROM rekam SEMI JOIN _lama USING (rid) ANTI JOIN {new} USING (rid)"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _muncul AS SELECT {columns} FROM {new}
        WHERE sumber IN (SELECT sumber FROM _pergi) AND rid NOT IN (FROM _lama)"""
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE _hilang AS SELECT {columns} FROM rekam SEMI JOIN _pergi USING (rid)")
    pairs = " UNION ".join(
        f"SELECT a.rid AS lama, b.rid AS baru FROM _hilang a JOIN _muncul b USING (sumber, {keys})"
        for keys in ("nama, lahir", "nama, kk", "nik16, lahir")
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _ganti AS SELECT lama, baru
        FROM ({pairs}) JOIN _hilang a ON a.rid = lama JOIN _muncul b ON b.rid = baru
        WHERE coalesce(a.jk = b.jk, true) AND (a.lahir = b.lahir
            OR (year(a.lahir) = year(b.lahir))::INT + (month(a.lahir) = month(b.lahir))::INT
                + (day(a.lahir) = day(b.lahir))::INT = 2)
            AND CASE WHEN a.nama = b.nama THEN a.nik16 = b.nik16 OR ({ONE_EDIT}) OR a.kk = b.kk OR a.ibu = b.ibu
                    OR (a.alamat = b.alamat AND a.desa = b.desa)
                ELSE a.ny <> b.ny AND a.jk = 'P' AND a.nik16 = b.nik16 AND a.lahir = b.lahir END
        QUALIFY count(*) OVER (PARTITION BY lama) = 1 AND count(*) OVER (PARTITION BY baru) = 1
        """
    )
    con.execute("DROP TABLE _hilang; DROP TABLE _muncul; DROP TABLE _pergi")
