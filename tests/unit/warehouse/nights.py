"""What a night leaves behind, and an analyst who has last night's warehouse open all the while."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.home import Home
from pipelines.warehouse import BuildResult


@dataclass
class Built:
    """A night over one home: the project that dbt was given and what became of it."""

    home: Home
    project: Path
    result: BuildResult
    analyst: Analyst

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.result.path), read_only=True) as con:
            return con.execute(sql).fetchall()


class Analyst:
    """Another process that has last night's warehouse open, since DuckDB shares a file inside one process."""

    _CODE = (
        "import sys, duckdb\n"
        "con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "for sql in sys.stdin: print(con.execute(sql).fetchall(), flush=True)"
    )

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-c", self._CODE, str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, sql: str) -> str:
        assert self.process.stdin and self.process.stdout
        print(sql, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate()


def old_warehouse(home: Home) -> Analyst:
    """Last night's warehouse with an analyst in it."""
    path = home.warehouse / "satudata.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE kemarin AS SELECT 1 AS isi")
    analyst = Analyst(path)
    assert analyst.ask("FROM kemarin") == "[(1,)]"
    return analyst
