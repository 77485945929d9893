"""The borders of places as one table, from every polygon file of the reference folders.

`batas`(id, kode, tingkat, jenis, nama, kode_asal, berkas, geom): one row for each place and for each area that
is no place (jenis 'perairan', 'hutan'). kode is the Kemendagri code of the current edition, NULL where it cannot
be known. ids follow the code, so that of several areas the lowest id has the lowest code. Geometries are valid
polygons or multipolygons in degrees (EPSG:4326), longitude first. What is wrong with the files is in
`referensi_masalah`.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from pipelines.referensi.border_codes import map_codes
from pipelines.referensi.border_columns import Columns, declared_columns, detected_columns
from pipelines.referensi.border_files import Source, read, sources
from pipelines.referensi.codes import LEVELS
from pipelines.referensi.declare import Declared
from pipelines.referensi.problems import empty_problems, note_each, note_one
from pipelines.referensi.repair import SHOWN, in_country, mend, where_claimed
from pipelines.sql import ident, literal


def borders(con: duckdb.DuckDBPyConnection, declared: Declared) -> int:
    """Create `batas` and `referensi_masalah` in the current schema; returns the number of polygons.

    Needs the spatial extension and, visible by these names, wilayah, wilayah_nama and jembatan_bps. A file that
    cannot be used is a line of `referensi_masalah`, never an exception.
    """
    empty_problems(con)
    names = ", ".join(f"nama_{n} VARCHAR" for n in range(1, len(LEVELS) + 1))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _poligon(
        id INTEGER, berkas VARCHAR, urutan INTEGER, tanggal DATE, sistem VARCHAR, tingkat VARCHAR, kode_asal VARCHAR,
        nama VARCHAR, {names}, jenis VARCHAR DEFAULT 'wilayah', kode VARCHAR, induk VARCHAR, cara VARCHAR,
        geom GEOMETRY)"""
    )
    con.execute("CREATE OR REPLACE TEMP TABLE _aturan(urutan INTEGER, jenis VARCHAR, kode VARCHAR, nama VARCHAR)")
    order: dict[int, int] = {}
    for source in sources(con, declared):
        # Members of one declaration are one map: a place stands in it once.
        key = id(source.entry) if source.entry else -len(order) - 1
        _take(con, source, order.setdefault(key, len(order)))
    mend(con)
    in_country(con)
    map_codes(con)
    where_claimed(con)
    _one_each(con)
    _report_unknown(con)
    con.execute(
        """
        CREATE OR REPLACE TABLE batas AS
        SELECT (row_number() OVER (ORDER BY kode NULLS LAST, kode_asal, berkas, id))::INTEGER AS id,
            kode, tingkat, jenis, nama, kode_asal, berkas, geom FROM _poligon ORDER BY ALL
        """
    )
    _dissolve(con)
    return int(con.execute("SELECT count(*) FROM batas").fetchall()[0][0])


def _take(con: duckdb.DuckDBPyConnection, source: Source, order: int) -> None:
    """Add the polygons of one layer to `_poligon`."""
    columns = read(con, source, "_lapisan")
    if not columns:
        return
    found = declared_columns(source.entry, columns) if source.entry else detected_columns(con, "_lapisan", columns)
    if not isinstance(found, Columns):
        pesan = found or "Tidak ada kolom berisi kode atau nama wilayah yang dikenal; tulis `batas:` di referensi.yml"
        note_one(con, source.name, "kolom", None, pesan, ", ".join(columns))
        return
    if source.entry is None:
        pesan = "Berkas tidak dinyatakan di referensi.yml; kolomnya dikenali dari isinya"
        note_one(con, source.name, "dikenali", found.tingkat, pesan, found.shown)
    names = [ident(found.nama[level]) if level in found.nama else "NULL" for level in LEVELS]
    own = names[list(LEVELS).index(found.tingkat)]
    code, sistem = found.kode, found.sistem
    rows = "_lapisan"
    if sistem == "lokal":
        code, rows, sistem = _local(con, source, code)
    day = literal(source.entry.tanggal.isoformat() if source.entry and source.entry.tanggal else None)
    con.execute(
        f"""
        INSERT INTO _poligon BY NAME
        SELECT (SELECT count(*) FROM _poligon)::INTEGER + _n AS id, {literal(source.name)} AS berkas, {order} AS urutan,
            {day}::DATE AS tanggal, {literal(sistem)} AS sistem, {literal(found.tingkat)} AS tingkat,
            {code} AS kode_asal,
            trim({own}) AS nama, {", ".join(f"trim({x}) AS nama_{n}" for n, x in enumerate(names, 1))}, geom FROM {rows}
        """
    )
    for rule in source.entry.bukan_wilayah if source.entry else []:
        con.execute(
            f"INSERT INTO _aturan VALUES ({order}, {', '.join(map(literal, (rule.jenis, rule.kode, rule.nama)))})"
        )


def _local(con: duckdb.DuckDBPyConnection, source: Source, code: str) -> tuple[str, str, str]:
    """Code, rows and system of a layer with local numbering, by its mapping file (kode_lokal, kode)."""
    mapping = source.folder / (source.entry.pemetaan if source.entry and source.entry.pemetaan else "")
    if not mapping.is_file():
        pesan = "Berkas pemetaan kode lokal tidak ada; nyatakan `pemetaan:` (CSV kode_lokal,kode)"
        note_one(con, source.name, "pemetaan", None, pesan, mapping.name)
        return code, "_lapisan", "lokal"
    try:
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE _lokal AS
            SELECT l.*, m.kode AS _kode_peta FROM (SELECT *, {code} AS _lokal FROM _lapisan) l
            LEFT JOIN (SELECT kode_lokal, any_value(kode) AS kode
                FROM read_csv({literal(str(mapping))}, all_varchar = true, header = true) GROUP BY ALL
            ) m ON m.kode_lokal = l._lokal
            """
        )
    except duckdb.Error as error:
        pesan = "Berkas pemetaan tidak terbaca; kolomnya harus kode_lokal,kode"
        note_one(con, source.name, "pemetaan", None, pesan, str(error).splitlines()[0])
        return code, "_lapisan", "lokal"
    return "coalesce(_kode_peta, _lokal)", "_lokal", "kemendagri"


def _one_each(con: duckdb.DuckDBPyConnection) -> None:
    """Of one place in several maps keep the finest (four times the vertices make a class), then the newest map."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _kalah AS
        WITH halus AS (SELECT urutan, floor(log(avg(ST_NPoints(geom))) / log(4)) AS kelas FROM _poligon GROUP BY urutan)
        SELECT p.id, p.berkas, p.tingkat, p.kode FROM _poligon p JOIN halus USING (urutan) WHERE p.kode IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY kode ORDER BY kelas DESC, tanggal DESC NULLS LAST, urutan, p.id) > 1
        """
    )
    note_each(
        con,
        "SELECT berkas, tingkat AS tempat, kode AS contoh FROM _kalah",
        "ganda",
        "Wilayah ini sudah ada di peta yang lebih rinci atau lebih baru; poligon ini tidak dipakai",
    )
    con.execute("DELETE FROM _poligon WHERE id IN (SELECT id FROM _kalah)")


def _report_unknown(con: duckdb.DuckDBPyConnection) -> None:
    """Per file: polygons of places without a code of the current edition, and near spellings to be looked at."""
    note_each(
        con,
        f"SELECT berkas, tingkat AS tempat, {SHOWN} AS contoh FROM _poligon WHERE kode IS NULL AND jenis = 'wilayah'",
        "tanpa_kode",
        "Wilayah tidak dikenal di edisi terbaru: kode atau namanya tidak cocok; titik di dalamnya dicatat pada wilayah "
        "di atasnya",
    )
    note_each(
        con,
        """SELECT p.berkas, p.tingkat AS tempat, p.nama || ' = ' || w.nama || ' (' || w.kode || ')' AS contoh
        FROM _poligon p JOIN wilayah w USING (kode) WHERE p.cara = 'ejaan'""",
        "ejaan",
        "Nama dicocokkan dengan ejaan yang mirip di kecamatan yang sama; periksa",
    )


def _dissolve(con: duckdb.DuckDBPyConnection) -> None:
    """Unite the members of places without a polygon, from the finest level up, where all members have one."""
    for level in list(LEVELS)[-2::-1]:
        con.execute(
            f"""
            INSERT INTO batas
            WITH anggota AS (
                SELECT w.kode_induk AS kode, count(*) AS semua, count(b.geom) AS ada
                FROM wilayah w LEFT JOIN batas b ON b.kode = w.kode GROUP BY ALL HAVING semua = ada
            ), kurang AS (
                SELECT w.kode, w.tingkat, w.nama FROM wilayah w SEMI JOIN anggota USING (kode)
                ANTI JOIN batas ON batas.kode = w.kode WHERE w.tingkat = '{level}'
            )
            SELECT (SELECT max(id) FROM batas) + (row_number() OVER (ORDER BY k.kode))::INTEGER,
                k.kode, k.tingkat, 'wilayah', k.nama, NULL, 'gabungan', ST_CollectionExtract(ST_Union_Agg(b.geom), 3)
            FROM kurang k JOIN wilayah w ON w.kode_induk = k.kode JOIN batas b ON b.kode = w.kode
            GROUP BY k.kode, k.tingkat, k.nama
            """
        )


def layers(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Levels that have polygons, fine to coarse."""
    present = {level for (level,) in con.execute("SELECT DISTINCT tingkat FROM batas").fetchall()}
    return (level for level in reversed(LEVELS) if level in present)
