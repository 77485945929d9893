"""Where registers lie (those of persons below identity/, encrypted: see pipelines/home/store.py), and whose records."""

from __future__ import annotations

from pathlib import Path

from pipelines.contract.model import Contract
from pipelines.home import Home

_MAIN_ROLE = "penduduk"


def rows_folder(home: Home, contract: Contract) -> Path:
    """Personal columns of a dataset's accepted rows: an encrypted DuckDB file a version."""
    return home.identity / "baris" / contract.produsen / contract.dataset


def rows_file(home: Home, contract: Contract, folder: str) -> Path:
    """Table `baris` of one version, see pipelines/check/personal.py; `folder` is the version's folder in staging."""
    return rows_folder(home, contract) / f"{folder}.duckdb"


def register_file(home: Home) -> Path:
    """Who is who: persons and families, encrypted."""
    return home.identity / "register.duckdb"


def names_file(home: Home) -> Path:
    """Marks of the names of all persons who are known, for the gate of the release (see name_marks.py)."""
    return home.identity / "nama.parquet"


def institutions_file(home: Home) -> Path:
    """Which institution is which; not encrypted, for institutions are known to everybody."""
    return home.register / "institusi.duckdb"


def source_of(contract: Contract, role: str) -> str:
    """`sumber`: what the records that one role of a dataset makes are called in a register."""
    return contract.key if role == _MAIN_ROLE else f"{contract.key}/{role}"
