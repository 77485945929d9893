"""Our own linkage, measured: a first night of all, and a next one in which 1 % of the rows changed."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from identity.score import read
from pipelines.identity.linkage.link import link


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A file of its own with two threads and 5 GB."""
    con = duckdb.connect(str(path))
    con.execute("SET threads = 2; SET memory_limit = '4GB'; SET preserve_insertion_order = false")
    return con


def first_night(files: Path, work: Path) -> dict[str, float]:
    """Link all records into work/state.duckdb; the links go to work/ours.parquet."""
    started = time.perf_counter()
    with connect(work / "state.duckdb") as con:
        link(con, read(files))
        con.execute("CHECKPOINT")
        seconds = time.perf_counter() - started
        con.execute(f"COPY (SELECT sumber, kunci, id, metode, skor FROM xref) TO '{work}/ours.parquet'")
    return {"seconds": seconds}


def second_night(files: Path, work: Path) -> dict[str, float]:
    """Link again after 1 % of the rows changed: names, NIK, addresses, rows gone and rows new."""
    changed = f"""(
        SELECT sumber, CASE WHEN d = 3 THEN kunci || '-2' ELSE kunci END AS kunci,
            CASE WHEN d = 1 THEN NULL ELSE nik END AS nik, no_kk, CASE WHEN d = 0 THEN nama || ', S.E.' ELSE nama
            END AS nama,
            jenis_kelamin, tanggal_lahir, nama_ibu, CASE WHEN d IN (2, 3) THEN 'Jl. Baru No. 7 RT 001 RW 002' ELSE
            alamat END AS alamat,
            kode_wilayah, daftar
        FROM (SELECT *, CASE WHEN hash(sumber, kunci, 5) % 100 = 0 THEN hash(sumber, kunci, 5) // 100 % 4 END AS d FROM
            {read(files)}))"""
    started = time.perf_counter()
    with connect(work / "state.duckdb") as con:
        link(con, changed)
        con.execute("CHECKPOINT")
        seconds = time.perf_counter() - started
    return {"seconds": seconds}
