"""A cube as the short JSON that aset/kubus.js unpacks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import duckdb

from pipelines.contract.protection import HIDDEN
from pipelines.site.cube import Cube
from pipelines.site.places import LEVELS
from pipelines.sql import ident

_NAMED = 1200  # places up to which names are packed too
_BASE = "0123456789abcdefghijklmnopqrstuvwxyz"
_BOOLEAN = {"true": "Ya", "false": "Tidak"}


def rows_of(con: duckdb.DuckDBPyConnection, cube: Cube) -> list[tuple[Any, ...]]:
    """The rows of a cube in the order of its keys, what is missing last: the keys, then its numbers (_query)."""
    rows: list[tuple[Any, ...]] = con.execute(_query(cube)).fetchall()
    # A few thousand rows: DuckDB needs longer to plan an order than Python to make it.
    for at in reversed(range(len(cube.keys))):
        known = sorted((row for row in rows if row[at] is not None), key=itemgetter(at))
        rows = known + [row for row in rows if row[at] is None]
    return rows


def packed(
    cube: Cube, rows: Sequence[tuple[Any, ...]], names: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """The numbers of a cube. `names` of places, `labels` of the values of a group (by column), where known."""
    columns = list(zip(*rows, strict=True)) or [()] * (len(cube.keys) + max(2 * len(cube.measures), 1))
    found: dict[str, Any] = {"jenis": cube.kind, "tempat": None, "waktu": None}
    if cube.place:
        found["tempat"] = _places(columns.pop(0), names)
    found["golongan"] = [
        _group(column.label, columns.pop(0), cube.defaults.get(column.name), labels.get(column.name, {}),
               column.type == "boolean") for column in cube.groups
    ]  # fmt: skip
    if cube.period:
        nilai = sorted({p for p in columns[0] if p is not None})
        found["waktu"] = {"nilai": nilai, "isi": _positions(columns.pop(0), nilai)}
    if cube.kind == "hitungan":
        found["ukuran"] = [{"judul": "Banyak baris", "satuan": "baris", "isi": list(columns[0])}]
    else:
        pairs = zip(columns[::2], columns[1::2], strict=True)
        found["ukuran"] = [
            {"judul": m.column.label, "satuan": m.column.satuan, "isi": _numbers(values, why)}
            for m, (values, why) in zip(cube.measures, pairs, strict=True)
        ]
    found["tetap"] = [
        [column.label, _said(value, labels.get(column.name, {}), column.type == "boolean")]
        for column, value in cube.fixed
    ]
    found["sejak"] = cube.since
    return found


def _query(cube: Cube) -> str:
    """The keys, then each measure with the reason why it may be missing, or the count of rows."""
    if cube.kind == "hitungan":
        numbers, grouped = ["count(*)"], "GROUP BY ALL"
    else:
        numbers = [
            part for m in cube.measures
            for part in (f"{ident(m.column.name)}::DOUBLE", ident(m.status) if m.status else "NULL")
        ]  # fmt: skip
        grouped = ""
    chosen = ", ".join([*cube.keys, *numbers])
    return f"SELECT {chosen} FROM {cube.source} WHERE {cube.where} {grouped}"


def _places(codes: Sequence[str | None], names: Mapping[str, str]) -> dict[str, Any]:
    """Sorted codes, each as the count of letters it shares with the one before and the rest; rows of each."""
    rows = Counter(codes)  # in the order of the codes
    each = [code or "" for code in rows]
    short, before = [], ""
    for code in each:
        shared = 0
        # A code may be longer than the one before, never 36 letters long.
        for a, b in zip(before, code[: len(_BASE) - 1], strict=False):
            if a != b:
                break
            shared += 1
        short.append(_BASE[shared] + code[shared:])
        before = code
    named = [names.get(code, "") for code in each] if len(each) <= _NAMED else None
    # Counts are also shown for what these places lie in.
    parents = sorted({code[:length] for length in LEVELS for code in each if length < len(code)} & names.keys())
    return {"kode": " ".join(short), "per": list(rows.values()), "nama": named,
            "induk": [[code, names[code]] for code in parents]}  # fmt: skip


def _group(
    title: str, values: Sequence[str | None], default: str | None, labels: Mapping[str, str], boolean: bool
) -> dict[str, Any]:
    known = sorted({v for v in values if v is not None}) + ([None] if None in values else [])
    return {
        "judul": title,
        "nilai": [_said(value, labels, boolean) for value in known],
        "baku": known.index(default) if default in known else 0,
        "isi": _positions(values, known),
    }


def _said(value: str | None, labels: Mapping[str, str], boolean: bool) -> str:
    if value is None:
        return ""
    return labels.get(value) or (_BOOLEAN.get(value, value) if boolean else value)


def _positions(values: Sequence[Any], known: Sequence[Any]) -> list[int]:
    """Where each value stands in the list; -1 for one that is missing there."""
    where = {value: n for n, value in enumerate(known)}
    return [where.get(value, -1) for value in values]


def _numbers(values: Sequence[float | None], why: Sequence[str | None]) -> list[float | int | str | None]:
    """Numbers with ten digits at most, "x" for a hidden one, null for a missing one."""
    return ["x" if reason == HIDDEN else _short(value) for value, reason in zip(values, why, strict=True)]


def _short(value: float | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    if value.is_integer() and abs(value) < 1e15:
        return int(value)
    return float(f"{value:.10g}")
