"""What changed between any two editions, declared or not: the table that a person reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from pipelines.referensi.changes import compare
from pipelines.referensi.codes import LEVELS, Sistem
from pipelines.referensi.declare import Declared, Edisi, ReferenceDataError
from pipelines.referensi.editions import empty_editions, load_edition, system_of
from pipelines.referensi.problems import empty_problems
from pipelines.referensi.reviewed import read_reviewed
from pipelines.sql import literal


def diff(con: duckdb.DuckDBPyConnection, declared: Declared, older: str, newer: str, within: str | None = None) -> str:
    """Compare two editions, each the name of a declared one or the path of a file.

    Returns SQL of (tingkat, jenis, lama, nama_lama, baru, nama_baru, bobot, dasar_hukum), in the order
    of places; jenis 'hilang' is what the newer edition seems to lack by mistake. `within` keeps what
    begins or ends inside one place. Of two files of which one holds less than half of the other's
    provinces, only those are compared. What is wrong with the files is in `referensi_masalah`.
    Raises ReferenceDataError for what is no edition and for editions of two systems.
    """
    empty_editions(con)
    empty_problems(con)
    systems = {_load(con, declared, text, name) for text, name in ((older, "lama"), (newer, "baru"))}
    if len(systems) > 1:
        raise ReferenceDataError(f"{older} and {newer}: one holds Kemendagri codes, the other BPS codes; compare alike")
    read_reviewed(con, declared)
    old, new = (_comparable(con, name, other) for name, other in (("lama", "baru"), ("baru", "lama")))
    compare(con, old, new, declared.edisi[newer].dasar_hukum if newer in declared.edisi else None)
    inside = f"starts_with(lama, {literal(within)}) OR starts_with(baru, {literal(within)})" if within else "TRUE"
    return f"""
        SELECT p.tingkat, p.jenis, lama, a.nama AS nama_lama, baru, b.nama AS nama_baru, bobot, dasar_hukum
        FROM (
            FROM _perubahan UNION ALL
            SELECT kode, NULL, tingkat, 'hilang', NULL, NULL FROM _hilang WHERE puncak
        ) p LEFT JOIN _a a ON a.kode = lama LEFT JOIN _b b ON b.kode = baru
        WHERE {inside} ORDER BY list_position({list(LEVELS)}, p.tingkat), coalesce(lama, baru), baru"""


def _load(con: duckdb.DuckDBPyConnection, declared: Declared, text: str, name: str) -> Sistem:
    """Load an edition into `edisi_wilayah` as `name`; returns its system."""
    if text in declared.edisi:
        found = declared.edition(text)
        if found is None:
            files = ", ".join(declared.edisi[text].berkas)
            advice = f"put {files} into a folder and name it with --referensi"
            raise ReferenceDataError(f"edition {text} has no file; {advice}")
        load_edition(con, name, declared.edisi[text], found.files)
        return declared.edisi[text].sistem
    path = Path(text)
    if not path.is_file():
        known = ", ".join(n for n in declared.edisi if declared.edition(n))
        raise ReferenceDataError(f"{text} is neither a file nor an edition that is there; editions: {known}")
    system = system_of(con, path)
    spec = Edisi(berkas=[path.name], sistem=system, berlaku_mulai=date.min, dasar_hukum=path.name)
    load_edition(con, name, spec, [path])
    return system


def _comparable(con: duckdb.DuckDBPyConnection, name: str, other: str) -> str:
    """SQL of an edition; only the provinces of the other one where that is a small part of it."""
    counted = con.execute("SELECT edisi, count(DISTINCT kode[1:2]) FROM edisi_wilayah GROUP BY edisi").fetchall()
    provinces: dict[str, int] = dict(counted)
    part = ""
    if provinces[other] * 2 < provinces[name]:
        part = f" AND kode[1:2] IN (SELECT kode[1:2] FROM edisi_wilayah WHERE edisi = '{other}')"
    return f"(SELECT * EXCLUDE (edisi) FROM edisi_wilayah WHERE edisi = '{name}'{part})"
