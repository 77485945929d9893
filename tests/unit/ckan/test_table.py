"""Batches of a table: whole, in order, bounded."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ckan import CkanError, table

CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30)


@given(st.lists(st.tuples(CELL, CELL), max_size=40))
def test_batches_hold_every_cell_in_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    file = tmp_path_factory.mktemp("csv") / "a.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("kode", "nama"), *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "BATCH_ROWS", 7)
        patch.setattr(table, "BATCH_BYTES", 600)
        batches = list(table._batches(file, len(rows)))
    assert [(r["kode"] or "", r["nama"] or "") for batch in batches for r in batch] == rows
    assert all(1 <= len(batch) <= 7 and len(json.dumps(batch)) <= 600 for batch in batches if len(batch) > 1)


def test_an_empty_cell_is_null_and_a_short_file_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("kode,nama\n33.02,\n")
    assert list(table._batches(file, 1)) == [[{"kode": "33.02", "nama": None}]]
    with pytest.raises(CkanError, match="has 1 rows, its descriptor says 2"):
        list(table._batches(file, 2))
