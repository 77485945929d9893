"""`situs/sql.html`: SQL over the Parquet files of the release, computed by DuckDB in the reader's browser.

The page itself is light. The engine (`situs/duckdb/mesin.js`) comes when the first query is run, a Parquet file when
a query names its table, the columns and examples of a dataset (`situs/sql/<slug>.js`) when it is chosen.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import jinja2

from pipelines.catalogue import Dataset
from pipelines.catalogue.parts import Resource
from pipelines.site.script import write_call
from pipelines.site.sql_examples import examples
from pipelines.site.vendor import VENDOR
from pipelines.spreadsheet import escaped_sql

ENGINE = ("mesin.js", "LISENSI.txt")
# Stands in the page where the browser puts the quoted name of a column.
_COLUMN = "{kolom}"


@dataclass(frozen=True)
class Table:
    """A dataset as SQL sees it: `name` is an identifier that needs no quotes."""

    dataset: Dataset
    name: str
    parquet: Resource


def write_sql_page(release: Path, env: jinja2.Environment, datasets: Sequence[Dataset], vendor: Path = VENDOR) -> None:
    """Write situs/sql.html and what it loads, for the datasets that have a Parquet file.

    Where the engine was not brought in (`python -m pipelines.site`), the page says so and runs nothing.
    """
    situs = release / "situs"
    situs.mkdir(exist_ok=True)
    found = tables(datasets)
    ready = all((vendor / name).exists() for name in ENGINE)
    if ready:
        (situs / "duckdb").mkdir(exist_ok=True)
        for name in ENGINE:
            shutil.copyfile(vendor / name, situs / "duckdb" / name)
    reserved = _reserved()
    for table in found:
        write_call(situs / "sql" / f"{table.dataset.slug}.js", "sql", table.dataset.slug, _details(table, reserved))
    page = env.get_template("sql.html.j2").render(
        di="sql",
        tabel=found,
        siap=ready,
        ukuran_mesin=(situs / "duckdb" / ENGINE[0]).stat().st_size if ready else 0,
        sel_csv=escaped_sql(_COLUMN),
    )
    (situs / "sql.html").write_text(page, encoding="utf-8", newline="\n")


def tables(datasets: Sequence[Dataset]) -> list[Table]:
    """The datasets with a Parquet file, each under its slug with `_` for every sign that SQL would have quoted."""
    found: dict[str, Table] = {}
    for dataset in datasets:
        parquet = next((r for r in dataset.resources if r.path == f"{dataset.slug}.parquet"), None)
        if parquet is None or not dataset.columns:
            continue
        name = re.sub(r"\W", "_", dataset.slug.lower())
        while name in found:  # a-b_c and a_b-c
            name += "_"
        found[name] = Table(dataset, name, parquet)
    return list(found.values())


def _details(table: Table, reserved: frozenset[str]) -> dict[str, object]:
    """What the page shows of the dataset that is chosen."""
    return {
        "kolom": [[c.name, c.type, c.label, c.satuan] for c in table.dataset.columns],
        "contoh": [[e.text, e.values, e.sql] for e in examples(table.dataset, table.name, reserved)],
    }


def _reserved() -> frozenset[str]:
    query = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
    return frozenset(word for (word,) in duckdb.sql(query).fetchall())
