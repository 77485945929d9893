"""Every SQL example of docs/query.md runs: on the sample province where it has the tables, and on the real exports."""

from __future__ import annotations

import re

import duckdb
import pytest

from pipelines.home import REPO
from pipelines.sql import load_spatial
from tests.integration.conftest import Done

pytestmark = pytest.mark.slow
EXAMPLES = re.findall(r"```sql\n(.*?)```", (REPO / "docs" / "query.md").read_text(encoding="utf-8"), re.DOTALL)
PLACES = ("dim_wilayah", "bridge_", "spasial.", "mart.")


def _run(done: Done, examples: list[str]) -> int:
    """How many examples ran; those that ask for a table of another landing are left out."""
    with duckdb.connect(str(done.home / "warehouse" / "satudata.duckdb"), read_only=True) as con:
        load_spatial(con)
        con.execute("SET enable_external_access = false")
        there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        chosen = [sql for sql in examples if set(re.findall(r"\bfct_\w+", sql)) <= there]
        for sql in chosen:
            try:
                con.execute(sql).fetchall()
            except duckdb.Error as error:
                pytest.fail(f"docs/query.md: {error}\n{sql}")
    return len(chosen)


def test_examples_about_places_run_on_the_sample(sample: Done) -> None:
    about_places = [sql for sql in EXAMPLES if any(word in sql for word in PLACES)]
    other_landing = ("fct_dbd_mingguan", "fct_penduduk_miskin", "fct_sekolah_banyumas")
    expected = [sql for sql in about_places if not any(name in sql for name in other_landing)]
    assert len(expected) >= 12
    assert _run(sample, expected) == len(expected)


def test_examples_of_the_real_exports_run_on_them(real: Done) -> None:
    only_sample = ("fct_dtks", "f.dokter", "mart.mart_bantuan", "mart.mart_miskin")
    expected = [sql for sql in EXAMPLES if not any(name in sql for name in only_sample)]
    assert _run(real, expected) == len(expected)
