"""`satudata query`: ask the warehouse."""

from __future__ import annotations

import sys
from typing import Annotated

import duckdb
import typer

from pipelines.cli.options import HomeOption
from pipelines.cli.screen import table
from pipelines.home import Home
from pipelines.sql import load_spatial


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; schemas: conformed, open_data, spasial, ops.")],
    home: HomeOption = None,
) -> int:
    """Run SQL over last night's warehouse, read-only; a table on a terminal, CSV elsewhere.

    The spatial extension is there, so ST_ functions work.

    Example:

      satudata query "SELECT dataset, sum(baris_diterima) FROM ops.muatan GROUP BY 1"
    """
    warehouse = (Home(home) if home else Home.default()).warehouse / "satudata.duckdb"
    if not warehouse.exists():
        print(f"satudata: there is no warehouse yet at {warehouse}; run: satudata run", file=sys.stderr)
        return 1
    try:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            load_spatial(con)
            con.execute("SET enable_external_access = false")
            result = con.execute(sql)
            header = [column[0] for column in result.description or []]
            table(header, result.fetchall())
    except duckdb.Error as error:
        print(f"satudata: {error}", file=sys.stderr)
        return 1
    return 0
