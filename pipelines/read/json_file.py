"""Read a JSON file: its nested records become a table with dotted paths as headers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pipelines.contract.model import PSEUDO_COLUMNS
from pipelines.read.cell import as_decimal
from pipelines.read.error import Reading
from pipelines.read.header import BLANK, Header, Known, Row, normal, report_unknown
from pipelines.read.json_records import json_records
from pipelines.read.layout import lay_out
from pipelines.read.records import write_records

PATHS_MAX = 5000


def read_json(reading: Reading, out: Path) -> int:
    """Write the records at `baca.rekaman` (or of the whole file) to `out`; returns how many.

    The file is read twice: once for the dotted paths that occur, which are its header, and once for the
    records. Numbers keep their text; a list or object at a declared path becomes compact JSON. `_baris` is
    the record's ordinal from 1.
    """
    known = Known(reading.contract)
    stop = {path for c in reading.contract.kolom.values() for path in c.dari if path not in PSEUDO_COLUMNS}
    folded = {normal(path) for path in [*stop, *reading.contract.baca.abaikan]}
    paths: dict[str, None] = {}
    for ordinal, record in json_records(reading):
        paths.update(dict.fromkeys(path for path, _ in _leaves(record, folded)))
        if len(paths) > PATHS_MAX:
            raise reading.refusal(
                f"Rekaman ke-{ordinal}: sudah ada lebih dari {PATHS_MAX} nama isian yang berbeda.",
                "Pastikan nama isian (kunci) JSON tetap dan bukan bagian dari data.",
                baris=ordinal,
            )
    if not paths:
        return 0
    header = Header(list(paths), 0, None, 0)
    report_unknown(reading, known, header)
    layout = lay_out(reading, known, header)
    return write_records(reading, layout, _rows(reading, list(paths), folded), out)


def _rows(reading: Reading, paths: list[str], stop: set[str]) -> Iterator[Row]:
    for ordinal, record in json_records(reading):
        found = dict(_leaves(record, stop))
        cells = [_text(found.get(path)) for path in paths]
        if "".join(cells).strip(BLANK):
            yield ordinal, cells


def _leaves(value: object, stop: set[str], path: str = "") -> Iterator[tuple[str, object]]:
    """Yield the dotted paths below a record with their values; an object whose path is known stays whole."""
    if isinstance(value, dict) and not (path and normal(path) in stop):
        for key, below in value.items():
            yield from _leaves(below, stop, f"{path}.{key}" if path else key)
    elif path:
        yield path, value


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return _compact(value)
    return _number(value)


def _number(value: object) -> str:
    """Return 1.50 as '1.50' and 3.32E+15 as '3.32E+15': a large exponent is damage that must stay visible."""
    if isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -30 <= exponent <= 0:
            return as_decimal(format(value, "f"))
    return str(value)


def _compact(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_compact(key)}:{_compact(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else _text(value) or "null"
