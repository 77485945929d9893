"""What places are called, from the warehouse: a help for the eye, so none at all is no error."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import duckdb

from pipelines.home import Home


def names(home: Home) -> dict[str, str]:
    """Today's names by Kemendagri code; empty before the first night."""
    path = home.warehouse / "satudata.duckdb"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, duckdb.Error):
        return {}


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> dict[str, str]:
    with duckdb.connect(str(path), read_only=True) as con:
        return dict(con.execute("SELECT kode, nama FROM conformed.dim_wilayah_kini").fetchall())
