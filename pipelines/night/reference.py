"""The reference folders of a night, and what is prepared from them once for each state of their files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipelines.check.run import prepare
from pipelines.check.store import fingerprint
from pipelines.contract.model import Contract
from pipelines.home import REPO, Home
from pipelines.home.atomic import aside, scratch, settle
from pipelines.night.declarations import REFERENSI, STANDARDS
from pipelines.referensi.bridge import add_evidence
from pipelines.referensi.peta import prepared_map
from pipelines.referensi.problems import ReferenceProblem, problems
from pipelines.sql import ident, literal, load_spatial
from pipelines.warehouse.reference import COLUMNS

# Table of the warehouse's inputs -> table of the prepared files.
_TABLES = {
    "wilayah": "wilayah_riwayat",
    "edisi": "edisi",
    "perubahan": "wilayah_perubahan",
    "jembatan": "jembatan_bps",
    "batas": "batas",
}
FUNCTIONS = STANDARDS / "_fungsi.sql"


@dataclass(frozen=True)
class Reference:
    """Codes, names, history and borders of places, ready for the check.

    The repository's folder comes first, then the home's own `referensi/`, then `extra`.
    """

    home: Home
    extra: tuple[Path, ...] = ()
    say: Callable[[str], None] = field(default=lambda _: None, compare=False)

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """Every reference folder, in the order in which they are looked through."""
        own = (self.home.referensi,) if self.home.referensi.is_dir() else ()
        return (REFERENSI, *own, *self.extra)

    @cached_property
    def mark(self) -> str:
        """Fingerprint of the files and of the code that reads them."""
        return fingerprint([*self.folders, REPO / "pipelines" / "referensi", FUNCTIONS])

    def base(self) -> Path:
        """The DuckDB file that every check starts from: place tables and the standards' functions."""
        path = self.home.cache / f"dasar-{self.mark[:16]}.duckdb"
        if not path.exists():
            self.say("reference data")
            with scratch(self.home.cache, ".duckdb") as unfinished:
                prepare(self.folders, FUNCTIONS, unfinished)
                settle(unfinished, path)
            _drop_others(path)
        return path

    def map(self) -> Path | None:
        """The DuckDB file of borders; None when no folder has any."""
        return self._map

    @cached_property
    def _map(self) -> Path | None:
        # Looked for once: telling whether it is still the right one means reading every file of borders.
        return prepared_map(self.home.cache, self.folders, self.base(), self.say)

    def export(self, folder: Path, pairs: Mapping[str, str]) -> dict[str, Path]:
        """Write what the warehouse reads, a Parquet file a table; no `batas` where there are no borders.

        `pairs`: by dataset, SQL of (kode_bps, kode) where it carries both; they become part of the bridge, with the
        dataset as their evidence.
        """
        written = {}
        base = folder / "dasar.duckdb"
        shutil.copyfile(self.base(), base)
        with duckdb.connect(str(base)) as con:
            for dataset, relation in pairs.items():
                add_evidence(con, f"({relation})", dataset)
            told = f"FROM referensi_masalah WHERE berkas IN ({', '.join(map(literal, pairs)) or 'NULL'})"
            with aside(self._doubted) as unfinished:
                con.execute(f"COPY ({told}) TO {literal(str(unfinished))} (FORMAT parquet)")
        for name, table in _TABLES.items():
            source = self.map() if name == "batas" else base
            if source is None:
                continue
            written[name] = folder / f"{name}.parquet"
            columns = ", ".join(ident(column) for column in COLUMNS[name])
            with duckdb.connect(str(source), read_only=True) as con:
                if name == "batas":
                    load_spatial(con)
                order = ", ".join(ident(column) for column, kind in COLUMNS[name].items() if kind != "GEOMETRY")
                con.execute(
                    f"COPY (SELECT {columns} FROM {table} ORDER BY {order}) "
                    f"TO {literal(str(written[name]))} (FORMAT parquet)"
                )
        return written

    @property
    def _doubted(self) -> Path:
        return self.home.cache / "jembatan_masalah.parquet"

    def doubted_pairs(self) -> list[ReferenceProblem]:
        """Pairs of codes in the datasets of the last warehouse that were not taken into the bridge, and why."""
        if not self._doubted.is_file():
            return []
        with duckdb.connect() as con:
            return problems(con, f"read_parquet({literal(str(self._doubted))})")


def _drop_others(path: Path) -> None:
    for old in path.parent.glob("dasar-*.duckdb"):
        if old != path:
            old.unlink(missing_ok=True)


def code_pairs(contract: Contract, rows: Path | None) -> str | None:
    """SQL of (kode_bps, kode) over the rows of a dataset that has both systems' codes of the same level."""
    kept = set(pq.read_schema(rows).names) if rows else set()
    codes = {(c.sistem, c.tingkat): name for name, c in contract.kolom.items() if c.sistem and name in kept}
    found = [(name, codes.get(("kemendagri", level))) for (system, level), name in codes.items() if system == "bps"]
    pairs = [f"SELECT {ident(b)} AS kode_bps, {ident(k)} AS kode" for b, k in found if k]
    return " UNION ".join(f"{pair} FROM read_parquet({literal(str(rows))})" for pair in pairs) or None
