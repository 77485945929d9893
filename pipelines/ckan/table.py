"""The table of a dataset in CKAN's datastore: the cells of the CSV, typed by the descriptor."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.catalogue import Dataset
from pipelines.ckan.errors import CkanError, PassingError, damaged
from pipelines.ckan.site import Site
from pipelines.ckan.wanted import Fields, table
from pipelines.home import sha256_file

MOST_ROWS = 1_000_000
"""A larger table is sent as files only: CKAN indexes every cell for search."""
BATCH_ROWS = 5_000
BATCH_BYTES = 900_000
"""Web servers in front of CKAN often take no more than a megabyte."""
PAUSE = 2.0


def wanted(dataset: Dataset) -> list[Fields] | None:
    """The columns that the datastore shall have; None where the dataset has no table, or too large a one."""
    return table(dataset.columns) if dataset.columns and dataset.satudata.baris <= MOST_ROWS else None


def fill(site: Site, resource: str, dataset: Dataset, file: Path) -> bool:
    """Make the datastore hold the file; True if anything had to be sent. Raises CkanError.

    A table that is complete is left, one that is not is loaded anew from the first row: after a cut nobody knows
    which rows are in it. Whoever replaces the file empties the table first (see `empty`).
    """
    columns = wanted(dataset)
    if columns is None:
        return empty(site, resource)
    held = site.read("datastore_info", id=resource)
    if not _problem(site, resource, dataset, held):
        if _dictionary(held) == _dictionary({"fields": columns}):
            return False
        site.write("datastore_create", resource_id=resource, fields=columns, force=True)
        return True
    if dataset.csv is None or not file.is_file() or sha256_file(file) != dataset.csv.sha256:
        raise damaged(file)
    empty(site, resource)
    site.write("datastore_create", resource_id=resource, fields=columns, force=True)
    sent = 0
    for batch in _batches(file, dataset.satudata.baris):
        _insert(site, resource, batch, sent)
        sent += len(batch)
    if wrong := problem(site, resource, dataset):
        raise PassingError(f"{file.name}: {wrong} after loading it")
    return True


def empty(site: Site, resource: str) -> bool:
    """Remove the table of a file from the datastore; False if there is none. Raises CkanError."""
    if site.read("datastore_info", id=resource) is None:
        return False
    site.write("datastore_delete", resource_id=resource, force=True)
    return True


def problem(site: Site, resource: str, dataset: Dataset) -> str:
    """What is wrong with the table in the datastore: missing, other columns or types, other rows. Raises CkanError."""
    return _problem(site, resource, dataset, site.read("datastore_info", id=resource))


def _problem(site: Site, resource: str, dataset: Dataset, info: Any) -> str:
    columns = wanted(dataset)
    if columns is None:
        return "the datastore has a table of it, and should not" if info else ""
    if info is None:
        return "the datastore has no table of it"
    if (held := _types(info)) != _types({"fields": columns}):
        names = sorted(dict(set(held) ^ set(_types({"fields": columns}))))
        return (
            f"the datastore has other columns or types ({', '.join(names)}); if DataPusher or XLoader loads files on "
            "this CKAN, it guesses types: keep it from these organisations"
        )
    rows = _rows(site, resource)
    return "" if rows == dataset.satudata.baris else f"the datastore has {rows} rows, not {dataset.satudata.baris}"


def _rows(site: Site, resource: str) -> int:
    found = site.read("datastore_search", resource_id=resource, limit=0, include_total=True)
    if found is None:
        raise PassingError("the table went away from the datastore while it was looked at")
    return int(found["total"])


def _insert(site: Site, resource: str, batch: list[dict[str, str | None]], before: int) -> None:
    """Add rows after the `before` ones that are there. CKAN takes a batch whole or not at all.

    Where no answer comes, the number of rows says whether to send again. Should a batch arrive late, the number
    of rows at the end is wrong, and the table is loaded anew.
    """
    for again in (True, False):
        try:
            site.write("datastore_upsert", resource_id=resource, records=batch, method="insert", force=True)
            return
        except PassingError:
            if not again:
                raise
            time.sleep(PAUSE)
            rows = _rows(site, resource)
            if rows == before + len(batch):
                return
            if rows != before:
                raise


def _batches(file: Path, expected: int) -> Iterator[list[dict[str, str | None]]]:
    """Rows of a CSV, as many at a time as one request may hold; an empty cell is null. Raises CkanError."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        header = next(rows, [])
        batch: list[dict[str, str | None]] = []
        size = count = 0
        for row in rows:
            record = {key: value or None for key, value in zip(header, row, strict=True)}
            bytes_ = len(json.dumps(record)) + 2
            if batch and (len(batch) == BATCH_ROWS or size + bytes_ > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(record)
            size += bytes_
            count += 1
        if batch:
            yield batch
    if count != expected:
        raise CkanError(f"{file} has {count} rows, its descriptor says {expected}: build the release anew")


def _types(info: Any) -> list[tuple[str, str]]:
    return [(f["id"], f["type"]) for f in info["fields"] if f["id"] != "_id"]


def _dictionary(info: Any) -> dict[str, Fields]:
    """The data dictionary, without what CKAN adds to it itself."""
    return {f["id"]: f.get("info") or {} for f in info["fields"] if f["id"] != "_id"}
