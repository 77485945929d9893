"""What leaves the store for the warehouse: pseudonyms, years and places; no name, number or birth date.

A folder with one Parquet file for each dimension (penduduk, keluarga, alih_penduduk, institusi), and for each
dataset two: `<key>.baris.parquet`(_no, id_baris, id_<peran> ...) and
`<key>.taut.parquet`(id_baris, jenis, peran, id, metode, skor, model_versi).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.home import Key
from pipelines.identity.records import InUse, mention_key
from pipelines.identity.vault import source_of
from pipelines.sql import ident, literal

_LINK = "metode VARCHAR, skor DOUBLE, model_versi VARCHAR"


def export_people(con: duckdb.DuckDBPyConnection, key: Key, out: Path) -> None:
    """Write penduduk, keluarga and alih_penduduk from schemas `penduduk` and `keluarga` of the current database.

    The macro samaran is installed.
    """
    _write(
        con,
        out / "penduduk.parquet",
        f"""SELECT samaran('penduduk', e.id) AS id_penduduk, {key.version} AS kunci_versi,
            samaran('keluarga', a.id_keluarga) AS id_keluarga, e.tahun_lahir, e.tahun_lahir_sumber, e.jenis_kelamin,
            e.jenis_kelamin_sumber, coalesce(d.kode_wilayah, e.kode_wilayah) AS kode_wilayah,
            d.sumber AS kode_wilayah_sumber, coalesce(d.mulai, e.dikenal_sejak) AS berlaku_mulai,
            d.sampai AS berlaku_sampai,
            e.meninggal IS NULL AS hidup, e.meninggal, e.meninggal_sumber, e.dalam_register
        FROM penduduk.emas e LEFT JOIN penduduk.domisili d ON d.id = e.id
        LEFT JOIN keluarga.anggota a ON a.id_penduduk = e.id""",
    )
    _write(
        con,
        out / "keluarga.parquet",
        f"""SELECT samaran('keluarga', a.id_keluarga) AS id_keluarga, {key.version} AS kunci_versi,
            mode(e.kode_wilayah ORDER BY e.kode_wilayah) AS kode_wilayah, count(*)::INTEGER AS anggota,
            bool_or(e.dalam_register) AS dalam_register
        FROM keluarga.anggota a JOIN penduduk.emas e ON e.id = a.id_penduduk GROUP BY a.id_keluarga""",
    )
    _write(
        con,
        out / "alih_penduduk.parquet",
        "SELECT samaran('penduduk', dari) AS dari, samaran('penduduk', ke) AS ke FROM penduduk.redirect",
    )


def link_people(con: duckdb.DuckDBPyConnection, version: InUse) -> None:
    """Create temporary `_baris`(_no, id_baris) and `_taut`(_no, jenis, peran, id, ...) of a dataset in the store."""
    dataset = literal(version.contract.key)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _baris AS
        SELECT nomor AS _no, samaran('baris', concat(dataset, '|', kunci)) AS id_baris FROM barisan
        WHERE dataset = {dataset}"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _taut AS
        SELECT nomor AS _no, 'penduduk' AS jenis, peran, samaran('penduduk', x.id) AS id, x.metode, x.skor,
            x.model_versi
        FROM rekaman r JOIN penduduk.xref x ON x.sumber = r.sumber AND x.kunci = r.kunci WHERE dataset = {dataset}
        UNION ALL
        SELECT nomor, 'keluarga', peran, samaran('keluarga', x.id), x.metode, x.skor, x.model_versi
        FROM kartu r JOIN keluarga.xref x ON x.sumber = r.sumber AND x.kunci = r.kunci WHERE dataset = {dataset}"""
    )


def link_nobody(con: duckdb.DuckDBPyConnection, version: InUse) -> None:
    """Like `link_people` for a dataset without personal columns; its row ids need no key."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _baris AS
        SELECT _no, sha256(concat({literal(version.contract.key)}, '|', _kunci))[:32] AS id_baris
        FROM read_parquet({literal(str(version.rows))})"""
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE _taut (_no BIGINT, jenis VARCHAR, peran VARCHAR, id VARCHAR, {_LINK})")


def export_rows(con: duckdb.DuckDBPyConnection, version: InUse, institutions: str, out: Path) -> None:
    """Write the two files of a dataset from `_baris` and `_taut`, and the xref of institutions (SQL relation)."""
    contract = version.contract
    for role, institution in contract.institutions().items():
        con.execute(
            f"""INSERT INTO _taut SELECT r._no, 'institusi', {literal(role)}, x.id::VARCHAR, x.metode, x.skor,
                x.model_versi
            FROM (SELECT _no, {mention_key(contract, institution)} AS kunci
                FROM read_parquet({literal(str(version.rows))})) r
            JOIN {institutions} x ON x.sumber = {literal(source_of(contract, role))} AND x.kunci = r.kunci"""
        )
    roles = "".join(
        f", any_value(t.id) FILTER (t.peran = {literal(role)}) AS {ident('id_' + role)}" for role in contract.identitas
    )
    _write(
        con,
        out / f"{contract.key}.baris.parquet",
        f"""SELECT b._no, any_value(id_baris) AS id_baris{roles}
        FROM _baris b LEFT JOIN _taut t USING (_no) GROUP BY b._no""",
    )
    _write(
        con,
        out / f"{contract.key}.taut.parquet",
        "SELECT id_baris, jenis, peran, id, metode, skor, model_versi FROM _taut JOIN _baris USING (_no)",
    )
    con.execute("DROP TABLE _baris; DROP TABLE _taut")


def export_institutions(con: duckdb.DuckDBPyConnection, database: str, out: Path) -> None:
    """Write institusi with its history from the register of institutions."""
    _write(
        con,
        out / "institusi.parquet",
        f"""SELECT id::VARCHAR AS id_institusi, jenis, kode, nama, kode_wilayah, lintang, bujur,
            mulai AS berlaku_mulai, sampai AS berlaku_sampai, sumber FROM {database}.riwayat""",
    )


def _write(con: duckdb.DuckDBPyConnection, path: Path, select: str) -> None:
    """Ordered by all, so that the same facts are the same bytes."""
    con.execute(f"COPY (FROM ({select}) ORDER BY ALL) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def copy_over(before: Path, out: Path, versions: Iterable[InUse]) -> None:
    """Take over from the last export what needs the key, on a night without it; personal datasets are locked then."""
    names = [f"{v.contract.key}.{kind}.parquet" for v in versions for kind in ("baris", "taut")]
    for name in ("penduduk.parquet", "keluarga.parquet", "alih_penduduk.parquet", *names):
        if (before / name).is_file() and not (out / name).exists():
            (out / name).write_bytes((before / name).read_bytes())
