"""A small reader of CSV on the Web: it holds the CSV files of a folder against their metadata."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

LEXICAL = {"integer": r"[+-]?\d+", "number": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", "gYear": r"-?\d{4,}"}


def problems(metadata: dict[str, Any], folder: Path) -> list[str]:
    """What does not fit; empty if the tables are as they are said to be."""
    tables = {t["url"]: (t["tableSchema"], *_read(folder / t["url"], metadata["dialect"])) for t in metadata["tables"]}
    found: list[str] = []
    for url, (schema, header, rows) in tables.items():
        if [h for h, c in zip(header, schema["columns"], strict=True) if h not in c["titles"]]:
            found.append(f"{url}: header")
        cells = [dict(zip((c["name"] for c in schema["columns"]), row, strict=True)) for row in rows]
        for column in schema["columns"]:
            values = [c[column["name"]] for c in cells]
            if column.get("required") and "" in values:
                found.append(f"{url}: {column['name']} is required")
            found += [f"{url}: {column['name']}: {v}" for v in values if v and not _fits(column["datatype"], v)]
        key = schema.get("primaryKey", [])
        if key and len({tuple(c[k] for k in key) for c in cells}) < len(cells):
            found.append(f"{url}: primary key")
        for foreign in schema.get("foreignKeys", []):
            other_schema, _, other = tables[foreign["reference"]["resource"]]
            names = [c["name"] for c in other_schema["columns"]]
            at = [names.index(n) for n in foreign["reference"]["columnReference"]]
            known = {tuple(row[i] for i in at) for row in other}
            used = {tuple(c[n] for n in foreign["columnReference"]) for c in cells}
            found += [f"{url}: no {u}" for u in sorted(used - known) if any(u)]
    return found


def _read(path: Path, dialect: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding=dialect["encoding"], newline="") as stream:
        rows = list(csv.reader(stream, delimiter=dialect["delimiter"], quotechar=dialect["quoteChar"]))
    return rows[0], rows[1:]


def _fits(datatype: dict[str, Any], value: str) -> bool:
    base, form = datatype["base"], datatype.get("format")
    if base == "boolean":
        return value in str(form).split("|")
    if base == "date":
        assert form == "yyyy-MM-dd"
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    if base == "string":
        return form is None or re.fullmatch(form, value) is not None
    number = re.fullmatch(LEXICAL[base], value) is not None
    return number and datatype.get("minimum", float(value)) <= float(value) <= datatype.get("maximum", float(value))
