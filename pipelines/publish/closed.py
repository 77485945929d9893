"""What a release knows and does not tell: hidden numbers, kept so that the next release cannot give them away.

Below the staging folder, closed like all of the home: <version>/<slug>.terbit.parquet (rows as published, with what
tells them apart) and <slug>.rahasia.parquet (the true rows of which something is hidden).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipelines.disclosure import Earlier, Protected
from pipelines.formats.parquet import relation
from pipelines.home import Home
from pipelines.sql import literal

FOLDER = "_pengungkapan"
TOLD, UNTOLD = ".terbit.parquet", ".rahasia.parquet"


def folder(home: Home, version: str) -> Path:
    """Where the numbers of a version lie."""
    return home.staging / FOLDER / version


def write(con: duckdb.DuckDBPyConnection, protected: Protected, out: Path, before: Path | None) -> None:
    """Keep the numbers of a release in a new folder.

    Those of a dataset that is not in it stay as they were in `before`: it may return, and what it told is known.
    """
    out.mkdir(parents=True, mode=0o700)
    for file in before.glob("*.parquet") if before else ():
        if file.name.removesuffix(TOLD).removesuffix(UNTOLD) not in protected.rows:
            shutil.copyfile(file, out / file.name)
    for slug in protected.rows:
        for what, suffix in ((protected.rows[slug], TOLD), (protected.secret[slug], UNTOLD)):
            path = literal(str(out / f"{slug}{suffix}"))
            con.execute(f"COPY (FROM {what}) TO {path} (FORMAT parquet, COMPRESSION zstd)")


def earlier(place: Path) -> dict[str, Earlier]:
    """The editions that lie in a folder, by slug; none where there is no such folder."""
    return {
        path.name.removesuffix(TOLD): Earlier(
            relation(path), relation(path.with_name(path.name.removesuffix(TOLD) + UNTOLD))
        )
        for path in sorted(place.glob(f"*{TOLD}"))
    }


def forget(home: Home, keep: str) -> None:
    """Remove the numbers of every version but one: only the last release is compared with the next."""
    for other in (home.staging / FOLDER).glob("*"):
        if other.name != keep:
            shutil.rmtree(other, ignore_errors=True)
