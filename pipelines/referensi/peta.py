"""The prepared map: borders and grid in one DuckDB file, kept under the fingerprint of all it comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from pipelines.home.atomic import aside, sha256_file
from pipelines.referensi import (
    border_codes,
    border_columns,
    border_files,
    borders,
    codes,
    coverage,
    declare,
    grid,
    keys,
    problems,
    repair,
)
from pipelines.sql import literal, load_spatial

_CODE = (
    border_codes, border_columns, border_files, borders, codes, coverage, declare, grid, keys, problems, repair,
)  # fmt: skip
_TABLES = ("wilayah", "wilayah_nama", "jembatan_bps")
_MEMORY = "2GB"


def prepared_map(
    cache: Path, folders: Sequence[Path], base: Path, say: Callable[[str], None] = lambda _: None
) -> Path | None:
    """The file with `batas`, `referensi_masalah`, `petak_sel` and `petak`; None when no folder has border files.

    `base` is the prepared reference database (its wilayah, wilayah_nama and jembatan_bps are used). Built only when
    files, declarations, codes or this code have changed: a minute or two for a province; older maps are
    removed then (a reader that has one open keeps it). `say` is told before that. Raises DeclarationError for a
    referensi.yml that is wrong.
    """
    all_declared = declare.declared(folders)
    if not border_files.border_files(all_declared):
        return None
    path = cache / f"peta-{_fingerprint(all_declared, base)}.duckdb"
    if path.is_file():
        return path
    say("borders (once, until they change; a province with its desa takes a minute or two)")
    with aside(path) as unfinished:
        with duckdb.connect(unfinished, config={"memory_limit": _MEMORY}) as con:
            load_spatial(con)
            con.execute(f"ATTACH {literal(str(base))} AS dasar (READ_ONLY)")
            for table in _TABLES:
                con.execute(f"CREATE TEMP VIEW {table} AS FROM dasar.{table}")
            prepare(con, all_declared)
        unfinished.with_name(unfinished.name + ".wal").unlink(missing_ok=True)
    for old in cache.glob("peta-*.duckdb"):
        if old != path:
            old.unlink(missing_ok=True)
    return path


def prepare(con: duckdb.DuckDBPyConnection, all_declared: declare.Declared) -> None:
    """Create all tables of the map in the current database of a connection that sees the tables of reference codes."""
    borders.borders(con, all_declared)
    grid.build(con)
    coverage.report_coverage(con)


def _fingerprint(all_declared: declare.Declared, base: Path) -> str:
    """Of the border files and their names, the declarations, the codes, and the code that reads them."""
    # Named without their folder: the same files elsewhere make the same map.
    files = [(path.name, sha256_file(path)) for path in border_files.border_files(all_declared)]
    entries = [entry.model_dump_json() for entry in all_declared.lists.get(declare.Batas, [])]
    code = [sha256_file(Path(str(module.__file__))) for module in _CODE]
    with duckdb.connect(base, read_only=True) as con:
        codes = [con.execute(f"SELECT bit_xor(hash(t)), count(*) FROM {table} t").fetchall() for table in _TABLES]
    parts = json.dumps([duckdb.__version__, files, entries, code, codes])
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
