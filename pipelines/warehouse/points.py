"""The SQL of what is generated from every contract with a point: spasial.titik and spasial.sel_h3."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.contract.model import Contract
from pipelines.referensi.h3_cells import CELLS
from pipelines.sql import ident, literal
from pipelines.warehouse.columns import PLACE, FactColumn

SHOWN, SHOWN_OF_PERSONS = 5, 10  # rows in a cell, from which on it is shown
_HEADER = "-- Written from the contracts with wilayah.titik; change them, not this file.\n"
_POINTS = {
    "produsen": "VARCHAR",
    "dataset": "VARCHAR",
    "kunci": "VARCHAR",
    "nama": "VARCHAR",
    "kode_wilayah": "VARCHAR",
    "lintang": "DOUBLE",
    "bujur": "DOUBLE",
    **{name[1:]: "VARCHAR" for name in CELLS},
}
_CELL_COUNTS = {
    "produsen": "VARCHAR",
    "dataset": "VARCHAR",
    "resolusi": "INTEGER",
    "sel": "VARCHAR",
    "jumlah": "BIGINT",
}


@dataclass(frozen=True)
class Pointed:
    """A dataset with points: its contract, its columns in the warehouse, and the columns its rows in use have."""

    contract: Contract
    columns: Sequence[FactColumn]
    present: Collection[str]


def points_sql(datasets: Sequence[Pointed]) -> str:
    """One row for each point that may be known exactly; personal coordinates are in no staged file."""
    selects = [_points(d) for d in datasets if set(d.contract.wilayah.titik if d.contract.wilayah else []) <= _known(d)]
    return (
        f"{_HEADER}with titik as (\n{_union(selects, _POINTS)}\n)\n\n"
        "select\n    row_number() over () as nomor,\n    *\nfrom titik\n"
        "where lintang is not null and bujur is not null\n"
    )


def cells_sql(datasets: Sequence[Pointed]) -> str:
    """Rows in each H3 cell, also of personal points, without cells of fewer than `SHOWN` rows."""
    selects = [_cells(d, name, size) for d in datasets for name, size in CELLS.items() if name in d.present]
    return f"{_HEADER}{_union(selects, _CELL_COUNTS)}\n"


def _known(dataset: Pointed) -> set[str]:
    return {c.name for c in dataset.columns} & set(dataset.present)


def _points(dataset: Pointed) -> str:
    contract, known = dataset.contract, _known(dataset)
    latitude, longitude = contract.wilayah.titik if contract.wilayah else ("", "")
    keys = [f"cast({ident(k)} as varchar)" for k in contract.kunci if k in known]
    texts = [
        name
        for name, column in contract.kolom.items()
        if column.standar == "teks" and column.terbit and name in known and name not in contract.kunci
    ]
    values = {
        "produsen": literal(contract.produsen),
        "dataset": literal(contract.dataset),
        # A key with a column left out would call several points by one name.
        "kunci": f"concat_ws('|', {', '.join(keys)})" if keys and len(keys) == len(contract.kunci) else "null",
        "nama": ident(texts[0]) if texts else "null",
        "kode_wilayah": ident(PLACE) if PLACE in known else "null",
        "lintang": ident(latitude),
        "bujur": ident(longitude),
        **{name[1:]: ident(name) if name in dataset.present else "null" for name in CELLS},
    }
    return _select(contract, values, _POINTS)


def _cells(dataset: Pointed, cell: str, resolution: int) -> str:
    contract = dataset.contract
    titik = set(contract.wilayah.titik if contract.wilayah else [])
    least = SHOWN if titik <= {c.name for c in dataset.columns} else SHOWN_OF_PERSONS
    values = {
        "produsen": literal(contract.produsen),
        "dataset": literal(contract.dataset),
        "resolusi": str(resolution),
        "sel": ident(cell),
        "jumlah": "count(*)",
    }
    counted = _select(contract, values, _CELL_COUNTS)
    return f"{counted}\nwhere {ident(cell)} is not null\ngroup by {ident(cell)}\nhaving count(*) >= {least}"


def _select(contract: Contract, values: Mapping[str, str], types: Mapping[str, str]) -> str:
    lines = ",\n".join(f"    cast({value} as {types[name]}) as {name}" for name, value in values.items())
    source = f"{{{{ source({literal(contract.produsen)}, {literal(contract.dataset)}) }}}}"
    return f"select\n{lines}\nfrom {source}"


def _union(selects: Sequence[str], types: Mapping[str, str]) -> str:
    nothing = ",\n".join(f"    cast(null as {kind}) as {name}" for name, kind in types.items())
    return "\nunion all\n".join(selects or [f"select\n{nothing}\nwhere false"])
