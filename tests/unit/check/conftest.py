"""One small delivery through the real reader, the real DuckDB and the real Great Expectations."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from pipelines.check.run import Checked, Source, check, prepare
from pipelines.contract.finding import Finding
from pipelines.contract.load import Library, load_library
from pipelines.contract.model import Contract

if TYPE_CHECKING:
    from expectations.gx import Judge

REPO = Path(__file__).parents[3]
REFERENSI = REPO / "sources" / "referensi"
STANDARDS = REPO / "expectations" / "standards"
Row = dict[str, Any]


@pytest.fixture(scope="session")
def library() -> Library:
    """The real standards; the contracts are those of a test."""
    return load_library(REPO / "tests", REFERENSI, STANDARDS)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dasar") / "dasar.duckdb"
    prepare(REFERENSI, STANDARDS / "_fungsi.sql", out)
    return out


def contract_of(kolom: Row, **more: Any) -> Contract:
    """A contract; a column given as text has that standard and its own name as header."""
    columns = {k: {"dari": k, "standar": v} if isinstance(v, str) else v for k, v in kolom.items()}
    return Contract.model_validate(
        {"judul": "Uji coba", "produsen": "uji", "jadwal": "tahunan", "klasifikasi": "terbuka", "dataset": "cacah",
         "kolom": columns, **more}
    )  # fmt: skip


def table(header: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


@dataclass
class Result:
    """What one check left; `rows` accepted, `refused` quarantined and non-data, `found` the findings CSV."""

    checked: Checked
    work: Path
    contract: Contract
    rows: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    found: list[Row] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.checked.status

    @property
    def lines(self) -> list[int]:
        """Line numbers of the accepted rows."""
        return sorted(r["_baris"] for r in self.rows)

    @property
    def reasons(self) -> dict[int, list[str]]:
        """Why each refused row was refused, by line."""
        return {r["_baris"]: r["_alasan"] for r in self.refused if r["_bukan_data"] is None}

    @property
    def failed(self) -> set[tuple[str | None, str | None]]:
        """(standard, rule) of the expectations that failed; kind and column where there is no standard."""
        return {(o.standard or o.kind, o.rule or o.column) for o in self.checked.outcomes if not o.success}

    def of(self, standar: str) -> list[Row]:
        return [f for f in self.found if f["standar"] == standar]


Examine = Callable[..., Result]


@pytest.fixture(scope="session")
def examine(library: Library, base: Path, judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Examine:
    """examine(contract, text or bytes or {name: ...}, notes=[]) -> Result."""
    numbers = itertools.count()

    def run(contract: Contract, files: Any, notes: list[Finding] | None = None) -> Result:
        folder = tmp_path_factory.mktemp(f"periksa{next(numbers)}")
        sources = []
        for number, (name, content) in enumerate((files if isinstance(files, dict) else {"a.csv": files}).items()):
            path = folder / f"blob{number}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            sources.append(Source(name, path))
        work = folder / "kerja"
        work.mkdir()
        result = Result(check(library, contract, sources, base, work, lambda: judge, notes or []), work, contract)
        for load in result.checked.loads:
            parts = load.baris_diterima + load.baris_karantina + load.baris_bukan_data
            assert load.baris_dibaca == parts, "a row was lost"
        if (work / "data.parquet").exists():
            result.rows = pq.read_table(work / "data.parquet").to_pylist()
            result.refused = pq.read_table(work / "karantina.parquet").to_pylist()
        with (work / "temuan.csv").open(encoding="utf-8", newline="") as stream:
            result.found = list(csv.DictReader(stream))
        assert len(result.found) == result.checked.findings
        return result

    return run
