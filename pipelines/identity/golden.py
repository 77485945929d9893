"""The one value for each fact about a person, with where it is from, and where the person has lived since when."""

from __future__ import annotations

import duckdb

# Believed first: the smaller prioritas (the register has 0), then the more recent delivery, then by name.
_RANK = "(prioritas, -epoch(tanggal::TIMESTAMP), sumber, kunci)"


def golden(con: duckdb.DuckDBPyConnection) -> None:
    """Create `emas`, one row a person, from `rekaman` (see records.py) and `xref` of the current schema.

    Columns: id, tahun_lahir, jenis_kelamin (L or P), kode_wilayah, tinggal_sejak (date of the delivery that says
    so), dikenal_sejak (the earliest delivery in use that has the person), meninggal (date), dalam_register, and of
    each fact `<fact>_sumber`. The macros of normalise are installed.
    """
    values = {
        "tahun_lahir": "year(idn_tanggal(tanggal_lahir))",
        "jenis_kelamin": "idn_kelamin(jenis_kelamin)",
        "kode_wilayah": "CASE WHEN tinggal THEN kode_wilayah END",
        "meninggal": "meninggal",
    }
    facts = ", ".join(
        f"arg_min({fact}, {_RANK}) FILTER ({fact} IS NOT NULL) AS {fact}, "
        f"arg_min(dataset, {_RANK}) FILTER ({fact} IS NOT NULL) AS {fact}_sumber"
        for fact in values
    )
    cells = ", ".join(f"{sql} AS {fact}" for fact, sql in values.items())
    con.execute(
        f"""CREATE OR REPLACE TABLE emas AS
        SELECT id, {facts}, arg_min(tanggal, {_RANK}) FILTER (kode_wilayah IS NOT NULL) AS tinggal_sejak,
            min(tanggal) AS dikenal_sejak, bool_or(daftar) AS dalam_register
        FROM (SELECT x.id, r.sumber, r.kunci, r.daftar, dataset, prioritas, tanggal, {cells}
            FROM rekaman r JOIN xref x ON x.sumber = r.sumber AND x.kunci = r.kunci)
        GROUP BY id"""
    )


def note_residence(con: duckdb.DuckDBPyConnection) -> None:
    """Bring `domisili`(id, kode_wilayah, mulai, sampai, sumber) up to date with `emas`.

    A period ends on the day of the delivery that first says otherwise; sampai of the present one is NULL. Rows of
    persons who are in no file now stay, for they may come back. Repeating it changes nothing.
    """
    con.execute(
        """CREATE TABLE IF NOT EXISTS domisili
        (id UUID, kode_wilayah VARCHAR, mulai DATE, sampai DATE, sumber VARCHAR)"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _pindah AS
        SELECT e.id, e.kode_wilayah, e.tinggal_sejak AS mulai, e.kode_wilayah_sumber AS sumber, d.mulai AS sejak
        FROM emas e LEFT JOIN domisili d ON d.id = e.id AND d.sampai IS NULL
        WHERE e.kode_wilayah IS NOT NULL AND e.kode_wilayah IS DISTINCT FROM d.kode_wilayah"""
    )
    # Said of a day that is past already: it corrects the present period and makes no new one.
    con.execute(
        """UPDATE domisili SET kode_wilayah = p.kode_wilayah, sumber = p.sumber FROM _pindah p
        WHERE domisili.id = p.id AND sampai IS NULL AND p.mulai <= p.sejak"""
    )
    con.execute(
        """UPDATE domisili SET sampai = p.mulai FROM _pindah p
        WHERE domisili.id = p.id AND sampai IS NULL AND p.mulai > p.sejak"""
    )
    con.execute(
        """INSERT INTO domisili SELECT id, kode_wilayah, mulai, NULL, sumber FROM _pindah
        WHERE sejak IS NULL OR mulai > sejak"""
    )
    con.execute("DROP TABLE _pindah")
