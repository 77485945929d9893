from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.read import ReadError, read_file, records


def make_contract(kolom: dict[str, Any], **baca: Any) -> Contract:
    """A contract with the columns {key: headers, or the whole declaration}."""
    columns = {
        key: value if isinstance(value, dict) else {"dari": value, "standar": "teks"} for key, value in kolom.items()
    }
    return Contract.model_validate(
        {
            "judul": "Contoh",
            "produsen": "p",
            "jadwal": "tahunan",
            "klasifikasi": "terbuka",
            "baca": baca,
            "kolom": columns,
            "dataset": "d",
        }
    )


class Result:
    """The Parquet read back, as tuples, and the findings."""

    def __init__(self, rows: list[tuple[Any, ...]], names: list[str], findings: list[Finding]) -> None:
        self.names = names
        self.full = rows
        self.cells = [row[3:] for row in rows]
        self.lines = [row[2] for row in rows]
        self.findings = findings


def read_bytes(contract: Contract, data: bytes | Path, name: str = "a.csv") -> Result:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "blob"), Path(folder, "out.parquet")
        if isinstance(data, Path):
            source = data
        else:
            source.write_bytes(data)
        try:
            result = read_file(contract, source, name, out)
        except ReadError:
            left = [path for path in Path(folder).iterdir() if path != source]
            assert left == [], "a refused file leaves nothing behind"
            raise
        with duckdb.connect() as con:
            cells = "* EXCLUDE (_berkas, _lembar, _baris, _no)"
            found = con.execute(f"SELECT _berkas, _lembar, _baris, {cells} FROM ({records([out])}) ORDER BY _no")
            names = [name for name, *_ in found.description or ()]
            rows = found.fetchall()
        assert result.rows == len(rows)
        return Result(rows, names, result.findings)


@pytest.fixture
def contract() -> Callable[..., Contract]:
    return make_contract


@pytest.fixture
def read() -> Callable[..., Result]:
    return read_bytes


@pytest.fixture
def refused() -> Callable[..., Finding]:
    """Read what must be refused and return why; every refusal names the file and says what to do."""

    def refusal(contract: Contract, data: bytes | Path, name: str = "a.csv") -> Finding:
        with pytest.raises(ReadError) as error:
            read_bytes(contract, data, name)
        finding = error.value.finding
        assert (finding.berkas, finding.standar, finding.tingkat) == (name, "baca", "kritis")
        assert finding.pesan.endswith(".") and finding.saran.endswith(".")
        return finding

    return refusal
